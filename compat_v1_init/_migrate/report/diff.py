"""The unified diff of a file's bytes, in the form that `git apply` and `patch` take."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path


def unified(path: str, before: bytes, after: bytes) -> list[bytes]:
    r"""Returns the lines of the diff, each with its end.

    Lines end only at a newline, as in git, so every other byte is shown as it is. If the file is not below the current
    folder, the diff is for the top folder of the file's repository.

    Example:
    >>> print(b"".join(unified("f.py", b"a\nb", b"a\nc")).decode(), end="")
    --- a/f.py
    +++ b/f.py
    @@ -1,2 +1,2 @@
     a
    -b
    \ No newline at end of file
    +c
    \ No newline at end of file
    """
    name = os.fsencode(_from_here(path))
    old, new = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (before, after))
    lines = difflib.diff_bytes(difflib.unified_diff, old, new, _quoted(b"a/" + name), _quoted(b"b/" + name))
    ended = ([line] if line.endswith(b"\n") else [line + b"\n", b"\\ No newline at end of file\n"] for line in lines)
    return [part for parts in ended for part in parts]


def _from_here(path: str) -> str:
    """Returns a path as `git apply` takes it: from the current folder, or else from the top of its repository."""
    here = Path.cwd()
    absolute = os.path.normpath(here / path)
    try:
        name = os.path.relpath(absolute, here)
    except ValueError:  # It is on another drive.
        name = absolute
    if Path(name).is_absolute() or name.startswith(os.pardir + os.sep):
        top = next((folder for folder in Path(absolute).parents if (folder / ".git").exists()), None)
        name = absolute if top is None else os.path.relpath(absolute, top)
    return name.replace(os.sep, "/").lstrip("/")


def _quoted(name: bytes) -> bytes:
    """Returns a file name as git writes it: quoted if it must be, and with a tab behind it if it has spaces."""
    if re.search(rb'[\x00-\x1f\x7f"\\]', name):
        return b'"' + re.sub(rb'[\x00-\x1f\x7f"\\]', lambda match: b"\\%03o" % match[0][0], name) + b'"'
    return name + b"\t" if b" " in name else name
