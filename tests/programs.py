"""Programs that do what a program may do, and how they are run."""

from __future__ import annotations

import signal
import textwrap
from pathlib import Path

import pytest
from running import PACKAGE, Done, python

RUN = ["-m", "compat_v1_init", "run"]


def write(path: Path, source: str) -> Path:
    """Writes a source, without its indentation; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    return path


def run_alone(*arguments: str, cwd: Path, stdin: str = "", **changes: str) -> Done[str]:
    """Runs a Python that finds the package and nothing else besides what it finds alone."""
    return python(*arguments, cwd=cwd, stdin=stdin, **{"PYTHONPATH": str(PACKAGE.parent), **changes})


PROGRAMS = [
    pytest.param("import sys; print(sys.argv)", 0, id="arguments"),
    pytest.param("import sys; print(__name__, __file__, sys.path, sys.meta_path[-1], sep='\\n')", 0, id="where it is"),
    pytest.param("import __main__; print(sorted(vars(__main__)), __main__.__spec__)", 0, id="what __main__ holds"),
    pytest.param("import sys; print(sys.stdin.read())", 0, id="standard input"),
    pytest.param("import sys; sys.exit(3)", 3, id="an exit code"),
    pytest.param("import sys; sys.exit('some text')", 1, id="an exit with text"),
    pytest.param("import os; os._exit(7)", 7, id="an exit without ado"),
    pytest.param("def f():\n    return 1 / 0\nf()", 1, id="an exception"),
    pytest.param("raise KeyboardInterrupt", -signal.SIGINT, id="an interrupt"),
    pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM, id="a signal"),
    pytest.param("def f(:", 1, id="no Python"),
    pytest.param("import nowhere_to_be_found", 1, id="a module that is missing"),
    pytest.param("import tensorflow", 1, id="a TensorFlow that fails to import"),
    pytest.param("import tensorflow.nothing", 1, id="a module that is missing in TensorFlow"),
    pytest.param(
        """
        import multiprocessing, pickle
        class Thing: pass
        def double(x): return 2 * x
        if __name__ == "__main__":
            print(pickle.dumps(Thing()), multiprocessing.get_context("spawn").Pool(1).map(double, [1, 2]))
        """,
        0,
        id="pickles and processes of its own",
    ),
    pytest.param(
        "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import sys; print(sys.path)']))",
        0,
        id="a Python of its own",
    ),
    pytest.param("import warnings; warnings.warn('careful', stacklevel=1)", 0, id="a warning"),
]
