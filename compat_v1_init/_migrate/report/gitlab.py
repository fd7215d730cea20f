"""A run as a Code Quality report, for GitLab's merge requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat_v1_init._migrate.files.location import shown

from .fingerprints import fingerprint, level, with_fingerprints

if TYPE_CHECKING:
    from compat_v1_init._migrate.outcomes import Outcome, Problem

    from .summary import Report

_SEVERITIES = {"warning": "major", "note": "info"}


def as_code_quality(report: Report) -> list[dict[str, Any]]:
    """Returns the issues of a Code Quality report."""
    found = [
        {
            "description": f"{place.finding.effect.value}: {place.finding.message}",
            "check_name": place.finding.code,
            "fingerprint": fingerprint_,
            "severity": _SEVERITIES[level(outcome, place)],
            "location": {
                "path": shown(outcome.path),
                "lines": {
                    "begin": place.line_in_file,
                    "end": place.line_in_file if place.cell else place.finding.end_line,
                },
            },
        }
        for outcome, place, fingerprint_ in with_fingerprints(report.outcomes)
    ]
    found += [_problem(outcome, problem) for outcome in report.outcomes for problem in outcome.problems]
    return found


def _problem(outcome: Outcome, problem: Problem) -> dict[str, Any]:
    path = shown(outcome.path)
    is_failure = problem is outcome.failure
    return {
        "description": ("" if is_failure else f"cell {problem.cell}: ") + problem.reason,
        "check_name": "failed" if is_failure else "cell-left-alone",
        "fingerprint": fingerprint(path, str(problem.cell), problem.reason),
        "severity": "blocker" if is_failure else "major",
        "location": {"path": path, "lines": {"begin": problem.line if problem.line and not problem.cell else 1}},
    }
