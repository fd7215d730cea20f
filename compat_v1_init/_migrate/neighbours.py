"""What the other files of a project take from a module, so that nothing that they need is dropped from it.

The other files are not parsed, since there may be thousands. Their import statements are searched as text, and so are
the other ways to get at a module. A file that may take a name counts as one that does.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from .discover import SKIPPED

_ENDINGS = (".py", ".pyi", ".pyw", ".pyx", ".ipy", ".ipynb")
_LARGEST = 20_000_000
_MOST_FILES = 50_000
_REACHES = re.compile(
    rb"\b(?:import|import_module|__import__|execfile|exec|run_path|run_module|load_source|spec_from_file_location"
    rb"|patch|reload)\b|%(?:run|load)\b|\.(?:tf|tensorflow)"
)
_MEMBER = re.compile(rb"^(?![ \t]*(?:import|from)\b)[^#\r\n]*[\w)\]]\.(?:tf|tensorflow)\b", re.MULTILINE)
_RUNS = re.compile(
    rb"(?:%(?:run|load)|\b(?:execfile|exec|run_path|run_module|load_source|spec_from_file_location|import_module"
    rb"|__import__))\b[^\r\n]*"
)
_WORD = re.compile(rb"\w+")
_FROM = rb"\bfrom[ \t]+[.\w]*?\b%s[ \t]+import\b[ \t]*(\((?:[^)#]|#[^\r\n]*)*\)|(?:[^\r\n;\\]|\\\r?\n)*)"
_COMMENT = re.compile(rb"#[^\r\n]*")


def takes(path: Path, root: Path | None, name: str) -> bool:
    """Returns whether another file of the project may use a name of the module at `path`.

    Args:
      path: the module's file.
      root: the folder that the project is in; None for the file's own.
      name: what the module binds.
    """
    path = path.resolve()
    top = _top(str(root.resolve() if root is not None else path.parent))
    index = _index(top)
    if index is None:
        return True
    return any(_takes(other, path.stem, name) for other in index.get(path.stem.encode(), ()) if other != str(path))


@lru_cache(maxsize=1024)
def _top(root: str) -> str:
    """Returns the folder of the repository that a folder is in, or else the folder itself."""
    path = Path(root)
    return next((str(each) for each in (path, *path.parents) if (each / ".git").exists()), root)


@lru_cache(maxsize=4)
def _index(top: str) -> dict[bytes, list[str]] | None:
    """Returns by each word of a line that reaches for a module the files that have it; None where they are too many."""
    index: dict[bytes, list[str]] = defaultdict(list)
    count = 0
    for folder, folders, files in os.walk(top):
        folders[:] = [each for each in folders if each not in SKIPPED]
        for file in files:
            path = os.path.join(folder, file)  # noqa: PTH118 - quicker, for each file of the project
            if not file.endswith(_ENDINGS) and ("." in file or not _is_script(path)):
                continue
            count += 1
            if count > _MOST_FILES:
                return None
            for word in _words(path):
                index[word].append(path)
    return index


def _is_script(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the path is a string here
            return re.match(rb"#![^\n]*\bpython", file.read(200)) is not None
    except OSError:
        return False


@lru_cache(maxsize=64)
def _text(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the path is a string here
            text = file.read(_LARGEST)
    except OSError:
        return b""
    if not path.endswith(".ipynb"):
        return text
    # The strings of a notebook, roughly: what is searched for has no other escapes.
    for escape, character in ((rb"\\", b"\0"), (rb"\n", b"\n"), (rb"\"", b'"'), (b"\0", b"\\")):
        text = text.replace(escape, character)
    return re.sub(rb'\n",\s*"', b"\n", text)


def _words(path: str) -> set[bytes]:
    text = _text(path)
    if _MEMBER.search(text):
        # What this is a member of may have got its name anywhere in the file.
        return set(_WORD.findall(text))
    words: set[bytes] = set()
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


def _takes(other: str, module: str, name: str) -> bool:
    """Returns whether one file may use a name of a module, whose own name is on one of its lines that reach for one."""
    text = _text(other)
    word, module_ = re.escape(name).encode(), re.escape(module).encode()
    rest = text
    for match in re.finditer(_FROM % module_, text):
        taken = _WORD.findall(_COMMENT.sub(b"", match.group(1)))
        if b"*" in match.group(1) or name.encode() in taken:
            return True
        rest = rest.replace(match.group(), b"")
    if not re.search(rb"\b" + module_ + rb"\b", rest):
        return False
    if re.search(rb"(?<!www)\.[ \t]*" + word + rb"\b|['\"]" + word + rb"['\"]", rest):
        return True
    runs = any(re.search(rb"\b" + module_ + rb"\b", line) for line in _RUNS.findall(rest))
    return runs and re.search(rb"\b" + word + rb"\b", rest) is not None
