"""The unified diff of a file's bytes, in the form that `git apply` and `patch` take."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from compat_v1_init._migrate.files.location import for_patch
from compat_v1_init._migrate.files.read_write import decode
from compat_v1_init._migrate.findings import Edit, Refused

from .changed_lines import groups, opcodes

_NEWLINE = re.compile(r"\n")


def unified(path: str, before: bytes, after: bytes, edits: Sequence[Edit]) -> list[bytes]:
    r"""Returns the lines of the diff, each with its end.

    Lines end only at a newline, as in git, so every other byte is shown as it is. If the file is not below the current
    folder, the diff is for the top folder of the file's repository. The edits are those of the decoded text.

    Example:
    >>> from compat_v1_init._migrate.findings import Edit
    >>> print(b"".join(unified("f.py", b"a\nb", b"a\nc", [Edit(2, 3, "c")])).decode(), end="")
    --- a/f.py
    +++ b/f.py
    @@ -1,2 +1,2 @@
     a
    -b
    \ No newline at end of file
    +c
    \ No newline at end of file
    """
    name = os.fsencode(for_patch(path))
    old, new = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (before, after))
    head = [b"--- " + _quoted(b"a/" + name) + b"\n", b"+++ " + _quoted(b"b/" + name) + b"\n"]
    lines = []
    for group in groups(opcodes(_text(before), edits, old, new, _NEWLINE)):
        first, last = group[0], group[-1]
        ranges = b"-%s +%s" % (_range(first[1], last[2]), _range(first[3], last[4]))
        lines.append(b"@@ " + ranges + b" @@\n")
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                lines += [b" " + line for line in old[start:end]]
            else:
                lines += [b"-" + line for line in old[start:end]]
                lines += [b"+" + line for line in new[new_start:new_end]]
    ended = ([line] if line.endswith(b"\n") else [line + b"\n", b"\\ No newline at end of file\n"] for line in lines)
    return [*head, *(part for parts in ended for part in parts)] if lines else []


def _text(data: bytes) -> str:
    try:
        return decode(data).text
    except Refused:  # The edits are those of a source whose first lines name another encoding.
        return data.decode("latin-1")


def _range(start: int, end: int) -> bytes:
    """Returns some lines as a diff writes them."""
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (count > 0), count)


def _quoted(name: bytes) -> bytes:
    """Returns a file name as git writes it: quoted if it must be, and with a tab behind it if it has spaces."""
    if re.search(rb'[\x00-\x1f\x7f"\\]', name):
        return b'"' + re.sub(rb'[\x00-\x1f\x7f"\\]', lambda match: b"\\%03o" % match[0][0], name) + b'"'
    return name + b"\t" if b" " in name else name
