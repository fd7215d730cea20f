"""Calls a function after a module was imported, by whoever imports it, without importing anything itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

# For each awaited module what to call, in this order.
_calls: dict[str, list[Callable[[], object]]] = {}
_executed: set[str] = set()


# Neither derives from its base class in `importlib.abc`: importing that takes as long as all of this package.


class _Finder:
    """Finds the awaited modules where all others find them, and has what awaits each called after it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _calls:
            return None
        others = (finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        found = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next(filter(None, found), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
        return spec


class _Loader:
    """Loads as the loader that it stands for, and is gone once the module runs."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _executed.add(module.__name__)
        for call in tuple(_calls[module.__name__]):
            call()

    # Python leaves the frames of its own import system out of tracebacks; so they are as without this hook.
    exec_module.__code__ = exec_module.__code__.replace(co_filename="<frozen importlib._bootstrap>")


def is_ready(name: str) -> bool:
    """Returns whether a module is imported to its end: TensorFlow and Keras import each other on the way."""
    module = sys.modules.get(name)
    return module is not None and (name in _executed or not getattr(module.__spec__, "_initializing", False))


def after_import(name: str, call: Callable[[], object]) -> None:
    """Has `call` called each time the module of this name was executed, from now on; a second time is one too many.

    Args:
      name: the module's full name. That it is imported already, `is_ready` tells.
      call: takes nothing. What it raises, the import raises.
    """
    calls = _calls.setdefault(name, [])
    if call not in calls:
        calls.append(call)
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
