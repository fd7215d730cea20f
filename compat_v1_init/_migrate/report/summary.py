"""A whole run, and the one line that sums it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from compat_v1_init._migrate import outcomes as outcomes_
from compat_v1_init._migrate.findings import Effect, Target
from compat_v1_init._migrate.outcomes import Outcome, places_of
from compat_v1_init._output.text import plural


@dataclass(frozen=True)
class Report:
    """A whole run."""

    outcomes: tuple[Outcome, ...]
    """The outcomes of the files in which there is something."""
    looked_at: int
    """How many files were read, also those in which there is nothing."""
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
    """The address of the documentation, if the project's settings have one."""
    note: str = ""
    """What is to be said of all places together."""
    marking: bool = False
    """Whether places were marked to be ignored, and not migrated."""

    @property
    def exit_code(self) -> int:
        """0 if all is done, 1 if something would change or needs a person, 2 if a file failed."""
        code = outcomes_.exit_code(self.outcomes)
        return 0 if code == 1 and self.exit_zero else code


def counts(report: Report) -> str:
    """Returns the last line of a report."""
    parts = [*_changes(report), *_left_places(report), *_rest(report)]
    return f"{plural(report.looked_at, 'file')}: " + ("; ".join(parts) or "nothing to do") + "."


def _changes(report: Report) -> Iterator[str]:
    """Yields how many files have changed or would change, with the places in them."""
    for status in ("changed", "would change"):
        files = [outcome for outcome in report.outcomes if outcome.status == status]
        if not files:
            continue
        if report.marking:
            yield f"{len(files)} {status}, with comments alone"
            continue
        effects = Counter(place.finding.effect for _, place in places_of(files) if place.finding.after is not None)
        each = ", ".join(f"{effects[effect]} {effect.value}" for effect in Effect if effects[effect])
        yield f"{len(files)} {status} ({plural(sum(effects.values()), 'place')}: {each})"


def _left_places(report: Report) -> Iterator[str]:
    """Yields how many places nothing is done about."""
    effects = Counter(place.finding.effect for _, place in places_of(report.outcomes))
    if report.marking:
        left = sum(count for effect, count in effects.items() if effect.is_open)
        if left:
            yield f"{plural(left, 'place')} could not be marked"
        return
    for effect, verb, rest in ((Effect.NEEDS_YOU, "need", "you"), (Effect.DEFAULT, "draw", "by default")):
        if effects[effect]:
            yield f"{plural(effects[effect], 'place')} {verb}{'s' if effects[effect] == 1 else ''} {rest}"


def _rest(report: Report) -> Iterator[str]:
    """Yields how many cells and files are left alone, and what `--baseline` and `--prove` say."""
    outcomes = report.outcomes
    cells = sum(len(outcome.skipped) for outcome in outcomes)
    failed = sum(outcome.failure is not None for outcome in outcomes)
    known = sum(outcome.in_baseline for outcome in outcomes)
    texts = {
        f"{plural(cells, 'cell')} left alone": cells,
        f"{failed} failed": failed,
        f"{known} in the baseline": known,
    }
    yield from (text for text, count in texts.items() if count)
    if report.proved:
        verdicts = [place.verdict for _, place in places_of(outcomes) if place.finding.after is not None]
        yield f"{sum(map(is_proved, verdicts))} of {plural(len(verdicts), 'changed place')} proved"


def is_proved(verdict: str | None) -> bool:
    """Returns whether a verdict of `--prove` says that the place is proved."""
    return verdict is not None and verdict.startswith("proved")
