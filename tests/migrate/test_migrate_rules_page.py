"""`compat-v1-init rules`, its page in the documentation, and the pre-commit hooks."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from running import ROOT

from compat_v1_init.__main__ import main, make_parser
from compat_v1_init._migrate.rules import RULES


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "markdown"]) == 0
    text = "compat-v1-init rules --format markdown > docs/rules.md makes it"
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == capsys.readouterr().out, text


def test_the_list_has_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted({rule.code for rule in RULES})


def test_every_rule_that_needs_a_person_says_why_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    for code in [rule.code for rule in RULES if rule.code.startswith("CVI2")]:
        for options in ([], ["--format", "markdown"]):
            assert main(["rules", code, *options]) == 0
            text = " ".join(capsys.readouterr().out.replace("*", "").split())
            reason, _, to_do = text.partition("Needs you")[2].partition("; ")
            assert reason, (code, text)
            assert to_do, (code, text)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [rule["code"] for rule in found] == [rule.code for rule in RULES]
    assert set(found[0]) == {"code", "title", "summary", "before", "after", "target", "option"}


def test_the_hooks_call_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: compat-v1-init (.*)$", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^- id: ", text, re.MULTILINE)) == 2
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert text.count("--force-exclude") == text.count("require_serial: true") == len(entries)
    for name in re.findall(r"^- id: (.*)$", text, re.MULTILINE):
        assert f"id: {name} " in page
    monkeypatch.chdir(tmp_path)
    source = b"import tensorflow as tf\nx = tf.variance_scaling_initializer()\n"
    for entry, code, changes in zip(entries, (1, 0), (False, True)):
        (tmp_path / "a.py").write_bytes(source)
        assert main([*entry.split(), "a.py"]) == code
        assert ((tmp_path / "a.py").read_bytes() != source) == changes


def test_the_commands_of_the_recipes_are_ones() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    commands = re.findall(r"^ *(?:- run: )?compat-v1-init (.*)$", blocks, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        arguments = shlex.split(command)
        assert make_parser(arguments).parse_args(arguments).command == "migrate"


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "cvi101"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("CVI101  shared object\n")
    assert "\nAfter --to keras:\n\n    import compat_v1_init\n" in printed
    assert printed.endswith("# compat-v1-init: ignore[CVI101]\n")
    assert main(["rules", "CVI101", "--format", "json"]) == 0
    assert [rule["code"] for rule in json.loads(capsys.readouterr().out)] == ["CVI101"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in ("migrate", "--write-baseline", "inspect", "completion", "CVI001"):
        assert word in script
    if shell == "bash":
        # What bash itself makes of it.
        asked = f"{script}\nCOMP_WORDS=(compat-v1-init migrate --write-b); COMP_CWORD=2; _shtab_compat_v1_init; "
        asked += 'printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)  # noqa: S607
        assert done.stdout.split() == ["--write-baseline"]
