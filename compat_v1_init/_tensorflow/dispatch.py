"""How TensorFlow and AutoGraph call this package: marks, dispatch by type, and decorators."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from . import private

# Marks a class whose instances AutoGraph calls without converting them, which would only cost time in each trace.
_autograph_artifact = private("autograph_artifact", "autograph.impl.api")
# How TensorFlow's functions reach the types of a program, and Keras' symbolic tensors.
_dispatch = private("dispatch", "util")
_make_decorator = private("make_decorator", "util.tf_decorator")
_unwrap = private("unwrap", "util.tf_decorator")
_Callable = TypeVar("_Callable", bound=Callable[..., Any])


def autograph_artifact(called: _Callable) -> _Callable:
    """Makes AutoGraph call a function, or the instances of a class, without converting them.

    A subclass with a `__call__` of its own is converted; what it calls by `super()` is not.
    """
    if not isinstance(called, type):
        _autograph_artifact(called, {})
        return called
    call: Any = called.__call__
    _autograph_artifact(call, {})
    _autograph_artifact(called, _OfThisCall(call))
    return called


class _OfThisCall:
    """AutoGraph's mark of a class, which a subclass with another `__call__` does not have."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        if owner.__call__ is not self._call:
            raise AttributeError
        return {}


def decorated_as(original: Any) -> Callable[[Any], Any]:
    """Returns a decorator for what stands in for one of TensorFlow's functions: it decorates as the original is.

    What a program has registered for the original is also called for the replacement, and the other way round. A saved
    Keras model names the original's public name.
    """
    dispatch_by_type = _type_dispatch(original)

    def decorated(function: Any) -> Any:
        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            result = dispatch_by_type(args, kwargs)
            if result is not NotImplemented:
                return result
            try:
                return function(*args, **kwargs)
            except (TypeError, ValueError):
                result = _fall_back(called, args, kwargs)
                if result is NotImplemented:
                    raise
                return result

        return _decorate(original, function, called)

    return decorated


def _type_dispatch(original: Any) -> Callable[[Any, Any], Any]:
    """Returns what calls a program's function for its own types; it returns NotImplemented if there is none."""
    dispatcher = getattr(original, "_tf_type_based_dispatcher", None)  # Not before TensorFlow 2.7.
    return (lambda *_: NotImplemented) if dispatcher is None else dispatcher.Dispatch


def _fall_back(called: Any, args: Any, kwargs: Any) -> Any:
    """Returns what another library, as Keras, makes of a failed call; NotImplemented if it is none of theirs."""
    result = _dispatch.dispatch(called, args, kwargs)
    return NotImplemented if result is _dispatch.OpDispatcher.NOT_SUPPORTED else result


def _decorate(original: Any, function: Any, called: Any) -> Any:
    """Returns `called` as the decorated `function`, which stands in for one of TensorFlow's functions."""
    vars(function).update(_marks(_unwrap(original)[1]))
    vars(called).update(_marks(original))
    registered = getattr(_dispatch, "_TYPE_BASED_DISPATCH_SIGNATURES", {})
    if original in registered:
        registered[called] = registered[original]
    return _make_decorator(function, called, "decorated_as")


def _marks(function: Any) -> dict[str, Any]:
    """Returns what TensorFlow has noted of a function: its public names, and what is registered for it."""
    return {
        name: value for name, value in vars(function).items() if name.startswith("_tf_") and "decorator" not in name
    }
