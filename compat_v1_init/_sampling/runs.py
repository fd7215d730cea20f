"""How the elements of a slice are drawn alone: only at the counters that they need.

The kernels fill a draw in groups: of 4 elements, 2 in float64. Each group starts at a counter of its own, so a
contiguous run of elements is a draw that starts at a later counter. Where the run begins inside a group, the elements
before it are drawn and dropped. A slice that is cut along another axis than the first is many such runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from compat_v1_init._tensorflow import VERSION, tf

from .kernel import sample
from .philox import PHILOX, counters_before, group_size
from .request import Kernel, Place, Slice

# Rows drawn by one step of a loop, where each row has its own op, since no kernel takes more than one counter. With so
# many rows the cost of the loop itself is small, and the trace is still short.
_ROWS_PER_STEP = 128
# Elements drawn by one step of a loop, where one op draws many: they fit in a cache, and two threads speed them up.
_STRETCH = 1 << 18
# How many elements are drawn in the time of one more op (about 1.2 us), measured on 2 cores.
_OP_COST = {"truncated_normal": 100, "random_normal": 200, "random_uniform": 700}


class Runs(NamedTuple):
    """The contiguous runs of a slice in the whole draw: `rows` of them in each cell of `outer`.

    Slices of one form have equal runs, wherever they start. So they share one traced function.
    """

    phase: int
    """How many elements of its group precede the first one."""
    outer: tuple[tuple[int, int], ...]
    """Size and stride of each axis outside of the rows."""
    rows: int
    period: int
    """From the start of a row to that of the next one, in elements."""
    width: int
    """Elements of each row."""


def runs_of(box: Slice, dtype: Any) -> tuple[int, Runs]:
    """Returns the first element of a slice, and its runs: a single row where it is contiguous."""
    if 0 in box.shape:
        return 0, Runs(0, (), 1, 0, 0)
    strides = [math.prod(box.full_shape[axis + 1 :]) for axis in range(len(box.shape))]
    start = sum(offset * stride for offset, stride in zip(box.offset, strides))
    axes = [(size, stride) for size, stride in zip(box.shape, strides) if size != 1]
    width = 1
    while axes and axes[-1][1] == width:
        width *= axes.pop()[0]
    rows, period = axes.pop() if axes else (1, width)
    return start, Runs(start % group_size(dtype), tuple(axes), rows, period, width)


def is_a_draw(runs: Runs) -> bool:
    """Returns whether a slice is what the kernel gives at a later counter, and nothing else."""
    return runs.rows == 1 and runs.phase == 0


def needs_loop(runs: Runs) -> bool:
    """Returns whether a slice takes more than one draw."""
    return runs.rows > 1 or (runs.phase > 0 and runs.width > _STRETCH)


def draw_runs(kernel: Kernel, dtype: Any, runs: Runs, key: Any, counter: Any, start: Any) -> Any:
    """Returns the elements of a slice, shape [n], without drawing many more than them.

    Args:
      kernel: the distribution.
      dtype: the dtype of the elements.
      runs: the slice's runs.
      key: the key of the draw, uint64, shape [1].
      counter: where the whole draw starts, int64, shape [2].
      start: the slice's first element, an int64 scalar.
    """
    draw = _Draw(kernel, dtype, key, counter)
    return _one_run(draw, runs, start) if runs.rows == 1 else _many_runs(draw, runs, start)


class _Draw(NamedTuple):
    """The whole draw that a slice is cut out of."""

    kernel: Kernel
    dtype: Any
    key: Any
    counter: Any

    def at(self, first: Any) -> Any:
        """Returns the counters of the groups that hold the elements `first`, an int64 scalar or vector."""
        skip = counters_before(self.kernel, self.dtype, first)
        return tf.bitcast(self.counter + tf.stack([skip, tf.zeros_like(skip)], axis=-1), tf.uint64)

    def elements(self, count: int, at: Any) -> Any:
        """Returns a number of elements from a counter on, shape [count]."""
        shape = tf.constant([count], tf.int64)
        return sample(self.kernel, self.dtype, shape, Place(self.key, at, tf.constant(PHILOX, tf.int32)))


def _one_run(draw: _Draw, runs: Runs, start: Any) -> Any:
    dropped, size = runs.phase, runs.width

    def stretch(begin: Any, length: int) -> Any:
        return draw.elements(length, draw.at(start - dropped + begin))

    if not dropped:
        return stretch(0, size)
    if size <= _STRETCH:
        return stretch(0, dropped + size)[dropped:]
    # Dropping needs a copy. It is made in pieces, so that the memory never holds the run twice.
    result = _write(_empty(size, draw.dtype), 0, stretch(0, _STRETCH)[dropped:])
    whole, rest = divmod(dropped + size, _STRETCH)

    def step(number: Any, result: Any) -> tuple[Any, Any]:
        begin = number * _STRETCH
        return number + 1, _write(result, begin - dropped, stretch(begin, _STRETCH))

    result = _loop(1, whole, step, result)
    return _write(result, size - rest, stretch(whole * _STRETCH, rest)) if rest else result


def _many_runs(draw: _Draw, runs: Runs, start: Any) -> Any:
    group = group_size(draw.dtype)
    aligned = all(n % group == 0 for n in (runs.phase, runs.period, *(stride for _, stride in runs.outer)))
    cells = math.prod(size for size, _ in runs.outer)
    # The cheaper of two ways: an op for each row, or one for many rows and the elements between them.
    if runs.width + _OP_COST[draw.kernel] < runs.period:
        batch, ops = 1, min(cells * runs.rows, _ROWS_PER_STEP)
    else:
        batch, ops = min(runs.rows, max(1, _STRETCH // runs.period)), 1
    drawn = batch * runs.period if batch > 1 else runs.width
    batches = -(-runs.rows // batch)

    def values(first: Any, at: Any) -> Any:
        if aligned:
            drawn_values = draw.elements(drawn, at)
        else:
            drawn_values = tf.slice(draw.elements(drawn + group - 1, at), [first % group], [drawn])
        if batch == 1:
            return drawn_values
        return tf.reshape(tf.reshape(drawn_values, [batch, runs.period])[:, : runs.width], [-1])

    def step(number: Any, result: Any) -> tuple[Any, Any]:
        # A step that would reach past the end begins earlier, and draws some rows again.
        chosen = tf.minimum(number * ops, cells * batches - ops) + tf.range(ops, dtype=tf.int64)
        cell, row = chosen // batches, tf.minimum(chosen % batches * batch, runs.rows - batch)
        position = (cell * runs.rows + row) * runs.width
        first = start + row * runs.period
        for size, stride in reversed(runs.outer):
            first += cell % size * stride
            cell //= size
        places = zip(tf.unstack(first, ops), tf.unstack(draw.at(first), ops))
        return number + 1, _write(result, position[0], tf.concat([values(*place) for place in places], axis=0))

    return _loop(0, -(-cells * batches // ops), step, _empty(cells * runs.rows * runs.width, draw.dtype))


def _empty(size: int, dtype: Any) -> Any:
    if dtype == tf.bfloat16 and VERSION < (2, 6):
        return tf.zeros([size], dtype)  # TensorFlow 2.5 has no Empty of bfloat16.
    # The kernel takes its shape in int32 only. With two axes more elements are possible.
    width = math.gcd(size, 1 << 16)
    return tf.reshape(tf.raw_ops.Empty(shape=tf.constant([size // width, width]), dtype=dtype), [size])


def _write(result: Any, position: Any, values: Any) -> Any:
    """Returns `result` with `values` from `position` on; in place, since no other tensor shares its buffer."""
    begin = tf.reshape(tf.cast(position, tf.int64), [1])
    end = begin + tf.size(values, out_type=tf.int64)
    one = tf.constant([1], tf.int64)
    return tf.raw_ops.TensorStridedSliceUpdate(input=result, begin=begin, end=end, strides=one, value=values)


def _loop(first: int, end: int, step: Callable[[Any, Any], tuple[Any, Any]], result: Any) -> Any:
    state = [tf.constant(first, tf.int64), result]
    # Two steps at a time, since TensorFlow runs ops of this size one after the other.
    return tf.while_loop(lambda number, _: number < end, step, state, parallel_iterations=2)[1]
