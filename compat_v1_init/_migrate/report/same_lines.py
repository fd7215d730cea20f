"""Which lines of two texts are the same, found in time that grows with the number of lines."""

from __future__ import annotations

import bisect
import difflib
import heapq
from collections.abc import Iterator, Sequence
from typing import AnyStr

_MOST_PAIRS = 50
"""How many lines of the one text are equal to a line of the other, on average, for the quick way."""
_Block = tuple[int, int, int]
"""Lines that are the same: where they begin in the old and in the new text, and how many there are."""


class SameLines(difflib.SequenceMatcher[AnyStr]):
    """Which lines of two texts are the same.

    The answer is that of `difflib`: the longest block, the first of several, and then the same again before it and
    behind it. But `difflib` reads all lines for each block. Here all blocks are found at once, and taken by their size.
    That takes memory for each pair of equal lines, so texts in which most lines are repeated often are left to
    `difflib`.
    """

    a: Sequence[AnyStr]
    b: Sequence[AnyStr]
    b2j: dict[AnyStr, list[int]]

    def get_matching_blocks(self) -> list[difflib.Match]:
        """Returns the blocks of lines that are the same, and an empty one at the end."""
        if sum(len(self.b2j.get(line, ())) for line in self.a) > _MOST_PAIRS * len(self.a):
            return super().get_matching_blocks()
        self._taken: list[_Block] = [(0, 0, 0), (len(self.a), len(self.b), 0)]
        waiting = list(self._all_blocks())
        heapq.heapify(waiting)
        while waiting:
            negative, start, new_start = heapq.heappop(waiting)
            block = (start, new_start, -negative)
            free = list(self._free(block))
            if free == [block]:
                self._take(*block)
            else:
                for start, new_start, size in free:
                    heapq.heappush(waiting, (-size, start, new_start))
        # Lines that are frequent begin no block, but continue one.
        for start, new_start, size in self._taken[:-1]:
            self._take(start + size, new_start + size, 0)
        merged: list[_Block] = [(0, 0, 0)]
        for start, new_start, size in self._taken[1:]:
            before: _Block = merged[-1]
            if (before[0] + before[2], before[1] + before[2]) == (start, new_start):
                merged[-1] = (*before[:2], before[2] + size)
            else:
                merged.append((start, new_start, size))
        found: list[difflib.Match] = [difflib.Match(*block) for block in merged if block[2]]
        return [*found, difflib.Match(len(self.a), len(self.b), 0)]

    def _all_blocks(self) -> Iterator[_Block]:
        """Yields every block that cannot be longer, in the order that they are taken in: with minus its size first."""
        sizes: dict[int, int] = {}
        for index in range(len(self.a) + 1):
            places = self.b2j.get(self.a[index], ()) if index < len(self.a) else ()
            longer = {place: sizes.get(place - 1, 0) + 1 for place in places}
            for place, size in sizes.items():
                if place + 1 not in longer:
                    yield -size, index - size, place - size + 1
            sizes = longer

    def _free(self, block: _Block) -> Iterator[_Block]:
        """Yields the parts of a block that are between the same two of those that are taken, in both texts."""
        start, new_start, size = block
        shift = new_start - start
        index = bisect.bisect_right(self._taken, (start, len(self.b), 0)) - 1
        while index + 1 < len(self._taken) and self._taken[index][0] < start + size:
            before, after = self._taken[index : index + 2]
            first = max(start, before[0] + before[2], before[1] + before[2] - shift)
            end = min(start + size, after[0], after[1] - shift)
            if first < end:
                yield first, first + shift, end - first
            index += 1

    def _take(self, start: int, new_start: int, size: int) -> None:
        """Takes a block, with the same lines before it and behind it."""
        index = bisect.bisect_right(self._taken, (start, new_start, 0))
        if index == len(self._taken):
            return
        before, after = self._taken[index - 1 : index + 1]
        while start > before[0] + before[2] and new_start > before[1] + before[2]:
            if self.a[start - 1] != self.b[new_start - 1]:
                break
            start, new_start, size = start - 1, new_start - 1, size + 1
        while start + size < after[0] and new_start + size < after[1]:
            if self.a[start + size] != self.b[new_start + size]:
                break
            size += 1
        if size:
            self._taken.insert(index, (start, new_start, size))
