"""A run as JSON for programs, in this package's own schema."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from compat_v1_init._migrate.findings import Effect
from compat_v1_init._migrate.outcomes import Place, places_of
from compat_v1_init._version import __version__

from .summary import Report, is_proved

SCHEMA = 1
"""It goes up if a field changes its meaning or is removed. A new field does not change it."""


_KEYS = {
    Effect.SAME: "same_numbers",
    Effect.OTHER: "other_numbers",
    Effect.NEEDS_YOU: "needs_you",
    Effect.DEFAULT: "by_default",
}


COUNTED = ("files", *_KEYS.values(), "failed")
"""The counts of each repository, where there are several."""


def as_json(report: Report) -> dict[str, Any]:
    """Returns the run as an object for JSON; docs/migrate.md describes it."""
    outcomes = report.outcomes
    places = [place for _, place in places_of(outcomes)]
    statuses = [outcome.status for outcome in outcomes]
    return {
        "schema": SCHEMA,
        "tool": "compat-v1-init",
        "version": __version__,
        "to": report.to,
        "exit_code": report.exit_code,
        "note": report.note,
        "counts": {
            "files": report.looked_at,
            **{status.replace(" ", "_"): statuses.count(status) for status in ("would change", "changed", "failed")},
            "sites": len(places),
            **{key: sum(place.finding.effect is effect for place in places) for effect, key in _KEYS.items()},
            "proved": sum(is_proved(place.verdict) for place in places),
            "in_baseline": sum(outcome.in_baseline for outcome in outcomes),
            "gone_from_baseline": report.gone,
        },
        "files": [
            {
                "path": outcome.path,
                "status": outcome.status,
                "failure": dataclasses.asdict(outcome.failure) if outcome.failure else None,
                "skipped_cells": list(map(dataclasses.asdict, outcome.skipped)),
                "findings": [finding_as_json(place, report) for place in outcome.places],
            }
            for outcome in outcomes
        ],
    }


def finding_as_json(place: Place, report: Report) -> dict[str, Any]:
    """Returns a place as an object for JSON."""
    finding = place.finding
    return {
        "code": finding.code,
        "title": report.titles.get(finding.code, ""),
        "cell": place.cell,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "file_line": place.line_in_file,
        "before": finding.before,
        "after": finding.after,
        "effect": finding.effect.value,
        "message": finding.message,
        "proof": place.verdict if report.proved else None,
    }


def state_of(report: Mapping[str, Any]) -> str:
    """Returns "failed", "to do" or "green" for the report of one repository, whatever its command exited with."""
    counts, files = report["counts"], report["files"]
    if report["exit_code"] > 1 or counts.get("failed"):
        return "failed"
    is_open = counts.get("would_change") or counts.get("needs_you") or any(file["skipped_cells"] for file in files)
    return "to do" if is_open or report["exit_code"] else "green"
