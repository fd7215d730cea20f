"""`# compat-v1-init: ignore`: the lines that a person has marked to be left as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexer import lex

if TYPE_CHECKING:
    from .tree import Tree

MARK = re.compile(r"#.*\bcompat-v1-init:\s*ignore\b")


def ignored_lines(tree: Tree) -> frozenset[int]:
    r"""Returns the lines, from 1, with the mark in a comment.

    Example:
    >>> from compat_v1_init._migrate.ignore import ignored_lines
    >>> from compat_v1_init._migrate.tree import Tree
    >>> sorted(ignored_lines(Tree("x = 1\ny = '# compat-v1-init: ignore'\nz = 3  # compat-v1-init: ignore")))
    [3]
    """
    if "compat-v1-init" not in tree.source:
        return frozenset()
    return frozenset(
        tree.place(offset)[0] for kind, text, offset in lex(tree.source) if kind == "comment" and MARK.match(text)
    )
