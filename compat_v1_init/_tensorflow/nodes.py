"""Ops that are added to a graph in half the time of `tf.raw_ops`, and where they are placed."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from . import AttrValue, execute, private, tf

_debugger_watches = private("should_invoke_op_callbacks", "framework.op_callbacks")


def add_op(op_type: str, name: str | None = None, **arguments: Any) -> Any:
    """Adds an op of one output to the default graph, as `tf.raw_ops` does, in half the time.

    `tf.raw_ops` converts and checks all that it is given. Here the inputs are tensors of the right dtypes, and the
    attributes are dtypes.
    """
    if execute.must_record_gradient() or _debugger_watches():
        return getattr(tf.raw_ops, op_type)(name=name, **arguments)
    # A tensor of the caller's may be weak, under `tf.experimental.numpy`'s conversions of dtypes.
    inputs = [tf.convert_to_tensor(value, value.dtype) for value in arguments.values() if tf.is_tensor(value)]
    attributes = {key: value for key, value in arguments.items() if not tf.is_tensor(value)}
    return add_node(op_type, inputs, name, **attributes).outputs[0]


def constant(value: Any, dtype: Any = None, name: str = "Const") -> Any:
    """Adds a constant to the default graph, as `tf.constant` does, in half the time; a debugger does not see it."""
    proto = tf.make_tensor_proto(value, None if dtype is None else tf.as_dtype(dtype))
    return add_node("Const", [], name, value=AttrValue(tensor=proto), dtype=proto.dtype).outputs[0]


def set_constant(tensor: Any, value: Any) -> None:
    """Changes the value of a constant in a function that is being traced; the shape and the dtype stay."""
    tensor.op._set_attr("value", AttrValue(tensor=tf.make_tensor_proto(value)))  # noqa: SLF001


def add_node(op_type: str, inputs: list[Any], name: str | None = None, **attributes: Any) -> Any:
    """Adds an op to the default graph, of inputs and attributes that need no check; gradient tapes do not see it.

    An attribute is a dtype, bytes, or TensorFlow's `AttrValue`.
    """
    protos = {key: _as_attribute(value) for key, value in attributes.items()}
    graph = tf.compat.v1.get_default_graph()
    return graph._create_op_internal(op_type, inputs, name=name or op_type, attrs=protos)  # noqa: SLF001


@functools.lru_cache(maxsize=64)
def _as_dtype_attribute(dtype: Any) -> Any:
    return AttrValue(type=tf.as_dtype(dtype).as_datatype_enum)


def _as_attribute(value: Any) -> Any:
    if isinstance(value, AttrValue):
        return value
    return AttrValue(s=value) if isinstance(value, bytes) else _as_dtype_attribute(value)


OWN_DRAW = "_compat_v1_init_draw"
"""The attribute of each draw of this package in a graph."""
_draws = itertools.count()


def keep_apart(value: Any) -> Any:
    """Returns `value`, and keeps the optimizer from merging its op with another draw that has the same inputs.

    TensorFlow never merges the original's stateful ops. If they were merged, `draw + 3.0 * draw` would become
    `4.0 * draw`, which is rounded differently.
    """
    value.op._set_attr(OWN_DRAW, AttrValue(i=next(_draws)))  # noqa: SLF001
    return value


@contextlib.contextmanager
def apart(device: str) -> Iterator[None]:
    """Puts the ops added inside on a device, and colocates them with no other op.

    An op that serves several draws must not bind the variable of one to the device of another one. A device function of
    the program is not called for these ops: `replica_device_setter` would count a table as a variable.
    """
    graph = tf.compat.v1.get_default_graph()
    # A resource variable, which does not exist yet, colocates the ops of its initial value by an attribute.
    no_class = graph._attr_scope({"_class": lambda _: None})  # noqa: SLF001
    with no_class, graph.colocate_with(None, ignore_existing=True), tf.device(device):
        yield


def control_flow_context(graph: Any) -> Any:
    """Returns the v1 while loop or cond to which ops are being added, or None."""
    return graph._get_control_flow_context()  # noqa: SLF001


def graph_attribute(graph: Any, name: str, default: Callable[[], Any]) -> Any:
    """Returns an object of this package that lives as long as a graph."""
    if not hasattr(graph, name):
        setattr(graph, name, default())
    return getattr(graph, name)
