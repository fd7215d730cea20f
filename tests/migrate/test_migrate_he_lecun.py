"""CVI003: the he and lecun initializers."""

from __future__ import annotations

import pytest
from migrating import site

NAMES = {
    "he_normal": ("HeNormal", "2.0", "truncated_normal"),
    "he_uniform": ("HeUniform", "2.0", "uniform"),
    "lecun_normal": ("LecunNormal", "1.0", "truncated_normal"),
    "lecun_uniform": ("LecunUniform", "1.0", "uniform"),
}
MODULES = ["tf.compat.v1.initializers", "tf.initializers", "tf.python.ops.init_ops", "tf.compat.v1.keras.initializers"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("module", [*MODULES, "tf.contrib.keras.initializers"])
def test_shim(module: str, name: str) -> None:
    assert site(f"{module}.{name}(seed=1)", "shim") == f"compat_v1_init.initializers.{name}(seed=1)"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("module", MODULES)
def test_keras(module: str, name: str) -> None:
    assert site(f"{module}.{name}(1)", "keras") == f"tf.keras.initializers.{NAMES[name][0]}(seed=1)"


@pytest.mark.parametrize("name", NAMES)
def test_exact(name: str) -> None:
    _, scale, distribution = NAMES[name]
    before = f"tf.compat.v1.initializers.{name}(1)"
    assert site(before, "keras", line="def f(x={}): pass") == (
        f'compat_v1_init.keras.TF1VarianceScaling(scale={scale}, mode="fan_in", distribution="{distribution}", seed=1)'
    )


def test_there_is_no_dtype() -> None:
    before = "tf.compat.v1.initializers.he_normal(dtype=tf.float32)"
    assert site(before, "keras") == "compat_v1_init.initializers.he_normal(dtype=tf.float32)"
