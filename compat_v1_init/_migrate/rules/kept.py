"""`--to keras` where plain Keras would do harm: the class with TF1's numbers, or the drop-in."""

from .base import Rule

SHARED = Rule(
    code="CVI101",
    title="shared object",
    summary="An object that may serve several variables: a Keras class with TF1's numbers, fresh at each call.",
    before="""\
import tensorflow as tf

def dense(x, initializer=tf.glorot_uniform_initializer()):
    return tf.layers.dense(x, 3, kernel_initializer=initializer)
""",
    after="""\
import compat_v1_init
import tensorflow as tf

def dense(
        x,
        initializer=compat_v1_init.keras.TF1VarianceScaling(
            scale=1.0, mode="fan_avg", distribution="uniform")):
    return tf.layers.dense(x, 3, kernel_initializer=initializer)
""",
)
REFERENCE = Rule(
    code="CVI102",
    title="bare reference",
    summary="A class or function that is named but not called, which has no equivalent in Keras: the drop-in.",
    before="""\
import tensorflow as tf

INITIALIZERS = {"glorot": tf.glorot_uniform_initializer, "zeros": tf.zeros_initializer}
""",
    after="""\
import compat_v1_init

INITIALIZERS = {
    "glorot": compat_v1_init.glorot_uniform_initializer,
    "zeros": compat_v1_init.zeros_initializer}
""",
)
ARGUMENTS = Rule(
    code="CVI103",
    title="arguments from elsewhere",
    summary="A call with `*` or `**`, or arguments that TF1's initializer has not: the drop-in.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4], initializer=tf.variance_scaling_initializer(**options))
""",
    after="""\
import compat_v1_init
import tensorflow as tf

w = tf.get_variable(
    "w", [3, 4], initializer=compat_v1_init.variance_scaling_initializer(**options))
""",
)
GRAPH = Rule(
    code="CVI104",
    title="graph seed or run again",
    summary="A project that sets a graph seed, or may run an initializer again: a Keras class with TF1's numbers.",
    before="""\
import tensorflow as tf

tf.set_random_seed(87)
w = tf.get_variable("w", [3, 4], initializer=tf.uniform_unit_scaling_initializer())
""",
    after="""\
import compat_v1_init
import tensorflow as tf

tf.set_random_seed(87)
w = tf.get_variable(
    "w", [3, 4], initializer=compat_v1_init.keras.TF1UniformUnitScaling())
""",
)
