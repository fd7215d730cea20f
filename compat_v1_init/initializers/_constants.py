"""The classes that draw nothing: TF1's `Zeros`, `Ones`, `Constant` and `Identity`, also sliced."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compat_v1_init._sampling.dtensor import draw_with_layout
from compat_v1_init._tensorflow import init_ops, tf

from ._call import called, tf1_signature
from ._extent import requested_extent
from ._public import PUBLIC_MODULE, Saved, public

if TYPE_CHECKING:
    from compat_v1_init._sampling.request import Extent, Slice


def _cut(extent: Extent, partition_info: Any, whole: Callable[[Any, Any], Any]) -> Any:
    """Returns a value, a slice of it, or a DTensor of its slices.

    Args:
      extent: which of these.
      partition_info: that of the call.
      whole: makes the value of a shape, with a partition_info or None.
    """

    def slice_of(box: Slice) -> Any:
        return tf.slice(whole(list(box.full_shape), None), box.offset, box.shape)

    if extent.layout is not None:
        return draw_with_layout(extent.layout, extent.shape, slice_of)
    return whole(extent.shape, partition_info) if extent.box is None else slice_of(extent.box)


_TOLD = {
    "summary": "Returns the value, or for a shard its part of it, as in TF1.",
    "partition_info": "an identity matrix is cut from that of its `full_shape`; the others ignore it, as TF1 does, "
    'unless `options(partitions="slices")` is in force.',
    "refused": "the class does not make the shape or the dtype, or a shard does not lie within its variable",
}


def _by_shape(cls: Any) -> Any:
    """Gives a class the `__call__` of those whose values depend on the shape alone."""
    make = cls.__call__  # TensorFlow's.

    def value(initializer: Any, _: Any, extent: Extent, dtype: Any, partition_info: Any) -> Any:
        return _cut(extent, partition_info, lambda full, info: make(initializer, full, dtype, info))

    return public(PUBLIC_MODULE)(called(value, **_TOLD)(cls))


@_by_shape
class Zeros(Saved, init_ops.Zeros):  # type: ignore[misc]
    """TF1's `zeros_initializer`.

    Args:
      dtype: the dtype of calls that name none: any that TensorFlow has.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.zeros_initializer()([2]).numpy().tolist()
    [0.0, 0.0]
    """


@_by_shape
class Ones(Saved, init_ops.Ones):  # type: ignore[misc]
    """TF1's `ones_initializer`.

    Args:
      dtype: the dtype of calls that name none: any number's.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.ones_initializer()([2]).numpy().tolist()
    [1.0, 1.0]
    """


@public(PUBLIC_MODULE)
class Constant(Saved, init_ops.Constant):  # type: ignore[misc]
    """TF1's `constant_initializer`: one value, or the values of a list in their order.

    In a graph the last one is repeated where there are too few; eager execution refuses that, as TensorFlow's own.

    Source: `Constant` in `tensorflow/python/ops/init_ops.py`.

    Args:
      value: a number, a string or a bool, or a list, tuple or array of them.
      dtype: the dtype of calls that name none.
      verify_shape: whether `value` must have the shape that is asked for.

    Raises:
      TypeError: if `value` is something else.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.constant_initializer([1, 2, 3, 4])([2, 2]).numpy().tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """

    @tf1_signature
    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None, verify_shape: Any = None, **extra: Any
    ) -> Any:
        """Returns the value.

        Args:
          shape: the shape of the result: a list or tuple of ints, a `TensorShape`, an array.
          dtype: the dtype of the result; by default the constructor's.
          partition_info: ignored, as in TF1, unless `options(partitions="slices")` is in force: then a shard is its
            slice of the whole variable's value.
          verify_shape: as in the constructor, whose value it replaces.
          **extra: as in `variance_scaling_initializer`.

        Returns:
          A tensor of this shape and dtype.

        Raises:
          TypeError: if the value cannot be one of the dtype, or has another shape although this is checked.
          ValueError: if there are more values than elements, or a shard does not lie within its variable.
        """
        _, extent = requested_extent(self, shape, partition_info, extra)
        make = super().__call__
        return _cut(extent, partition_info, lambda full, info: make(full, dtype, info, verify_shape))


@_by_shape
class Identity(Saved, init_ops.Identity):  # type: ignore[misc]
    """TF1's `initializers.identity`: the identity matrix, times `gain`.

    Source: `Identity` in `tensorflow/python/ops/init_ops.py`.

    Args:
      gain: the value on the diagonal.
      dtype: the dtype of calls that name none: float16, bfloat16, float32 or float64.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.initializers.identity(gain=2.0)([2, 3]).numpy().tolist()
    [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]
    """
