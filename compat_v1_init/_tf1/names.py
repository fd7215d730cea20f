"""The module that a program gets as `tensorflow`: `tf.compat.v1`, and what the tables of this package add to it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from . import estimator, keras
from .libraries import import_tensorflow
from .tables import BECAME, PLACES, TARGETS, VALUES

# How many dots the names in a module of contrib have.
_DEPTH_OF_NAMES = 3
_API = "tensorflow.compat.v1"
_ESTIMATOR = "tensorflow.estimator"


class Namespace(ModuleType):
    """A module of TensorFlow 1, whose names are looked up when they are first used.

    Args:
      path: its name in TensorFlow 1, for example `tensorflow.contrib.layers`.
      places: the modules that hold its names now; the first that has one counts.
    """

    def __init__(self, path: str, places: Sequence[Any]) -> None:
        super().__init__(path)
        # Python looks for submodules where there is a path, and for the names behind `import *` in `__all__`.
        self.__path__: list[str] = []
        self._compat_v1_init_places = places

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return [each for each in _names_of(self) if keras.refusal(f"{self.__name__}.{each}") is None]
        if name.startswith("__") and f"{self.__name__}.{name}" not in VALUES:
            places = self.__dict__.get("_compat_v1_init_places", ())
            return getattr(places[0] if places else object, name)
        value = _look_up(self, name)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        start = f"{self.__name__}."
        told = (
            key[len(start) :].partition(".")[0]
            for key in (*TARGETS, *PLACES, *VALUES, _ESTIMATOR)
            if key.startswith(start)
        )
        return sorted({*self.__dict__, *told, *_names_of(self)})

    def __repr__(self) -> str:
        return f"<module {self.__name__!r} of TensorFlow 1, by compat_v1_init>"

    def __reduce__(self) -> tuple[Any, ...]:
        return module_for_program, (self.__name__,)


def _names_of(namespace: Namespace) -> list[str]:
    """Returns the public names that are there without an import, for `import *`."""
    names = {name for place in namespace._compat_v1_init_places for name in dir(place) if not name.startswith("_")}  # noqa: SLF001
    return sorted({*names, "contrib"} if namespace.__name__ == "tensorflow" else names)


def _look_up(namespace: Namespace, name: str) -> Any:
    """Returns the value of a name.

    Raises:
      AttributeError: if there is none. The text says what took its place.
    """
    path = f"{namespace.__name__}.{name}"
    refused = keras.refusal(path)
    if refused is not None:
        raise AttributeError(refused)
    if path == _ESTIMATOR:
        return estimator.load()
    if path in VALUES:
        return VALUES[path]
    if path in TARGETS:
        return _load(TARGETS[path], path)
    places = [_load(each, path) for each in PLACES.get(path, ())]
    if not places:
        places = [value for place in namespace._compat_v1_init_places for value in _found(place, name)][:1]  # noqa: SLF001
    if places and not _is_module(path) and path not in PLACES:
        return places[0]
    if places or _is_module(path):
        return Namespace(path, places)
    raise AttributeError(_why_not(path))


def _found(place: Any, name: str) -> list[Any]:
    """Returns the value of a name in a list, or an empty list. A package may have it as a module not imported yet."""
    try:
        return [getattr(place, name)]
    except AttributeError:
        pass
    if not hasattr(place, "__path__") or isinstance(place, Namespace):
        return []
    module = f"{place.__name__}.{name}"
    try:
        return [import_tensorflow(module)]
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
    return []


@functools.cache
def _is_module(path: str) -> bool:
    """Returns whether the tables know names below this one, or that it is a module of contrib."""
    is_of_contrib = path in BECAME and path.startswith("tensorflow.contrib") and path.count(".") < _DEPTH_OF_NAMES
    return is_of_contrib or any(
        key.startswith(f"{path}.") for key in (*TARGETS, *PLACES, *VALUES, *BECAME, *keras.BUILT_ON_KERAS)
    )


def _load(target: str, path: str) -> Any:
    """Returns what a target names: a module, or behind the colon an attribute of one.

    Raises:
      AttributeError: if a package is not installed.
    """
    module, _, attributes = target.partition(":")
    try:
        # A name that has a place in the API has what the program finds there, or the reason why it finds nothing.
        value = _root() if module == _API else import_tensorflow(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name != package:
            raise
        msg = f"{_short(path)} is in the package {package} now, which is not installed: pip install {package}"
        raise AttributeError(msg) from None
    for attribute in filter(None, attributes.split(".")):
        value = getattr(value, attribute)
    return value


def _short(path: str) -> str:
    return "tf" + path[len("tensorflow") :]


def _why_not(path: str) -> str:
    """Returns the error's text for a name that is not there."""
    told = path
    while told and told not in BECAME:
        told = told.rpartition(".")[0]
    if not told:
        parent, _, name = path.rpartition(".")
        return f"module {parent!r} has no attribute {name!r}"
    became = BECAME[told]
    place = f"{became} took its place" if became else "nothing took its place"
    return f"{_short(path)} is not in TensorFlow 2; {place}"


# --- For the import statement ----------------------------------------------------------------------------------------


@functools.cache
def _root() -> Namespace:
    import_tensorflow("tensorflow")
    return Namespace("tensorflow", [import_tensorflow(_API)])


def module_for_program(name: str) -> Any:
    """Returns the module that a program means by a name.

    Args:
      name: `tensorflow`, or the name of a module of TensorFlow 1 below it.

    Raises:
      ModuleNotFoundError: if there is none. The text says what took its place.
    """
    found: Any = _root()
    path = "tensorflow"
    for part in name.split(".")[1:]:
        path = f"{path}.{part}"
        # A program, or one that tests it, may have put a module there.
        given = sys.modules.get(path)
        try:
            found = getattr(found, part) if isinstance(found, Namespace) else _found(found, part)[0]
        except (AttributeError, IndexError) as error:
            if given is None:
                given = _installed(path, str(error) if isinstance(error, AttributeError) else "")
            found = given
    return found


def _installed(path: str, why: str) -> Any:
    """Returns a module that only the installed TensorFlow knows."""
    try:
        return import_tensorflow(path)
    except ModuleNotFoundError as error:
        if not path.startswith(error.name or "?"):
            raise
    msg = why if why and not why.startswith("module ") else f"No module named {path!r}"
    raise ModuleNotFoundError(msg, name=path)


def import_for_program(name: str, fromlist: Sequence[str] | None) -> Any:
    """Returns what the import statement needs: with `from`, the module itself, else the first of its name.

    Raises:
      ImportError: if the module, or a name asked of it, is not there. The text says what took its place.
    """
    module = module_for_program(name)
    if not fromlist:
        return _root()
    for each in fromlist:
        if each != "*" and not hasattr(module, each) and not _found(module, each):
            try:
                getattr(module, each)
            except AttributeError as error:
                text = str(error)
            if text.startswith("module "):
                text = f"cannot import name {each!r} from {name!r} ({getattr(module, '__file__', 'TensorFlow 1')})"
            raise ImportError(text, name=name, path=getattr(module, "__file__", None))
    return module
