"""Variable scopes of a project that may decide what its variables draw, or how often an initializer is called.

A variable scope may set the initializer of all `get_variable` calls that run in it, also of calls in other files. Its
partitioner calls an initializer for each shard, and a custom getter may do anything. What is known is a direct call of
a scope with arguments that are all seen. Whatever else reaches a scope counts as one that sets everything: an alias,
`functools.partial`, `getattr`, `**options`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from compat_v1_init._migrate.source.calls import NotLiteral, literal
from compat_v1_init._migrate.source.index import Fact, Found, Program, Question, of_project, place_of_own
from compat_v1_init._migrate.source.takers import ONE_VARIABLE, SCOPES, TF_LAYERS, bind, is_none, last_name
from compat_v1_init._migrate.source.tree import FUNCTIONS
from compat_v1_init._sampling.dtypes import FLOAT_NAMES

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project
    from compat_v1_init._migrate.source.names import Names
    from compat_v1_init._migrate.source.tree import Tree

# Kinds of facts.
INITIALIZER = "an initializer"
GETTER = "a getter"
PARTITIONER = "a partitioner"
DTYPE = "a dtype"
V1 = "disable_v2_behavior()"
MAY, RUNS = "perhaps", "runs"
"""What is said of a place that reaches a scope in another way than by a direct call, or runs code that is not seen."""
_ALL = (INITIALIZER, GETTER, PARTITIONER, DTYPE)
_UNSEEN = (DTYPE, *_ALL)
_SAID = {_ALL: MAY, _UNSEEN: RUNS}
_PARAMETERS = {
    "initializer": INITIALIZER,
    "custom_getter": GETTER,
    "custom_getter_": GETTER,
    "partitioner": PARTITIONER,
    "dtype": DTYPE,
}
_SETTERS = {f"set_{name}": kind for name, kind in _PARAMETERS.items()}
_ATTRIBUTES = {f"_{name}": kind for name, kind in _PARAMETERS.items()}
# What may set anything, wherever it is named.
_CREATORS = frozenset(
    {
        "variable_creator_scope", "_variable_creator_scope", "_pure_variable_scope", "_get_single_variable",
        "get_variable_scope_store", "_VariableScopeStore",
    }
)  # fmt: skip
# What the program may replace by something of its own.
_REPLACED = frozenset({"get_variable", "_get_default_initializer", "glorot_uniform_initializer", "get_variable_scope"})
# TensorFlow's classes of what is drawn by default, whose methods the program may replace too.
_CLASSES = frozenset({*_REPLACED, *SCOPES, "GlorotUniform", "VarianceScaling", "_VariableStore"})
_LAYERS = frozenset(each for each in TF_LAYERS if each[0].isupper())
_BY_NAME = frozenset({*SCOPES, *_SETTERS, *_ATTRIBUTES, *_CREATORS})
# Functions that reach something by its name.
_REACH = frozenset({"getattr", "setattr", "attrgetter", "methodcaller", "patch", "object", "__getattribute__", "vars"})
# A framework that calls a program's functions in scopes of its own.
_FRAMEWORKS = frozenset({"tensor2tensor", "opennmt"})
# What these are given is no key of a dict; those that reach an attribute by its name are asked on their own.
_NO_KEYS = frozenset(
    {"endswith", "startswith", "replace", "split", "rsplit", "find", "count", "rstrip", "hasattr", *_REACH}
)
_RUN = frozenset({"exec", "eval", "compile", "execfile", "_e_"})
_MODULES = frozenset({"tf", "tensorflow"})
_MAKES_SCOPE = frozenset({*SCOPES, "get_variable_scope"})
_TENSORFLOW = frozenset({"tensorflow", "tensorflow.compat.v1", "tensorflow.python.ops.variable_scope"})
_FLOATS = frozenset({*FLOAT_NAMES, "half", "double"})

_WORDS = re.compile(
    rb"variable_scope|variable_op_scope|VariableScope|make_template|variable_creator|custom_getter|set_initializer"
    rb"|set_partitioner|partitioners?\b|tensor2tensor|opennmt|_get_single_variable"
)
_MARKER = re.compile(
    _WORDS.pattern + rb"|[.'\"]_(?:initializer|dtype|get_default_initializer)\b|\b_initializer[ \t]*="
    rb"|set_dtype|disable_v2_|__dict__|\b(?:exec|eval|patch)\b|attrgetter|__call__[ \t]*=|\.(?:tf|tensorflow)[ \t]*="
    rb"|\.layers(?:\.\w+)*[ \t]*=(?!=)"
    rb"|(?:GlorotUniform|VarianceScaling)[ \t]*="
    rb"|vars[ \t]*\(|getattr|setattr"
    rb"|(?:get_variable(?:_scope)?|glorot_uniform_initializer|_get_default_initializer)(?:[ \t]*=|['\"])"
)


def scopes_in(program: Program) -> Iterator[Found]:
    r"""Yields what a program's scopes set, or may set.

    Example:
    >>> from compat_v1_init._migrate.source.index import Program
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> tree = Tree("with tf.variable_scope('a', initializer=i):\n    f(initializer=j)")
    >>> [(found.kind, found.line) for found in scopes_in(Program(tree))]
    [('an initializer', 1)]
    """
    finder, tree = _Finder(program), program.tree
    for node in tree.nodes:
        kinds = finder.kinds(node) if isinstance(node, _KINDS_OF_NODES) else ()
        if kinds:
            line = tree.place(tree.span(node)[0])[0] if hasattr(node, "lineno") else 1
            for kind in kinds:
                yield Found(kind, line, _SAID.get(kinds, ""))


_SOMETIMES = (ast.ExceptHandler, ast.IfExp, ast.BoolOp, ast.For, ast.While, ast.ClassDef, ast.Lambda)
_KINDS_OF_NODES = (ast.Call, ast.Attribute, ast.Name, ast.Import, ast.ImportFrom, ast.Constant)


class _Finder:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._tree = program.tree

    def kinds(self, node: ast.AST) -> tuple[str, ...]:
        """Returns what a node sets, or may set."""
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Name):
            return self._name(node, node.id)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return self._import(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._text(node, node.value)
        return ()

    def _text(self, node: ast.Constant, text: str) -> tuple[str, ...]:
        """Returns what a string may set: code that runs, the path of a scope, or a key that is a scope's attribute."""
        if text not in _ATTRIBUTES and _WORDS.search(text.encode("utf-8", "replace")) is None:
            return ()
        parent = self._tree.parents[node]
        name = last_name(parent) if isinstance(parent, ast.Call) else ""
        is_path = re.fullmatch(r"\w+(?:\.\w+)+", text) and text.rpartition(".")[2] in SCOPES and name != "hasattr"
        if name in _RUN or is_path:
            return _ALL
        is_key = isinstance(parent, (ast.Subscript, ast.Dict, ast.Call)) and name not in _NO_KEYS
        return (_ATTRIBUTES[text],) if text in _ATTRIBUTES and is_key else ()

    def _name(self, node: ast.expr, name: str) -> tuple[str, ...]:
        """Returns what a scope's name may set, where it is not called."""
        if name in _CREATORS:
            return _ALL
        if name not in SCOPES or not isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
            return ()
        parent = self._tree.parents[node]
        if isinstance(parent, ast.Call) and (parent.func is node or last_name(parent) == "isinstance"):
            return ()
        is_read = isinstance(parent, ast.Attribute) and isinstance(parent.ctx, ast.Load)
        if is_read and not parent.attr.startswith("__"):  # type: ignore[attr-defined]
            return ()  # The module of that name.
        annotation = getattr(parent, "annotation", getattr(parent, "returns", None))
        is_annotation = isinstance(parent, ast.arg) or annotation is node
        return () if is_annotation else _ALL

    def _attribute(self, node: ast.Attribute) -> tuple[str, ...]:
        name = node.attr
        if isinstance(node.ctx, ast.Store):
            if name in _ATTRIBUTES and not self._is_own(node.value):
                return (_ATTRIBUTES[name],)
            owner = last_name(node.value)
            is_one = name in _CLASSES or owner in _CLASSES or name in _MODULES or _is_layer(owner, name)
            return _ALL if is_one and not self._is_own(node.value) else ()
        if name in _SETTERS and not self._is_own(node.value):
            call = self._tree.parents[node]
            is_known = isinstance(call, ast.Call) and call.func is node and len(call.args) == 1 and not call.keywords
            value = call.args[0] if is_known else None  # type: ignore[attr-defined]
            return () if is_known and not self._sets(_SETTERS[name], value) else (_SETTERS[name],)
        if name == "__dict__" and (is_tensorflow(self._program, node.value) or self._is_scope(node.value)):
            return _ALL
        return self._name(node, name)

    def _is_scope(self, node: ast.expr) -> bool:
        """Returns whether an expression is a variable scope, as far as this file shows."""
        made: list[ast.expr | None] = [node]
        if isinstance(node, ast.Name):
            for binding in self._program.names.bindings(node.id, self._program.names.scope_of[node]):
                above = self._tree.parents.get(binding.node)
                made.append(above.context_expr if isinstance(above, ast.withitem) else binding.value)
        return any(isinstance(each, ast.Call) and last_name(each) in _MAKES_SCOPE for each in made)

    def _is_own(self, owner: ast.expr) -> bool:
        """Returns whether an attribute is one of a class of the program, and the class is no scope."""
        if not isinstance(owner, ast.Name):
            return False
        for above in self._tree.ancestors(owner):
            if isinstance(above, ast.ClassDef):
                return not any("Scope" in last_name(base) or "Store" in last_name(base) for base in above.bases)
            if isinstance(above, FUNCTIONS) and isinstance(self._tree.parents[above], ast.ClassDef):
                parameters = [*above.args.posonlyargs, *above.args.args]
                if not parameters or parameters[0].arg != owner.id:
                    return False
        return False

    def _sets(self, kind: str, value: ast.expr | None) -> bool:
        """Returns whether an argument may set something."""
        if value is None or is_none(value):
            return False
        if kind != DTYPE:
            return True
        try:
            return str(literal(value, self._program.names)) not in _FLOATS
        except NotLiteral:
            return True

    def _call(self, node: ast.Call) -> tuple[str, ...]:
        name = last_name(node)
        if name in _RUN and self._runs_what_is_not_seen(node, name):
            return _UNSEEN
        if name in SCOPES:
            bound = bind(node, SCOPES[name])
            if bound.is_open:
                return _ALL
            given = {parameter: bound.given.get(parameter) for parameter in SCOPES[name] if parameter in _PARAMETERS}
            return tuple(_PARAMETERS[each] for each, value in given.items() if self._sets(_PARAMETERS[each], value))
        if name.startswith("disable_v2_") and self._is_certain(node):
            return (V1,)
        found = self._reached(node, name) if name in _REACH else ()
        return found or tuple(kind for kind in map(self._passed_on, node.keywords) if kind and name not in ONE_VARIABLE)

    def _runs_what_is_not_seen(self, node: ast.Call, name: str) -> bool:
        """Returns whether a call runs code that is no program of the project, and with TensorFlow in reach."""
        if not node.args or isinstance(node.args[0], ast.Constant):
            return False
        texts = [str(each.value) for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
        if name != "exec":
            return name == "eval" and any(text.startswith(("tf.", "tensorflow.")) for text in texts)
        namespace = node.args[1] if len(node.args) > 1 else None
        if isinstance(namespace, ast.Name):
            bindings = self._program.names.bindings(namespace.id, self._program.names.scope_of[namespace])
            namespace = bindings[0].value if len(bindings) == 1 else namespace
        is_empty = isinstance(namespace, ast.Dict) and not namespace.keys
        is_seen = any(text.endswith(".py") for text in texts)
        return not is_empty and not is_seen and b"tensorflow" in self._tree.source.encode("utf-8", "replace")

    @staticmethod
    def _passed_on(keyword: ast.keyword) -> str:
        """Returns what a function is given that it may give to a scope."""
        name = keyword.arg or ""
        if is_none(keyword.value):
            return ""
        if name.startswith("_"):
            return _ATTRIBUTES.get(name, "")
        return GETTER if name.startswith("custom_getter") else PARTITIONER if "partitioner" in name else ""

    def _reached(self, node: ast.Call, name: str) -> tuple[str, ...]:
        """Returns what a call may set that reaches an attribute by its name."""
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        lasts = {text.rpartition(".")[2] for text in texts}
        if not lasts.isdisjoint(_BY_NAME):
            is_own = name != "patch" and bool(node.args) and self._is_own(node.args[0]) and lasts.isdisjoint(SCOPES)
            return () if is_own else _ALL
        owner = node.args[0] if node.args else node.func
        if name in {"setattr", "patch", "object"} and (
            not lasts.isdisjoint(_REPLACED)
            or any(_is_layer(last_name(owner), last) for last in lasts)
            or any(_is_layer(*text.split(".")[-2:]) for text in texts if "." in text)
        ):
            return _ALL
        if texts or not node.args:
            return ()
        if name.startswith("__") and isinstance(node.func, ast.Attribute):
            owner = node.func.value
        is_named = name == "setattr" and "scope" in last_name(owner).lower()
        is_of_both = name == "attrgetter" and not isinstance(owner, ast.Constant)
        is_reached = is_named or is_of_both or is_tensorflow(self._program, owner) or self._is_scope(owner)
        return _ALL if is_reached and name not in {"patch", "object"} else ()

    def _is_certain(self, node: ast.Call) -> bool:
        """Returns whether a call is made whenever the program, or the function that it is in, runs."""
        inner: ast.AST = node
        for above in self._tree.ancestors(node):
            if isinstance(above, ast.If):
                # A program that asks for the version has no such behavior to turn off in TensorFlow 1.
                asks = {last_name(each) for each in ast.walk(above.test)}
                if asks.isdisjoint({"__name__", "__version__", "VERSION"}) or inner not in above.body:
                    return False
            elif isinstance(above, _SOMETIMES) or (isinstance(above, ast.Try) and inner not in above.body):
                return False
            inner = above
        return True

    def _import(self, node: ast.Import | ast.ImportFrom) -> tuple[str, ...]:
        module = getattr(node, "module", "") or ""
        for alias in node.names:
            if not _FRAMEWORKS.isdisjoint({module.partition(".")[0], alias.name.partition(".")[0]}):
                return _ALL
            name = alias.name.rpartition(".")[2]
            if name in SCOPES and alias.asname not in (None, name):
                uses = self._tree.names.get(str(alias.asname), [])
                if not uses or not all(isinstance(self._tree.parents[use], ast.Attribute) for use in uses):
                    return _ALL
        return ()


def is_tensorflow(program: Program, node: ast.expr) -> bool:
    """Returns whether an expression is TensorFlow itself, or another module's name for it."""
    text = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else ""
    is_named = last_name(node) in _MODULES and isinstance(node, ast.Attribute)
    return is_named or text == "tensorflow" or not program.names.meaning(node).names.isdisjoint(_TENSORFLOW)


def _is_layer(owner: str, name: str) -> bool:
    """Returns whether an attribute is one of `tf.layers`, or `tf.layers` itself."""
    return owner in _LAYERS or (owner == "layers" and name in TF_LAYERS) or (owner in _MODULES and name == "layers")


QUESTION = Question(scopes_in, _MARKER, _ALL, _WORDS, MAY)


def facts_of(tree: Tree, names: Names, project: Project) -> list[Fact]:
    """Returns what the scopes of a project set. Those of the file itself, whose tree this is, come first."""
    own = [Fact(found.kind, found.what, place_of_own(project, found.line)) for found in scopes_in(Program(tree, names))]
    return own + of_project(QUESTION, project)


def first(facts: list[Fact], *kinds: str) -> Fact | None:
    """Returns the first fact of some kinds."""
    return next((fact for fact in facts if fact.kind in kinds), None)
