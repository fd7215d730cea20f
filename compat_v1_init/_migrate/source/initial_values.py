"""Whether an expression is the initial value of a variable, or a part of it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .names import Names
    from .tree import Tree

# Which argument is the initial value: its place, and its name.
_MAKERS = {
    "Variable": (0, "initial_value"),
    "get_variable": (3, "initializer"),
    "get_local_variable": (3, "initializer"),
    "model_variable": (3, "initializer"),
}
# Expressions whose value is still an initial value if a part of it is one.
_PASS_ON = (ast.BinOp, ast.UnaryOp, ast.Lambda, ast.IfExp)


def is_initial_value(tree: Tree, names: Names, node: ast.expr) -> bool:
    """Returns whether the value of an expression is used for initial values only, as far as the code shows.

    Args:
      tree: the tree.
      names: its scopes.
      node: the expression. If its value gets a name, each use of that name must be an initial value.
    """
    child: ast.AST = node
    parent = tree.parents[node]
    while isinstance(parent, _PASS_ON):
        child, parent = parent, tree.parents[parent]
    if isinstance(parent, ast.keyword):
        call = tree.parents[parent]
        return isinstance(call, ast.Call) and _takes(names, call, None, parent.arg)
    if isinstance(parent, ast.Call):
        if child in parent.args and _takes(names, parent, parent.args.index(child), None):
            return True
        # An argument of an op of TensorFlow, as in `tf.multiply(tf.random_normal(...), 0.1)`.
        return child in parent.args and _is_op(names, parent) and is_initial_value(tree, names, parent)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        return _is_named(tree, names, parent.targets[0])
    return False


def _meanings(names: Names, call: ast.Call) -> set[str]:
    found = names.meaning(call.func)
    return set() if found.other or found.unbound else set(found.names)


def _takes(names: Names, call: ast.Call, position: int | None, keyword: str | None) -> bool:
    found = _meanings(names, call)
    places = [_MAKERS.get(name.rpartition(".")[2]) for name in found if name.startswith(("tensorflow.", "tf_slim."))]
    return (
        bool(found)
        and len(places) == len(found)
        and all(
            place is not None and (position == place[0] if keyword is None else keyword == place[1]) for place in places
        )
    )


def _is_op(names: Names, call: ast.Call) -> bool:
    found = _meanings(names, call)
    return bool(found) and all(
        name.startswith("tensorflow.") and name.rpartition(".")[2] not in _MAKERS for name in found
    )


def _is_named(tree: Tree, names: Names, target: ast.Name) -> bool:
    scope = names.owner(target.id, names.scope_of[target])
    if scope is None or scope.is_class or len(scope.bindings[target.id]) > 1:
        return False
    reads = names.reads_of(target.id, scope)
    return bool(reads) and all(is_initial_value(tree, names, read) for read in reads)
