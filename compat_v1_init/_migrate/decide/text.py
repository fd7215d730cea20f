"""Text other than Python, such as YAML, that names initializers."""

from __future__ import annotations

import dataclasses
import re

from compat_v1_init._migrate.decide.ignore import MARK, Mark, bad_marks, mark_in
from compat_v1_init._migrate.findings import Effect, Finding
from compat_v1_init._migrate.source.doubt import Doubt
from compat_v1_init._migrate.source.initializer_names import NAMED_BY, TF1_ONLY_NAMES, any_of
from compat_v1_init._migrate.source.lexer import NEWLINE
from compat_v1_init._migrate.source.strings import names_an_initializer

_WORD = re.compile(r"[A-Za-z_][\w.]*(?:\([^()\r\n]*\))?")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_OURS = re.compile(r"\bcompat_v1_init(?:\.\w+)*(?:[ \t]+import\b[^\r\n]*)?")
_MENTION = re.compile(rf"\b(?:{any_of(TF1_ONLY_NAMES)})\b|\.[ \t]*{NAMED_BY}\b")


def mentions(code: str) -> bool:
    r"""Returns whether code that is not parsed may use an initializer of the family that is not this package's.

    Example:
    >>> mentions("%time tf.initializers.he_normal()"), mentions("%time compat_v1_init.initializers.he_normal()")
    (True, False)
    """
    return _MENTION.search(without_ours(code)) is not None


def without_ours(code: str) -> str:
    """Returns code without the names of this package, and without the lines that are marked to be ignored."""
    return _OURS.sub("", "\n".join(line for line in NEWLINE.split(code) if not MARK.search(line)))


def marks_of_text(text: str) -> tuple[Mark, ...]:
    r"""Returns the marks in a text's comments. A comment alone on its line is for the next line.

    Example:
    >>> [(mark.line, mark.codes) for mark in marks_of_text("# compat-v1-init: ignore[CVI207]\na: b\n")]
    [(2, ('CVI207',))]
    """
    marks = []
    for number, line in enumerate(NEWLINE.split(text), 1):
        start = MARK.search(line)
        mark = start and mark_in(line[start.start() :], number, start.start() + 1)
        if start and mark:
            is_alone = not line[: start.start()].strip()
            marks.append(dataclasses.replace(mark, line=number + 1) if is_alone else mark)
    return tuple(marks)


def analyze_text(text: str) -> tuple[Finding, ...]:
    r"""Returns a finding for each word outside of comments that names an initializer of the family.

    Lines that are marked to be ignored are left out. Each mark with a wrong code is a finding too.

    Example:
    >>> [(found.line, found.before) for found in analyze_text("layers: 3\ninit: xavier_initializer  # yes")]
    [(2, 'xavier_initializer')]
    """
    found = (
        Finding(
            *(Doubt.TEXT.code, number, match.start() + 1, number, match.end() + 1),
            *(match.group(), None, Effect.NEEDS_YOU, Doubt.TEXT.why),
        )
        for number, line in enumerate(NEWLINE.split(text), 1)
        for match in _WORD.finditer(_COMMENT.sub("", line))
        if names_an_initializer(match.group())
    )
    marks = marks_of_text(text)
    return (*(finding for finding in found if not any(mark.hides(finding) for mark in marks)), *bad_marks(marks))
