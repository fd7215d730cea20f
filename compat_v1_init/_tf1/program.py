"""Who imports: the program and its own modules, or a library."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Libraries that know TensorFlow 2, wherever they lie: a source tree of theirs may be on the path.
_LIBRARIES = frozenset({"compat_v1_init", "keras", "tensorflow", "tensorflow_estimator", "tf_keras", "tf_slim"})
_STANDARD_LIBRARY = str(Path(os.__file__).parent)
_INSTALLED = ("site-packages", "dist-packages")


def is_programs(namespace: Mapping[str, Any]) -> bool:
    """Returns whether a module, given by its globals, is the program or one of its own modules.

    These are all files but Python's own library and what is installed, and a `__main__` that is no file, such as a
    notebook's.

    Example:
    >>> import json
    >>> is_programs(vars(json)), is_programs({"__name__": "__main__", "__file__": "train.py"})
    (False, True)
    """
    name = namespace.get("__name__")
    if isinstance(name, str) and name.partition(".")[0] in _LIBRARIES:
        return False
    file = namespace.get("__file__")
    if not isinstance(file, str):
        return name in (None, "__main__")
    return not _is_installed(file)


@functools.cache
def _is_installed(file: str) -> bool:
    path = str(Path(file).absolute())
    return path.startswith(_STANDARD_LIBRARY + os.sep) or any(part in _INSTALLED for part in Path(path).parts)
