"""Development tasks: ``nox`` runs the checks, ``nox -s NAME`` a single task, ``nox -l`` lists them.

The version matrix is ``nox -s matrix``, one cell of it ``nox -s "matrix(2.8)"`` or ``nox -s "matrix(2.16 legacy)"``,
and what CI runs of it ``nox -t ci``. Arguments after ``--`` go to the tool that a task runs.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = True

# pyenv's own names on PATH run only the versions that are selected; its folders have all that it installed.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, sorted(PYENV.glob("versions/*/bin")))])

# Every release that the promise is for, with the newest Python that it has wheels for, or one more where two are named.
RELEASES = {
    "2.5": ("2.5.3", ["3.9"]),
    "2.6": ("2.6.5", ["3.9"]),
    "2.7": ("2.7.4", ["3.9"]),
    "2.8": ("2.8.4", ["3.10"]),
    "2.9": ("2.9.3", ["3.10"]),
    "2.10": ("2.10.1", ["3.10"]),
    "2.11": ("2.11.1", ["3.10"]),
    "2.12": ("2.12.1", ["3.11"]),
    "2.13": ("2.13.1", ["3.11"]),
    "2.14": ("2.14.1", ["3.11"]),
    "2.15": ("2.15.1", ["3.11"]),
    "2.16": ("2.16.2", ["3.11"]),
    "2.17": ("2.17.1", ["3.12"]),
    "2.18": ("2.18.1", ["3.12"]),
    "2.19": ("2.19.1", ["3.12"]),
    "2.20": ("2.20.0", ["3.13"]),
    "2.21": ("2.21.0", ["3.12", "3.13"]),
}
NEWEST = "2.21"

# What a release needs besides its own metadata: later versions of these no longer work with it.
PINS = {
    "protobuf<3.21": ["2.5", "2.6", "2.7", "2.8"],
    "keras<2.7": ["2.6"],
    "tensorflow-estimator<2.7": ["2.6"],
    "numpy<1.24": ["2.7", "2.8", "2.9", "2.10", "2.11"],
}
# From here on `tf.keras` is Keras 3, and legacy Keras is a package of its own.
KERAS_3 = ["2.16", "2.17", "2.18", "2.19", "2.20", "2.21"]

# In continuous integration, beside the newest release, on which all tests run: the oldest, the last of Keras 2, and
# the first of Keras 3, with legacy Keras.
IN_CI = ["2.5", "2.15", "2.16 legacy"]


def cells() -> list[object]:
    """Returns the cells of the matrix: a Python, a release, and one of its Keras."""
    found = []
    for release, (_, pythons) in RELEASES.items():
        for python in pythons:
            name = release if python == pythons[0] else f"{release} python{python}"
            found.append((python, release, False, name))
        if release in KERAS_3:
            found.append((pythons[0], release, True, f"{release} legacy"))
    return [nox.param(*cell[:3], id=cell[3], tags=["ci"] if cell[3] in IN_CI else []) for cell in found]


def install_wheel(session: nox.Session, extras: str, *requirements: str) -> Path:
    """Builds the distributions, installs the wheel, and returns the folder of the unpacked source distribution."""
    folder = Path(session.create_tmp()).resolve() / "distributions"
    shutil.rmtree(folder, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--outdir", str(folder), ".", silent=True)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    session.install(f"{wheel}[{extras}]", *requirements)
    shutil.unpack_archive(source, folder)
    return folder / source.name[: -len(".tar.gz")]


def install_legacy_keras(session: nox.Session, release: str) -> None:
    """Installs legacy Keras alone: its dependency would be another build of TensorFlow."""
    session.install("--no-deps", f"tf-keras=={release}.*")


@nox.session
@nox.parametrize(("python", "release", "legacy"), cells())
def matrix(session: nox.Session, release: str, legacy: bool) -> None:
    """Test the built wheel on one release of TensorFlow: all but the migration command, which needs none."""
    tensorflow, _ = RELEASES[release]
    pins = [pin for pin, releases in PINS.items() if release in releases]
    tests = install_wheel(session, "test", f"tensorflow-cpu=={tensorflow}", *pins)
    if release in KERAS_3:
        install_legacy_keras(session, release)
    session.chdir(tests)
    # The pytest script, unlike ``python -m pytest``, leaves the working folder off the import path, so the installed
    # wheel is what the tests import.
    session.run(
        "pytest",
        "--ignore-glob=*/test_migrate_*.py",
        *session.posargs,
        env={"TF_USE_LEGACY_KERAS": str(int(legacy))},
    )


@nox.session(python=["3.9", "3.13"])
def migration(session: nox.Session) -> None:
    """Test the migration command, which needs no TensorFlow, on the oldest and the newest Python."""
    tests = install_wheel(session, "test")
    session.chdir(tests)
    session.run("pytest", *(session.posargs or map(str, sorted(Path("tests").glob("test_migrate_*.py")))))


@nox.session(python=RELEASES[NEWEST][1][0])
def tests(session: nox.Session) -> None:
    """Run all tests on the newest release, with the built wheel."""
    folder = install_wheel(session, "test,tf-cpu", f"tensorflow-cpu=={RELEASES[NEWEST][0]}")
    install_legacy_keras(session, NEWEST)
    session.chdir(folder)
    session.run("pytest", *session.posargs)


@nox.session(python="3.7")
def golden(session: nox.Session) -> None:
    """Make all that TensorFlow 1.15.5 gave the tests once more, and compare every byte with what is stored."""
    session.install("tensorflow==1.15.5", "numpy==1.18.5", "protobuf<3.21")
    folder = Path(session.create_tmp()).resolve()
    session.run("python", "tests/golden/make_golden.py", str(folder / "golden"))
    session.run("python", "tests/golden/compare_golden.py", str(folder / "golden"))
    session.run("python", "tests/golden/make_golden_namespace.py", str(folder / "namespace"))
    stored = "tests/golden/namespace_tf1_15_5"
    session.run("python", "tests/golden/compare_golden.py", str(folder / "namespace"), stored)
    session.run("python", "tests/meta_graphs/make_meta_graphs.py", str(folder / "meta_graphs"))
    made, stored = folder / "meta_graphs" / "values.json", Path("tests/meta_graphs/values.json")
    if made.read_bytes() != stored.read_bytes():
        session.error(f"{made} differs from {stored}")
    session.log("The values of the graph files are the same bytes.")


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style and the formatting of every file."""
    session.install("ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the package's types."""
    session.install(".", "mypy")
    session.run("mypy", "compat_v1_init")


@nox.session(python=RELEASES[NEWEST][1][0])
def docs(session: nox.Session) -> None:
    """Build the pages of docs/ into docs/_build/html; a warning is an error."""
    session.install(".[tf-cpu,docs]")
    session.run("sphinx-build", "-W", "--keep-going", "-n", "-b", "html", "docs", "docs/_build/html", *session.posargs)


@nox.session(python=RELEASES[NEWEST][1][0])
def soak(session: nox.Session) -> None:
    """Play random programs of draws against the original, 20,000 steps unless told otherwise."""
    session.install(".[tf-cpu]", "hypothesis")
    session.run("python", "tests/soak.py", *session.posargs)


@nox.session(python=RELEASES[NEWEST][1][0])
def bench(session: nox.Session) -> None:
    """Time the initializers."""
    session.install(".[tf-cpu]")
    session.run("python", "benchmarks/bench.py", *session.posargs)
