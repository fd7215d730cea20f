"""Parts of a source, and whether another part is inside of one."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable


class Spans:
    """Parts of a source."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(itertools.accumulate((end for _, end in ordered), max))
        """Where the last one ends of those that begin up to each one."""

    def hold(self, span: tuple[int, int]) -> bool:
        """Returns whether a part is inside one of these."""
        count = bisect.bisect_right(self._starts, span[0])
        return count > 0 and span[1] <= self._furthest[count - 1]
