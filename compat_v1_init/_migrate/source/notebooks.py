"""Notebooks: their code cells as one source, and edits of that source as edits of the JSON.

The file is never written again from its parsed content. The strings that hold the source of the cells are found in the
text of the file. An edit replaces characters inside of them, and leaves every other character of the file as it is.
"""

from __future__ import annotations

import bisect
import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, TypeVar

from compat_v1_init._migrate.findings import Edit, Refused

from .lexer import split_lines, words
from .magics import CELL_MAGIC, SEES_ALL, TRANSPARENT, mask

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")|(?P<punctuation>[][{}:,])|[^][{}:,"\s]+)', re.DOTALL
)
# One character of a string as JSON writes it: an escaped pair of surrogates is one character too.
_UNIT = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|[^\\]", re.DOTALL)

_Key = tuple[Any, ...]
_T = TypeVar("_T")


def _strings(text: str) -> Iterator[tuple[_Key, int, int]]:
    """Yields path, start and end of each string value of valid JSON; a path is such as `("cells", 0, "source", 2)`."""
    path: list[Any] = []
    key_next = False
    for token in _TOKEN.finditer(text):
        mark, string = token["punctuation"], token["string"]
        if string is not None and not key_next:
            yield tuple(path), *token.span("string")
        elif string is not None:
            path[-1] = json.loads(string)
            key_next = False
        elif mark in ("{", "["):
            path.append(None if mark == "{" else 0)
            key_next = mark == "{"
        elif mark in ("}", "]"):
            path.pop()
            key_next = False
        elif mark == "," and isinstance(path[-1], int):
            path[-1] += 1
        elif mark == ",":
            key_next = True


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes an object of its members; refuses two members of one name, since a parser would drop one of them."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise Refused("an object of its JSON has two members of the same name")
    return result


@dataclass
class Cell:
    """A code cell of Python."""

    number: int
    """From 1, counting every cell of the notebook."""
    holder: dict[str, Any]
    """The cell's object in the notebook's content, which has the source as its member `key`."""
    key: str
    source: str
    strings: list[tuple[int, int]]
    """Where in the file the strings are that hold the source, one after the other."""
    is_list: bool
    """Whether the file has a list of strings, or one string."""
    skip: int = 0
    """How many characters at the start belong to a line such as `%%time`."""
    problem: str | None = None
    """Why the cell is left alone."""
    problem_line: int | None = None
    start: int = field(default=0, init=False)
    """Where in the joined source its code, without the skipped characters, begins."""
    masked: str = field(default="", init=False)
    """Its code, with what only IPython understands masked."""

    @functools.cached_property
    def line_starts(self) -> list[int]:
        """Where in the source each line begins."""
        return _line_starts(self.source)

    @functools.cached_property
    def content_ends(self) -> list[int]:
        """Where in the source each string of the list ends."""
        return list(accumulate(len(part) for part in self.holder[self.key])) if self.is_list else [len(self.source)]


def parse(text: str) -> Any:
    """Returns a notebook's content.

    Raises:
      Refused: if it is no JSON, no notebook, or not one that can be edited in place.
    """
    try:
        content = json.loads(text, object_pairs_hook=_no_twins)
    except RecursionError:
        raise Refused("not a notebook: its JSON is nested too deeply") from None
    except ValueError as error:
        raise Refused(f"not valid JSON: {getattr(error, 'msg', error)}", getattr(error, "lineno", None)) from None
    if not isinstance(content, dict) or not isinstance(content.get("cells", content.get("worksheets")), list):
        raise Refused("not a notebook: it has no list of cells")
    return content


def code_cells(text: str, content: Any) -> list[Cell]:
    """Returns the Python code cells of a notebook of format 3 or 4 in order, also those that will be left alone."""
    if not _is_python(content):
        return []
    holders: list[tuple[_Key, Any]] = [((), content)]
    key = "source"
    if "cells" not in content:
        holders, key = [(("worksheets", w), sheet) for w, sheet in enumerate(content["worksheets"])], "input"
    lists = [(path, sheet.get("cells") or []) for path, sheet in holders if isinstance(sheet, dict)]
    cells = [((*path, "cells", i), cell) for path, some in lists for i, cell in enumerate(some)]
    spans: dict[_Key, tuple[int, int]] = {path: (start, end) for path, start, end in _strings(text)}
    found = []
    for number, (path, cell) in enumerate(cells, 1):
        is_code = isinstance(cell, dict) and cell.get("cell_type") == "code"
        if not is_code or cell.get("language", "python") != "python":
            continue
        value = cell.get(key, [])
        lines = [value] if isinstance(value, str) else value
        if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
            is_list = value is lines
            places = [spans[(*path, key, i) if is_list else (*path, key)] for i in range(len(lines))]
            found.append(Cell(number, cell, key, "".join(lines), places, is_list))
    return found


def _is_python(content: dict[str, Any]) -> bool:
    """Returns whether a notebook's language is Python. Without a named language it is."""
    metadata = content.get("metadata")
    for holder, key in (("language_info", "name"), ("kernelspec", "language")):
        named = metadata.get(holder) if isinstance(metadata, dict) else None
        language = named.get(key) if isinstance(named, dict) else None
        if isinstance(language, str):
            return "py" in language.lower()
    return True


class Notebook:
    """The code cells of one notebook as one Python source, and the way back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.cells = code_cells(text, parse(text))
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        for cell in self.cells:
            cell.masked = self._prepare(cell)
        self.joined = ""
        self._join()

    @staticmethod
    def _prepare(cell: Cell) -> str:
        transparent = TRANSPARENT.match(cell.source)
        if transparent:
            cell.skip = transparent.end()
        elif CELL_MAGIC.match(cell.source):
            cell.skip = len(cell.source)
            return ""
        masked, error = mask(cell.source[cell.skip :])
        if error is not None:
            cell.problem = f"does not parse: {error.msg}"
            cell.problem_line = (error.lineno or 1) + cell.source.count("\n", 0, cell.skip)
        return masked

    def unread(self, cell: Cell) -> str:
        """Returns the text of a cell that is not read as Python: the lines of magic, or all of it."""
        if cell.problem is not None or cell.skip == len(cell.source):
            return cell.source
        lines = zip(split_lines(cell.source[cell.skip :]), split_lines(cell.masked))
        return cell.source[: cell.skip] + "".join(line for line, mask_ in lines if line != mask_)

    def unread_names(self) -> frozenset[str]:
        """Returns every word of the text that is not read: each may use a name. With "*" all names may be used."""
        texts = list(map(self.unread, self.cells))
        return frozenset().union(*map(words, texts), "*" if any(map(SEES_ALL.search, texts)) else "")

    def leave(self, cell: Cell, reason: str, line: int) -> None:
        """Takes a cell out of the joined source. The reason is for a line of the cell."""
        cell.problem, cell.problem_line = reason, line
        self._join()

    def read(self, function: Callable[[str], _T]) -> _T:
        """Returns what a function makes of the joined source. A cell that it refuses is left alone."""
        try:
            return function(self.joined)
        except Refused as error:
            if error.line is None:
                raise
            cell, line = self.place(error.line)
            self.leave(cell, error.reason, line)
        return self.read(function)

    def _join(self) -> None:
        """Makes one source of the cells that have no problem."""
        self._own = [cell for cell in self.cells if cell.problem is None and cell.skip < len(cell.source)]
        # With one more newline, also after a last line that ends with one, so that no place is in two cells.
        parts = [cell.masked + "\n" for cell in self._own]
        self.joined = "".join(parts)
        self._starts = list(accumulate(map(len, parts), initial=0))[:-1]
        for cell, start in zip(self._own, self._starts):
            cell.start = start
        self._line_starts = _line_starts(self.joined)

    def first_lines(self) -> list[int]:
        """Returns the lines of the joined source, from 1, with which its cells begin."""
        return [self._line_of(start) for start in self._starts]

    def _line_of(self, offset: int) -> int:
        return bisect.bisect_right(self._line_starts, offset)

    def place(self, line: int) -> tuple[Cell, int]:
        """Returns the cell, and the line in it, of a line of the joined source."""
        offset = self._line_starts[line - 1] if line <= len(self._line_starts) else len(self.joined)
        cell = self._own[bisect.bisect_right(self._starts, offset) - 1]
        within = self._line_of(offset) - self._line_of(cell.start)
        return cell, within + 1 + cell.source.count("\n", 0, cell.skip)

    def file_line(self, cell: Cell, line: int) -> int:
        """Returns the line of the file on which a cell's line is written."""
        starts = cell.line_starts
        ahead = starts[line - 1] if line <= len(starts) else len(cell.source)
        at = min(bisect.bisect_right(cell.content_ends, ahead), len(cell.strings) - 1)
        return bisect.bisect_left(self._newlines, cell.strings[at][0]) + 1

    def edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Returns edits of the joined source as edits of the file's text.

        Raises:
          Refused: if an edit reaches over the end of a cell.
        """
        own = self._own
        per_cell: dict[int, list[Edit]] = {}
        for edit in edits:
            # A new line between two cells becomes a part of the first, since the second may begin with `%%time`.
            is_line = edit.start == edit.end and edit.text.endswith("\n")
            at = max(bisect.bisect_right(self._starts, edit.start - is_line) - 1, 0)
            cell = own[at]
            start, end = (offset - cell.start + cell.skip for offset in (edit.start, edit.end))
            if end > len(cell.source) + 1:
                raise Refused("a change would reach from one cell into the next")
            per_cell.setdefault(at, []).append(Edit(start, end, edit.text))
        found = [edit for at, changes in per_cell.items() for edit in self._in_file(own[at], changes)]
        return tuple(sorted(found, key=lambda edit: edit.start))

    def _in_file(self, cell: Cell, edits: Sequence[Edit]) -> list[Edit]:
        """Returns the edits of the file that make those of one cell's source."""
        units = [
            _Unit(unit, first=at == 0 and cell.is_list)
            for start, end in cell.strings
            for at, unit in enumerate(_UNIT.findall(self.text, start + 1, end - 1))
        ]
        # The line break after a cell is in the joined source alone.
        units.append(_Unit(r"\n"))
        for edit in reversed(edits):
            new = [_Unit(unit) for unit in _UNIT.findall(self._escaped(edit.text))]
            # A string begins at its first character, and each line is a string.
            rest = units[edit.end : edit.end + 1]
            first = [*units[edit.start : edit.end], *rest][:1]
            head = [*new, *rest][:1]
            if cell.is_list:
                for before, after in zip(new, [*new[1:], *rest]):
                    after.first = after.first or before.text == r"\n"
                if head:
                    starts = first[0].first if first else units[edit.start - 1].text == r"\n"
                    head[0].first = head[0].first or starts
            units[edit.start : edit.end] = new
        if units and units[-1].text == r"\n":
            units.pop()
        if not cell.is_list:
            return [_shortest(self.text, *cell.strings[0], '"' + "".join(unit.text for unit in units) + '"')]
        return self._relist(cell, _strings_of(units))

    def _escaped(self, text: str) -> str:
        """Returns text as the inside of a JSON string, with non-ASCII characters written as this notebook does."""
        return json.dumps(text, ensure_ascii=self.text.isascii())[1:-1]

    def _relist(self, cell: Cell, new: list[str]) -> list[Edit]:
        """Returns the edits that make one list of strings into another; strings that are equal at both ends stay."""
        spans = [(start, end) for start, end in cell.strings if end - start > len('""')]
        old = [self.text[start:end] for start, end in spans]
        head, tail = _common_ends(old, new)
        gone, come = spans[head : len(old) - tail], new[head : len(new) - tail]
        if len(gone) == len(come):
            pairs = [(span, text) for span, text in zip(gone, come) if self.text[slice(*span)] != text]
            return [_shortest(self.text, start, end, text) for (start, end), text in pairs]
        if not come:
            # With the comma behind them, or, if they are the last, the comma before them.
            if tail:
                return [Edit(gone[0][0], spans[head + len(gone)][0], "")]
            return [Edit(spans[head - 1][1], gone[-1][1], "") if head else Edit(gone[0][0], gone[-1][1], '""')]
        comma = self._comma(cell)
        if gone:
            return [Edit(gone[0][0], gone[-1][1], comma.join(come))]
        if tail:
            return [Edit(spans[head][0], spans[head][0], "".join(text + comma for text in come))]
        return [Edit(spans[-1][1], spans[-1][1], "".join(comma + text for text in come))]

    def _comma(self, cell: Cell) -> str:
        """Returns what stands between two strings of a cell: a comma, and the white space of this file."""
        start = cell.strings[0][0]
        if len(cell.strings) > 1:
            return self.text[cell.strings[0][1] : cell.strings[1][0]]
        return "," + (self.text[self.text.rindex("[", 0, start) + 1 : start] or " ")


@dataclass
class _Unit:
    """One character of a cell's source, as the file writes it."""

    text: str
    first: bool = False
    """Whether a string of the list begins with it."""


def _strings_of(units: Sequence[_Unit]) -> list[str]:
    starts = [index for index, unit in enumerate(units) if unit.first or not index]
    parts = (units[start:end] for start, end in zip(starts, [*starts[1:], len(units)]))
    return ['"' + "".join(unit.text for unit in part) + '"' for part in parts]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Returns how many elements are the same at the start, and how many of the others at the end."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    most -= head
    tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    return head, tail


def _shortest(text: str, start: int, end: int, new: str) -> Edit:
    """Returns the edit without the characters at its start and its end that stay the same."""
    head, tail = _common_ends(text[start:end], new)
    return Edit(start + head, end - tail, new[head : len(new) - tail])


def _line_starts(text: str) -> list[int]:
    """Returns where each line begins. Behind a last newline no line begins."""
    starts = list(accumulate(map(len, split_lines(text)), initial=0))
    return starts[:-1] or [0]
