"""`compat-v1-init report`: the JSON reports of `migrate` for many repositories, put together."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from compat_v1_init._usage import UsageError

from .report.schema import SCHEMA

if TYPE_CHECKING:
    import argparse


_EPILOG = """\
Each FILE is what `compat-v1-init migrate --format json` wrote about one repository. Its name is that before the =, else
that of the file, without .json.

exit codes:
  0  the reports were read, whatever they say
  2  one of them could not be, or the command line is wrong
"""
_COLUMNS = {
    "files": "files",
    "same_numbers": "same numbers",
    "other_numbers": "other numbers",
    "needs_you": "needs you",
    "by_default": "by default",
    "failed": "failed",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    import argparse

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("reports", nargs="+", metavar="[NAME=]FILE", help="the JSON report of one repository")
    parser.add_argument("--format", choices=("text", "html", "json"), default="text", help="default: text")
    parser.add_argument("--output-file", metavar="FILE", help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    """Runs the command and returns the exit code.

    Raises:
      UsageError: if a report cannot be read, or two have one name.
    """
    reports = [_read(given) for given in arguments.reports]
    for name, count in Counter(name for name, _ in reports).items():
        if count > 1:
            msg = f"{count} reports are named {name!r}; give each a name: NAME=FILE"
            raise UsageError(msg)
    with output(arguments.output_file, sys.stdout) as stream:
        stream.write(_FORMATS[arguments.format](reports))
    return 0


@contextlib.contextmanager
def output(path: str | None, stream: TextIO) -> Iterator[TextIO]:
    """Opens a file to write to; without a name it is the given stream."""
    if path is None:
        yield stream
        return
    Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        yield file


def _read(given: str) -> tuple[str, dict[str, Any]]:
    name, _, path = given.rpartition("=")
    try:
        report = json.loads(Path(path).read_bytes())
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
        raise UsageError(msg) from None
    except ValueError:
        report = None
    is_report = isinstance(report, dict) and report.get("tool") == "compat-v1-init" and "files" in report
    if not is_report or report["schema"] != SCHEMA:
        msg = f"{path} is no report of compat-v1-init migrate --format json"
        raise UsageError(msg)
    return name or Path(path).name.rpartition(".json")[0] or Path(path).name, report


def _as_text(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    rows = [_row(name, report["counts"]) for name, report in reports]
    rows.append(_row("all", _total(report["counts"] for _, report in reports)))
    table = [("repository", *_COLUMNS.values()), *rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = (
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))])
        for row in table
    )
    return "".join(f"{line}\n" for line in lines)


def _row(name: str, numbers: Mapping[str, int]) -> tuple[str, ...]:
    return (name, *(f"{numbers.get(key, 0):,}" for key in _COLUMNS))


def _total(several: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for numbers in several:
        total.update(numbers)
    return total


def _as_json(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    from compat_v1_init._version import __version__

    found = {
        "schema": SCHEMA,
        "tool": "compat-v1-init",
        "version": __version__,
        "counts": _total(report["counts"] for _, report in reports),
        "repositories": [
            {"name": name, "to": report["to"], "exit_code": report["exit_code"], "counts": report["counts"]}
            for name, report in reports
        ],
    }
    return json.dumps(found, indent=2) + "\n"


def _as_html(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    from .report.html import rollup_as_html

    return rollup_as_html(reports)


_FORMATS = {"text": _as_text, "json": _as_json, "html": _as_html}
