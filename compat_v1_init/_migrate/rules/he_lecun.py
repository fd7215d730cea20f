"""`tf.initializers.he_*` and `lecun_*`: Keras' named classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Family, Replacement, Rule, same, seed

if TYPE_CHECKING:
    from compat_v1_init._migrate.calls import Arguments

RULE = Rule(
    code="CVI003",
    title="he and lecun initializers",
    summary="`tf.compat.v1.initializers.he_normal`, `he_uniform`, `lecun_normal` and `lecun_uniform`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.initializers.he_normal())
""",
    after="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.keras.initializers.HeNormal())
""",
    target="keras",
)


def native(name: str, arguments: Arguments) -> Replacement:
    """The class of the same name."""
    return Replacement("".join(part.capitalize() for part in name.split("_")), seed(arguments))


def exact(name: str, arguments: Arguments) -> Replacement:
    """The scaling that TF1's function stands for."""
    extra = {
        "scale": "2.0" if name.startswith("he") else "1.0",
        "mode": '"fan_in"',
        "distribution": '"uniform"' if name.endswith("uniform") else '"truncated_normal"',
    }
    return Replacement("TF1VarianceScaling", same(arguments, "seed"), extra)


FAMILY = Family(RULE, native, exact)
