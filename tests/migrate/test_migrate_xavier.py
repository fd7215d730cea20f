"""CVI006: contrib's `xavier_initializer`."""

from __future__ import annotations

import pytest
from migrating import PLAIN, site

SPELLINGS = [
    ("", "tf.contrib.layers.xavier_initializer"),
    ("", "tf.contrib.layers.xavier_initializer_conv2d"),
    ("", "tf.contrib.slim.xavier_initializer"),
    ("import tf_slim as slim\n", "slim.xavier_initializer_conv2d"),
    ("from tensorflow.contrib.layers.python.layers import initializers\n", "initializers.xavier_initializer"),
]


@pytest.mark.parametrize(("head", "name"), SPELLINGS, ids=[f"{head}{name}" for head, name in SPELLINGS])
def test_shim(head: str, name: str) -> None:
    assert site(f"{name}()", "shim", head=PLAIN + head) == f"compat_v1_init.contrib.{name.rpartition('.')[2]}()"


NATIVE = [
    pytest.param("", "GlorotUniform()", id="uniform by default"),
    pytest.param("uniform=True, seed=3", "GlorotUniform(seed=3)", id="uniform"),
    pytest.param("True, 3, tf.float32", "GlorotUniform(seed=3)", id="positions"),
    pytest.param(
        "uniform=False",
        'VarianceScaling(scale=1.3 * 0.87962566103423978**2, mode="fan_avg", distribution="truncated_normal")',
        id="normal, with contrib's constant",
    ),
    pytest.param(
        "False, seed=3",
        'VarianceScaling(scale=1.3 * 0.87962566103423978**2, mode="fan_avg", distribution="truncated_normal", seed=3)',
        id="normal, with a seed",
    ),
]


@pytest.mark.parametrize(("before", "after"), NATIVE)
def test_keras(before: str, after: str) -> None:
    assert site(f"tf.contrib.layers.xavier_initializer({before})", "keras") == f"tf.keras.initializers.{after}"


EXACT = [
    pytest.param("", ", uniform=True", id="defaults"),
    pytest.param("False", ", uniform=False", id="normal"),
    pytest.param("seed=3", ", uniform=True, seed=3", id="a seed"),
    pytest.param("uniform=u", ", uniform=u", id="known at run time"),
]


@pytest.mark.parametrize(("before", "after"), EXACT)
def test_exact(before: str, after: str) -> None:
    line = "def f(x={}): pass"
    assert site(f"tf.contrib.layers.xavier_initializer({before})", "keras", line=line) == (
        f'compat_v1_init.keras.TF1ContribVarianceScaling(factor=1.0, mode="FAN_AVG"{after})'
    )
