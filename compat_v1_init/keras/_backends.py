"""Draws for Keras 3 on JAX or PyTorch: TensorFlow's numbers as tensors of the backend."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

_WRAPPED = "_compat_v1_init_for_backend"


def for_backend(keras: Any, call: Callable[..., Any], *, always: bool) -> Callable[..., Any]:
    """Returns an initializer's `__call__` that gives a tensor of Keras' backend where Keras asks.

    Keras also asks for the values of variables that it has not made yet, while it only traces a program for its shapes.
    The stream does not move on for these, so that the variable then gets the draw that it gets under TensorFlow.

    Args:
      keras: the imported Keras 3.
      call: the method. A method that is already wrapped is returned unchanged.
      always: whether every caller gets the backend's tensors.
    """
    if hasattr(call, _WRAPPED):
        return call

    @functools.wraps(call)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        caller = sys._getframe(1)  # noqa: SLF001 - there is no other way to know the caller
        by_keras = str(caller.f_globals.get("__name__", "")).partition(".")[0] == "keras"
        if by_keras and caller.f_code.co_name == "value":
            return _placeholder(keras, *args, **kwargs)
        value = call(self, *args, **kwargs)
        if not (always or by_keras):
            return value
        # Through float32, which holds every number of the 16-bit formats: PyTorch reads no NumPy array of bfloat16.
        narrow = value.dtype.size < 4  # noqa: PLR2004 - bytes
        array = value.numpy()
        return keras.ops.convert_to_tensor(array.astype(np.float32) if narrow else array, dtype=value.dtype.name)

    setattr(called, _WRAPPED, True)
    return called


def _placeholder(keras: Any, shape: Any, dtype: Any = None, *_: Any, **__: Any) -> Any:
    return keras.ops.zeros(shape, dtype=dtype)
