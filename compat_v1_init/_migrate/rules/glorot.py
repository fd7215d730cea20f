"""`tf.glorot_uniform_initializer` and `tf.glorot_normal_initializer`: Keras' named classes."""

from .base import Rule

RULE = Rule(
    code="CVI002",
    title="glorot initializers",
    summary="`tf.glorot_uniform_initializer`, `tf.glorot_normal_initializer`, and both in `tf.initializers`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.glorot_normal_initializer(1))
""",
    after="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.keras.initializers.GlorotNormal(seed=1))
""",
)
