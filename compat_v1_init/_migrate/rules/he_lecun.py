"""`tf.initializers.he_*` and `lecun_*`: Keras' named classes."""

from .base import Rule

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
)
