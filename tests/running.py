"""How a test starts a Python that finds the package under test, be it installed or not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import compat_v1_init

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
PACKAGE = Path(compat_v1_init.__file__).parent
Done = subprocess.CompletedProcess


def searched(*first: Path | str) -> str:
    """Returns a PYTHONPATH: these folders first, then the package's, then what this Python searches."""
    return os.pathsep.join([*map(str, first), str(PACKAGE.parent), *filter(None, sys.path)])


def environment(*first: Path | str, **changes: str) -> dict[str, str]:
    """Returns this process's environment with such a PYTHONPATH, and with these changes."""
    return {**os.environ, "PYTHONPATH": searched(*first), **changes}


def python(
    *arguments: str,
    first: tuple[Path | str, ...] = (),
    cwd: Path | None = None,
    stdin: str = "",
    seconds: float = 300,
    **changes: str,
) -> Done[str]:
    """Runs a Python to its end, with what it prints as text."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        input=stdin,
        env=environment(*first, **changes),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def answer(code: str, *arguments: str, first: tuple[Path | str, ...] = (), seconds: float = 300, **changes: str) -> str:
    """Runs code to its end, which must be a good one; returns what it prints."""
    done = python("-c", code, *arguments, first=first, seconds=seconds, **changes)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout.strip()
