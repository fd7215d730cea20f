"""Where a draw in a function starts that is called eagerly in the end: the number of its executions, from a table.

TF1's kernels in such a function keep their position until `tf.random.set_seed` drops them. A table that is private to
its kernel lives as long. Find and Insert are two ops, so a lock makes them one.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.eager import cpu_of
from compat_v1_init._tensorflow.functions import (
    call_on_one_thread,
    function_reference,
    lower_to_switch,
    outermost_is_eager,
    run_first,
)
from compat_v1_init._tensorflow.nodes import add_op, apart, constant, graph_attribute, set_constant
from compat_v1_init._tensorflow.vectorized import when_vectorized
from compat_v1_init._tensorflow.xla import keep_out_of_clusters

from .shared import shared_table
from .xla_position import somewhere_under_xla


def _vectorizable(counter: Any, remake: Callable[[Any], Any]) -> Any:
    """Returns `counter`, so that a vectorized loop draws the values of all its iterations from it at once.

    The original's op does the same: it draws a tensor with one more dimension. All iterations then have this counter,
    and it advances by as many draws as there are iterations.
    """

    def convert(iterations: Any, _: Any, where: Any) -> Any:
        second_word, step, site = tf.unstack(where, 3)
        return tf.tile([remake(tf.stack([second_word, step * iterations, site]))], [iterations, 1])

    return when_vectorized(counter, convert)


def advance_private_table(where: Any) -> Any:
    """Returns the counter and advances it, in a table that belongs to its kernel and starts out empty.

    Args:
      where: int64: the counter's second word, how far to advance its first word, and the number of the call site. The
        site is the key in the table. One table for each call site does not work: when a SavedModel is loaded, all
        tables made here get one name and become one table.
    """
    device = cpu_of(where.op.device)  # A call has no kernel by which TensorFlow could find out that it needs the CPU.
    with apart(device):
        counter = call_on_one_thread(_take_turn, [shared_table(device), where], tf.uint64)
    return _vectorizable(counter, advance_private_table)


# `Stage` waits for room in its buffer. So a buffer for one element is a lock, and it costs far less than `MutexLock`.
# There is one lock for each device: the functions of two fetches of a Session are not the same, but may use one table.
_LOCK = {"capacity": 1, "shared_name": "compat_v1_init"}


def _take_turn(table: Any, where: Any) -> Any:
    """Returns the counter in a table and advances it, under a lock.

    Find and Insert are two ops: without a lock two threads would get the same draw. This function runs on one thread.
    So the thread that holds the lock always reaches the release, even if all threads of the executor wait for the lock.
    It cannot stop before that: none of these ops can fail, or checks whether the step is cancelled.
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


# The arguments of the functions above.
_SIGNATURE = [tf.TensorSpec([3], tf.int64)]

_sites = itertools.count()


def next_site() -> int:
    """Returns a number for a call site."""
    return next(_sites)


@functools.cache
def _concrete(body: Callable[[Any], Any]) -> Any:
    # Traced in a new graph, so that the seeds, devices and control dependencies in force here do not enter it.
    with tf.Graph().as_default():
        return tf.function(body, input_signature=_SIGNATURE, autograph=False).get_concrete_function()


def counter_by_case(graph: Any, body: Callable[[Any], Any], where: Any) -> Any:
    """Returns the counter that `body` gives; if XLA compiles this function after all, one that XLA can give."""
    site = next_site()
    # `DeviceIndex` gives 2 under XLA. Its compiler then drops the branches that it could not compile. The op gives 2
    # also in a cluster that XLA makes by itself. There the draw is not to be compiled, so the op is kept out.
    index = keep_out_of_clusters(tf.raw_ops.DeviceIndex(device_names=["CPU", "GPU"]))
    functions = (_concrete(body), _concrete(body), _concrete(somewhere_under_xla))
    counter = tf.raw_ops.Case(
        branch_index=when_vectorized(index, None),
        input=[where],
        Tout=[tf.uint64],
        branches=[function_reference(f, graph, site) for f in functions],
        output_shapes=[[2]],
    )[0]
    if outermost_is_eager():  # In a v1 graph XLA would find the Switch.
        lower_to_switch(counter.op)
    return _vectorizable(keep_out_of_clusters(counter), functools.partial(counter_by_case, graph, body))


class _Executions:
    """The counters of the draws in a function that is called eagerly in the end.

    Whenever a function is executed, it executes each of its draws once; branches and loop bodies are other functions.
    So the number of its executions gives the position of all its draws of known size. The products are made together,
    with room for the draws to come: two nodes more for each draw would double the time that the graph optimizer takes.
    """

    def __init__(self, graph: Any) -> None:
        # The second word is 1, to be multiplied like the first.
        once = constant(np.array([1, 1, next_site()], np.int64))
        self._number = counter_by_case(graph, advance_private_table, once)
        # A step that fails cancels the calls of functions that have not begun. TF1's random ops run all the same.
        run_first(self._number.op)
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


def counter_by_executions(graph: Any, words: Any) -> Any:
    """Returns the number of the function's executions times two words: a counter."""
    kept = graph_attribute(graph, "_compat_v1_init_executions", list)
    with tf.control_dependencies(None), tf.device("CPU:0"):  # Those in force concern the first draw only.
        if not kept:
            kept.append(_Executions(graph))
        return kept[0].counter(words)
