"""Whether all programs that may call a file's functions are in its project, so that all that decides can be seen."""

from __future__ import annotations

import ast
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.read_write import exists, read_bytes, resolved
from compat_v1_init._migrate.findings import Refused
from compat_v1_init._migrate.source.index import Found, Program, Question, of_file, programs_below, repository_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat_v1_init._migrate.files.project import Project
    from compat_v1_init._migrate.source.tree import Tree

# What makes a folder one that pip installs. Most settings of tools are in pyproject.toml and setup.cfg too.
_INSTALLED = {
    "setup.py": re.compile(rb"^[^#\r\n]*\bsetup[ \t]*\(", re.MULTILINE),
    "setup.cfg": re.compile(rb"^\[metadata\]", re.MULTILINE),
    "pyproject.toml": re.compile(rb"^\[(?:project|build-system|tool\.(?:poetry|flit)\b[^]]*)\]", re.MULTILINE),
}
_WAY = "--assume-closed says that no other program sets one"


def callers_elsewhere(tree: Tree, project: Project) -> str:
    """Returns why programs outside of the project may call a file's functions, as part of a sentence; or nothing."""
    if project.path is None:
        return ""
    path = resolved(project.path)
    in_package = exists(path.parent / "__init__.py")
    if not in_package and (path.suffix != ".py" or any(found.kind == _STARTS for found in _starts(Program(tree)))):
        return ""  # A program, and no module of a package.
    top = Path(repository_of(str(project.top)))
    for folder in (path.parent, *path.parent.parents):
        mark = _installed(str(folder))
        if mark:
            place = os.path.relpath(mark, top)
            return f"others may install and import it ({place}), and their scopes are not seen here; {_WAY}"
        if folder == top:
            break
    if in_package and not _has_programs(str(top)):
        return f"it is in a package, no program here uses it, and the scopes of others are not seen here; {_WAY}"
    return ""


@lru_cache(maxsize=4096)
def _installed(folder: str) -> str:
    """Returns the file that makes a folder one that pip installs, with the line; empty if there is none."""
    for name, pattern in _INSTALLED.items():
        path = Path(folder, name)
        try:
            data = read_bytes(path)
        except Refused:
            continue
        match = pattern.search(data)
        if match:
            return f"{path}:{data.count(bytes([10]), 0, match.start()) + 1}"
    return ""


_STARTS = "starts"


def _starts(program: Program) -> Iterator[Found]:
    """Yields where a file does something as a program: below `if __name__ == "__main__"`, or by a call of its own."""
    for statement in program.tree.module.body:
        is_main = isinstance(statement, ast.If) and any(
            isinstance(each, ast.Name) and each.id == "__name__" for each in ast.walk(statement.test)
        )
        is_call = isinstance(statement, (ast.For, ast.While, ast.With)) or (
            isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        )
        if is_main or is_call:
            yield Found(_STARTS, statement.lineno)
            return


_QUESTION = Question(_starts, re.compile(rb"tensorflow|tf_slim|__main__"), ())


@lru_cache(maxsize=64)
def _has_programs(top: str) -> bool:
    try:
        return any(not path.endswith(".py") or of_file(_QUESTION, path, top) for path in programs_below(top))
    except OSError:
        return False
