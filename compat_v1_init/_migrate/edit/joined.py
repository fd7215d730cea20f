"""A source with edits made, and which of its places is which place of the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from compat_v1_init._migrate.findings import Edit, apply, in_order


class Joined:
    """The source with the edits made, and which of its offsets is which of the source."""

    def __init__(self, source: str, edits: Sequence[Edit]) -> None:
        self.edits = in_order(edits)
        self.source = source
        self.text = apply(source, self.edits)
        self._starts, self._ends = [edit.start for edit in self.edits], [edit.end for edit in self.edits]
        self._grown = [0]
        for edit in self.edits:
            self._grown.append(self._grown[-1] + len(edit.text) - (edit.end - edit.start))
        self._new_starts = [edit.start + grown for edit, grown in zip(self.edits, self._grown)]
        self._new_ends = [start + len(edit.text) for edit, start in zip(self.edits, self._new_starts)]

    def new(self, offset: int) -> int:
        """Returns where a place of the source is, behind the edits that end there."""
        return offset + self._grown[bisect_right(self._ends, offset)]

    def old(self, offset: int) -> int | None:
        """Returns where a character of the text comes from; None for one of an edit."""
        index = bisect_right(self._new_ends, offset)
        is_new = index < len(self.edits) and self._new_starts[index] <= offset
        return None if is_new else offset - self._grown[index]

    def region(self, start: int, end: int) -> tuple[int, int]:
        """Returns where a part of the source is, with the edits that begin in it."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return start + self._grown[first], end + self._grown[last]

    def with_changes(self, changes: Sequence[Edit]) -> tuple[Edit, ...]:
        """Returns the edits, together with changes of the text with the edits."""
        edits, inner = list(self.edits), dict[int, list[Edit]]()
        for change in changes:
            index = bisect_left(self._new_ends, change.start)
            first = self._new_starts[index] if index < len(self.edits) else change.end + 1
            if first <= change.start <= change.end <= self._new_ends[index]:
                inner.setdefault(index, []).append(change.moved(-first))
            else:
                edits.append(change.moved(-self._grown[bisect_right(self._new_ends, change.start)]))
        for index, within in inner.items():
            edit = edits[index]
            edits[index] = Edit(edit.start, edit.end, apply(edit.text, within))
        return in_order(edits)
