"""What brings a repository to green: settings, marks, a baseline, and what they leave alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from migrating import SOURCE, analyze, run_command

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.decide.text import analyze_text
from compat_v1_init._migrate.findings import apply

V1 = "import tensorflow.compat.v1 as tf\n"
CALL = "tf.glorot_uniform_initializer()"
STRING = "'xavier_initializer'"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return tmp_path


def _codes(*arguments: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Returns where what is found is, and its rule."""
    capsys.readouterr()
    main(["migrate", "--format", "json", *arguments])
    found = json.loads(capsys.readouterr().out)
    return [f"{file['path']}:{each['line']} {each['code']}" for file in found["files"] for each in file["findings"]]


# --- Marks -----------------------------------------------------------------------------------------------------------

MARKS = [
    pytest.param(f"x = {CALL}  # compat-v1-init: ignore", [], id="every rule"),
    pytest.param(f"x = {CALL}  # compat-v1-init: ignore[CVI002]", [], id="its rule"),
    pytest.param(f"x = {CALL}  # why; compat-v1-init: ignore[CVI001,CVI002]", [], id="several rules"),
    pytest.param(f"x = {CALL}  # compat-v1-init: ignore[CVI207]", ["CVI002"], id="another rule"),
    pytest.param(f"x = [{CALL}, {STRING}]  # compat-v1-init: ignore[CVI207]", ["CVI002"], id="one of two"),
    pytest.param(f"x = [{CALL}, {STRING}]  # compat-v1-init: ignore[CVI002]", ["CVI207"], id="the other of two"),
    pytest.param(f"x = {CALL}  # compat-v1-init: ignore[CVI02]", ["CVI002", "CVI209"], id="no rule"),
    pytest.param(f"x = {CALL}  # compat-v1-init: ignore[]", ["CVI002", "CVI209"], id="an empty list"),
    pytest.param(f"x = {CALL}  # compat-v1-init: ignore[CVI002, CVI999]", ["CVI209"], id="a rule and none"),
    pytest.param(f"x = {STRING} + '# compat-v1-init: ignore'", ["CVI207"], id="in a string"),
    pytest.param(
        "x = tf.variance_scaling_initializer(\n    scale=2.0,\n)  # compat-v1-init: ignore[CVI001]", [], id="last line"
    ),
]


@pytest.mark.parametrize(("line", "codes"), MARKS)
def test_marks_in_python(line: str, codes: list[str]) -> None:
    found = analyze(f"{V1}{line}\ntf.no_op()\n", to="shim").findings
    assert [finding.code for finding in found] == codes


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("a: xavier_initializer\nb: xavier_initializer  # compat-v1-init: ignore", [1], id="on its line"),
        pytest.param("# compat-v1-init: ignore[CVI207]\na: xavier_initializer\nb: xavier_initializer", [3], id="above"),
        pytest.param("; compat-v1-init: ignore\na = xavier_initializer", [], id="a semicolon, as in cfg"),
        pytest.param("  // compat-v1-init: ignore\n  a: 'xavier_initializer',", [], id="slashes, as in jsonnet"),
        pytest.param("a: xavier_initializer  # compat-v1-init: ignore[CVI001]", [1], id="another rule"),
        pytest.param("a: xavier_initializer  # compat-v1-init: ignore[CVI2O7]", [1, 1], id="no rule"),
    ],
)
def test_marks_in_text(text: str, lines: list[int]) -> None:
    assert [finding.line for finding in analyze_text(text)] == lines


def test_a_bad_mark_says_what_may_be_meant() -> None:
    (finding,) = analyze(f"{V1}x = 1  # compat-v1-init: ignore[CVI27]\n", to="shim").findings
    assert finding.message == "CVI27 is no rule, so it hides nothing; did you mean CVI207?"
    assert (finding.column, finding.before) == (8, "# compat-v1-init: ignore[CVI27]")


# --- Which rules, which files ----------------------------------------------------------------------------------------


@pytest.fixture
def tree(here: Path) -> Path:
    for name in ("a.py", "tests/b.py", "old/c.py"):
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(f"{V1}x = [{CALL}, {STRING}]\ntf.no_op()\n", encoding="utf-8")
    return here


EVERY = [f"{path}:2 {code}" for path in ("a.py", "old/c.py", "tests/b.py") for code in ("CVI002", "CVI207")]

CHOICES: list[Any] = [
    pytest.param([], "", EVERY, id="all"),
    pytest.param(["--select", "CVI2"], "", [each for each in EVERY if "CVI2" in each], id="select"),
    pytest.param(["--ignore", "CVI207"], "", [each for each in EVERY if "CVI0" in each], id="ignore"),
    pytest.param(["--select", "CVI002,CVI207", "--ignore", "CVI2"], "", EVERY[::2], id="both"),
    pytest.param([], "select = ['CVI002']\n", EVERY[::2], id="select of the settings"),
    pytest.param(["--select", "CVI207"], "select = ['CVI002']\n", EVERY[1::2], id="the option goes before"),
    pytest.param(["--exclude", "old/"], "exclude = ['tests/']\n", EVERY[:2], id="exclude adds"),
    pytest.param(["--per-file-ignores", "tests/:CVI"], "", EVERY[:4], id="per file"),
    pytest.param(
        ["--per-file-ignores", "old/:CVI002"],
        "[tool.compat_v1_init.per-file-ignores]\n'tests/*.py' = ['CVI207', 'CVI002']\n",
        [*EVERY[:2], EVERY[3]],
        id="per file of both",
    ),
]


@pytest.mark.parametrize(("options", "settings", "expected"), CHOICES)
def test_choices(
    tree: Path, options: list[str], settings: str, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "pyproject.toml").write_text(f"[tool.compat_v1_init]\n{settings}", encoding="utf-8")
    assert sorted(_codes(*options, ".", capsys=capsys)) == sorted(expected)


def test_the_path_is_here_by_default(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del tree
    assert sorted(_codes(capsys=capsys)) == sorted(EVERY)


def test_settings_of_one_file_for_many(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "pyproject.toml").write_text("[tool.compat_v1_init]\nselect = ['CVI003']\n", encoding="utf-8")
    central = tree.parent / f"{tree.name}.toml"
    central.write_text("exclude = ['/old/']\nignore = ['CVI207']\n", encoding="utf-8")
    assert _codes("--config", str(central), capsys=capsys) == ["a.py:2 CVI002", "tests/b.py:2 CVI002"]


def test_excluded_files_that_are_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del tree
    options = ["--exclude", "old/", "--select", "CVI002"]
    assert _codes(*options, "a.py", "old/c.py", capsys=capsys) == ["a.py:2 CVI002", "old/c.py:2 CVI002"]
    assert _codes(*options, "--force-exclude", "a.py", "old/c.py", capsys=capsys) == ["a.py:2 CVI002"]


def test_a_folder_without_python_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "a.yaml").write_text("x: 1\n", encoding="utf-8")
    assert main(["migrate", "sub"]) == 0
    assert capsys.readouterr().err == "compat-v1-init: warning: no Python file and no notebook is in sub\n"
    for arguments in (["-q", "sub"], ["sub/a.yaml"]):
        assert main(["migrate", *arguments]) == 0
        assert capsys.readouterr().err == ""


def test_volume(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "pyproject.toml").write_text("[tool.compat_v1_init]\n", encoding="utf-8")
    counts = "4 files: 3 would change (3 places: 3 same numbers); 3 places need you.\n"
    assert main(["migrate", "-q"]) == 1
    assert capsys.readouterr() == (counts, "")
    assert main(["migrate", "-q", "--exit-zero"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["migrate", "-v", "--check"]) == 1
    printed = capsys.readouterr()
    assert printed.err == f"compat-v1-init: settings: {tree / 'pyproject.toml'}\n"
    assert main(["migrate", "--statistics"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "rule    effect        places  files  what",
        "CVI002  same numbers  3       3      glorot initializers",
        "CVI207  needs you     3       3      in a string",
        "",
        counts.rstrip(),
    ]


def test_exit_zero_hides_no_failure(here: Path) -> None:
    (here / "a.py").write_bytes(SOURCE)
    assert main(["migrate", "--exit-zero", "--check", "a.py"]) == 0
    assert main(["migrate", "--exit-zero", "--check", "a.py", "missing.py"]) == 2


def test_the_name_of_standard_input(here: Path) -> None:
    (here / "pyproject.toml").write_text(
        "[tool.compat_v1_init]\nexclude = ['old/']\nper-file-ignores = {'b.py' = ['CVI001']}\n", encoding="utf-8"
    )
    (here / "helper.py").write_text(
        "from tensorflow.compat.v1 import glorot_uniform_initializer as g\n", encoding="utf-8"
    )

    def found(name: str, source: bytes = SOURCE, *options: str) -> Any:
        done = run_command("migrate", "--format", "json", "--stdin-filename", name, *options, input=source, cwd=here)
        assert done.stderr == b""
        return json.loads(done.stdout)

    assert found("deep/a.py")["files"][0]["path"] == os.path.join("deep", "a.py")  # noqa: PTH118
    assert found("deep/a.py")["exit_code"] == 1
    assert found("b.py")["exit_code"] == 0
    assert found("old/a.py")["exit_code"] == 1
    assert found("old/a.py", SOURCE, "--force-exclude")["exit_code"] == 0
    assert found("a.yaml", b"x: xavier_initializer\n")["files"][0]["findings"][0]["code"] == "CVI207"


# --- A baseline ------------------------------------------------------------------------------------------------------


def test_a_baseline_hides_what_it_has_and_nothing_else(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "broken.py").write_text(f"x = (\n{CALL}\n", encoding="utf-8")
    assert main(["migrate", "--write-baseline", "known.json", "."]) == 0
    assert capsys.readouterr().out == "known.json: 7 findings written; --baseline known.json leaves them alone.\n"
    assert main(["migrate", "--baseline", "known.json", "."]) == 0
    assert capsys.readouterr().out == "5 files: 7 in the baseline.\n"
    before = (tree / "a.py").read_text(encoding="utf-8")
    # Lines move, and one place more has the very source of one that is known.
    (tree / "a.py").write_text(f"'''Doc.'''\n{before}y = {CALL}\n", encoding="utf-8")
    (tree / "new.yaml").write_text("x: xavier_initializer\n", encoding="utf-8")
    assert _codes("--baseline", "known.json", capsys=capsys) == ["a.py:5 CVI002", "new.yaml:1 CVI207"]
    assert main(["migrate", "--write", "--baseline", "known.json"]) == 1
    after = (tree / "a.py").read_text(encoding="utf-8")
    assert after == f"'''Doc.'''\nimport compat_v1_init\n{before}y = compat_v1_init.glorot_uniform_initializer()\n"


def test_a_baseline_holds_from_any_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["migrate", "--write-baseline", "known.json", "."]) == 0
    (tree / "pyproject.toml").write_text("[tool.compat_v1_init]\nbaseline = 'known.json'\n", encoding="utf-8")
    assert main(["migrate", str(tree)]) == 0
    monkeypatch.chdir(tree / "tests")
    assert main(["migrate", "b.py", "../old"]) == 0


def test_what_has_gone_from_a_baseline_is_told(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--write-baseline", "known.json", "."]) == 0
    (tree / "a.py").unlink()
    (tree / "tests/b.py").write_text(f"{V1}x = {CALL}\ntf.no_op()\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["migrate", "--baseline", "known.json", "tests"]) == 0
    assert capsys.readouterr().err == "compat-v1-init: 3 of the baseline are no longer found; write it again\n"


def test_a_baseline_is_the_same_file_each_time(tree: Path) -> None:
    assert main(["migrate", "--write-baseline", "known.json", "."]) == 0
    first = (tree / "known.json").read_bytes()
    assert main(["migrate", "--write-baseline", "known.json", str(tree), "--workers", "1"]) == 0
    assert (tree / "known.json").read_bytes() == first
    assert [entry["path"] for entry in json.loads(first)["findings"]] == sorted(
        [*("a.py", "old/c.py", "tests/b.py")] * 2
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', '{"schema": 9}', '{"schema": 1, "findings": [1]}'])
def test_what_is_no_baseline_is_refused(tree: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "known.json").write_text(text, encoding="utf-8")
    assert main(["migrate", "--baseline", "known.json"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# --- Marks that are written ------------------------------------------------------------------------------------------


def _marked(name: str, source: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    Path(name).write_bytes(source.encode())
    code = main(["migrate", "--add-ignore", name])
    capsys.readouterr()
    return Path(name).read_bytes().decode(), code


MARKED = [
    pytest.param("a.py", f"{V1}x = {STRING}\n", f"{V1}x = {STRING}  # compat-v1-init: ignore[CVI207]\n", id="string"),
    pytest.param("a.py", f"{V1}x = {CALL}\r\n", f"{V1}x = {CALL}  # compat-v1-init: ignore[CVI002]\r\n", id="CRLF"),
    pytest.param("a.py", f"{STRING}[0]  # why", f"{STRING}[0]  # why  # compat-v1-init: ignore[CVI207]", id="comment"),
    pytest.param(
        "a.py",
        f"{V1}x = [{CALL}, {STRING}]  # compat-v1-init: ignore[CVI207]\n",
        f"{V1}x = [{CALL}, {STRING}]  # compat-v1-init: ignore[CVI207, CVI002]\n",
        id="a mark that is there",
    ),
    pytest.param(
        "a.py",
        f"{V1}x = tf.glorot_uniform_initializer( \\\n  1)\n",
        f"{V1}x = tf.glorot_uniform_initializer( \\\n  1)  # compat-v1-init: ignore[CVI002]\n",
        id="a line that goes on",
    ),
    pytest.param(
        "a.py",
        f"{V1}x = {STRING}, '''a\nb'''\n",
        f"{V1}x = {STRING}, '''a\nb'''\n",
        id="no line of it is free",
    ),
    pytest.param(
        "a.yaml",
        "m:\n  - init: xavier_initializer\n",
        "m:\n  # compat-v1-init: ignore[CVI207]\n  - init: xavier_initializer\n",
        id="YAML",
    ),
    pytest.param("a.yaml", "m: |\n  init: xavier_initializer\n", "m: |\n  init: xavier_initializer\n", id="YAML text"),
    pytest.param(
        "a.yaml",
        "m: |\n  a\n\n  b:\n    init: xavier_initializer\n",
        "m: |\n  a\n\n  b:\n    init: xavier_initializer\n",
        id="YAML text, deeper",
    ),
    pytest.param(
        "a.toml",
        "[m]\r\ninit = 'xavier_initializer'\r\n",
        "[m]\r\n# compat-v1-init: ignore[CVI207]\r\ninit = 'xavier_initializer'\r\n",
        id="TOML",
    ),
    pytest.param("a.toml", "x = '''\nxavier_initializer\n'''\n", "x = '''\nxavier_initializer\n'''\n", id="TOML text"),
    pytest.param(
        "a.cfg",
        "[m]\ninit = xavier_initializer\n",
        "[m]\n# compat-v1-init: ignore[CVI207]\ninit = xavier_initializer\n",
        id="cfg",
    ),
    pytest.param("a.json", '{"a": "xavier_initializer"}\n', '{"a": "xavier_initializer"}\n', id="JSON has no comments"),
]  # fmt: skip


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("name", "before", "after"), MARKED)
def test_add_ignore(name: str, before: str, after: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _marked(name, before, capsys) == (after, int(before == after))
    assert main(["migrate", "--check", name]) == int(before == after)
    # A second time changes nothing.
    capsys.readouterr()
    assert _marked(name, after, capsys)[0] == after


def test_add_ignore_in_a_notebook(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [{"cell_type": "code", "source": [V1, f"x = {CALL}"]}, {"cell_type": "code", "source": [f"y = {STRING}\n"]}]
    text, code = _marked("a.ipynb", json.dumps({"cells": cells, "nbformat": 4}, indent=1), capsys)
    assert code == 0
    assert [cell["source"][-1] for cell in json.loads(text)["cells"]] == [
        f"x = {CALL}  # compat-v1-init: ignore[CVI002]",
        f"y = {STRING}  # compat-v1-init: ignore[CVI207]\n",
    ]
    assert main(["migrate", "--check", str(here)]) == 0


def test_add_ignore_leaves_the_program_as_it_is(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--add-ignore", "."]) == 0
    assert capsys.readouterr().out.endswith("3 files: 3 changed, with comments alone.\n")
    source = (tree / "a.py").read_text(encoding="utf-8")
    assert source == f"{V1}x = [{CALL}, {STRING}]  # compat-v1-init: ignore[CVI002, CVI207]\ntf.no_op()\n"
    assert main(["migrate", "--check", "."]) == 0


# --- Its own files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif"])
def test_its_own_reports_are_no_source(tree: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    expected = sorted(_codes(capsys=capsys))
    assert main(["migrate", "--format", name, "--output-file", "out/report.json"]) == 1
    assert main(["migrate", "--write-baseline", "known.json"]) == 0
    assert (tree / "out/report.json").stat().st_size > 500
    assert sorted(_codes(capsys=capsys)) == expected


def test_what_analyze_makes_of_known_places_is_applied_alone() -> None:
    source = f"{V1}a = {CALL}\nb = tf.he_normal\nc = {CALL}\ntf.no_op()\n"
    analysis = analyze(source, to="shim", known={("CVI002", CALL): 1})
    assert [finding.line for finding in analysis.known] == [2]
    assert apply(source, analysis.edits).count("compat_v1_init.glorot_uniform_initializer()") == 1
