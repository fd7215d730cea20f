"""The initializers of `tf.contrib.layers`, which TensorFlow 2 no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from compat_v1_init._tensorflow import tf

from ._call import drawn
from ._fans import contrib_bounds
from ._public import Saved, public

if TYPE_CHECKING:
    from compat_v1_init._sampling.request import Kernel

Mode = Literal["FAN_IN", "FAN_OUT", "FAN_AVG"]
_MODES = get_args(Mode)


def _floating(dtype: Any) -> Any:
    dtype = tf.as_dtype(dtype)
    if not dtype.is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    return dtype


def _kernel(initializer: Any, dtype: Any) -> Kernel:
    _floating(dtype)
    return "random_uniform" if initializer.uniform else "truncated_normal"


@public("compat_v1_init.contrib")
@drawn(_kernel, contrib_bounds, fans="part")
class VarianceScaling(Saved, tf.compat.v1.variance_scaling_initializer.__mro__[1]):  # type: ignore[misc]
    """TF1's `tf.contrib.layers.variance_scaling_initializer`, with its arguments, its 1.3 and its bits.

    With n as `mode` says, the values are truncated normal with stddev `sqrt(1.3 * factor / n)` before truncation, or,
    with `uniform=True`, uniform on [-L, L) with `L = sqrt(3 * factor / n)`. The factor 1.3 rounds 1 / 0.8796**2 =
    1.2924, so the stddev is 0.29 % larger than that of `compat_v1_init.variance_scaling_initializer`. The fans are
    those of the shape asked for: for a shard of a partitioned variable they are those of the shard.

    Source: `tensorflow/contrib/layers/python/layers/initializers.py` (TF 1.4 to 1.15). There it is a function that
    returns a function; here the same name is a class, so that the result can be copied, pickled and read.

    Args:
      factor: a float, without unit.
      mode: `"FAN_IN"`, `"FAN_OUT"` or `"FAN_AVG"`.
      uniform: whether to draw from the uniform distribution.
      seed: an int, or None.
      dtype: the dtype of calls that name none.

    Raises:
      TypeError: if `dtype` is not floating or `mode` is none of the above.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.contrib.variance_scaling_initializer(factor=1.0, mode="FAN_AVG", seed=42)
    >>> init([3, 4]).shape.as_list()
    [3, 4]
    """

    def __init__(
        self,
        factor: float = 2.0,
        mode: Mode = "FAN_IN",
        uniform: bool = False,
        seed: int | None = None,
        dtype: Any = tf.float32,
    ) -> None:
        dtype = _floating(dtype)
        if mode not in _MODES:
            hint = f" Did you mean {mode.upper()!r}?" if isinstance(mode, str) and mode.upper() in _MODES else ""
            msg = f"Unknown mode {mode!r}; one of {_MODES} is expected.{hint}"
            raise TypeError(msg)
        self.factor = factor
        self.mode = mode
        self.uniform = uniform
        self.seed = seed
        self.dtype = dtype

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as values that JSON can hold."""
        return {
            "factor": self.factor,
            "mode": self.mode,
            "uniform": self.uniform,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


def xavier_initializer(
    uniform: bool = True,
    seed: int | None = None,
    dtype: Any = tf.float32,
) -> VarianceScaling:
    """Returns TF1's `tf.contrib.layers.xavier_initializer`: factor 1, mode FAN_AVG, uniform by default.

    Args:
      uniform: whether to draw from the uniform distribution.
      seed: an int, or None.
      dtype: the dtype of calls that name none.

    Raises:
      TypeError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.contrib.xavier_initializer(seed=1)([3, 4]).shape.as_list()
    [3, 4]
    """
    return VarianceScaling(factor=1.0, mode="FAN_AVG", uniform=uniform, seed=seed, dtype=dtype)


xavier_initializer_conv2d = xavier_initializer
