"""A file as a folder sees it: the one answer to "this path from that folder", for settings, baselines and reports."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from .read_write import repository_above, resolved


def inside(path: str | Path, folder: Path) -> str | None:
    """Returns the path of a file from a folder, with slashes; None if the file is not in it.

    The file may be named by detours and by links, also by one that leads into the folder from elsewhere.

    Example:
    >>> from pathlib import Path
    >>> inside("a/../b.py", Path.cwd()), inside(os.path.abspath(os.sep), Path.cwd())
    ('b.py', None)
    """
    real = resolved(folder)
    given = Path(os.path.normpath(Path(path).absolute()))
    # A link to a file has a place of its own; one to a folder has that of the folder.
    for place, top in ((given, Path(os.path.normpath(folder.absolute()))), (resolved(given.parent) / given.name, real)):
        if place.is_relative_to(top):
            return place.relative_to(top).as_posix()
    target = resolved(given)
    return target.relative_to(real).as_posix() if target.is_relative_to(real) else None


def relative(path: str | Path, folder: str | Path) -> str:
    """Returns a path from a folder, with slashes and perhaps with dots; absolute, if it is on another drive."""
    try:
        name = os.path.relpath(path, folder)
    except ValueError:
        name = os.path.abspath(path)  # noqa: PTH100 - a string
    return name.replace(os.sep, "/")


def for_patch(path: str) -> str:
    """Returns a path as `git apply` takes it: from the current folder, or else from the top of its repository."""
    here = Path.cwd()
    absolute = Path(os.path.normpath(here / path))
    name = relative(absolute, here)
    if Path(name).is_absolute() or name.startswith("../"):
        top = repository_above(str(absolute.parent))
        name = absolute.as_posix() if top is None else relative(absolute, top)
    return name.lstrip("/")


def shown(path: str) -> str:
    """Returns a path for reports of other programs: from the top folder of the repository, with slashes.

    Without a repository it is from the current folder; outside of that it is absolute.
    """
    return _shown(path, Path.cwd())


@functools.lru_cache(maxsize=65536)
def _shown(path: str, here: Path) -> str:
    given = Path(os.path.normpath(here / path))
    found = inside(given, Path(repository_above(str(here)) or here))
    return given.as_posix() if found is None else found
