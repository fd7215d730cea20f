"""Source text as a syntax tree in which every node has its place in the text.

The trees are the standard library's. On the files that this command reads, `ast` is many times faster than libraries
that keep white space, and an edit only needs to know where a node begins and ends.
"""

from __future__ import annotations

import ast
import bisect
import contextlib
import functools
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from compat_v1_init._migrate.findings import Refused

from .lexer import NEWLINE
from .nesting import SHORT, check_nesting, with_room
from .python2 import as_python3

_Node = TypeVar("_Node", bound=ast.AST)
_PARSER_GAVE_UP = "its nesting is too deep for the parser; split the expression, then run again"

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
IMPORTS = (ast.Import, ast.ImportFrom)
LOOPS = (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS)

# Fields that hold no nodes, or only nodes without a place, such as operators.
_BARE_FIELDS = frozenset({"attr", "ctx", "id", "kind", "op", "ops", "type_comment"})
_fields: dict[type[ast.AST], tuple[str, ...]] = {}


def children(node: ast.AST) -> list[ast.AST]:
    """Returns the nodes directly below one, without operators and the like. Most of a run's time is spent here.

    Example:
    >>> [type(child).__name__ for child in children(ast.parse("a.b + 1", mode="eval").body)]
    ['Attribute', 'Constant']
    """
    kind = type(node)
    fields = _fields.get(kind)
    if fields is None:
        fields = _fields[kind] = tuple(name for name in node._fields if name not in _BARE_FIELDS)
    found: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [element for element in value if isinstance(element, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


class Tree:
    """The syntax tree of a source, the parent of each node, and the place of each node in the text.

    The source is decoded text with its own newlines, without a byte order mark.

    Raises:
      Refused: if it is not a program of Python 3, nor one of Python 2 that can be read as such.

    Example:
    >>> tree = Tree("x = a.b(1)")
    >>> call = tree.module.body[0].value
    >>> tree.text(call.func), tree.span(call)
    ('a.b', (4, 10))
    """

    def __init__(self, source: str) -> None:
        self.source = source
        if len(source) > SHORT:
            check_nesting(source)
        try:
            self.module = parse(source)
        except SyntaxError as error:
            raise Refused(f"Python cannot parse it ({error.msg})", error.lineno) from None
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nodes: list[ast.AST] = []
        stack: list[ast.AST] = [self.module]
        while stack:
            node = stack.pop()
            self.nodes.append(node)
            below = children(node)
            for child in below:
                self.parents[child] = node
            below.reverse()
            stack += below
        self._line_starts = [0, *(match.end() for match in NEWLINE.finditer(source))]
        self._ascii = source.isascii()
        self._positions: dict[ast.Call, dict[ast.AST, int]] = {}
        self._columns_of: dict[int, Sequence[int]] = {}

    @functools.cached_property
    def _by_kind(self) -> dict[type, list[Any]]:
        found: dict[type, list[Any]] = defaultdict(list)
        for node in self.nodes:
            found[type(node)].append(node)
        return found

    def of(self, kind: type[_Node]) -> list[_Node]:
        """Returns the nodes of a kind, in order."""
        return self._by_kind.get(kind, [])

    @functools.cached_property
    def names(self) -> dict[str, list[ast.Name]]:
        """The places of each plain name."""
        found: dict[str, list[ast.Name]] = {}
        for node in self.of(ast.Name):
            found.setdefault(node.id, []).append(node)
        return found

    def position(self, call: ast.Call, node: ast.AST) -> int | None:
        """Returns which of a call's positional arguments a node is; None if it is none of them."""
        if call not in self._positions:
            self._positions[call] = {argument: index for index, argument in enumerate(call.args)}
        return self._positions[call].get(node)

    def _offset(self, line: int, column: int) -> int:
        """Returns the offset in characters of the parser's line (from 1) and column (in bytes of UTF-8)."""
        start = self._line_starts[line - 1]
        return start + (column if self._ascii else self._columns(line)[column])

    def _columns(self, line: int) -> Sequence[int]:
        """Returns the column in characters for each column in bytes of a line. Cached, since a line may be long."""
        if line not in self._columns_of:
            text = self.source[self.start_of_line(line) : self.start_of_line(line + 1)]
            columns: Sequence[int] = range(len(text) + 1)
            if not text.isascii():
                columns = [number for number, each in enumerate(text) for _ in each.encode()]
                columns.append(len(text))
            self._columns_of[line] = columns
        return self._columns_of[line]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Returns where the node begins and ends, without parentheses around it."""
        return (
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def text(self, node: ast.AST) -> str:
        """Returns the node's source."""
        start, end = self.span(node)
        return self.source[start:end]

    def place(self, offset: int) -> tuple[int, int]:
        """Returns the line and column, both from 1, of an offset."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def start_of_line(self, line: int) -> int:
        """Returns the offset of a line, from 1; the end of the source, if there are fewer lines."""
        return self._line_starts[line - 1] if line <= len(self._line_starts) else len(self.source)

    def line_of(self, offset: int) -> tuple[int, int]:
        """Returns where the line of an offset begins, and where it ends, without its newline."""
        line = bisect.bisect_right(self._line_starts, offset)
        start = self._line_starts[line - 1]
        return start, start + len(self.source[start : self.start_of_line(line + 1)].rstrip("\r\n"))

    def newline_at(self, offset: int) -> str:
        """Returns the newline at the end of an offset's line; the first of the file, if the line has none."""
        match = NEWLINE.match(self.source, self.line_of(offset)[1]) or NEWLINE.search(self.source)
        return match.group() if match else "\n"

    def is_alone(self, statement: ast.stmt) -> bool:
        """Returns whether no other code is on the lines of a statement."""
        start, end = self.span(statement)
        after = self.source[end : self.line_of(end)[1]].strip()
        return not self.source[self.line_of(start)[0] : start].strip() and (not after or after.startswith("#"))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yields the parent of the node, its parent, and so on up to the module."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def call_of(self, node: ast.AST) -> ast.Call | None:
        """Returns the call whose function a node is."""
        parent = self.parents.get(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def start(self, statement: ast.stmt) -> int:
        """Returns where a statement begins, with its decorators."""
        return min(self.span(node)[0] for node in (statement, *getattr(statement, "decorator_list", [])))

    def statement(self, node: ast.AST) -> ast.stmt:
        """Returns the innermost statement that the node is part of."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node


def parse(source: str) -> ast.Module:
    """Returns the tree of a program of Python 3, or of one of Python 2 that can be read as such.

    Raises:
      SyntaxError: if it is neither.
      Refused: if the parser cannot tell.
    """
    try:
        return _parse_python3(source)
    except SyntaxError:
        check_nesting(source)
        python3 = as_python3(source)
        if python3 is not None:
            with contextlib.suppress(SyntaxError):
                return _parse_python3(python3)
        raise


def _parse_python3(source: str) -> ast.Module:
    with warnings.catch_warnings():
        # The parser's warnings about string escapes are not about what this command does.
        warnings.simplefilter("ignore")
        try:
            # Python 3.11 counts the frames of the caller as depth.
            return with_room(lambda: ast.parse(source))
        except (RecursionError, MemoryError):
            raise Refused(_PARSER_GAVE_UP) from None
        except ValueError as error:
            if isinstance(error, SyntaxError):
                raise
            raise Refused(f"Python cannot parse it ({error})") from None
