"""The translation from TF1's initializers to Keras' objects, and back."""

from __future__ import annotations

import warnings
from typing import Any

from compat_v1_init._family import twins
from compat_v1_init._tensorflow import VERSION, tf

from ._exact import PUBLIC_MODULE, CalledByKeras, exact_class
from ._models import keras_of, translated_model
from ._read import MAKERS, read
from ._translate import (
    Call,
    Numbers,
    TranslationWarning,
    check_numbers,
    exact_call,
    keras_call,
    losses,
    tf1_call,
)
from ._which import imported_keras

# Whether Keras' own initializers still draw with stateful ops: unseeded, and in 2.7 to 2.9 all of them. Until Keras 3
# its version is TensorFlow's.
DRAWS_WITH_STATEFUL_OPS = VERSION < (2, 10)


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
    if isinstance(initializer, CalledByKeras):
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
        f"Expected Keras' {', '.join(twins())} or a class of {PUBLIC_MODULE}: TF1 has no other initializers "
        f"that Keras has. Received: {initializer!r}"
    )
    raise TypeError(msg)
