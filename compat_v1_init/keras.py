"""TF1's numbers and models in Keras.

The classes are Keras initializers with TF1's arguments, that draw TF1's bits: what `to_keras(..., numbers="tf1")`
returns. :func:`load_tf1_model` reads the models that TensorFlow 1 and Keras 2 saved, and needs no TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._lazy import lazy_names

__all__ = [
    "TF1ContribVarianceScaling",
    "TF1UniformUnitScaling",
    "TF1VarianceScaling",
    "load_tf1_model",
    "tf1_objects",
]

if TYPE_CHECKING:
    # What type checkers see: the base that has the constructor. The other base is of the Keras in use.
    from . import _contrib, _initializers
    from ._old_models.load import load_tf1_model, tf1_objects

    class TF1ContribVarianceScaling(_contrib.VarianceScaling):
        """As `tf.contrib.layers.variance_scaling_initializer`."""

    class TF1UniformUnitScaling(_initializers.UniformUnitScaling):
        """As `uniform_unit_scaling_initializer`."""

    class TF1VarianceScaling(_initializers.VarianceScaling):
        """As `variance_scaling_initializer`."""

else:
    lazy_names(
        __name__,
        {
            "load_tf1_model": ("_old_models.load", "load_tf1_model"),
            "tf1_objects": ("_old_models.load", "tf1_objects"),
            # The name by which a saved model that holds it may find it.
            "hard_sigmoid": ("_old_models.activations", "hard_sigmoid"),
        },
    )
    _lazy = globals()["__getattr__"]

    def __getattr__(name: str) -> Any:
        if not name.startswith("TF1") or name not in __all__:
            return _lazy(name)
        from ._keras import exact_class

        return globals().setdefault(name, exact_class(name))
