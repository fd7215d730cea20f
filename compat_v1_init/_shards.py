"""Which slice of which whole: what a caller says of a shard, and which shards belong to one execution of one stream.

A caller asks for the shards of a variable one by one, and the calls do not know of each other. Yet all shards must
share the seeds and the place of one draw. With the graph's seed alone, each call would take a seed of its own. So the
place of the last whole draw is kept for the calls that follow: for each thread, and in each graph.
"""

from __future__ import annotations

import inspect
import math
import sys
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from ._dtensor import is_layout
from ._options import current_options
from ._slices import Slice
from ._stream import MOST_ELEMENTS
from ._tensorflow import control_flow_context, graph_attribute, tf

_Place = TypeVar("_Place")
_Call = TypeVar("_Call", bound=Callable[..., Any])


def tf1_signature(call: _Call) -> _Call:
    """Makes a `__call__` show only TF1's parameters: TensorFlow and users read them to know what they may pass."""
    signature = inspect.signature(call)
    shown = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    call.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    return call


def requested_part(
    initializer: Any, shape: Any, partition_info: Any, extra: Mapping[str, Any]
) -> tuple[Any, Slice | Any | None]:
    """Returns the shape that the fans come from, and what is asked for: a slice, a DTensor layout, or None for all.

    Args:
      initializer: the object that was called.
      shape: the `shape` of the call: of the shard with `partition_info`, of the whole variable without it.
      partition_info: as TF1's `get_variable` passes it: has `full_shape` and `var_offset`.
      extra: what `ParameterServerStrategy` may pass: `partition_shape` and `partition_offset`, or `shard_info`;
        or the `layout` of a DTensor.

    Raises:
      TypeError: if `extra` holds what the call does not accept. As in TF1 that is all of it, unless shards are slices.
      ValueError: if the slice does not lie within the whole.
    """
    if partition_info is None and not extra:
        return shape, None
    slices = current_options().partitions == "slices"
    if slices and set(extra) == {"partition_shape", "partition_offset"}:
        return shape, _slice(shape, extra["partition_offset"], extra["partition_shape"])
    if slices and set(extra) == {"shard_info"}:
        return shape, _slice(shape, extra["shard_info"].offset, extra["shard_info"].shape)
    if set(extra) == {"layout"} and partition_info is None and is_layout(extra["layout"]):
        return shape, extra["layout"]
    for name in extra:
        call = type(initializer).__call__
        called = call.__qualname__ if sys.version_info >= (3, 10) else call.__name__
        msg = f"{called}() got an unexpected keyword argument '{name}'"  # Python's own text
        raise TypeError(msg)
    full_shape = partition_info.full_shape
    return full_shape, _slice(full_shape, partition_info.var_offset, shape) if slices else None


def _slice(full_shape: Any, offset: Any, shape: Any) -> Slice:
    full, box = (tuple(tf.TensorShape(s).as_list()) for s in (full_shape, shape))
    offset = tuple(int(o) for o in offset)
    inside = len(full) == len(offset) == len(box) and all(
        0 <= o <= o + size <= whole for o, size, whole in zip(offset, box, full)
    )
    if not inside:
        msg = (
            "A shard must lie within its variable: on every axis, 0 <= offset and offset + size <= full size. "
            f"Received: shape {list(box)} at offset {list(offset)} of full shape {list(full)}"
        )
        raise ValueError(msg)
    if math.prod(full) > MOST_ELEMENTS:
        msg = f"A variable can have 2**55 - 1 elements at most. Received: full shape {list(full)}"
        raise ValueError(msg)
    return Slice(full, offset, box)


class _Whole:
    """A whole draw, and the slices of it that callers have asked for."""

    def __init__(self, identity: Hashable, place: Any) -> None:
        self.identity = identity
        self.place = place
        self.slices: list[Slice] = []


_last_eager = threading.local()


def place_of_whole(identity: Hashable, box: Slice, find: Callable[[], _Place]) -> _Place:
    """Returns the place of the draw that a slice is part of: that of the slice before, or a new one.

    Args:
      identity: what slices of one draw have in common.
      box: the slice. One that overlaps an earlier one begins a new draw.
      find: finds the place of a new draw.
    """
    if tf.executing_eagerly():
        memory: Any = vars(_last_eager)
    else:
        graph = tf.compat.v1.get_default_graph()
        # Stored on the graph, so that it is freed with the graph.
        memory = graph_attribute(graph, "_compat_v1_init_wholes", dict)
        identity = (identity, control_flow_context(graph))
    thread = threading.get_ident()
    whole = memory.get(thread)
    if whole is None or whole.identity != identity or any(_overlap(box, other) for other in whole.slices):
        whole = memory[thread] = _Whole(identity, find())
    whole.slices.append(box)
    place: _Place = whole.place
    return place


def _overlap(one: Slice, other: Slice) -> bool:
    sides = zip(one.offset, one.shape, other.offset, other.shape)
    return all(max(a, b) < min(a + size_a, b + size_b) for a, size_a, b, size_b in sides)
