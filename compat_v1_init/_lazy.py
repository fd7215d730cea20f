"""Names that are looked up when first used, so that importing the package does not import TensorFlow."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazy_names(module: str, sources: Mapping[str, tuple[str, str]]) -> tuple[Callable[[str], Any], Callable[[], Any]]:
    """Returns the `__getattr__` and the `__dir__` of `module`.

    A module defines the two under `if not TYPE_CHECKING`. Type checkers then see its imports alone, with the types that
    they have, and report a name that is not there.

    Args:
      module: the module's `__name__`. Its `__all__` is what `dir` lists.
      sources: for each name the private module that holds it, and its name there.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807 - the name that Python looks for
        if name not in sources:
            msg = f"module {module!r} has no attribute {name!r}"
            raise AttributeError(msg)
        source, attribute = sources[name]
        value = getattr(importlib.import_module(f"compat_v1_init.{source}"), attribute)
        setattr(sys.modules[module], name, value)
        return value

    def __dir__() -> list[str]:  # noqa: N807 - as above
        return sorted(sys.modules[module].__all__)

    return __getattr__, __dir__
