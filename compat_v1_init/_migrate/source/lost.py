"""Chains of attributes that look like TensorFlow's, but begin with something that was not followed."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .names import Meaning

_TENSORFLOWS_NAME = re.compile(
    r"_*(?:tf|tensorflow|slim|contrib|init_ops|tcl?|compat)(?:_?v?[12])?(?:_\w+)?|v1|\w+_(?:tf|tensorflow|slim|contrib)"
)
_KNOWN = ("tensorflow.", "tf_slim.", "keras.", "tf_keras.", "compat_v1_init.")


def is_lost(
    node: ast.Attribute, meaning: Meaning, telling: frozenset[str], modules: frozenset[str] = frozenset()
) -> bool:
    """Returns whether a chain looks like one of TensorFlow's, but begins with something that was not followed.

    Its last part is one of the `telling` names, which no other library has, or it is in one of the `modules`.
    """
    parts = [node.attr]
    root: ast.expr = node.value
    while isinstance(root, ast.Attribute):
        parts.append(root.attr)
        root = root.value
    if not isinstance(root, ast.Name):
        return node.attr in telling and not meaning.names and any(map(_is_tensorflows, ast.walk(node.value)))
    # A local of TensorFlow's name is another thing, but `self.tf` may well be TensorFlow.
    if meaning.local and not any(map(_TENSORFLOWS_NAME.fullmatch, parts[1:])):
        return False
    if node.attr not in telling and modules.isdisjoint(parts[1:2]):
        return False
    if any(name.startswith(_KNOWN) for name in meaning.names):
        return False
    middle = {part for name in meaning.names for part in name.split(".")[:-1]}
    looks = any(_TENSORFLOWS_NAME.fullmatch(part) for part in (root.id, *parts[1:], *middle))
    return looks and (meaning.unbound or meaning.other or bool(meaning.names))


def _is_tensorflows(node: ast.AST) -> bool:
    """Returns whether a name, an attribute or a string is called as TensorFlow's modules are."""
    name = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", getattr(node, "id", None))
    return isinstance(name, str) and _TENSORFLOWS_NAME.fullmatch(name) is not None
