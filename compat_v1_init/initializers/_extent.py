"""Which part of which variable: what the arguments of a call say about a shard."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from compat_v1_init._options import current_options
from compat_v1_init._sampling.dtensor import is_layout
from compat_v1_init._sampling.philox import MOST_ELEMENTS
from compat_v1_init._sampling.request import Extent, Slice
from compat_v1_init._tensorflow import tf


def requested_extent(initializer: Any, shape: Any, partition_info: Any, extra: Mapping[str, Any]) -> tuple[Any, Extent]:
    """Returns the full shape of the variable, which TF1's fans come from, and how much of it is asked for.

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
        return shape, Extent(shape)
    slices = current_options().partitions == "slices"
    if slices and set(extra) == {"partition_shape", "partition_offset"}:
        return shape, _sliced(shape, extra["partition_offset"], extra["partition_shape"])
    if slices and set(extra) == {"shard_info"}:
        return shape, _sliced(shape, extra["shard_info"].offset, extra["shard_info"].shape)
    if set(extra) == {"layout"} and partition_info is None and is_layout(extra["layout"]):
        return shape, Extent(shape, layout=extra["layout"])
    if extra:
        _raise_as_python(type(initializer).__call__, extra)
    full_shape = partition_info.full_shape
    return full_shape, _sliced(full_shape, partition_info.var_offset, shape) if slices else Extent(shape)


def _raise_as_python(call: Any, extra: Mapping[str, Any]) -> None:
    """Raises what Python raises where TF1's `__call__` gets these arguments; its text differs between versions."""

    def __call__(self: Any, shape: Any, dtype: Any = None, partition_info: Any = None) -> None:  # noqa: N807 - the name in the text
        """Has TF1's parameters."""

    __call__.__qualname__ = call.__qualname__
    __call__(None, None, **extra)


def _sliced(full_shape: Any, offset: Any, shape: Any) -> Extent:
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
    return Extent(full, Slice(full, offset, box))
