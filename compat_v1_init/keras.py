"""Keras initializers with TF1's arguments, that draw TF1's bits: what `to_keras(..., numbers="tf1")` returns.

And the models that TensorFlow 1 and Keras 2 saved: :func:`load_tf1_model`, which needs no TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._lazy import lazy_names

if TYPE_CHECKING:
    from ._old_models.load import load_tf1_model, tf1_objects

    TF1ContribVarianceScaling: Any
    TF1UniformUnitScaling: Any
    TF1VarianceScaling: Any

_CLASSES = ("TF1ContribVarianceScaling", "TF1UniformUnitScaling", "TF1VarianceScaling")

__all__ = [
    "TF1ContribVarianceScaling",
    "TF1UniformUnitScaling",
    "TF1VarianceScaling",
    "load_tf1_model",
    "tf1_objects",
]

_lazy, _ = lazy_names(
    __name__,
    {
        "load_tf1_model": ("_old_models.load", "load_tf1_model"),
        "tf1_objects": ("_old_models.load", "tf1_objects"),
        # The name by which a saved model that holds it may find it.
        "hard_sigmoid": ("_old_models.activations", "hard_sigmoid"),
    },
)


def __getattr__(name: str) -> Any:
    if name not in _CLASSES:
        return _lazy(name)
    from ._keras import exact_class

    return globals().setdefault(name, exact_class(name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
