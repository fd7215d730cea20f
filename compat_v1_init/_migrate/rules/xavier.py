"""`tf.contrib.layers.xavier_initializer`: contrib's scaling by the mean of both fans, uniform by default."""

from .base import Rule

RULE = Rule(
    code="CVI006",
    title="xavier_initializer",
    summary="`xavier_initializer` and `xavier_initializer_conv2d` of contrib's `layers` and `slim`, and of `tf_slim`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.contrib.layers.xavier_initializer())
""",
    after="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.keras.initializers.GlorotUniform())
""",
)
