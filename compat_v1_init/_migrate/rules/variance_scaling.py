"""`tf.variance_scaling_initializer`: Keras' `VarianceScaling`, which has no dtype and another word for `normal`."""

from __future__ import annotations

import contextlib

from compat_v1_init._migrate.calls import Arguments, Keyword, NotLiteral

from .base import Family, Replacement, Rule, checked, dropped, same, seed

RULE = Rule(
    code="CVI001",
    title="variance_scaling_initializer",
    summary="`tf.variance_scaling_initializer`, `tf.initializers.variance_scaling` and `init_ops.VarianceScaling`.",
    before="""\
import tensorflow as tf

w = tf.Variable(tf.variance_scaling_initializer(2.0, distribution="normal")([3, 4]))
""",
    after="""\
import tensorflow as tf

w = tf.Variable(tf.keras.initializers.VarianceScaling(
    scale=2.0, distribution="truncated_normal")([3, 4]))
""",
    target="keras",
)
_DISTRIBUTIONS = {"normal": "truncated_normal"}


def native(name: str, arguments: Arguments) -> Replacement:
    """Keyword arguments; `normal` is spelled out; the dtype belongs to the call."""
    del name
    changes: dict[str, Keyword | None] = {
        **same(arguments, "scale", "mode"),
        **seed(arguments),
        **dropped(arguments, "dtype"),
    }
    if "scale" in arguments.given:
        with contextlib.suppress(NotLiteral):
            checked(arguments.number("scale"))
    if "distribution" in arguments.given:
        changes["distribution"] = Keyword("distribution", _distribution(arguments))
    return Replacement("VarianceScaling", changes)


def _distribution(arguments: Arguments) -> str | None:
    try:
        value = arguments.value("distribution", None)
    except NotLiteral:
        return None
    lower = value.lower() if isinstance(value, str) else value
    new = _DISTRIBUTIONS.get(lower, lower)
    return None if new == value else f'"{new}"'


def exact(name: str, arguments: Arguments) -> Replacement:
    """The same arguments."""
    del name
    return Replacement("TF1VarianceScaling", same(arguments, *arguments.given))


FAMILY = Family(RULE, native, exact)
