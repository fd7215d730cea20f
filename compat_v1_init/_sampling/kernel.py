"""One stateless op, times a factor, plus an offset: the arithmetic of TF1's samplers, in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import add_op, constant, keep_out_of_clusters, not_clustered, tf

if TYPE_CHECKING:
    from .request import Bounds, Kernel, Operands, Place

_STATELESS = {
    "truncated_normal": "StatelessTruncatedNormalV2",
    "random_normal": "StatelessRandomNormalV2",
    "random_uniform": "StatelessRandomUniformV2",
    "random_uniform_int": "StatelessRandomUniformIntV2",
}


def factor_and_offset(kernel: Kernel, bounds: Bounds, dtype: Any) -> tuple[Any, Any]:
    """Returns the factor and the offset, each a tensor rounded to `dtype`, as the original converts the bounds.

    The offset is None where the original adds none. For integers the two are the upper and the lower bound.
    """
    if kernel in ("random_uniform", "random_uniform_int"):
        low, high = _rounded(bounds[0], dtype, "min"), _rounded(bounds[1], dtype, "max")
        if kernel == "random_uniform_int":
            return high, low
        # The original looks for an int, as is its default.
        return (high, None) if isinstance(bounds[0], int) and bounds[0] == 0 else (high - low, low)
    mean = _rounded(bounds[0], dtype, "mean")
    return _rounded(bounds[1], dtype, "stddev"), mean


def _rounded(bound: Any, dtype: Any, name: str) -> Any:
    return (constant if type(bound) is float else tf.convert_to_tensor)(bound, dtype, name=name)


def sample(kernel: Kernel, dtype: Any, shape: Any, place: Place, *bounds: Any, name: str | None = None) -> Any:
    """Returns what the stateless op draws at a place; `bounds` are the lower and the upper one of integers."""
    rest = dict(zip(("minval", "maxval"), bounds)) if bounds else {"dtype": dtype}
    return keep_out_of_clusters(add_op(_STATELESS[kernel], name, shape=shape, **place._asdict(), **rest))


def scale(value: Any, factor: Any, offset: Any, names: tuple[str | None, str | None] = (None, None)) -> Any:
    """Returns the value times the factor, plus the offset unless it is None. `names` are those of the two ops."""
    value = add_op("Mul", names[0], x=value, y=factor)
    return value if offset is None else add_op("AddV2", names[1], x=value, y=offset)


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
