"""How reports for other programs name a file and a finding, and how serious the finding is."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from compat_v1_init._migrate.decide.ignore import key_of
from compat_v1_init._migrate.files.location import shown
from compat_v1_init._migrate.findings import Effect
from compat_v1_init._migrate.outcomes import Outcome, Place, places_of


def with_fingerprints(outcomes: Iterable[Outcome]) -> Iterator[tuple[Outcome, Place, str]]:
    """Yields every place with a fingerprint that no other place has, and that stays when lines above it change."""
    seen: Counter[tuple[str, ...]] = Counter()
    for outcome, place in places_of(outcomes):
        key = (shown(outcome.path), *key_of(place.finding))
        seen[key] += 1
        yield outcome, place, fingerprint(*key, str(seen[key]))


def fingerprint(*parts: str) -> str:
    """Returns a hash of some texts, of 64 hexadecimal digits."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def level(outcome: Outcome, place: Place) -> str:
    """Returns "warning" for a place that makes the command fail, else "note"."""
    effect = place.finding.effect
    is_open = effect is Effect.NEEDS_YOU or (effect.is_open and outcome.status == "would change")
    return "warning" if is_open else "note"
