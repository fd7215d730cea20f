"""Source before and after a change, side by side and highlighted by Pygments."""

from __future__ import annotations

import bisect
import difflib
import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# A line of a hunk: the old number, the old HTML, the new number and, if the new line is different, the new HTML. A side
# without a line has the number None.
Row = list[Union[int, str, None]]
Opcode = tuple[str, int, int, int, int]

_CONTEXT = 3
# How many characters of a line are shown. Longer lines are data, which nobody compares by reading.
_LONGEST_LINE = 1_000
# Names, points and white space have no style of their own. Without their elements a page is a third of the size.
_PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')


class Sides:
    """The two texts of one file, or of one cell, cut into hunks on demand.

    Args:
      name: of the file, for the language.
      before: its text.
      after: its text after the change; None where nothing changes.
      changes: which lines are others, as `difflib` says it; None to find that out, which takes long for a long text.
    """

    def __init__(self, name: str, before: str, after: str | None, changes: Sequence[Opcode] | None = None) -> None:
        self._lexer = _lexer(PurePath(name).suffix.lower())
        self._old = _lines(before)
        self._new = self._old if after is None else _lines(after)
        matcher = difflib.SequenceMatcher(None, *(([], []) if changes is not None else (self._old, self._new)))
        if changes is not None:
            matcher.opcodes = list(changes)  # type: ignore[attr-defined]
        groups = [] if after is None else matcher.get_grouped_opcodes(_CONTEXT)
        self._groups = [(group[0][1], group[-1][2], group) for group in groups]
        self._starts = [start for start, _, _ in self._groups]
        self._made: dict[tuple[int, int], list[Row]] = {}

    def around(self, line: int, end_line: int) -> tuple[tuple[int, int], list[Row]]:
        """Returns the range of lines of the hunk with a place, and the hunk."""
        index = bisect.bisect_left(self._starts, line) - 1
        if index >= 0 and line <= self._groups[index][1]:
            start, end, group = self._groups[index]
            return self._once((start, end), group)
        start, end = max(line - 1 - _CONTEXT, 0), min(end_line + _CONTEXT, len(self._old))
        return self._once((start, end), [("equal", start, end, start, end)])

    def _once(self, key: tuple[int, int], group: Sequence[Opcode]) -> tuple[tuple[int, int], list[Row]]:
        if key not in self._made:
            self._made[key] = list(self._rows(group))
        return key, self._made[key]

    def _rows(self, group: Sequence[Opcode]) -> Iterator[Row]:
        old_start = group[0][1]
        old = highlighted("\n".join(self._old[old_start : group[-1][2]]), self._lexer)
        # Of the new text only the lines that are others are shown.
        changed = [line for tag, _, _, *span in group if tag != "equal" for line in self._new[slice(*span)]]
        new = iter(highlighted("\n".join(changed), self._lexer) if changed else [])
        for tag, start, end, start_2, end_2 in group:
            for i in range(max(end - start, end_2 - start_2)):
                line, line_2 = start + i, start_2 + i
                has_old, has_new = line < end, line_2 < end_2
                row: Row = [
                    line + 1 if has_old else None,
                    old[line - old_start] if has_old else "",
                    line_2 + 1 if has_new else None,
                ]
                yield row if tag == "equal" else [*row, next(new) if has_new else ""]


def _lines(text: str) -> list[str]:
    return [line[:_LONGEST_LINE] for line in re.split(r"\r\n|\r|\n", text)]


@functools.cache
def _lexer(suffix: str) -> Lexer:
    from pygments.lexers import get_lexer_for_filename
    from pygments.util import ClassNotFound

    # With these options each line of the text is one line of the result.
    options = {"stripnl": False, "ensurenl": False}
    name = "x.py" if suffix in ("", ".ipynb", ".pyi", ".pyw", ".gin") else f"x{suffix}"
    try:
        return get_lexer_for_filename(name, **options)
    except ClassNotFound:
        return get_lexer_for_filename("x.txt", **options)


@functools.lru_cache(4096)
def highlighted(text: str, lexer: Lexer) -> list[str]:
    """Returns the HTML of each line of a text."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter

    lines: list[str] = _PLAIN.sub(r"\1", highlight(text, lexer, HtmlFormatter(nowrap=True))).split("\n")
    return lines + [""] * (text.count("\n") + 1 - len(lines))
