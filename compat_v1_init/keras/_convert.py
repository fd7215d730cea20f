"""The only module that touches Keras: the classes with TF1's numbers, their registration, and the translation.

There may be two Keras in one process, Keras 3 and the legacy `tf_keras`; `tf.keras` is one of them, as TensorFlow and
the environment variable `TF_USE_LEGACY_KERAS` decide. Each has its own classes and its own registry.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

from compat_v1_init._family import FAMILY, FIRST_VALUES, drop_ins, twins
from compat_v1_init._tensorflow import VERSION, init_ops, tf, tf2_enabled
from compat_v1_init.initializers import _contrib
from compat_v1_init.initializers._public import wrapped

from ._backends import for_backend
from ._models import keras_of, translated_model
from ._read import MAKERS, read
from ._translate import (
    Call,
    Numbers,
    TranslationWarning,
    check_numbers,
    exact_call,
    exact_seed,
    keras_call,
    losses,
    tf1_call,
)
from ._which import imported_keras, is_keras, other_backend

_PACKAGE = "compat_v1_init"
_PUBLIC_MODULE = "compat_v1_init.keras"

# Whether Keras' own initializers still draw with stateful ops: unseeded, and in 2.7 to 2.9 all of them. Until Keras 3
# its version is TensorFlow's.
DRAWS_WITH_STATEFUL_OPS = VERSION < (2, 10)


class _CalledByKeras:
    """Accepts a call as Keras makes it, and passes it to the drop-in's `__call__`."""

    # Keras 3 replaces a VarianceScaling without these by one with axes of the layer's (EinsumDense); TF1's are fixed.
    input_axes, output_axes = (-2,), (-1,)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as values that JSON can hold, as Keras' own classes do."""
        config: dict[str, Any] = super().get_config()  # type: ignore[misc]
        return {name: wrapped(value) for name, value in config.items()}

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "seed":
            exact_seed(value)  # Keras' SeedGenerator would only fail at the draw.
        super().__setattr__(name, value)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None, **kwargs: Any) -> Any:
        """Returns the next draw of this initializer's stream.

        Args:
          shape: the shape of the result.
          dtype: the dtype of the result; by default the constructor's.
          partition_info: as TF1's `get_variable` passes it for one shard of a partitioned variable.
          **kwargs: what else Keras may pass. None is ignored; everything else is passed to the drop-in.

        Returns:
          A tensor of this shape and dtype.

        Raises:
          TypeError: as the drop-in: by default for the shards of a variable, for which TensorFlow then draws the whole
            variable and cuts it, as it does with TF1's own class.
        """
        given = {name: value for name, value in kwargs.items() if value is not None}
        return super().__call__(shape, dtype, partition_info, **given)  # type: ignore[misc]


def _exact_classes(theirs: Any) -> dict[str, type]:
    """Returns the classes with TF1's numbers that derive from those of one Keras, by name.

    The drop-in comes first among the bases, so arguments, configuration and numbers are TF1's.
    """
    found: dict[str, type] = {}
    for row in FAMILY.values():
        if not row.base:
            twin = row.keras or "Initializer"
            bases: Any = (_CalledByKeras, MAKERS[row.name], getattr(theirs, twin))
            public = (
                "contrib.variance_scaling_initializer"
                if row.module == "initializers._contrib"
                else f"initializers.{row.name}"
            )
            doc = _EXACT_DOC.format(name=row.exact, public=public, twin=twin)
            found[row.exact] = type(row.exact, bases, {"__doc__": doc, "__module__": _PUBLIC_MODULE})
    return found


_EXACT_DOC = """The drop-in `compat_v1_init.{public}` as a Keras initializer, with TF1's values.

    Arguments, errors and the source are those of the drop-in. It is also a `{twin}` of Keras, whose layers always name
    the dtype. Even with a seed, each call returns the next draw of the stream, as in TF1.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> initializer = compat_v1_init.keras.{name}()
    >>> isinstance(initializer, tf.keras.initializers.{twin}), initializer.get_config()["dtype"]
    (True, 'float32')
    """


def exact_class(name: str) -> Any:
    """Returns a class with TF1's numbers by its name, for the Keras that `tf.keras` is."""
    return exact_classes(tf.keras)[name]


# By Keras' `VarianceScaling`: a module of Keras has several names, and each would make classes of its own.
_made: dict[type, dict[str, type]] = {}


def exact_classes(keras: Any) -> dict[str, type]:
    """Returns the classes with TF1's numbers of one Keras, by name."""
    base = keras.initializers.VarianceScaling
    if base not in _made:
        _made[base] = _exact_classes(keras.initializers)
    return _made[base]


# --- Registration ----------------------------------------------------------------------------------------------------


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
            call = for_backend(keras, cls.__call__, always=issubclass(cls, _CalledByKeras))
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


# --- Translation -----------------------------------------------------------------------------------------------------


def to_keras(initializer: Any, numbers: Numbers = "keras") -> Any:
    """Returns the Keras initializer for one of TF1's, or a whole model in which each of TF1's is translated.

    With `numbers="keras"` it is a plain object of the Keras that `tf.keras` is: its `VarianceScaling`, or the class
    that it names after Glorot, He or LeCun. The distribution is TF1's, the numbers are Keras', and from Keras 2.10 on
    every call of one object gives the same ones. With `numbers="tf1"` it is one of the classes in
    `compat_v1_init.keras`, which derive from `VarianceScaling`, draw TF1's bits and go on with each call, as TF1 does.
    :func:`explain` lists what changes.

    Args:
      initializer: an initializer of this package, of `tf.compat.v1` or of `compat_v1_init.contrib`; a class of these;
        a name such as `"glorot_uniform"` or `"tf.contrib.layers.xavier_initializer"`; a configuration, either
        `get_config`'s or `{"class_name": ..., "config": ...}`; or a functional or Sequential Keras model.
      numbers: `"keras"` or `"tf1"`.

    Returns:
      The Keras initializer; for a model a clone of it, not compiled, whose weights are the model's own.

    Raises:
      TypeError: if it cannot be translated, with the reason and what is nearest.
      ValueError: as TypeError, for names and values.

    Warns:
      TranslationWarning: if a default dtype other than float32 has no place in the result.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> init = compat_v1_init.to_keras(tf.compat.v1.variance_scaling_initializer(scale=2.0, seed=42))
    >>> type(init) is tf.keras.initializers.VarianceScaling
    True
    >>> type(compat_v1_init.to_keras("glorot_uniform")).__name__
    'GlorotUniform'
    >>> type(compat_v1_init.to_keras("glorot_uniform", numbers="tf1")).__name__
    'TF1VarianceScaling'
    """
    check_numbers(numbers)
    keras = keras_of(initializer)
    if keras is not None:
        return translated_model(initializer, keras, numbers)
    tf1, _, result = translate(initializer, numbers)
    if numbers == "keras":
        for loss in losses(tf1):
            warnings.warn(loss, TranslationWarning, stacklevel=2)
    return result


def translate(initializer: Any, numbers: Numbers) -> tuple[Call, Call, Any]:
    """Returns what an initializer is in TF1, what it is in Keras, and the latter as an object."""
    tf1 = read(initializer)
    if numbers == "tf1":
        keras = exact_call(tf1)
        return tf1, keras, exact_class(keras.name)(**keras.arguments)
    keras = keras_call(tf1)
    return tf1, keras, getattr(tf.keras.initializers, keras.name)(**keras.arguments)


def from_keras(initializer: Any) -> Any:
    """Returns TF1's initializer for a Keras one: the way back from :func:`to_keras`.

    Args:
      initializer: a `VarianceScaling` of Keras or one of the classes named after Glorot, He or LeCun; one of the
        classes in `compat_v1_init.keras`; or the name, class or configuration of one of these, as
        `tf.keras.initializers.get` takes it.

    Returns:
      An initializer of this package.

    Raises:
      TypeError: if it is no such initializer.
      ValueError: if TF1 cannot express its arguments, or Keras does not know the name.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> compat_v1_init.from_keras(tf.keras.initializers.GlorotUniform(seed=1)).get_config()
    {'seed': 1, 'dtype': 'float32'}
    """
    if isinstance(initializer, (str, dict, type)):
        initializer = tf.keras.initializers.get(initializer)
    if isinstance(initializer, _CalledByKeras):
        read(initializer)  # Raises for a subclass whose __call__ draws something else.
        drop_in: Any = next(cls for cls in type(initializer).__mro__ if cls in MAKERS.values())
        return drop_in.from_config(initializer.get_config())
    # Some versions of Keras 3 say `OrthogonalInitializer`.
    name = type(initializer).__name__.replace("Initializer", "")
    if name in twins():
        for keras in (tf.keras, *imported_keras()):
            if type(initializer) is getattr(keras.initializers, name, None):
                call = tf1_call(name, initializer.get_config())
                return MAKERS[call.name](**call.arguments)
    msg = (
        f"Expected Keras' {', '.join(twins())} or a class of {_PUBLIC_MODULE}: TF1 has no other initializers "
        f"that Keras has. Received: {initializer!r}"
    )
    raise TypeError(msg)
