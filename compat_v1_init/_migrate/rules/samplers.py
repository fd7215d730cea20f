"""`tf.random_normal`, `tf.truncated_normal` and `tf.random_uniform` in the initial value of a variable."""

from .base import Rule

RULE = Rule(
    code="CVI011",
    title="samplers in variables",
    summary="`tf.random_normal`, `tf.truncated_normal` and `tf.random_uniform`, where they make an initial value.",
    before="""\
import tensorflow as tf

def weight_variable(shape):
    initial = tf.truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial)

noise = tf.random_normal([3])
""",
    after="""\
import compat_v1_init
import tensorflow as tf

def weight_variable(shape):
    initial = compat_v1_init.random.truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial)

noise = tf.random_normal([3])
""",
    target="shim",
)
OUTSIDE = Rule(
    code="CVI012",
    title="samplers outside of variables",
    summary="The same samplers wherever else the program draws by them, which are moved only with `--samplers`.",
    before="""\
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
noisy = x + tf.random_normal([3], stddev=0.1)
""",
    after="""\
import compat_v1_init
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
noisy = x + compat_v1_init.random.normal([3], stddev=0.1)
""",
    target="shim",
    option="--samplers",
)
