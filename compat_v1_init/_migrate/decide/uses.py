"""Whether an initializer is used for one variable or for several.

An object of Keras gives the same numbers in every call, and TF1's does not. So an object of Keras that is used for
several variables would give them equal weights. An object counts as used for one variable only if the code shows it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat_v1_init._migrate.source.calls import Arguments, NotLiteral
from compat_v1_init._migrate.source.takers import GET_VARIABLE, METHODS, ONE_VARIABLE, bind, is_none, last_name
from compat_v1_init._migrate.source.tree import FUNCTIONS, LOOPS, Tree
from compat_v1_init.keras._translate import keras_seed

from .variable_scopes import GETTER, PARTITIONER, first

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.index import Fact
    from compat_v1_init._migrate.source.names import Names

_REPEATED = (*LOOPS, *FUNCTIONS)
# Why an object may be used for several variables, by the kind of node that it is in.
_ELSEWHERE: dict[type[ast.AST], str] = {
    ast.arguments: "a default argument serves every call",
    ast.Return: "it is returned, and its callers may use it several times",
    ast.Lambda: "it is a function's result",
}
_SHAPE_AND_DTYPE = 2
_PARTITIONED = frozenset({"get_variable", "get_local_variable", "model_variable", "variable"})
"""What takes a partitioner."""


@dataclass(frozen=True)
class Use:
    """What an initializer object is used for."""

    many: str = ""
    """Why it may be used for several variables, as part of a sentence; empty if it is used for one."""
    call: ast.Call | None = None
    """The call of the object, if it is called where it is made or named."""


def seed_forbids(arguments: Arguments, tree: Tree, seeds: Counter[object]) -> str:
    """Returns why Keras' class cannot take an object's seed, or must not share it with others; empty if it can.

    The counter says how many sites have which seed: as Keras takes it, or else as source.
    """
    try:
        seed = arguments.value("seed", None)
    except NotLiteral:
        return "Keras takes only ints for a seed, and this one is known at run time"
    if seed is None:
        return ""
    if not isinstance(seed, int):
        return "Keras takes only ints for a seed"
    if any(isinstance(node, _REPEATED) for node in tree.ancestors(arguments.call)):
        return "it has a seed and is built in code that may run several times, which would draw the same numbers"
    if seeds[keras_seed(seed)] > 1:
        return "its seed serves other variables too, which would draw the same numbers"
    return ""


class Uses:
    """What the objects of a tree are used for. `facts` returns what the project's variable scopes set."""

    def __init__(self, tree: Tree, names: Names, facts: Callable[[], list[Fact]]) -> None:
        self._tree = tree
        self._names = names
        self._facts = facts
        self._partitioned: dict[ast.Call, bool] = {}

    def of(self, node: ast.expr) -> Use:
        """Returns what an expression's value is used for."""
        parent = self._tree.parents[node]
        if isinstance(parent, ast.IfExp) and parent.test is not node:
            return self.of(parent)
        if isinstance(parent, ast.Call):
            return self._in_call(parent, node)
        if isinstance(parent, ast.keyword) and isinstance(call := self._tree.parents[parent], ast.Call):
            return self._argument(call, parent.arg, None)
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
            return self._assigned(parent)
        return Use(_ELSEWHERE.get(type(parent), "it is kept in an object, a collection or an expression"))

    def _in_call(self, call: ast.Call, node: ast.expr) -> Use:
        if call.func is node:
            return self._direct(call)
        return self._argument(call, None, self._tree.position(call, node))

    def _assigned(self, statement: ast.Assign | ast.AnnAssign) -> Use:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if len(targets) == 1 and isinstance(targets[0], ast.Name):
            return self._named(targets[0], statement)
        return Use("it is kept in an object, a collection or several names")

    def _direct(self, call: ast.Call) -> Use:
        allowed = {"shape", "dtype"}
        plain = not any(isinstance(value, ast.Starred) for value in call.args)
        if plain and len(call.args) <= _SHAPE_AND_DTYPE and all(key.arg in allowed for key in call.keywords):
            return Use(call=call)
        return Use("it is called with more than a shape and a dtype")

    def _argument(self, call: ast.Call, keyword: str | None, position: int | None) -> Use:
        function = call.func
        name = last_name(call) or "a function"
        if call not in self._partitioned:
            bound = bind(call, GET_VARIABLE if name == "get_variable" else ())
            self._partitioned[call] = not is_none(bound.given.get("partitioner")) or (
                bound.is_open and name in _PARTITIONED
            )
        if self._partitioned[call]:
            return Use("its variable may be partitioned, which calls it for each shard")
        meaning = self._names.meaning(function)
        known = bool(meaning.names) and not meaning.other
        known = known and all(full.partition(".")[0] in {"tensorflow", "tf_slim", "keras"} for full in meaning.names)
        of_keras = known and all(".keras." in f".{full}" for full in meaning.names)
        known = known or (isinstance(function, ast.Attribute) and name in METHODS)
        if known and name in ONE_VARIABLE:
            by_position = name == "get_variable" and position == GET_VARIABLE.index("initializer")
            if by_position or (keyword is not None and keyword.endswith("initializer")):
                return Use() if of_keras else self._in_scopes()
        if known and name in {"variable_scope", "arg_scope"}:
            return Use(f"`{name}` hands it to every variable inside")
        return Use(f"`{name}` may use it for several variables")

    def _in_scopes(self) -> Use:
        """Returns the use for a variable of TF1's `get_variable`, for which a scope decides how often it is called."""
        fact = first(self._facts(), PARTITIONER, GETTER)
        if fact is None:
            return Use()
        return Use(f"a scope may call it several times for one variable, since {fact.kind} may be set at {fact.place}")

    def _named(self, target: ast.Name, statement: ast.stmt) -> Use:
        scope = self._names.owner(target.id, self._names.scope_of[target])
        if scope is None or scope.is_module or scope.is_class:
            return Use("other code may use it too: it is not inside a function")
        reads = self._names.reads_of(target.id, scope)
        if len(scope.bindings[target.id]) > 1 or len(reads) != 1:
            return Use("it is used several times" if len(reads) > 1 else "its name is bound several times")
        read = reads[0]
        if self._names.scope_of[read] is not scope:
            return Use("an inner function or a comprehension uses it")
        outer = set(self._tree.ancestors(statement))
        if any(isinstance(node, LOOPS) and node not in outer for node in self._tree.ancestors(read)):
            return Use("it is used in a loop")
        return self.of(read)
