"""Times the drop-in against TensorFlow's own initializer and Keras', side by side in one run.

Every time is the median over alternating rounds, every ratio the median of the rounds' ratios, so that a machine whose
speed drifts slows both sides alike. Memory is the peak resident size of a process of its own, less that of a process
that does all but the draw.

    python benchmarks/bench.py [--quick]
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")
HALF_GIB = (8192, 16384)  # 512 MiB of float32


def makers() -> dict[str, Callable[..., Any]]:
    """Returns what is compared: TensorFlow's initializer first, since it is the one to compare with."""
    return {
        "original": v1.variance_scaling_initializer,
        "compat_v1_init": compat_v1_init.variance_scaling_initializer,
        "Keras": tf.keras.initializers.VarianceScaling,
    }


def side_by_side(calls: dict[str, Callable[[], object]], repeat: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Returns for each call its median time in seconds and its median ratio to the first one's time."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        for _ in range(min(repeat, 20)):
            call()
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            for _ in range(repeat):
                call()
            times[name].append((time.perf_counter() - start) / repeat)
    first = times[next(iter(times))]
    return {
        name: (statistics.median(own), statistics.median(a / b for a, b in zip(own, first)))
        for name, own in times.items()
    }


def report(title: str, results: dict[str, tuple[float, float]]) -> None:
    """Prints one row of the table."""
    cells = "  ".join(f"{name} {seconds * 1e3:9.3f} ms ({ratio:4.2f})" for name, (seconds, ratio) in results.items())
    print(f"{title:34} {cells}", flush=True)


def eager(shape: tuple[int, int], repeat: int, rounds: int) -> None:
    """Times an eager call of each distribution."""
    for distribution in DISTRIBUTIONS:
        calls = {
            name: functools.partial(make(distribution=distribution, seed=1), shape) for name, make in makers().items()
        }
        report(f"eager {shape} {distribution}", side_by_side(calls, repeat, rounds))


def session(shape: tuple[int, int], repeat: int, rounds: int) -> None:
    """Times `Session.run` of one initializer."""
    for distribution in DISTRIBUTIONS:
        calls = {}
        for name, make in list(makers().items())[:2]:
            with tf.Graph().as_default() as graph:
                value = make(distribution=distribution, seed=1)(shape)
                running = v1.Session(graph=graph)
                # The op, not its value: copying the value out is no part of drawing it.
                calls[name] = lambda running=running, op=value.op: running.run(op)
        report(f"Session.run {shape} {distribution}", side_by_side(calls, repeat, rounds))


def build(count: int, rounds: int) -> None:
    """Times building a graph of many initializers."""

    def builder(make: Callable[..., Any]) -> Callable[[], None]:
        def run() -> None:
            with tf.Graph().as_default():
                init = make(seed=1)
                for _ in range(count):
                    init((8, 8))

        return run

    calls = {name: builder(make) for name, make in list(makers().items())[:2]}
    report(f"build a graph of {count}", side_by_side(calls, 1, rounds))


def function_of(count: int, make: Callable[..., Any]) -> dict[str, float]:
    """Returns the seconds of tracing a `tf.function` of many draws, of its first call and of a later one."""
    initializers = [make(seed=seed) for seed in range(count)]
    function = tf.function(lambda: [initializer([2, 3]) for initializer in initializers])
    start = time.perf_counter()
    concrete = function.get_concrete_function()
    traced = time.perf_counter()
    concrete()
    called = time.perf_counter()
    for _ in range(20):
        concrete()
    return {"trace": traced - start, "first": called - traced, "call": (time.perf_counter() - called) / 20}


def variables_in_a_function(count: int, make: Callable[..., Any]) -> dict[str, float]:
    """Returns the seconds of a `tf.function` that creates many variables."""
    variables: list[Any] = []

    @tf.function
    def create() -> None:
        if not variables:
            variables.extend(tf.Variable(make(seed=seed)([2, 3])) for seed in range(count))

    start = time.perf_counter()
    create()
    return {"create": time.perf_counter() - start}


def dataset_of(count: int, make: Callable[..., Any]) -> dict[str, float]:
    """Returns the seconds of a `Dataset.map` of many draws over 64 elements, 8 at a time."""
    initializers = [make(seed=seed) for seed in range(count)]

    def draws(_: Any) -> Any:
        return tf.stack([initializer([2, 3]) for initializer in initializers])

    start = time.perf_counter()
    for _ in tf.data.Dataset.range(64).map(draws, num_parallel_calls=8):
        pass
    return {"map": time.perf_counter() - start}


def graph_of(shapes: list[list[int]], make: Callable[..., Any]) -> dict[str, float]:
    """Returns the seconds of building a v1 graph of variables and running it once, and of a later run; and its bytes.

    The bytes are those of the GraphDef without the names of its nodes.
    """
    start = time.perf_counter()
    with tf.Graph().as_default() as graph:
        for seed, shape in enumerate(shapes):
            v1.get_variable(f"v{seed}", shape, initializer=make(seed=seed))
        init = v1.global_variables_initializer()
        with v1.Session() as running:
            running.run(init)
            built = time.perf_counter()
            for _ in range(20):
                running.run(init)
            later = (time.perf_counter() - built) / 20
    definition = graph.as_graph_def()
    size = definition.ByteSize() - sum(len(text) for node in definition.node for text in (node.name, *node.input))
    return {"build and first run": built - start, "later run": later, "bytes": size}


def resnet_50() -> list[list[int]]:
    """Returns the shapes of the kernels of a ResNet-50: 53 convolutions and the dense layer."""
    shapes, channels = [[7, 7, 3, 64]], 64
    for blocks, width in ((3, 64), (4, 128), (6, 256), (3, 512)):
        shapes.append([1, 1, channels, 4 * width])  # beside the first block
        for _ in range(blocks):
            shapes += [[1, 1, channels, width], [3, 3, width, width], [1, 1, width, 4 * width]]
            channels = 4 * width
    return [*shapes, [channels, 1000]]


def real_size(rounds: int, *, quick: bool) -> None:
    """Prints the ratios to the original of programs of many draws."""
    programs: dict[str, Callable[[Callable[..., Any]], dict[str, float]]] = {
        "tf.function of 200": functools.partial(function_of, 200),
        "200 variables in a tf.function": functools.partial(variables_in_a_function, 200),
        "Dataset.map of 200": functools.partial(dataset_of, 200),
        "v1 graph of 300 variables": functools.partial(graph_of, [[2, 3]] * 300),
        "ResNet-50's 54 kernels": functools.partial(graph_of, resnet_50()),
    }
    if not quick:
        programs["v1 graph of 3,000 variables"] = functools.partial(graph_of, [[2, 3]] * 3000)
    original, ours = list(makers().values())[:2]
    for title, program in programs.items():
        program(original), program(ours)  # What is loaded at first use is no part of it.
        pairs = [(program(original), program(ours)) for _ in range(rounds)]
        cells = (f"{step} {statistics.median(b[step] / a[step] for a, b in pairs):5.2f}" for step in pairs[0][0])
        print(f"{title:34} ratio to the original: {'  '.join(cells)}", flush=True)


def number_of_child(*arguments: str) -> float:
    """Returns the last number that this program prints in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def peak_memory(maker: str, distribution: str, shape: tuple[int, int] | None) -> float:
    """Returns the peak resident size in MiB of a process that makes one draw, or all but the draw."""
    return number_of_child("--child", maker, distribution, *map(str, shape or ()))


def child(maker: str, distribution: str, shape: list[str]) -> None:
    """Makes one draw and prints the peak resident size of this process in MiB."""
    init = makers()[maker](distribution=distribution, seed=1)
    init((8, 8))
    if shape:
        init(tuple(map(int, shape)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def memory() -> None:
    """Prints the peak memory of a 512 MiB draw as a multiple of it."""
    size = HALF_GIB[0] * HALF_GIB[1] * 4 / 2**20
    for distribution in DISTRIBUTIONS:
        cells = []
        for maker in makers():
            extra = peak_memory(maker, distribution, HALF_GIB) - peak_memory(maker, distribution, None)
            cells.append(f"{maker} {extra / size:4.2f}x")
        print(f"{'peak memory of 512 MiB ' + distribution:42} {'  '.join(cells)}", flush=True)


def seeds_child(maker: str) -> None:
    """Makes eager draws of many op seeds and prints by how many KiB each makes this process larger."""

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()

    for seed in range(500):
        makers()[maker](seed=seed)((2, 3))
    before = resident()
    for seed in range(500, 3500):
        makers()[maker](seed=seed)((2, 3))
    print((resident() - before) / 3000 / 1024)


def memory_of_seeds() -> None:
    """Prints what an eager draw of one more op seed leaves in memory: the original has a kernel for each."""
    cells = [f"{maker} {number_of_child('--seeds-child', maker):5.2f} KiB" for maker in list(makers())[:2]]
    print(f"{'memory of one more op seed, eager':42} {'  '.join(cells)}", flush=True)


def main() -> None:
    """Runs all the benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and no draw above 1M elements")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--seeds-child", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.seeds_child:
        seeds_child(args.seeds_child)
        return
    if args.child:
        child(args.child[0], args.child[1], args.child[2:])
        return
    rounds = 5 if args.quick else 25
    print(
        f"TensorFlow {tf.__version__}, Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}"
    )
    if not args.quick:
        memory()  # First, since a process inherits the peak of the one that starts it.
    memory_of_seeds()
    print("median time, and in brackets the median ratio to the original")
    eager((8, 8), 300, rounds)
    eager((1024, 1024), 5, rounds)
    if not args.quick:
        eager((16384, 2048), 1, 7)
    session((8, 8), 300, rounds)
    session((1024, 1024), 5, rounds)
    build(300, 7)
    real_size(3, quick=args.quick)


if __name__ == "__main__":
    main()
