"""What a run has to say, for code scanning services: a log in SARIF 2.1.0."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from compat_v1_init._version import __version__

from .findings import Effect
from .outcomes import Outcome, Problem, Site, exit_code, sites_of
from .schema import finding_as_json

if TYPE_CHECKING:
    from .report import Report

_LEVELS = {Effect.SAME: "note", Effect.OTHER: "note", Effect.NEEDS_YOU: "warning"}


def as_sarif(report: Report) -> dict[str, Any]:
    """Returns the run as a SARIF 2.1.0 log.

    It has no `fixes`: those that a viewer applies one by one would leave out the imports that all of them share.
    """
    codes = list(report.titles)
    failures = [
        (outcome, problem)
        for outcome in report.outcomes
        for problem in (*([outcome.failure] if outcome.failure else []), *outcome.skipped)
    ]
    run = {
        "tool": {
            "driver": {
                "name": "compat-v1-init",
                "version": __version__,
                "rules": [{"id": code, "shortDescription": {"text": title}} for code, title in report.titles.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": exit_code(report.outcomes) < 2,  # noqa: PLR2004 - 2 says that a file failed
                "toolExecutionNotifications": [_notification(*failure) for failure in failures],
            }
        ],
        "results": [_result(outcome, site, report, codes) for outcome, site in sites_of(report.outcomes)],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _uri(path: str) -> str:
    """Returns a path as a relative reference, or as a file URI where it is absolute."""
    if os.path.isabs(path):  # noqa: PTH117 - a string, which Path would need not change
        return Path(path).as_uri()
    return quote(os.fsencode(path.replace(os.sep, "/")))


def _result(outcome: Outcome, site: Site, report: Report, codes: list[str]) -> dict[str, Any]:
    finding = site.finding
    artifact = {"uri": _uri(outcome.path)}
    region: dict[str, Any] = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "snippet": {"text": finding.before},
    }
    if site.cell is not None:
        # SARIF knows the file alone, whose columns are not those of the cell.
        region = {"startLine": site.file_line, "snippet": {"text": finding.before}}
    properties = finding_as_json(site, report)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.effect],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "properties": {
            key: properties[key] for key in ("effect", "before", "after", "cell", "line", "column", "proof")
        },
    }
    if finding.code in codes:
        result["ruleIndex"] = codes.index(finding.code)
    return result


def _notification(outcome: Outcome, problem: Problem) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(outcome.path)}}
    if problem.line is not None and problem.cell is None:
        location["region"] = {"startLine": problem.line}
    cell = f"cell {problem.cell}: " if problem.cell else ""
    return {
        "level": "error" if outcome.failure else "warning",
        "message": {"text": cell + problem.reason},
        "locations": [{"physicalLocation": location}],
    }
