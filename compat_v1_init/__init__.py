"""TF1's `variance_scaling_initializer` and its family under TensorFlow 2, with the same bits.

TensorFlow is imported when one of its names is first used, not by `import compat_v1_init`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _keras_hook, contrib, initializers, keras
from ._lazy import lazy_names
from ._options import options, set_options
from ._patch import patch
from ._version import __version__

if TYPE_CHECKING:
    from ._explain import Explanation, explain
    from ._initializers import GlorotNormal as glorot_normal_initializer
    from ._initializers import GlorotUniform as glorot_uniform_initializer
    from ._initializers import UniformUnitScaling as uniform_unit_scaling_initializer
    from ._initializers import VarianceScaling as variance_scaling_initializer
    from ._keras import from_keras, to_keras
    from ._meta_graph.mapping import MetaGraphInitializers, from_meta_graph
    from ._meta_graph.pinned import PartitionedInitializer, PinnedInitializer
    from ._translate import TranslationWarning

__all__ = [
    "Explanation",
    "MetaGraphInitializers",
    "PartitionedInitializer",
    "PinnedInitializer",
    "TranslationWarning",
    "__version__",
    "contrib",
    "explain",
    "from_keras",
    "from_meta_graph",
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "initializers",
    "keras",
    "options",
    "patch",
    "set_options",
    "to_keras",
    "uniform_unit_scaling_initializer",
    "variance_scaling_initializer",
]

lazy_names(
    __name__,
    {
        "Explanation": ("_explain", "Explanation"),
        "MetaGraphInitializers": ("_meta_graph.mapping", "MetaGraphInitializers"),
        "PartitionedInitializer": ("_meta_graph.pinned", "PartitionedInitializer"),
        "PinnedInitializer": ("_meta_graph.pinned", "PinnedInitializer"),
        "TranslationWarning": ("_translate", "TranslationWarning"),
        "explain": ("_explain", "explain"),
        "from_keras": ("_keras", "from_keras"),
        "from_meta_graph": ("_meta_graph.mapping", "from_meta_graph"),
        "glorot_normal_initializer": ("_initializers", "GlorotNormal"),
        "glorot_uniform_initializer": ("_initializers", "GlorotUniform"),
        "to_keras": ("_keras", "to_keras"),
        "uniform_unit_scaling_initializer": ("_initializers", "UniformUnitScaling"),
        "variance_scaling_initializer": ("_initializers", "VarianceScaling"),
    },
)

_keras_hook.install()
