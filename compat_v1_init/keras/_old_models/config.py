"""What differs between the configurations of Keras 2 and those of Keras 3: names, options, defaults.

Neither Keras nor TensorFlow is imported here.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Collection, Mapping
from typing import Any

Config = dict[str, Any]

MODELS = {"Model", "Functional", "Network", "Sequential"}

# Classes whose name has changed; some of them get other options below.
RENAMED = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "SyncBatchNormalization": "BatchNormalization",
    "ThresholdedReLU": "ReLU",
    "UnifiedGRU": "GRU",
    "UnifiedLSTM": "LSTM",
}

_LEGACY_KERAS = "Nearest: legacy Keras (the package tf-keras, with TF_USE_LEGACY_KERAS=1), which loads it as it is."
_TF_OP = (
    "is an op of TensorFlow that was called on a Keras tensor. Nearest: build the model again with the function of "
    f"keras.ops in its place, and load the weights by their layers' names. {_LEGACY_KERAS}"
)

# Layers that Keras 3 does not have, each with the rest of a sentence.
MISSING = {
    "DenseFeatures": f"reads feature columns, which Keras 3 does not have. {_LEGACY_KERAS}",
    "LocallyConnected1D": f"is not in Keras 3. {_LEGACY_KERAS}",
    "LocallyConnected2D": f"is not in Keras 3. {_LEGACY_KERAS}",
    "SlicingOpLambda": _TF_OP,
    "TFOpLambda": _TF_OP,
    "TensorFlowOpLayer": _TF_OP,
}

LAMBDA = (
    "holds Python code. Code from a file is run only if you ask for it. Nearest: pass the function yourself, "
    "lambdas={{{name!r}: function}}; or, if you trust the file and it was written under this version of Python, "
    "safe_mode=False."
)

# Options of Keras 2 that do not change a layer's results, or that only say for which shapes it was built.
_HOW = {
    "build_input_shape",
    "fused",
    "implementation",
    "input_length",
    "jit_compile",
    "key_shape",
    "query_shape",
    "renorm_momentum",
    "value_shape",
}


def is_of_keras_3(model: Any) -> bool:
    """Returns whether Keras 3 wrote the configuration of a model. There the same words mean other things."""
    layers = model if isinstance(model, list) else model["layers"]
    for item in layers:
        config = item["config"]
        dtype = config.get("dtype") if isinstance(config, Mapping) else None
        if isinstance(dtype, Mapping) and dtype["class_name"] == "DTypePolicy":
            return True
        if "batch_shape" in config or any("args" in call for call in item.get("inbound_nodes") or ()):
            return True
    return False


def layer(name: str, given: Mapping[str, Any]) -> tuple[str, Config]:
    """Returns the name of a layer's class in Keras 3, and its configuration for that class.

    Nested objects are left as they are.

    Args:
      name: the class' name in the file.
      given: the configuration in the file.

    Raises:
      ValueError: if Keras 3 has nothing for it.
    """
    config = dict(given)
    if name in MISSING:
        msg = f"The layer {config.get('name')!r} ({name}) {MISSING[name]}"
        raise ValueError(msg)
    config.pop("batch_input_shape", None)
    config["dtype"] = policy(config.get("dtype"))
    kind = RENAMED.get(name, name)
    if "name" in config:
        config["name"] = layer_name(config["name"])
    if name.startswith("CuDNN"):
        config["recurrent_activation"] = "sigmoid"
    if name == "CuDNNGRU":
        config["reset_after"] = True
    elif kind in ("GRU", "GRUCell"):
        config.setdefault("reset_after", False)  # Before this option there was only False.
    if name == "SyncBatchNormalization":
        config["synchronized"] = True
    if kind == "BatchNormalization" and isinstance(config.get("axis"), (list, tuple)) and len(config["axis"]) == 1:
        config["axis"] = config["axis"][0]
    if kind == "LeakyReLU" and "alpha" in config:
        config["negative_slope"] = config.pop("alpha")
    if name == "ThresholdedReLU":
        config["threshold"] = _next_float32(float(config.pop("theta")))  # Keras 3 lets the threshold itself pass.
    return kind, config


def without_what_is_off(kind: str, config: Config, accepted: Collection[str]) -> Config:
    """Returns the options that a class of Keras 3 takes, if all other options are off.

    Args:
      kind: the name of the class.
      config: the options in the file.
      accepted: the names that the constructor takes.

    Raises:
      ValueError: if an option that it does not take is in use.
    """
    kept = {}
    for key, value in config.items():
        if key in accepted:
            kept[key] = value
        elif not (
            value is None
            or value is False
            or key == "trainable"  # The layer has no weights.
            or key in _HOW
            or (key, value) == ("groups", 1)
            or key.endswith("_initializer")  # The layer has no such weight.
        ):
            msg = (
                f"The layer {config.get('name')!r} has {key}={value!r}, an option that Keras 3's {kind} does not have. "
                + _LEGACY_KERAS
            )
            raise ValueError(msg)
    return kept


def layer_name(name: str) -> str:
    """Returns a layer's name for Keras 3, which allows no slashes as TensorFlow's scopes have."""
    return name.replace("/", "_")


def policy(dtype: Any) -> str | None:
    """Returns the name in Keras 3 for a `dtype` of Keras 2: a dtype or the name of a policy."""
    if isinstance(dtype, Mapping):
        dtype = dtype.get("config", {}).get("name")
    return None if dtype in ("infer", "infer_with_float32_vars") else dtype


def initializer(name: str, given: Mapping[str, Any]) -> tuple[str, Config]:
    """Returns the Keras 3 class of an initializer of TF1 or Keras 2, and its configuration."""
    config = {key: value for key, value in given.items() if key not in ("dtype", "verify_shape", "partition")}
    if config.get("distribution") == "normal":
        config["distribution"] = "truncated_normal"
    if name == "RandomUniform" and config.get("maxval", 1.0) is None:
        config["maxval"] = 1.0
    if name == "UniformUnitScaling":
        scale = float(config.pop("factor", 1.0)) ** 2
        return "VarianceScaling", {"mode": "fan_in", "distribution": "uniform", "scale": scale, **config}
    return name, config


def optimizer(name: str, given: Mapping[str, Any]) -> Config:
    """Returns the configuration of an optimizer for Keras 3; a decay becomes the schedule that computes the same."""
    config = dict(given)
    if "lr" in config:
        config["learning_rate"] = config.pop("lr")
    decay = config.pop("decay", 0.0)
    rate = config.get("learning_rate")
    if decay:
        settings = {"initial_learning_rate": rate, "decay_steps": 1, "decay_rate": decay, "staircase": False}
        rate = {"class_name": "InverseTimeDecay", "config": settings}
    if isinstance(rate, Mapping):
        rate = {**rate, "module": "keras.optimizers.schedules", "registered_name": None}
    config["learning_rate"] = rate
    for key in ("schedule_decay", "is_legacy_optimizer", "jit_compile"):
        config.pop(key, None)
    if config.get("epsilon", 0.0) is None:
        config["epsilon"] = 1e-7
    config["name"] = config.get("name") or name
    return config


def loss_or_metric(given: Any) -> Any:
    """Returns the losses or metrics of a file for Keras 3: nested lists and dicts, objects or names."""
    if isinstance(given, list):
        return [loss_or_metric(item) for item in given]
    if not isinstance(given, dict):
        return given
    if "class_name" not in given:
        return {key: loss_or_metric(item) for key, item in given.items()}
    config = dict(given["config"])
    if config.get("reduction") in ("auto", "sum_over_batch_size"):
        config["reduction"] = "sum_over_batch_size"
    return {"class_name": given["class_name"], "config": {**config, "dtype": policy(config.get("dtype"))}}


def _next_float32(value: float) -> float:
    """Returns the smallest float32 above a finite value."""
    (bits,) = struct.unpack("<i", struct.pack("<f", value))
    if value == 0:
        return math.ldexp(1.0, -149)
    (above,) = struct.unpack("<f", struct.pack("<i", bits + 1 if value > 0 else bits - 1))
    return float(above)
