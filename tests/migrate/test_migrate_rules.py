"""Every rule does what its documentation shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from migrating import analyze, migrated

from compat_v1_init._migrate.decide.analyze import MARKERS
from compat_v1_init._migrate.decide.by_default import MARKERS as BY_DEFAULT
from compat_v1_init._migrate.findings import Effect
from compat_v1_init._migrate.rules import RULES

if TYPE_CHECKING:
    from compat_v1_init._migrate.rules import Rule


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in RULES])
def test_before_and_after(rule: Rule) -> None:
    options: dict[str, Any] = {rule.option.lstrip("-"): True} if rule.option else {}
    assert migrated(rule.before, rule.target, **options) == rule.after
    assert rule.code in {finding.code for finding in analyze(rule.before, to=rule.target, **options).findings}
    markers = BY_DEFAULT if rule.option == "--defaults" else MARKERS
    assert any(marker in rule.before.encode() for marker in markers)


def test_codes_are_in_order_and_once_each() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in RULES])
def test_what_is_not_changed_needs_a_person_or_draws_by_default(rule: Rule) -> None:
    effects = {finding.effect for finding in analyze(rule.before, to=rule.target).findings if finding.code == rule.code}
    if rule.option:
        assert effects == ({Effect.DEFAULT} if rule.option == "--defaults" else set())
    else:
        assert (effects == {Effect.NEEDS_YOU}) == (rule.before == rule.after)
