"""Tables for notebooks, as `_repr_html_` returns them, and the same as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from . import density

_CELL = 'style="text-align:left"'


class Picture(str):
    """HTML that goes into a table as it is."""

    __slots__ = ()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns an HTML table; all text is escaped, but pictures."""
    head = "".join(f"<th {_CELL}>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return f"<td {_CELL}>{text if isinstance(text, Picture) else escape(text)}</td>"


def items(lines: Iterable[str]) -> str:
    """Returns an HTML list; empty if there is nothing to list."""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{listed}</ul>" if listed else ""


def picture(distribution: str | None) -> Picture:
    """Returns the picture of a density for a cell of a table."""
    return Picture(density.svg(distribution or ""))


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Returns rows as lines whose columns are as wide as they must be."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def initializer_html(name: str, arguments: Mapping[str, str], distribution: str) -> str:
    """Returns an initializer's arguments as a table, with the picture of its density if it has one."""
    rows = [[*argument] for argument in arguments.items()]
    if density.words(distribution):
        rows.append(["density", picture(distribution)])
    return table([name, density.words(distribution)], rows)
