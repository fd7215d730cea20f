"""What the original refuses is refused in its own words: its op is asked, where ours would name another.

An op that refuses its arguments draws nothing and keeps no state, so it may be asked. In a graph it is asked in
another one, and leaves nothing.
"""

from __future__ import annotations

from typing import Any, Literal

from ._dtypes import FLOATS
from ._tensorflow import tf, wait_for_pending

Kernel = Literal["truncated_normal", "random_normal", "random_uniform"]

DTYPES = frozenset(map(tf.as_dtype, FLOATS))

_STATEFUL = {
    "truncated_normal": tf.raw_ops.TruncatedNormal,
    "random_normal": tf.raw_ops.RandomStandardNormal,
    "random_uniform": tf.raw_ops.RandomUniform,
}
_SHAPE_DTYPES = (tf.int32, tf.int64)


def is_shape(shape: Any) -> bool:
    """Returns whether the original's op takes a tensor of this dtype and rank as a shape."""
    return shape.dtype in _SHAPE_DTYPES and shape.shape.rank in (1, None)


def refuse(kernel: Kernel, shape: Any, dtype: Any, seed: Any, seed2: Any) -> None:
    """Raises what the original's op raises for these arguments; does nothing should it take them.

    Args:
      kernel: the distribution.
      shape: the shape as a tensor, eager or of the default graph.
      dtype: the dtype of the result as it was given: a text may depend on its form.
      seed: the attribute of this name, of any type.
      seed2: the same of `seed2`.
    """
    op = _STATEFUL[kernel]
    if kernel == "random_uniform":
        dtype = tf.as_dtype(dtype)  # As `tf.random.uniform` passes it on, alone of the three.
    if tf.executing_eagerly():
        op(shape=shape, dtype=dtype, seed=seed, seed2=seed2)
        # Draws that were queued behind the failure would move their streams, though they are never made.
        wait_for_pending()
        return
    scope = tf.compat.v1.get_default_graph().get_name_scope()
    value = tf.get_static_value(shape)
    # A text may tell the names of the op and of its input.
    name = f"{shape.op.name}/"
    with tf.Graph().as_default(), tf.name_scope(f"{scope}/" if scope else ""):
        if value is None:
            copy = tf.compat.v1.placeholder(shape.dtype, shape.shape, name)
        else:
            copy = tf.constant(value, shape.dtype, name=name)
        op(shape=copy, dtype=dtype, seed=seed, seed2=seed2)


def refuse_unless_sound(
    kernel: Kernel, shape: Any, count: Any, dtype: Any, op_seed: Any, seeds: tuple[int, int] | None
) -> None:
    """Raises what the original's op raises for a shape or a dtype that it refuses.

    Args:
      kernel: the distribution.
      shape: the shape as a tensor, eager or of the default graph.
      count: the number of elements: 0 where the shape is refused or empty, a tensor where the graph does not know it.
      dtype: the dtype of the result as it was given.
      op_seed: the initializer's own seed, or None.
      seeds: what became of it; None for a draw without seeds.
    """
    has_elements = not isinstance(count, int) or count > 0
    if tf.as_dtype(dtype) in DTYPES and is_shape(shape) and (has_elements or _is_empty(shape)):
        return
    # A text may depend on whether a seed was an integer from the first. Asking again moves no count of draws here.
    attributes = (seeds or (None, None)) if op_seed is None else tf.compat.v1.get_seed(op_seed)
    refuse(kernel, shape, dtype, *attributes)


def _is_empty(shape: Any) -> bool:
    """Returns whether a count of 0 is the true one, of a shape without elements."""
    sides = tf.get_static_value(shape)
    return sides is not None and bool((sides == 0).any() and (sides >= 0).all())
