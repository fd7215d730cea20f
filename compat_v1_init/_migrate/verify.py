"""The proof, before anything is written, that the edits did what they say and nothing else."""

from __future__ import annotations

import ast
import bisect
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .findings import CannotAnalyze, Edit

if TYPE_CHECKING:
    from .tree import Tree

_IMPORTS = (ast.Import, ast.ImportFrom)


def verify(before: Tree, after: Tree, edits: Sequence[Edit], regions: Sequence[tuple[int, int]]) -> None:
    """Raises `CannotAnalyze` unless the trees are the same outside of the edits.

    Args:
      before: the tree of the source.
      after: the tree of the source with the edits.
      edits: the edits, in order.
      regions: the expressions of the source that the edits change.
    """
    shift = _Shift(edits)
    old = _Shape(before, regions).of(before.module)
    new = _Shape(after, [shift.region(*region) for region in regions]).of(after.module)
    if old != new:
        reason = "the edits would change more than they should; nothing is changed"
        raise CannotAnalyze(reason)


class _Shift:
    """Where a place in the source is after the edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._starts = [edit.start for edit in edits]
        self._grown = [0]
        for edit in edits:
            self._grown.append(self._grown[-1] + len(edit.text) - (edit.end - edit.start))

    def region(self, start: int, end: int) -> tuple[int, int]:
        first = bisect.bisect_left(self._starts, start)
        last = bisect.bisect_left(self._starts, end)
        return start + self._grown[first], end + self._grown[last]


class _Shape:
    """A tree as a flat list, in which the given regions are blanks and import statements are left out."""

    def __init__(self, tree: Tree, regions: Sequence[tuple[int, int]]) -> None:
        self._tree = tree
        self._regions = set(regions)

    def of(self, root: ast.AST) -> list[object]:
        """Returns what is in a tree; each node stands before what is in it, each list with its length."""
        shape: list[object] = []
        waiting: list[object] = [root]
        while waiting:
            node = waiting.pop()
            below: list[object] = []
            if isinstance(node, list):
                below = [child for child in node if not isinstance(child, _IMPORTS)]
                shape.append(len(below))
            elif not isinstance(node, ast.AST):
                shape.append((type(node).__name__, node))
            elif isinstance(node, ast.expr) and self._tree.span(node) in self._regions:
                shape.append("edited")
            else:
                shape.append(type(node).__name__)
                below = [getattr(node, name, None) for name in node._fields if name != "ctx"]
            waiting += reversed(below)
        return shape
