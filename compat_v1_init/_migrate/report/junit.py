"""A run as a JUnit report: each finding is a test, which fails if there is something to do."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from compat_v1_init._migrate.files.location import shown
from compat_v1_init._migrate.outcomes import Outcome, Place, places_of, problems_of
from compat_v1_init._output.text import spelled

from .fingerprints import level

if TYPE_CHECKING:
    from .summary import Report


def as_junit(report: Report) -> str:
    """Returns the report as XML."""
    suites = ET.Element("testsuites", name="compat-v1-init")
    suite = ET.SubElement(suites, "testsuite", name="compat-v1-init migrate")
    for outcome, place in places_of(report.outcomes):
        _place(suite, report, outcome, place)
    for outcome, problem in problems_of(report.outcomes):
        case = _case(suite, outcome, problem.what.removeprefix("cell ") + problem.position)
        ET.SubElement(case, "error", message=_text(problem.reason))
    if report.note:
        ET.SubElement(suite, "system-out").text = _text(report.note)
    if not suite.findall("testcase"):
        ET.SubElement(suite, "testcase", classname="compat-v1-init", name="nothing to do")
    for holder in (suites, suite):
        for attribute, path in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            holder.set(attribute, str(len(suite.findall(f".//{path}"))))
    # Only a stream of bytes gets the XML declaration.
    raw = io.BytesIO()
    ET.ElementTree(suites).write(raw, "utf-8", xml_declaration=True)
    return raw.getvalue().decode() + "\n"


def _place(suite: ET.Element, report: Report, outcome: Outcome, place: Place) -> None:
    finding = place.finding
    case = _case(suite, outcome, f"{finding.code} at {place.position}", str(place.line_in_file))
    title = report.titles.get(finding.code, "")
    text = f"{finding.message}\n\n- {finding.before}\n" + (f"+ {finding.after}\n" if finding.after is not None else "")
    if level(outcome, place) == "warning":
        failure = ET.SubElement(case, "failure", message=_text(f"{title}: {finding.effect.value}"))
        failure.set("type", finding.code)
        failure.text = _text(text)
    else:
        ET.SubElement(case, "system-out").text = _text(f"{finding.effect.value}: {text}")


def _case(suite: ET.Element, outcome: Outcome, name: str, line: str | None = None) -> ET.Element:
    path = _text(shown(outcome.path))
    case = ET.SubElement(suite, "testcase", classname=path, name=_text(name), file=path)
    if line is not None:
        case.set("line", line)
    return case


def _text(text: str) -> str:
    """Returns text that XML can hold: without control characters and lone surrogates."""
    lines = "\n".join(map(spelled, text.splitlines()))
    return lines.encode("utf-8", "backslashreplace").decode().replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
