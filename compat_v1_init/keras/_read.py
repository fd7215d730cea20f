"""Which TF1 initializer is meant: read from an object, a class, a name, or a saved configuration."""

from __future__ import annotations

import difflib
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from compat_v1_init._family import CONTRIB_FRAMEWORK, FAMILY
from compat_v1_init._tensorflow import init_ops, tf
from compat_v1_init.initializers import _variance_scaling as _initializers
from compat_v1_init.initializers._public import unwrapped

from ._translate import Call

_v1: Any = tf.compat.v1

# By the names in `_family`.
MAKERS: dict[str, Callable[..., Any]] = {
    name: getattr(importlib.import_module(f"compat_v1_init.{row.module}"), row.source[1])
    for name, row in FAMILY.items()
}

# The class of all objects of a row that is not a special case of another row.
_CLASSES: dict[str, Any] = {
    name: getattr(init_ops, row.cls) if row.cls else MAKERS[name] for name, row in FAMILY.items() if not row.base
}

# The parts of a dotted name that may stand before the name itself.
_CONTRIB = {"contrib", "slim", "tf_slim"}
_PACKAGES = {"tensorflow", "tf", "compat", "v1", "compat_v1_init", "initializers", "layers", "framework", *_CONTRIB}


def read(initializer: Any) -> Call:
    """Returns the name of an initializer in `_family` and its arguments, as `_translate.keras_call` takes them.

    Args:
      initializer: as for `compat_v1_init.to_keras`.

    Raises:
      TypeError: if it is not one of TF1's initializers; the text names the nearest one.
      ValueError: if TF1 has no such name, or refuses an argument.
    """
    if isinstance(initializer, str):
        return _read_object(_maker(initializer)())
    if isinstance(initializer, Mapping):
        return _read_object(_from_config(initializer))
    if isinstance(initializer, type) and issubclass(initializer, tuple(_CLASSES.values())):
        try:
            made = initializer()
        except TypeError as error:
            msg = f"{initializer.__name__} cannot be made without arguments; pass an object of it. {error}"
            raise TypeError(msg) from None
        return _read_object(made)
    for name, maker in MAKERS.items():
        if initializer is maker or initializer is getattr(_v1.initializers, name, maker):
            return _read_object(maker())
    return _read_object(initializer)


def _read_object(initializer: Any) -> Call:
    name = next((name for name, cls in _CLASSES.items() if isinstance(initializer, cls)), None)
    if name is None:
        raise TypeError(_refusal(initializer))
    kind = type(initializer)
    if kind.__call__.__module__.split(".")[0] not in ("compat_v1_init", "tensorflow"):
        msg = (
            f"{kind.__name__} overrides __call__, so what it draws cannot be read from its arguments. Nearest: the "
            f"translation of a {name} without the override."
        )
        raise TypeError(msg)
    attributes = tuple(FAMILY[name].parameters)
    # TensorFlow keeps `verify_shape` in a private attribute.
    missing = [name for name in attributes if not (hasattr(initializer, name) or hasattr(initializer, f"_{name}"))]
    if missing:
        msg = f"{kind.__name__} lacks the attributes {missing}. Does its __init__ call that of the {name}?"
        raise TypeError(msg)
    values = {name: getattr(initializer, name, getattr(initializer, f"_{name}", None)) for name in attributes}
    values["dtype"] = tf.as_dtype(values["dtype"]).name
    special = _special_case(initializer, values)
    if special is None:
        return Call(name, values)
    return Call(special, {name: value for name, value in values.items() if name not in FAMILY[special].fixed})


def _special_case(initializer: Any, values: Mapping[str, Any]) -> str | None:
    """Returns the name of the special case that an object was made as, if it still is one."""
    if isinstance(initializer, _v1.glorot_uniform_initializer):
        name: str | None = "glorot_uniform"
    elif isinstance(initializer, _v1.glorot_normal_initializer):
        name = "glorot_normal"
    else:
        name = _initializers.made_by(initializer)
    if name is None or any(values[key] != value for key, value in FAMILY[name].fixed.items()):
        return None
    return name


def _maker(name: str) -> Callable[..., Any]:
    """Returns the class or function of a TF1 name, or of a class name in a saved configuration."""
    *packages, last = name.split(".")
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", last.removeprefix("TF1")).lower()
    short = snake.removesuffix("_conv2d").removesuffix("_initializer")
    if "keras" in packages:
        msg = f"{name} is a Keras initializer already: use it as it is."
        raise ValueError(msg)
    if set(packages) <= _PACKAGES:
        key = f"contrib_{short}" if _CONTRIB.intersection(packages) and short != "xavier" else short
        if key in MAKERS:
            return MAKERS[key]
        if short in MAKERS and CONTRIB_FRAMEWORK in FAMILY[short].names:
            return MAKERS[short]
    near = difflib.get_close_matches(short, MAKERS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    msg = f"Unknown initializer name; one of {tuple(MAKERS)} is expected. Received: {name!r}.{hint}"
    raise ValueError(msg)


def _from_config(config: Mapping[str, Any]) -> Any:
    """Returns the initializer of a configuration: `get_config`'s, or with `class_name` and `config` as in a file."""
    if "class_name" in config:
        if str(config.get("module", "")).split(".")[0] in ("keras", "tf_keras"):
            msg = f"{config['class_name']} is a Keras initializer already: use tf.keras.initializers.deserialize."
            raise ValueError(msg)
        name = str(config.get("registered_name") or config["class_name"]).split(">")[-1]
        inner = config.get("config") or {}
        if not isinstance(inner, Mapping):
            msg = f"The 'config' of a configuration must be a dict. Received: {inner!r}"
            raise TypeError(msg)
        arguments = unwrapped(dict(inner))
        maker = MAKERS["contrib_variance_scaling"] if "factor" in arguments and "mode" in arguments else _maker(name)
    else:
        arguments = unwrapped(dict(config))
        maker = MAKERS[_kind_of_config(arguments)]
    allowed = tuple(inspect.signature(maker).parameters)
    unknown = [key for key in arguments if key not in allowed]
    if unknown:
        msg = f"A configuration of {maker.__name__} holds only {allowed}. Received: {unknown}"
        raise ValueError(msg)
    return maker(**arguments)


# Parameters that only one kind of configuration has.
_TELLING = {
    "variance_scaling": {"scale", "mode", "distribution"},
    "random_uniform": {"minval", "maxval"},
    "constant": {"value"},
}


def _kind_of_config(arguments: Mapping[str, Any]) -> str:
    if "factor" in arguments:
        return "contrib_variance_scaling" if "mode" in arguments or "uniform" in arguments else "uniform_unit_scaling"
    for name, parameters in _TELLING.items():
        if parameters.intersection(arguments):
            return name
    msg = (
        "The class cannot be found from this configuration. Pass it as {'class_name': ..., 'config': ...}, for example "
        f"with class_name 'GlorotUniform'. Received: {dict(arguments)!r}"
    )
    raise ValueError(msg)


def _refusal(initializer: Any) -> str:
    """Returns why something is not one of TF1's initializers, and what is nearest."""
    cls = initializer if isinstance(initializer, type) else type(initializer)
    package = cls.__module__.split(".")[0]
    # In TensorFlow 2.5 Keras is a part of it.
    if package in ("keras", "tf_keras") or cls.__module__.startswith("tensorflow.python.keras."):
        return f"{cls.__name__} is a Keras object already: use it as it is. from_keras goes the other way."
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
    if package == "tensorflow" and snake in FAMILY:
        nearest = f"tf.keras.initializers.{FAMILY[snake].keras}"
        return f"{cls.__name__} of {cls.__module__} is not an initializer of TF1. Nearest: {nearest}."
    if callable(initializer):
        return (
            f"What {initializer!r} draws cannot be read from it. If it returns an initializer, call it and pass the "
            "result; if it is one, a Keras layer takes it as it is."
        )
    return f"Expected a TF1 initializer: an object, a class, a configuration or a name. Received: {initializer!r}"
