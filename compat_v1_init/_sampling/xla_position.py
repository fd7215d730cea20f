"""Where a draw starts that XLA compiles. XLA has no tables, and the original ignores its seeds there."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.xla import compiled_by_xla, graph_or_parents_in_xla_context

from .shared import is_initializer_scope


def _of_a_variable(graph: Any) -> bool:
    """Returns whether the draw is the initial value of a variable that is created in a function.

    TensorFlow then moves the value out of the function, and so out of XLA; it could not move a resource. The name scope
    is the only sign of it. A program that uses this name for something else gets a draw that XLA can compile too.
    """
    return any(map(is_initializer_scope, graph.get_name_scope().split("/")))


def drawn_by_xla(graph: Any) -> bool:
    """Returns whether XLA is to compile a draw that is added to `graph` now."""
    return bool(graph_or_parents_in_xla_context(graph) and compiled_by_xla(graph) and not _of_a_variable(graph))


def somewhere_under_xla(where: Any) -> Any:
    """Returns a counter that differs from run to run, where XLA compiles a function that was traced without XLA.

    The only state that XLA can use here is that of its own generator, which starts in the same state in every process.
    It gives the position only; the stateless op draws the value at that position. XLA ignores the seeds of this op, and
    only XLA runs this function.
    """
    low, high = tf.constant(np.int64(0)), tf.constant(np.int64(2**62))
    somewhere = tf.raw_ops.RandomUniformInt(shape=tf.constant([1], tf.int32), minval=low, maxval=high, seed=1, seed2=1)
    return tf.bitcast(tf.concat([somewhere, where[:1]], axis=0), tf.uint64)


def xla_counter(where: Any) -> Any:
    """Returns the counter kept in a resource made outside of the function being traced."""
    second_word, step, _ = tf.unstack(where, 3)
    with tf.init_scope():
        resource = tf.raw_ops.VarHandleOp(dtype=tf.int64, shape=[], shared_name=f"compat_v1_init/{uuid.uuid4().hex}")
        tf.raw_ops.AssignVariableOp(resource=resource, value=tf.constant(0, tf.int64))
    now = tf.ensure_shape(tf.raw_ops.ReadVariableOp(resource=resource, dtype=tf.int64), [])
    with tf.control_dependencies([now]):
        tf.raw_ops.AssignAddVariableOp(resource=resource, value=step)
    return tf.bitcast(tf.stack([now, second_word]), tf.uint64)
