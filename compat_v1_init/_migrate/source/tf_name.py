"""A dotted name of TensorFlow's: its package, whether it is one of `tf.compat.v1`, and its path there."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

PACKAGES = frozenset({"tensorflow", "tf_slim"})
"""TensorFlow, and the package that contrib's slim has become."""
_V1 = "compat.v1."


class TfName(NamedTuple):
    """A name in TensorFlow or in tf_slim."""

    package: str
    is_v1: bool
    path: str
    """The same for `tf` and `tf.compat.v1`."""

    @property
    def module(self) -> str:
        """The path of its module; empty for the top one."""
        return self.path.rpartition(".")[0]

    @property
    def last(self) -> str:
        """Its last part."""
        return self.path.rpartition(".")[2]

    @property
    def in_v1(self) -> str:
        """The dotted name in `tf.compat.v1`."""
        return f"{self.package}.{_V1}{self.path}"


@lru_cache(maxsize=65536)
def tf_name(dotted: str) -> TfName | None:
    """Returns what an absolute dotted name is; None if it is none of TensorFlow's, or a package itself.

    Example:
    >>> tf_name("tensorflow.compat.v1.layers.dense"), tf_name("numpy.ones")
    (TfName(package='tensorflow', is_v1=True, path='layers.dense'), None)
    """
    package, _, path = dotted.partition(".")
    if package not in PACKAGES or not path:
        return None
    is_v1 = path.startswith(_V1)
    return TfName(package, is_v1, path[len(_V1) :] if is_v1 else path)


def is_of_tensorflow(dotted: str) -> bool:
    """Returns whether a dotted name begins with one of the packages."""
    return dotted.partition(".")[0] in PACKAGES


def are_of_tensorflow(names: frozenset[str]) -> bool:
    """Returns whether there are names, and all are in TensorFlow itself."""
    return bool(names) and all(name.startswith("tensorflow.") for name in names)
