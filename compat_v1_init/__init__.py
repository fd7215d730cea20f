"""TF1's initializers and samplers under TensorFlow 2, with the same bits.

TensorFlow is imported when one of its names is first used, not by `import compat_v1_init`.
"""

import sys

# An old Python parses this file, and nothing else of the package: Python 2 too, so that every one gets this sentence.
if sys.version_info < (3, 9):
    raise ImportError("compat_v1_init needs Python 3.9 or newer. Received: Python %d.%d.%d" % sys.version_info[:3])

from typing import TYPE_CHECKING

from . import contrib, initializers, keras, random
from ._family import FAMILY, FIRST_VALUES
from ._lazy import lazy_names
from ._options import options, set_options
from ._run.patch import patch
from ._version import __version__
from .keras import _hook as _keras_hook

if TYPE_CHECKING:
    from ._meta_graph.mapping import MetaGraphInitializers, from_meta_graph
    from ._meta_graph.partitioned import PartitionedInitializer
    from ._meta_graph.pinned import PinnedInitializer
    from ._meta_graph.pinned_constant import PinnedConstant
    from ._meta_graph.pinned_orthogonal import PinnedOrthogonal
    from .initializers._constants import Constant as constant_initializer
    from .initializers._constants import Identity as identity_initializer
    from .initializers._constants import Ones as ones_initializer
    from .initializers._constants import Zeros as zeros_initializer
    from .initializers._distributions import RandomNormal as random_normal_initializer
    from .initializers._distributions import RandomUniform as random_uniform_initializer
    from .initializers._distributions import TruncatedNormal as truncated_normal_initializer
    from .initializers._orthogonal import ConvolutionDeltaOrthogonal as convolutional_delta_orthogonal
    from .initializers._orthogonal import ConvolutionOrthogonal1D as convolutional_orthogonal_1d
    from .initializers._orthogonal import ConvolutionOrthogonal2D as convolutional_orthogonal_2d
    from .initializers._orthogonal import ConvolutionOrthogonal3D as convolutional_orthogonal_3d
    from .initializers._orthogonal import Orthogonal as orthogonal_initializer
    from .initializers._variance_scaling import GlorotNormal as glorot_normal_initializer
    from .initializers._variance_scaling import GlorotUniform as glorot_uniform_initializer
    from .initializers._variance_scaling import UniformUnitScaling as uniform_unit_scaling_initializer
    from .initializers._variance_scaling import VarianceScaling as variance_scaling_initializer
    from .keras._convert import from_keras, to_keras
    from .keras._explain import Explanation, ModelExplanation, explain
    from .keras._translate import TranslationWarning

__all__ = [
    "Explanation",
    "MetaGraphInitializers",
    "ModelExplanation",
    "PartitionedInitializer",
    "PinnedConstant",
    "PinnedInitializer",
    "PinnedOrthogonal",
    "TranslationWarning",
    "__version__",
    "constant_initializer",
    "contrib",
    "convolutional_delta_orthogonal",
    "convolutional_orthogonal_1d",
    "convolutional_orthogonal_2d",
    "convolutional_orthogonal_3d",
    "explain",
    "from_keras",
    "from_meta_graph",
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "identity_initializer",
    "initializers",
    "keras",
    "ones_initializer",
    "options",
    "orthogonal_initializer",
    "patch",
    "random",
    "random_normal_initializer",
    "random_uniform_initializer",
    "set_options",
    "to_keras",
    "truncated_normal_initializer",
    "uniform_unit_scaling_initializer",
    "variance_scaling_initializer",
    "zeros_initializer",
]

_SOURCES = {row.long: row.source for row in FAMILY.values() if row.cls}
_SOURCES.update(
    {
        "Explanation": ("keras._explain", "Explanation"),
        "MetaGraphInitializers": ("_meta_graph.mapping", "MetaGraphInitializers"),
        "ModelExplanation": ("keras._explain", "ModelExplanation"),
        **FIRST_VALUES,
        "TranslationWarning": ("keras._translate", "TranslationWarning"),
        "explain": ("keras._explain", "explain"),
        "from_keras": ("keras._convert", "from_keras"),
        "from_meta_graph": ("_meta_graph.mapping", "from_meta_graph"),
        "to_keras": ("keras._convert", "to_keras"),
    }
)
lazy_names(__name__, _SOURCES)

_keras_hook.install()


def load_ipython_extension(shell: object) -> None:
    """Adds the magic `%tf1`; IPython calls it at `%load_ext compat_v1_init`."""
    from ._run.notebook import register

    register(shell)
