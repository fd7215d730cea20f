"""The initializers of `from_meta_graph` in Keras models.

Runs under the Keras that `tf.keras` is; test_keras_fresh_process.py runs it under the other one too.
"""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from running import TESTS

from compat_v1_init import PartitionedInitializer, PinnedConstant, PinnedInitializer, PinnedOrthogonal, from_meta_graph

if TYPE_CHECKING:
    from collections.abc import Callable

keras = tf.keras
IS_KERAS_3 = hasattr(keras, "ops")

pytestmark = [
    pytest.mark.filterwarnings("ignore:The .keras.initializers.serialize... API should only be used"),
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file"),
]

FOLDER = TESTS / "meta_graphs"
FOUND = {
    name: from_meta_graph(FOLDER / f"{name}.meta") for name in ("family", "partitioned", "orthogonals", "constants")
}
PINNED: list[Any] = [
    FOUND["family"]["float32/truncated_normal"],
    FOUND["family"]["float32/odd_uniform"],
    FOUND["orthogonals"]["float32/3x5/gain"],
    FOUND["constants"]["float32/zeros"],
    PinnedConstant([0.5, 1.0, 2.0], (3, 4)),
]
WHOLE: Any = FOUND["partitioned"]["columns"]


def _model() -> Any:
    """Returns a model whose kernels have the stored shapes: (3, 5) and (3, 6)."""
    inputs = keras.Input((3,))
    kernels = [*PINNED, WHOLE]
    layers = [keras.layers.Dense(init.shape[1], kernel_initializer=init) for init in kernels]
    return keras.Model(inputs, keras.layers.Concatenate()([layer(inputs) for layer in layers]))


def _dense(model: Any) -> list[Any]:
    return [layer for layer in model.layers if hasattr(layer, "kernel_initializer")]


def test_a_layer_starts_with_the_stored_value(same_bytes: Callable[[Any, Any], None]) -> None:
    for layer, init in zip(_dense(_model()), [*PINNED, WHOLE]):
        same_bytes(layer.kernel.numpy(), init())


def _saved(model: Any, path: Path) -> Any:
    model.save(path)
    return keras.models.load_model(path)


COPIES: list[Any] = [
    pytest.param(lambda model, folder: _saved(model, folder / "model.h5"), id="h5"),
    pytest.param(lambda model, _: keras.models.model_from_json(model.to_json()), id="json"),
    pytest.param(lambda model, _: keras.models.clone_model(model), id="clone"),
    pytest.param(lambda model, _: type(model).from_config(model.get_config()), id="config"),
]
if IS_KERAS_3:
    COPIES.append(pytest.param(lambda model, folder: _saved(model, folder / "model.keras"), id="keras"))
else:
    COPIES.append(pytest.param(lambda model, folder: _saved(model, folder / "model"), id="SavedModel"))


@pytest.mark.parametrize("copied", COPIES)
def test_survives(copied: Callable[[Any, Path], Any], tmp_path: Path) -> None:
    model = _model()
    again = copied(model, tmp_path)
    assert [layer.kernel_initializer for layer in _dense(again)] == [*PINNED, WHOLE]


def test_trains(same_bytes: Callable[[Any, Any], None]) -> None:
    model = _model()
    model.compile("sgd", "mse")
    model.fit(np.ones([8, 3], np.float32), np.ones([8, 30], np.float32), verbose=0)
    for layer, init in zip(_dense(model), [*PINNED, WHOLE]):
        assert not np.array_equal(layer.kernel.numpy(), init().numpy())
    # The initializer has no state: the next model starts where the first did.
    same_bytes(_dense(_model())[0].kernel.numpy(), PINNED[0]())


def test_a_layer_of_another_shape_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"`shape` must be \[3, 5\], which the graph holds, or None. Received: \(3, 7\)"
    ):
        keras.layers.Dense(7, kernel_initializer=PINNED[0]).build((None, 3))


@pytest.mark.parametrize(
    "init", [*PINNED, WHOLE], ids=["truncated normal", "uniform", "orthogonal", "zeros", "array", "whole"]
)
def test_copies_and_serializes(init: Any) -> None:
    assert copy.deepcopy(init) == init
    assert pickle.loads(pickle.dumps(init)) == init  # noqa: S301 - its own
    serialized = keras.initializers.serialize(init)
    assert keras.initializers.deserialize(serialized) == init
    assert keras.initializers.get(serialized) == init
    assert type(init) in (PinnedConstant, PinnedInitializer, PinnedOrthogonal, PartitionedInitializer)
