"""Ops in the body of `tf.vectorized_map` and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from . import private, tf

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
        wrap = private("wrap", "ops.parallel_for.pfor")
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
