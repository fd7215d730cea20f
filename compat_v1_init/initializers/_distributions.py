"""The classes that draw a plain distribution: TF1's `RandomNormal`, `TruncatedNormal` and `RandomUniform`."""

from __future__ import annotations

from typing import Any

from compat_v1_init._sampling.draw import draw
from compat_v1_init._sampling.request import Bounds, Extent, Kernel, Request
from compat_v1_init._tensorflow import init_ops, random_ops, tf

from ._extent import requested_extent, tf1_signature
from ._public import Saved, public


def _draw(initializer: Any, kernel: Kernel, bounds: Bounds, extent: Extent, dtype: Any) -> Any:
    if extent.part is not None:
        bounds = float(bounds[0]), float(bounds[1])  # All shards of a variable must have the same.
    return draw(Request(kernel, bounds, extent, dtype, initializer.seed))


@public("compat_v1_init.initializers")
class RandomNormal(Saved, init_ops.RandomNormal):  # type: ignore[misc]
    """TF1's `random_normal_initializer`: the normal distribution, with TF1's bits, drawn by stateless ops.

    Source: `RandomNormal` in `tensorflow/python/ops/init_ops.py`.

    Args:
      mean: the mean, a number or a scalar tensor.
      stddev: the standard deviation, a number or a scalar tensor. Keras' default is 0.05, TF1's is 1.
      seed: an int, or None.
      dtype: the dtype of calls that name none: float16, bfloat16, float32 or float64.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.random_normal_initializer(stddev=0.02, seed=1)([3, 4]).shape.as_list()
    [3, 4]
    """

    @tf1_signature
    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None, **extra: Any) -> Any:
        """Returns the next draw; arguments and errors are those of `variance_scaling_initializer`'s call."""
        if dtype is None:
            dtype = self.dtype
        _, extent = requested_extent(self, shape, partition_info, extra)
        return _draw(self, "random_normal", (self.mean, self.stddev), extent, dtype)


@public("compat_v1_init.initializers")
class TruncatedNormal(Saved, init_ops.TruncatedNormal):  # type: ignore[misc]
    """TF1's `truncated_normal_initializer`: the normal distribution cut off at two `stddev`, with TF1's bits.

    The values' own standard deviation is 0.8796 times `stddev`. Source: `TruncatedNormal` in
    `tensorflow/python/ops/init_ops.py`.

    Args:
      mean: the mean, a number or a scalar tensor.
      stddev: the standard deviation before truncation, a number or a scalar tensor.
      seed: an int, or None.
      dtype: the dtype of calls that name none: float16, bfloat16, float32 or float64.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.truncated_normal_initializer(stddev=0.1, seed=1).get_config()
    {'mean': 0.0, 'stddev': 0.1, 'seed': 1, 'dtype': 'float32'}
    """

    @tf1_signature
    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None, **extra: Any) -> Any:
        """Returns the next draw; arguments and errors are those of `variance_scaling_initializer`'s call."""
        if dtype is None:
            dtype = self.dtype
        _, extent = requested_extent(self, shape, partition_info, extra)
        return _draw(self, "truncated_normal", (self.mean, self.stddev), extent, dtype)


@public("compat_v1_init.initializers")
class RandomUniform(Saved, init_ops.RandomUniform):  # type: ignore[misc]
    """TF1's `random_uniform_initializer`: the uniform distribution on [minval, maxval), with TF1's bits.

    Source: `RandomUniform` in `tensorflow/python/ops/init_ops.py`.

    Args:
      minval: the lower bound, a number or a scalar tensor. Keras' default is -0.05, TF1's is 0.
      maxval: the upper bound, which is not reached; for floats 1 by default.
      seed: an int, or None.
      dtype: the dtype of calls that name none: float16, bfloat16, float32, float64, int32 or int64.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> compat_v1_init.random_uniform_initializer(0, 10, seed=1, dtype=tf.int32)([3]).dtype.name
    'int32'
    """

    @tf1_signature
    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None, **extra: Any) -> Any:
        """Returns the next draw, of floats or of integers.

        Args:
          shape: the shape of the result: a list or tuple of ints, a `TensorShape`, an array.
          dtype: the dtype of the result; by default the constructor's.
          partition_info: as in `variance_scaling_initializer`.
          **extra: as in `variance_scaling_initializer`.

        Returns:
          A tensor of this shape and dtype.

        Raises:
          ValueError: if `dtype` is none of those above, or an integer one without `maxval`; for integers also while
            `options(partitions="slices")` is in force and a slice is asked for.
          tensorflow.errors.InvalidArgumentError: if `minval` is not below `maxval`, for integers.
        """
        if dtype is None:
            dtype = self.dtype
        minval, maxval = self.minval, self.maxval
        kernel: Kernel = "random_uniform"
        if tf.as_dtype(dtype) in (tf.int32, tf.int64):
            kernel = "random_uniform_int"
            if maxval is None:
                return random_ops.random_uniform(
                    shape, minval, maxval, dtype
                )  # The error text differs between versions.
            # The default is TF1's 0 in some versions and 0.0, of which no integer can be made, in others.
            minval = 0 if isinstance(minval, float) and minval == 0.0 else minval
        elif maxval is None:
            maxval = 1 if isinstance(minval, int) else 1.0  # With ints, TF1 leaves out what changes nothing.
        _, extent = requested_extent(self, shape, partition_info, extra)
        return _draw(self, kernel, (minval, maxval), extent, dtype)
