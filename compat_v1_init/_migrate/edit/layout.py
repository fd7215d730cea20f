"""The layout of the lines that edits change: lines stay under their bracket, and no line becomes too long.

A line inside of a bracket is either aligned with the bracket's first content, or indented from the line that the
bracket is on. If an edit moves the bracket, each line keeps to its own rule. A line that an edit makes too long is
broken behind a comma or an opening bracket, in the outermost bracket that is enough.
"""

from __future__ import annotations

import ast
import bisect
import functools
import heapq
import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit, apply
from compat_v1_init._migrate.source.lexer import lex

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.tree import Tree

_PEP8, _BLACK = 79, 88
"""The usual longest lines; the second one is Ruff's too."""
_NEAR = 70
_FAR = 40
"""A line that is aligned with a column behind this one has little room."""
_FEW = 3
_TAB = 4
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BREAKABLE = {",", *_OPENING}
"""Behind these a line may be broken."""
_BLANK = {"space", "newline", "continuation"}
_DIRECTIVE = re.compile(r"#.*\b(?:noqa|type:|pylint|pragma|fmt:|yapf|compat-v1-init)")
_MOST_BREAKS = 4
_LEAST_TRIES, _MOST_TRIES = 6, 60
_MOST_WORK = 3000
"""How many lines are laid out for each line that is broken, so that a dict of many lines does not take long."""


def laid_out(tree: Tree, edits: Sequence[Edit], *, has_formatter: bool = False) -> tuple[Edit, ...]:
    r"""Returns the edits, together with those of the white space around them.

    Args:
      tree: the tree of the source.
      edits: the edits, in order.
      has_formatter: whether the project has a program that breaks long lines, which does it better.

    Example:
    >>> from compat_v1_init._migrate.findings import Edit, apply
    >>> from compat_v1_init._migrate.edit.layout import laid_out
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> tree = Tree("x = f(1,\n      2)")
    >>> print(apply(tree.source, laid_out(tree, [Edit(4, 5, "longer")])))
    x = longer(1,
               2)
    """
    source = tree.source
    joined = _Joined(source, edits)
    limit, unit = sys.maxsize if has_formatter else _limit(source), _unit(tree)
    changes: list[Edit] = []
    for start, end in _touched(tree, joined.edits):
        statement = _Statement(tree, joined, start, end, limit, unit)
        changes += statement.changes()
    return joined.with_changes(changes)


def _width(line: str) -> int:
    return len(line) + (_TAB - 1) * line.count("\t")


def _start_of_line(text: str, offset: int) -> int:
    start = text.rfind("\n", 0, offset) + 1
    return max(start, text.rfind("\r", start, offset) + 1)


def _rest_of_line(text: str, offset: int) -> str:
    found = re.compile(r"[^\r\n]*").match(text, offset)
    return found.group() if found else ""


def _limit(source: str) -> int:
    """Returns how long a line may become: PEP 8's limit if several lines come close to it and none is longer."""
    widths = [_width(line) for line in source.splitlines()]
    return _PEP8 if max(widths) <= _PEP8 and sum(width > _NEAR for width in widths) >= _FEW else _BLACK


def _unit(tree: Tree) -> int:
    """Returns the width of a file's indentation: that of its first block with lines of its own."""
    for node in tree.module.body:
        for each in (node, *getattr(node, "body", ())):
            body = getattr(each, "body", None)
            if isinstance(each, ast.stmt) and body and body[0].lineno > each.lineno:
                width = int(body[0].col_offset - each.col_offset)
                return width if 0 < width < 8 and not _is_tabbed(tree, body[0]) else 4  # noqa: PLR2004 - usual widths
    return 4


def _is_tabbed(tree: Tree, statement: ast.stmt) -> bool:
    start = tree.span(statement)[0]
    return "\t" in tree.source[tree.line_of(start)[0] : start]


def _touched(tree: Tree, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Returns where the logical lines are that an edit changes, but does not remove."""
    found: list[tuple[int, int]] = []
    starts = [edit.start for edit in edits]
    position = 0
    for start, end in _lines_with(tree, edits):
        while position < len(edits) and edits[position].end <= start:
            position += 1
        stop = bisect.bisect_left(starts, end, position)
        if any(_is_inside(edits[index], start, end) for index in range(position, stop)):
            found.append((start, end))
    return found


def _lines_with(tree: Tree, edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Yields where each logical line of the module's statements with edits is."""
    regions: list[list[int]] = []
    starts = [edit.start for edit in edits]
    for statement in tree.module.body:
        nodes = [statement, *getattr(statement, "decorator_list", [])]
        begin = tree.line_of(min(tree.span(node)[0] for node in nodes))[0]
        end = tree.line_of(tree.span(statement)[1])[1]
        index = bisect.bisect_left(starts, end)
        if index and edits[index - 1].end > begin:
            if regions and regions[-1][1] > begin:
                regions[-1][1] = max(end, regions[-1][1])
            else:
                regions.append([begin, end])
    for begin, end in regions:
        yield from ((begin + start, begin + stop) for start, stop in _logical_lines(tree.source[begin:end]))


def _logical_lines(source: str) -> Iterator[tuple[int, int]]:
    depth = 0
    start: int | None = None
    end = 0
    for kind, text, offset in lex(source):
        if kind == "newline" and depth <= 0:
            if start is not None:
                yield start, end
            start, depth = None, 0
        elif kind not in _BLANK:
            if kind == "operator":
                depth += (text in _OPENING) - (text in _CLOSING)
            start = offset if start is None else start
            end = offset + len(text)
    if start is not None:
        yield start, end


def _is_inside(edit: Edit, start: int, end: int) -> bool:
    is_whole = edit.start <= start and edit.end >= end
    return edit.start < end and edit.end > start and not is_whole and not re.search(r"[\r\n]", edit.text)


class _Joined:
    """The source with the edits made, and which of its offsets is which of the source."""

    def __init__(self, source: str, edits: Sequence[Edit]) -> None:
        self.edits = sorted(edits, key=lambda edit: (edit.start, edit.end))
        self.source = source
        self.text = apply(source, tuple(self.edits))
        self._ends: list[int] = [edit.end for edit in self.edits]
        self._grown = [0]
        for edit in self.edits:
            self._grown.append(self._grown[-1] + len(edit.text) - (edit.end - edit.start))
        self._spans = [
            (edit.start + grown, edit.start + grown + len(edit.text)) for edit, grown in zip(self.edits, self._grown)
        ]
        self._new_ends = [end for _, end in self._spans]

    def new(self, offset: int) -> int:
        """Returns where a place of the source is, behind the edits that end there."""
        return offset + self._grown[bisect.bisect_right(self._ends, offset)]

    def old(self, offset: int) -> int | None:
        """Returns where a character of the text comes from; None for one of an edit."""
        index = bisect.bisect_right(self._new_ends, offset)
        if index < len(self._spans) and self._spans[index][0] <= offset:
            return None
        return offset - self._grown[index]

    def with_changes(self, changes: Sequence[Edit]) -> tuple[Edit, ...]:
        """Returns the edits, together with changes of the text with the edits."""
        inner: dict[int, list[Edit]] = {}
        more: list[Edit] = []
        for change in changes:
            index = bisect.bisect_left(self._new_ends, change.start)
            if (
                index < len(self._spans)
                and self._spans[index][0] <= change.start <= change.end <= self._new_ends[index]
            ):
                inner.setdefault(index, []).append(change)
            else:
                index = bisect.bisect_right(self._new_ends, change.start)
                start, end = change.start - self._grown[index], change.end - self._grown[index]
                more.append(Edit(start, end, change.text))
        edits = list(self.edits)
        for index, within in inner.items():
            first = self._spans[index][0]
            shifted = tuple(Edit(each.start - first, each.end - first, each.text) for each in within)
            edit = edits[index]
            edits[index] = Edit(edit.start, edit.end, apply(edit.text, shifted))
        return tuple(sorted([*edits, *more], key=lambda edit: (edit.start, edit.end)))


@dataclass
class _Bracket:
    offset: int
    depth: int
    parent: _Bracket | None
    content: int | None = None
    """Where the first token inside of it is."""
    is_simple: bool = True
    """Whether no bracket is inside of it."""


@dataclass
class _Head:
    """The first token of a physical line."""

    offset: int
    begin: int
    """Where its white space begins."""
    bracket: _Bracket | None
    is_new: bool = False
    old: int | None = None
    """The indentation as it was; None if it must stay as it is."""
    is_aligned: bool = False
    hang: int = 0
    """How far it is indented from the line that its bracket is on, if it is not aligned."""


@dataclass
class _Layout:
    """How lines are indented: all those of a statement, or some of them."""

    heads: list[_Head]
    above: _Layout | None = None
    """The layout of all lines, of which the first ones are above these."""
    count: int = 0
    """How many lines are above."""
    end: int | None = None
    """Where the white space of the line below begins; None at the end of the statement."""
    indents: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._offsets = [head.offset for head in self.heads]
        self.new = {head.offset for head in self.heads if head.is_new}

    def line_of(self, offset: int) -> tuple[int, int]:
        """Returns where the line begins that a place is on, among those laid out so far, and its indentation."""
        number = bisect.bisect_right(self._offsets, offset, 0, len(self.indents)) - 1
        if number < 0 and self.above is not None:
            number = bisect.bisect_right(self.above._offsets, offset, 0, self.count) - 1  # noqa: SLF001 - of this class
            return self.above.heads[number].offset, self.above.indents[number]
        return self.heads[number].offset, self.indents[number]

    def is_new(self, offset: int) -> bool:
        """Returns whether a new line begins at a place."""
        return offset in self.new or (self.above is not None and offset in self.above.new)

    def add(self, head: _Head, indent: int) -> None:
        """Adds a line at the end."""
        self.heads.append(head)
        self.indents.append(indent)
        self._offsets.append(head.offset)
        if head.is_new:
            self.new.add(head.offset)


def _block(lines: list[tuple[_Head, int]]) -> list[_Head]:
    """Returns the last line, and those before it whose indentation depends on it: in a bracket that it opens."""
    first = lines[-1][0]
    heads = [first]
    for head, _ in itertools.islice(reversed(lines), 1, None):
        if head.bracket is None or head.bracket.offset < first.offset:
            break
        heads.append(head)
    return heads


class _Statement:
    """One logical line."""

    def __init__(self, tree: Tree, joined: _Joined, start: int, end: int, limit: int, unit: int) -> None:
        self._joined = joined
        self._old = joined.source
        self._text = joined.text
        self._limit = limit
        self._unit = unit
        self._newline = tree.newline_at(start)
        self._start = joined.new(start)
        self._end = joined.new(end) if end < len(self._old) else len(self._text)
        self._prefix = self._old[_start_of_line(self._old, start) : start]
        # What is before the statement on its line, such as `try: `, is no indentation.
        self._margin = self._prefix[: len(self._prefix) - len(self._prefix.lstrip())]
        self._has_tabs = "\t" in self._margin
        self._places: list[tuple[int, int, _Bracket]] = []
        """Where a line may be broken: the end of the token before, the token after, and the bracket around."""
        self._heads: list[_Head] = []
        self._directives: list[int] = []
        self._read()

    # --- Reading ---

    def _read(self) -> None:
        """Finds the brackets, the first token of each line, and the places where a line may be broken."""
        stack: list[_Bracket] = []
        last, last_end = "", self._start
        self._heads.append(_Head(self._start, self._start, None))
        for kind, text, offset, is_first in self._tokens():
            innermost = stack[-1] if stack else None
            if innermost is not None and innermost.content is None and kind != "comment":
                innermost.content = offset
            operator = text if kind == "operator" else ""
            if is_first:
                self._heads.append(_Head(offset, _start_of_line(self._text, offset), innermost))
            elif innermost is not None and last in _BREAKABLE and operator not in _CLOSING and kind != "comment":
                self._places.append((last_end, offset, innermost))
            if operator in _OPENING:
                if innermost is not None:
                    innermost.is_simple = False
                stack.append(_Bracket(offset, len(stack), innermost))
            elif operator in _CLOSING and stack:
                stack.pop()
            last, last_end = operator, offset + len(text)
        self._begins = [offset for _, offset, _ in self._places]
        self._old_brackets = {id(head.bracket) for head in self._heads}
        for head in self._heads[1:]:
            self._find_rule(head)

    @functools.cached_property
    def _second(self) -> dict[int, int]:
        """Where in each bracket the first place is behind its first content."""
        places = reversed(self._places)
        return {id(bracket): offset for _, offset, bracket in places if offset != bracket.content}

    @functools.cached_property
    def _line_ends(self) -> list[int]:
        """Where the characters are that end lines, also those in strings."""
        return [match.start() for match in re.compile(r"[\r\n]").finditer(self._text, self._start, self._end)]

    def _tokens(self) -> Iterator[tuple[str, str, int, bool]]:
        """Yields the kind, text and place of each token but white space, and whether it is the first after a line."""
        is_first = False
        for kind, text, at in lex(self._text[self._start : self._end]):
            if kind in {"newline", "continuation"}:
                is_first = True
            elif kind != "space":
                if kind == "comment" and _DIRECTIVE.match(text):
                    self._directives.append(self._start + at)
                yield kind, text, self._start + at, is_first
                is_first = False

    def _find_rule(self, head: _Head) -> None:
        """Finds the rule by which a line was indented."""
        old = self._joined.old(head.offset)
        bracket = head.bracket
        opening = self._joined.old(bracket.offset) if bracket is not None else None
        if old is None or bracket is None or opening is None:
            return
        indent, white = self._old_column(old)
        if white.strip(" \t") or not white.startswith(self._margin) or white[len(self._margin) :].strip(" "):
            return
        head.old = indent
        content = re.compile(r"[ \t]*(?![\s#\\])").match(self._old, opening + 1)
        if content and content.end() < len(self._old) and self._old_column(content.end())[0] == indent:
            head.is_aligned = True
            return
        line = self._old_column(opening)[1]
        head.hang = indent - (len(line) - len(line.lstrip()))

    def _old_column(self, offset: int) -> tuple[int, str]:
        """Returns the column of a place in the source, and what is before it on its line."""
        begin = _start_of_line(self._old, offset)
        return offset - begin, self._old[begin:offset]

    # --- Laying out ---

    def changes(self) -> list[Edit]:
        """Returns the changes of the text that this statement needs."""
        plain = self._layout(self._heads)
        best = self._broken(plain)
        found = []
        for head, indent in zip(best.heads, best.indents):
            if head.is_new:
                white = "\t" if self._has_tabs else " "
                text = self._newline + self._margin + white * (indent - len(self._margin))
                found.append(Edit(head.begin, head.offset, text))
            elif head.old is not None and indent != head.old:
                margin = len(self._margin)
                found.append(Edit(head.begin + margin, head.offset, " " * (indent - margin)))
        return found

    def _layout(
        self, heads: list[_Head], above: _Layout | None = None, count: int = 0, end: int | None = None
    ) -> _Layout:
        layout = _Layout(heads, above, count, end)
        for head in heads:
            layout.indents.append(self._indent(layout, head))
        return layout

    def _indent(self, layout: _Layout, head: _Head) -> int:
        if head is self._heads[0]:
            return len(self._prefix)
        bracket = head.bracket
        if bracket is None or (head.old is None and not head.is_new):
            return head.offset - head.begin
        if bracket.content not in {None, head.offset} and (head.is_aligned or self._is_hung(layout, head, bracket)):
            return self._column(layout, bracket.content)
        first, indent = layout.line_of(bracket.offset)
        ahead = len(self._margin) if first == self._start else indent
        return max(ahead + head.hang, len(self._margin))

    def _is_hung(self, layout: _Layout, head: _Head, bracket: _Bracket) -> bool:
        """Returns whether a new line begins the content of a line's bracket, so that the line is aligned with that."""
        is_new = bracket.content is not None and layout.is_new(bracket.content)
        return is_new and head.hang > 0 and self._text[head.offset] not in _CLOSING

    def _column(self, layout: _Layout, offset: int) -> int:
        first, indent = layout.line_of(offset)
        # A string in three quotes may have line breaks.
        count = bisect.bisect_left(self._line_ends, offset)
        end = self._line_ends[count - 1] if count else -1
        return offset - end - 1 if end >= first else indent + offset - first

    def _excess(self, layout: _Layout, number: int, *, is_strict: bool = False) -> int:
        """Returns by how many columns a line is too long.

        A line may be as long as it was before. If `is_strict`, that is not so for a line that is broken.
        """
        head = layout.heads[number]
        following = layout.heads[number + 1 : number + 2]
        end = following[0].begin if following else layout.end
        if end is None:
            end = self._end + len(_rest_of_line(self._text, self._end))
        # Of a string in three quotes the first line counts.
        first = re.split(r"[\r\n]", self._text[head.offset : end].rstrip(), maxsplit=1)[0]
        width = len(first) + layout.indents[number] + (_TAB - 1) * self._margin.count("\t")
        if width <= self._limit:
            return 0
        allowed = self._limit
        if not head.is_new and not (is_strict and following and following[0].is_new):
            old = self._joined.old(head.offset)
            if old is None:
                old = self._joined.old(head.begin) or 0
            allowed = max(allowed, _width(self._old_column(old)[1] + _rest_of_line(self._old, old)))
        return max(0, width - allowed)

    # --- Breaking lines ---

    def _broken(self, layout: _Layout) -> _Layout:
        """Returns the layout with each line that is too long broken; one that breaks do not help enough stays."""
        done = _Layout([])
        # The others, the last one first.
        lines = list(zip(reversed(layout.heads), reversed(layout.indents)))
        while lines:
            head, indent = lines[-1]
            if self._excess(_Layout([head, *(line[0] for line in lines[-2:-1])], indents=[indent]), 0):
                heads = _block(lines)
                end = lines[-1 - len(heads)][0].begin if len(heads) < len(lines) else None
                block = self._layout(heads, done, len(done.heads), end)
                better = self._line_broken(block)
                if better is not block:
                    del lines[-len(heads) :]
                    lines += zip(reversed(better.heads), reversed(better.indents))
            done.add(*lines.pop())
            while lines and lines[-1][0].is_new:
                done.add(*lines.pop())
        return done

    def _line_broken(self, block: _Layout) -> _Layout:
        """Returns the layout of a line and of those that depend on it, with the first one broken if that helps."""
        excess = sum(self._excesses(block))
        own = self._excess(block, 0)
        strict, more = self._search(block, excess, is_strict=True)
        if more <= excess - own:
            return strict
        best, less = self._search(block, excess, is_strict=False)
        return best if less <= excess - own + own // 2 else block

    def _excesses(self, block: _Layout, *, is_strict: bool = False) -> list[int]:
        return [self._excess(block, number, is_strict=is_strict and number == 0) for number in range(len(block.heads))]

    def _search(self, block: _Layout, excess: int, *, is_strict: bool) -> tuple[_Layout, int]:
        """Returns the best layout found with breaks of a block's first line, and its excess.

        The search goes on from the cheapest one so far.
        """
        best, least = block, excess
        rest = excess - self._excess(block, 0)
        end = block.heads[1].offset if block.heads[1:] else self._end if block.end is None else block.end
        count = itertools.count()
        waiting: list[tuple[int, int, list[_Head]]] = [(0, next(count), block.heads)]
        for _ in range(max(_LEAST_TRIES, min(_MOST_TRIES, _MOST_WORK // len(block.heads)))):
            if not waiting or least <= rest:
                break
            cost, _, heads = heapq.heappop(waiting)
            ordered = sorted(heads, key=lambda head: head.offset)
            each = self._layout(ordered, block.above, block.count, block.end)
            excesses = self._excesses(each, is_strict=is_strict)
            if sum(excesses) < least:
                best, least = each, sum(excesses)
            if len(each.new) < _MOST_BREAKS:
                for more, candidate in self._candidates(each, end, excesses):
                    heapq.heappush(waiting, (cost + more, next(count), [*heads, candidate]))
        return best, least

    def _candidates(self, block: _Layout, stop: int, excesses: list[int]) -> Iterator[tuple[int, _Head]]:
        """Yields the breaks of the first part of a line that is too long, the last one first, each with its cost."""
        number = next((number for number, excess in enumerate(excesses) if excess), None)
        if number is None or block.heads[number].offset >= stop:
            return
        layout = block
        first = block.heads[number].offset
        following = block.heads[number + 1 : number + 2]
        end = following[0].offset if following else stop
        if any(first <= offset < end for offset in self._directives) or self._has_directive(end):
            return
        taken = {head.offset for head in layout.heads}
        inside = slice(bisect.bisect_right(self._begins, first), bisect.bisect_left(self._begins, end))
        for begin, offset, bracket in reversed(self._places[inside]):
            if not first < offset < end or offset in taken:
                continue
            is_hanging = bracket.content == offset
            if self._has_tabs and (not is_hanging or id(bracket) in self._old_brackets):
                continue
            cost = 2 + 4 * bracket.depth + is_hanging + 6 * (self._text[bracket.offset] != "(" and bracket.is_simple)
            if is_hanging and (self._is_inner(bracket, first) or self._text[bracket.offset - 1] in _CLOSING):
                cost += 4
            if not is_hanging and bracket.content is not None and self._column(layout, bracket.content) > _FAR:
                cost += 2
            yield cost, _Head(offset, begin, bracket, is_new=True, is_aligned=not is_hanging, hang=self._hang(bracket))

    def _is_inner(self, bracket: _Bracket, first: int) -> bool:
        """Returns whether a bracket of a line that begins at `first` comes after another argument of the outer call."""
        parent = bracket.parent
        if parent is None or parent.offset < first:
            return False
        return self._second.get(id(parent), bracket.offset) < bracket.offset

    def _has_directive(self, end: int) -> bool:
        """Returns whether a comment behind a line tells a tool something about that line."""
        return end >= self._end and _DIRECTIVE.search(_rest_of_line(self._text, end)) is not None

    def _hang(self, bracket: _Bracket) -> int:
        """Returns how far the first line inside a bracket is indented."""
        if self._has_tabs:
            return 1
        # Twice, so that the line does not look like the block below it.
        is_head = bracket.parent is None and self._text.endswith(":", self._start, self._end)
        return self._unit * 2 if is_head or self._unit < 4 else self._unit  # noqa: PLR2004 - of PEP 8
