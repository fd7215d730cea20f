"""The comments of what an edit removes: they stay, in the line above if there is no better place."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit, in_order
from compat_v1_init._migrate.source.lexer import lex

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.tree import Tree

DIRECTIVE = re.compile(r"#.*\b(?:noqa|type:|pylint|pragma|fmt:|isort|yapf|compat-v1-init)", re.IGNORECASE)
"""A comment that tells a tool something about its line."""


def comments_of(text: str) -> list[str]:
    """Returns the comments in a text, without the white space at their ends."""
    if "#" not in text:
        return []
    return [token.rstrip() for kind, token, _ in lex(text) if kind == "comment"]


def lines_of_comments(comments: Sequence[str], indentation: str, newline: str) -> str:
    """Returns comments as lines of their own, without those that only tell a tool something about their line.

    Such a comment says nothing once its line is gone; alone in a line it may even be for the whole file.
    """
    return "".join(f"{indentation}{comment}{newline}" for comment in comments if not DIRECTIVE.match(comment))


def with_comments(tree: Tree, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Returns the edits, with those that put the comments which are lost otherwise above their statement."""
    more = []
    for edit in edits:
        lost = list(
            (Counter(comments_of(tree.source[edit.start : edit.end])) - Counter(comments_of(edit.text))).elements()
        )
        statement = _statement_at(tree, edit.start) if lost else None
        if statement is not None:
            start = tree.start(statement)
            line = tree.line_of(start)[0]
            indentation = re.match(r"[ \t\f]*", tree.source[line:start])
            text = lines_of_comments(lost, indentation.group() if indentation else "", tree.newline_at(line))
            if text:
                more.append(Edit(line, line, text))
    return in_order([*edits, *more])


def _statement_at(tree: Tree, offset: int) -> ast.stmt | None:
    """Returns the innermost statement around an offset; None for one that goes with all of its lines."""
    found = None
    for node in tree.nodes:
        if isinstance(node, ast.stmt) and tree.start(node) <= offset < tree.span(node)[1]:
            found = node
    return found
