"""TF1's dotted names for the initializers of the family, and what each is in this package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from compat_v1_init import _family
from compat_v1_init._family import names_in, sampler_names_in

from .tf_name import tf_name


@dataclass(frozen=True)
class NamedInitializer:
    """One of TF1's initializers, by one of its names."""

    row: _family.Initializer
    drop_in: str
    """Its name in `compat_v1_init`."""
    original: str
    """Its canonical name in TF1."""
    defaults: tuple[tuple[str, Any], ...] = ()
    """The defaults that this name has in place of those of the canonical one."""

    @property
    def row_by_this_name(self) -> _family.Initializer:
        """The row with the defaults of this name. Keras' class of that name has the same ones."""
        if not self.defaults:
            return self.row
        own = dict(self.defaults)
        return self.row._replace(parameters={**self.row.parameters, **own}, fixed=own, written=())

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of its TF1 signature, in order."""
        return tuple(self.row.parameters)

    @property
    def module(self) -> str:
        """The module for a `from` import."""
        return ".".join(["compat_v1_init", *self.drop_in.split(".")[:-1]])

    @property
    def name(self) -> str:
        return self.drop_in.rpartition(".")[2]


def _short(row: _family.Initializer) -> NamedInitializer:
    # TensorFlow 1 had some in contrib alone, outside of its private modules.
    namespace = "tf.compat.v1.initializers" if _family.INITIALIZERS in row.names else "contrib"
    return NamedInitializer(row, f"initializers.{row.name}", f"{namespace}.{row.name}")


def _long(row: _family.Initializer) -> NamedInitializer:
    if _family.TOP not in row.names:
        return _short(row)
    return NamedInitializer(row, row.long, f"tf.compat.v1.{row.long}")


def any_of(names: Iterable[str]) -> str:
    """Returns a regular expression for one of some names."""
    return "|".join(sorted(names, key=len, reverse=True))


def _contrib(namespace: str) -> dict[str, NamedInitializer]:
    return {name: NamedInitializer(row, f"contrib.{name}", f"contrib.{name}") for name, row in names_in(namespace)}


_TOP = {name: _long(row) for name, row in names_in(_family.TOP)}
_INITIALIZERS = {name: _short(row) for name, row in names_in(_family.INITIALIZERS)}
_INIT_OPS = {name: _long(row) for name, row in names_in(_family.INIT_OPS)}
# Keras has two names for an object. The name of a class leads to the longer name in this package.
_KERAS = {
    name: replace((_long if name == row.cls else _short)(row), defaults=tuple(row.keras_defaults.items()))
    for name, row in names_in(_family.KERAS)
}
_PRIVATE_KERAS = {**_KERAS, **{name: _INIT_OPS[name] for name in ("GlorotNormal", "GlorotUniform")}}
"""TF1's `tensorflow.python.keras.initializers` has the classes too, which the public module has not."""
_CONTRIB = _contrib(_family.CONTRIB)
_FRAMEWORK = _contrib(_family.CONTRIB_FRAMEWORK)
_SAMPLERS = {
    (namespace, name): NamedInitializer(row, f"random.{row.name}", f"tf.compat.v1.random.{row.name}")
    for namespace in (_family.TOP, _family.RANDOM)
    for name, row in sampler_names_in(namespace)
}
LAST_NAMES = frozenset().union(_TOP, _INITIALIZERS, _INIT_OPS, _KERAS, _CONTRIB, _FRAMEWORK)
"""The last parts of all dotted names of the family."""
CLEAR_NAMES = LAST_NAMES - {
    *("constant", "identity", "ones", "zeros", "random_normal", "random_uniform", "truncated_normal", "orthogonal"),
    *("normal", "uniform"),
    *("Constant", "Identity", "Ones", "Zeros", "RandomNormal", "RandomUniform", "TruncatedNormal", "Orthogonal"),
}
"""Those that are names of initializers outside of TF1's modules of initializers too."""
NAMED_BY = rf"(?:{any_of(CLEAR_NAMES)}|(?:initializers|init_ops)[ \t]*\.[ \t]*(?:{any_of(LAST_NAMES - CLEAR_NAMES)}))"
"""A regular expression for an initializer in a text: by its last part or, if that is not clear, with its module."""
TF1_ONLY_NAMES = frozenset(
    name for name in LAST_NAMES if name.endswith(("_initializer", "_conv2d")) or name.startswith("convolutional_")
)
"""Those that no other library has."""
SAMPLER_LAST_NAMES = frozenset(name for _, name in _SAMPLERS)
"""The last parts of all dotted names of samplers."""
TF1_ONLY_SAMPLERS = frozenset(name for namespace, name in _SAMPLERS if namespace == _family.TOP)
"""Those that no other library has."""
_CONTRIB_MODULES = {"layers", "initializers", "python", "slim", "ops"}
_TABLES = {
    "": _TOP,
    "initializers": _INITIALIZERS,
    # In TF1 these are the same objects as those of `tf.initializers`.
    "keras.initializers": _KERAS,
    "python.keras.initializers": _PRIVATE_KERAS,
    "contrib.framework": _FRAMEWORK,
}
# The modules of TensorFlow 2 that have the same names, for classes of Keras.
_ALSO_KERAS = ("initializers", "keras.initializers", "python.keras.initializers")
_TOP_OF_TF2 = ("random_normal_initializer", "random_uniform_initializer")
_FIXED = {name for name, row in names_in(_family.INITIALIZERS) if "seed" not in row.parameters}
_NOT_OF_KERAS = {"uniform_unit_scaling", *_FIXED}
_FIXED_IN_TF2 = {name for name, row in names_in(_family.TOP) if "seed" not in row.parameters}
KERAS_STRINGS = frozenset(_PRIVATE_KERAS)
"""The names by which TF1's `tf.keras.initializers.get` makes an initializer of the family."""


def initializer_of(dotted: str) -> NamedInitializer | None:
    """Returns the initializer that an absolute dotted name is in TF1; None if it is none of the family.

    Example:
    >>> initializer_of("tensorflow.contrib.slim.xavier_initializer").drop_in
    'contrib.xavier_initializer'
    >>> initializer_of("tensorflow.keras.initializers.HeNormal") is None
    True
    """
    name = tf_name(dotted)
    if name is None:
        return None
    *path, last = name.path.split(".")
    if path[-1:] == ["init_ops"]:
        # Other modules import this one, and have it as `slim.init_ops`, for example.
        return _INIT_OPS.get(last)
    is_contribs = path[:2] in (["contrib", "layers"], ["contrib", "slim"])
    if name.package == "tf_slim" or is_contribs:
        return _CONTRIB.get(last) if _CONTRIB_MODULES.issuperset(path[is_contribs:]) else None
    if path[:2] == ["contrib", "keras"] and path[-1] == "initializers":
        return _KERAS.get(last)
    return _TABLES.get(name.module, {}).get(last)


def sampler_of(dotted: str) -> NamedInitializer | None:
    """Returns the sampler that an absolute dotted name is in TF1; None if it is none.

    Example:
    >>> sampler_of("tensorflow.truncated_normal").drop_in, sampler_of("tensorflow.random.shuffle")
    ('random.truncated_normal', None)
    """
    name = tf_name(dotted)
    if name is None or name.package != "tensorflow":
        return None
    module = "" if name.module.rpartition(".")[2] == "random_ops" else name.module
    return _SAMPLERS.get((f"tf.{module}".rstrip("."), name.last))


def is_also_keras(dotted: str) -> bool:
    """Returns whether TensorFlow 2 has the name too, for an initializer with different numbers.

    Example:
    >>> is_also_keras("tensorflow.initializers.he_normal"), is_also_keras("tensorflow.compat.v1.initializers.he_normal")
    (True, False)
    >>> is_also_keras("tensorflow.random_normal_initializer"), is_also_keras("tensorflow.zeros_initializer")
    (True, False)
    """
    name = tf_name(dotted)
    if name is None or name.is_v1 or name.path in _TOP_OF_TF2:
        return name is not None and not name.is_v1
    return name.module in _ALSO_KERAS and name.last not in _NOT_OF_KERAS


def is_same_in_tf2(dotted: str) -> bool:
    """Returns whether TensorFlow 2 has the name too, for the same values, so that no program has to change it.

    Example:
    >>> is_same_in_tf2("tensorflow.zeros_initializer"), is_same_in_tf2("tensorflow.compat.v1.zeros_initializer")
    (True, False)
    """
    name = tf_name(dotted)
    if name is None or name.is_v1:
        return False
    is_fixed = name.last in _FIXED and name.module in _ALSO_KERAS
    return is_fixed or name.path in _FIXED_IN_TF2 or name.path.startswith("random.")


def has_v1_twin(dotted: str, others: frozenset[str]) -> bool:
    """Returns whether one of the names that an expression may have is the same one of `tf.compat.v1`, which counts."""
    name = tf_name(dotted)
    return name is not None and name.in_v1 in others and (is_also_keras(dotted) or is_same_in_tf2(dotted))
