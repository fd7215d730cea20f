"""The patterns of git, as the library that knows them reads them, matched in a time that grows with the path alone.

A pattern such as `*a*a*a*a*b` can begin at many places, and each of its stars can end at many. The library's regular
expressions try them all, so that a dozen stars take a minute. But between two stars the first place that fits is as
good as any later one, since the second star takes whatever is between; and so it is between two `**`. Rewritten so that
what has matched there is not tried again, a pattern matches what it matched before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathspec import GitIgnoreSpec

# What the library writes for `**/` in front, for `/**` behind something, and for `*`.
_FOLDERS = re.compile(r"(\(\?:\.\+/\)\?|\(\?:/\.\+\)\?)")
_LAZY = {"(?:.+/)?": "(?:.+?/)??", "(?:/.+)?": "(?:/.+?)??"}
_STAR = "[^/]*"
# Between the parts of a path; within brackets there is none, but for the one that the library writes.
_SLASH = re.compile(r"(?<!\[\^)/")


def rules_of(lines: Iterable[str]) -> GitIgnoreSpec:
    """Returns the rules of these lines, without those that are no patterns."""
    from pathspec import GitIgnoreSpec

    lines = list(lines)
    try:
        rules = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        rules = GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))
    for pattern in rules.patterns:
        if pattern.regex is not None:
            pattern.regex = re.compile(without_backtracking(pattern.regex.pattern))
    return rules


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def without_backtracking(expression: str) -> str:
    """Returns an expression that matches the same paths as one of the library's.

    Example:
    >>> import re
    >>> from compat_v1_init._migrate.files.globs import without_backtracking
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
    """Returns a part of a path in which each star but the last takes as little as it can, once and for all."""
    head, *rest = part.split(_STAR)
    if not rest:
        return head
    # Two stars side by side are one.
    return head + "".join(_once(f"[^/]*?{text}", names) for text in rest[:-1] if text) + _STAR + rest[-1]


def _once(expression: str, names: Iterator[int]) -> str:
    """Returns an expression that, having matched, matches in no other way: what `(?>...)` is from Python 3.11 on."""
    name = f"_{next(names)}"
    return f"(?=(?P<{name}>{expression}))(?P={name})"
