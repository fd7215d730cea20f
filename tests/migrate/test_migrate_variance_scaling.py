"""CVI001: `variance_scaling_initializer`."""

from __future__ import annotations

import pytest
from migrating import V1, site

KERAS = "tf.keras.initializers.VarianceScaling"
EXACT = "compat_v1_init.keras.TF1VarianceScaling"

SHIM = [
    pytest.param("tf.variance_scaling_initializer()", "variance_scaling_initializer()", id="tf"),
    pytest.param(
        "tf.compat.v1.variance_scaling_initializer( 2.0 )", "variance_scaling_initializer( 2.0 )", id="spaces"
    ),
    pytest.param("tf.compat.v1.initializers.variance_scaling()", "initializers.variance_scaling()", id="initializers"),
    pytest.param("tf.initializers.variance_scaling(dtype=x)", "initializers.variance_scaling(dtype=x)", id="of both"),
    pytest.param("tf.compat.v1.keras.initializers.VarianceScaling()", "variance_scaling_initializer()", id="Keras v1"),
    pytest.param(
        "tf.contrib.keras.initializers.VarianceScaling()", "variance_scaling_initializer()", id="contrib.keras"
    ),
    pytest.param("tf.python.ops.init_ops.VarianceScaling", "variance_scaling_initializer", id="init_ops"),
    pytest.param('getattr(tf, "variance_scaling_initializer")', None, id="getattr"),
    pytest.param("tf.variance_scaling_initializer(**options)", "variance_scaling_initializer(**options)", id="options"),
]


@pytest.mark.parametrize(("before", "after"), SHIM)
def test_shim(before: str, after: str | None) -> None:
    expected = f"compat_v1_init.{after}" if after else 'getattr(compat_v1_init, "variance_scaling_initializer")'
    assert site(before, "shim") == expected


def test_a_getattr_of_a_class_gets_the_name_that_we_have() -> None:
    before = 'getattr(tf.python.ops.init_ops, "VarianceScaling")(2.0)'
    assert site(before, "shim") == 'getattr(compat_v1_init, "variance_scaling_initializer")(2.0)'


NATIVE = [
    pytest.param("", "", id="defaults"),
    pytest.param("2.0", "scale=2.0", id="a position becomes a keyword"),
    pytest.param(
        "2.0, 'fan_out', 'uniform', None",
        "scale=2.0, mode='fan_out', distribution='uniform', seed=None",
        id="all positions",
    ),
    pytest.param("scale = 2.0", "scale = 2.0", id="a keyword stays as written"),
    pytest.param("( 2.0 )", "scale=( 2.0 )", id="parentheses stay"),
    pytest.param("distribution='normal'", 'distribution="truncated_normal"', id="normal is spelled out"),
    pytest.param("distribution='NORMAL'", 'distribution="truncated_normal"', id="normal in capitals"),
    pytest.param("distribution='Uniform'", 'distribution="uniform"', id="capitals, which Keras refuses"),
    pytest.param("distribution='truncated_normal'", "distribution='truncated_normal'", id="a name that stays"),
    pytest.param("distribution=kind", "distribution=kind", id="a distribution known at run time"),
    pytest.param("dtype=tf.float64", "", id="the dtype goes"),
    pytest.param("2.0, dtype=tf.float64", "scale=2.0", id="the dtype goes, with its comma"),
    pytest.param("dtype=tf.float64, scale=2.0", "scale=2.0", id="the dtype goes from the front"),
    pytest.param("scale=f(1, [2]) + 1", "scale=f(1, [2]) + 1", id="an expression"),
    pytest.param("f(1, b=2), mode='fan_avg'", "scale=f(1, b=2), mode='fan_avg'", id="commas and keywords inside"),
    pytest.param("seed=None", "seed=None", id="no seed"),
]


@pytest.mark.parametrize(("before", "after"), NATIVE)
def test_keras(before: str, after: str) -> None:
    assert site(f"tf.variance_scaling_initializer({before})", "keras") == f"{KERAS}({after})"


def test_formatting_and_comments_of_untouched_arguments_stay() -> None:
    before = "tf.variance_scaling_initializer(\n    scale=2.0,  # He\n    mode = 'fan_out',\n    dtype=tf.float32,\n)"
    after = f"{KERAS}(\n    scale=2.0,  # He\n    mode = 'fan_out',\n)"
    from migrating import PLAIN, migrated

    line = "w = tf.get_variable('w', [3, 4], initializer={})\n"
    assert migrated(PLAIN + line.format(before), "keras") == PLAIN + line.format(after)


STAYS = [
    pytest.param("*args", id="star"),
    pytest.param("**options", id="two stars"),
    pytest.param("1.0, 'fan_in', 'normal', 1, tf.float32, 2", id="too many"),
    pytest.param("factor=2.0", id="another initializer's argument"),
    pytest.param("2.0, scale=2.0", id="an argument twice"),
]


@pytest.mark.parametrize("arguments", STAYS)
def test_arguments_that_are_not_understood_stay_on_the_drop_in(arguments: str) -> None:
    before = f"tf.variance_scaling_initializer({arguments})"
    assert site(before, "keras") == f"compat_v1_init.variance_scaling_initializer({arguments})"


def test_exact_keeps_the_arguments_as_written() -> None:
    line = "def f(x={}): pass"
    before = "tf.variance_scaling_initializer(2.0, 'fan_out', 'normal', 1, tf.float64)"
    assert site(before, "keras", line=line) == f"{EXACT}(2.0, 'fan_out', 'normal', 1, tf.float64)"


def test_keras_v1_is_not_keras() -> None:
    assert site("tf.keras.initializers.VarianceScaling(2.0)", "shim", head=V1) == (
        "compat_v1_init.variance_scaling_initializer(2.0)"
    )


CALLED = [
    pytest.param("(dtype=tf.float64)([3, 4])", "()([3, 4], dtype=tf.float64)", id="moves to the call"),
    pytest.param("(dtype=d)([3, 4])", "()([3, 4], dtype=d)", id="moves though not a literal, since it is in place"),
    pytest.param("(dtype=tf.float64)([3, 4], tf.float32)", "()([3, 4], tf.float32)", id="the call has one"),
    pytest.param("(dtype=tf.float64)([3], dtype=d)", "()([3], dtype=d)", id="the call has one by keyword"),
    pytest.param("()([3, 4])", "()([3, 4])", id="no dtype"),
]


@pytest.mark.parametrize(("before", "after"), CALLED)
def test_the_dtype_of_an_object_that_is_called_in_place(before: str, after: str) -> None:
    line = "w = tf.Variable({})"
    assert site(f"tf.variance_scaling_initializer{before}", "keras", line=line) == f"{KERAS}{after}"


@pytest.mark.parametrize("call", ["([3], partition_info=p)", "(*shape)", "(**kwargs)", "(dtype=d, shape=[3], a=1)"])
def test_a_call_that_keras_would_refuse_makes_the_object_exact(call: str) -> None:
    assert site(f"tf.variance_scaling_initializer(2.0){call}", "keras", line="w = {}") == f"{EXACT}(2.0){call}"
