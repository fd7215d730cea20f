"""Where in the stream a draw in a graph or a function starts: the counter of each execution.

TF1's random kernels hold their position themselves. It starts at 0, each execution advances it by 256 for every
element drawn, and it lives as long as the kernel: a Session or a concrete function. Each mode here finds a state of the
same lifetime:

| mode | state |
|---|---|
| v1 graph | a table private to its kernel, one for all draws on one device |
| `tf.function` and the like | the same table, in the branch of a `Case` that XLA does not compile, one for all draws |
| compiled by XLA | a resource made while tracing: XLA has no tables |
"""

from __future__ import annotations

import functools
import itertools
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._tensorflow import (
    add_op,
    apart,
    call_on_one_thread,
    compiled_by_xla,
    constant,
    control_flow_context,
    cpu_of,
    function_reference,
    graph_attribute,
    graph_or_parents_in_xla_context,
    in_vectorized_body,
    keep_out_of_clusters,
    lower_to_switch,
    set_constant,
    tf,
    when_vectorized,
)

from .philox import PHILOX, advance, entropy
from .request import Place
from .shared import shared_constant, shared_table

if TYPE_CHECKING:
    from .seeds import Seeds


def _vectorizable(counter: Any, remake: Callable[[Any], Any]) -> Any:
    """Returns `counter`, so that a vectorized loop draws the values of all its iterations from it at once.

    The original's op does the same: it draws a tensor with one more dimension. All iterations then have this counter,
    and it advances by as many draws as there are iterations.
    """

    def convert(iterations: Any, _: Any, where: Any) -> Any:
        second_word, step, site = tf.unstack(where, 3)
        return tf.tile([remake(tf.stack([second_word, step * iterations, site]))], [iterations, 1])

    return when_vectorized(counter, convert)


def _advance_private_table(where: Any) -> Any:
    """Returns the counter and advances it, in a table that belongs to its kernel and starts out empty.

    Args:
      where: int64: the counter's second word, how far to advance its first word, and the number of the call site. The
        site is the key in the table. Tables of one site each would not do: when a SavedModel is loaded, all tables made
        here get one name and become one table.
    """
    device = cpu_of(where.op.device)  # A call has no kernel by which TensorFlow could find out that it needs the CPU.
    with apart(device):
        counter = call_on_one_thread(_take_turn, [shared_table(device), where], tf.uint64)
    return _vectorizable(counter, _advance_private_table)


# `Stage` waits for room in its buffer. So a buffer for one element is a lock, and it costs far less than `MutexLock`.
# There is one lock for each device: the functions of two fetches of a Session are not the same, but may use one table.
_LOCK = {"capacity": 1, "shared_name": "compat_v1_init"}


def _take_turn(table: Any, where: Any) -> Any:
    """Returns the counter in a table and advances it, under a lock.

    Find and Insert are two ops: without a lock two threads would get the same draw. This function runs on one thread.
    So the thread that holds the lock always reaches the release, even if all threads of the executor wait for the lock.
    It is not stopped before: none of these ops fails, or checks whether the step is cancelled.
    """
    raw = tf.raw_ops
    second_word, step, site = tf.unstack(where, 3)
    taken = raw.Stage(values=[site], **_LOCK)
    with tf.control_dependencies([taken]):
        now = raw.LookupTableFindV2(table_handle=table, keys=site, default_value=tf.constant(0, tf.int64))
    inserted = raw.LookupTableInsertV2(table_handle=table, keys=site, values=now + step)
    with tf.control_dependencies([inserted]):
        (released,) = raw.Unstage(dtypes=[tf.int64], **_LOCK)
    with tf.control_dependencies([released]):
        return tf.bitcast(tf.stack([now, second_word]), tf.uint64)


def _anywhere(where: Any) -> Any:
    """Returns a counter from the machine's entropy."""
    del where
    return when_vectorized(
        tf.raw_ops.NonDeterministicInts(shape=tf.constant([2]), dtype=tf.uint64),
        lambda iterations, _: tf.tile([_anywhere(None)], [iterations, 1]),
    )


def _somewhere_under_xla(where: Any) -> Any:
    """Returns a counter that differs from run to run, where XLA compiles a function that was traced without XLA.

    The only state that XLA can use here is that of its own generator, which starts in the same state in every process.
    It gives the position only; the stateless op draws the value at that position. XLA ignores the seeds of this op, and
    only XLA runs this function.
    """
    low, high = tf.constant(0, tf.int64), tf.constant(2**62, tf.int64)
    somewhere = tf.raw_ops.RandomUniformInt(shape=tf.constant([1]), minval=low, maxval=high, seed=1, seed2=1)
    return tf.bitcast(tf.concat([somewhere, where[:1]], axis=0), tf.uint64)


# The arguments of the functions above.
_SIGNATURE = [tf.TensorSpec([3], tf.int64)]

_sites = itertools.count()


@functools.cache
def _concrete(body: Callable[[Any], Any]) -> Any:
    # Traced in a new graph, so that the seeds, devices and control dependencies in force here do not enter it.
    with tf.Graph().as_default():
        return tf.function(body, input_signature=_SIGNATURE, autograph=False).get_concrete_function()


def _counter_by_case(graph: Any, body: Callable[[Any], Any], where: Any) -> Any:
    """Returns the counter that `body` gives; if XLA compiles this function after all, one that XLA can give."""
    site = next(_sites)
    # `DeviceIndex` gives 2 under XLA. Its compiler then drops the branches that it could not compile. The op gives 2
    # also in a cluster that XLA makes by itself. There the draw is not to be compiled, so the op is kept out.
    index = keep_out_of_clusters(tf.raw_ops.DeviceIndex(device_names=["CPU", "GPU"]))
    functions = (_concrete(body), _concrete(body), _concrete(_somewhere_under_xla))
    counter = tf.raw_ops.Case(
        branch_index=when_vectorized(index, None),
        input=[where],
        Tout=[tf.uint64],
        branches=[function_reference(f, graph, site) for f in functions],
        output_shapes=[[2]],
    )[0]
    if outermost_is_eager():  # In a v1 graph XLA would find the Switch.
        lower_to_switch(counter.op)
    return _vectorizable(keep_out_of_clusters(counter), functools.partial(_counter_by_case, graph, body))


def _xla_counter(where: Any) -> Any:
    """Returns the counter kept in a resource made outside of the function being traced."""
    second_word, step, _ = tf.unstack(where, 3)
    with tf.init_scope():
        resource = tf.raw_ops.VarHandleOp(dtype=tf.int64, shape=[], shared_name=f"compat_v1_init/{uuid.uuid4().hex}")
        tf.raw_ops.AssignVariableOp(resource=resource, value=tf.constant(0, tf.int64))
    now = tf.ensure_shape(tf.raw_ops.ReadVariableOp(resource=resource, dtype=tf.int64), [])
    with tf.control_dependencies([now]):
        tf.raw_ops.AssignAddVariableOp(resource=resource, value=step)
    return tf.bitcast(tf.stack([now, second_word]), tf.uint64)


class _Executions:
    """The counters of the draws in a function that is called eagerly in the end.

    Whenever a function is executed, it executes each of its draws once; branches and loop bodies are other functions.
    So the number of its executions gives the position of all its draws of known size. The products are made together,
    with room for the draws to come: two nodes more for each draw would double the time that the graph optimizer takes.
    """

    def __init__(self, graph: Any) -> None:
        # The second word is 1, to be multiplied like the first.
        once = constant(np.array([1, 1, next(_sites)], np.int64))
        self._number = _counter_by_case(graph, _advance_private_table, once)
        self._words = np.zeros([0, 2], np.uint64)
        self._factors: Any = None
        self._free: list[Any] = []

    def counter(self, words: Any) -> Any:
        """Returns the number of executions times two words: a counter."""
        if not self._free:
            self._words = np.zeros([min(max(1, 4 * len(self._words)), 256), 2], np.uint64)
            self._factors = constant(self._words)
            products = add_op("Mul", x=self._number, y=self._factors)
            self._free = tf.unstack(products)
        self._words[-len(self._free)] = words
        set_constant(self._factors, self._words)
        return self._free.pop(0)


def _counter_by_executions(graph: Any, words: Any) -> Any:
    kept = graph_attribute(graph, "_compat_v1_init_executions", list)
    with tf.control_dependencies(None), tf.device("CPU:0"):  # Those in force concern the first draw only.
        if not kept:
            kept.append(_Executions(graph))
        return kept[0].counter(words)


def outermost_is_eager() -> bool:
    """Returns whether all functions being traced are called eagerly in the end, and not from a v1 graph."""
    with tf.init_scope():
        return bool(tf.executing_eagerly())


def _of_a_variable(graph: Any) -> bool:
    """Returns whether the draw is the initial value of a variable that is created in a function.

    TensorFlow then moves the value out of the function, and so out of XLA; it could not move a resource. The name scope
    is the only sign of it. A program that uses this name for something else gets a draw that XLA can compile too.
    """
    return any(part.startswith("Initializer") for part in graph.get_name_scope().split("/"))


def drawn_by_xla(graph: Any) -> bool:
    """Returns whether XLA is to compile a draw that is added to `graph` now."""
    return bool(graph_or_parents_in_xla_context(graph) and compiled_by_xla(graph) and not _of_a_variable(graph))


def _counts_executions(graph: Any, seeds: Seeds | None, count: Any) -> bool:
    """Returns whether the number of a function's executions gives the position of a draw in it.

    It does not in a v1 graph: a draw that is not fetched is pruned there and does not advance. It does not under XLA,
    which has no tables. It does not in a loop that is to be vectorized: the loop draws once for each iteration.
    """
    return bool(
        seeds is not None
        and isinstance(count, int)
        and graph.building_function
        and control_flow_context(graph) is None
        and outermost_is_eager()
        and not drawn_by_xla(graph)
        and not in_vectorized_body(graph)
    )


def graph_place(seeds: Seeds | None, count: Any, *, first_only: bool) -> Place:
    """Adds ops to the default graph that give the place of each execution of one draw.

    Args:
      seeds: the draw's seeds; None for a fresh place at every execution.
      count: the number of elements: an int, or an int64 scalar tensor where the graph does not know it.
      first_only: whether every execution gives the first draw, without any state.
    """
    graph = tf.compat.v1.get_default_graph()
    if seeds is None:
        # Entropy of this process, since XLA's own generator starts in the same state in every process.
        key, second_word, body = entropy(1), entropy(1).view(np.int64)[0], _anywhere
    else:
        key, second_word, body = np.array([seeds.seed], np.uint64), seeds.seed2, _advance_private_table
    site = next(_sites)
    if first_only and seeds is not None:
        counter = where = constant(np.array([0, second_word], np.int64).view(np.uint64))
    elif _counts_executions(graph, seeds, count):
        words = np.array([advance(count), second_word], np.int64).view(np.uint64)
        counter = where = _counter_by_executions(graph, words)
    else:
        if isinstance(count, int):
            where = constant(np.array([second_word, advance(count), site], np.int64))
        else:
            where = tf.stack([tf.constant(second_word, tf.int64), advance(count), site])
        counter = _counter_of_a_draw(graph, body, where)
    # The key is the graph's seed, so it is nearly always the same for all draws.
    device = where.op.device
    return Place(shared_constant(key, device), counter, shared_constant(np.array(PHILOX, np.int32), device))


def _counter_of_a_draw(graph: Any, body: Callable[[Any], Any], where: Any) -> Any:
    """Returns the counter of a draw that keeps its position itself."""
    if drawn_by_xla(graph):
        # In a v1 graph a resource would need an initializer, and no program would run it. A vectorized loop could not
        # use the resource.
        kept = outermost_is_eager() and not in_vectorized_body(graph)
        return _xla_counter(where) if kept else _somewhere_under_xla(where)
    if graph.building_function and (outermost_is_eager() or graph_or_parents_in_xla_context(graph)):
        return _counter_by_case(graph, body, where)
    # Not in a `Case`: the name of its branch depends on what else is run, and the state depends on the name.
    return body(where)
