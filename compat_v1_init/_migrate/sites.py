"""Where a source names an initializer of the family, and what keeps it from being moved."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from compat_v1_init._family import TRUNCATED_STDDEV_IN_CODE

from .aliases import aliases
from .evidence import Project, is_tf1
from .lost import is_lost
from .names import Meaning, Names
from .sampler_sites import SamplerSites
from .site import Doubt, Kind, Site
from .targets import (
    DISTINCT,
    KERAS_STRINGS,
    LAST_PARTS,
    NAMED_BY,
    SAMPLER_PARTS,
    TELLING,
    Initializer,
    has_v1_twin,
    initializer,
    is_also_keras,
    is_same_in_tf2,
    sampler,
)

if TYPE_CHECKING:
    from .tree import Tree

_NAMING = re.compile(
    r"(?:[A-Za-z_][\w.]*\.)?(?:"
    + "|".join(sorted(TELLING, key=len, reverse=True))
    + r")(?:\(.*\))?|(?:tf|tensorflow)\.(?:[\w.]+\.)?"
    + NAMED_BY
    + r"(?:\(.*\))?",
    re.DOTALL,
)
_MODULES = frozenset({"initializers", "init_ops"})
_OF_EACH_MODULE = ("he_normal", "xavier_initializer", "convolutional_orthogonal_1d")
"""One of these is in every module that has initializers and little else."""
_PATH = re.compile(rf"(?:\w+\.)*{NAMED_BY}")
_LONGEST_STRING = 400
_TESTS_TEXT = {"startswith", "endswith"}
_REGISTERS = ("register", "add", "setdefault")
"""How functions are called that keep something under a name."""
_NOT_TF_KERAS = ("keras.", "tf_keras.")
_TAKES_STRING = re.compile(
    r"tensorflow(?:\.compat\.v1)?(?:\.python)?\."
    r"(?:keras\.initializers\.(?:get|deserialize)$|(?:keras\.)?layers\.\w+$)"
)


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
        self._tree = tree
        self._names = names
        self._era: list[bool | None] = []
        self._chosen: set[str] | None = None
        self._has_our_keras: bool | None = None
        self._passed: set[str] | None = None
        self._samplers = SamplerSites(tree, names, self._is_tf1, all_of_them=samplers)
        self._stars = {star for scope in names.scopes for star in scope.stars}
        self._aliases = aliases(names, _may_be_initializer, LAST_PARTS)

    def find(self) -> Iterator[Site]:
        handlers: dict[type, Callable[[Any], Iterator[Site]]] = {
            ast.Attribute: self._attribute,
            ast.Name: self._read,
            ast.ImportFrom: self._from_import,
            ast.Call: self._getattr,
            ast.Subscript: self._member,
            ast.Constant: self._string,
        }
        for node in self._tree.nodes:
            handler = handlers.get(type(node))
            if handler is not None:
                yield from handler(node)

    def _read(self, node: ast.Name) -> Iterator[Site]:
        if not isinstance(node.ctx, ast.Load):
            return
        if node.id in self._aliases or node.id in TELLING:
            yield from self._name(node)
        elif node.id in LAST_PARTS:
            yield from self._from_star(node)
        if node.id in self._samplers.names:
            yield from self._samplers.sites(node, Kind.FOLLOWS)

    def _attribute(self, node: ast.Attribute) -> Iterator[Site]:
        if node.attr in LAST_PARTS:
            yield from self._chain(node)
        if node.attr in SAMPLER_PARTS:
            yield from self._samplers.sites(node, Kind.CHAIN)

    def _is_tf1(self) -> bool | None:
        if not self._era:
            self._era.append(is_tf1(self._tree, self._names, self._project))
        return self._era[0]

    def _judge(self, meaning: Meaning) -> tuple[Initializer | None, Doubt | None, bool]:
        """Returns which initializer a meaning is, and the doubt about it; None and None if it is none."""
        found = {name: initializer(name) for name in meaning.names if not has_v1_twin(name, meaning.names)}
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
        if is_lost(node, meaning, TELLING, _MODULES):
            yield Site(node, Kind.CHAIN, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)

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

    def _name(self, node: ast.Name) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        if meaning.unbound:
            if any(scope.stars for scope in self._names.scopes):
                yield Site(node, Kind.FOLLOWS, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)
            return
        yield from self._site(node, Kind.FOLLOWS, meaning)

    def _from_star(self, node: ast.Name) -> Iterator[Site]:
        """Yields a site where a star import of TensorFlow's gives a name that other libraries have too."""
        names = [f"{star}.{node.id}" for star in self._stars if initializer(f"{star}.{node.id}") is not None]
        if not names or not self._names.meaning(node).unbound:
            return
        if not all(map(is_also_keras, names)) or self._is_tf1() is not False:
            yield Site(node, Kind.FOLLOWS, *self._tree.span(node), None, Doubt.NOT_FOLLOWED)

    def _from_import(self, node: ast.ImportFrom) -> Iterator[Site]:
        if node.level:
            return
        for alias in node.names:
            if alias.name in SAMPLER_PARTS:
                yield from self._samplers.of_import(node, alias)
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
        if getattr(node.func, "id", "") != "getattr":
            return
        if len(node.args) < 2 or self._names.bindings("getattr", self._names.scope_of[node]):  # noqa: PLR2004
            return
        name = node.args[1]
        if isinstance(name, ast.Constant):
            if isinstance(name.value, str) and name.value in SAMPLER_PARTS:
                yield from self._samplers.sites(node, Kind.GETATTR)
            if isinstance(name.value, str) and name.value in LAST_PARTS:
                for site in self._site(node, Kind.GETATTR, self._names.meaning(node)):
                    if len(node.args) > 2 and site.doubt is None:  # noqa: PLR2004
                        # With a default the code asks whether the name is there at all.
                        site.doubt = Doubt.COMPUTED
                    yield site
            return
        if self._may_look_up(node.args[0], name, with_samplers=self._samplers.matter(node)):
            yield Site(node, Kind.GETATTR, *self._tree.span(node), None, Doubt.COMPUTED)

    def _member(self, node: ast.Subscript) -> Iterator[Site]:
        """Yields what is looked up in the namespace of a module: `vars(tf)[name]` and `tf.__dict__[name]`."""
        value, name = node.value, node.slice
        if isinstance(value, ast.Attribute) and value.attr == "__dict__":
            owner = value.value
        elif isinstance(value, ast.Call) and getattr(value.func, "id", "") == "vars" and len(value.args) == 1:
            owner = value.args[0]
        else:
            return
        if isinstance(name, ast.Constant):
            owners = self._names.meaning(owner).names
            # A name that says enough is reported as a string.
            last = str(name.value)
            is_one = last not in TELLING and any(initializer(f"{each}.{last}") for each in owners)
        else:
            is_one = self._may_look_up(owner, name, with_samplers=self._samplers.matter(node))
        if is_one:
            yield Site(node, Kind.CHAIN, *self._tree.span(node), None, Doubt.COMPUTED)

    def _may_look_up(self, owner: ast.expr, name: ast.expr, *, with_samplers: bool) -> bool:
        """Returns whether a name that the running program makes may be one of a module's initializers, or samplers.

        In a module of initializers any may be; in others one that ends as theirs do.
        """
        texts = [
            each.value for each in ast.walk(name) if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        endings = tuple(text for text in texts if text.endswith("_initializer"))
        for each in self._names.meaning(owner).names:
            if any(initializer(f"{each}.{last}") for last in _OF_EACH_MODULE):
                return True
            if any(last.endswith(endings) and initializer(f"{each}.{last}") for last in TELLING if endings):
                return True
            if with_samplers and any(sampler(f"{each}.{last}") for last in SAMPLER_PARTS):
                return True
        return False

    def _string(self, node: ast.Constant) -> Iterator[Site]:
        if not isinstance(node.value, str):
            return
        if node.value in KERAS_STRINGS and self._is_for_keras(node):
            yield Site(node, Kind.CHAIN, *self._tree.span(node), None, Doubt.KERAS_STRING)
        parent = self._tree.parents[node]
        is_path = isinstance(parent, ast.Call) and _name_of(parent.func) == "attrgetter"
        if not (names_an_initializer(node.value) or (is_path and _PATH.fullmatch(node.value))):
            return
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
