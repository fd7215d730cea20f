"""The registration of this package's initializers with one Keras, by which it saves and loads them."""

from __future__ import annotations

import importlib
from typing import Any

from compat_v1_init._family import FAMILY, FIRST_VALUES, drop_ins
from compat_v1_init._tensorflow import VERSION, init_ops, tf, tf2_enabled
from compat_v1_init.initializers import _contrib

from ._backends import for_backend
from ._exact import CalledByKeras, exact_classes
from ._read import MAKERS
from ._which import is_keras, other_backend

_PACKAGE = "compat_v1_init"

_registered: list[Any] = []


def register(keras: Any) -> None:
    """Registers the drop-in and the classes with TF1's numbers with one Keras, under this package's name, once.

    Args:
      keras: the imported `keras` or `tf_keras`.
    """
    if is_keras(keras) and not hasattr(keras.utils, "register_keras_serializable"):
        keras = tf.keras  # The same Keras 2, with all of its names.
    if not is_keras(keras) or any(each is keras for each in _registered):
        return
    named: dict[str, Any] = {
        name: getattr(importlib.import_module(f"{_PACKAGE}.{module}"), cls)
        for name, (module, cls) in {**drop_ins(), **FIRST_VALUES}.items()
    }
    named.update(exact_classes(keras))
    registered = keras.utils.get_custom_objects()
    for name, cls in named.items():
        key = f"{_PACKAGE}>{name}"
        if registered.get(key) is not cls:  # It is, after an attempt that was interrupted.
            registered.pop(key, None)  # A stand-in: old releases refuse a name that is there already.
            keras.utils.register_keras_serializable(_PACKAGE, name)(cls)
    if keras.__version__.startswith("2.") and VERSION >= (2, 13):
        # From an `.h5` file or a SavedModel, Keras 2.13 and later take an initializer's bare class name, although they
        # write the registered one beside it. A name that the program has given to a class of its own stays that.
        bare = {cls.__name__: cls for cls in named.values() if cls.__name__ not in _NAMESAKES}
        bare.update({name: _namesake(getattr(keras.initializers, name), name) for name in _NAMESAKES})
        for name, cls in bare.items():
            registered.setdefault(name, cls)
    elif other_backend(keras) is not None:
        for cls in named.values():
            call = for_backend(keras, cls.__call__, always=issubclass(cls, CalledByKeras))
            type.__setattr__(cls, "__call__", call)
    _registered.append(keras)  # Not before the end: what was interrupted is tried again.


# By the class name that they share with Keras: the drop-in's class, and TensorFlow's v1 class.
_NAMESAKES = {
    row.cls: (MAKERS[row.name], getattr(init_ops, row.cls))
    for row in FAMILY.values()
    if row.cls and row.cls == row.keras
}


def _namesake(theirs: Any, name: str) -> type:
    """Returns a class for a name that Keras 2 and the drop-in share, where Keras looks up the name only.

    TF1's configuration has a dtype; that of Keras 2 has none. With TF1's behavior switched on, Keras' class is
    TensorFlow's v1 class, and Keras looks up the registered name.
    """
    drop_in: Any
    drop_in, v1 = _NAMESAKES[name]

    class Namesake:
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return (theirs if tf2_enabled() else v1)(*args, **kwargs)

        @staticmethod
        def from_config(config: dict[str, Any]) -> Any:
            if not tf2_enabled():
                return v1.from_config(config)
            if "dtype" not in config:
                return theirs.from_config(config)
            return (_contrib.VarianceScaling if "factor" in config else drop_in).from_config(config)

    return Namesake
