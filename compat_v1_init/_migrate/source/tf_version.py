"""Whether a file is written for TensorFlow 1 or 2, for the names that both have with different numbers."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.read_write import read_bytes, resolved
from compat_v1_init._migrate.findings import Refused

from .names import Names
from .tensorflow_names import ONLY_TF1, ONLY_TF2
from .tree import Tree

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

Versions = frozenset[bool]
"""The versions that code is written for: True is TensorFlow 1, False is TensorFlow 2."""

# TensorFlow 1.15 has these too, but only programs of TensorFlow 2 use them.
_OF_TF2 = frozenset({"GradientTape", "Module", "function"})
_DEEPEST = 4
_REQUIRED = re.compile(
    rb"\btensorflow(?:[-_](?:gpu|cpu))?(?:\[[^]\r\n]*\])?[ \t\"'(=]*?"
    rb"((?:(?:===?|~=|>=|<=|>|<|=)[ \t\"']*[\d.*]+[ \t]*,?[ \t]*)+)"
)
_BOUND = re.compile(rb"(===?|~=|>=|<=|>|<|=)[ \t\"']*(\d+)(?:\.(\d+))?")
_REQUIREMENTS = ("requirements*.txt", "environment*.y*ml", "Pipfile", "pyproject.toml", "setup.cfg")
_IMPORTS_TENSORFLOW = re.compile(rb"^[ \t]*(?:import|from)[ \t]+tensorflow\b", re.MULTILINE)
_MOST_FILES = 50
_LARGEST = 300_000
_MISSING = {"AttributeError", "ImportError", "ModuleNotFoundError"}


def _versions_of_project(project: Project) -> Versions:
    """Returns the versions of the nearest folder that shows any, from the file's own up to the project's."""
    if project.path is None:
        return frozenset()
    folder = resolved(project.path).parent
    folders = [folder, *folder.parents]
    for each in folders[: folders.index(project.top) + 1] if project.top in folders else [folder]:
        found = _versions_in_folder(str(each))
        if found:
            return found
    return frozenset()


@lru_cache(maxsize=4096)
def _versions_in_folder(folder: str) -> Versions:
    """Returns the versions that the programs of a folder and its requirements show."""
    versions: set[bool] = set()
    files: list[Path] = []
    for pattern in ("*.py", *_REQUIREMENTS):
        with contextlib.suppress(OSError):  # A folder that cannot be listed shows nothing.
            files += Path(folder).glob(pattern)
    for file in sorted(files)[:_MOST_FILES]:
        try:
            text = read_bytes(file, _LARGEST)
        except Refused:
            continue
        versions.update(_required(text))
        if file.suffix == ".py" and _IMPORTS_TENSORFLOW.search(text):
            versions |= _versions_in_program(text.decode("utf-8-sig", "replace"))
    return frozenset(versions)


def _required(text: bytes) -> Iterator[bool]:
    """Yields the versions that a text requires; `>=1.4` allows both, and shows nothing."""
    for match in _REQUIRED.finditer(text):
        for operator, major, minor in _BOUND.findall(match.group(1)):
            version = int(major), int(minor or 0)
            if operator.startswith(b"<"):
                if version < (2, 0) or (version == (2, 0) and operator == b"<"):
                    yield True
            elif version[0] >= 2:  # noqa: PLR2004 - TensorFlow 2
                yield False
            elif operator in {b"=", b"==", b"===", b"~="}:
                yield True


def _versions_in_program(source: str) -> Versions:
    try:
        tree = Tree(source)
    except Refused:
        return frozenset()
    return versions_of(tree, Names(tree))


def is_tf1(tree: Tree, names: Names, project: Project | None = None) -> bool | None:
    """Returns True for TensorFlow 1, False for 2, and None if neither the file nor its project shows it.

    Names that only one of the two has decide. If a file has no such name, the other files of its folder decide, then
    those of the folders above. Names of both versions decide nothing.

    Example:
    >>> from compat_v1_init._migrate.source.names import Names
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> tree = Tree("import tensorflow as tf; x = tf.placeholder(tf.float32)")
    >>> is_tf1(tree, Names(tree))
    True
    """
    versions = versions_of(tree, names)
    if not versions and project is not None:
        versions = _versions_of_project(project)
    return next(iter(versions)) if len(versions) == 1 else None


def versions_of(tree: Tree, names: Names) -> Versions:
    """Returns the versions that a file's own use of TensorFlow's names shows."""
    versions: set[bool] = set()
    guards = _Guards(tree, names)
    for node, dotted in _uses(tree, names):
        version = _version(dotted)
        # Code in a branch that asks for the version shows nothing, since the program is written for both.
        if version is not None and version not in versions and not guards.guard(node):
            versions.add(version)
    return frozenset(versions)


def _uses(tree: Tree, names: Names) -> Iterator[tuple[ast.AST, str]]:
    """Yields each place that names something of TensorFlow, and the name."""
    for node in tree.nodes:
        if isinstance(node, ast.Attribute):
            found = names.meaning(node).names
            for name in found:
                # If `tf` may also be `tf.compat.v1`, TensorFlow 2 has the name too.
                if name.startswith("tensorflow.") and name.replace(".", ".compat.v1.", 1) not in found:
                    yield node, name
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
    """The branches that run under one version of TensorFlow only, because the program asks which it is."""

    def __init__(self, tree: Tree, names: Names) -> None:
        self._tree = tree
        self._names = names
        self._asks: dict[ast.AST, bool] = {}

    def guard(self, node: ast.AST) -> bool:
        """Returns whether a node is in such a branch."""
        return any(self._is_guard(above) for above in self._tree.ancestors(node))

    def _is_guard(self, node: ast.AST) -> bool:
        if not isinstance(node, (ast.If, ast.IfExp, ast.Try)):
            return False
        if node not in self._asks:
            if isinstance(node, ast.Try):
                self._asks[node] = any(map(self._catches_missing, node.handlers))
            else:
                self._asks[node] = self._asks_version(node.test)
        return self._asks[node]

    @staticmethod
    def _catches_missing(handler: ast.ExceptHandler) -> bool:
        caught = list(ast.walk(handler.type)) if handler.type is not None else []
        return any(isinstance(node, ast.Name) and node.id in _MISSING for node in caught)

    def _asks_version(self, test: ast.expr, depth: int = 0) -> bool:
        for node in ast.walk(test):
            if isinstance(node, ast.Attribute):
                # `tf.__version__`, `tf.VERSION` and `tf.version.VERSION`.
                if node.attr in {"__version__", "VERSION"} and self._is_tensorflow(node.value):
                    return True
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr" and node.args:
                if self._is_tensorflow(node.args[0]):
                    return True
            elif isinstance(node, ast.Name) and depth < _DEEPEST and node in self._names.scope_of:
                for binding in self._names.bindings(node.id, self._names.scope_of[node]):
                    if binding.value is not None and self._asks_version(binding.value, depth + 1):
                        return True
        return False

    def _is_tensorflow(self, node: ast.expr) -> bool:
        return any(name.partition(".")[0] == "tensorflow" for name in self._names.meaning(node).names)
