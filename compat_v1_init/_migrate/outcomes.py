"""What is found in one file, and what becomes of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .findings import CallPair, Edit, Effect, Finding


@dataclass(frozen=True)
class Place:
    """A finding, with its position in the file."""

    finding: Finding
    """Its lines are those of the file, or of the cell."""
    cell: int | None = None
    """In a notebook, the number of the cell, from 1, counting every cell."""
    file_line: int | None = None
    """In a notebook, the line of the file that holds the line of the cell."""
    pair: CallPair | None = None
    verdict: str | None = None
    """What `--prove` found, or why there is nothing to prove."""

    @property
    def position(self) -> str:
        """Line and column, in a notebook with the cell before them."""
        line = f"{self.finding.line}:{self.finding.column}"
        return line if self.cell is None else f"cell {self.cell}:{line}"

    @property
    def line_in_file(self) -> int:
        """The line of the file, in a notebook too."""
        return self.file_line or self.finding.line


@dataclass(frozen=True)
class Problem:
    """Why a file, or one cell of it, is left as it is."""

    reason: str
    line: int | None = None
    cell: int | None = None

    @property
    def what(self) -> str:
        """What is left as it is. The failure of a file has no cell."""
        return "failed" if self.cell is None else "cell left alone"

    @property
    def position(self) -> str:
        """What stands behind the file's name."""
        return (f":cell {self.cell}" if self.cell else "") + (f":{self.line}" if self.line else "")


@dataclass(frozen=True)
class Outcome:
    """One file, what was found in it and what becomes of it."""

    path: str
    """As the user named it."""
    before: bytes = b""
    after: bytes | None = None
    """None where nothing changes."""
    places: tuple[Place, ...] = ()
    skipped: tuple[Problem, ...] = ()
    """The cells that are left alone, though the rest of the file is not."""
    failure: Problem | None = None
    """Why the file as a whole is left alone."""
    written: bool = False
    known: tuple[Finding, ...] = ()
    """The findings that a baseline has; they are left alone."""
    known_problems: tuple[Problem, ...] = ()
    """The cells and the failure that a baseline has."""
    edits: tuple[Edit, ...] = ()
    """Those of the decoded text that make `after`, in order."""

    @property
    def status(self) -> str:
        """One of "failed", "changed", "would change" and "unchanged"."""
        if self.failure is not None:
            return "failed"
        if self.after is None:
            return "unchanged"
        return "changed" if self.written else "would change"

    @property
    def in_baseline(self) -> int:
        """How many findings, cells and failures a baseline has."""
        return len(self.known) + len(self.known_problems)

    @property
    def has_anything(self) -> bool:
        """Whether there is anything to report."""
        return bool(self.places or self.problems or self.known or self.after is not None)

    @property
    def needs_you(self) -> bool:
        """Whether something is left that only a person can decide."""
        return bool(self.skipped) or any(place.finding.effect is Effect.NEEDS_YOU for place in self.places)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Its failure and the cells that are left alone."""
        return (*([self.failure] if self.failure else []), *self.skipped)

    def failed(self, reason: str) -> Outcome:
        """Returns the outcome of the same file as a failure: it is left alone."""
        return Outcome(self.path, self.before, failure=Problem(reason))


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Returns 0 if all is done, 1 if something would change or needs a person, 2 if a file failed."""
    codes = (2 if each.failure else int(each.status == "would change" or each.needs_you) for each in outcomes)
    return max(codes, default=0)


def places_of(outcomes: Iterable[Outcome]) -> Iterator[tuple[Outcome, Place]]:
    """Yields every place with its file."""
    return ((outcome, place) for outcome in outcomes for place in outcome.places)


def problems_of(outcomes: Iterable[Outcome]) -> Iterator[tuple[Outcome, Problem]]:
    """Yields every failure, and every cell that is left alone, with its file."""
    return ((outcome, problem) for outcome in outcomes for problem in outcome.problems)
