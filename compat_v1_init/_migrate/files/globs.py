"""The patterns of a .gitignore, as `pathspec` reads them, but with a limit on the time that a match takes.

Each star of a pattern such as `*a*a*a*a*b` can match up to many places. The regular expressions of `pathspec` try all
combinations, so that a dozen stars take a minute. But the text between two stars need only be tried at the first place
where it matches, since the second star matches whatever follows. The same holds between two `**`. So the expressions
are rewritten: a text between two stars is not tried a second time. They match the same paths as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """Returns an expression that matches the same paths as one of `pathspec`, in less time.

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
