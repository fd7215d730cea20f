"""One file from its bytes to its outcome. Pure: nothing is written, and no exception gets out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .analyze import MARKERS, analyze, analyze_text
from .defaults import MARKERS as BY_DEFAULT
from .files import Refused, decode
from .findings import Analysis, CannotAnalyze, Finding, Target
from .ignore import Ignored, Key
from .notebooks import Cell, Notebook, code_cells, parse, split_lines, words
from .outcomes import Outcome, Problem, Site
from .text import mentions, without_ours

if TYPE_CHECKING:
    from .discover import Kind


@dataclass(frozen=True)
class Options:
    """What holds for all files of a run."""

    to: Target = "shim"
    defaults: bool = False
    """Whether what draws by default is written out."""
    samplers: bool = False
    """Whether the samplers outside of variables are moved too."""


@dataclass(frozen=True)
class Job:
    """One file that was read."""

    path: str
    """As the user named it."""
    kind: Kind
    data: bytes
    location: Path | None = None
    """Where it is, to look up the modules beside it; None for standard input."""
    root: Path | None = None
    """Where its project's modules are imported from."""
    ignore: frozenset[str] = frozenset()
    """Codes of the rules that are not applied in this file."""
    known: Mapping[Key, int] = field(default_factory=dict)
    """How many findings of each key a baseline has for it."""


def matters(data: bytes) -> bool:
    """Returns whether a file can hold anything to find, without decoding it."""
    return any(marker in data for marker in MARKERS)


def may_draw_by_default(kind: Kind, data: bytes) -> bool:
    """Returns whether a file that names nothing of the family may draw from it."""
    return kind != "text" and any(marker in data for marker in BY_DEFAULT) and _TENSORFLOW.search(data) is not None


_TENSORFLOW = re.compile(rb"tensorflow|tf_slim|\btf\b")


# What this command's own baselines and reports begin with, JSON's formats in this order.
_OURS = re.compile(rb'\s*[\[{].{,400}?(?:"compat-v1-init"|"check_name": "CVI)', re.DOTALL)


def is_ours(data: bytes) -> bool:
    """Returns whether a file was written by this command about other files."""
    return _OURS.match(data) is not None


def outcome_of(job: Job, options: Options) -> Outcome:
    """Returns what is found in a file and what it would become."""
    try:
        return _BY_KIND[job.kind](job, options)
    except (Refused, CannotAnalyze) as error:
        if not matters(job.data):
            return Outcome(job.path, job.data)
        return Outcome(job.path, job.data, failure=Problem(error.reason, error.line))
    except Exception as error:  # noqa: BLE001 - a fault here must not stop the other files
        reason = f"a fault of compat-v1-init, please report it: {type(error).__name__}: {error}"
        return Outcome(job.path, job.data, failure=Problem(reason))


def _outcome(
    job: Job,
    after: bytes,
    sites: tuple[Site, ...],
    skipped: tuple[Problem, ...] = (),
    known: tuple[Finding, ...] = (),
) -> Outcome:
    return Outcome(job.path, job.data, None if after == job.data else after, sites, skipped, known=known)


def _sites(analysis: Analysis, place: Callable[[Finding], dict[str, Any]] | None = None) -> tuple[Site, ...]:
    """Returns the findings as sites; `place` gives the fields that say where in a notebook one is."""
    proofs = {proof.finding: proof for proof in analysis.proofs}
    return tuple(
        Site(
            **({"finding": finding} if place is None else place(finding)),
            proof=proofs.get(finding),
            verdict=analysis.unprovable.get(finding),
        )
        for finding in analysis.findings
    )


# --- Kinds -----------------------------------------------------------------------------------------------------------


def _python(job: Job, options: Options) -> Outcome:
    text = decode(job.data)
    analysis = analyze(
        text.text,
        to=options.to,
        path=job.location,
        root=job.root,
        ignore=job.ignore,
        known=job.known,
        defaults=options.defaults,
        samplers=options.samplers,
    )
    return _outcome(job, text.edited(analysis.edits), _sites(analysis), known=analysis.known)


def _text(job: Job, _: Options) -> Outcome:
    found = () if b"\0" in job.data or is_ours(job.data) else analyze_text(job.data.decode("utf-8", "replace"))
    ignored = Ignored(job.ignore, known=job.known)
    sites = tuple(Site(finding) for finding in found if not ignored.takes(finding))
    return _outcome(job, job.data, sites, known=tuple(ignored.known))


def _notebook(job: Job, options: Options) -> Outcome:
    text = decode(job.data)
    notebook = Notebook(text.text)
    analysis = analyze_cells(notebook, job, options)

    def place(finding: Finding) -> dict[str, Any]:
        cell, line = notebook.place(finding.line)
        moved = replace(finding, line=line, end_line=line + finding.end_line - finding.line)
        return {"finding": moved, "cell": cell.number, "file_line": notebook.file_line(cell, line)}

    after = text.edited(notebook.edits(analysis.edits))
    if after != job.data:
        _verify(text.text, decode(after).text, job, options)
    skipped = tuple(filter(None, (_left_alone(notebook, cell, analysis.kept) for cell in notebook.cells)))
    return _outcome(job, after, _sites(analysis, place), skipped, analysis.known)


def _left_alone(notebook: Notebook, cell: Cell, kept: frozenset[str]) -> Problem | None:
    """Returns what to say of a cell that was not read, or not all of it, if that matters."""
    unread = notebook.unread(cell)
    if cell.problem is not None:
        could_matter = matters(without_ours(unread).encode("utf-8", "replace")) or kept & words(unread)
        return Problem(cell.problem, cell.problem_line, cell.number) if could_matter else None
    if not mentions(unread):
        return None
    reason = "what only IPython understands names an initializer; change it by hand"
    line = next((number for number, text in enumerate(split_lines(cell.source), 1) if mentions(text)), None)
    return Problem(reason, line, cell.number)


def analyze_cells(notebook: Notebook, job: Job, options: Options) -> Analysis:
    """Analyses the cells together; one that cannot be understood is left alone, and the others are tried again."""
    try:
        return analyze(
            notebook.joined,
            to=options.to,
            path=job.location,
            root=job.root,
            ignore=job.ignore,
            known=job.known,
            defaults=options.defaults,
            samplers=options.samplers,
            used=notebook.unread_names(),
            cells=notebook.first_lines(),
        )
    except CannotAnalyze as error:
        if error.line is None:
            raise
        cell, line = notebook.place(error.line)
        notebook.leave(cell, error.reason, line)
    return analyze_cells(notebook, job, options)


def _verify(before: str, after: str, job: Job, options: Options) -> None:
    """Refuses a changed notebook unless only code has changed, and a second pass would change nothing."""
    if _without_code(before) != _without_code(after):
        raise Refused("the change would reach beyond the code cells, so it is not made")
    if analyze_cells(Notebook(after), job, options).edits:
        raise Refused("a second pass would change it again, so it is not changed")


def _without_code(text: str) -> Any:
    content = parse(text)
    for cell in code_cells(text, content):
        cell.holder.pop(cell.key)
    return json.dumps(content)


_BY_KIND: dict[Kind, Callable[[Job, Options], Outcome]] = {"notebook": _notebook, "python": _python, "text": _text}
