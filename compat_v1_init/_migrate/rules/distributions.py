"""`tf.random_normal_initializer` and its like: Keras' classes, which have other defaults."""

from .base import Rule

RULE = Rule(
    code="CVI007",
    title="plain distributions",
    summary="`tf.random_normal_initializer`, `truncated_normal_initializer`, `random_uniform_initializer`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.truncated_normal_initializer(stddev=0.1))
tf.placeholder(tf.float32)
""",
    after="""\
import tensorflow as tf

w = tf.get_variable(
    "w", [3, 4],
    initializer=tf.keras.initializers.TruncatedNormal(mean=0.0, stddev=0.1))
tf.placeholder(tf.float32)
""",
)
