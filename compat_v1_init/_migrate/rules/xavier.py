"""`tf.contrib.layers.xavier_initializer`: contrib's scaling by the mean of both fans, uniform by default."""

from __future__ import annotations

from compat_v1_init._migrate.calls import Arguments, Keyword

from .base import Family, Replacement, Rule, dropped, same, seed
from .contrib import CONSTANT

RULE = Rule(
    code="CVI006",
    title="xavier_initializer",
    summary="`xavier_initializer` and `xavier_initializer_conv2d` of contrib's `layers` and `slim`, and of `tf_slim`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.contrib.layers.xavier_initializer())
""",
    after="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.keras.initializers.GlorotUniform())
""",
    target="keras",
)


def native(name: str, arguments: Arguments) -> Replacement:
    """`GlorotUniform`, or with `uniform=False` a normal one with contrib's constant."""
    del name
    changes: dict[str, Keyword | None] = {**seed(arguments), **dropped(arguments, "dtype", "uniform")}
    if arguments.value("uniform", default=True):
        return Replacement("GlorotUniform", changes)
    changes["uniform"] = Keyword("distribution", '"truncated_normal"')
    return Replacement("VarianceScaling", changes, {"scale": CONSTANT, "mode": '"fan_avg"'})


def exact(name: str, arguments: Arguments) -> Replacement:
    """Contrib's scaling with xavier's values."""
    del name
    extra = {"factor": "1.0", "mode": '"FAN_AVG"'}
    if "uniform" not in arguments.given:
        extra["uniform"] = "True"
    return Replacement("TF1ContribVarianceScaling", same(arguments, *arguments.given), extra)


FAMILY = Family(RULE, native, exact)
