"""`to_keras(model)` and `explain(model)`, under the Keras that `tf.keras` is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import compat_v1_init as c
from compat_v1_init._tensorflow import VERSION

keras = tf.keras
v1 = tf.compat.v1
IS_KERAS_3 = hasattr(keras, "ops")

pytestmark = [
    pytest.mark.filterwarnings("ignore:The .keras.initializers.serialize... API should only be used"),
    pytest.mark.filterwarnings("ignore:The initializer .* is unseeded and being called multiple times"),
    pytest.mark.skipif(VERSION < (2, 10), reason="Keras' initializers draw as TF1's there"),
]


def _model() -> Any:
    a = keras.layers.Input((4,), name="a")
    inner = keras.Sequential(
        [
            keras.layers.InputLayer((4,)),
            keras.layers.Dense(4, kernel_initializer=c.uniform_unit_scaling_initializer(1.43), name="in"),
        ],
        name="inner",
    )
    shared = keras.layers.Dense(4, kernel_initializer=c.contrib.xavier_initializer(seed=2), name="shared")
    gru = keras.layers.Bidirectional(
        keras.layers.GRU(2, kernel_initializer=c.glorot_uniform_initializer(), name="gru"), name="both"
    )
    steps = keras.layers.Reshape((2, 2), name="steps")
    own = keras.layers.Dense(3, kernel_initializer=keras.initializers.HeNormal(seed=1), name="own")
    exact = keras.layers.Dense(3, kernel_initializer=c.keras.TF1VarianceScaling(2.0, seed=9), name="exact")
    end = keras.layers.Dense(
        2,
        kernel_initializer=v1.variance_scaling_initializer(2.0, distribution="normal", seed=3),
        name="end",
    )
    return keras.Model(a, end(exact(own(gru(steps(inner(shared(shared(a)))))))), name="whole")


SITES = [
    ("shared", "kernel", "VarianceScaling(scale=1.0, mode='fan_avg', distribution='uniform', seed=2)"),
    ("inner/in", "kernel", f"VarianceScaling(scale={1.43**2!r}, mode='fan_in', distribution='uniform', seed=None)"),
    ("both/gru", "kernel", "GlorotUniform(seed=None)"),
    ("exact", "kernel", "VarianceScaling(scale=2.0, mode='fan_in', distribution='truncated_normal', seed=9)"),
    ("end", "kernel", "VarianceScaling(scale=2.0, mode='fan_in', distribution='truncated_normal', seed=3)"),
]


def test_explain_names_each_initializer_of_tf1_and_no_other() -> None:
    told = c.explain(_model())
    # Keras calls the layer that a wrapper runs forward by another name.
    found = [(layer.replace("forward_", ""), weight, each.after) for layer, weight, each in told.rows]
    expected = [(layer, weight, f"tf.keras.initializers.{after}") for layer, weight, after in SITES]
    # Keras 2 also writes the layer that a wrapper runs backward.
    assert [row for row in found if "backward" not in row[0]] == expected
    lines = str(told).splitlines()
    assert lines[0].split() == ["layer", "weight", "before", "after", "numbers"]
    assert "tf.keras.utils.set_random_seed" in lines[-1] or any("repeats itself" in line for line in lines)
    html = told._repr_html_()
    assert html.count("<tr>") == len(found) + 1
    assert "<table>" in html


@pytest.mark.parametrize("numbers", ["keras", "tf1"])
def test_the_clone_has_keras_initializers_and_the_same_weights(numbers: Any) -> None:
    model = _model()
    before = [w.tobytes() for w in model.get_weights()]
    clone = c.to_keras(model, numbers)
    assert [w.tobytes() for w in clone.get_weights()] == before == [w.tobytes() for w in model.get_weights()]
    x = np.ones((2, 4), np.float32)
    np.testing.assert_array_equal(clone.predict(x, verbose=0), model.predict(x, verbose=0))
    end = clone.get_layer("end").kernel_initializer
    assert type(end).__name__ == ("VarianceScaling" if numbers == "keras" else "TF1VarianceScaling")
    assert end.get_config()["seed"] == 3
    assert type(clone.get_layer("own").kernel_initializer) is keras.initializers.HeNormal
    if numbers == "keras":
        assert not c.explain(clone).rows
        assert "No initializer of TF1" in str(c.explain(clone))
        assert "compat_v1_init" not in clone.to_json()
    # The model itself is as it was.
    assert isinstance(model.get_layer("end").kernel_initializer, v1.variance_scaling_initializer)


def test_tf1s_other_initializers_lose_the_dtype_that_keras_does_not_take() -> None:
    layer = keras.layers.Dense(
        2, kernel_initializer=v1.random_normal_initializer(stddev=0.1, seed=1), bias_initializer=v1.ones_initializer()
    )
    model = keras.Sequential([keras.layers.InputLayer((3,)), layer])
    told = c.explain(model)
    after = {weight: (each.verdict, each.after) for _, weight, each in told.rows}
    assert after["bias"] == ("same numbers", "tf.keras.initializers.Ones()")
    assert after["kernel"][1] == "tf.keras.initializers.RandomNormal(mean=0.0, stddev=0.1, seed=1)"
    clone = c.to_keras(model)
    assert type(clone.layers[-1].kernel_initializer) is keras.initializers.RandomNormal
    assert [w.tobytes() for w in clone.get_weights()] == [w.tobytes() for w in model.get_weights()]


def test_a_model_that_is_not_built_stays_so() -> None:
    model = keras.Sequential([keras.layers.Dense(2, kernel_initializer=c.glorot_normal_initializer())])
    clone = c.to_keras(model)
    assert not clone.built
    assert type(clone.layers[0].kernel_initializer) is keras.initializers.GlorotNormal


def test_what_cannot_be_translated_is_refused_and_said() -> None:
    class Own(keras.Model):  # type: ignore[misc,name-defined]
        def call(self, x: Any) -> Any:
            return x

    for function in (c.to_keras, c.explain):
        with pytest.raises(TypeError, match="in its code alone"):
            function(Own())
    init = c.uniform_unit_scaling_initializer(0.0)
    model = keras.Sequential([keras.layers.InputLayer((3,)), keras.layers.Dense(2, kernel_initializer=init)])
    with pytest.raises(ValueError, match="For zeros"):
        c.to_keras(model)
    ((_, _, told),) = c.explain(model).rows
    assert told.verdict == "cannot"


FIRST_VALUES: list[Any] = [
    c.PinnedInitializer("uniform", (87, 12), (3, 2)),
    c.PinnedConstant([0.5], (3, 2)),
    c.PinnedOrthogonal(c.PinnedInitializer("untruncated_normal", (87, 12), (3, 2)), (3, 2)),
    c.PartitionedInitializer((c.PinnedInitializer("uniform", (87, 12), (2, 2)), c.PinnedConstant([0.5], (1, 2)))),
]


@pytest.mark.parametrize("numbers", ["keras", "tf1"])
def test_the_first_values_of_an_old_graph_stay(numbers: Any) -> None:
    """Keras has no class that could stand for them."""
    layers = [keras.layers.Dense(2, kernel_initializer=init) for init in FIRST_VALUES]
    model = keras.Model(a := keras.layers.Input((3,)), [layer(a) for layer in layers])
    clone = c.to_keras(model, numbers)
    kept = [layer.kernel_initializer for layer in clone.layers if hasattr(layer, "kernel_initializer")]
    assert kept == FIRST_VALUES
    assert not c.explain(model).rows


@pytest.mark.parametrize("value", [np.ones((4, 2)), np.arange(8), [[1.0, 2.0]] * 4], ids=["floats", "ints", "list"])
def test_an_array_in_a_model_is_read_and_kept(value: Any) -> None:
    layer = keras.layers.Embedding(4, 2, embeddings_initializer=c.constant_initializer(value))
    model = keras.Sequential([keras.layers.InputLayer((1,)), layer])
    (_, _, told), *_ = c.explain(model).rows
    assert told.verdict == "cannot"
    clone = c.to_keras(model, numbers="tf1")
    assert type(clone.layers[-1].embeddings_initializer) is c.keras.TF1Constant
    assert clone.get_weights()[0].tobytes() == model.get_weights()[0].tobytes()
