"""The convolutional orthogonal initializers of contrib, which Keras does not have."""

from .base import Rule

RULE = Rule(
    code="CVI009",
    title="convolutional orthogonal initializers",
    summary="`convolutional_delta_orthogonal` and `convolutional_orthogonal_*` of `tf.contrib.framework`.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 3, 2, 4], initializer=tf.contrib.framework.convolutional_delta_orthogonal())
tf.placeholder(tf.float32)
""",
    after="""\
import compat_v1_init
import tensorflow as tf

w = tf.get_variable("w", [3, 3, 2, 4], initializer=compat_v1_init.keras.TF1ConvolutionDeltaOrthogonal())
tf.placeholder(tf.float32)
""",
)
