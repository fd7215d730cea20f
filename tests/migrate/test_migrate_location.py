"""One file has one path: in settings, baselines and reports, from any folder and through links."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.files.location import inside

SOURCE = 'import tensorflow as tf\nx = tf.glorot_uniform_initializer()\ninit = "tf.contrib.layers.xavier_initializer"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a file below `tests`, a link to it from elsewhere, and another folder."""
    top = tmp_path / "project"
    for name in (".git", "tests", "other"):
        (top / name).mkdir(parents=True)
    (top / "tests" / "a.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "link").symlink_to(top)
    (tmp_path / "tests_link").symlink_to(top / "tests")
    monkeypatch.chdir(top)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return top


WAYS = [
    pytest.param(".", "tests", id="from the top"),
    pytest.param("other", "../tests", id="from another folder"),
    pytest.param("tests", "a.py", id="from the folder itself"),
    pytest.param("other", "../other/../tests/a.py", id="with detours"),
    pytest.param("..", "link/tests/a.py", id="through a link to the project"),
    pytest.param(".", "../tests_link", id="through a link to the folder"),
]


@pytest.mark.parametrize(("folder", "path"), WAYS)
def test_rules_for_some_files_hold(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: str, path: str
) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.compat_v1_init.per-file-ignores]\n"tests/" = ["CVI"]\n', encoding="utf-8"
    )
    monkeypatch.chdir(project / folder)
    config = ["--config", str(project / "pyproject.toml")] if "link" in path else []
    monkeypatch.chdir(project if config else project / folder)
    given = str(project / folder / path) if config else path
    assert main(["migrate", "--check", *config, given]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(("folder", "path"), WAYS)
def test_a_baseline_holds(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: str, path: str
) -> None:
    assert main(["migrate", "--write-baseline", "known.json", "tests"]) == 0
    assert {each["path"] for each in json.loads(Path("known.json").read_bytes())["findings"]} == {"tests/a.py"}
    monkeypatch.chdir(project / folder)
    assert main(["migrate", "--check", "--baseline", str(project / "known.json"), path]) == 0
    captured = capsys.readouterr()
    assert "2 in the baseline" in captured.out
    assert "no longer found" not in captured.err


@pytest.mark.parametrize(("folder", "path"), WAYS[:4])
def test_all_formats_name_a_file_from_the_top_of_the_repository(
    project: Path, monkeypatch: pytest.MonkeyPatch, folder: str, path: str
) -> None:
    monkeypatch.chdir(project / folder)
    names = ("sarif", "gitlab", "github", "junit")
    reports = [f"--report={name}={project / name}" for name in names]
    assert main(["migrate", "--check", "-q", *reports, path]) == 1
    sarif, gitlab, github, junit = (project / name for name in names)
    results = json.loads(sarif.read_bytes())["runs"][0]["results"]
    assert {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results} == {"tests/a.py"}
    assert {each["location"]["path"] for each in json.loads(gitlab.read_bytes())} == {"tests/a.py"}
    lines = github.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0].partition("file=")[2] for line in lines[:2]] == ["tests/a.py"] * 2
    assert "::tests/a.py:3:8: " in lines[0]
    assert {case.get("file") for case in ET.fromstring(junit.read_text(encoding="utf-8")).iter("testcase")} == {  # noqa: S314
        "tests/a.py"
    }


def test_the_page_of_a_job_has_a_summary(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = project / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["migrate", "--check", "--format", "json", "tests"]) == 1
    capsys.readouterr()
    rows = [line for line in summary.read_text(encoding="utf-8").splitlines() if line.startswith("| tests/")]
    assert [row.split(" | ")[:3] for row in rows] == [
        ["| tests/a.py:3:8", "CVI207", "needs you"],
        ["| tests/a.py:2:5", "CVI002", "same numbers"],
    ]


@pytest.mark.parametrize("given", ["sarif", "xml=a.xml", "=a.sarif", "sarif="])
def test_a_wrong_report_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["migrate", "--report", given, "."])
    assert caught.value.code == 2
    words = " ".join(capsys.readouterr().err.split())
    assert "must be a format, = and a file, such as sarif=a.sarif; the formats are text, github, gitlab, " in words
    assert words.endswith(f"Received: {given!r}")


def test_a_file_outside_is_not_inside(project: Path) -> None:
    assert inside(project.parent / "other.py", project) is None
    assert inside(project / "a" / ".." / "b.py", project) == "b.py"
