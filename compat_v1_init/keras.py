"""Keras initializers with TF1's arguments, that draw TF1's bits: what `to_keras(..., numbers="tf1")` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    TF1ContribVarianceScaling: Any
    TF1UniformUnitScaling: Any
    TF1VarianceScaling: Any

__all__ = ["TF1ContribVarianceScaling", "TF1UniformUnitScaling", "TF1VarianceScaling"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from ._keras import exact_class

    return globals().setdefault(name, exact_class(name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
