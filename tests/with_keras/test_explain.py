"""`explain`: the verdicts, and that what its sentences say is so.

Runs under the Keras that `tf.keras` is; test_keras_fresh_process.py runs it under the other one too.
"""

from __future__ import annotations

import dataclasses
import re
import warnings
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from compat_v1_init import Explanation, contrib, explain, initializers, to_keras
from compat_v1_init.keras._convert import DRAWS_WITH_STATEFUL_OPS

v1 = tf.compat.v1

OTHER, SAME, CANNOT = "same distribution, different numbers", "same numbers", "cannot"


@pytest.mark.parametrize(
    ("initializer", "before", "plain", "exact"),
    [
        pytest.param(
            v1.variance_scaling_initializer(2.0, seed=1),
            "tf.variance_scaling_initializer(scale=2.0, mode='fan_in', distribution='truncated_normal', seed=1)",
            "VarianceScaling(scale=2.0, mode='fan_in', distribution='truncated_normal', seed=1)",
            "TF1VarianceScaling(scale=2.0, mode='fan_in', distribution='truncated_normal', seed=1, dtype='float32')",
            id="variance scaling",
        ),
        pytest.param(
            "tf.glorot_uniform_initializer",
            "tf.glorot_uniform_initializer(seed=None)",
            "GlorotUniform(seed=None)",
            "TF1VarianceScaling(scale=1.0, mode='fan_avg', distribution='uniform', seed=None, dtype='float32')",
            id="Glorot",
        ),
        pytest.param(
            initializers.lecun_uniform(seed=1),
            "tf.initializers.lecun_uniform(seed=1)",
            "LecunUniform(seed=1)",
            "TF1VarianceScaling(scale=1.0, mode='fan_in', distribution='uniform', seed=1, dtype='float32')",
            id="LeCun",
        ),
        pytest.param(
            initializers.uniform_unit_scaling(1.5, dtype=tf.float64),
            "tf.uniform_unit_scaling_initializer(factor=1.5, seed=None, dtype='float64')",
            "VarianceScaling(scale=2.25, mode='fan_in', distribution='uniform', seed=None)",
            "TF1UniformUnitScaling(factor=1.5, seed=None, dtype='float64')",
            id="unit scaling",
        ),
        pytest.param(
            contrib.xavier_initializer(seed=4),
            "tf.contrib.layers.variance_scaling_initializer(factor=1.0, mode='FAN_AVG', uniform=True, seed=4)",
            "VarianceScaling(scale=1.0, mode='fan_avg', distribution='uniform', seed=4)",
            "TF1ContribVarianceScaling(factor=1.0, mode='FAN_AVG', uniform=True, seed=4, dtype='float32')",
            id="contrib",
        ),
    ],
)
def test_before_and_after_are_calls_that_make_them(initializer: Any, before: str, plain: str, exact: str) -> None:
    as_plain, as_exact = explain(initializer), explain(initializer, numbers="tf1")
    assert (as_plain.verdict, as_plain.before, as_plain.after) == (OTHER, before, f"tf.keras.initializers.{plain}")
    assert (as_exact.verdict, as_exact.before, as_exact.after) == (SAME, before, f"compat_v1_init.keras.{exact}")
    namespace: dict[str, Any] = {"tf": tf, "compat_v1_init": __import__("compat_v1_init")}
    for numbers, after in (("keras", as_plain.after), ("tf1", as_exact.after)):
        made = eval(str(after), namespace)  # noqa: S307 - its own text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The lost float64 is test_translate.py's.
            expected = to_keras(initializer, numbers=numbers)  # type: ignore[arg-type]
        assert type(made) is type(expected)
        assert made.get_config() == expected.get_config()


NUMBERS, REPEATS, UNSEEDED = "different numbers", "One object called twice", "set_random_seed"
MIXED, PARTITION = "TF1 mixes the seed", "partition_info"


@pytest.mark.parametrize(
    ("initializer", "expected"),
    [
        pytest.param(initializers.he_normal(), [NUMBERS, REPEATS, UNSEEDED, PARTITION], id="no seed"),
        pytest.param(initializers.he_normal(1), [NUMBERS, REPEATS, MIXED, PARTITION], id="a seed"),
        pytest.param(
            initializers.he_normal(1.5),  # type: ignore[arg-type]
            [NUMBERS, REPEATS, MIXED, "1.5 becomes 1", PARTITION],
            id="a seed that changes",
        ),
        pytest.param(
            v1.variance_scaling_initializer(seed=1, dtype=tf.float64),
            [NUMBERS, REPEATS, MIXED, 'Pass dtype="float64"', PARTITION],
            id="a default dtype",
        ),
        pytest.param(
            v1.uniform_unit_scaling_initializer(seed=1),
            [NUMBERS, REPEATS, MIXED, "For a vector", PARTITION],
            id="unit scaling",
        ),
        pytest.param(
            contrib.variance_scaling_initializer(seed=1),
            [NUMBERS, REPEATS, MIXED, "constant 1.3"],
            id="contrib, which takes no partition_info either",
        ),
        pytest.param(contrib.xavier_initializer(seed=1), [NUMBERS, REPEATS, MIXED], id="contrib's uniform has no 1.3"),
    ],
)
def test_what_changes(initializer: Any, expected: list[str]) -> None:
    changes = explain(initializer).changes
    if DRAWS_WITH_STATEFUL_OPS:
        expected = [*expected, "Keras 2.10"]
    assert len(changes) == len(expected)
    for change, part in zip(changes, expected):
        assert part in change
        assert change.endswith(".")


def test_as_text() -> None:
    text = str(explain(contrib.variance_scaling_initializer(1.0, seed=4)))
    verdict, after, *changes = text.split("\n")
    assert verdict == (
        f"{OTHER}: tf.contrib.layers.variance_scaling_initializer(factor=1.0, mode='FAN_IN', uniform=False, seed=4)"
    )
    assert re.fullmatch(r"  -> tf\.keras\.initializers\.VarianceScaling\(scale=1\.0058\d+, mode=.*, seed=4\)", after)
    assert changes
    assert all(change.startswith("  * ") for change in changes if "█" not in change)


def test_as_text_of_what_cannot_be() -> None:
    assert str(explain("convolutional_orthogonal_2d")) == (
        "cannot: 'convolutional_orthogonal_2d'\n  * Keras has no class for convolutional_orthogonal_2d. Received: "
        "convolutional_orthogonal_2d(gain=1.0, seed=None, dtype='float32'). "
        "Nearest: numbers='tf1', which keeps TF1's numbers."
    )


def test_what_draws_nothing_keeps_its_numbers() -> None:
    assert str(explain(initializers.constant(0.5, dtype="float64"))) == (
        "same numbers: tf.constant_initializer(value=0.5, dtype='float64', verify_shape=False)\n"
        "  -> tf.keras.initializers.Constant(value=0.5)\n"
        "  * Nothing is drawn: the values are the same.\n"
        "  * The default dtype float64 is lost: Keras' initializers have none. "
        'Pass dtype="float64" where you call it.'
    )


def test_defaults_that_differ_are_told() -> None:
    changes = explain("random_uniform_initializer").changes
    assert "Keras' default bounds are -0.05 and 0.05, TF1's 0 and 1: they are written out." in changes


def test_an_explanation_is_a_value() -> None:
    one, two = explain("he_normal"), explain(initializers.he_normal)
    assert isinstance(one, Explanation)
    assert one == two
    assert hash(one) == hash(two)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.verdict = CANNOT  # type: ignore[misc]


def test_explain_warns_of_nothing_and_draws_nothing() -> None:
    """What `to_keras` would warn of is in the text; the streams stay where they are."""
    init = v1.variance_scaling_initializer(seed=1, dtype=tf.float64)
    tf.random.set_seed(1)
    first = init([2]).numpy().tobytes()
    tf.random.set_seed(1)
    explain(init)
    explain(init, numbers="tf1")
    assert init([2]).numpy().tobytes() == first


# --- The sentences are true ------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:The initializer .* is unseeded")  # Legacy Keras says so too.
@pytest.mark.parametrize("seed", [None, 3])
def test_one_object_called_twice(seed: int | None) -> None:
    theirs = v1.variance_scaling_initializer(seed=seed)
    ours = to_keras(theirs)
    assert theirs([4]).numpy().tobytes() != theirs([4]).numpy().tobytes()
    assert ours([4]).numpy().tobytes() == ours([4]).numpy().tobytes()


def _under(set_seed: Any, init: Any) -> list[bytes]:
    values = []
    for seed in (1, 1, 2):
        set_seed(seed)
        values.append(np.asarray(to_keras(init)((4,))).tobytes())
    return values


@pytest.mark.filterwarnings("ignore:non-integer arguments to randrange:DeprecationWarning")  # Legacy Keras 2.16.
def test_which_seed_decides_unseeded_numbers() -> None:
    init = v1.variance_scaling_initializer()
    one, again, two = _under(tf.keras.utils.set_random_seed, init)
    assert one == again
    assert one != two
    one, again, two = _under(tf.random.set_seed, init)
    assert len({one, again, two}) == 3


def test_a_seed_is_taken_alone() -> None:
    init = v1.variance_scaling_initializer(seed=3)
    assert len(set(_under(tf.random.set_seed, init))) == 1
    tf.random.set_seed(1)
    one = init([4]).numpy().tobytes()
    tf.random.set_seed(2)
    assert init([4]).numpy().tobytes() != one


@pytest.mark.parametrize(
    ("shape", "agree"), [((1000,), False), ((1000, 8), True), ((10, 10, 10, 8), True)], ids=["vector", "matrix", "conv"]
)
def test_unit_scaling_agrees_but_for_vectors(shape: tuple[int, ...], agree: bool) -> None:
    init = v1.uniform_unit_scaling_initializer(seed=1)
    widths = [np.abs(np.asarray(each(shape))).max() for each in (init, to_keras(init))]
    assert (widths[0] == pytest.approx(widths[1], rel=0.01)) == agree
