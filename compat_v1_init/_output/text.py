"""Text for one line of a terminal: counts, and what must not reach a terminal as it is."""

from __future__ import annotations

import re


def plural(count: int, word: str) -> str:
    """Returns a count with its word.

    Example:
    >>> plural(1, "file"), plural(2, "file")
    ('1 file', '2 files')
    """
    return f"{count} {word}" + ("" if count == 1 else "s")


def visible(text: str) -> str:
    r"""Returns text for one line of a terminal: white space as one space, control characters spelled out.

    Example:
    >>> visible("tf.x(\n    1)\x1b")
    'tf.x( 1)\\x1b'
    """
    return spelled(re.sub(r"\s+", " ", text))


def spelled(text: str) -> str:
    r"""Returns text with its control characters spelled out, tabs aside.

    Example:
    >>> spelled("a\tb\x1b[2J")
    'a\tb\\x1b[2J'
    """
    # The second range are the marks that change the direction of text. With them source can be made to look different.
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lambda m: repr(m[0])[1:-1], text)
