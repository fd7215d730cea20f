"""Where a source names an initializer of the family."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from compat_v1_init._family import TRUNCATED_STDDEV_IN_CODE

from .calls import has_stars
from .initializer_names import (
    CLEAR_NAMES,
    LAST_NAMES,
    SAMPLER_LAST_NAMES,
    TF1_ONLY_NAMES,
    NamedInitializer,
    has_v1_twin,
    initializer_of,
    is_also_keras,
    is_same_in_tf2,
    sampler_of,
)
from .lost import is_lost
from .names import Meaning, Names
from .sampler_sites import SamplerSites
from .site import Doubt, Site, Spelling
from .strings import Strings
from .tf_name import tf_name
from .tf_version import Version, version_of

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project
    from compat_v1_init._migrate.findings import Goal

    from .tree import Tree

_MODULES = frozenset({"initializers", "init_ops"})
_OF_EACH_MODULE = ("he_normal", "xavier_initializer", "convolutional_orthogonal_1d")
"""One of these is in every module that has initializers and little else."""
WRITTEN_BY_US = frozenset({"VarianceScaling", "RandomNormal", "TruncatedNormal", "RandomUniform"})
"""The classes of `tf.keras.initializers` that `--to keras` writes and TF1 has too."""
_SPELLINGS = {
    ast.Attribute: Spelling.CHAIN,
    ast.Call: Spelling.GETATTR,
    ast.Constant: Spelling.CHAIN,
    ast.Name: Spelling.FOLLOWS,
    ast.Subscript: Spelling.CHAIN,
}


def find_sites(tree: Tree, names: Names, project: Project, goal: Goal) -> list[Site]:
    """Returns the sites of a tree, in order of place."""
    return sorted(_Finder(tree, names, project, goal).find(), key=lambda site: (site.start, site.end))


class _Judged(NamedTuple):
    """Which initializer a name stands for."""

    initializer: NamedInitializer | None
    """None if it is none of the family."""
    doubt: Doubt | None = None
    is_keras_v1: bool = False


class _Finder:
    def __init__(self, tree: Tree, names: Names, project: Project, goal: Goal) -> None:
        self._project = project
        self._tree = tree
        self._names = names
        self._strings = Strings(tree, names, lambda: self._is_tf1, project)
        self._samplers = SamplerSites(tree, names, project, lambda: self._is_tf1, all_of_them=goal.samplers)
        self._aliases = names.aliases(_may_be_initializer, LAST_NAMES)

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
        if node.id in self._aliases or node.id in TF1_ONLY_NAMES:
            yield from self._name(node)
        elif node.id in LAST_NAMES:
            yield from self._from_star(node)
        if node.id in self._samplers.names:
            yield from self._samplers.sites(node, Spelling.FOLLOWS)

    def _site(
        self, node: ast.expr, initializer: NamedInitializer | None, doubt: Doubt | None = None, **more: Any
    ) -> Site:
        return Site(node, _SPELLINGS[type(node)], *self._tree.span(node), initializer, doubt, **more)

    def _judged_sites(self, node: ast.expr, meaning: Meaning) -> Iterator[Site]:
        found, doubt, is_keras_v1 = self._judge(meaning)
        if found is None:
            return
        if doubt is None and found.defaults and not self._has_clear_defaults(node, found):
            doubt = Doubt.OTHER_DEFAULTS
        yield self._site(node, found, doubt, is_keras_v1=is_keras_v1, evidence=self._evidence(meaning))

    def _evidence(self, meaning: Meaning) -> str:
        """Returns what shows the version that a name of both is of; empty for other names."""
        return self._version.evidence if any(map(is_also_keras, meaning.names)) else ""

    def _has_clear_defaults(self, node: ast.expr, initializer: NamedInitializer) -> bool:
        """Returns whether a name is called right here with arguments that are all seen.

        A name of an import has to be called with all arguments whose defaults differ, since only the import changes.
        """
        call = self._tree.call_of(node)
        if call is None or has_stars(call):
            return False
        if isinstance(node, ast.Attribute):
            return True
        given = {*initializer.parameters[: len(call.args)], *(keyword.arg for keyword in call.keywords)}
        return given >= {name for name, _ in initializer.defaults}

    def _is_called_with_all(self, name: str, initializer: NamedInitializer) -> bool:
        uses = self._tree.names.get(name)
        return uses is not None and all(self._has_clear_defaults(use, initializer) for use in uses)

    def _attribute(self, node: ast.Attribute) -> Iterator[Site]:
        if node.attr in LAST_NAMES:
            yield from self._chain(node)
        if node.attr in SAMPLER_LAST_NAMES:
            yield from self._samplers.sites(node, Spelling.CHAIN)

    @functools.cached_property
    def _version(self) -> Version:
        return version_of(self._tree, self._names, self._project)

    @property
    def _is_tf1(self) -> bool | None:
        return self._version.is_tf1

    def _judge(self, meaning: Meaning) -> _Judged:
        """Returns the initializer that a meaning is, and the doubt about it."""
        found = {
            name: initializer_of(name)
            for name in meaning.names
            if not has_v1_twin(name, meaning.names) or (is_also_keras(name) and self._names.has_aliases_of_themselves)
        }
        also_keras = [name for name, initializer in found.items() if initializer is not None and is_also_keras(name)]
        for name, initializer in found.items():
            is_tf2s = (name in also_keras and self._is_tf1 is False) or (is_same_in_tf2(name) and not self._is_tf1)
            if initializer is not None and is_tf2s:
                found[name] = None
        initializers = {initializer for initializer in found.values() if initializer is not None}
        if not initializers:
            return _Judged(None)
        doubt = None
        is_open = meaning.other or meaning.unbound or None in found.values()
        if is_open or len({_kind(each) for each in initializers}) > 1:
            doubt = Doubt.BOUND_OTHERWISE
        elif also_keras and self._is_tf1 is None:
            doubt = Doubt.TF1_OR_TF2 if len(found) == 1 else Doubt.BOUND_OTHERWISE
        is_keras_v1 = any(
            name.is_v1 and name.module == "keras.initializers" for name in filter(None, map(tf_name, found))
        )
        return _Judged(min(initializers, key=lambda each: each.drop_in), doubt, is_keras_v1)

    def _chain(self, node: ast.Attribute) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        for site in self._judged_sites(node, meaning):
            if not self._tree.text(node).endswith(node.attr):
                # Before Python 3.12 the parser gives wrong places to what is inside of some f-strings.
                site.doubt = Doubt.TEXT
            if not isinstance(node.ctx, ast.Load):
                site.doubt = Doubt.ASSIGNED
            elif site.doubt is None and node.attr in WRITTEN_BY_US and self._is_written_by_us(node, meaning):
                site.doubt, site.is_written_by_us = Doubt.TF1_OR_TF2, True
            yield site
            return
        if is_lost(node, meaning, TF1_ONLY_NAMES, _MODULES):
            yield self._site(node, None, Doubt.NOT_FOLLOWED)

    def _is_written_by_us(self, node: ast.Attribute, meaning: Meaning) -> bool:
        """Returns whether a name of `tf.keras.initializers` looks like what `--to keras` writes; TF1 has it too.

        `--to keras` writes keywords alone. It puts others before the scale of `VarianceScaling`, or contrib's constant
        into it, or it has written classes of this package into the same file.
        """
        call = self._tree.parents[node]
        if not any(map(is_also_keras, meaning.names)) or not isinstance(call, ast.Call) or call.args:
            return False
        is_scaling = node.attr == "VarianceScaling" and call.keywords
        if is_scaling and (call.keywords[0].arg != "scale" or TRUNCATED_STDDEV_IN_CODE in self._tree.text(call)):
            return True
        return self._has_our_keras

    @functools.cached_property
    def _has_our_keras(self) -> bool:
        ours = [each for each in self._tree.of(ast.Attribute) if each.attr.startswith("TF1")]
        names = (name for each in ours for name in self._names.meaning(each).names)
        return any(name.startswith("compat_v1_init.keras.") for name in names)

    def _name(self, node: ast.Name) -> Iterator[Site]:
        meaning = self._names.meaning(node)
        if meaning.unbound:
            if self._names.stars:
                yield self._site(node, None, Doubt.NOT_FOLLOWED)
            return
        yield from self._judged_sites(node, meaning)

    def _from_star(self, node: ast.Name) -> Iterator[Site]:
        """Yields a site where a star import of TensorFlow's gives a name that other libraries have too."""
        names = [f"{star}.{node.id}" for star in self._names.stars if initializer_of(f"{star}.{node.id}") is not None]
        if not names or not self._names.meaning(node).unbound:
            return
        if not all(map(is_also_keras, names)) or self._is_tf1 is not False:
            yield self._site(node, None, Doubt.NOT_FOLLOWED)

    def _from_import(self, node: ast.ImportFrom) -> Iterator[Site]:
        if node.level:
            return
        for alias in node.names:
            if alias.name in SAMPLER_LAST_NAMES:
                yield from self._samplers.of_import(node, alias)
            if alias.name not in LAST_NAMES:
                continue
            meaning = Meaning(frozenset([f"{node.module}.{alias.name}"]))
            found, doubt, is_keras_v1 = self._judge(meaning)
            if found is None:
                continue
            if doubt is None and self._has_other_fallback(node, alias):
                doubt = Doubt.FALLBACK
            elif doubt is None and found.defaults and not self._is_called_with_all(alias.asname or alias.name, found):
                doubt = Doubt.OTHER_DEFAULTS
            span, evidence = self._tree.span(node), self._evidence(meaning)
            yield Site(alias, Spelling.FROM_IMPORT, *span, found, doubt, is_keras_v1, evidence=evidence)

    def _has_other_fallback(self, node: ast.ImportFrom, alias: ast.alias) -> bool:
        """Returns whether another branch binds the name to something else."""
        scope = self._names.scope_of[node].function()
        meaning = self._names.meaning_of_name(alias.asname or alias.name, scope)
        return self._judge(meaning).doubt is Doubt.BOUND_OTHERWISE

    def _getattr(self, node: ast.Call) -> Iterator[Site]:
        is_getattr = getattr(node.func, "id", "") == "getattr" and node.args[1:]
        if not is_getattr or self._names.bindings("getattr", self._names.scope_of[node]):
            return
        owner, name, *default = node.args
        if not isinstance(name, ast.Constant):
            if self._may_look_up(owner, name, with_samplers=self._samplers.matter(node)):
                yield self._site(node, None, Doubt.COMPUTED)
            return
        if name.value in SAMPLER_LAST_NAMES:
            yield from self._samplers.sites(node, Spelling.GETATTR)
        if name.value in LAST_NAMES:
            for site in self._judged_sites(node, self._names.meaning(node)):
                if default and site.doubt is None:
                    # With a default the code asks whether the name is there at all.
                    site.doubt = Doubt.COMPUTED
                yield site

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
            is_one = last not in TF1_ONLY_NAMES and any(initializer_of(f"{each}.{last}") for each in owners)
        else:
            is_one = self._may_look_up(owner, name, with_samplers=self._samplers.matter(node))
        if is_one:
            yield self._site(node, None, Doubt.COMPUTED)

    def _may_look_up(self, owner: ast.expr, name: ast.expr, *, with_samplers: bool) -> bool:
        """Returns whether a name that the running program makes may be one of a module's initializers, or samplers.

        In a module of initializers any may be; in others one that ends as theirs do.
        """
        texts = [str(each.value) for each in ast.walk(name) if isinstance(each, ast.Constant)]
        endings = tuple(text for text in texts if text.endswith("_initializer"))
        for each in self._names.meaning(owner).names:
            if any(initializer_of(f"{each}.{last}") for last in _OF_EACH_MODULE):
                return True
            if any(last.endswith(endings) and initializer_of(f"{each}.{last}") for last in TF1_ONLY_NAMES if endings):
                return True
            if with_samplers and any(sampler_of(f"{each}.{last}") for last in SAMPLER_LAST_NAMES):
                return True
        return False

    def _string(self, node: ast.Constant) -> Iterator[Site]:
        if not isinstance(node.value, str):
            return
        if self._strings.is_for_keras(node):
            yield self._site(node, None, Doubt.KERAS_STRING)
        if self._strings.is_name(node):
            yield self._site(node, None, Doubt.TEXT)


def _kind(initializer: NamedInitializer) -> tuple[object, ...]:
    return initializer.original.rpartition(".")[2].replace("_initializer", ""), initializer.defaults


def _may_be_initializer(dotted: str) -> bool:
    return dotted.rpartition(".")[2] in CLEAR_NAMES or initializer_of(dotted) is not None
