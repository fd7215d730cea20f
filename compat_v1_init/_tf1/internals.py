"""Names that TensorFlow's private modules had, by which tf_slim and old programs still import.

They were moved between private modules, and are in the public API under the same names.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

from .libraries import import_tensorflow

_MODULES = (
    "framework.ops",
    "ops.array_ops",
    "ops.control_flow_ops",
    "ops.math_ops",
    "ops.nn_ops",
    "ops.rnn",
    "ops.state_ops",
    "ops.variable_scope",
    "ops.variables",
)
# Where the public API has them; the first that does counts.
_PLACES = ("", "nn", "math", "train")
_RENAMED = {"variable": "Variable", "RefVariable": "Variable"}
_LAYERS = ("base", "convolutional", "core", "normalization", "pooling")


def put_back() -> None:
    """Lets each of these modules look up a missing name in the public API."""
    api = import_tensorflow("tensorflow.compat.v1")
    for name in _MODULES:
        module = import_tensorflow(f"tensorflow.python.{name}")
        if not hasattr(module, "__getattr__"):
            module.__getattr__ = _public(module, api)


def _public(module: ModuleType, api: Any) -> Any:
    def __getattr__(name: str) -> Any:  # noqa: N807 - the name that Python looks for
        if not name.startswith("_"):
            for place in _PLACES:
                found = getattr(getattr(api, place) if place else api, _RENAMED.get(name, name), None)
                if found is not None:
                    return found
        msg = f"module {module.__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)

    return __getattr__


def repair_layers() -> None:
    """Lets `tensorflow.python.layers` find the layers of tf_keras, which have moved there."""
    old, new = "tf_keras.legacy_tf_layers", "tf_keras.src.legacy_tf_layers"
    if importlib.util.find_spec(old) is None:
        for name in ("", *(f".{layer}" for layer in _LAYERS)):
            sys.modules[old + name] = importlib.import_module(new + name)
