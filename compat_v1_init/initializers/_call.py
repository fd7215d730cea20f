"""TF1's `__call__`, made for each class: its signature, the part of the variable that is asked for, and the value."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from compat_v1_init._sampling.draw import draw
from compat_v1_init._sampling.request import DISTRIBUTIONS, Bounds, Extent, Kernel, Request
from compat_v1_init._tensorflow import tf

from ._extent import requested_extent

_Call = TypeVar("_Call", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)
Value = Callable[[Any, Any, Extent, Any, Any], Any]
"""Takes the initializer, the whole variable's shape, what of it is asked for, and the call's dtype and partition_info.

The initializer may be one of TensorFlow's own: the patch gives the `__call__` to TensorFlow's classes.
"""


def tf1_signature(call: _Call) -> _Call:
    """Makes a `__call__` show only TF1's parameters: TensorFlow and users read them to know what they may pass."""
    signature = inspect.signature(call)
    shown = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    call.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    return call


_DOC = """{summary}

    Args:
      shape: the shape of the result: a list or tuple of ints, a `TensorShape`, an array.
      dtype: the dtype of the result; by default the constructor's.
      partition_info: for one shard of a partitioned variable: {partition_info}
      **extra: `layout`, the `tf.experimental.dtensor.Layout` of a result that is a DTensor. While
        `options(partitions="slices")` is in force, for a `shape` that is the whole variable's, also `partition_shape`
        and `partition_offset` or `shard_info`, as `ParameterServerStrategy` passes them.

    Returns:
      A tensor of this shape and dtype.

    Raises:
      TypeError: if a dimension is unknown, the class does not make the dtype, or an argument is unknown.
      ValueError: if {refused}.
    """
FANS_OF_WHOLE = "has `full_shape`, from which the fans then come."
IGNORED = 'ignored, as in TF1, unless `options(partitions="slices")` is in force.'


def called(
    value: Value,
    summary: str,
    *,
    partition_info: str = IGNORED,
    refused: str = "a shard does not lie within its variable",
) -> Callable[[_Class], _Class]:
    """Gives a class TF1's `__call__`, which returns what `value` does, and its docstring."""

    def decorated(cls: _Class) -> _Class:
        @tf1_signature
        def __call__(self: Any, shape: Any, dtype: Any = None, partition_info: Any = None, **extra: Any) -> Any:  # noqa: N807
            whole_shape, extent = requested_extent(self, shape, partition_info, extra)
            return value(self, whole_shape, extent, dtype, partition_info)

        __call__.__qualname__ = f"{cls.__name__}.__call__"
        __call__.__doc__ = _DOC.format(summary=summary, partition_info=partition_info, refused=refused)
        cls.__call__ = __call__  # type: ignore[method-assign]
        return cls

    return decorated


def drawn(
    kernel: Kernel | Callable[[Any, Any], Kernel],
    bounds: Callable[[Any, Kernel, Any], Bounds],
    fans: Literal["whole", "part"] | None = None,
) -> Callable[[_Class], _Class]:
    """Gives a class a `__call__` that draws.

    Args:
      kernel: that of all its objects, or what returns it for an object and a dtype.
      bounds: returns those of an object, its kernel and the shape that has the fans.
      fans: of which shape they are, the whole variable's or that of the part that is asked for; None if the bounds do
        not depend on them.
    """
    kernel_for = kernel if callable(kernel) else lambda *_: kernel

    def value(initializer: Any, whole_shape: Any, extent: Extent, dtype: Any, _: Any) -> Any:
        if dtype is None:
            dtype = initializer.dtype
        shape = whole_shape if fans == "whole" else extent.shape
        kernel = kernel_for(initializer, dtype)
        pair = bounds(initializer, kernel, shape)
        if fans is None and extent.part is not None:
            pair = float(pair[0]), float(pair[1])  # All shards of a variable must have the same.
        return draw(Request(kernel, pair, extent, dtype, initializer.seed, shape if fans else None))

    def decorated(cls: _Class) -> _Class:
        _kernels[cls] = kernel_for
        told = FANS_OF_WHOLE if fans == "whole" else IGNORED
        return called(value, "Returns the next draw of this initializer's stream.", partition_info=told)(cls)

    return decorated


_kernels: dict[type, Callable[[Any, Any], Kernel]] = {}


def distribution_of(cls: type, initializer: Any) -> str:
    """Returns the distribution that a class draws from, by TF1's name of it; empty if it draws none of these.

    Args:
      cls: the class.
      initializer: an object of it, or whatever has its arguments as attributes.
    """
    kernel_for = next((_kernels[base] for base in cls.__mro__ if base in _kernels), None)
    return "" if kernel_for is None else DISTRIBUTIONS[kernel_for(initializer, tf.float32)]
