"""The classes that make orthogonal matrices and kernels out of normal draws.

Their steps are those of the installed TensorFlow, in its own code; only the draws are by stateless ops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import init_ops

from ._call import called
from ._public import PUBLIC_MODULE, Saved, public
from ._samplers import by_stateless_ops

if TYPE_CHECKING:
    from compat_v1_init._sampling.request import Extent


def _whole(cls: Any) -> Any:
    """Gives a class a `__call__` for whole variables and for shards. As in TF1, each shard is a matrix of its own."""
    make = cls.__call__  # TensorFlow's, with our draws.

    def value(initializer: Any, _: Any, extent: Extent, dtype: Any, partition_info: Any) -> Any:
        if extent.part is not None:
            msg = (
                f"{cls.__name__} has no slices: each of its values depends on all draws of the whole. Leave the "
                f"variable whole, or initialize it outside of options(partitions='slices'). Received: {extent.part!r}"
            )
            raise ValueError(msg)
        return make(initializer, extent.shape, dtype, partition_info)

    told = {
        "summary": "Returns the next value, which is made of this initializer's next draws.",
        "partition_info": "ignored, as in TF1: a shard is orthogonal by itself.",
        "refused": "the shape has too few or too many dimensions, or more input than output channels where the class "
        "allows no more; or for a shard or a layout, while these are slices",
    }
    return public(PUBLIC_MODULE)(called(value, **told)(cls))


@_whole
class Orthogonal(Saved, by_stateless_ops(init_ops.Orthogonal)):  # type: ignore[misc]
    """TF1's `orthogonal_initializer`: an orthogonal matrix, times `gain`, with TF1's bits.

    A matrix of the shape's last side by the product of the others has orthonormal rows or columns, whichever are
    fewer: the Q of the QR decomposition of a normal draw, with the signs of R's diagonal. Source: `Orthogonal` in
    `tensorflow/python/ops/init_ops.py`; Saxe et al., 2014, arXiv:1312.6120.

    Args:
      gain: a factor for the matrix.
      seed: an int, or None.
      dtype: the dtype of calls that name none: float32 or float64, in which TensorFlow can factorize.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.orthogonal_initializer(gain=2.0, seed=1)([3, 4]).shape.as_list()
    [3, 4]
    """


@_whole
class ConvolutionDeltaOrthogonal(Saved, by_stateless_ops(init_ops.ConvolutionDeltaOrthogonal)):  # type: ignore[misc]
    """TF1's `convolutional_delta_orthogonal`: zero but for an orthogonal matrix at the centre, with TF1's bits.

    For kernels of one to three spatial dimensions, with no more input than output channels. Source:
    `ConvolutionDeltaOrthogonal` in `tensorflow/python/ops/init_ops.py`; Xiao et al., 2018, arXiv:1806.05393, section 4.

    Args:
      gain: a factor for the matrix.
      seed: an int, or None.
      dtype: the dtype of calls that name none: float32 or float64, in which TensorFlow can factorize.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.convolutional_delta_orthogonal(seed=1)([3, 3, 2, 4]).shape.as_list()
    [3, 3, 2, 4]
    """


@_whole
class ConvolutionOrthogonal1D(Saved, by_stateless_ops(init_ops.ConvolutionOrthogonal1D)):  # type: ignore[misc]
    """TF1's `convolutional_orthogonal_1d`: an orthogonal kernel for convolutions in 1D, with TF1's bits.

    The convolution keeps the 2-norm of its input, times `gain`, where padding is circular. The kernel's sides must be
    equal, with no more input than output channels. Source: `ConvolutionOrthogonal1D` in
    `tensorflow/python/ops/init_ops.py`; Xiao et al., 2018, arXiv:1806.05393.

    Args:
      gain: a factor for the 2-norm of the convolution's output.
      seed: an int, or None. Each call raises a seed by the number of its draws, as in TF1.
      dtype: the dtype of calls that name none: float32 or float64, in which TensorFlow can factorize.

    Raises:
      ValueError: if `dtype` is not floating.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.convolutional_orthogonal_1d(seed=1)([2, 2, 4]).shape.as_list()
    [2, 2, 4]
    """


@_whole
class ConvolutionOrthogonal2D(Saved, by_stateless_ops(init_ops.ConvolutionOrthogonal2D)):  # type: ignore[misc]
    """TF1's `convolutional_orthogonal_2d`: as `convolutional_orthogonal_1d`, for convolutions in 2D.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.convolutional_orthogonal_2d(seed=1)([2, 2, 2, 4]).shape.as_list()
    [2, 2, 2, 4]
    """


@_whole
class ConvolutionOrthogonal3D(Saved, by_stateless_ops(init_ops.ConvolutionOrthogonal3D)):  # type: ignore[misc]
    """TF1's `convolutional_orthogonal_3d`: as `convolutional_orthogonal_1d`, for convolutions in 3D.

    Example:
    >>> import compat_v1_init
    >>> compat_v1_init.convolutional_orthogonal_3d(seed=1)([2, 2, 2, 2, 4]).shape.as_list()
    [2, 2, 2, 2, 4]
    """
