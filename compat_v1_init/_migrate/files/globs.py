"""The patterns of a .gitignore, as `pathspec` reads them, but with a limit on the time that a match takes.

Each star of a pattern such as `*a*a*a*a*b` can match up to many places. The regular expressions of `pathspec` try all
combinations, so that a dozen stars take a minute. But the text between two stars need only be tried at the first place
where it matches, since the second star matches whatever follows. The same holds between two `**`. So the expressions
are rewritten: a text between two stars is not tried a second time. They match the same paths as before.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# The expressions of `pathspec` for `**/` at the start, for `/**` behind a name, and for `*`.
_FOLDERS = re.compile(r"(\(\?:\.\+/\)\?|\(\?:/\.\+\)\?)")
_LAZY = {"(?:.+/)?": "(?:.+?/)??", "(?:/.+)?": "(?:/.+?)??"}
_STAR = "[^/]*"
# A slash between two names of a path, but not the one in the expression for `*`.
_SLASH = re.compile(r"(?<!\[\^)/")


def rules_of(lines: Iterable[str]) -> GitIgnoreSpec:
    """Returns the rules of these lines. Lines that are no patterns are left out."""
    from pathspec import GitIgnoreSpec

    patterns: list[Any] = []
    for line in lines:
        with contextlib.suppress(ValueError):
            patterns += GitIgnoreSpec.from_lines([line]).patterns
    rules = GitIgnoreSpec(patterns)
    for pattern in rules.patterns:
        if pattern.regex is not None:
            pattern.regex = re.compile(without_backtracking(pattern.regex.pattern))
    return rules


def without_backtracking(expression: str) -> str:
    """Returns an expression that matches the same paths as one of `pathspec`, in less time.

    Example:
    >>> without_backtracking("^a[^/]*b[^/]*c$")
    '^a(?=(?P<_1>[^/]*?b))(?P=_1)[^/]*c$'
    >>> without_backtracking("^(?:.+/)?a(?:/.+)?/b$")
    '^(?=(?P<_1>(?:.+?/)??a(?=/)))(?P=_1)(?:/.+)?/b$'
    """
    names = count(1)
    head, *rest = _FOLDERS.split(expression)
    groups = [(folders, _parts(text, names)) for folders, text in zip(rest[::2], rest[1::2])]
    result = [_parts(head, names)]
    for index, (folders, text) in enumerate(groups):
        is_last = index == len(groups) - 1
        result.append(folders + text if is_last else _once(f"{_LAZY[folders]}{text}(?=/)", names))
    return "".join(result)


def _parts(text: str, names: Iterator[int]) -> str:
    return "/".join(_stars(part, names) for part in _SLASH.split(text))


def _stars(part: str, names: Iterator[int]) -> str:
    """Returns the expression of one name of a path, in which each star but the last matches as little as it can."""
    head, *rest = part.split(_STAR)
    if not rest:
        return head
    # Two stars with nothing between them are one.
    return head + "".join(_once(f"[^/]*?{text}", names) for text in rest[:-1] if text) + _STAR + rest[-1]


def _once(expression: str, names: Iterator[int]) -> str:
    """Returns an expression that is not tried a second time once it has matched, as `(?>...)` of Python 3.11."""
    name = f"_{next(names)}"
    return f"(?=(?P<{name}>{expression}))(?P={name})"
