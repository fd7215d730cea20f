"""How libraries import, and this package: as Python did before the ways to import were replaced."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Callable
from typing import Any

statement: Callable[..., Any] = builtins.__import__
function: Callable[..., Any] = importlib.import_module


def import_tensorflow(name: str) -> Any:
    """Returns a module of the installed TensorFlow, or of another library, and imports it if need be."""
    statement(name)
    return sys.modules[name]
