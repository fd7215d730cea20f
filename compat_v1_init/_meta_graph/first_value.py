"""What the four classes have in common that `from_meta_graph` gives for a variable."""

from __future__ import annotations

from typing import Any

from compat_v1_init._public import Saved


class FirstValue(Saved):
    """The first value of a variable of an old graph, at every call. Keras has no class that could stand for it."""

    distribution: Any
    shape: Any
    dtype: Any
    stddev: Any
    mean: Any
    minval: Any
    maxval: Any

    def shown(self) -> str:
        """Returns the numbers that describe the values as text, with only as many digits as their dtype needs."""
        if self.minval is not None:
            return f"from {self._short(self.minval)} to {self._short(self.maxval)}"
        if self.stddev is not None:
            return f"stddev {self._short(self.stddev)}" + (f", mean {self._short(self.mean)}" if self.mean else "")
        return "several"

    def _short(self, number: float) -> str:
        return str(self.dtype.as_numpy_dtype(number))
