"""Activations that Keras 2 and Keras 3 have under one name with two meanings."""

from __future__ import annotations

from typing import Any


def hard_sigmoid(x: Any) -> Any:
    """Returns `clip(0.2 * x + 0.5, 0, 1)`: Keras 2's `hard_sigmoid`, the gates' default in TensorFlow 1.

    Keras 3's is another function, `clip(x / 6 + 0.5, 0, 1)`.

    Args:
      x: a tensor of Keras 3, of any shape and floating dtype.

    Returns:
      A tensor of this shape and dtype.
    """
    import keras

    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


hard_sigmoid.__module__ = "compat_v1_init.keras"
