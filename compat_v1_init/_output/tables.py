"""Tables for notebooks, as `_repr_html_` returns them, and the same as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

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


def initializer_html(initializer: Any) -> str:
    """Returns an initializer's arguments as a table with the picture of its density: its `_repr_html_`."""
    config = initializer.get_config()
    parts = config.pop("parts", None)
    if parts is not None:
        config["parts"] = len(parts)
    texts = {name: repr(value) for name, value in config.items() if name != "values"}
    if "values" in config:  # A constant's, which may be many.
        texts = {"values": initializer.shown(), **texts}
    rows = [[name, text] for name, text in texts.items()]
    return table(
        [type(initializer).__name__, _density_name(initializer)], [*rows, ["density", picture(_kind(initializer))]]
    )


def _kind(initializer: Any) -> str:
    """Returns the distribution of an initializer, by the names of `density`."""
    uniform = getattr(initializer, "uniform", None)
    if uniform is not None:
        return "uniform" if uniform else "truncated_normal"
    kind = getattr(initializer, "distribution", "uniform")  # Unit scaling has no choice.
    return "truncated_normal" if kind == "normal" else str(kind)


def _density_name(initializer: Any) -> str:
    return density.words(_kind(initializer))
