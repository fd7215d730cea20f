"""Model files of TensorFlow 1.15.5, 2.5.3 and 2.15.1 in the Keras at hand: weights, predictions, training, refusals.

`old_models/make_old_models.py` made the files. In Keras 3 these tests also run on JAX and PyTorch: `nox -s backends`.
"""

from __future__ import annotations

import io
import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from running import TESTS

from compat_v1_init import TranslationWarning
from compat_v1_init.keras import load_tf1_model, tf1_objects
from compat_v1_init.keras._old_models.weights import from_cudnn
from compat_v1_init.keras._which import is_keras_3, the_keras

keras = the_keras()
IS_KERAS_3 = is_keras_3(keras)
FOLDER = TESTS / "old_models"
TF1 = FOLDER / "tf1_15_5"
FILES = sorted(FOLDER.glob("*/*.h5"))

pytestmark = [
    pytest.mark.filterwarnings("ignore:The .keras.initializers.serialize... API should only be used"),
    pytest.mark.filterwarnings("ignore:The structure of `inputs` doesn't match the expected structure"),
]
keras_3_only = pytest.mark.skipif(not IS_KERAS_3, reason="Keras 2 reads its own files")


def test_there_are_files() -> None:
    assert {path.parent.name: sum(each.parent == path.parent for each in FILES) for path in FILES} == {
        "tf1_15_5": 11,
        "tf2_15": 11,
        "tf2_5": 11,
    }


def _known(path: Path, kind: str) -> list[np.ndarray]:
    with np.load(path.parent / "predictions.npz") as stored:
        count = sum(name.startswith(f"{path.stem}/{kind}") for name in stored.files)
        return [stored[f"{path.stem}/{kind}{at}"] for at in range(count)]


def _arrays(path: Path) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    with h5py.File(path, "r") as file:
        file["model_weights"].visititems(
            lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None
        )
    return found


def _predicted(model: Any, path: Path) -> list[np.ndarray]:
    x = _known(path, "x")
    y = model.predict(x if len(x) > 1 else x[0], verbose=0)
    return list(y) if isinstance(y, (list, tuple)) else [y]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_weights_are_the_files_bytes_and_predictions_those_of_the_writer(path: Path) -> None:
    if not IS_KERAS_3 and path.parent.name == "tf2_15":
        pytest.skip("a file of a later Keras 2 may need it")
    model = load_tf1_model(path)
    ours = [np.asarray(value).tobytes() for value in model.get_weights()]
    assert sorted(ours) == sorted(value.tobytes() for value in _arrays(path))
    assert len(ours) > 3
    for y, expected in zip(_predicted(model, path), _known(path, "y")):
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", [path.stem for path in FILES if path.parent == TF1])
def test_json_gives_the_model_without_its_weights(name: str) -> None:
    model = load_tf1_model(TF1 / f"{name}.json")
    stored = load_tf1_model(TF1 / f"{name}.h5", compile=False)
    assert [layer.name for layer in model.layers] == [layer.name for layer in stored.layers]
    if model.built:
        assert [w.shape for w in model.get_weights()] == [w.shape for w in stored.get_weights()]
    assert getattr(model, "optimizer", None) is None


# How far Keras' own RMSprop goes from TF1's: it adds epsilon under the root.
TOLERANCE = {"compiled": 1e-6, "compiled_classes": 1e-6, "compiled_rms": 1e-4}


@keras_3_only
@pytest.mark.parametrize("path", [p for p in FILES if p.stem in TOLERANCE], ids=lambda p: f"{p.parent.name} {p.stem}")
def test_training_goes_on_where_it_was(path: Path) -> None:
    """Two more steps lead to the weights that the writer itself reached: optimizer, its state, loss, decay."""
    if keras.backend.backend() != "tensorflow" and path.stem != "compiled_rms":
        pytest.skip("the targets do not sum to 1: there Keras' backends differ in the gradient of the cross-entropy")
    with warnings.catch_warnings():
        warnings.simplefilter("error", TranslationWarning)
        model = load_tf1_model(path)
    random = np.random.RandomState(99)
    outputs = [random.uniform(size=(3, *tensor.shape[1:])).astype("float32") for tensor in model.outputs]
    for _ in range(2):
        model.train_on_batch(_known(path, "x")[0], outputs if len(outputs) > 1 else outputs[0])
    with np.load(path.parent / "predictions.npz") as stored:
        for at, value in enumerate(model.get_weights()):
            np.testing.assert_allclose(value, stored[f"{path.stem}/after{at}"], rtol=0, atol=TOLERANCE[path.stem])


@keras_3_only
def test_decay_becomes_the_schedule_that_computes_the_same() -> None:
    rate = load_tf1_model(TF1 / "compiled.h5").optimizer._learning_rate
    assert type(rate).__name__ == "InverseTimeDecay"
    assert rate.decay_rate == pytest.approx(1e-4)


@keras_3_only
@pytest.mark.parametrize("name", ["lstm", "dense", "nesting", "compiled"])
@pytest.mark.parametrize("suffix", ["keras", "h5", "json"])
@pytest.mark.one_of("suffix")
def test_a_loaded_model_is_keras_own_from_then_on(name: str, suffix: str, tmp_path: Path) -> None:
    path = TF1 / f"{name}.h5"
    model = load_tf1_model(path)
    if suffix == "json":
        again = keras.models.model_from_json(model.to_json())
        again.set_weights(model.get_weights())
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.save(tmp_path / f"again.{suffix}")
        again = keras.models.load_model(tmp_path / f"again.{suffix}", compile=False)
    np.testing.assert_array_equal(_predicted(again, path)[0], _predicted(model, path)[0])
    clone = keras.models.clone_model(model)
    assert [w.shape for w in clone.get_weights()] == [w.shape for w in model.get_weights()]


# --- Keras' own loading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.stem for path in FILES if path.parent == TF1])
@pytest.mark.slow
def test_keras_own_loading_with_the_objects(name: str) -> None:
    path = TF1 / f"{name}.h5"
    model = keras.models.load_model(path, custom_objects=tf1_objects(), compile=False)
    for y, expected in zip(_predicted(model, path), _known(path, "y")):
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)
    text = (TF1 / f"{name}.json").read_text(encoding="utf-8")
    again = keras.models.model_from_json(text, custom_objects=tf1_objects())
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]


@keras_3_only
def test_the_objects_do_no_harm_to_what_keras_3_wrote(tmp_path: Path) -> None:
    a = keras.Input((4,))
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, "hard_sigmoid")])
    model = keras.Model(a, keras.layers.Add()([inner(a), inner(a)]))
    model.save(tmp_path / "new.keras")
    again = keras.models.load_model(tmp_path / "new.keras", custom_objects=tf1_objects())
    x = np.ones((2, 4), np.float32)
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("VarianceScaling", {"scale": 2.0, "mode": "fan_in", "distribution": "normal", "seed": 1}),
        ("GlorotUniform", {"seed": 1}),
        ("GlorotNormal", {"seed": None}),
        ("Zeros", {}),
        ("Ones", {}),
        ("RandomNormal", {"mean": 0.0, "stddev": 0.1, "seed": None}),
        ("TruncatedNormal", {"mean": 0.0, "stddev": 0.1, "seed": 2}),
        ("RandomUniform", {"minval": -0.1, "maxval": 0.1, "seed": None}),
        ("Orthogonal", {"gain": 0.5, "seed": 1}),
        ("Constant", {"value": 0.5}),
        ("Identity", {"gain": 2.0}),
    ],
)
def test_each_initializer_with_a_dtype(name: str, config: dict[str, Any]) -> None:
    saved = {"class_name": name, "config": {**config, "dtype": "float32"}}
    init = keras.initializers.deserialize(saved, custom_objects=tf1_objects())
    assert tuple(init((3, 3), dtype="float32").shape) == (3, 3)


# --- Other forms of a file -------------------------------------------------------------------------------------------


def _changed(path: Path, tmp_path: Path, change: Any) -> Path:
    """Returns a copy of a file whose model configuration went through `change`."""
    target = tmp_path / path.name
    shutil.copyfile(path, target)
    with h5py.File(target, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        file.attrs["model_config"] = json.dumps(change(config) or config).encode()
    return target


@keras_3_only
def test_sequential_as_a_list(tmp_path: Path) -> None:
    def as_list(config: dict[str, Any]) -> None:
        config["config"] = config["config"]["layers"]

    path = _changed(TF1 / "gru.h5", tmp_path, as_list)
    np.testing.assert_allclose(
        _predicted(load_tf1_model(path), path_of := TF1 / "gru.h5")[0], _known(path_of, "y")[0], atol=1e-6
    )


def _layer(config: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in config["config"]["layers"] if each["config"]["name"] == name)
    return found


@keras_3_only
@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda layer: layer.update(class_name="BatchNormalizationV1"), None, id="a v1 class name"),
        pytest.param(lambda layer: layer["config"].update(fused=True, renorm=False), None, id="how it computes"),
        pytest.param(
            lambda layer: layer["config"].update(virtual_batch_size=2), "virtual_batch_size=2", id="what it computes"
        ),
        pytest.param(
            lambda layer: layer["config"].update(dtype={"class_name": "Policy", "config": {"name": "float32"}}),
            None,
            id="a policy as the dtype",
        ),
        pytest.param(
            lambda layer: layer["config"]["gamma_initializer"].update(class_name="ConvolutionDeltaOrthogonal"),
            "numbers='tf1'",
            id="an initializer that Keras 3 has not",
        ),
        pytest.param(
            lambda layer: layer["config"]["gamma_initializer"].update(class_name="Mine"),
            r"custom_objects=\{'Mine': \.\.\.\}",
            id="an unknown initializer",
        ),
        pytest.param(lambda layer: layer.update(class_name="Swim"), "class Swim", id="an unknown class"),
        pytest.param(lambda layer: layer.update(class_name="LocallyConnected2D"), "Nearest: legacy Keras", id="gone"),
        pytest.param(lambda layer: layer.update(class_name="TensorFlowOpLayer"), "keras.ops", id="an op"),
    ],
)
def test_variants_of_a_layer(change: Any, why: str | None, tmp_path: Path) -> None:
    def changed(config: dict[str, Any]) -> None:
        change(_layer(config, "batch_normalization"))

    path = _changed(TF1 / "convolution.h5", tmp_path, changed)
    if why is None:
        y = _predicted(load_tf1_model(path), TF1 / "convolution.h5")[0]
        np.testing.assert_allclose(y, _known(TF1 / "convolution.h5", "y")[0], atol=1e-6)
    elif "stands in" in why:
        with pytest.warns(TranslationWarning, match=why):
            load_tf1_model(path)
    else:
        with pytest.raises(ValueError, match=why) as caught:
            load_tf1_model(path)
        assert "keyword" not in str(caught.value)


@keras_3_only
def test_a_gru_from_before_reset_after(tmp_path: Path) -> None:
    def older(config: dict[str, Any]) -> None:
        for layer in config["config"]["layers"]:
            layer["config"].pop("reset_after", None)

    path = _changed(TF1 / "gru.h5", tmp_path, older)
    np.testing.assert_allclose(
        _predicted(load_tf1_model(path), TF1 / "gru.h5")[0], _known(TF1 / "gru.h5", "y")[0], atol=1e-6
    )


@keras_3_only
def test_numbers_of_tf1() -> None:
    model = load_tf1_model(TF1 / "dense.h5", numbers="tf1")
    first, third = model.layers[0].kernel_initializer, model.layers[2].kernel_initializer
    assert type(first).__name__ == type(third).__name__ == "TF1VarianceScaling"
    assert first.get_config()["seed"] == 1
    assert type(load_tf1_model(TF1 / "dense.h5").layers[2].kernel_initializer) is keras.initializers.GlorotUniform


@keras_3_only
@pytest.mark.parametrize(("kind", "gates"), [("LSTM", 4), ("GRU", 3)])
def test_weights_of_cudnn(kind: str, gates: int, tmp_path: Path) -> None:
    """The witness is what such a layer computes: each gate's matrix from the left, and both biases."""
    random = np.random.default_rng(0)
    size, units = 3, 4
    matrices = random.normal(size=(gates, units, size)).astype(np.float32)
    inner = random.normal(size=(gates, units, units)).astype(np.float32)
    biases = random.normal(size=(2, gates, units)).astype(np.float32)
    arrays = {
        "kernel": np.concatenate([each.reshape(size, units) for each in matrices], axis=1),
        "recurrent_kernel": np.concatenate(list(inner), axis=1),
        "bias": biases.ravel(),
    }
    zeros = {"class_name": "Zeros", "config": {"dtype": "float32"}}
    config = {"name": "rnn", "units": units, "batch_input_shape": [None, 5, size], "dtype": "float32"}
    config.update(kernel_initializer=zeros, recurrent_initializer=zeros, bias_initializer=zeros, stateful=False)
    path = tmp_path / "cudnn.h5"
    with h5py.File(path, "w") as file:
        model = {"class_name": "Sequential", "config": [{"class_name": f"CuDNN{kind}", "config": config}]}
        file.attrs["model_config"] = json.dumps(model).encode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [b"rnn"]
        layer = group.create_group("rnn")
        layer.attrs["weight_names"] = [f"rnn/{name}:0".encode() for name in arrays]
        for name, value in arrays.items():
            layer[f"rnn/{name}:0"] = value
    x = random.normal(size=(2, 5, size)).astype(np.float32)

    def sigmoid(v: Any) -> Any:
        return 1 / (1 + np.exp(-v))

    h = c = np.zeros((2, units))
    for step in range(5):
        given = [x[:, step] @ m.T + biases[0, gate] for gate, m in enumerate(matrices)]
        own = [h @ r.T + biases[1, gate] for gate, r in enumerate(inner)]
        if kind == "LSTM":
            i, f, g, o = (a + b for a, b in zip(given, own))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            z, r = sigmoid(given[0] + own[0]), sigmoid(given[1] + own[1])
            h = z * h + (1 - z) * np.tanh(given[2] + r * own[2])
    np.testing.assert_allclose(load_tf1_model(path).predict(x, verbose=0), h, rtol=1e-4, atol=1e-5)
    assert from_cudnn("bias", arrays["bias"], gates, (units * gates,)).shape == (units * gates,)


# --- What is refused -------------------------------------------------------------------------------------------------


def _lambda_file(tmp_path: Path) -> Path:
    """A file with a Lambda whose code is not even Python's: whoever read it would fail otherwise."""

    def changed(config: dict[str, Any]) -> None:
        code = {"name": "risky", "trainable": True, "dtype": "float32", "function": ["gASVAAAA", None, None]}
        code.update(function_type="lambda", output_shape=None, output_shape_type="raw", arguments={})
        config["config"]["layers"].insert(1, {"class_name": "Lambda", "config": code})

    return _changed(TF1 / "compiled.h5", tmp_path, changed)


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    path = _lambda_file(tmp_path)
    with pytest.raises(ValueError, match=r"The Lambda layer 'risky' holds Python code.*lambdas=\{'risky': function\}"):
        load_tf1_model(path)


@keras_3_only
def test_a_lambda_that_is_given(tmp_path: Path) -> None:
    path = _lambda_file(tmp_path)
    model = load_tf1_model(path, lambdas={"risky": lambda x: 1.0 * x})
    np.testing.assert_allclose(
        _predicted(model, TF1 / "compiled.h5")[0], _known(TF1 / "compiled.h5", "y")[0], atol=1e-6
    )
    with pytest.raises(ValueError, match="Lambda"):
        keras.models.load_model(path, custom_objects=tf1_objects())


@keras_3_only
def test_a_class_of_the_users_own(tmp_path: Path) -> None:
    class Swim(keras.layers.Layer):  # type: ignore[misc,name-defined]
        def __init__(self, speed: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.speed = speed

        def call(self, x: Any) -> Any:
            return self.speed * x

    def changed(config: dict[str, Any]) -> None:
        layer = {"class_name": "Swim", "config": {"name": "swim", "dtype": "float32", "speed": 1.0, "trainable": True}}
        config["config"]["layers"].insert(1, layer)

    path = _changed(TF1 / "compiled.h5", tmp_path, changed)
    with pytest.raises(ValueError, match=r"custom_objects=\{'Swim': \.\.\.\}"):
        load_tf1_model(path)
    model = load_tf1_model(path, custom_objects={"Swim": Swim})
    np.testing.assert_allclose(
        _predicted(model, TF1 / "compiled.h5")[0], _known(TF1 / "compiled.h5", "y")[0], atol=1e-6
    )


def _npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, kernel=np.ones(2))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.h5", b"no such thing", "neither an .h5 file"),
        ("a.json", b"{]", "is no JSON that Keras wrote"),
        ("a.json", b'{"a": 1}', "holds no model"),
        ("a.keras", b"PK\x03\x04", "neither an .h5 file"),
        ("a.npz", _npz(), "model.set_weights"),
    ],
)
def test_other_files(name: str, content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=why):
        load_tf1_model(tmp_path / name)


def test_a_folder_and_a_file_of_weights(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TFSMLayer"):
        load_tf1_model(tmp_path)
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file.attrs["layer_names"] = [b"dense"]
    with pytest.raises(ValueError, match="load_weights"):
        load_tf1_model(tmp_path / "weights.h5")
    with pytest.raises(FileNotFoundError):
        load_tf1_model(tmp_path / "missing.h5")
    with pytest.raises(ValueError, match="must be one of"):
        load_tf1_model(tmp_path / "missing.h5", numbers="tf2")


@keras_3_only
@pytest.mark.parametrize("harm", ["link", "shape", "missing", "external"])
def test_weights_that_do_not_fit(harm: str, tmp_path: Path) -> None:
    path = tmp_path / "compiled.h5"
    shutil.copyfile(TF1 / "compiled.h5", path)
    with h5py.File(path, "r+") as file:
        group = file["model_weights/dense/dense"]
        kernel = group["kernel:0"][()]
        del group["kernel:0"]
        if harm == "link":
            group["kernel:0"] = h5py.ExternalLink("/etc/passwd", "/x")
        elif harm == "shape":
            group["kernel:0"] = kernel[:-1]
        elif harm == "external":
            group.create_dataset("kernel:0", kernel.shape, kernel.dtype, external=[("/etc/passwd", 0, kernel.nbytes)])
    with pytest.raises(ValueError, match=r"another file|of shape|damaged"):
        load_tf1_model(path)


# --- Initializers of all kinds ---------------------------------------------------------------------------------------

V1: dict[str, dict[str, Any]] = {
    "VarianceScaling": {"scale": 2.0, "mode": "fan_in", "distribution": "normal", "seed": 1},
    "GlorotUniform": {"seed": 1},
    "GlorotNormal": {"seed": None},
    "UniformUnitScaling": {"factor": 1.43, "seed": 1},
    "RandomNormal": {"mean": 0.0, "stddev": 0.1, "seed": 1},
    "TruncatedNormal": {"mean": 0.0, "stddev": 0.1, "seed": 1},
    "RandomUniform": {"minval": 0, "maxval": None, "seed": 1},
    "Orthogonal": {"gain": 2.0, "seed": 1},
    "Identity": {"gain": 2.0},
    "Constant": {"value": 0.5},
    "Zeros": {},
    "Ones": {},
}


def _of_tf1(folder: Path, *kernels: Any, **layer: Any) -> Path:
    """Returns a file of TF1's Keras, of a model with a layer for each of these kernel initializers."""
    shape = {"batch_input_shape": [None, 3], "dtype": "float32", **layer}
    layers = [
        {"class_name": "Dense", "config": {"name": f"d{at}", "units": 3, **shape, "kernel_initializer": kernel}}
        for at, kernel in enumerate(kernels)
    ]
    model = {"class_name": "Sequential", "config": {"name": "net", "layers": layers}, "keras_version": "2.2.4-tf"}
    (folder / "old.json").write_text(json.dumps(model), encoding="utf-8")
    return folder / "old.json"


@pytest.mark.parametrize("numbers", ["keras", "tf1"])
def test_numbers_says_whose_classes_the_initializers_become(numbers: Any, tmp_path: Path) -> None:
    """In either Keras. What draws nothing is Keras' own."""
    written = [{"class_name": name, "config": {**config, "dtype": "float32"}} for name, config in V1.items()]
    model = load_tf1_model(_of_tf1(tmp_path, *written), numbers=numbers)
    found = [layer.kernel_initializer for layer in model.layers if hasattr(layer, "kernel_initializer")]
    assert len(found) == len(V1)
    for init, (name, config) in zip(found, V1.items()):
        if numbers == "tf1" and "seed" in config:
            assert type(init).__module__ == "compat_v1_init.keras", name
            kept = init.get_config()
            assert {key: kept[key] for key in config} == config, name
        else:
            twin = "VarianceScaling" if name == "UniformUnitScaling" else name
            assert type(init) is getattr(keras.initializers, twin), name
            value = init((3, 3))
            assert np.isfinite(keras.ops.convert_to_numpy(value) if IS_KERAS_3 else value.numpy()).all(), name


def _mine(shape: Any, dtype: Any = None) -> Any:
    return keras.initializers.Ones()(shape, dtype=dtype)


class _Own(keras.initializers.Initializer):  # type: ignore[misc,name-defined]
    def __init__(self, by: int = 1) -> None:
        self.by = by

    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Any:
        return keras.initializers.Constant(self.by)(shape, dtype=dtype)

    def get_config(self) -> dict[str, Any]:
        return {"by": self.by}


def _made_by(by: int) -> Any:
    return _Own(by)


@keras_3_only
@pytest.mark.parametrize(
    ("kernel", "found", "first"),
    [
        pytest.param("mine", _mine, 1, id="a function by its name"),
        pytest.param({"class_name": "mine", "config": {}}, _mine, 1, id="a function as a dict"),
        pytest.param({"class_name": "function", "config": "mine"}, _mine, 1, id="a function as Keras 2.13 wrote it"),
        pytest.param(
            {"class_name": "function", "config": "f", "module": "builtins", "registered_name": "mine"},
            _mine,
            1,
            id="a function by its registered name",
        ),
        pytest.param({"class_name": "mine", "config": {"by": 3}}, _made_by, 3, id="a function that makes it"),
        pytest.param("mine", _Own, 1, id="a class by its name"),
        pytest.param({"class_name": "mine", "config": {"by": 3}}, _Own, 3, id="a class"),
    ],
)
def test_initializers_of_ones_own(kernel: Any, found: Any, first: int, tmp_path: Path) -> None:
    model = load_tf1_model(_of_tf1(tmp_path, kernel), custom_objects={"mine": found})
    assert (np.asarray(model.get_weights()[0]) == first).all()
    with pytest.raises(ValueError, match=r"mine|identifier: f"):
        load_tf1_model(_of_tf1(tmp_path, kernel))


def _penalty(x: Any) -> Any:
    return keras.ops.sum(keras.ops.abs(x))


@keras_3_only
@pytest.mark.parametrize("key", ["kernel_regularizer", "bias_constraint", "activation"])
@pytest.mark.parametrize("as_dict", [False, True])
def test_other_functions_of_ones_own(key: str, as_dict: bool, tmp_path: Path) -> None:
    try:
        keras.layers.Dense(3, **{key: _penalty}).build((None, 3))
    except ValueError:
        pytest.skip("this Keras itself takes no function here")
    written = {"class_name": "function", "config": "mine"} if as_dict else "mine"
    path = _of_tf1(tmp_path, "ones", **{key: written})
    model = load_tf1_model(path, custom_objects={"mine": _penalty})
    assert getattr(model.layers[0], key) is _penalty


@keras_3_only
@pytest.mark.parametrize("numbers", ["keras", "tf1"])
@pytest.mark.parametrize("suffix", ["keras", "h5", "json"])
def test_what_keras_3_wrote_with_tf1s_initializers(suffix: str, numbers: Any, tmp_path: Path) -> None:
    """Keras 3 writes TensorFlow's v1 classes, but cannot read them."""
    from compat_v1_init._tensorflow import init_ops

    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow's backend takes its classes")
    inits = [getattr(init_ops, name)(**config) for name, config in V1.items()]
    inits.append(keras.initializers.GlorotNormal(seed=keras.random.SeedGenerator(3)))
    layers = [keras.layers.Dense(3, kernel_initializer=init) for init in inits]
    written = keras.Sequential([keras.Input((3,)), *layers])
    path = tmp_path / f"model.{suffix}"
    if suffix == "json":
        path.write_text(written.to_json(), encoding="utf-8")
    else:
        written.save(path)
    model = load_tf1_model(path, numbers=numbers)
    for layer, (name, config) in zip(model.layers, V1.items()):
        exact = numbers == "tf1" and "seed" in config
        assert type(layer.kernel_initializer).__module__.partition(".")[0] == ("compat_v1_init" if exact else "keras")
        assert type(layer.kernel_initializer).__name__.startswith("TF1") == exact, name
    assert type(model.layers[-1].kernel_initializer) is keras.initializers.GlorotNormal
    if suffix != "json":
        assert [w.tobytes() for w in model.get_weights()] == [w.tobytes() for w in written.get_weights()]


@keras_3_only
def test_a_misspelt_name_in_lambdas(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"`lambdas` must name Lambda layers of the model: \[\]. Received: \['riksy'\]"
    ):
        load_tf1_model(_of_tf1(tmp_path, "ones"), lambdas={"riksy": abs})
