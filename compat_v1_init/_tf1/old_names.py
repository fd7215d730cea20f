"""Names that Python and its libraries had in the time of TensorFlow 1 and have removed since, such as `np.float`."""

from __future__ import annotations

import builtins
import collections.abc
import sys
import time
from typing import Any

from compat_v1_init._import_hook import after_import

_OF_PYTHON = ("bool", "complex", "float", "int", "object", "str")
_RENAMED = {
    "Inf": "inf",
    "NaN": "nan",
    "alltrue": "all",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float_": "float64",
    "in1d": "isin",
    "infty": "inf",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "sometrue": "any",
    "string_": "bytes_",
    "trapz": "trapezoid",
    "unicode_": "str_",
}


def put_back() -> None:
    """Gives Python's modules the names that they lack, and NumPy and SciPy when they are imported."""
    _add(collections, {name: getattr(collections.abc, name) for name in collections.abc.__all__})
    _add(time, {"clock": time.perf_counter})
    for module, call in (("numpy", _of_numpy), ("scipy.sparse.linalg", _of_scipy)):
        after_import(module, call)
        if module in sys.modules:
            call()


def _add(module: Any, values: dict[str, Any]) -> None:
    """Gives a module the names that it lacks. What it has stays as it is."""
    for name, value in values.items():
        if name not in vars(module):
            setattr(module, name, value)


def _of_numpy() -> None:
    numpy = sys.modules["numpy"]
    _add(numpy, {name: getattr(builtins, name) for name in _OF_PYTHON})
    _add(numpy, {old: getattr(numpy, new) for old, new in _RENAMED.items() if hasattr(numpy, new)})
    _add(numpy, {"asscalar": lambda array: array.item()})
    if hasattr(numpy, "lib"):  # It had most of the functions too, such as `np.lib.pad`.
        functions = {name: value for name, value in vars(numpy).items() if hasattr(value, "__wrapped__")}
        _add(numpy.lib, functions)


def _of_scipy() -> None:
    found = sys.modules["scipy.sparse.linalg"]
    for name in ("eigen", "eigen.arpack", "isolve"):
        sys.modules.setdefault(f"scipy.sparse.linalg.{name}", found)
    _add(found, {"eigen": found, "arpack": found})
