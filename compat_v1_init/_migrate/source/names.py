"""What a name in a source stands for, by Python's own rules for scopes, imports and aliases.

The answer is a set of dotted names such as `tensorflow.compat.v1.layers`, since a name may be bound in several places
(`try: import ... except ImportError: import ...`). It also says whether the name may stand for anything else.
"""

from __future__ import annotations

import ast
import builtins
import copy
import functools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Union

from .tf_name import is_of_tensorflow
from .tree import COMPREHENSIONS, FUNCTIONS, Tree, children

_MOST_NAMES = 8
_NEVER = sys.maxsize
# `tf.compat.v1` has a `compat` of its own, which has a `v1` of its own, and so on.
_COMPAT = re.compile(r"^tensorflow(?:\.compat\.v[12])+\.compat\.v(?=[12])")
_Comprehension = Union[ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp]


@dataclass(frozen=True)
class Meaning:
    """What an expression may stand for."""

    names: frozenset[str] = frozenset()
    """Absolute dotted names; those of relative imports begin with their dots."""
    other: bool = False
    """Whether it may also be something without a dotted name: a parameter, a result, a class of this file."""
    local: bool = False
    """Whether that something is a parameter or another local name of a function."""
    unbound: bool = False
    """Whether nothing in the file binds it, so that it can only come from a star import."""

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
        return isinstance(self.node, COMPREHENSIONS)

    @property
    def is_module(self) -> bool:
        return self.parent is None

    def function(self) -> Scope:
        """Returns this scope, or for a comprehension the one that it is written in."""
        scope = self
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        return scope


# What keeps a value under a name that is a plain string: `except ... as name`, and patterns of `match`.
_NAMED = [
    ast.ExceptHandler,
    *(getattr(ast, name) for name in ("MatchAs", "MatchStar", "MatchMapping") if hasattr(ast, name)),
]

_Visited = tuple[ast.AST, Scope]
"""A node that is still to be visited, and the scope that it is in."""


def _children(node: ast.AST, scope: Scope) -> Iterable[_Visited]:
    return [(child, scope) for child in children(node)]


def _member_of(module: str, name: str) -> str:
    """Returns the dotted name of a module's member; the module may be `.` or `..`."""
    return module + name if module.endswith(".") else f"{module}.{name}"


def _text_of(nodes: Sequence[ast.expr]) -> str | None:
    """Returns the text of the first node, if it is a string."""
    value = nodes[0].value if nodes and isinstance(nodes[0], ast.Constant) else None
    return value if isinstance(value, str) else None


class Names:
    r"""The scopes of a tree.

    `follow` is called with the dotted name of an import that is not TensorFlow's. It returns what that stands for in
    TensorFlow, or None if it is not known.

    Example:
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
        self._paired: dict[ast.AST, ast.expr] = {}
        self._memo: dict[tuple[int, str], Meaning] = {}
        self._from_star: dict[str, Meaning] = {}
        self._resolving: dict[tuple[int, str], int] = {}
        """The names that are being looked up, each with the number of those that wait for it."""
        self._so_far: dict[tuple[int, str], Meaning] = {}
        self._cut = _NEVER
        """The first of these on which what was found so far depends."""
        self._visit_all()
        self._move_globals()

    def with_follow(self, follow: Callable[[str], Meaning | None] | None) -> Names:
        """Returns the same scopes with another function to follow imports."""
        other = copy.copy(self)
        other._follow, other._memo, other._from_star = follow, {}, {}  # noqa: SLF001 - of this class
        return other

    def _new(self, node: ast.AST, parent: Scope) -> Scope:
        scope = Scope(node, parent)
        self.scopes.append(scope)
        return scope

    def _bind(self, scope: Scope, name: str, binding: Binding) -> None:
        scope.bindings.setdefault(name, []).append(binding)

    def _visit_all(self) -> None:
        """Binds what each node binds. What visits a node returns its children with their scopes."""
        stack: list[_Visited] = [(self._tree.module, self.module)]
        while stack:
            node, scope = stack.pop()
            self.scope_of[node] = scope
            visit = self._VISITS.get(type(node))
            stack += _children(node, scope) if visit is None else visit(self, node, scope)

    def _visit_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> Iterator[_Visited]:
        if not isinstance(node, ast.Lambda):
            self._bind(scope, node.name, Binding(node))
        inner = self._new(node, scope)
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        parameters = [argument for argument in every if argument is not None]
        for parameter in parameters:
            self._bind(inner, parameter.arg, Binding(parameter))
        self._bind_type_parameters(node, inner)
        outside = [*arguments.defaults, *arguments.kw_defaults, *(parameter.annotation for parameter in parameters)]
        body: list[Any] = [node.body]
        if not isinstance(node, ast.Lambda):
            outside += [*node.decorator_list, node.returns]
            body = node.body
        yield from ((child, scope) for child in outside if child is not None)
        yield from ((child, inner) for child in body)

    def _visit_class(self, node: ast.ClassDef, scope: Scope) -> Iterator[_Visited]:
        self._bind(scope, node.name, Binding(node))
        inner = self._new(node, scope)
        self._bind_type_parameters(node, inner)
        yield from ((child, scope) for child in (*node.decorator_list, *node.bases, *node.keywords))
        yield from ((statement, inner) for statement in node.body)

    def _bind_type_parameters(self, node: ast.AST, inner: Scope) -> None:
        for parameter in getattr(node, "type_params", []):
            self._bind(inner, parameter.name, Binding(parameter))

    def _visit_comprehension(self, node: _Comprehension, scope: Scope) -> Iterator[_Visited]:
        inner = self._new(node, scope)
        first = node.generators[0]
        # Python evaluates what the first `for` iterates over outside of the comprehension.
        yield first.iter, scope
        for child in ast.iter_child_nodes(node):
            yield from ((each, inner) for each in ((first.target, *first.ifs) if child is first else (child,)))

    def _visit_name(self, node: ast.Name, scope: Scope) -> Iterable[_Visited]:
        if isinstance(node.ctx, ast.Store):
            is_walrus = isinstance(self._tree.parents.get(node), ast.NamedExpr)
            self._bind(scope.function() if is_walrus else scope, node.id, Binding(node, value=self._assigned(node)))
        elif isinstance(node.ctx, ast.Del):
            self._bind(scope, node.id, Binding(node, is_deletion=True))
        return ()

    def _visit_import(self, node: ast.Import, scope: Scope) -> Iterable[_Visited]:
        for alias in node.names:
            dotted = alias.name if alias.asname else alias.name.partition(".")[0]
            self._bind(scope, alias.asname or dotted, Binding(alias, dotted=dotted))
        return _children(node, scope)

    def _visit_import_from(self, node: ast.ImportFrom, scope: Scope) -> Iterable[_Visited]:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                scope.stars.append(module)
            else:
                self._bind(scope, alias.asname or alias.name, Binding(alias, dotted=_member_of(module, alias.name)))
        return _children(node, scope)

    def _visit_global(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> Iterable[_Visited]:
        (scope.global_names if isinstance(node, ast.Global) else scope.nonlocal_names).update(node.names)
        return ()

    def _visit_named(self, node: Any, scope: Scope) -> Iterable[_Visited]:
        """Visits one of `_NAMED`."""
        name = getattr(node, "rest", None) or getattr(node, "name", None)
        if name:
            self._bind(scope, name, Binding(node))
        return _children(node, scope)

    def _assigned(self, target: ast.Name) -> ast.expr | None:
        """Returns the expression whose value a plain assignment gives to the name; None if there is none."""
        parent = self._tree.parents[target]
        if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            return parent.value
        if isinstance(parent, (ast.Tuple, ast.List)) and target not in self._paired:
            statement = self._tree.parents[parent]
            value = statement.value if isinstance(statement, ast.Assign) else None
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            starred = any(isinstance(element, ast.Starred) for element in (*parent.elts, *values))
            if len(parent.elts) == len(values) and not starred:
                self._paired.update(zip(parent.elts, values))
        return self._paired.get(target)

    def _move_globals(self) -> None:
        for scope in self.scopes:
            for name in scope.global_names | scope.nonlocal_names:
                bindings = scope.bindings.pop(name, [])
                owner = self.module if name in scope.global_names else self.owner(name, scope)
                if owner is not None:
                    owner.bindings.setdefault(name, []).extend(bindings)

    def owner(self, name: str, scope: Scope) -> Scope | None:
        """Returns the scope whose variable the name is, when read in `scope`; None if nothing binds it."""
        if name in scope.global_names:
            return self.module if name in self.module.bindings else None
        current: Scope | None = scope
        while current is not None:
            # The names of a class can be read in its own body only.
            if name in current.bindings and (current is scope or not current.is_class):
                return current
            if name in current.global_names:
                return self.module if name in self.module.bindings else None
            current = current.parent
        return None

    def aliases(self, may_be_one: Callable[[str], bool], last_parts: frozenset[str]) -> set[str]:
        """Returns the names that a scope may bind to one of some dotted names, which have these last parts."""
        found: set[str] = set()
        # The names that get the value of each name.
        further: dict[str, list[str]] = {}
        for name, bindings in (item for scope in self.scopes for item in scope.bindings.items()):
            for binding in bindings:
                if isinstance(binding.value, ast.Name):
                    further.setdefault(binding.value.id, []).append(name)
                if may_be_one(binding.dotted or "") or _last_part(binding.value) in last_parts:
                    found.add(name)
        waiting = list(found)
        while waiting:
            more = set(further.get(waiting.pop(), ())) - found
            found |= more
            waiting += more
        return found

    def bindings(self, name: str, scope: Scope) -> list[Binding]:
        """Returns all places that may have bound the name, when read in `scope`."""
        owner = self.owner(name, scope)
        return owner.bindings[name] if owner else []

    def reads_of(self, name: str, scope: Scope) -> list[ast.Name]:
        """Returns all places that read, or delete, a variable of a scope."""
        return self.reads.get((scope, name), [])

    @functools.cached_property
    def reads(self) -> dict[tuple[Scope | None, str], list[ast.Name]]:
        """The places that read, or delete, each variable."""
        found: dict[tuple[Scope | None, str], list[ast.Name]] = {}
        for node in self._tree.of(ast.Name):
            if not isinstance(node.ctx, ast.Store):
                found.setdefault((self.owner(node.id, self.scope_of[node]), node.id), []).append(node)
        return found

    def meaning_of_name(self, name: str, scope: Scope) -> Meaning:
        """Returns what a name may stand for when read in a scope."""
        owner = self.owner(name, scope)
        if owner is None:
            return self._from_stars(name)
        key = (id(owner), name)
        if key in self._memo:
            return self._memo[key]
        if key in self._resolving:
            self._cut = min(self._cut, self._resolving[key])
            return self._so_far.get(key, NOTHING)
        depth = self._resolving[key] = len(self._resolving)
        outer, self._cut = self._cut, _NEVER
        try:
            found = NOTHING
            for binding in owner.bindings[name]:
                found |= self._bound(binding, owner)
            if self._cut <= depth:
                # What it is made of itself: `tf = tf.compat.v1`.
                self._so_far[key] = found
                for binding in owner.bindings[name]:
                    if binding.value is not None and _reads(binding.value, name):
                        found |= self._bound(binding, owner)
        finally:
            del self._resolving[key]
            self._so_far.pop(key, None)
            inner, self._cut = self._cut, min(outer, self._cut)
        if inner >= depth:
            # It does not depend on a name that is still being looked up.
            self._memo[key] = found
            self._cut = outer
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
        """Returns what an imported dotted name stands for; the project's own modules are read for that."""
        if self._follow is not None and not is_of_tensorflow(dotted):
            followed = self._follow(dotted)
            if followed is not None:
                return followed
        return Meaning(frozenset([dotted]))

    def _from_stars(self, name: str) -> Meaning:
        if hasattr(builtins, name):
            return OTHER
        if name not in self._from_star:
            found = NOTHING
            for module in self.stars:
                is_ours = module.partition(".")[0] != "tensorflow"
                followed = self._follow(_member_of(module, name)) if self._follow is not None and is_ours else None
                if followed is not None and followed.names:
                    found |= followed
            self._from_star[name] = found if found.names else Meaning(unbound=True)
        return self._from_star[name]

    @functools.cached_property
    def has_aliases_of_themselves(self) -> bool:
        """Whether a name of the module is made of itself, perhaps under a condition: `tf = tf.compat.v1`."""
        each = ((name, binding.value) for name, found in self.module.bindings.items() for binding in found)
        return any(isinstance(value, (ast.Attribute, ast.IfExp)) and _reads(value, name) for name, value in each)

    @functools.cached_property
    def stars(self) -> list[str]:
        """The modules that the source imports `*` from."""
        return list(dict.fromkeys(star for scope in self.scopes for star in scope.stars))

    def meaning(self, node: ast.expr) -> Meaning:
        """Returns what an expression may stand for."""
        meaning = self._MEANINGS.get(type(node))
        return OTHER if meaning is None else meaning(self, node)

    def _of_name(self, node: ast.Name) -> Meaning:
        return self.meaning_of_name(node.id, self.scope_of[node]) if node in self.scope_of else OTHER

    def _of_attribute(self, node: ast.Attribute) -> Meaning:
        return self.member(self.meaning(node.value), node.attr)

    def _of_constant(self, node: ast.Constant) -> Meaning:
        # What `except ImportError` binds where there is no TensorFlow.
        return NOTHING if node.value in (None, False) else OTHER

    def _of_condition(self, node: ast.IfExp) -> Meaning:
        return self.meaning(node.body) | self.meaning(node.orelse)

    def _of_or(self, node: ast.BoolOp) -> Meaning:
        return (
            OTHER if isinstance(node.op, ast.And) else functools.reduce(Meaning.__or__, map(self.meaning, node.values))
        )

    def member(self, meaning: Meaning, attribute: str) -> Meaning:
        """Returns what an attribute of something stands for."""
        found = Meaning(other=meaning.other, local=meaning.local, unbound=meaning.unbound)
        # An alias of itself (`tf = tf.compat.v1`) would give longer and longer names.
        for name in sorted(meaning.names, key=len)[:_MOST_NAMES]:
            found |= self.absolute(_COMPAT.sub("tensorflow.compat.v", f"{name}.{attribute}"))
        return found

    def _of_call(self, node: ast.Call) -> Meaning:
        """Returns what a call gives, where it is one of the ways to import or to read an attribute."""
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if function == "getattr":
            name = _text_of(node.args[1:2])
            return OTHER if name is None else self.member(self.meaning(node.args[0]), name)
        name = None
        if function in ("import_module", "__import__") and len(node.args) == 1:
            name = _text_of(node.args)
            # `__import__("a.b")` returns `a`.
            name = name.partition(".")[0] if name and function == "__import__" else name
        elif function == "LazyLoader":
            name = _text_of([value for value in node.args if isinstance(value, ast.Constant)][-1:])
        return OTHER if name is None else self.absolute(name)

    _VISITS: ClassVar[dict[type, Callable[..., Iterable[_Visited]]]] = {
        **dict.fromkeys(FUNCTIONS, _visit_function),
        ast.ClassDef: _visit_class,
        **dict.fromkeys(COMPREHENSIONS, _visit_comprehension),
        ast.Name: _visit_name,
        ast.Import: _visit_import,
        ast.ImportFrom: _visit_import_from,
        ast.Global: _visit_global,
        ast.Nonlocal: _visit_global,
        **dict.fromkeys(_NAMED, _visit_named),
    }
    _MEANINGS: ClassVar[dict[type, Callable[..., Meaning]]] = {
        ast.Name: _of_name,
        ast.Attribute: _of_attribute,
        ast.Constant: _of_constant,
        ast.IfExp: _of_condition,
        ast.BoolOp: _of_or,
        ast.Call: _of_call,
    }


def _last_part(node: ast.expr | None) -> object:
    """Returns the last part of the name of an attribute, also of one that `getattr` reads."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr" and len(node.args) > 1:
        return getattr(node.args[1], "value", None)
    return node.attr if isinstance(node, ast.Attribute) else None


def _reads(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))
