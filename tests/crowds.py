"""Draws by several threads that start together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def in_threads(draw: Callable[[], Value], threads: int, times: int, timeout: float) -> list[Value]:
    """Calls `draw` in threads that start together; returns what all of them got, within seconds."""
    barrier = threading.Barrier(threads, timeout=timeout)
    found: list[Value] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            barrier.wait()
            found.extend([draw() for _ in range(times)])
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout)
    if any(worker.is_alive() for worker in workers):
        msg = f"a thread did not end within {timeout} s"
        raise TimeoutError(msg)
    if errors:
        raise errors[0]
    return found
