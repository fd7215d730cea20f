"""Settings that change where a draw is in its stream. TF1's numbers need none of them."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

Stream = Literal["continue", "first"]
Partitions = Literal["draws", "slices"]


class Options(NamedTuple):
    """The settings in force. See :func:`options` for what each one means."""

    stream: Stream = "continue"
    partitions: Partitions = "draws"


_ALLOWED = {
    "stream": (
        get_args(Stream),
        "'continue' gives each execution the next draw, as TF1 does; 'first' gives every execution the first draw",
    ),
    "partitions": (
        get_args(Partitions),
        "'draws' gives each shard of a variable a draw of its own, as TF1 does; 'slices' gives it its slice of one",
    ),
}


_process_wide = Options()
_in_this_context: contextvars.ContextVar[Options | None] = contextvars.ContextVar(
    "compat_v1_init_options", default=None
)


def current_options() -> Options:
    """Returns the settings in force here: the innermost `with options(...)`, else the process-wide ones."""
    return _in_this_context.get() or _process_wide


def set_options(*, stream: Stream | None = None, partitions: Partitions | None = None) -> None:
    """Sets the process-wide options that are given; called without arguments, restores the defaults.

    Args:
      stream: as in :func:`options`.
      partitions: as in :func:`options`.

    Raises:
      ValueError: if an argument is not one of the allowed values.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.set_options(stream="first")
    >>> compat_v1_init.set_options()
    """
    global _process_wide  # noqa: PLW0603 - this is the process-wide setting
    changes = _given(stream, partitions)
    _process_wide = _process_wide._replace(**changes) if changes else Options()


def _given(stream: Stream | None, partitions: Partitions | None) -> dict[str, Any]:
    given: dict[str, Any] = {"stream": stream, "partitions": partitions}
    changes = {name: value for name, value in given.items() if value is not None}
    for name, value in changes.items():
        allowed, meaning = _ALLOWED[name]
        if value not in allowed:
            msg = f"Argument `{name}` must be one of {allowed}: {meaning}. Received: {value!r}"
            raise ValueError(msg)
    return changes


@contextlib.contextmanager
def options(*, stream: Stream | None = None, partitions: Partitions | None = None) -> Iterator[None]:
    """Sets options for the calls made inside a `with` block, in this thread or task only.

    An option acts when an initializer is *called*. A graph or a traced function keeps the options with which it was
    built. An option that is not given keeps the value that it has outside of the block.

    Args:
      stream: `"continue"` (default): each execution begins where the last one ended, as TF1's kernels do.
        `"first"`: every execution gives the first draw of its stream, and a graph holds no table, lock or other
        resource for it.
      partitions: `"draws"` (default): each shard of a partitioned variable is a draw of its own, as in TF1, where with
        an op seed shards of one shape are equal. `"slices"`: each shard is its slice of the one draw that the whole
        variable would get, so the first values do not depend on the partitioning. Shards belong together as long as
        one thread asks for them in a row, without overlap. In a graph their initializers then run together.

    Yields:
      None.

    Raises:
      ValueError: if an argument is not one of the allowed values.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.variance_scaling_initializer(seed=1)
    >>> with compat_v1_init.options(stream="first"):
    ...     bool((init([2, 3]) == init([2, 3])).numpy().all())
    True
    """
    token = _in_this_context.set(current_options()._replace(**_given(stream, partitions)))
    try:
        yield
    finally:
        _in_this_context.reset(token)
