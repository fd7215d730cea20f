"""Draws from the family without its name. Only `--defaults` writes the initializer out."""

from .base import Rule, unchanged

VARIABLES = Rule(
    code="CVI301",
    title="get_variable by default",
    summary="A `tf.get_variable` with a shape and no initializer, which draws glorot uniform.",
    before="""\
import tensorflow as tf

w = tf.get_variable("w", [3, 4])
""",
    after="""\
import compat_v1_init
import tensorflow as tf

w = tf.get_variable(
    "w", [3, 4], initializer=compat_v1_init.glorot_uniform_initializer())
""",
    target="shim",
    option="--defaults",
)
LAYERS = Rule(
    code="CVI302",
    title="tf.layers by default",
    summary="A layer of `tf.layers` without an initializer for its kernel, which draws glorot uniform.",
    before="""\
import tensorflow as tf

def head(x):
    return tf.layers.dense(x, 10)
""",
    after="""\
import compat_v1_init
import tensorflow as tf

def head(x):
    return tf.layers.dense(
        x, 10, kernel_initializer=compat_v1_init.glorot_uniform_initializer())
""",
    target="shim",
    option="--defaults",
)
SLIM = unchanged(
    "CVI303",
    "slim's layers by default",
    "A layer of contrib's `layers` and `slim`, and of `tf_slim`, without an initializer, which draws xavier.",
    """\
import tf_slim as slim

def head(x):
    return slim.fully_connected(x, 10)
""",
    option="--defaults",
)
RULES = (VARIABLES, LAYERS, SLIM)
