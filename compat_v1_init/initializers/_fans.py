"""From a shape to the width of the distribution: fans, then standard deviation or limit.

Everything here is Python arithmetic, in the order in which TF1 does it, so that the one rounding to the output dtype
that follows sees the same double.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from compat_v1_init._family import CONTRIB_SCALE, TRUNCATED_STDDEV

if TYPE_CHECKING:
    from compat_v1_init._sampling.request import Bounds, Kernel


def compute_fans(shape: Any) -> tuple[int, int]:
    """Returns `(fan_in, fan_out)`, the number of input and output units of a weight of this shape.

    A scalar has fans (1, 1), a vector its length twice, a matrix its two sides; for more dimensions the last two are
    taken as channels in and out, and all others are the receptive field, which multiplies both.

    Raises:
      TypeError: if `shape` has no length or a dimension is unknown; raised by Python with TF1's text.
    """
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return int(shape[0]), int(shape[0])
    if len(shape) == 2:  # noqa: PLR2004 - a matrix
        return int(shape[0]), int(shape[1])
    receptive_field = 1
    for dimension in shape[:-2]:
        receptive_field *= dimension
    return int(shape[-2] * receptive_field), int(shape[-1] * receptive_field)


def scale_over_fan(scale: Any, mode: str, shape: Any) -> Any:
    """Returns `scale / max(1, n)`, where n is the fan that `mode` names."""
    fan_in, fan_out = compute_fans(shape)
    if mode == "fan_in":
        n: float = fan_in
    elif mode == "fan_out":
        n = fan_out
    else:
        n = (fan_in + fan_out) / 2.0
    # In place on purpose: TF1 divides so, and a NumPy scale is divided again at each call there too.
    scale /= max(1.0, n)
    return scale


# Each of these takes an initializer, its kernel, and the shape that has the fans.


def variance_scaling_bounds(initializer: Any, kernel: Kernel, shape: Any) -> Bounds:
    """Returns the bounds of TF1's `VarianceScaling`."""
    variance = scale_over_fan(initializer.scale, initializer.mode, shape)
    if kernel == "truncated_normal":
        return 0.0, math.sqrt(variance) / TRUNCATED_STDDEV
    if kernel == "random_normal":
        return 0.0, math.sqrt(variance)
    return _around_0(math.sqrt(3.0 * variance))


def unit_scaling_bounds(initializer: Any, _: Kernel, shape: Any) -> Bounds:
    """Returns the limits of `UniformUnitScaling`: `factor * sqrt(3 / n)`, n the product of all sides but the last."""
    input_size = 1.0
    for dimension in shape[:-1]:
        input_size *= float(dimension)
    return _around_0(math.sqrt(3 / max(input_size, 1.0)) * initializer.factor)


def contrib_bounds(initializer: Any, kernel: Kernel, shape: Any) -> Bounds:
    """Returns contrib's bounds: float fans with no lower bound, 1 for a scalar, and 1.3 instead of 1 / .8796**2."""
    fan_in = fan_out = 1.0
    if shape:
        fan_in = float(shape[-2]) if len(shape) > 1 else float(shape[-1])
        fan_out = float(shape[-1])
    for dimension in shape[:-2]:
        fan_in *= float(dimension)
        fan_out *= float(dimension)
    n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2.0}[initializer.mode]
    if kernel == "random_uniform":
        return _around_0(math.sqrt(3.0 * initializer.factor / n))
    return 0.0, math.sqrt(CONTRIB_SCALE * initializer.factor / n)


def _around_0(limit: float) -> Bounds:
    return -limit, limit
