"""Programs of the size of a real model: they end, and every draw is handed out exactly once.

Each program is a process of its own with a time limit, since a program that hangs cannot be stopped from within.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

PRELUDE = """
import threading
import numpy as np
import tensorflow as tf
import compat_v1_init

v1 = tf.compat.v1
ORIGINAL, DROP_IN = v1.variance_scaling_initializer, compat_v1_init.variance_scaling_initializer

def in_threads(count, call):
    threads = [threading.Thread(target=call) for _ in range(count)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()

def same(run):
    assert run(DROP_IN) == run(ORIGINAL)
    print("same")
"""

PROGRAMS = {
    "1100-draws-in-one-run": """
def run(make):
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        draws = [make(seed=seed)([2, 3]) for seed in range(1100)]
        with v1.Session() as session:
            return [value.tobytes() for _ in range(2) for value in session.run(draws)]
same(run)
""",
    "fetches-that-share-draws": """
def run(make):
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        draws = [make(seed=seed)([2, 3]) for seed in range(6)]
        found, numbers = [], iter(range(12))
        with v1.Session() as session:
            def work():
                fetched = draws[: 1 + next(numbers) % 6]  # of which TensorFlow makes an executor each
                found.extend(session.run(fetched)[0].tobytes() for _ in range(40))
            in_threads(12, work)
        return sorted(found)
same(run)
""",
    "an-executor-of-one-thread": """
from tensorflow.python.eager import context

def run(make):
    tf.random.set_seed(87)
    init = make(seed=3)
    found = []
    with context.function_executor_type("SINGLE_THREADED_EXECUTOR"):
        for function in (tf.function(lambda: init([2, 3]) + init([2, 3])), tf.function(lambda: init([2]))):
            found += [function().numpy().tobytes() for _ in range(3)]
    config = v1.ConfigProto()
    config.experimental.executor_type = "SINGLE_THREADED_EXECUTOR"
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        draws = [make(seed=seed)([2, 3]) for seed in range(100)]
        everything = tf.group(*draws)
        with v1.Session(config=config) as session:
            in_threads(8, lambda: [session.run(everything) for _ in range(5)])
            return found + [value.tobytes() for value in session.run(draws)]
same(run)
""",
    "8-threads-on-a-session-of-300": """
def run(make):
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        draws = [make(seed=seed)([2, 3]) for seed in range(300)]
        everything = tf.group(*draws)
        with v1.Session() as session:
            in_threads(8, lambda: [session.run(everything) for _ in range(5)])
            return [value.tobytes() for value in session.run(draws)]  # the 41st of each, if none was lost
same(run)
""",
    "16-threads-and-one-op-at-a-time": """
def run(make):
    config = v1.ConfigProto(inter_op_parallelism_threads=1, intra_op_parallelism_threads=1)
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        draws = [make(seed=seed)([2, 3]) for seed in range(100)]
        everything = tf.group(*draws)
        with v1.Session(config=config) as session:
            in_threads(16, lambda: [session.run(everything) for _ in range(3)])
            return [value.tobytes() for value in session.run(draws)]
same(run)
""",
    "more-calls-than-a-lock-can-queue": """
def run(make):
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        draw = make(seed=1)([2, 3])
        with v1.Session(config=v1.ConfigProto(inter_op_parallelism_threads=2)) as session:
            in_threads(1200, lambda: session.run(draw.op))
            return session.run(draw).tobytes()
same(run)
""",
    "steps-that-end-in-the-middle-leave-nothing-locked": """
def run(make):
    if make is not compat_v1_init.variance_scaling_initializer:
        return True  # Where a step ends early, which draws it got to differs from run to run.
    with tf.Graph().as_default():
        draws = [make(seed=seed)([2, 3]) for seed in range(200)]
        fails = tf.debugging.Assert(tf.constant(False), ["on purpose"])
        failed = set()
        with v1.Session() as session:
            def steps():
                for step in range(20):
                    options = v1.RunOptions(timeout_in_ms=1 + step % 10)
                    try:
                        session.run([draws, fails] if step % 2 else draws, options=options)
                    except (tf.errors.DeadlineExceededError, tf.errors.InvalidArgumentError) as error:
                        failed.add(type(error).__name__)
            in_threads(8, steps)
            rows = [session.run(draws) for _ in range(2)]
            return bool(failed) and all((a != b).any() for a, b in zip(*rows))
same(run)
""",
    "a-function-of-100-draws-by-16-threads": """
def run(make):
    tf.random.set_seed(87)
    initializers = [make(seed=seed) for seed in range(100)]
    function = tf.function(lambda: [initializer([2, 3]) for initializer in initializers])
    function()  # Before TensorFlow 2.16 threads that meet a cold function get kernels of their own.
    in_threads(16, lambda: [function() for _ in range(3)])
    return [value.numpy().tobytes() for value in function()]
same(run)
""",
    "a-map-of-100-draws-by-64-calls": """
def run(make):
    tf.random.set_seed(87)
    initializers = [make(seed=seed) for seed in range(100)]
    elements = tf.data.Dataset.range(128).map(
        lambda _: tf.stack([initializer([2, 3]) for initializer in initializers]), num_parallel_calls=64
    )
    found = np.stack(list(elements.as_numpy_iterator()))
    return [sorted(found[:, draw].tobytes()[i : i + 24] for i in range(0, 128 * 24, 24)) for draw in range(100)]
same(run)
""",
    "a-run-that-fails-leaves-nothing-locked": """
with tf.Graph().as_default():
    draws = [DROP_IN(seed=seed)([2, 3]) for seed in range(50)]
    with tf.control_dependencies(draws[:5]):
        fault = v1.Print(tf.debugging.check_numerics(tf.constant(np.nan), "fault"), [])
    slow = tf.raw_ops.QueueDequeueV2(handle=tf.queue.FIFOQueue(1, tf.float32).queue_ref, component_types=[tf.float32])
    with v1.Session() as session:
        for _ in range(20):
            try: session.run([*draws, fault])
            except tf.errors.InvalidArgumentError: pass
            try: session.run([*draws, *slow], options=v1.RunOptions(timeout_in_ms=20))
            except tf.errors.DeadlineExceededError: pass
            session.run(draws)
print("same")
""",
}


# One of a graph, one of a function, one of a map; a process of its own takes seconds.
QUICK = ("8-threads-on-a-session-of-300",)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(program, id=name, marks=[] if name in QUICK else pytest.mark.slow)
        for name, program in PROGRAMS.items()
    ],
)
def test_it_ends(program: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PRELUDE + program], check=False, capture_output=True, text=True, timeout=300
    )
    assert run.stdout.split() == ["same"], run.stderr[-2000:]
