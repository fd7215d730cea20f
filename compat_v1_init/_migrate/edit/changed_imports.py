"""Import statements that change: where their parts are, and the edits that move or drop what they import."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.elements import parts, removal
from compat_v1_init._migrate.source.lexer import NEWLINE, NO_CODE, lex

from .comments import comments_of, lines_of_comments
from .placement import Orders, insertion

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.initializer_names import NamedInitializer
    from compat_v1_init._migrate.source.tree import Tree


def _code_of(tree: Tree, statement: ast.stmt) -> tuple[list[tuple[str, int]], int]:
    """Returns the text and the offset of each token of an import that is code, and the number of `import`."""
    start, end = tree.span(statement)
    tokens = [(text, start + at) for kind, text, at in lex(tree.source[start:end]) if kind not in NO_CODE]
    return tokens, next(index for index, (text, _) in enumerate(tokens) if text == "import")


def alias_spans(tree: Tree, statement: ast.Import | ast.ImportFrom) -> list[tuple[int, int]]:
    """Returns where each `name as other` of an import statement is; the tree of Python 3.9 does not say it."""
    tokens, number = _code_of(tree, statement)
    start, end = tokens[number][1] + len("import"), tree.span(statement)[1]
    if tokens[number + 1][0] == "(":
        start, end = tokens[number + 1][1] + 1, tokens[-1][1]
    return [(part[0][1], part[-1][1] + len(part[-1][0])) for part in parts(tree.source, start, end)]


def module_span(tree: Tree, statement: ast.ImportFrom) -> tuple[int, int]:
    """Returns where the module of `from module import ...` is."""
    tokens, number = _code_of(tree, statement)
    return tokens[1][1], tokens[number - 1][1] + len(tokens[number - 1][0])


def insert_after(tree: Tree, statement: ast.stmt, text: str) -> Edit:
    """Returns the edit that adds a statement after another one, in the same block."""
    start, end = tree.span(statement)
    if not tree.is_alone(statement):
        return Edit(end, end, f"; {text}")
    indentation = tree.source[tree.line_of(start)[0] : start]
    offset = tree.line_of(end)[1]
    return Edit(offset, offset, f"{tree.newline_at(offset)}{indentation}{text}")


def from_import(initializer: NamedInitializer, alias: ast.alias) -> str:
    """Returns `name` or `name as other`, so that a `from` import binds the initializer to the same name as before."""
    bound = alias.asname or alias.name
    return initializer.name if bound == initializer.name else f"{initializer.name} as {bound}"


@dataclass
class ImportChanges:
    """What becomes of one import statement."""

    moved: dict[ast.alias, NamedInitializer] = field(default_factory=dict)
    dropped: set[ast.alias] = field(default_factory=set)

    def edits(self, tree: Tree, statement: ast.Import | ast.ImportFrom, orders: Orders) -> list[Edit]:
        """Returns the edits that make the changes of a statement."""
        spans = alias_spans(tree, statement)
        leaving = [alias in self.moved or alias in self.dropped for alias in statement.names]
        sorted_edits = self._sorted_edits(tree, statement, spans, leaving, orders)
        if sorted_edits:
            return sorted_edits
        lines = self._lines()
        if not all(leaving):
            removals = removal(tree.source, spans, [not leaves for leaves in leaving])
            return [*removals, *(insert_after(tree, statement, line) for line in lines)]
        if not lines:
            return [_line_removal(tree, statement)]
        if isinstance(statement, ast.ImportFrom) and len(lines) == 1:
            return self._edits_in_place(tree, statement, spans)
        start, end = tree.span(statement)
        indentation = tree.source[tree.line_of(start)[0] : start]
        joint = tree.newline_at(start) + indentation if tree.is_alone(statement) else "; "
        return [Edit(start, end, joint.join(lines))]

    def _edits_in_place(self, tree: Tree, statement: ast.ImportFrom, spans: list[tuple[int, int]]) -> list[Edit]:
        """Returns the edits of a `from` import whose names all come from one module of this package now."""
        edits = [Edit(*module_span(tree, statement), next(iter(self.moved.values())).module)]
        for alias, span in zip(statement.names, spans):
            initializer = self.moved.get(alias)
            if initializer is None or (alias.asname and alias.name == initializer.name):
                continue
            new = from_import(initializer, alias)
            if new != tree.source[slice(*span)]:
                edits.append(Edit(*span, new))
        if self.dropped:
            edits += removal(tree.source, spans, [alias in self.moved for alias in statement.names])
        return edits

    def _sorted_edits(
        self,
        tree: Tree,
        statement: ast.Import | ast.ImportFrom,
        spans: list[tuple[int, int]],
        leaving: list[bool],
        orders: Orders,
    ) -> list[Edit]:
        """Returns the edits that put the new statements where isort has them; none if they can stay where they are."""
        lines = self._lines()
        found = orders.of(statement) if lines else None
        if found is None:
            return []
        run, order = found
        if not order.is_sorted or (all(leaving) and order.may_replace(statement, lines)):
            return []
        gone = [statement] if all(leaving) else []
        if not gone:
            removals = removal(tree.source, spans, [not leaves for leaves in leaving])
        else:
            end = tree.span(statement)[1]
            comment = tree.source[end : tree.line_of(end)[1]].strip()
            removals = [_line_removal(tree, statement, has_moved=True)]
            lines[0] += f"  {comment}" if comment else ""
        return [*removals, *(insertion(tree, run, order, line, gone) for line in lines)]

    def _lines(self) -> list[str]:
        """Returns the new statements, one for each module."""
        return [
            f"from {module} import "
            + ", ".join(sorted(from_import(to, alias) for alias, to in self.moved.items() if to.module == module))
            for module in sorted({to.module for to in self.moved.values()})
        ]


def _line_removal(tree: Tree, statement: ast.stmt, *, has_moved: bool = False) -> Edit:
    """Returns the edit that removes a statement's lines, but not their comments, of which the last may have moved."""
    start, end = tree.span(statement)
    line, stop = tree.line_of(start)[0], tree.line_of(end)[1]
    newline = NEWLINE.match(tree.source, stop)
    comments = comments_of(tree.source[line : end if has_moved else stop])
    text = lines_of_comments(comments, tree.source[line:start], tree.newline_at(start))
    return Edit(line, newline.end() if newline else stop, text)
