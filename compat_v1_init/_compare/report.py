"""The differences as text, JSON or a page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from compat_v1_init._output.text import plural, visible
from compat_v1_init._version import __version__

from .records import Draw, Record, Value

if TYPE_CHECKING:
    from .differences import Differences, Row
    from .program import Side

SCHEMA = 1
"""It goes up if a field changes its meaning or is removed. A new field does not change it."""

_NOTE = """\
Two variables are equal if their names, shapes, dtypes and bytes are. A normal distribution is shown with the standard
deviation before truncation. A draw that is no variable's first value is compared by its op and its seeds alone.
"""


class Report(NamedTuple):
    """What is reported."""

    program: tuple[str, ...]
    sides: tuple[Side, Side]
    records: tuple[Record, Record]
    found: Differences

    @property
    def troubles(self) -> list[str]:
        """Sentences about what was not recorded."""
        return [
            f"{side.name}: {trouble}" for side, record in zip(self.sides, self.records) for trouble in record.troubles
        ]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs, and nothing is missing in the records."""
        return self.found.are_none and not self.troubles


# --- Text ------------------------------------------------------------------------------------------------------------


def as_text(report: Report) -> str:
    """Returns what was compared, how much of it is equal, and each difference."""
    lines = [f"{side.name}  {_ran(side, record)}" for side, record in zip(report.sides, report.records)]
    lines += ["", *_counts(report.found)]
    differing = [row for row in report.found.variables if not row.is_equal]
    if differing:
        first = differing[0]
        lines.append(f"first difference: {visible(first.name)}: {_why(first)}")
    for row in (*differing, *(row for row in report.found.draws if not row.is_equal)):
        lines += ["", f"{_name(row)}: {_why(row)}"]
        lines += [f"  {side}  {_cell(value)}" for side, value in (("OLD", row.old), ("NEW", row.new)) if value]
    lines += ["", *map(visible, report.troubles)] if report.troubles else []
    return "\n".join(lines) + "\n"


def _ran(side: Side, record: Record) -> str:
    under = ", under run" if side.under_run else ""
    under += "" if side.tf1 is None else f" --tf1 --first-weights-from {side.tf1}" if side.tf1 else " --tf1"
    return visible(f"{side.given}: Python {record.python}, TensorFlow {record.tensorflow}{under}")


def _counts(found: Differences) -> list[str]:
    several = f", {plural(found.values, 'value')}" if found.values != len(found.variables) else ""
    lines = [f"{plural(len(found.variables), 'variable')}{several}: {_equal(found.variables)}"]
    if found.draws:
        lines.append(f"{plural(len(found.draws), 'other draw')}: {_equal(found.draws)}")
    return lines


def _equal(rows: Sequence[Row]) -> str:
    equal = sum(row.is_equal for row in rows)
    others = len(rows) - equal
    return f"{equal} equal" + (f", {others} {'differs' if others == 1 else 'differ'}" if others else "")


def _name(row: Row) -> str:
    return visible(row.name) + (f" in process {row.process}" if row.process else "")


def _why(row: Row) -> str:
    return visible(f"{row.result}: {row.hint}" if row.hint else row.result)


def _cell(value: Value | Draw) -> str:
    if isinstance(value, Draw):
        return visible(f"{value.dtype}, {value.distribution}, {value.seeded}")
    first = " ".join(map(_short, value.first))
    parts = [
        f"{value.dtype} {list(value.shape)}" if value.shape is not None else "",
        _drawn(value.draws),
        f"begins with {first}" if first else "",
        f"SHA-256 {value.sha256[:12]}" if value.sha256 else "not read",
    ]
    return visible(", ".join(filter(None, parts)))


def _short(number: float | str) -> str:
    """Returns a number with the digits that float32 needs; the recorder has written floats as text."""
    try:
        return str(number) if isinstance(number, int) else f"{float(number):.9g}"
    except ValueError:  # A complex number.
        return str(number)


def _drawn(draws: Iterable[Draw]) -> str:
    return "; ".join(f"{draw.distribution}, {draw.seeded}" for draw in draws)


# --- JSON ------------------------------------------------------------------------------------------------------------


def as_json(report: Report) -> str:
    """Returns everything as an object for programs; docs/compare.md describes it."""
    found = report.found
    result = {
        "schema": SCHEMA,
        "tool": "compat-v1-init",
        "version": __version__,
        "program": list(report.program),
        "equal": report.is_equal,
        **{side.name.lower(): _side(side, record) for side, record in zip(report.sides, report.records)},
        "counts": {
            "variables": len(found.variables),
            "equal_variables": sum(row.is_equal for row in found.variables),
            "values": found.values,
            "draws": len(found.draws),
            "equal_draws": sum(row.is_equal for row in found.draws),
        },
        "variables": [_row(row) for row in found.variables],
        "draws": [_row(row) for row in found.draws],
        "troubles": report.troubles,
    }
    return json.dumps(result, indent=2) + "\n"


def _side(side: Side, record: Record) -> dict[str, Any]:
    return {
        "tree": side.given,
        "python": record.python,
        "tensorflow": record.tensorflow,
        "run": side.under_run,
        "tf1": side.tf1 is not None,
        "first_weights_from": side.tf1 or None,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "process": row.process,
        "result": row.result,
        "hint": row.hint or None,
        "old": _object(row.old),
        "new": _object(row.new),
    }


def _finite(bound: float | None) -> float | str | None:
    """Returns a bound for JSON, which has no infinity."""
    return bound if bound is None or math.isfinite(bound) else str(bound)


def _object(value: Value | Draw | None) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, Draw):
        return {
            "kernel": value.kernel,
            "seeds": None if value.seeds is None else list(value.seeds),
            "bounds": list(map(_finite, value.bounds)) or None,
            "dtype": value.dtype,
        }
    return {
        "shape": None if value.shape is None else list(value.shape),
        "dtype": value.dtype,
        "sha256": value.sha256,
        "draws": [_object(draw) for draw in value.draws],
    }


# --- HTML ------------------------------------------------------------------------------------------------------------


def as_html(report: Report) -> str:
    """Returns a page, in the style of the other commands' pages."""
    from compat_v1_init._output.page import table_page

    found = report.found
    columns = ("name", "what", "process", "result", "why", "OLD", "NEW")
    rows = [
        [row.name, what, str(row.process), row.result, row.hint, *(_cell(each) if each else "" for each in row[4:])]
        for what, several in (("variable", found.variables), ("draw", found.draws))
        for row in several
    ]
    ran = [f"{side.name}: {_ran(side, record)}" for side, record in zip(report.sides, report.records)]
    equal = sum(row.is_equal for row in found.variables)
    return table_page(
        "Two runs of a program",
        " ".join(report.program),
        columns,
        rows,
        facts=[
            ("variables", f"{len(found.variables):,}"),
            ("equal", f"{equal:,}"),
            ("different", f"{len(found.variables) - equal:,}"),
            ("other draws", f"{len(found.draws):,}"),
            ("different draws", f"{sum(not row.is_equal for row in found.draws):,}"),
        ],
        notes=[*ran, *report.troubles, _NOTE],
        choose_by=("result", "what", "process"),
    )


FORMATS = {"text": as_text, "json": as_json, "html": as_html}
