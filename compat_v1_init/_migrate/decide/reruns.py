"""Whether a project relies on what only TF1's initializers do: use the graph's seed, and draw new numbers in each run.

In TF1 the graph's seed decides what an initializer without a seed draws, and each run of a variable's initializer in
one session draws new numbers. Keras' initializers do not use the graph's seed, and repeat their numbers.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.discover import walk
from compat_v1_init._migrate.files.read_write import decode, is_file
from compat_v1_init._migrate.findings import Refused
from compat_v1_init._migrate.source.names import Names
from compat_v1_init._migrate.source.notebooks import Notebook
from compat_v1_init._migrate.source.tree import FUNCTIONS, LOOPS, Tree

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

# Each file that can matter has one of these. Python finds words faster than a regular expression.
_TELLING = (
    "set_random_seed",
    "set_seed",
    "tf_random_seed",
    "variables_initializer",
    "initialize_",
    ".initializer",
    "initializers.",
    "MonitoredSession",
    "MonitoredTrainingSession",
    "Supervisor",
    "SessionManager",
    "contrib.learn",
    "contrib import learn",
)
_SEED_OF_GRAPH = (".seed", "raph")
"""A file has both if it assigns a graph's seed."""
_TELLING_BYTES = tuple(word.encode() for word in _TELLING)
_INITIALIZES = re.compile(r"\w*variables_initializer|initialize_(?:all_|local_)?variables")
_SESSIONS = {"MonitoredTrainingSession", "MonitoredSession", "SingularMonitoredSession", "Supervisor", "SessionManager"}
_LEARN = ("Estimator", "Classifier", "Regressor", "RunConfig")
_MOST_FILES = 5_000
_LARGEST = 2_000_000

SEED = "the project sets a graph seed, which Keras' own initializers ignore"
RERUN = "the project may run an initializer again, for which Keras' own repeat their numbers"


def relies_on_tf1(tree: Tree, names: Names, project: Project) -> str:
    """Returns on which behavior of TF1 a file or its project relies, as part of a sentence; empty if on none.

    Args:
      tree: the file's tree.
      names: its scopes.
      project: the file and its project.
    """
    is_notebook = project.path is not None and project.path.suffix == ".ipynb"
    own = ""
    if any(word in tree.source for word in _TELLING) or all(word in tree.source for word in _SEED_OF_GRAPH):
        own = _Uses(tree, names, is_notebook=is_notebook).reason()
    return own or ("" if project.path is None else _of_project(str(project.top)))


def search(projects: Iterable[Project]) -> None:
    """Searches some projects now, so that the processes copied from this one need not do it."""
    for top in dict.fromkeys(str(project.top) for project in projects):
        _of_project(top)


@lru_cache(maxsize=64)
def _of_project(root: str) -> str:
    try:
        for number, path in enumerate(_programs(root)):
            if number > _MOST_FILES:
                return RERUN
            reason = _of_program(path)
            if reason:
                return reason
    except (OSError, Refused):
        # A file that cannot be read may do it. With TF1's numbers the program is right in both cases.
        return RERUN
    return ""


def _of_program(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - quicker, for each file of the project
        data = file.read(_LARGEST + 1)
    if not any(word in data for word in _TELLING_BYTES) and not all(word.encode() in data for word in _SEED_OF_GRAPH):
        return ""
    if len(data) > _LARGEST:
        return RERUN
    text = decode(data).text
    is_notebook = path.endswith(".ipynb")
    tree = Tree(Notebook(text).joined if is_notebook else text)
    return _Uses(tree, Names(tree), is_notebook=is_notebook).reason()


def _programs(root: str) -> Iterator[str]:
    for folder, files in walk(root):
        yield from filter(is_file, (f"{folder}{os.sep}{file}" for file in files if file.endswith((".py", ".ipynb"))))


class _Uses:
    def __init__(self, tree: Tree, names: Names, *, is_notebook: bool) -> None:
        self._tree = tree
        self._names = names
        self._is_notebook = is_notebook
        self._ops: set[str] = set()
        """Names and attributes that hold an op which initializes variables."""

    def reason(self) -> str:
        calls = [node for node in self._tree.nodes if isinstance(node, ast.Call)]
        if any(map(self._sets_seed, calls)) or self._names_seed() or self._assigns_seed():
            return SEED
        for node in self._tree.nodes:
            if isinstance(node, ast.Assign) and self._is_op(node.value):
                for target in node.targets:
                    self._ops.update(filter(None, (_last(part) for part in ast.walk(target))))
        runs = [call for call in calls if self._initializes(call)]
        # If no call here runs the op, another file does, perhaps several times.
        goes_elsewhere = not runs and any(map(_makes_op, calls))
        return RERUN if goes_elsewhere or len(runs) > 1 or any(map(self._may_repeat, runs)) else ""

    def _sets_seed(self, call: ast.Call) -> bool:
        if any(keyword.arg == "tf_random_seed" for keyword in call.keywords):
            return True
        name = _last(call.func)
        if name != "set_seed" and not name.endswith(_LEARN):
            return False
        names = self._names.meaning(call.func).names
        # The config of contrib's estimators sets 1 by default.
        return any(
            full.startswith("tensorflow." if name == "set_seed" else "tensorflow.contrib.learn.") for full in names
        )

    def _names_seed(self) -> bool:
        """Returns whether `set_random_seed` is imported, called or handed on, perhaps by another name."""
        return any(
            (node.name if isinstance(node, ast.alias) else _last(node)) == "set_random_seed"
            for node in self._tree.nodes
            if isinstance(node, (ast.alias, ast.Attribute, ast.Name))
        )

    def _assigns_seed(self) -> bool:
        """Returns whether a graph's attribute `seed` is assigned."""
        graphs = {"get_default_graph", "Graph"}
        for node in self._tree.nodes:
            if isinstance(node, ast.Assign) and _makes_graph(node.value):
                graphs.update(map(_last, node.targets))
            elif isinstance(node, ast.withitem) and node.optional_vars and _makes_graph(node.context_expr):
                graphs.add(_last(node.optional_vars))
        return any(
            isinstance(node, ast.Attribute)
            and node.attr == "seed"
            and isinstance(node.ctx, ast.Store)
            and (_last(node.value) in graphs or "graph" in _last(node.value).lower())
            for node in self._tree.nodes
        )

    def _is_op(self, node: ast.AST) -> bool:
        """Returns whether an expression holds an op that initializes variables."""
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and _makes_op(part):
                return True
            # The initializer of a data set's iterator does not count.
            if isinstance(part, ast.Attribute) and part.attr == "initializer" and not _is_iterator(part.value):
                return True
        return False

    def _initializes(self, call: ast.Call) -> bool:
        """Returns whether a call runs such an op, or makes a session that does."""
        if _last(call.func) in _SESSIONS:
            return True
        if _last(call.func) != "run" or not isinstance(call.func, ast.Attribute):
            return False
        parts: list[ast.expr] = [call.func.value, *call.args, *(keyword.value for keyword in call.keywords)]
        return any(
            self._is_op(part) or any(_last(each) in self._ops for each in ast.walk(part) if _last(each))
            for part in parts
        )

    def _may_repeat(self, node: ast.AST, depth: int = 0) -> bool:
        """Returns whether code may run several times in one process."""
        for above in self._tree.ancestors(node):
            if isinstance(above, (*LOOPS, ast.ClassDef)):
                return True
            if isinstance(above, FUNCTIONS):
                return depth > 3 or not self._is_called_once(above, depth)  # noqa: PLR2004 - main, and what it calls
        return self._is_notebook

    def _is_called_once(self, function: ast.AST, depth: int) -> bool:
        name = getattr(function, "name", None)
        if name is None or not isinstance(self._tree.parents[function], (ast.Module, ast.If)):
            return False
        uses = self._tree.names.get(name, [])
        if name == "main" and len(uses) <= 1:
            return not any(self._may_repeat(use, depth + 1) for use in uses)
        return len(uses) == 1 and not self._may_repeat(uses[0], depth + 1)


def _makes_op(call: ast.Call) -> bool:
    return _INITIALIZES.fullmatch(_last(call.func)) is not None or _is_global(call.func)


def _makes_graph(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and _last(part) in {"Graph", "get_default_graph"} for part in ast.walk(node))


def _is_iterator(node: ast.expr) -> bool:
    return "iter" in _last(node).lower()


def _is_global(function: ast.expr) -> bool:
    """Returns whether a function is `tf.initializers.global_variables` or the like."""
    name = _last(function)
    owner = function.value if isinstance(function, ast.Attribute) else function
    return name in {"global_variables", "variables"} and _last(owner) == "initializers"


def _last(node: ast.AST) -> str:
    """Returns the last name of a chain of attributes; for a call, that of its function."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
