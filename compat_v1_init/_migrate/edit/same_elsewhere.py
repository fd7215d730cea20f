"""The check, before anything is written, that a source is the same outside of its edits."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from typing import Any

from compat_v1_init._migrate.findings import Edit, Refused
from compat_v1_init._migrate.source.tree import IMPORTS, Tree

from .comments import DIRECTIVE, comments_of
from .joined import Joined


def check_same_elsewhere(before: Tree, after: Tree, edits: Sequence[Edit], regions: Sequence[tuple[int, int]]) -> None:
    """Raises `Refused` unless the trees are the same outside of the `regions` of the source, with the same comments."""
    removed = (comment for edit in edits for comment in comments_of(before.source[edit.start : edit.end]))
    lost = Counter(comment for comment in removed if not DIRECTIVE.match(comment))
    lost.subtract(comment for edit in edits for comment in comments_of(edit.text))
    if any(count > 0 for count in lost.values()):
        raise Refused(f"the comment {max(lost, key=lambda comment: lost[comment])!r} would be lost; nothing is changed")
    joined = Joined(before.source, edits)
    new_regions = [_stripped(after.source, *joined.region(*region)) for region in regions]
    if not _are_equal(before.module, after.module, _Regions(before, regions), _Regions(after, new_regions)):
        raise Refused("the edits would change more than they should; nothing is changed")


def _stripped(source: str, start: int, end: int) -> tuple[int, int]:
    """Returns a region without the line break that an edit may have added before it."""
    return end - len(source[start:end].lstrip()), end


class _Regions:
    """The expressions of a tree that are at given places."""

    def __init__(self, tree: Tree, spans: Sequence[tuple[int, int]]) -> None:
        self._tree = tree
        self._spans = set(spans)
        # For most nodes the line is enough to know that they are in none.
        self._lines = {tree.place(start)[0] for start, _ in spans}

    def __contains__(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.expr) or node.lineno not in self._lines:
            return False
        return self._tree.span(node) in self._spans


def _are_equal(before: ast.AST, after: ast.AST, regions: _Regions, new_regions: _Regions) -> bool:
    """Returns whether two trees are equal but for the given regions and for import statements."""
    stack: list[tuple[Any, Any]] = [(before, after)]
    while stack:
        old, new = stack.pop()
        if type(old) is not type(new):
            return False
        if isinstance(old, list):
            old = [child for child in old if not isinstance(child, IMPORTS)]
            new = [child for child in new if not isinstance(child, IMPORTS)]
            if len(old) != len(new):
                return False
            stack += zip(old, new)
        elif not isinstance(old, ast.AST):
            if old != new:
                return False
        elif (old in regions) != (new in new_regions):
            return False
        elif old not in regions:
            pairs = [(getattr(old, name, None), getattr(new, name, None)) for name in old._fields if name != "ctx"]
            stack += [(one, other) for one, other in pairs if one is not other]
    return True
