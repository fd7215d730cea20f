"""What a run has to say, for people: the diff, a table that fits a screen, one line of counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO

from .diff import unified
from .findings import Effect, Target
from .outcomes import Outcome, Site, sites_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MOST_ROWS = 12
"""A longer table is one of rules, with the first places that need a person."""

LONGEST = 80
"""Of source in a table, in characters; the diff has all of it."""

_STYLES = {Effect.SAME: "green", Effect.OTHER: "yellow", Effect.NEEDS_YOU: "magenta"}


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
    return _spelled(re.sub(r"\s+", " ", text))


def _spelled(text: str) -> str:
    # The second range are the marks that turn the direction of text, with which source can be made to look other.
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lambda m: repr(m[0])[1:-1], text)


def print_report(report: Report, stream: TextIO, *, with_diff: bool, with_table: bool = True) -> None:
    """Prints a run to a stream: with colours on a terminal, and plain, with the diff's very bytes, elsewhere."""
    from rich.console import Console

    # Elsewhere than on a terminal a row is a line, however long.
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = 10_000
    if with_diff:
        _print_diffs(report.outcomes, console)
    if with_table:
        tables = _tables(report, by_file=console.is_terminal)
        for table in tables:
            _print_table(table, console)
        if tables:
            console.print()
        _print_problems(report.outcomes, console)
        console.print(counts(report), style="bold", soft_wrap=True)


def _print_diffs(outcomes: Iterable[Outcome], console: Console) -> None:
    from rich.text import Text

    console.file.flush()
    raw: BinaryIO = console.file.buffer  # type: ignore[attr-defined]
    styles = {b"---": "bold", b"+++": "bold", b"-": "red", b"+": "green", b"@": "cyan"}
    for outcome in outcomes:
        if outcome.after is None:
            continue
        for line in unified(outcome.path, outcome.before, outcome.after):
            if not console.is_terminal:
                raw.write(line)
                continue
            style = styles.get(line[:3], styles.get(line[:1], ""))
            console.print(Text(_spelled(_decoded(line).rstrip("\r\n")), style), soft_wrap=True)
    raw.flush()


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _print_table(table: Table | str, console: Console) -> None:
    with console.capture() as captured:
        console.print(table)
    # Rich fills each line up to the table's width.
    lines = captured.get().splitlines()
    console.file.write("".join((line if console.is_terminal else line.rstrip()) + "\n" for line in lines))


# --- Tables ----------------------------------------------------------------------------------------------------------


def _new_table(*columns: str, title: str | None = None) -> Table:
    from rich.table import Table

    style = {"title_style": "bold", "title_justify": "left"}
    table = Table(title=title, box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), **style)  # type: ignore[arg-type]
    for column in columns:
        # Where there is not much room the words wrap; places and codes stay whole, in columns of one width.
        width = {"place": 7, "effect": 18}.get(column) if title else None
        is_prose = column in ("effect", "change", "proof", "what")
        table.add_column(column, no_wrap=not is_prose, overflow="fold", min_width=width)
        if is_prose:
            table.columns[-1].max_width = width
    return table


def _tables(report: Report, *, by_file: bool) -> list[Table | str]:
    sites = list(sites_of(report.outcomes))
    if not sites:
        return []
    if len(sites) <= MOST_ROWS:
        return [*_tables_of_places(sites, report, by_file=by_file)]
    for_you = [(outcome, site) for outcome, site in sites if site.finding.effect is Effect.NEEDS_YOU]
    tables: list[Table | str] = [_table_of_rules(sites, report)]
    if for_you:
        tables += ["", *_tables_of_places(for_you[:MOST_ROWS], report, by_file=by_file)]
    if len(for_you) > MOST_ROWS:
        tables.append(f"... and {len(for_you) - MOST_ROWS} more; --format json lists every one")
    return tables


def _tables_of_places(sites: Sequence[tuple[Outcome, Site]], report: Report, *, by_file: bool) -> list[Table]:
    """Returns a table of places, or, so that long paths leave room, one for each file."""
    from rich.text import Text

    columns = ("place", "rule", "effect", "change", *(["proof"] if report.proved else []))
    tables: dict[str, Table] = {}
    for outcome, site in sites:
        key = _spelled(outcome.path) if by_file else ""
        table = tables.get(key)
        if table is None:
            table = tables[key] = _new_table(*columns, title=key or None)
            table.show_header = len(tables) == 1
        finding = site.finding
        # Under Keras the message says why, and the diff what.
        renamed = finding.effect is Effect.SAME and report.to == "shim" and finding.before != finding.after
        change = f"{_short(finding.before)} -> {_short(finding.after or '')}" if renamed else finding.message
        table.add_row(
            site.place if by_file else _spelled(f"{outcome.path}:{site.place}"),
            finding.code,
            Text(finding.effect.value, _STYLES[finding.effect]),
            visible(change),
            *([visible(site.verdict or "")] if report.proved else []),
        )
    return list(tables.values())


def _short(source: str) -> str:
    source = visible(source)
    return source if len(source) <= LONGEST else source[: LONGEST - 4] + " ..."


def _table_of_rules(sites: Sequence[tuple[Outcome, Site]], report: Report) -> Table:
    from rich.text import Text

    table = _new_table("rule", "effect", "places", "files", "what")
    groups: dict[tuple[str, Effect], list[str]] = {}
    for outcome, site in sites:
        groups.setdefault((site.finding.code, site.finding.effect), []).append(outcome.path)
    for (code, effect), paths in sorted(groups.items(), key=lambda group: (group[0][0], group[0][1].value)):
        style = _STYLES[effect]
        table.add_row(
            code, Text(effect.value, style), str(len(paths)), str(len(set(paths))), report.titles.get(code, "")
        )
    return table


def _print_problems(outcomes: Iterable[Outcome], console: Console) -> None:
    problems = [
        (outcome.path + problem.place, problem.reason, what)
        for outcome in outcomes
        for what, problem in [
            *([("failed", outcome.failure)] if outcome.failure else []),
            *(("cell left alone", skipped) for skipped in outcome.skipped),
        ]
    ]
    for place, reason, what in problems[:MOST_ROWS]:
        console.print(_spelled(f"{what}: {place}: {visible(reason)}"), style="red", soft_wrap=True)
    if len(problems) > MOST_ROWS:
        console.print(f"... and {len(problems) - MOST_ROWS} more; --format json lists every one", style="red")


# --- Counts ----------------------------------------------------------------------------------------------------------


def counts(report: Report) -> str:
    """Returns the last line of a report."""
    outcomes = report.outcomes
    parts = []
    for status in ("changed", "would change"):
        files = [outcome for outcome in outcomes if outcome.status == status]
        if files:
            effects = Counter(site.finding.effect for _, site in sites_of(files) if site.finding.after is not None)
            places = ", ".join(f"{effects[effect]} {effect.value}" for effect in Effect if effects[effect])
            parts.append(f"{len(files)} {status} ({plural(sum(effects.values()), 'place')}: {places})")
    for_you = sum(site.finding.effect is Effect.NEEDS_YOU for _, site in sites_of(outcomes))
    if for_you:
        parts.append(f"{plural(for_you, 'place')} need{'s' if for_you == 1 else ''} you")
    cells = sum(len(outcome.skipped) for outcome in outcomes)
    if cells:
        parts.append(f"{plural(cells, 'cell')} left alone")
    failed = sum(outcome.failure is not None for outcome in outcomes)
    if failed:
        parts.append(f"{failed} failed")
    if report.proved:
        verdicts = Counter(site.verdict for _, site in sites_of(outcomes) if site.verdict is not None)
        parts.append(
            f"{sum(n for verdict, n in verdicts.items() if is_proved(verdict))} of {sum(verdicts.values())} proved"
        )
    return f"{plural(report.looked_at, 'file')}: " + ("; ".join(parts) or "nothing to do") + "."


def is_proved(verdict: str | None) -> bool:
    """Returns whether a verdict of `--prove` is the good one."""
    return verdict is not None and verdict.startswith("proved")
