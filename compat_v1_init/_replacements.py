"""What the patch replaces in TensorFlow, in legacy Keras and in tf_slim, and by what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from ._draw import draw
from ._import_hook import is_ready
from ._initializers import UniformUnitScaling, VarianceScaling
from ._tensorflow import autograph_artifact, init_ops, init_ops_v2, random_ops, tf


class _Samplers:
    """TensorFlow's three samplers of floats, with their arguments, by stateless ops.

    Args:
      has_fans: whether whoever calls reckons the bounds from the fans of the shape that it asks for.
    """

    def __init__(self, *, has_fans: bool) -> None:
        self._has_fans = has_fans

    def truncated_normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = tf.float32, seed: Any = None
    ) -> Any:
        return draw("truncated_normal", (mean, stddev), shape, dtype, seed, fan_shape=self._fan_shape(shape))

    def normal(self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = tf.float32, seed: Any = None) -> Any:
        return draw("random_normal", (mean, stddev), shape, dtype, seed, fan_shape=self._fan_shape(shape))

    def uniform(
        self, shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = tf.float32, seed: Any = None
    ) -> Any:
        if tf.as_dtype(dtype).is_integer:
            return random_ops.random_uniform(shape, minval, maxval, dtype, seed)
        bounds = (minval, 1 if maxval is None else maxval)
        return draw("random_uniform", bounds, shape, dtype, seed, fan_shape=self._fan_shape(shape))

    def _fan_shape(self, shape: Any) -> Any:
        return shape if self._has_fans else None


class _Overlay:
    """Stands for a module in another one: some of its attributes are changed, the rest are its own."""

    def __init__(self, module: Any, **changed: Any) -> None:
        self._module = module
        vars(self).update(changed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _random_ops(*, has_fans: bool) -> _Overlay:
    by = _Samplers(has_fans=has_fans)
    changed = {"truncated_normal": by.truncated_normal, "random_normal": by.normal, "random_uniform": by.uniform}
    return _Overlay(random_ops, **changed)


def _public_tf() -> _Overlay:
    by = _Samplers(has_fans=False)
    changed = {"truncated_normal": by.truncated_normal, "normal": by.normal, "uniform": by.uniform}
    return _Overlay(tf, random=_Overlay(tf.random, **changed))


_FAMILY = (
    (init_ops.VarianceScaling, VarianceScaling.__call__),
    (init_ops.UniformUnitScaling, UniformUnitScaling.__call__),
)
for _, _call in _FAMILY:
    # A subclass in a program calls it by `super()`.
    autograph_artifact(_call)

_PLAIN = _random_ops(has_fans=False)
# Modules that may be imported later, with the name by which each knows the samplers, and what stands for it there.
_LATER = {
    "tf_slim.layers.initializers": ("random_ops", _random_ops(has_fans=True)),
    # Keras' own initializers, of which one is the default of `tf.compat.v1.layers`: in TensorFlow 2.5, 2.6 and 2.7, and
    # 2.8 and 2.9. Those of later versions draw by stateless ops anyway, or are TF1's.
    "tensorflow.python.keras.initializers.initializers_v2": ("random_ops", _PLAIN),
    "keras.initializers.initializers_v2": ("tf", _public_tf()),
    "keras.backend": ("tf", _public_tf()),
}


def _draws_by_stateful_ops(name: str) -> bool:
    """Returns whether a module draws initial values itself, by TensorFlow's samplers."""
    generator = {"keras.initializers.initializers_v2": "_RandomGenerator", "keras.backend": "RandomGenerator"}.get(name)
    if generator is None:
        return True
    cls = getattr(sys.modules[name], generator, None)
    return cls is not None and not hasattr(cls, "RNG_STATELESS")


def replacements() -> Iterator[tuple[Any, str, Any]]:
    """Yields an owner, the name of its attribute and the new value, for everything that is imported."""
    for owner, call in _FAMILY:
        yield owner, "__call__", call
    # Of all other initializers, and of a method of the family that a program took before the patch.
    yield init_ops, "random_ops", _PLAIN
    # `import tensorflow as tf` gives a legacy program these: tf.random_normal_initializer and its like.
    yield init_ops_v2, "random_ops", _PLAIN
    for name, (attribute, stand_in) in _LATER.items():
        if is_ready(name) and attribute in vars(sys.modules[name]) and _draws_by_stateful_ops(name):
            yield sys.modules[name], attribute, stand_in
