"""Where in the stream: the counter at which a draw starts, for every mode in which TensorFlow executes.

TF1's random kernels hold their position themselves. It starts at 0, each execution advances it by 256 for every
element drawn, and it lives as long as the kernel: a Session, a concrete function, or, in eager mode, until
`tf.random.set_seed` or `clear_session` empties the kernel cache. Each mode here finds a state of the same lifetime:

| mode | state |
|---|---|
| eager | one dict for the process, emptied when a kernel of the same cache is seen to be gone |
| v1 graph | a table private to its kernel |
| `tf.function` and the like | the same table, in the branch of a `Case` that XLA does not compile |
| compiled by XLA | a resource made while tracing: XLA knows no tables |
"""

from __future__ import annotations

import functools
import itertools
import threading
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ._seeds import Seeds, entropy
from ._tensorflow import (
    at_once,
    call_on_one_thread,
    compiled_by_xla,
    control_flow_context,
    function_reference,
    graph_attribute,
    graph_or_parents_in_xla_context,
    keep_out_of_clusters,
    library_reference,
    lower_to_body,
    lower_to_switch,
    tf,
)

# `GuardedPhiloxRandom::ReserveRandomOutputs(count, 256)`, for every distribution and dtype.
COUNTER_STEP_PER_ELEMENT = 256
# Beyond it the position would no longer fit in an int64; no memory holds a draw of so many.
MOST_ELEMENTS = 2**63 // COUNTER_STEP_PER_ELEMENT - 1


# --- Eager -----------------------------------------------------------------------------------------------------------


class StreamId(NamedTuple):
    """What must be equal for two eager draws to share TF1's kernel, and so its stream."""

    kernel: str
    seeds: Seeds
    dtype: int  # Numbers of TensorFlow's enum: an object of it takes long to hash.
    shape_dtype: int
    device: str


class _EagerStreams:
    """The positions of all eager streams of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._positions: dict[StreamId, list[int]] = {}  # each a list of one, so that a draw looks it up once
        self._devices: dict[tuple[str, int, str], str] = {}
        self._table: Any = None
        self._restarts = 0

    def _restart_if_kernels_are_gone(self) -> None:
        # Told later by an asynchronous executor, it would be an error of all of TensorFlow's.
        at_once(self._look_for_kernels)

    def _look_for_kernels(self) -> None:
        """Forgets all positions when TensorFlow has emptied its kernel cache since the last draw.

        A table made by an eager op belongs to the op's kernel. When the cache drops the kernel, the table goes too,
        and asking for its size fails: that is the reset which TF1's random kernels would have felt.
        """
        try:
            tf.raw_ops.LookupTableSizeV2(table_handle=self._table)
        except (tf.errors.NotFoundError, ValueError):  # ValueError: no table yet
            self._positions.clear()
            self._devices.clear()
            self._restarts += 1
            with tf.device("CPU:0"):
                self._table = tf.raw_ops.MutableHashTableV2(key_dtype=tf.int64, value_dtype=tf.int64)

    def device(self, kernel: str, dtype: int, requested: str, find: Callable[[], str]) -> str:
        """Returns the device on which a kernel runs when `requested` is asked for; `find` tells it once."""
        key = (kernel, dtype, requested)
        if key not in self._devices:
            self._devices[key] = find()
        return self._devices[key]

    def claim(self, stream: StreamId, count: int) -> int:
        """Returns the offset of a draw of `count` elements and advances the stream past it."""
        with self._lock:
            self._restart_if_kernels_are_gone()
            position = self._positions.setdefault(stream, [0])
            offset = position[0]
            position[0] = offset + count * COUNTER_STEP_PER_ELEMENT
        return offset

    def restarts(self) -> int:
        """Returns how often all streams have begun again in this process."""
        with self._lock:
            self._restart_if_kernels_are_gone()
            return self._restarts

    def give_back(self, stream: StreamId, count: int, offset: int) -> None:
        """Takes back a claim whose draw failed: TF1's kernels fail before they advance."""
        with self._lock:
            position = self._positions.get(stream, [0])
            if position[0] == offset + count * COUNTER_STEP_PER_ELEMENT:
                position[0] = offset


eager_streams = _EagerStreams()


# --- Graphs and functions --------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """A place in a graph's stream: tensors of uint64, key of shape [1] and counter of shape [2]."""

    key: Any
    counter: Any


def _advance_private_table(start: Any, step: Any) -> Any:
    """Returns the counter and advances it, in a table that belongs to its kernel and starts out empty.

    Args:
      start: the counter's first value, [0, seed2].
      step: how far to advance it, and the number of the call site. The site is the key in the table, because loading
        a SavedModel gives all tables made here one name, and so makes them one table.
    """
    table = tf.raw_ops.MutableHashTableOfTensorsV2(key_dtype=tf.int64, value_dtype=tf.int64, value_shape=[2])
    now = call_on_one_thread(_take_turn, [table, start, step], tf.int64)
    # A call does not say the shape of what it gives.
    return tf.raw_ops.Bitcast(input=tf.ensure_shape(now, [2]), type=tf.uint64)


def _take_turn(table: Any, start: Any, step: Any) -> Any:
    """Returns the counter in a table and advances it, while nobody else does.

    Find and Insert are two ops: without the lock two threads would get one draw. This function runs on one thread, so
    whoever holds the lock gets to its release without help from the executor's threads, however many others wait.
    """
    raw = tf.raw_ops
    advance, key = tf.unstack(step)
    lock = raw.MutexLock(mutex=raw.MutexV2())
    with tf.control_dependencies([lock]):
        now = raw.LookupTableFindV2(table_handle=table, keys=key, default_value=start)
    inserted = raw.LookupTableInsertV2(
        table_handle=table, keys=key, values=now + tf.stack([advance, tf.zeros_like(advance)])
    )
    with tf.control_dependencies([inserted]):
        released = raw.ConsumeMutexLock(mutex_lock=lock)
    with tf.control_dependencies([released]):
        return tf.identity(now)


def _anywhere(start: Any, step: Any) -> Any:
    """Returns a counter from the machine's entropy."""
    del start, step
    return tf.bitcast(tf.raw_ops.NonDeterministicInts(shape=tf.constant([2]), dtype=tf.int64), tf.uint64)


def _somewhere_under_xla(start: Any, step: Any) -> Any:
    """Returns a counter of the stream that differs from run to run, where XLA compiles a function traced without it.

    The only state that XLA can reach from here is that of its own generator, which starts alike in every process. It
    gives the position alone; the value at that position is drawn by the stateless op. The seeds of the op are dead
    letters: XLA ignores them, and only XLA runs this function.
    """
    del step
    low, high = tf.constant(0, tf.int64), tf.constant(2**62, tf.int64)
    somewhere = tf.raw_ops.RandomUniformInt(shape=tf.constant([1]), minval=low, maxval=high, seed=1, seed2=1)
    return tf.bitcast(tf.concat([somewhere, start[1:]], axis=0), tf.uint64)


# Of the bodies above.
_SIGNATURE = [tf.TensorSpec([2], tf.int64), tf.TensorSpec([2], tf.int64)]

_sites = itertools.count()


@functools.cache
def _concrete(body: Callable[[Any, Any], Any]) -> Any:
    # Traced in a graph of its own: seeds, devices and control dependencies in force here are none of the function's.
    with tf.Graph().as_default():
        return tf.function(body, input_signature=_SIGNATURE, autograph=False).get_concrete_function()


def _lowered_call(reference: Any, start: Any, step: Any) -> Any:
    """Returns the counter that a function gives, whose ops take the place of the call."""
    counter = tf.raw_ops.StatefulPartitionedCall(args=[start, step], Tout=[tf.uint64], f=reference)[0]
    lower_to_body(counter.op)
    return counter


def _function_counter(graph: Any, site: int, body: Callable[[Any, Any], Any], start: Any, step: Any) -> Any:
    """Returns the counter that `body` gives, or, should XLA compile this function after all, one that XLA can give."""
    in_v1_graph = not outermost_is_eager()
    if in_v1_graph and not graph_or_parents_in_xla_context(graph):
        # Part of a v1 graph: the name of a `Case`'s branch would depend on what else is run, and the state on the name.
        return _lowered_call(function_reference(_concrete(body), graph, site), start, step)
    # `DeviceIndex` gives 2 under XLA, whose compiler then drops the branches it could not compile. So it does in a
    # cluster that XLA makes by itself, where the draw is not to be compiled.
    functions = (_concrete(body), _concrete(body), _concrete(_somewhere_under_xla))
    counter = tf.raw_ops.Case(
        branch_index=keep_out_of_clusters(tf.raw_ops.DeviceIndex(device_names=["CPU", "GPU"])),
        input=[start, step],
        Tout=[tf.uint64],
        branches=[function_reference(f, graph, site) for f in functions],
        output_shapes=[[2]],
    )[0]
    if not in_v1_graph:  # Where XLA would get to see the Switch.
        lower_to_switch(counter.op)
    return keep_out_of_clusters(counter)


def _v1_graph_counter(graph: Any, site: int, body: Callable[[Any, Any], Any], start: Any, step: Any) -> Any:
    """Returns the counter that `body` gives, by one node: added op by op it would take twice as long to build."""
    if control_flow_context(graph) is not None:
        return body(start, step)  # TensorFlow cannot put a call's body into the frame of a loop.
    return _lowered_call(library_reference(body, _SIGNATURE, graph, site), start, step)


def _xla_counter(start: Any, step: Any) -> Any:
    """Returns the counter kept in a resource made outside of the function being traced."""
    with tf.init_scope():
        resource = tf.raw_ops.VarHandleOp(dtype=tf.int64, shape=[2], shared_name=f"compat_v1_init/{uuid.uuid4().hex}")
        tf.raw_ops.AssignVariableOp(resource=resource, value=tf.constant(start, tf.int64))
    now = tf.raw_ops.ReadVariableOp(resource=resource, dtype=tf.int64)
    with tf.control_dependencies([now]):
        tf.raw_ops.AssignAddVariableOp(resource=resource, value=step * tf.constant([1, 0], tf.int64))
    return tf.raw_ops.Bitcast(input=tf.ensure_shape(now, [2]), type=tf.uint64)


def _counter_by_executions(graph: Any, count: int, start: Any) -> Any:
    """Returns the counter of a draw in a function that is called eagerly in the end.

    A function executes each of its draws once whenever it is executed itself; branches and loop bodies are functions of
    their own. So the number of its executions says where all its draws of known size stand, and is kept once.
    """

    def executions() -> Any:
        site = next(_sites)
        with tf.control_dependencies(None):  # Those in force are of the first draw alone.
            zero = tf.constant(np.array([0, 0], np.int64))
            step = tf.constant(np.array([1, site], np.int64))
            counted = _function_counter(graph, site, _advance_private_table, zero, step)
            return tf.bitcast(counted, tf.int64)

    number = graph_attribute(graph, "_compat_v1_init_executions", executions)
    advance = tf.constant(np.array([count * COUNTER_STEP_PER_ELEMENT, 0], np.int64))
    return tf.bitcast(number * advance + tf.constant(start), tf.uint64)


def outermost_is_eager() -> bool:
    """Returns whether all functions being traced are called eagerly in the end, and not from a v1 graph."""
    with tf.init_scope():
        return bool(tf.executing_eagerly())


def _of_a_variable(graph: Any) -> bool:
    """Returns whether a variable that is created in a function is asking for its initial value.

    TensorFlow then lifts the value out of the function, and with it out of XLA; a resource it could not lift. The name
    scope is the only trace of it. Who uses the name otherwise gets a draw that XLA can compile all the same.
    """
    return any(part.startswith("Initializer") for part in graph.get_name_scope().split("/"))


def drawn_by_xla(graph: Any) -> bool:
    """Returns whether XLA is to compile a draw that is added to `graph` now."""
    return bool(graph_or_parents_in_xla_context(graph) and compiled_by_xla(graph) and not _of_a_variable(graph))


def _counts_executions(graph: Any, seeds: Seeds | None, count: Any) -> bool:
    """Returns whether the number of a function's executions says where a draw in it stands.

    Not in a v1 graph, where a draw that is not fetched is pruned and does not advance; nor under XLA, which knows no
    tables.
    """
    return bool(
        seeds is not None
        and isinstance(count, int)
        and graph.building_function
        and control_flow_context(graph) is None
        and outermost_is_eager()
        and not drawn_by_xla(graph)
    )


def graph_place(seeds: Seeds | None, count: Any, *, first_only: bool) -> Place:
    """Adds to the default graph what finds the place of each execution of one draw.

    Args:
      seeds: the draw's seeds; None for a fresh place at every execution.
      count: the number of elements: an int, or an int64 scalar tensor where the graph does not know it.
      first_only: whether every execution gives the first draw, without any state.
    """
    graph = tf.compat.v1.get_default_graph()
    if seeds is None:
        # Words of this process: XLA's own generator starts alike in every one.
        key, start, body = entropy(1), entropy(2).view(np.int64), _anywhere
    else:
        key, start, body = (
            np.array([seeds.seed], np.uint64),
            np.array([0, seeds.seed2], np.int64),
            _advance_private_table,
        )
        if first_only:
            return Place(tf.constant(key), tf.constant(start.view(np.uint64)))
    if _counts_executions(graph, seeds, count):
        return Place(tf.constant(key), _counter_by_executions(graph, count, start))
    site = next(_sites)
    if isinstance(count, int):
        step: Any = tf.constant(np.array([count * COUNTER_STEP_PER_ELEMENT, site], np.int64))
    else:
        step = tf.stack([count * COUNTER_STEP_PER_ELEMENT, tf.constant(site, tf.int64)])
    if drawn_by_xla(graph):
        # In a v1 graph a resource would need an initializer of its own, which nobody would run.
        counter = _xla_counter(start, step) if outermost_is_eager() else _somewhere_under_xla(tf.constant(start), step)
    elif graph.building_function:
        counter = _function_counter(graph, site, body, tf.constant(start), step)
    else:
        counter = _v1_graph_counter(graph, site, body, tf.constant(start), step)
    return Place(tf.constant(key), counter)
