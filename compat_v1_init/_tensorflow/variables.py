"""Variables in graphs, and their first values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import private, tf

# The classes of variables in graphs. The first was in `variables` before TensorFlow 2.6.
_variable_classes = (
    private("RefVariable", "ops.ref_variable", "ops.variables"),
    private("ResourceVariable", "ops.resource_variable_ops"),
)


def on_new_variables(call: Callable[[Any], object]) -> None:
    """Calls `call` with each variable that is made in a graph from here on, right after it was made."""
    for cls in _variable_classes:
        _call_after(cls, call)


def _call_after(cls: Any, call: Callable[[Any], object]) -> None:
    init_from_args = cls._init_from_args

    @functools.wraps(init_from_args)
    def init_and_call(self: Any, *args: Any, **kwargs: Any) -> None:
        init_from_args(self, *args, **kwargs)
        with tf.init_scope():
            if not tf.executing_eagerly():
                call(self)

    cls._init_from_args = init_and_call


def set_first_value(variable: Any, make_value: Callable[[], Any]) -> None:
    """Has the initializer of a variable in a graph assign another value; the ops that are there keep their places."""
    initializer = variable.initializer
    with tf.init_scope(), tf.control_dependencies(None), tf.name_scope(f"{variable.op.name}/FirstValue/"):
        value = tf.convert_to_tensor(make_value(), variable.dtype.base_dtype)
    # So that `compare` does not take the draws of the value that was to be assigned for others of the program's.
    initializer.compat_v1_init_was = initializer.inputs[1].op
    initializer._update_input(1, value)  # noqa: SLF001
    variable._initial_value = value  # noqa: SLF001
