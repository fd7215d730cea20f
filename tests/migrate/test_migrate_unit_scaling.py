"""CVI004: `uniform_unit_scaling_initializer`."""

from __future__ import annotations

import pytest
from migrating import site

SHIM = [
    ("tf.uniform_unit_scaling_initializer(1.43)", "uniform_unit_scaling_initializer(1.43)"),
    ("tf.initializers.uniform_unit_scaling()", "initializers.uniform_unit_scaling()"),
    ("tf.compat.v1.initializers.uniform_unit_scaling", "initializers.uniform_unit_scaling"),
    ("tf.python.ops.init_ops.UniformUnitScaling()", "uniform_unit_scaling_initializer()"),
]


@pytest.mark.parametrize(("before", "after"), SHIM, ids=[before for before, _ in SHIM])
def test_shim(before: str, after: str) -> None:
    assert site(before, "shim") == f"compat_v1_init.{after}"


FACTOR = "tf.uniform_unit_scaling_initializer({})"


@pytest.mark.parametrize("factor", ["None", "'2'", "1j", "9" * 400, "[1]"], ids=lambda text: text[:4])
def test_a_factor_that_is_no_number_costs_no_crash(factor: str) -> None:
    assert factor in site(FACTOR.format(factor), "keras")


NATIVE = [
    pytest.param("", "", id="defaults"),
    pytest.param("0.5", ", scale=0.25", id="a literal is squared"),
    pytest.param("factor=3", ", scale=9.0", id="an int"),
    pytest.param("1.43", ", scale=1.43 ** 2", id="a literal whose square nobody would know"),
    pytest.param("-1.43", ", scale=(-1.43) ** 2", id="a negative literal"),
    pytest.param("factor=x", ", scale=x ** 2", id="a name"),
    pytest.param("factor=-x", ", scale=(-x) ** 2", id="an operand that needs parentheses"),
    pytest.param("factor=a + b", ", scale=(a + b) ** 2", id="a sum"),
    pytest.param("0.5, 7, tf.float16", ", scale=0.25, seed=7", id="all positions"),
]


@pytest.mark.parametrize(("before", "after"), NATIVE)
def test_keras(before: str, after: str) -> None:
    assert site(f"tf.uniform_unit_scaling_initializer({before})", "keras") == (
        f'tf.keras.initializers.VarianceScaling(mode="fan_in", distribution="uniform"{after})'
    )


def test_exact() -> None:
    before = "tf.uniform_unit_scaling_initializer(0.5, 7)"
    assert site(before, "keras", line="def f(x={}): pass") == "compat_v1_init.keras.TF1UniformUnitScaling(0.5, 7)"
