"""Where a value, or what a function makes, ends up: in the initial value of a variable, elsewhere, or out of sight."""

from __future__ import annotations

import ast
import enum
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

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
_PASS_ON = (ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Lambda, ast.IfExp, ast.List, ast.Tuple, ast.Dict)
_INSPECTED = {"set_shape", "get_shape", "shape", "dtype", "name", "op", "graph", "device"}
"""Attributes by which a tensor's value is not used."""
_ADD_VARIABLE = {"add_weight", "add_variable"}
"""Methods of a layer that make a variable, also of a layer of the project's."""
_BIND = {"staticmethod", "classmethod", "property", "cached_property"}
"""Decorators that leave a function what it is."""


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
      used_elsewhere: returns whether other files make initial values of what a function of the module returns.
    """

    def __init__(self, tree: Tree, names: Names, used_elsewhere: Callable[[str], bool] = lambda _: False) -> None:
        self._tree = tree
        self._names = names
        self._used_elsewhere = used_elsewhere
        self._reads: dict[tuple[Scope | None, str], list[ast.Name]] | None = None
        self._attributes: dict[str, list[ast.Attribute]] | None = None
        self._known: dict[tuple[ast.expr, bool], bool] = {}
        self._named: dict[tuple[Scope | None, str, bool], bool] = {}
        self._rest: dict[tuple[int, bool], Sequence[ast.expr]] = {}
        """Which of some uses are not known to make initial values."""
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
            self._known[key] = False  # A function that calls itself has no other reason.
            self._known[key] = self._is_one(node, sure)
        return self._known[key]

    def _is_one(self, node: ast.expr, sure: bool) -> bool:
        child: ast.AST = node
        parent = self._tree.parents[node]
        while isinstance(parent, _PASS_ON) or (isinstance(parent, ast.Subscript) and parent.value is child):
            target = _unpacked(parent, child, self._tree.parents[parent])
            if target is not None:
                return self._is_named_one(target, sure)
            child, parent = parent, self._tree.parents[parent]
        if isinstance(parent, ast.arguments):
            return self._is_default_of_one(parent, child, sure)
        if isinstance(parent, ast.keyword):
            call = self._tree.parents[parent]
            return isinstance(call, ast.Call) and self._is_argument(call, None, parent.arg, sure)
        position = self._tree.position(parent, child) if isinstance(parent, ast.Call) else None
        if isinstance(parent, ast.Call) and position is not None:
            return self._is_argument(parent, position, None, sure)
        if isinstance(parent, ast.Return):
            function = self._names.scope_of[parent].node
            return isinstance(function, ast.FunctionDef) and self._returns_one(function, sure)
        target = _target(parent, child)
        return target is not None and self._is_named_one(target, sure)

    def _is_named_one(self, target: ast.expr, sure: bool) -> bool:
        """Returns whether all that reads a name or an attribute makes initial values of it."""
        scope = self._scope(target) if isinstance(target, ast.Name) else None
        dumped = ast.dump(target)
        key = scope, dumped, sure
        if key not in self._named:
            self._named[key] = False
            # What is computed from the old value for the same name says nothing new of it.
            self._named[key] = self._are_ones(self._uses(target), sure, dumped)
        return self._named[key]

    def _are_ones(self, uses: Sequence[ast.expr], sure: bool, target: str = "") -> bool:
        """Returns whether there are uses, and all make initial values.

        Args:
          uses: the uses; always the same list for the same ones.
          sure: as for `is_one`.
          target: a name or an attribute, as text. The uses in its own new value do not count.
        """
        if not any(self._is_for(use) != target for use in uses):
            return False
        key = id(uses), sure
        # What is one stays one, so that it is asked once for many that have the same uses.
        rest = self._rest.get(key, uses)
        left_out = []
        for index, use in enumerate(rest):
            if self._is_for(use) == target:
                left_out.append(use)
            elif not self.is_one(_called(self._tree, use), sure=sure):
                self._rest[key] = [*left_out, *rest[index:]]
                return False
        self._rest[key] = left_out
        return True

    def _is_argument(self, call: ast.Call, position: int | None, keyword: str | None, sure: bool) -> bool:
        """Returns whether an argument of a call is an initial value, or becomes one."""
        if self._takes(call, position, keyword, sure):
            return True
        is_partial = position == 0 and self._names.meaning(call.func).names == {"functools.partial"}
        # An op of TensorFlow's: `tf.multiply(tf.random_normal(...), 0.1)`.
        if is_partial or self._is_op(call, sure):
            return self.is_one(call, sure=sure)
        return self._are_ones(self._parameter(call, position, keyword), sure)

    def _parameter(self, call: ast.Call, position: int | None, keyword: str | None) -> list[ast.Name]:
        """Returns all reads of the parameter that an argument goes to, if the function is one of this file."""
        if call not in self._starred:
            self._starred[call] = any(isinstance(each, ast.Starred) for each in call.args)
        if not isinstance(call.func, ast.Name) or self._starred[call]:
            return []
        bindings = self._names.bindings(call.func.id, self._names.scope_of[call])
        function = bindings[0].node if len(bindings) == 1 else None
        if not isinstance(function, ast.FunctionDef) or function.decorator_list:
            return []
        parameters = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        name = keyword if position is None else next(iter(parameters[position : position + 1]), None)
        inner = self._scope_of_function[function]
        if name is None or len(inner.bindings.get(name, [])) != 1:
            return []
        return self._reads_of(inner, name)

    def _is_for(self, use: ast.expr) -> str | None:
        """Returns, as text, the name or the attribute whose new value a use is in; None if it is in none."""
        if use not in self._for:
            self._for[use] = None
            child: ast.AST = use
            for parent in self._tree.ancestors(use):
                found = _target(parent, child)
                if found is not None:
                    self._for[use] = ast.dump(found)
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
        return inner is not None and name is not None and self._are_ones(self._reads_of(inner, name), sure, name)

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
        reads = self._attributes_of(function.name) if scope.is_class else self._reads_of(scope, function.name)
        if not reads and scope.is_module:
            return self._used_elsewhere(function.name)
        return bool(reads) and all(self.is_one(_called(self._tree, read), sure=sure) for read in reads)

    def _is_initializer_class(self, node: ast.ClassDef, sure: bool) -> bool:
        """Returns whether a class is one of initializers: by its base, or since all of its objects are used so."""
        bases = [name for base in node.bases for name in self._names.meaning(base).names]
        if any(name.startswith("tensorflow.") and name.endswith("Initializer") for name in bases):
            return True
        scope = self._names.owner(node.name, self._names.scope_of[node])
        reads = [] if scope is None or scope.is_class else self._reads_of(scope, node.name)
        return bool(reads) and all(self.is_one(_called(self._tree, read), sure=sure) for read in reads)

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
        found = frozenset(fate for read in self._reads_of(scope, name) for fate in self.fates(read))
        if is_whole:
            self._fates_known[scope, name] = found
        return found

    def is_handed_on(self, node: ast.expr) -> bool:
        """Returns whether the expression itself is what hands the function on to where it is not seen."""
        return self._call(node) is None and self._name_of(node) is None

    def _is_partial(self, node: ast.expr) -> bool:
        call = self._tree.parents[node]
        return isinstance(call, ast.Call) and self._names.meaning(call.func).names == {"functools.partial"}

    def _fates(self, node: ast.expr) -> Iterator[Fate]:
        call = self._call(node)
        if call is not None:
            yield Fate.INITIAL if self.is_one(call) else Fate.OTHER
            return
        found = self._name_of(node)
        if found is None:
            yield Fate.INITIAL if self._is_partial(node) and self.is_one(node) else Fate.UNSEEN
        else:
            yield from self.fates_of_name(*found)

    def _call(self, node: ast.expr) -> ast.Call | None:
        parent = self._tree.parents[node]
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def _name_of(self, node: ast.expr) -> tuple[Scope, str] | None:
        """Returns the name, and its scope, that an assignment gives to a function and to nothing else."""
        target = _target(self._tree.parents[node], node)
        scope = self._scope(target) if isinstance(target, ast.Name) else None
        if scope is None or not isinstance(target, ast.Name) or len(scope.bindings[target.id]) > 1:
            return None
        return scope, target.id

    # --- Names ---

    def _uses(self, target: ast.expr) -> Sequence[ast.expr]:
        """Returns all reads, as far as is seen, of a variable or an attribute."""
        if isinstance(target, ast.Attribute):
            return self._attributes_of(target.attr)
        scope = self._scope(target) if isinstance(target, ast.Name) else None
        return [] if scope is None or not isinstance(target, ast.Name) else self._reads_of(scope, target.id)

    def _scope(self, target: ast.Name) -> Scope | None:
        """Returns the scope of a variable; None for a class, whose names others read as attributes."""
        scope = self._names.owner(target.id, self._names.scope_of[target])
        return None if scope is None or scope.is_class else scope

    def _attributes_of(self, name: str) -> list[ast.Attribute]:
        if self._attributes is None:
            self._attributes = defaultdict(list)
            for node in self._tree.nodes:
                if isinstance(node, ast.Attribute) and self._is_used(node):
                    self._attributes[node.attr].append(node)
        return self._attributes[name]

    def _reads_of(self, scope: Scope, name: str) -> list[ast.Name]:
        if self._reads is None:
            self._reads = defaultdict(list)
            for node in self._tree.nodes:
                if isinstance(node, ast.Name) and self._is_used(node):
                    self._reads[self._names.owner(node.id, self._names.scope_of[node]), node.id].append(node)
        return self._reads[scope, name]

    def _is_used(self, node: ast.Name | ast.Attribute) -> bool:
        """Returns whether a name is read for its value, and not only for the shape and the like, or to ask for None."""
        parent = self._tree.parents[node]
        if isinstance(parent, ast.Compare):
            return not all(isinstance(each, (ast.Is, ast.IsNot)) for each in parent.ops)
        return isinstance(node.ctx, ast.Load) and not (isinstance(parent, ast.Attribute) and parent.attr in _INSPECTED)

    def _meanings(self, call: ast.Call, sure: bool) -> set[str]:
        found = self._names.meaning(call.func)
        if not sure and not any(name.startswith("tensorflow.") for name in found.names):
            # By what it is called, as if it were TensorFlow's.
            return {f"tensorflow.{getattr(call.func, 'attr', getattr(call.func, 'id', ''))}"}
        return set() if sure and (found.other or found.unbound) else set(found.names)

    def _takes(self, call: ast.Call, position: int | None, keyword: str | None, sure: bool) -> bool:
        found = self._meanings(call, sure)
        if keyword == "initializer" and isinstance(call.func, ast.Attribute) and call.func.attr in _ADD_VARIABLE:
            return True
        if not found or not all(name.startswith(("tensorflow.", "tf_slim.")) for name in found):
            return False
        if keyword is not None and keyword.endswith("_initializer"):
            return True  # A layer's.
        places = [_MAKERS.get(name.rpartition(".")[2], (None, "")) for name in found]
        return all(position == place[0] if keyword is None else keyword == place[1] for place in places)

    def _is_op(self, call: ast.Call, sure: bool) -> bool:
        found = self._meanings(call, sure)
        return bool(found) and all(
            name.startswith("tensorflow.") and name.rpartition(".")[2] not in _MAKERS for name in found
        )


def _target(parent: ast.AST, child: ast.AST) -> ast.expr | None:
    """Returns the one name, or attribute of `self` or the like, that a statement gives to a value."""
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and parent.value is child:
        target = parent.targets[0]
    elif isinstance(parent, ast.AnnAssign) and parent.value is child:
        target = parent.target
    else:
        return None
    is_attribute = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
    return target if is_attribute or isinstance(target, ast.Name) else None


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
    is_attribute = isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name)
    return found if is_attribute or isinstance(found, ast.Name) else None


def _called(tree: Tree, node: ast.expr) -> ast.expr:
    """Returns the call of a value that is a function, such as a `lambda` with a name; else the value."""
    parent = tree.parents[node]
    return parent if isinstance(parent, ast.Call) and parent.func is node else node
