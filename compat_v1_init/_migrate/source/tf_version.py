"""Whether a file is written for TensorFlow 1 or 2, for the names that both have with different numbers.

A file that uses names of one version alone, unguarded, is of that version. Otherwise all programs and requirements of
its folder and of those above have to agree. A program that asks for the version, or uses `tf.compat.v1` under plain
`tensorflow`, is for both.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.read_write import read_bytes, resolved
from compat_v1_init._migrate.findings import Refused

from .index import Fact, Found, Program, Question, of_file, place_of_own, programs_below, repository_of
from .notebooks import parse
from .requirements import FILES, required
from .takers import last_name
from .tensorflow_names import ONLY_TF1, ONLY_TF2
from .tree import FUNCTIONS

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

    from compat_v1_init._migrate.files.project import Project

    from .names import Binding, Names
    from .tree import Tree

# Kinds of facts: for which versions a program, or a project, is then written (True is TensorFlow 1), and what is said.
TF1, TF2, COMPAT, TRIES, ASKS, ASSERTS, ASSIGNS = "TF1", "TF2", "compat", "tries", "asks", "asserts", "assigns"
MATCH = "match"
_RUNS, _NEEDS = ("runs 2", "runs 1"), {(True,): "needs 1", (False,): "needs 2", (False, True): "needs 1 or 2"}
_ONE, _TWO = frozenset({True}), frozenset({False})
_KINDS = {
    TF1: (_ONE, "has `{}`, which only TensorFlow 1 has"),
    TF2: (_TWO, "has `{}`, which only TensorFlow 2 has"),
    COMPAT: (_ONE | _TWO, "has `{}`, which TensorFlow 2 has too"),
    TRIES: (_ONE | _TWO, "is for both versions, since it asks whether there is `{}`"),
    ASKS: (_ONE | _TWO, "is for both versions, since it asks which one it runs under"),
    ASSERTS: (_ONE | _TWO, "runs under one version alone, which is not followed"),
    ASSIGNS: (_ONE | _TWO, "is for both versions, since it gives TensorFlow the name `{}`"),
    MATCH: (_TWO, "has a `match` statement, and TensorFlow 1 runs under no Python that has it"),
    _RUNS[True]: (_ONE, "runs under TensorFlow 1"),
    _RUNS[False]: (_TWO, "runs under TensorFlow 2"),
    _NEEDS[True,]: (_ONE, "requires `{}`"),
    _NEEDS[False,]: (_TWO, "requires `{}`"),
    _NEEDS[False, True]: (_ONE | _TWO, "allows both versions by `{}`"),
}
# A program that has names of one version alone is of that version, even if it tries others.
_WEAK = frozenset({COMPAT, TRIES, ASSERTS})

# TensorFlow 1.15 has these too, but only programs of TensorFlow 2 use them.
_OF_TF2 = frozenset({"GradientTape", "Module", "function"})
_DEEPEST = 4
_MATCH = (ast.Match,) if sys.version_info >= (3, 10) else ()
_ONLY = ONLY_TF1 | ONLY_TF2
_LAST_NAMES = frozenset({*_OF_TF2, *(name.rpartition(".")[2] for name in _ONLY), "v1"})
# The modules of TensorFlow's own sources are in both.
_MARKER = re.compile(
    rb"\b(?:import|from)\b[^\n#]*\btensorflow\b(?!\.python\b|\.core\b)"
    rb"|(?:import_module|importorskip|__import__|LazyLoader)[ \t]*\("
)
# How a notebook says under which version it runs.
_MAGIC = re.compile(rb"%tensorflow_version[ \t]+(\d)|pip3? install[^\n\\]*\btensorflow(?:-gpu)?[=~]=(\d)")
_PRINTED = re.compile(r"\b([12])\.\d+\.\d+")
# What a `try` catches, or a `with suppress` lets pass, where the name is missing.
_MISSING = frozenset(
    {
        "AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "TypeError", "KeyError", "Exception",
        "BaseException", "StandardError",
    }
)  # fmt: skip
_FLAG = re.compile(
    r"(?i)(?:tf|tensorflow)_?(?:v|ver|version|major|is)?_?[12]|is_v[12]|^(?:use_?|run_?)?v[12]$|v2_enabled|executing_eagerly|tf_?ver|legacy"
)
_ASKS_FOR = frozenset({"hasattr", "getattr"})
# `1.4` and the like: a question between versions of TensorFlow 1.
_OF_ONE = re.compile(r"v?1\.\d+")
# What looks at the parts of a version.
_TAKES_APART = frozenset(
    {
        "startswith", "split", "partition", "int", "float", "tuple", "list", "map", "parse", "match", "search",
        "LooseVersion", "StrictVersion", "Version", "NumpyVersion",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Version:
    """The version that a file is written for."""

    is_tf1: bool | None
    """True for TensorFlow 1, False for 2, and None if that is not known."""
    evidence: str = ""
    """What shows it, as a sentence without its full stop; of what is not known, what speaks against one version."""


def version_of(tree: Tree, names: Names, project: Project) -> Version:
    """Returns the version that a file is written for.

    Example:
    >>> from compat_v1_init._migrate.files.project import Project
    >>> from compat_v1_init._migrate.source.names import Names
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> tree = Tree("import tensorflow as tf; x = tf.placeholder(tf.float32)")
    >>> version_of(tree, Names(tree), Project())
    Version(is_tf1=True, evidence='this file:1 has `tensorflow.placeholder`, which only TensorFlow 1 has')
    """
    found = versions_in(Program(tree, names))
    own = [Fact(each.kind, each.what, place_of_own(project, each.line)) for each in found]
    if project.path is None:
        return _verdict(_decisive(own, frozenset()))
    own = _decisive(own, _assigned(repository_of(str(project.top))))
    is_notebook = project.path.suffix == ".ipynb"
    shown = (is_notebook and list(_runs_under(project.path))) or own
    if not shown:
        # A notebook is a program of its own: the scripts beside it may be of another time.
        shown = [fact for fact in _around(project) if not (is_notebook and fact.kind == TF1)]
    return _verdict(shown)


def _verdict(facts: Sequence[Fact]) -> Version:
    versions = _versions(facts)
    if len(versions) == 1:
        return Version(versions == _ONE, _said(facts[0]))
    # One fact for each, or the one that is for both.
    both = next((fact for fact in facts if len(_KINDS[fact.kind][0]) > 1), None)
    each = [next((fact for fact in facts if _KINDS[fact.kind][0] == one), None) for one in (_ONE, _TWO)]
    return Version(None, "; ".join(_said(fact) for fact in ([both] if both else each) if fact))


def _versions(facts: Sequence[Fact]) -> frozenset[bool]:
    return frozenset[bool]().union(*(_KINDS[fact.kind][0] for fact in facts))


def _said(fact: Fact) -> str:
    return f"{fact.place} {_KINDS[fact.kind][1].format(fact.what)}"


def _decisive(facts: Sequence[Fact], assigned: frozenset[str]) -> list[Fact]:
    """Returns what counts of what one program shows.

    Args:
      facts: what it shows.
      assigned: names that the project gives TensorFlow itself.
    """
    facts = [fact for fact in facts if fact.kind not in {TF1, TF2} or not _is_below(fact.what, assigned)]
    kinds = {fact.kind for fact in facts}
    return [fact for fact in facts if not (kinds & {TF1, TF2, MATCH} and fact.kind in _WEAK)]


def _is_below(name: str, assigned: frozenset[str] | set[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in assigned)


def _runs_under(notebook: Path) -> Iterator[Fact]:
    """Yields what a notebook says of the version that it runs under, in its magics and in what it has printed."""
    try:
        data = read_bytes(notebook)
        cells = parse(data.decode("utf-8", "replace")).get("cells", [])
    except Refused:
        return
    for match in _MAGIC.finditer(data):
        yield Fact(_RUNS[(match[1] or match[2]) == b"1"], "", notebook.name)
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and "__version__" in str(cell.get("source")):
            printed = _PRINTED.search(str(cell.get("outputs")))
            if printed:
                yield Fact(_RUNS[printed[1] == "1"], "", f"{notebook.name}:cell {number}")


# --- The folders around a file ---------------------------------------------------------------------------------------


def _around(project: Project) -> Iterator[Fact]:
    """Yields what the programs and requirements of a file's folder, and of those above, show."""
    assert project.path is not None  # noqa: S101 - for the type checker
    folder, top = resolved(project.path).parent, project.top
    folders = [folder, *folder.parents]
    for each in folders[: folders.index(top) + 1] if top in folders else [folder]:
        yield from _in_folder(str(each), str(top))


@lru_cache(maxsize=4096)
def _in_folder(folder: str, top: str) -> tuple[Fact, ...]:
    """Returns what the programs and requirements of a folder show; of each program, one fact of each kind."""
    repository = repository_of(top)
    found: list[Fact] = []
    for pattern in FILES:
        with contextlib.suppress(OSError):  # A folder that cannot be listed shows nothing.
            for file in sorted(Path(folder).glob(pattern)):
                found += _required_by(file, os.path.relpath(file, top))
    with contextlib.suppress(OSError):
        for path in _by_folder(repository).get(folder, ()):
            if len(_versions(found)) > 1:
                break  # More cannot change that.
            found += _decisive(of_file(QUESTION, path, top), _assigned(repository))
    return tuple(found)


@lru_cache(maxsize=16)
def _by_folder(repository: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in programs_below(repository):
        found.setdefault(path.rpartition(os.sep)[0], []).append(path)
    return found


def _required_by(path: Path, name: str) -> Iterator[Fact]:
    try:
        text = read_bytes(path).decode("utf-8-sig", "replace")
    except Refused:
        return
    for line, shown, versions in required(text):
        yield Fact(_NEEDS[tuple(sorted(versions))], shown, f"{name}:{line}")


# --- One program -----------------------------------------------------------------------------------------------------


def versions_in(program: Program) -> Iterator[Found]:
    """Yields what shows for which version a program is written: of each kind the first place."""
    seen: set[str] = set()
    guards = _Guards(program)
    tree, names = program.tree, program.names
    assigned = list(_assignments(program))
    own = {found.what for found in assigned}
    for found in (*_uses(tree, names, guards, own), *assigned, *guards.asked()):
        if found.kind not in seen:
            seen.add(found.kind)
            yield found


def _uses(tree: Tree, names: Names, guards: _Guards, own: set[str]) -> Iterator[Found]:
    done: set[str] = set()
    is_lazy = any(
        isinstance(node, ast.ImportFrom) and any(each.name == "annotations" for each in node.names)
        for node in tree.module.body
    )
    for node, name in _named(tree, names):
        if is_lazy and _is_in_annotation(tree, node):
            continue  # It never runs.
        version = _version(name)
        kind = COMPAT if version is None else TF1 if version else TF2
        if kind in done or (version is None and not name.startswith("tensorflow.compat.v1")) or _is_below(name, own):
            continue
        if version is not None and guards.guard(node):
            # Code in a branch that asks for the version shows only that the program is written for both.
            kind = TRIES
        done.add(kind)
        yield Found(kind, int(getattr(node, "lineno", 1)), name)


def _is_in_annotation(tree: Tree, node: ast.AST) -> bool:
    inner = node
    for above in tree.ancestors(node):
        if inner in (getattr(above, "annotation", None), getattr(above, "returns", None)):
            return True
        if isinstance(above, ast.stmt):
            return False
        inner = above
    return False


def _named(tree: Tree, names: Names) -> Iterator[tuple[ast.AST, str]]:
    """Yields each place that names something that one version has, or `tf.compat.v1`, and the name."""
    for node in tree.nodes:
        # To find out what every name stands for would be slow.
        if isinstance(node, ast.Attribute) and node.attr in _LAST_NAMES and not isinstance(node.ctx, ast.Store):
            found = names.meaning(node).names
            parent = tree.parents[node]
            member = f".{parent.attr}" if node.attr == "v1" and isinstance(parent, ast.Attribute) else ""
            for name in found:
                # If `tf` may also be `tf.compat.v1`, TensorFlow 2 has the name too.
                if name.startswith("tensorflow.") and name.replace(".", ".compat.v1.", 1) not in found:
                    yield node, name + member
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def _version(dotted: str) -> bool | None:
    """Returns True for a name that only TensorFlow 1 has, False for one that only 2 has, and None for all others."""
    first, *parts = dotted.split(".", _DEEPEST + 1)
    if first != "tensorflow":
        return None
    name = ""
    for part in parts[:_DEEPEST]:
        name += part
        if name in ONLY_TF1:
            return True
        if name in ONLY_TF2 or name in _OF_TF2:
            return False
        name += "."
    return None


class _Guards:
    """The code that runs under one version of TensorFlow only, because the program asks which it is."""

    def __init__(self, program: Program) -> None:
        self._tree = program.tree
        self._names = program.names
        self._asks: dict[ast.AST, bool] = {}
        self._ended: dict[int, ast.If | None] = {}
        self._waiting: set[ast.AST] = set()

    def guard(self, node: ast.AST) -> bool:
        """Returns whether a node is in such code."""
        inner = node
        for above in self._tree.ancestors(node):
            # TensorFlow 1 runs under no Python that has `match`.
            is_match = isinstance(above, _MATCH)
            if is_match or self._is_guard(above, inner) or self._is_after_end(inner, above):
                return True
            if isinstance(above, (ast.If, ast.IfExp)) and self._has_twin(node, above, inner):
                return True
            inner = above
        return False

    def asked(self) -> Iterator[Found]:
        """Yields where the program asks for the major version, or says under which it runs."""
        for node in self._tree.nodes:
            if self._is_version(node):
                if any(isinstance(above, ast.Assert) for above in self._tree.ancestors(node)):
                    yield Found(ASSERTS, node.lineno)
                elif self._is_major(node):
                    yield Found(ASKS, node.lineno)
            elif isinstance(node, _MATCH):
                yield Found(MATCH, node.lineno)
            elif isinstance(node, ast.Call) and len(node.args) > 0:
                yield from self._asked_by(node)

    def _asked_by(self, call: ast.Call) -> Iterator[Found]:
        name = str(getattr(call.args[min(1, len(call.args) - 1)], "value", ""))
        if last_name(call) in _ASKS_FOR and name in _LAST_NAMES and self._is_tensorflow(call.args[0]):
            yield Found(TRIES, call.lineno, f"tensorflow.{name}")
        texts = [str(each.value) for each in ast.walk(call) if isinstance(each, ast.Constant)]
        if last_name(call) == "importorskip" and texts[1:] and texts[0] == "tensorflow":
            for _, shown, versions in required(f"tensorflow>={texts[1]}"):
                yield Found(_NEEDS[tuple(sorted(versions))], call.lineno, shown)

    def _is_major(self, node: ast.expr, *, is_name: bool = False) -> bool:
        """Returns whether a version, or the name that it has, is compared, and not only with those of TensorFlow 1."""
        compared: ast.AST | None = None
        for above in self._tree.ancestors(node):
            if isinstance(above, (ast.Compare, ast.Subscript)) or (
                isinstance(above, ast.Call) and last_name(above) in _TAKES_APART
            ):
                compared = above
            elif isinstance(above, ast.Call) and not isinstance(compared, ast.Compare):
                return False  # It is printed, or kept.
            elif isinstance(above, ast.Assign) and compared is None and not is_name:
                reads = [use for target in above.targets for use in self._tree.names.get(last_name(target), [])]
                return any(self._is_major(use, is_name=True) for use in reads if isinstance(use.ctx, ast.Load))
            elif isinstance(above, ast.stmt):
                break
        texts = [each.value for each in ast.walk(compared) if isinstance(each, ast.Constant)] if compared else []
        is_of_one = bool(texts) and all(isinstance(each, str) and _OF_ONE.match(each) for each in texts)
        return compared is not None and not is_of_one

    def _is_guard(self, node: ast.AST, inner: ast.AST) -> bool:
        """Returns whether a node asks before it runs a part of it."""
        if isinstance(node, (ast.If, ast.IfExp, ast.While)):
            return inner is not node.test and self._asks_version(node.test)
        if isinstance(node, ast.BoolOp):
            return any(map(self._asks_version, node.values[: node.values.index(inner)]))  # type: ignore[arg-type]
        if isinstance(node, ast.Subscript):
            return inner is node.value and self._asks_version(node.slice)
        if node in self._asks:
            return self._asks[node]
        if isinstance(node, ast.Try):
            self._asks[node] = any(map(self._catches_missing, node.handlers))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self._asks[node] = any(self._suppresses(item.context_expr) for item in node.items)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            self._asks[node] = False  # Where it calls itself.
            self._asks[node] = self._is_used_behind_guards(node)
        else:
            return False
        return self._asks[node]

    def _has_twin(self, node: ast.AST, choice: ast.If | ast.IfExp, inner: ast.AST) -> bool:
        """Returns whether the other branch has the same name of TensorFlow in another place: `tf.math.log`."""
        body, orelse = (each if isinstance(each, list) else [each] for each in (choice.body, choice.orelse))
        if not isinstance(node, ast.Attribute) or inner is choice.test:
            return False
        others = [each for part in (orelse if inner in body else body) for each in ast.walk(part)]
        twins = [each for each in others if isinstance(each, ast.Attribute) and each.attr == node.attr]
        own = self._names.meaning(node).names
        return any(self._is_tensorflow(each) and self._names.meaning(each).names.isdisjoint(own) for each in twins)

    def _is_used_behind_guards(self, node: ast.AST) -> bool:
        """Returns whether a decorator asks, or a function is used in no other code."""
        if any(map(self._asks_version, getattr(node, "decorator_list", ()))):
            return True
        name = getattr(node, "name", "")
        uses = self._tree.names.get(name, []) if name and isinstance(self._tree.parents[node], ast.Module) else []
        return bool(uses) and all(map(self.guard, uses))

    def _is_after_end(self, statement: ast.AST, above: ast.AST) -> bool:
        """Returns whether a statement comes after a branch that asks, and that ends the block."""
        for block in (getattr(above, name, None) for name in ("body", "orelse", "finalbody")):
            if isinstance(block, list) and block and id(block) not in self._ended:
                self._ended[id(block)] = next(filter(self._ends, block), None)
            if isinstance(block, list) and block:
                end = self._ended[id(block)]
                if end is not None and isinstance(statement, ast.stmt) and statement in block:
                    return end.lineno < statement.lineno
        return False

    def _ends(self, statement: ast.stmt) -> bool:
        """Returns whether what follows a statement runs under one version only."""
        if isinstance(statement, ast.Try):
            return _leaves(statement.body[-1]) and any(map(self._catches_missing, statement.handlers))
        while isinstance(statement, ast.If):
            asks = self._asks_version(statement.test)
            if asks and (_leaves(statement.body[-1]) or (bool(statement.orelse) and _leaves(statement.orelse[-1]))):
                return True
            if len(statement.orelse) != 1:
                break
            statement = statement.orelse[0]
        return False

    @staticmethod
    def _catches_missing(handler: ast.ExceptHandler) -> bool:
        if handler.type is None:
            return True
        return any(last_name(node) in _MISSING for node in ast.walk(handler.type))

    @staticmethod
    def _suppresses(node: ast.expr) -> bool:
        is_call = isinstance(node, ast.Call) and last_name(node) in {"suppress", "raises", "assertRaises"}
        return is_call and any(last_name(each) in _MISSING for each in node.args)  # type: ignore[attr-defined]

    def _asks_version(self, test: ast.AST, depth: int = 0) -> bool:
        if test not in self._asks:
            self._asks[test] = False  # Where a name is bound to itself.
            self._asks[test] = self._finds_question(test, depth)
        return self._asks[test]

    def _finds_question(self, test: ast.AST, depth: int) -> bool:
        for node in ast.walk(test):
            text = getattr(node, "value", "") if isinstance(node, ast.Constant) else last_name(node)
            if isinstance(text, str) and _FLAG.search(text):
                return True
            if self._is_version(node):
                return True
            if isinstance(node, ast.Call) and last_name(node) in {*_ASKS_FOR, "dir", "vars"} and node.args:
                if self._is_tensorflow(node.args[0]):
                    return True
            elif isinstance(node, ast.Name) and depth < _DEEPEST and node in self._names.scope_of:
                bindings = self._names.bindings(node.id, self._names.scope_of[node])
                if any(self._is_flag(binding, depth) for binding in bindings):
                    return True
        return False

    def _is_version(self, node: ast.AST) -> TypeGuard[ast.Attribute]:
        """Returns whether a node is `tf.__version__`, `tf.VERSION` or `tf.version.VERSION`."""
        is_named = isinstance(node, ast.Attribute) and node.attr in {"__version__", "VERSION"}
        return is_named and self._is_tensorflow(node.value)  # type: ignore[attr-defined]

    def _is_flag(self, binding: Binding, depth: int) -> bool:
        """Returns whether a name is bound to the answer: to what asks, to a function that asks, or in such code."""
        if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            returned = [each.value for each in ast.walk(binding.node) if isinstance(each, ast.Return) and each.value]
            return any(self._asks_version(value, depth + 1) for value in returned)
        if binding.value is None:
            return False
        if isinstance(binding.value, ast.Constant):
            return isinstance(binding.value.value, (bool, int)) and self.guard(binding.node)
        return self._asks_version(binding.value, depth + 1)

    def _is_tensorflow(self, node: ast.expr) -> bool:
        return any(name.partition(".")[0] == "tensorflow" for name in self._names.meaning(node).names)


def _leaves(statement: ast.stmt) -> bool:
    """Returns whether nothing after a statement runs."""
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return _leaves(statement.body[-1])
    if isinstance(statement, ast.If):
        return bool(statement.orelse) and _leaves(statement.body[-1]) and _leaves(statement.orelse[-1])
    is_exit = isinstance(statement, ast.Expr) and last_name(statement.value) in {
        "exit",
        "_exit",
        "abort",
        "skipTest",
        "skip",
    }
    return is_exit or isinstance(statement, (ast.Return, ast.Raise, ast.Continue, ast.Break))


QUESTION = Question(versions_in, _MARKER, ())


# --- Names that a program gives TensorFlow ---------------------------------------------------------------------------


def _assignments(program: Program) -> Iterator[Found]:
    for node in program.tree.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            owner, last = node.value, node.attr
        elif isinstance(node, ast.Call) and last_name(node) == "setattr" and len(node.args) > 1:
            owner, last = node.args[0], str(getattr(node.args[1], "value", ""))
        elif _is_namespace(node, program) and not isinstance(program.tree.parents[node], ast.Compare):
            parent = program.tree.parents[node]
            is_read = isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load)
            if not is_read and last_name(parent) not in {"get", "keys", "items"}:
                yield Found(ASSIGNS, node.lineno, "tensorflow")  # Any name.
            continue
        else:
            continue
        if last not in _LAST_NAMES:
            continue
        for name in program.names.meaning(owner).names:
            dotted = f"{name}.{last}"
            if dotted.partition(".")[2] in _ONLY and dotted.startswith("tensorflow."):
                yield Found(ASSIGNS, node.lineno, dotted)


def _is_namespace(node: ast.AST, program: Program) -> TypeGuard[ast.expr]:
    """Returns whether a node is `vars(tf)` or `tf.__dict__`."""
    is_vars = isinstance(node, ast.Call) and last_name(node) == "vars" and len(node.args) == 1
    owner = node.args[0] if is_vars else getattr(node, "value", None) if last_name(node) == "__dict__" else None  # type: ignore[attr-defined]
    return isinstance(owner, ast.expr) and "tensorflow" in program.names.meaning(owner).names


_ASSIGNMENTS = Question(
    _assignments,
    re.compile(
        rb"\b(?:tf|tensorflow)\.(?:__dict__|[\w.]+[ \t]*=(?!=))|(?:setattr|vars)[ \t]*\([ \t]*(?:tf|tensorflow)\b"
    ),
    (),
)


@lru_cache(maxsize=64)
def _assigned(repository: str) -> frozenset[str]:
    """Returns the names that programs of a project give TensorFlow. That a program has one shows nothing."""
    try:
        paths = programs_below(repository)
    except OSError:
        return frozenset()
    return frozenset(fact.what for path in paths for fact in of_file(_ASSIGNMENTS, path, repository))
