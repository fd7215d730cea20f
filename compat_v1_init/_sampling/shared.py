"""The nodes that the draws of a graph share: with fewer nodes a Session starts faster.

Draws on one device share a node; a node of another task would have to be sent. In a loop or a cond of a v1 graph
nothing is shared, since it would have to be passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compat_v1_init._tensorflow import control_flow_context, graph_attribute, tf, when_vectorized


def shared_constant(value: Any, beside: Any) -> Any:
    """Returns a constant of a NumPy array, shared by the draws on the device of `beside`, a tensor made here."""
    return _shared((value.dtype.str, value.tobytes()), lambda: tf.constant(value), beside)


def shared_table(beside: Any) -> Any:
    """Returns the table of the positions, shared by the draws on the device of `beside`, a tensor made here."""
    return _shared(("table",), _table, beside)


def _table() -> Any:
    return when_vectorized(tf.raw_ops.MutableHashTableV2(key_dtype=tf.int64, value_dtype=tf.int64), None)


def _shared(identity: tuple[Any, ...], make: Callable[[], Any], beside: Any) -> Any:
    graph = tf.compat.v1.get_default_graph()
    if control_flow_context(graph) is not None:
        return make()
    device = beside.op.device
    known = graph_attribute(graph, "_compat_v1_init_shared", dict)
    if (identity, device) not in known:
        # It is not colocated with the variable of the first draw, and has none of that draw's control dependencies.
        alone = graph.colocate_with(None, ignore_existing=True)
        with tf.control_dependencies(None), tf.name_scope("compat_v1_init/"), alone, tf.device(device):
            known[identity, device] = make()
    return known[identity, device]
