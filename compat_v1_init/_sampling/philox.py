"""The generator that TF1's kernels and the stateless ops share: how far a draw advances, and where its elements are.

Every draw advances the position by 256 for each element. A group of the truncated normal kernel may use up to 64
counters for each element; one of the other kernels uses exactly one. Source: `ReserveRandomOutputs` of
`GuardedPhiloxRandom`, and `FillPhiloxRandom` in `tensorflow/core/kernels/random_op_cpu.h` (TF 2.4 to 2.21).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._tensorflow import tf

if TYPE_CHECKING:
    import numpy.typing as npt  # from NumPy 1.20 on

PHILOX = 1  # the `alg` of TensorFlow's stateless ops
_STEP_PER_ELEMENT = 256
# Beyond it the position would no longer fit in an int64; no memory holds a draw of so many.
MOST_ELEMENTS = 2**63 // _STEP_PER_ELEMENT - 1


def advance(count: Any) -> Any:
    """Returns how far a draw of `count` elements moves the position, an int or a tensor."""
    return count * _STEP_PER_ELEMENT


def group_size(dtype: Any) -> int:
    """Returns how many elements the kernels draw at a time."""
    return 2 if dtype == tf.float64 else 4


def counters_before(kernel: str, dtype: Any, first: Any) -> Any:
    """Returns how far from a draw's counter is that of the group which holds the element `first`; also of a tensor."""
    counters_per_group = 64 * group_size(dtype) if kernel == "truncated_normal" else 1
    return first // group_size(dtype) * counters_per_group


def entropy(words: int) -> npt.NDArray[np.uint64]:
    """Returns fresh random words from the operating system, shape [words]; never the same after a fork."""
    return np.frombuffer(os.urandom(8 * words), dtype=np.uint64)
