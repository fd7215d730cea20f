"""The classes with TF1's numbers, which derive from those of one Keras.

There may be two Keras in one process, Keras 3 and the legacy `tf_keras`; `tf.keras` is one of them, as TensorFlow and
the environment variable `TF_USE_LEGACY_KERAS` decide. Each has its own classes and its own registry.
"""

from __future__ import annotations

from typing import Any

from compat_v1_init._family import FAMILY
from compat_v1_init._tensorflow import tf
from compat_v1_init.initializers._public import wrapped

from ._read import MAKERS
from ._translate import exact_seed

PUBLIC_MODULE = "compat_v1_init.keras"


class CalledByKeras:
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
            bases: Any = (CalledByKeras, MAKERS[row.name], getattr(theirs, twin))
            public = (
                "contrib.variance_scaling_initializer"
                if row.module == "initializers._contrib"
                else f"initializers.{row.name}"
            )
            doc = _EXACT_DOC.format(name=row.exact, public=public, twin=twin)
            found[row.exact] = type(row.exact, bases, {"__doc__": doc, "__module__": PUBLIC_MODULE})
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
