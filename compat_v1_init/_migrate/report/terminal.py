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
from compat_v1_init._migrate.outcomes import Outcome, Place, places_of, problems_of
from compat_v1_init._output.tables import text_table
from compat_v1_init._output.text import plural, spelled, visible

from .diff import unified
from .summary import Report, counts, is_proved

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 12
"""With more places, the rules are listed, and the first places that need a person."""

STYLES = {Effect.SAME: "green", Effect.OTHER: "yellow", Effect.NEEDS_YOU: "magenta", Effect.DEFAULT: "cyan"}
_DIFF_STYLES = {b"---": "bold", b"+++": "bold", b"-": "red", b"+": "green", b"@": "cyan"}
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

    The rest is what failed, and the line of counts. With `statistics` each rule has a line, in place of the places.
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
    problems = list(problems_of(report.outcomes))
    most = len(problems) if every_place else MOST_ROWS
    for outcome, problem in problems[:most]:
        text = f"{problem.what}: {outcome.path}{problem.position}: {visible(problem.reason)}"
        console.print(spelled(text), style="red", soft_wrap=True)
    if len(problems) > most:
        console.print(f"... and {len(problems) - most} more; -v lists every one", style="red", soft_wrap=True)
    console.print(counts(report), style="bold", soft_wrap=True)


class _Plain:
    """Prints where there is no terminal, without the time that it takes to import rich."""

    is_terminal = False
    width = 10_000

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def print(self, text: object, **_: object) -> None:
        """Prints a line as it is."""
        self.file.write(f"{text}\n")


def _console(stream: TextIO) -> Console | _Plain:
    if not (stream.isatty() or os.environ.get("FORCE_COLOR")):
        return _Plain(stream)
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _print_diffs(outcomes: Iterable[Outcome], console: Console | _Plain) -> None:
    console.file.flush()
    raw: BinaryIO = console.file.buffer  # type: ignore[attr-defined]
    changed = [(each.path, each.before, each.after, each.edits) for each in outcomes if each.after is not None]
    for line in (line for each in changed for line in unified(*each)):
        if not console.is_terminal:
            raw.write(line)
            continue
        from rich.text import Text

        style = _DIFF_STYLES.get(line[:3], _DIFF_STYLES.get(line[:1], ""))
        console.print(Text(spelled(_decoded(line).rstrip("\r\n")), style), soft_wrap=True)
    raw.flush()


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def change_of(place: Place, report: Report) -> str:
    """Returns the text for a place: the old and the new source, or the message."""
    finding = place.finding
    # With `--to keras` the message says why, and the diff shows what.
    if finding.effect is not Effect.SAME or report.to != "shim" or finding.before == finding.after:
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
        if statistics or (len(places) > MOST_ROWS and not every):
            self._rules(places)
            needs_you = [each for each in places if each[1].finding.effect is Effect.NEEDS_YOU]
            shown = [] if statistics else needs_you
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
            # The proof is the last column.
            last = 5 if self._report.proved else 4
            rows = [self._row(outcome, place)[:last] for outcome, place in places]
            self._table(("place", "rule", "effect", "change", "proof")[:last], rows)
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
        position, finding = spelled(f"{outcome.path}:{place.position}"), place.finding
        texts = (change_of(place, self._report), place.verdict or "")
        return (position, finding.code, finding.effect.value, *map(visible, texts))

    def _words(self, text: str) -> None:
        """Prints a text below its place, on lines that break between words; a word that is too long is not broken."""
        width = max(self._console.width, len(_INDENT) + 1)
        wrapper = textwrap.TextWrapper(width - len(_INDENT), break_long_words=False, break_on_hyphens=False)
        for line in wrapper.wrap(visible(text)):
            self._line(_INDENT + line)

    def _rules(self, places: Sequence[tuple[Outcome, Place]]) -> None:
        groups: dict[tuple[str, Effect], list[str]] = {}
        for outcome, place in places:
            groups.setdefault((place.finding.code, place.finding.effect), []).append(outcome.path)
        ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1].value))
        rows = []
        for (code, effect), paths in ordered:
            places_, files, title = len(paths), len(set(paths)), self._report.titles.get(code, "")
            rows.append((code, effect.value, str(places_), str(files), title))
            if self._console.is_terminal:
                self._line(f"{code}  {effect.value}", STYLES[effect])
                self._words(f"{plural(places_, 'place')} in {plural(files, 'file')}: {title}")
        if not self._console.is_terminal:
            self._table(("rule", "effect", "places", "files", "what"), rows)

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
