"""The files about the project say what is so: names of files, the version, the picture."""

from __future__ import annotations

import re
import runpy
from types import SimpleNamespace

import pytest
from running import ROOT

import compat_v1_init


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"[\w./-]+\.(?:py|md|toml|cff)\b|[\w./-]+/(?=[`\s])", text)
    missing = [path for path in named if "NAME" not in path and path != "PROGRAM.py" and not (ROOT / path).exists()]
    assert missing == []


def test_the_two_lines_of_the_readme_are_found() -> None:
    """`.ci/run` runs them as they stand."""
    path = ROOT / ".ci" / "readme.py"
    if not path.exists():
        pytest.skip("a source distribution has no .ci")
    lines = runpy.run_path(str(path))["lines"]()
    assert all(line.startswith("pip install ") and "\n" not in line for line in lines.values()), lines
    assert "graph_session_classifier.py" in lines["run"]
    assert lines["test"].endswith("python -m pytest")


def test_an_old_python_is_told_in_a_sentence() -> None:
    """The file that it reads first has nothing that it cannot parse before the check."""
    source = (ROOT / "compat_v1_init" / "__init__.py").read_text(encoding="utf-8")
    before, _, _ = source.partition("from typing")
    for version in ("2.7.18", "3.6.15", "3.8.18"):
        names = {"sys": SimpleNamespace(version_info=tuple(map(int, version.split("."))))}
        with pytest.raises(ImportError, match=f"needs Python 3.9 or newer. Received: Python {version}"):
            exec(before.replace("import sys\n", ""), names)  # noqa: S102
    assert "from __future__" not in source
    assert "**{" not in source


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
