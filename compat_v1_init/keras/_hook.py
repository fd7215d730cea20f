"""Registers this package's initializers with Keras as soon as Keras is imported, and imports nothing before that.

A saved model contains the registered names of its initializers. An import hook registers them, so that
`import compat_v1_init` is enough to load the model, in whatever order TensorFlow and Keras are imported.

Keras 3 may run without TensorFlow, on JAX or PyTorch. There only the names are registered at first. TensorFlow, which
draws the numbers, is imported when a file contains one of the names.
"""

from __future__ import annotations

import sys
from typing import Any

from compat_v1_init._family import registered_names
from compat_v1_init._import_hook import after_import, is_ready
from compat_v1_init._lazy import after_load

from ._which import KERAS, is_keras_3

_PACKAGE = "compat_v1_init"


def register() -> None:
    """Registers with each Keras that is imported.

    While a module of this package is still being imported, there is nothing to register yet. That is so when the first
    use of the package imports TensorFlow, which may import Keras. This function is then called again.
    """
    found = [sys.modules[name] for name in filter(is_ready, KERAS)]
    for keras in found:
        if is_keras_3(keras) and hasattr(keras, "saving"):
            _register_names(keras)
    if not is_ready("tensorflow") or _being_imported():
        return
    tensorflow = sys.modules["tensorflow"]
    if getattr(tensorflow, "__version__", "").startswith("2.5."):
        found.append(tensorflow.keras)  # Only there it is a part of TensorFlow.
    if not found:
        return
    try:
        from ._register import register as register_classes
    except ImportError:
        if f"{_PACKAGE}._tensorflow" in sys.modules:
            raise
        return  # Under a TensorFlow that is too old the first use of an initializer says so.
    for keras in found:
        register_classes(keras)


def _being_imported() -> bool:
    """Returns whether a module of this package is being imported: modules that need it cannot be imported then."""
    ours = [module for name, module in list(sys.modules.items()) if name.startswith(f"{_PACKAGE}.")]
    return any(getattr(getattr(module, "__spec__", None), "_initializing", False) for module in ours)


def _register_names(keras: Any) -> None:
    """Registers what needs no TensorFlow, and a stand-in for each class that does."""
    from ._old_models.activations import hard_sigmoid

    keras.saving.register_keras_serializable(_PACKAGE, "hard_sigmoid")(hard_sigmoid)
    registered = keras.saving.get_custom_objects()
    for name in registered_names():
        registered.setdefault(f"{_PACKAGE}>{name}", _stand_in(keras, name))


def _stand_in(keras: Any, name: str) -> type:
    """Returns a class from which Keras makes an initializer, and which makes the real one."""

    class StandIn:
        @classmethod
        def from_config(cls, config: dict[str, Any]) -> Any:
            from ._register import register as register_classes

            register_classes(keras)
            real = keras.saving.get_custom_objects()[f"{_PACKAGE}>{name}"]
            return real.from_config(config)

    StandIn.__name__ = StandIn.__qualname__ = name
    return StandIn


def install() -> None:
    """Registers with each Keras that is imported, now or later."""
    for name in ("tensorflow", *KERAS):
        after_import(name, register)
    after_load.append(register)
    register()
