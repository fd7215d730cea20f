"""Source text split into strings, comments, names, numbers and operators.

The standard library's `tokenize` refuses, from Python 3.12 on, the literals of Python 2 and much that is malformed.
These few lines accept any text, and need time proportional to its length. A string that does not end goes as far as it
can, so no character is read twice.
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


def lex(source: str, start: int = 0) -> Iterator[tuple[str, str, int]]:
    """Yields the kind, the text and the offset of each token from `start` on; joined, the texts are the source.

    Example:
    >>> from compat_v1_init._migrate.source.lexer import lex
    >>> [text for kind, text, _ in lex("x = 'a'  # b") if kind != "space"]
    ['x', '=', "'a'", '# b']
    """
    for match in _TOKEN.finditer(source, start):
        yield match.lastgroup or "", match.group(), match.start()
