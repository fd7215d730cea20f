"""Draws a table that the original cannot draw on the same machine, and checks slices of it.

The table has more than 2**31 elements; by default 10 GiB of float32. Three slices of it, drawn alone by
`options(partitions="slices")`, must be the same bytes. With `--original` the same table is drawn by TensorFlow's own
initializer in a process of its own, which may be killed for memory: pass a smaller one, such as
`--rows 33554433 --dtype float16` (4 GiB).

    python benchmarks/huge.py [--rows N] [--dtype NAME] [--distribution NAME] [--original]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import time
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

import compat_v1_init

COLUMNS = 64


class PartitionInfo(NamedTuple):
    """A shard as `get_variable` describes it."""

    full_shape: list[int]
    var_offset: list[int]


def draw(make: Any, arguments: argparse.Namespace) -> Any:
    """Draws the table, prints what it took, and returns it."""
    tf.random.set_seed(1)
    start = time.perf_counter()
    table = make(distribution=arguments.distribution, seed=5)([arguments.rows, COLUMNS], arguments.dtype)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = arguments.rows * COLUMNS * table.dtype.size
    print(f"{size / 2**30:.2f} GiB in {took:.0f} s; peak memory of the process {peak / size:.2f} times that")
    return table


def main() -> int:
    """Runs the script; returns 1 if a slice or the original differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=41943040)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--distribution", default="truncated_normal")
    parser.add_argument("--original", action="store_true", help="also draw the original, and compare")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        table = draw(tf.compat.v1.variance_scaling_initializer, arguments)
        print(hashlib.sha256(table.numpy().data).hexdigest())
        return 0
    table = draw(compat_v1_init.variance_scaling_initializer, arguments).numpy()
    same = True
    for row in (0, min(arguments.rows, 2**31 // COLUMNS) - 1, arguments.rows - 1000):
        tf.random.set_seed(1)
        initializer = compat_v1_init.variance_scaling_initializer(distribution=arguments.distribution, seed=5)
        rows = min(1000, arguments.rows - row)
        with compat_v1_init.options(partitions="slices"):
            info = PartitionInfo([arguments.rows, COLUMNS], [row, 0])
            shard = initializer([rows, COLUMNS], arguments.dtype, info).numpy()
        equal = shard.tobytes() == table[row : row + rows].tobytes()
        print(f"rows {row} to {row + rows - 1}, drawn alone: same bytes: {equal}")
        same = same and equal
    if arguments.original:
        digest = hashlib.sha256(table.data).hexdigest()
        del table
        run = subprocess.run([sys.executable, *sys.argv, "--child"], check=False, stdout=subprocess.PIPE, text=True)
        print(f"the original: {run.stdout.splitlines()[0] if run.returncode == 0 else f'exit {run.returncode}'}")
        equal = run.stdout.endswith(f"{digest}\n")
        print(f"the original: same bytes: {equal}")
        same = same and equal
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
