"""TF1's three samplers, with their arguments and their bits, by stateless ops.

It also makes TensorFlow's own initializers draw with these functions.
"""

from __future__ import annotations

import types
from typing import Any

from compat_v1_init._sampling.draw import draw
from compat_v1_init._sampling.refusals import INT_DTYPES, raise_as_tensorflow
from compat_v1_init._sampling.request import Extent, Request
from compat_v1_init._tensorflow import random_ops, tf
from compat_v1_init._tensorflow.dispatch import autograph_artifact, decorated_as


@autograph_artifact
@decorated_as(random_ops.random_normal)
def normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = tf.float32,
    seed: Any = None,
    name: str | None = None,
) -> Any:
    """Returns a draw of the normal distribution: TF1's `tf.random_normal`, with its bits.

    Args:
      shape: the shape of the result: a list or tuple of ints, or an int32 or int64 tensor of rank 1.
      mean: the mean, a number or a tensor that broadcasts with the shape.
      stddev: the standard deviation, in the same way.
      dtype: float16, bfloat16, float32 or float64.
      seed: an int, or None.
      name: the name scope of the ops in a graph.

    Returns:
      A tensor of this shape and dtype.

    Raises:
      TypeError: if `dtype` is not floating, or an argument cannot be converted; the text is TensorFlow's.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.random.normal([2, 3], stddev=0.1, seed=1).shape.as_list()
    [2, 3]
    """
    return draw(Request("random_normal", (mean, stddev), Extent(shape), dtype, seed, name=name))


@autograph_artifact
@decorated_as(random_ops.truncated_normal)
def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = tf.float32,
    seed: Any = None,
    name: str | None = None,
) -> Any:
    """Returns a draw of the normal distribution cut off at two `stddev`: TF1's `tf.truncated_normal`, with its bits.

    The arguments and errors are those of :func:`normal`. `stddev` is the standard deviation before truncation.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.random.truncated_normal([2, 3], stddev=0.1, seed=1).dtype.name
    'float32'
    """
    return draw(Request("truncated_normal", (mean, stddev), Extent(shape), dtype, seed, name=name))


@autograph_artifact
@decorated_as(random_ops.random_uniform)
def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = tf.float32,
    seed: Any = None,
    name: str | None = None,
) -> Any:
    """Returns a draw of the uniform distribution on [minval, maxval): TF1's `tf.random_uniform`, with its bits.

    Args:
      shape: as for :func:`normal`.
      minval: the lower bound: a number, or a tensor that broadcasts with the shape; for integers a scalar.
      maxval: the upper bound, which is not reached, in the same way. For floats it is 1 by default.
      dtype: float16, bfloat16, float32, float64, int32 or int64.
      seed: an int, or None.
      name: the name scope of the ops in a graph.

    Returns:
      A tensor of this shape and dtype.

    Raises:
      ValueError: if `dtype` is none of these, or an integer one without `maxval`; the text is TensorFlow's.
      TypeError: if an argument cannot be converted; the text is TensorFlow's.
      tensorflow.errors.InvalidArgumentError: if `minval` is not below `maxval`, for integers.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.random.uniform([2], 0, 10, "int32", seed=1).dtype.name
    'int32'
    """
    if tf.as_dtype(dtype) not in INT_DTYPES:
        bounds = (minval, 1 if maxval is None else maxval)
        return draw(Request("random_uniform", bounds, Extent(shape), dtype, seed, name=name))
    if maxval is None:
        raise_as_tensorflow(random_ops.random_uniform, shape, minval, maxval, dtype)
    return draw(Request("random_uniform_int", (minval, maxval), Extent(shape), dtype, seed, name=name))


class Overlay:
    """A module in which some attributes are replaced."""

    def __init__(self, module: Any, **changed: Any) -> None:
        self._module = module
        vars(self).update(changed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


# Replaces the module by which TensorFlow's initializers draw.
stateless_random_ops = Overlay(
    random_ops, random_normal=normal, truncated_normal=truncated_normal, random_uniform=uniform
)


def by_stateless_ops(original: type) -> type:
    """Returns a subclass of one of TensorFlow's initializers that draws by stateless ops.

    Its code is that of the installed TensorFlow. Only the module of samplers that the code uses is another one.

    Raises:
      ImportError: if the code does not use that module.
    """
    methods: dict[str, Any] = {}
    for cls in reversed(original.__mro__):
        for name, method in vars(cls).items():
            if isinstance(method, types.FunctionType) and "random_ops" in method.__code__.co_names:
                namespace = {**method.__globals__, "random_ops": stateless_random_ops}
                methods[name] = autograph_artifact(
                    types.FunctionType(method.__code__, namespace, name, method.__defaults__, method.__closure__)
                )
    if not methods:
        msg = (
            f"compat_v1_init replaces `random_ops` in the code of {original.__name__}, which the code of TensorFlow "
            f"{tf.__version__} does not name. Install a version of TensorFlow from 2.5 to 2.21."
        )
        raise ImportError(msg)
    return type(original.__name__, (original,), methods)
