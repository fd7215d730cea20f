"""The initializers of TF1's `tf.contrib.layers` and `tf.contrib.framework`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._family import CONTRIB, CONTRIB_FRAMEWORK, FAMILY, names_in
from ._lazy import lazy_names

if TYPE_CHECKING:
    from .initializers._contrib import VarianceScaling as variance_scaling_initializer
    from .initializers._contrib import xavier_initializer, xavier_initializer_conv2d
    from .initializers._orthogonal import ConvolutionDeltaOrthogonal as convolutional_delta_orthogonal
    from .initializers._orthogonal import ConvolutionOrthogonal1D as convolutional_orthogonal_1d
    from .initializers._orthogonal import ConvolutionOrthogonal2D as convolutional_orthogonal_2d
    from .initializers._orthogonal import ConvolutionOrthogonal3D as convolutional_orthogonal_3d

__all__ = [
    "convolutional_delta_orthogonal",
    "convolutional_orthogonal_1d",
    "convolutional_orthogonal_2d",
    "convolutional_orthogonal_3d",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]

lazy_names(
    __name__,
    {
        **{name: row.source for namespace in (CONTRIB, CONTRIB_FRAMEWORK) for name, row in names_in(namespace)},
        # The class's own name, by which pickles find it.
        "VarianceScaling": FAMILY["contrib_variance_scaling"].source,
    },
)
