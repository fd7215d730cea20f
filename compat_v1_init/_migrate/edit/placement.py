"""Where a new import goes: where isort would put it, if the imports around it are sorted."""

from __future__ import annotations

import ast
import functools
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Union

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.tf_name import is_of_tensorflow
from compat_v1_init._migrate.source.tree import IMPORTS, Tree

Import = Union[ast.Import, ast.ImportFrom]
IsOurs = Callable[[str], bool]
"""Whether a top-level module is the project's own."""

_FUTURE, _STANDARD, _OTHERS, _OURS, _RELATIVE = range(5)
# Python 3.9 has no list of its modules. These are the ones that a model's program uses.
_STDLIB_3_9 = """
abc argparse ast asyncio base64 bisect codecs collections concurrent contextlib copy csv ctypes dataclasses
datetime enum errno functools gc getopt getpass glob gzip hashlib heapq importlib inspect io itertools json logging
math multiprocessing operator os pathlib pickle platform pprint queue random re shutil signal socket sqlite3 stat
string struct subprocess sys tarfile tempfile textwrap threading time timeit traceback types typing unicodedata
unittest urllib uuid warnings weakref xml zipfile zlib
"""
STANDARD_MODULES = frozenset(getattr(sys, "stdlib_module_names", _STDLIB_3_9.split()))


@dataclass
class Run:
    """Import statements of the module that follow each other, with nothing but comments between them."""

    statements: list[Import]
    is_at_top: bool
    """Whether nothing comes before it but what may come before imports."""


def runs(tree: Tree, starts: frozenset[int] = frozenset()) -> list[Run]:
    """Returns the runs of a tree whose statements have their own lines; at `starts` the cells of a notebook begin."""
    found: list[Run] = []
    is_at_top = True
    follows = False
    for index, statement in enumerate(tree.module.body):
        if isinstance(statement, IMPORTS):
            if follows and tree.line_of(tree.span(statement)[0])[0] not in starts:
                found[-1].statements.append(statement)
            else:
                found.append(Run([statement], is_at_top or bool(starts)))
            follows = True
            continue
        follows = False
        is_at_top = is_at_top and may_precede_imports(statement, index)
    return [run for run in found if all(tree.is_alone(statement) for statement in run.statements)]


def may_precede_imports(statement: ast.stmt, index: int) -> bool:
    """Returns whether Ruff and pycodestyle allow the module's statement of this index ahead of its imports."""
    if isinstance(statement, (ast.If, ast.Try, ast.With)):
        return True
    if isinstance(statement, ast.Assign):
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        return bool(names) and all(re.fullmatch(r"__\w+__", name) for name in names)
    return index == 0 and is_docstring(statement)


def is_docstring(statement: ast.stmt) -> bool:
    """Returns whether a statement is nothing but a string."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def does_import(statement: ast.AST) -> bool:
    """Returns whether a statement is an import of TensorFlow."""
    if isinstance(statement, ast.Import):
        return any(is_of_tensorflow(alias.name) for alias in statement.names)
    return isinstance(statement, ast.ImportFrom) and not statement.level and is_of_tensorflow(statement.module or "")


class Order:
    """The order of a run of imports: one of isort's two usual ones, if it is sorted."""

    def __init__(self, run: Run, is_ours: IsOurs) -> None:
        self._run = run
        self._is_ours = is_ours
        self.index = {statement: index for index, statement in enumerate(run.statements)}
        for self._by_kind in (True, False):
            self.is_sorted = self._follows()
            if self.is_sorted:
                break

    def _follows(self) -> bool:
        self.keys = [self.key(statement) for statement in self._run.statements]
        plain = all(len(each.names) == 1 for each in self._run.statements if isinstance(each, ast.Import))
        return plain and self.keys == sorted(self.keys)

    def key(self, statement: Import) -> tuple[object, ...]:
        if isinstance(statement, ast.Import):
            module, is_from = statement.names[0].name, False
        else:
            module, is_from = "." * statement.level + (statement.module or ""), True
        section = self.section(module)
        # More dots first; digits as numbers.
        dots = -(len(module) - len(module.lstrip(".")))
        words = [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", module.lower())]
        return (section, is_from if self._by_kind else False, dots, words, is_from)

    def may_replace(self, statement: Import, texts: Sequence[str]) -> bool:
        """Returns whether the run stays sorted if these statements replace one of it."""
        index = self.index[statement]
        parsed = [ast.parse(text).body[0] for text in texts]
        new = [self.key(each) for each in parsed if isinstance(each, IMPORTS)]
        keys = [*self.keys[max(index - 1, 0) : index], *new, *self.keys[index + 1 : index + 2]]
        return keys == sorted(keys)

    def section(self, module: str) -> int:
        first = module.partition(".")[0]
        if not first:
            return _RELATIVE
        if first == "__future__":
            return _FUTURE
        if first in STANDARD_MODULES:
            return _STANDARD
        return _OURS if self._is_ours(first) else _OTHERS


class Orders:
    """The orders of a tree's runs."""

    def __init__(self, tree: Tree, is_ours: IsOurs) -> None:
        self._tree, self._is_ours = tree, is_ours

    @functools.cached_property
    def _runs(self) -> dict[Import, tuple[Run, Order]]:
        found = [(run, Order(run, self._is_ours)) for run in runs(self._tree)]
        return {statement: each for each in found for statement in each[0].statements}

    def of(self, statement: Import) -> tuple[Run, Order] | None:
        """Returns the run that a statement is in, and its order; None if it is in none."""
        return self._runs.get(statement)


def insertion(tree: Tree, run: Run, order: Order, text: str, ignored: Collection[Import] = ()) -> Edit:
    """Returns the edit that adds an import to a sorted run, of which another edit removes the `ignored` statements."""
    new = ast.parse(text).body[0]
    assert isinstance(new, (ast.Import, ast.ImportFrom))  # noqa: S101 - what the text is
    key = order.key(new)
    section = key[0]
    count = len(run.statements)
    gone = {order.index[each] for each in ignored}
    first = next((index for index in range(count) if index not in gone), 0)
    newline = tree.newline_at(tree.span(run.statements[first])[0])
    # A new statement can replace a removed one: it is in the same section, and sorted there.
    least = next((index for index in range(bisect_left(order.keys, key) - 1, -1, -1) if index not in gone), -1)
    most = next((index for index in range(bisect_right(order.keys, key), count) if index not in gone), count)
    place = next((index for index in sorted(gone) if least < index < most and order.keys[index][0] == section), None)
    if place is not None:
        offset = _begin(tree, run, place)
        return Edit(offset, offset, text + newline)
    if len(gone) == count:
        gone = set()
    middle = bisect_right(order.keys, key)
    before = next((index for index in range(middle - 1, -1, -1) if index not in gone), None)
    after = next((index for index in range(middle, count) if index not in gone), None)
    if after is not None and order.keys[after][0] == section:
        offset = _begin(tree, run, after)
        return Edit(offset, offset, text + tree.newline_at(offset))
    if before is not None:
        end = tree.line_of(tree.span(run.statements[before])[1])[1]
        is_same = order.keys[before][0] == section
        offset = end + len(tree.newline_at(end))
        if offset > len(tree.source):
            return Edit(end, end, (newline if is_same else newline * 2) + text)
        return Edit(offset, offset, ("" if is_same else newline) + text + newline)
    offset = _begin(tree, run, after or 0)
    return Edit(offset, offset, text + newline * (1 if ignored else 2))


def _begin(tree: Tree, run: Run, index: int) -> int:
    """Returns where the lines of a statement begin, with the comments right above it."""
    offset = tree.line_of(tree.span(run.statements[index])[0])[0]
    if index == 0:
        return offset
    top = tree.line_of(tree.span(run.statements[index - 1])[1])[1]
    while True:
        above = tree.line_of(offset - 1)[0]
        if above <= top or not tree.source[above:offset].lstrip().startswith("#"):
            return offset
        offset = above
