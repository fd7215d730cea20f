"""What all initializers of this package have: a public name, a text, and a configuration that every file can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from compat_v1_init._output.tables import initializer_html
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.dispatch import autograph_artifact

from ._call import distribution_of

PUBLIC_MODULE = "compat_v1_init.initializers"

_Class = TypeVar("_Class", bound=type)


def public(module: str) -> Callable[[_Class], _Class]:
    """Gives a class its public module, which pickles and saved configurations name, and makes AutoGraph call it as is.

    So private modules may be moved.
    """

    def decorated(cls: _Class) -> _Class:
        cls.__module__ = module
        return autograph_artifact(cls)

    return decorated


class Saved:
    """The first base of an initializer: how it is shown, and what Keras writes of it and reads again."""

    def __repr__(self) -> str:
        """Returns the class's name with the arguments of the constructor."""
        try:
            arguments = unwrapped(self.get_config())
        except AttributeError:  # The constructor has not run to its end.
            return object.__repr__(self)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"

    def _repr_html_(self) -> str:
        """Returns the arguments as a table for a notebook, with a picture of the density."""
        arguments = {name: repr(value) for name, value in self.get_config().items()}
        return initializer_html(type(self).__name__, arguments, distribution_of(type(self), self))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments; a tensor as an array, since Keras on another backend saves none."""
        config: dict[str, Any] = super().get_config()  # type: ignore[misc]
        return {name: value.numpy() if hasattr(value, "numpy") else value for name, value in config.items()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Returns the initializer of a configuration: `get_config`'s, or as Keras writes that to a file."""
        return cls(**unwrapped(config))


def wrapped(value: Any) -> Any:
    """Returns a value of a configuration as Keras 3 writes it to a file, which JSON can hold."""
    if not is_narrow_float(value) and not (isinstance(value, np.ndarray) and value.ndim):
        return value
    plain = value.astype(np.float64) if value.dtype.kind == "V" else value  # bfloat16 is no type of NumPy's own.
    return {"class_name": "__numpy__", "config": {"value": plain.tolist(), "dtype": value.dtype.name}}


def unwrapped(value: Any) -> Any:
    """Returns a value of a configuration as it was before Keras wrapped it for a file; nothing of the file is run."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(unwrapped, value))
    if not isinstance(value, Mapping):
        return value
    kind, inner = value.get("class_name"), value.get("config", value)
    if kind in ("__numpy__", "__tensor__"):
        return np.array(inner["value"], tf.as_dtype(inner["dtype"]).as_numpy_dtype)[()]  # A scalar has no dimensions.
    if kind == "__bytes__":
        return inner["value"].encode("utf-8")
    return {key: unwrapped(item) for key, item in value.items()}


def is_narrow_float(value: Any) -> bool:
    """Returns whether a value is a scalar of NumPy's in whose precision TF1 computes: no double, as Python's floats."""
    return isinstance(value, np.generic) and value.dtype.name in ("float16", "bfloat16", "float32")
