"""`tf.glorot_uniform_initializer` and `tf.glorot_normal_initializer`: Keras' named classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Family, Replacement, Rule, dropped, same, seed

if TYPE_CHECKING:
    from compat_v1_init._migrate.calls import Arguments

RULE = Rule(
    code="CVI002",
    title="glorot initializers",
    summary="`tf.glorot_uniform_initializer`, `tf.glorot_normal_initializer`, and both in `tf.initializers`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.glorot_normal_initializer(1))
""",
    after="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.keras.initializers.GlorotNormal(seed=1))
""",
    target="keras",
)


def native(name: str, arguments: Arguments) -> Replacement:
    """The class of the same name."""
    cls = "GlorotUniform" if "uniform" in name else "GlorotNormal"
    return Replacement(cls, {**seed(arguments), **dropped(arguments, "dtype")})


def exact(name: str, arguments: Arguments) -> Replacement:
    """The scaling that TF1's class stands for."""
    distribution = '"uniform"' if "uniform" in name else '"truncated_normal"'
    extra = {"scale": "1.0", "mode": '"fan_avg"', "distribution": distribution}
    return Replacement("TF1VarianceScaling", same(arguments, *arguments.given), extra)


FAMILY = Family(RULE, native, exact)
