"""What the patch replaces in TensorFlow, in legacy Keras and in tf_slim, and by what."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from compat_v1_init._import_hook import is_ready
from compat_v1_init._sampling.draw import draw
from compat_v1_init._sampling.request import Extent, Request
from compat_v1_init._tensorflow import init_ops, init_ops_v2, random_ops, tf
from compat_v1_init._tensorflow.dispatch import autograph_artifact
from compat_v1_init.initializers._samplers import Overlay, normal, stateless_random_ops, truncated_normal, uniform
from compat_v1_init.initializers._variance_scaling import UniformUnitScaling, VarianceScaling

if TYPE_CHECKING:
    from .modules import Module


class _WithFans:
    """The samplers for a caller that computes the bounds from the fans of the shape that it asks for."""

    @staticmethod
    def truncated_normal(shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any = None) -> Any:
        return draw(Request("truncated_normal", (mean, stddev), Extent(shape), dtype, seed, fan_shape=shape))

    @staticmethod
    def random_uniform(shape: Any, minval: Any, maxval: Any, dtype: Any, seed: Any = None) -> Any:
        return draw(Request("random_uniform", (minval, maxval), Extent(shape), dtype, seed, fan_shape=shape))


def _public_tf() -> Overlay:
    changed = {"truncated_normal": truncated_normal, "normal": normal, "uniform": uniform}
    return Overlay(tf, random=Overlay(tf.random, **changed))


_FAMILY = (
    (init_ops.VarianceScaling, VarianceScaling.__call__),
    (init_ops.UniformUnitScaling, UniformUnitScaling.__call__),
)
for _, _call in _FAMILY:
    # A subclass in a program calls it by `super()`.
    autograph_artifact(_call)

# TensorFlow's public samplers, which have these names in its API, and what takes their place.
_SAMPLERS = (
    (random_ops.random_normal, normal),
    (random_ops.truncated_normal, truncated_normal),
    (random_ops.random_uniform, uniform),
)
_SAMPLER_NAMES = ("normal", "random_normal", "random_uniform", "truncated_normal", "uniform")
_API = ("tensorflow._api.", "tensorflow.compat.")

# What replaces the name by which a module knows the samplers.
_STAND_INS = {"random_ops": stateless_random_ops, "tf": _public_tf()}
_WITH_FANS = Overlay(random_ops, truncated_normal=_WithFans.truncated_normal, random_uniform=_WithFans.random_uniform)


def _draws_by_stateful_ops(name: str, module: Module) -> bool:
    """Returns whether the installed version of a module draws initial values by TensorFlow's samplers."""
    cls = getattr(sys.modules[name], module.generator or "", None)
    return module.generator is None or (cls is not None and not hasattr(cls, "RNG_STATELESS"))


def _public_samplers() -> Iterator[tuple[Any, str, Any]]:
    """Yields the samplers in TensorFlow's public API. Its own modules keep theirs, since dropout draws by them."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith(_API):
            for name in _SAMPLER_NAMES:
                found = vars(module).get(name)
                for original, sampler in _SAMPLERS:
                    if found is original:
                        yield module, name, sampler


def replacements(modules: Mapping[str, Module]) -> Iterator[tuple[Any, str, Any]]:
    """Yields an owner, the name of its attribute and the new value, for all that is imported, `modules` included."""
    for owner, call in _FAMILY:
        yield owner, "__call__", call
    # This is for all other initializers, and for a method that the program looked up before the patch.
    yield init_ops, "random_ops", stateless_random_ops
    # `import tensorflow as tf` gives a legacy program these: tf.random_normal_initializer and similar names.
    yield init_ops_v2, "random_ops", stateless_random_ops
    yield from _public_samplers()
    for name, module in modules.items():
        imported = is_ready(name) and module.samplers in vars(sys.modules[name])
        if imported and _draws_by_stateful_ops(name, module):
            yield sys.modules[name], module.samplers, _WITH_FANS if module.with_fans else _STAND_INS[module.samplers]
