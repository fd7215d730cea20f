"""Where a source names an initializer of the family, and what keeps it from being moved."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat_v1_init._family import TRUNCATED_STDDEV_IN_CODE

from .evidence import Project, is_tf1
from .initial_values import Fate, InitialValues
from .names import Binding, Meaning, Names
from .targets import (
    DISTINCT,
    KERAS_STRINGS,
    LAST_PARTS,
    NAMED_BY,
    SAMPLER_PARTS,
    TELLING,
    TELLING_SAMPLERS,
    Initializer,
    initializer,
    is_also_keras,
    is_same_in_tf2,
    sampler,
)

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
_MODULES = frozenset({"initializers", "init_ops"})
_LONGEST_STRING = 400
_TESTS_TEXT = {"startswith", "endswith"}
_REGISTERS = ("register", "add", "setdefault")
"""How functions are called that keep something under a name."""
_NOT_TF_KERAS = ("keras.", "tf_keras.")
_TAKES_STRING = re.compile(
    r"tensorflow(?:\.compat\.v1)?(?:\.python)?\."
    r"(?:keras\.initializers\.(?:get|deserialize)$|(?:keras\.)?layers\.\w+$)"
)


class Kind(enum.Enum):
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
    UNCALLED = enum.auto()


@dataclass(eq=False)
class Site:
    """One place that names an initializer."""

    node: ast.AST
    kind: Kind
    start: int
    end: int
    initializer: Initializer | None
    doubt: Doubt | None = None
    is_keras_v1: bool = False
    """Whether it goes by `tf.compat.v1.keras`, which is Keras 3 itself on TensorFlow 2.16 and later."""
    is_written_by_us: bool = False
    """Whether it looks like what an earlier run for Keras has written, which is a doubt only where to go back."""
    is_asked_for: bool = False
    """Whether it is a sampler that makes something else than initial values, which is moved only where it is asked."""


def find_sites(tree: Tree, names: Names, project: Project, *, samplers: bool = False) -> list[Site]:
    """Returns the sites of a tree, in order of place.

    Args:
      tree: the tree.
      names: its scopes.
      project: where it is.
      samplers: whether the samplers that make something else than initial values are sites too.
    """
    finder = _Finder(tree, names, project, samplers=samplers)
    return sorted(finder.find(), key=lambda site: (site.start, site.end))


def names_an_initializer(text: str) -> bool:
    """Returns whether a string is the name of an initializer of the family, or a call of one.

    Example:
    >>> from compat_v1_init._migrate.sites import names_an_initializer
    >>> names_an_initializer("tf.contrib.layers.xavier_initializer"), names_an_initializer("he_normal")
    (True, False)
    """
    return len(text) <= _LONGEST_STRING and _NAMING.fullmatch(text.strip()) is not None


class _Finder:
    def __init__(self, tree: Tree, names: Names, project: Project, *, samplers: bool) -> None:
        self._project = project
        self._samplers = samplers
        self._initial_values = InitialValues(tree, names)
        self._tree = tree
        self._names = names
        self._era: list[bool | None] = []
        self._chosen: set[str] | None = None
        self._has_our_keras: bool | None = None
        self._passed: set[str] | None = None

    def find(self) -> Iterator[Site]:
        aliases = self._aliases(_may_be_initializer, LAST_PARTS)
        sampler_aliases = self._aliases(lambda dotted: dotted.rpartition(".")[2] in SAMPLER_PARTS, SAMPLER_PARTS)
        for node in self._tree.nodes:
            if isinstance(node, ast.Attribute):
                yield from self._attribute(node)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                if node.id in aliases or node.id in TELLING:
                    yield from self._name(node)
                elif node.id in DISTINCT:
                    yield from self._from_star(node)
                if node.id in sampler_aliases or node.id in TELLING_SAMPLERS:
                    yield from self._sampler(node, Kind.FOLLOWS)
            elif isinstance(node, ast.ImportFrom):
                yield from self._from_import(node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
                yield from self._getattr(node)
            elif isinstance(node, ast.Constant):
                yield from self._string(node)

    def _attribute(self, node: ast.Attribute) -> Iterator[Site]:
        if node.attr in LAST_PARTS:
            yield from self._chain(node)
        if node.attr in SAMPLER_PARTS:
            yield from self._sampler(node, Kind.CHAIN)

    def _aliases(self, may_be_one: Callable[[str], bool], last_parts: frozenset[str]) -> set[str]:
        """Returns the names that some scope may bind to an initializer of the family, or to a sampler.

        Args:
          may_be_one: whether a dotted name may be one.
          last_parts: what the last part of each one's name is among.
        """
        found = {
            name
            for scope in self._names.scopes
            for name, bindings in scope.bindings.items()
            if any(may_be_one(binding.dotted or "") for binding in bindings)
        }
        while True:
            more = {
                name
                for scope in self._names.scopes
                for name, bindings in scope.bindings.items()
                if name not in found and any(_leads_on(binding, found, last_parts) for binding in bindings)
            }
            if not more:
                return found
            found |= more

    def _is_tf1(self) -> bool | None:
        if not self._era:
            self._era.append(is_tf1(self._tree, self._names, self._project))
        return self._era[0]

    def _judge(self, meaning: Meaning) -> tuple[Initializer | None, Doubt | None, bool]:
        """Returns which initializer a meaning is, and the doubt about it; None and None if it is none."""
        found = {name: initializer(name) for name in meaning.names if not self._has_v1_twin(name, meaning)}
        also_keras = {name for name, target in found.items() if target is not None and is_also_keras(name)}
        if also_keras and self._is_tf1() is False:
            found.update(dict.fromkeys(also_keras))
        same = {name for name, target in found.items() if target is not None and is_same_in_tf2(name)}
        if same and not self._is_tf1():
            found.update(dict.fromkeys(same))
        targets = {target for target in found.values() if target is not None}
        if not targets:
            return None, None, False
        target = min(targets, key=lambda target: target.shim)
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

    def _site(self, node: ast.expr, kind: Kind, meaning: Meaning) -> Iterator[Site]:
        target, doubt, is_keras_v1 = self._judge(meaning)
        if target is not None:
            yield Site(node, kind, *self._tree.span(node), target, doubt, is_keras_v1)

    def _chain(self, node: ast.Attribute) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        for site in self._site(node, Kind.CHAIN, meaning):
            if not self._tree.text(node).endswith(node.attr):
                # Before Python 3.12 the parser misplaces what is inside of some f-strings.
                site.doubt = Doubt.TEXT
            if not isinstance(node.ctx, ast.Load):
                site.doubt = Doubt.ASSIGNED
            elif site.doubt is None and node.attr == "VarianceScaling" and self._is_written_by_us(node, meaning):
                site.doubt, site.is_written_by_us = Doubt.TF1_OR_TF2, True
            yield site
            return
        if self._is_lost(node, meaning, TELLING, _MODULES):
            yield Site(node, Kind.CHAIN, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)

    # --- Samplers ---

    def _sampler(self, node: ast.expr, kind: Kind) -> Iterator[Site]:
        """Yields a sampler that makes an initial value; what it draws otherwise is the program's own."""
        meaning = self._names.meaning(node)
        target, doubt = self._judge_sampler(meaning)
        if target is None and self._is_lost_sampler(node, meaning):
            doubt = Doubt.NOT_FOLLOWED
        if doubt is None and isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            doubt = None if target is None else Doubt.ASSIGNED
        if doubt is Doubt.ASSIGNED or (doubt is not None and self._may_be_asked_for(node)):
            yield Site(node, kind, *self._tree.span(node), target, doubt)
        if target is None or doubt is not None:
            return
        if kind is Kind.CHAIN and not self._tree.text(node).endswith(getattr(node, "attr", "")):
            doubt = Doubt.TEXT
        fates = self._initial_values.fates(node)
        is_asked_for = fates != {Fate.INITIAL}
        if not self._samplers and kind is Kind.FOLLOWS and not self._is_moved_where_bound(node):
            kind = Kind.CHAIN
            is_asked_for = is_asked_for or not isinstance(self._tree.parents[node], ast.Call)
        if not is_asked_for or self._samplers:
            yield Site(node, kind, *self._tree.span(node), target, doubt, is_asked_for=is_asked_for)
        elif Fate.UNSEEN in fates and self._initial_values.is_handed_on(node):
            yield Site(node, kind, *self._tree.span(node), target, Doubt.UNCALLED)

    def _judge_sampler(self, meaning: Meaning) -> tuple[Initializer | None, Doubt | None]:
        """Returns which sampler a meaning is, and the doubt about it; None and None if it is none."""
        found = {name: sampler(name) for name in meaning.names if not self._has_v1_twin(name, meaning)}
        if any(map(is_same_in_tf2, found)) and not self._is_tf1():
            return None, None
        targets = {target for target in found.values() if target is not None}
        if not targets:
            return None, None
        is_sure = len(targets) == 1 and None not in found.values() and not meaning.other and not meaning.unbound
        return min(targets, key=lambda target: target.shim), None if is_sure else Doubt.BOUND_OTHERWISE

    def _may_be_asked_for(self, node: ast.expr) -> bool:
        """Returns whether what is not surely a sampler would matter if it were: it looks like an initial value."""
        if self._samplers:
            return True
        call = self._tree.parents[node]
        is_called = isinstance(call, ast.Call) and call.func is node
        return is_called and self._initial_values.is_one(call, sure=False)  # type: ignore[arg-type]

    def _is_lost_sampler(self, node: ast.expr, meaning: Meaning) -> bool:
        if isinstance(node, ast.Attribute):
            return self._is_lost(node, meaning, TELLING_SAMPLERS, frozenset())
        # By a star import of TensorFlow's.
        stars = {star for scope in self._names.scopes for star in scope.stars}
        name = getattr(node, "id", "")
        return meaning.unbound and any(star.startswith(".") or sampler(f"{star}.{name}") for star in stars)

    def _is_moved_where_bound(self, node: ast.expr) -> bool:
        """Returns whether a name means the new sampler once all that binds it is moved."""
        if not isinstance(node, ast.Name):
            return False
        scope = self._names.owner(node.id, self._names.scope_of[node])
        if scope is None or self._initial_values.fates_of_name(scope, node.id) != {Fate.INITIAL}:
            return False
        return all(self._moves(binding) for binding in scope.bindings[node.id])

    def _moves(self, binding: Binding) -> bool:
        if binding.dotted is not None:
            return sampler(binding.dotted) is not None
        if isinstance(binding.value, ast.Name):
            return self._is_moved_where_bound(binding.value)
        return binding.value is not None

    def _sampler_import(self, node: ast.ImportFrom, alias: ast.alias) -> Iterator[Site]:
        target, doubt = self._judge_sampler(Meaning(frozenset([f"{node.module}.{alias.name}"])))
        if target is None or doubt is not None:
            return
        scope = self._names.scope_of[node].function()
        name = alias.asname or alias.name
        owner = self._names.owner(name, scope) or scope
        is_asked_for = self._initial_values.fates_of_name(owner, name) != {Fate.INITIAL}
        if not all(map(self._moves, owner.bindings.get(name, []))):
            doubt = Doubt.FALLBACK
        if not is_asked_for or self._samplers:
            yield Site(alias, Kind.FROM_IMPORT, *self._tree.span(node), target, doubt, is_asked_for=is_asked_for)

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

    def _is_lost(self, node: ast.Attribute, meaning: Meaning, telling: frozenset[str], modules: frozenset[str]) -> bool:
        """Returns whether a chain looks like one of TensorFlow's, but begins with something that was not followed.

        Args:
          node: the chain.
          meaning: what it may stand for.
          telling: what the last part of a name is among that no other library has.
          modules: those in which any name tells as much.
        """
        parts = [node.attr]
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name):
            return node.attr in telling and not meaning.names and any(map(_is_tensorflows, ast.walk(node.value)))
        if meaning.local or any(initializer(name) for name in meaning.names):
            return False
        if node.attr not in telling and modules.isdisjoint(parts[1:2]):
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
                yield Site(node, Kind.FOLLOWS, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)
            return
        yield from self._site(node, Kind.FOLLOWS, meaning)

    def _from_star(self, node: ast.Name) -> Iterator[Site]:
        """Yields a site where a star import of TensorFlow's gives a name that other libraries have too."""
        stars = {star for scope in self._names.scopes for star in scope.stars}
        names = [f"{star}.{node.id}" for star in stars if initializer(f"{star}.{node.id}") is not None]
        if not names or not self._names.meaning(node).unbound:
            return
        if not all(map(is_also_keras, names)) or self._is_tf1() is not False:
            yield Site(node, Kind.FOLLOWS, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)

    def _from_import(self, node: ast.ImportFrom) -> Iterator[Site]:
        if node.level:
            return
        for alias in node.names:
            if alias.name in SAMPLER_PARTS:
                yield from self._sampler_import(node, alias)
            if alias.name not in LAST_PARTS:
                continue
            meaning = Meaning(frozenset([f"{node.module}.{alias.name}"]))
            target, doubt, is_keras_v1 = self._judge(meaning)
            if target is not None:
                if doubt is None and self._has_other_fallback(node, alias):
                    doubt = Doubt.FALLBACK
                yield Site(alias, Kind.FROM_IMPORT, *self._tree.span(node), target, doubt, is_keras_v1)

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
            if isinstance(name.value, str) and name.value in SAMPLER_PARTS:
                yield from self._sampler(node, Kind.GETATTR)
            if isinstance(name.value, str) and name.value in LAST_PARTS:
                for site in self._site(node, Kind.GETATTR, self._names.meaning(node)):
                    if len(node.args) > 2 and site.doubt is None:  # noqa: PLR2004
                        # With a default the code asks whether the name is there at all.
                        site.doubt = Doubt.COMPUTED
                    yield site
            return
        owners = self._names.meaning(node.args[0]).names
        if any(initializer(f"{owner}.{last}") for owner in owners for last in ("he_normal", "xavier_initializer")):
            yield Site(node, Kind.GETATTR, *self._tree.span(node), None, Doubt.COMPUTED)

    def _string(self, node: ast.Constant) -> Iterator[Site]:
        if not isinstance(node.value, str):
            return
        if node.value in KERAS_STRINGS and self._is_for_keras(node):
            yield Site(node, Kind.CHAIN, *self._tree.span(node), None, Doubt.KERAS_STRING)
        if not names_an_initializer(node.value):
            return
        parent = self._tree.parents[node]
        if isinstance(parent, (ast.Expr, ast.JoinedStr)) or node.value in self._names.module.bindings:
            return  # Documentation, or `__all__` and the like, which name what this file has.
        if node.value in self._choices():
            return
        if isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "getattr":
            return
        yield Site(node, Kind.CHAIN, *self._tree.span(node), None, Doubt.TEXT)

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


def _leads_on(binding: Binding, found: set[str], last_parts: frozenset[str]) -> bool:
    """Returns whether an assignment gives a name what one of the `found` names, or a name that ends so, stands for."""
    value = binding.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "getattr" and len(value.args) > 1:
        return isinstance(value.args[1], ast.Constant) and value.args[1].value in last_parts
    if isinstance(value, ast.Attribute):
        return value.attr in last_parts
    return isinstance(value, ast.Name) and value.id in found


def _may_be_initializer(dotted: str) -> bool:
    return dotted.rpartition(".")[2] in DISTINCT or initializer(dotted) is not None


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
