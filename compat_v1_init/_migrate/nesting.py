"""A bound on how deep a source nests, found before the parser runs.

CPython's parser and its conversion to trees are recursive; on some releases a hostile file overflows the stack and
ends the process.
"""

from __future__ import annotations

import re

from .findings import CannotAnalyze
from .lexer import lex

_BRACKETS = 90
_OPERATORS = 900
_INDENTATION = 400
_CHAINED_SIGNS = {"+", "-", "*", "/", "//", "%", "@", "**", "&", "|", "^", "~", "<<", ">>", "."}
_CHAINED = frozenset({*_CHAINED_SIGNS, "not", "lambda", "if", "await"})
_NEWLINE = re.compile(r"\r\n|\r|\n")


def check_nesting(source: str) -> None:
    """Raises `CannotAnalyze` if brackets, operators in a row or indentation nest deeper than any sane program's."""
    # How many operators in a row there are: outside of brackets, and within each that is open.
    operators = [0]
    at_line_start = True
    for kind, text, offset in lex(source):
        reason = ""
        if kind == "space":
            if at_line_start and len(operators) == 1 and len(text) > _INDENTATION:
                reason = "its indentation is too deep"
        elif kind == "newline":
            at_line_start = True
            if len(operators) == 1:
                operators = [0]
        elif kind != "continuation":
            at_line_start = False
            reason = _counted(operators, text)
        if reason:
            raise CannotAnalyze(reason, 1 + len(_NEWLINE.findall(source, 0, offset)))


def _counted(operators: list[int], text: str) -> str:
    """Counts one token, and returns what is too deep then, if anything."""
    if text in {"(", "[", "{"}:
        operators.append(0)
        if len(operators) > _BRACKETS:
            return f"its brackets nest deeper than {_BRACKETS}"
    elif text in {")", "]", "}"}:
        if len(operators) > 1:
            operators.pop()
    elif text in {",", ";", "="}:
        operators[-1] = 0
    elif text in _CHAINED:
        operators[-1] += 1
        if operators[-1] > _OPERATORS:
            return f"an expression has more than {_OPERATORS} operators in a row"
    return ""
