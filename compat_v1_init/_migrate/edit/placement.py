"""Where a new import goes: where isort would put it, if the imports around it are sorted."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.tree import IMPORTS

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.tree import Tree

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
_STDLIB = frozenset(getattr(sys, "stdlib_module_names", _STDLIB_3_9.split()))


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
    """Returns whether Ruff and pycodestyle allow a statement of the module ahead of its imports.

    Args:
      statement: the statement, which is no import.
      index: its place among the module's statements.
    """
    if isinstance(statement, (ast.If, ast.Try, ast.With)):
        return True
    if isinstance(statement, ast.Assign):
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        return bool(names) and all(re.fullmatch(r"__\w+__", name) for name in names)
    value = getattr(statement, "value", None)
    return index == 0 and isinstance(value, ast.Constant) and isinstance(value.value, str)


class Order:
    """The order of a run of imports: one of isort's two usual ones, if it is sorted."""

    def __init__(self, run: Run, is_ours: IsOurs) -> None:
        self._run = run
        self._is_ours = is_ours
        self._by_kind = True
        self.is_sorted = self._follows()
        if not self.is_sorted:
            self._by_kind = False
            self.is_sorted = self._follows()

    def _follows(self) -> bool:
        keys = [self.key(statement) for statement in self._run.statements]
        plain = all(len(each.names) == 1 for each in self._run.statements if isinstance(each, ast.Import))
        return plain and keys == sorted(keys)

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
        index = self._run.statements.index(statement)
        parsed = [ast.parse(text).body[0] for text in texts]
        new = [each for each in parsed if isinstance(each, IMPORTS)]
        keys = [self.key(each) for each in [*self._run.statements[:index], *new, *self._run.statements[index + 1 :]]]
        return keys == sorted(keys)

    def section(self, module: str) -> int:
        first = module.partition(".")[0]
        if not first:
            return _RELATIVE
        if first == "__future__":
            return _FUTURE
        if first in _STDLIB:
            return _STANDARD
        return _OURS if self._is_ours(first) else _OTHERS


def insertion(tree: Tree, run: Run, text: str, is_ours: IsOurs, ignored: Sequence[Import] = ()) -> Edit:
    """Returns the edit that adds an import statement to a sorted run.

    Args:
      tree: the tree.
      run: one that `Order` calls sorted.
      text: the statement.
      is_ours: whether a top-level module is the project's own.
      ignored: statements of the run that another edit removes.
    """
    order = Order(run, is_ours)
    new = ast.parse(text).body[0]
    assert isinstance(new, (ast.Import, ast.ImportFrom))  # noqa: S101 - what the text is
    key = order.key(new)
    section = key[0]
    statements = [statement for statement in run.statements if statement not in ignored] or list(run.statements)
    newline = tree.newline_at(tree.span(statements[0])[0])
    place = next((each for each in ignored if _is_place(run, order, each, key, ignored)), None)
    if place is not None:
        offset = _begin(tree, run, place)
        return Edit(offset, offset, text + newline)
    before = [each for each in statements if order.key(each) <= key]
    after = [each for each in statements if order.key(each) > key]
    if after and order.key(after[0])[0] == section:
        offset = _begin(tree, run, after[0])
        return Edit(offset, offset, text + tree.newline_at(offset))
    if before:
        end = tree.line_of(tree.span(before[-1])[1])[1]
        is_same = order.key(before[-1])[0] == section
        has_newline = tree.source[end : end + 1] in {"\r", "\n"}
        if not has_newline:
            return Edit(end, end, (newline if is_same else newline * 2) + text)
        offset = end + len(newline)
        return Edit(offset, offset, ("" if is_same else newline) + text + newline)
    offset = _begin(tree, run, after[0])
    return Edit(offset, offset, text + newline * (1 if ignored else 2))


def _is_place(run: Run, order: Order, gone: Import, key: tuple[object, ...], ignored: Sequence[Import]) -> bool:
    """Returns whether a new statement can replace a removed one: it is in the same section, and sorted there."""
    index = run.statements.index(gone)
    ahead = [order.key(each) for each in run.statements[:index] if each not in ignored]
    behind = [order.key(each) for each in run.statements[index + 1 :] if each not in ignored]
    return order.key(gone)[0] == key[0] and [*ahead, key, *behind] == sorted([*ahead, key, *behind])


def _begin(tree: Tree, run: Run, statement: Import) -> int:
    """Returns where the lines of a statement begin, with the comments right above it."""
    offset = tree.line_of(tree.span(statement)[0])[0]
    index = run.statements.index(statement)
    if index == 0:
        return offset
    top = tree.line_of(tree.span(run.statements[index - 1])[1])[1]
    while True:
        above = tree.line_of(offset - 1)[0]
        if above <= top or not tree.source[above:offset].lstrip().startswith("#"):
            return offset
        offset = above
