"""`tf.contrib.layers.variance_scaling_initializer`: another constant, other words, a flag for the distribution."""

from __future__ import annotations

import contextlib

from compat_v1_init._migrate import targets
from compat_v1_init._migrate.calls import Arguments, Keyword, NotLiteral

from .base import TRUNCATION, Family, Replacement, Rule, checked, dropped, same, seed

RULE = Rule(
    code="CVI005",
    title="contrib's variance_scaling_initializer",
    summary="`variance_scaling_initializer` of `tf.contrib.layers`, `tf.contrib.slim` and `tf_slim`.",
    before="""\
import tensorflow as tf

def weights(shape):
    return tf.contrib.layers.variance_scaling_initializer(
        factor=1.0,
        mode="FAN_AVG",
    )(shape)
""",
    after="""\
import tensorflow as tf

def weights(shape):
    return tf.keras.initializers.VarianceScaling(
        distribution="truncated_normal", scale=1.0 * 1.3 * 0.87962566103423978**2,
        mode="fan_avg",
    )(shape)
""",
    target="keras",
)

CONSTANT = f"1.3 * {targets.CONSTANT}**2"
"""Contrib's correction for the truncation, and against Keras'; in the code as these two numbers, for who reads it."""


def native(name: str, arguments: Arguments) -> Replacement:
    """The exact constant in the scale."""
    del name
    is_uniform = bool(arguments.value("uniform", default=False))
    mode = arguments.value("mode", "FAN_IN")
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise NotLiteral
    changes: dict[str, Keyword | None] = {**seed(arguments), **dropped(arguments, "dtype", "uniform")}
    extra = {}
    if "factor" in arguments.given:
        with contextlib.suppress(NotLiteral):
            factor = arguments.number("factor")
            checked(factor if is_uniform else factor * 1.3 * TRUNCATION**2)
        changes["factor"] = Keyword("scale", None if is_uniform else f"{arguments.text('factor')} * {CONSTANT}")
    else:
        extra["scale"] = "2.0" if is_uniform else f"2.0 * {CONSTANT}"
    if "mode" in arguments.given:
        changes["mode"] = Keyword("mode", f'"{mode.lower()}"')
    else:
        extra["mode"] = '"fan_in"'
    distribution = '"uniform"' if is_uniform else '"truncated_normal"'
    if "uniform" in arguments.given:
        changes["uniform"] = Keyword("distribution", distribution)
    else:
        extra["distribution"] = distribution
    return Replacement("VarianceScaling", changes, extra)


def exact(name: str, arguments: Arguments) -> Replacement:
    """The same arguments."""
    del name
    return Replacement("TF1ContribVarianceScaling", same(arguments, *arguments.given))


FAMILY = Family(RULE, native, exact)
