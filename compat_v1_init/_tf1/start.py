"""What `run --tf1` does in each process: before TensorFlow is imported, and right after."""

from __future__ import annotations

import logging
import sys

from compat_v1_init._import_hook import after_import

from . import importing, internals, keras, old_names


def begin() -> None:
    """Makes `import tensorflow` mean TensorFlow 1 in the program. Imports no TensorFlow."""
    keras.choose()
    importing.install()
    after_import("tf_keras", internals.repair_layers)
    old_names.put_back()


def tensorflow_imported() -> None:
    """Switches TensorFlow 2's behaviour off, without the warnings that tell a program so."""
    logger = logging.getLogger("tensorflow")
    was = logger.disabled
    logger.disabled = True
    try:
        sys.modules["tensorflow"].compat.v1.disable_v2_behavior()
    finally:
        logger.disabled = was
    internals.put_back()
