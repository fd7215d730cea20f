"""Migrates copies of `legacy_project/` to the drop-in and to Keras, proves the sites, and runs all three programs.

The drop-in must keep every number: its program's first and trained weights are compared with the original's, byte by
byte. Keras' program may draw different numbers from the same distributions, so it is only run. Exit code 0: all is as
it must be, 1: it is not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from _compare import Check, print_verdict, same_bytes

LEGACY = Path(__file__).resolve().parent / "legacy_project"
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONDONTWRITEBYTECODE": "1"}
# With several threads the order in which partial sums of a gradient are added up may change from run to run, and with
# it the last bits of the trained weights.
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs this Python in a folder, with this package importable."""
    paths = [str(LEGACY.parent.parent), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, **QUIET, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, *command]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - this Python on this repository's files


def migrate(folder: Path, *options: str) -> tuple[int, dict]:
    """Runs the migration on a folder; returns its exit code and its report."""
    done = run(["-m", "compat_v1_init", "migrate", *options, "--format", "json", "."], folder)
    return done.returncode, json.loads(done.stdout)


def tell(report: dict) -> None:
    """Prints what the migration did, file by file."""
    for file in report["files"]:
        print(f"  {file['path']}: {file['status']}")
        if file["failure"]:
            print(f"      {file['failure']['reason']}")
        for cell in file["skipped_cells"]:
            print(f"      cell {cell['cell']} left alone: {cell['reason']}")
        for finding in file["findings"]:
            cell = f"cell {finding['cell']}, " if finding["cell"] else ""
            print(f"      {cell}line {finding['line']}: {finding['effect']}; {finding['proof'] or finding['message']}")


def train(folder: Path, steps: int) -> dict[str, np.ndarray]:
    """Runs the program of a copy; returns its weights, before and after training."""
    done = run(["train.py", "--steps", str(steps), "--out", "weights.npz"], folder)
    if done.returncode:
        sys.exit(f"{folder.name}: train.py failed:\n{done.stderr[-2000:]}")
    print(f"{folder.name}: {done.stdout.strip()}")
    with np.load(folder / "weights.npz") as arrays:
        return {name: arrays[name] for name in arrays.files}


def main() -> int:
    """Runs everything; returns 0 if all is as it must be, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=50, help="training steps (default: %(default)s)")
    options = parser.parse_args()
    checks = []
    with tempfile.TemporaryDirectory() as temporary:
        original, shim, keras = (Path(temporary, name) for name in ("original", "shim", "keras"))
        for folder in (original, shim, keras):
            shutil.copytree(LEGACY, folder)
        for folder in (shim, keras):
            code, report = migrate(folder, "--to", folder.name, "--write", "--prove")
            counts = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in report["counts"].items() if count)
            print(f"--to {folder.name}: exit code {code}; {counts}")
            tell(report)
            again, second = migrate(folder, "--to", folder.name)
            changed = second["counts"]["would_change"]
            checks.append(Check(f"--to {folder.name}: changed by a second run", "-", str(changed), changed == 0))
            checks.append(Check(f"--to {folder.name}: failed files", "-", str(second["counts"]["failed"]), again < 2))
        weights = {folder: train(folder, options.steps) for folder in (original, shim, keras)}
        checks += [same_bytes(name, [weights[original][name]], [weights[shim][name]]) for name in weights[original]]
        finite = all(np.isfinite(array).all() for array in weights[keras].values())
        checks.append(Check("keras: trained weights are finite", "-", str(finite), finite))
        for folder, works in ((original, False), (shim, True), (keras, True)):
            code = run(["-m", "model.contrib_head"], folder).returncode
            checks.append(Check(f"{folder.name}: contrib_head.py runs", "-", str(code == 0), (code == 0) == works))
    agreed = print_verdict("the original's weights and the drop-in's, and what else must hold", checks)
    print("same bytes" if agreed else "NOT as it must be")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main())
