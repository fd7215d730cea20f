"""The initializer that `from_meta_graph` returns for TF1's orthogonal matrices."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from compat_v1_init._tensorflow import tf
from compat_v1_init.initializers._public import public

from .first_value import FirstValue
from .pinned import PinnedInitializer, agreed_shape

if TYPE_CHECKING:
    from compat_v1_init._sampling.seeds import Seeds

_FACTORIZED = (tf.float32, tf.float64)


@public("compat_v1_init")
@dataclasses.dataclass(frozen=True, repr=False)
class PinnedOrthogonal(FirstValue):
    """TF1's orthogonal matrix of one draw, the same one at every call.

    It is the Q of the draw's QR decomposition, with the signs of R's diagonal.

    The draw has TF1's bits. The installed TensorFlow factorizes it: with many rows the last bits may differ from TF1's.

    Args:
      draw: the :class:`PinnedInitializer` of the matrix that is factorized, or its configuration: as many rows as
        `shape` has in its last side or in all others together, whichever is more, by the other of the two.
      shape: the shape of the result, of two sides or more.
      gain: a factor.

    Raises:
      ValueError: if `draw` does not make such a shape, or is not of float32 or float64.

    Example:
    >>> import compat_v1_init
    >>> draw = compat_v1_init.PinnedInitializer("untruncated_normal", (87, 12), [3, 2])
    >>> matrix = compat_v1_init.PinnedOrthogonal(draw, [2, 3])().numpy()
    >>> abs(matrix @ matrix.T).round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    draw: PinnedInitializer
    shape: tuple[int, ...]
    gain: float = 1.0

    distribution = "orthogonal"
    # What a plain draw has.
    mean = stddev = minval = maxval = None

    def __post_init__(self) -> None:
        draw = self.draw if isinstance(self.draw, PinnedInitializer) else PinnedInitializer(**self.draw)
        for name, value in {"draw": draw, "shape": tuple(map(int, self.shape)), "gain": float(self.gain)}.items():
            object.__setattr__(self, name, value)  # The dataclass is frozen.
        if len(self.shape) < 2 or draw.shape != (max(self._sides), min(self._sides)):  # noqa: PLR2004 - a matrix
            msg = f"Argument `draw` must have the sides of a matrix for the shape {self.shape}. Received: {draw.shape}"
            raise ValueError(msg)
        if draw.dtype not in _FACTORIZED:
            msg = f"Argument `draw` must be of float32 or float64. Received: {draw.dtype.name}"
            raise ValueError(msg)

    @property
    def _sides(self) -> tuple[int, int]:
        return math.prod(self.shape[:-1]), self.shape[-1]

    @property
    def dtype(self) -> Any:
        """The dtype."""
        return self.draw.dtype

    @property
    def seeds(self) -> Seeds:
        """The seeds of the draw."""
        return self.draw.seeds

    def __call__(self, shape: Any = None, dtype: Any = None) -> Any:
        """Returns the matrix; arguments, result and errors are those of :class:`PinnedInitializer`."""
        agreed_shape(self, shape, dtype)
        q, r = tf.linalg.qr(self.draw(), full_matrices=False)
        q *= tf.sign(tf.linalg.tensor_diag_part(r))
        rows, columns = self._sides
        if rows < columns:
            q = tf.linalg.matrix_transpose(q)
        return tf.constant(self.gain, self.dtype) * tf.reshape(q, self.shape)

    def shown(self) -> str:
        """Returns the gain as text."""
        return f"gain {self._short(self.gain)}"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor as plain lists, strings and numbers, all exact."""
        return {"draw": self.draw.get_config(), "shape": list(self.shape), "gain": self.gain}
