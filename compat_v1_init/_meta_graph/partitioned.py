"""The initializer that `from_meta_graph` returns for a partitioned variable, put together from those of its parts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Union

from compat_v1_init._output.text import plural
from compat_v1_init._tensorflow import tf
from compat_v1_init.initializers._public import public

from .first_value import FirstValue
from .pinned import PinnedInitializer, agreed_shape
from .pinned_constant import PinnedConstant
from .pinned_orthogonal import PinnedOrthogonal

if TYPE_CHECKING:
    from compat_v1_init._sampling.seeds import Seeds

Pinned = Union[PinnedInitializer, PinnedConstant, PinnedOrthogonal]
_TOLD_BY: dict[Any, str] = {PinnedInitializer: "distribution", PinnedConstant: "values", PinnedOrthogonal: "draw"}
_CLASSES = tuple(_TOLD_BY)


def _of_all_parts(name: str) -> property:
    def common(initializer: PartitionedInitializer) -> Any:
        values = {getattr(part, name) for part in initializer.parts}
        return values.pop() if len(values) == 1 else None

    return property(common, doc=f"The {name} of all parts, or None where they differ.")


def _of_config(config: Any) -> Pinned:
    """Returns the part of a configuration, which its keys tell apart."""
    part: Pinned = next(cls for cls, key in _TOLD_BY.items() if key in config)(**config)
    return part


@public("compat_v1_init")
@dataclasses.dataclass(frozen=True, repr=False)
class PartitionedInitializer(FirstValue):
    """A partitioned variable: the values of its parts, put together.

    Args:
      parts: a :class:`PinnedInitializer`, :class:`PinnedConstant` or :class:`PinnedOrthogonal` for each part in its
        order, or its configuration; of one dtype, with shapes.
      axis: along which axis the parts lie.

    Raises:
      ValueError: if the parts do not fit together.

    Example:
    >>> import compat_v1_init
    >>> first = compat_v1_init.PinnedInitializer("uniform", (87, 12), [3, 4])
    >>> second = compat_v1_init.PinnedInitializer("uniform", (87, 22), [2, 4])
    >>> whole = compat_v1_init.PartitionedInitializer([first, second], axis=0)
    >>> whole().shape.as_list()
    [5, 4]
    >>> bool((whole()[:3] == first()).numpy().all())
    True
    """

    parts: tuple[Pinned, ...]
    axis: int = 0

    def __post_init__(self) -> None:
        parts = tuple(part if isinstance(part, _CLASSES) else _of_config(part) for part in self.parts)
        object.__setattr__(self, "parts", parts)  # The dataclass is frozen.
        around = {(part.dtype, _around(part.shape, self.axis)) for part in parts}
        if len(around) != 1 or None in next(iter(around)):
            received = [(None if part.shape is None else list(part.shape), part.dtype.name) for part in parts]
            msg = (
                "Argument `parts` must be draws of one dtype whose shapes are equal but for `axis`. "
                f"Received: {received}, axis {self.axis}"
            )
            raise ValueError(msg)

    @property
    def dtype(self) -> Any:
        """The dtype of all parts."""
        return self.parts[0].dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the whole variable."""
        shapes = [part.shape or () for part in self.parts]
        return (*shapes[0][: self.axis], sum(shape[self.axis] for shape in shapes), *shapes[0][self.axis + 1 :])

    def shown_seeds(self) -> str:
        """Returns how many parts there are."""
        return f"of {plural(len(self.parts), 'part')}"

    @property
    def seeds(self) -> tuple[Seeds | None, ...]:
        """The seeds of each part; None for a constant."""
        return tuple(part.seeds for part in self.parts)

    distribution = _of_all_parts("distribution")
    stddev = _of_all_parts("stddev")
    mean = _of_all_parts("mean")
    minval = _of_all_parts("minval")
    maxval = _of_all_parts("maxval")

    def __call__(self, shape: Any = None, dtype: Any = None) -> Any:
        """Returns the whole variable; arguments, result and errors are those of :class:`PinnedInitializer`."""
        agreed_shape(self, shape, dtype)
        return tf.concat([part() for part in self.parts], self.axis)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor as plain lists, strings and numbers, all exact."""
        return {"parts": [part.get_config() for part in self.parts], "axis": self.axis}


def _around(shape: tuple[int, ...] | None, axis: int) -> tuple[int, ...] | None:
    """Returns the sizes of a part along all other axes; None if it does not have this axis."""
    return None if shape is None or not 0 <= axis < len(shape) else (*shape[:axis], *shape[axis + 1 :])
