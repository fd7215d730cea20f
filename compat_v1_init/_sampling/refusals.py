"""Arguments that the original refuses raise the original's own error. To get it, the original's op is called.

An op that refuses its arguments draws nothing and keeps no state, so it may be called. In a graph it is added to
another graph, and leaves nothing in this one.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NoReturn

from compat_v1_init._sampling.dtypes import FLOATS
from compat_v1_init._tensorflow import random_ops, random_seed, shape_tensor, tf
from compat_v1_init._tensorflow.eager import wait_for_pending

from .shape import is_shape

if TYPE_CHECKING:
    from .request import Operands, Request

DTYPES = frozenset(map(tf.as_dtype, FLOATS))
INT_DTYPES = frozenset((tf.int32, tf.int64))
_UNIFORM_DTYPES = DTYPES | INT_DTYPES

_STATEFUL = {
    "truncated_normal": tf.raw_ops.TruncatedNormal,
    "random_normal": tf.raw_ops.RandomStandardNormal,
    "random_uniform": tf.raw_ops.RandomUniform,
    "random_uniform_int": tf.raw_ops.RandomUniformInt,
}


def raise_as_tensorflow(original: Any, *arguments: Any, **named: Any) -> NoReturn:
    """Raises the error of a call that TensorFlow refuses, since its text differs between versions.

    Raises:
      ValueError: or what else the original raises.
    """
    original(*arguments, **named)
    msg = f"{original.__name__} refuses this in TensorFlow 1. Received: {(*arguments, *named.values())!r}"
    raise ValueError(msg)


def refuse_first(request: Request) -> None:
    """Raises what is refused before anything else is looked at: a dtype of the uniform sampler, a slice of integers."""
    kernel, extent = request.kernel, request.extent
    if kernel == "random_uniform" and tf.as_dtype(request.dtype) not in _UNIFORM_DTYPES:
        raise_as_tensorflow(random_ops.random_uniform, [0], dtype=request.dtype)
    if kernel == "random_uniform_int" and extent.part is not None:
        msg = (
            "Integers are drawn for a whole variable alone. Draw them outside of options(partitions='slices') and "
            f"without a layout. Received: {extent.part!r}"
        )
        raise ValueError(msg)


def refuse(request: Request, operands: Operands, seed: Any, seed2: Any) -> None:
    """Raises what the original's op raises for these arguments, or nothing if it accepts them.

    `seed` and `seed2` are the attributes of these names, of any type. The dtype is passed on as it was given, since an
    error text may depend on that.
    """
    shape = shape_tensor(request.extent.shape) if operands.shape is None else operands.shape
    bounds = _int_bounds(request, operands)
    # `tf.random.uniform` is the only one of the three that converts it.
    dtype = tf.as_dtype(request.dtype) if request.kernel == "random_uniform" else request.dtype
    op = functools.partial(_STATEFUL[request.kernel], seed=seed, seed2=seed2)
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


def _int_bounds(request: Request, operands: Operands) -> tuple[Any, Any] | None:
    """Returns the upper and the lower bound of integers, as tensors; None for other distributions."""
    return (operands.factor, operands.offset) if request.kernel == "random_uniform_int" else None


def _of_dtype(dtype: Any, bounds: tuple[Any, Any] | None) -> dict[str, Any]:
    return {"dtype": dtype} if bounds is None else {"maxval": bounds[0], "minval": bounds[1]}


def _copy(tensor: Any, name: str) -> Any:
    """Returns a tensor of the default graph for a tensor of another one: a constant where its value is known."""
    value = tf.get_static_value(tensor)
    if value is None:
        return tf.compat.v1.placeholder(tensor.dtype, tensor.shape, name)
    return tf.constant(value, tensor.dtype, name=name)


def refuse_unless_sound(request: Request, operands: Operands, count: Any, seeds: tuple[int, int] | None) -> None:
    """Raises what the original's op raises for a shape or a dtype that it refuses.

    Args:
      request: the draw.
      operands: its operands.
      count: the number of elements: 0 where the shape is refused or empty, a tensor where the graph does not know it.
      seeds: the draw's seeds, or None.
    """
    of_integers = request.kernel == "random_uniform_int"
    has_elements = not isinstance(count, int) or count > 0
    # The stateless op looks at the bounds of integers only where there are elements.
    is_sound = is_shape(operands.shape) and (has_elements or (not of_integers and _is_empty(operands.shape)))
    if tf.as_dtype(request.dtype) in (INT_DTYPES if of_integers else DTYPES) and is_sound:
        return
    # A text may depend on whether a seed was an integer from the first. A second call moves no count of draws here.
    op_seed = request.op_seed
    attributes = (seeds or (None, None)) if op_seed is None else random_seed.get_seed(op_seed)
    seed, seed2 = attributes
    refuse(request, operands, seed, seed2)


def _is_empty(shape: Any) -> bool:
    """Returns whether a count of 0 is the true one, of a shape without elements."""
    sides = tf.get_static_value(shape)
    return sides is not None and bool((sides == 0).any() and (sides >= 0).all())
