"""Registers this package's initializers with Keras as soon as there is one, without importing anything before.

A saved model names its initializers by what they are registered as. So that `import compat_v1_init` is enough to load
one, in whatever order TensorFlow and Keras are imported, an import hook waits for them.
"""

from __future__ import annotations

import contextlib
import sys

from ._import_hook import after_import, is_ready

_KERAS = ("keras", "tf_keras")


def _register() -> None:
    """Registers with each Keras that is there. One that runs without TensorFlow is left alone."""
    if not is_ready("tensorflow"):
        return
    found = [sys.modules[name] for name in filter(is_ready, _KERAS)]
    tensorflow = sys.modules["tensorflow"]
    if getattr(tensorflow, "__version__", "").startswith("2.5."):
        found.append(tensorflow.keras)  # Only there it is a part of TensorFlow.
    for keras in found:
        # Under a TensorFlow that is too old, the first use of an initializer says so.
        with contextlib.suppress(ImportError):
            from ._keras import register

            register(keras)


def install() -> None:
    """Registers with the Keras that are there, and with those that will be."""
    for name in ("tensorflow", *_KERAS):
        after_import(name, _register)
    _register()
