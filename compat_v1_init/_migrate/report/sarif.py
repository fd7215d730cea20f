"""A run as a log in SARIF 2.1.0, for code scanning services."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from compat_v1_init._migrate.files.location import shown
from compat_v1_init._migrate.files.read_write import decode
from compat_v1_init._migrate.findings import Edit, Effect, Refused, apply
from compat_v1_init._migrate.outcomes import Outcome, Place, Problem, exit_code, problems_of
from compat_v1_init._migrate.rules import RULES
from compat_v1_init._migrate.rules.pages import as_text, section
from compat_v1_init._migrate.source.lexer import split_lines
from compat_v1_init._version import __version__

from .changed_lines import opcodes
from .fingerprints import with_fingerprints
from .schema import finding_as_json

if TYPE_CHECKING:
    from .summary import Report

# How many results of one file carry its fix. Each carries the fix of the whole file.
_MOST_FIXES = 20


def as_sarif(report: Report) -> dict[str, Any]:
    """Returns the run as a SARIF 2.1.0 log.

    Each fix changes the whole file, since the imports belong to all of its places. After one of them is applied, the
    file runs and the others have nothing left to do.
    """
    results = []
    fixed: dict[str, tuple[list[dict[str, Any]], int]] = {}
    for outcome, place, fingerprint in with_fingerprints(report.outcomes):
        result = _result(outcome, place, report)
        result["partialFingerprints"] = {"compatV1Init/v1": fingerprint}
        if place.finding.after is not None and outcome.status == "would change":
            fixes, count = fixed.get(outcome.path) or (_fixes(outcome), 0)
            fixed[outcome.path] = fixes, count + 1
            if fixes and count < _MOST_FIXES:
                result["fixes"] = fixes
        results.append(result)
    driver = {
        "name": "compat-v1-init", "version": __version__, "semanticVersion": __version__, "rules": _rules(report),
    }  # fmt: skip
    notes = [{"level": "note", "message": {"text": report.note}}] if report.note else []
    invocation = {
        "executionSuccessful": exit_code(report.outcomes) < 2,  # noqa: PLR2004 - 2 says that a file failed
        "exitCode": report.exit_code,
        "toolExecutionNotifications": [*notes, *(_notification(*each) for each in problems_of(report.outcomes))],
    }
    run = {
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "invocations": [invocation], "results": results,
    }  # fmt: skip
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rules(report: Report) -> list[dict[str, Any]]:
    known = {rule.code: rule for rule in RULES}
    found = []
    for code, title in report.titles.items():
        entry: dict[str, Any] = {"id": code, "name": title, "shortDescription": {"text": title}}
        if code in known:
            rule = known[code]
            entry["fullDescription"] = {"text": rule.summary}
            entry["help"] = {"text": as_text(rule), "markdown": section(rule).lstrip("\n")}
        entry["helpUri"] = help_uri(code, report.docs)
        found.append(entry)
    return found


def help_uri(code: str, docs: str | None) -> str:
    """Returns the address of a rule in the project's copy of the documentation; without one, a name for the rule.

    Example:
    >>> help_uri("CVI001", "https://docs.example.com/compat/")
    'https://docs.example.com/compat/rules.html#cvi001'
    >>> help_uri("CVI001", None)
    'urn:compat-v1-init:rule:CVI001'
    """
    return f"urn:compat-v1-init:rule:{code}" if docs is None else f"{docs.rstrip('/')}/rules.html#{code.lower()}"


def _uri(path: str) -> str:
    """Returns a path as a relative reference, or as a file URI where it is absolute."""
    path = shown(path)
    if os.path.isabs(path):  # noqa: PTH117 - it is a string, as is the result
        return Path(path).as_uri()
    return quote(os.fsencode(path))


def _result(outcome: Outcome, place: Place, report: Report) -> dict[str, Any]:
    finding = place.finding
    # SARIF knows only the file, in which the columns differ from those in the cell.
    region: dict[str, Any] = {"startLine": place.line_in_file}
    if place.cell is None:
        region.update(startColumn=finding.column, endLine=finding.end_line, endColumn=finding.end_column)
    region["snippet"] = {"text": finding.before}
    properties = finding_as_json(place, report)
    kept = ("effect", "before", "after", "cell", "line", "column", "proof")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": "warning" if finding.effect is Effect.NEEDS_YOU else "note",
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(outcome.path)}, "region": region}}],
        "properties": {key: properties[key] for key in kept},
    }
    if finding.code in report.titles:
        result["ruleIndex"] = list(report.titles).index(finding.code)
    return result


def _fixes(outcome: Outcome) -> list[dict[str, Any]]:
    """Returns the fix of a file, as lines that replace other lines; none if its text cannot be decoded."""
    try:
        before = decode(outcome.before).text
    except Refused:
        return []
    change = {"artifactLocation": {"uri": _uri(outcome.path)}, "replacements": replacements(before, outcome.edits)}
    return [{"description": {"text": "Moves all of this file, its imports too."}, "artifactChanges": [change]}]


def replacements(before: str, edits: Sequence[Edit]) -> list[dict[str, Any]]:
    r"""Returns SARIF's replacements that make the edits of a text, in whole lines.

    Example:
    >>> replacements("a\nb\n", [Edit(2, 3, "c")])[0]["insertedContent"]
    {'text': 'c\n'}
    """
    old, new = split_lines(before), split_lines(apply(before, tuple(edits)))
    found = []
    for tag, start, end, new_start, new_end in opcodes(before, edits, old, new):
        if tag == "equal":
            continue
        is_end = end == len(old) and end > 0 and old[-1][-1] not in "\r\n"
        region = {"startLine": start + 1, "startColumn": 1, "endLine": end + 1, "endColumn": 1}
        if is_end:
            region.update(endLine=len(old), endColumn=len(old[-1]) + 1)
            if start == end:
                region.update(startLine=len(old), startColumn=len(old[-1]) + 1)
        found.append({"deletedRegion": region, "insertedContent": {"text": "".join(new[new_start:new_end])}})
    return found


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
