"""Calls a function after a module was imported, by any code, without importing anything itself.

A process has one finder for this, even if this package is imported again or exists in several copies. So the functions
to call are kept with the finder on `sys.meta_path`, not in this module.

The recorder of `compare` uses it in Pythons from 3.6 on, so annotations are texts.
"""

import sys
from _thread import get_ident
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


# Neither derives from its base class in `importlib.abc`: importing that takes as long as all of this package.


class _Finder:
    """Finds the modules of `after_import` by the other finders, and calls the functions after the import."""

    def __init__(self) -> None:
        # For each module the functions to call, in order. Other copies of the package know the finder by this name.
        self.compat_v1_init_calls: dict[str, list[Callable[[], object]]] = {}
        self.compat_v1_init_executed: set[str] = set()
        self._searching: set[tuple[int, str]] = set()

    def find_spec(
        self, fullname: str, path: "Sequence[str] | None", target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        search = (get_ident(), fullname)
        # One of the other finders may itself call all finders, this one included.
        if fullname not in self.compat_v1_init_calls or search in self._searching:
            return None
        self._searching.add(search)
        try:
            others = [finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec")]
            found = (finder.find_spec(fullname, path, target) for finder in others)
            spec = next(filter(None, found), None)
        finally:
            self._searching.discard(search)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self)  # type: ignore[assignment]
        return spec


class _Loader:
    """Loads a module by its real loader, which takes its place again before the module runs."""

    def __init__(self, loader: Any, finder: _Finder) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: "ModuleSpec") -> "ModuleType | None":
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    # Python leaves the frames of its own import system out of tracebacks. With this name it leaves this one out too.
    # (The name of a code object cannot be changed before Python 3.8.)
    exec(  # noqa: S102
        compile(
            "def exec_module(self, module):\n"
            "    module.__loader__ = self._loader\n"
            "    if module.__spec__ is not None:\n"
            "        module.__spec__.loader = self._loader\n"
            "    self._loader.exec_module(module)\n"
            "    self._finder.compat_v1_init_executed.add(module.__name__)\n"
            "    for call in tuple(self._finder.compat_v1_init_calls[module.__name__]):\n"
            "        call()\n",
            "<frozen importlib._bootstrap>",
            "exec",
        )
    )


_present: Any = (each for each in sys.meta_path if hasattr(each, "compat_v1_init_calls"))
_finder: _Finder = next(_present, None) or _Finder()


def is_ready(name: str) -> bool:
    """Returns whether the import of a module is complete. TensorFlow and Keras import each other before it is."""
    module = sys.modules.get(name)
    if module is None:
        return False
    spec = getattr(module, "__spec__", None)  # What a test puts in a module's place may have none.
    return name in _finder.compat_v1_init_executed or not getattr(spec, "_initializing", False)


def after_import(name: str, call: "Callable[[], object]") -> None:
    """Calls `call` each time after the module of this name is executed. Registering twice has no effect.

    Args:
      name: the module's full name. Nothing happens for an earlier import; `is_ready` returns whether there was one.
      call: takes no argument. The import raises its errors.
    """
    calls = _finder.compat_v1_init_calls.setdefault(name, [])
    if call not in calls:
        calls.append(call)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
