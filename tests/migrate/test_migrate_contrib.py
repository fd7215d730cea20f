"""CVI005: contrib's `variance_scaling_initializer`."""

from __future__ import annotations

import pytest
from migrating import PLAIN, site

from compat_v1_init._family import TRUNCATED_STDDEV

NAME = "variance_scaling_initializer"
SPELLINGS = [
    ("", "tf.contrib.layers"),
    ("", "tf.contrib.slim"),
    ("", "tf.contrib.layers.python.layers.initializers"),
    ("", "tf.contrib.layers.initializers"),
    ("import tensorflow.contrib.slim as slim\n", "slim"),
    ("from tensorflow.contrib import slim\n", "slim"),
    ("from tensorflow.contrib import slim\n", "slim.initializers"),
    ("from tensorflow.contrib import layers as tcl\n", "tcl"),
    ("import tensorflow.contrib as tc\n", "tc.layers"),
    ("import tensorflow.contrib.layers\n", "tensorflow.contrib.layers"),
    ("slim = tf.contrib.slim\n", "slim"),
    ("import tf_slim as slim\n", "slim"),
    ("import tf_slim\n", "tf_slim.layers"),
    ("from tf_slim import layers\n", "layers"),
    ("from tf_slim.layers import initializers\n", "initializers"),
    ("from tensorflow.contrib.layers.python.layers import initializers as i\n", "i"),
    ("try:\n    from tensorflow.contrib import slim\nexcept ImportError:\n    import tf_slim as slim\n", "slim"),
]


@pytest.mark.parametrize(("head", "module"), SPELLINGS, ids=[f"{head}{module}" for head, module in SPELLINGS])
def test_shim(head: str, module: str) -> None:
    assert site(f"{module}.{NAME}(2.0)", "shim", head=PLAIN + head) == f"compat_v1_init.contrib.{NAME}(2.0)"


def _scale(factor: float) -> str:
    return f"{factor!r} * 1.3 * 0.87962566103423978**2"


FACTOR = "tf.contrib.layers.variance_scaling_initializer({})"


@pytest.mark.parametrize("factor", ["None", "'2'", "1j", "9" * 400, "[1]"], ids=lambda text: text[:4])
def test_a_factor_that_is_no_number_costs_no_crash(factor: str) -> None:
    assert factor in site(FACTOR.format(factor), "keras")


NATIVE = [
    pytest.param(
        "",
        f'scale={_scale(2.0)}, mode="fan_in", distribution="truncated_normal"',
        id="defaults, which differ from Keras'",
    ),
    pytest.param(
        "1.0, 'FAN_AVG', True",
        'scale=1.0, mode="fan_avg", distribution="uniform"',
        id="positions; no constant in uniform",
    ),
    pytest.param(
        "factor=1.0, mode='FAN_OUT', uniform=False",
        f'scale={_scale(1.0)}, mode="fan_out", distribution="truncated_normal"',
        id="keywords",
    ),
    pytest.param(
        "factor=f, seed=None",
        'mode="fan_in", distribution="truncated_normal", scale=f * 1.3 * 0.87962566103423978**2, seed=None',
        id="a factor known at run time",
    ),
    pytest.param(
        "a + b",
        'mode="fan_in", distribution="truncated_normal", scale=(a + b) * 1.3 * 0.87962566103423978**2',
        id="a sum",
    ),
    pytest.param("factor=f, uniform=True", 'mode="fan_in", scale=f, distribution="uniform"', id="uniform with a name"),
]


@pytest.mark.parametrize(("before", "after"), NATIVE)
def test_keras(before: str, after: str) -> None:
    assert site(f"tf.contrib.layers.{NAME}({before})", "keras") == f"tf.keras.initializers.VarianceScaling({after})"


def test_the_constant_makes_kerass_width_contribs() -> None:
    """Keras draws sqrt(scale / n) / 0.8796 and contrib sqrt(1.3 * factor / n)."""
    n = 5
    scale = 2.0 * 1.3 * TRUNCATED_STDDEV**2
    assert (scale / n) ** 0.5 / TRUNCATED_STDDEV == pytest.approx((1.3 * 2.0 / n) ** 0.5, rel=1e-15)


@pytest.mark.parametrize("argument", ["mode=m", "uniform=u", "mode='fan_in'", "mode=None"])
def test_what_cannot_be_told_becomes_exact(argument: str) -> None:
    before = f"tf.contrib.layers.{NAME}({argument})"
    assert site(before, "keras") == f"compat_v1_init.keras.TF1ContribVarianceScaling({argument})"
