"""Where a draw in a v1 graph starts: the number of its execution times its size, by ops of TensorFlow alone.

`AddManySparseToTensorsMap` stores a sparse tensor and returns its number: 0, 1, 2, ... It counts under a lock of its
own. So each execution of a draw gets a number that no other one gets: its ticket. `TakeManySparseFromTensorsMap`
removes the tensor again, so memory does not grow. No op here waits for another execution, and none can be refused:
TensorFlow runs them, like TF1's random op, also in a step in which another op fails.

The numbers belong to the `shared_name` in the resources of a device. A local Session has resources of its own, so a new
Session starts at 0, as in TF1. On a server they outlive the Session.

The sparse tensor has one row, since one of two rows takes the lock twice, and another thread may get a number between
the two. It has no values, which would cost a third more. What is taken of it is its shape [1, 0]: behind the ticket
it gives the counter by one product. The stateless ops read the first two words of a counter, so the third one is free.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.eager import cpu_of
from compat_v1_init._tensorflow.functions import run_independently
from compat_v1_init._tensorflow.nodes import add_node, apart, constant
from compat_v1_init._tensorflow.vectorized import when_vectorized

from .philox import advance
from .shared import shared_constant

# One row without values.
_INDICES, _VALUES, _SHAPE = np.zeros([0, 2], np.int64), np.zeros([0], np.int64), np.array([1, 0], np.int64)
_AXIS = np.array(0, np.int32)
_TWO = tf.compat.v1.AttrValue(i=2)
_KEYS = np.array([0, 1], np.int64)


def counter_by_ticket(second_word: int, count: Any) -> Any:
    """Adds ops that return the counter of each execution of a draw: uint64, shape [3], of which the third word is 0.

    Args:
      second_word: the counter's second word.
      count: how many elements each execution draws: an int, or an int64 scalar tensor.
    """
    step = advance(count) if isinstance(count, int) else 1
    factors = constant(np.array([step, second_word, 0], np.int64), name="words")
    device = cpu_of(factors.op.device)  # These ops have no kernels for other devices.
    with apart(device):
        name = _unique_name()
        add = add_node("AddManySparseToTensorsMap", _sparse(device), "ticket", T=tf.int64, shared_name=name)
        (ticket,) = add.outputs
        take = add_node("TakeManySparseFromTensorsMap", [ticket], "taken", dtype=tf.int64, shared_name=name)
        run_independently(add)
        run_independently(take)
        # The ticket, or the position itself; then 1 and 0.
        start = ticket if isinstance(count, int) else _position_of_unequal_draws(ticket, count, name, device)
        joined = [start, take.outputs[2], shared_constant(_AXIS, device)]
        numbers = add_node("ConcatV2", joined, "numbers", N=_TWO, T=tf.int64, Tidx=tf.int32).outputs[0]
        words = add_node("Mul", [numbers, factors], "position", T=tf.int64).outputs[0]
        counter = add_node("Bitcast", [words], "counter", T=tf.int64, type=tf.uint64).outputs[0]
    _vectorize(
        ticket, take, numbers, words, counter, lambda iterations: counter_by_ticket(second_word, iterations * count)
    )
    return counter


def _sparse(device: str) -> list[Any]:
    return [shared_constant(value, device) for value in (_INDICES, _VALUES, _SHAPE)]


def _position_of_unequal_draws(ticket: Any, count: Any, name: bytes, device: str) -> Any:
    """Returns [position], where the number of elements is known only as the draw is executed.

    A table holds the ticket that is next and its position. Where executions overlap, the one before may not have
    written them yet. Then all that overlap are taken to be of one size: that of this one.
    """
    raw, step = tf.raw_ops, advance(count)
    table = when_vectorized(raw.MutableHashTableV2(key_dtype=tf.int64, value_dtype=tf.int64, shared_name=name), None)
    keys = shared_constant(_KEYS, device)
    with tf.control_dependencies([ticket]):
        found = raw.LookupTableFindV2(table_handle=table, keys=keys, default_value=tf.constant(0, tf.int64))
    known, start = tf.unstack(when_vectorized(found, None))
    position = start + (ticket[0] - known) * step
    after = tf.stack([ticket[0] + 1, position + step])
    insert = raw.LookupTableInsertV2(table_handle=table, keys=keys, values=after)
    for operation in (table.op, found.op, insert):
        run_independently(operation)
    when_vectorized(insert, None)
    with tf.control_dependencies([insert]):
        return tf.reshape(position, [1])


def _unique_name() -> bytes:
    """Returns a name that no other draw has, of any process: the clients of a server share its resources."""
    return b"draw-" + base64.urlsafe_b64encode(os.urandom(9))


def _vectorize(ticket: Any, take: Any, numbers: Any, words: Any, counter: Any, remake: Callable[[Any], Any]) -> None:
    """Has a vectorized loop draw the values of all its iterations at once, from one counter.

    The original's op does the same: it draws a tensor with one more dimension. All iterations then have this counter,
    and it advances by as many draws as there are iterations.
    """

    def all_counters(iterations: Any, _: Any) -> tuple[Any, Any, Any]:
        one = tf.bitcast(remake(iterations), tf.int64)
        return None, None, tf.tile([one], [iterations, 1])

    when_vectorized(ticket, None)
    when_vectorized(take, all_counters)
    when_vectorized(numbers, lambda _, __, rows, ___: rows, stacked=1)
    when_vectorized(words, lambda _, rows, __: rows, stacked=0)
    when_vectorized(counter, lambda _, rows: tf.bitcast(rows, tf.uint64), stacked=0)
