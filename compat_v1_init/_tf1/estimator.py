"""`tf.estimator`, of the package tensorflow_estimator, which builds on modules that TensorFlow 2.16 has removed.

All of them are for TPUs and for a coordinator of workers. They are stood in for, so that the rest can be imported.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .libraries import import_tensorflow

_GONE = (
    "tensorflow.python.distribute.estimator_training",
    "tensorflow.python.tpu.session_support",
    "tensorflow.python.tpu.tpu_embedding",
    "tensorflow.python.tpu.tpu_embedding_gradient",
)
_EXPORT = "tensorflow_estimator.python.estimator.estimator_export"


class _StandIn(ModuleType):
    """A module that TensorFlow no longer has. Its names are classes that cannot be made."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__new__": _refuse, "__module__": self.__name__})


def _refuse(cls: type, *_: Any, **__: Any) -> Any:
    msg = f"{cls.__module__}.{cls.__name__} is not in TensorFlow 2; nothing took its place"
    raise NotImplementedError(msg)


def _no_coordinator(*_: Any, **__: Any) -> bool:
    return False


def _exported_as_it_is(*_: Any, **__: Any) -> Callable[[Any], Any]:
    return lambda exported: exported


def load() -> Any:
    """Returns the module `tf.estimator` of TensorFlow 1.

    Raises:
      AttributeError: if tensorflow_estimator is not installed, or not one that can be imported.
    """
    with contextlib.suppress(AttributeError):  # Up to TensorFlow 2.15 it is there.
        return import_tensorflow("tensorflow.compat.v1").estimator
    for name in _GONE:
        _stand_in_for(name)
    sys.modules["tensorflow.python.distribute.estimator_training"].__dict__.update(
        should_run_distribute_coordinator=_no_coordinator
    )
    export = ModuleType(_EXPORT)
    export.__dict__.update(estimator_export=_exported_as_it_is)
    sys.modules.setdefault(_EXPORT, export)
    try:
        return import_tensorflow("tensorflow_estimator._api.v1.estimator")
    except ImportError as error:
        msg = f"tf.estimator needs the package tensorflow_estimator: pip install tensorflow_estimator==2.15.0 ({error})"
        raise AttributeError(msg) from None


def _stand_in_for(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        module = sys.modules[name] = _StandIn(name)
        package, _, attribute = name.rpartition(".")
        setattr(import_tensorflow(package), attribute, module)
