"""Literal arguments with `--to keras`: each becomes code with the meaning that the drop-in gives it."""

from __future__ import annotations

from typing import Any

import pytest
from migrating import PLAIN, migrated, site

import compat_v1_init
from compat_v1_init.keras._translate import keras_seed

LINE = "w = tf.get_variable('w', [3, 4], initializer={})"
NOT_FOR_KERAS = ["0", "0.0", "-0.0", "1e400", "-1e400", "1e-400", "None", "'2'", "9" * 400]
NAMES = [
    pytest.param("tf.variance_scaling_initializer", "scale", "TF1VarianceScaling", ["-1.0", "False"], id="scale"),
    pytest.param(
        "tf.uniform_unit_scaling_initializer", "factor", "TF1UniformUnitScaling", ["1e200", "1e-200"], id="unit scaling"
    ),
    pytest.param(
        "tf.contrib.layers.variance_scaling_initializer", "factor", "TF1ContribVarianceScaling", ["-1.0"], id="contrib"
    ),
]


@pytest.mark.parametrize(("name", "parameter", "exact", "more"), NAMES)
@pytest.mark.parametrize("as_keyword", [False, True], ids=["by position", "by keyword"])
def test_what_keras_refuses_becomes_exact(
    name: str, parameter: str, exact: str, more: list[str], as_keyword: bool
) -> None:
    for value in (*NOT_FOR_KERAS, *more):
        argument = f"{parameter}={value}" if as_keyword else value
        assert site(f"{name}({argument})", "keras") == f"compat_v1_init.keras.{exact}({argument})"


ARGUMENTS = [
    pytest.param("lambda m=1: m", "RandomNormal(stddev=1.0, mean=lambda m=1: m)", id="a default of a lambda"),
    pytest.param("mean=lambda m=1: m", "RandomNormal(stddev=1.0, mean=lambda m=1: m)", id="behind a keyword"),
    pytest.param("{1: 2}[1]", "RandomNormal(stddev=1.0, mean={1: 2}[1])", id="a dict"),
    pytest.param("(m := 1)", "RandomNormal(stddev=1.0, mean=(m := 1))", id="a value with a name, in parentheses"),
    pytest.param("m := 1", "random_normal_initializer(m := 1)", id="a value with a name cannot be behind a keyword"),
]


@pytest.mark.parametrize(("argument", "after"), ARGUMENTS)
def test_an_argument_is_one_expression(argument: str, after: str) -> None:
    source = f"{PLAIN}tf.Session()\nw = tf.Variable(tf.random_normal_initializer({argument})([3]))\n"
    assert after in migrated(source, "keras").replace("(\n    ", "(").replace("\n    ", " ")


SEEDS = ["True", "False", str(2**64), str(2**63), str(-(2**63) - 1), "9" * 400, "0", "-5", "7"]
SEEDED = [
    "tf.variance_scaling_initializer",
    "tf.glorot_uniform_initializer",
    "tf.initializers.he_normal",
    "tf.uniform_unit_scaling_initializer",
    "tf.contrib.layers.variance_scaling_initializer",
    "tf.contrib.layers.xavier_initializer",
]


@pytest.mark.parametrize("name", SEEDED)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed[:24])
def test_a_seed_is_the_one_that_to_keras_gives(name: str, seed: str) -> None:
    text = site(f"{name}(seed={seed})", "keras", line="tf.Session(); w = tf.Variable({}([3, 4]))")
    value = int(seed) if seed not in {"True", "False"} else seed == "True"
    assert f"seed={keras_seed(value)!r})" in text
    assert "tf.keras.initializers." in text


@pytest.mark.parametrize("seed", ["1.0", "-0.0", "1e400", "'1'"])
def test_a_seed_that_is_no_int_stays_with_tf1s_meaning(seed: str) -> None:
    text = f"tf.variance_scaling_initializer(seed={seed})"
    assert site(text, "keras") == f"compat_v1_init.keras.TF1VarianceScaling(seed={seed})"


@pytest.mark.parametrize("other", ["True", str(2**64 + 3), "1"], ids=["bool", "huge", "the same"])
def test_seeds_that_become_one_seed_tie_no_weights(other: str) -> None:
    seed = str(keras_seed(True if other == "True" else int(other)))
    lines = [LINE.format(f"tf.variance_scaling_initializer(seed={each})") for each in (seed, other)]
    after = migrated(PLAIN + "\n".join(lines) + "\n", "keras")
    assert after.count("compat_v1_init.keras.TF1VarianceScaling(") == 2


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        pytest.param("TF1UniformUnitScaling", {"factor": 0.0}, id="zero"),
        pytest.param("TF1ContribVarianceScaling", {"factor": 0.0}, id="contrib's zero"),
    ],
)
def test_a_zero_factor_draws_zeros_as_the_drop_in_does(call: str, arguments: dict[str, Any]) -> None:
    pytest.importorskip("tensorflow")
    values = getattr(compat_v1_init.keras, call)(**arguments)([3, 4])
    assert not values.numpy().any()
