"""How a value is drawn: one stateless kernel, then times a factor, plus an offset.

The order of the steps is the original's (`tf.random.truncated_normal`, `normal` and `uniform`), so that errors come
in its order and the names in a graph are its names.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ._dtensor import draw_with_layout
from ._options import current_options
from ._refusals import DTYPES, Kernel, is_shape, refuse, refuse_unless_sound
from ._seeds import Seeds, entropy, get_seeds
from ._shards import place_of_whole
from ._slices import Runs, Slice, counters_before, draw_runs, is_a_draw, needs_loop, runs_of
from ._stream import MOST_ELEMENTS, PHILOX, StreamId, drawn_by_xla, eager_streams, graph_place, outermost_is_eager
from ._tensorflow import (
    at_once,
    eager_tensor,
    function_reference,
    keep_apart,
    keep_out_of_clusters,
    maybe_set_static_shape,
    not_clustered,
    one_kernel_for_a_device,
    outside_jit_scope,
    random_ops,
    requested_device,
    shape_tensor,
    tf,
    when_vectorized,
    xla_draws_float16,
)

Bounds = tuple[Any, Any]

_STATELESS = {
    "truncated_normal": tf.raw_ops.StatelessTruncatedNormalV2,
    "random_normal": tf.raw_ops.StatelessRandomNormalV2,
    "random_uniform": tf.raw_ops.StatelessRandomUniformV2,
}
_stateless_int = tf.raw_ops.StatelessRandomUniformIntV2
_mul, _add = tf.raw_ops.Mul, tf.raw_ops.AddV2
_UNIFORM_DTYPES = DTYPES | {tf.int32, tf.int64}

# TF1's samplers name their ops by these.
_SCOPES = {**{kernel: kernel for kernel in _STATELESS}, "random_uniform_int": "random_uniform"}

# From here on one concrete function draws and scales in one buffer; below, its fixed cost is felt.
_LARGE = 1 << 21

_INT64_MAX = np.iinfo(np.int64).max

# No product of a normal value and a width above this one underflows, but in float16.
_NO_UNDERFLOW = 1e-12


class Drawn(NamedTuple):
    """What an observer is told of a draw."""

    kernel: Kernel
    bounds: Bounds
    shape: Any
    dtype: Any
    seeds: Seeds | None
    fan_shape: Any


# Told of each draw that gets its seeds: in a graph or a function once, when that is built.
observer: Callable[[Drawn], None] | None = None


def draw(
    kernel: Kernel,
    bounds: Bounds,
    shape: Any,
    dtype: Any,
    op_seed: Any,
    part: Slice | Any | None = None,
    fan_shape: Any = None,
    name: str | None = None,
) -> Any:
    """Returns one draw of an initializer, or a part of one.

    Args:
      kernel: the distribution.
      bounds: the mean and the standard deviation before truncation, or for the uniform distribution its lowest value
        and its limit: numbers or tensors, as TF1's samplers take them. For a part of a draw, floats.
      shape: whatever TF1's samplers take as a shape.
      dtype: the dtype of the result: float16, bfloat16, float32 or float64; int32 or int64 for `random_uniform_int`.
      op_seed: the initializer's own seed, or None.
      part: what to return of the draw: a slice, whose full shape then takes the place of `shape`; a DTensor's layout;
        or None for all of it.
      fan_shape: the shape that the bounds were reckoned from, for the observer; None where they were given.
      name: the name scope of the ops in a graph; by default that of TF1's sampler.

    Returns:
      A tensor of this shape and dtype.
    """
    if kernel == "random_uniform":
        _check_uniform_dtype(dtype)
    if part is not None and kernel == "random_uniform_int":
        msg = (
            "Integers are drawn for a whole variable alone. Draw them outside of options(partitions='slices') and "
            f"without a layout. Received: {part!r}"
        )
        raise ValueError(msg)
    if part is not None and not isinstance(part, Slice):
        return draw_with_layout(part, shape, functools.partial(_draw_slice_eagerly, kernel, bounds, dtype, op_seed))
    if tf.executing_eagerly():
        if part is not None:
            return _draw_slice_eagerly(kernel, bounds, dtype, op_seed, part)
        return _draw_eagerly(kernel, bounds, shape, dtype, op_seed, fan_shape)
    with outside_jit_scope(tf.compat.v1.get_default_graph()), tf.name_scope(_SCOPES[kernel] if name is None else name):
        if part is not None:
            return _draw_slice_in_graph(kernel, bounds, dtype, op_seed, part)
        return _draw_in_graph(kernel, bounds, shape, dtype, op_seed, fan_shape)


def _check_uniform_dtype(dtype: Any) -> None:
    if tf.as_dtype(dtype) not in _UNIFORM_DTYPES:
        random_ops.random_uniform([0], dtype=dtype)  # Refuses the dtype before all else, in its version's words.


def _seeds(
    kernel: Kernel,
    bounds: Bounds,
    shape: Any,
    dtype: Any,
    op_seed: Any,
    fan_shape: Any,
    shape_as_tensor: Any = None,
    int_bounds: Bounds | None = None,
) -> Seeds | None:
    """Returns the seeds of a draw, and tells the observer of it."""

    def refuse_seeds(seed: Any, seed2: Any) -> None:
        at = shape_tensor(shape) if shape_as_tensor is None else shape_as_tensor
        refuse(kernel, at, dtype, seed, seed2, int_bounds)

    seeds = get_seeds(op_seed, refuse_seeds)
    if observer is not None:
        observer(Drawn(kernel, bounds, shape, dtype, seeds, fan_shape))
    return seeds


def _factor_and_offset(kernel: Kernel, bounds: Bounds, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset, each a tensor rounded to `dtype`, as the original converts the bounds.

    The offset is None where the original adds none. For whole numbers the two are the upper and the lower bound.
    """
    if kernel in ("random_uniform", "random_uniform_int"):
        low = tf.convert_to_tensor(bounds[0], dtype=dtype, name="min")
        high = tf.convert_to_tensor(bounds[1], dtype=dtype, name="max")
        if kernel == "random_uniform_int":
            return high, low
        # The original looks for an int, as is its default.
        return (high, None) if isinstance(bounds[0], int) and bounds[0] == 0 else (high - low, low)
    mean = tf.convert_to_tensor(bounds[0], dtype=dtype, name="mean")
    return tf.convert_to_tensor(bounds[1], dtype=dtype, name="stddev"), mean


# --- Graph -----------------------------------------------------------------------------------------------------------


def _draw_in_graph(kernel: Kernel, bounds: Bounds, shape: Any, dtype: Any, op_seed: Any, fan_shape: Any) -> Any:
    graph = tf.compat.v1.get_default_graph()
    scope = graph.get_name_scope() + "/"
    shape_as_tensor = shape_tensor(shape)
    factor, offset = _factor_and_offset(kernel, bounds, dtype)
    int_bounds = (factor, offset) if kernel == "random_uniform_int" else None
    seeds = _seeds(kernel, bounds, shape, dtype, op_seed, fan_shape, shape_as_tensor, int_bounds)
    count = _count_in_graph(shape, shape_as_tensor)
    refuse_unless_sound(kernel, shape_as_tensor, count, dtype, op_seed, seeds, int_bounds)
    first_only = current_options().stream == "first"
    # Under XLA there are no numbers to keep.
    too_short = not xla_draws_float16 and drawn_by_xla(graph) and tf.as_dtype(dtype) == tf.float16
    drawn_as = tf.float32 if too_short else dtype
    place = graph_place(seeds, count, first_only=first_only)
    low_and_high = () if int_bounds is None else int_bounds[::-1]
    name = None if int_bounds is None else scope
    value = _sample(kernel, drawn_as, shape_as_tensor, place.key, place.counter, place.alg, *low_and_high, name=name)
    if int_bounds is None:
        value = _scaled_in_graph(tf.cast(value, dtype), factor, offset, scope)
    maybe_set_static_shape(value, shape)
    return value


def _sample(
    kernel: Kernel, dtype: Any, shape: Any, key: Any, counter: Any, alg: Any, *bounds: Any, name: str | None = None
) -> Any:
    """Returns what is drawn at a counter: an op that stays as separate as the original's stateful one.

    `bounds` are the lower and the upper one of whole numbers, of which the kernel itself takes care.
    """
    arguments = {"shape": shape, "key": key, "counter": counter, "alg": alg, "name": name}
    if bounds:
        value = _stateless_int(minval=bounds[0], maxval=bounds[1], **arguments)
    else:
        value = _STATELESS[kernel](dtype=dtype, **arguments)

    def convert(iterations: Any, shape: Any, *place: Any) -> Any:
        return _sample(kernel, dtype, tf.concat([[tf.cast(iterations, shape.dtype)], shape], axis=0), *place)

    return when_vectorized(keep_apart(keep_out_of_clusters(value)), convert, by_first_row=2)


def _scaled_in_graph(value: Any, factor: Any, offset: Any, name: str) -> Any:
    value = _mul(x=value, y=factor, name="mul")
    if offset is None:
        return value
    # The original adds its mean of 0.0 too; it turns -0.0 into 0.0 wherever the graph optimizer keeps it.
    return _add(x=value, y=offset, name=name)


def _count_in_graph(shape: Any, shape_as_tensor: Any) -> Any:
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
        # What the kernel raises in eager mode. A graph of such a shape would end the whole process.
        msg = f"Shape {dimensions} would have more than 2**63 - 1 elements"
        raise tf.errors.InvalidArgumentError(None, None, msg)
    return _count(dimensions)


def _is_plain(shape: Any) -> bool:
    """Returns whether a shape is a list or tuple of ints, so that its size is known without TensorFlow."""
    return type(shape) in (tuple, list) and all(type(size) is int for size in shape)


def _count(dimensions: Any) -> int:
    """Returns the number of elements; 0 for a shape that the kernel will refuse."""
    count = math.prod(dimensions) if all(size >= 0 for size in dimensions) else 0
    return count if count <= MOST_ELEMENTS else 0


# --- Eager -----------------------------------------------------------------------------------------------------------


def _draw_eagerly(kernel: Kernel, bounds: Bounds, shape: Any, dtype: Any, op_seed: Any, fan_shape: Any) -> Any:
    shape_as_tensor, count = _eager_shape(shape)
    dtype, dtype_as_given = tf.as_dtype(dtype), dtype
    factor, offset = _eager_factor_and_offset(kernel, bounds, dtype)
    int_bounds = (factor, offset) if kernel == "random_uniform_int" else None
    seeds = _seeds(kernel, bounds, shape, dtype, op_seed, fan_shape, shape_as_tensor, int_bounds)
    if not count or dtype not in DTYPES:
        refuse_unless_sound(kernel, shape_as_tensor, count, dtype_as_given, op_seed, seeds, int_bounds)
    device = requested_device()

    def at(key: Any, counter: Any) -> Any:
        return _eager_value(kernel, dtype, shape_as_tensor, count, key, eager_tensor(counter, device), factor, offset)

    if seeds is None:
        return at(eager_tensor(entropy(1), device), entropy(2))
    key = _key(seeds.seed)
    if current_options().stream == "first":
        return at(key, np.array((0, seeds.seed2), np.uint64))
    stream = _stream_id(kernel, seeds, dtype, shape_as_tensor.dtype, device)
    position = eager_streams.claim(stream, count)
    try:
        return at(key, np.array((position, seeds.seed2), np.uint64))
    except BaseException as error:
        # Bounds that are arrays may be refused after the draw, which the original has then made.
        if int_bounds is not None or not factor.shape.rank:
            eager_streams.give_back(stream, count, position)
        refused = isinstance(error, tf.errors.InvalidArgumentError) and int_bounds is not None
        if refused or isinstance(error, tf.errors.ResourceExhaustedError):
            refuse(kernel, shape_as_tensor, dtype_as_given, *seeds, int_bounds)
        raise


def _eager_value(
    kernel: Kernel, dtype: Any, shape: Any, count: int, key: Any, counter: Any, factor: Any, offset: Any
) -> Any:
    """Returns what is drawn at a counter, scaled."""
    arguments = (shape, key, counter, factor, offset)
    has_offset = offset is not None
    if count < _LARGE or factor.shape.rank or (has_offset and offset.shape.rank):
        return _scaled(kernel, dtype, *arguments)
    function = _one_buffer(kernel, dtype, shape.dtype, has_offset)
    return function(*(arguments if has_offset else arguments[:-1]))


def _eager_shape(shape: Any) -> tuple[Any, int]:
    """Returns a shape as a tensor, and its number of elements; 0 for one that the original refuses."""
    if _is_plain(shape):
        return _cached_shape(tuple(shape))
    as_tensor = shape_tensor(shape)
    return as_tensor, _count(as_tensor.numpy().tolist()) if is_shape(as_tensor) else 0


@functools.lru_cache(maxsize=1024)
def _cached_shape(shape: tuple[int, ...]) -> tuple[Any, int]:
    with tf.device("CPU:0"):
        return at_once(lambda: shape_tensor(shape)), _count(shape)


def _eager_factor_and_offset(kernel: Kernel, bounds: Bounds, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset, with None for an offset that adds nothing."""
    if not (type(bounds[0]) is float is type(bounds[1])):
        return _factor_and_offset(kernel, bounds, dtype)
    # 0.0 and -0.0 are one key, but not one mean.
    return _cached_factor_and_offset(kernel, bounds, math.copysign(1.0, bounds[0]), dtype)


@functools.lru_cache(maxsize=1024)
def _cached_factor_and_offset(kernel: Kernel, bounds: Bounds, sign: float, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset of bounds that are floats.

    Adding a mean of 0.0 only turns -0.0 into 0.0. The normal kernels never give -0.0 in 32 or 64 bits (Box-Muller
    over a grid of angles: zero comes with a plus, all else is beyond 1e-24), nor does bfloat16, which has the range
    of float32; so it takes a product that underflows, or float16, to need it.
    """
    del sign
    with tf.device("CPU:0"):
        factor, offset = at_once(lambda: _factor_and_offset(kernel, bounds, dtype))
    nothing = kernel != "random_uniform" and bounds[0] == 0.0 and bounds[1] > _NO_UNDERFLOW and dtype != tf.float16
    return factor, None if nothing else offset


def _scaled(kernel: Kernel, dtype: Any, shape: Any, key: Any, counter: Any, factor: Any, offset: Any = None) -> Any:
    if kernel == "random_uniform_int":
        arguments = {"shape": shape, "key": key, "counter": counter, "alg": _philox()}
        return keep_out_of_clusters(_stateless_int(minval=offset, maxval=factor, **arguments))
    value = _STATELESS[kernel](shape=shape, key=key, counter=counter, alg=_philox(), dtype=dtype)
    value = _mul(x=keep_out_of_clusters(value), y=factor)
    return value if offset is None else _add(x=value, y=offset)


def _unclustered(body: Callable[..., Any]) -> Callable[..., Any]:
    """Returns `body` for a function of its own, whose ops XLA is not to cluster."""

    def build(*arguments: Any) -> Any:
        with not_clustered():
            return body(*arguments)

    return build


@functools.cache
def _one_buffer(kernel: Kernel, dtype: Any, shape_dtype: Any, has_offset: bool) -> Any:
    """Returns `_scaled` as one concrete function: inside, each op writes into the buffer of the one before."""
    signature = [
        tf.TensorSpec([None], shape_dtype),
        tf.TensorSpec([1], tf.uint64),
        tf.TensorSpec([2], tf.uint64),
        tf.TensorSpec([], dtype),
    ]
    if has_offset:
        signature.append(tf.TensorSpec([], dtype))
    body = _unclustered(functools.partial(_scaled, kernel, dtype))
    with tf.device(None):  # The function runs where it is called, not where it was first needed.
        return tf.function(body, input_signature=signature, autograph=False).get_concrete_function()


def _stream_id(kernel: Kernel, seeds: Seeds, dtype: Any, shape_dtype: Any, device: str) -> StreamId:
    def find() -> str:
        empty = tf.constant([0], shape_dtype)
        key, counter = tf.constant([0], tf.uint64), tf.constant([0, 0], tf.uint64)
        bounds = [tf.constant(bound, dtype) for bound in (1, 0)]
        drawn = at_once(lambda: _scaled(kernel, dtype, empty, key, counter, *bounds))
        return str(drawn.device)

    dtype_number, resolved = dtype.as_datatype_enum, ""
    if device or one_kernel_for_a_device:
        resolved = eager_streams.device(kernel, dtype_number, device, find)
    return StreamId(kernel, seeds, dtype_number, shape_dtype.as_datatype_enum, resolved)


@functools.lru_cache(maxsize=64)
def _key(seed: int) -> Any:
    with tf.device("CPU:0"):
        return at_once(lambda: tf.constant([seed], tf.uint64))


def _philox() -> Any:
    return _eager_philox() if tf.executing_eagerly() else tf.constant(PHILOX)


# --- Pinned ----------------------------------------------------------------------------------------------------------


def first_draw(
    kernel: Kernel, shape: tuple[int, ...], dtype: Any, seeds: Seeds, factor: float, offset: float | None
) -> Any:
    """Returns the first draw of a pair of seeds, times a factor, plus an offset if there is one; without any state."""
    words = np.array([seeds.seed, 0, seeds.seed2], np.int64).view(np.uint64)
    scaling = [None if number is None else tf.constant(number, dtype) for number in (factor, offset)]
    if tf.executing_eagerly():
        device = requested_device()
        shape_as_tensor, count = _cached_shape(shape)
        key, counter = eager_tensor(words[:1], device), eager_tensor(words[1:], device)
        return _eager_value(kernel, dtype, shape_as_tensor, count, key, counter, *scaling)
    with outside_jit_scope(tf.compat.v1.get_default_graph()), tf.name_scope(kernel):
        shape_as_tensor = shape_tensor(shape)
        _count_in_graph(shape, shape_as_tensor)  # Refuses what would end the process.
        return _scaled(kernel, dtype, shape_as_tensor, tf.constant(words[:1]), tf.constant(words[1:]), *scaling)


# --- Slices ----------------------------------------------------------------------------------------------------------


def _draw_slice_in_graph(kernel: Kernel, bounds: Bounds, dtype: Any, op_seed: Any, box: Slice) -> Any:
    scope = tf.compat.v1.get_default_graph().get_name_scope() + "/"
    dtype = tf.as_dtype(dtype)
    factor, offset = _factor_and_offset(kernel, bounds, dtype)

    def find() -> tuple[Any, Any]:
        first_only = current_options().stream == "first"
        seeds = _seeds(kernel, bounds, box.full_shape, dtype, op_seed, box.full_shape)
        place = graph_place(seeds, math.prod(box.full_shape), first_only=first_only)
        return place.key, tf.bitcast(place.counter, tf.int64)

    key, counter = place_of_whole((kernel, bounds, dtype, op_seed, box.full_shape), box, find)
    start, runs = runs_of(box, dtype)
    arguments = [key, counter, tf.constant(start, tf.int64)]
    if needs_loop(runs):
        function = _unscaled_runs(kernel, dtype, runs, outermost_is_eager())
        # It holds no state, so all slices of one form may share it.
        reference = function_reference(function, tf.compat.v1.get_default_graph(), site=0)
        value = tf.raw_ops.StatefulPartitionedCall(args=arguments, Tout=[dtype], f=reference)[0]
    else:
        value = _draw_runs(kernel, dtype, runs, *arguments)
    return _scaled_in_graph(tf.reshape(value, box.shape), factor, offset, scope)


def _draw_slice_eagerly(kernel: Kernel, bounds: Bounds, dtype: Any, op_seed: Any, box: Slice) -> Any:
    dtype = tf.as_dtype(dtype)
    factor, offset = _eager_factor_and_offset(kernel, bounds, dtype)
    device = requested_device()

    def find() -> tuple[Any, Any]:
        seeds = _seeds(kernel, bounds, box.full_shape, dtype, op_seed, box.full_shape)
        if seeds is None:
            # Not so near the end of the stream that a slice could lie beyond it.
            return entropy(1), entropy(2) & np.array([2**62 - 1, 2**64 - 1], np.uint64)
        position = 0
        if current_options().stream == "continue":
            # Of the default device, wherever the shards lie: the place must not depend on where the first one does.
            with tf.device(None):
                stream = _stream_id(kernel, seeds, dtype, _cached_shape(box.full_shape)[0].dtype, "")
            position = eager_streams.claim(stream, math.prod(box.full_shape))
        return np.array([seeds.seed], np.uint64), np.array((position, seeds.seed2), np.uint64)

    identity = (kernel, bounds, dtype, op_seed, box.full_shape, eager_streams.restarts())
    key, counter = place_of_whole(identity, box, find)
    start, runs = runs_of(box, dtype)
    key = eager_tensor(key, device)
    if is_a_draw(runs):
        counter = eager_tensor(counter + np.array([counters_before(kernel, dtype, start), 0], np.uint64), device)
        shape, count = _cached_shape(box.shape)
        return _eager_value(kernel, dtype, shape, count, key, counter, factor, offset)
    counter = eager_tensor(counter.view(np.int64), device)
    arguments = (key, counter, tf.constant(start, tf.int64), tf.constant(box.shape, tf.int64), factor)
    function = _scaled_runs(kernel, dtype, runs, offset is not None)
    return function(*arguments) if offset is None else function(*arguments, offset)


def _draw_runs(kernel: Kernel, dtype: Any, runs: Runs, key: Any, counter: Any, start: Any) -> Any:
    def sample(count: int, at: Any) -> Any:
        shape = tf.constant([count], tf.int64)
        value = _STATELESS[kernel](shape=shape, key=key, counter=at, alg=tf.constant(PHILOX), dtype=dtype)
        return keep_out_of_clusters(value)

    return draw_runs(sample, kernel, dtype, runs, start, counter)


_RUNS_SIGNATURE = [tf.TensorSpec([1], tf.uint64), tf.TensorSpec([2], tf.int64), tf.TensorSpec([], tf.int64)]


@functools.lru_cache(maxsize=256)
def _unscaled_runs(kernel: Kernel, dtype: Any, runs: Runs, eager: bool) -> Any:
    """Returns `_draw_runs` as one concrete function, for graphs: one node for each slice."""
    body = _unclustered(functools.partial(_draw_runs, kernel, dtype, runs))
    # TensorFlow 2.5 finds the functions of loops only where they were traced: with the eager context, or in a graph.
    with tf.init_scope() if eager else tf.Graph().as_default(), tf.device(None):
        return tf.function(body, input_signature=_RUNS_SIGNATURE, autograph=False).get_concrete_function()


@functools.lru_cache(maxsize=256)
def _scaled_runs(kernel: Kernel, dtype: Any, runs: Runs, has_offset: bool) -> Any:
    """Returns `_draw_runs`, shaped and scaled in one buffer, as one concrete function."""
    scalar = tf.TensorSpec([], dtype)
    signature = [*_RUNS_SIGNATURE, tf.TensorSpec([None], tf.int64), scalar, *([scalar] if has_offset else [])]

    def body(key: Any, counter: Any, start: Any, shape: Any, factor: Any, offset: Any = None) -> Any:
        value = tf.reshape(_draw_runs(kernel, dtype, runs, key, counter, start), shape)
        value = _mul(x=value, y=factor)
        return value if offset is None else _add(x=value, y=offset)

    with tf.device(None):
        return tf.function(_unclustered(body), input_signature=signature, autograph=False).get_concrete_function()


@functools.cache
def _eager_philox() -> Any:
    with tf.device("CPU:0"):
        return at_once(lambda: tf.constant(PHILOX))
