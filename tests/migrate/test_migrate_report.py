"""What a run says, to people, to programs and to code scanning services."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from migrating import changed
from reports import CHANGE, EVERY, FAILED, FOR_YOU, NOTEBOOK, NOTHING, SKIPPED, WRITTEN, place, report_of
from running import ROOT

from compat_v1_init._migrate.findings import Edit, Effect, Finding
from compat_v1_init._migrate.outcomes import Outcome, Place, Problem, exit_code
from compat_v1_init._migrate.report.diff import unified
from compat_v1_init._migrate.report.sarif import as_sarif
from compat_v1_init._migrate.report.schema import as_json
from compat_v1_init._migrate.report.summary import Report, counts
from compat_v1_init._migrate.report.terminal import MOST_ROWS, print_report
from compat_v1_init._output.text import visible


@pytest.mark.parametrize(
    ("outcomes", "code", "line"),
    [
        pytest.param([], 0, "0 files: nothing to do.", id="no file"),
        pytest.param([NOTHING], 0, "1 file: nothing to do.", id="nothing"),
        pytest.param([CHANGE], 1, "1 file: 1 would change (1 place: 1 same numbers).", id="would change"),
        pytest.param(
            [WRITTEN, NOTHING],
            0,
            "2 files: 1 changed (2 places: 1 same numbers, 1 same distribution, different numbers).",
            id="changed",
        ),
        pytest.param([FOR_YOU], 1, "1 file: 1 place needs you.", id="needs you"),
        pytest.param([SKIPPED], 1, "1 file: 1 cell left alone.", id="cell left alone"),
        pytest.param([FAILED], 2, "1 file: 1 failed.", id="failed"),
        pytest.param([WRITTEN, FOR_YOU], 1, None, id="written, but some is left"),
        pytest.param([WRITTEN, FAILED, CHANGE], 2, None, id="the worst counts"),
    ],
)
def test_exit_code_and_counts(outcomes: list[Outcome], code: int, line: str | None) -> None:
    assert exit_code(outcomes) == code
    if line is not None:
        assert counts(report_of(*outcomes)) == line


# --- The diff --------------------------------------------------------------------------------------------------------

DIFFS = [
    pytest.param("a.py", b"a\nb\n", b"a\nc\n", id="plain"),
    pytest.param("a.py", b"a\r\nb\r\n", b"a\r\nnew\r\nb\r\n", id="CRLF"),
    pytest.param("a.py", b"a\rb\x0cc\nd\n", b"a\rb\x0cz\nd\n", id="odd newlines"),
    pytest.param("a.py", b"a\nb", b"a\nc", id="no last newline"),
    pytest.param("a.py", b"a\nb", b"a\nb\n", id="a last newline more"),
    pytest.param("a.py", b"a\nb\n", b"a\nb", id="a last newline less"),
    pytest.param("a.py", b"\xe9\nb\n", b"\xe9\nc\xff\n", id="latin-1"),
    pytest.param("a.py", b"", b"a\n", id="from nothing"),
    pytest.param("with space.py", b"a\n", b"b\n", id="a space in the name"),
    pytest.param('q"uo\\te\t.py', b"a\n", b"b\n", id="a quote in the name"),
    pytest.param("é.py", b"a\n", b"b\n", id="a letter in the name"),
    pytest.param("a/b/c.py", b"a\n" * 50 + b"b\n", b"z\n" + b"a\n" * 50 + b"c\n", id="two hunks"),
]


@pytest.mark.parametrize(("name", "before", "after"), DIFFS)
def test_git_applies_the_diff(tmp_path: Path, name: str, before: bytes, after: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before)
    patch = b"".join(unified(name, before, after, changed(name, before, after).edits))
    git = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    done = subprocess.run(git, input=patch, cwd=tmp_path, capture_output=True, check=False)
    assert done.stderr == b""
    assert path.read_bytes() == after


def test_git_applies_the_diff_of_any_path_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An absolute path, one out of the current folder, and one with detours; from the folder that the docs name."""
    here = tmp_path / "repository" / "deep"
    here.mkdir(parents=True)
    top = here.parent
    subprocess.run(["git", "init", "-q", str(top)], check=True)  # noqa: S607
    monkeypatch.chdir(here)
    for given, folder in ((str(here / "a.py"), here), ("x/../a.py", here), ("../a.py", top), (str(top / "a.py"), top)):
        (here / "a.py").write_bytes(b"a\n")
        (top / "a.py").write_bytes(b"a\n")
        patch = b"".join(unified(given, b"a\n", b"b\n", [Edit(0, 1, "b")]))
        git = ["git", "apply", "-"]
        done = subprocess.run(git, input=patch, cwd=folder, capture_output=True, check=False)
        assert done.stderr == b""
        assert [(here / "a.py").read_bytes(), (top / "a.py").read_bytes()].count(b"b\n") == 1
        assert (folder / "a.py").read_bytes() == b"b\n"


def test_no_change_has_no_diff() -> None:
    assert unified("a.py", b"a\n", b"a\n", [Edit(0, 1, "a")]) == []


# --- Text ------------------------------------------------------------------------------------------------------------


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def _printed(report: Report, *, terminal: bool = False, with_diff: bool = False, every_place: bool = False) -> str:
    raw = io.BytesIO()
    stream = (_Terminal if terminal else io.TextIOWrapper)(raw, encoding="utf-8")
    print_report(report, stream, with_diff=with_diff, every_place=every_place)
    stream.flush()
    return raw.getvalue().decode("latin-1")


def test_text_outside_of_a_terminal() -> None:
    assert _printed(report_of(CHANGE, FOR_YOU, NOTEBOOK, SKIPPED, FAILED), with_diff=True).splitlines() == [
        "--- a/a.py",
        "+++ b/a.py",
        "@@ -1 +1 @@",
        "-old.name",
        "+new.name",
        "--- a/g.ipynb",
        "+++ b/g.ipynb",
        "@@ -1 +1 @@",
        "-1",
        "+2",
        "place               rule    effect        change",
        "a.py:1:5            CVI001  same numbers  old.name -> new.name",
        "c.py:7:5            CVI001  needs you     A sentence.",
        "g.ipynb:cell 3:2:5  CVI001  same numbers  old.name -> new.name",
        "",
        "cell left alone: d.ipynb:cell 2:3: does not parse",
        "failed: e.py:4: not valid utf-8",
        "5 files: 2 would change (2 places: 2 same numbers); 1 place needs you; 1 cell left alone; 1 failed.",
    ]


def test_the_diff_outside_of_a_terminal_has_the_files_bytes() -> None:
    outcome = changed("a.py", b"\xe9\r\n", b"\xe8\r\n")
    assert "-\xe9\r\n+\xe8\r\n" in _printed(report_of(outcome), with_diff=True)


@pytest.fixture
def _a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("_a_terminal")
def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(CHANGE, FOR_YOU)
    assert "\x1b" not in _printed(report, with_diff=True)
    assert "\x1b[31m-old.name" in _printed(report, terminal=True, with_diff=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in _printed(report, terminal=True, with_diff=True)


@pytest.mark.usefixtures("_a_terminal")
def test_a_file_cannot_speak_to_the_terminal() -> None:
    evil = Finding("CVI001", 1, 1, 1, 9, "x(\x1b]0;evil\x07)", "y", Effect.SAME, "m")
    outcome = changed("a\x1b[2J\n.py", b"\x1b[2Jold\n", b"\xe2\x80\xaenew\n", (Place(evil),))
    printed = _printed(report_of(outcome), terminal=True, with_diff=True).encode("latin-1").decode()
    assert "\x1b[2J" not in printed
    assert "\x1b]0" not in printed
    assert "\u202e" not in printed
    assert visible("\x1b[2J\u202e") == "\\x1b[2J\\u202e"


def _plain(printed: str) -> list[str]:
    return [re.sub("\x1b\\[[0-9;]*m", "", line).rstrip() for line in printed.splitlines()]


SENTENCE = "A sentence of many words, one of_them_much_longer_than_a_narrow_terminal_is_wide_so_it_stays_whole. " * 3


@pytest.mark.usefixtures("_a_terminal")
@pytest.mark.parametrize("proved", [False, True], ids=["plain", "proved"])
@pytest.mark.parametrize("width", [40, 57, 80, 99, 120, 200])
def test_a_terminal_loses_no_word(width: int, proved: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    deep = "a/very/long/path/to/some/module/of/a/large/repository/that/goes/on.py"
    long = "tf.initializers.variance_scaling(scale=2.0, mode='fan_avg', distribution='uniform', seed=1234567)"
    sites = (
        Place(
            Finding("CVI001", 1234, 56, 1234, 70, "x", "y", Effect.OTHER, SENTENCE), verdict=f"not proved: {SENTENCE}"
        ),
        Place(Finding("CVI002", 7, 5, 8, 9, long, long.replace("tf.", "compat_v1_init."), Effect.SAME, "m"), 123, 9),
        place(Effect.NEEDS_YOU),
    )
    report = report_of(changed(deep, b"1", b"2", sites), SKIPPED, FAILED, proved=proved)
    lines = _plain(_printed(report, terminal=True))
    assert lines[:2] == [deep, "  1234:56  CVI001  same distribution, different numbers"]
    words = " ".join(lines).split()
    for text in (SENTENCE, long, long.replace("tf.", "compat_v1_init."), "cell 123:7:5", counts(report)):
        assert f" {' '.join(text.split())} " in f" {' '.join(words)} "
    assert all(len(line) <= width or len(line.split()) == 1 for line in lines if line.startswith("    "))
    if proved:
        # With the place, and in the list of what is not proved.
        assert " ".join(words).count("not proved: A sentence") == 2


def test_markup_in_source_is_no_markup() -> None:
    finding = Finding("CVI001", 1, 1, 1, 9, "x[bold]", "y[/bold] :smile:", Effect.SAME, "m")
    assert "x[bold] -> y[/bold] :smile:" in _printed(report_of(Outcome("a.py", places=(Place(finding),))))


def test_many_findings_fit_a_screen() -> None:
    sites = tuple(place(line=line) for line in range(1, 200))
    for_you = tuple(place(Effect.NEEDS_YOU, line) for line in range(1, 100))
    failed = [Outcome(f"f{i}.py", failure=Problem("broken")) for i in range(100)]
    lines = _printed(report_of(changed("a.py", b"1", b"2", (*sites, *for_you)), *failed)).splitlines()
    assert len(lines) < 3 * MOST_ROWS
    assert "CVI001  same numbers  199     1      a name" in lines
    assert "... and 87 more; -v lists every one" in lines
    assert "... and 88 more; -v lists every one" in lines
    every = _printed(report_of(changed("a.py", b"1", b"2", (*sites, *for_you)), *failed), every_place=True).splitlines()
    assert sum(line.startswith("a.py:") for line in every) == len(sites) + len(for_you)
    assert sum(line.startswith("failed: ") for line in every) == len(failed)


def test_proofs_have_a_column() -> None:
    sites = (place(verdict="proved: the same bytes"), place(line=2, verdict="not proved: seed is no literal"))
    printed = _printed(report_of(changed("a.py", b"1", b"2", sites), proved=True))
    assert "proved: the same bytes" in printed
    assert "not proved: seed is no literal" in printed
    assert printed.endswith("; 1 of 2 changed places proved.\n")


def test_what_is_not_proved_is_listed_with_its_reason_and_counts_against_all_places() -> None:
    proved = [place(line=line, verdict="proved: the same bytes") for line in range(1, 21)]
    other = [place(line=line, verdict="not proved: a literal lacks") for line in (31, 32)]
    printed = _printed(report_of(changed("a.py", b"1", b"2", (*proved, *other, place(line=40))), proved=True))
    assert "not proved: a literal lacks\n    a.py:31:5, a.py:32:5\n" in printed
    assert printed.endswith("; 20 of 23 changed places proved.\n")


# --- Programs --------------------------------------------------------------------------------------------------------


def test_json() -> None:
    found = json.loads(json.dumps(as_json(EVERY)))
    assert (found["schema"], found["to"], found["exit_code"]) == (1, "shim", 2)
    assert found["counts"] == {
        "files": 7,
        "would_change": 2,
        "changed": 1,
        "failed": 1,
        "sites": 6,
        "same_numbers": 4,
        "other_numbers": 1,
        "needs_you": 1,
        "by_default": 0,
        "proved": 0,
        "in_baseline": 0,
        "gone_from_baseline": 0,
    }
    statuses = ["would change", "changed", "unchanged", "unchanged", "failed", "would change", "unchanged"]
    assert [file["status"] for file in found["files"]] == statuses
    assert found["files"][3]["skipped_cells"] == [{"reason": "does not parse", "line": 3, "cell": 2}]
    assert found["files"][4]["failure"] == {"reason": "not valid utf-8", "line": 4, "cell": None}
    assert found["files"][5]["findings"] == [
        {
            "code": "CVI001",
            "title": "a name",
            "cell": 3,
            "line": 2,
            "column": 5,
            "end_line": 2,
            "end_column": 12,
            "file_line": 42,
            "before": "old.name",
            "after": "new.name",
            "effect": "same numbers",
            "message": "A sentence.",
            "proof": None,
        }
    ]


def test_the_documented_json_fields_are_those_there_are() -> None:
    page = (ROOT / "docs" / "migrate.md").read_text(encoding="utf-8")
    section = page[page.index("\n## JSON") : page.index("\n## SARIF")]
    found = as_json(EVERY)
    file = found["files"][0]
    for holder in (found, found["counts"], file, file["findings"][0], found["files"][4]["failure"]):
        for key in holder:
            assert f"`{key}`" in section, key


def _check_sarif(log: Any) -> None:
    """Checks what the SARIF 2.1.0 schema requires of the parts that are used."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"]
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(set(ids)) == len(ids)
        assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
        assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
        for invocation in run["invocations"]:
            assert isinstance(invocation["executionSuccessful"], bool)
            for notification in invocation["toolExecutionNotifications"]:
                assert notification["level"] in ("none", "note", "warning", "error")
                assert notification["message"]["text"]
        for result in run["results"]:
            assert result["level"] in ("none", "note", "warning", "error")
            assert result["message"]["text"]
            assert "ruleIndex" not in result or ids[result["ruleIndex"]] == result["ruleId"]
            for location in result["locations"]:
                region = location["physicalLocation"]["region"]
                assert all(region.get(key, 1) >= 1 for key in ("startLine", "startColumn", "endLine", "endColumn"))
                uri = location["physicalLocation"]["artifactLocation"]["uri"]
                assert uri.isascii()
                assert not set(uri) & set(' "<>\\^`{|}\n')


def test_sarif() -> None:
    log = json.loads(json.dumps(as_sarif(EVERY)))
    _check_sarif(log)
    run = log["runs"][0]
    assert not run["invocations"][0]["executionSuccessful"]
    levels = [note["level"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert levels == ["warning", "error"]
    assert [result["level"] for result in run["results"]] == ["note", "note", "note", "warning", "note", "note"]
    first, in_cell, odd = run["results"][0], run["results"][4], run["results"][5]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a.py"},
        "region": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 12, "snippet": {"text": "old.name"}},
    }
    assert {"effect": "same numbers", "before": "old.name", "after": "new.name"}.items() <= first["properties"].items()
    assert in_cell["locations"][0]["physicalLocation"]["region"]["startLine"] == 42
    assert (in_cell["properties"]["cell"], in_cell["properties"]["line"]) == (3, 2)
    assert odd["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "odd%20%FF%25.py"
