"""Which Keras a program uses, told without importing TensorFlow where Keras 3 runs on another backend."""

from __future__ import annotations

import importlib
import os
from typing import Any


def the_keras() -> Any:
    """Returns the Keras that `tf.keras` is or, where TensorFlow is not needed for it, would be."""
    if os.environ.get("TF_USE_LEGACY_KERAS", "").lower() not in ("1", "true"):
        try:
            keras = importlib.import_module("keras")
        except ModuleNotFoundError:
            pass  # TensorFlow 2.5 brings its own.
        else:
            if is_keras_3(keras):
                return keras
    from ._tensorflow import tf

    return tf.keras


def is_keras_3(keras: Any) -> bool:
    """Returns whether a module is Keras 3, or later."""
    version = str(getattr(keras, "__version__", "2"))
    return not version.startswith(("1.", "2"))


def other_backend(keras: Any) -> str | None:
    """Returns the backend of Keras where that is not TensorFlow, else None."""
    if not is_keras_3(keras):
        return None
    backend = str(keras.backend.backend())
    return None if backend == "tensorflow" else backend
