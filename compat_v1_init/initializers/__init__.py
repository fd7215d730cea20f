"""TF1's `tf.initializers`, and the other initializers of `init_ops`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat_v1_init._family import CONTRIB, FAMILY
from compat_v1_init._lazy import lazy_names

if TYPE_CHECKING:
    from ._constants import Constant as constant
    from ._constants import Identity as identity
    from ._constants import Ones as ones
    from ._constants import Zeros as zeros
    from ._distributions import RandomNormal as random_normal
    from ._distributions import RandomUniform as random_uniform
    from ._distributions import TruncatedNormal as truncated_normal
    from ._orthogonal import ConvolutionDeltaOrthogonal as convolutional_delta_orthogonal
    from ._orthogonal import ConvolutionOrthogonal1D as convolutional_orthogonal_1d
    from ._orthogonal import ConvolutionOrthogonal2D as convolutional_orthogonal_2d
    from ._orthogonal import ConvolutionOrthogonal3D as convolutional_orthogonal_3d
    from ._orthogonal import Orthogonal as orthogonal
    from ._variance_scaling import GlorotNormal as glorot_normal
    from ._variance_scaling import GlorotUniform as glorot_uniform
    from ._variance_scaling import UniformUnitScaling as uniform_unit_scaling
    from ._variance_scaling import VarianceScaling as variance_scaling
    from ._variance_scaling import he_normal, he_uniform, lecun_normal, lecun_uniform

__all__ = [
    "constant",
    "convolutional_delta_orthogonal",
    "convolutional_orthogonal_1d",
    "convolutional_orthogonal_2d",
    "convolutional_orthogonal_3d",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "uniform_unit_scaling",
    "variance_scaling",
    "zeros",
]

_ROWS = [row for row in FAMILY.values() if CONTRIB not in row.names]

lazy_names(
    __name__,
    {
        **{row.name: row.source for row in _ROWS},
        # The classes' own names, by which pickles find them.
        **{row.cls: row.source for row in _ROWS if row.cls},
    },
)
