"""Development tasks: ``nox`` runs the checks, ``nox -s NAME`` a single task, ``nox -l`` lists them.

The version matrix, with a table at the end, is ``nox -s matrix_all``, what CI runs of it ``nox -s matrix_all -- --ci``,
and some cells of it ``nox -s matrix_all -- --cells 2.8 "2.16 legacy"``. Arguments after ``--`` go to the tool that a
task runs.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / ".ci"))
import matrix
import pythons

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = True

os.environ["PATH"] = os.pathsep.join(pythons.folders())

NEWEST = list(matrix.RELEASES)[-1]
ITS_PYTHON = matrix.RELEASES[NEWEST][1][0]
# The newest that this project knows to have wheels for the CPU alone.
TORCH = "torch==2.13.0"


def build(session: nox.Session) -> tuple[Path, Path]:
    """Returns the wheel, and the folder of the unpacked source distribution, which lie in one folder."""
    folder = Path(session.create_tmp()).resolve() / "distributions"
    shutil.rmtree(folder, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--outdir", str(folder), ".", silent=True)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    shutil.unpack_archive(source, folder)
    return wheel, folder / source.name[: -len(".tar.gz")]


def install_wheel(session: nox.Session, extras: str, release: str | None = None) -> Path:
    """Builds the distributions, installs the wheel, and returns the folder of the unpacked source distribution."""
    wheel, source = build(session)
    first, *rest = matrix.requirements(release) if release else [[]]
    session.install(f"{wheel}{extras}", *first)
    for more in rest:
        session.install(*more)
    return source


@nox.session
def matrix_all(session: nox.Session) -> None:
    """Test many cells of the matrix, two at a time, and print a table: all, or those of CI, or those named."""
    wheel, _ = build(session)
    session.run("python", ".ci/matrix.py", "--distributions", str(wheel.parent), *session.posargs)


@nox.session(python=["3.9", "3.10", "3.11", "3.12", "3.13"])
def migration(session: nox.Session) -> None:
    """Test the migration command, which needs no TensorFlow, on every Python."""
    session.chdir(install_wheel(session, "[test]"))
    files = sorted(Path("tests", "migrate").glob("test_migrate_*.py"))
    session.run("pytest", "-m", "", *(session.posargs or map(str, files)))


@nox.session(python=ITS_PYTHON)
def tests(session: nox.Session) -> None:
    """Run all tests on the newest release, with the built wheel."""
    session.chdir(install_wheel(session, "[test,tf-cpu,notebooks]", NEWEST))
    session.run("pytest", "-m", "", *session.posargs)


@nox.session(python="3.7")
def golden(session: nox.Session) -> None:
    """Make all that TensorFlow 1.15.5 gave the tests once more, and compare every byte with what is stored."""
    session.install("tensorflow==1.15.5", "numpy==1.18.5", "protobuf<3.21", "h5py<3")
    folder = Path(session.create_tmp()).resolve()
    session.run("python", "tests/golden/make_golden.py", str(folder / "golden"))
    session.run("python", "tests/golden/compare_golden.py", str(folder / "golden"))
    session.run("python", "tests/golden/make_golden_namespace.py", str(folder / "namespace"))
    stored = "tests/golden/namespace_tf1_15_5"
    session.run("python", "tests/golden/compare_golden.py", str(folder / "namespace"), stored)
    session.run("python", "tests/meta_graphs/make_meta_graphs.py", str(folder / "meta_graphs"))
    session.run("python", "tests/old_models/make_resnet50.py", str(folder))
    for made, stored in (
        ("namespace_signatures.json", "tests/golden"),
        ("meta_graphs/values.json", "tests/meta_graphs"),
        ("resnet50.json", "tests/old_models"),
    ):
        if (folder / made).read_bytes() != Path(stored, Path(made).name).read_bytes():
            session.error(f"{made} differs from the one in {stored}")
        session.log(f"{made}: the same bytes.")
    session.run("python", "tests/old_models/make_old_models.py", str(folder / "old_models"))
    session.run("python", "tests/old_models/compare_old_models.py", str(folder / "old_models"))


@nox.session(python="3.11")
def backends(session: nox.Session) -> None:
    """Test Keras 3 on JAX and PyTorch; on TensorFlow the other tests do."""
    # First of all PyTorch, in a release that is built for the CPU as well: others bring CUDA with them.
    session.install(TORCH)
    folder = install_wheel(session, "[test]", NEWEST)
    session.install("jax")
    session.chdir(folder)
    session.run("pytest", "-m", "", "tests/with_keras/test_backends.py", "-k", "not tensorflow", *session.posargs)
    for backend in ("jax", "torch"):
        chosen = ["-k", "writer or goes_on"]
        session.run(
            "pytest", "tests/with_keras/test_old_models.py", *chosen, *session.posargs, env={"KERAS_BACKEND": backend}
        )


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style and the formatting of every file, and how the distributions present themselves."""
    session.install("ruff", "twine", "readme-renderer[md]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    wheel, source = build(session)
    session.run("twine", "check", "--strict", str(wheel), f"{source}.tar.gz")


@nox.session
def types(session: nox.Session) -> None:
    """Check the package's types."""
    session.install(".", "mypy", "numpy")
    session.run("mypy", "compat_v1_init")


@nox.session(python=ITS_PYTHON)
def docs(session: nox.Session) -> None:
    """Build the pages of docs/ into docs/_build/html, and test them; a warning is an error."""
    session.install(".[tf-cpu,docs]", "pytest")
    session.run("sphinx-build", "-W", "--keep-going", "-n", "-b", "html", "docs", "docs/_build/html", *session.posargs)
    session.run("pytest", "tests/project/test_site.py", env={"SITE": "docs/_build/html"})


@nox.session(python=ITS_PYTHON)
def soak(session: nox.Session) -> None:
    """Play random programs of draws against the original, 20,000 steps unless told otherwise."""
    session.install(".[tf-cpu]", "hypothesis")
    session.run("python", "tests/soak.py", *session.posargs)


@nox.session(python=ITS_PYTHON)
def bench(session: nox.Session) -> None:
    """Time the initializers."""
    session.install(".[tf-cpu]")
    session.run("python", "benchmarks/bench.py", *session.posargs)
