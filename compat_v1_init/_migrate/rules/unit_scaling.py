"""`tf.uniform_unit_scaling_initializer`: the width is `factor`, so Keras' scale is its square."""

from __future__ import annotations

from compat_v1_init._migrate.calls import Arguments, Keyword, NotLiteral

from .base import Family, Replacement, Rule, checked, dropped, same, seed

RULE = Rule(
    code="CVI004",
    title="uniform_unit_scaling_initializer",
    summary="`tf.uniform_unit_scaling_initializer` and `tf.initializers.uniform_unit_scaling`.",
    before="""\
import tensorflow as tf

w = tf.Variable(tf.uniform_unit_scaling_initializer(0.5)([3, 4]))
""",
    after="""\
import tensorflow as tf

w = tf.Variable(tf.keras.initializers.VarianceScaling(
    mode="fan_in", distribution="uniform", scale=0.25)([3, 4]))
""",
    target="keras",
)

_SHORT = len("0.0625")


def native(name: str, arguments: Arguments) -> Replacement:
    """A uniform `VarianceScaling`."""
    del name
    changes: dict[str, Keyword | None] = {**seed(arguments), **dropped(arguments, "dtype")}
    extra = {"mode": '"fan_in"', "distribution": '"uniform"'}
    if "factor" in arguments.given:
        changes["factor"] = _squared(arguments)
    return Replacement("VarianceScaling", changes, extra, "A vector's width differs: TF1 takes one input unit there.")


def _squared(arguments: Arguments) -> Keyword:
    text = f"{arguments.text('factor')} ** 2"
    try:
        factor = arguments.number("factor")
    except NotLiteral:
        return Keyword("scale", text)
    # The number itself only where a reader sees that it is the square. `**` raises where a product is infinite.
    scale = checked(factor * factor)
    return Keyword("scale", repr(scale) if len(repr(scale)) <= _SHORT else text)


def exact(name: str, arguments: Arguments) -> Replacement:
    """The same arguments."""
    del name
    return Replacement("TF1UniformUnitScaling", same(arguments, *arguments.given))


FAMILY = Family(RULE, native, exact)
