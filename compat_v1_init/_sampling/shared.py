"""The nodes that the draws of a graph share: with fewer nodes a Session starts faster.

Draws on one device share a node; a node of another task would have to be sent. Draws of a v1 graph share a node only
within one name scope of the program, so that a scope can be cut out of the graph. The node lies in the scope of the
first draw, but outside of all loops and conds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from compat_v1_init._sampling.dtypes import FLOATS
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.nodes import apart, constant, graph_attribute
from compat_v1_init._tensorflow.vectorized import when_vectorized

_FLOATS = frozenset(map(tf.as_dtype, FLOATS))


def shared_constant(value: Any, device: str, name: str = "Const") -> Any:
    """Returns a constant of a NumPy array, shared by the draws on a device."""
    return _shared((value.dtype, value.shape, value.tobytes()), lambda: constant(value, name=name), device)


def shared_bound(device: str, bound: float, dtype: Any, *, name: str) -> Any:
    """Returns a bound of a draw as a constant; TensorFlow's own error for a dtype that no draw has."""
    if tf.as_dtype(dtype) not in _FLOATS:
        return constant(bound, dtype, name=name)
    return shared_constant(np.array(bound, tf.as_dtype(dtype).as_numpy_dtype), device, name)


def shared_table(device: str) -> Any:
    """Returns the table of the positions, shared by the draws on a device, which must be a CPU."""
    return _shared(("table",), _table, device)


def _table() -> Any:
    return when_vectorized(tf.raw_ops.MutableHashTableV2(key_dtype=tf.int64, value_dtype=tf.int64), None)


def _shared(identity: tuple[Any, ...], make: Callable[[], Any], device: str) -> Any:
    graph = tf.compat.v1.get_default_graph()
    known = graph_attribute(graph, "_compat_v1_init_shared", dict)
    place = (identity, device, "" if graph.building_function else _scope_of_the_program(graph.get_name_scope()))
    if place not in known:
        # It has none of the first draw's control dependencies, and is in none of its loops.
        with tf.control_dependencies(None), apart(device):
            known[place] = make()
    return known[place]


def _scope_of_the_program(scope: str) -> str:
    """Returns the name scope of a draw without that of its sampler, and without that of its variable."""
    names = scope.split("/")[:-1]
    of_a_variable = [index for index, name in enumerate(names) if is_initializer_scope(name)]
    return "/".join(names[: max(of_a_variable[-1] - 1, 0)] if of_a_variable else names)


def is_initializer_scope(name: str) -> bool:
    """Returns whether TensorFlow gives this name to the scope of a variable's initial value."""
    return name.startswith("Initializer")
