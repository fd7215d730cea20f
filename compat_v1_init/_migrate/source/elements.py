"""Elements that are removed from a list with commas, such as arguments. Their comments stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compat_v1_init._migrate.findings import Edit

from .lexer import CLOSING, NEWLINE, NO_CODE, OPENING, lex

_REST = re.compile(r"[ \t\f]*(,?)([ \t\f]*)")


def parts(source: str, start: int, end: int) -> Iterator[list[tuple[str, int]]]:
    """Yields the elements of a list with commas, such as arguments: the text and the offset of each token of code."""
    part: list[tuple[str, int]] = []
    depth = 0
    for kind, text, offset in lex(source[start:end]):
        depth += (text in OPENING) - (text in CLOSING)
        if text == "," and depth == 0:
            yield part
            part = []
        elif kind not in NO_CODE:
            part.append((text, start + offset))
    if part:
        yield part


def removal(source: str, spans: Sequence[tuple[int, int]], kept: Sequence[bool]) -> list[Edit]:
    r"""Returns the edits that remove the elements not `kept` from a list in a bracket; at least one is kept.

    Example:
    >>> from compat_v1_init._migrate.findings import apply
    >>> source = "f(a, b)"
    >>> print(apply(source, removal(source, [(2, 3), (5, 6)], [True, False])))
    f(a)
    """
    edits = []
    last_kept = max(index for index, keep in enumerate(kept) if keep)
    index = 0
    while index < len(spans):
        if kept[index]:
            index += 1
            continue
        stop = index
        while stop < len(spans) and not kept[stop]:
            stop += 1
        if index < last_kept:
            start, end = spans[index][0], spans[stop][0]
            edits.append(Edit(start, end, comments_in(source, start, end)))
        else:
            edits.append(_removal_of_last(source, spans[last_kept][1], spans[index][0], spans[stop - 1][1]))
        index = stop
    return edits


def comments_in(source: str, start: int, end: int) -> str:
    r"""Returns the comments of a part of a source, each with the white space behind it.

    Example:
    >>> comments_in("a,  # one\n    b", 0, 15)
    '# one\n    '
    """
    found = []
    is_kept = False
    for kind, text, _ in lex(source[start:end]):
        is_kept = kind == "comment" or (is_kept and kind in {"newline", "space"})
        if is_kept:
            found.append(text)
    # Two spaces before a comment that is on a line of code.
    needs_space = found and re.search(r"[^ \t\r\n] \Z", source[max(0, start - 2) : start])
    return (" " if needs_space else "") + "".join(found)


def _removal_of_last(source: str, kept_end: int, start: int, end: int) -> Edit:
    """Returns the edit that removes the last elements, from `start` on, behind the one that ends at `kept_end`."""
    rest = _REST.match(source, end)
    stop = rest.end() if rest else end
    line = max(source.rfind("\n", 0, start), source.rfind("\r", 0, start)) + 1
    is_first = line > kept_end and not source[line:start].strip()
    comments = comments_in(source, start, end)
    if not comments and not comments_in(source, kept_end, start) and not (is_first and source.startswith("#", stop)):
        return Edit(kept_end, end, "")
    newline = NEWLINE.match(source, stop)
    if is_first and newline and not comments:
        return Edit(line, newline.end(), "")
    return Edit(start, stop, comments)
