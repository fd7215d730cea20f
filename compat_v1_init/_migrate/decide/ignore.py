"""Findings that are left alone: because of a comment `# compat-v1-init: ignore`, an unused rule or a baseline."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat_v1_init._cli.usage import hint
from compat_v1_init._migrate.findings import Effect, Finding
from compat_v1_init._migrate.rules import RULES
from compat_v1_init._migrate.source.lexer import lex

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.tree import Tree

MARK = re.compile(r"(?:#|;|//).*?\bcompat-v1-init:[ \t]*ignore\b(?:\[(?P<codes>[^\]\r\n]*)\]?)?")
BAD_MARK = "CVI209"

Key = tuple[str, str]


def key_of(finding: Finding) -> Key:
    """Returns what identifies a finding after lines have moved: its rule and its source, on one line."""
    return finding.code, " ".join(finding.before.split())


@dataclass(frozen=True)
class Mark:
    """A comment `# compat-v1-init: ignore`, for one line."""

    line: int
    column: int
    text: str
    codes: tuple[str, ...] | None
    """The codes of the rules that are not applied on the line; None for every rule."""

    def hides(self, finding: Finding) -> bool:
        """Returns whether a finding is on this line and of a rule that is not applied."""
        return finding.line <= self.line <= finding.end_line and (self.codes is None or finding.code in self.codes)


def mark_in(comment: str, line: int, column: int) -> Mark | None:
    """Returns the mark in a comment that begins there; None if there is none.

    Example:
    >>> mark_in("# compat-v1-init: ignore[CVI207, CVI101]", 3, 5).codes
    ('CVI207', 'CVI101')
    """
    match = MARK.match(comment)
    if match is None:
        return None
    codes = match["codes"]
    named = None if codes is None else tuple(filter(None, re.split(r"[,\s]+", codes.upper())))
    return Mark(line, column, match.group(), named)


def marks_of(tree: Tree) -> tuple[Mark, ...]:
    r"""Returns the marks in a source's comments.

    Example:
    >>> from compat_v1_init._migrate.source.tree import Tree
    >>> [mark.line for mark in marks_of(Tree("x = 1\ny = '# compat-v1-init: ignore'\nz = 3  # compat-v1-init: ignore"))]
    [3]
    """
    if "compat-v1-init" not in tree.source:
        return ()
    comments = ((text, tree.place(offset)) for kind, text, offset in lex(tree.source) if kind == "comment")
    return tuple(filter(None, (mark_in(text, *place) for text, place in comments)))


def bad_marks(marks: Iterable[Mark]) -> Iterator[Finding]:
    """Yields a finding for each mark with codes that no rule has."""
    known = [rule.code for rule in RULES]
    for mark in marks:
        for code in ("",) if mark.codes == () else mark.codes or ():
            if code in known:
                continue
            message = f"{code or 'An empty list'} is no rule, so it hides nothing{hint(code, known)}"
            message = message.rstrip("?") + ("?" if message.endswith("?") else "; compat-v1-init rules lists them.")
            end = mark.column + len(mark.text)
            yield Finding(BAD_MARK, mark.line, mark.column, mark.line, end, mark.text, None, Effect.NEEDS_YOU, message)


class Ignored:
    """Decides which findings of one file are left out: of rules that are not applied, marked or in the baseline."""

    def __init__(
        self, codes: frozenset[str] = frozenset(), marks: Iterable[Mark] = (), known: Mapping[Key, int] | None = None
    ) -> None:
        self._codes = codes
        self._marks = sorted((mark for mark in marks if mark.codes is not None), key=lambda mark: mark.line)
        self._lines = [mark.line for mark in self._marks]
        self._left = Counter(known or {})
        self.known: list[Finding] = []
        """The findings that the baseline has."""

    def takes(self, finding: Finding) -> bool:
        """Returns whether a finding is left out. Ask once for each finding, since each counts."""
        first = bisect.bisect_left(self._lines, finding.line)
        last = bisect.bisect_right(self._lines, finding.end_line)
        if finding.code in self._codes or any(mark.hides(finding) for mark in self._marks[first:last]):
            return True
        key = key_of(finding)
        if self._left[key] > 0:
            self._left[key] -= 1
            self.known.append(finding)
            return True
        return False
