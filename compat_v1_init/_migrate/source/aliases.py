"""The names that a source gives to something of TensorFlow's, straight from it or by way of other names."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .names import Binding, Names


def aliases(names: Names, may_be_one: Callable[[str], bool], last_parts: frozenset[str]) -> set[str]:
    """Returns the names that some scope may bind to one of some dotted names, of which these are the last parts."""
    found: set[str] = set()
    further: dict[str, list[str]] = defaultdict(list)
    """The names that get the value of each name."""
    for scope in names.scopes:
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if isinstance(binding.value, ast.Name):
                    further[binding.value.id].append(name)
                if may_be_one(binding.dotted or "") or _ends_so(binding, last_parts):
                    found.add(name)
    waiting = list(found)
    while waiting:
        for name in further[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _ends_so(binding: Binding, last_parts: frozenset[str]) -> bool:
    """Returns whether an assignment gives a name what an attribute of such a name stands for."""
    value = binding.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "getattr" and len(value.args) > 1:
        return isinstance(value.args[1], ast.Constant) and value.args[1].value in last_parts
    return isinstance(value, ast.Attribute) and value.attr in last_parts
