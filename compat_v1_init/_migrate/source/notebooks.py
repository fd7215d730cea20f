"""Notebooks: their code cells as one source, and edits of that source put back into the JSON, byte by byte.

The file is never written anew from its parsed content. The strings that hold the cells' source are found in the text
of the file; an edit replaces characters inside them and leaves every other character of the file where it is.
"""

from __future__ import annotations

import ast
import bisect
import functools
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from compat_v1_init._migrate.findings import Edit, Refused

from .lexer import lex
from .nesting import check_nesting

# --- JSON with places ------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")|(?P<punctuation>[][{}:,])|[^][{}:,"\s]+)', re.DOTALL
)
# One character of a string as JSON writes it: an escaped pair of surrogates is one character too.
_UNIT = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|[^\\]", re.DOTALL)

_Key = tuple[Any, ...]


def _strings(text: str) -> Iterator[tuple[_Key, int, int]]:
    """Yields path, start and end of each string value of valid JSON; a path is such as `("cells", 0, "source", 2)`."""
    path: list[Any] = []
    key_next = False
    for token in _TOKEN.finditer(text):
        punctuation, string = token["punctuation"], token["string"]
        if punctuation in ("{", "["):
            path.append(None if punctuation == "{" else 0)
            key_next = punctuation == "{"
        elif punctuation in ("}", "]"):
            path.pop()
            key_next = False
        elif punctuation == "," and path:
            key_next = not isinstance(path[-1], int)
            if not key_next:
                path[-1] += 1
        elif string is not None and key_next:
            path[-1] = json.loads(string)
            key_next = False
        elif string is not None:
            yield tuple(path), token.start("string"), token.end("string")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes an object of its members, and refuses two of one name, of which a parser would drop one."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise Refused("an object of its JSON has two members of the same name")
    return result


# --- Cells -----------------------------------------------------------------------------------------------------------


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
    """Where in the file the strings are whose contents, joined, are the source."""
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
    except json.JSONDecodeError as error:
        msg = f"not valid JSON: {error.msg}"
        raise Refused(msg, error.lineno) from None
    except RecursionError:
        raise Refused("not a notebook: its JSON is nested too deeply") from None
    except ValueError as error:
        msg = f"not valid JSON: {error}"
        raise Refused(msg) from None
    if not isinstance(content, dict) or not isinstance(content.get("cells", content.get("worksheets")), list):
        raise Refused("not a notebook: it has no list of cells")
    return content


def code_cells(text: str, content: Any) -> list[Cell]:
    """Returns the Python code cells of a notebook of format 3 or 4 in order, those to be left alone included."""
    if not _is_python(content):
        return []
    named: dict[_Key, Any] = {}
    if "cells" in content:
        named = {("cells", i): cell for i, cell in enumerate(content["cells"])}
    else:
        for w, sheet in enumerate(content["worksheets"]):
            cells = sheet.get("cells") if isinstance(sheet, dict) else None
            named.update({("worksheets", w, "cells", i): cell for i, cell in enumerate(cells or [])})
    spans: dict[_Key, tuple[int, int]] = {path: (start, end) for path, start, end in _strings(text)}
    found = []
    for number, (path, cell) in enumerate(named.items(), 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        if cell.get("language", "python") != "python":
            continue
        key = "source" if "cells" in content else "input"
        value = cell.get(key, [])
        lines = [value] if isinstance(value, str) else value
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            continue
        is_list = value is lines
        places = [spans[(*path, key, i)] if is_list else spans[(*path, key)] for i in range(len(lines))]
        found.append(Cell(number, cell, key, "".join(lines), places, is_list))
    return found


def _is_python(content: dict[str, Any]) -> bool:
    """Returns whether a notebook's language is Python, which it also is where none is named."""
    metadata = content.get("metadata")
    for holder, key in (("language_info", "name"), ("kernelspec", "language")):
        named = metadata.get(holder) if isinstance(metadata, dict) else None
        language = named.get(key) if isinstance(named, dict) else None
        if isinstance(language, str):
            return "py" in language.lower()
    return True


# --- Cells as one source ---------------------------------------------------------------------------------------------

# The cell magics that run Python code in the notebook's own namespace; all others make the cell something else.
_TRANSPARENT = re.compile(r"\s*%%(time|timeit|capture|prun)\b[^\n]*\n?")
_CELL_MAGIC = re.compile(r"\s*%%\w")
_MAGIC = re.compile(
    r"(?P<before>[ \t]*)(?P<magic>[%!?][^\r\n]*|[\w.]+\?{1,2}[ \t]*)(?P<end>\r?\n|$)"
    r"|(?P<before_value>[ \t]*[\w., \t]+=[ \t]*)(?P<value>[%!][^\r\n]*)(?P<end_value>\r?\n|$)"
)


def _syntax_error(source: str) -> SyntaxError | None:
    try:
        check_nesting(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except SyntaxError as error:
        return error
    except (Refused, ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error) or type(error).__name__)
    return None


def _masked_line(line: str) -> str | None:
    """Returns a line of magic with a `0` of the same length in its place; None for a line of Python."""
    match = _MAGIC.fullmatch(line)
    if not match:
        return None
    if match["magic"]:
        return match["before"] + "0".ljust(len(match["magic"])) + match["end"]
    return match["before_value"] + "0".ljust(len(match["value"])) + match["end_value"]


def mask(source: str) -> tuple[str, SyntaxError | None]:
    r"""Puts a harmless expression of the same length in the place of each line that only IPython understands.

    A line is masked only where Python's parser stumbles over it: `% n` may as well go on with an expression.

    Returns:
      The masked source, and the error that is left if it still does not parse.

    Example:
    >>> mask("%matplotlib inline\nx = (1\n  % 2)\n")
    ('0                 \nx = (1\n  % 2)\n', None)
    """
    lines = split_lines(source)
    error = _syntax_error(source)
    if error is not None:
        _mask_statements(source, lines)
        error = _syntax_error("".join(lines))
    while error is not None:
        at = (error.lineno or 0) - 1
        if not 0 <= at < len(lines) or _masked_line(lines[at]) is None:
            break
        _mask_at(lines, at)
        error = _syntax_error("".join(lines))
    return "".join(lines), error


def _mask_statements(source: str, lines: list[str]) -> None:
    """Masks the lines of magic where a statement begins, at each of which the parser would stumble."""
    starts = list(accumulate(map(len, lines), initial=0))
    at = 0
    while at < len(lines):
        if _masked_line(lines[at]) is not None:
            at = _mask_at(lines, at)
        else:
            at = bisect.bisect_left(starts, _end_of_statement(source, starts[at]))


def _end_of_statement(source: str, start: int) -> int:
    """Returns where the line ends that a logical line ends with."""
    depth = 0
    for kind, text, offset in lex(source, start):
        if kind == "newline" and depth <= 0:
            return offset + len(text)
        if kind == "operator":
            depth += (text in "([{") - (text in ")]}")
    return len(source)


def _mask_at(lines: list[str], at: int) -> int:
    """Masks a line of magic with those that go on with it, and returns the number of the line behind them."""
    goes_on = lines[at].rstrip().endswith("\\")
    lines[at] = _masked_line(lines[at]) or lines[at]
    while goes_on and at + 1 < len(lines):
        at += 1
        goes_on = lines[at].rstrip().endswith("\\")
        body = lines[at].rstrip("\r\n")
        lines[at] = " " * len(body) + lines[at][len(body) :]
    return at + 1


# A script that such a line runs, and code that it brings in, sees every name of the notebook.
_SEES_ALL = re.compile(r"%run\b[^\r\n]*\s-\w*i|%(?:load|loadpy|edit)\b")
_WORD = re.compile(r"\w+")


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
        transparent = _TRANSPARENT.match(cell.source)
        if transparent:
            cell.skip = transparent.end()
        elif _CELL_MAGIC.match(cell.source):
            cell.skip = len(cell.source)
            return ""
        masked, error = mask(cell.source[cell.skip :])
        if error is not None:
            cell.problem = f"does not parse: {error.msg}"
            cell.problem_line = (error.lineno or 1) + cell.source.count("\n", 0, cell.skip)
        return masked

    def unread(self, cell: Cell) -> str:
        """Returns what of a cell is not read as Python: the lines of magic, or all of it."""
        if cell.problem is not None or cell.skip == len(cell.source):
            return cell.source
        lines = zip(split_lines(cell.source[cell.skip :]), split_lines(cell.masked))
        return cell.source[: cell.skip] + "".join(line for line, mask_ in lines if line != mask_)

    def unread_names(self) -> frozenset[str]:
        """Returns every word of what is not read, each of which may use a name; "*" where all names may be used."""
        found: set[str] = set()
        for cell in self.cells:
            text = self.unread(cell)
            found |= words(text)
            if _SEES_ALL.search(text):
                found.add("*")
        return frozenset(found)

    def leave(self, cell: Cell, reason: str, line: int) -> None:
        """Takes a cell out of the joined source, for a reason at a line of the cell."""
        cell.problem, cell.problem_line = reason, line
        self._join()

    def _join(self) -> None:
        """Makes one source of the cells that have no problem."""
        parts: list[str] = []
        length = 0
        self._own: list[Cell] = []
        for cell in self.cells:
            cell.start = length
            if cell.problem is None and cell.skip < len(cell.source):
                # A line of its own, also after a last line that ends with a newline, so that no place is two cells'.
                parts.append(cell.masked + "\n")
                length += len(cell.masked) + 1
                self._own.append(cell)
        self.joined = "".join(parts)
        self._starts = [cell.start for cell in self._own]
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
            # A new line between two cells goes on with the first of them, which may begin with a line like %%time.
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
            # A string goes with the first of its characters, and each new line is a string of its own.
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
        """Returns the edits that make a list of strings into another, by the strings that differ alone."""
        spans = [(start, end) for start, end in cell.strings if end - start > len('""')]
        old = [self.text[start:end] for start, end in spans]
        head, tail = _common_ends(old, new)
        gone, come = spans[head : len(old) - tail], new[head : len(new) - tail]
        if len(gone) == len(come):
            pairs = [(span, text) for span, text in zip(gone, come) if self.text[slice(*span)] != text]
            return [_shortest(self.text, start, end, text) for (start, end), text in pairs]
        if not come:
            # With the comma after them, or, of the last ones, before them.
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
    strings: list[list[str]] = []
    for unit in units:
        if unit.first or not strings:
            strings.append([])
        strings[-1].append(unit.text)
    return ['"' + "".join(parts) + '"' for parts in strings]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Returns how many elements are the same at the start, and how many of the others at the end."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    most -= head
    tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    return head, tail


def _shortest(text: str, start: int, end: int, new: str) -> Edit:
    """Returns the edit without the characters that are the same at both of its ends."""
    head, tail = _common_ends(text[start:end], new)
    return Edit(start + head, end - tail, new[head : len(new) - tail])


def split_lines(text: str) -> list[str]:
    r"""Returns the lines as Python and editors count them, with their ends; a form feed, for one, ends none.

    Example:
    >>> split_lines("a\fb\r\nc")
    ['a\x0cb\r\n', 'c']
    """
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def _line_starts(text: str) -> list[int]:
    """Returns where each line begins; behind a last line that ends with a newline, no other does."""
    starts = list(accumulate(map(len, split_lines(text)), initial=0))
    return starts[:-1] or [0]


def words(text: str) -> set[str]:
    """Returns everything in a text that may be a name."""
    return set(_WORD.findall(text))
