"""`tf.contrib.layers.variance_scaling_initializer`: another constant, other words, a flag for the distribution."""

from .base import Rule

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
        distribution="truncated_normal", scale=1.0 * 1.3 * 0.87962566103423978**2,
        mode="fan_avg",
    )(shape)
""",
)
