"""What a rule is, and what the rules of the families answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Union

from compat_v1_init._migrate.calls import Arguments, Keyword, NotForKeras, NotLiteral
from compat_v1_init._translate import keras_seed

if TYPE_CHECKING:
    from compat_v1_init._migrate.findings import Target

TRUNCATION = 0.87962566103423978
"""The standard deviation of the standard normal distribution cut off at two; Keras divides by it, contrib by 1/1.3."""


@dataclass(frozen=True)
class Rule:
    """A kind of finding, as the documentation shows it."""

    code: str
    title: str
    summary: str
    before: str
    after: str
    target: Target
    is_by_default: bool = False
    """Whether only `--defaults` makes the change."""


@dataclass(frozen=True)
class Replacement:
    """A class and what each argument becomes when it takes an initializer's place."""

    name: str
    """Of `tf.keras.initializers` or of `compat_v1_init.keras`."""
    changes: Mapping[str, Union[Keyword, None]]  # noqa: UP007 - read at run time, on Python 3.9 too
    extra: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    """What else a person should know, as a sentence."""


@dataclass(frozen=True)
class Family:
    """Initializers that one rule translates."""

    rule: Rule
    native: Callable[[str, Arguments], Replacement]
    """Given TF1's name and the arguments, the plain Keras object.

    Raises `NotLiteral` if that cannot be known, and `NotForKeras` if there is none.
    """
    exact: Callable[[str, Arguments], Replacement]
    """The same for the Keras subclass with TF1's numbers."""


def same(arguments: Arguments, *names: str) -> dict[str, Keyword]:
    """Returns the changes that leave the given ones of these arguments as they are, with a keyword each."""
    return {name: Keyword(name) for name in names if name in arguments.given}


def seed(arguments: Arguments) -> dict[str, Keyword]:
    """Returns the change of the seed, which Keras takes only as an int of 64 bits."""
    if "seed" not in arguments.given:
        return {}
    try:
        value = arguments.value("seed", None)
    except NotLiteral:
        return {"seed": Keyword("seed")}
    if isinstance(value, int) and (isinstance(value, bool) or keras_seed(value) != value):
        return {"seed": Keyword("seed", repr(keras_seed(value)))}
    return {"seed": Keyword("seed")}


def checked(scale: float) -> float:
    """Returns Keras' scale.

    Raises:
      NotForKeras: if it is none.
    """
    if scale > 0 and math.isfinite(scale):
        return scale
    msg = f"Keras' VarianceScaling takes only a positive, finite scale, and this would be {scale!r}"
    raise NotForKeras(msg)


def dropped(arguments: Arguments, *names: str) -> dict[str, Any]:
    """Returns the changes that take these arguments out."""
    return {name: None for name in names if name in arguments.given}
