"""Which lines of a text are others after its edits. Nothing is searched: the edits say where."""

from __future__ import annotations

import bisect
import difflib
import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from compat_v1_init._migrate.findings import Edit, apply, in_order
from compat_v1_init._migrate.source.lexer import NEWLINE

_Line = TypeVar("_Line", str, bytes)
Opcode = tuple[str, int, int, int, int]
"""As those of `difflib`: the kind, and which lines of the old and the new text."""


def opcodes(
    text: str, edits: Sequence[Edit], old: Sequence[_Line], new: Sequence[_Line], newline: re.Pattern[str] = NEWLINE
) -> list[Opcode]:
    r"""Returns which of the `old` lines of a text stay, and which `new` ones replace the others, from first to last.

    Example:
    >>> from compat_v1_init._migrate.findings import Edit
    >>> opcodes("a\nb\nc\n", [Edit(2, 3, "x\ny")], ["a", "b", "c"], ["a", "x", "y", "c"])
    [('equal', 0, 1, 0, 1), ('replace', 1, 2, 1, 3), ('equal', 2, 3, 3, 4)]
    """
    found: list[Opcode] = []
    position, new_position = 0, 0
    for change in _changes(text, edits, newline):
        start, end, new_start, new_end = change
        end, new_end = min(end, len(old)), min(new_end, len(new))
        while start < end and new_start < new_end and old[start] == new[new_start]:
            start, new_start = start + 1, new_start + 1
        while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
            end, new_end = end - 1, new_end - 1
        if start == end and new_start == new_end:
            continue
        if start > position:
            found.append(("equal", position, start, new_position, new_start))
        kind = "insert" if start == end else "delete" if new_start == new_end else "replace"
        found.append((kind, start, end, new_start, new_end))
        position, new_position = end, new_end
    if position < len(old):
        found.append(("equal", position, len(old), new_position, len(new)))
    return found


def groups(found: Sequence[Opcode]) -> Iterator[list[Opcode]]:
    """Yields the changes that are close to each other, with the lines around them."""
    matcher = difflib.SequenceMatcher(None, "", "")
    matcher.opcodes = list(found)  # type: ignore[attr-defined]
    return (group for group in matcher.get_grouped_opcodes() if any(each[0] != "equal" for each in group))


def _changes(text: str, edits: Sequence[Edit], newline: re.Pattern[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yields the lines with edits, and which they become."""
    starts = [match.end() for match in newline.finditer(text)]
    new_starts = [match.end() for match in newline.finditer(apply(text, edits))]
    waiting = (0, 0, 0, 0)
    grown = 0
    for edit in in_order(edits):
        begin, end = edit.start + grown, edit.start + grown + len(edit.text)
        grown += len(edit.text) - (edit.end - edit.start)
        first, last = bisect.bisect_right(starts, edit.start), bisect.bisect_right(starts, edit.end) + 1
        new_first, new_last = bisect.bisect_right(new_starts, begin), bisect.bisect_right(new_starts, end) + 1
        if first < waiting[1]:
            waiting = (waiting[0], max(last, waiting[1]), waiting[2], max(new_last, waiting[3]))
            continue
        yield waiting
        waiting = (first, last, new_first, new_last)
    yield waiting
