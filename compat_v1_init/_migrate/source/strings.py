"""Strings that name an initializer: as data for other code, or for a layer of Keras that looks it up."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from compat_v1_init._migrate.files.project import Project

from .index import Found, Question, of_project
from .initializer_names import KERAS_STRINGS, NAMED_BY, TF1_ONLY_NAMES, any_of
from .tf_name import are_of_tensorflow, is_of_tensorflow, tf_name
from .tree import FUNCTIONS, Tree

if TYPE_CHECKING:
    from .names import Names

_NAMING = re.compile(
    rf"(?:(?:[A-Za-z_][\w.]*\.)?(?:{any_of(TF1_ONLY_NAMES)})|(?:tf|tensorflow)\.(?:[\w.]+\.)?{NAMED_BY})(?:\(.*\))?",
    re.DOTALL,
)
_PATH = re.compile(rf"(?:\w+\.)*{NAMED_BY}")
_LONGEST = 400
_NOT_TF_KERAS = ("keras.", "tf_keras.")
_TAKES_STRING = re.compile(r"(?:python\.)?(?:keras\.initializers\.(?:get|deserialize)|(?:keras\.)?layers\.\w+)")
"""The path of what takes a string."""
_TESTS_TEXT = {"startswith", "endswith"}
_REGISTERS = ("register", "add", "setdefault")
"""How the name of a function begins that stores something under a name."""
_SHOWN_BY_KEYWORD = {"label", "title", "help", "description", "desc", "xlabel", "ylabel"}
_SHOWS = {"print", "title", "suptitle", "xlabel", "ylabel", "info", "debug", "warn", "warning", "error"}
_NAMES_FIRST = {"get_variable", "variable_scope", "name_scope", "histogram", "scalar", "image", "text"}
_WEIGHTS = "initializer"
"""How the name of a parameter of Keras ends that takes an initializer."""


def names_an_initializer(text: str) -> bool:
    """Returns whether a string is the name of an initializer of the family, or a call of one.

    Example:
    >>> names_an_initializer("tf.contrib.layers.xavier_initializer"), names_an_initializer("he_normal")
    (True, False)
    """
    return len(text) <= _LONGEST and _NAMING.fullmatch(text.strip()) is not None


class Strings:
    """The strings of a tree.

    Args:
      tree: the tree.
      names: its scopes.
      is_tf1: returns True for a program of TensorFlow 1, False for one of 2, and None if that is not known.
      project: where it is.
    """

    def __init__(self, tree: Tree, names: Names, is_tf1: Callable[[], bool | None], project: Project) -> None:
        self._tree = tree
        self._names = names
        self._is_tf1 = is_tf1
        self._project = project
        self._keys: dict[ast.Dict, dict[ast.AST, ast.expr | None]] = {}
        """The keys of each dict, by their values."""

    def is_name(self, node: ast.Constant) -> bool:
        """Returns whether a string names an initializer, and is more than documentation or the program's own word."""
        parent = self._tree.parents[node]
        function = _name_of(parent.func) if isinstance(parent, ast.Call) else None
        is_path = function == "attrgetter" and _PATH.fullmatch(str(node.value))
        if not isinstance(node.value, str) or not (names_an_initializer(node.value) or is_path):
            return False
        # Documentation, or `__all__` and the like, which name what this file has.
        is_own = isinstance(parent, (ast.Expr, ast.JoinedStr)) or node.value in self._names.module.bindings
        is_of_getattr = function == "getattr" and isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name)
        return not (is_own or self._is_label(node) or is_of_getattr or node.value in self._choices)

    def _is_label(self, node: ast.Constant) -> bool:
        """Returns whether a string is only shown to people, or names a variable, an op, or an initializer beside it."""
        parent = self._tree.parents[node]
        if isinstance(parent, (ast.Tuple, ast.List)):
            return parent.elts[0] is node and any(map(_has_initializer, parent.elts))
        call = self._tree.parents[parent] if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call):
            return False
        keyword = parent.arg if isinstance(parent, ast.keyword) else None
        is_shown = keyword in _SHOWN_BY_KEYWORD or (keyword is None and _name_of(call.func) in _SHOWS)
        if is_shown or isinstance(self._tree.parents[call], ast.Raise):
            return True
        is_first = keyword is None and call.args[:1] == [node] and _name_of(call.func) in _NAMES_FIRST
        return (is_first or keyword in {"name", "scope"}) and are_of_tensorflow(self._names.meaning(call.func).names)

    @functools.cached_property
    def _choices(self) -> set[str]:
        """The strings by which this file itself chooses: what is compared, the keys of a dict, cases, and the like.

        They are the program's own words. What the program does with each of them is code, and the code is migrated.
        """
        chosen = [expression for node in self._tree.nodes for expression in _chosen_by(node)]
        names = {_name_of(expression) for expression in chosen} - {None}
        assignments: list[ast.Assign | ast.AnnAssign] = [*self._tree.of(ast.Assign), *self._tree.of(ast.AnnAssign)]
        for node in assignments:
            # A constant of the file that something is compared with by its name.
            if not names.isdisjoint(map(_name_of, _targets_of(node))):
                chosen += [node.value] if node.value is not None else []
        keywords = [each for node in self._tree.of(ast.Call) for each in _keys_of(node)]
        return {
            each.value
            for expression in chosen
            for each in (expression.elts if isinstance(expression, (ast.Tuple, ast.List, ast.Set)) else [expression])
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }.union(keywords)

    def is_for_keras(self, node: ast.Constant) -> bool:
        """Returns whether a layer of TF1, or a function of the project, finds its initializer by a string."""
        if node.value not in KERAS_STRINGS:
            return False
        child: ast.AST = node
        parent = self._tree.parents[node]
        while isinstance(parent, (ast.IfExp, ast.BoolOp)):
            child, parent = parent, self._tree.parents[parent]
        if isinstance(parent, ast.keyword):
            call = self._tree.parents[parent]
            if not isinstance(call, ast.Call) or not self._may_be_tf_keras(call.func):
                return False
            is_tensorflows = any(map(is_of_tensorflow, self._names.meaning(call.func).names))
            return _is_weights(parent.arg) if is_tensorflows else self._is_passed_on(node, parent.arg, call.func)
        if isinstance(parent, ast.Call):
            names = filter(None, map(tf_name, self._names.meaning(parent.func).names))
            takes = any(name.package == "tensorflow" and _TAKES_STRING.fullmatch(name.path) for name in names)
            return takes and self._may_be_tf_keras(parent.func)
        return bool(self._is_tf1()) and self._is_stored_for_weights(parent, child)

    def _is_passed_on(self, node: ast.Constant, parameter: str | None, function: ast.expr) -> bool:
        """Returns whether a function of the project hands a string to Keras, and does not look at it itself."""
        bindings = []
        if isinstance(function, ast.Name):
            bindings = self._names.bindings(function.id, self._names.scope_of[function])
        if any(isinstance(binding.node, FUNCTIONS) for binding in bindings) and parameter not in self._passed:
            return False
        is_weights = _is_weights(parameter) or parameter in self._passed
        if not is_weights or node.value in self._choices:
            return False
        chosen = of_project(_CHOOSES, self._project)
        return all((fact.kind, fact.what) != (_name_of(function), node.value) for fact in chosen)

    def chosen(self) -> Iterator[Found]:
        """Yields the functions and classes of a file that chooses by the name of an initializer, with the name."""
        words = sorted(self._choices & KERAS_STRINGS)
        for node in self._tree.nodes:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield from (Found(node.name, node.lineno, word) for word in words)

    def _is_stored_for_weights(self, holder: ast.AST, value: ast.AST) -> bool:
        """Returns whether a dict, a default argument or an assignment keeps a value under a name of initializers."""
        if isinstance(holder, ast.Dict):
            if holder not in self._keys:
                self._keys[holder] = dict(zip(holder.values, holder.keys))
            key = self._keys[holder].get(value)
            return isinstance(key, ast.Constant) and _is_weights(key.value)
        if getattr(value, "value", None) in self._choices:
            return False
        names: list[str | None] = []
        if isinstance(holder, ast.arguments):
            names = [argument.arg for argument in _with_default(holder, value)]
        elif isinstance(holder, (ast.Assign, ast.AnnAssign)):
            names = list(map(_name_of, _targets_of(holder)))
        return any(_is_weights(name) or name in self._passed for name in names)

    @functools.cached_property
    def _passed(self) -> set[str]:
        """The names of what this file passes on as the initializer of a layer's weights."""
        values = [each.value for each in self._tree.of(ast.keyword) if _is_weights(each.arg)]
        return set(filter(None, map(_name_of, values)))

    def _may_be_tf_keras(self, function: ast.expr) -> bool:
        """Returns whether a function may be one of TF1's `tf.keras` or `tf.layers`: not of Keras alone."""
        names = self._names.meaning(function).names
        if any(name.startswith(_NOT_TF_KERAS) for name in names):
            return False
        return bool(self._is_tf1()) or any(name.is_v1 for name in filter(None, map(tf_name, names)))


_CHOOSES = Question(
    lambda program: Strings(program.tree, program.names, lambda: None, Project()).chosen(),
    re.compile(rf"['\"](?:{any_of(KERAS_STRINGS)})['\"]".encode()),
    (),
)
"""Which functions of a project look at the name of an initializer themselves."""


# --- What a program chooses by ---------------------------------------------------------------------------------------


def _of_definition(node: ast.FunctionDef | ast.ClassDef) -> list[ast.expr]:
    return [value for each in node.decorator_list if isinstance(each, ast.Call) for value in each.args]


def _of_call(node: ast.Call) -> list[ast.expr]:
    name = _name_of(node.func) or ""
    keeps = name.startswith(_REGISTERS) and any(map(_has_code, node.args[1:]))
    return node.args[:1] if name in _TESTS_TEXT or keeps else []


_CHOSEN: dict[str, Callable[[Any], list[ast.expr]]] = {
    "Compare": lambda node: [node.left, *node.comparators],
    "Dict": lambda node: [key for key, value in zip(node.keys, node.values) if key is not None and _has_code(value)],
    "MatchValue": lambda node: [node.value],
    "MatchMapping": lambda node: node.keys,
    "Assign": lambda node: [
        each.slice for each in node.targets[:1] if isinstance(each, ast.Subscript) and _has_code(node.value)
    ],
    "FunctionDef": _of_definition,
    "ClassDef": _of_definition,
    "Call": _of_call,
}


def _chosen_by(node: ast.AST) -> list[ast.expr]:
    """Returns the expressions by whose value a node chooses what to do."""
    return _CHOSEN.get(type(node).__name__, lambda _: [])(node)


def _keys_of(call: ast.Call) -> list[str]:
    """Returns the keys of a dict that is made or changed by keywords."""
    if _name_of(call.func) not in {"dict", "OrderedDict", "update"}:
        return []
    return [keyword.arg for keyword in call.keywords if keyword.arg and _has_code(keyword.value)]


def _has_initializer(node: ast.expr) -> bool:
    return any(
        isinstance(each, (ast.Name, ast.Attribute)) and _name_of(each) in TF1_ONLY_NAMES for each in ast.walk(node)
    )


def _has_code(node: ast.expr) -> bool:
    """Returns whether an expression is more than a literal, which may be data for another program."""
    return any(isinstance(each, (ast.Name, ast.Attribute, ast.Call, ast.Lambda)) for each in ast.walk(node))


def _name_of(node: ast.expr) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def _targets_of(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _is_weights(name: object) -> bool:
    return isinstance(name, str) and (name.endswith(_WEIGHTS) or name == "class_name")


def _with_default(arguments: ast.arguments, default: ast.AST) -> Iterator[ast.arg]:
    """Yields the parameter with this default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    for argument, value in [*zip(with_default, arguments.defaults), *zip(arguments.kwonlyargs, arguments.kw_defaults)]:
        if value is default:
            yield argument
