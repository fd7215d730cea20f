"""Which files are read: the named ones, and in folders all that git does not ignore and that may hold source."""

from __future__ import annotations

import errno
import functools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from compat_v1_init._migrate.findings import Refused
from compat_v1_init._migrate.outcomes import Problem

from .globs import rules_of
from .read_write import Missing, exists, is_file, read_bytes, reason_of, resolved
from .tracked import is_tracked

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    _Rules = tuple[tuple[str, GitIgnoreSpec], ...]

FileKind = Literal["python", "notebook", "text"]

_KINDS: dict[str, FileKind] = {
    **dict.fromkeys((".py", ".pyi", ".pyw"), "python"),
    ".ipynb": "notebook",
    **dict.fromkeys((".cfg", ".gin", ".ini", ".json", ".jsonnet", ".toml", ".yaml", ".yml"), "text"),
}

# Programs that are asked what they use, but not changed.
_ALSO_PYTHON = (".pyx", ".ipy")

# Environments, caches and the data of version control, whatever .gitignore says.
SKIPPED = frozenset(
    {
        ".eggs", ".git", ".hg", ".hypothesis", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pytest_cache",
        ".ruff_cache", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__", "node_modules", "site-packages",
        "venv",
    }
)  # fmt: skip
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")

# In bytes. Text above it is data, not a configuration that a person wrote.
_LARGEST_TEXT = 10 * 2**20


@dataclass
class Discovery:
    """What is found by the paths of the command line."""

    files: list[tuple[Path, FileKind]] = field(default_factory=list)
    """In a stable order."""
    folders: list[Path] = field(default_factory=list)
    """Every folder that was looked into."""
    problems: list[tuple[Path, Problem]] = field(default_factory=list)


def kind_of(path: Path) -> FileKind:
    """Returns the kind of a named file."""
    return _KINDS.get(path.suffix.lower(), "python")


def discover(
    paths: Iterable[Path], exclude: Iterable[tuple[Path, Sequence[str]]] = (), *, force: bool = False
) -> Discovery:
    """Returns the files of the paths: every named file, and of a folder those of a known kind that are not ignored.

    The patterns in `exclude`, each with its folder, are for files that are found in folders; with `force` for all.
    """
    found = Discovery()
    excluded: _Rules = tuple((str(resolved(folder)), rules_of(patterns)) for folder, patterns in exclude)
    for path in paths:
        try:
            is_folder = path.is_dir()
        except OSError as error:
            found.problems.append((path, Problem(reason_of(error))))
            continue
        if is_folder:
            real = resolved(path)
            _walk(str(path), str(real), _rules_above(real, found), excluded, found)
        elif force and excluded and _is_ignored(str(resolved(path.parent) / path.name), excluded):
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
        rules = (*rules, *_rules_in(Path(folder), real, found))
        below = []
        for entry in entries:
            inside = f"{real}{os.sep}{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    inside += os.sep
                    if not (_is_skipped(folder, entry.name) or _is_left_out(inside, rules, excluded)):
                        below.append((entry.path, inside.rstrip(os.sep), rules))
                elif entry.is_file():
                    kind = _kind(entry)
                    if kind is not None and not _is_left_out(inside, rules, excluded):
                        found.files.append((Path(entry.path), kind))
            except OSError as error:
                # A circle of links leads to no file.
                is_circle = error.errno == errno.ELOOP and os.path.islink(entry.path)  # noqa: PTH114 - never raises
                if not (is_circle or _is_left_out(inside, rules, excluded)):
                    found.problems.append((Path(entry.path), Problem(reason_of(error))))
        waiting += reversed(below)


def _is_skipped(folder: str, name: str) -> bool:
    marks = (f"{folder}{os.sep}{name}{os.sep}{mark}" for mark in _ENVIRONMENT)
    return name in SKIPPED or any(map(os.path.lexists, marks))


def _kind(entry: os.DirEntry[str]) -> FileKind | None:
    if entry.name.rpartition(".")[0]:
        kind = _KINDS.get(os.path.splitext(entry.name)[1].lower())  # noqa: PTH122 - a name, not a path
        return None if kind == "text" and entry.stat().st_size > _LARGEST_TEXT else kind
    with open(entry.path, "rb") as file:  # noqa: PTH123 - the path is a string here
        return "python" if re.match(rb"#![^\n]*\bpython", file.read(200)) else None


def programs(top: str) -> Iterator[str]:
    """Yields the paths of all files of a project that may be programs, also those that git ignores.

    Environments and caches are left out. A folder that is gone counts as empty.

    Raises:
      OSError: if a folder cannot be listed.
    """

    def check(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for folder, folders, files in os.walk(top, onerror=check):
        folders[:] = sorted(each for each in folders if not _is_skipped(folder, each))
        for file in sorted(files):
            path = f"{folder}{os.sep}{file}"
            stem, _, last = file.rpartition(".")
            ending = f".{last.lower()}"
            if not stem:
                is_program = is_file(path) and _is_script(path)
            else:
                is_known = _KINDS.get(ending) in ("python", "notebook") or ending in _ALSO_PYTHON
                is_program = is_known and is_file(path)
            if is_program:
                yield path


_BEGINS_PROGRAM = re.compile(rb"\A#![^\n]*\bpython|^(?:import|from) \w", re.MULTILINE)


def _is_script(path: str) -> bool:
    """Returns whether a file without a suffix is a program: it names Python in its first line, or imports something."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the path is a string here
            return _BEGINS_PROGRAM.search(file.read(4096)) is not None
    except OSError:
        return False


def _rules_in(folder: Path, real: str, found: Discovery) -> _Rules:
    """Returns the rules of one folder, by its real name. Rules that cannot be read become a problem."""
    path = folder / ".gitignore"
    try:
        text = read_bytes(path).decode("utf-8-sig", "surrogateescape")
    except Missing:
        return ()
    except Refused as refusal:
        found.problems.append((path, Problem(f"its rules are not heeded: {refusal.reason}")))
        return ()
    return ((real, rules_of(text.splitlines())),)


def _rules_above(folder: Path, found: Discovery) -> _Rules:
    """Returns the rules of the folders above, up to the top of the repository."""
    chain = (folder, *folder.parents)
    top = next((index for index, each in enumerate(chain) if exists(each / ".git")), 0)
    above = reversed(chain[1 : top + 1])
    rules = tuple(rule for parent in above for rule in _rules_in(parent, str(parent), found))
    # A user who names an ignored folder wants the files in it.
    return () if _is_ignored(f"{folder}{os.sep}", rules) else rules


def _is_ignored(path: str, rules: _Rules) -> bool:
    """Returns whether the rules ignore an absolute path. The last rule that matches it decides."""
    for folder, spec in reversed(rules):
        start = folder if folder.endswith(os.sep) else folder + os.sep
        if path.startswith(start):
            include = spec.check_file(path[len(start) :]).include
            if include is not None:
                return include
    return False


def _is_left_out(path: str, rules: _Rules, excluded: _Rules) -> bool:
    """Returns whether the command line excludes a path, or git ignores it: not if it tracks the file all the same."""
    return _is_ignored(path, excluded) or (_is_ignored(path, rules) and not is_tracked(path))


_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
# What the top of an unpacked archive has.
_TOP = re.compile(r"(?i)(?:readme|license|copying|contributing)(?:\.\w+)?|requirements[\w-]*\.txt|environment\.ya?ml")


@functools.cache
def root_of(folder: Path, named: tuple[Path, ...] = ()) -> Path:
    """Returns the folder from which the modules of a project are imported, for the folder of one of its files.

    If nothing marks the project's folder, it is one of those that are `named` on the command line.
    """
    chain = (folder, *folder.parents)
    marked = next((each for each in chain if any(exists(each / mark) for mark in _ROOT_MARKS)), None)
    if marked is not None:
        return marked
    top = next((each for each in chain if not exists(each / "__init__.py")), folder)
    outer = min((each for each in named if each in top.parents), key=lambda each: len(each.parts), default=top)
    below = [each for each in chain if each == outer or outer in each.parents]
    return next((parent for parent in reversed(below) if _is_top(parent)), outer)


@functools.cache
def _is_top(folder: Path) -> bool:
    try:
        return any(map(_TOP.fullmatch, os.listdir(folder)))  # noqa: PTH208 - the names alone
    except OSError:
        return False
