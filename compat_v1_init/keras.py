"""Keras initializers with TF1's arguments, that draw TF1's bits: what `to_keras(..., numbers="tf1")` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["TF1ContribVarianceScaling", "TF1UniformUnitScaling", "TF1VarianceScaling"]

if TYPE_CHECKING:
    # What type checkers see: the base that has the constructor. The other base is of the Keras in use.
    from . import _contrib, _initializers

    class TF1ContribVarianceScaling(_contrib.VarianceScaling):
        """As `tf.contrib.layers.variance_scaling_initializer`."""

    class TF1UniformUnitScaling(_initializers.UniformUnitScaling):
        """As `uniform_unit_scaling_initializer`."""

    class TF1VarianceScaling(_initializers.VarianceScaling):
        """As `variance_scaling_initializer`."""

else:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from ._keras import exact_class

        return globals().setdefault(name, exact_class(name))

    def __dir__() -> list[str]:
        return sorted(__all__)
