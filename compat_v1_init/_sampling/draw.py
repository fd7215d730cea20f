"""The drawing, as initializers and samplers call it: eagerly or in a graph, of a whole, a slice or a DTensor.

The modules of `_sampling` do the work. Begin at `_sampling/one_draw.py`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._tensorflow import shape_tensor, tf
from compat_v1_init._tensorflow.xla import outside_jit_scope

from .dtensor import draw_with_layout
from .eager import eager_place, eager_values
from .eager_constants import find_home
from .kernel import sample_and_scale
from .one_draw import draw_one
from .philox import PHILOX
from .refusals import refuse_first
from .request import Kernel, Operands, Place, Request
from .shape import count_in_graph, eager_shape

if TYPE_CHECKING:
    from .seeds import Seeds


def draw(request: Request) -> Any:
    """Returns one draw of an initializer, a slice of one, or a DTensor of its slices."""
    refuse_first(request)
    extent = request.extent
    if extent.layout is not None:
        return draw_with_layout(extent.layout, extent.shape, functools.partial(draw_one, request))
    if tf.executing_eagerly():
        return draw_one(request, extent.box)
    # TF1's samplers give their ops these names.
    scope = tf.compat.v1.name_scope(request.name, request.kernel.replace("_int", ""))
    with outside_jit_scope(tf.compat.v1.get_default_graph()), scope:
        return draw_one(request, extent.box)


def first_draw(
    kernel: Kernel, shape: tuple[int, ...], dtype: Any, seeds: Seeds, factor: float, offset: float | None
) -> Any:
    """Returns the first draw of a pair of seeds, times a factor, plus an offset if there is one; without any state."""
    words = np.array([seeds.seed, 0, seeds.seed2], np.int64).view(np.uint64)
    scaling = [None if number is None else tf.constant(number, dtype) for number in (factor, offset)]
    if tf.executing_eagerly():
        operands = Operands(*eager_shape(shape, find_home()), dtype, *scaling)
        return eager_values(kernel, operands, eager_place(words[:1], words[1:]))
    with outside_jit_scope(tf.compat.v1.get_default_graph()), tf.name_scope(kernel):
        shape_as_tensor = shape_tensor(shape)
        count_in_graph(shape, shape_as_tensor)  # Raises for a shape that would crash the process.
        place = Place(tf.constant(words[:1]), tf.constant(words[1:]), tf.constant(PHILOX, tf.int32))
        return sample_and_scale(kernel, Operands(shape_as_tensor, 0, dtype, *scaling), place)
