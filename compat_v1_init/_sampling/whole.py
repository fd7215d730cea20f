"""Which slices belong to the same draw.

A caller asks for the shards of a variable one by one, in separate calls. Yet all shards must share the seeds and the
place of one draw. With the graph's seed alone, each call would take another seed. So the last whole draw is kept for
the calls that follow: for each thread, and in each graph.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.nodes import control_flow_context, graph_attribute

from .eager_restart import restarts

if TYPE_CHECKING:
    from .request import Slice

_last_eager = threading.local()


class Whole:
    """A whole draw, and the slices of it that were requested."""

    def __init__(self, identity: Hashable, memory: threading.local) -> None:
        self._identity = identity
        self._memory = memory
        self._slices: list[Slice] = []
        self.place: tuple[Any, Any] | None = None
        """The key and the counter where it starts; None until they are found."""

    def holds(self, identity: Hashable, box: Slice) -> bool:
        """Returns whether a slice is of this draw: a slice that overlaps an earlier one begins a new draw."""
        return self._identity == identity and not any(_overlap(box, other) for other in self._slices)

    def add(self, box: Slice) -> None:
        """Keeps this draw, for the slices that follow `box`."""
        self._memory.last = self
        self._slices.append(box)


def whole_of(identity: Hashable, box: Slice) -> Whole:
    """Returns the draw that a slice is part of: that of the slice before, or a new one.

    Args:
      identity: what slices of one draw have in common.
      box: the slice.
    """
    if tf.executing_eagerly():
        restarts.notice()
        memory = _last_eager
        identity = (identity, restarts.count)
    else:
        graph = tf.compat.v1.get_default_graph()
        # Stored on the graph, so that it is freed with the graph. A later thread may get the number of one that ended.
        memory = graph_attribute(graph, "_compat_v1_init_wholes", threading.local)
        identity = (identity, control_flow_context(graph))
    last: Whole | None = getattr(memory, "last", None)
    return last if last is not None and last.holds(identity, box) else Whole(identity, memory)


def _overlap(one: Slice, other: Slice) -> bool:
    sides = zip(one.offset, one.shape, other.offset, other.shape)
    return all(max(a, b) < min(a + size_a, b + size_b) for a, size_a, b, size_b in sides)
