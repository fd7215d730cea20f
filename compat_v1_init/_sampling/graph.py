"""How a value is drawn in a graph or a function: ops with the names, and in the order, of TF1's samplers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from compat_v1_init._options import current_options
from compat_v1_init._tensorflow import maybe_set_static_shape, shape_tensor, tf
from compat_v1_init._tensorflow.nodes import constant, control_flow_context, keep_apart
from compat_v1_init._tensorflow.vectorized import when_vectorized
from compat_v1_init._tensorflow.xla import xla_draws_float16

from .graph_position import graph_place
from .kernel import factor_and_offset, sample, scale
from .refusals import refuse_unless_sound
from .request import Kernel, Operands, Place, Request, Slice
from .shape import count_in_graph
from .shared import shared_bound
from .xla_position import drawn_by_xla

if TYPE_CHECKING:
    from .seeds import Seeds


def graph_operands(request: Request, box: Slice | None) -> Operands:
    """Adds what the ops take to the default graph; their shape only for a whole draw."""
    if box is None:
        shape, dtype = shape_tensor(request.extent.shape), request.dtype
    else:
        shape, dtype = None, tf.as_dtype(request.dtype)
    graph = tf.compat.v1.get_default_graph()
    # TensorFlow's optimizer may join a product with a constant; in a loop, or a function, not with one from outside.
    shares = box is None and not graph.building_function and control_flow_context(graph) is None
    make_constant = functools.partial(shared_bound, shape.op.device) if shares else constant
    return Operands(shape, 0, dtype, *factor_and_offset(request.kernel, request.bounds, dtype, make_constant))


def draw_in_graph(request: Request, operands: Operands, seeds: Seeds | None) -> Any:
    """Returns the draws of a stream, one for each execution."""
    kernel, (shape, _, dtype, factor, offset) = request.kernel, operands
    graph = tf.compat.v1.get_default_graph()
    # At the top of a graph, where `name=""` leads, the result has the name of its op.
    scope = f"{graph.get_name_scope()}/".lstrip("/") or None
    count = count_in_graph(request.extent.shape, shape)
    refuse_unless_sound(request, operands, count, seeds)
    # XLA draws different numbers anyway.
    too_short = not xla_draws_float16 and drawn_by_xla(graph) and tf.as_dtype(dtype) == tf.float16
    place = graph_place(seeds, count, first_only=current_options().stream == "first")
    if kernel == "random_uniform_int":
        value = _sample_apart(kernel, dtype, shape, place, offset, factor, name=scope)
    else:
        value = _sample_apart(kernel, tf.float32 if too_short else dtype, shape, place)
        # The original gives the name of the scope to a sum, but not to the product that a uniform draw may end with.
        last = "Mul" if kernel == "random_uniform" and offset is None else scope or "AddV2"
        value = scale(tf.cast(value, dtype), factor, offset, ("mul", last))
    maybe_set_static_shape(value, request.extent.shape)
    return value


def _sample_apart(kernel: Kernel, dtype: Any, shape: Any, place: Place, *bounds: Any, name: str | None = None) -> Any:
    """Returns what is drawn at a place: an op that stays as separate as the original's stateful one."""

    def convert(iterations: Any, shape: Any, key: Any, counters: Any, alg: Any, *bounds: Any) -> Any:
        shape = tf.concat([[tf.cast(iterations, shape.dtype)], shape], axis=0)
        # All iterations have one counter. There is none if there are no iterations.
        counter = tf.concat([counters, tf.zeros_like(place.counter)[None]], axis=0)[0]
        return _sample_apart(kernel, dtype, shape, Place(key, counter, alg), *bounds)

    value = sample(kernel, dtype, shape, place, *bounds, name=name)
    return when_vectorized(keep_apart(value), convert, stacked=2)
