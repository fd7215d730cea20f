"""A run as a page that a team reviews in a browser, and many runs on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from compat_v1_init._migrate.files.read_write import decode
from compat_v1_init._migrate.findings import Effect, Refused
from compat_v1_init._migrate.outcomes import Outcome, Problem
from compat_v1_init._migrate.rules import RULES
from compat_v1_init._migrate.source.lexer import NEWLINE
from compat_v1_init._migrate.source.notebooks import Notebook
from compat_v1_init._output.page import render
from compat_v1_init._output.source import Row, Sides

from .changed_lines import opcodes
from .schema import COUNTED, as_json, state_of
from .summary import Report, counts

# For each effect the name of its color in the style, and what a reader has to do.
_EFFECTS = {
    Effect.SAME: ("same", "Nothing but to look at it: migrate --write makes the change."),
    Effect.OTHER: (
        "other",
        "Decide whether the program may draw different numbers: migrate --write makes the change, --to shim keeps all.",
    ),
    Effect.NEEDS_YOU: (
        "needs",
        "Change it by hand, as the reason says; if it is to stay, a comment # compat-v1-init: ignore[...] hides it.",
    ),
    Effect.DEFAULT: ("default", "Nothing has to be done. migrate --defaults --write writes it out where it can."),
}


def as_html(report: Report) -> str:
    """Returns the page of one run, under the name of the folder that it ran in."""
    title = f"TensorFlow 1 initializers in {Path.cwd().name or '/'}"
    return _page(title, counts(report), [("", as_json(report), _Sources(report.outcomes))])


def rollup_as_html(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Returns one page over the JSON reports of several repositories, each with its name."""
    # The repository that needs most work comes first.
    states = ("failed", "to do", "green")
    reports = sorted(
        reports, key=lambda each: (states.index(state_of(each[1])), -each[1]["counts"]["needs_you"], each[0])
    )
    subtitle = f"{len(reports):,} repositories"
    return _page("TensorFlow 1 initializers", subtitle, [(name, report, None) for name, report in reports])


def _page(title: str, subtitle: str, reports: Sequence[tuple[str, Mapping[str, Any], _Sources | None]]) -> str:
    data = _Data()
    for name, report, sources in reports:
        data.add(name, report, sources)
    is_rollup = any(name for name, _, _ in reports)
    totals = [(effect, sum(finding["effect"] == effect.value for finding in data.findings)) for effect in Effect]
    facts = [("files", f"{sum(report['counts']['files'] for _, report, _ in reports):,}")]
    for name, key in (("failed", "failed"), ("in the baseline", "in_baseline"), ("proved", "proved")):
        count = sum(report["counts"].get(key, 0) for _, report, _ in reports)
        facts += [(name, f"{count:,}")] if count else []
    return render(
        "findings.html",
        title=title,
        subtitle=subtitle,
        notes=dict.fromkeys(report["note"] for _, report, _ in reports if report.get("note")),
        effects=[{"name": effect.value, "key": _EFFECTS[effect][0], "count": count} for effect, count in totals],
        facts=facts,
        problems=data.problems,
        repositories=[_repository(name, report) for name, report, _ in reports] if is_rollup else [],
        repository_columns=("repository", "state", "files", *(effect.value for effect in Effect), "failed"),
        data=data.as_object(),
    )


def _repository(name: str, report: Mapping[str, Any]) -> dict[str, Any]:
    numbers = report["counts"]
    return {"name": name, "cells": [state_of(report), *(f"{numbers.get(key, 0):,}" for key in COUNTED)]}


_TEXTS = ("code", "effect", "before", "after", "message", "proof")


def _shown(text: str | None) -> Any:
    """Returns a text without lone surrogates: a file name may have them, but a page must not."""
    return text if text is None else text.encode("utf-8", "backslashreplace").decode()


class _Data:
    """The data that the page's script shows."""

    def __init__(self) -> None:
        self.findings: list[dict[str, Any]] = []
        self.problems: list[dict[str, str]] = []
        self._files: list[dict[str, str]] = []
        self._hunks: list[Sequence[Row]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def add(self, repository: str, report: Mapping[str, Any], sources: _Sources | None) -> None:
        """Adds a report; without sources each finding shows only its own source."""
        for file in report["files"]:
            path = _shown(file["path"].replace("\\", "/"))
            number = len(self._files)
            self._files.append({"path": path, "repository": repository})
            for each in [*filter(None, [file["failure"]]), *file["skipped_cells"]]:
                problem = Problem(each["reason"], each["line"], each["cell"])
                where = f"{repository}: {path}" if repository else path
                self.problems.append({"place": where + problem.position, "reason": problem.reason})
            for finding in file["findings"]:
                key, rows = sources.around(file["path"], finding) if sources else _alone(finding)
                hunk = self._numbers.setdefault((number, *key), len(self._hunks))
                if hunk == len(self._hunks):
                    self._hunks.append(rows)
                cell = "" if finding["cell"] is None else f"cell {finding['cell']}:"
                place = f"{cell}{finding['line']}:{finding['column']}"
                texts = {name: _shown(finding[name]) for name in _TEXTS}
                self.findings.append({**texts, "file": number, "place": place, "hunk": hunk})

    def as_object(self) -> dict[str, Any]:
        used = {finding["code"] for finding in self.findings}
        return {
            "findings": self.findings,
            "files": self._files,
            "hunks": self._hunks,
            "rules": {rule.code: {"title": rule.title, "summary": rule.summary} for rule in RULES if rule.code in used},
            "colours": {effect.value: colour for effect, (colour, _) in _EFFECTS.items()},
            "advice": {effect.value: advice for effect, (_, advice) in _EFFECTS.items()},
        }


class _Sources:
    """The texts of the files of a run, from which the lines around a finding are cut."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._outcomes = {outcome.path: outcome for outcome in outcomes}
        self._path = ""
        self._sides: dict[int | None, Sides] = {}

    def around(self, path: str, finding: Mapping[str, Any]) -> tuple[tuple[Any, ...], Sequence[Row]]:
        """Returns a key that no other hunk of the file has, and the hunk with a finding."""
        if path != self._path:
            self._path, self._sides = path, _sides(self._outcomes[path])
        cell = finding["cell"]
        if cell not in self._sides:
            return _alone(finding)
        lines, rows = self._sides[cell].around(finding["line"], finding["end_line"])
        return (cell, *lines), rows


def _alone(finding: Mapping[str, Any]) -> tuple[tuple[Any, ...], Sequence[Row]]:
    """Returns a key that no other finding of the file has, and the finding's own source, numbered from its line."""
    before, after = finding["before"], finding["after"]
    rows = Sides(before, None if after == before else after).around(1, before.count("\n") + 1)[1]
    first = finding["line"] - 1
    moved = [[n + first if isinstance(n, int) else n for n in row] for row in rows]
    return (finding["cell"], finding["line"], finding["column"]), moved


def _sides(outcome: Outcome) -> dict[int | None, Sides]:
    """Returns both texts of a file, or of each cell of a notebook; nothing if they cannot be read."""
    try:
        before = decode(outcome.before).text
        after = None if outcome.after is None else decode(outcome.after).text
        if not outcome.path.endswith(".ipynb"):
            old, new = NEWLINE.split(before), NEWLINE.split(before if after is None else after)
            changes = opcodes(before, outcome.edits, old, new)
            return {None: Sides(before, after, changes)}
        cells = {cell.number: cell.source for cell in Notebook(before).cells}
        later = cells if after is None else {cell.number: cell.source for cell in Notebook(after).cells}
    except Refused:
        return {}
    return {
        number: Sides(source, later.get(number) if later.get(number) != source else None)
        for number, source in cells.items()
        if any(place.cell == number for place in outcome.places)
    }
