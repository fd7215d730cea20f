"""`compat-v1-init inspect`: the variables of a TF1 graph file as a table, or as JSON."""

from __future__ import annotations

import argparse
import difflib
import errno
import json
import math
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from compat_v1_init._cli.quiet import import_tensorflow, silence
from compat_v1_init._cli.usage import UsageError
from compat_v1_init._output import density
from compat_v1_init._output.text import plural, visible
from compat_v1_init._version import __version__

if TYPE_CHECKING:
    from .mapping import MetaGraphInitializers
    from .partitioned import PartitionedInitializer, Pinned

SCHEMA = 1
"""It goes up if a field changes its meaning or is removed. A new field does not change it."""

_NOTE = """\
A normal distribution is shown with the standard deviation that TF1's op multiplies by, before truncation; a uniform
one with its bounds. Numbers are shown as their dtype holds them.
"""
_EPILOG = f"""\
{_NOTE}
exit codes:
  0  the file was read
  2  it could not be read, or the command line is wrong
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="MetaGraph (.meta), GraphDef (.pb, .pbtxt) or SavedModel folder")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="default: text")
    parser.add_argument("--names", metavar="PATTERN", help="only the variables with such names, as 'tower_0/*'")
    parser.add_argument("--tags", metavar="TAG,...", help="which graph of a SavedModel, where several have variables")


def run(arguments: argparse.Namespace) -> int:
    """Runs the command and returns the exit code.

    Raises:
      UsageError: if the file cannot be read, or TensorFlow is missing.
    """
    tags = None if arguments.tags is None else arguments.tags.split(",")
    initializers = _chosen(_read(arguments.file, tags), arguments.names)
    if arguments.format == "json":
        # In ASCII, so that no encoding of the stream and no name can make it fail.
        sys.stdout.write(json.dumps(as_json(arguments.file, initializers), indent=2, allow_nan=False) + "\n")
    elif arguments.format == "html":
        sys.stdout.write(as_html(arguments.file, initializers))
    else:
        _print(initializers)
    return 0


def _chosen(initializers: MetaGraphInitializers, pattern: str | None) -> MetaGraphInitializers:
    """Returns the variables whose names have a pattern.

    Raises:
      UsageError: if there are none.
    """
    if pattern is None:
        return initializers
    drawn = {name: each for name, each in initializers.items() if fnmatchcase(name, pattern)}
    left_out = {name: why for name, why in initializers.left_out.items() if fnmatchcase(name, pattern)}
    if not drawn and not left_out:
        near = difflib.get_close_matches(pattern, [*initializers, *initializers.left_out], n=1)
        msg = f"No variable has a name like {pattern!r}." + (f" Did you mean {near[0]!r}?" if near else "")
        raise UsageError(visible(msg))
    return type(initializers)(initializers.kind, drawn, left_out, initializers.parts)


def _read(path: str, tags: Sequence[str] | None) -> MetaGraphInitializers:
    if not os.path.exists(path):  # noqa: PTH110 - a path of bytes that are no text is one too
        raise UsageError(visible(f"{path} cannot be read: {os.strerror(errno.ENOENT)}"))
    if sys.stderr.isatty():
        sys.stderr.write("Importing TensorFlow, which reads the file ...\n")
    try:
        import_tensorflow()
    except ImportError as error:
        msg = f"inspect reads files by TensorFlow's own classes: {error}"
        raise UsageError(msg) from None
    from .mapping import from_meta_graph

    try:
        with silence():  # Older protobuf prints to standard error what is wrong in a damaged file.
            return from_meta_graph(path, tags=tags)
    except ValueError as error:
        raise UsageError(visible(str(error))) from None
    except OSError as error:
        raise UsageError(visible(f"{path} cannot be read: {error.strerror or error}")) from None


# --- Text ------------------------------------------------------------------------------------------------------------


def _print(initializers: MetaGraphInitializers) -> None:
    from .first_value import ROW

    rows = [_row(name, initializer) for name, initializer in initializers.items()]
    if rows:
        _print_table([*ROW[:-1], *(["density"] if density.line("uniform") else []), ROW[-1]], rows)
    if rows and initializers.left_out:
        sys.stdout.write("\n")
    if initializers.left_out:
        _print_table(["left out", "why"], [list(row) for row in initializers.left_out.items()])
    count = plural(len(initializers) + len(initializers.left_out), "variable")
    told = ", ".join(f"{number} {what}" for what, number in _counts(initializers).items())
    sys.stdout.write(f"\n{initializers.kind}: {count}; {told}.\n")


def _counts(initializers: MetaGraphInitializers) -> dict[str, int]:
    constants = sum(each.distribution == "constant" for each in initializers.values())
    drawn = len(initializers) - constants
    return {"drawn": drawn, "constant": constants, "left out": len(initializers.left_out)}


def _row(name: str, initializer: Pinned | PartitionedInitializer) -> list[str]:
    drawn = density.line(initializer.distribution or "") if density.line("uniform") else None
    *cells, seeds = initializer.row(name)
    return [*cells, *([] if drawn is None else [drawn]), seeds]


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = [[visible(cell) for cell in row] for row in rows]
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        # Each row is one line, however long.
        console.width = sum(max(map(len, cells)) + 2 for cells in zip(columns, *rows))
    if console.is_terminal and console.width < sum(max(map(len, cells)) + 2 for cells in zip(columns, *rows)):
        _print_stacked(columns, rows, console.width)
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    with console.capture() as captured:
        console.print(table)
    # Rich adds spaces up to the width of the table.
    sys.stdout.writelines(line.rstrip() + "\n" for line in captured.get().splitlines())


def _print_stacked(columns: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> None:
    """Prints each row as lines of its own, for a terminal that is too narrow for the table."""
    indent = max(map(len, columns)) + 4
    for first, *cells in rows:
        sys.stdout.write(f"{first}\n")
        for column, cell in zip(columns[1:], cells):
            lines = textwrap.wrap(cell, max(width - indent, 20)) if cell else ()
            for head, line in zip([f"  {column}", *[""] * len(lines)], lines):
                sys.stdout.write(f"{head:<{indent}}{line}\n")


# --- HTML ------------------------------------------------------------------------------------------------------------


def as_html(path: str, initializers: MetaGraphInitializers) -> str:
    """Returns the variables of a file as a page, in the style of the other commands' pages."""
    from compat_v1_init._output.page import table_page

    from .first_value import ROW

    rows = [initializer.row(name) for name, initializer in initializers.items()]
    rows += [[name, "", "", "left out", reason, ""] for name, reason in initializers.left_out.items()]
    return table_page(
        "Initial values of a TensorFlow 1 graph",
        f"{path}: {initializers.kind}",
        ROW,
        rows,
        facts=[(what, f"{number:,}") for what, number in _counts(initializers).items()],
        notes=[_NOTE],
        choose_by=("distribution", "dtype"),
    )


# --- JSON ------------------------------------------------------------------------------------------------------------


def as_json(path: str, initializers: MetaGraphInitializers) -> dict[str, Any]:
    """Returns the variables of a file as an object for JSON; docs/meta_graphs.md describes it."""
    return {
        "schema": SCHEMA,
        "tool": "compat-v1-init",
        "version": __version__,
        "file": path,
        "kind": initializers.kind,
        "variables": [_variable(name, each, initializers.parts.get(name)) for name, each in initializers.items()],
        "left_out": [{"name": name, "reason": reason} for name, reason in initializers.left_out.items()],
    }


def _variable(name: str, initializer: Any, parts: Sequence[str] | None) -> dict[str, Any]:
    return {
        "name": name,
        "shape": None if initializer.shape is None else list(initializer.shape),
        "dtype": initializer.dtype.name,
        "distribution": initializer.distribution,
        **{key: _number(getattr(initializer, key)) for key in ("mean", "stddev", "minval", "maxval")},
        "gain": _number(getattr(initializer, "gain", None)),
        "value": _number(getattr(initializer, "value", None)),
        "seeds": None if parts or initializer.seeds is None else list(initializer.seeds),
        "scaling": _scaling(initializer),
        "axis": initializer.axis if parts else None,
        "parts": list(parts) if parts else None,
    }


def _scaling(initializer: Any) -> list[list[float | str | None]] | None:
    scaling = getattr(initializer, "scaling", None)
    return None if scaling is None else [[_number(number) for number in step] for step in scaling]


def _number(value: float | None) -> float | str | None:
    """Returns a number for JSON; as text, if it is not finite."""
    return value if value is None or math.isfinite(value) else str(value)
