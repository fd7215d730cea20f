"""Eager draws through all that drops TensorFlow's eager kernels or renames its devices, beside the original's.

Each program is a process of its own, since its settings and its connections last. In each the original and the drop-in
take turns, and the bytes, the devices or the types of the errors are compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

# Each starts processes that import TensorFlow.
pytestmark = pytest.mark.slow

PRELUDE = """
import subprocess, sys
import tensorflow as tf
import compat_v1_init

v1 = tf.compat.v1
PAIRS = {
    "truncated": (v1.variance_scaling_initializer, compat_v1_init.variance_scaling_initializer),
    "normal with bounds": (lambda seed: lambda shape: v1.random_normal(shape, 1, 2, seed=seed),
                           lambda seed: lambda shape: compat_v1_init.random.normal(shape, 1, 2, seed=seed)),
    "unit uniform": (lambda seed: lambda shape: v1.random_uniform(shape, seed=seed),
                     lambda seed: lambda shape: compat_v1_init.random.uniform(shape, seed=seed)),
    "integers": (lambda seed: lambda shape: v1.random_uniform(shape, 0, 9, tf.int32, seed),
                 lambda seed: lambda shape: compat_v1_init.random.uniform(shape, 0, 9, tf.int32, seed)),
}

def outcome(call):
    try:
        value = call()
    except tf.errors.OpError as error:
        return type(error).__name__
    return value.device, value.numpy().tobytes()

def same(when, *shapes, pairs=PAIRS, wrap=lambda draw: draw()):
    for name, pair in pairs.items():
        for shape in shapes or [[2, 3], [2, 3]]:
            original, drop_in = (outcome(lambda: wrap(lambda: make(seed=1)(shape))) for make in pair)
            print("same" if original == drop_in else f"DIFFERENT: {when}, {name}, {shape}: {original} {drop_in}"[:300])

LARGE = [2048, 1025]
"""

WORKER = """
import tensorflow as tf, time
server = tf.distribute.Server(tf.train.ClusterSpec({"job": ["localhost:0"]}), job_name="job", task_index=0)
print(server.target.split("//")[1], flush=True)
time.sleep(300)
"""

HOSTS = f"""
processes = [subprocess.Popen([sys.executable, "-c", {WORKER!r}], stdout=subprocess.PIPE, text=True) for _ in range(2)]
try:
    one, two = (process.stdout.readline().strip() for process in processes)
    same("before")
    tf.config.experimental_connect_to_host(one, "first")
    same("connected to a host")
    with tf.device("/job:first"):
        same("on the host", [2, 3], [2, 3], LARGE)
        with tf.device("CPU:0"):
            same("on the host's CPU")
    same("here, after it")
    tf.config.experimental_connect_to_host([one, two], "second")
    same("connected to two hosts")
    with tf.device("/job:second/task:1"):
        same("on the second host")
    for process in processes:
        process.kill()
        process.wait()
    same("after the hosts have died", [2, 3], LARGE)
    tf.random.set_seed(3)
    same("after the hosts have died and a seed was set")
finally:
    for process in processes:
        process.kill()
"""

CLUSTER = """
import os, socket
def address():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return f"localhost:{free.getsockname()[1]}"

tasks = {"worker": [address()], "ps": [address()]}
servers = [tf.distribute.Server(tasks, job_name=job, task_index=0) for job in tasks]
same("before", [2, 3], LARGE)
cluster = tf.train.ClusterSpec({**tasks, "chief": [address()]})
resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
    cluster, task_type="chief", task_id=0, rpc_layer="grpc")
strategy = tf.distribute.experimental.ParameterServerStrategy(resolver)
with strategy.scope():
    same("variables in the scope", wrap=tf.Variable)
same("after the strategy", [2, 3], LARGE)
tf.keras.backend.clear_session()
same("after clear_session")
sys.stdout.flush()
os._exit(0)  # The servers of this process cannot be stopped.
"""

SERVER = """
import sys, time, json
import tensorflow as tf
tasks, job = json.loads(sys.argv[1]), sys.argv[2]
tf.distribute.Server(tasks, job_name=job, task_index=0)
print("ready", flush=True)
time.sleep(300)
"""

CONNECTED_CLUSTER = f"""
import json, os, socket
def address():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return "localhost:%d" % free.getsockname()[1]

tasks = {{"worker": [address()], "ps": [address()], "chief": [address()]}}
processes = [subprocess.Popen([sys.executable, "-c", {SERVER!r}, json.dumps(tasks), job],
                              stdout=subprocess.PIPE, text=True) for job in ("worker", "ps")]
try:
    for process in processes:
        assert process.stdout.readline() == "ready\\n"
    same("before", [2, 3], LARGE)
    cluster = tf.train.ClusterSpec(tasks)
    tf.config.experimental_connect_to_cluster(cluster, job_name="chief", task_index=0)
    same("after connecting", [2, 3], LARGE)
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        cluster, task_type="chief", task_id=0, rpc_layer="grpc")
    strategy = tf.distribute.experimental.ParameterServerStrategy(resolver)
    with strategy.scope():
        same("variables in the scope", wrap=tf.Variable)
    same("after the strategy", [2, 3], LARGE)
    for device in ("/job:ps", "/job:worker", "/job:ps/device:CPU:0", "/job:chief", "CPU:0", "/job:chief/task:0/CPU:0"):
        with tf.device(device):
            same(f"on {{device}}", [2, 3], [2, 3], LARGE)
    sys.stdout.flush()
finally:
    for process in processes:
        process.kill()
os._exit(0)  # The server of this process cannot be stopped.
"""

DEVICES = """
cpu, = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
tf.config.experimental.set_device_policy("explicit")
for device in ("CPU:1", "CPU:0", None):
    with tf.device(device):
        same(f"copies between devices forbidden, on {device}", [2, 3], [2, 3], LARGE)
"""

NUMPY = """
import tensorflow.experimental.numpy as tnp

def everywhere(when):
    same(when, [2, 3], LARGE)
    same(f"{when}, in a function", wrap=lambda draw: tf.function(draw)())

tnp.experimental_enable_numpy_behavior()
everywhere("NumPy's behaviour")
tnp.experimental_enable_numpy_behavior(prefer_float32=True)
everywhere("float32 preferred")
if tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 16):
    tnp.experimental_enable_numpy_behavior(dtype_conversion_mode="safe")
    everywhere("safe conversions")
"""

CLUSTERED = """
for _ in range(3):
    same("eager ops compiled", [4, 5], LARGE)
vector = lambda module: lambda seed: lambda shape: module(shape, [1.0, 2.0, 3.0], 2.0, seed=seed)
same("a mean for each column", [2, 3], [2, 3], [2, 3],
     pairs={"normal": (vector(v1.random_normal), vector(compat_v1_init.random.normal))})
"""


@pytest.mark.parametrize(
    ("program", "flags"),
    [
        pytest.param(HOSTS, "", id="hosts-come-and-go"),
        pytest.param(CLUSTER, "", id="parameter-servers"),
        pytest.param(CONNECTED_CLUSTER, "", id="a-cluster-connected-to-by-hand"),
        pytest.param(DEVICES, "", id="no-copies-between-devices"),
        pytest.param(NUMPY, "", id="numpy-behaviour"),
        pytest.param(
            CLUSTERED,
            "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit --tf_xla_min_cluster_size=1",
            id="xla-compiles-eager-ops",
        ),
        pytest.param(
            CLUSTERED,
            "FILE --tf_xla_min_cluster_size=1 --tf_xla_auto_jit=2 --tf_xla_cpu_global_jit",
            id="flags-in-a-file",
        ),
    ],
)
def test_a_program_of_events(program: str, flags: str, tmp_path: Path) -> None:
    if flags.startswith("FILE "):
        (tmp_path / "flags").write_text(flags[5:])
        flags = str(tmp_path / "flags")
    environment = {**os.environ, "TF_XLA_FLAGS": flags}
    command = [sys.executable, "-c", PRELUDE + program]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    lines = [line for line in result.stdout.splitlines() if line.startswith(("same", "DIFFERENT"))]
    assert len(lines) >= 3
    assert [line for line in lines if line != "same"] == []


def second_order(normal: object) -> list[bytes]:
    """Returns a sum of squares of a large draw, its first two derivatives by the stddev, and a forward one."""
    stddev = tf.Variable(0.5)
    with tf.autodiff.ForwardAccumulator(stddev, tf.constant(1.0)) as forward:
        with tf.GradientTape(persistent=True) as outer:
            with tf.GradientTape() as inner:
                value = tf.reduce_sum(normal([2048, 1025], 0.0, stddev, seed=3) ** 2) / 1e6  # type: ignore[operator]
            first = inner.gradient(value, stddev)
        second = outer.gradient(first, stddev)
    return [each.numpy().tobytes() for each in (value, first, second, forward.jvp(first))]


def test_a_large_draw_within_tapes_and_a_forward_accumulator() -> None:
    import compat_v1_init

    tf.random.set_seed(3)
    original = second_order(tf.compat.v1.random_normal)
    tf.random.set_seed(3)
    assert second_order(compat_v1_init.random.normal) == original


def test_the_kernel_that_shows_a_restart_survives_what_drops_no_kernels() -> None:
    import compat_v1_init
    from compat_v1_init._sampling.eager_restart import restarts

    initializer = compat_v1_init.variance_scaling_initializer(seed=1)
    initializer([2, 3])
    before = restarts.count
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        session.run(initializer([2, 3]))
    tf.function(lambda: initializer([2, 3]))()
    tf.compat.v1.reset_default_graph()
    initializer([2, 3])
    assert restarts.count == before
    tf.random.set_seed(1)
    initializer([2, 3])
    assert restarts.count == before + 1
