"""Which Keras a program uses, without importing TensorFlow where Keras 3 runs on another backend."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

KERAS = ("keras", "tf_keras")
"""The packages that may be imported side by side."""


def the_keras() -> Any:
    """Returns the Keras that `tf.keras` is or, where TensorFlow is not needed for it, would be."""
    if os.environ.get("TF_USE_LEGACY_KERAS", "").lower() not in ("1", "true") and _installed() >= "3":
        return importlib.import_module("keras")
    from compat_v1_init._tensorflow import tf

    return tf.keras


def _installed() -> str:
    """Returns the version of the package keras, which is not imported for it; empty if there is none."""
    from importlib import metadata  # As slow to import as all of this package.

    try:
        return metadata.version("keras")
    except metadata.PackageNotFoundError:
        return ""


def imported_keras() -> list[Any]:
    """Returns each Keras that is imported."""
    return [module for module in map(sys.modules.get, KERAS) if is_keras(module)]


def is_keras(module: Any) -> bool:
    """Returns whether something in `sys.modules` is Keras, and not what a program or a test puts in its place."""
    return isinstance(getattr(getattr(module, "initializers", None), "VarianceScaling", None), type)


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
