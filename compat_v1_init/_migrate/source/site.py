"""One place that names an initializer, and why a person may have to decide about it."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .initializer_names import NamedInitializer


class Spelling(enum.Enum):
    """How a site names its initializer."""

    CHAIN = "tf.x"
    """An attribute chain from a module; what is edited is the chain."""
    FROM_IMPORT = "from tf import x"
    FOLLOWS = "x"
    """A name that a `from` import or an alias binds: once that is edited, it means the new initializer."""
    GETATTR = 'getattr(tf, "x")'


class Doubt(enum.Enum):
    """Why a site cannot be moved without a person."""

    TF1_OR_TF2 = enum.auto()
    BOUND_OTHERWISE = enum.auto()
    NOT_FOLLOWED = enum.auto()
    ASSIGNED = enum.auto()
    FALLBACK = enum.auto()
    COMPUTED = enum.auto()
    TEXT = enum.auto()
    KERAS_STRING = enum.auto()
    UNCALLED = enum.auto()
    OTHER_DEFAULTS = enum.auto()


@dataclass(eq=False)
class Site:
    """One place that names an initializer."""

    node: ast.AST
    spelling: Spelling
    start: int
    end: int
    initializer: NamedInitializer | None
    doubt: Doubt | None = None
    is_keras_v1: bool = False
    """Whether it goes by `tf.compat.v1.keras`, which is Keras 3 itself on TensorFlow 2.16 and later."""
    is_written_by_us: bool = False
    """Whether it looks like what an earlier run `--to keras` has written. Only `--to shim` has to care."""
    is_asked_for: bool = False
    """Whether it is a sampler that makes something else than initial values, which is moved only where it is asked."""
    evidence: str = ""
    """What shows for which version of TensorFlow the program is, where the name is one of both."""
