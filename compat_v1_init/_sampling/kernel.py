"""One stateless op, times a factor, plus an offset: the arithmetic of TF1's samplers, in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import keep_out_of_clusters, not_clustered, tf

if TYPE_CHECKING:
    from .request import Bounds, Kernel, Operands, Place

_STATELESS = {
    "truncated_normal": tf.raw_ops.StatelessTruncatedNormalV2,
    "random_normal": tf.raw_ops.StatelessRandomNormalV2,
    "random_uniform": tf.raw_ops.StatelessRandomUniformV2,
}
_stateless_int = tf.raw_ops.StatelessRandomUniformIntV2
_mul, _add = tf.raw_ops.Mul, tf.raw_ops.AddV2


def factor_and_offset(kernel: Kernel, bounds: Bounds, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset, each a tensor rounded to `dtype`, as the original converts the bounds.

    The offset is None where the original adds none. For integers the two are the upper and the lower bound.
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


def sample(kernel: Kernel, dtype: Any, shape: Any, place: Place, *bounds: Any, name: str | None = None) -> Any:
    """Returns what the stateless op draws at a place; `bounds` are the lower and the upper one of integers."""
    key, counter, alg = place
    if bounds:
        low, high = bounds
        value = _stateless_int(shape=shape, key=key, counter=counter, alg=alg, minval=low, maxval=high, name=name)
    else:
        value = _STATELESS[kernel](shape=shape, key=key, counter=counter, alg=alg, dtype=dtype, name=name)
    return keep_out_of_clusters(value)


def scale(value: Any, factor: Any, offset: Any, names: tuple[str | None, str | None] = (None, None)) -> Any:
    """Returns the value times the factor, plus the offset unless it is None. `names` are those of the two ops."""
    value = _mul(x=value, y=factor, name=names[0])
    return value if offset is None else _add(x=value, y=offset, name=names[1])


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
