"""What `import tensorflow` means, by who imports: TensorFlow 1 in the program, TensorFlow itself in a library.

The import statement and `importlib.import_module` are replaced for the process. For all other names, and for libraries,
they do what they did. No frame of this module shows in a traceback (from Python 3.11 on).
"""

from __future__ import annotations

import builtins
import functools
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from .libraries import function, statement
from .program import is_programs

_FOLDER = str(Path(__file__).parent) + os.sep


def install() -> None:
    """Replaces both ways to import. A second call has no effect."""
    builtins.__import__ = _import
    importlib.import_module = _import_module


def uninstall() -> None:
    """Restores both."""
    builtins.__import__ = statement
    importlib.import_module = function


def _is_tensorflow(name: Any) -> bool:
    return isinstance(name, str) and (name == "tensorflow" or name.startswith("tensorflow."))


@functools.wraps(statement)
def _import(
    name: str,
    globals: Mapping[str, Any] | None = None,  # noqa: A002 - Python's own names
    locals: Mapping[str, Any] | None = None,  # noqa: A002
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    try:
        if level == 0 and _is_tensorflow(name):
            importer = sys._getframe(1).f_globals if globals is None else globals  # noqa: SLF001
            if is_programs(importer):
                from .names import import_for_program

                return import_for_program(name, fromlist)
        return statement(name, globals, locals, fromlist, level)
    except BaseException as error:
        _hide_frames(error)
        raise


@functools.wraps(function)
def _import_module(name: str, package: str | None = None) -> Any:
    try:
        if _is_tensorflow(name) and is_programs(sys._getframe(1).f_globals):  # noqa: SLF001
            from .names import module_for_program

            return module_for_program(name)
        return function(name, package)
    except BaseException as error:
        _hide_frames(error)
        raise


def _hide_frames(error: BaseException) -> None:
    """Takes the frames of this package out of the traceback of an error; `raise` does not add the last one again."""
    kept = [each for each in _entries(error.__traceback__) if not each.tb_frame.f_code.co_filename.startswith(_FOLDER)]
    for entry, following in zip(kept, [*kept[1:], None]):
        entry.tb_next = following
    error.__traceback__ = kept[0] if kept else None


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next
