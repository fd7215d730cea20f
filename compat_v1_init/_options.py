"""Settings that change where a draw stands in its stream: none is needed for TF1's numbers."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
from collections.abc import Iterator
from typing import Literal, get_args

Stream = Literal["continue", "first"]


@dataclasses.dataclass(frozen=True)
class Options:
    """The settings in force. See :func:`options` for what each one means."""

    stream: Stream = "continue"

    def __post_init__(self) -> None:
        allowed = get_args(Stream)
        if self.stream not in allowed:
            msg = (
                f"Argument `stream` must be one of {allowed}: 'continue' gives each execution the next draw, "
                f"as TF1 does; 'first' gives every execution the first draw. Received: {self.stream!r}"
            )
            raise ValueError(msg)


_process_wide = Options()
_in_this_context: contextvars.ContextVar[Options | None] = contextvars.ContextVar(
    "compat_v1_init_options", default=None
)


def current_options() -> Options:
    """Returns the settings in force here: the innermost `with options(...)`, else the process-wide ones."""
    return _in_this_context.get() or _process_wide


def set_options(*, stream: Stream = "continue") -> None:
    """Sets the process-wide options; called without arguments, restores the defaults.

    Args:
      stream: as in :func:`options`.

    Raises:
      ValueError: if `stream` is not one of the allowed values.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.set_options(stream="first")
    >>> compat_v1_init.set_options()
    """
    global _process_wide  # noqa: PLW0603 - this is the process-wide setting
    _process_wide = Options(stream=stream)


@contextlib.contextmanager
def options(*, stream: Stream = "continue") -> Iterator[None]:
    """Sets options for the calls made inside a `with` block, in this thread or task only.

    An option acts where an initializer is *called*: a graph or a traced function keeps what was in force while it was
    built.

    Args:
      stream: `"continue"` (default): each execution goes on where the last one ended, as TF1's kernels do.
        `"first"`: every execution gives the first draw of its stream, and a graph holds no table, mutex or other
        resource for it.

    Yields:
      None.

    Raises:
      ValueError: if `stream` is not one of the allowed values.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.variance_scaling_initializer(seed=1)
    >>> with compat_v1_init.options(stream="first"):
    ...     bool((init([2, 3]) == init([2, 3])).numpy().all())
    True
    """
    token = _in_this_context.set(Options(stream=stream))
    try:
        yield
    finally:
        _in_this_context.reset(token)
