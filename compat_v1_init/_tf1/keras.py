"""Keras 2, which TensorFlow 1's layers and cells build on: chosen where it is installed, asked for where it is not."""

from __future__ import annotations

import importlib.util
import os
import sys

_SWITCH = "TF_USE_LEGACY_KERAS"
BUILT_ON_KERAS = ("tensorflow.keras", "tensorflow.layers", "tensorflow.nn.rnn_cell")


def choose() -> None:
    """Has TensorFlow take Keras 2 where tf_keras is installed and the user has not decided; before it is imported."""
    if _SWITCH not in os.environ and importlib.util.find_spec("tf_keras") is not None:
        os.environ[_SWITCH] = "1"


def refusal(path: str) -> str | None:
    """Returns why a name cannot be had with Keras 3, and what to install; None if it can."""
    if path not in BUILT_ON_KERAS:
        return None
    major, minor = (int(part) for part in sys.modules["tensorflow"].__version__.split(".")[:2])
    if (major, minor) < (2, 16) or os.environ.get(_SWITCH, "").lower() in ("1", "true"):
        return None
    name = "tf" + path[len("tensorflow") :]
    if _SWITCH in os.environ:
        return f"{name} needs Keras 2, and {_SWITCH}={os.environ[_SWITCH]} chooses Keras 3: unset it"
    return f"{name} needs Keras 2, which is not installed: pip install --no-deps tf_keras~={major}.{minor}.0"
