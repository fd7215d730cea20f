"""A run as annotations: the commands that GitHub Actions reads from standard output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from compat_v1_init._migrate.outcomes import Outcome, Problem, places_of
from compat_v1_init._text import visible

from .fingerprints import level, relative

if TYPE_CHECKING:
    from .summary import Report

_NAMES = {"warning": "warning", "note": "notice"}


def as_commands(report: Report) -> str:
    """Returns a line for each finding, each file that failed and each cell that is left alone."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for outcome, place in places_of(report.outcomes):
        finding = place.finding
        title = f"{finding.code} {report.titles.get(finding.code, '')} ({finding.effect.value})"
        properties = {"file": relative(outcome.path), "line": place.line_in_file, "title": title}
        if place.cell is None:
            properties.update(endLine=finding.end_line, col=finding.column)
            if finding.end_line == finding.line:  # GitHub refuses columns if there are several lines.
                properties.update(endColumn=finding.end_column)
        else:
            properties["title"] = f"{title}, cell {place.cell}"
        change = "" if finding.after in (None, finding.before) else f": {finding.before} -> {finding.after}"
        yield _command(_NAMES[level(outcome, place)], properties, finding.message + change)
    for outcome in report.outcomes:
        for problem in outcome.problems:
            yield _problem(outcome, problem)


def _problem(outcome: Outcome, problem: Problem) -> str:
    is_failure = problem is outcome.failure
    properties: dict[str, object] = {"file": relative(outcome.path)}
    if problem.line is not None and problem.cell is None:
        properties["line"] = problem.line
    properties["title"] = "failed" if is_failure else f"cell {problem.cell} left alone"
    return _command("error" if is_failure else "warning", properties, problem.reason)


def _command(name: str, properties: dict[str, object], message: str) -> str:
    given = ",".join(f"{key}={_escaped(str(value), ':', ',')}" for key, value in properties.items())
    return f"::{name} {given}::{_escaped(visible(message))}"


def _escaped(text: str, *more: str) -> str:
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text
