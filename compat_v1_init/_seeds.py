"""Which seeds: the pair of integers that TF1's kernels would get, and the Philox key they become.

The original calls `get_seed` exactly once for each call of an initializer, and so does this module. So the random ops
of a program that follow get the op seeds that they would get with the original.
"""

from __future__ import annotations

import os
from collections.abc import Callable
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


def get_seeds(op_seed: Any, refuse: Callable[[Any, Any], None]) -> Seeds | None:
    """Returns the seeds for one call of an initializer, or None if neither the graph nor the op has one.

    Args:
      op_seed: the initializer's own seed.
      refuse: raises what the original's op raises for a `seed` and a `seed2` that are not integers.

    Raises:
      TypeError: if `op_seed` is not a number; raised by TensorFlow.
      RuntimeError: if no seed is set although op determinism is enabled; raised by TensorFlow.
    """
    seed, seed2 = tf.compat.v1.get_seed(op_seed)
    if seed is None:
        return None
    try:
        # TensorFlow writes a seed to the attribute of an op in the same way: without its fraction.
        return Seeds(int(seed), int(seed2))
    except (TypeError, ValueError):
        pass  # Refused below, so that the error is not shown as one that came while another was handled.
    refuse(seed, seed2)
    msg = f"Expected integers as seeds. Received: {seed!r} and {seed2!r}"
    raise TypeError(msg)


def entropy(words: int) -> npt.NDArray[np.uint64]:
    """Returns fresh random words from the operating system, shape [words]; never the same after a fork."""
    return np.frombuffer(os.urandom(8 * words), dtype=np.uint64)
