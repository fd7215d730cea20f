"""Where a source names an initializer of the family, and what keeps it from being moved."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat_v1_init._family import TRUNCATED_STDDEV_IN_CODE

from .initial_values import is_initial_value
from .initializer_names import (
    DISTINCT,
    KERAS_STRINGS,
    LAST_NAMES,
    NAMED_BY,
    SAMPLER_LAST_NAMES,
    TELLING,
    NamedInitializer,
    initializer_of,
    is_also_keras,
    is_same_in_tf2,
    sampler_of,
)
from .names import Binding, Meaning, Names
from .tf_version import Project, is_tf1

if TYPE_CHECKING:
    from .tree import Tree

_TENSORFLOWS_NAME = re.compile(
    r"_*(?:tf|tensorflow|slim|contrib|init_ops|tcl?|compat)(?:_?v?[12])?(?:_\w+)?|v1|\w+_(?:tf|tensorflow|slim|contrib)"
)
_NAMING = re.compile(
    r"(?:[A-Za-z_][\w.]*\.)?(?:"
    + "|".join(sorted(TELLING, key=len, reverse=True))
    + r")(?:\(.*\))?|(?:tf|tensorflow)\.(?:[\w.]+\.)?"
    + NAMED_BY
    + r"(?:\(.*\))?",
    re.DOTALL,
)
_LONGEST_STRING = 400
_TESTS_TEXT = {"startswith", "endswith"}
_REGISTERS = ("register", "add", "setdefault")
"""How functions are called that keep something under a name."""
_NOT_TF_KERAS = ("keras.", "tf_keras.")
_TAKES_STRING = re.compile(
    r"tensorflow(?:\.compat\.v1)?(?:\.python)?\."
    r"(?:keras\.initializers\.(?:get|deserialize)$|(?:keras\.)?layers\.\w+$)"
)


class Spelling(enum.Enum):
    """How a site names its initializer."""

    CHAIN = "tf.x"
    """An attribute chain from a module; what is edited is the chain."""
    FROM_IMPORT = "from tf import x"
    FOLLOWS = "x"
    """A name that a `from` import or an alias binds: it means the new initializer once that has been edited."""
    GETATTR = 'getattr(tf, "x")'


class Doubt(enum.Enum):
    """Why a site cannot be moved without a person."""

    TF1_OR_TF2 = enum.auto()
    BOUND_OTHERWISE = enum.auto()
    NOT_FOLLOWED = enum.auto()
    ASSIGNED = enum.auto()
    FALLBACK = enum.auto()
    COMPUTED = enum.auto()
    TEXT = enum.auto()
    KERAS_STRING = enum.auto()


@dataclass(eq=False)
class Site:
    """One place that names an initializer."""

    node: ast.AST
    spelling: Spelling
    start: int
    end: int
    initializer: NamedInitializer | None
    doubt: Doubt | None = None
    is_keras_v1: bool = False
    """Whether it goes by `tf.compat.v1.keras`, which is Keras 3 itself on TensorFlow 2.16 and later."""
    is_written_by_us: bool = False
    """Whether it looks like what an earlier run for Keras has written, which is a doubt only where to go back."""


def find_sites(tree: Tree, names: Names, project: Project) -> list[Site]:
    """Returns the sites of a tree, in order of place."""
    finder = _Finder(tree, names, project)
    return sorted(finder.find(), key=lambda site: (site.start, site.end))


def names_an_initializer(text: str) -> bool:
    """Returns whether a string is the name of an initializer of the family, or a call of one.

    Example:
    >>> from compat_v1_init._migrate.source.sites import names_an_initializer
    >>> names_an_initializer("tf.contrib.layers.xavier_initializer"), names_an_initializer("he_normal")
    (True, False)
    """
    return len(text) <= _LONGEST_STRING and _NAMING.fullmatch(text.strip()) is not None


class _Finder:
    def __init__(self, tree: Tree, names: Names, project: Project) -> None:
        self._project = project
        self._tree = tree
        self._names = names
        self._era: list[bool | None] = []
        self._chosen: set[str] | None = None
        self._has_our_keras: bool | None = None
        self._passed: set[str] | None = None

    def find(self) -> Iterator[Site]:
        aliases = self._aliases()
        for node in self._tree.nodes:
            if isinstance(node, ast.Attribute):
                yield from self._attribute(node)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                if node.id in aliases or node.id in TELLING:
                    yield from self._name(node)
                elif node.id in DISTINCT:
                    yield from self._from_star(node)
            elif isinstance(node, ast.ImportFrom):
                yield from self._from_import(node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
                yield from self._getattr(node)
            elif isinstance(node, ast.Constant):
                yield from self._string(node)

    def _attribute(self, node: ast.Attribute) -> Iterator[Site]:
        if node.attr in LAST_NAMES:
            yield from self._chain(node)
        if node.attr in SAMPLER_LAST_NAMES:
            yield from self._sampler(node)

    def _aliases(self) -> set[str]:
        """Returns the names that some scope may bind to an initializer of the family."""
        found = {
            name
            for scope in self._names.scopes
            for name, bindings in scope.bindings.items()
            if any(_may_be_initializer(binding.dotted or "") for binding in bindings)
        }
        while True:
            more = {
                name
                for scope in self._names.scopes
                for name, bindings in scope.bindings.items()
                if name not in found and any(self._leads_on(binding, found) for binding in bindings)
            }
            if not more:
                return found
            found |= more

    def _leads_on(self, binding: Binding, found: set[str]) -> bool:
        value = binding.value
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "getattr" and len(value.args) > 1:
            return isinstance(value.args[1], ast.Constant) and value.args[1].value in LAST_NAMES
        if isinstance(value, ast.Attribute):
            return value.attr in LAST_NAMES
        return isinstance(value, ast.Name) and value.id in found

    def _is_tf1(self) -> bool | None:
        if not self._era:
            self._era.append(is_tf1(self._tree, self._names, self._project))
        return self._era[0]

    def _judge(self, meaning: Meaning) -> tuple[NamedInitializer | None, Doubt | None, bool]:
        """Returns which initializer a meaning is, and the doubt about it; None and None if it is none."""
        found = {name: initializer_of(name) for name in meaning.names if not self._has_v1_twin(name, meaning)}
        also_keras = {name for name, target in found.items() if target is not None and is_also_keras(name)}
        if also_keras and self._is_tf1() is False:
            found.update(dict.fromkeys(also_keras))
        same = {name for name, target in found.items() if target is not None and is_same_in_tf2(name)}
        if same and not self._is_tf1():
            found.update(dict.fromkeys(same))
        targets = {target for target in found.values() if target is not None}
        if not targets:
            return None, None, False
        target = min(targets, key=lambda target: target.drop_in)
        is_keras_v1 = any(".compat.v1.keras.initializers." in name for name in found)
        if len({(target.original.rpartition(".")[2].replace("_initializer", "")) for target in targets}) > 1:
            return target, Doubt.BOUND_OTHERWISE, is_keras_v1
        if meaning.other or meaning.unbound or any(value is None for value in found.values()):
            return target, Doubt.BOUND_OTHERWISE, is_keras_v1
        if also_keras and self._is_tf1() is None:
            return target, Doubt.TF1_OR_TF2 if len(found) == 1 else Doubt.BOUND_OTHERWISE, is_keras_v1
        return target, None, is_keras_v1

    @staticmethod
    def _has_v1_twin(name: str, meaning: Meaning) -> bool:
        """Returns whether a module that is `tf` or `tf.compat.v1` stands for the second where it can."""
        return (is_also_keras(name) or is_same_in_tf2(name)) and name.replace(".", ".compat.v1.", 1) in meaning.names

    def _site(self, node: ast.expr, spelling: Spelling, meaning: Meaning) -> Iterator[Site]:
        target, doubt, is_keras_v1 = self._judge(meaning)
        if target is not None:
            yield Site(node, spelling, *self._tree.span(node), target, doubt, is_keras_v1)

    def _chain(self, node: ast.Attribute) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        for site in self._site(node, Spelling.CHAIN, meaning):
            if not self._tree.text(node).endswith(node.attr):
                # Before Python 3.12 the parser misplaces what is inside of some f-strings.
                site.doubt = Doubt.TEXT
            if not isinstance(node.ctx, ast.Load):
                site.doubt = Doubt.ASSIGNED
            elif site.doubt is None and node.attr == "VarianceScaling" and self._is_written_by_us(node, meaning):
                site.doubt, site.is_written_by_us = Doubt.TF1_OR_TF2, True
            yield site
            return
        if self._is_lost(node, meaning):
            yield Site(node, Spelling.CHAIN, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)

    def _sampler(self, node: ast.Attribute) -> Iterator[Site]:
        """Yields a sampler that makes an initial value; what it draws otherwise is the program's own."""
        meaning = self._names.meaning(node)
        found = {name: sampler_of(name) for name in meaning.names if not self._has_v1_twin(name, meaning)}
        targets = {target for target in found.values() if target is not None}
        if len(targets) != 1 or None in found.values() or meaning.other or meaning.unbound:
            return
        if any(map(is_same_in_tf2, found)) and not self._is_tf1():
            return
        call = self._tree.parents[node]
        if isinstance(call, ast.Call) and call.func is node and is_initial_value(self._tree, self._names, call):
            yield Site(node, Spelling.CHAIN, *self._tree.span(node), targets.pop())

    def _is_written_by_us(self, node: ast.Attribute, meaning: Meaning) -> bool:
        """Returns whether `tf.keras.initializers.VarianceScaling`, a name of TF1 too, looks like what `keras` writes.

        That is by keywords alone, with others before the scale or with contrib's constant, or beside the classes of
        this package that it writes too.
        """
        call = self._tree.parents[node]
        if not any(map(is_also_keras, meaning.names)) or not isinstance(call, ast.Call) or call.args:
            return False
        if call.keywords and (call.keywords[0].arg != "scale" or TRUNCATED_STDDEV_IN_CODE in self._tree.text(call)):
            return True
        if self._has_our_keras is None:
            self._has_our_keras = any(
                isinstance(each, ast.Attribute)
                and each.attr.startswith("TF1")
                and any(name.startswith("compat_v1_init.keras.") for name in self._names.meaning(each).names)
                for each in self._tree.nodes
            )
        return self._has_our_keras

    def _is_lost(self, node: ast.Attribute, meaning: Meaning) -> bool:
        """Returns whether a chain looks like one of TensorFlow's, but begins with something that was not followed."""
        parts = [node.attr]
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name):
            return node.attr in TELLING and not meaning.names and any(map(_is_tensorflows, ast.walk(node.value)))
        if meaning.local or any(initializer_of(name) for name in meaning.names):
            return False
        if not (node.attr in TELLING or parts[1:2] in (["initializers"], ["init_ops"])):
            return False
        if any(
            name.startswith(("tensorflow.", "tf_slim.", "keras.", "tf_keras.", "compat_v1_init."))
            for name in meaning.names
        ):
            return False
        middle = {part for name in meaning.names for part in name.split(".")[:-1]}
        looks = any(_TENSORFLOWS_NAME.fullmatch(part) for part in (root.id, *parts[1:], *middle))
        return looks and (meaning.unbound or meaning.other or bool(meaning.names))

    def _name(self, node: ast.Name) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        if meaning.unbound:
            if any(scope.stars for scope in self._names.scopes):
                yield Site(node, Spelling.FOLLOWS, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)
            return
        yield from self._site(node, Spelling.FOLLOWS, meaning)

    def _from_star(self, node: ast.Name) -> Iterator[Site]:
        """Yields a site where a star import of TensorFlow's gives a name that other libraries have too."""
        stars = {star for scope in self._names.scopes for star in scope.stars}
        names = [f"{star}.{node.id}" for star in stars if initializer_of(f"{star}.{node.id}") is not None]
        if not names or not self._names.meaning(node).unbound:
            return
        if not all(map(is_also_keras, names)) or self._is_tf1() is not False:
            yield Site(node, Spelling.FOLLOWS, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)

    def _from_import(self, node: ast.ImportFrom) -> Iterator[Site]:
        if node.level:
            return
        for alias in node.names:
            if alias.name not in LAST_NAMES:
                continue
            meaning = Meaning(frozenset([f"{node.module}.{alias.name}"]))
            target, doubt, is_keras_v1 = self._judge(meaning)
            if target is not None:
                if doubt is None and self._has_other_fallback(node, alias):
                    doubt = Doubt.FALLBACK
                yield Site(alias, Spelling.FROM_IMPORT, *self._tree.span(node), target, doubt, is_keras_v1)

    def _has_other_fallback(self, node: ast.ImportFrom, alias: ast.alias) -> bool:
        """Returns whether another branch binds the name to something else."""
        scope = self._names.scope_of[node].function()
        meaning = self._names.meaning_of_name(alias.asname or alias.name, scope)
        return self._judge(meaning)[1] is Doubt.BOUND_OTHERWISE

    def _getattr(self, node: ast.Call) -> Iterator[Site]:
        if len(node.args) < 2 or self._names.bindings("getattr", self._names.scope_of[node]):  # noqa: PLR2004
            return
        name = node.args[1]
        if isinstance(name, ast.Constant):
            if isinstance(name.value, str) and name.value in LAST_NAMES:
                for site in self._site(node, Spelling.GETATTR, self._names.meaning(node)):
                    if len(node.args) > 2 and site.doubt is None:  # noqa: PLR2004
                        # With a default the code asks whether the name is there at all.
                        site.doubt = Doubt.COMPUTED
                    yield site
            return
        owners = self._names.meaning(node.args[0]).names
        if any(initializer_of(f"{owner}.{last}") for owner in owners for last in ("he_normal", "xavier_initializer")):
            yield Site(node, Spelling.GETATTR, *self._tree.span(node), None, Doubt.COMPUTED)

    def _string(self, node: ast.Constant) -> Iterator[Site]:
        if not isinstance(node.value, str):
            return
        if node.value in KERAS_STRINGS and self._is_for_keras(node):
            yield Site(node, Spelling.CHAIN, *self._tree.span(node), None, Doubt.KERAS_STRING)
        if not names_an_initializer(node.value):
            return
        parent = self._tree.parents[node]
        if isinstance(parent, (ast.Expr, ast.JoinedStr)) or node.value in self._names.module.bindings:
            return  # Documentation, or `__all__` and the like, which name what this file has.
        if node.value in self._choices():
            return
        if isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "getattr":
            return
        yield Site(node, Spelling.CHAIN, *self._tree.span(node), None, Doubt.TEXT)

    def _choices(self) -> set[str]:
        """Returns the strings that this file itself chooses by: compared with, keys of a dict, cases, and the like.

        They are the program's own words. What it does with each of them is code, which is migrated as such.
        """
        if self._chosen is None:
            parts = [part for node in self._tree.nodes for part in _chosen_by(node)]
            names = {_name_of(part) for part in parts} - {None}
            for node in self._tree.nodes:
                # A constant of the file that is compared with by its name.
                if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    if not names.isdisjoint(map(_name_of, targets)):
                        parts.append(node.value)
            self._chosen = {
                each.value
                for part in parts
                for each in (part.elts if isinstance(part, (ast.Tuple, ast.List, ast.Set)) else [part])
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
        return self._chosen

    def _is_for_keras(self, node: ast.Constant) -> bool:  # noqa: PLR0911 - one return for each kind of place
        """Returns whether a string is what a layer of TF1, or a function of the project, gets its weights by."""
        child: ast.AST = node
        parent = self._tree.parents[node]
        while isinstance(parent, (ast.IfExp, ast.BoolOp)):
            child, parent = parent, self._tree.parents[parent]
        if isinstance(parent, ast.keyword):
            call = self._tree.parents[parent]
            return _is_weights(parent.arg) and isinstance(call, ast.Call) and self._may_be_tf_keras(call.func)
        if isinstance(parent, ast.Call):
            names = self._names.meaning(parent.func).names
            return any(map(_TAKES_STRING.match, names)) and self._may_be_tf_keras(parent.func)
        if not self._is_tf1():
            return False
        if isinstance(parent, ast.Dict):
            keys = [key for key, value in zip(parent.keys, parent.values) if value is child]
            return any(isinstance(key, ast.Constant) and _is_weights(key.value) for key in keys)
        if isinstance(parent, ast.arguments):
            return any(_is_weights(argument.arg) for argument in _with_default(parent, child))
        if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
            return False
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        names_ = list(filter(None, map(_name_of, targets)))
        return any(map(_is_weights, names_)) or not self._passed_names().isdisjoint(names_)

    def _passed_names(self) -> set[str]:
        """Returns the names by which this file hands on what a layer gets its weights by."""
        if self._passed is None:
            values = [
                each.value for each in self._tree.nodes if isinstance(each, ast.keyword) and _is_weights(each.arg)
            ]
            self._passed = set(filter(None, map(_name_of, values)))
        return self._passed

    def _may_be_tf_keras(self, function: ast.expr) -> bool:
        """Returns whether a function may be one of TF1's `tf.keras` or `tf.layers`: not of Keras alone."""
        names = self._names.meaning(function).names
        if any(name.startswith(_NOT_TF_KERAS) for name in names):
            return False
        return bool(self._is_tf1()) or any(name.startswith("tensorflow.compat.v1.") for name in names)


def _chosen_by(node: ast.AST) -> Iterator[ast.expr]:  # noqa: C901 - one branch for each kind of node
    """Yields the expressions that a node takes a choice by."""
    if isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.Dict):
        yield from (key for key, value in zip(node.keys, node.values) if key is not None and _has_code(value))
    elif type(node).__name__ == "MatchValue":
        yield node.value  # type: ignore[attr-defined]
    elif type(node).__name__ == "MatchMapping":
        yield from node.keys  # type: ignore[attr-defined]
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        if _has_code(node.value):
            yield node.targets[0].slice
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        for decorator in node.decorator_list:
            yield from decorator.args if isinstance(decorator, ast.Call) else ()
    elif isinstance(node, ast.Call) and node.args:
        name = _name_of(node.func) or ""
        if name in _TESTS_TEXT or (name.startswith(_REGISTERS) and any(map(_has_code, node.args[1:]))):
            yield node.args[0]


def _name_of(node: ast.expr) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def _is_tensorflows(node: ast.AST) -> bool:
    """Returns whether a name, an attribute or a string is called as TensorFlow's modules are."""
    name = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", getattr(node, "id", None))
    return isinstance(name, str) and _TENSORFLOWS_NAME.fullmatch(name) is not None


def _may_be_initializer(dotted: str) -> bool:
    return dotted.rpartition(".")[2] in DISTINCT or initializer_of(dotted) is not None


def _has_code(node: ast.expr) -> bool:
    """Returns whether an expression is more than a literal, which may be data for another program."""
    return any(isinstance(each, (ast.Name, ast.Attribute, ast.Call, ast.Lambda)) for each in ast.walk(node))


def _is_weights(name: object) -> bool:
    endings = ("initializer", "kernel_init", "weight_init", "weights_init")
    return isinstance(name, str) and (name.endswith(endings) or name == "class_name")


def _with_default(arguments: ast.arguments, default: ast.AST) -> Iterator[ast.arg]:
    """Yields the parameter with this default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    for argument, value in [*zip(with_default, arguments.defaults), *zip(arguments.kwonlyargs, arguments.kw_defaults)]:
        if value is default:
            yield argument
