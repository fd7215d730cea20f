"""The initializer that `from_meta_graph` returns for a constant."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from compat_v1_init._tensorflow import tf
from compat_v1_init.initializers._public import public

from .first_value import FirstValue
from .pinned import agreed_shape

DTYPES = tuple(
    map(
        tf.as_dtype,
        (
            *("float16", "bfloat16", "float32", "float64", "bool"),
            *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        ),
    )
)
_SHOWN = 6


@public("compat_v1_init")
class PinnedConstant(FirstValue):
    """A constant of TF1's graph: zeros, ones, any other number, or an array.

    Args:
      values: the first elements in C order, as a flat list; the last one is also that of all elements that follow, so
        `[0.1]` is 0.1 everywhere.
      shape: the shape, or None if each call names it.
      dtype: a dtype of numbers or truth values.

    Raises:
      ValueError: if an argument is none of these.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.PinnedConstant([0.5], [2, 3])
    >>> init().numpy().tolist(), init.value
    ([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]], 0.5)
    """

    distribution = "constant"
    # What a draw has.
    seeds = mean = stddev = minval = maxval = None

    def __init__(self, values: Any, shape: Any = None, dtype: Any = "float32") -> None:
        self.dtype = tf.as_dtype(dtype)
        if self.dtype not in DTYPES:
            msg = f"Argument `dtype` must be one of {[each.name for each in DTYPES]}. Received: {self.dtype.name}"
            raise ValueError(msg)
        self.shape: tuple[int, ...] | None = None if shape is None else tuple(map(int, shape))
        self._values = np.asarray(values, self.dtype.as_numpy_dtype, order="C")
        most = math.inf if self.shape is None else max(1, math.prod(self.shape))
        if self._values.ndim != 1 or not 1 <= self._values.size <= most:
            msg = (
                "Argument `values` must be a flat list of one number or more, and not of more than `shape` has. "
                f"Received: {self._values.size} numbers in {self._values.ndim} dimensions, shape {shape}"
            )
            raise ValueError(msg)

    @functools.cached_property
    def value(self) -> Any:
        """The value of all elements, as a Python number; None where they differ."""
        elements = self._values.view(np.uint8).reshape(self._values.size, -1)
        return self._plain(1)[0] if (elements == elements[0]).all() else None

    def __call__(self, shape: Any = None, dtype: Any = None) -> Any:
        """Returns the constant; arguments, result and errors are those of :class:`PinnedInitializer`."""
        agreed = agreed_shape(self, shape, dtype)
        missing = math.prod(agreed) - self._values.size
        if self._values.size > 1 and missing:
            return tf.reshape(tf.concat([self._values, tf.fill([missing], self._values[-1])], 0), agreed)
        return tf.constant(self._values, self.dtype, agreed) if missing <= 0 < math.prod(agreed) else self._full(agreed)

    def _full(self, shape: tuple[int, ...]) -> Any:
        return tf.fill(shape, tf.constant(self._values[0], self.dtype))

    def _plain(self, count: int | None = None) -> list[Any]:
        """Returns the elements, or the first of them, as numbers of Python, which hold them exactly."""
        values = self._values[:count]
        plain: list[Any] = (values.astype(np.float64) if self.dtype.is_floating else values).tolist()
        return plain

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor as plain lists, strings and numbers, all exact."""
        shape = None if self.shape is None else list(self.shape)
        return {"values": self._plain(), "shape": shape, "dtype": self.dtype.name}

    def _key(self) -> tuple[Any, ...]:
        return self.shape, self.dtype.name, self._values.tobytes()

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, PinnedConstant) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def shown(self) -> str:
        """Returns the elements as text, in as many digits as the dtype needs; of many the first few."""
        shown = ", ".join(str(each) for each in self._values[:_SHOWN])
        return shown + (", ..." if self._values.size > _SHOWN else "")

    def __repr__(self) -> str:
        return f"PinnedConstant([{self.shown()}], {self.shape}, {self.dtype.name!r})"
