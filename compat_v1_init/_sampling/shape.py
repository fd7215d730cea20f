"""The shape of a draw as a tensor, and its number of elements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from compat_v1_init._tensorflow import shape_tensor, tf

from .eager_constants import at_home, until_devices_change
from .philox import MOST_ELEMENTS

_INT64_MAX = np.iinfo(np.int64).max
_SHAPE_DTYPES = (tf.int32, tf.int64)


def is_shape(shape: Any) -> bool:
    """Returns whether the original's op takes a tensor of this dtype and rank as a shape."""
    return shape.dtype in _SHAPE_DTYPES and shape.shape.rank in (1, None)


def eager_shape(shape: Any, home: str) -> tuple[Any, int]:
    """Returns a shape as a tensor, and its number of elements; 0 for one that the original refuses."""
    if _is_plain(shape):
        return cached_shape(tuple(shape), home)
    as_tensor = shape_tensor(shape)
    return as_tensor, _product(as_tensor.numpy().tolist()) if is_shape(as_tensor) else 0


@until_devices_change(maxsize=1024)
def cached_shape(shape: tuple[int, ...], home: str) -> tuple[Any, int]:
    """Returns a shape as an eager tensor, and its number of elements."""
    with at_home(home):
        return shape_tensor(shape), _product(shape)


def count_in_graph(shape: Any, shape_as_tensor: Any) -> Any:
    """Returns the number of elements: 0 where the shape is refused, a tensor where the graph does not know it.

    Raises:
      tensorflow.errors.InvalidArgumentError: if there are more than 2**63 - 1.
    """
    if _is_plain(shape):
        dimensions = list(shape)
    elif not shape_as_tensor.dtype.is_integer:
        return 0  # The kernel's op will refuse it.
    else:
        static = tf.get_static_value(shape_as_tensor)
        if static is None:
            return tf.reduce_prod(tf.cast(shape_as_tensor, tf.int64))
        dimensions = static.ravel().tolist()
    if max(dimensions, default=0) <= _INT64_MAX < math.prod(dimensions):
        # What the kernel raises in eager mode. A graph with such a shape would crash the process.
        msg = f"Shape {dimensions} would have more than 2**63 - 1 elements"
        raise tf.errors.InvalidArgumentError(None, None, msg)
    return _product(dimensions)


def _is_plain(shape: Any) -> bool:
    """Returns whether a shape is a list or tuple of ints, so that its size is known without TensorFlow."""
    return type(shape) in (tuple, list) and all(type(size) is int for size in shape)


def _product(dimensions: Sequence[int]) -> int:
    """Returns the number of elements; 0 for a shape that the kernel will refuse."""
    count = math.prod(dimensions) if all(size >= 0 for size in dimensions) else 0
    return count if count <= MOST_ELEMENTS else 0
