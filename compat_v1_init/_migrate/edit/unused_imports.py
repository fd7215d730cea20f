"""Imports of TensorFlow that nothing uses once the other edits are made, so that they can be removed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from compat_v1_init._migrate.source.lexer import lex
from compat_v1_init._migrate.source.names import is_of_tensorflow
from compat_v1_init._migrate.source.tree import IMPORTS

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.names import Names, Scope
    from compat_v1_init._migrate.source.tree import Tree

_READS_NAMES = {"globals", "locals", "vars", "eval", "exec", "__import__"}
_LONGEST_TEXT = 200


def unused_after(
    tree: Tree,
    names: Names,
    removed: Iterable[tuple[int, int]],
    kept_names: set[str],
    *,
    is_package: bool,
    family: Iterable[ast.alias] = (),
) -> set[ast.alias]:
    """Returns the imports of TensorFlow that are used only inside the `removed` spans, and those unused of `family`."""
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
            if isinstance(alias_, ast.alias) and isinstance(statement, IMPORTS):
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
    """Returns whether a text may use a name: `__all__`, a quoted annotation, code in a string, a doctest, a comment."""
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
    """Returns whether something is left without it: a name in its statement, or another statement in the block."""
    statement = tree.statement(tree.parents[alias])
    if not isinstance(statement, IMPORTS):
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
        other for other in block if not (isinstance(other, IMPORTS) and all(entry in unused for entry in other.names))
    ]
    is_guarded = isinstance(parent, (ast.Try, ast.ExceptHandler))
    return bool(stays) and tree.is_alone(statement) and not is_guarded
