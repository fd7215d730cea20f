"""A run as text for people: the diff, the places, one line of counts.

On a terminal, each place has its text below it. Lines break only between words, however narrow the terminal is.
Elsewhere each place is one line, for `grep` and the like.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO, TextIO

from compat_v1_init._migrate.findings import Effect
from compat_v1_init._migrate.outcomes import Outcome, Place, places_of
from compat_v1_init._output.tables import text_table
from compat_v1_init._output.text import plural, spelled, visible

from .diff import unified
from .summary import Report, counts, is_proved

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 12
"""With more places, the rules are listed, and the first places that need a person."""

STYLES = {Effect.SAME: "green", Effect.OTHER: "yellow", Effect.NEEDS_YOU: "magenta", Effect.DEFAULT: "cyan"}
_INDENT = "    "


def print_report(
    report: Report,
    stream: TextIO,
    *,
    with_diff: bool,
    with_places: bool = True,
    with_rest: bool = True,
    every_place: bool = False,
    statistics: bool = False,
) -> None:
    """Prints a run to a stream: with colors on a terminal; elsewhere plain, with the exact bytes of the diff.

    Args:
      report: the run.
      stream: the stream.
      with_diff: whether to print the diff.
      with_places: whether to print the places.
      with_rest: whether to print what failed, and the line of counts.
      every_place: whether to print all places, however many.
      statistics: whether to print a line for each rule in place of the places.
    """
    console = _console(stream)
    if with_diff:
        _print_diffs(report.outcomes, console)
    if with_places:
        _Places(report, console).print(every=every_place, statistics=statistics)
    if not with_rest:
        return
    if report.note and with_places:
        console.print(report.note, soft_wrap=True)
    _print_problems(report.outcomes, console, every=every_place)
    console.print(counts(report), style="bold", soft_wrap=True)


class _Plain:
    """Prints where there is no terminal, without the time that it takes to import rich."""

    is_terminal = False
    width = 10_000

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def print(self, text: object, style: str = "", *, soft_wrap: bool = True) -> None:
        """Prints a line as it is."""
        del style, soft_wrap
        self.file.write(f"{text}\n")


def _console(stream: TextIO) -> Console | _Plain:
    if not (stream.isatty() or os.environ.get("FORCE_COLOR")):
        return _Plain(stream)
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _print_diffs(outcomes: Iterable[Outcome], console: Console | _Plain) -> None:
    console.file.flush()
    raw: BinaryIO = console.file.buffer  # type: ignore[attr-defined]
    styles = {b"---": "bold", b"+++": "bold", b"-": "red", b"+": "green", b"@": "cyan"}
    for outcome in outcomes:
        if outcome.after is None:
            continue
        for line in unified(outcome.path, outcome.before, outcome.after, outcome.edits):
            if not console.is_terminal:
                raw.write(line)
                continue
            from rich.text import Text

            style = styles.get(line[:3], styles.get(line[:1], ""))
            console.print(Text(spelled(_decoded(line).rstrip("\r\n")), style), soft_wrap=True)
    raw.flush()


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


# --- Places ----------------------------------------------------------------------------------------------------------


def change_of(place: Place, report: Report) -> str:
    """Returns the text for a place: the old and the new source, or the message."""
    finding = place.finding
    # With `--to keras` the message says why, and the diff shows what.
    is_renamed = finding.effect is Effect.SAME and report.to == "shim" and finding.before != finding.after
    if not is_renamed:
        return finding.message
    # What is said beyond where the numbers come from.
    more = finding.message.partition("from compat_v1_init.")[2]
    return f"{finding.before} -> {finding.after or ''}{'.' if more else ''}{more}"


class _Places:
    def __init__(self, report: Report, console: Console | _Plain) -> None:
        self._report = report
        self._console = console

    def print(self, *, every: bool, statistics: bool) -> None:
        places = list(places_of(self._report.outcomes))
        if not places:
            return
        shown = places
        if statistics:
            self._rules(places)
            shown = []
        elif len(places) > MOST_ROWS and not every:
            self._rules(places)
            shown = [(outcome, place) for outcome, place in places if place.finding.effect is Effect.NEEDS_YOU]
            if shown:
                self._line("")
        most = len(shown) if every else MOST_ROWS
        self._places(shown[:most])
        if len(shown) > most:
            self._line(f"... and {len(shown) - most} more; -v lists every one")
        self._line("")
        if self._report.proved:
            self._not_proved(places)

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(text, style=style, soft_wrap=True)

    def _places(self, places: Sequence[tuple[Outcome, Place]]) -> None:
        if not self._console.is_terminal:
            rows = [self._row(outcome, place) for outcome, place in places]
            names = ("place", "rule", "effect", "change", *(["proof"] if self._report.proved else []))
            self._table(names, rows)
            return
        path = None
        for outcome, place in places:
            if outcome.path != path:
                path = outcome.path
                self._line(spelled(path), "bold")
            finding = place.finding
            self._line(f"  {place.position}  {finding.code}  {finding.effect.value}", STYLES[finding.effect])
            self._words(change_of(place, self._report))
            if self._report.proved and place.verdict:
                self._words(place.verdict)

    def _row(self, outcome: Outcome, place: Place) -> tuple[str, ...]:
        position = spelled(f"{outcome.path}:{place.position}")
        change = visible(change_of(place, self._report))
        proof = [visible(place.verdict or "")] if self._report.proved else []
        return (position, place.finding.code, place.finding.effect.value, change, *proof)

    def _words(self, text: str) -> None:
        """Prints a text below its place, on lines that break between words; a word that is too long is not broken."""
        width = max(self._console.width, len(_INDENT) + 1)
        for line in textwrap.wrap(
            visible(text),
            width,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self._line(line)

    def _rules(self, places: Sequence[tuple[Outcome, Place]]) -> None:
        groups: dict[tuple[str, Effect], list[str]] = {}
        for outcome, place in places:
            groups.setdefault((place.finding.code, place.finding.effect), []).append(outcome.path)
        ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1].value))
        titles = self._report.titles
        if not self._console.is_terminal:
            rows = [
                (code, effect.value, str(len(paths)), str(len(set(paths))), titles.get(code, ""))
                for (code, effect), paths in ordered
            ]
            self._table(("rule", "effect", "places", "files", "what"), rows)
            return
        for (code, effect), paths in ordered:
            self._line(f"{code}  {effect.value}", STYLES[effect])
            files = plural(len(set(paths)), "file")
            self._words(f"{plural(len(paths), 'place')} in {files}: {titles.get(code, '')}")

    def _table(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if rows:
            self._line(text_table([names, *rows]))

    def _not_proved(self, places: Sequence[tuple[Outcome, Place]]) -> None:
        """Prints each reason why changed places are not proved, with these places."""
        groups: dict[str, list[str]] = {}
        for outcome, place in places:
            if place.finding.after is not None and not is_proved(place.verdict):
                groups.setdefault(place.verdict or "not proved", []).append(f"{outcome.path}:{place.position}")
        for verdict, positions in groups.items():
            self._line(visible(verdict), "yellow")
            if self._console.is_terminal:
                self._words(", ".join(positions))
            else:
                self._line(_INDENT + spelled(", ".join(positions)))
        if groups:
            self._line("")


def _print_problems(outcomes: Iterable[Outcome], console: Console | _Plain, *, every: bool) -> None:
    problems = [
        (outcome.path + problem.position, problem.reason, "failed" if problem is outcome.failure else "cell left alone")
        for outcome in outcomes
        for problem in outcome.problems
    ]
    most = len(problems) if every else MOST_ROWS
    for position, reason, what in problems[:most]:
        console.print(spelled(f"{what}: {position}: {visible(reason)}"), style="red", soft_wrap=True)
    if len(problems) > most:
        console.print(f"... and {len(problems) - most} more; -v lists every one", style="red", soft_wrap=True)
