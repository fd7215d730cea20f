"""Saves and loads a model that holds every class of this package, under the Keras and the backend of the process.

    python keras_classes.py save FOLDER
    python keras_classes.py load FOLDER

`save` writes the model into the folder in each format, and what each initializer draws. `load` reads the files, in a
process that has seen no class yet, and prints one line of JSON: for each format and initializer "ok", or what is wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

LEGACY = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
if sys.argv[1] == "load":  # In the other order than `save`.
    with contextlib.suppress(ImportError):
        __import__("tf_keras" if LEGACY else "keras")

import numpy as np  # noqa: E402 - after Keras

import compat_v1_init as c  # noqa: E402
from compat_v1_init.keras._which import the_keras  # noqa: E402

keras = the_keras()
FOLDER = Path(sys.argv[2])
TABLE = np.arange(8).reshape(4, 2) / 3
# By its rank, the layer that has a kernel of this shape, and the shape of its input.
LAYERS = {
    2: (keras.layers.Dense, (), (4,)),
    3: (keras.layers.Conv1D, (3,), (5, 2)),
    4: (keras.layers.Conv2D, (3,), (5, 5, 2)),
    5: (keras.layers.Conv3D, (3,), (5, 5, 5, 2)),
}
SHAPES = {2: (4, 2), 3: (3, 2, 4), 4: (3, 3, 2, 4), 5: (3, 3, 3, 2, 4)}
RANKS = {"ConvolutionDeltaOrthogonal": 4, **{f"ConvolutionOrthogonal{rank}D": rank + 2 for rank in (1, 2, 3)}}

# The arguments that are told from the defaults when they are lost.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "VarianceScaling": {"scale": 2.0, "mode": "fan_out", "distribution": "uniform", "seed": 1},
    "UniformUnitScaling": {"factor": 1.43, "seed": 1},
    "ContribVarianceScaling": {"factor": 1.5, "mode": "FAN_AVG", "uniform": True, "seed": 1},
    "RandomNormal": {"mean": 0.5, "stddev": 0.1, "seed": 1},
    "TruncatedNormal": {"mean": 0.5, "stddev": 0.1, "seed": 1},
    "RandomUniform": {"minval": -0.5, "maxval": 0.25, "seed": 1},
    "Constant": {"value": 0.25},
    "Identity": {"gain": 3.0},
    "Zeros": {},
    "Ones": {},
}


def wrapped() -> dict[str, tuple[str, dict[str, Any]]]:
    """Returns arguments that Keras does not write as they are: arrays, NumPy's scalars, tensors and dtypes."""
    import tensorflow as tf

    half = TABLE.astype(tf.bfloat16.as_numpy_dtype)
    saved = isinstance(half.tolist()[0][0], float)  # Old releases cannot save it.
    return {
        "array of float64": ("Constant", {"value": TABLE}),
        "array of float32": ("Constant", {"value": TABLE.astype(np.float32)}),
        "array of bfloat16": ("Constant", {"value": half if saved else TABLE}),
        "array of integers": ("Constant", {"value": np.arange(8)}),
        "array of truth values": ("Constant", {"value": np.array([True, False] * 4)}),
        "array in columns": ("Constant", {"value": np.asfortranarray(TABLE), "verify_shape": True}),
        "array of one number": ("Constant", {"value": np.array(0.1)}),
        "nested list": ("Constant", {"value": TABLE.tolist()}),
        "tuple": ("Constant", {"value": tuple(range(8))}),
        "list of scalars": ("Constant", {"value": list(np.float32(TABLE.ravel()))}),
        "not finite": ("Constant", {"value": np.array([np.inf, -np.inf] * 4)}),
        "float32": ("RandomNormal", {"mean": np.float32(0.1), "stddev": np.float32(0.3), "seed": np.int64(3)}),
        "float64": ("VarianceScaling", {"scale": np.float64(0.1), "seed": np.int32(3)}),
        "tensor": ("TruncatedNormal", {"mean": tf.constant(0.1), "stddev": tf.constant(0.3), "seed": 3}),
        "bounds": ("RandomUniform", {"minval": tf.constant(-0.1), "maxval": np.array(0.3), "seed": 3}),
        "gain": ("Orthogonal", {"gain": np.float32(0.1), "seed": 3}),
        "dtype": ("RandomUniform", {"minval": -1.0, "seed": 3, "dtype": tf.float64}),
        "dtype of NumPy": ("Zeros", {"dtype": np.float16}),
    }


def first_values() -> dict[str, Any]:
    """Returns the initializers of `from_meta_graph`, each of the shape of a `Dense` kernel."""
    draw = c.PinnedInitializer("untruncated_normal", (87, 12), (4, 2), "float32", ((0.5, -0.25), (2.0, None)))
    constant = c.PinnedConstant([0.1, 0.2], (4, 2))
    half = c.PinnedInitializer("uniform", (87, 12), (2, 2))
    return {
        "PinnedInitializer": draw,
        "PinnedConstant": constant,
        "PinnedConstant of numbers": c.PinnedConstant([0.1], (4, 2)),
        "PinnedOrthogonal": c.PinnedOrthogonal(draw, (4, 2), 3.0),
        "PartitionedInitializer": c.PartitionedInitializer((half, c.PinnedConstant([0.1], (2, 2))), 0),
    }


def cases() -> dict[str, Any]:
    """Returns the initializers by what is told of them."""
    from compat_v1_init._family import drop_ins
    from compat_v1_init.keras._exact import exact_classes

    exact, found = exact_classes(keras), first_values()
    for name, (module, attribute) in drop_ins().items():
        arguments = ARGUMENTS.get(name, {"seed": 1} if name.startswith("Glorot") else {"gain": 0.5, "seed": 1})
        cls = getattr(sys.modules[f"compat_v1_init.{module}"], attribute)
        found[name] = cls(**arguments)
        if f"TF1{name}" in exact:
            found[f"TF1{name}"] = exact[f"TF1{name}"](**arguments)
        for told, (kind, given) in wrapped().items():
            if kind == name:
                found[f"{name} {told}"] = cls(**given)
                found[f"TF1{name} {told}"] = exact[f"TF1{name}"](**given)
    return {told.replace(" ", "_"): init for told, init in found.items()}


def kernel_rank(init: Any) -> int:
    """Returns the rank of the kernels that an initializer is tried on."""
    return RANKS.get(type(init).__name__.removeprefix("TF1"), 2)


def drawn(init: Any) -> str:
    """Returns the bytes of the first values of an initializer, as digits."""
    import tensorflow as tf

    if hasattr(init, "seed"):  # Some classes raise theirs at each call, as in TF1.
        init = type(init).from_config({**init.get_config(), "seed": 1})
    tf.random.set_seed(21)
    value = init(SHAPES[kernel_rank(init)], dtype="float32")
    return np.asarray(keras.ops.convert_to_numpy(value) if hasattr(keras, "ops") else value).tobytes().hex()


def model(inits: dict[str, Any]) -> Any:
    """Returns a model with a layer for each initializer."""
    inputs = {rank: keras.Input(shape) for rank, (_, _, shape) in LAYERS.items()}
    outputs = []
    for name, init in inits.items():
        rank = kernel_rank(init)
        layer, sizes, _ = LAYERS[rank]
        units = SHAPES[rank][-1]
        outputs.append(layer(units, *sizes, kernel_initializer=init, name=name)(inputs[rank]))
    return keras.Model(list(inputs.values()), outputs)


def save() -> None:
    """Writes the model in each format."""
    inits = cases()
    net = model(inits)
    net.save(FOLDER / "model.keras")
    net.save(str(FOLDER / "model.h5"))
    (FOLDER / "model.json").write_text(net.to_json(), encoding="utf-8")
    told = {name: [type(init).__name__, drawn(init)] for name, init in inits.items()}
    (FOLDER / "drawn.json").write_text(json.dumps(told), encoding="utf-8")


def load() -> dict[str, str]:
    """Returns for each format and initializer whether it is what it was."""
    found = {
        "json": keras.models.model_from_json((FOLDER / "model.json").read_text(encoding="utf-8")),
        "h5": keras.models.load_model(str(FOLDER / "model.h5")),
        "keras": keras.models.load_model(FOLDER / "model.keras"),
    }
    found["clone"] = keras.models.clone_model(found["keras"])
    found["config"] = type(found["keras"]).from_config(found["keras"].get_config())
    expected = json.loads((FOLDER / "drawn.json").read_text(encoding="utf-8"))
    results = {}
    for name, (cls, digits) in expected.items():
        for form, net in found.items():
            init = net.get_layer(name).kernel_initializer
            same_class = type(init).__name__ == cls and type(init).__module__.startswith("compat_v1_init")
            same = same_class and drawn(init) == digits
            results[f"{form} {name}"] = "ok" if same else f"{type(init)} {init!r}"
    return results


if __name__ == "__main__":
    if sys.argv[1] == "save":
        save()
    else:
        print(json.dumps(load()))  # noqa: T201 - what the test reads
