"""What a file defines and other files of the project make into initial values."""

from __future__ import annotations

import ast
import functools
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.project import Project
from compat_v1_init._migrate.files.read_write import resolved
from compat_v1_init._migrate.findings import Refused

from .index import files_by_word, parsed
from .initial_values import InitialValues
from .takers import last_name

if TYPE_CHECKING:
    from .index import Program

_WORD = re.compile(rb"\w+")
_asked: set[tuple[str, str]] = set()
"""What is being asked, since files may use each other."""


def makes_initial_values(project: Project, name: str, *, some: bool = False) -> bool:
    """Returns whether another file makes initial values of what a name of this file stands for, and nothing else.

    Args:
      project: the file, and its project.
      name: the name of a function, of a method with its class before it, or of a value.
      some: whether one use is enough, whatever the others make.
    """
    if project.path is None or project.top is None:
        return False
    path = resolved(project.path)
    module = path.parent.name if path.stem == "__init__" else path.stem
    question = str(path), name
    if question in _asked:
        return False
    _asked.add(question)
    try:
        files = files_by_word(_words, str(project.top))
        named = set(files.get(module.encode(), ())).difference([str(path)])
        others = [other for other in files.get(name.rpartition(".")[2].encode(), ()) if other in named]
        found = [_makes(other, f".{module}.{name}", project.root, some) for other in others]
    finally:
        _asked.discard(question)
    return True in found and (some or False not in found)


def _words(data: bytes) -> set[bytes]:
    return set(_WORD.findall(data))


@lru_cache(maxsize=8)
def _values(path: str, root: Path | None, some: bool) -> tuple[Program, InitialValues]:
    program = parsed(path)
    elsewhere = functools.partial(makes_initial_values, Project(Path(path), root), some=some)
    return program, InitialValues(program.tree, program.names, elsewhere, some=some)


def _makes(path: str, name: str, root: Path | None, some: bool) -> bool | None:
    """Returns whether all that a file makes of a value are initial values; None if it does not use it."""
    try:
        program, values = _values(path, root, some)
    except (Refused, RecursionError):
        return None
    tree, names = program.tree, program.names
    last = name.rpartition(".")[2]
    aliases = {last, *(each.asname for node in tree.nodes if isinstance(node, ast.ImportFrom) for each in node.names)}
    found = []
    for node in tree.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and last_name(node) in aliases:
            meaning = names.meaning(node)
            full = {f"{star}.{last}" for star in names.stars} if meaning.unbound else meaning.names
            if any(f".{each}".endswith(name) for each in full):
                found.append(values.is_one(tree.call_of(node) or node))
    return (any if some else all)(found) if found else None
