"""TF1's `tf.initializers`, as far as it is variance scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lazy import lazy_names

if TYPE_CHECKING:
    from ._initializers import GlorotNormal as glorot_normal
    from ._initializers import GlorotUniform as glorot_uniform
    from ._initializers import UniformUnitScaling as uniform_unit_scaling
    from ._initializers import VarianceScaling as variance_scaling
    from ._initializers import he_normal, he_uniform, lecun_normal, lecun_uniform

__all__ = [
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "uniform_unit_scaling",
    "variance_scaling",
]

lazy_names(
    __name__,
    {
        "glorot_normal": ("_initializers", "GlorotNormal"),
        "glorot_uniform": ("_initializers", "GlorotUniform"),
        "he_normal": ("_initializers", "he_normal"),
        "he_uniform": ("_initializers", "he_uniform"),
        "lecun_normal": ("_initializers", "lecun_normal"),
        "lecun_uniform": ("_initializers", "lecun_uniform"),
        "uniform_unit_scaling": ("_initializers", "UniformUnitScaling"),
        "variance_scaling": ("_initializers", "VarianceScaling"),
        # The classes' own names, by which pickles find them.
        "GlorotNormal": ("_initializers", "GlorotNormal"),
        "GlorotUniform": ("_initializers", "GlorotUniform"),
        "UniformUnitScaling": ("_initializers", "UniformUnitScaling"),
        "VarianceScaling": ("_initializers", "VarianceScaling"),
    },
)
