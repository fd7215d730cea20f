"""What the tests of all modes share: the two sides that are compared, and the regimes in which they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import compat_v1_init

Bits = tuple[str, tuple[int, ...], bytes]
Make = Callable[..., Any]
ORIGINAL: Make = tf.compat.v1.variance_scaling_initializer
DROP_IN: Make = compat_v1_init.variance_scaling_initializer

SAMPLERS = {"TruncatedNormal", "RandomStandardNormal", "RandomUniform"}
DTYPES = [tf.float16, tf.bfloat16, tf.float32, tf.float64]
DISTRIBUTIONS = ["truncated_normal", "untruncated_normal", "uniform", "normal"]
MODES = ["fan_in", "fan_out", "fan_avg"]
SEEDS = [
    pytest.param((87, 12), id="both"),
    pytest.param((None, 42), id="op-only"),
    pytest.param((1234, None), id="graph-only"),
    pytest.param((0, 0), id="zeros"),
    pytest.param((-1, -5), id="negative"),
    pytest.param((2**62 + 3, 2**40 + 7), id="64-bit"),
]

dtypes = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
distributions = pytest.mark.parametrize("distribution", DISTRIBUTIONS)
seeds = pytest.mark.parametrize("seed", SEEDS)


def bits(value: Any) -> Bits:
    """Returns what must be equal of two arrays or eager tensors."""
    array = np.asarray(value.numpy() if tf.is_tensor(value) else value)
    return array.dtype.name, array.shape, array.tobytes()


def check_program(program: Callable[[Make], list[Any]], graph_seed: int | None = 87) -> list[Bits]:
    """Runs a program of eager calls with the original and with the drop-in; returns the draws, which must be equal."""

    def draws(make: Make) -> list[Bits]:
        tf.random.set_seed(graph_seed)
        return [bits(tensor) for tensor in tf.nest.flatten(program(make))]

    expected, actual = draws(ORIGINAL), draws(DROP_IN)
    assert len(actual) == len(expected) > 0
    different = [i for i in range(len(expected)) if actual[i] != expected[i]]
    assert not different, f"draws {different} of {len(expected)} differ"
    return actual
