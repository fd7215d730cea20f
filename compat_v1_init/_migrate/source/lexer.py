"""Source text split into strings, comments, names, numbers and operators; and into lines.

From Python 3.12 on, the standard library's `tokenize` refuses the literals of Python 2 and much other text that is no
Python 3. This lexer accepts any text. It takes time proportional to its length: a string without an end goes as far as
it can, so no character is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>(?:\b[bBfFrRtTuU]{1,2})?(?:
        \"\"\"(?:[^\\"]+|\\.|"(?!""))*(?:\"\"\")? | '''(?:[^\\']+|\\.|'(?!''))*(?:''')?
      | "(?:[^\\"\r\n]+|\\(?:\r\n|.))*"? | '(?:[^\\'\r\n]+|\\(?:\r\n|.))*'?))
  | (?P<name>[^\W\d]\w*)
  | (?P<number>\d\w*(?:\.\w*)?|\.\d\w*)
  | (?P<continuation>\\(?:\r\n|\r|\n))
  | (?P<newline>\r\n|\r|\n)
  | (?P<space>[ \t\f]+)
  | (?P<operator>\*\*|//|<>|<<|>>|[<>!=]=|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)


_WORD = re.compile(r"\w+")
NEWLINE = re.compile(r"\r\n|\r|\n")
NO_CODE = frozenset({"space", "comment", "continuation", "newline"})
"""The kinds of tokens that are no code."""


def split_lines(text: str) -> list[str]:
    r"""Returns the lines as Python and editors count them, with their ends; a form feed, for example, ends no line.

    Example:
    >>> split_lines("a\fb\r\nc")
    ['a\x0cb\r\n', 'c']
    """
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def words(text: str) -> set[str]:
    """Returns everything in a text that may be a name."""
    return set(_WORD.findall(text))


def lex(source: str, start: int = 0) -> Iterator[tuple[str, str, int]]:
    """Yields the kind, the text and the offset of each token from `start` on; joined, the texts are the source.

    Example:
    >>> from compat_v1_init._migrate.source.lexer import lex
    >>> [text for kind, text, _ in lex("x = 'a'  # b") if kind != "space"]
    ['x', '=', "'a'", '# b']
    """
    for match in _TOKEN.finditer(source, start):
        yield match.lastgroup or "", match.group(), match.start()
