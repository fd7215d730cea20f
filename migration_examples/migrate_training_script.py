"""Moves a copy of `legacy_script/` to the drop-in by one command, and trains with it and with the original.

All variables, the optimizer's too, must have the same bytes before training and after it, and no stateful random op may
be left. Exit code 0: all is as it must be, 1: it is not.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
from _compare import Check, print_verdict, same_bytes
from migrate_legacy_project import run, tell

LEGACY = Path(__file__).resolve().parent / "legacy_script"
COMMAND = ("migrate", "--defaults", "--samplers", "--write", "--prove")
STATEFUL = {"RandomStandardNormal", "RandomUniform", "TruncatedNormal"}


def train(folder: Path, steps: int) -> tuple[dict[str, np.ndarray], set[str]]:
    """Runs the program of a copy; returns its variables, before and after training, and the types of its random ops."""
    done = run(["train_autoencoder.py", "--steps", str(steps), "--out", "weights.npz"], folder)
    if done.returncode:
        raise SystemExit(f"{folder.name}: the script failed:\n{done.stderr[-2000:]}")
    loss, ops = done.stdout.splitlines()
    print(f"{folder.name}: {loss}; {ops}")
    with np.load(folder / "weights.npz") as arrays:
        return {name: arrays[name] for name in arrays.files}, set(ops.partition(": ")[2].split(", "))


def main() -> int:
    """Runs everything; returns 0 if all is as it must be, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40, help="training steps (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        original, moved = (Path(temporary, name) for name in ("original", "moved"))
        for folder in (original, moved):
            shutil.copytree(LEGACY, folder)
        print("compat-v1-init " + " ".join(COMMAND))
        done = run(["-m", "compat_v1_init", *COMMAND, "--format", "json", "."], moved)
        tell(json.loads(done.stdout))
        (weights, ops), (new_weights, new_ops) = (train(folder, options.steps) for folder in (original, moved))
    checks = [Check("migrate: exit code", "-", str(done.returncode), done.returncode == 0)]
    checks += [same_bytes(name, [weights[name]], [new_weights[name]]) for name in weights]
    left = new_ops & STATEFUL
    checks.append(Check("kinds of stateful random ops", str(len(ops & STATEFUL)), str(len(left)), not left))
    agreed = print_verdict("all variables of the script, before and after the move", checks)
    print("same bytes" if agreed else "NOT as it must be")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main())
