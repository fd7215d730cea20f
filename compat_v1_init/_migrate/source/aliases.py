"""The names that a source gives to something of TensorFlow's, straight from it or by way of other names."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .names import Binding, Names


def aliases(names: Names, may_be_one: Callable[[str], bool], last_parts: frozenset[str]) -> set[str]:
    """Returns the names that some scope may bind to an initializer of the family, or to a sampler.

    Args:
      names: the scopes of a tree.
      may_be_one: whether a dotted name may be one.
      last_parts: what the last part of each one's name is among.
    """
    found = {
        name
        for scope in names.scopes
        for name, bindings in scope.bindings.items()
        if any(may_be_one(binding.dotted or "") for binding in bindings)
    }
    while True:
        more = {
            name
            for scope in names.scopes
            for name, bindings in scope.bindings.items()
            if name not in found and any(_leads_on(binding, found, last_parts) for binding in bindings)
        }
        if not more:
            return found
        found |= more


def _leads_on(binding: Binding, found: set[str], last_parts: frozenset[str]) -> bool:
    """Returns whether an assignment gives a name what one of the `found` names, or a name that ends so, stands for."""
    value = binding.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "getattr" and len(value.args) > 1:
        return isinstance(value.args[1], ast.Constant) and value.args[1].value in last_parts
    if isinstance(value, ast.Attribute):
        return value.attr in last_parts
    return isinstance(value, ast.Name) and value.id in found
