"""CVI007 to CVI011: what is not variance scaling, and the samplers in variables."""

from __future__ import annotations

import pytest
from migrating import PLAIN, V1, migrated, reported, site

SHIM = [
    ("tf.random_normal_initializer(stddev=0.1)", "random_normal_initializer(stddev=0.1)"),
    ("tf.truncated_normal_initializer(0.0, 0.1)", "truncated_normal_initializer(0.0, 0.1)"),
    ("tf.initializers.random_uniform(-1, 1)", "initializers.random_uniform(-1, 1)"),
    ("tf.orthogonal_initializer(gain)", "orthogonal_initializer(gain)"),
    ("tf.compat.v1.initializers.orthogonal()", "initializers.orthogonal()"),
    ("tf.contrib.framework.convolutional_orthogonal_2d()", "contrib.convolutional_orthogonal_2d()"),
    ("tf.initializers.identity()", "initializers.identity()"),
    ("tf.constant_initializer([1, 2])", "constant_initializer([1, 2])"),
    ("tf.zeros_initializer()", "zeros_initializer()"),
    ("tf.zeros_initializer", "zeros_initializer"),
    ("tf.python.ops.init_ops.Ones()", "ones_initializer()"),
    ("tf.python.ops.init_ops.identity_initializer()", "initializers.identity()"),
]
TF1 = f"{PLAIN}tf.placeholder(tf.float32)\n"


@pytest.mark.parametrize(("before", "after"), SHIM, ids=[before for before, _ in SHIM])
def test_shim(before: str, after: str) -> None:
    assert site(before, "shim", head=TF1) == f"compat_v1_init.{after}"


KERAS = [
    ("tf.random_normal_initializer()", "RandomNormal(mean=0.0, stddev=1.0)"),
    ("tf.random_normal_initializer(0.0, 0.02)", "RandomNormal(mean=0.0, stddev=0.02)"),
    ("tf.truncated_normal_initializer(stddev=s)", "TruncatedNormal(mean=0.0, stddev=s)"),
    ("tf.truncated_normal_initializer(stddev=0.1, dtype=tf.float32)", "TruncatedNormal(mean=0.0, stddev=0.1)"),
    ("tf.random_uniform_initializer()", "RandomUniform(minval=0.0, maxval=1.0)"),
    ("tf.random_uniform_initializer(-a, a)", "RandomUniform(minval=-a, maxval=a)"),
    ("tf.random_uniform_initializer(minval=-1)", "RandomUniform(maxval=1.0, minval=-1)"),
    ("tf.random_uniform_initializer(0, None)", "RandomUniform(minval=0, maxval=1.0)"),
    ("tf.orthogonal_initializer()", "Orthogonal()"),
    ("tf.orthogonal_initializer(2.0)", "Orthogonal(gain=2.0)"),
    ("tf.initializers.identity(gain=g)", "Identity(gain=g)"),
    ("tf.constant_initializer()", "Constant(value=0)"),
    ("tf.constant_initializer(0.1)", "Constant(value=0.1)"),
    ("tf.zeros_initializer()", "Zeros()"),
    ("tf.ones_initializer(tf.float32)", "Ones()"),
]


@pytest.mark.parametrize(("before", "after"), KERAS, ids=[before for before, _ in KERAS])
def test_keras(before: str, after: str) -> None:
    assert site(before, "keras", head=TF1) == f"tf.keras.initializers.{after}"


EXACT = [
    ("tf.constant_initializer([1, 2])", "TF1Constant([1, 2])"),
    ("tf.constant_initializer(value)", "TF1Constant(value)"),
    ("tf.constant_initializer(1, verify_shape=True)", "TF1Constant(1, verify_shape=True)"),
    ("tf.random_uniform_initializer(0, 9, dtype=tf.int32)", "TF1RandomUniform(0, 9, dtype=tf.int32)"),
    ("tf.random_uniform_initializer(0, 9, dtype=dtype)", "TF1RandomUniform(0, 9, dtype=dtype)"),
    ("tf.contrib.framework.convolutional_orthogonal_1d()", "TF1ConvolutionOrthogonal1D()"),
]


@pytest.mark.parametrize(("before", "after"), EXACT, ids=[before for before, _ in EXACT])
def test_what_keras_has_not_becomes_exact(before: str, after: str) -> None:
    assert site(before, "keras", head=TF1) == f"compat_v1_init.keras.{after}"


def test_what_draws_nothing_may_be_shared() -> None:
    """An object that several variables share gives them the same zeros in TF1 too."""
    source = f"{TF1}tf.set_random_seed(1)\nzeros = tf.zeros_initializer()\nnormal = tf.random_normal_initializer()\n"
    after = migrated(source, "keras")
    assert "zeros = tf.keras.initializers.Zeros()" in after
    assert "normal = compat_v1_init.keras.TF1RandomNormal()" in after


@pytest.mark.parametrize("name", ["zeros_initializer()", "initializers.ones()", "constant_initializer(1.0)"])
def test_the_same_in_both_versions_is_moved_in_tensorflow_1_alone(name: str) -> None:
    assert reported(f"{PLAIN}x = tf.{name}\n") == []
    assert reported(f"{PLAIN}x = tf.{name}\nwith tf.GradientTape():\n    pass\n") == []
    assert "compat_v1_init" in migrated(f"{V1}x = tf.{name}\n", "shim")


@pytest.mark.parametrize("name", ["random_normal_initializer()", "initializers.orthogonal()"])
def test_other_numbers_in_the_other_version_need_a_person(name: str) -> None:
    assert reported(f"{PLAIN}x = tf.{name}\n") == ["CVI201"]
    assert reported(f"{PLAIN}x = tf.{name}\nwith tf.GradientTape():\n    pass\n") == []


LEFT_ALONE = [
    pytest.param("x = tf.zeros([3])", id="an op"),
    pytest.param("import numpy as np\nx = np.zeros(3), np.identity(2), np.ones(3)", id="NumPy's"),
    pytest.param("from numpy import *\nx = zeros(3)", id="NumPy's by a star"),
    pytest.param("x = 'tf.zeros', 'tf.random_normal', 'orthogonal'", id="strings"),
    pytest.param("x = tf.keras.initializers.Zeros()", id="Keras'"),
    pytest.param("x = mine.initializers_of.zeros()", id="another library"),
]


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_left_alone(source: str) -> None:
    assert reported(f"{TF1}{source}\n") == []


# --- Samplers --------------------------------------------------------------------------------------------------------

MOVED = [
    pytest.param("w = tf.Variable({}([3], stddev=0.1))", id="in a variable"),
    pytest.param("w = tf.Variable(initial_value={}([3]), name='w')", id="by keyword"),
    pytest.param("w = tf.Variable(0.01 * {}([3, 4]))", id="scaled"),
    pytest.param("w = tf.Variable(tf.multiply({}([3, 4]), 0.1))", id="in an op"),
    pytest.param("w = tf.Variable(lambda: {}([3, 4]))", id="in a lambda"),
    pytest.param("w = {{'h': tf.Variable({}([3, 4]))}}", id="in a dict"),
    pytest.param("w = tf.get_variable('w', initializer={}([3]))", id="in get_variable"),
    pytest.param("def f(shape):\n    x = {}(shape)\n    return tf.Variable(x)", id="by a name"),
    pytest.param(
        "def f(shape):\n    x = {}(shape)\n    return tf.get_variable('w', initializer=x)", id="by a name, too"
    ),
]
SAMPLERS = [
    ("tf.random_normal", "random.normal"),
    ("tf.truncated_normal", "random.truncated_normal"),
    ("tf.random.uniform", "random.uniform"),
    ("tf.compat.v1.random_uniform", "random.uniform"),
]


@pytest.mark.parametrize("line", MOVED)
@pytest.mark.parametrize(("name", "ours"), SAMPLERS)
@pytest.mark.parametrize("to", ["shim", "keras"])
def test_a_sampler_that_makes_an_initial_value_is_moved(line: str, name: str, ours: str, to: str) -> None:
    after = migrated(f"{TF1}{line.format(name)}\n", to)  # type: ignore[arg-type]
    assert f"{TF1}{line.format('compat_v1_init.' + ours)}\n" == after.replace("import compat_v1_init\n", "")


OTHERWISE = [
    pytest.param("x = {}([3])", id="alone"),
    pytest.param("x = tf.placeholder(tf.float32) + {}([3])", id="noise"),
    pytest.param("def f():\n    x = {}([3])\n    return tf.Variable(x), x", id="also something else"),
    pytest.param("def f(x):\n    if x:\n        x = {}([3])\n    return tf.Variable(x)", id="a name of several things"),
    pytest.param("x = mine.Variable({}([3]))", id="another library's variable"),
    pytest.param("x = tf.Variable([3], {}([3]))", id="another argument"),
    pytest.param("f({})", id="not called"),
]


@pytest.mark.parametrize("line", OTHERWISE)
@pytest.mark.parametrize(("name", "_ours"), SAMPLERS)
def test_a_sampler_that_makes_something_else_is_left_alone(line: str, name: str, _ours: str) -> None:
    assert reported(f"{TF1}{line.format(name)}\n") == []


def test_a_sampler_of_tensorflow_2_is_left_alone() -> None:
    assert reported(f"{PLAIN}w = tf.Variable(tf.random.normal([3]))\n") == []
