"""The files about the project say what is so: names of files, the version, the picture."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

import compat_v1_init

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"[\w./-]+\.(?:py|md|toml|cff)\b|[\w./-]+/(?=[`\s])", text)
    missing = [path for path in named if "NAME" not in path and path != "PROGRAM.py" and not (ROOT / path).exists()]
    assert missing == []


def test_the_citation_has_the_version() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", text, re.MULTILINE) == [compat_v1_init.__version__]
    assert "license: Apache-2.0" in text


def test_the_picture_is_the_scripts_and_names_modules_that_exist() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "architecture.py"))
    assert script["PICTURE"].read_text(encoding="utf-8") == script["picture"](), "python docs/architecture.py draws it"
    package = ROOT / "compat_v1_init"
    rooms = [*script["WAY"], *(room for _, room in script["ENTRANCES"])]
    for module in [module for room in rooms for module in room.modules]:
        assert (package / f"{module}.py").exists() or (package / module).is_dir(), module
