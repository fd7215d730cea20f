"""A bound on how deep a source nests, found before the parser runs.

CPython's parser and its conversion to trees are recursive; on some releases a hostile file overflows the stack and
ends the process.
"""

from __future__ import annotations

from .findings import CannotAnalyze
from .lexer import lex

_BRACKETS = 90
_OPERATORS = 900
_INDENTATION = 400
_CHAINED = {
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "@",
    "**",
    "&",
    "|",
    "^",
    "~",
    "<<",
    ">>",
    ".",
    "not",
    "lambda",
    "if",
    "await",
}


def check_nesting(source: str) -> None:  # noqa: C901, PLR0912 - one pass, for speed
    """Raises `CannotAnalyze` if brackets, operators in a row or indentation nest deeper than any sane program's."""
    operators = [0]
    line = 1
    at_line_start = True
    for kind, text, _ in lex(source):
        if kind == "space":
            if at_line_start and len(operators) == 1 and len(text) > _INDENTATION:
                reason = "its indentation is too deep"
                raise CannotAnalyze(reason, line)
            continue
        if kind in {"newline", "continuation"}:
            line += 1
            if kind == "newline":
                at_line_start = True
                if len(operators) == 1:
                    operators = [0]
            continue
        at_line_start = False
        if kind == "string":
            line += text.count("\n") or text.count("\r")
        elif text in {"(", "[", "{"}:
            operators.append(0)
            if len(operators) > _BRACKETS:
                reason = f"its brackets nest deeper than {_BRACKETS}"
                raise CannotAnalyze(reason, line)
        elif text in {")", "]", "}"}:
            if len(operators) > 1:
                operators.pop()
        elif text in {",", ";", "="}:
            operators[-1] = 0
        elif text in _CHAINED:
            operators[-1] += 1
            if operators[-1] > _OPERATORS:
                reason = f"an expression has more than {_OPERATORS} operators in a row"
                raise CannotAnalyze(reason, line)
