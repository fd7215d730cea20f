"""The unified diff of a file's bytes, in the form that `git apply` and `patch` take."""

from __future__ import annotations

import difflib
import os
import re


def unified(path: str, before: bytes, after: bytes) -> list[bytes]:
    r"""Returns the lines of the diff, each with its end.

    Lines end where git ends them, at a newline alone, so every other byte is shown as it is.

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
    name = os.fsencode(path.replace(os.sep, "/").lstrip("/"))
    old, new = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (before, after))
    lines = difflib.diff_bytes(difflib.unified_diff, old, new, _quoted(b"a/" + name), _quoted(b"b/" + name))
    ended = ([line] if line.endswith(b"\n") else [line + b"\n", b"\\ No newline at end of file\n"] for line in lines)
    return [part for parts in ended for part in parts]


def _quoted(name: bytes) -> bytes:
    """Returns a file name as git writes it: quoted if it must be, and with a tab behind it if it has spaces."""
    if re.search(rb'[\x00-\x1f\x7f"\\]', name):
        return b'"' + re.sub(rb'[\x00-\x1f\x7f"\\]', lambda match: b"\\%03o" % match[0][0], name) + b'"'
    return name + b"\t" if b" " in name else name
