"""The folders of the migration: none uses one that comes after it in docs/how_it_works.md."""

from __future__ import annotations

import ast
import re

import pytest
from running import ROOT

PACKAGE = ROOT / "compat_v1_init/_migrate"
PAGE = (ROOT / "docs/how_it_works.md").read_text(encoding="utf-8")
ORDER = re.findall(r"^\| \[`(\w+)/`\]\(\.\./compat_v1_init/_migrate/", PAGE, re.MULTILINE)


def test_the_page_has_every_folder() -> None:
    assert sorted(ORDER) == sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@pytest.mark.parametrize("folder", ORDER)
def test_a_folder_uses_no_later_one(folder: str) -> None:
    later = ORDER[ORDER.index(folder) + 1 :]
    for path in (PACKAGE / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            assert module.removeprefix("compat_v1_init._migrate.").partition(".")[0] not in later, f"{path}: {module}"
