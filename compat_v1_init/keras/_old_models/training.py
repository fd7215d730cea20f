"""The training configuration of a file: optimizer, loss and metrics, and the optimizer's state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import config as old
from .build import accepted
from .weights import arrays, child

if TYPE_CHECKING:
    import numpy as np

# For each optimizer the names of its slots in Keras 2, before 2.11 and since, and Keras 3's list for each.
_SLOTS = {
    "Adadelta": {
        "accum_grad": "_accumulated_grads",
        "accumulated_grad": "_accumulated_grads",
        "accum_var": "_accumulated_delta_vars",
        "accumulated_delta_var": "_accumulated_delta_vars",
    },
    "Adagrad": {"accumulator": "_accumulators"},
    "Adam": {"m": "_momentums", "v": "_velocities", "vhat": "_velocity_hats"},
    "Adamax": {"m": "_m", "v": "_u", "u": "_u"},
    "Ftrl": {"accumulator": "_accumulators", "linear": "_linears"},
    "RMSprop": {
        "rms": "_velocities",
        "velocity": "_velocities",
        "momentum": "_momentums",
        "mg": "_average_gradients",
        "average_gradient": "_average_gradients",
    },
    "SGD": {"m": "momentums", "momentum": "momentums"},
}


def compile_model(model: Any, keras: Any, given: Mapping[str, Any], custom_objects: Mapping[str, Any]) -> None:
    """Compiles a model with the configuration of a file.

    Raises:
      ValueError: if Keras 3 does not know an optimizer, a loss or a metric, or an option of it.
    """
    stored = given["optimizer_config"]
    name = stored["class_name"].rsplit(">", 1)[-1]
    with keras.saving.custom_object_scope(dict(custom_objects)):
        config = old.optimizer(name, stored["config"])
        optimizer = keras.optimizers.deserialize({"class_name": name, "config": config})
        model.compile(
            optimizer,
            loss=_made(old.loss_or_metric(given.get("loss")), keras.losses),
            metrics=_made(old.loss_or_metric(given.get("metrics")), keras.metrics),
            loss_weights=given.get("loss_weights"),
            weighted_metrics=_made(old.loss_or_metric(given.get("weighted_metrics")), keras.metrics),
        )


def _made(given: Any, module: Any) -> Any:
    """Returns losses or metrics as Keras 3's objects or their names, nested as before where there are many outputs."""
    if isinstance(given, list):
        made = [_made(item, module) for item in given]
        if any(isinstance(item, list) for item in made):  # There is a list for each output.
            outputs = [[] if item is None else item for item in made]
            return outputs[0] if len(outputs) == 1 else outputs  # Keras 3.10 takes no list of one list.
        return [item for item in made if item is not None]
    if not isinstance(given, Mapping):
        return given
    if "class_name" not in given:
        return {key: _made(item, module) for key, item in given.items()}
    cls, config = getattr(module, given["class_name"], None), dict(given["config"])
    if cls is None:
        return module.deserialize(given)
    config = {key: value for key, value in config.items() if key in accepted(cls)}
    if isinstance(config.get("fn"), str):
        config["fn"] = module.get(config["fn"])
    return cls(**config)


def set_optimizer_state(file: Any, optimizer: Any, variables: Sequence[Any]) -> bool:
    """Gives an optimizer the state that a file holds.

    Args:
      file: the open file.
      optimizer: that of the compiled model.
      variables: the model's trained variables in the file's order.

    Returns:
      Whether it has the state; False if the file's state does not fit.
    """
    if "optimizer_weights" not in file:
        return True
    optimizer.build(variables)
    lists = _SLOTS.get(type(optimizer).__name__, {})
    found: dict[str, list[np.ndarray]] = {}
    for name, value in arrays(child(file, "optimizer_weights")):
        found.setdefault(_slot(name, lists), []).append(value)
    steps = found.pop("iter", found.pop("iteration", None))
    for rate in ("current_learning_rate", "learning_rate"):  # It is computed, or in the configuration.
        found.pop(rate, None)
    if getattr(optimizer, "momentum", None) == 0:
        found = {slot: values for slot, values in found.items() if lists.get(slot, "").lstrip("_") != "momentums"}
    if steps is None or not all(
        slot in lists and _fits(getattr(optimizer, lists[slot], None), values) for slot, values in found.items()
    ):
        return False
    optimizer.iterations.assign(steps[0])
    for slot, values in found.items():
        for variable, value in zip(getattr(optimizer, lists[slot]), values):
            variable.assign(value)
    return True


def _slot(name: str, lists: Mapping[str, str]) -> str:
    """Returns the slot in a name: last in "training/Adam/dense/kernel/m:0", second in "Adam/m/dense/kernel:0"."""
    parts = re.sub(r"(_\d+)?:\d+$", "", name).split("/")
    return next((part for part in (parts[-1], *parts[1:2]) if part in lists), parts[-1])


def _fits(variables: Any, values: Sequence[np.ndarray]) -> bool:
    return (
        bool(variables)
        and len(variables) == len(values)
        and all(tuple(variable.shape) == value.shape for variable, value in zip(variables, values))
    )
