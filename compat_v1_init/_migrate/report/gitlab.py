"""A run as a Code Quality report, for GitLab's merge requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat_v1_init._migrate.files.location import shown
from compat_v1_init._migrate.outcomes import problems_of

from .fingerprints import fingerprint, level, with_fingerprints

if TYPE_CHECKING:
    from .summary import Report

_SEVERITIES = {"warning": "major", "note": "info"}


def as_code_quality(report: Report) -> list[dict[str, Any]]:
    """Returns the issues of a Code Quality report."""
    found = []
    for outcome, place, mark in with_fingerprints(report.outcomes):
        finding, line = place.finding, place.line_in_file
        severity, text = _SEVERITIES[level(outcome, place)], f"{finding.effect.value}: {finding.message}"
        lines = {"begin": line, "end": line if place.cell else finding.end_line}
        found.append(_issue(shown(outcome.path), finding.code, severity, text, mark, lines))
    for outcome, problem in problems_of(report.outcomes):
        path, mark = shown(outcome.path), fingerprint(shown(outcome.path), str(problem.cell), problem.reason)
        severity, cell = ("major", f"cell {problem.cell}: ") if problem.cell else ("blocker", "")
        lines = {"begin": problem.line if problem.line and not problem.cell else 1}
        found.append(_issue(path, problem.what.replace(" ", "-"), severity, cell + problem.reason, mark, lines))
    return found


def _issue(path: str, name: str, severity: str, text: str, mark: str, lines: dict[str, int]) -> dict[str, Any]:
    location = {"path": path, "lines": lines}
    return {
        "description": text, "check_name": name, "fingerprint": mark, "severity": severity, "location": location,
    }  # fmt: skip
