"""`from_meta_graph` of a graph whose draws are this package's: the first values that the graph's own Session gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf

import compat_v1_init
from compat_v1_init import from_meta_graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

v1 = tf.compat.v1
DRAWN: dict[str, Callable[[], Any]] = {
    "variance_scaling": lambda: compat_v1_init.variance_scaling_initializer(seed=1),
    "the graph's seed": compat_v1_init.glorot_uniform_initializer,
    "a mean, a negative seed": lambda: compat_v1_init.random_normal_initializer(1.0, 0.5, seed=-5),
    "the seed 0": lambda: compat_v1_init.truncated_normal_initializer(seed=0),
    "integers": lambda: compat_v1_init.random_uniform_initializer(-3, 9, seed=2, dtype=tf.int32),
    "float64": lambda: compat_v1_init.random_uniform_initializer(seed=3, dtype=tf.float64),
    "orthogonal": lambda: compat_v1_init.orthogonal_initializer(seed=4),
    "constant": lambda: compat_v1_init.constant_initializer(2.0),
}


@pytest.mark.parametrize("stream", ["continue", "first"])
@pytest.mark.parametrize("seed", [87, -3, 0])
def test_the_first_values_come_back(seed: int, stream: Any, tmp_path: Path, same_bytes: Any) -> None:
    with tf.Graph().as_default(), v1.Session() as session, compat_v1_init.options(stream=stream):
        v1.set_random_seed(seed)
        made = {name: make() for name, make in DRAWN.items()}
        values = {
            f"v{at}": v1.get_variable(f"v{at}", [3, 4], each.dtype, each) for at, each in enumerate(made.values())
        }
        with v1.variable_scope("parts", partitioner=v1.fixed_size_partitioner(2)):
            whole = v1.get_variable("w", [4, 3], initializer=compat_v1_init.glorot_uniform_initializer(seed=8))
        values["parts/w"] = whole.as_tensor()
        session.run(v1.global_variables_initializer())
        expected = session.run(values)
        v1.train.export_meta_graph(str(tmp_path / "own.meta"))
    found = from_meta_graph(tmp_path / "own.meta")
    assert dict(found.left_out) == {}
    assert set(expected) <= set(found)
    for name, value in expected.items():
        same_bytes(found[name](), value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(
            lambda: compat_v1_init.glorot_uniform_initializer()([2, 2]), "it has no seed: TF1 drew", id="unseeded"
        ),
        pytest.param(
            lambda: tf.random.stateless_uniform([2, 2], [1, 2]),
            "it is computed otherwise: the op StatelessRandomUniformV2",
            id="a stateless op of the program's own",
        ),
    ],
)
def test_what_cannot_be_drawn_again_is_left_out(value: Callable[[], Any], reason: str, tmp_path: Path) -> None:
    with tf.Graph().as_default():
        v1.get_variable("w", initializer=value())
        v1.train.export_meta_graph(str(tmp_path / "own.meta"))
    (told,) = from_meta_graph(tmp_path / "own.meta").left_out.values()
    assert told.startswith(reason)
