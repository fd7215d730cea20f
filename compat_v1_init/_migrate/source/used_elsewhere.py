"""Functions of a file whose values other files of the project make into initial values."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from compat_v1_init._migrate.files.read_write import resolved
from compat_v1_init._migrate.findings import Refused

from .index import files_by_word, parsed
from .initial_values import InitialValues

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project

_MAKES = re.compile(rb"\b\w*[Vv]ariable\s*\(|\binitial_value\s*=|initializer\s*=")
_RENAMED = re.compile(rb"\b(\w+)[ \t]+as[ \t]+\w")
_WORD = re.compile(rb"\w+")
_REACH = 300
"""How far behind such a place, in bytes, a function may be named."""


def makes_initial_values(project: Project, function: str) -> bool:
    """Returns whether another file makes initial values of what a function of this file returns, and nothing else."""
    if project.path is None or project.top is None:
        return False
    path = resolved(project.path)
    module = path.parent.name if path.stem == "__init__" else path.stem
    others = files_by_word(_words, str(project.top)).get(function.encode(), ())
    found = [_makes(other, f"{module}.{function}") for other in others if other != str(path)]
    return True in found and False not in found


def _words(data: bytes) -> set[bytes]:
    """Returns the words that a variable's initial value may be made of."""
    places = [data[match.end() : match.end() + _REACH] for match in _MAKES.finditer(data)]
    names = {word for place in places for word in _WORD.findall(place)}
    return names.union(_RENAMED.findall(data) if names else ())


@lru_cache(maxsize=4096)
def _makes(path: str, function: str) -> bool | None:
    """Returns whether all that a file makes of a function's values are initial values; None if it does not use it."""
    try:
        program = parsed(path)
    except (Refused, RecursionError):
        return None
    tree, names = program.tree, program.names
    values = InitialValues(tree, names)
    found = None
    for node in tree.nodes:
        meaning = names.meaning(node).names if isinstance(node, (ast.Name, ast.Attribute)) else ()
        if isinstance(node, ast.expr) and any(f".{name}".endswith(f".{function}") for name in meaning):
            if not values.is_one(tree.call_of(node) or node):
                return False
            found = True
    return found
