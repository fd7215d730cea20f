"""Text that is not Python, such as YAML, that names initializers."""

from __future__ import annotations

import re

from .findings import Effect, Finding
from .rules.reported import DOUBTS, WHY
from .sites import Doubt, names_an_initializer

_WORD = re.compile(r"[A-Za-z_][\w.]*(?:\([^()\r\n]*\))?")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|\s)#.*")


def analyze_text(text: str) -> tuple[Finding, ...]:
    r"""Returns a finding for each word of a text that names an initializer of the family, comments aside.

    Example:
    >>> from compat_v1_init._migrate.text import analyze_text
    >>> [(found.line, found.before) for found in analyze_text("layers: 3\ninit: xavier_initializer  # yes")]
    [(2, 'xavier_initializer')]
    """
    return tuple(
        Finding(
            code=DOUBTS[Doubt.TEXT].code,
            line=number,
            column=match.start() + 1,
            end_line=number,
            end_column=match.end() + 1,
            before=match.group(),
            after=None,
            effect=Effect.NEEDS_YOU,
            message=WHY[Doubt.TEXT],
        )
        for number, line in enumerate(_NEWLINE.split(text), 1)
        for match in _WORD.finditer(_COMMENT.sub("", line))
        if names_an_initializer(match.group())
    )
