"""How a value is drawn: one stateless kernel, then times a factor, plus an offset.

The order of the steps is the original's (`tf.random.truncated_normal`, `normal` and `uniform`), so that errors come
in its order and the names in a graph are its names.
"""

from __future__ import annotations

import functools
import math
from typing import Any, Literal

import numpy as np

from ._options import current_options
from ._seeds import Seeds, entropy, get_seeds
from ._stream import StreamId, eager_streams, graph_place
from ._tensorflow import eager_tensor, maybe_set_static_shape, requested_device, shape_tensor, tf

Kernel = Literal["truncated_normal", "random_normal", "random_uniform"]

_PHILOX = 1  # the `alg` of TensorFlow's stateless ops

_STATELESS = {
    "truncated_normal": tf.raw_ops.StatelessTruncatedNormalV2,
    "random_normal": tf.raw_ops.StatelessRandomNormalV2,
    "random_uniform": tf.raw_ops.StatelessRandomUniformV2,
}
_DTYPES = (tf.float16, tf.bfloat16, tf.float32, tf.float64)

# From here on one concrete function draws and scales in one buffer; below, its fixed cost of about 0.1 ms is felt.
_LARGE = 1 << 18


def draw(kernel: Kernel, width: Any, shape: Any, dtype: Any, op_seed: Any) -> Any:
    """Returns one draw of an initializer.

    Args:
      kernel: the distribution.
      width: the standard deviation before truncation, or for the uniform distribution its limit.
      shape: whatever TF1's samplers take as a shape.
      dtype: the dtype of the result: float16, bfloat16, float32 or float64.
      op_seed: the initializer's own seed, or None.

    Returns:
      A tensor of this shape and dtype.
    """
    if kernel == "random_uniform":
        _check_uniform_dtype(dtype)
    if tf.executing_eagerly():
        return _draw_eagerly(kernel, width, shape, dtype, op_seed)
    with tf.name_scope(kernel):
        return _draw_in_graph(kernel, width, shape, dtype, op_seed)


def _check_uniform_dtype(dtype: Any) -> None:
    dtype = tf.as_dtype(dtype)
    accepted = (*_DTYPES, tf.int32, tf.int64)
    if dtype not in accepted:
        msg = f"Argument `dtype` got invalid value {dtype}. Accepted dtypes are {accepted}."
        raise ValueError(msg)


def _bounds(kernel: Kernel, width: Any, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset, each a scalar tensor rounded to `dtype`, as the original converts them."""
    if kernel == "random_uniform":
        low = tf.convert_to_tensor(-width, dtype=dtype, name="min")
        high = tf.convert_to_tensor(width, dtype=dtype, name="max")
        return high - low, low
    mean = tf.convert_to_tensor(0.0, dtype=dtype, name="mean")
    return tf.convert_to_tensor(width, dtype=dtype, name="stddev"), mean


# --- Graph -----------------------------------------------------------------------------------------------------------


def _draw_in_graph(kernel: Kernel, width: Any, shape: Any, dtype: Any, op_seed: Any) -> Any:
    graph = tf.compat.v1.get_default_graph()
    scope = graph.get_name_scope() + "/"
    shape_as_tensor = shape_tensor(shape)
    factor, offset = _bounds(kernel, width, dtype)
    seeds = get_seeds(op_seed)
    first_only = current_options().stream == "first"
    place = graph_place(seeds, _count_in_graph(shape_as_tensor), first_only=first_only)
    value = _STATELESS[kernel](
        shape=shape_as_tensor, key=place.key, counter=place.counter, alg=tf.constant(_PHILOX), dtype=dtype
    )
    value = tf.raw_ops.Mul(x=value, y=factor)
    # The original adds its mean of 0.0 too; it turns -0.0 into 0.0 wherever the graph optimizer keeps it.
    value = tf.raw_ops.AddV2(x=value, y=offset, name=scope)
    maybe_set_static_shape(value, shape)
    return value


def _count_in_graph(shape: Any) -> Any:
    static = tf.get_static_value(shape)
    if static is None:
        return tf.reduce_prod(tf.cast(shape, tf.int64))
    return _count(static.tolist())


def _count(dimensions: Any) -> int:
    """Returns the number of elements; 0 for a shape that the kernel will refuse."""
    return math.prod(dimensions) if all(size >= 0 for size in dimensions) else 0


# --- Eager -----------------------------------------------------------------------------------------------------------


def _draw_eagerly(kernel: Kernel, width: Any, shape: Any, dtype: Any, op_seed: Any) -> Any:
    shape_as_tensor = shape_tensor(shape)
    dtype = tf.as_dtype(dtype)
    factor, offset = (_bounds_cached if type(width) is float else _bounds)(kernel, width, dtype)
    seeds = get_seeds(op_seed)
    count = _count(shape_as_tensor.numpy().tolist()) if shape_as_tensor.dtype.is_integer else 0
    if seeds is None:
        key, counter = entropy(1), entropy(2)
        return _scaled(kernel, shape_as_tensor, eager_tensor(key), counter, factor, offset, dtype, count)
    key = _key(seeds.seed)
    if current_options().stream == "first":
        counter = np.array((0, seeds.seed2), np.uint64)
        return _scaled(kernel, shape_as_tensor, key, counter, factor, offset, dtype, count)
    stream = _stream_id(kernel, seeds, dtype, shape_as_tensor.dtype)
    with eager_streams.claim(stream, count) as position:
        counter = np.array((position, seeds.seed2), np.uint64)
        return _scaled(kernel, shape_as_tensor, key, counter, factor, offset, dtype, count)


def _scaled(
    kernel: Kernel, shape: Any, key: Any, counter: Any, factor: Any, offset: Any, dtype: Any, count: int
) -> Any:
    counter = eager_tensor(counter)
    if count >= _LARGE:
        return _one_buffer(kernel, dtype, shape.dtype)(shape, key, counter, factor, offset)
    return _body(kernel, dtype, shape, key, counter, factor, offset)


def _body(kernel: Kernel, dtype: Any, shape: Any, key: Any, counter: Any, factor: Any, offset: Any) -> Any:
    value = _STATELESS[kernel](shape=shape, key=key, counter=counter, alg=_philox(), dtype=dtype)
    return tf.raw_ops.AddV2(x=tf.raw_ops.Mul(x=value, y=factor), y=offset)


@functools.lru_cache(maxsize=None)
def _one_buffer(kernel: Kernel, dtype: Any, shape_dtype: Any) -> Any:
    """Returns `_body` as one concrete function: inside, each op writes into the buffer of the one before."""
    signature = [
        tf.TensorSpec([None], shape_dtype),
        tf.TensorSpec([1], tf.uint64),
        tf.TensorSpec([2], tf.uint64),
        tf.TensorSpec([], dtype),
        tf.TensorSpec([], dtype),
    ]
    body = functools.partial(_body, kernel, dtype)
    return tf.function(body, input_signature=signature, autograph=False).get_concrete_function()


def _stream_id(kernel: Kernel, seeds: Seeds, dtype: Any, shape_dtype: Any) -> StreamId:
    def find() -> str:
        empty = tf.constant([0], shape_dtype)
        key, counter = tf.constant([0], tf.uint64), tf.constant([0, 0], tf.uint64)
        return str(_STATELESS[kernel](shape=empty, key=key, counter=counter, alg=_philox(), dtype=dtype).device)

    number = dtype.as_datatype_enum
    device = eager_streams.device(kernel, number, requested_device(), find)
    return StreamId(kernel, seeds, number, shape_dtype.as_datatype_enum, device)


@functools.lru_cache(maxsize=64)
def _key(seed: int) -> Any:
    with tf.device("CPU:0"):
        return tf.constant([seed], tf.uint64)


def _philox() -> Any:
    return _philox_eager() if tf.executing_eagerly() else tf.constant(_PHILOX)


@functools.lru_cache(maxsize=None)
def _philox_eager() -> Any:
    with tf.device("CPU:0"):
        return tf.constant(_PHILOX)


@functools.lru_cache(maxsize=1024)
def _bounds_cached(kernel: Kernel, width: float, dtype: Any) -> tuple[Any, Any]:
    with tf.device("CPU:0"):
        return _bounds(kernel, width, dtype)
