"""Where in the stream an eager draw starts.

TF1's eager kernels hold their position until TensorFlow drops them. Here one dict of the process holds the positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .eager_restart import lock, restarts
from .philox import advance

if TYPE_CHECKING:
    from .seeds import Seeds


class StreamId(NamedTuple):
    """What must be equal for two eager draws to share TF1's kernel, and so its stream."""

    kernel: str
    seeds: Seeds
    dtype: int  # The numbers of TensorFlow's enum, since hashing a dtype is slow.
    shape_dtype: int
    device: str


class _EagerStreams:
    """The positions of all eager streams of this process."""

    def __init__(self) -> None:
        self._positions: dict[StreamId, list[int]] = {}  # each a list of one int, so that a draw looks it up once
        restarts.forget.append(self._positions.clear)

    def claim(self, stream: StreamId, count: int) -> int:
        """Returns the offset of a draw of `count` elements and advances the stream past it."""
        with lock:
            position = self._positions.setdefault(stream, [0])
            offset = position[0]
            position[0] = offset + advance(count)
        return offset

    def give_back(self, stream: StreamId, count: int, offset: int) -> None:
        """Undoes a claim whose draw failed: TF1's kernels fail before they advance."""
        with lock:
            position = self._positions.get(stream, [0])
            if position[0] == offset + advance(count):
                position[0] = offset


eager_streams = _EagerStreams()
