"""Source text split into strings, comments, names, numbers and operators; and into lines.

From Python 3.12 on, the standard library's `tokenize` refuses the literals of Python 2 and much other text that is no
Python 3. This lexer accepts any text. It takes time proportional to its length: a string without an end goes as far as
it can, so no character is read twice. An f-string is one token, also where it has quotes of its own kind inside of its
braces, as from Python 3.12 on it may.
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
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
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
    >>> [text for kind, text, _ in lex("x = 'a'  # b") if kind != "space"]
    ['x', '=', "'a'", '# b']
    """
    tries = _MOST_TRIES
    position = start
    while position < len(source):
        for match in _TOKEN.finditer(source, position):
            kind, text = match.lastgroup or "", match.group()
            position = match.end()
            if kind == "string" and tries and text.count("{") != text.count("}") and _is_formatted(text):
                end = _end_of_formatted(source, match.start())
                if end is None:
                    tries -= 1
                elif end != position:
                    yield kind, source[match.start() : end], match.start()
                    position = end
                    break
            yield kind, text, match.start()


_MOST_TRIES = 3
"""How many strings that have no end are looked into."""
_DEEPEST = 150
"""Python's own limit."""
_QUOTE = re.compile(r"[a-zA-Z]*(\"\"\"|'''|\"|')")
_STOP = re.compile(r"\\N\{[^{}]*\}|\\(?:\r\n|[^{}])|\{\{?|\}\}?|\"\"\"|'''|[\"'\r\n]", re.DOTALL)
_SPEC = re.compile(r"[{}\r\n]")


def _is_formatted(text: str) -> bool:
    quote = _QUOTE.match(text)
    return quote is not None and not set("fFtT").isdisjoint(text[: quote.start(1)])


def _end_of_formatted(source: str, start: int) -> int | None:
    """Returns where the f-string that begins at `start` ends by the rules of Python 3.12; None if it has no end."""
    position = start
    # Of each string and of each pair of braces that is open: its quote, or "{" in an expression, ":" behind one.
    open_: list[str] = []
    # How many brackets are open in each expression.
    depths: list[int] = []
    move = {"": _in_expression, "{": _in_expression, ":": _in_specification}
    while len(open_) <= _DEEPEST:
        position = move.get(open_[-1] if open_ else "", _in_text)(source, position, open_, depths)
        if position < 0 or not open_:
            return None if position < 0 else position
    return None


def _in_expression(source: str, position: int, open_: list[str], depths: list[int]) -> int:
    """Moves past one token of an expression; returns -1 if there is none."""
    match = _TOKEN.match(source, position)
    if match is None:
        return -1
    kind, text = match.lastgroup, match.group()
    if kind == "string":
        quote = _QUOTE.match(text)
        if quote is not None and _is_formatted(text):
            open_.append(quote.group(1))
            return position + quote.end()
    elif text in {"(", "[", "{"}:
        depths[-1] += 1
    elif text in {")", "]", "}"} and depths[-1]:
        depths[-1] -= 1
    elif text == "}":
        open_.pop()
        depths.pop()
    elif text == ":" and not depths[-1]:
        open_[-1] = ":"
    return match.end()


def _in_specification(source: str, position: int, open_: list[str], depths: list[int]) -> int:
    match = _SPEC.search(source, position)
    if match is None or match.group() in "\r\n":
        return -1
    if match.group() == "{":
        open_.append("{")
        depths.append(0)
    else:
        open_.pop()
        depths.pop()
    return match.end()


def _in_text(source: str, position: int, open_: list[str], depths: list[int]) -> int:
    match = _STOP.search(source, position)
    if match is None:
        return -1
    text, quote = match.group(), open_[-1]
    if text == "{":
        open_.append("{")
        depths.append(0)
    elif text == quote or (text[0] == quote and len(text) == 3):  # noqa: PLR2004 - three quotes, of which one is it
        open_.pop()
        return match.start() + len(quote)
    elif text == "}" or (text in {"\r", "\n"} and len(quote) == 1):
        return -1
    return match.end()
