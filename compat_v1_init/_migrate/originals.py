"""What TensorFlow 1 draws, by TensorFlow's own ops and contrib's own formula. No formula of this package is used here.

`--prove` compares with this. If it took a formula from the package, it would agree with every mistake in the package.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from compat_v1_init._tensorflow import init_ops, tf


class Form(NamedTuple):
    """Which distribution a draw has."""

    kind: str
    """`"truncated normal"`, `"normal"` or `"uniform"`."""
    at_zero: float
    """The value that a random number of 0 becomes: the mean, or the lower limit."""
    at_one: float
    """The value that a 1 becomes: the mean plus the standard deviation before truncation, or the upper limit."""

    @property
    def width(self) -> float:
        """The standard deviation before truncation, or the upper limit."""
        return self.at_one if self.kind == "uniform" else self.at_one - self.at_zero


# By a part of the type of a random op, which stateful and stateless ops share.
_KINDS = {
    "TruncatedNormal": "truncated normal",
    "RandomStandardNormal": "normal",
    "RandomNormal": "normal",
    "RandomUniform": "uniform",
}


def form(initializer: Any, shape: tuple[int, ...]) -> Form:
    """Returns the distribution of an initializer's draw, from the random op that it makes.

    The draw is built in a graph, in float64, which holds every bit of the widths. The graph is then run with 0 and with
    1 in place of the random numbers: the results show how the numbers are scaled and shifted.

    The initializer is one of TensorFlow or Keras, or a :class:`Contrib`; the shape has at least one element.

    Raises:
      ValueError: if the draw is not the numbers of one random op, times a number, plus a number.

    Example:
    >>> form(tf.compat.v1.glorot_uniform_initializer(), (2, 4))
    Form(kind='uniform', at_zero=-1.0, at_one=1.0)
    """
    with tf.Graph().as_default() as graph:
        value = initializer(shape, dtype="float64")
        found = [(op, kind) for op in graph.get_operations() for part, kind in _KINDS.items() if part in op.type]
        if len(found) != 1:
            raise ValueError(f"a draw of {type(initializer).__name__} has {len(found)} random ops, not one")
        ((op, kind),) = found
        numbers = op.outputs[0]
        with tf.compat.v1.Session(config=tf.compat.v1.ConfigProto(device_count={"GPU": 0})) as session:
            zero, one = (session.run(value, {numbers: np.full(shape, number)}) for number in (0.0, 1.0))
    if not ((zero == zero.flat[0]).all() and (one == one.flat[0]).all()):
        raise ValueError(f"a draw of {type(initializer).__name__} is more than random numbers, scaled and shifted")
    return Form(kind, float(zero.flat[0]), float(one.flat[0]))


class Contrib:
    """`tf.contrib.layers.variance_scaling_initializer` with TensorFlow's stateful ops; TensorFlow 2 does not have it.

    Source: `tensorflow/contrib/layers/python/layers/initializers.py` (TF 1.15), also in tf_slim.
    """

    def __init__(
        self,
        factor: float = 2.0,
        mode: str = "FAN_IN",
        uniform: bool = False,
        seed: int | None = None,
        dtype: Any = "float32",
    ) -> None:
        self.factor, self.mode, self.uniform, self.seed, self.dtype = factor, mode, uniform, seed, dtype

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        """Returns the next draw; the fans of a shard are computed from its own shape."""
        del partition_info
        dtype = tf.as_dtype(self.dtype if dtype is None else dtype)
        field = math.prod(map(float, shape[:-2]))
        fan_out = field * (float(shape[-1]) if shape else 1.0)
        fan_in = field * float(shape[-2]) if len(shape) > 1 else fan_out
        n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2.0}[self.mode]
        if self.uniform:
            limit = math.sqrt(3.0 * self.factor / n)
            return tf.compat.v1.random_uniform(shape, -limit, limit, dtype, seed=self.seed)
        return tf.compat.v1.truncated_normal(shape, 0.0, math.sqrt(1.3 * self.factor / n), dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments."""
        return dict(vars(self))


def contrib_xavier(uniform: bool = True, seed: int | None = None, dtype: Any = "float32") -> Contrib:
    """Returns contrib's `xavier_initializer`."""
    return Contrib(1.0, "FAN_AVG", uniform, seed, dtype)


CONTRIB: dict[str, Callable[..., Any]] = {
    "variance_scaling_initializer": Contrib,
    "xavier_initializer": contrib_xavier,
    "xavier_initializer_conv2d": contrib_xavier,
    # TensorFlow 2 still has the classes that contrib gave these names to.
    "convolutional_delta_orthogonal": init_ops.ConvolutionDeltaOrthogonal,
    "convolutional_orthogonal_1d": init_ops.ConvolutionOrthogonal1D,
    "convolutional_orthogonal_2d": init_ops.ConvolutionOrthogonal2D,
    "convolutional_orthogonal_3d": init_ops.ConvolutionOrthogonal3D,
}
