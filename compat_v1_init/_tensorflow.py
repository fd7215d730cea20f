"""The only module that touches TensorFlow's private API, and the one that imports TensorFlow.

Checked on every release from TensorFlow 2.5 to 2.21: the matrix in `noxfile.py`, which tests the promise on them, fails
where a name here is missing. `_private` reports such a name, once, with what to do.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

OLDEST = (2, 5)

try:
    import tensorflow  # noqa: ICN001 - `tf` is the untyped name below
except ModuleNotFoundError as error:
    if error.name != "tensorflow":
        raise
    msg = (
        "compat_v1_init needs TensorFlow 2.5 or newer, and none is installed. "
        "Install one, for example: pip install 'compat-v1-init[tf]'"
    )
    raise ModuleNotFoundError(msg, name="tensorflow") from None

tf: Any = tensorflow  # published without types
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])

if VERSION < OLDEST:
    msg = (
        f"compat_v1_init needs TensorFlow 2.5 or newer. Received: TensorFlow {tf.__version__}. "
        "Install a newer one, for example: pip install --upgrade 'compat-v1-init[tf]'"
    )
    raise ImportError(msg)


def _private(name: str, *modules: str) -> Any:
    """Returns `name` of the first of TensorFlow's `modules` that has it: private names move between versions."""
    for module in modules:
        with contextlib.suppress(ImportError, AttributeError):
            return getattr(importlib.import_module(f"tensorflow.python.{module}"), name)
    msg = (
        f"compat_v1_init builds on `{name}` of {' or '.join(modules)} in TensorFlow, which TensorFlow "
        f"{tf.__version__} does not have. Install a version of TensorFlow from 2.5 to 2.21."
    )
    raise ImportError(msg)


# How TF1's samplers read a shape, and keep it static in a graph; in `tensor_util` before TensorFlow 2.16.
shape_tensor = _private("shape_tensor", "ops.shape_util", "framework.tensor_util")
maybe_set_static_shape = _private("maybe_set_static_shape", "ops.shape_util", "framework.tensor_util")
# True while the graph, or one around it, is traced to be compiled by XLA.
graph_or_parents_in_xla_context = _private("GraphOrParentsInXlaContext", "ops.control_flow_util")
_in_xla_context = _private("InXlaContext", "ops.control_flow_util")
_control_flow_bodies = tuple(
    _private(name, "ops.control_flow_v2_func_graphs")
    for name in ("CondBranchFuncGraph", "WhileCondFuncGraph", "WhileBodyFuncGraph")
)
# Whether TensorFlow behaves as version 2: Keras 2 chooses its classes by this.
tf2_enabled = _private("enabled", "tf2")
# Marks a class whose instances AutoGraph calls as they are: rewriting them would only cost time in each trace.
_autograph_artifact = _private("autograph_artifact", "autograph.impl.api")
# An eager tensor without the checks and the copy of `tf.constant`, which cost as much as a small draw.
_EagerTensor = _private("EagerTensor", "framework.ops")
_context = _private("context", "eager.context")
# The executor of a thread, which runs its eager ops at once or, where it is asynchronous, later.
_new_executor = _private("new_executor", "eager.executor")
_get_executor = _private("TFE_ContextGetExecutorForThread", "pywrap_tfe")
_set_executor = _private("TFE_ContextSetExecutorForThread", "pywrap_tfe")
_executor_is_async = _private("TFE_ExecutorIsAsync", "pywrap_tfe")
_wait_for_executor = _private("TFE_ExecutorWaitForAllPendingNodes", "pywrap_tfe")
_delete_executor = _private("TFE_DeleteExecutor", "pywrap_tfe")
# Where TF1's initializers are, and TensorFlow's own of version 2, and the samplers they draw by.
init_ops = _private("init_ops", "ops")
init_ops_v2 = _private("init_ops_v2", "ops")
random_ops = _private("random_ops", "ops")
# A function's definition from a graph, without the eager context.
_graph_to_function_def = _private("graph_to_function_def", "framework.graph_to_function_def")
# The protobuf classes that TensorFlow has no public names for.
saved_model_class = _private("saved_model_pb2", "saved_model.loader_impl").SavedModel
variable_def_class = _private("variable_pb2", "ops.variables").VariableDef


# Whether an eager kernel is the same with and without `tf.device` where both mean one device; before TensorFlow 2.10
# the kernel cache went by what was asked for.
one_kernel_for_a_device = VERSION >= (2, 10)
# XLA has the stateless ops in float16 from TensorFlow 2.12 on.
xla_draws_float16 = VERSION >= (2, 12)

_Callable = TypeVar("_Callable", bound=Callable[..., Any])
_Result = TypeVar("_Result")


def autograph_artifact(called: _Callable) -> _Callable:
    """Has AutoGraph call a function, or the instances of a class, as they are."""
    _autograph_artifact(called, {})
    return called


def eager_tensor(array: Any, device: str) -> Any:
    """Returns an eager tensor of a NumPy array that nobody will write to any more."""
    return _EagerTensor(array, device or None, None)


@functools.cache
def _synchronous_executor() -> Any:
    return _new_executor(enable_async=False)


def at_once(function: Callable[[], _Result]) -> _Result:
    """Calls a function whose eager ops have run, or failed, when it returns.

    Where this thread's executor is asynchronous, an op's error comes with some later op, and every op fails from then
    on until the program clears the error. So what may fail, or is kept for other threads, is not left to it.
    `context.executor_scope` would do the same, but reports what is wrong with the executor as it leaves.
    """
    context = _context()
    handle = context._context_handle  # noqa: SLF001
    if handle is None:
        context.ensure_initialized()
        handle = context._context_handle  # noqa: SLF001
    executor = _get_executor(handle)
    try:
        if not _executor_is_async(executor):
            return function()
        _set_executor(handle, _synchronous_executor().handle())
        try:
            return function()
        finally:
            _set_executor(handle, executor)
    finally:
        _delete_executor(executor)


def wait_for_pending() -> None:
    """Waits for the ops that an asynchronous executor has still to run in this thread; raises if one has failed."""
    executor = _get_executor(_context()._handle)  # noqa: SLF001
    try:
        _wait_for_executor(executor)
    finally:
        _delete_executor(executor)


def requested_device() -> str:
    """Returns the device that `tf.device` asks for here; empty where nothing is asked for."""
    return _context().device_name or ""


def compiled_by_xla(graph: Any) -> bool:
    """Returns whether `graph` itself is what XLA compiles: not a plain function that a compiled one calls."""
    while isinstance(graph, _control_flow_bodies):
        graph = graph.outer_graph
    # While a `jit_compile=True` function is traced, the context is that of the graph around it.
    return bool(_in_xla_context(getattr(graph, "outer_graph", graph)))


def keep_out_of_clusters(value: Any) -> Any:
    """Returns `value`, whose op, if it is in a graph, XLA's auto-clustering is to leave alone.

    TensorFlow never clusters the original's stateful op, and XLA draws other numbers from a stateless one. So it is
    for a Session's `global_jit_level` and for `tf.config.optimizer.set_jit`; what is compiled as a whole
    (`jit_compile=True`) stays compiled.
    """
    if not tf.executing_eagerly():
        value.op._set_attr("_XlaCompile", tf.compat.v1.AttrValue(b=False))  # noqa: SLF001
    return value


_draws = itertools.count()


def keep_apart(value: Any) -> Any:
    """Returns `value`, whose op the optimizer is not to merge with another draw's that has the same inputs.

    TensorFlow never merges the original's stateful ops. Merged, `draw + 3.0 * draw` would become `4.0 * draw`, which
    is rounded in another way.
    """
    value.op._set_attr("_compat_v1_init_draw", tf.compat.v1.AttrValue(i=next(_draws)))  # noqa: SLF001
    return value


def not_clustered() -> contextlib.AbstractContextManager[Any]:
    """Keeps all ops added inside, in a graph, out of XLA's clusters."""
    scope: contextlib.AbstractContextManager[Any] = tf.xla.experimental.jit_scope(compile_ops=False)
    return scope


def outside_jit_scope(graph: Any) -> contextlib.AbstractContextManager[Any]:
    """Keeps the ops added inside out of XLA's clusters where `tf.xla.experimental.jit_scope` is in force."""
    return not_clustered() if "_XlaCompile" in graph._attr_scope_map else contextlib.nullcontext()  # noqa: SLF001


def function_reference(function: Any, graph: Any, site: int) -> Any:
    """Returns a reference to a concrete function for one call site in `graph`.

    Calls whose attributes are equal may share their kernels, and with them their state; so each site has its own.
    """
    name = function.name
    if not graph._is_function(name):  # noqa: SLF001
        function.add_to_graph(graph)
        called = function.graph.as_graph_def().library.function
        _import_functions(called, graph)
        # TensorFlow 2.12, and older, lift the initial value of a variable out of a function without what it refers to.
        with tf.init_scope():
            if tf.executing_eagerly():
                function.add_to_graph()
                for definition in called:
                    if not _context().has_function(definition.signature.name):
                        _context().add_function_def(definition)
    return _reference(name, site)


def _reference(name: str, site: int) -> Any:
    return tf.compat.v1.NameAttrList(name=name, attr={"_compat_v1_init_site": tf.compat.v1.AttrValue(i=site)})


def _import_functions(definitions: Sequence[Any], graph: Any) -> None:
    """Adds to a graph the functions that it has not yet.

    A name tells the body. What the graph has of that name may be written otherwise, since TensorFlow writes it anew
    wherever it passes, and would be refused.
    """
    missing = [each for each in definitions if not graph._is_function(each.signature.name)]  # noqa: SLF001
    if missing:
        library = tf.compat.v1.GraphDef(versions=graph.graph_def_versions)
        library.library.function.extend(missing)
        with graph.as_default():
            tf.import_graph_def(library, name="")


@functools.cache
def _definition(body: Callable[..., Any], signature: tuple[Any, ...], *, in_function: bool) -> Any:
    """Returns a function of TF1's kind, made of ops alone, that is never inlined and runs on one thread.

    A `tf.function` would create TensorFlow's eager context, which a program of graphs and Sessions has not: it would
    take the thread pools that the first Session configures, and lock what `tf.config` sets.
    """
    with tf.Graph().as_default() as graph:
        inputs = [tf.compat.v1.placeholder(spec.dtype, spec.shape) for spec in signature]
        with not_clustered():
            output = body(*inputs)
    operations = [operation for operation in graph.get_operations() if operation.type != "Placeholder"]
    definition = _graph_to_function_def(graph, operations, inputs, [output])
    definition.attr["_noinline"].b = True
    if not in_function:  # Where `tf.saved_model.load` would refuse it.
        definition.attr["_nospecialize"].b = True  # Nor is it copied for each call, which takes long.
    definition.signature.is_stateful = True
    # A graph may also hold, from a file, what another version of this package calls the same.
    digest = hashlib.sha256(definition.SerializeToString(deterministic=True)).hexdigest()
    definition.signature.name = f"compat_v1_init{body.__name__}_{digest[:16]}"
    return definition


def call_on_one_thread(body: Callable[..., Any], inputs: Sequence[Any], output_dtype: Any) -> Any:
    """Returns what `body` gives, run as a call that keeps to one thread and is never inlined.

    In a function it is a `StatefulPartitionedCall`, which gives its memory back with the function. In a v1 graph such
    an op would have a function of its own for each call, which takes several times as long to start. There the op's
    type is the function's name, as TF1 calls functions, and its memory is given back with the Session.
    """
    graph = tf.compat.v1.get_default_graph()
    signature = tuple(tf.TensorSpec(x.shape, x.dtype) for x in inputs)
    definition = _definition(body, signature, in_function=graph.building_function)
    _import_functions([definition], graph)
    function, one_thread = definition.signature.name, "SINGLE_THREADED_EXECUTOR"
    if graph.building_function:
        reference = tf.compat.v1.NameAttrList(name=function)
        return tf.raw_ops.StatefulPartitionedCall(
            args=list(inputs), Tout=[output_dtype], f=reference, executor_type=one_thread
        )[0]
    attributes = {"_executor": tf.compat.v1.AttrValue(s=one_thread.encode())}
    name = body.__name__.strip("_")
    return graph.create_op(function, list(inputs), [output_dtype], name=name, attrs=attributes).outputs[0]


@contextlib.contextmanager
def on_cpu_of(value: Any) -> Iterator[None]:
    """Puts the ops added inside on the CPU of the task that `value` is on.

    A call has no kernel of its own by which TensorFlow could find that its ops are the CPU's. And no function of the
    program's that chooses devices gets to see the ops: `replica_device_setter` would count a table as a variable.
    """
    device = tf.DeviceSpec.from_string(value.op.device)
    if device.device_type != "CPU":
        device = device.replace(device_type="CPU", device_index=0)
    graph = tf.compat.v1.get_default_graph()
    with graph.colocate_with(None, ignore_existing=True), tf.device(device.to_string()):
        yield


def control_flow_context(graph: Any) -> Any:
    """Returns the v1 while loop or cond to which ops are being added, or None."""
    return graph._get_control_flow_context()  # noqa: SLF001


def graph_attribute(graph: Any, name: str, default: Callable[[], Any]) -> Any:
    """Returns what this package keeps with a graph, to live as long as the graph."""
    if not hasattr(graph, name):
        setattr(graph, name, default())
    return getattr(graph, name)


def shared_constant(value: Any, beside: Any) -> Any:
    """Returns a constant, of an array of NumPy's, that the draws of a graph share; see `shared`."""
    return shared((value.dtype.str, value.tobytes()), lambda: tf.constant(value), beside)


def shared(identity: tuple[Any, ...], make: Callable[[], Any], beside: Any) -> Any:
    """Returns a tensor that the draws of a graph share: nodes are what the start of a Session takes its time for.

    Args:
      identity: what must be equal for two draws to share it.
      make: adds the tensor to the graph.
      beside: a tensor made here. The draws on its device share, since what another task holds would have to be sent. In
        a loop or a cond of a v1 graph nothing is shared: it would have to be passed in.
    """
    graph = tf.compat.v1.get_default_graph()
    if control_flow_context(graph) is not None:
        return make()
    device = beside.op.device
    known = graph_attribute(graph, "_compat_v1_init_shared", dict)
    if (identity, device) not in known:
        # Nor does it belong with the variable that the first draw belongs with, or depend on what that one waits for.
        alone = graph.colocate_with(None, ignore_existing=True)
        with tf.control_dependencies(None), tf.name_scope("compat_v1_init/"), alone, tf.device(device):
            known[identity, device] = make()
    return known[identity, device]


def when_vectorized(value: Any, convert: Callable[..., Any] | None, *, by_first_row: int | None = None) -> Any:
    """Returns `value`, whose op `tf.vectorized_map`, and what else builds on `pfor`, is to convert by a function.

    Args:
      value: a tensor of the loop's body.
      convert: what gives, of the number of iterations, an int64 scalar, and of the op's inputs, the values of all
        iterations, stacked; or None for an op that is to be left as it is.
      by_first_row: the index of the one input that may be stacked itself; `convert` is given its first row.
    """

    def converter(pfor_input: Any) -> Any:
        wrap = _private("wrap", "ops.parallel_for.pfor")
        if convert is None:
            return wrap(value, is_stacked=False)
        inputs = [
            pfor_input.stacked_input(index)[0] if index == by_first_row else pfor_input.unstacked_input(index)
            for index in range(pfor_input.num_inputs)
        ]
        iterations = tf.cast(pfor_input.pfor.loop_len_vector[0], tf.int64)
        return wrap(convert(iterations, *inputs), is_stacked=True)

    value.op.pfor_converter = converter
    return value


def in_vectorized_body(graph: Any) -> bool:
    """Returns whether the body of a loop that `pfor` is to vectorize is being traced: its name scope tells."""
    return any(part.startswith("loop_body") for part in graph.get_name_scope().split("/"))


def lower_to_switch(operation: Any) -> None:
    """Has a `Case` run as Switch and Merge nodes, which gives each one kernels of its own as inlining does.

    Not for the executor of one thread, which knows no Switch: so TensorFlow does with its own.
    """
    if _context().function_call_options.executor_type == "SINGLE_THREADED_EXECUTOR":
        return
    operation._set_attr("_lower_using_switch_merge", tf.compat.v1.AttrValue(b=True))  # noqa: SLF001
