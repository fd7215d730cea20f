"""Measures how time and peak memory grow with the size of a draw and with the number of shards, and draws both.

Each measurement is a process of its own, so that its peak memory is its own; the time is the median of a few draws in
it, the memory the peak resident size less that of the same process before the first draw. JAX and PyTorch take part
where they are installed. Shards are cut along axis 0 or 1, and the time of one shard is compared with its share of the
whole draw, which is measured in the same process.

    python benchmarks/growth.py [--largest N] [--out FILE.png]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

COLUMNS = 1024
SIZES = [1 << 10, 1 << 14, 1 << 17, 1 << 20, 1 << 24, 1 << 27, 1 << 30]
SHARDS = [1, 2, 4, 8, 16, 32, 64]
WHOLE = (16384, 2048)  # what is cut into shards: 128 MiB of float32
MIB = 2**20


class PartitionInfo(NamedTuple):
    """A shard as `get_variable` describes it."""

    full_shape: list[int]
    var_offset: list[int]


def compat_v1() -> Callable[[tuple[int, int]], Any]:
    """Returns TensorFlow's own initializer."""
    import tensorflow as tf

    return tf.compat.v1.variance_scaling_initializer(seed=1)


def ours() -> Callable[[tuple[int, int]], Any]:
    """Returns the drop-in."""
    import compat_v1_init

    return compat_v1_init.variance_scaling_initializer(seed=1)


def keras() -> Callable[[tuple[int, int]], Any]:
    """Returns Keras' initializer."""
    import tensorflow as tf

    return tf.keras.initializers.VarianceScaling(seed=1)


def jax() -> Callable[[tuple[int, int]], Any]:
    """Returns JAX's initializer, compiled."""
    import jax

    initializer = jax.nn.initializers.variance_scaling(1.0, "fan_in", "truncated_normal")
    key = jax.random.key(1)
    # The key is an argument: of a constant key XLA could compute the whole draw while compiling.
    jitted = jax.jit(initializer, static_argnums=1)
    return lambda shape: jitted(key, shape).block_until_ready()


def pytorch() -> Callable[[tuple[int, int]], Any]:
    """Returns PyTorch's truncated normal with the same width."""
    import torch

    def draw(shape: tuple[int, int]) -> Any:
        width = shape[0] ** -0.5
        return torch.nn.init.trunc_normal_(torch.empty(shape), std=width, a=-2 * width, b=2 * width)

    return draw


LIBRARIES = {
    "tf.compat.v1": ("tensorflow", compat_v1),
    "compat_v1_init": ("tensorflow", ours),
    "Keras": ("tensorflow", keras),
    "JAX": ("jax", jax),
    "PyTorch": ("torch", pytorch),
}


def peak() -> float:
    """Returns the largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(call: Callable[[], object], least: float = 0.3) -> float:
    """Returns the median time of a call, of as many as fill `least` seconds, and of three at least."""
    times: list[float] = []
    while len(times) < 3 or (sum(times) < least and len(times) < 200):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure_size(library: str, size: int) -> dict[str, float]:
    """Returns time and memory of a truncated normal draw of `size` float32 elements."""
    draw = LIBRARIES[library][1]()
    shape = (max(1, size // COLUMNS), min(size, COLUMNS))
    draw((2, 2))
    before = peak()
    start = time.perf_counter()
    draw(shape)
    took = time.perf_counter() - start
    memory = max(0.0, peak() - before)
    return {"memory": memory, "seconds": took if took > 5 else seconds(lambda: draw(shape))}


def measure_shard(distribution: str, axis: int, shards: int) -> dict[str, float]:
    """Returns time and memory of the last shard of a variable, and the time of its share of the whole draw."""
    import compat_v1_init

    initializer = compat_v1_init.variance_scaling_initializer(distribution=distribution, seed=1)
    shape, offset = list(WHOLE), [0, 0]
    shape[axis] //= shards
    offset[axis] = WHOLE[axis] - shape[axis]

    def shard() -> object:
        with compat_v1_init.options(partitions="slices"):
            return initializer(shape, partition_info=PartitionInfo(list(WHOLE), offset))

    initializer((2, 2))
    before = peak()
    shard()
    memory = max(0.0, peak() - before)
    times = [(seconds(shard, 0), seconds(lambda: initializer(WHOLE), 0)) for _ in range(3)]
    ratio = statistics.median(own / (whole / shards) for own, whole in times)
    return {"memory": memory, "seconds": statistics.median(own for own, _ in times), "ratio": ratio}


def in_a_process(*arguments: object) -> dict[str, float] | None:
    """Returns what this script measures when it is given these arguments, or None where it is killed for memory."""
    command = [sys.executable, __file__, "--child", *map(str, arguments)]
    run = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        return None
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def child(kind: str, *arguments: str) -> None:
    """Prints one measurement as JSON."""
    if kind == "size":
        print(json.dumps(measure_size(arguments[0], int(arguments[1]))))
    else:
        print(json.dumps(measure_shard(arguments[0], int(arguments[1]), int(arguments[2]))))


def grow(largest: int) -> dict[str, list[dict[str, float]]]:
    """Returns for each library the measurements of all sizes."""
    installed = [name for name, (module, _) in LIBRARIES.items() if importlib.util.find_spec(module)]
    results: dict[str, list[dict[str, float]]] = {name: [] for name in installed}
    for size in (size for size in SIZES if size <= largest):
        for name in installed:
            found = in_a_process("size", name, size)
            if found is None:
                print(f"{size:>11} elements  {name:<15} failed")
                continue
            results[name].append(found | {"x": size})
            output = size * 4 / MIB
            print(
                f"{size:>11} elements  {name:<15} {found['seconds'] * 1e3:>10.3f} ms"
                f"  peak {found['memory']:>8.0f} MiB for {output:>6.0f} MiB"
            )
    return results


def cut() -> dict[str, list[dict[str, float]]]:
    """Returns for each distribution and axis the measurements of all numbers of shards."""
    results: dict[str, list[dict[str, float]]] = {}
    for axis in (0, 1):
        for distribution in ("truncated_normal", "untruncated_normal", "uniform"):
            for shards in SHARDS:
                found = in_a_process("shard", distribution, axis, shards)
                if found is None:
                    print(f"1 of {shards:>2} shards along axis {axis}  {distribution:<18} failed")
                    continue
                results.setdefault(f"{distribution}, axis {axis}", []).append(found | {"x": shards})
                output = WHOLE[0] * WHOLE[1] * 4 / MIB / shards
                print(
                    f"1 of {shards:>2} shards along axis {axis}  {distribution:<18} {found['seconds'] * 1e3:>8.2f} ms:"
                    f" {found['ratio']:.2f} of its share  peak {found['memory']:>4.0f} MiB for {output:>4.0f} MiB"
                )
    return results


def picture(sizes: dict[str, list[dict[str, float]]], shards: dict[str, list[dict[str, float]]], out: Path) -> None:
    """Draws both."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (times, memories, ratios) = plt.subplots(3, 1, figsize=(6, 12), layout="constrained")
    for name, points in sizes.items():
        style = {"marker": "o", "linewidth": 2.5 if name == "compat_v1_init" else 1, "label": name}
        times.loglog([p["x"] for p in points], [p["seconds"] * 1e3 for p in points], **style)
        large = [p for p in points if p["x"] >= 1 << 24]
        memories.semilogx([p["x"] for p in large], [p["memory"] * MIB / 4 / p["x"] for p in large], **style)
    for name, points in shards.items():
        line = "-" if name.endswith("0") else "--"
        ratios.semilogx([p["x"] for p in points], [p["ratio"] for p in points], line, base=2, marker="o", label=name)
    times.set(title="Time of one draw", xlabel="elements (float32, truncated normal)", ylabel="ms")
    memories.set(title="Peak memory of one draw", xlabel="elements", ylabel="times the output", ylim=(0, 8))
    ratios.set(
        title="Time of one shard", xlabel="shards of a 16384 x 2048 variable", ylabel="times its share", ylim=(0, None)
    )
    for axes in (times, memories, ratios):
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.savefig(out, dpi=100)
    print(f"wrote {out}")


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="the largest number of elements")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("growth.png"))
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(*arguments.child)
        return
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}")
    picture(grow(arguments.largest), cut(), arguments.out)


if __name__ == "__main__":
    main()
