"""The constants of eager draws: where they lie, and how long they are kept."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.eager import at_once, is_local, local_cpu, requested_device

from .eager_restart import restarts

_Cached = TypeVar("_Cached", bound=Callable[..., Any])


def until_devices_change(maxsize: int) -> Callable[[_Cached], _Cached]:
    """Caches what a function returns, until TensorFlow has other devices."""

    def decorate(function: _Cached) -> _Cached:
        cached: Any = functools.lru_cache(maxsize)(function)
        restarts.forget_with_devices.append(cached.cache_clear)
        return cached  # type: ignore[no-any-return]

    return decorate


def find_home() -> str:
    """Returns where the constants of a draw lie: on the requested device, or "", this process's CPU.

    The latter is for a device of another host too. So a program that forbids copies between its own devices needs none,
    and nothing that is kept is lost with a host.
    """
    restarts.notice_devices()
    return _home_for(requested_device())


@until_devices_change(maxsize=64)
def _home_for(device: str) -> str:
    return device if is_local(device) else ""


@contextlib.contextmanager
def at_home(place: str) -> Iterator[None]:
    """Makes the constants of a `with` block at a place that :func:`find_home` returned."""
    with tf.device(place or local_cpu()), at_once():
        yield
