"""What a name in a source stands for: scopes, imports and aliases, as Python's own rules have them.

The answer is a set of dotted names such as `tensorflow.compat.v1.layers`, since a name may be bound in several places
(`try: import ... except ImportError: import ...`), together with whether anything else may be bound to it too.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .tree import Tree, children

_MOST_NAMES = 8
# `tf.compat.v1` has a `compat` of its own, and that one too.
_COMPAT = re.compile(r"^tensorflow(?:\.compat\.v[12])+\.compat\.v(?=[12])")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Meaning:
    """What an expression may stand for."""

    names: frozenset[str] = frozenset()
    """Absolute dotted names; those of relative imports begin with their dots."""
    other: bool = False
    """Whether it may also be something that no dotted name tells: a parameter, a result, a class of this file."""
    local: bool = False
    """Whether that is a parameter or another local of a function."""
    unbound: bool = False
    """Whether nothing in the file binds it, so that only a star import can."""

    def __or__(self, more: Meaning) -> Meaning:
        return Meaning(
            self.names | more.names, self.other or more.other, self.local or more.local, self.unbound or more.unbound
        )


NOTHING = Meaning()
OTHER = Meaning(other=True)


@dataclass
class Binding:
    """One place that binds a name."""

    node: ast.AST
    """The statement, alias, parameter, ..."""
    dotted: str | None = None
    """What an import binds."""
    value: ast.expr | None = None
    """What a plain assignment binds."""
    is_deletion: bool = False


@dataclass(eq=False)
class Scope:
    """A module, class, function or comprehension, and the names that it binds."""

    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    stars: list[str] = field(default_factory=list)

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_comprehension(self) -> bool:
        return isinstance(self.node, _COMPREHENSIONS)

    @property
    def is_module(self) -> bool:
        return self.parent is None

    def function(self) -> Scope:
        """Returns this scope, or for a comprehension the one that it is written in."""
        scope = self
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        return scope


class Names:
    r"""The scopes of a tree.

    Args:
      tree: the tree.
      follow: called with the dotted name of something imported from elsewhere than TensorFlow; returns what it
        stands for in TensorFlow, if that can be found out.

    Example:
    >>> import ast
    >>> from compat_v1_init._migrate.source.names import Names
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> tree = Tree("import tensorflow.compat.v1 as tf\ndef f(x): return tf.glorot_uniform_initializer(x)")
    >>> chain = next(node for node in ast.walk(tree.module) if isinstance(node, ast.Attribute))
    >>> sorted(Names(tree).meaning(chain).names)
    ['tensorflow.compat.v1.glorot_uniform_initializer']
    """

    def __init__(self, tree: Tree, follow: Callable[[str], Meaning | None] | None = None) -> None:
        self._tree = tree
        self._follow = follow
        self.module = Scope(tree.module, None)
        self.scopes = [self.module]
        self.scope_of: dict[ast.AST, Scope] = {}
        """The scope of each name that is read, written or deleted, and of each statement and call."""
        self._memo: dict[tuple[int, str], Meaning] = {}
        self._resolving: set[tuple[int, str]] = set()
        self._visit_all()
        self._move_globals()

    # --- Building the scopes ---

    def _new(self, node: ast.AST, parent: Scope) -> Scope:
        scope = Scope(node, parent)
        self.scopes.append(scope)
        return scope

    def _bind(self, scope: Scope, name: str, binding: Binding) -> None:
        scope.bindings.setdefault(name, []).append(binding)

    def _visit_all(self) -> None:
        stack: list[tuple[ast.AST, Scope]] = [(self._tree.module, self.module)]
        while stack:
            node, scope = stack.pop()
            self.scope_of[node] = scope
            stack += self._visit(node, scope)

    def _visit(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:  # noqa: C901, PLR0912, PLR0915
        """Binds what the node binds, and yields its children with their scopes."""
        if isinstance(node, _FUNCTIONS):
            if not isinstance(node, ast.Lambda):
                self._bind(scope, node.name, Binding(node))
            yield from self._visit_function(node, scope)
            return
        if isinstance(node, ast.ClassDef):
            self._bind(scope, node.name, Binding(node))
            inner = self._new(node, scope)
            for parameter in getattr(node, "type_params", []):
                self._bind(inner, parameter.name, Binding(parameter))
            for child in (*node.decorator_list, *node.bases, *node.keywords):
                yield child, scope
            for child in node.body:
                yield child, inner
            return
        if isinstance(node, _COMPREHENSIONS):
            inner = self._new(node, scope)
            first = node.generators[0]
            yield first.iter, scope
            for child in ast.iter_child_nodes(node):
                if child is first:
                    for part in (first.target, *first.ifs):
                        yield part, inner
                else:
                    yield child, inner
            return
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                value = self._assigned(node)
                parent = self._tree.parents.get(node)
                target = scope.function() if isinstance(parent, ast.NamedExpr) else scope
                self._bind(target, node.id, Binding(node, value=value))
            elif isinstance(node.ctx, ast.Del):
                self._bind(scope, node.id, Binding(node, is_deletion=True))
            return
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    self._bind(scope, alias.asname, Binding(alias, dotted=alias.name))
                else:
                    first_part = alias.name.partition(".")[0]
                    self._bind(scope, first_part, Binding(alias, dotted=first_part))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                if alias.name == "*":
                    scope.stars.append(module)
                else:
                    dotted = module + alias.name if module.endswith(".") else f"{module}.{alias.name}"
                    self._bind(scope, alias.asname or alias.name, Binding(alias, dotted=dotted))
        elif isinstance(node, ast.Global):
            scope.global_names.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_names.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self._bind(scope, node.name, Binding(node))
        else:
            # Captures of `match`, which have their names as plain strings.
            for attribute in ("name", "rest"):
                name = getattr(node, attribute, None)
                if isinstance(name, str) and type(node).__name__.startswith("Match"):
                    self._bind(scope, name, Binding(node))
        for child in children(node):
            yield child, scope

    def _visit_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> Iterator[tuple[ast.AST, Scope]]:
        inner = self._new(node, scope)
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        parameters = [argument for argument in every if argument is not None]
        for parameter in (*parameters, *getattr(node, "type_params", [])):
            name = parameter.arg if isinstance(parameter, ast.arg) else parameter.name
            self._bind(inner, name, Binding(parameter))
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                yield default, scope
        for parameter in parameters:
            if parameter.annotation is not None:
                yield parameter.annotation, scope
        if isinstance(node, ast.Lambda):
            yield node.body, inner
            return
        for child in node.decorator_list:
            yield child, scope
        if node.returns is not None:
            yield node.returns, scope
        for statement in node.body:
            yield statement, inner

    def _assigned(self, target: ast.Name) -> ast.expr | None:
        """Returns the expression whose value the name gets, where a plain assignment gives it one."""
        parent = self._tree.parents[target]
        if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            return parent.value
        if isinstance(parent, (ast.Tuple, ast.List)):
            statement = self._tree.parents[parent]
            if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Tuple, ast.List)):
                targets, values = parent.elts, statement.value.elts
                starred = any(isinstance(element, ast.Starred) for element in (*targets, *values))
                if len(targets) == len(values) and not starred:
                    return values[targets.index(target)]
        return None

    def _move_globals(self) -> None:
        for scope in self.scopes:
            for name in scope.global_names | scope.nonlocal_names:
                bindings = scope.bindings.pop(name, [])
                owner = self.module if name in scope.global_names else self.owner(name, scope)
                if owner is not None:
                    owner.bindings.setdefault(name, []).extend(bindings)

    # --- Looking names up ---

    def owner(self, name: str, scope: Scope) -> Scope | None:
        """Returns the scope whose variable the name is, when read in `scope`; None if nothing binds it."""
        if name in scope.global_names:
            return self.module if name in self.module.bindings else None
        current: Scope | None = scope
        while current is not None:
            # The names of a class are seen in its own body only.
            if name in current.bindings and (current is scope or not current.is_class):
                return current
            if name in current.global_names:
                return self.module if name in self.module.bindings else None
            current = current.parent
        return None

    def bindings(self, name: str, scope: Scope) -> list[Binding]:
        """Returns all places that may have bound the name, when read in `scope`."""
        owner = self.owner(name, scope)
        return owner.bindings[name] if owner else []

    def meaning_of_name(self, name: str, scope: Scope) -> Meaning:
        """Returns what a name may stand for when read in a scope."""
        owner = self.owner(name, scope)
        if owner is None:
            return self._from_stars(name)
        key = (id(owner), name)
        if key in self._memo:
            return self._memo[key]
        if key in self._resolving:
            return NOTHING
        self._resolving.add(key)
        try:
            found = NOTHING
            for binding in owner.bindings[name]:
                found |= self._bound(binding, owner)
        finally:
            self._resolving.discard(key)
        if not self._resolving:
            self._memo[key] = found
        return found

    def _bound(self, binding: Binding, owner: Scope) -> Meaning:
        if binding.is_deletion:
            return NOTHING
        if binding.dotted is not None:
            return self.absolute(binding.dotted)
        if binding.value is not None:
            meaning = self.meaning(binding.value)
            return meaning | Meaning(local=True) if meaning.other and not owner.is_module else meaning
        return Meaning(other=True, local=not owner.is_module)

    def absolute(self, dotted: str) -> Meaning:
        """Returns what an imported dotted name stands for, followed through modules of the project."""
        if dotted.partition(".")[0] not in {"tensorflow", "tf_slim"} and self._follow is not None:
            followed = self._follow(dotted)
            if followed is not None:
                return followed
        return Meaning(frozenset([dotted]))

    def _from_stars(self, name: str) -> Meaning:
        if hasattr(builtins, name):
            return OTHER
        found = NOTHING
        for scope in self.scopes:
            for module in scope.stars:
                dotted = module + name if module.endswith(".") else f"{module}.{name}"
                is_ours = module.partition(".")[0] != "tensorflow"
                followed = self._follow(dotted) if self._follow is not None and is_ours else None
                if followed is not None and followed.names:
                    found |= followed
        return found if found.names else Meaning(unbound=True)

    def meaning(self, node: ast.expr) -> Meaning:  # noqa: PLR0911 - one return for each kind of expression
        """Returns what an expression may stand for."""
        if isinstance(node, ast.Name):
            return self.meaning_of_name(node.id, self.scope_of[node]) if node in self.scope_of else OTHER
        if isinstance(node, ast.Attribute):
            return self.member(self.meaning(node.value), node.attr)
        if isinstance(node, ast.Constant):
            # What `except ImportError` binds where there is no TensorFlow.
            return NOTHING if node.value in (None, False) else OTHER
        if isinstance(node, ast.IfExp):
            return self.meaning(node.body) | self.meaning(node.orelse)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            found = NOTHING
            for value in node.values:
                found |= self.meaning(value)
            return found
        if isinstance(node, ast.Call):
            return self._result(node)
        return OTHER

    def member(self, meaning: Meaning, attribute: str) -> Meaning:
        """Returns what an attribute of something stands for."""
        found = Meaning(other=meaning.other, local=meaning.local, unbound=meaning.unbound)
        # An alias of itself (`tf = tf.compat.v1`) would give ever longer names.
        for name in sorted(meaning.names, key=len)[:_MOST_NAMES]:
            found |= self.absolute(_COMPAT.sub("tensorflow.compat.v", f"{name}.{attribute}"))
        return found

    def _result(self, node: ast.Call) -> Meaning:
        """Returns what a call gives, where it is one of the ways to import or to read an attribute."""
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        literals = [value.value for value in node.args if isinstance(value, ast.Constant)]
        if function == "getattr" and len(node.args) >= 2:  # noqa: PLR2004 - object and name
            name = node.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                return self.member(self.meaning(node.args[0]), name.value)
        if function == "import_module" and len(node.args) == 1 and literals and isinstance(literals[0], str):
            return self.absolute(literals[0])
        if function == "__import__" and len(node.args) == 1 and literals and isinstance(literals[0], str):
            return self.absolute(literals[0].partition(".")[0])
        if function == "LazyLoader" and literals and isinstance(literals[-1], str):
            return self.absolute(literals[-1])
        return OTHER
