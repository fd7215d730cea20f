"""Whether a project relies on what only TF1's initializers do: use the graph's seed, and draw new numbers in each run.

In TF1 the graph's seed decides what an initializer without a seed draws, and each run of a variable's initializer in
one session draws new numbers. Keras' initializers do not use the graph's seed, and repeat their numbers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from compat_v1_init._migrate.source.index import (
    Fact,
    Found,
    Program,
    Question,
    first_of_project,
    of_project,
    place_of_own,
)
from compat_v1_init._migrate.source.takers import last_name as _last
from compat_v1_init._migrate.source.tree import FUNCTIONS, LOOPS, Tree

from .variable_scopes import is_tensorflow

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project
    from compat_v1_init._migrate.source.names import Names

_WORDS = re.compile(
    rb"set_random_seed|tf_random_seed|random\.set_seed|variables_initializer|initialize_\w*variables|MonitoredSession"
    rb"|MonitoredTrainingSession|Supervisor|contrib\.learn|contrib import learn"
)
# Each program that can matter has one of these.
_MARKER = re.compile(
    _WORDS.pattern
    + rb"|set_seed|initialize_|\.initializer|initializers\.|SessionManager|RunConfig|[gs]etattr|attrgetter"
    + rb"|[.'\"(]_?seed\b"
)
_INITIALIZES = re.compile(r"\w*variables_initializer|initialize_(?:all_|local_)?variables")
_SESSIONS = {"MonitoredTrainingSession", "MonitoredSession", "SingularMonitoredSession", "Supervisor", "SessionManager"}
_LEARN = ("Estimator", "Classifier", "Regressor", "RunConfig")
_SEED_NAMES = frozenset({"set_random_seed", "tf_random_seed", "_tf_random_seed"})
_CALLS_SEED = re.compile(r"\bset_random_seed[ \t]*\(|\btf_random_seed[ \t]*=")
# The names of objects that have a seed and are no graph.
_NO_GRAPH = re.compile(r"(?i)arg|opt|flag|conf|cfg|param|setting|hps?$|env|self|cls|rng|rand|data|state|spec|^$")
_SEED_ATTRIBUTES = frozenset({"seed", "_seed"})

# Kinds of facts.
SEED = "the project sets a graph seed, which Keras' own initializers ignore"
RERUN = "the project may run an initializer again, for which Keras' own repeat their numbers"


def _uses(program: Program, *, is_notebook: bool = False) -> Iterator[Found]:
    """Yields the first place at which a graph seed is set, and the first at which an op may run again."""
    yield from _seeds(program)
    uses = _Uses(program, is_notebook=is_notebook)
    node = uses.rerun()
    if node is not None:
        yield Found(RERUN, uses.line(node))


_uses_in_cells = partial(_uses, is_notebook=True)


def _seeds(program: Program) -> Iterator[Found]:
    """Yields the first place at which a graph seed is set."""
    uses = _Uses(program, is_notebook=False)
    graphs = uses.graphs()
    node = next((node for node in program.tree.nodes if uses.sets_seed(node, graphs)), None)
    if node is not None:
        yield Found(SEED, uses.line(node))


QUESTION = Question(_uses, _MARKER, (RERUN,), _WORDS, in_cells=_uses_in_cells)
_SEEDS_MARKER = re.compile(
    rb"set_random_seed|tf_random_seed|\bset_seed\b|raph\w*(?:\(\))?\._?seed\b"
    rb"|setattr[ \t]*\([^,\n]*,[ \t]*['\"]_?seed\b"
)
_SEEDS = Question(_seeds, _SEEDS_MARKER, ())


def relies_on_tf1(tree: Tree, names: Names, project: Project) -> str:
    """Returns on which behavior of TF1 a file or its project relies, as part of a sentence; empty if on none."""
    fact = next(chain(_of_own(tree, names, project), of_project(QUESTION, project)), None)
    return "" if fact is None else f"{fact.kind} ({fact.place})"


def graph_seed(project: Project) -> Fact | None:
    """Returns where a project sets a graph seed."""
    return first_of_project(_SEEDS, project)


def _of_own(tree: Tree, names: Names, project: Project) -> Iterator[Fact]:
    if _MARKER.search(tree.source.encode("utf-8", "replace")) is None:
        return
    is_notebook = project.path is not None and project.path.suffix == ".ipynb"
    for found in (_uses_in_cells if is_notebook else _uses)(Program(tree, names)):
        yield Fact(found.kind, "", place_of_own(project, found.line))


class _Uses:
    def __init__(self, program: Program, *, is_notebook: bool) -> None:
        self._program = program
        self._tree = program.tree
        self._is_notebook = is_notebook
        self._ops: set[str] = set()
        """Names and attributes that hold an op which initializes variables."""

    def line(self, node: ast.AST) -> int:
        while not hasattr(node, "lineno"):  # An alias, before Python 3.10.
            node = self._tree.parents[node]
        return int(node.lineno)

    def rerun(self) -> ast.AST | None:
        for node in self._tree.of(ast.Assign):
            if self._is_op(node.value):
                for target in node.targets:
                    self._ops.update(filter(None, (_last(part) for part in ast.walk(target))))
        calls = self._tree.of(ast.Call)
        runs = [call for call in calls if self._initializes(call)]
        if len(runs) > 1:
            return runs[1]
        # If no call here runs the op, another file does, perhaps several times.
        return next((call for call in calls if _makes_op(call)) if not runs else filter(self._may_repeat, runs), None)

    def sets_seed(self, node: ast.AST, graphs: set[str]) -> bool:
        """Returns whether a node names what sets a graph's seed, whether it calls it or hands it on, or sets it."""
        if isinstance(node, ast.Constant):
            # By its name, or as a key of options.
            text = node.value if isinstance(node.value, str) else ""
            last = text.rpartition(".")[2]
            is_code = _CALLS_SEED.search(text) is not None and not isinstance(self._tree.parents[node], ast.Expr)
            return last in _SEED_NAMES or last == "_seed" or is_code
        if isinstance(node, (ast.alias, ast.FunctionDef)):
            return node.name in _SEED_NAMES or (isinstance(node, ast.alias) and self._is_import_of_tf2s(node))
        if isinstance(node, ast.Name):
            return node.id in _SEED_NAMES
        if isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Store):
                is_graph = _may_be_graph(node.value, graphs) or self._is_graph_of_own(node)
                return node.attr in _SEED_ATTRIBUTES and is_graph
            return node.attr in _SEED_NAMES or (node.attr == "set_seed" and self._is_of(node, "tensorflow."))
        return isinstance(node, ast.Call) and self._gives_seed(node, graphs)

    def _is_graph_of_own(self, node: ast.AST) -> bool:
        classes = [each for each in self._tree.ancestors(node) if isinstance(each, ast.ClassDef)]
        return any(_last(base) == "Graph" for each in classes for base in each.bases)

    def _is_import_of_tf2s(self, alias: ast.alias) -> bool:
        module = getattr(self._tree.parents[alias], "module", "") or ""
        return alias.name == "set_seed" and module.startswith("tensorflow")

    def _gives_seed(self, call: ast.Call, graphs: set[str]) -> bool:
        if any(keyword.arg in _SEED_NAMES or keyword.arg == "_seed" for keyword in call.keywords):
            return True
        name = _last(call)
        if name == "setattr" and len(call.args) > 1:
            attribute, owner = call.args[1], call.args[0]
            is_graph = _last(owner) in graphs or "graph" in _last(owner).lower()
            is_seed = isinstance(attribute, ast.Constant) and attribute.value in _SEED_ATTRIBUTES
            may_be = _may_be_graph(owner, graphs) or self._is_graph_of_own(call)
            return (is_seed and may_be) or (is_graph and not isinstance(attribute, ast.Constant))
        if name in {"getattr", "attrgetter"} and call.args and not isinstance(call.args[-1], ast.Constant):
            # By a name that only the running program knows, out of the modules that have it.
            found = self._program.names.meaning(call.args[0]).names
            return name == "attrgetter" or "tensorflow.random" in found or is_tensorflow(self._program, call.args[0])
        is_open = any(key.arg is None for key in call.keywords)
        # The second argument is the seed.
        configures = name == "replace" and is_open and "RunConfig" in self._tree.source
        if configures or (name == "RunConfig" and (is_open or len(call.args) > 1)):
            return True
        # The config of contrib's estimators sets 1 by default.
        return name.endswith(_LEARN) and self._is_of(call.func, "tensorflow.contrib.learn.")

    def _is_of(self, node: ast.expr, module: str) -> bool:
        return any(full.startswith(module) for full in self._program.names.meaning(node).names)

    def graphs(self) -> set[str]:
        """Returns the names of graphs."""
        graphs = {"get_default_graph", "Graph"}
        for node in self._tree.of(ast.Assign):
            graphs.update(map(_last, node.targets if _makes_graph(node.value) else ()))
        for item in self._tree.of(ast.withitem):
            if item.optional_vars and _makes_graph(item.context_expr):
                graphs.add(_last(item.optional_vars))
        return graphs - {""}

    def _is_op(self, node: ast.AST) -> bool:
        """Returns whether an expression holds an op that initializes variables."""
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and _makes_op(part):
                return True
            # The initializer of a data set's iterator does not count.
            if (
                isinstance(part, ast.Attribute)
                and part.attr == "initializer"
                and "iter" not in _last(part.value).lower()
            ):
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


def _may_be_graph(node: ast.expr, graphs: set[str]) -> bool:
    """Returns whether an object whose seed is set may be a graph: all that are not known to be something else."""
    return _last(node) in graphs or _NO_GRAPH.search(_last(node)) is None


def _is_global(function: ast.expr) -> bool:
    """Returns whether a function is `tf.initializers.global_variables` or the like."""
    name = _last(function)
    owner = function.value if isinstance(function, ast.Attribute) else function
    return name in {"global_variables", "variables"} and _last(owner) == "initializers"
