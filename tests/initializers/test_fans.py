"""From a shape to a width: the same doubles as the original's, to the last bit."""

from __future__ import annotations

import importlib.util
import itertools
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorflow.python.ops import init_ops

import compat_v1_init
from compat_v1_init._migrate.originals import Contrib, form
from compat_v1_init.initializers import _call, _fans

MODES = ["fan_in", "fan_out", "fan_avg"]

few = settings(derandomize=True, max_examples=60, deadline=None, database=None)
sides = st.integers(min_value=0, max_value=10**6)
shapes = st.lists(sides, max_size=6)
scales = st.floats(min_value=1e-30, max_value=1e30) | st.integers(min_value=1, max_value=10**9)


@few
@given(shape=shapes, kind=st.sampled_from([list, tuple, tf.TensorShape, np.array]))
def test_fans_are_the_originals(shape: list[int], kind: Any) -> None:
    if kind is np.array and math.prod(filter(None, shape)) >= 2**63:
        return  # NumPy's integers overflow, and warn.
    given_shape = np.array(shape, np.int64) if kind is np.array else kind(shape)
    ours, theirs = _fans.compute_fans(given_shape), init_ops._compute_fans(given_shape)
    assert ours == theirs
    assert [type(fan) for fan in ours] == [type(fan) for fan in theirs] == [int, int]


@pytest.mark.parametrize(
    ("shape", "fans"),
    [
        pytest.param([], (1, 1), id="scalar"),
        pytest.param([7], (7, 7), id="vector"),
        pytest.param([3, 4], (3, 4), id="matrix"),
        pytest.param([5, 3, 4], (15, 20), id="1-D convolution"),
        pytest.param([3, 3, 16, 32], (144, 288), id="2-D convolution"),
        pytest.param([2, 3, 4, 5, 6], (120, 144), id="3-D convolution"),
        pytest.param([0, 4], (0, 4), id="empty"),
        pytest.param([0, 3, 4], (0, 0), id="empty receptive field"),
        pytest.param([2.5, 2], (2, 2), id="a fraction is cut off"),
    ],
)
def test_fans_by_hand(shape: list[Any], fans: tuple[int, int]) -> None:
    assert _fans.compute_fans(shape) == fans == init_ops._compute_fans(shape)


@pytest.mark.parametrize(
    "shape",
    [None, 3, [None], [None, 2], [2, None], [None, 3, 4], [3, 4, None], tf.TensorShape(None), ["a", 2], [[1], [2]]],
    ids=str,
)
def test_fans_that_the_original_cannot_take(shape: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as ours:
        _fans.compute_fans(shape)
    with pytest.raises((TypeError, ValueError)) as theirs:
        init_ops._compute_fans(shape)
    assert type(ours.value) is type(theirs.value)
    assert str(ours.value) == str(theirs.value)


def _original_bounds(monkeypatch: pytest.MonkeyPatch, init: Any, shape: Any) -> tuple[str, Any]:
    """Returns the sampler that the original calls, and mean and stddev or the two bounds that it passes."""
    seen: list[tuple[str, Any]] = []
    ops = init_ops.random_ops
    with monkeypatch.context() as patched:
        for name in ("truncated_normal", "random_normal"):
            patched.setattr(
                ops, name, lambda _, mean, stddev, *__, name=name, **___: seen.append((name, (mean, stddev)))
            )
        patched.setattr(ops, "random_uniform", lambda _, low, high, *__, **___: seen.append(("uniform", (low, high))))
        init(shape)
    ((name, bounds),) = seen
    return ("random_uniform" if name == "uniform" else name), bounds


def _our_bounds(monkeypatch: pytest.MonkeyPatch, init: Any, shape: Any) -> tuple[str, Any]:
    """Returns the same of the drop-in."""
    seen: list[tuple[str, Any]] = []
    with monkeypatch.context() as patched:
        patched.setattr(_call, "draw", lambda request: seen.append((request.kernel, request.bounds)))
        init(shape)
    ((kernel, bounds),) = seen
    return kernel, bounds


@few
@given(
    shape=shapes,
    scale=scales,
    mode=st.sampled_from(MODES),
    distribution=st.sampled_from(["truncated_normal", "normal", "untruncated_normal", "uniform"]),
)
def test_widths_are_the_originals(shape: list[int], scale: float, mode: str, distribution: str) -> None:
    arguments = {"scale": scale, "mode": mode, "distribution": distribution}
    with pytest.MonkeyPatch.context() as patch:
        ours = _our_bounds(patch, compat_v1_init.variance_scaling_initializer(**arguments), shape)
        theirs = _original_bounds(patch, tf.compat.v1.variance_scaling_initializer(**arguments), shape)
    assert ours == theirs
    assert [type(bound) for bound in (*ours[1], *theirs[1])] == [float] * 4


@few
@given(shape=shapes, factor=st.floats(min_value=-1e6, max_value=1e6) | st.integers(-9, 9))
def test_unit_scaling_widths_are_the_originals(shape: list[int], factor: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        ours = _our_bounds(patch, compat_v1_init.uniform_unit_scaling_initializer(factor), shape)
        theirs = _original_bounds(patch, tf.compat.v1.uniform_unit_scaling_initializer(factor), shape)
    assert ours == theirs


def test_the_constant_is_the_stddev_of_the_truncated_normal() -> None:
    """Var = 1 - 2 a phi(a) / (2 Phi(a) - 1) for a standard normal cut off at a = 2."""
    density = math.exp(-2.0) / math.sqrt(2.0 * math.pi)
    variance = 1.0 - 4.0 * density / math.erf(math.sqrt(2.0))
    assert math.isclose(_fans.TRUNCATED_STDDEV, math.sqrt(variance), rel_tol=1e-15)


def test_glorot_is_six_over_the_sum_of_the_fans() -> None:
    for shape in itertools.product([1, 2, 7, 64], repeat=2):
        initializer = compat_v1_init.variance_scaling_initializer(1.0, "fan_avg", "uniform")
        _, limit = _fans.variance_scaling_bounds(initializer, "random_uniform", shape)
        assert math.isclose(limit**2, Fraction(6, sum(shape)), rel_tol=1e-15)


@pytest.fixture(scope="module")
def contrib() -> Any:
    """Contrib's own module, as tf_slim has it; the rest of tf_slim needs a Keras of version 2."""
    found = importlib.util.find_spec("tf_slim")
    if found is None or found.origin is None:
        pytest.skip("tf-slim is not installed")
    path = Path(found.origin).parent / "layers" / "initializers.py"
    spec = importlib.util.spec_from_file_location("contribs_initializers", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@few
@given(
    shape=st.lists(st.integers(1, 10**4), max_size=5),
    factor=st.floats(min_value=1e-6, max_value=1e6),
    mode=st.sampled_from(["FAN_IN", "FAN_OUT", "FAN_AVG"]),
    uniform=st.booleans(),
)
def test_contribs_widths_are_contribs(contrib: Any, shape: list[int], factor: float, mode: str, uniform: bool) -> None:
    arguments = {"factor": factor, "mode": mode, "uniform": uniform}
    with pytest.MonkeyPatch.context() as patch:
        theirs = _original_bounds(patch, contrib.variance_scaling_initializer(**arguments), shape)
        ours = _our_bounds(patch, compat_v1_init.contrib.variance_scaling_initializer(**arguments), shape)
    assert ours == theirs


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("mode", ["FAN_IN", "FAN_OUT", "FAN_AVG"])
@pytest.mark.parametrize("uniform", [False, True])
def test_what_proves_contribs_widths_is_contribs(
    contrib: Any, shape: tuple[int, ...], mode: str, uniform: bool
) -> None:
    arguments = {"factor": 0.7, "mode": mode, "uniform": uniform, "dtype": tf.float64}
    theirs = contrib.variance_scaling_initializer(**arguments)
    assert form(Contrib(**arguments), shape) == form(lambda shape, dtype: theirs(shape, tf.as_dtype(dtype)), shape)
