"""`compat-v1-init rules`, its page in the documentation, and the pre-commit hooks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.analyze import RULES

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "markdown"]) == 0
    text = "compat-v1-init rules --format markdown > docs/rules.md makes it"
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == capsys.readouterr().out, text


def test_the_list_has_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted({rule.code for rule in RULES})


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [rule["code"] for rule in found] == [rule.code for rule in RULES]
    assert set(found[0]) == {"code", "title", "summary", "before", "after", "target", "is_by_default"}


def test_the_hooks_call_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: compat-v1-init (.*)$", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^- id: ", text, re.MULTILINE)) == 2
    page = (ROOT / "docs" / "migrate.md").read_text(encoding="utf-8")
    for name in re.findall(r"^- id: (.*)$", text, re.MULTILINE):
        assert f"id: {name} " in page
    monkeypatch.chdir(tmp_path)
    source = b"import tensorflow as tf\nx = tf.variance_scaling_initializer()\n"
    for entry, code, changes in zip(entries, (1, 0), (False, True)):
        (tmp_path / "a.py").write_bytes(source)
        assert main([*entry.split(), "a.py"]) == code
        assert ((tmp_path / "a.py").read_bytes() != source) == changes
