"""Development tasks: ``nox`` runs the checks, ``nox -s NAME`` a single task."""

from __future__ import annotations

import nox

nox.options.sessions = ["tests", "lint", "types"]


@nox.session
@nox.parametrize(
    ("python", "tensorflow"),
    [("3.11", "2.16.2"), ("3.12", "2.21.0")],
)
def tests(session: nox.Session, tensorflow: str) -> None:
    """Test the built package against one TensorFlow release."""
    session.install(".[test]", f"tensorflow-cpu=={tensorflow}")
    # Legacy Keras, for its tests; its dependency would be another build of TensorFlow.
    session.install("--no-deps", f"tf-keras=={tensorflow.rpartition('.')[0]}.*")
    # The pytest script, unlike ``python -m pytest``, leaves the working tree
    # off the import path, so the installed wheel is what the tests import.
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style and the formatting of every file."""
    session.install("ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the package's types."""
    session.install("mypy", "numpy")
    session.run("mypy", "compat_v1_init")


@nox.session
def bench(session: nox.Session) -> None:
    """Time the initializers."""
    session.install(".[tf-cpu]")
    session.run("python", "benchmarks/bench.py", *session.posargs)
