"""One file, from its bytes to its outcome. Nothing is written, and no exception is raised."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .decide.analyze import MARKERS, Given, analyze
from .decide.by_default import MARKERS as BY_DEFAULT
from .decide.ignore import Ignored, Key
from .decide.text import analyze_text, mentions, without_ours
from .files.project import Project
from .files.read_write import decode
from .findings import Analysis, Goal, Refused
from .outcomes import Outcome, Place, Problem
from .source.lexer import split_lines, words
from .source.notebooks import Cell, Notebook, code_cells, parse

if TYPE_CHECKING:
    from .files.discover import FileKind


@dataclass(frozen=True)
class Job:
    """One file that was read."""

    path: str
    """As the user named it."""
    kind: FileKind
    data: bytes
    location: Path | None = None
    """Where it is, to find the modules beside it; None for standard input."""
    root: Path | None = None
    """Where its project's modules are imported from."""
    ignore: frozenset[str] = frozenset()
    """Codes of the rules that are not applied in this file."""
    known: Mapping[Key, int] = field(default_factory=dict)
    """How many findings of each key a baseline has for it."""


def matters(data: bytes) -> bool:
    """Returns whether a file may hold something to find; its bytes are searched without being decoded."""
    return any(marker in data for marker in MARKERS)


def may_have_something(kind: FileKind, data: bytes) -> bool:
    """Returns whether a file may name something to find, or draw from the family by default."""
    is_program = kind != "text" and any(marker in data for marker in BY_DEFAULT)
    return matters(data) or (is_program and _TENSORFLOW.search(data) is not None)


_TENSORFLOW = re.compile(rb"tensorflow|tf_slim|\btf\b")
# How this command's own baselines and reports begin, in each of its formats of JSON.
_OURS = re.compile(rb'\s*[\[{].{,400}?(?:"compat-v1-init"|"check_name": "CVI)', re.DOTALL)


def outcome_of(job: Job, goal: Goal) -> Outcome:
    """Returns what is found in a file and what it would become."""
    try:
        return _BY_KIND[job.kind](job, goal)
    except Refused as error:
        if not may_have_something(job.kind, job.data):
            return Outcome(job.path, job.data)
        return Outcome(job.path, job.data, failure=Problem(error.reason, error.line))
    except Exception as error:  # noqa: BLE001 - a fault here must not stop the other files
        reason = f"a fault of compat-v1-init, please report it: {type(error).__name__}: {error}"
        return Outcome(job.path, job.data, failure=Problem(reason))


def _outcome(job: Job, after: bytes, places: Iterable[Place], **more: Any) -> Outcome:
    return Outcome(job.path, job.data, None if after == job.data else after, tuple(places), **more)


def _analyzed(
    source: str, job: Job, goal: Goal, used: AbstractSet[str] = frozenset(), cells: Sequence[int] = ()
) -> Analysis:
    return analyze(source, Given(goal, Project(job.location, job.root), used, tuple(cells), job.ignore, job.known))


def _places(analysis: Analysis) -> Iterator[Place]:
    """Yields the findings as places; in a notebook their lines are still those of the joined cells."""
    pairs = {pair.finding: pair for pair in analysis.pairs}
    for finding in analysis.findings:
        yield Place(finding, pair=pairs.get(finding), verdict=analysis.unprovable.get(finding))


def _python(job: Job, goal: Goal) -> Outcome:
    text = decode(job.data)
    analysis = _analyzed(text.text, job, goal)
    edits = analysis.edits
    return _outcome(job, text.edited(edits), _places(analysis), known=analysis.known, edits=edits)


def _text(job: Job, _: Goal) -> Outcome:
    found = () if b"\0" in job.data or _OURS.match(job.data) else analyze_text(job.data.decode("utf-8", "replace"))
    ignored = Ignored(job.ignore, known=job.known)
    places = [Place(finding) for finding in found if not ignored.takes(finding)]
    return _outcome(job, job.data, places, known=tuple(ignored.known))


def _notebook(job: Job, goal: Goal) -> Outcome:
    text = decode(job.data)
    notebook = Notebook(text.text)
    analysis = analyze_cells(notebook, job, goal)
    edits = notebook.edits(analysis.edits)
    after = text.edited(edits)
    if after != job.data:
        _check_notebook(text.text, decode(after).text, job, goal)
    places = [_in_cell(notebook, place) for place in _places(analysis)]
    skipped = tuple(filter(None, (_left_alone(notebook, cell, analysis.kept) for cell in notebook.cells)))
    return _outcome(job, after, places, skipped=skipped, known=analysis.known, edits=edits)


def _in_cell(notebook: Notebook, place: Place) -> Place:
    """Returns a place with the lines of its cell in place of those of the joined cells."""
    finding = place.finding
    cell, line = notebook.place(finding.line)
    moved = replace(finding, line=line, end_line=line + finding.end_line - finding.line)
    return replace(place, finding=moved, cell=cell.number, file_line=notebook.file_line(cell, line))


def _left_alone(notebook: Notebook, cell: Cell, kept: frozenset[str]) -> Problem | None:
    """Returns the problem of a cell that was not read as Python, or not all of it; None if that does not matter."""
    unread = notebook.unread(cell)
    if cell.problem is not None:
        data = without_ours(unread).encode("utf-8", "replace")
        could_matter = may_have_something("python", data) or kept & words(unread)
        return Problem(cell.problem, cell.problem_line, cell.number) if could_matter else None
    if not mentions(unread):
        return None
    reason = "what only IPython understands names an initializer; change it by hand"
    line = next((number for number, text in enumerate(split_lines(cell.source), 1) if mentions(text)), None)
    return Problem(reason, line, cell.number)


def analyze_cells(notebook: Notebook, job: Job, goal: Goal) -> Analysis:
    """Analyses the cells together; one that is refused is left alone."""
    return notebook.read(lambda text: _analyzed(text, job, goal, notebook.unread_names(), notebook.first_lines()))


def _check_notebook(before: str, after: str, job: Job, goal: Goal) -> None:
    """Refuses a changed notebook unless only code has changed, and a second pass would change nothing."""
    if _without_code(before) != _without_code(after):
        raise Refused("the change would reach beyond the code cells, so it is not made")
    if analyze_cells(Notebook(after), job, goal).edits:
        raise Refused("a second pass would change it again, so it is not changed")


def _without_code(text: str) -> Any:
    content = parse(text)
    for cell in code_cells(text, content):
        cell.holder.pop(cell.key)
    return json.dumps(content)


_BY_KIND: dict[FileKind, Callable[[Job, Goal], Outcome]] = {"notebook": _notebook, "python": _python, "text": _text}
