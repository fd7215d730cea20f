"""How a value is drawn in eager mode. What two draws have in common is cached, so that a small draw is fast."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._options import current_options
from compat_v1_init._tensorflow import (
    at_once,
    eager_tensor,
    one_kernel_for_a_device,
    requested_device,
    tf,
)

from .eager_position import StreamId, eager_streams
from .kernel import factor_and_offset, sample_and_scale, unclustered
from .philox import PHILOX, entropy
from .refusals import DTYPES, refuse, refuse_unless_sound
from .request import Bounds, Kernel, Operands, Place, Request, Slice
from .shape import eager_shape

if TYPE_CHECKING:
    from .seeds import Seeds

# From this number of elements on, one concrete function draws and scales in one buffer. Its fixed cost is too high for
# smaller draws.
_LARGE = 1 << 21

# Except in float16, no product of a normal value and a width above this one underflows.
_NO_UNDERFLOW = 1e-12


# --- Operands --------------------------------------------------------------------------------------------------------


def eager_operands(request: Request, box: Slice | None) -> Operands:
    """Returns what the ops take; their shape only for a whole draw."""
    shape, count = (None, 0) if box is not None else eager_shape(request.extent.shape)
    dtype = tf.as_dtype(request.dtype)
    return Operands(shape, count, dtype, *_factor_and_offset(request.kernel, request.bounds, dtype))


def _factor_and_offset(kernel: Kernel, bounds: Bounds, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset, with None for an offset that adds nothing."""
    if not (type(bounds[0]) is float is type(bounds[1])):
        return factor_and_offset(kernel, bounds, dtype)
    # 0.0 and -0.0 are the same key, but not the same mean.
    return _cached_factor_and_offset(kernel, bounds, math.copysign(1.0, bounds[0]), dtype)


@functools.lru_cache(maxsize=1024)
def _cached_factor_and_offset(kernel: Kernel, bounds: Bounds, sign: float, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset of bounds that are floats.

    Adding a mean of 0.0 only turns -0.0 into 0.0. The normal kernels never give -0.0 in 32 or 64 bits (Box-Muller
    over a grid of angles: zero comes with a plus, all else is beyond 1e-24), nor does bfloat16, which has the range
    of float32. So only a product that underflows, or float16, needs it.
    """
    del sign
    with tf.device("CPU:0"), at_once():
        factor, offset = factor_and_offset(kernel, bounds, dtype)
    nothing = kernel != "random_uniform" and bounds[0] == 0.0 and bounds[1] > _NO_UNDERFLOW and dtype != tf.float16
    return factor, None if nothing else offset


# --- One draw --------------------------------------------------------------------------------------------------------


def draw_eagerly(request: Request, operands: Operands, seeds: Seeds | None) -> Any:
    """Returns the next draw of the stream."""
    count = operands.elements
    if not count or operands.dtype not in DTYPES:
        refuse_unless_sound(request, operands, count, seeds)
    device = requested_device()
    if seeds is None:
        key, counter = eager_tensor(entropy(1), device), eager_tensor(entropy(2), device)
        return eager_values(request.kernel, operands, key, counter)
    key = _key(seeds.seed)
    if current_options().stream == "first":
        return eager_values(request.kernel, operands, key, _counter(0, seeds, device))
    stream = stream_id(request.kernel, seeds, operands.dtype, operands.shape.dtype, device)
    position = eager_streams.claim(stream, count)
    try:
        return eager_values(request.kernel, operands, key, _counter(position, seeds, device))
    except BaseException as error:
        of_integers = request.kernel == "random_uniform_int"
        # Bounds that are arrays may be refused after the draw. The original has made the draw then.
        if of_integers or not operands.factor.shape.rank:
            eager_streams.give_back(stream, count, position)
        refused = isinstance(error, tf.errors.InvalidArgumentError) and of_integers
        if refused or isinstance(error, tf.errors.ResourceExhaustedError):
            refuse(request, operands, *seeds)
        raise


def _counter(position: int, seeds: Seeds, device: str) -> Any:
    return eager_tensor(np.array((position, seeds.seed2), np.uint64), device)


@functools.lru_cache(maxsize=64)
def _key(seed: int) -> Any:
    with tf.device("CPU:0"), at_once():
        return tf.constant([seed], tf.uint64)


@functools.cache
def _philox() -> Any:
    with tf.device("CPU:0"), at_once():
        return tf.constant(PHILOX)


def stream_id(kernel: Kernel, seeds: Seeds, dtype: Any, shape_dtype: Any, device: str) -> StreamId:
    """Returns the key of a draw's stream on the requested device."""
    dtype_number, resolved = dtype.as_datatype_enum, ""
    if device or one_kernel_for_a_device:
        known = (kernel, dtype_number, device)
        resolved = eager_streams.devices.get(known, "")
        if not resolved:
            resolved = eager_streams.devices[known] = _device_of(kernel, dtype, shape_dtype)
    return StreamId(kernel, seeds, dtype_number, shape_dtype.as_datatype_enum, resolved)


def _device_of(kernel: Kernel, dtype: Any, shape_dtype: Any) -> str:
    """Returns the device on which a kernel runs here, of an empty draw."""
    empty = tf.constant([0], shape_dtype)
    key, counter = tf.constant([0], tf.uint64), tf.constant([0, 0], tf.uint64)
    bounds = [tf.constant(bound, dtype) for bound in (1, 0)]
    with at_once():
        drawn = sample_and_scale(kernel, Operands(empty, 0, dtype, *bounds), Place(key, counter, _philox()))
    return str(drawn.device)


# --- Values ----------------------------------------------------------------------------------------------------------


def eager_values(kernel: Kernel, operands: Operands, key: Any, counter: Any) -> Any:
    """Returns what is drawn at a counter, scaled."""
    shape, count, dtype, factor, offset = operands
    if count < _LARGE or factor.shape.rank or (offset is not None and offset.shape.rank):
        return sample_and_scale(kernel, operands, Place(key, counter, _philox()))
    function = _one_buffer(kernel, dtype, shape.dtype, offset is not None)
    return function(shape, key, counter, factor, *([] if offset is None else [offset]))


@functools.cache
def _one_buffer(kernel: Kernel, dtype: Any, shape_dtype: Any, has_offset: bool) -> Any:
    """Returns the draw as one concrete function: inside, each op writes into the buffer of the one before."""
    scalar = tf.TensorSpec([], dtype)
    place = [tf.TensorSpec([1], tf.uint64), tf.TensorSpec([2], tf.uint64)]
    signature = [tf.TensorSpec([None], shape_dtype), *place, scalar, *([scalar] if has_offset else [])]

    def body(shape: Any, key: Any, counter: Any, factor: Any, offset: Any = None) -> Any:
        operands = Operands(shape, 0, dtype, factor, offset)
        return sample_and_scale(kernel, operands, Place(key, counter, tf.constant(PHILOX)))

    with tf.device(None):  # The function runs on the device of each call, not on that of the first one.
        return tf.function(unclustered(body), input_signature=signature, autograph=False).get_concrete_function()
