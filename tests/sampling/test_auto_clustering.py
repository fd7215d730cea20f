"""XLA's auto-clustering, which a Session's configuration or `tf.config` switches on, changes no number."""

from __future__ import annotations

import pytest
from one_process import runner

PRELUDE = """
from types import SimpleNamespace
import tensorflow as tf
import compat_v1_init

v1 = tf.compat.v1
tf.random.set_seed(None)
tf.config.optimizer.set_jit(True)
ORIGINAL, DROP_IN = v1.variance_scaling_initializer, compat_v1_init.variance_scaling_initializer
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")
config = v1.ConfigProto()
config.graph_options.optimizer_options.global_jit_level = v1.OptimizerOptions.ON_1

def in_session(build, runs=3):
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        fetches = build()
        with v1.Session(config=config) as session:
            return [value.tobytes() for _ in range(runs) for value in session.run(fetches)]

def draws(make, shape=(3, 4)):
    return [make(distribution=distribution, seed=3)(shape) for distribution in DISTRIBUTIONS]
"""

PROGRAMS = {
    "session": "assert in_session(lambda: draws(DROP_IN)) == in_session(lambda: draws(ORIGINAL))",
    "session-with-more-to-cluster": """
build = lambda make: lambda: [2.0 * draw + 1.0 for draw in draws(make)]
assert in_session(build(DROP_IN)) == in_session(build(ORIGINAL))
""",
    "patch": """
expected = in_session(lambda: draws(ORIGINAL))
with compat_v1_init.patch():
    assert in_session(lambda: draws(ORIGINAL)) == expected
""",
    "first": """
with compat_v1_init.options(stream="first"):
    found = in_session(lambda: draws(DROP_IN), 1)
assert found == in_session(lambda: draws(ORIGINAL), 1)
""",
    "slices": """
def shards():
    with compat_v1_init.options(partitions="slices"):
        initializer = DROP_IN(seed=3)
        part = lambda row: SimpleNamespace(full_shape=[4, 3], var_offset=[row, 0])
        return [tf.concat([initializer([2, 3], partition_info=part(row)) for row in (0, 2)], 0)]
assert in_session(shards) == in_session(lambda: [ORIGINAL(seed=3)([4, 3])])
""",
    "function": """
def run(make, shape):
    tf.random.set_seed(87)
    function = tf.function(lambda: draws(make, shape))
    return [value.numpy().tobytes() for _ in range(3) for value in function()]
for shape in ([3, 4], [1500, 1500]):
    assert run(DROP_IN, shape) == run(ORIGINAL, shape)
""",
    "keras-classes": """
from compat_v1_init import keras
CLASSES = {
    keras.TF1VarianceScaling: v1.variance_scaling_initializer,
    keras.TF1UniformUnitScaling: v1.uniform_unit_scaling_initializer,
    keras.TF1RandomNormal: v1.random_normal_initializer,
    keras.TF1RandomUniform: v1.random_uniform_initializer,
    keras.TF1TruncatedNormal: v1.truncated_normal_initializer,
    keras.TF1Orthogonal: v1.orthogonal_initializer,
}
for ours, original in CLASSES.items():
    build = lambda make: lambda: [2.0 * make(seed=3)([5, 4]) + 1.0]
    expected = in_session(build(original), 1)
    assert in_session(build(ours), 1) == expected, ours
    function = tf.function(lambda: 2.0 * ours(seed=3)([5, 4]) + 1.0)
    tf.random.set_seed(87)
    found = function().numpy()
    tf.random.set_seed(87)
    assert found.tobytes() == tf.function(lambda: 2.0 * original(seed=3)([5, 4]) + 1.0)().numpy().tobytes(), ours
""",
    "keras-model": """
initializer = compat_v1_init.to_keras(DROP_IN(seed=3), numbers="tf1")
layer = tf.keras.layers.Dense(3, kernel_initializer=initializer)
model = tf.keras.Sequential([tf.keras.layers.InputLayer([4]), layer])
with tf.Graph().as_default(), v1.Session() as session:
    expected = session.run(ORIGINAL(seed=3)([4, 3])).tobytes()
assert model.get_weights()[0].tobytes() == expected
""",
    "meta-graph": """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "model.meta")
names = "normal", "uniform", "scaled", "orthogonal"
def variables(makes):
    return [v1.get_variable(name, [5, 4], initializer=make) for name, make in zip(names, makes)]
originals = [
    v1.random_normal_initializer(), v1.random_uniform_initializer(-2, 3), ORIGINAL(), v1.orthogonal_initializer(),
]
tf.config.optimizer.set_jit(False)  # A Session takes it too, and then rounds a product and a sum only once.
with tf.Graph().as_default(), v1.Session() as session:
    v1.set_random_seed(87)
    fetches = variables(originals)
    session.run(v1.global_variables_initializer())
    expected = [value.tobytes() for value in session.run(fetches)]
    v1.train.Saver().export_meta_graph(path)
tf.config.optimizer.set_jit(True)
found = compat_v1_init.from_meta_graph(path)
assert [found[name]().numpy().tobytes() for name in names] == expected
function = tf.function(lambda: [found[name]() for name in names])
assert [value.numpy().tobytes() for value in function()] == expected
with tf.Graph().as_default(), v1.Session(config=config) as session:
    fetches = variables([found[name] for name in names])
    session.run(v1.global_variables_initializer())
    assert [value.tobytes() for value in session.run(fetches)] == expected
""",
    "eager": """
def run(make):
    tf.random.set_seed(87)
    return [value.numpy().tobytes() for shape in ([3, 4], [1500, 1500]) for value in draws(make, shape)]
assert run(DROP_IN) == run(ORIGINAL)
""",
}


_run = runner(PRELUDE, PROGRAMS, 600, TF_XLA_FLAGS="--tf_xla_cpu_global_jit --tf_xla_min_cluster_size=1")


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_same_numbers(program: str) -> None:
    _run(program)
