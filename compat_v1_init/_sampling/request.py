"""The data of one draw, which the initializers and samplers pass on. This module needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

Kernel = Literal["truncated_normal", "random_normal", "random_uniform", "random_uniform_int"]
Bounds = tuple[Any, Any]

KERNELS: dict[str, Kernel] = {
    "truncated_normal": "truncated_normal",
    "untruncated_normal": "random_normal",
    "uniform": "random_uniform",
}
"""The kernel of each distribution, by TF1's names; `random_uniform_int` is the uniform one of integers."""
DISTRIBUTIONS = {**{kernel: name for name, kernel in KERNELS.items()}, "random_uniform_int": "uniform"}
"""The distribution of each kernel."""


class Slice(NamedTuple):
    """A box cut out of a whole draw; none of it is a tensor."""

    full_shape: tuple[int, ...]
    offset: tuple[int, ...]
    shape: tuple[int, ...]


class Layout(Protocol):
    """What this package uses of a `tf.experimental.dtensor.Layout`."""

    rank: int
    mesh: Any
    sharding_specs: Sequence[str]

    def num_shards(self, idx: int) -> int:
        """Returns the number of parts that an axis is cut into."""


class Extent(NamedTuple):
    """How much of a draw is returned: all of it, a slice, or a DTensor that is spread over devices."""

    shape: Any
    """The shape of the whole draw: whatever TF1's samplers take as a shape."""
    box: Slice | None = None
    layout: Layout | None = None

    @property
    def part(self) -> Slice | Layout | None:
        """The slice or the layout; None where all of the draw is returned as one tensor."""
        return self.layout if self.box is None else self.box


class Request(NamedTuple):
    """One draw, as an initializer or a sampler asks for it."""

    kernel: Kernel
    bounds: Bounds
    """The mean and the standard deviation before truncation, or the lower and the upper bound of a uniform
    distribution: numbers or tensors, as TF1's samplers take them. For a slice or a layout, floats."""
    extent: Extent
    dtype: Any
    """As it was given. Float16, bfloat16, float32 or float64; int32 or int64 for `random_uniform_int`."""
    op_seed: Any
    """The initializer's own seed, or None."""
    fan_shape: Any = None
    """The shape that the bounds were computed from; None where they were given. The report of `run` shows it."""
    name: str | None = None
    """The name scope of the ops in a graph; by default that of TF1's sampler."""


class Operands(NamedTuple):
    """What the ops of a draw take, besides its place in the stream."""

    shape: Any
    """The shape as a tensor; None for a slice."""
    elements: int
    """How many there are, where the shape is known at once; 0 for a shape that the original refuses."""
    dtype: Any
    factor: Any
    """A tensor, rounded to the dtype; for integers the upper bound."""
    offset: Any
    """A tensor, or None where nothing is added; for integers the lower bound."""


class Place(NamedTuple):
    """A place in a stream, as the stateless ops take it."""

    key: Any
    """Uint64, shape [1]."""
    counter: Any
    """Uint64, shape [2]; the stateless ops read no third word."""
    alg: Any
    """Int32, a scalar: Philox."""
