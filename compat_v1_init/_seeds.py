"""Which seeds: the pair of integers that TF1's kernels would get, and the Philox key they become.

The original calls `get_seed` exactly once for each call of an initializer; so does this module. That keeps the op
seeds of neighbouring random ops where they were.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ._tensorflow import tf

if TYPE_CHECKING:
    import numpy.typing as npt  # from NumPy 1.20 on


class Seeds(NamedTuple):
    """The `seed` and `seed2` attributes of TF1's random kernels; both fit in 31 bits.

    The kernels use `seed` as the Philox key and `seed2` as the high word of the 128-bit counter, whose low word is
    the position in the stream (`GuardedPhiloxRandom` in TensorFlow's sources).
    """

    seed: int
    seed2: int


def get_seeds(op_seed: Any) -> Seeds | None:
    """Returns the seeds for one call of an initializer, or None where neither the graph's nor the op's is set.

    Raises:
      TypeError: if `op_seed` is not a number; raised by TensorFlow.
      RuntimeError: if no seed is set although op determinism is enabled; raised by TensorFlow.
    """
    seed, seed2 = tf.compat.v1.get_seed(op_seed)
    return None if seed is None else Seeds(_as_attribute("seed", seed), _as_attribute("seed2", seed2))


def _as_attribute(name: str, value: Any) -> int:
    """Returns a seed as TensorFlow writes it to the attribute of an op: a fraction is cut off."""
    try:
        return int(value)
    except (TypeError, ValueError):
        msg = f"Expected int for argument '{name}' not {value}."
        raise TypeError(msg) from None


def entropy(words: int) -> npt.NDArray[np.uint64]:
    """Returns fresh random words from the operating system, shape [words]; never the same after a fork."""
    return np.frombuffer(os.urandom(8 * words), dtype=np.uint64)
