"""Imports that are added: under which name, and where."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.lexer import split_lines
from compat_v1_init._migrate.source.tree import FUNCTIONS, IMPORTS, Tree

from .placement import IsOurs, Order, Run, does_import, insertion, is_docstring, may_precede_imports, runs
from .spans import Spans

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.names import Names

PACKAGE = "compat_v1_init"


def package_name(names: Names) -> str:
    """Returns a name for this package that nothing else in the file has."""
    bound: dict[str, set[str | None]] = {}
    for scope in names.scopes:
        for name, bindings in scope.bindings.items():
            bound.setdefault(name, set()).update(binding.dotted for binding in bindings)
    found = next((name for name, meanings in bound.items() if meanings == {PACKAGE}), PACKAGE)
    while bound.get(found, {PACKAGE}) != {PACKAGE}:
        found += "_"
    return found


def addition(
    tree: Tree,
    names: Names,
    text: str,
    name: str,
    first_use: int,
    edits: Sequence[Edit],
    is_ours: IsOurs,
    starts: frozenset[int],
) -> list[Edit]:
    """Returns the edit that adds a module-level import, or none if the name is imported before its first use.

    If the imports around TensorFlow's are sorted, it goes where isort puts it. Otherwise it comes after the last import
    of TensorFlow at the top of the file; without one there, after the last one before the first use; without any, after
    the module's docstring and its imports from `__future__`.
    """
    for binding in names.module.bindings.get(name, []):
        statement = tree.parents.get(binding.node)
        if statement is None or tree.parents.get(statement) is not tree.module:
            continue
        if tree.span(statement)[0] < first_use:
            return []
    edit = _sorted_addition(tree, text, first_use, edits, is_ours, starts)
    return [edit if edit is not None else _anchored_addition(tree, text, first_use)]


def _sorted_addition(
    tree: Tree, text: str, first_use: int, edits: Sequence[Edit], is_ours: IsOurs, starts: frozenset[int]
) -> Edit | None:
    """Returns the edit that adds an import among sorted ones; None if there are no sorted ones."""
    run = _run_for(tree, first_use, is_ours, starts)
    if run is None:
        return None
    removals = Spans((edit.start, edit.end) for edit in edits if not edit.text)
    gone = [statement for statement in run.statements if removals.hold(tree.span(statement))]
    edit = insertion(tree, run, Order(run, is_ours), text, gone)
    if edit.start not in starts:
        return edit
    # A line before the first line of a cell belongs to that cell, so the edit must begin inside of the cell.
    is_taken = any(other.start <= edit.start < other.end for other in edits)
    return None if is_taken else Edit(edit.start, edit.start + 1, edit.text + tree.source[edit.start])


def _anchored_addition(tree: Tree, text: str, first_use: int) -> Edit:
    """Returns the edit that adds an import after that of TensorFlow, or else at the top."""
    body = tree.module.body
    anchor = None
    is_at_top, has_tensorflow = True, False
    for index, statement in enumerate(body):
        if tree.span(statement)[1] > first_use:
            break
        is_at_top = is_at_top and (isinstance(statement, IMPORTS) or may_precede_imports(statement, index))
        if has_tensorflow and not is_at_top:
            break
        is_header = (index == 0 and is_docstring(statement)) or _is_future(statement)
        if is_header or _imports_tensorflow(statement):
            anchor = index
            has_tensorflow = has_tensorflow or (is_at_top and not is_header)
    following = body[0 if anchor is None else anchor + 1]
    is_below = anchor is None or tree.place(tree.span(body[anchor])[1])[0] < _line(tree, following)
    if is_below and (anchor is None or not _imports_tensorflow(body[anchor])):
        return _above(tree, text, following, is_first=anchor is None)
    assert anchor is not None  # noqa: S101 - for the type checker
    first_anchor = anchor
    line = tree.place(tree.span(body[anchor])[1])[0]
    while anchor + 1 < len(body) and tree.place(tree.span(body[anchor + 1])[0])[0] == line:
        anchor += 1
        line = tree.place(tree.span(body[anchor])[1])[0]
    if tree.span(body[anchor])[1] > first_use:
        end = tree.span(body[first_anchor])[1]
        return Edit(end, end, f"; {text}")
    end = tree.line_of(tree.span(body[anchor])[1])[1]
    newline = tree.newline_at(end)
    # After the newline, so that another edit can remove the line itself.
    return Edit(end + len(newline), end + len(newline), text + newline)


def _above(tree: Tree, text: str, statement: ast.stmt, *, is_first: bool) -> Edit:
    """Returns the edit that adds the first import of a module above a statement, with blank lines around it."""
    line = _line(tree, statement)
    above = _lines_above(tree, line)
    # A comment right above belongs to the statement; at the top of the file it is for the file.
    comments = next((number for number, each in enumerate(above) if not each.startswith("#")), None)
    line -= comments or 0
    # One blank line stays above it; the others come to be below.
    blank = 0 if is_first else next(number for number, each in enumerate(_lines_above(tree, line)) if each.strip())
    offset = tree.start_of_line(line - max(blank - 1, 0))
    newline = tree.newline_at(offset)
    wanted = 2 if isinstance(statement, (*FUNCTIONS, ast.ClassDef)) else int(not isinstance(statement, IMPORTS))
    below = newline * (1 + max(0, wanted - max(blank - 1, 0)))
    return Edit(offset, offset, ("" if blank or is_first else newline) + text + below)


def _line(tree: Tree, statement: ast.stmt) -> int:
    return tree.place(tree.start(statement))[0]


def _lines_above(tree: Tree, line: int) -> list[str]:
    """Returns the lines above one, from the nearest one up."""
    return split_lines(tree.source[: tree.start_of_line(line)])[::-1]


def _run_for(tree: Tree, first_use: int, is_ours: IsOurs, starts: frozenset[int]) -> Run | None:
    """Returns the sorted run of imports that a new import belongs to; None if there is none."""
    early = [run for run in runs(tree, starts) if tree.span(run.statements[-1])[1] < first_use]
    with_tensorflow = [run for run in early if any(map(_imports_tensorflow, run.statements))]
    at_top = [run for run in with_tensorflow if run.is_at_top]
    if at_top:
        run = at_top[-1]
        return run if Order(run, is_ours).is_sorted else None
    if not with_tensorflow:
        body = tree.module.body
        guarded = [
            index for index, each in enumerate(body) if tree.span(each)[1] < first_use and _imports_tensorflow(each)
        ]
        if guarded:
            following = body[guarded[-1] + 1 : guarded[-1] + 2]
            early = [run for run in early if run.statements[:1] == following]
    found = next((run for run in early if run.is_at_top and Order(run, is_ours).is_sorted), None)
    if found is None and with_tensorflow and Order(with_tensorflow[-1], is_ours).is_sorted:
        return with_tensorflow[-1]
    return found


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _imports_tensorflow(statement: ast.stmt) -> bool:
    """Returns whether the statement, or one in its blocks, imports TensorFlow at the level of the module."""
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return False
    return any(does_import(child) for child in ast.walk(statement) if isinstance(child, IMPORTS))
