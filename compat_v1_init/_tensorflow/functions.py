"""Functions in a graph: their library, the order of their stateful ops, and the executor that runs one."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from . import AttrValue, eager_context, private, tf
from .xla import not_clustered

# A function's definition from a graph, without the eager context.
_graph_to_function_def = private("graph_to_function_def", "framework.graph_to_function_def")


def outermost_is_eager() -> bool:
    """Returns whether all functions being traced are called eagerly in the end, and not from a v1 graph."""
    with tf.init_scope():
        return bool(tf.executing_eagerly())


def run_independently(operation: Any) -> None:
    """Lets a stateful op of a function run beside the others: TensorFlow orders those, but not TF1's random ops.

    TensorFlow 2.5 cannot do it yet: there an op before it that fails keeps it from running.
    """
    manager = getattr(operation.graph, "experimental_acd_manager", None)
    if manager is not None:
        manager.run_independently(operation)


def run_first(operation: Any) -> None:
    """Makes the other stateful ops of a function wait for an op whose inputs are not theirs, the earlier ones too.

    TensorFlow orders the stateful ops of a function only as they are added. TensorFlow 2.5 cannot do it yet.
    """
    graph = operation.graph
    if getattr(graph, "experimental_acd_manager", None) is None:
        return
    own = [operation, *(tensor.op for tensor in operation.inputs)]
    for other in graph.get_operations():
        if other in own:
            run_independently(other)
        elif _may_wait(other):
            other._add_control_input(operation)  # noqa: SLF001
    with graph.control_dependencies([operation]):
        tf.raw_ops.DeviceIndex(device_names=[])  # A stateful op that does nothing: what is added later waits for it.


def _may_wait(operation: Any) -> bool:
    in_control_flow = operation._get_control_flow_context() is not None  # noqa: SLF001
    return bool(operation._is_stateful and operation.type != "ReadVariableOp" and not in_control_flow)  # noqa: SLF001


def function_reference(function: Any, graph: Any, site: int) -> Any:
    """Returns a reference to a concrete function for one call site in `graph`.

    Calls with equal attributes may share kernels, and so state. So each site has an attribute of its own.
    """
    name = function.name
    if not graph._is_function(name):  # noqa: SLF001
        function.add_to_graph(graph)
        called = function.graph.as_graph_def().library.function
        _import_functions(called, graph)
        # TensorFlow 2.12, and older, move the initial value of a variable out of a function without the functions that
        # it calls.
        with tf.init_scope():
            if tf.executing_eagerly():
                function.add_to_graph()
                for definition in called:
                    if not eager_context().has_function(definition.signature.name):
                        eager_context().add_function_def(definition)
    return _reference(name, site)


def _reference(name: str, site: int) -> Any:
    return tf.compat.v1.NameAttrList(name=name, attr={"_compat_v1_init_site": AttrValue(i=site)})


def _import_functions(definitions: Sequence[Any], graph: Any) -> None:
    """Adds the functions to a graph that it does not have yet, by name.

    Functions of one name have the same body. But TensorFlow may have rewritten the definition that the graph has, and
    then refuses another one of the same name.
    """
    missing = [each for each in definitions if not graph._is_function(each.signature.name)]  # noqa: SLF001
    if missing:
        library = tf.compat.v1.GraphDef(versions=graph.graph_def_versions)
        library.library.function.extend(missing)
        with graph.as_default():
            tf.import_graph_def(library, name="")


@functools.cache
def _definition(body: Callable[..., Any], signature: tuple[Any, ...]) -> Any:
    """Returns a function that is never inlined."""
    with tf.Graph().as_default() as graph:
        inputs = [tf.compat.v1.placeholder(spec.dtype, spec.shape) for spec in signature]
        with not_clustered():
            output = body(*inputs)
    operations = [operation for operation in graph.get_operations() if operation.type != "Placeholder"]
    definition = _graph_to_function_def(graph, operations, inputs, [output])
    definition.attr["_noinline"].b = True
    definition.signature.is_stateful = True
    # A graph from a file may have a function of another version of this package with the same name.
    digest = hashlib.sha256(definition.SerializeToString(deterministic=True)).hexdigest()
    definition.signature.name = f"compat_v1_init{body.__name__}_{digest[:16]}"
    return definition


def call_on_one_thread(body: Callable[..., Any], inputs: Sequence[Any], output_dtype: Any) -> Any:
    """Returns the result of `body`, called in a function that is being traced, on one thread and never inlined."""
    graph = tf.compat.v1.get_default_graph()
    definition = _definition(body, tuple(tf.TensorSpec(x.shape, x.dtype) for x in inputs))
    _import_functions([definition], graph)
    reference = tf.compat.v1.NameAttrList(name=definition.signature.name)
    return tf.raw_ops.StatefulPartitionedCall(
        args=list(inputs), Tout=[output_dtype], f=reference, executor_type="SINGLE_THREADED_EXECUTOR"
    )[0]


def lower_to_switch(operation: Any) -> None:
    """Makes a `Case` run as Switch and Merge nodes. Each `Case` then has kernels of its own, as if it were inlined.

    Not for the single-threaded executor, which has no Switch. TensorFlow treats its own `Case` in the same way.
    """
    if eager_context().function_call_options.executor_type == "SINGLE_THREADED_EXECUTOR":
        return
    operation._set_attr("_lower_using_switch_merge", AttrValue(b=True))  # noqa: SLF001
