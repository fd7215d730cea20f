"""The rules, in order of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    by_default,
    constants,
    contrib,
    convolutional,
    distributions,
    glorot,
    he_lecun,
    kept,
    orthogonal,
    reported,
    samplers,
    unit_scaling,
    variance_scaling,
    xavier,
)
from .base import Rule, exact, native

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.initializer_names import NamedInitializer

__all__ = ["OF_FAMILY", "RULES", "Rule", "code_of", "exact", "native"]

OF_FAMILY: dict[str, Rule] = {
    "variance_scaling": variance_scaling.RULE,
    "glorot": glorot.RULE,
    "he_lecun": he_lecun.RULE,
    "unit_scaling": unit_scaling.RULE,
    "contrib": contrib.RULE,
    "xavier": xavier.RULE,
    "distributions": distributions.RULE,
    "orthogonal": orthogonal.RULE,
    "convolutional": convolutional.RULE,
    "constants": constants.RULE,
    "samplers": samplers.RULE,
}
"""By the name that `_family` gives each."""
RULES: tuple[Rule, ...] = (
    *OF_FAMILY.values(),
    kept.SHARED,
    kept.REFERENCE,
    kept.ARGUMENTS,
    kept.GRAPH,
    *reported.DOUBTS.values(),
    reported.MARK,
    *by_default.RULES,
)


def code_of(initializer: NamedInitializer) -> str:
    """Returns the code of the rule for an initializer."""
    return OF_FAMILY[initializer.row.rule].code
