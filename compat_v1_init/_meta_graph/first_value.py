"""What the four classes have in common that `from_meta_graph` gives for a variable."""

from __future__ import annotations

from typing import Any

from compat_v1_init._output.tables import initializer_html
from compat_v1_init.initializers._public import Saved

ROW = ("name", "shape", "dtype", "distribution", "values", "seeds")
"""What `FirstValue.row` tells."""


class FirstValue(Saved):
    """The first value of a variable of an old graph, at every call. Keras has no class that could stand for it."""

    distribution: Any
    seeds: Any
    shape: Any
    dtype: Any
    stddev: Any
    mean: Any
    minval: Any
    maxval: Any

    def row(self, name: str) -> list[str]:
        """Returns the cells of a variable's row in a table."""
        shape = "?" if self.shape is None else str(list(self.shape))
        return [name, shape, self.dtype.name, self.distribution or "several", self.shown(), self.shown_seeds()]

    def shown_seeds(self) -> str:
        """Returns the seeds as text; of a partitioned variable, how many parts have their own."""
        return " ".join(map(str, self.seeds or ()))

    def shown(self) -> str:
        """Returns the numbers that describe the values as text, with only as many digits as their dtype needs."""
        if self.minval is not None:
            return f"from {self._short(self.minval)} to {self._short(self.maxval)}"
        if self.stddev is not None:
            return f"stddev {self._short(self.stddev)}" + (f", mean {self._short(self.mean)}" if self.mean else "")
        return "several"

    def _repr_html_(self) -> str:
        """Returns the arguments as a table for a notebook: of the values of a constant, and of parts, a summary."""
        config = self.get_config()
        arguments = {"values": self.shown()} if config.pop("values", None) is not None else {}
        parts = config.pop("parts", None)
        arguments.update({name: repr(value) for name, value in config.items()})
        if parts is not None:
            arguments["parts"] = str(len(parts))
        return initializer_html(type(self).__name__, arguments, self.distribution or "")

    def _short(self, number: float) -> str:
        return str(self.dtype.as_numpy_dtype(number))
