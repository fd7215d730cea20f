"""`tf.orthogonal_initializer`: Keras' class of the same name."""

from .base import Rule

RULE = Rule(
    code="CVI008",
    title="orthogonal_initializer",
    summary="`tf.orthogonal_initializer` and `tf.initializers.orthogonal`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.orthogonal_initializer(2.0))
tf.placeholder(tf.float32)
""",
    after="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.keras.initializers.Orthogonal(gain=2.0))
tf.placeholder(tf.float32)
""",
)
