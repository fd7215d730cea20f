"""The layout of the lines that edits change: lines stay under their bracket, and a line that grows too long is broken.

A line inside of a bracket is either aligned with the bracket's first content, or indented from the line that the
bracket is on. If an edit moves the bracket, each line keeps to its own rule. A line that an edit makes too long gets a
hanging indent: its outermost bracket is broken, and then its content behind commas.
"""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.lexer import CLOSING, NEWLINE, OPENING, lex

from .comments import DIRECTIVE
from .joined import Joined

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.tree import Tree

_PEP8, _BLACK = 79, 88  # The usual longest lines; the second one is Ruff's too.
_NEAR, _FEW = 70, 3
_TAB = _UNIT = 4


def laid_out(tree: Tree, edits: Sequence[Edit], *, has_formatter: bool = False) -> tuple[Edit, ...]:
    r"""Returns the edits, together with those of the white space around them.

    If the project has a program that breaks long lines, these are left to it.

    Example:
    >>> from compat_v1_init._migrate.findings import apply
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> tree = Tree("x = f(1,\n      2)")
    >>> print(apply(tree.source, laid_out(tree, [Edit(4, 5, "longer")])))
    x = longer(1,
               2)
    """
    joined = Joined(tree.source, edits)
    limit, unit = sys.maxsize if has_formatter else _limit(tree.source), _unit(tree)
    # By the place in the text: what follows a statement that is removed is laid out once.
    starts = {joined.new(start): start for start in _starts(tree, joined.edits)}
    changes = [change for start in starts.values() for change in _Statement(tree, joined, start, limit, unit).changes()]
    return joined.with_changes(changes)


def _limit(source: str) -> int:
    """Returns how long a line may become: up to Black's limit, or as long as the longest one, if several are long."""
    widths = [_width(line) for line in NEWLINE.split(source)]
    return min(max([*widths, _PEP8]), _BLACK) if sum(width > _NEAR for width in widths) >= _FEW else _BLACK


def _width(line: str) -> int:
    return len(line) + (_TAB - 1) * line.count("\t")


def _white(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _unit(tree: Tree) -> int:
    """Returns the width of a file's indentation: that of its first block with lines of its own."""
    for node in tree.module.body:
        for each in (node, *getattr(node, "body", ())):
            body = getattr(each, "body", None)
            if isinstance(each, ast.stmt) and body and body[0].lineno > each.lineno:
                width = int(body[0].col_offset - each.col_offset)
                return width if 1 < width < 2 * _UNIT else _UNIT  # That of a tab is one character.
    return _UNIT


def _starts(tree: Tree, edits: Sequence[Edit]) -> Iterator[int]:
    """Yields where the logical lines begin that an edit changes."""
    nodes = [node for node in tree.nodes if isinstance(node, ast.stmt)]
    decorators = [each for node in nodes for each in getattr(node, "decorator_list", ())]
    starts = sorted({tree.span(node)[0] for node in [*nodes, *decorators]})
    last = -1
    for edit in edits:
        index = bisect_right(starts, edit.start) - 1
        # The first statement on the line.
        while index > 0 and starts[index - 1] >= tree.line_of(starts[index])[0]:
            index -= 1
        if index > last and not NEWLINE.search(edit.text):
            last = index
            yield starts[index]


@dataclass(eq=False)
class _Bracket:
    offset: int
    content: int = sys.maxsize  # Its first token.
    end: int = sys.maxsize
    widest: int = 0  # The length of the longest line that is aligned with its content.
    hung: str | None = None  # The indentation of its content, once it is broken.


@dataclass
class _Line:
    begin: int  # Where its white space begins.
    offset: int  # Its first token.
    bracket: _Bracket | None  # The innermost one around it.
    white: str
    moves_with: int | None = None  # The place whose column it keeps its distance from; None if it stays as it is.
    was: int = 0  # The column of that place in the source.
    is_new: bool = False
    brackets: list[_Bracket] = field(default_factory=list)  # Those that are opened on it.
    commas: list[tuple[int, _Bracket]] = field(default_factory=list)  # The token behind each, and the bracket.

    def broken(self, begin: int, offset: int, bracket: _Bracket, white: str) -> _Line:
        """Returns the new line that begins inside of this one, and takes its parts from there on."""
        brackets = [each for each in self.brackets if each.offset >= offset]
        commas = [each for each in self.commas if each[0] > offset]
        return _Line(begin, offset, bracket, white, is_new=True, brackets=brackets, commas=commas)


class _Statement:
    """One logical line."""

    def __init__(self, tree: Tree, joined: Joined, start: int, limit: int, unit: int) -> None:
        self._tree, self._joined, self._text, self._limit = tree, joined, joined.text, limit
        # What is before the statement on its line, such as `try: `, is no indentation.
        begin, prefix, self._newline = joined.new(start), self._before(start), tree.newline_at(start)
        self._lines = [_Line(begin - len(prefix), begin, None, _white(prefix))]
        self._end = self._read(begin)
        # The line does not look like the block below it, as PEP 8 wants it.
        self._hang = "\t" if "\t" in prefix else " " * (unit * 2 if unit < _UNIT else unit)
        is_head = self._text[begin : self._end].rstrip().endswith(":")
        self._first_hang = self._hang * 2 if is_head and unit >= _UNIT else self._hang

    def _before(self, offset: int) -> str:
        """Returns what is before a place of the source on its line."""
        return self._tree.source[self._tree.line_of(offset)[0] : offset]

    def _read(self, start: int) -> int:
        """Finds the lines, the brackets and the commas; returns the end of the last line, with its comment."""
        stack: list[_Bracket] = []
        begin, is_after_comma = -1, False  # Where the line begins, at its first token.
        for kind, text, offset in lex(self._text, start):
            if kind in {"newline", "continuation"}:
                if kind == "newline" and not stack:
                    return offset
                begin, is_after_comma = offset + len(text), False
            elif kind != "space":
                bracket = stack[-1] if stack else None
                if begin >= 0:
                    self._lines.append(self._line(begin, offset, bracket))
                if bracket is not None and kind != "comment":
                    bracket.content = min(bracket.content, offset)
                    if is_after_comma and text not in CLOSING:
                        self._lines[-1].commas.append((offset, bracket))
                begin, is_after_comma = -1, text == ","
                if text in OPENING:
                    stack.append(_Bracket(offset))
                    self._lines[-1].brackets.append(stack[-1])
                elif text in CLOSING and stack:
                    stack.pop().end = offset
        return len(self._text)

    def _line(self, begin: int, offset: int, bracket: _Bracket | None) -> _Line:
        """Returns a line, with the rule by which it was indented."""
        line = _Line(begin, offset, bracket, self._text[begin:offset])
        old, opening = self._joined.old(offset), None if bracket is None else self._joined.old(bracket.offset)
        if old is None or opening is None or bracket is None or self._before(old).strip(" \t"):
            return line
        column = len(self._before(old))
        content = re.compile(r"[ \t]*(?=[^\s#\\])").match(self._tree.source, opening + 1)
        if content and bracket.content < offset and len(self._before(content.end())) == column:
            bracket.widest = max(bracket.widest, len(self._first_line(offset)))
            line.moves_with, line.was = bracket.content, column
        else:
            line.moves_with, line.was = bracket.offset, len(_white(self._before(opening)))
        return line

    def _first_line(self, start: int, end: int | None = None) -> str:
        """Returns the rest of a line. Of a string in three quotes the first line counts."""
        found = NEWLINE.search(self._text, start, len(self._text) if end is None else end)
        return self._text[start : found.start() if found else end].rstrip()

    def changes(self) -> Iterator[Edit]:
        """Yields the changes of the text that this statement needs."""
        self._offsets = [line.offset for line in self._lines]
        for index, line in enumerate(self._lines):  # It grows where a line is broken.
            line.white = line.white if line.is_new else self._indentation(index)
            text = (self._newline if line.is_new else "") + line.white
            if index and text != self._text[line.begin : line.offset]:
                yield Edit(line.begin, line.offset, text)
            broken = self._break(index)
            if broken is not None:
                self._lines.insert(index + 1, broken)
                self._offsets.insert(index + 1, broken.offset)

    def _indentation(self, index: int) -> str:
        line = self._lines[index]
        if line.moves_with is None or line.bracket is None:
            return line.white
        if line.bracket.hung is not None and self._text[line.offset] not in CLOSING:
            return line.bracket.hung
        above = self._lines[max(0, bisect_right(self._offsets, line.moves_with, 0, index) - 1)]
        now = len(above.white)
        if line.moves_with == line.bracket.content:
            lines = NEWLINE.split(self._text[above.offset : line.moves_with])  # Of a string in three quotes too.
            now = len(lines[-1]) + (self._column(above) if len(lines) == 1 else 0)
        more = now - line.was
        kept = line.white[:more] if more < 0 else line.white + " " * more
        return kept if more >= 0 or not line.white[more:].strip(" ") else line.white

    def _column(self, line: _Line) -> int:
        return line.offset - line.begin if line is self._lines[0] else len(line.white)

    def _break(self, index: int) -> _Line | None:
        """Returns the line that begins inside of a line that is too long; None if none does."""
        line = self._lines[index]
        end = self._lines[index + 1].begin if index + 1 < len(self._lines) else self._end
        text = self._first_line(line.offset, end)
        column = self._column(line) + (_TAB - 1) * line.white.count("\t")
        old = None if line.is_new else self._joined.old(line.offset) or self._joined.old(line.begin)
        allowed = self._limit
        if old is not None:
            allowed = max(allowed, _width(self._tree.source[slice(*self._tree.line_of(old))]))
        is_long = column + len(text) > allowed or any(
            column + each.content - line.offset + each.widest > allowed for each in line.brackets if each.widest
        )
        if not is_long or DIRECTIVE.search(text):
            return None
        room = line.offset + self._limit - column
        places = [place for place, bracket in line.commas if bracket is line.bracket and place - 1 <= room]
        if places and line.bracket is not None:
            begin = line.offset + len(self._text[line.offset : places[-1]].rstrip())
            return line.broken(begin, places[-1], line.bracket, line.white)
        indented = line.white + (self._hang if index else self._first_hang)
        # Another bracket is better broken than one that is done before the end, or follows another one.
        poor = [each.end < room or self._text[each.offset - 1] in CLOSING | OPENING for each in line.brackets]
        for _, each in sorted(zip(poor, line.brackets), key=lambda pair: pair[0]):
            is_open = each.offset < room and each.offset < each.content < min(each.end, end)
            if is_open and column + each.content - line.offset > len(indented):
                each.hung = indented
                return line.broken(each.offset + 1, each.content, each, indented)
        return None
