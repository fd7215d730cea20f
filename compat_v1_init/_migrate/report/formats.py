"""The formats of a report: which one is wanted, and the module that writes it. Only that module is imported."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, TextIO

from .summary import counts

if TYPE_CHECKING:
    import argparse

    from .summary import Report


def print_as(report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    """Writes a report in the format of the command line; without one, in the usual format where the command runs."""
    print_in(arguments.format or _usual(arguments), report, arguments, stream)


def add_step_summary(report: Report) -> None:
    """Adds a report to the page of the job, where GitHub Actions runs the command."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path and os.environ.get("GITHUB_ACTIONS") == "true":
        from .github import as_summary

        # The report is complete without it.
        with contextlib.suppress(OSError), open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - a string
            file.write(as_summary(report))


def print_in(name: str, report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    """Writes a report in a format."""
    if name == "text":
        _text(report, arguments, stream)
    elif name == "html":
        from .html import as_html

        stream.write(as_html(report))
    elif name == "junit":
        from .junit import as_junit

        stream.write(as_junit(report))
    elif name == "github":
        from .github import as_commands

        stream.write(as_commands(report))
        stream.write(counts(report) + "\n")
    else:
        # In ASCII, so that no encoding of the stream and no file name can make it fail.
        stream.write(json.dumps(_as_object(name, report), indent=2) + "\n")


def _usual(arguments: argparse.Namespace) -> str:
    is_plain = not (arguments.diff or arguments.output_file)
    return "github" if is_plain and os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _text(report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    from .terminal import print_report

    choices = {"every_place": arguments.verbose, "statistics": arguments.statistics}
    if arguments.diff:
        print_report(report, stream, with_diff=True, with_places=False, with_rest=False)
        if not arguments.quiet:
            print_report(report, sys.stderr, with_diff=False, **choices)
        return
    is_done = arguments.write or arguments.check or arguments.add_ignore
    with_diff = not (is_done or arguments.quiet or arguments.statistics)
    if not (arguments.quiet and report.exit_code == 0):
        print_report(report, stream, with_diff=with_diff, with_places=not arguments.quiet, **choices)


def _as_object(name: str, report: Report) -> object:
    if name == "json":
        from .schema import as_json

        return as_json(report)
    if name == "gitlab":
        from .gitlab import as_code_quality

        return as_code_quality(report)
    from .sarif import as_sarif

    return as_sarif(report)
