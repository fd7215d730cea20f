"""The only module that touches TensorFlow's private API, and the one that imports TensorFlow.

It is checked on every release from TensorFlow 2.5 to 2.21: the matrix of `.ci/matrix.py` fails where a name is missing.
`_private` raises an error that names it and says what to do.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import itertools
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ._lazy import NO_TENSORFLOW

OLDEST = (2, 5)

try:
    import tensorflow  # noqa: ICN001 - `tf` is the untyped name below
except ModuleNotFoundError as error:
    if error.name != "tensorflow":
        raise
    raise ModuleNotFoundError(NO_TENSORFLOW, name="tensorflow") from None

tf: Any = tensorflow  # published without types
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])

if VERSION < OLDEST:
    msg = (
        f"compat_v1_init needs TensorFlow 2.5 or newer. Received: TensorFlow {tf.__version__}. "
        "Install a newer one, for example: pip install --upgrade tensorflow"
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


# How TF1's samplers convert a shape, and keep it static in a graph. In `tensor_util` before TensorFlow 2.16.
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
# Marks a class whose instances AutoGraph calls without converting them, which would only cost time in each trace.
_autograph_artifact = _private("autograph_artifact", "autograph.impl.api")
# An eager tensor without the checks and the copy of `tf.constant`, which cost as much as a small draw.
_EagerTensor = _private("EagerTensor", "framework.ops")
_context = _private("context", "eager.context")
# The executor of a thread. It runs the eager ops at once or, if it is asynchronous, later.
_new_executor = _private("new_executor", "eager.executor")
_get_executor = _private("TFE_ContextGetExecutorForThread", "pywrap_tfe")
_set_executor = _private("TFE_ContextSetExecutorForThread", "pywrap_tfe")
_executor_is_async = _private("TFE_ExecutorIsAsync", "pywrap_tfe")
_wait_for_executor = _private("TFE_ExecutorWaitForAllPendingNodes", "pywrap_tfe")
_delete_executor = _private("TFE_DeleteExecutor", "pywrap_tfe")
# The modules of TF1's initializers, of those of TensorFlow 2, and of the samplers that both draw by.
init_ops = _private("init_ops", "ops")
init_ops_v2 = _private("init_ops_v2", "ops")
random_ops = _private("random_ops", "ops")
# Its `get_seed` is looked up for each draw: `DeterministicRandomTestTool` of legacy Keras replaces it there.
random_seed = _private("random_seed", "framework")
# How TensorFlow's functions reach the types of a program, and Keras' symbolic tensors.
_dispatch = _private("dispatch", "util")
_make_decorator = _private("make_decorator", "util.tf_decorator")
_unwrap = _private("unwrap", "util.tf_decorator")
# A function's definition from a graph, without the eager context.
_graph_to_function_def = _private("graph_to_function_def", "framework.graph_to_function_def")
# Whether a gradient tape, or a debugger, is to see each op that is added to a graph.
_execute = _private("execute", "eager")
_debugger_watches = _private("should_invoke_op_callbacks", "framework.op_callbacks")
# The protobuf classes that TensorFlow has no public names for.
saved_model_class = _private("saved_model_pb2", "saved_model.loader_impl").SavedModel
variable_def_class = _private("variable_pb2", "ops.variables").VariableDef


# Whether an eager kernel is the same with and without `tf.device` where both mean the same device. Before TensorFlow
# 2.10 the key of the kernel cache was the requested device.
one_kernel_for_a_device = VERSION >= (2, 10)
# XLA has the stateless ops in float16 from TensorFlow 2.12 on.
xla_draws_float16 = VERSION >= (2, 12)
# Whether XLA compiles eager ops too, one by one. It draws different numbers; a function can keep its ops out of it.
# The variable has the flags, or the name of a file with the flags.
_xla_flags = os.environ.get("TF_XLA_FLAGS", "").strip()
if _xla_flags[:1] != "-":
    with contextlib.suppress(OSError):
        _xla_flags = Path(_xla_flags).read_text(errors="replace")
xla_compiles_eager_ops = "tf_xla_auto_jit" in _xla_flags

_attribute: Any = tf.compat.v1.AttrValue

_Callable = TypeVar("_Callable", bound=Callable[..., Any])


def autograph_artifact(called: _Callable) -> _Callable:
    """Makes AutoGraph call a function, or the instances of a class, without converting them.

    A subclass with a `__call__` of its own is converted; what it calls by `super()` is not.
    """
    if not isinstance(called, type):
        _autograph_artifact(called, {})
        return called
    call: Any = called.__call__
    _autograph_artifact(call, {})
    _autograph_artifact(called, _OfThisCall(call))
    return called


class _OfThisCall:
    """AutoGraph's mark of a class, which a subclass with another `__call__` does not have."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        if owner.__call__ is not self._call:
            raise AttributeError
        return {}


def type_dispatch(original: Any) -> Callable[[Any, Any], Any]:
    """Returns what calls a program's function for its own types; it returns NotImplemented if there is none."""
    dispatcher = getattr(original, "_tf_type_based_dispatcher", None)  # Not before TensorFlow 2.7.
    return (lambda *_: NotImplemented) if dispatcher is None else dispatcher.Dispatch


def fall_back(called: Any, args: Any, kwargs: Any) -> Any:
    """Returns what another library, as Keras, makes of a failed call; NotImplemented if it is none of theirs."""
    result = _dispatch.dispatch(called, args, kwargs)
    return NotImplemented if result is _dispatch.OpDispatcher.NOT_SUPPORTED else result


def decorate(original: Any, function: Any, called: Any) -> Any:
    """Returns `called` as the decorated `function`, which stands in for one of TensorFlow's functions."""
    vars(function).update(_marks(_unwrap(original)[1]))
    vars(called).update(_marks(original))
    registered = getattr(_dispatch, "_TYPE_BASED_DISPATCH_SIGNATURES", {})
    if original in registered:
        registered[called] = registered[original]
    return _make_decorator(function, called, "decorated_as")


def _marks(function: Any) -> dict[str, Any]:
    """Returns what TensorFlow has noted of a function: its public names, and what is registered for it."""
    return {
        name: value for name, value in vars(function).items() if name.startswith("_tf_") and "decorator" not in name
    }


def eager_tensor(array: Any, device: str) -> Any:
    """Returns an eager tensor that shares the memory of a NumPy array, which must not be written to any more."""
    return _EagerTensor(array, device or None, None)


class CachedKernel:
    """A kernel in TensorFlow's cache of eager kernels, which can be seen to be dropped without running an op.

    The table belongs to the kernel, and keeps its empty key: a tensor that shares its memory with a NumPy array. So the
    array lives exactly as long as the kernel.
    """

    def __init__(self) -> None:
        context = _context()
        context.ensure_initialized()
        self._devices = context._logical_devices  # noqa: SLF001
        memory = np.zeros(16, np.int64)
        aligned = memory[-memory.ctypes.data % 64 // 8 :][:1].reshape(())  # Else TensorFlow makes a copy.
        self._lent = weakref.ref(aligned)
        with tf.device(local_cpu()), at_once():
            keys = {"empty_key": eager_tensor(aligned, ""), "deleted_key": eager_tensor(np.int64(1), "")}
            tf.raw_ops.MutableDenseHashTableV2(value_dtype=tf.int64, initial_num_buckets=4, **keys)
        del aligned, keys
        if self.is_gone():
            msg = (
                f"compat_v1_init builds on how TensorFlow keeps eager kernels, which is different in TensorFlow "
                f"{tf.__version__}. Install a version of TensorFlow from 2.5 to 2.21."
            )
            raise RuntimeError(msg)

    def is_gone(self) -> bool:
        """Returns whether TensorFlow has dropped the kernel, and with it all others, or has other devices now."""
        if not self.has_devices():
            return True
        # TensorFlow gives arrays back when an eager tensor is freed, such as this one.
        _EagerTensor(False, "", None)
        return self._lent() is None

    def has_devices(self) -> bool:
        """Returns whether TensorFlow still has the devices that it had when the kernel was made."""
        return _context()._logical_devices is self._devices  # noqa: SLF001


def local_cpu() -> str:
    """Returns the name of this process's own CPU: no `tf.device` around it makes another host's of it."""
    return f"{_context().host_address_space()}/device:CPU:0"


def is_local(device: str) -> bool:
    """Returns whether a device, as `tf.device` takes it, is this process's own."""
    own, asked = tf.DeviceSpec.from_string(local_cpu()), tf.DeviceSpec.from_string(device)
    return all(getattr(asked, part) in (None, getattr(own, part)) for part in ("job", "replica", "task"))


def tape_watches() -> bool:
    """Returns whether a gradient tape or a forward accumulator sees the ops of this thread."""
    return bool(_execute.must_record_gradient())


@functools.cache
def _synchronous_executor() -> Any:
    return _new_executor(enable_async=False)


class at_once:  # noqa: N801 - a context manager, and faster than one that is a generator
    """Runs the eager ops of a `with` block so that they have run, or failed, when it ends.

    If this thread's executor is asynchronous, a later op raises the error of an op, and every op fails from then on
    until the program clears the error. So it is not used for ops that may fail, or tensors that other threads may use.
    `context.executor_scope` would do the same, but raises an earlier error of the executor at its end.
    """

    __slots__ = ("_executor", "_handle", "_is_async")

    def __enter__(self) -> None:
        context = _context()
        self._handle = handle = context._context_handle  # noqa: SLF001
        if handle is None:
            context.ensure_initialized()
            self._handle = handle = context._context_handle  # noqa: SLF001
        self._executor = executor = _get_executor(handle)
        self._is_async = _executor_is_async(executor)
        if self._is_async:
            _set_executor(handle, _synchronous_executor().handle())

    def __exit__(self, *_: object) -> None:
        if self._is_async:
            _set_executor(self._handle, self._executor)
        _delete_executor(self._executor)


def wait_for_pending() -> None:
    """Waits for the ops that this thread's asynchronous executor has not run yet; raises if one has failed."""
    executor = _get_executor(_context()._handle)  # noqa: SLF001
    try:
        _wait_for_executor(executor)
    finally:
        _delete_executor(executor)


def requested_device() -> str:
    """Returns the device that `tf.device` sets here; empty where it is not set."""
    return _context().device_name or ""


def compiled_by_xla(graph: Any) -> bool:
    """Returns whether XLA compiles `graph` itself, and not only a function that calls it."""
    while isinstance(graph, _control_flow_bodies):
        graph = graph.outer_graph
    # While a `jit_compile=True` function is traced, the context is that of the graph around it.
    return bool(_in_xla_context(getattr(graph, "outer_graph", graph)))


def keep_out_of_clusters(value: Any) -> Any:
    """Returns `value`, and keeps its op out of XLA's auto-clustering.

    TensorFlow never clusters the original's stateful op, and XLA draws different numbers with a stateless one.
    Clusters are made by a Session's `global_jit_level` and `tf.config.optimizer.set_jit`. A function with
    `jit_compile=True` is still compiled as a whole.
    """
    value.op._set_attr("_XlaCompile", _attribute(b=False))  # noqa: SLF001
    return value


def add_op(op_type: str, name: str | None = None, **arguments: Any) -> Any:
    """Adds an op of one output to the default graph, as `tf.raw_ops` does, in half the time.

    `tf.raw_ops` converts and checks all that it is given. Here the inputs are tensors of the right dtypes, and the
    attributes are dtypes.
    """
    if _execute.must_record_gradient() or _debugger_watches():
        return getattr(tf.raw_ops, op_type)(name=name, **arguments)
    # A tensor of the caller's may be weak, under `tf.experimental.numpy`'s conversions of dtypes.
    inputs = [tf.convert_to_tensor(value, value.dtype) for value in arguments.values() if tf.is_tensor(value)]
    attributes = {key: value for key, value in arguments.items() if not tf.is_tensor(value)}
    return add_node(op_type, inputs, name, **attributes).outputs[0]


def constant(value: Any, dtype: Any = None, name: str = "Const") -> Any:
    """Adds a constant to the default graph, as `tf.constant` does, in half the time; a debugger does not see it."""
    proto = tf.make_tensor_proto(value, None if dtype is None else tf.as_dtype(dtype))
    return add_node("Const", [], name, value=_attribute(tensor=proto), dtype=proto.dtype).outputs[0]


def set_constant(tensor: Any, value: Any) -> None:
    """Changes the value of a constant in a function that is being traced; the shape and the dtype stay."""
    tensor.op._set_attr("value", _attribute(tensor=tf.make_tensor_proto(value)))  # noqa: SLF001


def add_node(op_type: str, inputs: list[Any], name: str | None = None, **attributes: Any) -> Any:
    """Adds an op to the default graph, of inputs and attributes that need no check; gradient tapes do not see it.

    An attribute is a dtype, bytes, or TensorFlow's `AttrValue`.
    """
    protos = {key: _as_attribute(value) for key, value in attributes.items()}
    graph = tf.compat.v1.get_default_graph()
    return graph._create_op_internal(op_type, inputs, name=name or op_type, attrs=protos)  # noqa: SLF001


@functools.lru_cache(maxsize=64)
def _as_dtype_attribute(dtype: Any) -> Any:
    return _attribute(type=tf.as_dtype(dtype).as_datatype_enum)


def _as_attribute(value: Any) -> Any:
    if isinstance(value, _attribute):
        return value
    return _attribute(s=value) if isinstance(value, bytes) else _as_dtype_attribute(value)


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


_draws = itertools.count()


def keep_apart(value: Any) -> Any:
    """Returns `value`, and keeps the optimizer from merging its op with another draw that has the same inputs.

    TensorFlow never merges the original's stateful ops. If they were merged, `draw + 3.0 * draw` would become
    `4.0 * draw`, which is rounded differently.
    """
    value.op._set_attr("_compat_v1_init_draw", _attribute(i=next(_draws)))  # noqa: SLF001
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
                    if not _context().has_function(definition.signature.name):
                        _context().add_function_def(definition)
    return _reference(name, site)


def _reference(name: str, site: int) -> Any:
    return tf.compat.v1.NameAttrList(name=name, attr={"_compat_v1_init_site": _attribute(i=site)})


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


def cpu_of(device: str) -> str:
    """Returns a device if it is a CPU, else the first CPU of its task."""
    spec = tf.DeviceSpec.from_string(device)
    if spec.device_type != "CPU":
        spec = spec.replace(device_type="CPU", device_index=0)
    return str(spec.to_string())


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


_Vectorized = TypeVar("_Vectorized")


def when_vectorized(
    value: _Vectorized, convert: Callable[..., Any] | None, *, stacked: int | None = None
) -> _Vectorized:
    """Returns `value`, and has `tf.vectorized_map` and the like (`pfor`) convert its op by a function.

    Args:
      value: a tensor of the loop's body, or an op of it.
      convert: takes the number of iterations, an int64 scalar, and the op's inputs; returns the values of all
        iterations, stacked: a tensor, or for an op of several outputs a tuple, with None for one that stays as it is.
        None for an op that stays as it is.
      stacked: the index of the one input that `convert` gets stacked; it gets the others as they are.
    """
    operation: Any = getattr(value, "op", value)

    def converter(pfor_input: Any) -> Any:
        wrap = _private("wrap", "ops.parallel_for.pfor")
        made: Any = [None] * len(operation.outputs)
        if convert is not None:
            inputs = [
                pfor_input.stacked_input(index) if index == stacked else pfor_input.unstacked_input(index)
                for index in range(pfor_input.num_inputs)
            ]
            made = convert(tf.cast(pfor_input.pfor.loop_len_vector[0], tf.int64), *inputs)
            made = made if isinstance(made, tuple) else (made,)
        outputs = [wrap(old if new is None else new, new is not None) for old, new in zip(operation.outputs, made)]
        return outputs or operation

    operation.pfor_converter = converter
    return value


def in_vectorized_body(graph: Any) -> bool:
    """Returns whether the body of a loop that `pfor` is to vectorize is being traced, by its name scope."""
    return any(part.startswith("loop_body") for part in graph.get_name_scope().split("/"))


def lower_to_switch(operation: Any) -> None:
    """Makes a `Case` run as Switch and Merge nodes. Each `Case` then has kernels of its own, as if it were inlined.

    Not for the single-threaded executor, which has no Switch. TensorFlow treats its own `Case` in the same way.
    """
    if _context().function_call_options.executor_type == "SINGLE_THREADED_EXECUTOR":
        return
    operation._set_attr("_lower_using_switch_merge", _attribute(b=True))  # noqa: SLF001


# The classes of variables in graphs. The first was in `variables` before TensorFlow 2.6.
_variable_classes = (
    _private("RefVariable", "ops.ref_variable", "ops.variables"),
    _private("ResourceVariable", "ops.resource_variable_ops"),
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
