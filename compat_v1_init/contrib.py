"""The initializers of TF1's `tf.contrib.layers`, as far as they are variance scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lazy import lazy_names

if TYPE_CHECKING:
    from ._contrib import VarianceScaling as variance_scaling_initializer
    from ._contrib import xavier_initializer, xavier_initializer_conv2d

__all__ = ["variance_scaling_initializer", "xavier_initializer", "xavier_initializer_conv2d"]

lazy_names(
    __name__,
    {
        "variance_scaling_initializer": ("_contrib", "VarianceScaling"),
        "xavier_initializer": ("_contrib", "xavier_initializer"),
        "xavier_initializer_conv2d": ("_contrib", "xavier_initializer_conv2d"),
        # The class's own name, by which pickles find it.
        "VarianceScaling": ("_contrib", "VarianceScaling"),
    },
)
