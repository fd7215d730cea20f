"""`tf.variance_scaling_initializer`: Keras' `VarianceScaling`, which has no dtype and another word for `normal`."""

from .base import Rule

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

w = tf.Variable(
    tf.keras.initializers.VarianceScaling(
        scale=2.0, distribution="truncated_normal")([3, 4]))
""",
)
