"""`tf.random_normal`, `tf.truncated_normal` and `tf.random_uniform` in the initial value of a variable."""

from __future__ import annotations

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
