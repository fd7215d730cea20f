"""TF1's numbers and models in Keras.

The classes are Keras initializers with TF1's arguments, that draw TF1's bits: what `to_keras(..., numbers="tf1")`
returns. :func:`load_tf1_model` reads the models that TensorFlow 1 and Keras 2 saved, and needs no TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat_v1_init._lazy import lazy_names, load

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
    "load_tf1_model",
    "tf1_objects",
]

if TYPE_CHECKING:
    # What type checkers see: the base that has the constructor. The other base is of the Keras in use.
    from compat_v1_init.initializers import _constants, _contrib, _distributions, _orthogonal
    from compat_v1_init.initializers import _variance_scaling as _initializers

    from ._old_models.load import load_tf1_model, tf1_objects

    class TF1ContribVarianceScaling(_contrib.VarianceScaling):
        """As `tf.contrib.layers.variance_scaling_initializer`."""

    class TF1UniformUnitScaling(_initializers.UniformUnitScaling):
        """As `uniform_unit_scaling_initializer`."""

    class TF1VarianceScaling(_initializers.VarianceScaling):
        """As `variance_scaling_initializer`."""

    class TF1Constant(_constants.Constant):
        """As `constant_initializer`."""

    class TF1Identity(_constants.Identity):
        """As `identity_initializer`."""

    class TF1Ones(_constants.Ones):
        """As `ones_initializer`."""

    class TF1Zeros(_constants.Zeros):
        """As `zeros_initializer`."""

    class TF1RandomNormal(_distributions.RandomNormal):
        """As `random_normal_initializer`."""

    class TF1RandomUniform(_distributions.RandomUniform):
        """As `random_uniform_initializer`."""

    class TF1TruncatedNormal(_distributions.TruncatedNormal):
        """As `truncated_normal_initializer`."""

    class TF1ConvolutionDeltaOrthogonal(_orthogonal.ConvolutionDeltaOrthogonal):
        """As `convolutional_delta_orthogonal`."""

    class TF1ConvolutionOrthogonal1D(_orthogonal.ConvolutionOrthogonal1D):
        """As `convolutional_orthogonal_1d`."""

    class TF1ConvolutionOrthogonal2D(_orthogonal.ConvolutionOrthogonal2D):
        """As `convolutional_orthogonal_2d`."""

    class TF1ConvolutionOrthogonal3D(_orthogonal.ConvolutionOrthogonal3D):
        """As `convolutional_orthogonal_3d`."""

    class TF1Orthogonal(_orthogonal.Orthogonal):
        """As `orthogonal_initializer`."""

else:
    lazy_names(
        __name__,
        {
            "load_tf1_model": ("keras._old_models.load", "load_tf1_model"),
            "tf1_objects": ("keras._old_models.load", "tf1_objects"),
            # The name by which a saved model that holds it may find it.
            "hard_sigmoid": ("keras._old_models.activations", "hard_sigmoid"),
        },
    )
    _lazy = globals()["__getattr__"]

    def __getattr__(name: str) -> Any:
        if not name.startswith("TF1") or name not in __all__:
            return _lazy(name)
        return globals().setdefault(name, load("keras._exact").exact_class(name))
