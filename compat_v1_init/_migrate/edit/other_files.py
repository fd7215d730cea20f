"""What the other files of a project use of a module, so that the migration removes nothing that they need.

The other files are not parsed, since there may be thousands. Their import statements, and other ways to use a module,
are searched as text. A file that may use a name counts as one that does. So does a file that cannot be read.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.read_write import resolved
from compat_v1_init._migrate.findings import Refused
from compat_v1_init._migrate.source.index import UNREAD, files_by_word, repository_of, text_of

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

_REACHES = re.compile(
    rb"\b(?:import|import_module|__import__|execfile|exec|run_path|run_module|load_source|spec_from_file_location"
    rb"|patch|reload)\b|%(?:run|load)\b|\.(?:tf|tensorflow)"
)
_MEMBER = re.compile(rb"^(?![ \t]*(?:import|from)\b)[^#\r\n]*[\w)\]]\.(?:tf|tensorflow)\b", re.MULTILINE)
_BY_PACKAGE = re.compile(rb"\.([\w\x80-\xff]+)(?=\.[\w\x80-\xff])")
"""A module in the middle of a chain, such as `nets` in `lib.nets.slim`."""
_RUNS = re.compile(
    rb"(?:%(?:run|load)|\b(?:execfile|exec|run_path|run_module|load_source|spec_from_file_location|import_module"
    rb"|__import__))\b[^\r\n]*"
)
# A name in UTF-8. In bytes `\w` matches only the letters of ASCII.
_WORD = re.compile(rb"[\w\x80-\xff]+")
_WHOLE = rb"(?<![\w\x80-\xff])%s(?![\w\x80-\xff])"
_FROM = rb"\bfrom[ \t]+(?:[.\w\x80-\xff]*\.)?%s[ \t]+import\b[ \t]*(\((?:[^)#]|#[^\r\n]*)*\)|(?:[^\r\n;\\]|\\\r?\n)*)"
_ALIAS = (
    rb"(?:\bimport\b[^\r\n]*?\b%(module)s[ \t]+as[ \t]+(%(name)s)"
    rb"|^[ \t'\"]*(%(name)s)[ \t]*=[^=\r\n][^\r\n]*?\b%(module)s\b)"
)
"""Another name of a module: of an import, or of a line that assigns something of it."""
_ALL_NAMES = (
    rb"\b(?:vars|dir|getmembers)[ \t]*\([^()\r\n]*\b(?:%(names)s)\b|\b(?:%(names)s)[ \t]*\.[ \t]*__dict__\b"
    rb"|\bgetattr[ \t]*\([^(),\r\n]*\b(?:%(names)s)[ \t]*,[ \t]*[^'\" \t]"
)
"""How a program takes names of a module that are not written in it."""
_COMMENT = re.compile(rb"#[^\r\n]*")


def takes(project: Project, name: str) -> bool:
    """Returns whether another file of the project may use a name that the project's file binds."""
    if project.path is None:
        return False
    path = resolved(project.path)
    index = files_by_word(_words, repository_of(str(project.top)))
    if UNREAD in index:
        return True
    module, own = os.fsencode(path.stem), str(path)
    return any(_takes(other, module, name.encode()) for other in index.get(module, ()) if other != own)


def _words(text: bytes) -> set[bytes]:
    if _MEMBER.search(text):
        # The module may be bound to a name anywhere in the file.
        return set(_WORD.findall(text))
    words = set(_BY_PACKAGE.findall(text))
    end = 0
    for match in _REACHES.finditer(text):
        if match.start() < end:
            continue
        start = max(text.rfind(b"\n", 0, match.start()), text.rfind(b"\r", 0, match.start())) + 1
        end = _end_of_line(text, match.end())
        opening = text.rfind(b"(", start, end)
        if opening >= 0 and text.find(b")", opening, end) < 0:
            closing = text.find(b")", end)
            end = len(text) if closing < 0 else closing
        while text[end - 1 : end] == b"\\" and end < len(text):
            end = _end_of_line(text, end + 2)
        words.update(_WORD.findall(text, start, end))
    return words


def _end_of_line(text: bytes, start: int) -> int:
    ends = [end for end in (text.find(b"\n", start), text.find(b"\r", start)) if end >= 0]
    return min(ends, default=len(text))


def _takes(other: str, module: bytes, name: bytes) -> bool:
    """Returns whether a file may use a name of a module; the module's name is on a line that may use a module."""
    try:
        text = text_of(other)
    except Refused:
        return True
    word, module = re.escape(name), re.escape(module)
    rest = text
    for match in re.finditer(_FROM % module, text):
        taken = _WORD.findall(_COMMENT.sub(b"", match.group(1)))
        if b"*" in match.group(1) or name in taken:
            return True
        rest = rest.replace(match.group(), b"")
    if not re.search(_WHOLE % module, rest):
        return False
    if re.search(rb"(?<!www)\.[ \t]*" + word + rb"(?![\w\x80-\xff])|['\"](?:[\w.]*\.)?" + word + rb"[.'\"]", rest):
        return True
    if _takes_all(rest, module):
        return True
    runs = any(re.search(_WHOLE % module, line) for line in _RUNS.findall(rest))
    return runs and re.search(_WHOLE % word, rest) is not None


def _takes_all(text: bytes, module: bytes) -> bool:
    """Returns whether a file may take names of a module that are not written in it."""
    pattern = _ALIAS % {b"module": module, b"name": _WORD.pattern}
    aliases = [name for match in re.finditer(pattern, text, re.MULTILINE) for name in match.groups() if name]
    names = b"|".join([module, *map(re.escape, aliases)])
    return re.search(_ALL_NAMES % {b"names": names}, text) is not None
