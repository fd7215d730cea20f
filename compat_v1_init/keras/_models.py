"""The TF1 initializers of a whole Keras model: found in its configuration, translated and explained."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compat_v1_init._family import drop_ins, exact_names
from compat_v1_init._tensorflow import tf

from ._read import read
from ._translate import Call, exact_call, keras_call
from ._which import imported_keras


class Site(NamedTuple):
    """Where in a model's configuration a TF1 initializer is.

    Attributes:
      layer: the layer's name; of a layer in a nested model, after the model's and a slash.
      weight: what it initializes, for example "kernel".
      options: the configuration that holds it.
      key: its name there.
    """

    layer: str
    weight: str
    options: dict[str, Any]
    key: str

    @property
    def found(self) -> dict[str, Any]:
        """The initializer as Keras wrote it, without the module: Keras 2 names its own there, whoever defined it."""
        return {key: value for key, value in self.options[self.key].items() if key != "module"}


@dataclasses.dataclass(frozen=True)
class Translated:
    """One initializer of a model, and what it becomes in Keras."""

    tf1: Call
    keras: Call
    module: str


def keras_of(model: Any) -> Any:
    """Returns the Keras that an object is a model of, or None."""
    for keras in (*imported_keras(), tf.keras):
        model_class = getattr(keras, "Model", None)
        if isinstance(model_class, type) and isinstance(model, model_class):
            return keras
    return None


def configuration(model: Any) -> dict[str, Any]:
    """Returns the configuration of a model: a copy that the caller may change.

    Raises:
      TypeError: if it has none: a subclass of `Model` whose layers only its own code knows.
    """
    try:
        config: dict[str, Any] = model.get_config()
    except NotImplementedError:
        config = {}
    if "layers" not in config:
        msg = (
            f"{type(model).__name__} is a model whose layers are in its code alone. Translate its initializers there: "
            "to_keras takes each of them."
        )
        raise TypeError(msg)
    return config


def sites(config: Any, path: tuple[str, ...] = ()) -> Iterator[Site]:
    """Yields the TF1 initializers in a configuration, in its order."""
    if isinstance(config, list):
        for item in config:
            yield from sites(item, path)
        return
    if not isinstance(config, dict):
        return
    options = config.get("config") if "class_name" in config else config
    if not isinstance(options, dict):
        return
    own = (*path, str(options["name"])) if "class_name" in config and "name" in options else path
    for key, value in options.items():
        if key.endswith("initializer") and isinstance(value, dict) and _is_tf1(value):
            yield Site("/".join(own), key[: -len("initializer")].rstrip("_"), options, key)
        elif isinstance(value, (dict, list)):
            yield from sites(value, own)


def _is_tf1(written: Mapping[str, Any]) -> bool:
    """Returns whether Keras wrote one of TF1's initializers: only these have a dtype.

    Those of `from_meta_graph` are none of them: there is nothing in Keras that they could be.
    """
    name = str(written.get("registered_name") or written.get("class_name")).rpartition(">")[-1]
    config = written.get("config")
    return isinstance(config, Mapping) and "dtype" in config and name in {*drop_ins(), *exact_names()}


def translated(written: Mapping[str, Any], numbers: str) -> Translated:
    """Returns what an initializer in a configuration is in TF1, and what in Keras.

    Raises:
      TypeError: as `to_keras`.
      ValueError: as `to_keras`.
    """
    tf1_call = read(dict(written))
    if numbers == "tf1":
        return Translated(tf1_call, exact_call(tf1_call), "compat_v1_init.keras")
    return Translated(tf1_call, keras_call(tf1_call), "keras.initializers")


def translated_model(model: Any, keras: Any, numbers: str) -> Any:
    """Returns a clone of a model whose TF1 initializers are Keras'; its weights are the model's."""
    config = configuration(model)
    for site in list(sites(config)):
        to = translated(site.found, numbers)
        if to.module == "keras.initializers":
            made = getattr(keras.initializers, to.keras.name)(**to.keras.arguments)
        else:
            from ._exact import exact_classes

            made = exact_classes(keras)[to.keras.name](**to.keras.arguments)
        site.options[site.key] = keras.initializers.serialize(made)
    clone = type(model).from_config(config)
    if model.built:
        if not clone.built:
            clone.build(model.input_shape)
        clone.set_weights(model.get_weights())
    return clone
