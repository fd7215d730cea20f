"""Where a value, or what a function makes, ends up: in the initial value of a variable, elsewhere, or out of sight."""

from __future__ import annotations

import ast
import enum
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .names import Names, Scope
    from .tree import Tree

# Which argument is the initial value: its place, and its name.
_MAKERS = {
    "Variable": (0, "initial_value"),
    "get_variable": (3, "initializer"),
    "get_local_variable": (3, "initializer"),
    "model_variable": (3, "initializer"),
}
# What a value passes through on its way without becoming something else than the initial value.
_PASS_ON = (ast.BinOp, ast.UnaryOp, ast.Lambda, ast.IfExp, ast.List, ast.Tuple)


class Fate(enum.Enum):
    """What becomes of the values that a function makes."""

    INITIAL = enum.auto()
    """They are initial values, and nothing else."""
    OTHER = enum.auto()
    UNSEEN = enum.auto()
    """The function is handed on, so that its calls are not seen."""


class InitialValues:
    """The initial values of a tree's variables."""

    def __init__(self, tree: Tree, names: Names) -> None:
        self._tree = tree
        self._names = names
        self._reads: dict[tuple[Scope | None, str], list[ast.Name]] | None = None
        self._known: dict[tuple[ast.expr, bool], bool] = {}
        self._walked: set[ast.expr] = set()

    def is_one(self, node: ast.expr, *, sure: bool = True) -> bool:
        """Returns whether all that is made of an expression's value, as far as is seen, are initial values.

        Args:
          node: the expression. One that is given a name counts if each use of that name does.
          sure: whether only TensorFlow's own variables count, or also what is called as they are.
        """
        key = node, sure
        if key not in self._known:
            self._known[key] = False  # A function that calls itself has no other reason.
            self._known[key] = self._is_one(node, sure)
        return self._known[key]

    def _is_one(self, node: ast.expr, sure: bool) -> bool:  # noqa: PLR0911 - one return for each kind of parent
        child: ast.AST = node
        parent = self._tree.parents[node]
        while isinstance(parent, _PASS_ON) or (isinstance(parent, ast.Subscript) and parent.value is child):
            child, parent = parent, self._tree.parents[parent]
        if isinstance(parent, ast.keyword):
            call = self._tree.parents[parent]
            if not isinstance(call, ast.Call):
                return False
            return self._takes(call, None, parent.arg, sure) or (
                self._is_op(call, sure) and self.is_one(call, sure=sure)
            )
        if isinstance(parent, ast.Call) and child in parent.args:
            if self._takes(parent, parent.args.index(child), None, sure):
                return True
            # An op of TensorFlow's: `tf.multiply(tf.random_normal(...), 0.1)`.
            return self._is_op(parent, sure) and self.is_one(parent, sure=sure)
        if isinstance(parent, ast.Return):
            function = self._names.scope_of[parent].node
            return isinstance(function, ast.FunctionDef) and self._returns_one(function, sure)
        name = _named(parent, child)
        if name is None:
            return False
        uses = self._uses(name)
        return bool(uses) and all(self.is_one(_called(self._tree, use), sure=sure) for use in uses)

    def _returns_one(self, function: ast.FunctionDef, sure: bool) -> bool:
        """Returns whether all that calls a function, as far as is seen, makes initial values of what it returns."""
        scope = self._names.owner(function.name, self._names.scope_of[function])
        if scope is None or scope.is_class or function.decorator_list or len(scope.bindings[function.name]) > 1:
            return False
        calls = [self._call(read) for read in self._reads_of(scope, function.name)]
        return bool(calls) and all(call is not None and self.is_one(call, sure=sure) for call in calls)

    # --- Of functions ---

    def fates(self, node: ast.expr) -> frozenset[Fate]:
        """Returns what becomes of the values that a function makes, wherever the file calls it by this expression."""
        if node in self._walked:
            return frozenset()
        self._walked.add(node)
        try:
            return frozenset(self._fates(node))
        finally:
            self._walked.discard(node)

    def fates_of_name(self, scope: Scope, name: str) -> frozenset[Fate]:
        """Returns the same of a name, from all its reads."""
        return frozenset(fate for read in self._reads_of(scope, name) for fate in self.fates(read))

    def is_handed_on(self, node: ast.expr) -> bool:
        """Returns whether the expression itself is what hands the function on to where it is not seen."""
        return self._call(node) is None and self._name_of(node) is None

    def _fates(self, node: ast.expr) -> Iterator[Fate]:
        call = self._call(node)
        if call is not None:
            yield Fate.INITIAL if self.is_one(call) else Fate.OTHER
            return
        found = self._name_of(node)
        if found is None:
            yield Fate.UNSEEN
        else:
            yield from self.fates_of_name(*found)

    def _call(self, node: ast.expr) -> ast.Call | None:
        parent = self._tree.parents[node]
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def _name_of(self, node: ast.expr) -> tuple[Scope, str] | None:
        """Returns the name, and its scope, that an assignment gives to a function and to nothing else."""
        target = _named(self._tree.parents[node], node)
        scope = None if target is None else self._scope(target)
        return None if target is None or scope is None else (scope, target.id)

    # --- Names ---

    def _uses(self, target: ast.Name) -> list[ast.Name]:
        scope = self._scope(target)
        return [] if scope is None else self._reads_of(scope, target.id)

    def _scope(self, target: ast.Name) -> Scope | None:
        """Returns the scope of a variable that nothing else is bound to, and that no other file is likely to read."""
        scope = self._names.owner(target.id, self._names.scope_of[target])
        return None if scope is None or scope.is_class or len(scope.bindings[target.id]) > 1 else scope

    def _reads_of(self, scope: Scope, name: str) -> list[ast.Name]:
        if self._reads is None:
            self._reads = defaultdict(list)
            for node in self._tree.nodes:
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    self._reads[self._names.owner(node.id, self._names.scope_of[node]), node.id].append(node)
        return self._reads[scope, name]

    def _meanings(self, call: ast.Call, sure: bool) -> set[str]:
        found = self._names.meaning(call.func)
        if not sure and not any(name.startswith("tensorflow.") for name in found.names):
            # By what it is called, as if it were TensorFlow's.
            return {f"tensorflow.{getattr(call.func, 'attr', getattr(call.func, 'id', ''))}"}
        return set() if sure and (found.other or found.unbound) else set(found.names)

    def _takes(self, call: ast.Call, position: int | None, keyword: str | None, sure: bool) -> bool:
        found = self._meanings(call, sure)
        places = [
            _MAKERS.get(name.rpartition(".")[2]) for name in found if name.startswith(("tensorflow.", "tf_slim."))
        ]
        return (
            bool(found)
            and len(places) == len(found)
            and all(
                place is not None and (position == place[0] if keyword is None else keyword == place[1])
                for place in places
            )
        )

    def _is_op(self, call: ast.Call, sure: bool) -> bool:
        found = self._meanings(call, sure)
        return bool(found) and all(
            name.startswith("tensorflow.") and name.rpartition(".")[2] not in _MAKERS for name in found
        )


def _named(parent: ast.AST, child: ast.AST) -> ast.Name | None:
    """Returns the one name that a statement gives to a value."""
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and parent.value is child:
        target = parent.targets[0]
    elif isinstance(parent, ast.AnnAssign) and parent.value is child:
        target = parent.target
    else:
        return None
    return target if isinstance(target, ast.Name) else None


def _called(tree: Tree, node: ast.expr) -> ast.expr:
    """Returns the call of a value that is a function, such as a `lambda` with a name; else the value."""
    parent = tree.parents[node]
    return parent if isinstance(parent, ast.Call) and parent.func is node else node
