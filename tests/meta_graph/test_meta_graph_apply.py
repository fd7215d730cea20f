"""An old graph's first values in a Keras model: matched by name and shape, with a report, and never guessed."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf
from running import TESTS

import compat_v1_init as c
from compat_v1_init._meta_graph.mapping import MetaGraphInitializers
from compat_v1_init.keras._which import is_keras_3, the_keras

if TYPE_CHECKING:
    import numpy as np

keras = the_keras()
FOLDER = TESTS / "old_models"


def _draw(seed: int, shape: tuple[int, ...], dtype: Any = "float32") -> Any:
    return c.PinnedInitializer("uniform", (87, seed), shape, dtype)


def _graph(drawn: dict[str, Any], left_out: dict[str, str] | None = None) -> MetaGraphInitializers:
    return MetaGraphInitializers("MetaGraph", drawn, left_out or {})


def _model(*names: str) -> Any:
    """Returns a graph of layers, each of 3 x 3, in which a variable's name is its layer's and its own."""
    x = a = keras.layers.Input((3,))
    for name in names:
        x = keras.layers.Dense(3, name=name)(x)
    return keras.Model(a, x)


def _values(model: Any) -> dict[str, np.ndarray]:
    return {f"{layer.name}/{w}": v for layer in model.layers for w, v in zip(("kernel", "bias"), layer.get_weights())}


@pytest.mark.parametrize(
    ("graph_name", "why"),
    [
        ("one/kernel", None),
        ("net/one/kernel", None),
        ("other/kernel", "no variable of the graph has its name"),
        ("phone/kernel", "no variable of the graph has its name"),
    ],
)
def test_names(graph_name: str, why: str | None) -> None:
    model = _model("one")
    before = _values(model)["one/kernel"]
    report = _graph({graph_name: _draw(1, (3, 3))}).apply_to(model)
    after = _values(model)["one/kernel"]
    if why is None:
        assert report.matched == (("one/kernel", graph_name),)
        assert after.tobytes() == _draw(1, (3, 3))().numpy().tobytes()
        assert report.not_in_graph == (("one/bias", "no variable of the graph has its name"),)
        assert not report.not_in_model
    else:
        assert not report.matched
        assert dict(report.not_in_graph)["one/kernel"] == why
        assert report.not_in_model == ((graph_name, "no variable of the model has its name"),)
        assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        ({"one/kernel": _draw(1, (3, 4))}, r"has the shape \[3, 4\], it has \[3, 3\]"),
        ({"one/kernel": _draw(1, (3, 3), "float16")}, "is of float16, it is of float32"),
        ({"a/one/kernel": _draw(1, (3, 3)), "b/one/kernel": _draw(2, (3, 3))}, "several variables of the graph"),
    ],
)
def test_what_does_not_fit_is_left_as_it_was(drawn: dict[str, Any], why: str) -> None:
    model = _model("one")
    before = _values(model)["one/kernel"]
    report = _graph(drawn).apply_to(model)
    assert not report.matched
    (reason,) = [each for name, each in report.not_in_graph if name == "one/kernel"]
    assert re.search(why, reason)
    assert _values(model)["one/kernel"].tobytes() == before.tobytes()


def test_the_models_own_name_is_no_part_of_a_name() -> None:
    model = keras.Sequential([keras.layers.InputLayer((3,)), keras.layers.Dense(3, name="one")], name="net")
    assert _graph({"old/one/kernel": _draw(1, (3, 3))}).apply_to(model).matched == (("one/kernel", "old/one/kernel"),)


def test_two_variables_of_the_model_for_one_of_the_graph() -> None:
    model = _model("one", "two")
    report = _graph({"shared": _draw(1, (3, 3))}).apply_to(
        model, names=lambda name: "shared" if "kernel" in name else None
    )
    assert not report.matched
    assert sum("several variables of the model" in why for _, why in report.not_in_graph) == 2


def test_names_that_are_given() -> None:
    model = _model("one", "two")
    graph = _graph({"first": _draw(1, (3, 3)), "second": _draw(2, (3, 3)), "third": c.PinnedConstant([1.0], (3,))})
    report = graph.apply_to(model, {"one/kernel": "second", "two/kernel": "first", "two/bias": "third"})
    values = _values(model)
    assert values["one/kernel"].tobytes() == _draw(2, (3, 3))().numpy().tobytes()
    assert values["two/kernel"].tobytes() == _draw(1, (3, 3))().numpy().tobytes()
    assert values["two/bias"].tolist() == [1.0, 1.0, 1.0]
    assert len(report.matched) == 3
    for wrong in ({"one/kernel": "no such"}, {"no/such": "first"}):
        with pytest.raises(ValueError, match="must lead from variables of the model"):
            graph.apply_to(model, wrong)


def test_what_the_graph_does_not_know_is_said() -> None:
    model = _model("one")
    report = _graph({}, {"one/kernel": "it has no seed"}).apply_to(model)
    assert dict(report.not_in_graph)["one/kernel"] == "one/kernel: it has no seed"
    lines = str(report).splitlines()
    assert lines[0].split() == ["model", "graph", "what"]
    assert "left as it was: one/kernel: it has no seed" in lines[1]
    assert "<table>" in report._repr_html_()


def test_a_variable_that_a_partitioner_had_cut() -> None:
    parts = {f"one/kernel/part_{at}": _draw(at + 1, (size, 3)) for at, size in enumerate((2, 1))}
    whole = c.PartitionedInitializer(list(parts.values()), axis=0)
    model = _model("one")
    report = _graph({**parts, "one/kernel": whole}).apply_to(model)
    assert report.matched == (("one/kernel", "one/kernel"),)
    assert not report.not_in_model
    assert _values(model)["one/kernel"].tobytes() == whole().numpy().tobytes()


def test_a_model_that_is_not_built() -> None:
    with pytest.raises(ValueError, match="Build it"):
        _graph({}).apply_to(keras.Sequential([keras.layers.Dense(2)]))


@pytest.mark.skipif(not is_keras_3(keras), reason="the names are Keras 3's")
@pytest.mark.slow
def test_a_resnet_50_starts_as_it_did_in_tensorflow_1_15_5() -> None:
    model = keras.applications.ResNet50(weights=None)
    graph = c.from_meta_graph(FOLDER / "resnet50.pb")
    report = graph.apply_to(model, {"predictions/kernel": "probs/kernel", "predictions/bias": "probs/bias"})
    assert (len(report.matched), report.not_in_graph, report.not_in_model) == (320, (), ())
    digests = json.loads((FOLDER / "resnet50.json").read_text(encoding="utf-8"))["sha256"]
    values = {variable.path: keras.ops.convert_to_numpy(variable) for variable in model.weights}
    ours = {theirs: hashlib.sha256(values[name].tobytes()).hexdigest() for name, theirs in report.matched}
    assert ours == digests
    # Without the two names, the last layer is left alone and named.
    other = graph.apply_to(keras.applications.ResNet50(weights=None))
    assert len(other.matched) == 318
    assert [name for name, _ in other.not_in_graph] == ["predictions/kernel", "predictions/bias"]
    assert [name for name, _ in other.not_in_model] == ["probs/kernel"]
    tf.keras.backend.clear_session()


def test_a_v1_graph_gets_them_by_its_custom_getter() -> None:
    v1 = tf.compat.v1
    old = c.from_meta_graph(FOLDER.parent / "meta_graphs" / "partitioned.meta")
    with tf.Graph().as_default(), v1.Session() as session:
        with v1.variable_scope("", custom_getter=old.custom_getter):
            three = v1.get_variable("unequal", [10, 4], partitioner=v1.fixed_size_partitioner(3))
            plain = v1.get_variable("columns", [3, 6], tf.float32, v1.zeros_initializer())
            shapeless = v1.get_variable("single", initializer=tf.zeros([3, 2]))
            new = v1.get_variable("new", [2], initializer=v1.ones_initializer())
        session.run(v1.global_variables_initializer())
        found = session.run([tf.convert_to_tensor(three), plain, shapeless, new])
    for name, value in zip(("unequal", "columns", "single"), found):
        assert value.tobytes() == old[name]().numpy().tobytes()
    assert found[-1].tolist() == [1.0, 1.0]
    scope = v1.variable_scope("", custom_getter=old.custom_getter)
    with tf.Graph().as_default(), scope, pytest.raises(ValueError, match="which the graph holds"):
        v1.get_variable("columns", [3, 7])


def test_a_session_is_told_of_the_custom_getter() -> None:
    with tf.compat.v1.Session(graph=tf.Graph()) as session, pytest.raises(TypeError, match="custom_getter"):
        _graph({}).apply_to(session)
