"""Finds interpreters: `python3 .ci/pythons.py 3.9 3.12` prints one for each version, a line each.

It looks on PATH, and then among pyenv's versions: pyenv's own names on PATH run only the versions that are selected.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


def folders() -> list[str]:
    """Returns the folders in which to look, in order."""
    return [*os.environ["PATH"].split(os.pathsep), *map(str, sorted(PYENV.glob("versions/*/bin")))]


def find(version: str) -> str:
    """Returns an interpreter of a version that runs and can make environments.

    Raises:
      FileNotFoundError: if there is none; the message says what to do.
    """
    for folder in folders():
        path = Path(folder, f"python{version}")
        if (
            path.exists()
            and not subprocess.run([str(path), "-c", "import venv"], check=False, capture_output=True).returncode
        ):
            return str(path)
    msg = f"Python {version} was not found. Install it, for example: pyenv install {version}"
    raise FileNotFoundError(msg)


if __name__ == "__main__":
    try:
        print(*map(find, sys.argv[1:]), sep="\n")
    except FileNotFoundError as error:
        sys.exit(str(error))
