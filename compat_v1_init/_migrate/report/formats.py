"""The formats of a report: which one is wanted, and the module that writes it. Only that module is imported."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, TextIO

from .summary import Report, counts

if TYPE_CHECKING:
    import argparse


_MAKERS = {
    "github": ("github", "as_commands"),
    "gitlab": ("gitlab", "as_code_quality"),
    "html": ("html", "as_html"),
    "json": ("schema", "as_json"),
    "junit": ("junit", "as_junit"),
    "sarif": ("sarif", "as_sarif"),
}
"""For each format the module and its function, which returns a text, or an object for JSON."""


def print_as(report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    """Writes a report in the format of the command line; without one, in the usual format where the command runs."""
    is_plain = not (arguments.diff or arguments.output_file)
    usual = "github" if is_plain and os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    print_in(arguments.format or usual, report, arguments, stream)


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
        return
    module, function = _MAKERS[name]
    made = getattr(importlib.import_module(f".{module}", __package__), function)(report)
    # JSON is in ASCII, so that no encoding of the stream and no file name can make it fail.
    stream.write(made if isinstance(made, str) else json.dumps(made, indent=2) + "\n")
    if name == "github":
        stream.write(counts(report) + "\n")


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
