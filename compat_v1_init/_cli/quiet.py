"""How the commands import TensorFlow: on the CPU, and without the messages of its libraries."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from compat_v1_init._lazy import load


def import_tensorflow() -> Any:
    """Returns TensorFlow, imported and with its devices found.

    Raises:
      ImportError: if there is none, or too old a one; the message says what to do.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The promised numbers are those of CPUs, and another program may need the GPU.
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    with silence():
        tf = load("_tensorflow").tf
        tf.zeros([])  # The first op looks for devices, and prints what it finds.
    # Its warnings of deprecated arguments are meant for the program's own runs.
    tf.get_logger().setLevel("ERROR")
    return tf


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Keeps messages of TensorFlow's libraries, which do not use Python's stream, out of the report."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
