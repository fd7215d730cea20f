"""What Keras 3 does with this package on the backend that KERAS_BACKEND names: one line of JSON, cell by cell.

    python backend_program.py FOLDER

Saves models into the folder, for `test_backends.py` to load in processes of their own.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

import compat_v1_init as c

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(sys.argv[1])
X = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
KINDS: dict[str, Callable[[], Any]] = {
    "drop-in": lambda: c.variance_scaling_initializer(2.0, seed=1),
    "exact": lambda: c.keras.TF1VarianceScaling(2.0, seed=1),
    "plain": lambda: c.to_keras(c.variance_scaling_initializer(2.0, seed=1)),
}


def expected(kind: str, *, calls: int = 1) -> bytes:
    """Returns the first values as TF1's own class draws them, or for a plain Keras object as Keras does."""
    import tensorflow as tf

    if kind == "plain":
        value = keras.initializers.VarianceScaling(2.0, seed=1)((4, 3), dtype="float32")
        return bytes(keras.ops.convert_to_numpy(value).tobytes())
    tf.random.set_seed(21)
    original = tf.compat.v1.variance_scaling_initializer(2.0, seed=1)
    return bytes([original((4, 3)).numpy() for _ in range(calls)][-1].tobytes())


def start() -> None:
    """Begins all streams anew."""
    import tensorflow as tf

    tf.random.set_seed(21)


def model(kind: str, *, with_input: bool = True) -> Any:
    """Returns a model of one layer."""
    layers = [keras.layers.Dense(3, kernel_initializer=KINDS[kind]())]
    return keras.Sequential([keras.Input((4,)), *layers] if with_input else layers)


def kernel(net: Any) -> bytes:
    """Returns the bytes of the first kernel."""
    return bytes(net.get_weights()[0].tobytes())


def builds(kind: str) -> None:
    """A model is built, and its first weights are TF1's; those of a second object with the seed are the next."""
    start()
    net = model(kind)
    assert kernel(net) == expected(kind)
    start()
    model(kind)
    again = model(kind)
    assert kernel(again) == expected(kind, calls=2)
    result = keras.ops.convert_to_numpy(net(X))
    np.testing.assert_allclose(result, X @ net.get_weights()[0], rtol=1e-4, atol=1e-5)


def fits(kind: str, *, jit_compile: bool, with_input: bool) -> None:
    """A model trains from TF1's first weights, and its loss goes down."""
    start()
    net = model(kind, with_input=with_input)
    # A step of size zero, since some backends make the weights of a model without an `Input` in the first step only.
    net.compile(keras.optimizers.SGD(0.0), "mse", jit_compile=jit_compile)
    net.fit(X, X[:, :3], batch_size=4, verbose=0)
    assert kernel(net) == expected(kind)
    net.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=jit_compile)
    losses = net.fit(X, X[:, :3], epochs=5, batch_size=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def saves(kind: str) -> None:
    """A model goes through .keras, JSON and a clone."""
    net = model(kind)
    net.save(FOLDER / f"{keras.backend.backend()} {kind}.keras")
    again = keras.models.load_model(FOLDER / f"{keras.backend.backend()} {kind}.keras")
    assert kernel(again) == kernel(net)
    for other in (again, keras.models.model_from_json(net.to_json()), keras.models.clone_model(net)):
        init, mine = other.layers[0].kernel_initializer, net.layers[0].kernel_initializer
        assert type(init) is type(mine)
        assert init.get_config() == mine.get_config()


def all_dtypes() -> None:
    """Each dtype reaches the backend as it is."""
    for dtype in ("float16", "bfloat16", "float32"):
        layer = keras.layers.Dense(3, dtype=dtype, kernel_initializer=KINDS["drop-in"]())
        layer.build((None, 4))
        assert layer.kernel.dtype == dtype


def pinned() -> None:
    """The first values of an old graph, as a layer's initializer."""
    init = c.PinnedInitializer("uniform", (87, 12), [4, 3], "float32", [(0.5, -0.25)])
    layer = keras.layers.Dense(3, kernel_initializer=init)
    layer.build((None, 4))
    assert keras.ops.convert_to_numpy(layer.kernel).tobytes() == init().numpy().tobytes()


def tensors_of_the_backend() -> None:
    """The classes for Keras give the backend's tensors to everybody, the drop-in TensorFlow's to a user."""
    import tensorflow as tf

    assert keras.ops.is_tensor(KINDS["exact"]()((2, 2)))
    assert tf.is_tensor(KINDS["drop-in"]()((2, 2)))


def result(cell: Callable[[], None]) -> str:
    """Returns "ok", or what a cell raised."""
    try:
        cell()
    except Exception:  # noqa: BLE001 - whatever it is, it is the cell's result
        return traceback.format_exc()
    return "ok"


CELLS: dict[str, Callable[[], None]] = {
    "dtypes": all_dtypes,
    "from_meta_graph": pinned,
    "tensors": tensors_of_the_backend,
}
for _kind in KINDS:
    CELLS[f"build, {_kind}"] = lambda kind=_kind: builds(kind)  # type: ignore[misc]
    CELLS[f"save, {_kind}"] = lambda kind=_kind: saves(kind)  # type: ignore[misc]
    for _jit, _input in itertools.product((False, True), repeat=2):
        _name = f"fit, {_kind}, jit_compile={_jit}, {'with' if _input else 'without'} Input"
        CELLS[_name] = lambda kind=_kind, jit=_jit, given=_input: fits(kind, jit_compile=jit, with_input=given)  # type: ignore[misc]

if __name__ == "__main__":
    print(json.dumps({_name: result(_cell) for _name, _cell in CELLS.items()}))  # noqa: T201 - what the test reads
