"""`--add-ignore`: each place that is found gets a comment with the rule's code, so that it is left as it is.

In Python, and in the cells of a notebook, the comment stands at the end of a line of the place. In other text it stands
alone on the line above, since most such formats allow no comment behind a value. No comment is written where it would
become part of a string. Such a place stays in the report.
"""

from __future__ import annotations

import configparser
import dataclasses
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .decide.ignore import Mark, mark_in
from .decide.text import analyze_text
from .files.read_write import decode
from .findings import Edit, Finding, Goal, apply
from .one_file import Job, analyze_cells, outcome_of
from .settings import loads_toml
from .source.lexer import NEWLINE, lex
from .source.notebooks import Notebook

if TYPE_CHECKING:
    from .outcomes import Outcome

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
_TEXT_COMMENTS = {".jsonnet": "//", ".json": None}


def marked(job: Job, outcome: Outcome, goal: Goal) -> Outcome:
    """Returns the outcome of a file after its findings are marked; its places are those that could not be marked."""
    if outcome.failure is not None or not any(place.finding.effect.is_open for place in outcome.places):
        return dataclasses.replace(outcome, after=None)
    edits = _MARK[job.kind](job, outcome, goal)
    after = decode(job.data).edited(edits) if edits else job.data
    again = outcome_of(dataclasses.replace(job, data=after), goal)
    if again.failure is not None:
        return dataclasses.replace(outcome, after=None)
    changed = None if after == job.data else after
    return dataclasses.replace(again, before=job.data, after=changed, edits=edits, skipped=outcome.skipped)


def _python(job: Job, outcome: Outcome, _: Goal) -> tuple[Edit, ...]:
    return marks_for(decode(job.data).text, [place.finding for place in outcome.places])


def _notebook(job: Job, _: Outcome, goal: Goal) -> tuple[Edit, ...]:
    notebook = Notebook(decode(job.data).text)
    found = analyze_cells(notebook, job, goal).findings
    return notebook.edits(marks_for(notebook.joined, found))


def marks_for(source: str, findings: Iterable[Finding]) -> tuple[Edit, ...]:
    r"""Returns the edits that mark the places of findings in Python source.

    Example:
    >>> from compat_v1_init._migrate.decide.analyze import Given, analyze
    >>> source = "x = 'xavier_initializer'\n"
    >>> apply(source, marks_for(source, analyze(source, Given()).findings))
    "x = 'xavier_initializer'  # compat-v1-init: ignore[CVI207]\n"
    """
    lines = list(_LINE.finditer(source))
    free, marks = _free_lines(source, lines)
    codes: dict[int, list[str]] = {}
    for finding in findings:
        line = next((line for line in range(finding.line, finding.end_line + 1) if line in free), None)
        if line is not None and finding.effect.is_open and finding.code not in codes.setdefault(line, []):
            codes[line].append(finding.code)
    edits = []
    for line, named in codes.items():
        mark = marks.get(line)
        if mark is not None and mark.codes:
            start = lines[line - 1].start() + mark.column - 1
            text = f"{mark.text.partition('[')[0]}[{', '.join([*mark.codes, *named])}]"
            edits.append(Edit(start, start + len(mark.text), text))
        elif mark is None:
            end = lines[line - 1].start() + len(lines[line - 1][1].rstrip())
            edits.append(Edit(end, end, f"  # compat-v1-init: ignore[{', '.join(named)}]"))
    return tuple(edits)


def _free_lines(source: str, lines: list[re.Match[str]]) -> tuple[set[int], dict[int, Mark]]:
    """Returns the lines, from 1, at whose end a comment may stand, and those that have a mark."""
    starts = [line.start() for line in lines]
    taken: set[int] = set()
    marks: dict[int, Mark] = {}
    line = 1
    for kind, text, offset in lex(source):
        while line < len(starts) and starts[line] <= offset:
            line += 1
        if kind == "continuation":
            taken.add(line)
        elif kind == "string":
            taken.update(range(line, line + len(NEWLINE.findall(text))))
        elif kind == "comment":
            mark = mark_in(text, line, offset - starts[line - 1] + 1)
            if mark is not None:
                marks[line] = mark
    return set(range(1, len(lines) + 1)) - taken, marks


def _text(job: Job, outcome: Outcome, _: Goal) -> tuple[Edit, ...]:
    suffix = Path(job.path).suffix.lower()
    comment = _TEXT_COMMENTS.get(suffix, "#")
    try:
        text = decode(job.data)
    except Exception:  # noqa: BLE001 - what cannot be decoded cannot be marked
        comment = None
    if comment is None:
        return ()
    codes: dict[int, set[str]] = {}
    for place in outcome.places:
        codes.setdefault(place.finding.line, set()).add(place.finding.code)
    result = text.text
    edits: list[Edit] = []
    lines = list(_LINE.finditer(text.text))
    for line, named in sorted(codes.items()):
        found = lines[line - 1]
        if suffix in (".yaml", ".yml") and not _is_item([each[1] for each in lines[:line]]):
            continue
        indent = found[1][: len(found[1]) - len(found[1].lstrip())]
        newline = next((each[2] for each in (found, *lines) if each[2]), "\n")
        mark = f"{indent}{comment} compat-v1-init: ignore[{', '.join(sorted(named))}]{newline}"
        tried = (*edits, Edit(found.start(), found.start(), mark))
        changed = apply(text.text, tried)
        if _means_the_same(suffix, result, changed):
            result, edits = changed, list(tried)
    return tuple(edits)


_ITEM = re.compile(r"""\s*(?:-\s+)*(?:"[^"]*"|'[^']*'|[\w./ -]+):(?:\s|$)|\s*-\s""")
_BLOCK = re.compile(r"[|>][-+\d]*\s*(?:#.*)?$")


def _is_item(lines: list[str]) -> bool:
    """Returns whether the last of these lines of YAML begins an item, and is not inside of a text of several lines."""
    last = lines[-1]
    if not _ITEM.match(last) or any(last.count(quote) % 2 for quote in "\"'"):
        return False
    before = [line for line in lines[:-1] if line.strip() and not line.lstrip().startswith("#")]
    if before and not (_ITEM.match(before[-1]) or before[-1].startswith(("---", "%"))):
        return False
    indent = len(last) - len(last.lstrip())
    for line in reversed(before):
        deep = len(line) - len(line.lstrip())
        if deep < indent or (deep == indent and line.lstrip().startswith("-")):
            if _BLOCK.search(line):
                return False
            indent = deep
    return True


def _means_the_same(suffix: str, before: str, after: str) -> bool:
    read = {".toml": loads_toml, ".cfg": _read_ini, ".ini": _read_ini}.get(suffix)
    if read is None:
        return len(analyze_text(after)) < len(analyze_text(before))
    try:
        return bool(read(before) == read(after))
    except Exception:  # noqa: BLE001 - a file that its own format's reader refuses is not changed
        return False


def _read_ini(text: str) -> Any:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser}


_MARK: dict[str, Callable[[Job, Outcome, Goal], tuple[Edit, ...]]] = {
    "notebook": _notebook,
    "python": _python,
    "text": _text,
}
