"""Imports of TensorFlow that nothing uses once the other edits are made, so that they can be removed."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from compat_v1_init._migrate.source.lexer import lex, words
from compat_v1_init._migrate.source.tf_name import is_of_tensorflow
from compat_v1_init._migrate.source.tree import IMPORTS, Tree

from .spans import Spans

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.names import Names

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
    removed, family = list(removed), list(family)
    if is_package or not (removed or family) or any(map(_reads_by_text, tree.of(ast.Call))):
        return set()
    spans, texts = Spans(removed), _Texts(tree)
    uses = dict(names.reads)
    for alias in family:
        scope = names.scope_of[tree.statement(tree.parents[alias])].function()
        uses[scope, alias.asname or alias.name] = []
    unused: set[ast.alias] = set()
    for (owner, name), reads in uses.items():
        bindings = [] if owner is None else owner.bindings.get(name, [])
        if len(bindings) != 1 or name in kept_names or not _may_go(bindings[0].dotted or ""):
            continue
        if all(spans.hold(tree.span(read)) for read in reads) and not texts.may_use(name):
            alias_ = bindings[0].node
            statement = tree.parents[alias_]
            if isinstance(alias_, ast.alias) and isinstance(statement, IMPORTS):
                unused.add(alias_)
    blocks = _Blocks(tree, unused)
    return {alias for alias in unused if blocks.can_lose(alias)}


def _may_go(dotted: str) -> bool:
    """Returns whether the import of a module does nothing but to bind its name; numpy's dtypes go with the calls."""
    return is_of_tensorflow(dotted) or dotted.partition(".")[0] == "numpy"


def is_unused(tree: Tree, alias: ast.alias) -> bool:
    """Returns whether nothing in the file reads the name that a `from` import binds."""
    return (alias.asname or alias.name) not in tree.names


def _reads_by_text(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in _READS_NAMES


class _Texts:
    """The strings and comments of a source that may use a name."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @functools.cached_property
    def _strings(self) -> dict[str, set[str]]:
        """For each word the strings that have it."""
        found: dict[str, set[str]] = {}
        for text in {node.value for node in self._tree.of(ast.Constant) if isinstance(node.value, str)}:
            for word in words(text):
                found.setdefault(word, set()).add(text)
        return found

    @functools.cached_property
    def _in_comments(self) -> set[str]:
        tokens = lex(self._tree.source) if "type:" in self._tree.source else ()
        return words("\n".join(text for kind, text, _ in tokens if kind == "comment" and "type:" in text))

    def may_use(self, name: str) -> bool:
        """Returns whether `__all__`, a quoted annotation, code in a string, a doctest or a comment may use a name."""
        # A few letters of names are no letters of words.
        if name in self._in_comments or words(name) != {name}:
            return True
        if name not in self._strings:
            return False
        word = re.compile(rf"\b{re.escape(name)}\b")
        code = re.compile(rf"{word.pattern}\.\w|\bimport\b[^\r\n]*{word.pattern}")
        doctest = re.compile(rf"^[ \t]*(?:>>>|\.\.\.)[^\r\n]*{word.pattern}", re.MULTILINE)
        return any(
            doctest.search(text) or (len(text) <= _LONGEST_TEXT and (word.fullmatch(text) or code.search(text)))
            for text in self._strings[name]
        )


class _Blocks:
    """The blocks of a source without the imports that nothing uses."""

    def __init__(self, tree: Tree, unused: set[ast.alias]) -> None:
        self._tree = tree
        self._unused = unused
        self._has_rest: dict[ast.AST, bool] = {}
        """Whether the block of a statement keeps another one."""

    def can_lose(self, alias: ast.alias) -> bool:
        """Returns whether something is left without it: a name in its statement, or another statement in the block."""
        statement = self._tree.parents[alias]
        if not isinstance(statement, IMPORTS):
            return False
        if not self._goes(statement):
            return True
        parent = self._tree.parents[statement]
        if isinstance(parent, (ast.Try, ast.ExceptHandler)) or not self._tree.is_alone(statement):
            return False
        if statement not in self._has_rest:
            for _, block in ast.iter_fields(parent):
                if isinstance(block, list):
                    self._has_rest.update(dict.fromkeys(block, not all(map(self._goes, block))))
        return self._has_rest[statement]

    def _goes(self, statement: ast.AST) -> bool:
        return isinstance(statement, IMPORTS) and self._unused.issuperset(statement.names)
