"""How deep a source nests: a check before the parser runs, and a larger stack for code that recurses.

Python's parser accepts brackets 200 deep, and expressions and branches of some thousands in a row. What it accepts is
read here too. CPython's parser and its conversion to trees are recursive. On some releases a hostile file overflows the
stack and ends the process. So nesting that no program has is refused before.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from compat_v1_init._migrate.findings import Refused

from .lexer import lex

_T = TypeVar("_T")

# The limit of Python's own tokenizer.
_BRACKETS = 200
# More than any release of Python compiles, except in a sum of literals.
_OPERATORS = 100_000
SHORT = _OPERATORS
"""Up to so many characters there are no more operators, and brackets that nest too deep are an error of the parser."""
# The size of the stack in bytes, of which only the used part takes memory, and how many calls fit in it, up to 3.10.
_STACK = 512 * 2**20
_RECURSION = 200_000
# Each nests what follows it. A call or an item of what is before nests like an operator.
_CHAINED = {
    "+", "-", "*", "/", "//", "%", "@", "**", "&", "|", "^", "~", "<<", ">>", ".",
    "not", "lambda", "if", "await", "(", "[", "{",
}  # fmt: skip


def check_nesting(source: str) -> None:  # noqa: C901 - one loop over all tokens, for speed
    """Raises `Refused` if brackets or operators in a row nest deeper than any program's."""
    operators = [0]
    line = 1
    for kind, text, _ in lex(source):
        if kind == "space":
            continue
        if kind in {"newline", "continuation"}:
            line += 1
            if kind == "newline" and len(operators) == 1:
                operators = [0]
        elif kind == "string":
            line += text.count("\n") or text.count("\r")
        elif text in {")", "]", "}"}:
            if len(operators) > 1:
                operators.pop()
        elif text in {",", ";", "="}:
            operators[-1] = 0
        elif text in _CHAINED:
            operators[-1] += 1
            if operators[-1] > _OPERATORS:
                raise Refused(f"an expression has more than {_OPERATORS} operators in a row", line)
            if text in {"(", "[", "{"}:
                operators.append(0)
                if len(operators) > _BRACKETS + 1:
                    raise Refused(f"its brackets nest deeper than {_BRACKETS}, which Python does not parse", line)


def with_room(function: Callable[[], _T]) -> _T:
    """Returns what a function returns. If the stack is too small, it is called again in a thread with a larger one.

    Raises:
      RecursionError: if that is not enough either.
    """
    try:
        return function()
    except RecursionError:
        return _in_a_thread(function)


def _in_a_thread(function: Callable[[], _T]) -> _T:
    results: list[_T] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001 - raised where the result is awaited
            errors.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        threading.stack_size(_STACK)
        thread = threading.Thread(target=call, daemon=True)
        with contextlib.suppress(RuntimeError):  # There is no room for such a thread.
            thread.start()
            thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if not results:
        raise errors[0] if errors else RecursionError
    return results[0]
