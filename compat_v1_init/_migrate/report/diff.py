"""The unified diff of a file's bytes, in the form that `git apply` and `patch` take."""

from __future__ import annotations

import bisect
import difflib
import heapq
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path


def unified(path: str, before: bytes, after: bytes) -> list[bytes]:
    r"""Returns the lines of the diff, each with its end.

    Lines end only at a newline, as in git, so every other byte is shown as it is. If the file is not below the current
    folder, the diff is for the top folder of the file's repository.

    Example:
    >>> print(b"".join(unified("f.py", b"a\nb", b"a\nc")).decode(), end="")
    --- a/f.py
    +++ b/f.py
    @@ -1,2 +1,2 @@
     a
    -b
    \ No newline at end of file
    +c
    \ No newline at end of file
    """
    name = os.fsencode(_from_here(path))
    old, new = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (before, after))
    lines = [b"--- " + _quoted(b"a/" + name) + b"\n", b"+++ " + _quoted(b"b/" + name) + b"\n"]
    found = 0
    for group in _Lines(None, old, new).get_grouped_opcodes():
        found += 1
        first, last = group[0], group[-1]
        ranges = b"-%s +%s" % (_range(first[1], last[2]), _range(first[3], last[4]))
        lines.append(b"@@ " + ranges + b" @@\n")
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                lines += [b" " + line for line in old[start:end]]
            else:
                lines += [b"-" + line for line in old[start:end]]
                lines += [b"+" + line for line in new[new_start:new_end]]
    ended = ([line] if line.endswith(b"\n") else [line + b"\n", b"\\ No newline at end of file\n"] for line in lines)
    return [part for parts in ended for part in parts] if found else []


def _range(start: int, end: int) -> bytes:
    """Returns some lines as a diff writes them."""
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (count > 0), count)


_Block = tuple[int, int, int]
"""Lines that are the same: where they begin in the old and in the new text, and how many there are."""


class _Lines(difflib.SequenceMatcher[bytes]):
    """Which lines of two texts are the same.

    The answer is that of `difflib`: the longest block, the first of several, and then the same again before it and
    behind it. But `difflib` reads all lines for each block. Here all blocks are found at once, and taken by their size.
    """

    a: Sequence[bytes]
    b: Sequence[bytes]
    b2j: dict[bytes, list[int]]

    def get_matching_blocks(self) -> list[difflib.Match]:
        """Returns the blocks of lines that are the same, and an empty one at the end."""
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
        merged = [(0, 0, 0)]
        for start, new_start, size in self._taken[1:]:
            before = merged[-1]
            if (before[0] + before[2], before[1] + before[2]) == (start, new_start):
                merged[-1] = (*before[:2], before[2] + size)
            else:
                merged.append((start, new_start, size))
        found = [difflib.Match(*block) for block in merged if block[2]]
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


def _from_here(path: str) -> str:
    """Returns a path as `git apply` takes it: from the current folder, or else from the top of its repository."""
    here = Path.cwd()
    absolute = os.path.normpath(here / path)
    try:
        name = os.path.relpath(absolute, here)
    except ValueError:  # It is on another drive.
        name = absolute
    if Path(name).is_absolute() or name.startswith(os.pardir + os.sep):
        top = next((folder for folder in Path(absolute).parents if (folder / ".git").exists()), None)
        name = absolute if top is None else os.path.relpath(absolute, top)
    return name.replace(os.sep, "/").lstrip("/")


def _quoted(name: bytes) -> bytes:
    """Returns a file name as git writes it: quoted if it must be, and with a tab behind it if it has spaces."""
    if re.search(rb'[\x00-\x1f\x7f"\\]', name):
        return b'"' + re.sub(rb'[\x00-\x1f\x7f"\\]', lambda match: b"\\%03o" % match[0][0], name) + b'"'
    return name + b"\t" if b" " in name else name
