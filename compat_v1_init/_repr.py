"""How an initializer is shown: as the call that makes it."""

from __future__ import annotations

from typing import Any


def call_repr(self: Any) -> str:
    """Returns the class's name with the arguments of the constructor; to be a class's `__repr__`."""
    try:
        arguments = self.get_config()
    except AttributeError:  # The constructor has not run to its end.
        return object.__repr__(self)
    return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"
