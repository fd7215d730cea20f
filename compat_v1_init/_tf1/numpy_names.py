"""Names that NumPy had in the time of TensorFlow 1 and has removed since, such as `np.float`."""

from __future__ import annotations

import builtins
import sys

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
    """Gives NumPy the names that it lacks. What it has stays as it is."""
    numpy = sys.modules["numpy"]
    values = {name: getattr(builtins, name) for name in _OF_PYTHON}
    values.update((old, getattr(numpy, new)) for old, new in _RENAMED.items() if hasattr(numpy, new))
    for name, value in values.items():
        if name not in vars(numpy):
            setattr(numpy, name, value)
