"""Development tasks: ``nox`` runs the checks, ``nox -s NAME`` a single task, ``nox -l`` lists them.

The version matrix in one go, with a table at the end, is ``nox -s matrix_all``, what CI runs of it ``nox -s matrix_all
-- --ci``, and one cell of it ``nox -s "matrix(2.8)"`` or ``nox -s "matrix(2.16 legacy)"``. Arguments after ``--`` go to
the tool that a task runs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

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
# The newest that this project knows to have wheels for the CPU alone.
TORCH = "torch==2.13.0"
# From here on `tf.keras` is Keras 3, and legacy Keras is a package of its own.
KERAS_3 = ["2.16", "2.17", "2.18", "2.19", "2.20", "2.21"]

# In continuous integration, beside the newest release, on which all tests run: the oldest, and the first of Keras 3,
# with legacy Keras; and of their tests those that say most about the release. More would not end within half an hour on
# two cores.
IN_CI = ["2.5", "2.16 legacy"]
_NAMES_IN_CI = ("golden", "face", "modes_graph", "vectorized", "known_differences", "translate", "keras_models")
TESTS_IN_CI = [f"tests/test_{name}.py" for name in _NAMES_IN_CI]


# What a test checks that does not depend on the release of TensorFlow is marked so: it runs on the newest alone.
NOT_ON_EACH = ["-m", "not once"]


class Cell(NamedTuple):
    """A cell of the matrix: a Python, a release, and one of its Keras."""

    name: str
    python: str
    release: str
    legacy: bool


def cells() -> list[Cell]:
    """Returns the cells of the matrix; those of one Python and one release follow each other."""
    found = []
    for release, (_, pythons) in RELEASES.items():
        for python in pythons:
            name = release if python == pythons[0] else f"{release} python{python}"
            found.append(Cell(name, python, release, legacy=False))
            if release in KERAS_3 and python == pythons[0]:
                found.append(Cell(f"{release} legacy", python, release, legacy=True))
    return found


def build(session: nox.Session, folder: Path) -> tuple[Path, Path]:
    """Returns the wheel, and the folder of the unpacked source distribution."""
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(folder), ".", silent=True)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    shutil.unpack_archive(source, folder)
    return wheel, folder / source.name[: -len(".tar.gz")]


def requirements(release: str) -> list[list[str]]:
    """Returns what pip installs for a release besides the wheel, a list for each of its runs."""
    pins = [pin for pin, releases in PINS.items() if release in releases]
    found = [[f"tensorflow-cpu=={RELEASES[release][0]}", *pins]]
    # Legacy Keras alone: its dependency would be another build of TensorFlow.
    return [*found, ["--no-deps", f"tf-keras=={release}.*"]] if release in KERAS_3 else found


def install_wheel(session: nox.Session, extras: str, release: str | None = None) -> Path:
    """Builds the distributions, installs the wheel, and returns the folder of the unpacked source distribution."""
    session.install("build")
    wheel, source = build(session, Path(session.create_tmp()).resolve() / "distributions")
    first, *rest = requirements(release) if release else [[]]
    session.install(f"{wheel}[{extras}]", *first)
    for more in rest:
        session.install(*more)
    return source


@nox.session
@nox.parametrize(("python", "release", "legacy"), [nox.param(*cell[1:], id=cell.name) for cell in cells()])
def matrix(session: nox.Session, release: str, legacy: bool) -> None:
    """Test the built wheel on one release of TensorFlow: all that depends on it."""
    session.chdir(install_wheel(session, "test", release))
    # The pytest script, unlike ``python -m pytest``, leaves the working folder off the import path, so the installed
    # wheel is what the tests import.
    session.run("pytest", *NOT_ON_EACH, *session.posargs, env={"TF_USE_LEGACY_KERAS": str(int(legacy))})


class Row(NamedTuple):
    """A row of the table: what came of a cell."""

    cell: Cell
    tensorflow: str
    python: str
    counts: Counter[str]
    installing: float
    testing: float
    code: int


@nox.session
def matrix_all(session: nox.Session) -> None:
    """Test many cells of the matrix, two at a time, and print a table: all, or those of CI, or those named.

    The distributions are built once, the cells of one Python and one release share an environment, and each
    environment, of over a gigabyte, goes as soon as its tests are done.
    """
    parser = argparse.ArgumentParser(prog="nox -s matrix_all --")
    parser.add_argument("--ci", action="store_true", help="only the cells, and the tests, of continuous integration")
    parser.add_argument("--cells", nargs="+", metavar="CELL", help="only these, such as 2.8 or '2.16 legacy'")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time (default: %(default)s)"
    )
    parser.add_argument(
        "--tests", nargs="+", default=[], metavar="ARGUMENT", help="for pytest, such as tests/test_x.py"
    )
    arguments = parser.parse_args(session.posargs)
    names = IN_CI if arguments.ci else arguments.cells
    chosen_tests = arguments.tests or (TESTS_IN_CI if arguments.ci else [])
    unknown = set(names or ()) - {cell.name for cell in cells()}
    if unknown:
        session.error(f"no such cells: {sorted(unknown)}; there are {[cell.name for cell in cells()]}")
    chosen = [cell for cell in cells() if names is None or cell.name in names]
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in chosen:
        groups.setdefault((cell.python, cell.release), []).append(cell)
    session.install("build")
    logs = Path(session.create_tmp()).resolve()
    wheel, source = build(session, logs / "distributions")
    with ThreadPoolExecutor(arguments.jobs) as pool:
        tested = pool.map(lambda group: run_group(group, wheel, source, logs, chosen_tests), groups.values())
        rows = [row for rows in tested for row in rows]
    print_table(session, rows)
    failed = [row.cell.name for row in rows if row.code]
    if failed:
        session.error(f"failed: {', '.join(failed)}; the logs are in {logs}")


def run_group(group: list[Cell], wheel: Path, source: Path, logs: Path, tests: list[str]) -> list[Row]:
    """Returns what comes of the cells of one Python and one release."""
    python, release = group[0].python, group[0].release
    rows = []
    with tempfile.TemporaryDirectory(prefix=f"matrix-{release}-") as folder:
        bin_folder = Path(folder) / "venv" / "bin"
        begun = time.monotonic()
        with (logs / f"{release} python{python} install.log").open("wb") as log:
            steps = [
                [find_python(python), "-m", "venv", str(bin_folder.parent)],
                *([str(bin_folder / "pip"), "install", *more] for more in _with_wheel(wheel, release)),
            ]
            code = next((code for code in (_run(step, log=log) for step in steps) if code), 0)
        installing = time.monotonic() - begun
        # A copy each, since tests leave files behind.
        copy = shutil.copytree(source, Path(folder) / "source")
        for cell in group:
            report = Path(folder) / f"{cell.name}.xml"
            begun = time.monotonic()
            if not code or rows:
                with (logs / f"{cell.name}.log").open("wb") as log:
                    command = [str(bin_folder / "pytest"), *NOT_ON_EACH, "--junitxml", str(report), *tests]
                    code = _run(command, log=log, cwd=copy, TF_USE_LEGACY_KERAS=str(int(cell.legacy)))
            testing = time.monotonic() - begun
            rows.append(Row(cell, RELEASES[release][0], python, counts_of(report), installing, testing, code))
            installing = 0.0
            print(f"{cell.name}: {'failed' if code else 'passed'} in {testing:.0f} s", flush=True)  # noqa: T201
            if code:
                log = logs / (f"{cell.name}.log" if report.exists() else f"{release} python{python} install.log")
                print(log.read_text(errors="replace")[-6000:], flush=True)  # noqa: T201
    return rows


def _with_wheel(wheel: Path, release: str) -> list[list[str]]:
    first, *rest = requirements(release)
    return [[f"{wheel}[test]", *first], *rest]


def _run(command: list[str], *, log: object, cwd: Path | None = None, **environment: str) -> int:
    return subprocess.run(  # noqa: S603 - this file's own commands
        command, cwd=cwd, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT, check=False
    ).returncode


def find_python(version: str) -> str:
    """Returns an interpreter of a version that runs: of pyenv's names on PATH, only those that are selected do."""
    for folder in os.environ["PATH"].split(os.pathsep):
        path = Path(folder) / f"python{version}"
        if path.exists() and not _run([str(path), "-c", ""], log=subprocess.DEVNULL):
            return str(path)
    msg = f"Python {version} was not found. Install it, for example: pyenv install {version}"
    raise FileNotFoundError(msg)


def counts_of(report: Path) -> Counter[str]:
    """Returns how many tests passed, failed, were skipped, or failed as they were expected to."""
    counts: Counter[str] = Counter()
    if report.exists():
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest's own
            kinds = {child.tag: child.get("type", "") for child in case}
            if "failure" in kinds or "error" in kinds:
                counts["failed"] += 1
            elif "skipped" in kinds:
                counts["expected" if kinds["skipped"] == "pytest.xfail" else "skipped"] += 1
            else:
                counts["passed"] += 1
    return counts


def print_table(session: nox.Session, rows: list[Row]) -> None:
    """Prints what came of each cell, as Markdown."""
    passed = sum(row.counts["passed"] for row in rows)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    lines = [
        f"{dt.datetime.now(dt.timezone.utc):%Y-%m-%d}, {machine}, {passed:,} passed",
        "",
        "| cell | Python | TensorFlow | passed | known differences | skipped | failed | install, s | tests, s |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        kinds = [f"{row.counts[kind]:,}" for kind in ("passed", "expected", "skipped", "failed")]
        if row.code and not row.counts["failed"]:
            kinds[-1] = "did not run"
        cells_ = [row.cell.name, row.python, row.tensorflow, *kinds, f"{row.installing:.0f}", f"{row.testing:.0f}"]
        lines.append(f"| {' | '.join(cells_)} |")
    session.log("The matrix:\n\n" + "\n".join(lines))


@nox.session(python=["3.9", "3.13"])
def migration(session: nox.Session) -> None:
    """Test the migration command, which needs no TensorFlow, on the oldest and the newest Python."""
    tests = install_wheel(session, "test")
    session.chdir(tests)
    session.run("pytest", *(session.posargs or map(str, sorted(Path("tests").glob("test_migrate_*.py")))))


@nox.session(python=RELEASES[NEWEST][1][0])
def tests(session: nox.Session) -> None:
    """Run all tests on the newest release, with the built wheel."""
    session.chdir(install_wheel(session, "test,tf-cpu,notebooks", NEWEST))
    session.run("pytest", *session.posargs)


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
    made, stored = folder / "meta_graphs" / "values.json", Path("tests/meta_graphs/values.json")
    if made.read_bytes() != stored.read_bytes():
        session.error(f"{made} differs from {stored}")
    session.log("The values of the graph files are the same bytes.")
    session.run("python", "tests/old_models/make_resnet50.py", str(folder))
    made, stored = folder / "resnet50.json", Path("tests/old_models/resnet50.json")
    if made.read_bytes() != stored.read_bytes():
        session.error(f"{made} differs from {stored}")
    session.run("python", "tests/old_models/make_old_models.py", str(folder / "old_models"))
    session.run("python", "tests/old_models/compare_old_models.py", str(folder / "old_models"))


@nox.session(python="3.11")
def backends(session: nox.Session) -> None:
    """Test Keras 3 on JAX and PyTorch; on TensorFlow the other tests do."""
    # First of all PyTorch, in a release that is built for the CPU as well: others bring CUDA with them.
    session.install(TORCH)
    folder = install_wheel(session, "test", NEWEST)
    session.install("jax")
    session.chdir(folder)
    session.run("pytest", "tests/test_backends.py", "-k", "not tensorflow", *session.posargs)
    for backend in ("jax", "torch"):
        chosen = ["-k", "writer or goes_on"]
        session.run("pytest", "tests/test_old_models.py", *chosen, *session.posargs, env={"KERAS_BACKEND": backend})


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style and the formatting of every file, and how the distributions present themselves."""
    session.install("ruff", "build", "twine", "readme-renderer[md]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    folder = Path(session.create_tmp()).resolve() / "distributions"
    build(session, folder)
    session.run("twine", "check", "--strict", *map(str, [*folder.glob("*.whl"), *folder.glob("*.tar.gz")]))


@nox.session
def types(session: nox.Session) -> None:
    """Check the package's types."""
    session.install(".", "mypy", "numpy")
    session.run("mypy", "compat_v1_init")


@nox.session(python=RELEASES[NEWEST][1][0])
def docs(session: nox.Session) -> None:
    """Build the pages of docs/ into docs/_build/html, and test them; a warning is an error."""
    session.install(".[tf-cpu,docs]", "pytest")
    session.run("sphinx-build", "-W", "--keep-going", "-n", "-b", "html", "docs", "docs/_build/html", *session.posargs)
    session.run("pytest", "tests/test_site.py", env={"SITE": "docs/_build/html"})


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
