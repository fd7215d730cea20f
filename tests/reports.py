"""A report in which everything happens that can happen to a file."""

from __future__ import annotations

from typing import Any

from migrating import changed

from compat_v1_init._migrate.findings import Effect, Finding
from compat_v1_init._migrate.outcomes import Outcome, Place, Problem
from compat_v1_init._migrate.report.summary import Report

TITLES = {"CVI001": "a name", "CVI002": "a call", "CVI090": "a string"}


def place(effect: Effect = Effect.SAME, line: int = 1, cell: int | None = None, **fields: Any) -> Place:
    after = None if effect is Effect.NEEDS_YOU else "new.name"
    finding = Finding("CVI001", line, 5, line, 12, "old.name", after, effect, "A sentence.")
    return Place(finding, cell, None if cell is None else 40 + line, **fields)


def report_of(*outcomes: Outcome, proved: bool = False) -> Report:
    return Report(outcomes, len(outcomes), "shim", TITLES, proved)


CHANGE = changed("a.py", b"old.name\n", b"new.name\n", (place(),))
WRITTEN = changed("b.py", b"old.name\n", b"new.name\n", (place(), place(Effect.OTHER, 2)), written=True)
FOR_YOU = Outcome("c.py", b"x\n", None, (place(Effect.NEEDS_YOU, 7),))
SKIPPED = Outcome("d.ipynb", b"x\n", None, skipped=(Problem("does not parse", 3, 2),))
FAILED = Outcome("e.py", b"x\n", failure=Problem("not valid utf-8", 4))
NOTHING = Outcome("f.py", b"x\n")
NOTEBOOK = changed("g.ipynb", b"1\n", b"2\n", (place(cell=3, line=2),))
EVERY = report_of(CHANGE, WRITTEN, FOR_YOU, SKIPPED, FAILED, NOTEBOOK, Outcome("odd \udcff%.py", places=(place(),)))
