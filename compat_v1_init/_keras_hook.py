"""Registers this package's initializers with Keras as soon as there is one, without importing anything before.

A saved model names its initializers by what they are registered as. So that `import compat_v1_init` is enough to load
one, in whatever order TensorFlow and Keras are imported, an import hook waits for them.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

_KERAS = ("keras", "tf_keras")
_AWAITED = ("tensorflow", *_KERAS)

_executed: set[str] = set()


# Neither derives from its base class in `importlib.abc`: importing that takes as long as all of this package.


class _Finder:
    """Finds the awaited modules where all others find them, and has `_register` run after each."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _AWAITED:
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
        _register()


def _is_ready(name: str) -> bool:
    """Returns whether a module is imported to its end: TensorFlow and Keras import each other on the way."""
    module = sys.modules.get(name)
    return module is not None and (name in _executed or not getattr(module.__spec__, "_initializing", False))


def _register() -> None:
    """Registers with each Keras that is there. One that runs without TensorFlow is left alone."""
    if not _is_ready("tensorflow"):
        return
    for name in filter(_is_ready, _KERAS):
        # Under a TensorFlow that is too old, the first use of an initializer says so.
        with contextlib.suppress(ImportError):
            from ._keras import register

            register(sys.modules[name])


def install() -> None:
    """Registers with the Keras that are there, and with those that will be."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    _register()
