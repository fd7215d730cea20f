"""The classes: TF1's `VarianceScaling` and those that it is the base of.

Each derives from the class of the installed TensorFlow that it stands in for, and replaces only the drawing. So the
constructor, its checks, error texts and deprecation warnings, `get_config` and `isinstance` are the original's, in
every version.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Literal

from compat_v1_init._family import FAMILY, full_distribution
from compat_v1_init._sampling.request import KERNELS, Kernel
from compat_v1_init._tensorflow import tf

from ._call import drawn
from ._fans import unit_scaling_bounds, variance_scaling_bounds
from ._public import PUBLIC_MODULE, Saved, public

_v1: Any = tf.compat.v1

Mode = Literal["fan_in", "fan_out", "fan_avg"]
# Every other case is taken too, but a misspelt word is found.
Distribution = Literal["truncated_normal", "untruncated_normal", "uniform", "normal"]


def _kernel(initializer: Any, _: Any) -> Kernel:
    return KERNELS.get(full_distribution(initializer.distribution), "random_uniform")


@public(PUBLIC_MODULE)
@drawn(_kernel, variance_scaling_bounds, fans="whole")
class VarianceScaling(Saved, _v1.variance_scaling_initializer):  # type: ignore[misc]
    """TF1's `variance_scaling_initializer`, with TF1's bits, drawn by stateless ops.

    With n the number of input units of the weight (`mode="fan_in"`), of output units (`"fan_out"`) or the mean of
    both (`"fan_avg"`), the values have variance `scale / max(1, n)`:

    * `"truncated_normal"`, and `"normal"`, its deprecated alias: normal with stddev `sqrt(scale / n) / 0.8796...`,
      cut off at two of them, which leaves `sqrt(scale / n)`;
    * `"untruncated_normal"`: normal with stddev `sqrt(scale / n)`;
    * `"uniform"`: uniform on [-L, L) with `L = sqrt(3 * scale / n)`.

    Source: `VarianceScaling` in `tensorflow/python/ops/init_ops.py` (TF 1.10 and later); the constant is
    `scipy.stats.truncnorm.std(a=-2, b=2)`.

    Args:
      scale: a positive float, without unit.
      mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`.
      distribution: `"truncated_normal"`, `"untruncated_normal"`, `"uniform"` or `"normal"`, in any case.
      seed: an int, or None. What it means together with the graph's seed: see `tf.compat.v1.set_random_seed`.
      dtype: the dtype of calls that name none: float16, bfloat16, float32 or float64.

    Raises:
      ValueError: if `scale` is not positive, `mode` or `distribution` is none of the above, or `dtype` not floating.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.variance_scaling_initializer(scale=2.0, seed=42)
    >>> init([3, 4]).shape.as_list()
    [3, 4]
    """

    if TYPE_CHECKING:  # The constructor is TensorFlow's, which type checkers do not see.

        def __init__(
            self,
            scale: float = 1.0,
            mode: Mode = "fan_in",
            distribution: Distribution = "truncated_normal",
            seed: int | None = None,
            dtype: Any = ...,
        ) -> None: ...


@public(PUBLIC_MODULE)
class GlorotUniform(VarianceScaling, _v1.glorot_uniform_initializer):  # type: ignore[misc]
    """TF1's `glorot_uniform_initializer` (Xavier): uniform, scale 1, mode fan_avg, so `L = sqrt(6 / (in + out))`.

    Here `in` and `out` are the input and the output units of the weight. Source: Glorot and Bengio, 2010,
    "Understanding the difficulty of training deep feedforward neural networks", section 4.2.1.

    Args:
      seed: an int, or None.
      dtype: the dtype of calls that name none.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.glorot_uniform_initializer(seed=1).get_config()
    {'seed': 1, 'dtype': 'float32'}
    """

    if TYPE_CHECKING:

        def __init__(self, seed: int | None = None, dtype: Any = ...) -> None: ...


@public(PUBLIC_MODULE)
class GlorotNormal(VarianceScaling, _v1.glorot_normal_initializer):  # type: ignore[misc]
    """TF1's `glorot_normal_initializer` (Xavier): truncated normal, scale 1, fan_avg, stddev `sqrt(2 / (in + out))`.

    Here `in` and `out` are the input and the output units of the weight; the stddev is that after truncation.
    Source: as for `glorot_uniform_initializer`.

    Args:
      seed: an int, or None.
      dtype: the dtype of calls that name none.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.glorot_normal_initializer(seed=1)([2, 3]).dtype.name
    'float32'
    """

    if TYPE_CHECKING:

        def __init__(self, seed: int | None = None, dtype: Any = ...) -> None: ...


@public(PUBLIC_MODULE)
@drawn("random_uniform", unit_scaling_bounds, fans="whole")
class UniformUnitScaling(Saved, _v1.uniform_unit_scaling_initializer):  # type: ignore[misc]
    """TF1's `uniform_unit_scaling_initializer`: uniform on [-L, L), `L = factor * sqrt(3 / n)`.

    Here n is the product of all dimensions but the last, at least 1. Source: Sussillo and Abbott, 2014,
    arXiv:1412.6558, section 2.3.

    Args:
      factor: a float: 1.0 for linear layers, about 1.43 for relu, 1.15 for tanh.
      seed: an int, or None.
      dtype: the dtype of calls that name none.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.uniform_unit_scaling_initializer(1.43, seed=1)([2, 3]).shape.as_list()
    [2, 3]
    """

    if TYPE_CHECKING:

        def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = ...) -> None: ...


# Which function below made an object: Keras has names for these, where TF1 has only one class. A copy is not in here.
_made_by: weakref.WeakKeyDictionary[VarianceScaling, str] = weakref.WeakKeyDictionary()


def made_by(initializer: Any) -> str | None:
    """Returns the name of the function of this module that made an initializer, or None."""
    return _made_by.get(initializer) if type(initializer) is VarianceScaling else None


def _special_case(name: str, seed: int | None) -> VarianceScaling:
    initializer = VarianceScaling(**FAMILY[name].fixed, seed=seed)
    _made_by[initializer] = name
    return initializer


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Returns LeCun's normal initializer: truncated normal, stddev `sqrt(1 / fan_in)` after truncation.

    It is a `variance_scaling_initializer` of this scale, mode and distribution. `seed` is an int, or None.
    Source: LeCun et al., 1998, "Efficient BackProp", section 4.6.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.initializers.lecun_normal(seed=1)([4]).shape.as_list()
    [4]
    """
    return _special_case("lecun_normal", seed)


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Returns LeCun's uniform initializer: limit `sqrt(3 / fan_in)`.

    It is a `variance_scaling_initializer` of this scale, mode and distribution. `seed` is an int, or None.
    Source: LeCun et al., 1998, "Efficient BackProp", section 4.6.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.initializers.lecun_uniform(seed=1)([4]).shape.as_list()
    [4]
    """
    return _special_case("lecun_uniform", seed)


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Returns He's normal initializer: truncated normal, stddev `sqrt(2 / fan_in)` after truncation.

    It is a `variance_scaling_initializer` of this scale, mode and distribution. `seed` is an int, or None.
    Source: He et al., 2015, arXiv:1502.01852, section 2.2.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.initializers.he_normal(seed=1)([4]).shape.as_list()
    [4]
    """
    return _special_case("he_normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Returns He's uniform initializer: limit `sqrt(6 / fan_in)`.

    It is a `variance_scaling_initializer` of this scale, mode and distribution. `seed` is an int, or None.
    Source: He et al., 2015, arXiv:1502.01852, section 2.2.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.initializers.he_uniform(seed=1)([4]).shape.as_list()
    [4]
    """
    return _special_case("he_uniform", seed)
