"""Where a source draws by TF1's samplers, and which of these places make initial values."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .initial_values import Fate, InitialValues
from .initializer_names import (
    SAMPLER_LAST_NAMES,
    TF1_ONLY_SAMPLERS,
    NamedInitializer,
    has_v1_twin,
    is_same_in_tf2,
    sampler_of,
)
from .lost import is_lost
from .names import Binding, Meaning, Names
from .site import Doubt, Site, Spelling
from .used_elsewhere import makes_initial_values

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

    from .tree import Tree


class SamplerSites:
    """The sites of a tree's samplers; with `all_of_them` also those that make something else than initial values."""

    def __init__(
        self, tree: Tree, names: Names, project: Project, is_tf1: Callable[[], bool | None], *, all_of_them: bool
    ) -> None:
        self._tree = tree
        self._names = names
        self._is_tf1 = is_tf1
        self._all = all_of_them
        self._initial_values = InitialValues(tree, names, functools.partial(makes_initial_values, project))
        elsewhere = functools.partial(makes_initial_values, project, some=True)
        self._perhaps = InitialValues(tree, names, elsewhere, some=True)
        may_be_one = names.aliases(lambda dotted: dotted.rpartition(".")[2] in SAMPLER_LAST_NAMES, SAMPLER_LAST_NAMES)
        self.names = may_be_one | TF1_ONLY_SAMPLERS
        """The names that may be a sampler's."""

    def matter(self, node: ast.expr, *, sure: bool = True) -> bool:
        """Returns whether samplers would be sites where their function is this expression.

        What is not surely TensorFlow's counts if it looks like an initial value.
        """
        call = self._tree.call_of(node)
        return self._all or (call is not None and self._initial_values.is_one(call, sure=sure))

    def sites(self, node: ast.expr, spelling: Spelling) -> Iterator[Site]:
        """Yields a sampler that makes an initial value; what it draws otherwise is the program's own."""
        meaning = self._names.meaning(node)
        target, doubt = self._judge(meaning)
        if target is None and self._is_lost(node, meaning):
            doubt = Doubt.NOT_FOLLOWED
        if doubt is None and isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            doubt = None if target is None else Doubt.ASSIGNED
        if doubt is Doubt.ASSIGNED or (doubt is not None and self.matter(node, sure=False)):
            yield Site(node, spelling, *self._tree.span(node), target, doubt)
        if target is None or doubt is not None:
            return
        if spelling is Spelling.CHAIN and not self._tree.text(node).endswith(getattr(node, "attr", "")):
            doubt = Doubt.TEXT
        fates = self._initial_values.fates(node)
        is_asked_for = fates != {Fate.INITIAL}
        if not self._all and spelling is Spelling.FOLLOWS and not self._is_moved_where_bound(node):
            spelling = Spelling.CHAIN
            is_asked_for = is_asked_for or not isinstance(self._tree.parents[node], ast.Call)
        if not is_asked_for or self._all:
            yield Site(node, spelling, *self._tree.span(node), target, doubt, is_asked_for=is_asked_for)
        elif (Fate.UNSEEN in fates and self._initial_values.is_handed_on(node)) or self._is_mixed(node):
            yield Site(node, spelling, *self._tree.span(node), target, Doubt.UNCALLED)

    def _is_mixed(self, node: ast.expr) -> bool:
        """Returns whether what a sampler draws here becomes an initial value, and something else too."""
        call = self._tree.call_of(node)
        return call is not None and self._perhaps.is_one(call)

    def _judge(self, meaning: Meaning) -> tuple[NamedInitializer | None, Doubt | None]:
        """Returns which sampler a meaning is, and the doubt about it; None and None if it is none."""
        found = {name: sampler_of(name) for name in meaning.names if not has_v1_twin(name, meaning.names)}
        if any(map(is_same_in_tf2, found)) and not self._is_tf1():
            return None, None
        targets = {target for target in found.values() if target is not None}
        if not targets:
            return None, None
        is_sure = len(targets) == 1 and None not in found.values() and not meaning.other and not meaning.unbound
        return min(targets, key=lambda target: target.drop_in), None if is_sure else Doubt.BOUND_OTHERWISE

    def _is_lost(self, node: ast.expr, meaning: Meaning) -> bool:
        if isinstance(node, ast.Attribute):
            return is_lost(node, meaning, TF1_ONLY_SAMPLERS)
        # By a star import of TensorFlow's.
        name = getattr(node, "id", "")
        return meaning.unbound and any(
            star.startswith(".") or sampler_of(f"{star}.{name}") for star in self._names.stars
        )

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
            return sampler_of(binding.dotted) is not None
        if isinstance(binding.value, ast.Name):
            return self._is_moved_where_bound(binding.value)
        return binding.value is not None

    def of_import(self, node: ast.ImportFrom, alias: ast.alias) -> Iterator[Site]:
        target, doubt = self._judge(Meaning(frozenset([f"{node.module}.{alias.name}"])))
        if target is None or doubt is not None:
            return
        scope = self._names.scope_of[node].function()
        name = alias.asname or alias.name
        owner = self._names.owner(name, scope) or scope
        is_asked_for = self._initial_values.fates_of_name(owner, name) != {Fate.INITIAL}
        if not all(map(self._moves, owner.bindings.get(name, []))):
            doubt = Doubt.FALLBACK
        if not is_asked_for or self._all:
            yield Site(alias, Spelling.FROM_IMPORT, *self._tree.span(node), target, doubt, is_asked_for=is_asked_for)
