"""The files that git tracks in a repository, also those that its rules ignore.

The index is read here, since to run git in a folder of somebody else's may run what that folder's settings name.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path, PurePosixPath

from compat_v1_init._migrate.findings import Refused

from .read_write import read_bytes, repository_above

_HEAD, _FIXED, _EXTENDED = 12, 62, 0x4000
_NAMES_AS_DIFFERENCES = 4
"""The version of an index in which each name says only how it differs from the one before."""


def is_tracked(path: str) -> bool:
    """Returns whether git tracks a file, or a file of a folder; the path is absolute, and without links."""
    top = repository_above(os.path.dirname(path))  # noqa: PTH120 - a string, for each ignored file
    return top is not None and path[len(top) + 1 :].rstrip(os.sep).replace(os.sep, "/") in _tracked(top)


@lru_cache(maxsize=16)
def _tracked(top: str) -> frozenset[str]:
    """Returns the names of the files and folders; none if the index cannot be read."""
    try:
        data = read_bytes(_folder_of_git(Path(top, ".git")) / "index")
        names = list(_names(data))
    except (Refused, IndexError, ValueError, OSError):
        return frozenset()
    folders = {name.rpartition("/")[0] for name in names}
    above = {str(each) for folder in folders for each in (PurePosixPath(folder), *PurePosixPath(folder).parents)}
    return frozenset({*names, *above})


def _folder_of_git(path: Path) -> Path:
    """Returns the folder with the index: `.git`, or the one that this file names."""
    if path.is_dir():
        return path
    return path.parent / read_bytes(path).decode("utf-8", "surrogateescape").partition("gitdir:")[2].strip()


def _names(data: bytes) -> list[str]:
    version, count = (int.from_bytes(data[at : at + 4], "big") for at in (4, 8))
    if data[:4] != b"DIRC":
        raise ValueError
    found = []
    position, last = _HEAD, b""
    for _ in range(count):
        start = position
        flags = int.from_bytes(data[start + _FIXED - 2 : start + _FIXED], "big")
        position += _FIXED + (2 if flags & _EXTENDED else 0)
        if version == _NAMES_AS_DIFFERENCES:
            dropped, position = _number(data, position)
            end = data.index(b"\0", position)
            last = last[: len(last) - dropped] + data[position:end]
            position = end + 1
        else:
            end = data.index(b"\0", position)
            last = data[position:end]
            position = start + (end - start + 8) // 8 * 8
        found.append(last.decode("utf-8", "surrogateescape"))
    return found


def _number(data: bytes, position: int) -> tuple[int, int]:
    """Returns a number of several bytes, seven bits in each, and where it ends."""
    value = data[position] & 127
    while data[position] & 128:
        position += 1
        value = (value + 1 << 7) | (data[position] & 127)
    return value, position + 1
