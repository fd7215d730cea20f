"""The matrix: tests the built distributions on many releases of TensorFlow, and prints a table.

`nox -s matrix_all` builds them and runs this. The cells of one Python and one release share an environment, and each
environment, of over a gigabyte, goes as soon as its tests are done. It needs nothing but Python.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from pythons import find

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

# In continuous integration, beside the newest release, on which all tests run: the oldest, and the first of Keras 3,
# with legacy Keras; and of their tests those that say most about the release. More would not end within half an hour on
# two cores.
IN_CI = ["2.5", "2.16 legacy"]
_IN_CI = (
    "initializers/test_golden.py",
    "initializers/test_face.py",
    "sampling/test_modes_graph.py",
    "project/test_known_differences.py",
    "with_keras/test_translate.py",
    "with_keras/test_keras_models.py",
)
TESTS_IN_CI = ["-m", "not once and not slow and not repeated", *(f"tests/{name}" for name in _IN_CI)]


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


def requirements(release: str) -> list[list[str]]:
    """Returns what pip installs for a release besides the wheel, a list for each of its runs."""
    pins = [pin for pin, releases in PINS.items() if release in releases]
    found = [[f"tensorflow-cpu=={RELEASES[release][0]}", *pins]]
    # Legacy Keras alone: its dependency would be another build of TensorFlow.
    return [*found, ["--no-deps", f"tf-keras=={release}.*"]] if release in KERAS_3 else found


class Row(NamedTuple):
    """A row of the table: what came of a cell."""

    cell: Cell
    tensorflow: str
    python: str
    counts: Counter[str]
    installing: float
    testing: float
    code: int


def main() -> int:
    """Tests many cells: all, or those of continuous integration, or those named. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s matrix_all --", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--distributions", type=Path, required=True, help="the folder of the built ones, and of the logs"
    )
    parser.add_argument("--ci", action="store_true", help="only the cells, and the tests, of continuous integration")
    parser.add_argument("--cells", nargs="+", metavar="CELL", help="only these, such as 2.8 or '2.16 legacy'")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time (default: %(default)s)"
    )
    parser.add_argument(
        "--tests", nargs="+", default=[], metavar="ARGUMENT", help="for pytest, such as tests/with_keras"
    )
    parser.add_argument("--quick", action="store_true", help="only the tests of continuous integration")
    arguments = parser.parse_args()
    names = IN_CI if arguments.ci else arguments.cells
    chosen_tests = arguments.tests or (TESTS_IN_CI if arguments.ci or arguments.quick else [])
    unknown = set(names or ()) - {cell.name for cell in cells()}
    if unknown:
        parser.error(f"no such cells: {sorted(unknown)}; there are {[cell.name for cell in cells()]}")
    chosen = [cell for cell in cells() if names is None or cell.name in names]
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in chosen:
        groups.setdefault((cell.python, cell.release), []).append(cell)
    logs = arguments.distributions.resolve()
    (wheel,), (source,) = logs.glob("*.whl"), (path for path in logs.iterdir() if path.is_dir())
    with ThreadPoolExecutor(arguments.jobs) as pool:
        tested = pool.map(lambda group: run_group(group, wheel, source, logs, chosen_tests), groups.values())
        rows = [row for rows in tested for row in rows]
    print_table(rows)
    failed = [row.cell.name for row in rows if row.code]
    if failed:
        print(f"failed: {', '.join(failed)}; the logs are in {logs}")
    return int(bool(failed))


def run_group(group: list[Cell], wheel: Path, source: Path, logs: Path, tests: list[str]) -> list[Row]:
    """Returns what comes of the cells of one Python and one release."""
    python, release = group[0].python, group[0].release
    rows = []
    with tempfile.TemporaryDirectory(prefix=f"matrix-{release}-") as folder:
        bin_folder = Path(folder) / "venv" / "bin"
        begun = time.monotonic()
        with (logs / f"{release} python{python} install.log").open("wb") as log:
            steps = [
                [find(python), "-m", "venv", str(bin_folder.parent)],
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
                    # Other cells run beside this one, so it has a single process.
                    command = [
                        str(bin_folder / "pytest"),
                        "-p",
                        "no:xdist",
                        *NOT_ON_EACH,
                        "--junitxml",
                        str(report),
                        *tests,
                    ]
                    code = _run(command, log=log, cwd=copy, TF_USE_LEGACY_KERAS=str(int(cell.legacy)))
            testing = time.monotonic() - begun
            rows.append(Row(cell, RELEASES[release][0], python, counts_of(report), installing, testing, code))
            installing = 0.0
            print(f"{cell.name}: {'failed' if code else 'passed'} in {testing:.0f} s", flush=True)
            if code:
                log = logs / (f"{cell.name}.log" if report.exists() else f"{release} python{python} install.log")
                print(log.read_text(errors="replace")[-6000:], flush=True)
    return rows


def _with_wheel(wheel: Path, release: str) -> list[list[str]]:
    first, *rest = requirements(release)
    return [[f"{wheel}[test]", *first], *rest]


def _run(command: list[str], *, log: object, cwd: Path | None = None, **environment: str) -> int:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT, check=False
    ).returncode


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


def print_table(rows: list[Row]) -> None:
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
    print("", *lines, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
