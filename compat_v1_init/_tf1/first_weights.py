"""`--first-weights-from`: each variable of a program gets its first value from the file of an old graph."""

from __future__ import annotations

import atexit
import contextlib
import sys
from typing import TYPE_CHECKING, Any

from compat_v1_init._meta_graph.mapping import from_meta_graph
from compat_v1_init._output.text import plural, visible
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.variables import on_new_variables, set_first_value

if TYPE_CHECKING:
    from compat_v1_init._meta_graph.mapping import MetaGraphInitializers

_SHOWN = 10


class _FirstWeights:
    """Gives variables their first values, and remembers those that got none."""

    def __init__(self, initializers: MetaGraphInitializers) -> None:
        self._initializers = initializers
        self.given: list[str] = []
        self.left: dict[str, str] = {}

    def __call__(self, variable: Any) -> None:
        if tf.executing_eagerly():
            return
        name = variable.op.name
        reason = self._give(name, variable)
        if reason is None:
            self.given.append(name)
        else:
            self.left[name] = reason

    def _give(self, name: str, variable: Any) -> str | None:
        """Gives one variable its first value; returns why not, where it cannot."""
        if name not in self._initializers:
            return self._initializers.left_out.get(name, "no variable of the graph has its name")
        initializer = self._initializers[name]
        dtype = variable.dtype.base_dtype
        if initializer.shape is not None and not variable.shape.is_compatible_with(initializer.shape):
            return f"its shape is {variable.shape}, in the graph it is {list(initializer.shape)}"
        if initializer.dtype != dtype:
            return f"it is of {dtype.name}, in the graph it is of {initializer.dtype.name}"
        shape = initializer.shape if initializer.shape is not None else variable.shape.as_list()
        set_first_value(variable, lambda: initializer(shape))
        return None

    def told(self, file: str) -> str:
        """Returns the sentence for the end of the program, with what got no value from the file."""
        count = len(self.given) + len(self.left)
        text = f"compat-v1-init: {len(self.given)} of {plural(count, 'variable')} began with the values of {file}"
        lines = [f"  not {name}: {why}" for name, why in self.left.items()]
        if len(lines) > _SHOWN:
            lines[_SHOWN:] = [f"  and {len(lines) - _SHOWN} more"]
        return "\n".join([text, *map(visible_line, lines)]) + "\n"


def visible_line(line: str) -> str:
    """Returns a line for a terminal, with its indentation."""
    return f"  {visible(line.strip())}"


def begin(file: str) -> None:
    """Gives each variable that is made in a graph from here on the first value that it has in a file.

    Args:
      file: what `from_meta_graph` reads.

    Raises:
      SystemExit: with the code of a wrong command line, if the file cannot be read; it has been told why.
    """
    try:
        first_weights = _FirstWeights(from_meta_graph(file))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"compat-v1-init: --first-weights-from: {visible(str(error))}\n")
        raise SystemExit(2) from None
    on_new_variables(first_weights)

    def tell() -> None:
        if first_weights.given or first_weights.left:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(first_weights.told(file))
                sys.stderr.flush()

    atexit.register(tell)
