"""`--write-baseline` and `--baseline`: the findings that a project knows already, so that only new ones are reported.

A finding is recognized by its file, its rule and its source. So it stays known when the lines above it change.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._cli.usage import UsageError

from .decide.ignore import Key, key_of
from .files.location import inside, relative
from .files.read_write import read_bytes, reason_of, resolved
from .findings import Refused

if TYPE_CHECKING:
    from .outcomes import Outcome, Problem

SCHEMA = 1


@dataclass(frozen=True)
class Baseline:
    """What a baseline has for each file, by its path from the baseline's folder."""

    folder: Path
    files: Mapping[str, Mapping[Key, int]]

    def known(self, path: Path) -> dict[Key, int]:
        """Returns how many findings of each key are known in a file."""
        return dict(self.files.get(_name(path, self.folder), {}))

    def without_problems(self, outcome: Outcome) -> Outcome:
        """Returns an outcome without the failure and the cells that are known."""
        left = Counter(self.known(Path(outcome.path)))
        known: list[Problem] = []
        new: list[Problem] = []
        for problem in outcome.problems:
            key = (problem.what, _line(problem.reason))
            (known if left[key] > 0 else new).append(problem)
            left[key] -= 1
        failure = next((problem for problem in new if problem is outcome.failure), None)
        skipped = tuple(problem for problem in new if problem is not outcome.failure)
        return replace(outcome, failure=failure, skipped=skipped, known_problems=tuple(known))

    def gone(self, outcomes: Iterable[Outcome], looked_at: Iterable[Path]) -> int:
        """Returns how many findings are no longer found, in the files that were searched and in files that are gone."""
        found = {_name(Path(outcome.path), self.folder): outcome for outcome in outcomes}
        names = {_name(path, self.folder) for path in looked_at}
        names |= {name for name in self.files if not (self.folder / name).exists()}
        total = 0
        for name in names & set(self.files):
            outcome = found.get(name)
            total += sum(self.files[name].values())
            total -= outcome.in_baseline if outcome else 0
        return total


def load(path: Path) -> Baseline:
    """Returns a baseline.

    Raises:
      UsageError: if the file is missing, or is no baseline.
    """
    try:
        content = json.loads(read_bytes(path))
        if content["schema"] != SCHEMA:
            msg = f"the baseline {path} is of another version of compat-v1-init; write it again with --write-baseline"
            raise UsageError(msg)
        files: dict[str, Counter[Key]] = {}
        for entry in content["findings"]:
            files.setdefault(entry["path"], Counter())[entry["rule"], entry["source"]] += int(entry["count"])
    except (Refused, ValueError, KeyError, TypeError) as error:
        what = f"cannot be read: {error}" if isinstance(error, Refused) else "is not one"
        raise UsageError(f"the baseline {path} {what}; --write-baseline {path} writes it") from None
    return Baseline(path.absolute().parent, files)


def write(path: Path, outcomes: Iterable[Outcome]) -> int:
    """Writes all findings to a file, one on each line, always in the same order; returns how many.

    Raises:
      UsageError: if it cannot be written.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    for outcome in outcomes:
        name = _name(Path(outcome.path), path.absolute().parent)
        found.update((name, *key_of(place.finding)) for place in outcome.places if place.finding.effect.is_open)
        found.update((name, problem.what, _line(problem.reason)) for problem in outcome.problems)
    entries = [
        json.dumps({"path": name, "rule": rule, "source": source, "count": count})
        for (name, rule, source), count in sorted(found.items())
    ]
    lines = ",\n".join(f"    {entry}" for entry in entries)
    found_lines = f"\n{lines}\n  " if lines else ""
    text = f'{{\n  "schema": {SCHEMA},\n  "tool": "compat-v1-init",\n  "findings": [{found_lines}]\n}}\n'
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {reason_of(error)}") from None
    return sum(found.values())


def _name(path: Path, folder: Path) -> str:
    """Returns a path from the baseline's folder, written in the same way on every system."""
    name = inside(path, folder)
    return relative(resolved(path), resolved(folder)) if name is None else name


def _line(text: str) -> str:
    return " ".join(text.split())
