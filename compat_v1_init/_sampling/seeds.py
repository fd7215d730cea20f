"""Which seeds: the pair of integers that TF1's kernels would get, and the Philox key they become.

The original calls `get_seed` exactly once for each call of an initializer, and so does this module. So the random ops
of a program that follow get the op seeds that they would get with the original.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from compat_v1_init._tensorflow import random_seed

from .refusals import refuse

if TYPE_CHECKING:
    from .request import Operands, Request


class Seeds(NamedTuple):
    """The `seed` and `seed2` attributes of TF1's random kernels; both fit in 31 bits.

    The kernels use `seed` as the Philox key and `seed2` as the high word of the 128-bit counter, whose low word is
    the position in the stream (`GuardedPhiloxRandom` in TensorFlow's sources).
    """

    seed: int
    seed2: int


# Called for each draw that gets its seeds: in a graph or a function once, when that is built.
observer: Callable[[Request, Seeds | None], None] | None = None


def take_seeds(request: Request, operands: Operands) -> Seeds | None:
    """Returns the seeds for one draw, or None if neither the graph nor the op has one; calls the observer.

    Raises:
      TypeError: if the op seed is not a number; raised by TensorFlow.
      RuntimeError: if no seed is set although op determinism is enabled; raised by TensorFlow.
    """
    seed, seed2 = random_seed.get_seed(request.op_seed)
    seeds: Seeds | None = None
    if seed is not None:
        try:
            # TensorFlow writes a seed to the attribute of an op in the same way: without its fraction.
            seeds = Seeds(int(seed), int(seed2))
        except (TypeError, ValueError):
            seeds = None  # Raised below, outside of the `except`, so that the traceback shows one error.
        if seeds is None:
            refuse(request, operands, seed, seed2)
            msg = f"Expected integers as seeds. Received: {seed!r} and {seed2!r}"
            raise TypeError(msg)
    if observer is not None:
        observer(request, seeds)
    return seeds
