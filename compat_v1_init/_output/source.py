"""Source before and after a change, side by side and highlighted."""

from __future__ import annotations

import bisect
import difflib
import html
import keyword
import re
from collections.abc import Iterator, Sequence
from typing import Union

# A line of a hunk: the old number, the old HTML, the new number and, if the new line is different, the new HTML. A side
# without a line has the number None.
Row = list[Union[int, str, None]]
Opcode = tuple[str, int, int, int, int]

_CONTEXT = 3
# How many characters of a line are shown. Longer lines are data, which nobody compares by reading.
_LONGEST_LINE = 1_000


class Sides:
    """The two texts of one file, or of one cell, cut into hunks on demand.

    Args:
      before: its text.
      after: its text after the change; None where nothing changes.
      changes: which lines are others, as `difflib` says it; None to find that out, which takes long for a long text.
    """

    def __init__(self, before: str, after: str | None, changes: Sequence[Opcode] | None = None) -> None:
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
        old = highlighted("\n".join(self._old[old_start : group[-1][2]]))
        # Of the new text only the lines that are others are shown.
        changed = [line for tag, _, _, *span in group if tag != "equal" for line in self._new[slice(*span)]]
        new = iter(highlighted("\n".join(changed)) if changed else [])
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


# The styles of the page: keywords, strings, comments and numbers. What else a line has is plain.
_WORDS = "|".join(keyword.kwlist)
_TOKEN = re.compile(
    r"(?P<c>#[^\n]*)|(?P<s>\b[rbfuRBFU]{1,2}(?=[\"'])|(?P<q>\"{3}|'{3})(?:\\.|(?!(?P=q)).)*(?:(?P=q)|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)"
    rf"|\b(?:(?P<k>{_WORDS})|(?P<m>\d[\w.]*))\b",
    re.DOTALL,
)


def highlighted(text: str) -> list[str]:
    """Returns the HTML of each line of a text. The rules are Python's; they do for the usual settings too."""
    return _TOKEN.sub(_span, html.escape(text, quote=False)).split("\n")


def _span(token: re.Match[str]) -> str:
    kind = next(name for name in "cskm" if token[name] is not None)
    return "\n".join(f'<span class="{kind}">{line}</span>' for line in token[0].split("\n"))
