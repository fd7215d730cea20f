"""TF1's recurrent cells and convolutions in Keras' layers: the same first values, so the same outputs."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from running import TESTS

from compat_v1_init import from_meta_graph
from compat_v1_init._meta_graph.mapping import MetaGraphInitializers
from compat_v1_init.keras._which import the_keras

keras = the_keras()
L = keras.layers
FOLDER = TESTS / "meta_graphs"
VALUES = json.loads((FOLDER / "values.json").read_text(encoding="utf-8"))["files"]
CELLS = from_meta_graph(FOLDER / "cells.pb")
CONVOLUTIONS = from_meta_graph(FOLDER / "convolutions.meta")
X = np.sin(np.arange(12)).reshape(2, 2, 3).astype(np.float32)


def _known(file: str, name: str) -> np.ndarray:
    stored = VALUES[file][name]
    return np.frombuffer(bytes.fromhex(stored["bytes"]), stored["dtype"]).reshape(stored["shape"])


def _below(scope: str) -> MetaGraphInitializers:
    """Returns the part of the graph in one scope, as a program with nothing else would write it."""
    drawn = {name: each for name, each in CELLS.items() if name.startswith(f"{scope}/")}
    return MetaGraphInitializers("GraphDef", drawn, {}, {}, CELLS.forget_biases)


def _model(*layers: Any) -> Any:
    return keras.Sequential([L.Input((2, 3)), *layers])


def _lstm(units: int = 4, **options: Any) -> Any:
    return L.LSTM(units, return_sequences=True, recurrent_activation="sigmoid", **options)


def _gru(**options: Any) -> Any:
    return L.GRU(4, return_sequences=True, reset_after=False, recurrent_activation="sigmoid", **options)


@pytest.mark.parametrize(
    ("scope", "layers"),
    [
        pytest.param("lstm", lambda: [_lstm()], id="LSTMCell"),
        pytest.param("basic", lambda: [_lstm()], id="BasicLSTMCell"),
        pytest.param("no_forget_bias", lambda: [_lstm()], id="without a forget bias"),
        pytest.param("gru", lambda: [_gru()], id="GRUCell"),
        pytest.param("simple", lambda: [L.SimpleRNN(4, return_sequences=True)], id="BasicRNNCell"),
        pytest.param("stack", lambda: [_lstm(), _lstm(5)], id="MultiRNNCell"),
        pytest.param("resource", lambda: [_lstm()], id="resource variables"),
        pytest.param("gru_resource", lambda: [_gru()], id="GRUCell, resource variables"),
        pytest.param("block", lambda: [_lstm()], id="LSTMBlockCell"),
        pytest.param("gru_block", lambda: [_gru()], id="GRUBlockCellV2"),
        pytest.param("static", lambda: [_lstm()], id="static_rnn"),
        pytest.param("fused", lambda: [_lstm()], id="LSTMBlockFusedCell"),
        pytest.param("both", lambda: [L.Bidirectional(_lstm())], id="bidirectional"),
        pytest.param("lstm", lambda: [L.RNN(L.LSTMCell(4), return_sequences=True)], id="Keras' RNN of a cell"),
    ],
)
def test_a_cell_computes_what_tf1s_did(scope: str, layers: Any) -> None:
    model = _model(*layers())
    report = _below(scope).apply_to(model)
    assert not report.not_in_graph
    assert not report.not_in_model
    assert {ours for ours, _ in report.matched} == {ours for ours, _ in report.how}
    assert len(report.how) == len(model.weights)
    expected = _known("cells.pb", f"output:{scope}")
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-5, atol=1e-6)
    forget = {CELLS.forget_biases.get(theirs, 0.0) for _, theirs in report.matched} - {0.0}
    assert all(f"forget bias {each:g}" in str(report) for each in forget)


@pytest.mark.parametrize(
    ("scope", "layer", "why"),
    [
        ("peepholes", _lstm, "w_f_diag"),
        ("projected", _lstm, "no cell its kind and sizes"),
        ("gru", lambda: L.GRU(4, reset_after=True), r"GRU\(reset_after=False\)"),
        ("lstm", lambda: _lstm(use_bias=False), "has a bias, it has none"),
        ("lstm", lambda: _lstm(5), "no cell its kind and sizes"),
        ("lstm", lambda: _lstm(dtype="float64"), "is of float32, it is of float64"),
        ("both", _lstm, "Argument `names` says which"),
    ],
)
def test_what_keras_cell_cannot_be_is_left_as_it_was(scope: str, layer: Any, why: str) -> None:
    model = _model(layer())
    before = [weight.tobytes() for weight in model.get_weights()]
    report = _below(scope).apply_to(model)
    assert not report.matched
    assert [weight.tobytes() for weight in model.get_weights()] == before
    for _, reason in report.not_in_graph:
        assert re.search(why, reason)


def test_the_scope_of_a_layer_tells_cells_of_one_size_apart() -> None:
    """And `names` tells what is left: one variable of a cell is enough."""
    a = L.Input((2, 3))
    model = keras.Model(a, [_lstm(name="basic")(a), _lstm(name="other")(a)])
    report = CELLS.apply_to(model)
    found = dict(report.matched)
    assert {theirs for ours, theirs in found.items() if ours.startswith("basic/")} == {
        "basic/rnn/basic_lstm_cell/kernel",
        "basic/rnn/basic_lstm_cell/bias",
    }
    left = [ours for ours, _ in report.not_in_graph]
    assert {ours.split("/")[0] for ours in left} == {"other"}
    kernel = next(ours for ours in left if ours.endswith("recurrent_kernel"))
    report = CELLS.apply_to(model, {kernel: "block/rnn/lstm_cell/kernel"})
    assert not report.not_in_graph
    np.testing.assert_allclose(model.predict(X, verbose=0)[1], _known("cells.pb", "output:block"), rtol=1e-5, atol=1e-6)


def test_the_names_of_tf1s_layers_and_of_slims() -> None:
    x = np.sin(np.arange(96)).reshape(1, 4, 8, 3).astype(np.float32)
    a = L.Input((4, 8, 3))
    y = L.SeparableConv2D(4, 3, depth_multiplier=2, name="separable")(a)
    y = L.BatchNormalization(epsilon=1e-3, name="normed")(y)
    model = keras.Model(a, L.Conv2DTranspose(2, 3, name="transposed")(y))
    drawn = {name: each for name, each in CONVOLUTIONS.items() if name.startswith("net/")}
    report = MetaGraphInitializers("MetaGraph", drawn, {}).apply_to(model)
    assert not report.not_in_graph
    expected = _known("convolutions.meta", "output:layers")
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-5, atol=1e-6)

    same = {"padding": "same", "activation": "relu"}
    y = L.SeparableConv2D(4, 3, depth_multiplier=2, name="separable", **same)(a)
    y = L.Conv2D(5, 3, padding="same", use_bias=False, name="conv")(y)
    y = L.ReLU()(L.BatchNormalization(scale=False, epsilon=1e-3, name="conv_BatchNorm")(y))
    y = L.Conv2DTranspose(2, 3, name="transposed", **same)(y)
    model = keras.Model(a, L.Dense(3, "relu", name="dense")(L.Flatten()(y)))
    drawn = {name: each for name, each in CONVOLUTIONS.items() if name.startswith("slim/")}
    report = MetaGraphInitializers("MetaGraph", drawn, {}).apply_to(model)
    assert not report.not_in_graph
    assert ("conv/kernel", "slim/conv/weights") in report.matched
    # slim normalizes by the batch: only what comes before can be compared.
    for ours, theirs in report.matched:
        weight = next(w for w in model.weights if (getattr(w, "path", "") or w.name.partition(":")[0]).endswith(ours))
        assert np.asarray(weight).tobytes() == _known("convolutions.meta", theirs).tobytes(), (ours, theirs)
