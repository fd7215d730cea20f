"""One sentence after the traceback of a program that was written for TensorFlow 1: `run --tf1` starts it."""

from __future__ import annotations

import atexit
import contextlib
import re
import sys
from typing import Any

_TEXTS = re.compile(
    r"No module named 'tensorflow\.(contrib|examples)"
    r"|is not compatible with eager execution"
    r"|is not available with Keras 3"
    r"|`loss` passed to Optimizer\.compute_gradients should be a function when eager execution is enabled"
    r"|not supported when eager execution is enabled"
    r"|The Session graph is empty"
    r"|call in tf\.compat\.v1\.enable_eager_execution|only supported in graph mode"
    r"|tf\.gradients is not supported when eager"
)
_MISSING = re.compile(
    r"(?:module '(tensorflow[\w.]*)' has no attribute|cannot import name) '(\w+)'(?: from '(tensorflow[\w.]*)')?"
)
_OFFER = "compat-v1-init: this program was written for TensorFlow 1; run it by: compat-v1-init run --tf1 PROGRAM\n"


def offer_at_exit() -> None:
    """Writes the sentence when the process ends by an error that names of TensorFlow 1, or its graphs, have caused."""
    atexit.register(_offer)


def _offer() -> None:
    # Python sets it when it prints the traceback of an error that ends the program.
    error = getattr(sys, "last_value", None)
    if error is not None and is_of_tf1(error):
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(_OFFER)
            sys.stderr.flush()


def is_of_tf1(error: BaseException) -> bool:
    """Returns whether an error is one that a program of TensorFlow 1 meets in TensorFlow 2."""
    text = str(error)
    if _TEXTS.search(text):
        return True
    missing = _MISSING.search(text)
    if missing is None or not isinstance(error, (AttributeError, ImportError)):
        return False
    module = re.sub(r"^tensorflow(\._api\.v2|\.compat\.v2|\.python)?\.?", "", missing[1] or missing[3] or "")
    return _was_there(module, missing[2])


def _was_there(module: str, name: str) -> bool:
    from .tables import BECAME, PLACES, TARGETS

    path = ".".join(filter(None, ("tensorflow", module, name)))
    if any(key == path or key.startswith(f"{path}.") for key in (*BECAME, *PLACES, *TARGETS)):
        return True
    place: Any = sys.modules["tensorflow"].compat.v1
    for part in filter(None, module.split(".")):
        place = getattr(place, part, None)
    return place is not None and (hasattr(place, name) or name == "estimator")
