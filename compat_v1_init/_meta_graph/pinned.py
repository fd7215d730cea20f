"""The initializer that `from_meta_graph` returns for a draw, with its seeds."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Literal

import numpy as np

from compat_v1_init._sampling.draw import first_draw
from compat_v1_init._sampling.dtypes import FLOATS
from compat_v1_init._sampling.request import KERNELS
from compat_v1_init._sampling.seeds import Seeds
from compat_v1_init._tensorflow import tf
from compat_v1_init.initializers._public import public

from .first_value import FirstValue

Distribution = Literal["truncated_normal", "untruncated_normal", "uniform"]
DTYPES = tuple(map(tf.as_dtype, FLOATS))
INT_DTYPES = (tf.int32, tf.int64)


def agreed_shape(stored: Any, shape: Any, dtype: Any) -> tuple[int, ...]:
    """Returns the shape of a call. If there is a stored shape, it must be that one."""
    if dtype is not None and tf.as_dtype(dtype).base_dtype != stored.dtype:
        msg = (
            f"Argument `dtype` must be {stored.dtype.name}, which the graph holds, or None: in another dtype TF1 drew "
            f"different numbers. Received: {tf.as_dtype(dtype).name}. Cast the result of a call without it."
        )
        raise ValueError(msg)
    if shape is None:
        if stored.shape is None:
            raise ValueError("The graph does not hold the shape of this draw. Pass it as the argument `shape`.")
        known: tuple[int, ...] = stored.shape
        return known
    given = tf.TensorShape(tf.get_static_value(shape) if tf.is_tensor(shape) else shape)
    if given.is_fully_defined() and stored.shape in (None, tuple(given.as_list())):
        return tuple(given.as_list())
    expected = "fully known" if stored.shape is None else f"{list(stored.shape)}, which the graph holds, or None"
    msg = f"Argument `shape` must be {expected}. Received: {given}. Reshape or slice the result of a call without it."
    raise ValueError(msg)


@public("compat_v1_init")
@dataclasses.dataclass(frozen=True, repr=False)
class PinnedInitializer(FirstValue):
    """One draw of TF1. Each call returns the first value of a random op with these seeds.

    Args:
      distribution: `"truncated_normal"`, cut off at two standard deviations; `"untruncated_normal"`; or `"uniform"`
        on [0, 1).
      seeds: the attributes `seed` and `seed2` of TF1's op: ints of 64 bits, not both 0.
      shape: the shape of the draw, or None if each call names it.
      dtype: float16, bfloat16, float32 or float64; for `"uniform"` also int32 or int64.
      scaling: the steps by which the draw is scaled, in their order. Each is a pair: a factor, and a number that is
        then added, or None. For integers it is one pair of bounds: the upper one, which is not reached, and the lower.

    Raises:
      ValueError: if an argument is none of these.

    Example:
    >>> import compat_v1_init
    >>> init = compat_v1_init.PinnedInitializer("uniform", (87, 12), [3, 4], "float32", [(0.5, -0.25)])
    >>> init().shape.as_list(), init.minval, init.maxval
    ([3, 4], -0.25, 0.25)
    >>> bool((init() == init()).numpy().all())
    True
    """

    distribution: Distribution
    seeds: Seeds
    shape: tuple[int, ...] | None = None
    dtype: Any = "float32"
    scaling: tuple[tuple[float, float | None], ...] = ()

    def __post_init__(self) -> None:
        if self.distribution not in KERNELS:
            msg = f"Argument `distribution` must be one of {tuple(KERNELS)}. Received: {self.distribution!r}"
            raise ValueError(msg)
        dtype = tf.as_dtype(self.dtype)
        allowed = DTYPES + (INT_DTYPES if self.distribution == "uniform" else ())
        if dtype not in allowed:
            msg = f"Argument `dtype` must be one of {[each.name for each in allowed]}. Received: {dtype.name}"
            raise ValueError(msg)
        if dtype.is_integer and not (len(self.scaling) == 1 and None not in self.scaling[0]):
            msg = (
                "Argument `scaling` must be one pair for integers, the upper bound and the lower one. "
                f"Received: {self.scaling!r}"
            )
            raise ValueError(msg)
        number: Any = int if dtype.is_integer else float
        seeds = Seeds(*map(int, self.seeds))
        if seeds == (0, 0) or not all(-(2**63) <= seed < 2**63 for seed in seeds):
            msg = (
                "Argument `seeds` must be two ints of 64 bits, not both 0, which stands for no seed in TF1. "
                f"Received: {self.seeds!r}"
            )
            raise ValueError(msg)
        normal_form = {
            "seeds": seeds,
            "shape": None if self.shape is None else tuple(map(int, self.shape)),
            "dtype": dtype,
            "scaling": tuple((number(by), None if add is None else number(add)) for by, add in self.scaling),
        }
        for name, value in normal_form.items():
            object.__setattr__(self, name, value)  # The dataclass is frozen.

    def __call__(self, shape: Any = None, dtype: Any = None) -> Any:
        """Returns the draw; the same one at every call.

        Args:
          shape: None, or the stored shape once more.
          dtype: None, or the stored dtype once more.

        Returns:
          A tensor of this shape and dtype.

        Raises:
          ValueError: if `shape` or `dtype` differs from what is stored, or neither names a shape.
        """
        agreed = agreed_shape(self, shape, dtype)
        first, *rest = self.scaling or ((1.0, None),)
        kernel = "random_uniform_int" if self.dtype.is_integer else KERNELS[self.distribution]
        value = first_draw(kernel, agreed, self.dtype, self.seeds, *first)
        for factor, offset in rest:
            value = value * tf.constant(factor, self.dtype)
            value = value if offset is None else value + tf.constant(offset, self.dtype)
        return value

    @functools.cached_property
    def _line(self) -> tuple[float, float]:
        """The factor and the offset of all of the scaling, in Python floats."""
        factor, offset = 1.0, 0.0
        for by, add in self.scaling:
            factor, offset = factor * by, offset * by + (add or 0.0)
        return factor, offset

    @property
    def stddev(self) -> float | None:
        """The standard deviation, before any truncation; None for the uniform distribution."""
        return None if self.distribution == "uniform" else abs(self._line[0])

    @property
    def mean(self) -> float | None:
        """The mean of a normal distribution; None for the uniform one."""
        return None if self.distribution == "uniform" else self._line[1]

    @property
    def minval(self) -> float | None:
        """The lower bound of the uniform distribution; None for a normal one."""
        return self._bound(min)

    @property
    def maxval(self) -> float | None:
        """The upper bound of the uniform distribution, which is not reached; None for a normal one."""
        return self._bound(max)

    def _bound(self, which: Any) -> float | None:
        if self.distribution != "uniform":
            return None
        if self.dtype.is_integer:
            return float(which(self.scaling[0]))
        factor, offset = self._line
        with np.errstate(all="ignore"):
            return float(np.array(which(offset, offset + factor), self.dtype.as_numpy_dtype))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor as plain lists, strings and numbers, all exact."""
        return {
            "distribution": self.distribution,
            "seeds": list(self.seeds),
            "shape": None if self.shape is None else list(self.shape),
            "dtype": self.dtype.name,
            "scaling": [list(step) for step in self.scaling],
        }
