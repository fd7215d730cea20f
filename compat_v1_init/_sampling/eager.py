"""How a value is drawn in eager mode. What two draws have in common is cached, so that a small draw is fast."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._options import current_options
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.eager import (
    at_once,
    eager_tensor,
    is_local,
    one_kernel_for_a_device,
    requested_device,
    tape_watches,
)
from compat_v1_init._tensorflow.xla import xla_compiles_eager_ops

from .eager_constants import at_home, find_home, until_devices_change
from .eager_position import StreamId, eager_streams
from .eager_restart import restarts
from .kernel import factor_and_offset, sample_and_scale, scale, unclustered
from .philox import PHILOX, entropy
from .refusals import DTYPES, refuse, refuse_unless_sound
from .request import Bounds, Kernel, Operands, Place, Request, Slice
from .shape import eager_shape

if TYPE_CHECKING:
    import numpy.typing as npt  # from NumPy 1.20 on

    from .seeds import Seeds

# From this number of elements on, one concrete function draws and scales in one buffer. Its fixed cost is too high for
# smaller draws.
_LARGE = 1 << 21


# --- Operands --------------------------------------------------------------------------------------------------------


def eager_operands(request: Request, box: Slice | None) -> Operands:
    """Returns what the ops take; their shape only for a whole draw."""
    home = find_home()
    shape, count = (None, 0) if box is not None else eager_shape(request.extent.shape, home)
    dtype = tf.as_dtype(request.dtype)
    return Operands(shape, count, dtype, *_factor_and_offset(request.kernel, request.bounds, dtype, home))


def _factor_and_offset(kernel: Kernel, bounds: Bounds, dtype: Any, home: str) -> tuple[Any, Any]:
    """Returns the factor and the offset."""
    if not (type(bounds[0]) is float is type(bounds[1])):
        return factor_and_offset(kernel, bounds, dtype)
    # 0.0 and -0.0 are the same key, but not the same mean.
    return _cached_factor_and_offset(kernel, bounds, math.copysign(1.0, bounds[0]), dtype, home)


@until_devices_change(maxsize=1024)
def _cached_factor_and_offset(kernel: Kernel, bounds: Bounds, sign: float, dtype: Any, home: str) -> tuple[Any, Any]:
    """Returns the factor and the offset of bounds that are floats."""
    del sign
    with at_home(home):
        return factor_and_offset(kernel, bounds, dtype)


# --- One draw --------------------------------------------------------------------------------------------------------


def draw_eagerly(request: Request, operands: Operands, seeds: Seeds | None) -> Any:
    """Returns the next draw of the stream."""
    count = operands.elements
    if not count or operands.dtype not in DTYPES:
        refuse_unless_sound(request, operands, count, seeds)
    device = requested_device()
    home = find_home()
    if seeds is None:
        return eager_values(request.kernel, operands, eager_place(entropy(1), entropy(2)))
    if current_options().stream == "first":
        return eager_values(request.kernel, operands, _place(0, seeds, home))
    stream = stream_id(request.kernel, seeds, operands.dtype, operands.shape.dtype, device)
    position = eager_streams.claim(stream, count)
    try:
        return eager_values(request.kernel, operands, _place(position, seeds, home))
    except BaseException as error:
        of_integers = request.kernel == "random_uniform_int"
        # Bounds that are arrays may be refused after the draw. The original has made the draw then.
        if of_integers or operands.factor is None or not operands.factor.shape.rank:
            eager_streams.give_back(stream, count, position)
        refused = isinstance(error, tf.errors.InvalidArgumentError) and of_integers
        if refused or isinstance(error, tf.errors.ResourceExhaustedError):
            refuse(request, operands, *seeds)
        raise


def _place(position: int, seeds: Seeds, home: str) -> Place:
    counter = eager_tensor(np.array((position, seeds.seed2), np.uint64), home)
    return Place(_key(seeds.seed, home), counter, _philox(home))


def eager_place(key: npt.NDArray[np.uint64], counter: npt.NDArray[np.uint64]) -> Place:
    """Returns a place in a stream, of its key and its counter as arrays."""
    home = find_home()
    return Place(eager_tensor(key, home), eager_tensor(counter, home), _philox(home))


@until_devices_change(maxsize=64)
def _key(seed: int, home: str) -> Any:
    with at_home(home):
        return tf.constant([seed], tf.uint64)


@until_devices_change(maxsize=64)
def _philox(home: str) -> Any:
    with at_home(home):
        return tf.constant(PHILOX, tf.int32)


def stream_id(kernel: Kernel, seeds: Seeds, dtype: Any, shape_dtype: Any, device: str) -> StreamId:
    """Returns the key of a draw's stream on the requested device."""
    restarts.notice()
    resolved = _device_of(kernel, dtype, device) if device or one_kernel_for_a_device else ""
    return StreamId(kernel, seeds, dtype.as_datatype_enum, shape_dtype.as_datatype_enum, resolved)


@until_devices_change(maxsize=1024)
def _device_of(kernel: Kernel, dtype: Any, device: str) -> str:
    """Returns the device on which a kernel runs here, of an empty draw."""
    del device  # That of the `tf.device` which is in force.
    bounds = [tf.constant(bound, dtype) for bound in (1, 0)]
    nothing = Operands(tf.constant([0], tf.int32), 0, dtype, *bounds)
    with at_once():
        drawn = sample_and_scale(kernel, nothing, eager_place(*_ANYWHERE))
    return str(drawn.device)


_ANYWHERE = np.zeros(1, np.uint64), np.zeros(2, np.uint64)


# --- Values ----------------------------------------------------------------------------------------------------------


def eager_values(kernel: Kernel, operands: Operands, place: Place) -> Any:
    """Returns what is drawn at a place, scaled."""
    bounds = [bound for bound in (operands.factor, operands.offset) if bound is not None]
    if not _in_one_function(operands.elements) or not is_local(requested_device()):
        return sample_and_scale(kernel, operands, place)
    if any(bound.shape.rank for bound in bounds):
        drawn = eager_values(kernel, operands._replace(factor=None, offset=None), place)
        return scale(drawn, operands.factor, operands.offset)
    function = _one_buffer(kernel, operands.dtype, operands.shape.dtype, len(bounds))
    return function(operands.shape, place.key, place.counter, *bounds)


def _in_one_function(count: int) -> bool:
    """Returns whether a draw is to be one function; not on another host, which may not know the function.

    A tape would make gradients of the function, of any order, in advance. It keeps the result of each op, so no memory
    could be saved.
    """
    return xla_compiles_eager_ops or (count >= _LARGE and not tape_watches())


@functools.cache
def _one_buffer(kernel: Kernel, dtype: Any, shape_dtype: Any, bounds: int) -> Any:
    """Returns the draw as one concrete function: inside, each op writes into the buffer of the one before."""
    scalar = tf.TensorSpec([], dtype)
    place = [tf.TensorSpec([1], tf.uint64), tf.TensorSpec([2], tf.uint64)]
    signature = [tf.TensorSpec([None], shape_dtype), *place, *[scalar] * bounds]

    def body(shape: Any, key: Any, counter: Any, factor: Any = None, offset: Any = None) -> Any:
        operands = Operands(shape, 0, dtype, factor, offset)
        return sample_and_scale(kernel, operands, Place(key, counter, tf.constant(PHILOX, tf.int32)))

    with tf.device(None):  # The function runs on the device of each call, not on that of the first one.
        return tf.function(unclustered(body), input_signature=signature, autograph=False).get_concrete_function()
