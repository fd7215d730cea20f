"""The rules, in order of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import by_default, contrib, glorot, he_lecun, kept, reported, unit_scaling, variance_scaling, xavier
from .base import Family, Rule

if TYPE_CHECKING:
    from compat_v1_init._migrate.targets import Initializer

__all__ = ["FAMILIES", "RULES", "Family", "Rule", "code_of"]

FAMILIES: dict[str, Family] = {
    "variance_scaling": variance_scaling.FAMILY,
    "glorot": glorot.FAMILY,
    "he_lecun": he_lecun.FAMILY,
    "unit_scaling": unit_scaling.FAMILY,
    "contrib": contrib.FAMILY,
    "xavier": xavier.FAMILY,
}
RULES: tuple[Rule, ...] = (
    *(family.rule for family in FAMILIES.values()),
    kept.SHARED,
    kept.REFERENCE,
    kept.ARGUMENTS,
    kept.GRAPH,
    *reported.DOUBTS.values(),
    reported.MARK,
    *by_default.RULES,
)


def code_of(initializer: Initializer) -> str:
    """Returns the code of the rule for an initializer."""
    return FAMILIES[initializer.family].rule.code
