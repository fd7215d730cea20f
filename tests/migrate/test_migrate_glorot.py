"""CVI002: the glorot initializers."""

from __future__ import annotations

import pytest
from migrating import V1, site

SHIM = [
    ("tf.glorot_uniform_initializer()", "glorot_uniform_initializer()"),
    ("tf.compat.v1.glorot_normal_initializer(seed = 1)", "glorot_normal_initializer(seed = 1)"),
    ("tf.compat.v1.initializers.glorot_uniform()", "initializers.glorot_uniform()"),
    ("tf.compat.v1.keras.initializers.glorot_normal()", "initializers.glorot_normal()"),
    ("tf.contrib.keras.initializers.glorot_normal()", "initializers.glorot_normal()"),
    ("tf.python.ops.init_ops.GlorotNormal(1)", "glorot_normal_initializer(1)"),
    ("tf.python.ops.init_ops.glorot_uniform_initializer", "glorot_uniform_initializer"),
]


@pytest.mark.parametrize(("before", "after"), SHIM, ids=[before for before, _ in SHIM])
def test_shim(before: str, after: str) -> None:
    assert site(before, "shim") == f"compat_v1_init.{after}"


NATIVE = [
    pytest.param("tf.glorot_uniform_initializer()", "GlorotUniform()", id="uniform"),
    pytest.param("tf.glorot_normal_initializer()", "GlorotNormal()", id="normal"),
    pytest.param("tf.compat.v1.initializers.glorot_normal(None)", "GlorotNormal(seed=None)", id="no seed"),
    pytest.param("tf.glorot_uniform_initializer(dtype=tf.float16)", "GlorotUniform()", id="a dtype"),
    pytest.param("tf.glorot_uniform_initializer(1, tf.float16)", "GlorotUniform(seed=1)", id="seed and dtype"),
    pytest.param("tf.glorot_uniform_initializer( )", "GlorotUniform( )", id="a space"),
]


@pytest.mark.parametrize(("before", "after"), NATIVE)
def test_keras(before: str, after: str) -> None:
    assert site(before, "keras") == f"tf.keras.initializers.{after}"


EXACT = [
    pytest.param("tf.glorot_uniform_initializer()", '"uniform")', id="uniform"),
    pytest.param("tf.glorot_normal_initializer()", '"truncated_normal")', id="normal"),
    pytest.param("tf.glorot_normal_initializer(1)", '"truncated_normal", seed=1)', id="a seed"),
    pytest.param(
        "tf.glorot_uniform_initializer(dtype=tf.float64, seed=s)", '"uniform", dtype=tf.float64, seed=s)', id="a dtype"
    ),
]


@pytest.mark.parametrize(("before", "after"), EXACT)
def test_exact(before: str, after: str) -> None:
    start = 'compat_v1_init.keras.TF1VarianceScaling(scale=1.0, mode="fan_avg", distribution='
    assert site(before, "keras", line="def f(x={}): pass", head=V1) == start + after
