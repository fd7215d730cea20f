"""A run as annotations: the commands that GitHub Actions reads from standard output."""

from __future__ import annotations

from collections.abc import Iterator

from compat_v1_init._migrate.files.location import shown
from compat_v1_init._migrate.findings import Effect
from compat_v1_init._migrate.outcomes import Outcome, Place, places_of, problems_of
from compat_v1_init._output.text import visible

from .fingerprints import level
from .summary import Report, counts

_NAMES = {"warning": "warning", "note": "notice"}
_URGENT = [Effect.NEEDS_YOU, Effect.OTHER, Effect.SAME]
_MOST_ROWS = 50


def as_commands(report: Report) -> str:
    """Returns a line for each finding, each file that failed and each cell that is left alone."""
    return "".join(f"{line}\n" for line in _lines(report))


def _open(report: Report) -> list[tuple[Outcome, Place]]:
    """Returns the places that need something, the most urgent first."""
    found = [each for each in places_of(report.outcomes) if each[1].finding.effect.is_open]
    return sorted(found, key=lambda each: _URGENT.index(each[1].finding.effect))


def _lines(report: Report) -> Iterator[str]:
    if report.note:
        yield _command("notice", {"title": "graph seed"}, report.note)
    for outcome, problem in problems_of(report.outcomes):
        is_failure, path = problem.cell is None, shown(outcome.path)
        line = {"line": problem.line} if problem.line is not None and is_failure else {}
        title = "failed" if is_failure else f"cell {problem.cell} left alone"
        where = f"{path}{problem.position}: "
        properties = {"file": path, **line, "title": title}
        yield _command("error" if is_failure else "warning", properties, where + problem.reason)
    # GitHub shows the first ten of a kind, so nothing is said of what needs nothing.
    for outcome, place in _open(report):
        finding = place.finding
        title = f"{finding.code} {report.titles.get(finding.code, '')} ({finding.effect.value})"
        properties = {"file": shown(outcome.path), "line": place.line_in_file, "title": title}
        if place.cell is None:
            properties.update(endLine=finding.end_line, col=finding.column)
            if finding.end_line == finding.line:  # GitHub refuses columns if there are several lines.
                properties.update(endColumn=finding.end_column)
        else:
            properties["title"] = f"{title}, cell {place.cell}"
        change = "" if finding.after in (None, finding.before) else f": {finding.before} -> {finding.after}"
        where = f"{shown(outcome.path)}:{place.position}: "
        yield _command(_NAMES[level(outcome, place)], properties, where + finding.message + change)


def as_summary(report: Report) -> str:
    """Returns the run as Markdown, for the page of a job: the line of counts, and what is to do."""
    rows = [
        (shown(outcome.path) + problem.position, "", problem.what.removeprefix("cell "), problem.reason)
        for outcome, problem in problems_of(report.outcomes)
    ]
    rows += [
        (f"{shown(outcome.path)}:{each.position}", each.finding.code, each.finding.effect.value, each.finding.message)
        for outcome, each in _open(report)
    ]
    lines = ["### TensorFlow 1 initializers", "", counts(report), ""]
    if report.note:
        lines += [_cell(report.note), ""]
    if rows:
        lines += ["| place | rule | effect | why |", "|---|---|---|---|"]
        lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        lines += ["", f"... and {len(rows) - _MOST_ROWS:,} more"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return text.encode("utf-8", "backslashreplace").decode()


def _command(name: str, properties: dict[str, object], message: str) -> str:
    given = ",".join(f"{key}={_escaped(str(value), ':', ',')}" for key, value in properties.items())
    return f"::{name} {given}::{_escaped(visible(message))}"


def _escaped(text: str, *more: str) -> str:
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text
