"""A whole run, and the one line that sums it up."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from compat_v1_init._migrate import outcomes as outcomes_
from compat_v1_init._migrate.findings import Effect, Target
from compat_v1_init._migrate.outcomes import Outcome, places_of


@dataclass(frozen=True)
class Report:
    """A whole run."""

    outcomes: tuple[Outcome, ...]
    """Of the files that can matter."""
    looked_at: int
    """How many files there were, those that cannot matter included."""
    to: Target
    titles: dict[str, str]
    """The title of each rule."""
    proved: bool = False
    """Whether `--prove` was given."""
    exit_zero: bool = False
    """Whether `--exit-zero` was given."""
    gone: int = 0
    """How many findings of the baseline are no longer found."""
    docs: str | None = None
    """The address of the documentation, where the project has said it."""
    marking: bool = False
    """Whether places were marked to be ignored, and not migrated."""

    @property
    def exit_code(self) -> int:
        """0 if all is done, 1 if something would change or needs a person, 2 if a file failed."""
        code = outcomes_.exit_code(self.outcomes)
        return 0 if code == 1 and self.exit_zero else code


def plural(count: int, word: str) -> str:
    """Returns a count with its word.

    Example:
    >>> plural(1, "file"), plural(2, "file")
    ('1 file', '2 files')
    """
    return f"{count} {word}" + ("" if count == 1 else "s")


def visible(text: str) -> str:
    r"""Returns text for one line of a terminal: white space as one space, control characters spelled out.

    Example:
    >>> visible("tf.x(\n    1)\x1b")
    'tf.x( 1)\\x1b'
    """
    return spelled(re.sub(r"\s+", " ", text))


def spelled(text: str) -> str:
    r"""Returns text with its control characters spelled out, tabs aside.

    Example:
    >>> spelled("a\tb\x1b[2J")
    'a\tb\\x1b[2J'
    """
    # The second range are the marks that turn the direction of text, with which source can be made to look other.
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lambda m: repr(m[0])[1:-1], text)


def counts(report: Report) -> str:
    """Returns the last line of a report."""
    outcomes = report.outcomes
    parts = []
    for status in ("changed", "would change"):
        files = [outcome for outcome in outcomes if outcome.status == status]
        if files and report.marking:
            parts.append(f"{len(files)} {status}, with comments alone")
        elif files:
            effects = Counter(place.finding.effect for _, place in places_of(files) if place.finding.after is not None)
            places = ", ".join(f"{effects[effect]} {effect.value}" for effect in Effect if effects[effect])
            parts.append(f"{len(files)} {status} ({plural(sum(effects.values()), 'place')}: {places})")
    if report.marking:
        left = sum(place.finding.effect.is_open for _, place in places_of(outcomes))
        parts += [f"{plural(left, 'place')} could not be marked"] if left else []
    else:
        parts += _places(outcomes)
    cells = sum(len(outcome.skipped) for outcome in outcomes)
    if cells:
        parts.append(f"{plural(cells, 'cell')} left alone")
    failed = sum(outcome.failure is not None for outcome in outcomes)
    if failed:
        parts.append(f"{failed} failed")
    known = sum(len(outcome.known) + len(outcome.known_problems) for outcome in outcomes)
    if known:
        parts.append(f"{known} in the baseline")
    if report.proved:
        verdicts = [place.verdict for _, place in places_of(outcomes) if place.finding.after is not None]
        proved = sum(map(is_proved, verdicts))
        parts.append(f"{proved} of {plural(len(verdicts), 'changed place')} proved")
    return f"{plural(report.looked_at, 'file')}: " + ("; ".join(parts) or "nothing to do") + "."


def _places(outcomes: tuple[Outcome, ...]) -> list[str]:
    """Returns what the line of counts says of the places where nothing changes."""
    parts = []
    for_you = sum(place.finding.effect is Effect.NEEDS_YOU for _, place in places_of(outcomes))
    if for_you:
        parts.append(f"{plural(for_you, 'place')} need{'s' if for_you == 1 else ''} you")
    by_default = sum(place.finding.effect is Effect.DEFAULT for _, place in places_of(outcomes))
    if by_default:
        parts.append(f"{plural(by_default, 'place')} draw{'s' if by_default == 1 else ''} by default")
    return parts


def is_proved(verdict: str | None) -> bool:
    """Returns whether a verdict of `--prove` is the good one."""
    return verdict is not None and verdict.startswith("proved")
