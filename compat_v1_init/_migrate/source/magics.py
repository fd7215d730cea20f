"""Lines that only IPython understands, such as magics and shell commands: masked, so that Python can parse the rest."""

from __future__ import annotations

import bisect
import re
from itertools import accumulate

from compat_v1_init._migrate.findings import Refused

from .lexer import CLOSING, OPENING, lex, split_lines
from .nesting import check_nesting
from .tree import parse

# These cell magics run Python code in the notebook's own namespace. With any other the cell is not read as Python.
TRANSPARENT = re.compile(r"\s*%%(time|timeit|capture|prun)\b[^\n]*\n?")
CELL_MAGIC = re.compile(r"\s*%%\w")
# A script that such a line runs, and code that it loads, can use every name of the notebook.
SEES_ALL = re.compile(r"%run\b[^\r\n]*\s-\w*i|%(?:load|loadpy|edit)\b")
_MAGIC = re.compile(
    r"([ \t]*)([%!?][^\r\n]*|[\w.]+\?{1,2}[ \t]*)(\r?\n|$)|([ \t]*[\w., \t]+=[ \t]*)([%!][^\r\n]*)(\r?\n|$)"
)


def _syntax_error(source: str) -> SyntaxError | None:
    try:
        check_nesting(source)
        parse(source)
    except SyntaxError as error:
        return error
    except (Refused, RecursionError) as error:
        return SyntaxError(str(error) or type(error).__name__)
    return None


def _masked_line(line: str) -> str | None:
    """Returns a line of magic as a `0` of the same length; None for a line of Python."""
    match = _MAGIC.fullmatch(line)
    return match and (match[1] or match[4] or "") + "0".ljust(len(match[2] or match[5])) + (match[3] or match[6] or "")


def mask(source: str) -> tuple[str, SyntaxError | None]:
    r"""Replaces each line that only IPython understands with an expression of the same length that does nothing.

    A line is masked only where Python's parser fails at it, since `% n` may also continue an expression.

    Returns:
      The masked source, and the error that is left if it still does not parse.

    Example:
    >>> mask("%matplotlib inline\nx = (1\n  % 2)\n")
    ('0                 \nx = (1\n  % 2)\n', None)
    """
    lines = split_lines(source)
    error = _syntax_error(source)
    if error is not None:
        _mask_statements(source, lines)
        error = _syntax_error("".join(lines))
    while error is not None:
        at = (error.lineno or 0) - 1
        if not 0 <= at < len(lines) or _masked_line(lines[at]) is None:
            break
        _mask_at(lines, at)
        error = _syntax_error("".join(lines))
    return "".join(lines), error


def _mask_statements(source: str, lines: list[str]) -> None:
    """Masks the lines of magic at which a statement would begin: the parser would fail at each of them."""
    starts = list(accumulate(map(len, lines), initial=0))
    at = 0
    while at < len(lines):
        if _masked_line(lines[at]) is not None:
            at = _mask_at(lines, at)
        else:
            at = bisect.bisect_left(starts, _end_of_statement(source, starts[at]))


def _end_of_statement(source: str, start: int) -> int:
    """Returns where a logical line ends, with its newline."""
    depth = 0
    for kind, text, offset in lex(source, start):
        if kind == "newline" and depth <= 0:
            return offset + len(text)
        depth += (text in OPENING) - (text in CLOSING)
    return len(source)


def _mask_at(lines: list[str], at: int) -> int:
    """Masks a line of magic and the lines that continue it; returns the number of the next line."""
    goes_on = lines[at].rstrip().endswith("\\")
    lines[at] = _masked_line(lines[at]) or lines[at]
    while goes_on and at + 1 < len(lines):
        at += 1
        goes_on = lines[at].rstrip().endswith("\\")
        body = lines[at].rstrip("\r\n")
        lines[at] = " " * len(body) + lines[at][len(body) :]
    return at + 1
