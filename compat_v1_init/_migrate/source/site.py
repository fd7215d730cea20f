"""One place that names an initializer."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .doubt import Doubt

if TYPE_CHECKING:
    from .initializer_names import NamedInitializer

__all__ = ["Doubt", "Site", "Spelling"]


class Spelling(enum.Enum):
    """How a site names its initializer."""

    CHAIN = "tf.x"
    """An attribute chain from a module; what is edited is the chain."""
    FROM_IMPORT = "from tf import x"
    FOLLOWS = "x"
    """A name that a `from` import or an alias binds: once that is edited, it means the new initializer."""
    GETATTR = 'getattr(tf, "x")'


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
