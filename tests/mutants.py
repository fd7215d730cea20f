"""Runs commands of the package with one text of its source replaced, each in a fresh fork of a process with TensorFlow.

Reads JSON lines `[old, new, [argument, ...]]` from standard input, and answers with `[exit code, standard output]`.
A fork imports the package anew, so that a change reaches all that is computed from it at import. TensorFlow, which
needs seconds to import, is there already.
"""

# ruff: noqa: T201 - a program that prints its results

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile
from importlib.machinery import SourceFileLoader
from pathlib import Path

# TensorFlow is not used before the fork: its threads would be missing in the child.
import tensorflow as tf

PACKAGE = Path(__file__).parent.parent / "compat_v1_init"


def place(old: str) -> Path:
    """Returns the one file of the package that has a text, once."""
    # The originals that `--prove` compares with share no formula with the package.
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "originals.py"]
    found = [path for path in files for _ in range(path.read_text(encoding="utf-8").count(old))]
    assert len(found) == 1, f"{old!r} is in {found}, not in one place"
    return found[0]


def replace(path: Path, old: str, new: str) -> None:
    """Has Python read one file with a text replaced, from its source."""
    compiled = importlib.util.cache_from_source(str(path))
    read = SourceFileLoader.get_data

    def get_data(self: SourceFileLoader, name: str) -> bytes:
        if name == compiled:
            raise FileNotFoundError
        data = read(self, name)
        return data.replace(old.encode(), new.encode()) if name == str(path) else data

    sys.dont_write_bytecode = True
    SourceFileLoader.get_data = get_data  # type: ignore[method-assign]


def answer(old: str, new: str, arguments: list[str]) -> tuple[int, str]:
    """Returns the exit code and the standard output of the command."""
    if old:
        replace(place(old), old, new)
    from compat_v1_init.__main__ import main

    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main(arguments)
    return code, output.getvalue()


def main() -> None:
    """Answers every line."""
    assert tf.keras.initializers.HeNormal  # Keras is imported too.
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            child = os.fork()
            if not child:
                try:
                    json.dump(answer(*json.loads(line)), file)
                except BaseException as error:  # noqa: BLE001 - the test shows it
                    json.dump((-1, f"{type(error).__name__}: {error}"), file)
                file.flush()
                os._exit(0)
            os.waitpid(child, 0)
            file.seek(0)
            print(file.read(), flush=True)


if __name__ == "__main__":
    main()
