"""The weights in an `.h5` file of Keras 2, put into a Keras 3 model layer by layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .build import Builder


def attribute(group: Any, name: str) -> Any:
    """Returns an attribute of a group: text, or a list that is joined if the file has it in several parts."""
    if name in group.attrs:
        return _text(group.attrs[name])
    parts: list[str] = []
    while f"{name}{len(parts)}" in group.attrs:
        parts.append(_text(group.attrs[f"{name}{len(parts)}"]))
    return [item for part in parts for item in part]


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return [_text(item) for item in value] if isinstance(value, np.ndarray) else value


def child(group: Any, name: str) -> Any:
    """Returns a member of a group; a link to another file is refused.

    Raises:
      ValueError: if there is no such member, or its data are not in this file.
    """
    import h5py

    at = group
    for part in name.split("/"):
        if part not in at:
            msg = f"The file is damaged: {name!r} is named in it, but not there."
            raise ValueError(msg)
        found = at[part] if isinstance(at.get(part, getlink=True), h5py.HardLink) else None
        if found is None or (isinstance(found, h5py.Dataset) and (found.external or found.is_virtual)):
            msg = f"The data of {name!r} are in another file, which is not followed."
            raise ValueError(msg)
        at = found
    return at


def arrays(group: Any) -> list[tuple[str, np.ndarray]]:
    """Returns the names and the values of the weights of one group, in the file's order."""
    return [(name, np.asarray(child(group, name))) for name in attribute(group, "weight_names")]


def set_weights(group: Any, model: Any, builder: Builder) -> None:
    """Gives the weights of a file to a model.

    Args:
      group: the group that has `layer_names`: the file's root or its `model_weights`.
      model: what `builder` built from the same file.
      builder: knows the order of the layers.

    Raises:
      ValueError: if a layer's weights in the file are not those of the layer, by number, name or shape.
    """
    by_name = {layer.name: layer for layer in builder.order[id(model)]}
    left = {name for name, layer in by_name.items() if layer.weights}
    for name in attribute(group, "layer_names"):
        given = arrays(child(group, name))
        layer = by_name.get(name.replace("/", "_"))
        if layer is None and not given:
            continue
        if layer is None:
            msg = f"The file holds weights of a layer {name!r} that its model does not have."
            raise ValueError(msg)
        left.discard(layer.name)
        _set_layer(name, given, layer, builder)
    if left:
        msg = f"The file holds no weights for the layers {sorted(left)}."
        raise ValueError(msg)


def _set_layer(name: str, given: Sequence[tuple[str, np.ndarray]], layer: Any, builder: Builder) -> None:
    trainable, others = in_order(layer, builder)
    wanted = [*trainable, *others]
    if len(given) != len(wanted):
        msg = f"The layer {name!r} has {len(wanted)} weights, the file {len(given)} for it."
        raise ValueError(msg)
    gates = {id(variable): each for owner, each in _cudnn_layers(layer, builder) for variable in owner.weights}
    for variable, (file_name, found) in zip(wanted, given):
        value = found
        if id(variable) in gates:
            value = from_cudnn(variable.name, value, gates[id(variable)], tuple(variable.shape))
        # For example, "depthwise_kernel" in the file is "kernel" in Keras 3.
        if not _own_name(file_name).endswith(variable.name) or tuple(variable.shape) != value.shape:
            msg = (
                f"The layer {name!r} has a weight {variable.name} of shape {tuple(variable.shape)} where the file has "
                f"{file_name} of shape {value.shape}."
            )
            raise ValueError(msg)
        variable.assign(value)


def _own_name(name: str) -> str:
    """Returns the last part of a weight's name, without the numbers that TensorFlow adds to make names unique."""
    return re.sub(r"(_\d+)?(:\d+)?$", "", name.rsplit("/", 1)[-1])


def in_order(layer: Any, builder: Builder) -> tuple[list[Any], list[Any]]:
    """Returns the variables that train and those that do not, each in Keras 2's order."""
    inner = _inner(layer, builder)
    if inner is None:
        return list(layer.trainable_weights), list(layer.non_trainable_weights)
    pairs = [in_order(each, builder) for each in inner]
    return [v for train, _ in pairs for v in train], [v for _, rest in pairs for v in rest]


def _inner(layer: Any, builder: Builder) -> list[Any] | None:
    """Returns the layers that a layer is made of, in the order of the file, or None."""
    if id(layer) in builder.order:
        return builder.order[id(layer)]
    if hasattr(layer, "forward_layer"):
        return [layer.forward_layer, layer.backward_layer]
    if hasattr(layer, "cells"):
        return list(layer.cells)
    cell = getattr(layer, "cell", None)
    # In the other recurrent layers the cell has no entry in the file.
    if type(layer).__name__ == "RNN":
        return [cell]
    inner = getattr(layer, "layer", None)
    return None if inner is None or not hasattr(inner, "trainable_weights") else [inner]


def _cudnn_layers(layer: Any, builder: Builder) -> list[tuple[Any, int]]:
    found = [(layer, builder.cudnn[id(layer)])] if id(layer) in builder.cudnn else []
    return found + [pair for each in _inner(layer, builder) or () for pair in _cudnn_layers(each, builder)]


def from_cudnn(name: str, value: np.ndarray, gates: int, shape: tuple[int, ...]) -> np.ndarray:
    """Returns a weight of CuDNNLSTM or CuDNNGRU as LSTM and GRU(reset_after=True) hold it.

    cuDNN multiplies from the left, so each gate's matrix is stored transposed. In the file, the kernel's matrices also
    have the shape before the transposition. cuDNN adds two biases; the bias of LSTM is their sum.

    Args:
      name: "kernel", "recurrent_kernel" or "bias".
      value: as in the file.
      gates: 4 for LSTM, 3 for GRU.
      shape: that of the result.
    """
    if name == "bias":
        return value.reshape(2, -1).sum(0) if len(shape) == 1 else value.reshape(shape)
    parts = np.split(value, gates, axis=1)
    if name == "kernel":
        parts = [part.reshape(part.shape[::-1]) for part in parts]
    return np.concatenate([part.T for part in parts], axis=1)
