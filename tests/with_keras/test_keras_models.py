"""The drop-in, the classes with TF1's numbers and the plain translation inside Keras models.

Runs under the Keras that `tf.keras` is; test_keras_fresh_process.py runs it under the other one too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf

import compat_v1_init
from compat_v1_init import contrib, initializers, to_keras
from compat_v1_init._tensorflow import VERSION
from compat_v1_init.keras import TF1ContribVarianceScaling, TF1UniformUnitScaling, TF1VarianceScaling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

v1 = tf.compat.v1
keras = tf.keras
IS_KERAS_3 = hasattr(keras, "ops")

pytestmark = [
    # Legacy Keras says so of TensorFlow's own v1 classes too, and saves them all the same.
    pytest.mark.filterwarnings("ignore:The .keras.initializers.serialize... API should only be used"),
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file"),
    # Legacy Keras 2.16, once tf.keras.utils.set_random_seed was used.
    pytest.mark.filterwarnings("ignore:non-integer arguments to randrange:DeprecationWarning"),
    # It warns of the repetition that `explain` tells of.
    pytest.mark.filterwarnings("ignore:The initializer .* is unseeded and being called multiple times"),
]


@pytest.fixture(autouse=True)
def _same_start() -> None:
    tf.random.set_seed(21)


DROP_IN: list[Any] = [
    initializers.variance_scaling(2.0, "fan_out", "normal", seed=1),
    initializers.variance_scaling(dtype=tf.float64),
    initializers.glorot_uniform(seed=2),
    initializers.glorot_normal(),
    initializers.he_uniform(seed=3),
    initializers.uniform_unit_scaling(1.43, seed=4),
    contrib.variance_scaling_initializer(seed=5),
    contrib.xavier_initializer(),
]
EXACT: list[Any] = [
    TF1VarianceScaling(2.0, "fan_out", "normal", seed=1),
    TF1VarianceScaling(dtype=tf.float64),
    TF1ContribVarianceScaling(mode="FAN_AVG", uniform=True, seed=5),
    TF1UniformUnitScaling(1.43, seed=4),
]
PLAIN: list[Any] = [to_keras(init) for init in DROP_IN if init.dtype == tf.float32]
KERAS_OWN: list[Any] = [keras.initializers.VarianceScaling(2.0), keras.initializers.GlorotUniform(), "glorot_normal"]

GROUPS = [
    pytest.param(DROP_IN, id="drop-in"),
    pytest.param(EXACT, id="TF1's numbers"),
    pytest.param(PLAIN, id="plain"),
    pytest.param(KERAS_OWN, id="Keras' own stay its own"),
]


def _model(group: list[Any]) -> Any:
    """Returns a model with a layer for each initializer; the last one is in two layers."""
    layers = [keras.layers.Dense(3, kernel_initializer=init) for init in [*group, group[-1]]]
    return keras.Sequential([keras.layers.InputLayer((4,)), *layers])


def _initializers_of(model: Any) -> list[Any]:
    return [layer.kernel_initializer for layer in model.layers if hasattr(layer, "kernel_initializer")]


def _saved(model: Any, path: Path) -> Any:
    model.save(path)
    return keras.models.load_model(path)


COPIES: list[Any] = [
    pytest.param(lambda model, folder: _saved(model, folder / "model.keras"), id="keras"),
    pytest.param(lambda model, folder: _saved(model, folder / "model.h5"), id="h5"),
    pytest.param(lambda model, _: keras.models.model_from_json(model.to_json()), id="json"),
    pytest.param(lambda model, _: keras.models.clone_model(model), id="clone"),
    pytest.param(lambda model, _: type(model).from_config(model.get_config()), id="config"),
]
if not IS_KERAS_3:
    COPIES.append(pytest.param(lambda model, folder: _saved(model, folder / "model"), id="SavedModel"))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("copy", COPIES)
def test_survives(copy: Callable[[Any, Path], Any], group: list[Any], tmp_path: Path) -> None:
    model = _model(group)
    again = copy(model, tmp_path)
    for ours, theirs in zip(_initializers_of(again), _initializers_of(model)):
        assert type(ours) is type(theirs)
        assert ours.get_config() == theirs.get_config()
        assert ours((2, 3), dtype="float32").shape == (2, 3)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_weights_survive(suffix: str, tmp_path: Path, same_bytes: Callable[[Any, Any], None]) -> None:
    model = _model(DROP_IN + EXACT)
    again = _saved(model, tmp_path / f"model.{suffix}")
    for ours, theirs in zip(again.get_weights(), model.get_weights()):
        same_bytes(ours, theirs)


@pytest.mark.parametrize(
    ("init", "name"),
    [
        (DROP_IN[0], "VarianceScaling"),
        (DROP_IN[2], "GlorotUniform"),
        (DROP_IN[3], "GlorotNormal"),
        (DROP_IN[5], "UniformUnitScaling"),
        (DROP_IN[6], "ContribVarianceScaling"),
        (EXACT[0], "TF1VarianceScaling"),
        (EXACT[2], "TF1ContribVarianceScaling"),
        (EXACT[3], "TF1UniformUnitScaling"),
    ],
)
def test_registered_under_the_packages_name(init: Any, name: str) -> None:
    config = keras.initializers.serialize(init)
    # Before 2.13 Keras wrote it in place of the class' name.
    assert config.get("registered_name", config["class_name"]) == f"compat_v1_init>{name}"
    assert config.get("module", type(init).__module__) == type(init).__module__
    assert config["config"] == init.get_config()
    assert json.loads(json.dumps(config)) == config


@pytest.mark.skipif(IS_KERAS_3 or VERSION < (2, 13), reason="only Keras 2.13 to 2.21 looks up bare class names")
@pytest.mark.parametrize(
    ("config", "theirs", "ours"),
    [
        ({"seed": 1}, keras.initializers.GlorotUniform, None),
        ({}, keras.initializers.GlorotNormal, None),
        ({"scale": 2.0, "seed": 1}, keras.initializers.VarianceScaling, None),
        ({"seed": 1, "dtype": "float32"}, keras.initializers.GlorotUniform, initializers.glorot_uniform),
        ({"scale": 2.0, "dtype": "float32"}, keras.initializers.VarianceScaling, initializers.variance_scaling),
        (DROP_IN[6].get_config(), keras.initializers.VarianceScaling, contrib.variance_scaling_initializer),
    ],
)
def test_a_bare_class_name_is_tf1s_only_with_tf1s_dtype(config: dict[str, Any], theirs: Any, ours: Any) -> None:
    """In `.h5` files and SavedModels there is nothing else to tell them apart."""
    saved = {"class_name": theirs.__name__, "config": config}
    found = keras.initializers.get(saved)
    assert type(found) is (ours or theirs)


def test_a_configuration_is_data() -> None:
    """Whatever a file says, nothing of it is run: not where it is loaded, and not where it is used."""
    config = keras.initializers.serialize(TF1VarianceScaling())
    config["config"]["seed"] = {"class_name": "__lambda__", "config": {"value": ["gASVAAAA", None, None]}}
    with pytest.raises(TypeError):
        keras.initializers.deserialize(config)
    config["config"]["seed"] = 1
    config["config"]["scale"] = {"class_name": "__numpy__", "config": {"value": [], "dtype": "os.system"}}
    with pytest.raises(TypeError):
        keras.initializers.deserialize(config)
    config["config"]["dtype"] = "os.system"
    with pytest.raises(TypeError):
        keras.initializers.deserialize(config)


# --- Training --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS[:2])
@pytest.mark.parametrize("built", [True, False], ids=["built before", "built in fit"])
@pytest.mark.parametrize("jit_compile", [False, True], ids=["plain", "jit_compile"])
@pytest.mark.one_of("jit_compile")
def test_trains(group: list[Any], built: bool, jit_compile: bool) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(64, 4)).astype(np.float32)
    y = x @ random.normal(size=(4, 1)).astype(np.float32)
    hidden = [keras.layers.Dense(8, "tanh", kernel_initializer=init) for init in group]
    model = keras.Sequential([*hidden, keras.layers.Dense(1, kernel_initializer=group[0])])
    if built:
        model.build((None, 4))
    options = {"jit_compile": True} if jit_compile else {}
    model.compile(keras.optimizers.SGD(0.01), "mse", **options)
    losses = model.fit(x, y, epochs=20, batch_size=32, shuffle=False, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(
            lambda init: keras.layers.Conv2D(2, 3, kernel_initializer=init, bias_initializer=init), id="conv and bias"
        ),
        pytest.param(
            lambda init: keras.Sequential(
                [
                    keras.layers.Reshape((36, 4)),
                    keras.layers.LSTM(3, kernel_initializer=init, recurrent_initializer=init),
                ]
            ),
            id="recurrent",
        ),
        pytest.param(
            lambda init: keras.layers.Dense(
                2, kernel_initializer=init, dtype=keras.mixed_precision.Policy("mixed_bfloat16")
            ),
            id="mixed precision",
        ),
        pytest.param(lambda init: keras.layers.Dense(2, kernel_initializer=init, dtype="float64"), id="float64"),
    ],
)
@pytest.mark.parametrize("init", [DROP_IN[0], EXACT[2]], ids=["drop-in", "TF1's numbers"])
def test_layers_of_all_kinds(layer: Callable[[Any], Any], init: Any) -> None:
    assert np.isfinite(layer(init)(tf.ones([1, 6, 6, 4])).numpy().astype(np.float32)).all()


def test_attention_copies_its_initializer() -> None:
    layer = keras.layers.MultiHeadAttention(2, 3, kernel_initializer=EXACT[0])
    assert layer(tf.ones([1, 5, 4]), tf.ones([1, 5, 4])).shape == (1, 5, 4)
    assert len({weight.tobytes() for weight in layer.get_weights() if weight.any()}) == 4


# --- First weights ---------------------------------------------------------------------------------------------------

SHAPES = [(4, 8), (8, 8), (8, 2)]


def _kernels(make: Callable[[int], Any]) -> list[Any]:
    """Returns the first kernels of a Keras model with a layer for each of SHAPES."""
    model = keras.Sequential([keras.layers.InputLayer((SHAPES[0][0],))])
    for index, (_, units) in enumerate(SHAPES):
        model.add(keras.layers.Dense(units, kernel_initializer=make(index)))
    return [weight for weight in model.get_weights() if weight.ndim == 2]


FAMILY: list[Any] = [
    pytest.param(
        v1.variance_scaling_initializer, initializers.variance_scaling, TF1VarianceScaling, id="variance scaling"
    ),
    pytest.param(
        v1.glorot_uniform_initializer,
        initializers.glorot_uniform,
        lambda seed: TF1VarianceScaling(1.0, "fan_avg", "uniform", seed),
        id="Glorot",
    ),
    pytest.param(
        v1.uniform_unit_scaling_initializer,
        initializers.uniform_unit_scaling,
        TF1UniformUnitScaling,
        id="unit scaling",
    ),
]


@pytest.mark.parametrize(("theirs", "drop_in", "exact"), FAMILY)
def test_first_weights_with_seeds_are_those_of_a_tf1_graph(
    theirs: Any, drop_in: Any, exact: Any, same_bytes: Callable[[Any, Any], None]
) -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(7)
        variables = [
            v1.get_variable(f"kernel_{index}", shape, initializer=theirs(seed=10 + index))
            for index, shape in enumerate(SHAPES)
        ]
        session.run(v1.global_variables_initializer())
        expected = session.run(variables)
    for cls in (drop_in, exact):
        tf.random.set_seed(7)
        for ours, value in zip(_kernels(lambda index, cls=cls: cls(seed=10 + index)), expected):
            same_bytes(ours, value)


@pytest.mark.parametrize("op_seed", [None, 10], ids=["tf.random.set_seed alone", "one seed for all"])
@pytest.mark.parametrize(("theirs", "drop_in", "exact"), FAMILY)
def test_first_weights_are_those_of_tf1_code_run_eagerly(
    theirs: Any, drop_in: Any, exact: Any, op_seed: int | None, same_bytes: Callable[[Any, Any], None]
) -> None:
    tf.random.set_seed(7)
    expected = [v1.get_variable("kernel", shape, initializer=theirs(seed=op_seed)) for shape in SHAPES]
    for cls in (drop_in, exact):
        tf.random.set_seed(7)
        for ours, value in zip(_kernels(lambda _, cls=cls: cls(seed=op_seed)), expected):
            same_bytes(ours, value)


@pytest.mark.skipif(IS_KERAS_3, reason="tf.compat.v1.layers is legacy Keras'")
@pytest.mark.filterwarnings("ignore:`(tf.layers.dense|layer.apply)` is deprecated")
@pytest.mark.parametrize("op_seed", [None, 10])
def test_first_weights_are_those_of_tf1s_layers(op_seed: int | None, same_bytes: Callable[[Any, Any], None]) -> None:
    """`tf.compat.v1.layers.dense` in a graph; in both, the drop-in is in the place of TF1's class."""

    def run(make: Callable[[], Any]) -> list[Any]:
        with tf.Graph().as_default(), v1.Session() as session:
            v1.set_random_seed(7)
            x = tf.ones([1, 4])
            for _, units in SHAPES:
                x = v1.layers.dense(x, units, kernel_initializer=make())
            session.run(v1.global_variables_initializer())
            return list(session.run(v1.trainable_variables()))

    expected = run(lambda: v1.variance_scaling_initializer(seed=op_seed))
    for cls in (initializers.variance_scaling, TF1VarianceScaling):
        for ours, value in zip(run(lambda cls=cls: cls(seed=op_seed)), expected):
            same_bytes(ours, value)
    if op_seed is not None:
        tf.random.set_seed(7)
        same_bytes(_kernels(lambda _: TF1VarianceScaling(seed=op_seed))[0], expected[0])


@pytest.mark.parametrize("op_seed", [None, 10])
@pytest.mark.parametrize("jit_compile", [False, True], ids=["function", "jit_compile"])
def test_first_weights_made_in_a_function_are_those_of_the_original(
    jit_compile: bool, op_seed: int | None, same_bytes: Callable[[Any, Any], None]
) -> None:
    """TensorFlow lifts initial values out of the function: so they are not XLA's, and TF1's numbers are there."""

    def run(cls: Any) -> list[Any]:
        tf.random.set_seed(7)
        init, variables = cls(seed=op_seed), []

        @tf.function(jit_compile=jit_compile)
        def create() -> Any:
            if not variables:
                variables.extend(tf.Variable(lambda shape=shape: init(shape)) for shape in SHAPES)
            return sum(tf.reduce_sum(variable) for variable in variables)

        create()
        return variables

    expected = run(v1.variance_scaling_initializer)
    for cls in (initializers.variance_scaling, TF1VarianceScaling):
        for ours, value in zip(run(cls), expected):
            same_bytes(ours, value)


@pytest.mark.parametrize("seed", [None, 3])
def test_one_object_in_two_layers_ties_only_plain_keras(seed: int | None) -> None:
    def kernels(init: Any) -> set[bytes]:
        layers = [keras.layers.Dense(4, kernel_initializer=init) for _ in range(2)]
        for layer in layers:
            layer.build((None, 4))
        return {layer.get_weights()[0].tobytes() for layer in layers}

    theirs = v1.variance_scaling_initializer(seed=seed)
    for init in (theirs, compat_v1_init.variance_scaling_initializer(seed=seed), to_keras(theirs, numbers="tf1")):
        assert len(kernels(init)) == 2
    assert len(kernels(to_keras(theirs))) == 1


# --- What Keras has and TF1 has not ----------------------------------------------------------------------------------


@pytest.mark.skipif(not IS_KERAS_3, reason="Keras 2 has no SeedGenerator")
@pytest.mark.parametrize("name", sorted(set(compat_v1_init.keras.__all__) - {"load_tf1_model", "tf1_objects"}))
def test_a_seed_that_tf1_has_not_is_refused_at_once(name: str) -> None:
    cls = getattr(compat_v1_init.keras, name)
    if "seed" not in cls().get_config():
        pytest.skip("it draws nothing")
    for seed in (keras.random.SeedGenerator(1), "1", {"class_name": "SeedGenerator", "config": {"seed": 1}}):
        with pytest.raises(TypeError, match="Argument `seed` must be a number"):
            cls(seed=seed)
    for seed in (None, 0, -7, 2**40, 1.5, np.int64(3)):
        assert cls(seed=seed).seed == seed


SYMBOLIC: dict[str, Callable[[Any], Any]] = {
    "tf.random.normal": lambda shape: tf.random.normal(shape, seed=3),
    "tf.random.truncated_normal": lambda shape: tf.random.truncated_normal(shape=shape, seed=3),
    "v1.random_uniform": lambda shape: v1.random_uniform(shape, -1.0, seed=3),
    "a symbolic mean": lambda shape: tf.random.normal([2, 3], mean=tf.cast(shape[0], tf.float32), seed=3),
}


@pytest.mark.skipif(IS_KERAS_3, reason="Keras 3 lets no function of TensorFlow have its tensors")
@pytest.mark.parametrize("name", [*SYMBOLIC, "compat_v1_init.random.normal"])
def test_a_functional_model_may_draw_in_the_patch(
    name: str, tmp_path: Path, same_bytes: Callable[[Any, Any], None]
) -> None:
    """As a variational autoencoder does: the samplers take symbolic tensors, and the model can be saved."""

    def predicted(sampler: Any, path: Path) -> Any:
        mean = keras.Input((3,))
        model = keras.Model(mean, mean + sampler(tf.shape(mean)))
        model.save(path)
        tf.random.set_seed(1)
        return model.predict(np.ones((2, 3), np.float32), verbose=0)

    expected = predicted(SYMBOLIC.get(name, SYMBOLIC["tf.random.normal"]), tmp_path / "theirs.h5")
    with compat_v1_init.patch():
        ours = SYMBOLIC.get(name, lambda shape: compat_v1_init.random.normal(shape, seed=3))
        same_bytes(predicted(ours, tmp_path / "ours.h5"), expected)
    again = keras.models.load_model(tmp_path / "ours.h5")
    tf.random.set_seed(1)
    same_bytes(again.predict(np.ones((2, 3), np.float32), verbose=0), expected)


def test_an_array_has_a_configuration_of_keras() -> None:
    """As Keras' own `Constant` has: JSON holds it, and it keeps its dtype."""
    table = np.arange(6).reshape(2, 3) / np.float32(3)
    init = compat_v1_init.keras.TF1Constant(table)
    again = compat_v1_init.keras.TF1Constant.from_config(json.loads(json.dumps(init.get_config())))
    assert again.get_config() == init.get_config()
    for each in (again, compat_v1_init.from_keras(init)):
        assert each.value.dtype == table.dtype
        assert each.value.tobytes() == table.tobytes()
