"""Which files: those named, and in folders those that git would not ignore and that may hold source."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .files import Refused, read, reason_of
from .outcomes import Problem

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    _Rules = tuple[tuple[str, GitIgnoreSpec], ...]

Kind = Literal["python", "notebook", "text"]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys((".py", ".pyi", ".pyw"), "python"),
    ".ipynb": "notebook",
    **dict.fromkeys((".cfg", ".gin", ".ini", ".json", ".jsonnet", ".toml", ".yaml", ".yml"), "text"),
}

# Environments, caches and the stores of version control, whatever .gitignore says.
SKIPPED = frozenset(
    {
        ".eggs",
        ".git",
        ".hg",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
        "venv",
    }
)
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")

# In bytes. Text above it is data, not a configuration that a person wrote.
_LARGEST_TEXT = 10 * 2**20


@dataclass
class Discovery:
    """What the paths lead to."""

    files: list[tuple[Path, Kind]] = field(default_factory=list)
    """In a stable order."""
    folders: list[Path] = field(default_factory=list)
    """Every folder that was looked into."""
    problems: list[tuple[Path, Problem]] = field(default_factory=list)


def kind_of(path: Path) -> Kind:
    """Returns how a file that is named is read."""
    return _KINDS.get(path.suffix.lower(), "python")


def discover(
    paths: Iterable[Path], exclude: Iterable[tuple[Path, Sequence[str]]] = (), *, force: bool = False
) -> Discovery:
    """Returns the files of the paths: a named file whatever it is, a folder's by kind, without ignored ones.

    Args:
      paths: files and folders.
      exclude: folders, each with patterns as in a .gitignore from there, for files that are found in folders.
      force: whether the patterns are also for files that are named.
    """
    found = Discovery()
    excluded: _Rules = tuple((str(folder.resolve()), _spec(patterns)) for folder, patterns in exclude)
    for path in paths:
        try:
            is_folder = path.is_dir()
        except OSError as error:
            found.problems.append((path, Problem(reason_of(error))))
            continue
        if is_folder:
            real = path.resolve()
            _walk(str(path), str(real), _rules_above(real), excluded, found)
        elif force and excluded and _is_ignored(str(path.parent.resolve() / path.name), excluded):
            continue
        else:
            found.files.append((path, kind_of(path)))
            found.folders.append(path.parent)
    return found


def _walk(folder: str, real: str, rules: _Rules, excluded: _Rules, found: Discovery) -> None:
    """Adds a folder's files, then those of the folders in it; links to folders are not followed."""
    waiting = [(folder, real, rules)]
    while waiting:
        folder, real, rules = waiting.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            found.problems.append((Path(folder), Problem(reason_of(error))))
            continue
        found.folders.append(Path(folder))
        rules = (*rules, *_rules_in(real, [entry.name for entry in entries]))
        below = []
        for entry in entries:
            # A name that cannot be looked at, such as one of a loop of links, leads to no file.
            try:
                is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
            except OSError:
                continue
            inside = f"{real}{os.sep}{entry.name}"
            if is_folder:
                inside += os.sep
                if not (_is_skipped(entry) or _is_ignored(inside, rules) or _is_ignored(inside, excluded)):
                    below.append((entry.path, inside.rstrip(os.sep), rules))
            elif is_file:
                kind = _kind(entry)
                if kind is not None and not (_is_ignored(inside, rules) or _is_ignored(inside, excluded)):
                    found.files.append((Path(entry.path), kind))
        waiting += reversed(below)


def _is_skipped(entry: os.DirEntry[str]) -> bool:
    return entry.name in SKIPPED or any(os.path.lexists(f"{entry.path}{os.sep}{name}") for name in _ENVIRONMENT)


def _kind(entry: os.DirEntry[str]) -> Kind | None:
    stem, dot, _ = entry.name.rpartition(".")
    if stem and dot:
        kind = _KINDS.get(os.path.splitext(entry.name)[1].lower())  # noqa: PTH122 - a name, not a path
        return None if kind == "text" and entry.stat().st_size > _LARGEST_TEXT else kind
    try:
        with open(entry.path, "rb") as file:  # noqa: PTH123 - the path is a string here
            return "python" if re.match(rb"#![^\n]*\bpython", file.read(200)) else None
    except OSError:
        return None


# --- Rules of git ----------------------------------------------------------------------------------------------------


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """Returns the rules of these lines, without those that are no patterns."""
    from pathspec import GitIgnoreSpec

    lines = list(lines)
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _rules_in(folder: str, names: Sequence[str]) -> _Rules:
    if ".gitignore" not in names:
        return ()
    try:
        text = read(Path(folder, ".gitignore")).decode("utf-8-sig", "surrogateescape")
    except Refused:
        return ()
    return ((folder, _spec(text.splitlines())),)


def _rules_above(folder: Path) -> _Rules:
    """Returns the rules of the folders above, up to that of the repository."""
    above: list[str] = []
    for parent in folder.parents:
        if (folder / ".git").exists():
            break
        above.insert(0, str(parent))
        if (parent / ".git").exists():
            break
    else:
        return ()
    rules = tuple(rule for parent in above for rule in _rules_in(parent, [".gitignore"]))
    # Who names an ignored folder wants what is in it.
    return () if _is_ignored(f"{folder}{os.sep}", rules) else rules


def _is_ignored(path: str, rules: _Rules) -> bool:
    """Tells whether the rules ignore an absolute path; the last that has a say decides."""
    for folder, spec in reversed(rules):
        start = folder if folder.endswith(os.sep) else folder + os.sep
        if path.startswith(start):
            include = spec.check_file(path[len(start) :]).include
            if include is not None:
                return include
    return False


# --- Projects --------------------------------------------------------------------------------------------------------

_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


@functools.cache
def root_of(folder: Path, named: tuple[Path, ...] = ()) -> Path:
    """Returns the folder from which the modules of a project are imported.

    Args:
      folder: the folder of one of its files.
      named: the folders that the command was given, of which one is the project's where nothing marks it.
    """
    for parent in _and_above(folder):
        if any((parent / mark).exists() for mark in _ROOT_MARKS):
            return parent
    top = next((parent for parent in _and_above(folder) if not (parent / "__init__.py").exists()), folder)
    return min((each for each in named if each in top.parents), key=lambda each: len(each.parts), default=top)


def _and_above(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents
