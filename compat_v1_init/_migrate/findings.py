"""What the migration says about one place in a source file, and the edits that would make the change."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Target = Literal["shim", "keras"]


@dataclass(frozen=True)
class Goal:
    """What a run is to do with all of its files."""

    to: Target = "shim"
    defaults: bool = False
    """Whether what draws by default is written out."""
    samplers: bool = False
    """Whether the samplers outside of variables are moved too."""
    assume_closed: bool = False
    """Whether no program outside of the project is taken to set what its variables draw by default."""


class Effect(enum.Enum):
    """What a finding's change does to the numbers that the program draws."""

    SAME = "same numbers"
    OTHER = "same distribution, different numbers"
    NEEDS_YOU = "needs you"
    DEFAULT = "draws by default"
    """TF1's layers and variables draw from the family where nothing is named. Nothing changes."""

    @property
    def is_change(self) -> bool:
        """Whether it changes the source."""
        return self in (Effect.SAME, Effect.OTHER)

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return self is not Effect.DEFAULT


@dataclass(frozen=True)
class Edit:
    """Replaces `source[start:end]` by `text`. The offsets are in characters of the decoded source."""

    start: int
    end: int
    text: str

    def moved(self, by: int) -> Edit:
        """Returns the same edit of a source that begins elsewhere."""
        return Edit(self.start + by, self.end + by, self.text)


@dataclass(frozen=True)
class Finding:
    """One place in the source that names an initializer, and what becomes of it."""

    code: str
    """The rule, such as "CVI001"."""
    line: int
    """From 1, as in an editor."""
    column: int
    """From 1, in characters."""
    end_line: int
    end_column: int
    """One past the last character."""
    before: str
    """The source as it is."""
    after: str | None
    """The source as it would be; None where nothing is changed."""
    effect: Effect
    message: str
    """One sentence in plain words: what changes, or why a person is needed and what to do."""


@dataclass(frozen=True)
class CallPair:
    """A call before and after the change, both with literals as arguments, for `--prove` to compare."""

    finding: Finding
    original: str
    """The canonical TF1 name, such as "tf.compat.v1.variance_scaling_initializer" or "contrib.xavier_initializer"."""
    original_arguments: str
    """The call's arguments as source, such as `scale=2.0, seed=1`: literals only."""
    replacement: str
    """The canonical new name, such as "tf.keras.initializers.HeNormal"."""
    replacement_arguments: str
    rests_on: str = ""
    """What else "same numbers" rests on at this place, which building the call twice does not show."""


@dataclass(frozen=True)
class Analysis:
    """The result for one source."""

    findings: tuple[Finding, ...] = ()
    edits: tuple[Edit, ...] = ()
    """Sorted and without overlap. Edits that add or remove imports belong to no single finding."""
    pairs: tuple[CallPair, ...] = ()
    unprovable: dict[Finding, str] = field(default_factory=dict)
    """Why a changed place cannot be proved."""
    kept: frozenset[str] = frozenset()
    """Names whose imports stay only because text that is not read as Python may use them."""
    known: tuple[Finding, ...] = ()
    """Findings that a baseline has. They are left alone, and are not among `findings`."""


class Refused(Exception):  # noqa: N818 - an answer for the user, not a fault
    """A file, or a cell of it, is left as it is. The message is one sentence for the user, without the file's name."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def in_order(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Returns edits in the order of their places; those of one place stay in theirs."""
    return tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))


def apply(source: str, edits: Iterable[Edit]) -> str:
    """Returns `source` with the edits made; every character outside of them stays."""
    parts, position = [], 0
    for edit in in_order(edits):
        if edit.start < position:
            raise ValueError(f"edits overlap at character {edit.start}")
        parts += [source[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, source[position:]])
