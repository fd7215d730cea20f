"""What the patch replaces in TensorFlow and tf_slim, and by what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from ._draw import draw
from ._import_hook import is_ready
from ._initializers import UniformUnitScaling, VarianceScaling
from ._tensorflow import autograph_artifact, init_ops, init_ops_v2, random_ops, tf


class _RandomOps:
    """Stands for TensorFlow's `random_ops` in a module of initializers: draws floats, and passes on all the rest.

    Args:
      has_fans: whether the module reckons its bounds from the fans of the shape that it asks for.
    """

    def __init__(self, *, has_fans: bool) -> None:
        self._has_fans = has_fans

    def __getattr__(self, name: str) -> Any:
        return getattr(random_ops, name)

    def truncated_normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = tf.float32, seed: Any = None
    ) -> Any:
        return draw("truncated_normal", (mean, stddev), shape, dtype, seed, fan_shape=self._fan_shape(shape))

    def random_normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = tf.float32, seed: Any = None
    ) -> Any:
        return draw("random_normal", (mean, stddev), shape, dtype, seed, fan_shape=self._fan_shape(shape))

    def random_uniform(
        self, shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = tf.float32, seed: Any = None
    ) -> Any:
        if tf.as_dtype(dtype).is_integer:
            return random_ops.random_uniform(shape, minval, maxval, dtype, seed)
        bounds = (minval, 1 if maxval is None else maxval)
        return draw("random_uniform", bounds, shape, dtype, seed, fan_shape=self._fan_shape(shape))

    def _fan_shape(self, shape: Any) -> Any:
        return shape if self._has_fans else None


_of_tensorflow = _RandomOps(has_fans=False)
_of_fans = _RandomOps(has_fans=True)

# Modules that may be imported later, and what stands in them for `random_ops`. The second is TensorFlow's own copy of
# Keras, in TensorFlow 2.5 the only one: it makes the default initializer of `tf.compat.v1.layers`.
_LATER = {
    "tf_slim.layers.initializers": _of_fans,
    "tensorflow.python.keras.initializers.initializers_v2": _of_tensorflow,
}

_family = (
    (init_ops.VarianceScaling, VarianceScaling.__call__),
    (init_ops.UniformUnitScaling, UniformUnitScaling.__call__),
)
for _, _call in _family:
    # A subclass in a program calls it by `super()`.
    autograph_artifact(_call)


def replacements() -> Iterator[tuple[Any, str, Any]]:
    """Yields an owner, the name of its attribute and the new value, for everything that is imported."""
    for owner, call in _family:
        yield owner, "__call__", call
    # Of all other initializers, and of a method of the family that a program took before the patch.
    yield init_ops, "random_ops", _of_tensorflow
    # `import tensorflow as tf` gives a legacy program these: tf.random_normal_initializer and its like.
    yield init_ops_v2, "random_ops", _of_tensorflow
    for name, stand_in in _LATER.items():
        if is_ready(name) and hasattr(sys.modules[name], "random_ops"):
            yield sys.modules[name], "random_ops", stand_in
