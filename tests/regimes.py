"""What the tests of all modes share: the two sides that are compared, and the regimes in which they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
