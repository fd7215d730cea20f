"""The classes that draw a plain distribution: TF1's `RandomNormal`, `TruncatedNormal` and `RandomUniform`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat_v1_init._sampling.refusals import INT_DTYPES, raise_as_tensorflow
from compat_v1_init._tensorflow import init_ops, random_ops, tf

from ._call import drawn
from ._public import PUBLIC_MODULE, Saved, public

if TYPE_CHECKING:
    from compat_v1_init._sampling.request import Bounds, Kernel


def _mean_and_stddev(initializer: Any, *_: Any) -> Bounds:
    return initializer.mean, initializer.stddev


def _of_uniform(initializer: Any, dtype: Any) -> Kernel:
    if tf.as_dtype(dtype) not in INT_DTYPES:
        return "random_uniform"
    if initializer.maxval is None:
        raise_as_tensorflow(random_ops.random_uniform, [], initializer.minval, None, dtype)
    return "random_uniform_int"


def _minval_and_maxval(initializer: Any, kernel: Kernel, _: Any) -> Bounds:
    minval, maxval = initializer.minval, initializer.maxval
    if kernel == "random_uniform_int":
        # The default is TF1's 0 in some versions and 0.0, of which no integer can be made, in others.
        return 0 if isinstance(minval, float) and minval == 0.0 else minval, maxval
    if maxval is None:
        maxval = 1 if isinstance(minval, int) else 1.0  # With ints, TF1 leaves out what changes nothing.
    return minval, maxval


@public(PUBLIC_MODULE)
@drawn("random_normal", _mean_and_stddev)
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


@public(PUBLIC_MODULE)
@drawn("truncated_normal", _mean_and_stddev)
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


@public(PUBLIC_MODULE)
@drawn(_of_uniform, _minval_and_maxval)
class RandomUniform(Saved, init_ops.RandomUniform):  # type: ignore[misc]
    """TF1's `random_uniform_initializer`: the uniform distribution on [minval, maxval), with TF1's bits.

    Source: `RandomUniform` in `tensorflow/python/ops/init_ops.py`.

    Args:
      minval: the lower bound, a number or a scalar tensor. Keras' default is -0.05, TF1's is 0.
      maxval: the upper bound, which is not reached; for floats 1 by default.
      seed: an int, or None.
      dtype: the dtype of calls that name none: float16, bfloat16, float32, float64, int32 or int64.

    Raises:
      ValueError: by a call: if the dtype is none of these, or an integer one without `maxval`; for integers also while
        `options(partitions="slices")` is in force and a slice is asked for.
      tensorflow.errors.InvalidArgumentError: by a call: if `minval` is not below `maxval`, for integers.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> compat_v1_init.random_uniform_initializer(0, 10, seed=1, dtype=tf.int32)([3]).dtype.name
    'int32'
    """
