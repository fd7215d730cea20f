"""Names that are looked up when first used, so that importing the package does not import TensorFlow."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

NO_TENSORFLOW = (
    "compat_v1_init needs TensorFlow 2.5 or newer, and none is installed. "
    "Install one, for example: pip install tensorflow"
)

after_load: list[Callable[[], object]] = []
"""What is called after each import by `load`. That may have imported TensorFlow, and with it Keras."""


def load(module: str) -> ModuleType:
    """Returns a private module of this package, imported now.

    Raises:
      ModuleNotFoundError: if TensorFlow is missing, or NumPy, which comes with it.
    """
    try:
        loaded = importlib.import_module(f"compat_v1_init.{module}")
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise ModuleNotFoundError(NO_TENSORFLOW, name="tensorflow") from None
    for call in after_load:
        call()
    return loaded


def lazy_names(module: str, sources: Mapping[str, tuple[str, str]]) -> None:
    """Gives `module` a `__getattr__` and a `__dir__`.

    They are set here and not assigned in the module, so that type checkers do not see them. A checker then knows only
    the module's imports, with the types that they have, and reports a name that is not there.

    Args:
      module: the module's `__name__`. Its `__all__` is what `dir` lists.
      sources: for each name the private module that holds it, and its name there.
    """
    namespace = vars(sys.modules[module])

    def __getattr__(name: str) -> Any:  # noqa: N807 - the name that Python looks for
        if name not in sources:
            msg = f"module {module!r} has no attribute {name!r}"
            raise AttributeError(msg)
        source, attribute = sources[name]
        value = namespace[name] = getattr(load(source), attribute)
        return value

    def __dir__() -> list[str]:  # noqa: N807 - as above
        return sorted(namespace["__all__"])

    namespace.update(__getattr__=__getattr__, __dir__=__dir__)
