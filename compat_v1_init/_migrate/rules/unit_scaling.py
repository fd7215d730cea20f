"""`tf.uniform_unit_scaling_initializer`: the width is `factor`, so Keras' scale is its square."""

from __future__ import annotations

from compat_v1_init._migrate.calls import Arguments, Keyword, NotLiteral

from .base import Family, Replacement, Rule, dropped, same

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

w = tf.Variable(tf.keras.initializers.VarianceScaling(mode="fan_in", distribution="uniform", scale=0.25)([3, 4]))
""",
    target="keras",
)


def native(name: str, arguments: Arguments) -> Replacement:
    """A uniform `VarianceScaling`."""
    del name
    changes: dict[str, Keyword | None] = {**same(arguments, "seed"), **dropped(arguments, "dtype")}
    extra = {"mode": '"fan_in"', "distribution": '"uniform"'}
    if "factor" in arguments.given:
        try:
            text = repr(arguments.number("factor") ** 2)
        except NotLiteral:
            text = f"{arguments.text('factor')} ** 2"
        changes["factor"] = Keyword("scale", text)
    return Replacement("VarianceScaling", changes, extra, "A vector's width differs: TF1 takes one input unit there.")


def exact(name: str, arguments: Arguments) -> Replacement:
    """The same arguments."""
    del name
    return Replacement("TF1UniformUnitScaling", same(arguments, *arguments.given))


FAMILY = Family(RULE, native, exact)
