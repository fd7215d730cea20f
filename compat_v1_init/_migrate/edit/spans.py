"""Parts of a source: whether another part is inside of one, and which ones it meets."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable


class Spans:
    """Parts of a source."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)
        self._order = sorted(range(len(self._spans)), key=self._spans.__getitem__)
        self._starts = [self._spans[index][0] for index in self._order]
        self._furthest = list(itertools.accumulate((self._spans[index][1] for index in self._order), max))
        """Where the last one ends of those that begin up to each one."""

    def hold(self, span: tuple[int, int]) -> bool:
        """Returns whether a part is inside one of these."""
        count = bisect.bisect_right(self._starts, span[0])
        return count > 0 and span[1] <= self._furthest[count - 1]

    def meeting(self, span: tuple[int, int]) -> list[int]:
        """Returns the indexes of those of these that overlap a part, in their order."""
        start, end = span
        some = self._order[bisect.bisect_right(self._furthest, start) : bisect.bisect_left(self._starts, end)]
        return sorted(index for index in some if self._spans[index][1] > start)
