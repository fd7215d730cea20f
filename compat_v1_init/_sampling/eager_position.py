"""Where in the stream an eager draw starts.

TF1's eager kernels hold their position until `tf.random.set_seed` or `clear_session` empties the kernel cache. Here one
dict of the process holds the positions. It is emptied when a kernel of the same cache is seen to be gone.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from compat_v1_init._tensorflow import at_once, tf

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
        self._lock = threading.Lock()
        self._positions: dict[StreamId, list[int]] = {}  # each a list of one int, so that a draw looks it up once
        # The device on which a kernel runs, by its name, its dtype and the requested device.
        self.devices: dict[tuple[str, int, str], str] = {}
        self._table: Any = None
        self._restarts = 0

    def _restart_if_kernels_are_gone(self) -> None:
        """Forgets all positions when TensorFlow has emptied its kernel cache since the last draw.

        A table made by an eager op belongs to the op's kernel. When the cache drops the kernel, the table goes too,
        and asking for its size fails. TF1's random kernels would have been reset then.
        """
        with at_once():  # An asynchronous executor would raise the error later, from every op.
            try:
                tf.raw_ops.LookupTableSizeV2(table_handle=self._table)
            except (tf.errors.NotFoundError, ValueError):  # ValueError: no table yet
                self._positions.clear()
                self.devices.clear()
                self._restarts += 1
                with tf.device("CPU:0"):
                    self._table = tf.raw_ops.MutableHashTableV2(key_dtype=tf.int64, value_dtype=tf.int64)

    def claim(self, stream: StreamId, count: int) -> int:
        """Returns the offset of a draw of `count` elements and advances the stream past it."""
        with self._lock:
            self._restart_if_kernels_are_gone()
            position = self._positions.setdefault(stream, [0])
            offset = position[0]
            position[0] = offset + advance(count)
        return offset

    def restarts(self) -> int:
        """Returns how often all streams of this process have been reset."""
        with self._lock:
            self._restart_if_kernels_are_gone()
            return self._restarts

    def give_back(self, stream: StreamId, count: int, offset: int) -> None:
        """Undoes a claim whose draw failed: TF1's kernels fail before they advance."""
        with self._lock:
            position = self._positions.get(stream, [0])
            if position[0] == offset + advance(count):
                position[0] = offset


eager_streams = _EagerStreams()
