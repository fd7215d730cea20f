"""One index of a project's programs: each is read once, and what is asked of it is found in its syntax tree.

A program is what this command itself reads as one, also a notebook, a script without a suffix, and one that git
ignores. What a program that cannot be read or parsed may do counts as done, if its text has the words for it.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compat_v1_init._migrate.files.discover import programs
from compat_v1_init._migrate.files.location import relative
from compat_v1_init._migrate.files.read_write import decode, read_bytes, repository_above, resolved
from compat_v1_init._migrate.findings import Refused

from .names import Names
from .notebooks import Notebook, code_cells, parse
from .tree import Tree

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

MOST = 50_000
"""How many programs of a project are read."""
UNREAD = b""


class Found(NamedTuple):
    """Something that a program does."""

    kind: str
    line: int
    what: str = ""


class Fact(NamedTuple):
    """Something that a program does, and where."""

    kind: str
    what: str
    place: str
    """The file, from the top of the project, and the line."""


class Program:
    """The tree of a program, and its scopes once they are asked for."""

    def __init__(self, tree: Tree, names: Names | None = None) -> None:
        self.tree = tree
        if names is not None:
            self.names = names

    @functools.cached_property
    def names(self) -> Names:
        """The scopes."""
        return Names(self.tree)


Find = Callable[[Program], Iterable[Found]]


@dataclass(frozen=True)
class Question:
    """What is asked of every program."""

    find: Find
    """Returns what a program does."""
    marker: re.Pattern[bytes]
    """Each program that does it has this in its text."""
    kinds: tuple[str, ...]
    """What counts as done where a program cannot be parsed."""
    words: re.Pattern[bytes] | None = None
    """What such a program has in its text, if it may do it. Without a pattern it counts for nothing."""
    what: str = "in a part that could not be read"
    in_cells: Find | None = None
    """The same for a notebook, whose cells may run again."""


def prepare(questions: Iterable[Question], projects: Iterable[Project]) -> None:
    """Asks now, so that the processes copied from this one need not do it."""
    questions = list(dict.fromkeys(questions))
    for top in dict.fromkeys(repository_of(str(project.top)) for project in projects if questions):
        with contextlib.suppress(OSError):
            for path in programs_below(top):
                for question in questions:  # A tree serves all of them.
                    of_file(question, path, top)
        for question in questions:
            _answers(question, top)


def place_of_own(project: Project, line: int) -> str:
    """Returns where a line of the file itself is."""
    return f"{'this file' if project.path is None else project.path.name}:{line}"


def of_project(question: Question, project: Project) -> list[Fact]:
    """Returns what the other programs of a project do; of the file itself its own tree is asked."""
    if project.path is None:
        return []
    own = str(resolved(project.path))
    answers = _answers(question, repository_of(str(project.top)))
    return [fact for path, facts in answers if path != own for fact in facts]


def first_of_project(question: Question, project: Project) -> Fact | None:
    """Returns the first thing that a program of a project does, the file itself included."""
    top = repository_of(str(project.top))
    try:
        paths = programs_below(top) if project.path is not None else ()
    except OSError:
        return None
    return next((fact for path in paths for fact in of_file(question, path, top)), None)


def of_file(question: Question, path: str, top: str) -> tuple[Fact, ...]:
    """Returns what one program does."""
    try:
        return _facts(question, path, top)
    except (Refused, OSError) as error:
        reason = f"in a file that cannot be read ({error})"
        return tuple(Fact(kind, reason, _name(path, top)) for kind in question.kinds)


def repository_of(root: str) -> str:
    """Returns the folder of the repository that a folder is in, or else the folder itself."""
    return repository_above(root) or root


@lru_cache(maxsize=8)
def files_by_word(words_in: Callable[[bytes], set[bytes]], top: str) -> dict[bytes, list[str]]:
    """Returns the programs below a folder by the words that a function returns of their text.

    What cannot be read, or not all of it, is among them as `UNREAD`.
    """
    found: dict[bytes, list[str]] = {}
    try:
        paths = programs_below(top)
    except OSError:
        return {UNREAD: [top]}
    if len(paths) > MOST:
        found[UNREAD] = [top]
    for path in paths[:MOST]:
        words = {UNREAD}
        with contextlib.suppress(Refused):
            words = words_in(text_of(path))
        for word in words:
            found.setdefault(word, []).append(path)
    return found


@lru_cache(maxsize=256)
def _answers(question: Question, top: str) -> list[tuple[str, tuple[Fact, ...]]]:
    """Returns for each program of a folder what it does, without those that do nothing."""
    found, reason = [], ""
    try:
        paths = programs_below(top)
        found = [(path, facts) for path in paths[:MOST] if (facts := of_file(question, path, top))]
        reason = f"the project has more than {MOST} programs" if len(paths) > MOST else ""
    except OSError as error:
        reason = str(error)
    if reason:
        what = f"since not every folder can be searched ({reason})"
        found.append(("", tuple(Fact(kind, what, _name(top, top)) for kind in question.kinds)))
    return found


@lru_cache(maxsize=16)
def programs_below(top: str) -> tuple[str, ...]:
    """Returns the paths of the programs in a folder and below.

    Raises:
      OSError: if a folder cannot be listed.
    """
    return tuple(programs(top))


@lru_cache(maxsize=65536)
def _facts(question: Question, path: str, top: str) -> tuple[Fact, ...]:
    data = _data(path)
    if question.marker.search(data) is None:
        return ()
    if path.endswith(".ipynb"):
        return tuple(_in_notebook(question, path, _name(path, top)))
    name = _name(path, top)
    try:
        program = parsed(path)
    except Refused:
        return tuple(_in_text(question, data, name))
    return tuple(Fact(kind, what, f"{name}:{line}") for kind, line, what in question.find(program))


def _in_notebook(question: Question, path: str, name: str) -> Iterator[Fact]:
    try:
        notebook, program = _notebook(path)
    except Refused:
        yield from _in_text(question, _data(path).replace(b'\\"', b'"'), name)
        return
    for kind, line, what in (question.in_cells or question.find)(program):
        cell, line_in_cell = notebook.place(line)
        yield Fact(kind, what, f"{name}:cell {cell.number}:{line_in_cell}")
    for cell in notebook.cells:
        yield from _in_text(question, notebook.unread(cell).encode(), f"{name}:cell {cell.number}")


def _in_text(question: Question, text: bytes, name: str) -> Iterator[Fact]:
    """Yields what text that is not read as Python may do."""
    match = question.words and question.words.search(text)
    if match:
        line = text.count(b"\n", 0, match.start()) + 1
        for kind in question.kinds:
            yield Fact(kind, question.what, f"{name}:{line}")


@lru_cache(maxsize=8)
def parsed(path: str) -> Program:
    """Returns a program.

    Raises:
      Refused: if it cannot be read or parsed.
    """
    return Program(Tree(decode(_data(path)).text))


@lru_cache(maxsize=8)
def _notebook(path: str) -> tuple[Notebook, Program]:
    notebook = Notebook(decode(_data(path)).text)
    return notebook, Program(notebook.read(Tree))


def text_of(path: str) -> bytes:
    """Returns the text of a program: of a notebook, that of its code cells.

    Raises:
      Refused: if it cannot be read.
    """
    data = _data(path)
    if path.endswith(".ipynb"):
        with contextlib.suppress(Refused):
            text = decode(data).text
            return "\n".join(cell.source for cell in code_cells(text, parse(text))).encode("utf-8", "replace")
    return data


@lru_cache(maxsize=8)
def _data(path: str) -> bytes:
    return read_bytes(Path(path))


def _name(path: str, top: str) -> str:
    return relative(path, top) if path != top else Path(top).name
