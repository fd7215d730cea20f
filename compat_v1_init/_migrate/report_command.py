"""`compat-v1-init report`: the JSON reports of `migrate` for many repositories, put together."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from compat_v1_init._cli.usage import UsageError

from .files.read_write import reason_of
from .report.schema import COUNTED, SCHEMA, state_of

if TYPE_CHECKING:
    import argparse


_EPILOG = """\
Each FILE is what `compat-v1-init migrate --format json` wrote about one repository. Its name is that before the =, else
that of the file, without .json.

exit codes:
  0  the reports were read, whatever they say
  2  one of them could not be, or the command line is wrong
"""
_FINDING = {"code", "cell", "line", "column", "end_line", "before", "after", "effect", "message", "proof"}
_COLUMNS = ("files", "same numbers", "different numbers", "needs you", "by default", "failed")


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
            raise UsageError(f"{count} reports are named {name!r}; give each a name: NAME=FILE")
    if arguments.format == "html":
        from .report.html import rollup_as_html as made
    else:
        made = _as_text if arguments.format == "text" else _as_json
    with output(arguments.output_file, sys.stdout) as stream:
        stream.write(made(reports))
    return 0


@contextlib.contextmanager
def output(path: str | None, stream: TextIO) -> Iterator[TextIO]:
    """Opens a file to write to; without a name it is the given stream.

    Raises:
      UsageError: if the file cannot be written.
    """
    if path is None:
        yield stream
        return
    try:
        Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
        file = Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115 - see below
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {reason_of(error)}") from None
    with file:
        yield file


def _read(given: str) -> tuple[str, dict[str, Any]]:
    name, _, path = given.partition("=")
    # A folder may have the sign in its name, as in runs/lr=0.1/a.json.
    if not path or "/" in name or os.sep in name or Path(given).exists():
        name, path = "", given
    try:
        report = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {reason_of(error)}") from None
    except ValueError:
        report = None
    if not _is_report(report):
        raise UsageError(f"{path} is no report of compat-v1-init migrate --format json")
    return name or Path(path).name.rpartition(".json")[0] or Path(path).name, report


def _is_report(report: Any) -> bool:
    if not isinstance(report, dict) or report.get("tool") != "compat-v1-init" or report.get("schema") != SCHEMA:
        return False
    counts, files = report.get("counts"), report.get("files")
    if not isinstance(counts, dict) or not isinstance(files, list):
        return False
    numbers = [report.get("exit_code"), *(counts.get(key) for key in ("files", "same_numbers", "needs_you"))]
    return all(isinstance(number, int) for number in numbers) and all(map(_is_file, files))


def _is_file(file: Any) -> bool:
    if not isinstance(file, dict) or not file.keys() >= {"path", "failure", "skipped_cells", "findings"}:
        return False
    return all(isinstance(each, dict) and each.keys() >= _FINDING for each in file["findings"])


def _as_text(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    rows = [(name, state_of(report), report["counts"]) for name, report in reports]
    table: list[tuple[str, ...]] = [("repository", "state", *_COLUMNS)]
    for name, state, numbers in [*rows, ("all", "", _total(reports))]:
        table.append((name, state, *(f"{numbers.get(key, 0):,}" for key in COUNTED)))
    widths = [max(map(len, column)) for column in zip(*table)]
    sides = (str.ljust, str.ljust, *[str.rjust] * len(_COLUMNS))
    lines = ("  ".join(side(cell, width) for side, cell, width in zip(sides, row, widths)) for row in table)
    return "".join(f"{line}\n" for line in lines)


def _total(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for _, report in reports:
        total.update(report["counts"])
    return total


def _as_json(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    from compat_v1_init._version import __version__

    found = {
        "schema": SCHEMA,
        "tool": "compat-v1-init",
        "version": __version__,
        "counts": _total(reports),
        "repositories": [
            {"name": name, "to": report.get("to"), "state": state_of(report)}
            | {key: report[key] for key in ("exit_code", "counts")}
            for name, report in reports
        ],
    }
    return json.dumps(found, indent=2) + "\n"
