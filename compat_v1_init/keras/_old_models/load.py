"""`load_tf1_model` and `tf1_objects`: the public way to models that TensorFlow 1 and Keras 2 saved."""

from __future__ import annotations

import json
import os
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from compat_v1_init._family import FAMILY
from compat_v1_init.keras._translate import Numbers, TranslationWarning, check_numbers
from compat_v1_init.keras._which import is_keras_3, the_keras

from . import config as old
from .build import Builder
from .training import compile_model, set_optimizer_state
from .weights import attribute, child, in_order, set_weights

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"


def load_tf1_model(
    path: str | os.PathLike[str],
    *,
    custom_objects: Mapping[str, Any] | None = None,
    lambdas: Mapping[str, Callable[..., Any]] | None = None,
    compile: bool = True,  # noqa: A002 - Keras' name
    numbers: Numbers = "keras",
    safe_mode: bool = True,
) -> Any:
    """Returns the model in a file that the Keras of TensorFlow 1, or Keras 2, saved.

    It works in Keras 3, on any backend, and in Keras 2. The weights are the file's bytes, and the model gives the same
    results as before: if a name has another meaning in Keras 3 (`hard_sigmoid`, the `decay` of an optimizer), the old
    meaning is kept. A model that Keras 3 cannot express is refused. No code in the file is run.

    Args:
      path: an `.h5` file of `model.save`, or a `.json` file of `model.to_json`, whose model has fresh weights.
      custom_objects: your own classes and functions by the names that the file has for them.
      lambdas: the functions of the model's Lambda layers, by the layers' names.
      compile: whether to compile the model as it was, with the optimizer's state.
      numbers: what the initializers that draw become, for layers that are built again: `"keras"`, Keras' own, or
        `"tf1"`, those of `compat_v1_init.keras`. The loaded weights do not depend on them.
      safe_mode: whether to refuse Lambda layers that `lambdas` does not name. With False their code in the file is
        run. Use it only for a file that you trust, written under this version of Python.

    Returns:
      A model of Keras; compiled, if the file and `compile` say so.

    Raises:
      OSError: if the file cannot be read.
      ValueError: if it is no such file, or Keras 3 cannot express its model. The message names what is nearest.

    Warns:
      TranslationWarning: if the training configuration or the optimizer's state has no place in Keras 3.

    Example:
    >>> import compat_v1_init, json, pathlib, tempfile
    >>> zeros = {"class_name": "Zeros", "config": {"dtype": "float32"}}
    >>> layer = {"name": "dense", "units": 2, "batch_input_shape": [None, 3], "kernel_initializer": zeros}
    >>> old = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": layer}]}
    >>> path = pathlib.Path(tempfile.mkdtemp(), "model.json")
    >>> _ = path.write_text(json.dumps(old))
    >>> compat_v1_init.keras.load_tf1_model(path).layers[0].units
    2
    """
    check_numbers(numbers)
    kind = _kind(Path(path))
    keras = the_keras()
    if not is_keras_3(keras) or _of_keras_3(path, kind):
        return _by_keras(keras, path, kind, custom_objects or {}, lambdas or {}, compile, numbers, safe_mode)
    exact = _exact if numbers == "tf1" else None
    builder = Builder(keras, custom_objects or {}, lambdas or {}, safe_mode=safe_mode, exact=exact)
    if kind == "json":
        return _built(builder, _parsed(Path(path).read_text(encoding="utf-8"), path), lambdas or {})
    import h5py

    with h5py.File(path, "r") as file:
        model = _built(builder, _parsed(_model_config(file, path), path), lambdas or {})
        if not model.built:
            msg = (
                f"The model in {path} was saved before it had a shape. Nearest: load its .json, build it, load_weights."
            )
            raise ValueError(msg)
        set_weights(child(file, "model_weights") if "model_weights" in file else file, model, builder)
        training = attribute(file, "training_config")
        if compile and training:
            _compile(file, model, builder, keras, json.loads(training), custom_objects or {})
    return model


def _built(builder: Builder, given: Any, lambdas: Mapping[str, Any]) -> Any:
    """Returns the model of a configuration. The names in `lambdas` must be those of its layers."""
    model = builder.layer(given)
    unknown = sorted(set(lambdas) - set(builder.lambda_layers))
    if unknown:
        msg = f"Argument `lambdas` must name Lambda layers of the model: {builder.lambda_layers}. Received: {unknown}"
        raise ValueError(msg)
    return model


def _compile(
    file: Any, model: Any, builder: Builder, keras: Any, training: Mapping[str, Any], custom_objects: Mapping[str, Any]
) -> None:
    try:
        compile_model(model, keras, training, custom_objects)
    except (TypeError, ValueError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0]
        msg = f"The model is not compiled: Keras 3 does not take its training configuration. Compile it. {reason}"
        warnings.warn(msg, TranslationWarning, stacklevel=3)
        return
    if not set_optimizer_state(file, model.optimizer, in_order(model, builder)[0]):
        msg = (
            f"The state of {type(model.optimizer).__name__} in the file has no place in Keras 3's: it starts from its "
            "initial state."
        )
        warnings.warn(msg, TranslationWarning, stacklevel=3)


def _exact(given: dict[str, Any]) -> Any:
    """Returns the initializer with TF1's numbers for a configuration, or None if it draws nothing."""
    from compat_v1_init.keras._convert import to_keras

    if given["class_name"] not in _DRAWING:
        return None
    return to_keras({"class_name": given["class_name"], "config": given["config"]}, numbers="tf1")


_DRAWING = {row.cls or row.keras for row in FAMILY.values() if "seed" in row.parameters and (row.cls or row.base)}


# --- Files -----------------------------------------------------------------------------------------------------------


def _kind(path: Path) -> str:
    """Returns the kind of a file by its content: "h5", "json" or "keras"."""
    if path.is_dir():
        msg = (
            f"{path} is a folder: a SavedModel holds a graph and no Keras model that Keras 3 could read. Nearest: "
            "keras.layers.TFSMLayer calls it as it is; compat_v1_init.from_meta_graph has its first weights."
        )
        raise ValueError(msg)
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(_HDF5):
        return "h5"
    if start.startswith(_ZIP) and "config.json" in _members(path):
        return "keras"
    if start.lstrip()[:1] == b"{":
        return "json"
    msg = (
        f"{path} is neither an .h5 file of model.save nor a .json file of model.to_json. "
        "Nearest, for a file of arrays: make the model from its code, and call model.set_weights."
    )
    raise ValueError(msg)


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as file:
            return file.namelist()
    except zipfile.BadZipFile:
        return []


def _of_keras_3(path: Any, kind: str) -> bool:
    """Returns whether Keras 3 wrote a file. Then it reads the file too, but for the initializers of `tf.compat.v1`."""
    if kind == "keras":
        return True
    if kind == "json":
        given = _parsed(Path(path).read_text(encoding="utf-8"), path)
        return "keras_version" not in given and given.get("module") is not None
    import h5py

    with h5py.File(path, "r") as file:
        return "keras_version" in file.attrs and str(attribute(file, "keras_version")).startswith("3")


def _model_config(file: Any, path: Any) -> str:
    found = attribute(file, "model_config")
    if not found:
        msg = (
            f"{path} holds weights and no model: it was written by save_weights. Nearest: make the model, from its "
            "code or its .json, and call model.load_weights(path)."
        )
        raise ValueError(msg)
    return str(found)


def _parsed(text: str, path: Any) -> Any:
    try:
        given = json.loads(text)
    except ValueError as error:
        msg = f"{path} is no JSON that Keras wrote: {error}"
        raise ValueError(msg) from None
    if not isinstance(given, dict) or "class_name" not in given or "config" not in given:
        msg = f"{path} holds no model: a class_name and a config are expected."
        raise ValueError(msg)
    return given


# --- By Keras itself -------------------------------------------------------------------------------------------------


def _by_keras(
    keras: Any,
    path: Any,
    kind: str,
    custom_objects: Mapping[str, Any],
    lambdas: Mapping[str, Callable[..., Any]],
    compile: bool,  # noqa: A002 - Keras' name
    numbers: Numbers,
    safe_mode: bool,
) -> Any:
    """Loads a file in the Keras that wrote it, which needs no translation but for TF1's initializers."""
    if lambdas:
        msg = (
            f"Argument `lambdas` is for the files of Keras 2 in Keras 3. Received: {sorted(lambdas)} for {path}. "
            "Pass safe_mode=False, for a file that you trust."
        )
        raise ValueError(msg)
    options: dict[str, Any] = {"safe_mode": safe_mode} if is_keras_3(keras) else {}
    if kind == "keras" and not options:
        msg = f"{path} is a .keras file, which TensorFlow 1 did not write. Nearest: keras.models.load_model(path)."
        raise ValueError(msg)
    text = Path(path).read_text(encoding="utf-8") if kind == "json" else ""
    if not is_keras_3(keras):  # Keras 3 refuses code itself.
        _refuse_code(_parsed(text or _config_of_h5(path), path), safe_mode=safe_mode)
    with keras.utils.custom_object_scope({**_initializer_readers(keras, numbers), **custom_objects}):
        if kind == "json":
            return keras.models.model_from_json(text)
        return keras.models.load_model(path, compile=compile, **options)


def _config_of_h5(path: Any) -> str:
    import h5py

    with h5py.File(path, "r") as file:
        return _model_config(file, path)


def _refuse_code(given: Any, *, safe_mode: bool) -> None:
    if not safe_mode:
        return
    if isinstance(given, dict) and given.get("class_name") == "Lambda":
        name = given["config"].get("name")
        msg = f"The Lambda layer {name!r} {old.LAMBDA.format(name=name)}"
        raise ValueError(msg)
    for value in given.values() if isinstance(given, dict) else given if isinstance(given, list) else ():
        _refuse_code(value, safe_mode=safe_mode)


# --- For Keras' own loading ------------------------------------------------------------------------------------------


def tf1_objects() -> dict[str, Any]:
    """Returns the `custom_objects` with which Keras' own functions read what TensorFlow 1 and Keras 2 wrote.

    For `keras.models.load_model`, `model_from_json`, `keras.layers.deserialize` and the like. :func:`load_tf1_model`
    does more: it reads a Sequential model whose layers are a list, weights of cuDNN's layers, and the state of an
    optimizer.

    Returns:
      A new dict, to which you may add your own objects.

    Example:
    >>> import compat_v1_init, tensorflow as tf
    >>> old = {"class_name": "GlorotUniform", "config": {"seed": 1, "dtype": "float32"}}
    >>> tf.keras.initializers.deserialize(old, custom_objects=compat_v1_init.keras.tf1_objects()).seed
    1
    """
    keras = the_keras()
    if not is_keras_3(keras):
        return {}
    layers = {name: _reader(name, Builder.layer, "keras") for name in sorted(old.MODELS | set(old.RENAMED))}
    return {**_initializer_readers(keras, "keras"), **layers}


def _initializer_readers(keras: Any, numbers: Numbers) -> dict[str, Any]:
    """Returns classes for the names of TF1's initializers that read their configurations."""
    names = sorted(row.cls for row in FAMILY.values() if row.cls)
    if is_keras_3(keras):
        return {name: _reader(name, Builder.initializer, numbers) for name in names}
    return {name: _keras_2_reader(keras, name, numbers) for name in names}


def _keras_2_reader(keras: Any, name: str, numbers: Numbers) -> type:
    class Reader:
        @staticmethod
        def from_config(config: Any) -> Any:
            exact = _exact({"class_name": name, "config": config}) if numbers == "tf1" else None
            kind, options = old.initializer(name, config)
            return getattr(keras.initializers, kind)(**options) if exact is None else exact

    Reader.__name__ = Reader.__qualname__ = name
    return Reader


def _reader(name: str, read: Callable[[Builder, dict[str, Any]], Any], numbers: Numbers) -> type:
    """Returns a class for a name in a file. Keras calls its `from_config` to make the object."""

    class Reader:
        reads_old_files = True

        @classmethod
        def from_config(cls, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
            exact = _exact if numbers == "tf1" else None
            builder = Builder(the_keras(), custom_objects or {}, {}, safe_mode=True, exact=exact)
            return read(builder, {"class_name": name, "config": config})

    Reader.__name__ = Reader.__qualname__ = name
    return Reader
