"""TF1's dotted names for the initializers of the family, and what each is in this package."""

from __future__ import annotations

from dataclasses import dataclass

from compat_v1_init import _family
from compat_v1_init._family import names_in


@dataclass(frozen=True)
class Initializer:
    """One of TF1's initializers, by one of its names."""

    row: _family.Initializer
    shim: str
    """Its name in `compat_v1_init`."""
    original: str
    """Its canonical name in TF1."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Those of its TF1 signature, in order."""
        return tuple(self.row.parameters)

    @property
    def module(self) -> str:
        """The module that a `from` import takes it from."""
        return ".".join(["compat_v1_init", *self.shim.split(".")[:-1]])

    @property
    def name(self) -> str:
        return self.shim.rpartition(".")[2]


def _short(row: _family.Initializer) -> Initializer:
    return Initializer(row, f"initializers.{row.name}", f"tf.compat.v1.initializers.{row.name}")


def _long(row: _family.Initializer) -> Initializer:
    if _family.TOP not in row.names:
        return _short(row)
    return Initializer(row, row.long, f"tf.compat.v1.{row.long}")


_TOP = {name: _long(row) for name, row in names_in(_family.TOP)}
_INITIALIZERS = {name: _short(row) for name, row in names_in(_family.INITIALIZERS)}
_INIT_OPS = {name: _long(row) for name, row in names_in(_family.INIT_OPS)}
# Keras calls its objects by either name; a class's name stays with the longer one.
_KERAS = {name: (_long if name == row.cls else _short)(row) for name, row in names_in(_family.KERAS)}
_CONTRIB = {name: Initializer(row, f"contrib.{name}", f"contrib.{name}") for name, row in names_in(_family.CONTRIB)}
LAST_PARTS = frozenset().union(_TOP, _INITIALIZERS, _INIT_OPS, _KERAS, _CONTRIB)
"""What the last part of every name of the family is one of."""
TELLING = frozenset(name for name in LAST_PARTS if name.endswith(("_initializer", "_conv2d")))
"""Those that no other library's initializers are called by."""
_CONTRIB_PARTS = {"layers", "initializers", "python", "slim", "ops"}


def initializer(dotted: str) -> Initializer | None:
    """Returns the initializer that an absolute dotted name is in TF1; None if it is none of the family.

    Example:
    >>> from compat_v1_init._migrate.targets import initializer
    >>> initializer("tensorflow.contrib.slim.xavier_initializer").shim
    'contrib.xavier_initializer'
    >>> initializer("tensorflow.keras.initializers.HeNormal") is None
    True
    """
    first, *parts = dotted.split(".")
    if not parts or first not in {"tensorflow", "tf_slim"}:
        return None
    *path, last = parts
    if first == "tf_slim":
        return _CONTRIB.get(last) if _CONTRIB_PARTS.issuperset(path) else None
    is_v1 = path[:2] == ["compat", "v1"]
    if is_v1:
        path = path[2:]
    if path[:1] == ["contrib"]:
        if path[1:2] == ["keras"] and path[-1] == "initializers":
            return _KERAS.get(last)
        is_ours = path[1:2] in (["layers"], ["slim"]) and _CONTRIB_PARTS.issuperset(path[1:])
        return _CONTRIB.get(last) if is_ours else None
    tables: dict[tuple[str, ...], dict[str, Initializer]] = {
        (): _TOP,
        ("initializers",): _INITIALIZERS,
        ("python", "ops", "init_ops"): _INIT_OPS,
    }
    # In TF1 these are the same objects as those of `tf.initializers`.
    tables["keras", "initializers"] = tables["python", "keras", "initializers"] = _KERAS
    return tables.get(tuple(path), {}).get(last)


def is_also_keras(dotted: str) -> bool:
    """Returns whether TensorFlow 2 has the name too, for a Keras initializer with other numbers.

    Example:
    >>> from compat_v1_init._migrate.targets import is_also_keras
    >>> is_also_keras("tensorflow.initializers.he_normal"), is_also_keras("tensorflow.compat.v1.initializers.he_normal")
    (True, False)
    """
    return dotted.startswith(_ALSO_KERAS) and not dotted.endswith("uniform_unit_scaling")


_ALSO_KERAS = ("tensorflow.initializers.", "tensorflow.keras.initializers.", "tensorflow.python.keras.initializers.")

KERAS_STRINGS = frozenset(_KERAS) | {"GlorotNormal", "GlorotUniform"}
"""The names by which TF1's `tf.keras.initializers.get` makes an initializer of the family."""
