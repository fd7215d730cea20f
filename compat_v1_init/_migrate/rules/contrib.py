"""`tf.contrib.layers.variance_scaling_initializer`: another constant, other words, a flag for the distribution."""

from __future__ import annotations

from compat_v1_init._migrate.calls import Arguments, Keyword, NotLiteral

from .base import TRUNCATION, Family, Replacement, Rule, dropped, same

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
        distribution="truncated_normal", scale=1.0058636946149004,
        mode="fan_avg",
    )(shape)
""",
    target="keras",
)


def native(name: str, arguments: Arguments) -> Replacement:
    """The exact constant in the scale."""
    del name
    is_uniform = bool(arguments.value("uniform", default=False))
    mode = arguments.value("mode", "FAN_IN")
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise NotLiteral
    changes: dict[str, Keyword | None] = {**same(arguments, "seed"), **dropped(arguments, "dtype", "uniform")}
    extra = {}
    if "factor" in arguments.given:
        try:
            text = scale_text(arguments.number("factor"), is_uniform=is_uniform)
        except NotLiteral:
            text = arguments.text("factor") + ("" if is_uniform else " * 1.3 * 0.87962566103423978**2")
        changes["factor"] = Keyword("scale", text)
    else:
        extra["scale"] = scale_text(2.0, is_uniform=is_uniform)
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


def scale_text(factor: float, *, is_uniform: bool) -> str:
    """Returns Keras' scale for contrib's factor."""
    return repr(factor if is_uniform else factor * 1.3 * TRUNCATION**2)


def exact(name: str, arguments: Arguments) -> Replacement:
    """The same arguments."""
    del name
    return Replacement("TF1ContribVarianceScaling", same(arguments, *arguments.given))


FAMILY = Family(RULE, native, exact)
