"""Where a source names an initializer of the family, and why a person may have to decide about it."""

from __future__ import annotations

import ast
import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from compat_v1_init._family import TRUNCATED_STDDEV_IN_CODE

from .initial_values import is_initial_value
from .initializer_names import (
    CLEAR_NAMES,
    LAST_NAMES,
    SAMPLER_LAST_NAMES,
    TF1_ONLY_NAMES,
    NamedInitializer,
    initializer_of,
    is_also_keras,
    is_same_in_tf2,
    sampler_of,
)
from .names import Binding, Meaning, Names
from .strings import Strings
from .tf_version import is_tf1

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

    from .tree import Tree

_TENSORFLOWS_NAME = re.compile(
    r"_*(?:tf|tensorflow|slim|contrib|init_ops|tcl?|compat)(?:_?v?[12])?(?:_\w+)?|v1|\w+_(?:tf|tensorflow|slim|contrib)"
)


class Spelling(enum.Enum):
    """How a site names its initializer."""

    CHAIN = "tf.x"
    """An attribute chain from a module; what is edited is the chain."""
    FROM_IMPORT = "from tf import x"
    FOLLOWS = "x"
    """A name that a `from` import or an alias binds: once that is edited, it means the new initializer."""
    GETATTR = 'getattr(tf, "x")'


_SPELLINGS = {
    ast.Attribute: Spelling.CHAIN,
    ast.Call: Spelling.GETATTR,
    ast.Constant: Spelling.CHAIN,
    ast.Name: Spelling.FOLLOWS,
}


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
    """Whether it looks like what an earlier run `--to keras` has written. Only `--to shim` has to care."""


def find_sites(tree: Tree, names: Names, project: Project) -> list[Site]:
    """Returns the sites of a tree, in order of place."""
    finder = _Finder(tree, names, project)
    return sorted(finder.find(), key=lambda site: (site.start, site.end))


class _Judged(NamedTuple):
    """Which initializer a name stands for."""

    initializer: NamedInitializer | None
    """None if it is none of the family."""
    doubt: Doubt | None = None
    is_keras_v1: bool = False


class _Finder:
    def __init__(self, tree: Tree, names: Names, project: Project) -> None:
        self._project = project
        self._tree = tree
        self._names = names
        self._strings = Strings(tree, names, lambda: self._is_tf1)

    def find(self) -> Iterator[Site]:
        aliases = self._aliases()
        for node in self._tree.nodes:
            if isinstance(node, ast.Attribute):
                yield from self._attribute(node)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                if node.id in aliases or node.id in TF1_ONLY_NAMES:
                    yield from self._name(node)
                elif node.id in CLEAR_NAMES:
                    yield from self._from_star(node)
            elif isinstance(node, ast.ImportFrom):
                yield from self._from_import(node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
                yield from self._getattr(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from self._string(node)

    def _site(
        self, node: ast.expr, initializer: NamedInitializer | None, doubt: Doubt | None = None, **more: Any
    ) -> Site:
        return Site(node, _SPELLINGS[type(node)], *self._tree.span(node), initializer, doubt, **more)

    def _judged_sites(self, node: ast.expr, meaning: Meaning) -> Iterator[Site]:
        judged = self._judge(meaning)
        if judged.initializer is not None:
            yield self._site(node, judged.initializer, judged.doubt, is_keras_v1=judged.is_keras_v1)

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

    @functools.cached_property
    def _is_tf1(self) -> bool | None:
        return is_tf1(self._tree, self._names, self._project)

    def _judge(self, meaning: Meaning) -> _Judged:
        """Returns the initializer that a meaning is, and the doubt about it."""
        found = {name: initializer_of(name) for name in meaning.names if not self._has_v1_twin(name, meaning)}
        of_family = [name for name, initializer in found.items() if initializer is not None]
        also_keras = list(filter(is_also_keras, of_family))
        if also_keras and self._is_tf1 is False:
            found.update(dict.fromkeys(also_keras))
        same = list(filter(is_same_in_tf2, of_family))
        if same and not self._is_tf1:
            found.update(dict.fromkeys(same))
        initializers = {initializer for initializer in found.values() if initializer is not None}
        if not initializers:
            return _Judged(None)
        doubt = None
        is_open = meaning.other or meaning.unbound or None in found.values()
        if is_open or len({each.original.rpartition(".")[2].replace("_initializer", "") for each in initializers}) > 1:
            doubt = Doubt.BOUND_OTHERWISE
        elif also_keras and self._is_tf1 is None:
            doubt = Doubt.TF1_OR_TF2 if len(found) == 1 else Doubt.BOUND_OTHERWISE
        is_keras_v1 = any(".compat.v1.keras.initializers." in name for name in found)
        return _Judged(min(initializers, key=lambda each: each.drop_in), doubt, is_keras_v1)

    @staticmethod
    def _has_v1_twin(name: str, meaning: Meaning) -> bool:
        """Returns whether a name may also be the same one of `tf.compat.v1`, which is then the one that counts."""
        return (is_also_keras(name) or is_same_in_tf2(name)) and name.replace(".", ".compat.v1.", 1) in meaning.names

    def _chain(self, node: ast.Attribute) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        for site in self._judged_sites(node, meaning):
            if not self._tree.text(node).endswith(node.attr):
                # Before Python 3.12 the parser gives wrong places to what is inside of some f-strings.
                site.doubt = Doubt.TEXT
            if not isinstance(node.ctx, ast.Load):
                site.doubt = Doubt.ASSIGNED
            elif site.doubt is None and node.attr == "VarianceScaling" and self._is_written_by_us(node, meaning):
                site.doubt, site.is_written_by_us = Doubt.TF1_OR_TF2, True
            yield site
            return
        if self._is_not_followed(node, meaning):
            yield self._site(node, None, Doubt.NOT_FOLLOWED)

    def _sampler(self, node: ast.Attribute) -> Iterator[Site]:
        """Yields a sampler that makes an initial value; other draws of the program are left alone."""
        meaning = self._names.meaning(node)
        found = {name: sampler_of(name) for name in meaning.names if not self._has_v1_twin(name, meaning)}
        samplers = set(found.values())
        if len(samplers) != 1 or None in samplers or meaning.other or meaning.unbound:
            return
        if any(map(is_same_in_tf2, found)) and not self._is_tf1:
            return
        call = self._tree.parents[node]
        if isinstance(call, ast.Call) and call.func is node and is_initial_value(self._tree, self._names, call):
            yield self._site(node, samplers.pop())

    def _is_written_by_us(self, node: ast.Attribute, meaning: Meaning) -> bool:
        """Returns whether `tf.keras.initializers.VarianceScaling` looks like what `--to keras` writes; TF1 has it too.

        `--to keras` writes keywords alone. It puts others before the scale, or contrib's constant into it, or it has
        written classes of this package into the same file.
        """
        call = self._tree.parents[node]
        if not any(map(is_also_keras, meaning.names)) or not isinstance(call, ast.Call) or call.args:
            return False
        if call.keywords and (call.keywords[0].arg != "scale" or TRUNCATED_STDDEV_IN_CODE in self._tree.text(call)):
            return True
        return self._has_our_keras

    @functools.cached_property
    def _has_our_keras(self) -> bool:
        return any(
            isinstance(each, ast.Attribute)
            and each.attr.startswith("TF1")
            and any(name.startswith("compat_v1_init.keras.") for name in self._names.meaning(each).names)
            for each in self._tree.nodes
        )

    def _is_not_followed(self, node: ast.Attribute, meaning: Meaning) -> bool:
        """Returns whether a chain looks like one of TensorFlow's, but begins with a name that could not be followed."""
        parts = [node.attr]
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name):
            return node.attr in TF1_ONLY_NAMES and not meaning.names and any(map(_is_tensorflows, ast.walk(node.value)))
        if meaning.local or any(initializer_of(name) for name in meaning.names):
            return False
        if not (node.attr in TF1_ONLY_NAMES or parts[1:2] in (["initializers"], ["init_ops"])):
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
                yield self._site(node, None, Doubt.NOT_FOLLOWED)
            return
        yield from self._judged_sites(node, meaning)

    def _from_star(self, node: ast.Name) -> Iterator[Site]:
        """Yields a site where a star import of TensorFlow's gives a name that other libraries have too."""
        stars = {star for scope in self._names.scopes for star in scope.stars}
        names = [f"{star}.{node.id}" for star in stars if initializer_of(f"{star}.{node.id}") is not None]
        if not names or not self._names.meaning(node).unbound:
            return
        if not all(map(is_also_keras, names)) or self._is_tf1 is not False:
            yield self._site(node, None, Doubt.NOT_FOLLOWED)

    def _from_import(self, node: ast.ImportFrom) -> Iterator[Site]:
        if node.level:
            return
        for alias in node.names:
            if alias.name not in LAST_NAMES:
                continue
            judged = self._judge(Meaning(frozenset([f"{node.module}.{alias.name}"])))
            if judged.initializer is not None:
                if judged.doubt is None and self._has_other_fallback(node, alias):
                    judged = judged._replace(doubt=Doubt.FALLBACK)
                found, doubt, is_keras_v1 = judged
                yield Site(alias, Spelling.FROM_IMPORT, *self._tree.span(node), found, doubt, is_keras_v1)

    def _has_other_fallback(self, node: ast.ImportFrom, alias: ast.alias) -> bool:
        """Returns whether another branch binds the name to something else."""
        scope = self._names.scope_of[node].function()
        meaning = self._names.meaning_of_name(alias.asname or alias.name, scope)
        return self._judge(meaning).doubt is Doubt.BOUND_OTHERWISE

    def _getattr(self, node: ast.Call) -> Iterator[Site]:
        if not node.args[1:] or self._names.bindings("getattr", self._names.scope_of[node]):
            return
        owner, name, *default = node.args
        if isinstance(name, ast.Constant):
            if isinstance(name.value, str) and name.value in LAST_NAMES:
                for site in self._judged_sites(node, self._names.meaning(node)):
                    if default and site.doubt is None:
                        # With a default the code asks whether the name is there at all.
                        site.doubt = Doubt.COMPUTED
                    yield site
            return
        owners = self._names.meaning(owner).names
        if any(initializer_of(f"{each}.{last}") for each in owners for last in ("he_normal", "xavier_initializer")):
            yield self._site(node, None, Doubt.COMPUTED)

    def _string(self, node: ast.Constant) -> Iterator[Site]:
        if self._strings.is_for_keras(node):
            yield self._site(node, None, Doubt.KERAS_STRING)
        if self._strings.is_name(node):
            yield self._site(node, None, Doubt.TEXT)


def _is_tensorflows(node: ast.AST) -> bool:
    """Returns whether a name, an attribute or a string looks like the name of a module of TensorFlow."""
    name = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", getattr(node, "id", None))
    return isinstance(name, str) and _TENSORFLOWS_NAME.fullmatch(name) is not None


def _may_be_initializer(dotted: str) -> bool:
    return dotted.rpartition(".")[2] in CLEAR_NAMES or initializer_of(dotted) is not None
