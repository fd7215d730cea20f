"""Where in the stream a draw in a graph or a function starts: the counter of each execution.

TF1's random kernels hold their position themselves. It starts at 0, each execution advances it by 256 for every
element drawn, and it lives as long as the kernel: a Session or a concrete function. Each mode has a state that lives as
long:

| mode | state | module |
|---|---|---|
| v1 graph, and the functions that it calls | a count of executions in the Session's resources | `ticket.py` |
| `tf.function` and the like | a table private to its kernel | `function_position.py` |
| compiled by XLA | a resource made while tracing | `xla_position.py` |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.functions import outermost_is_eager, run_independently
from compat_v1_init._tensorflow.nodes import constant, control_flow_context
from compat_v1_init._tensorflow.vectorized import in_vectorized_body, when_vectorized
from compat_v1_init._tensorflow.xla import graph_or_parents_in_xla_context

from .function_position import advance_private_table, counter_by_case, counter_by_executions, next_site
from .philox import PHILOX, advance, entropy
from .request import Place
from .shared import shared_constant
from .ticket import counter_by_ticket
from .xla_position import drawn_by_xla, somewhere_under_xla, xla_counter

if TYPE_CHECKING:
    from .seeds import Seeds


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
        key, second_word = entropy(1), int(entropy(1).view(np.int64)[0])
    else:
        key, second_word = np.array([seeds.seed], np.uint64), seeds.seed2
    if first_only and seeds is not None:
        counter = constant(np.array([0, second_word], np.int64).view(np.uint64))
    elif drawn_by_xla(graph):
        # In a v1 graph a resource would need an initializer, and no program would run it. A vectorized loop could not
        # use the resource.
        kept = outermost_is_eager() and not in_vectorized_body(graph)
        counter = (xla_counter if kept else somewhere_under_xla)(_where(second_word, count))
    elif not graph.building_function or not (outermost_is_eager() or graph_or_parents_in_xla_context(graph)):
        counter = _anywhere(None) if seeds is None else counter_by_ticket(second_word, count)
    elif _counts_executions(graph, seeds, count):
        words = np.array([advance(count), second_word], np.int64).view(np.uint64)
        counter = counter_by_executions(graph, words)
    else:
        body = _anywhere if seeds is None else advance_private_table
        counter = counter_by_case(graph, body, _where(second_word, count))
    # The key is the graph's seed, so it is nearly always the same for all draws.
    device = counter.op.device
    return Place(shared_constant(key, device), counter, shared_constant(np.array(PHILOX, np.int32), device))


def _counts_executions(graph: Any, seeds: Seeds | None, count: Any) -> bool:
    """Returns whether the number of a function's executions gives the position of a draw in it.

    It does not in a v1 while loop or cond. It does not in a loop that is to be vectorized, which draws once for each
    iteration. It does not in a function that a v1 graph calls in the end.
    """
    return bool(
        seeds is not None
        and isinstance(count, int)
        and control_flow_context(graph) is None
        and outermost_is_eager()
        and not in_vectorized_body(graph)
    )


def _where(second_word: int, count: Any) -> Any:
    """Returns what the bodies of a `Case` take: the second word, how far to advance the first, and the call site."""
    site = next_site()
    if isinstance(count, int):
        return constant(np.array([second_word, advance(count), site], np.int64))
    return tf.stack([tf.constant(second_word, tf.int64), advance(count), site])


def _anywhere(where: Any) -> Any:
    """Returns a counter from the machine's entropy."""
    del where
    counter = tf.raw_ops.NonDeterministicInts(shape=tf.constant([2], tf.int32), dtype=tf.uint64)
    run_independently(counter.op)
    return when_vectorized(counter, lambda iterations, _: tf.tile([_anywhere(None)], [iterations, 1]))
