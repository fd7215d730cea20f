"""What the original refuses is refused in its own words: its op is asked, where ours would name another.

An op that refuses its arguments draws nothing and keeps no state, so it may be asked. In a graph it is asked in
another one, and leaves nothing.
"""

from __future__ import annotations

import functools
from typing import Any, Literal

from ._dtypes import FLOATS
from ._tensorflow import tf, wait_for_pending

Kernel = Literal["truncated_normal", "random_normal", "random_uniform", "random_uniform_int"]

DTYPES = frozenset(map(tf.as_dtype, FLOATS))
INT_DTYPES = frozenset((tf.int32, tf.int64))

_STATEFUL = {
    "truncated_normal": tf.raw_ops.TruncatedNormal,
    "random_normal": tf.raw_ops.RandomStandardNormal,
    "random_uniform": tf.raw_ops.RandomUniform,
    "random_uniform_int": tf.raw_ops.RandomUniformInt,
}
_SHAPE_DTYPES = (tf.int32, tf.int64)


def is_shape(shape: Any) -> bool:
    """Returns whether the original's op takes a tensor of this dtype and rank as a shape."""
    return shape.dtype in _SHAPE_DTYPES and shape.shape.rank in (1, None)


def refuse(
    kernel: Kernel, shape: Any, dtype: Any, seed: Any, seed2: Any, bounds: tuple[Any, Any] | None = None
) -> None:
    """Raises what the original's op raises for these arguments, or nothing if it accepts them.

    Args:
      kernel: the distribution.
      shape: the shape as a tensor, eager or of the default graph.
      dtype: the dtype of the result as it was given: a text may depend on its form.
      seed: the attribute of this name, of any type.
      seed2: the same of `seed2`.
      bounds: the upper and the lower bound of whole numbers, as tensors; None for other distributions.
    """
    op = functools.partial(_STATEFUL[kernel], seed=seed, seed2=seed2)
    if kernel == "random_uniform":
        dtype = tf.as_dtype(dtype)  # As `tf.random.uniform` passes it on, alone of the three.
    if tf.executing_eagerly():
        op(shape=shape, **_of_dtype(dtype, bounds))
        # TensorFlow never makes the draws that wait behind a failed op, so their streams must not move.
        wait_for_pending()
        return
    scope = tf.compat.v1.get_default_graph().get_name_scope()
    # An error text may contain the names of the op and of its input.
    name = f"{shape.op.name}/"
    with tf.Graph().as_default(), tf.name_scope(f"{scope}/" if scope else ""):
        copies = None if bounds is None else (_copy(bounds[0], "max"), _copy(bounds[1], "min"))
        op(shape=_copy(shape, name), **_of_dtype(dtype, copies))


def _of_dtype(dtype: Any, bounds: tuple[Any, Any] | None) -> dict[str, Any]:
    return {"dtype": dtype} if bounds is None else {"maxval": bounds[0], "minval": bounds[1]}


def _copy(tensor: Any, name: str) -> Any:
    """Returns what the graph in force can have of a tensor of another one."""
    value = tf.get_static_value(tensor)
    if value is None:
        return tf.compat.v1.placeholder(tensor.dtype, tensor.shape, name)
    return tf.constant(value, tensor.dtype, name=name)


def refuse_unless_sound(
    kernel: Kernel,
    shape: Any,
    count: Any,
    dtype: Any,
    op_seed: Any,
    seeds: tuple[int, int] | None,
    bounds: tuple[Any, Any] | None = None,
) -> None:
    """Raises what the original's op raises for a shape or a dtype that it refuses.

    Args:
      kernel: the distribution.
      shape: the shape as a tensor, eager or of the default graph.
      count: the number of elements: 0 where the shape is refused or empty, a tensor where the graph does not know it.
      dtype: the dtype of the result as it was given.
      op_seed: the initializer's own seed, or None.
      seeds: the seeds made from it; None for a draw without seeds.
      bounds: the upper and the lower bound of whole numbers, as tensors; None for other distributions.
    """
    has_elements = not isinstance(count, int) or count > 0
    # The stateless op looks at the bounds of whole numbers only where there are elements.
    is_sound = is_shape(shape) and (has_elements or (bounds is None and _is_empty(shape)))
    if tf.as_dtype(dtype) in (DTYPES if bounds is None else INT_DTYPES) and is_sound:
        return
    # A text may depend on whether a seed was an integer from the first. Asking again moves no count of draws here.
    attributes = (seeds or (None, None)) if op_seed is None else tf.compat.v1.get_seed(op_seed)
    seed, seed2 = attributes
    refuse(kernel, shape, dtype, seed, seed2, bounds)


def _is_empty(shape: Any) -> bool:
    """Returns whether a count of 0 is the true one, of a shape without elements."""
    sides = tf.get_static_value(shape)
    return sides is not None and bool((sides == 0).any() and (sides >= 0).all())
