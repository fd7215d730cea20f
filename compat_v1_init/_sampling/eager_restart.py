"""When all eager streams start again: TensorFlow has dropped its cached kernels.

TF1's eager kernels hold the positions. TensorFlow drops them on `tf.random.set_seed`, `clear_session`, and when the
program connects to other hosts. Then its devices may have other names too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from compat_v1_init._tensorflow.eager import CachedKernel

# A thread holds it only for a moment, and never while it draws.
lock = threading.RLock()
if hasattr(os, "register_at_fork"):  # A child must not inherit it locked, since it does not have the thread.
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)


class _Restarts:
    """The restarts of this process."""

    def __init__(self) -> None:
        self.count = 0
        self.forget: list[Callable[[], None]] = []
        self.forget_with_devices: list[Callable[[], None]] = []
        self._kernel: CachedKernel | None = None

    def notice_devices(self) -> None:
        """Does so only if TensorFlow has other devices now; it takes a tenth of the time."""
        if self._kernel is None or not self._kernel.has_devices():
            self.notice()

    def notice(self) -> None:
        """Starts all streams again if TensorFlow has dropped its kernels.

        Called before a stream is named, and after the seeds are taken: what a program has put in the place of
        `get_seed` may call `set_seed`.
        """
        if self._kernel is not None and not self._kernel.is_gone():
            return
        with lock:
            if self._kernel is not None and not self._kernel.is_gone():
                return
            same_devices = self._kernel is not None and self._kernel.has_devices()
            for forget in [*self.forget, *([] if same_devices else self.forget_with_devices)]:
                forget()
            self.count += 1
            self._kernel = CachedKernel()


restarts = _Restarts()
