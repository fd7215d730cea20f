"""DTensor: each device draws its slice of a layout, and the slices are packed into one tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compat_v1_init._tensorflow import tf

from .request import Layout, Slice


def is_layout(value: Any) -> bool:
    """Returns whether a value is a layout of DTensor, which TensorFlow has from 2.9 on."""
    dtensor = getattr(tf.experimental, "dtensor", None)
    return dtensor is not None and isinstance(value, dtensor.Layout)


def draw_with_layout(layout: Layout, full_shape: Any, draw: Callable[[Slice], Any]) -> Any:
    """Returns a DTensor whose local parts are slices of one draw, each drawn on its own device.

    Args:
      layout: a `tf.experimental.dtensor.Layout` of the rank of the shape.
      full_shape: the global shape.
      draw: draws one slice on the device in force.

    Raises:
      RuntimeError: in a graph, where DTensor cannot pack.
      ValueError: if the layout has another rank, or cuts an axis into parts that are not equal.
    """
    if not tf.executing_eagerly():
        msg = (
            "Argument `layout` needs eager execution, since DTensor packs eager tensors alone. "
            "Received: a call inside a graph or a tf.function. Make the value outside of it."
        )
        raise RuntimeError(msg)
    full = tuple(tf.TensorShape(full_shape).as_list())
    if len(full) != layout.rank or any(size % layout.num_shards(axis) for axis, size in enumerate(full)):
        sizes = {name: layout.mesh.dim_size(name) for name in layout.mesh.dim_names}
        msg = (
            "Argument `layout` must have the rank of the shape and cut each axis into equal parts. "
            f"Received: shape {list(full)}, layout {layout.sharding_specs} on a mesh of {sizes}"
        )
        raise ValueError(msg)
    shape = tuple(size // layout.num_shards(axis) for axis, size in enumerate(full))
    drawn: dict[Slice, Any] = {}
    parts = []
    for device, location in zip(layout.mesh.local_devices(), layout.mesh.local_device_locations()):
        # An axis that is not cut names no dimension of the mesh.
        index = [location.get(name, 0) for name in layout.sharding_specs]
        box = Slice(full, tuple(i * size for i, size in zip(index, shape)), shape)
        with tf.device(device):
            if box not in drawn:
                drawn[box] = draw(box)
            parts.append(tf.identity(drawn[box]))
    return tf.experimental.dtensor.pack(parts, layout)
