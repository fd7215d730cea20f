"""What the recorder has written of one program: its processes, their variables and draws.

`recorder.py` describes the files. It runs in another Python, so nothing of it is imported here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Draw(NamedTuple):
    """One random op."""

    kernel: str
    seeds: tuple[int, ...] | None
    """The op's two seeds; the seed of a stateless op. None if it has none, or none that is known."""
    bounds: tuple[float | None, ...]
    """The mean and the standard deviation before truncation, or the lower and the upper bound."""
    dtype: str
    is_stateless: bool
    """Whether TensorFlow's own stateless op draws, as for Keras."""
    op: str | None = None
    """The name of the op, where it is not of a variable but of a graph."""

    @property
    def distribution(self) -> str:
        """What is drawn, in words."""
        bounds = [] if self.known_bounds is None else [f"{bound:.9g}" for bound in self.known_bounds]
        if self.kernel.startswith("random_uniform"):
            return "uniform" + (f" [{bounds[0]}, {bounds[1]})" if bounds else "")
        if self.kernel in ("truncated_normal", "random_normal"):
            name = "truncated normal" if self.kernel == "truncated_normal" else "normal"
            return name + (f", mean {bounds[0]}, stddev {bounds[1]}" if bounds else "")
        return self.kernel

    @property
    def known_bounds(self) -> list[float] | None:
        """The bounds; None if one of them is not known, or there are none."""
        known = [bound for bound in self.bounds if bound is not None]
        return known if known and len(known) == len(self.bounds) else None

    @property
    def seeded(self) -> str:
        """The seeds, in words."""
        return "unseeded" if self.seeds is None else f"seeds {' '.join(map(str, self.seeds))}"


class Value(NamedTuple):
    """A value that a variable had after it was initialised."""

    shape: tuple[int, ...] | None
    dtype: str | None
    sha256: str | None
    """Of its bytes in C order, little-endian; None where it could not be read."""
    first: tuple[float | int | str, ...]
    draws: tuple[Draw, ...]
    unread: str | None
    """Why it could not be read."""


class Variable(NamedTuple):
    """A variable of one process."""

    name: str
    values: tuple[Value, ...]
    """The first value, and those after later runs of the initializer or in other Sessions."""


class Process(NamedTuple):
    """What one process did."""

    is_first: bool
    """Whether it is the program's own process, and not one that it started."""
    program: tuple[str, ...]
    variables: tuple[Variable, ...]
    """In the order in which they got their first values."""
    draws: tuple[Draw, ...]
    """Those that are not of a variable's value."""


class Record(NamedTuple):
    """What all processes of one program did."""

    python: str
    tensorflow: str | None
    """None if no process imported it."""
    processes: tuple[Process, ...]
    troubles: tuple[str, ...]
    modules: tuple[str, ...]
    """The files of the modules that were imported from the folders that were watched."""
    patched: bool
    """Whether all values were made under `run`."""
    restored: bool


def read(folder: Path, first: int, python: str) -> Record:
    """Reads the files of a folder.

    Args:
      folder: the recorder's.
      first: the process id of the program.
      python: the version of the Python that ran it.
    """
    # By the order in which they started; a process that imports no TensorFlow has no file.
    files = [[json.loads(line) for line in _lines(path)] for path in folder.glob("*.jsonl")]
    files = sorted(filter(None, files), key=lambda lines: (lines[0]["process"] != first, lines[0]["started"]))
    every = [line for lines in files for line in lines]
    return Record(
        python=python,
        tensorflow=next((lines[0]["tensorflow"] for lines in files), None),
        processes=tuple(filter(_has_something, (_process(lines, first) for lines in files))),
        troubles=tuple(dict.fromkeys(line["text"] for line in every if line["kind"] == "trouble")),
        modules=tuple(file for line in every if line["kind"] == "end" for file in line["modules"]),
        patched=all(line["patched"] for line in every if "patched" in line),
        restored=any(line["kind"] == "restored" for line in every),
    )


def _lines(path: Path) -> list[str]:
    # A process that was killed may have left half a line.
    return [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]


def _has_something(process: Process) -> bool:
    return bool(process.variables or process.draws)


def _process(lines: Sequence[Mapping[str, Any]], first: int) -> Process:
    variables: dict[str, tuple[str, list[Value]]] = {}
    taken = set()
    for line in lines:
        if line["kind"] == "value":
            variables.setdefault(line["variable"], (line["name"], []))[1].append(_value(line))
            taken.update(line.get("numbers", ()))
    return Process(
        is_first=lines[0]["process"] == first,
        program=tuple(lines[0]["program"]),
        variables=tuple(Variable(name, tuple(values)) for name, values in variables.values()),
        draws=_draws(line for line in lines if line["kind"] == "draw" and line["number"] not in taken),
    )


def _value(line: Mapping[str, Any]) -> Value:
    return Value(
        shape=None if line["shape"] is None else tuple(line["shape"]),
        dtype=line["dtype"],
        sha256=line["sha256"],
        first=tuple(line["first"]),
        draws=_draws(line["draws"]),
        unread=line.get("unread"),
    )


def _draws(found: Iterable[Mapping[str, Any]]) -> tuple[Draw, ...]:
    return tuple(
        Draw(
            kernel=each["kernel"],
            seeds=None if each["seeds"] is None else tuple(each["seeds"]),
            bounds=tuple(each["bounds"] or ()),
            dtype=each["dtype"],
            is_stateless=each.get("stateless", False),
            op=each.get("op"),
        )
        for each in found
    )
