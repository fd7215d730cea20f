"""The migration examples run, and say themselves whether all is the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT

EXAMPLES = ROOT / "migration_examples"
PROGRAMS = sorted(path.name for path in EXAMPLES.glob("[!_]*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_example(program: str, tmp_path: Path) -> None:
    options = [] if program.startswith("migrate_") else ["--steps", "3", "--out", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, str(EXAMPLES / program), *options],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]


def test_there_are_examples() -> None:
    assert {
        "graph_session_classifier.py",
        "migrate_legacy_project.py",
        "migrate_training_script.py",
        "partitioned_embedding.py",
    } <= set(PROGRAMS)
