"""Pages from templates. Style, script and data are in the page, so that it is one file and needs no network."""

from __future__ import annotations

import functools
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compat_v1_init._version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: Any) -> str:
    """Returns a page.

    Args:
      template: its name.
      **values: what it shows; text is escaped.
    """
    # Who builds a page again sets this variable to get the same one.
    made = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()))
    date = time.strftime("%Y-%m-%d", made)
    page = _environment().get_template(template).render(version=__version__, date=date, **values)
    # File names may have bytes that are no text. These are shown as escapes.
    return page.encode("utf-8", "backslashreplace").decode()


def table_page(
    title: str,
    subtitle: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    facts: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    choose_by: Sequence[str] = (),
) -> str:
    """Returns a page with one table that can be searched, sorted and filtered.

    Args:
      title: what the page is about.
      subtitle: the file or program that the page describes.
      columns: their names.
      rows: the cells of each row.
      facts: numbers that are shown first, each with its name.
      notes: sentences below the table.
      choose_by: the columns by whose values the reader can filter.
    """
    rows = [list(row) for row in rows]
    choices = []
    for name in choose_by:
        index = columns.index(name)
        values = sorted({row[index] for row in rows})
        if len(values) > 1:
            choices.append({"index": index, "name": name, "values": values})
    return render(
        "table.html",
        title=title,
        subtitle=subtitle,
        columns=columns,
        rows=rows,
        facts=facts,
        notes=notes,
        choices=choices,
    )


def as_data(value: Any) -> str:
    r"""Returns a value as JSON that may stand in a script element, whatever is in it.

    Example:
    >>> as_data("</script>")
    '"\\u003c/script>"'
    """
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("compat_v1_init._output", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data"] = as_data
    environment.globals["colours"] = _colours
    return environment


_LIGHT = {"c": "#3d7b7b", "s": "#ba2121", "k": "#008000", "m": "#666666"}
_DARK = {"c": "#959077", "s": "#e6db74", "k": "#66d9ef", "m": "#ae81ff"}


def _colours() -> str:
    """Returns the style of highlighted source, for light and dark."""

    def style(colours: Mapping[str, str], prefix: str) -> str:
        return "\n".join(f"{prefix} .{name} {{ color: {colour} }}" for name, colour in colours.items())

    system_dark = style(_DARK, ":root:not([data-theme=light]) .code")
    dark = style(_DARK, ":root[data-theme=dark] .code")
    return f"{style(_LIGHT, '.code')}\n@media (prefers-color-scheme: dark) {{\n{system_dark}\n}}\n{dark}"
