"""In a notebook: `%load_ext compat_v1_init`, and then `%tf1` before TensorFlow is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from . import command


def tf1(line: str = "") -> None:
    """Does what `run --tf1` does, in this process and those that it starts.

    Args:
      line: what stands behind the magic: nothing, or the file that `--first-weights-from` names.

    Raises:
      RuntimeError: if TensorFlow was imported before.
      FileNotFoundError: if the file is not there.
    """
    if "tensorflow" in sys.modules:
        raise RuntimeError("%tf1 must come before TensorFlow is imported. Restart the kernel, and run it first.")
    file = line.strip()
    if file and not Path(file).exists():
        msg = f"%tf1 needs the file of a graph, or nothing. Received: {file!r}, which is not there"
        raise FileNotFoundError(msg)
    absolute = str(Path(file).absolute()) if file else ""
    os.environ.update(command.environment_of(os.environ, tf1=absolute))
    command.start()


def register(shell: Any) -> None:
    """Adds the magic to a shell of IPython."""
    shell.register_magic_function(tf1, "line", "tf1")
