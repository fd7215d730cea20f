"""Where a value, or what a function makes, ends up: in the initial value of a variable, elsewhere, or out of sight."""

from __future__ import annotations

import ast
import enum
import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .takers import METHODS, last_name
from .tree import FUNCTIONS

if TYPE_CHECKING:
    from .names import Names, Scope
    from .tree import Tree

# Which argument is the initial value: its place, and its name.
_MAKERS = {
    "Variable": (0, "initial_value"),
    "local_variable": (0, "initial_value"),
    "global_variable": (0, "initial_value"),
    "variable": (3, "initializer"),
    "get_variable": (3, "initializer"),
    "get_local_variable": (3, "initializer"),
    "model_variable": (3, "initializer"),
}
# What a value passes through on its way without becoming something else than the initial value.
_PASS_ON = (
    ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Lambda, ast.IfExp,
    ast.List, ast.Tuple, ast.Dict, ast.Starred,
)  # fmt: skip
_PARTS = frozenset({"q", "values", "items", "get", "pop", "copy"})
"""Attributes by which a part is taken out of a collection, or of what an op returns."""
_COLLECTIONS = frozenset({"dict", "enumerate", "iter", "list", "map", "next", "reversed", "tuple", "zip"})
_PUTS = frozenset({"add", "append", "appendleft", "extend", "insert", "setdefault", "update"})
"""Methods that put what they are given into their object."""
_INSPECTED = frozenset({"set_shape", "get_shape", "shape", "dtype", "name", "op", "graph", "device", *_PUTS})
"""Attributes by which a value is not used."""
_SHOWS = frozenset({"print", "len", "type", "isinstance", "repr", "str", "id"})
_BIND = {"staticmethod", "classmethod", "property", "cached_property"}
"""Decorators that leave a function what it is."""
_DEEPEST = 4


class Fate(enum.Enum):
    """What becomes of the values that a function makes."""

    INITIAL = enum.auto()
    """They are initial values, and nothing else."""
    OTHER = enum.auto()
    UNSEEN = enum.auto()
    """The function is handed on, so that its calls are not seen."""


class InitialValues:
    """The initial values of a tree's variables.

    Args:
      tree: the tree.
      names: its scopes.
      used_elsewhere: returns whether other files make initial values of what has this name in the module.
      some: whether one use that makes an initial value is enough, whatever the others make.
    """

    def __init__(
        self, tree: Tree, names: Names, used_elsewhere: Callable[[str], bool] = lambda _: False, *, some: bool = False
    ) -> None:
        self._tree = tree
        self._names = names
        self._used_elsewhere = used_elsewhere
        self._is_some = some
        self._known: dict[tuple[ast.expr, bool], bool | None] = {}
        self._used: dict[tuple[int, str, bool], bool] = {}
        """Whether some uses, by the id of their list, make initial values."""
        self._rest: dict[tuple[int, bool], Sequence[ast.expr]] = {}
        """Which uses of such a list may still decide."""
        self._for: dict[ast.expr, str | None] = {}
        self._starred: dict[ast.Call, bool] = {}
        self._walked: set[ast.expr] = set()
        self._fates_known: dict[tuple[Scope, str], frozenset[Fate]] = {}
        self._scope_of_function = {scope.node: scope for scope in names.scopes}

    def is_one(self, node: ast.expr, *, sure: bool = True) -> bool:
        """Returns whether all that is made of an expression's value, as far as is seen, are initial values.

        Args:
          node: the expression. One that is given a name counts if each use of that name does.
          sure: whether only TensorFlow's own variables count, or also what is called as they are.
        """
        key = node, sure
        if key not in self._known:
            self._known[key] = None  # Being asked. A function that calls itself has no other reason.
            self._known[key] = self._is_one(node, sure)
        return bool(self._known[key])

    def _is_one(self, node: ast.expr, sure: bool) -> bool:
        child: ast.AST = node
        parent = self._tree.parents[node]
        while self._passes_on(parent, child):
            target = _unpacked(parent, child, self._tree.parents[parent])
            if target is not None:
                return self._is_named_one(target, sure)
            child, parent = parent, self._tree.parents[parent]
        if isinstance(parent, ast.arguments):
            return self._is_default_of_one(parent, child, sure)
        if isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
            function = self._names.scope_of[parent].node
            return isinstance(function, ast.FunctionDef) and self._returns_one(function, sure)
        call, keyword = (self._tree.parents[parent], parent) if isinstance(parent, ast.keyword) else (parent, None)
        targets = _targets(parent, child)
        if isinstance(call, ast.Call) and not targets:
            position = None if keyword else self._tree.position(call, child)
            return self._is_argument(call, position, keyword.arg if keyword else None, sure)
        # Of what is unpacked one part may be the initial value: `q, r = tf.qr(...)`.
        return any(self._is_named_one(target, sure) for target in targets)

    def _passes_on(self, parent: ast.AST, child: ast.AST) -> bool:
        """Returns whether an expression has a value, or a part of it, as its own value."""
        if isinstance(parent, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return parent.elt is child
        if isinstance(parent, ast.DictComp):
            return parent.value is child
        if isinstance(parent, ast.Attribute):
            return parent.attr in _PARTS
        if isinstance(parent, ast.keyword):
            return last_name(self._tree.parents[parent]) == "dict"
        if isinstance(parent, ast.Call):
            is_part = parent.func is child and isinstance(child, ast.Attribute) and child.attr in _PARTS
            return is_part or (isinstance(parent.func, ast.Name) and parent.func.id in _COLLECTIONS)
        return isinstance(parent, _PASS_ON) or (isinstance(parent, ast.Subscript) and parent.value is child)

    def _is_named_one(self, target: ast.expr, sure: bool) -> bool:
        """Returns whether all that reads a name or an attribute makes initial values of it."""
        uses = self._uses(target)
        if not uses and isinstance(target, ast.Name):
            scope = self._names.owner(target.id, self._names.scope_of[target])
            return scope is not None and scope.is_module and self._used_elsewhere(target.id)
        # What is computed from the old value for the same name says nothing new of it.
        return self._are_ones(uses, sure, _text(target))

    def _are_ones(self, uses: Sequence[ast.expr], sure: bool, target: str = "") -> bool:
        """Returns whether there are uses, and all make initial values, or some if that is enough.

        Args:
          uses: the uses; always the same list for the same ones.
          sure: as for `is_one`.
          target: a name or an attribute, as text. The uses in its own new value do not count.
        """
        key = id(uses), target, sure
        if key not in self._used:
            self._used[key] = False
            counts = any(self._is_for(use) != target for use in uses)
            self._used[key] = counts and self._decide(uses, sure, target)
        return self._used[key]

    def _decide(self, uses: Sequence[ast.expr], sure: bool, target: str) -> bool:
        """Returns what one use decides; without such a use, what all together do."""
        key = id(uses), sure
        # What decides nothing never will, so it is asked once for many that have the same uses.
        rest, left = self._rest.get(key, uses), []
        for index, use in enumerate(rest):
            value = self._tree.call_of(use) or use
            if self._is_for(use) == target:
                left.append(use)
            elif self.is_one(value, sure=sure) is self._is_some:
                self._rest[key] = [*left, *rest[index:]]
                return self._is_some
            elif self._known[value, sure] is None:
                left.append(use)
        self._rest[key] = left
        return not self._is_some

    def _is_argument(self, call: ast.Call, position: int | None, keyword: str | None, sure: bool) -> bool:
        """Returns whether an argument of a call is an initial value, or becomes one."""
        if position == 0 and self._is_partial(call):
            return self.is_one(call, sure=sure)
        function, given = self._function(call)
        position = None if position is None else position + given
        if self._takes(function, position, keyword, sure):
            return True
        # An op of TensorFlow's: `tf.multiply(tf.random_normal(...), 0.1)`.
        if self._is_op(function, sure):
            return self.is_one(call, sure=sure)
        return self._are_ones(self._parameter(call, position, keyword), sure)

    def _function(self, call: ast.Call) -> tuple[ast.expr, int]:
        """Returns what a call calls, behind `partial`, and how many arguments it has been given before."""
        if self._is_partial(call):
            return call.args[0], -1
        function, given = call.func, 0
        for _ in range(_DEEPEST):
            bound = function
            if isinstance(function, ast.Name):
                bindings = self._names.bindings(function.id, self._names.scope_of[function])
                bound = bindings[0].value if len(bindings) == 1 and bindings[0].value is not None else function
            if not (isinstance(bound, ast.Call) and self._is_partial(bound)):
                break
            function, given = bound.args[0], given + len(bound.args) - 1
        return function, given

    def _is_partial(self, call: ast.Call) -> bool:
        return bool(call.args) and self._names.meaning(call.func).names == {"functools.partial"}

    def _parameter(self, call: ast.Call, position: int | None, keyword: str | None) -> list[ast.Name]:
        """Returns all reads of the parameter that an argument goes to, if the function is one of this file."""
        if call not in self._starred:
            self._starred[call] = any(isinstance(each, ast.Starred) for each in call.args)
        if isinstance(call.func, ast.Name):
            bindings = self._names.bindings(call.func.id, self._names.scope_of[call])
            functions = [binding.node for binding in bindings]
        else:
            functions = self._methods[last_name(call)]
        function = functions[0] if len(functions) == 1 else None
        if not isinstance(function, ast.FunctionDef) or function.decorator_list or self._starred[call]:
            return []
        parameters = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        parameters = parameters[isinstance(call.func, ast.Attribute) :]
        name = keyword if position is None else next(iter(parameters[position : position + 1]), None)
        inner = self._scope_of_function[function]
        if name is None or len(inner.bindings.get(name, [])) != 1:
            return []
        return self._reads[inner, name]

    @functools.cached_property
    def _methods(self) -> Mapping[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = defaultdict(list)
        for node in self._tree.nodes:
            if isinstance(node, FUNCTIONS) and isinstance(self._tree.parents[node], ast.ClassDef):
                found[getattr(node, "name", "")].append(node)
        return found

    def _is_for(self, use: ast.expr) -> str | None:
        """Returns, as text, the name or the attribute whose new value a use is in; None if it is in none."""
        if use not in self._for:
            self._for[use] = None
            child: ast.AST = use
            for parent in self._tree.ancestors(use):
                found = _target(parent, child)
                if found is not None:
                    self._for[use] = _text(found)
                if found is not None or isinstance(parent, ast.stmt):
                    break
                child = parent
        return self._for[use]

    def _is_default_of_one(self, arguments: ast.arguments, default: ast.AST, sure: bool) -> bool:
        """Returns whether all that is made of the parameter with this default are initial values."""
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(reversed(positional), reversed(arguments.defaults))]
        pairs += [
            (each, value) for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults) if value is not None
        ]
        inner = self._scope_of_function.get(self._tree.parents[arguments])
        name = next((each.arg for each, value in pairs if value is default), None)
        return inner is not None and name is not None and self._are_ones(self._reads[inner, name], sure, name)

    def _returns_one(self, function: ast.FunctionDef, sure: bool) -> bool:
        """Returns whether all that is made of what a function returns, as far as is seen, are initial values.

        The function may be called for them, or be handed to what makes a variable. One that takes `partition_info` is
        an initializer, and so is a class with this method.
        """
        every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        if any(each.arg == "partition_info" for each in every):
            return True
        if any(getattr(each, "id", "") not in _BIND for each in function.decorator_list):
            return False
        scope = self._names.owner(function.name, self._names.scope_of[function])
        if scope is None or len(scope.bindings[function.name]) > 1:
            return False
        if function.name == "__call__" and isinstance(scope.node, ast.ClassDef):
            return self._is_initializer_class(scope.node, sure)
        reads = self._attributes[function.name] if scope.is_class else self._reads[scope, function.name]
        if reads:
            return self._are_ones(reads, sure)
        owner = f"{scope.node.name}." if isinstance(scope.node, ast.ClassDef) else ""
        return (scope.is_module or bool(owner)) and self._used_elsewhere(owner + function.name)

    def _is_initializer_class(self, node: ast.ClassDef, sure: bool) -> bool:
        """Returns whether a class is one of initializers: by its base, or since all of its objects are used so."""
        bases = [name for base in node.bases for name in self._names.meaning(base).names]
        if any(name.startswith("tensorflow.") and name.endswith("Initializer") for name in bases):
            return True
        scope = self._names.owner(node.name, self._names.scope_of[node])
        reads = [] if scope is None or scope.is_class else self._reads[scope, node.name]
        return self._are_ones(reads, sure)

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
        if (scope, name) in self._fates_known:
            return self._fates_known[scope, name]
        is_whole = not self._walked
        found = frozenset(fate for read in self._reads[scope, name] for fate in self.fates(read))
        if is_whole:
            self._fates_known[scope, name] = found
        return found

    def is_handed_on(self, node: ast.expr) -> bool:
        """Returns whether the expression itself is what hands the function on to where it is not seen."""
        return self._tree.call_of(node) is None and self._name_of(node) is None

    def _fates(self, node: ast.expr) -> Iterator[Fate]:
        call = self._tree.call_of(node)
        if call is not None:
            yield Fate.INITIAL if self.is_one(call) else Fate.OTHER
            return
        found = self._name_of(node)
        if found is None:
            parent = self._tree.parents[node]
            is_partial = isinstance(parent, ast.Call) and self._is_partial(parent)
            yield Fate.INITIAL if is_partial and self.is_one(node) else Fate.UNSEEN
        else:
            yield from self.fates_of_name(*found)

    def _name_of(self, node: ast.expr) -> tuple[Scope, str] | None:
        """Returns the name, and its scope, that an assignment gives to a function and to nothing else."""
        target = _target(self._tree.parents[node], node)
        if not isinstance(target, ast.Name):
            return None
        scope = self._names.owner(target.id, self._names.scope_of[target])
        is_known = scope is not None and not scope.is_class and len(scope.bindings[target.id]) == 1
        return (scope, target.id) if is_known else None  # type: ignore[return-value]

    # --- Names ---

    def _uses(self, target: ast.expr) -> Sequence[ast.expr]:
        """Returns all reads, as far as is seen, of a variable or an attribute. Others read those of a class so too."""
        scope = self._names.owner(target.id, self._names.scope_of[target]) if isinstance(target, ast.Name) else None
        if scope is None or scope.is_class:
            return self._attributes[last_name(target)] if scope or isinstance(target, ast.Attribute) else ()
        return self._reads[scope, last_name(target)]

    @functools.cached_property
    def _attributes(self) -> Mapping[str, list[ast.Attribute]]:
        found = defaultdict(list)
        for node in self._tree.nodes:
            if isinstance(node, ast.Attribute) and self._is_used(node):
                found[node.attr].append(node)
        return found

    @functools.cached_property
    def _reads(self) -> Mapping[tuple[Scope | None, str], list[ast.Name]]:
        found = defaultdict(list)
        for node in self._tree.nodes:
            if isinstance(node, ast.Name) and self._is_used(node):
                found[self._names.owner(node.id, self._names.scope_of[node]), node.id].append(node)
        return found

    def _is_used(self, node: ast.Name | ast.Attribute) -> bool:
        """Returns whether a name is read for its value, and not only for its shape and the like, or to be shown."""
        parent = self._tree.parents[node]
        if isinstance(parent, ast.Compare):
            return not all(isinstance(each, (ast.Is, ast.IsNot)) for each in parent.ops)
        if isinstance(parent, ast.Call) and parent.func is not node and last_name(parent) in _SHOWS:
            return False
        is_put = isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)
        is_inspected = isinstance(parent, ast.Attribute) and parent.attr in _INSPECTED
        return isinstance(node.ctx, ast.Load) and not is_put and not is_inspected

    def _meanings(self, function: ast.expr, sure: bool) -> set[str]:
        found = self._names.meaning(function)
        if not sure and not any(name.startswith("tensorflow.") for name in found.names):
            # By what it is called, as if it were TensorFlow's.
            return {f"tensorflow.{last_name(function)}"}
        return set() if sure and (found.other or found.unbound) else set(found.names)

    def _takes(self, function: ast.expr, position: int | None, keyword: str | None, sure: bool) -> bool:
        found = self._meanings(function, sure)
        if keyword == "initializer" and isinstance(function, ast.Attribute) and function.attr in METHODS:
            return True
        if not found or not all(name.startswith(("tensorflow.", "tf_slim.")) for name in found):
            # What another file makes of it is not seen.
            return self._is_some and "variable" in last_name(function).lower()
        if keyword is not None and keyword.endswith("_initializer"):
            return True  # A layer's.
        places = [_MAKERS.get(name.rpartition(".")[2], (-1, "")) for name in found]
        if position is None and keyword is None:
            return all(name for _, name in places)  # Behind `**`.
        return all(position == place[0] if keyword is None else keyword == place[1] for place in places)

    def _is_op(self, function: ast.expr, sure: bool) -> bool:
        found = self._meanings(function, sure)
        return bool(found) and all(
            name.startswith("tensorflow.") and name.rpartition(".")[2] not in _MAKERS for name in found
        )


def _targets(parent: ast.AST, child: ast.AST) -> list[ast.expr]:
    """Returns the names, and attributes of `self` and the like, that get a value or a part of it."""
    targets: list[ast.expr] = []
    if isinstance(parent, ast.Assign) and parent.value is child:
        targets = parent.targets
    elif isinstance(parent, (ast.AnnAssign, ast.AugAssign, ast.For, ast.comprehension)) and parent.target is not child:
        targets = [parent.target] if child in (getattr(parent, "value", None), getattr(parent, "iter", None)) else []
    elif isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr in _PUTS:
        targets = [parent.func.value] if parent.func is not child else []
    flat: list[ast.expr] = []
    while targets:
        target, *targets = targets
        if isinstance(target, (ast.Tuple, ast.List)):
            targets = [*target.elts, *targets]
        elif isinstance(target, (ast.Starred, ast.Subscript)):
            targets = [target.value, *targets]
        elif isinstance(getattr(target, "value", target), ast.Name):
            flat.append(target)
    return flat


def _target(parent: ast.AST, child: ast.AST) -> ast.expr | None:
    """Returns the one name, or attribute of `self` or the like, that a statement gives to a value."""
    targets = _targets(parent, child) if isinstance(parent, (ast.Assign, ast.AnnAssign)) else []
    return targets[0] if len(targets) == 1 else None


def _text(target: ast.expr) -> str:
    return f"{last_name(target.value)}.{target.attr}" if isinstance(target, ast.Attribute) else last_name(target)


def _unpacked(parent: ast.AST, child: ast.AST, statement: ast.AST) -> ast.expr | None:
    """Returns the name or attribute that `a, b = x, y` gives to one of its values."""
    if not (isinstance(parent, ast.Tuple) and isinstance(statement, ast.Assign) and len(statement.targets) == 1):
        return None
    target = statement.targets[0]
    if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) != len(parent.elts):
        return None
    if any(isinstance(each, ast.Starred) for each in (*target.elts, *parent.elts)):
        return None
    found = next(each for each, value in zip(target.elts, parent.elts) if value is child)
    return found if isinstance(getattr(found, "value", found), ast.Name) else None
