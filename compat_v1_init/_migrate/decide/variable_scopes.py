"""Variable scopes of a project that may decide what its variables draw by default.

A variable scope may set the initializer of all `get_variable` calls that run in it, also of calls in other files, and a
custom getter may do anything to them. So if a project has one such place, every draw by default is left as it is.
The files are not parsed, since there may be thousands. They are searched as text: what looks like such a place counts
as one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.discover import SKIPPED

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

_LARGEST = 5_000_000
_MOST_FILES = 20_000
_OPENS = re.compile(
    rb"\b(?:variable_scope|variable_op_scope|VariableScope)[ \t]*\("
    rb"|(?P<setter>\.set_(?:initializer|custom_getter)[ \t]*\(|\bvariable_creator_scope\b)"
)
_SETS_ITSELF = re.compile(rb"\b(?:initializer|custom_getter)[ \t]*=(?!=)[ \t]*(?!None\b)")
# How many bytes of a scope's arguments are searched.
_LONGEST = 2_000
_V1 = re.compile(rb"\bdisable_v2_behavior\b|\bdisable_v2_tensorshape\b")


@dataclass(frozen=True)
class VariableScopes:
    """What is found in one file or in a project."""

    setter: str | None = None
    """The file and the line where a scope sets an initializer or a getter."""
    is_v1: bool = False
    """Whether a file turns TensorFlow 2's behavior off."""
    is_too_large: bool = False


def scopes_in(text: bytes, name: str) -> VariableScopes:
    r"""Returns what is found in one file.

    Example:
    >>> scopes_in(b"x = 1\nwith tf.variable_scope('a', initializer=i): pass\n", "m.py").setter
    'm.py:2'
    >>> scopes_in(b"with tf.variable_scope('a'):\n    f(initializer=i)\n", "m.py").setter is None
    True
    """
    setter = None
    for match in _OPENS.finditer(text):
        if match["setter"] or _SETS_ITSELF.search(_arguments(text, match.end())):
            line = text.count(b"\n", 0, match.start()) + 1
            setter = f"{name}:{line}"
            break
    return VariableScopes(setter, _V1.search(text) is not None)


def _arguments(text: bytes, start: int) -> bytes:
    """Returns the text up to the closing parenthesis, without the text in further parentheses."""
    depth = 1
    found = []
    for match in re.finditer(rb"[()]|[^()]+", text[start : start + _LONGEST]):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            break
        if depth == 1:
            found.append(match[0])
    return b"".join(found)


def scopes_of(project: Project, source: str) -> VariableScopes:
    """Returns what is found in a project. What the file's own source has comes first."""
    own = scopes_in(source.encode("utf-8", "replace"), "this file" if project.path is None else project.path.name)
    if project.root is None or project.path is None:
        return own
    others = _scopes_below(str(project.top))
    return VariableScopes(own.setter or others.setter, own.is_v1 or others.is_v1, others.is_too_large)


@lru_cache(maxsize=64)
def _scopes_below(top: str) -> VariableScopes:
    setter, is_v1, count = None, False, 0
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(each for each in folders if each not in SKIPPED)
        for name in sorted(files):
            if not name.endswith((".py", ".ipynb")):
                continue
            count += 1
            if count > _MOST_FILES:
                return VariableScopes(setter, is_v1, is_too_large=True)
            path = Path(folder, name)
            try:
                with path.open("rb") as file:
                    text = file.read(_LARGEST)
            except OSError:
                continue
            found = scopes_in(text.replace(b'\\"', b'"').replace(b"\\n", b"\n"), os.path.relpath(path, top))
            setter, is_v1 = setter or found.setter, is_v1 or found.is_v1
    return VariableScopes(setter, is_v1)
