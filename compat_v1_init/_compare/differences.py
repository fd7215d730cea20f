"""What differs between the records of two programs, and why.

The SHA-256 of the values decides whether two variables are equal. What is known of the draws only says why they differ.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .records import Draw, Process, Record, Value, Variable

EQUAL = "equal"
MISSING = "missing"
ADDED = "only in NEW"
RENAMED = "renamed"
OTHER_SEED = "other seed"
OTHER_ORDER = "other order"
# Comparing longer lists of draws step by step takes too long.
_MOST_DRAWS = 2000


class Row(NamedTuple):
    """One variable, or one draw that is not of a variable, of both programs."""

    name: str
    process: int
    """0 is the program's own process, 1 the first of those that it started."""
    result: str
    """`equal`, or the reason."""
    hint: str
    old: Value | Draw | None
    new: Value | Draw | None

    @property
    def is_equal(self) -> bool:
        """Whether there is no difference."""
        return self.result == EQUAL


class Differences(NamedTuple):
    """All of it."""

    variables: tuple[Row, ...]
    draws: tuple[Row, ...]
    values: int
    """How many values were compared: more than variables, where some were initialised more than once."""

    @property
    def are_none(self) -> bool:
        """Whether everything is equal."""
        return all(row.is_equal for row in (*self.variables, *self.draws))


def compare(old: Record, new: Record) -> Differences:
    """Returns what differs."""
    variables: list[Row] = []
    draws: list[Row] = []
    values = 0
    counts_ops = _counts_ops(old) != _counts_ops(new)
    for number, (before, after) in enumerate(_pairs(old.processes, new.processes)):
        variables += _Variables(number, before, after, counts_ops=counts_ops).rows()
        draws += _draw_rows(number, before or _NOTHING, after or _NOTHING, _COUNTED if counts_ops else "")
        values += sum(len(variable.values) for variable in (before or after or _NOTHING).variables)
    return Differences(tuple(variables), tuple(draws), values)


_COUNTED = "before 2.2 TensorFlow took a missing op seed from the number of ops"
_NOTHING = Process(is_first=False, program=(), variables=(), draws=())


def _counts_ops(record: Record) -> bool:
    """Returns whether TensorFlow took a missing op seed from the number of ops, as it did before 2.2."""
    version = (record.tensorflow or "").split(".")
    return version[0] == "1" or version[:2] in (["2", "0"], ["2", "1"])


def _pairs(old: Sequence[Process], new: Sequence[Process]) -> Iterator[tuple[Process | None, Process | None]]:
    """Returns the processes that did the same work; those that run at the same time may have started in any order."""
    left = list(new)
    for before in old:
        similar = [after for after in left if after.is_first == before.is_first and _same_program(before, after)]
        after = max(similar, key=lambda after: _shared(before, after), default=None)
        if after is not None:
            left.remove(after)
        yield before, after
    for after in left:
        yield None, after


def _same_program(old: Process, new: Process) -> bool:
    # The paths differ: each program runs in its own tree.
    return old.is_first or [word.rpartition("/")[2] for word in old.program] == [
        word.rpartition("/")[2] for word in new.program
    ]


def _shared(old: Process, new: Process) -> int:
    has = [
        Counter((each.name, value.sha256) for each in process.variables for value in each.values)
        for process in (old, new)
    ]
    return sum((has[0] & has[1]).values())


# --- Variables -------------------------------------------------------------------------------------------------------


class _Variables:
    """The variables of two processes."""

    def __init__(self, process: int, old: Process | None, new: Process | None, *, counts_ops: bool) -> None:
        self._process = process
        self._counts_ops = counts_ops
        self._old, self._new = (_by_name(each) for each in (old, new))
        common = self._old.keys() & self._new.keys()
        self._order = [[key for key in each if key in common] for each in (self._old, self._new)]
        self._is_reordered = self._order[0] != self._order[1]
        # Who had a value or seeds in OLD, for those who have them in NEW.
        self._had: dict[object, tuple[str, int]] = {}
        for key, variable in self._old.items():
            for value in variable.values:
                if value.draws:
                    self._had.setdefault(value.sha256, key)
                    self._had.setdefault(_seeds(value), key)

    def rows(self) -> list[Row]:
        """Returns a row for each variable, in the order of OLD."""
        added = [key for key in self._new if key not in self._old]
        rows = []
        for key, before in self._old.items():
            after = self._new.get(key)
            if after is not None:
                rows.append(self._row(key, before, after))
                continue
            same = next((other for other in added if _same_bytes(before, self._new[other])), None)
            if same is None:
                rows.append(Row(_shown(key), self._process, MISSING, "not in NEW", before.values[0], None))
            else:
                added.remove(same)
                hint = f"it is {_shown(same)} in NEW, with the same bytes"
                value = self._new[same].values[0]
                rows.append(Row(_shown(key), self._process, RENAMED, hint, before.values[0], value))
        rows += [Row(_shown(key), self._process, ADDED, "not in OLD", None, self._new[key].values[0]) for key in added]
        return rows

    def _row(self, key: tuple[str, int], before: Variable, after: Variable) -> Row:
        name = _shown(key)
        for time, (old, new) in enumerate(zip(before.values, after.values), 1):
            result, hint = self._difference(key, old, new, time)
            if result != EQUAL:
                if time > 1:
                    hint = "; ".join(filter(None, [f"from initialization {time} on", hint]))
                return Row(name, self._process, result, hint, old, new)
        times = len(before.values), len(after.values)
        if times[0] != times[1]:
            hint = f"initialized {times[0]} times in OLD and {times[1]} times in NEW"
            return Row(name, self._process, "other initializations", hint, before.values[0], after.values[0])
        return Row(name, self._process, EQUAL, "", before.values[0], after.values[0])

    def _difference(self, key: tuple[str, int], old: Value, new: Value, time: int) -> tuple[str, str]:
        unread = old.unread or new.unread
        if unread:
            return "not read", unread
        for what in ("shape", "dtype"):
            if getattr(old, what) != getattr(new, what):
                return f"other {what}", ""
        return (EQUAL, "") if old.sha256 == new.sha256 else self._other_values(key, old, new, time)

    def _other_values(self, key: tuple[str, int], old: Value, new: Value, time: int) -> tuple[str, str]:
        if not (old.draws or new.draws):
            return "other values", "neither is drawn by an op that is known"
        if len(old.draws) != len(new.draws):
            return "other initializer", ""
        pairs = list(zip(old.draws, new.draws))
        if any(before.kernel != after.kernel for before, after in pairs):
            return "other distribution", ""
        bounds = [(before.known_bounds, after.known_bounds) for before, after in pairs]
        if any(None not in pair and pair[0] != pair[1] for pair in bounds):
            return "other bounds", ""
        return self._other_seed(key, old, new, time)

    def _other_seed(self, key: tuple[str, int], old: Value, new: Value, time: int) -> tuple[str, str]:
        seeds = _seeds(old), _seeds(new)
        if None in (*seeds[0], *seeds[1]):
            return "no seed", "a draw without a seed gives different numbers in every run"
        had = self._had.get(new.sha256, self._had.get(seeds[1]))
        hint = "" if had in (None, key) else f"in OLD {_shown(had)} has this draw"
        if had not in (None, key) and self._is_reordered:
            return OTHER_ORDER, hint
        if seeds[0] != seeds[1]:
            if self._counts_ops and all(pair[0][0] == pair[1][0] for pair in zip(*seeds)):  # type: ignore[index]
                hint = _COUNTED
            elif any(draw.is_stateless for draw in old.draws):
                hint = "a Keras initializer without a seed takes another in every run"
            return OTHER_SEED, hint
        if hint:
            return OTHER_ORDER, hint
        return ("other place in the stream", "") if time > 1 else ("different numbers of the same draw", "")


def _by_name(process: Process | None) -> dict[tuple[str, int], Variable]:
    """Returns the variables by name and, since names need not be unique, the how-manieth of the name each is."""
    found: dict[tuple[str, int], Variable] = {}
    count: Counter[str] = Counter()
    for variable in process.variables if process else ():
        count[variable.name] += 1
        found[variable.name, count[variable.name]] = variable
    return found


def _shown(key: tuple[str, int]) -> str:
    name, number = key
    return name if number == 1 else f"{name} (number {number})"


def _seeds(value: Value) -> tuple[tuple[int, ...] | None, ...]:
    return tuple(draw.seeds for draw in value.draws)


def _same_bytes(old: Variable, new: Variable) -> bool:
    return [(each.shape, each.dtype, each.sha256) for each in old.values] == [
        (each.shape, each.dtype, each.sha256) for each in new.values
    ]


# --- Draws -----------------------------------------------------------------------------------------------------------


def _draw_rows(process: int, old: Process, new: Process, why_seeds: str) -> list[Row]:
    """Returns a row for each draw that is not of a variable. What they give is not known, only what they are."""
    rows = []
    for before, after in _aligned(old.draws, new.draws):
        if before is not None and after is not None:
            result = _other(before, after)
            hint = why_seeds if result == OTHER_SEED else ""
        else:
            result, hint = (ADDED, "not in OLD") if before is None else (MISSING, "not in NEW")
        names = [draw.op or draw.distribution for draw in (before, after) if draw is not None]
        rows.append(Row(names[0], process, result, hint, before, after))
    return rows


def _key(draw: Draw) -> tuple[object, ...]:
    return draw.kernel, draw.seeds, draw.dtype


def _other(old: Draw, new: Draw) -> str:
    if _key(old) == _key(new):
        return EQUAL
    if old.kernel != new.kernel:
        return "other distribution"
    return OTHER_SEED if old.seeds != new.seeds else "other dtype"


def _aligned(old: Sequence[Draw], new: Sequence[Draw]) -> Iterable[tuple[Draw | None, Draw | None]]:
    keys = [_key(draw) for draw in old], [_key(draw) for draw in new]
    if keys[0] == keys[1]:
        yield from zip(old, new)
        return
    if max(len(old), len(new)) > _MOST_DRAWS:
        waiting = defaultdict(list)
        for draw in new:
            waiting[_key(draw)].append(draw)
        for draw in old:
            yield draw, (waiting[_key(draw)].pop(0) if waiting[_key(draw)] else None)
        yield from ((None, draw) for draws in waiting.values() for draw in draws)
        return
    for _, start, end, other_start, other_end in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        before, after = old[start:end], new[other_start:other_end]
        for index in range(max(len(before), len(after))):
            yield (
                before[index] if index < len(before) else None,
                after[index] if index < len(after) else None,
            )
