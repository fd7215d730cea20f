"""How a slice is drawn: the place of the whole draw, and the elements of the slice alone."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._options import current_options
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.eager import eager_tensor
from compat_v1_init._tensorflow.functions import function_reference, outermost_is_eager

from .eager import eager_place, eager_values, stream_id
from .eager_constants import find_home
from .eager_position import eager_streams
from .graph_position import graph_place
from .kernel import scale, unclustered
from .philox import counters_before, entropy
from .request import Kernel, Operands, Slice
from .runs import Runs, draw_runs, is_a_draw, needs_loop, runs_of
from .shape import cached_shape

if TYPE_CHECKING:
    from .seeds import Seeds


def place_of_whole(kernel: Kernel, dtype: Any, seeds: Seeds | None, box: Slice) -> tuple[Any, Any]:
    """Returns the key and the counter of the draw that a slice is cut out of, and advances its stream."""
    first_only = current_options().stream == "first"
    count = math.prod(box.full_shape)
    if not tf.executing_eagerly():
        place = graph_place(seeds, count, first_only=first_only)
        return place.key, tf.bitcast(place.counter[:2], tf.int64)
    if seeds is None:
        # Far enough from the end of the stream that no slice lies beyond it.
        return entropy(1), entropy(2) & np.array([2**62 - 1, 2**64 - 1], np.uint64)
    position = 0
    if not first_only:
        # On the default device, for all shards: the place must not depend on the device of the first one.
        with tf.device(None):
            stream = stream_id(kernel, seeds, dtype, cached_shape(box.full_shape, "")[0].dtype, "")
        position = eager_streams.claim(stream, count)
    return np.array([seeds.seed], np.uint64), np.array((position, seeds.seed2), np.uint64)


def draw_slice(kernel: Kernel, operands: Operands, box: Slice, place: tuple[Any, Any]) -> Any:
    """Returns a slice of the draw that starts at a place."""
    start, runs = runs_of(box, operands.dtype)
    if tf.executing_eagerly():
        return _eager_slice(kernel, operands, box, place, start, runs)
    arguments = [*place, tf.constant(start, tf.int64)]
    if needs_loop(runs):
        function = _unscaled_runs(kernel, operands.dtype, runs, outermost_is_eager())
        # It holds no state, so all slices of one form may share it.
        reference = function_reference(function, tf.compat.v1.get_default_graph(), site=0)
        value = tf.raw_ops.StatefulPartitionedCall(args=arguments, Tout=[operands.dtype], f=reference)[0]
    else:
        value = draw_runs(kernel, operands.dtype, runs, *arguments)
    scope = tf.compat.v1.get_default_graph().get_name_scope() + "/"
    return scale(tf.reshape(value, box.shape), operands.factor, operands.offset, ("mul", scope))


def _eager_slice(kernel: Kernel, operands: Operands, box: Slice, place: tuple[Any, Any], start: int, runs: Runs) -> Any:
    home = find_home()
    (key, counter), (_, _, dtype, factor, offset) = place, operands
    if is_a_draw(runs):
        counter = counter + np.array([counters_before(kernel, dtype, start), 0], np.uint64)
        shape, count = cached_shape(box.shape, home)
        return eager_values(kernel, Operands(shape, count, dtype, factor, offset), eager_place(key, counter))
    key, counter = eager_tensor(key, home), eager_tensor(counter.view(np.int64), home)
    arguments = (key, counter, tf.constant(start, tf.int64), tf.constant(box.shape, tf.int64), factor)
    function = _scaled_runs(kernel, dtype, runs, offset is not None)
    return function(*arguments) if offset is None else function(*arguments, offset)


_SIGNATURE = [tf.TensorSpec([1], tf.uint64), tf.TensorSpec([2], tf.int64), tf.TensorSpec([], tf.int64)]


@functools.lru_cache(maxsize=256)
def _unscaled_runs(kernel: Kernel, dtype: Any, runs: Runs, eager: bool) -> Any:
    """Returns `draw_runs` as one concrete function, for graphs: one node for each slice."""
    body = unclustered(functools.partial(draw_runs, kernel, dtype, runs))
    # TensorFlow 2.5 finds the functions of loops only where they were traced: with the eager context, or in a graph.
    with tf.init_scope() if eager else tf.Graph().as_default(), tf.device(None):
        return tf.function(body, input_signature=_SIGNATURE, autograph=False).get_concrete_function()


@functools.lru_cache(maxsize=256)
def _scaled_runs(kernel: Kernel, dtype: Any, runs: Runs, has_offset: bool) -> Any:
    """Returns `draw_runs`, shaped and scaled in one buffer, as one concrete function."""
    scalar = tf.TensorSpec([], dtype)
    signature = [*_SIGNATURE, tf.TensorSpec([None], tf.int64), scalar, *([scalar] if has_offset else [])]

    def body(key: Any, counter: Any, start: Any, shape: Any, factor: Any, offset: Any = None) -> Any:
        return scale(tf.reshape(draw_runs(kernel, dtype, runs, key, counter, start), shape), factor, offset)

    with tf.device(None):
        return tf.function(unclustered(body), input_signature=signature, autograph=False).get_concrete_function()
