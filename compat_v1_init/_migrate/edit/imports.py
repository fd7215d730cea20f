"""Import statements: where their parts are, what is moved to this package, added, and no longer needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.lexer import NEWLINE, NO_CODE, lex
from compat_v1_init._migrate.source.names import is_of_tensorflow

from .placement import IsOurs, Order, Run, insertion, runs

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.initializer_names import NamedInitializer
    from compat_v1_init._migrate.source.names import Names, Scope
    from compat_v1_init._migrate.source.tree import Tree

PACKAGE = "compat_v1_init"
_READS_NAMES = {"globals", "locals", "vars", "eval", "exec", "__import__"}
_LONGEST_TEXT = 200
ImportStatement = (ast.Import, ast.ImportFrom)


def _code_of(tree: Tree, statement: ast.stmt) -> list[tuple[str, int]]:
    """Returns the text and the offset of each token of a statement, without white space and comments."""
    start, end = tree.span(statement)
    return [(text, start + at) for kind, text, at in lex(tree.source[start:end]) if kind not in NO_CODE]


def alias_spans(tree: Tree, statement: ast.Import | ast.ImportFrom) -> list[tuple[int, int]]:
    """Returns where each `name as other` of an import statement is; the tree of Python 3.9 does not say it."""
    tokens = _code_of(tree, statement)
    first = next(index for index, (text, _) in enumerate(tokens) if text == "import") + 1
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    stop = 0
    for text, offset in [*tokens[first:], (",", tree.span(statement)[1])]:
        if text in {"(", ")"}:
            continue
        if text == ",":
            if begin is not None:
                spans.append((begin, stop))
            begin = None
            continue
        begin = offset if begin is None else begin
        stop = offset + len(text)
    return spans


def module_span(tree: Tree, statement: ast.ImportFrom) -> tuple[int, int]:
    """Returns where the module of `from module import ...` is."""
    tokens = _code_of(tree, statement)
    last = next(index for index, (text, _) in enumerate(tokens) if text == "import") - 1
    return tokens[1][1], tokens[last][1] + len(tokens[last][0])


def removal(spans: Sequence[tuple[int, int]], kept: Sequence[bool]) -> list[Edit]:
    """Returns the edits that take the elements not `kept` out of a list with commas; at least one is kept."""
    edits = []
    last_kept = max(index for index, keep in enumerate(kept) if keep)
    index = 0
    while index < len(spans):
        if kept[index]:
            index += 1
            continue
        stop = index
        while stop < len(spans) and not kept[stop]:
            stop += 1
        if index < last_kept:
            edits.append(Edit(spans[index][0], spans[stop][0], ""))
        else:
            edits.append(Edit(spans[last_kept][1], spans[stop - 1][1], ""))
        index = stop
    return edits


def is_alone(tree: Tree, statement: ast.stmt) -> bool:
    """Returns whether no other code is on the lines of a statement."""
    start, end = tree.span(statement)
    before = tree.source[tree.line_of(start)[0] : start]
    after = tree.source[end : tree.line_of(end)[1]].strip()
    return not before.strip() and (not after or after.startswith("#"))


def insert_after(tree: Tree, statement: ast.stmt, text: str) -> Edit:
    """Returns the edit that adds a statement after another one, in the same block."""
    start, end = tree.span(statement)
    if not is_alone(tree, statement):
        return Edit(end, end, f"; {text}")
    indentation = tree.source[tree.line_of(start)[0] : start]
    offset = tree.line_of(end)[1]
    return Edit(offset, offset, f"{tree.newline_at(offset)}{indentation}{text}")


def from_import(initializer: NamedInitializer, alias: ast.alias) -> str:
    """Returns `name` or `name as other` with which a `from` import gets the initializer under the same name."""
    bound = alias.asname or alias.name
    return initializer.name if bound == initializer.name else f"{initializer.name} as {bound}"


@dataclass
class ImportChanges:
    """What becomes of one import statement."""

    moved: dict[ast.alias, NamedInitializer] = field(default_factory=dict)
    dropped: set[ast.alias] = field(default_factory=set)

    def edits(self, tree: Tree, statement: ast.Import | ast.ImportFrom, is_ours: IsOurs) -> list[Edit]:
        """Returns the edits that make the changes.

        Args:
          tree: the tree.
          statement: the statement.
          is_ours: whether a top-level module is the project's own.
        """
        spans = alias_spans(tree, statement)
        modules = {initializer.module for initializer in self.moved.values()}
        leaving = [alias in self.moved or alias in self.dropped for alias in statement.names]
        elsewhere = self._sorted_edits(tree, statement, spans, leaving, is_ours)
        if elsewhere:
            return elsewhere
        if isinstance(statement, ast.ImportFrom) and all(leaving) and len(modules) == 1:
            edits = [Edit(*module_span(tree, statement), modules.pop())]
            for alias, span in zip(statement.names, spans):
                if alias in self.moved and from_import(self.moved[alias], alias) != tree.source[slice(*span)]:
                    initializer = self.moved[alias]
                    if alias.asname and alias.name == initializer.name:
                        continue
                    edits.append(Edit(*span, from_import(initializer, alias)))
            if self.dropped:
                edits += removal(spans, [alias in self.moved for alias in statement.names])
            return edits
        lines = self._lines()
        if all(leaving):
            if not lines:
                return [_line_removal(tree, statement)]
            indentation = tree.source[tree.line_of(tree.span(statement)[0])[0] : tree.span(statement)[0]]
            joint = tree.newline_at(tree.span(statement)[0]) + indentation if is_alone(tree, statement) else "; "
            return [Edit(*tree.span(statement), joint.join(lines))]
        edits = removal(spans, [not leaves for leaves in leaving])
        for line in lines:
            edits.append(insert_after(tree, statement, line))
        return edits

    def _sorted_edits(
        self,
        tree: Tree,
        statement: ast.Import | ast.ImportFrom,
        spans: list[tuple[int, int]],
        leaving: list[bool],
        is_ours: IsOurs,
    ) -> list[Edit]:
        """Returns the edits that put the new statements where isort has them; none where they may stay in place."""
        run = next((run for run in runs(tree) if statement in run.statements), None)
        lines = self._lines()
        if not lines or run is None:
            return []
        order = Order(run, is_ours)
        if not order.is_sorted or (all(leaving) and order.may_replace(statement, lines)):
            return []
        gone = [statement] if all(leaving) else []
        removals = [_line_removal(tree, statement)] if gone else removal(spans, [not leaves for leaves in leaving])
        return [*removals, *(insertion(tree, run, line, is_ours, gone) for line in lines)]

    def _lines(self) -> list[str]:
        """Returns the new statements, one for each module."""
        return [
            f"from {module} import "
            + ", ".join(sorted(from_import(to, alias) for alias, to in self.moved.items() if to.module == module))
            for module in sorted({to.module for to in self.moved.values()})
        ]


def _line_removal(tree: Tree, statement: ast.stmt) -> Edit:
    start, end = tree.span(statement)
    stop = tree.line_of(end)[1]
    newline = NEWLINE.match(tree.source, stop)
    return Edit(tree.line_of(start)[0], newline.end() if newline else stop, "")


def package_name(names: Names, wanted: str, dotted: str) -> str:
    """Returns a name for a module-level import of `dotted` that nothing else in the file is called."""
    for name, bindings in names.module.bindings.items():
        if [binding.dotted for binding in bindings] == [dotted] and _is_plain(names, name):
            return name
    taken = {name for scope in names.scopes for name in scope.bindings}
    while wanted in taken:
        wanted += "_"
    return wanted


def _is_plain(names: Names, name: str) -> bool:
    return not any(name in scope.bindings for scope in names.scopes if not scope.is_module)


def addition(
    tree: Tree,
    names: Names,
    text: str,
    name: str,
    first_use: int,
    edits: Sequence[Edit] = (),
    is_ours: IsOurs = lambda _: False,
    starts: frozenset[int] = frozenset(),
) -> list[Edit]:
    """Returns the edit that adds a module-level import, or none if the name is imported before its first use.

    It goes where isort puts it, among TensorFlow's import and those around it, if they are sorted. Otherwise it comes
    after the last import of TensorFlow before the first use, else after the module's docstring and its imports from
    `__future__`.
    """
    body = tree.module.body
    for binding in names.module.bindings.get(name, []):
        statement = tree.parents.get(binding.node)
        if statement in body and tree.span(statement)[0] < first_use:
            return []
    edit = _sorted_addition(tree, text, first_use, edits, is_ours, starts)
    return [edit if edit is not None else _anchored_addition(tree, text, first_use)]


def _sorted_addition(
    tree: Tree, text: str, first_use: int, edits: Sequence[Edit], is_ours: IsOurs, starts: frozenset[int]
) -> Edit | None:
    """Returns the edit that adds an import among sorted ones, or None where there are none."""
    run = _run_for(tree, first_use, is_ours, starts)
    if run is None:
        return None
    removals = [edit for edit in edits if not edit.text]
    gone = [
        statement
        for statement in run.statements
        if any(edit.start <= tree.span(statement)[0] and tree.span(statement)[1] <= edit.end for edit in removals)
    ]
    edit = insertion(tree, run, text, is_ours, gone)
    if edit.start not in starts:
        return edit
    # A line before the first one of a cell belongs to that cell, which an edit of its first character says.
    is_taken = any(other.start <= edit.start < other.end for other in edits)
    return None if is_taken else Edit(edit.start, edit.start + 1, edit.text + tree.source[edit.start])


def _anchored_addition(tree: Tree, text: str, first_use: int) -> Edit:
    """Returns the edit that adds an import after that of TensorFlow, or else at the top."""
    body = tree.module.body
    anchor = None
    for index, statement in enumerate(body):
        if tree.span(statement)[1] > first_use:
            break
        is_header = (index == 0 and _is_docstring(statement)) or _is_future(statement)
        if is_header or _imports_tensorflow(statement):
            anchor = index
    if anchor is None:
        offset = tree.line_of(_first_offset(tree, body[0]))[0]
        return Edit(offset, offset, text + tree.newline_at(offset))
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
    # After the newline, so that the line itself may be taken out by another edit.
    return Edit(end + len(newline), end + len(newline), text + newline)


def _run_for(tree: Tree, first_use: int, is_ours: IsOurs, starts: frozenset[int]) -> Run | None:
    """Returns the sorted run of imports that a new import belongs to; None if there is none."""
    early = [run for run in runs(tree, starts) if tree.span(run.statements[-1])[1] < first_use]
    with_tensorflow = [run for run in early if any(map(_imports_tensorflow, run.statements))]
    if with_tensorflow and with_tensorflow[-1].is_at_top:
        run = with_tensorflow[-1]
        return run if Order(run, is_ours).is_sorted else None
    if not with_tensorflow:
        body = tree.module.body
        guarded = [
            index for index, each in enumerate(body) if tree.span(each)[1] < first_use and _imports_tensorflow(each)
        ]
        if guarded:
            following = body[guarded[-1] + 1 : guarded[-1] + 2]
            early = [run for run in early if run.statements[:1] == following]
    return next((run for run in early if run.is_at_top and Order(run, is_ours).is_sorted), None)


def _first_offset(tree: Tree, statement: ast.stmt) -> int:
    return min(tree.span(node)[0] for node in (statement, *getattr(statement, "decorator_list", [])))


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _imports_tensorflow(statement: ast.stmt) -> bool:
    """Returns whether the statement, or one in its blocks, imports TensorFlow at the level of the module."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    if isinstance(statement, ast.Import):
        return any(is_of_tensorflow(alias.name) for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return is_of_tensorflow(statement.module or "") and statement.level == 0
    return any(_imports_tensorflow(child) for child in ast.walk(statement) if isinstance(child, ImportStatement))


def unused_after(
    tree: Tree,
    names: Names,
    removed: Iterable[tuple[int, int]],
    kept_names: set[str],
    *,
    is_package: bool,
    family: Iterable[ast.alias] = (),
) -> set[ast.alias]:
    """Returns the imports of TensorFlow that are used only inside the `removed` spans, and unused ones of `family`."""
    spans = sorted(removed)
    family = list(family)
    if is_package or not (spans or family) or _reads_names_by_text(tree):
        return set()
    uses: dict[tuple[Scope, str], list[ast.Name]] = {}
    for alias in family:
        scope = names.scope_of[tree.statement(tree.parents[alias])].function()
        uses[scope, alias.asname or alias.name] = []
    for node in tree.nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            owner = names.owner(node.id, names.scope_of[node])
            if owner is not None:
                uses.setdefault((owner, node.id), []).append(node)
    unused: set[ast.alias] = set()
    for (scope, name), reads in uses.items():
        bindings = scope.bindings.get(name, [])
        if len(bindings) != 1 or name in kept_names or not is_of_tensorflow(bindings[0].dotted or ""):
            continue
        if all(_inside(tree.span(read), spans) for read in reads) and not _named_in_text(tree, name):
            alias_ = bindings[0].node
            statement = tree.parents[alias_]
            if isinstance(alias_, ast.alias) and isinstance(statement, ImportStatement):
                unused.add(alias_)
    return {alias for alias in unused if _can_go(tree, alias, unused)}


def is_unused(tree: Tree, alias: ast.alias) -> bool:
    """Returns whether nothing in the file reads the name that a `from` import binds."""
    name = alias.asname or alias.name
    return not any(isinstance(node, ast.Name) and node.id == name for node in tree.nodes)


def _inside(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _reads_names_by_text(tree: Tree) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _READS_NAMES
        for node in tree.nodes
    )


def _named_in_text(tree: Tree, name: str) -> bool:
    """Returns whether `__all__`, an annotation in quotes, code in a string, a doctest or a type comment may use it."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    text = re.compile(rf"{word.pattern}\.\w|\bimport\b[^\r\n]*{word.pattern}")
    doctest = re.compile(rf"^[ \t]*(?:>>>|\.\.\.)[^\r\n]*{word.pattern}", re.MULTILINE)
    for node in tree.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or name not in node.value:
            continue
        if doctest.search(node.value):
            return True
        if len(node.value) <= _LONGEST_TEXT and (word.fullmatch(node.value) or text.search(node.value)):
            return True
    return any(kind == "comment" and "type:" in text and word.search(text) for kind, text, _ in lex(tree.source))


def _can_go(tree: Tree, alias: ast.alias, unused: set[ast.alias]) -> bool:
    """Returns whether the statement keeps another name, or its block another statement."""
    statement = tree.statement(tree.parents[alias])
    if not isinstance(statement, ImportStatement):
        return False
    if not all(other in unused for other in statement.names):
        return True
    parent = tree.parents[statement]
    block = next(
        (
            value
            for _, value in ast.iter_fields(parent)
            if isinstance(value, list) and any(entry is statement for entry in value)
        ),
        [],
    )
    stays = [
        other
        for other in block
        if not (isinstance(other, ImportStatement) and all(entry in unused for entry in other.names))
    ]
    is_guarded = isinstance(parent, (ast.Try, ast.ExceptHandler))
    return bool(stays) and is_alone(tree, statement) and not is_guarded
