"""One stateless op, times a factor, plus an offset: the arithmetic of TF1's samplers, in their order."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.nodes import add_op, constant
from compat_v1_init._tensorflow.xla import keep_out_of_clusters, not_clustered

if TYPE_CHECKING:
    from .request import Bounds, Kernel, Operands, Place

_STATELESS = {
    "truncated_normal": "StatelessTruncatedNormalV2",
    "random_normal": "StatelessRandomNormalV2",
    "random_uniform": "StatelessRandomUniformV2",
    "random_uniform_int": "StatelessRandomUniformIntV2",
}
# The names of the original's ops in a graph, and so of ours.
_NAMES = {
    "truncated_normal": "TruncatedNormal",
    "random_normal": "RandomStandardNormal",
    "random_uniform": "RandomUniform",
    "random_uniform_int": "RandomUniformInt",
}
_OPS = (*_STATELESS.values(), "Mul", "AddV2", "Sub")
_IN_EAGER_MODE = {op: getattr(tf.raw_ops, op) for op in _OPS}
_IN_A_GRAPH = {op: functools.partial(add_op, op) for op in _OPS}


def _ops() -> dict[str, Any]:
    return _IN_EAGER_MODE if tf.executing_eagerly() else _IN_A_GRAPH


def factor_and_offset(
    kernel: Kernel, bounds: Bounds, dtype: Any, make_constant: Callable[..., Any] = constant
) -> tuple[Any, Any]:
    """Returns the factor and the offset, each a tensor rounded to `dtype`, as the original converts the bounds.

    Each is None where the original has none, or where it changes no bit. For integers the two are the upper and the
    lower bound. `make_constant` makes a float a constant of a graph.
    """
    # The original looks for ints, as are its defaults.
    from_0, to_1 = (isinstance(bound, int) and bound == number for number, bound in enumerate(bounds))
    if kernel == "random_uniform" and from_0 and to_1:
        return None, None
    rounded = functools.partial(_rounded, dtype, make_constant)
    if kernel in ("random_uniform", "random_uniform_int"):
        low, high = rounded(bounds[0], name="min"), rounded(bounds[1], name="max")
        if kernel == "random_uniform_int":
            return high, low
        if from_0:
            return high, None
        return _ops()["Sub"](x=high, y=low, name="sub"), low
    mean = None if adds_nothing(kernel, bounds, dtype) else rounded(bounds[0], name="mean")
    return rounded(bounds[1], name="stddev"), mean


# Except in float16, no product of a normal value and a width above this one underflows.
_NO_UNDERFLOW = 1e-12


def adds_nothing(kernel: Kernel, bounds: Bounds, dtype: Any) -> bool:
    """Returns whether the mean that the original adds changes no bit, in eager mode.

    In a graph the sum stays: without it TensorFlow's optimizer would join the product and one that follows, and round
    differently. Adding a mean of 0.0 only turns -0.0 into 0.0. The normal kernels never give -0.0 in 32 or 64 bits
    (Box-Muller over a grid of angles: zero comes with a plus, all else is beyond 1e-24), nor does bfloat16, which has
    the range of float32. So only a product that underflows, or float16, needs it.
    """
    mean, stddev = bounds
    if not tf.executing_eagerly() or not type(mean) is float is type(stddev):
        return False
    is_normal = kernel in ("truncated_normal", "random_normal")
    return (
        is_normal
        and mean == 0.0
        and stddev > _NO_UNDERFLOW
        and tf.as_dtype(dtype) in (tf.float32, tf.float64, tf.bfloat16)
    )


def _rounded(dtype: Any, make_constant: Callable[..., Any], bound: Any, *, name: str) -> Any:
    if type(bound) is float and not tf.executing_eagerly():
        return make_constant(bound, dtype, name=name)
    return tf.convert_to_tensor(bound, dtype, name=name)


def sample(kernel: Kernel, dtype: Any, shape: Any, place: Place, *bounds: Any, name: str | None = None) -> Any:
    """Returns what the stateless op draws at a place; `bounds` are the lower and the upper one of integers."""
    key, counter, alg = place
    ops = _ops()
    op = ops[_STATELESS[kernel]]
    name = name or _NAMES[kernel]
    if bounds:
        low, high = bounds
        value = op(shape=shape, key=key, counter=counter, alg=alg, minval=low, maxval=high, name=name)
    else:
        value = op(shape=shape, key=key, counter=counter, alg=alg, dtype=dtype, name=name)
    return value if ops is _IN_EAGER_MODE else keep_out_of_clusters(value)


def scale(value: Any, factor: Any, offset: Any, names: tuple[str | None, str | None] = (None, None)) -> Any:
    """Returns the value times the factor, plus the offset, unless they are None.

    `names` are those of the first op and of the last one.
    """
    ops = _ops()
    if factor is None:
        return value
    if offset is None:
        return ops["Mul"](x=value, y=factor, name=names[1])
    return ops["AddV2"](x=ops["Mul"](x=value, y=factor, name=names[0]), y=offset, name=names[1])


def sample_and_scale(kernel: Kernel, operands: Operands, place: Place) -> Any:
    """Returns the values of a draw at a place."""
    shape, _, dtype, factor, offset = operands
    if kernel == "random_uniform_int":
        return sample(kernel, dtype, shape, place, offset, factor)
    return scale(sample(kernel, dtype, shape, place), factor, offset)


def unclustered(body: Callable[..., Any]) -> Callable[..., Any]:
    """Returns `body` for a function of its own, whose ops XLA is not to cluster."""

    def build(*arguments: Any) -> Any:
        with not_clustered():
            return body(*arguments)

    return build
