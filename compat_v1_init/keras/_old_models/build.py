"""Keras 3 models built from the configurations of Keras 2.

The layers are called again in the order of the file. Keras 3 can read these graphs too, but it counts the calls of
nested models in another way, and loses the states that a recurrent layer was called with.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from compat_v1_init._family import drop_ins

from . import config as old
from .activations import hard_sigmoid

if TYPE_CHECKING:
    from .config import Config

# The options of a wrapper that are layers themselves.
_INNER = ("layer", "backward_layer", "cell", "cells")
# The options that name an object, ended so.
_NAMED = ("activation", "initializer", "regularizer", "constraint")
_RECURRENT = {"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN", "Bidirectional"}


def is_serialized(value: Any) -> bool:
    """Returns whether a value is an object as Keras writes it."""
    return isinstance(value, Mapping) and "class_name" in value and "config" in value


class Builder:
    """Builds models, and remembers what is needed to load their weights.

    Attributes:
      order: for each model, by its `id`, its layers in the file's order, which is that of the weights.
      lambda_layers: the names of the Lambda layers.
      cudnn: the layers, by their `id`, whose weights the file holds in cuDNN's form, with the number of their gates.

    Args:
      keras: the imported Keras 3.
      custom_objects: the user's classes and functions, by name; they come before Keras' own.
      lambdas: the functions of Lambda layers, by the layers' names.
      safe_mode: whether to refuse all other Lambda layers.
      exact: returns the initializer with TF1's numbers for a configuration, or None; None for Keras' own numbers.
    """

    def __init__(
        self,
        keras: Any,
        custom_objects: Mapping[str, Any],
        lambdas: Mapping[str, Callable[..., Any]],
        *,
        safe_mode: bool,
        exact: Callable[[Config], Any] | None,
    ) -> None:
        self.order: dict[int, list[Any]] = {}
        self.cudnn: dict[int, int] = {}
        self._keras = keras
        self._custom_objects = dict(custom_objects)
        self._lambdas = lambdas
        self._safe_mode = safe_mode
        self._exact = exact
        self.lambda_layers: list[str] = []

    def layer(self, given: Mapping[str, Any]) -> Any:
        """Returns the layer, or the model, that a configuration describes.

        Args:
          given: `{"class_name": ..., "config": ...}`.

        Raises:
          ValueError: if Keras 3 has nothing for it. The message names what is nearest.
        """
        name, config = given["class_name"], given["config"]
        custom = self._custom(given)
        if custom is not None:
            return self._of_custom_class(custom, config)
        if name == "Sequential":
            return self.sequential(config)
        if name in old.MODELS:
            return self.functional(config)
        if name == "InputLayer":
            return self._input(config)
        if name == "Lambda":
            return self._lambda(config)
        kind, options = old.layer(name, config)
        cls = getattr(self._keras.layers, kind, None)
        if cls is None:
            msg = (
                f"The layer {config.get('name')!r} is of the class {name}, which Keras 3 does not have. "
                f"Nearest: pass the class, custom_objects={{{name!r}: ...}}."
            )
            raise ValueError(msg)
        options = {key: self._option(key, value) for key, value in options.items()}
        layer = cls(**old.without_what_is_off(kind, options, accepted(cls)))
        if name.startswith("CuDNN"):
            self.cudnn[id(layer)] = 4 if name == "CuDNNLSTM" else 3
        return layer

    def sequential(self, config: Any) -> Any:
        """Returns a Sequential model; older files have its layers as a list, newer ones with its name."""
        if old.is_of_keras_3(config):
            return self._keras.Sequential.from_config(dict(config), custom_objects=self._custom_objects)
        layers, name = (config, None) if isinstance(config, list) else (config["layers"], config.get("name"))
        model = self._keras.Sequential(name=None if name is None else old.layer_name(name))
        made = []
        for at, item in enumerate(layers):
            shape = item["config"].get("batch_input_shape") if isinstance(item["config"], Mapping) else None
            if at == 0 and shape is not None and item["class_name"] != "InputLayer":
                dtype = old.policy(item["config"].get("dtype"))
                model.add(self._keras.layers.InputLayer(batch_shape=tuple(shape), dtype=dtype))
            made.append(self.layer(item))
            model.add(made[-1])
        shape = None if isinstance(config, list) else config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build(tuple(shape))
        self.order[id(model)] = made
        return model

    def functional(self, config: Mapping[str, Any]) -> Any:
        """Returns a model that is a graph of layers."""
        if "layers" not in config:
            msg = (
                f"The model {config.get('name')!r} is a subclass of keras.Model, whose code is not in the file. "
                "Nearest: make the model by its class, and give it the weights by load_weights."
            )
            raise ValueError(msg)
        if old.is_of_keras_3(config):
            return self._keras.Model.from_config(dict(config), custom_objects=self._custom_objects)
        graph = _Graph(config)
        made = {item["name"]: self.layer(item) for item in config["layers"]}
        inputs, outputs = graph.call(made, self._recurrent)
        model = self._keras.Model(inputs, outputs, name=old.layer_name(config["name"]))
        self.order[id(model)] = list(made.values())
        return model

    def _recurrent(self, layer: Any) -> bool:
        return type(layer).__name__ in _RECURRENT

    def _custom(self, given: Mapping[str, Any]) -> Any:
        for name in (given.get("registered_name"), given["class_name"]):
            if name is None:
                continue
            found = self._custom_objects.get(name) or self._keras.saving.get_registered_object(name)
            if found is not None and not getattr(found, "reads_old_files", False):
                return found
        return None

    def _of_custom_class(self, cls: Any, config: Any) -> Any:
        config = {**config, "dtype": old.policy(config.get("dtype"))} if "dtype" in config else dict(config)
        config.pop("batch_input_shape", None)
        config = {key: self._option(key, value) for key, value in config.items() if key not in _INNER}
        with self._keras.saving.custom_object_scope(self._custom_objects):
            return cls.from_config(config) if hasattr(cls, "from_config") else cls(**config)

    def _input(self, config: Mapping[str, Any]) -> Any:
        shape = config.get("batch_input_shape", config.get("batch_shape"))
        if config.get("ragged"):
            msg = f"The input {config.get('name')!r} is ragged. Nearest: pad the data to one length, and mask it."
            raise ValueError(msg)
        return self._keras.layers.InputLayer(
            batch_shape=tuple(shape),
            dtype=old.policy(config.get("dtype")),
            sparse=bool(config.get("sparse")),
            name=old.layer_name(config["name"]),
        )

    def _lambda(self, config: Mapping[str, Any]) -> Any:
        name = config.get("name")
        self.lambda_layers.append(str(name))
        function = self._lambdas.get(str(name))
        if function is None and config.get("function_type") == "function":
            function = self._custom_objects.get(config["function"])
        if function is None:
            code = config["function"]
            if self._safe_mode or not isinstance(code, (list, Mapping)):
                msg = f"The Lambda layer {name!r} {old.LAMBDA.format(name=name)}"
                raise ValueError(msg)
            if isinstance(code, list):
                code = {"class_name": "__lambda__", "config": dict(zip(("code", "defaults", "closure"), code))}
            kept = {"name": name, "function": code, "arguments": config.get("arguments") or {}}
            return self._keras.layers.Lambda.from_config(kept, safe_mode=False)
        shape = config.get("output_shape")
        return self._keras.layers.Lambda(
            function,
            output_shape=tuple(shape) if isinstance(shape, list) else None,
            arguments=config.get("arguments") or {},
            name=name,
            dtype=old.policy(config.get("dtype")),
        )

    def _option(self, key: str, value: Any) -> Any:
        """Returns the value of a layer's option. Objects that Keras 3 would read in another way are made here."""
        if key in _INNER and value is not None:
            return [self.layer(item) for item in value] if isinstance(value, list) else self.layer(value)
        if is_serialized(value) and value["class_name"] == "function":
            names = (value.get("registered_name"), value["config"])
            value = next((name for name in names if name in self._custom_objects), value["config"])
        if isinstance(value, str) and key.endswith(_NAMED):
            return self._of_name(key, value)
        if not is_serialized(value):
            return value
        if key.endswith("initializer"):
            return self.initializer(value)
        custom = self._custom(value)
        if custom is not None:
            return _made(custom, value["config"])
        return self.layer(value) if key.endswith("activation") else dict(value)

    def _of_name(self, key: str, name: str) -> Any:
        found = self._custom_objects.get(name)
        if found is None and key.endswith("activation") and name == "hard_sigmoid":
            found = hard_sigmoid
        return found() if isinstance(found, type) else found or name

    def initializer(self, given: Mapping[str, Any]) -> Any:
        """Returns the initializer of a configuration, with TF1's numbers if they are wanted and known."""
        custom = self._custom(given)
        if custom is not None:
            return _made(custom, given["config"])
        if self._exact is not None:
            exact = self._exact(dict(given))
            if exact is not None:
                return exact
        name, config = old.initializer(given["class_name"], given["config"])
        cls = getattr(self._keras.initializers, name, None)
        if cls is None:
            nearest = "numbers='tf1'" if name in drop_ins() else f"pass it, custom_objects={{{name!r}: ...}}"
            msg = f"Keras 3 does not have the initializer {name} that the file names. Nearest: {nearest}."
            raise ValueError(msg)
        values = {key: value for key, value in config.items() if key in accepted(cls)}
        return cls(**self._keras.saving.deserialize_keras_object(values, safe_mode=True))


def _made(custom: Any, config: Any) -> Any:
    """Returns the object that a class or a function of the user's stands for, with a configuration of the file."""
    if hasattr(custom, "from_config"):
        return custom.from_config(dict(config))
    if not isinstance(custom, type):
        try:
            inspect.signature(custom).bind(**config)
        except TypeError:
            return custom  # The function itself: it takes a shape.
    return custom(**config)


class _Graph:
    """The calls of a functional model in a file: for each layer, the arguments of each of its calls."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._calls = {item["name"]: list(item.get("inbound_nodes") or []) for item in config["layers"]}
        self._first = self._first_numbers()

    def _first_numbers(self) -> dict[str, int]:
        """Returns the number of each layer's first call. For a nested model it may be 1: Keras 2 called it before."""
        last: dict[str, int] = {}
        for reference in _references([*self._calls.values(), self._config["output_layers"]], set(self._calls)):
            last[reference[0]] = max(last.get(reference[0], 0), reference[1])
        return {name: max(last.get(name, 0) + 1 - max(len(calls), 1), 0) for name, calls in self._calls.items()}

    def call(self, made: Mapping[str, Any], recurrent: Callable[[Any], bool]) -> tuple[Any, Any]:
        """Calls all layers; returns the inputs and the outputs of the model.

        Args:
          made: the layers by their names in the file.
          recurrent: whether a layer takes its states beside its input.
        """
        results: dict[tuple[str, int], list[Any]] = {
            (name, self._first[name]): _flat(layer.output) for name, layer in made.items() if not self._calls[name]
        }
        waiting = [(name, at, call) for name, calls in self._calls.items() for at, call in enumerate(calls)]

        def found(reference: Any) -> Any:
            return results[reference[0], reference[1]][reference[2]]

        while waiting:
            late = []
            for name, at, call in waiting:
                try:
                    arguments, options = _arguments(call, found, set(made))
                except KeyError:
                    late.append((name, at, call))
                    continue
                layer = made[name]
                if recurrent(layer) and len(arguments) > 1:
                    options["initial_state"] = arguments[1:]
                    arguments = arguments[:1]
                result = layer(arguments[0] if len(arguments) == 1 else arguments, **options)
                results[name, self._first[name] + at] = _flat(result)
            if len(late) == len(waiting):
                names = sorted({name for name, _, _ in late})
                msg = f"The file's graph of layers is not complete: nothing leads to {names}."
                raise ValueError(msg)
            waiting = late

        return (
            _single(_mapped(self._config["input_layers"], found, set(made))),
            _single(_mapped(self._config["output_layers"], found, set(made))),
        )


def _mapped(value: Any, found: Callable[[Any], Any], names: set[str]) -> Any:
    """Returns a value in which each reference is replaced by its tensor."""
    if _is_reference(value, names):
        return found(value)
    if isinstance(value, Mapping):
        return {key: _mapped(item, found, names) for key, item in value.items()}
    return [_mapped(item, found, names) for item in value] if isinstance(value, list) else value


def _single(tensors: Any) -> Any:
    return tensors[0] if isinstance(tensors, list) and len(tensors) == 1 else tensors


def _arguments(call: Any, found: Callable[[Any], Any], names: set[str]) -> tuple[list[Any], Config]:
    """Returns the tensors that a call was given, and its other arguments.

    Raises:
      KeyError: if a tensor is not there yet.
    """
    if isinstance(call, Mapping):  # All inputs by name.
        return [{key: found(value) for key, value in call.items()}], {}
    if _is_reference(call, names):
        call = [call]

    tensors = [found(reference) for reference in call]
    options = call[0][3] if len(call[0]) > 3 else {}  # noqa: PLR2004 - name, call, output, options
    return tensors, {key: _mapped(value, found, names) for key, value in options.items() if value is not None}


def _is_reference(value: Any, names: set[str]) -> bool:
    """Returns whether a value is a reference to a tensor: layer, call, output and perhaps the call's options."""
    return (
        isinstance(value, (list, tuple))
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and value[0] in names
        and all(type(number) is int for number in value[1:3])
    )


def _references(value: Any, names: set[str]) -> list[Any]:
    if _is_reference(value, names):
        return [value, *_references(list(value[3:]), names)]
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return [reference for item in items for reference in _references(item, names)]


def _flat(tensors: Any) -> list[Any]:
    if isinstance(tensors, Mapping):
        return [tensors[key] for key in sorted(tensors)]
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


@functools.cache
def accepted(cls: type) -> frozenset[str]:
    """Returns the arguments that a class' constructor takes, with those that it passes on to its bases."""
    names: set[str] = set()
    for each in cls.__mro__:
        init = vars(each).get("__init__")
        if init is None:
            continue
        parameters = inspect.signature(init).parameters.values()
        names.update(it.name for it in parameters if it.kind in (it.POSITIONAL_OR_KEYWORD, it.KEYWORD_ONLY))
        if not any(it.kind is it.VAR_KEYWORD for it in parameters):
            break
    return frozenset(names - {"self"})
