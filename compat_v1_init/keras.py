"""Keras initializers with TF1's arguments, that draw TF1's bits: what `to_keras(..., numbers="tf1")` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    TF1Constant: Any
    TF1ContribVarianceScaling: Any
    TF1ConvolutionDeltaOrthogonal: Any
    TF1ConvolutionOrthogonal1D: Any
    TF1ConvolutionOrthogonal2D: Any
    TF1ConvolutionOrthogonal3D: Any
    TF1Identity: Any
    TF1Ones: Any
    TF1Orthogonal: Any
    TF1RandomNormal: Any
    TF1RandomUniform: Any
    TF1TruncatedNormal: Any
    TF1UniformUnitScaling: Any
    TF1VarianceScaling: Any
    TF1Zeros: Any

__all__ = [
    "TF1Constant",
    "TF1ContribVarianceScaling",
    "TF1ConvolutionDeltaOrthogonal",
    "TF1ConvolutionOrthogonal1D",
    "TF1ConvolutionOrthogonal2D",
    "TF1ConvolutionOrthogonal3D",
    "TF1Identity",
    "TF1Ones",
    "TF1Orthogonal",
    "TF1RandomNormal",
    "TF1RandomUniform",
    "TF1TruncatedNormal",
    "TF1UniformUnitScaling",
    "TF1VarianceScaling",
    "TF1Zeros",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from ._keras import exact_class

    return globals().setdefault(name, exact_class(name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
