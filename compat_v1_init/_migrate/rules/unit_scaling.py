"""`tf.uniform_unit_scaling_initializer`: the width is `factor`, so Keras' scale is its square."""

from .base import Rule

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

w = tf.Variable(
    tf.keras.initializers.VarianceScaling(
        mode="fan_in", distribution="uniform", scale=0.25)([3, 4]))
""",
)
