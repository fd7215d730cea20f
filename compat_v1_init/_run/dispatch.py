"""TensorFlow's dispatch for what stands in for its functions: the types of a program, and Keras' symbolic tensors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from compat_v1_init._tensorflow.dispatch import decorate, fall_back, type_dispatch


def decorated_as(original: Any) -> Callable[[Any], Any]:
    """Returns a decorator for what stands in for one of TensorFlow's functions: it decorates as the original is.

    What a program has registered for the original is also called for the replacement, and the other way round. A saved
    Keras model names the original's public name.
    """
    dispatch_by_type = type_dispatch(original)

    def decorated(function: Any) -> Any:
        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            result = dispatch_by_type(args, kwargs)
            if result is not NotImplemented:
                return result
            try:
                return function(*args, **kwargs)
            except (TypeError, ValueError):
                result = fall_back(called, args, kwargs)
                if result is NotImplemented:
                    raise
                return result

        return decorate(original, function, called)

    return decorated
