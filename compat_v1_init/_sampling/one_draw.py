"""The steps of one draw, in the original's order: operands, seeds, place, values.

The order is that of `tf.random.truncated_normal`, `normal` and `uniform`. So errors come in its order, and the ops of a
graph get its names and its op seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import tf

from .eager import draw_eagerly, eager_operands
from .graph import draw_in_graph, graph_operands
from .seeds import take_seeds
from .slices import draw_slice, place_of_whole
from .whole import whole_of

if TYPE_CHECKING:
    from .request import Request, Slice


def draw_one(request: Request, box: Slice | None) -> Any:
    """Returns a whole draw, or the slice `box` of one, eagerly or in the default graph."""
    eagerly = tf.executing_eagerly()
    operands = eager_operands(request, box) if eagerly else graph_operands(request, box)
    if box is None:
        seeds = take_seeds(request, operands)
        return draw_eagerly(request, operands, seeds) if eagerly else draw_in_graph(request, operands, seeds)
    kernel = request.kernel
    whole = whole_of((kernel, request.bounds, operands.dtype, request.op_seed, box.full_shape), box)
    if whole.place is None:  # The slices that follow are of the same draw, with its seeds.
        whole.place = place_of_whole(kernel, operands.dtype, take_seeds(request, operands), box)
    whole.add(box)
    return draw_slice(kernel, operands, box, whole.place)
