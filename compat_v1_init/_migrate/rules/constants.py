"""`tf.zeros_initializer` and its like: Keras' classes, with the same values."""

from .base import Rule

RULE = Rule(
    code="CVI010",
    title="zeros, ones, constants and identity",
    summary="`tf.zeros_initializer`, `ones_initializer`, `constant_initializer`, and those in `tf.initializers`.",
    before="""\
import tensorflow as tf

b = tf.get_variable("b", [4], initializer=tf.constant_initializer(0.1))
tf.placeholder(tf.float32)
""",
    after="""\
import tensorflow as tf

b = tf.get_variable("b", [4], initializer=tf.keras.initializers.Constant(value=0.1))
tf.placeholder(tf.float32)
""",
)
