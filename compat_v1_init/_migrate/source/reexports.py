"""What names mean that are imported from a project's own modules, such as `from .compat import tf`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from compat_v1_init._migrate.files.project import Project
from compat_v1_init._migrate.files.read_write import decode, is_file, is_folder, read_bytes, resolved
from compat_v1_init._migrate.findings import Refused

from .names import OTHER, Meaning, Names
from .tree import Tree

_DEEPEST = 6
_LARGEST = 1_000_000


def follower(project: Project, depth: int = 0) -> Callable[[str], Meaning | None] | None:
    """Returns a function that returns what a name imported from the project stands for; None without a file.

    Args:
      project: the file that imports the name, and its project.
      depth: how many modules have been followed so far.
    """
    if project.path is None or project.top is None or depth > _DEEPEST:
        return None
    start, top = resolved(project.path).parent, project.top
    if top != start and top not in start.parents:
        top = start
    return lambda dotted: _follow(dotted, start, top, depth)


def _follow(dotted: str, start: Path, top: Path, depth: int) -> Meaning | None:
    """Returns what a dotted name is, or None if it does not lead to a module of the project."""
    level = len(dotted) - len(dotted.lstrip("."))
    parts = dotted.lstrip(".").split(".")
    if not level and parts[0] == "compat_v1_init":
        return None  # A copy of this package in the project is this package.
    if level:
        folder = start
        for _ in range(level - 1):
            if folder == top:
                return None
            folder = folder.parent
        package = folder / "__init__.py"
        found = _member(folder, parts, top, depth)
        return found if found is not None or not is_file(package) else _lookup(package, parts, top, depth)
    folders = [start, *start.parents]
    for folder in folders[: folders.index(top) + 1]:
        found = _member(folder, parts, top, depth)
        if found is not None:
            return found
    return None


def _member(folder: Path, parts: list[str], top: Path, depth: int) -> Meaning | None:
    """Returns what `parts` is, if the first ones are modules below a folder and the rest is a name in the last one."""
    module = None
    place = folder
    for index, part in enumerate(parts):
        file = next((entry for entry in (place / f"{part}.py", place / part / "__init__.py") if is_file(entry)), None)
        if file is None and not is_folder(place / part):
            if module is None:
                return None
            return _lookup(module, parts[index:], top, depth)
        defined = _lookup(module, parts[index:], top, depth) if module is not None else None
        if defined is not None and defined.names:
            return defined
        module = file
        place = place / part
    if module is None and not is_folder(place):
        return None
    # It is a module. Its name, from the top of the project, is used to look up its members.
    return Meaning(frozenset([".".join((*folder.relative_to(top).parts, *parts))]))


def _lookup(module: Path, parts: list[str], top: Path, depth: int) -> Meaning | None:
    return _looked_up(str(module), tuple(parts), str(top), depth)


@lru_cache(maxsize=65536)
def _looked_up(module: str, parts: tuple[str, ...], top: str, depth: int) -> Meaning | None:
    """Returns what a dotted name is in a module. Cached, since modules that import `*` from each other ask often."""
    names = _names_of(module, top, depth + 1)
    if names is None:
        return None
    if parts[0] not in names.module.bindings and not names.module.stars:
        return OTHER
    meaning = names.meaning_of_name(parts[0], names.module)
    for part in parts[1:]:
        meaning = names.member(meaning, part)
    names_ = frozenset(name for name in meaning.names if not name.startswith("."))
    return Meaning(names_, other=meaning.other or meaning.unbound or len(names_) < len(meaning.names))


@lru_cache(maxsize=2048)
def _names_of(module: str, top: str, depth: int) -> Names | None:
    """Returns the names of a module, or None if it cannot be read."""
    names = _read(module)
    return None if names is None else names.with_follow(follower(Project(Path(module), Path(top)), depth))


@lru_cache(maxsize=2048)
def _read(module: str) -> Names | None:
    """Returns the names of a module, of which none is followed. A module is read once, however many lead to it."""
    try:
        return Names(Tree(decode(read_bytes(Path(module), _LARGEST)).text))
    except Refused:
        return None
