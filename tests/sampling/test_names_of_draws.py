"""The names of draws in a v1 graph, and what AutoGraph makes of subclasses, are the original's."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1
SAMPLERS = {
    "normal": (v1.random_normal, compat_v1_init.random.normal),
    "truncated_normal": (v1.truncated_normal, compat_v1_init.random.truncated_normal),
    "uniform": (v1.random_uniform, compat_v1_init.random.uniform),
}
ARGUMENTS: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "normal": [((), {}), ((1.0, 2.0), {})],
    "truncated_normal": [((), {}), ((1.0, 2.0), {})],
    "uniform": [
        ((), {}),
        ((0, 1), {}),  # nothing to scale
        ((False, True), {}),
        ((0, 3), {}),  # nothing to add
        ((1, 3), {}),
        ((0.0, 1.0), {}),
        ((0, 9, tf.int32), {}),
        ((), {"dtype": tf.float16}),
    ],
}
INITIALIZERS = (
    "variance_scaling_initializer",
    "glorot_uniform_initializer",
    "random_normal_initializer",
    "truncated_normal_initializer",
    "random_uniform_initializer",
    "uniform_unit_scaling_initializer",
    "orthogonal_initializer",
)


def no_names() -> list[dict[str, str]]:
    """Returns the empty name, twice, where TensorFlow takes it: not in its oldest releases."""
    with tf.Graph().as_default(), contextlib.suppress(ValueError):
        v1.random_normal([2], name="")
        return [{"name": ""}] * 2
    return []


def names(draw: Callable[..., Any], calls: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> list[str]:
    """Returns the names of draws under each name that a caller may give, one after the other in one graph."""
    with tf.Graph().as_default():
        found = [
            draw([2], *arguments, **options, **name).name
            for number, (arguments, options) in enumerate(calls)
            for name in ({}, {}, {"name": "given"}, {"name": f"same_scope_{number}/"}, *no_names())
        ]
        with v1.variable_scope("scope"):
            return [*found, *(draw([2], *arguments, **options).name for arguments, options in calls)]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_sampler_names_its_result_as_the_original(sampler: str) -> None:
    original, drop_in = (names(draw, ARGUMENTS[sampler]) for draw in SAMPLERS[sampler])
    assert drop_in == original


@pytest.mark.parametrize("name", INITIALIZERS)
def test_an_initializer_names_its_result_as_the_original(name: str) -> None:
    found = []
    for module in (v1, compat_v1_init):
        with tf.Graph().as_default():
            found.append([getattr(module, name)()([3, 3]).name for _ in range(2)])
    assert found[0] == found[1]


def counting(base: type) -> type:
    class Counting(base):  # type: ignore[misc]
        def __call__(self, shape: Any, *arguments: Any, **options: Any) -> Any:
            count = tf.constant(0)
            while count < 3:  # needs AutoGraph
                count += 1
            return super().__call__(shape, *arguments, **options) * tf.cast(count, tf.float32)

    return Counting


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name != "random_uniform_initializer"])
@pytest.mark.parametrize("subclass", [counting, lambda base: counting(counting(base))], ids=["one", "of-a-subclass"])
def test_autograph_converts_the_code_of_a_subclass(name: str, subclass: Callable[[type], type]) -> None:
    found = []
    for module in (v1, compat_v1_init):
        initializer = subclass(getattr(module, name))(seed=1)
        found.append(tf.function(lambda initializer=initializer: initializer([3, 3]))().numpy().tobytes())
    assert found[0] == found[1]


def test_autograph_leaves_our_own_code_alone() -> None:
    from tensorflow.python.autograph.impl.api import is_autograph_artifact

    base = compat_v1_init.variance_scaling_initializer
    plain_subclass = type("Plain", (base,), {})
    assert [is_autograph_artifact(cls()) for cls in (base, plain_subclass, counting(base))] == [True, True, False]
    assert is_autograph_artifact(base().__call__)
