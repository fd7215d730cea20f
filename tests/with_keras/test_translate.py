"""`to_keras` and `from_keras`: which class, which arguments, which numbers, and what is refused.

Runs under the Keras that `tf.keras` is; test_keras_fresh_process.py runs it under the other one too.
"""

from __future__ import annotations

import functools
import json
import math
import pickle
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorflow.python.ops import init_ops, init_ops_v2

import compat_v1_init
from compat_v1_init import contrib, explain, from_keras, initializers, to_keras
from compat_v1_init._family import FAMILY
from compat_v1_init.keras import TF1ContribVarianceScaling, TF1UniformUnitScaling, TF1VarianceScaling

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1
keras = tf.keras.initializers


@pytest.fixture(autouse=True)
def _same_start() -> None:
    tf.random.set_seed(11)


# --- Plain Keras -----------------------------------------------------------------------------------------------------

DEFAULTS = {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal", "seed": None}
HE = {**DEFAULTS, "scale": 2.0, "seed": 5}
TF1_CONFIG = {"scale": 2.0, "mode": "fan_avg", "distribution": "normal", "seed": 1, "dtype": "float32"}
FROM_TF1_CONFIG = {"scale": 2.0, "mode": "fan_avg", "distribution": "truncated_normal", "seed": 1}
PLAIN: list[Any] = [
    pytest.param(initializers.variance_scaling(), "VarianceScaling", DEFAULTS, id="ours"),
    pytest.param(v1.variance_scaling_initializer(), "VarianceScaling", DEFAULTS, id="TensorFlow's"),
    pytest.param(
        v1.variance_scaling_initializer(3, "fan_out", "untruncated_normal", seed=7),
        "VarianceScaling",
        {"scale": 3, "mode": "fan_out", "distribution": "untruncated_normal", "seed": 7},
        id="every argument; an int stays an int",
    ),
    pytest.param(
        initializers.variance_scaling(distribution="NORMAL", seed=2),
        "VarianceScaling",
        {**DEFAULTS, "seed": 2},
        id="normal is an old name",
    ),
    pytest.param(
        initializers.variance_scaling(2.0, seed=5), "VarianceScaling", HE, id="He's values are not yet he_normal"
    ),
    pytest.param(v1.initializers.he_normal(seed=5), "VarianceScaling", HE, id="TensorFlow's he_normal keeps no name"),
    pytest.param(initializers.glorot_uniform(3), "GlorotUniform", {"seed": 3}, id="glorot_uniform"),
    pytest.param(v1.glorot_normal_initializer(3), "GlorotNormal", {"seed": 3}, id="TensorFlow's glorot_normal"),
    pytest.param(initializers.he_normal(4), "HeNormal", {"seed": 4}, id="he_normal"),
    pytest.param(initializers.he_uniform(4), "HeUniform", {"seed": 4}, id="he_uniform"),
    pytest.param(initializers.lecun_normal(), "LecunNormal", {"seed": None}, id="lecun_normal"),
    pytest.param(initializers.lecun_uniform(), "LecunUniform", {"seed": None}, id="lecun_uniform"),
    pytest.param(
        initializers.uniform_unit_scaling(1.5, seed=6),
        "VarianceScaling",
        {"scale": 2.25, "mode": "fan_in", "distribution": "uniform", "seed": 6},
        id="uniform_unit_scaling: the factor squared",
    ),
    pytest.param(
        v1.uniform_unit_scaling_initializer(-2.0),
        "VarianceScaling",
        {"scale": 4.0, "mode": "fan_in", "distribution": "uniform", "seed": None},
        id="TensorFlow's uniform_unit_scaling: a negative factor mirrors it",
    ),
    pytest.param(
        contrib.variance_scaling_initializer(seed=8),
        "VarianceScaling",
        {**DEFAULTS, "scale": 2.0 * 1.3 * 0.87962566103423978**2, "seed": 8},
        id="contrib: its 1.3",
    ),
    pytest.param(
        contrib.xavier_initializer(),
        "VarianceScaling",
        {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
        id="contrib's xavier: uniform has no constant",
    ),
    pytest.param(
        v1.random_normal_initializer(seed=3), "RandomNormal", {"mean": 0.0, "stddev": 1.0, "seed": 3}, id="normal"
    ),
    pytest.param(
        initializers.truncated_normal(1, -2), "TruncatedNormal", {"mean": 1, "stddev": -2, "seed": None}, id="truncated"
    ),
    pytest.param(
        initializers.random_uniform(seed=2), "RandomUniform", {"minval": 0.0, "maxval": 1.0, "seed": 2}, id="uniform"
    ),
    pytest.param("tf.orthogonal_initializer", "Orthogonal", {"gain": 1.0, "seed": None}, id="orthogonal's name"),
    pytest.param(v1.initializers.identity(2.0), "Identity", {"gain": 2.0}, id="identity"),
    pytest.param(initializers.constant(0.5), "Constant", {"value": 0.5}, id="constant"),
    pytest.param({"class_name": "Zeros", "config": {}}, "Zeros", {}, id="a configuration of zeros"),
    pytest.param(v1.ones_initializer, "Ones", {}, id="ones' class"),
    pytest.param(v1.variance_scaling_initializer, "VarianceScaling", DEFAULTS, id="TensorFlow's class"),
    pytest.param(initializers.glorot_normal, "GlorotNormal", {"seed": None}, id="our class"),
    pytest.param(initializers.he_normal, "HeNormal", {"seed": None}, id="our function"),
    pytest.param(v1.initializers.lecun_uniform, "LecunUniform", {"seed": None}, id="TensorFlow's function"),
    pytest.param("glorot_uniform", "GlorotUniform", {"seed": None}, id="short name"),
    pytest.param("variance_scaling", "VarianceScaling", DEFAULTS, id="short name of the class"),
    pytest.param(
        "slim.xavier_initializer",
        "VarianceScaling",
        {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
        id="contrib's name as in slim",
    ),
    pytest.param("tf.glorot_normal_initializer", "GlorotNormal", {"seed": None}, id="name as in TF1 code"),
    pytest.param("tf.compat.v1.initializers.he_uniform", "HeUniform", {"seed": None}, id="name as in TF2 code"),
    pytest.param(
        "tf.contrib.layers.variance_scaling_initializer",
        "VarianceScaling",
        {**DEFAULTS, "scale": 2.0 * 1.3 * 0.87962566103423978**2},
        id="contrib's name is not the class of the same name",
    ),
    pytest.param(
        "xavier_initializer_conv2d",
        "VarianceScaling",
        {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
        id="contrib's name that has no namesake",
    ),
    pytest.param(TF1_CONFIG, "VarianceScaling", FROM_TF1_CONFIG, id="get_config of VarianceScaling"),
    pytest.param(
        {"factor": 2.0, "seed": None, "dtype": "float32"},
        "VarianceScaling",
        {"scale": 4.0, "mode": "fan_in", "distribution": "uniform", "seed": None},
        id="get_config of UniformUnitScaling",
    ),
    pytest.param(
        contrib.variance_scaling_initializer(3.0, "FAN_OUT", uniform=True).get_config(),
        "VarianceScaling",
        {"scale": 3.0, "mode": "fan_out", "distribution": "uniform", "seed": None},
        id="get_config of contrib's",
    ),
    pytest.param(
        {"class_name": "VarianceScaling", "config": TF1_CONFIG},
        "VarianceScaling",
        FROM_TF1_CONFIG,
        id="configuration as TF1's Keras saved it",
    ),
    pytest.param(
        {"class_name": "GlorotUniform", "config": {"seed": 2, "dtype": "float32"}},
        "GlorotUniform",
        {"seed": 2},
        id="configuration of Glorot",
    ),
    pytest.param({"class_name": "HeNormal", "config": {"seed": 2}}, "HeNormal", {"seed": 2}, id="configuration of He"),
    pytest.param(TF1VarianceScaling(2.0, seed=5), "VarianceScaling", HE, id="a class with TF1's numbers"),
]


@pytest.mark.parametrize(("initializer", "name", "arguments"), PLAIN)
def test_plain_class_and_arguments(initializer: Any, name: str, arguments: dict[str, Any]) -> None:
    result = to_keras(initializer)
    expected = getattr(keras, name)(**arguments)
    assert type(result) is getattr(keras, name)
    assert result.get_config() == expected.get_config()


@pytest.mark.parametrize(
    ("initializer", "name", "arguments"), [case for case in PLAIN if case.values[2].get("seed") is not None]
)
def test_plain_numbers_are_keras_own(
    initializer: Any, name: str, arguments: dict[str, Any], same_bytes: Callable[[Any, Any], None]
) -> None:
    draws = []
    for each in (to_keras(initializer), getattr(keras, name)(**arguments)):
        tf.random.set_seed(1)  # Which Keras 2.7 to 2.9 heeds.
        draws.append([each((3, 4)), each((3, 3, 2, 5), dtype="float64")])
    for ours, theirs in zip(*draws):
        same_bytes(ours, theirs)


@pytest.mark.parametrize(
    "initializer",
    [
        pytest.param(v1.variance_scaling_initializer(2.0, "fan_avg", seed=1), id="truncated normal"),
        pytest.param(v1.variance_scaling_initializer(2.0, "fan_out", "untruncated_normal", seed=1), id="normal"),
        pytest.param(v1.glorot_uniform_initializer(seed=1), id="uniform"),
        pytest.param(v1.uniform_unit_scaling_initializer(1.43, seed=1), id="unit scaling"),
        pytest.param(contrib.variance_scaling_initializer(seed=1), id="contrib"),
        pytest.param(contrib.variance_scaling_initializer(mode="FAN_OUT", uniform=True, seed=1), id="contrib, uniform"),
    ],
)
def test_plain_distribution_is_the_originals(initializer: Any) -> None:
    """Over 4 million values, a standard deviation is known to 0.04 %: contrib's 0.29 % would show."""
    shape = (1000, 4000)
    theirs, ours = initializer(shape).numpy(), to_keras(initializer)(shape).numpy()
    assert ours.std() == pytest.approx(theirs.std(), rel=1.5e-3)
    quantiles = [0.01, 0.25, 0.5, 0.75, 0.99]
    np.testing.assert_allclose(
        np.quantile(ours[:100], quantiles), np.quantile(theirs[:100], quantiles), atol=0.02 * theirs.std()
    )


@given(factor=st.floats(1e-3, 1e3), n=st.integers(1, 10**6))
@settings(max_examples=100, deadline=None)
def test_the_scale_of_contrib_gives_its_width(factor: float, n: int) -> None:
    scale = to_keras(contrib.variance_scaling_initializer(factor)).scale
    assert scale == factor * 1.3 * 0.87962566103423978**2
    assert math.sqrt(scale / n) / 0.87962566103423978 == pytest.approx(math.sqrt(1.3 * factor / n), rel=1e-15)


# --- TF1's numbers ---------------------------------------------------------------------------------------------------

EXACT: list[Any] = [
    *[
        pytest.param(
            functools.partial(make, 2.0, mode, distribution, 3, dtype),
            TF1VarianceScaling,
            id=f"{mode}, {distribution}, {dtype}",
        )
        for make, mode, distribution, dtype in [
            (v1.variance_scaling_initializer, "fan_in", "truncated_normal", "float32"),
            (v1.variance_scaling_initializer, "fan_out", "untruncated_normal", "float64"),
            (v1.variance_scaling_initializer, "fan_avg", "uniform", "float16"),
            (initializers.variance_scaling, "fan_in", "normal", "bfloat16"),
        ]
    ],
    pytest.param(functools.partial(v1.glorot_uniform_initializer, 3), TF1VarianceScaling, id="glorot_uniform"),
    pytest.param(functools.partial(initializers.glorot_normal, 3), TF1VarianceScaling, id="glorot_normal"),
    pytest.param(functools.partial(v1.initializers.he_normal, 3), TF1VarianceScaling, id="he_normal"),
    pytest.param(functools.partial(initializers.lecun_uniform, 3), TF1VarianceScaling, id="lecun_uniform"),
    pytest.param(
        functools.partial(v1.uniform_unit_scaling_initializer, 1.43, 3, "float64"), TF1UniformUnitScaling, id="unit"
    ),
    pytest.param(
        functools.partial(contrib.variance_scaling_initializer, 3.0, "FAN_AVG", seed=3),
        TF1ContribVarianceScaling,
        id="contrib",
    ),
    pytest.param(functools.partial(contrib.xavier_initializer, seed=3), TF1ContribVarianceScaling, id="xavier"),
]


@pytest.mark.parametrize(("make", "cls"), EXACT)
def test_exact_class_and_numbers(make: Callable[[], Any], cls: Any, same_bytes: Callable[[Any, Any], None]) -> None:
    theirs, ours = make(), to_keras(make(), numbers="tf1")
    assert type(ours) is cls
    assert isinstance(ours, keras.VarianceScaling)
    calls: list[tuple[Any, ...]] = [([3, 4],), ((3, 4),), ((3, 3, 2, 5), "float32"), ((7,), tf.float64)]
    tf.random.set_seed(1)
    expected = [theirs(*call) for call in calls]
    tf.random.set_seed(1)
    for call, value in zip(calls, expected):
        same_bytes(ours(*call), value)


@pytest.mark.parametrize(("make", "cls"), EXACT)
def test_exact_again_is_the_same(make: Callable[[], Any], cls: Any) -> None:
    once = to_keras(make(), numbers="tf1")
    again = to_keras(once, numbers="tf1")
    assert type(again) is cls
    assert again.get_config() == once.get_config() == cls.from_config(once.get_config()).get_config()


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (TF1VarianceScaling, ["scale", "mode", "distribution", "seed", "dtype"]),
        (TF1ContribVarianceScaling, ["factor", "mode", "uniform", "seed", "dtype"]),
        (TF1UniformUnitScaling, ["factor", "seed", "dtype"]),
    ],
)
def test_exact_classes_hold_tf1s_arguments(cls: Any, arguments: list[str]) -> None:
    init = cls(seed=3, dtype=tf.float64)
    assert list(init.get_config()) == arguments
    assert init.get_config()["dtype"] == "float64"
    assert init([2, 3]).dtype == tf.float64
    assert cls.__module__ == "compat_v1_init.keras"
    assert issubclass(cls, keras.VarianceScaling)
    assert pickle.loads(pickle.dumps(init)).get_config() == init.get_config()  # noqa: S301 - its own bytes


NAMESPACE = {
    "random_normal": (3, 4),
    "truncated_normal": (3, 4),
    "random_uniform": (3, 4),
    "orthogonal": (3, 4),
    "convolutional_delta_orthogonal": (3, 3, 2, 4),
    "convolutional_orthogonal_1d": (2, 2, 3),
    "convolutional_orthogonal_2d": (2, 2, 2, 3),
    "convolutional_orthogonal_3d": (2, 2, 2, 1, 2),
    "identity": (3, 4),
    "constant": (3, 4),
    "zeros": (3, 4),
    "ones": (3, 4),
}


@pytest.mark.parametrize("name", NAMESPACE)
def test_exact_of_the_rest_of_the_namespace(name: str, same_bytes: Callable[[Any, Any], None]) -> None:
    row = FAMILY[name]
    shape = NAMESPACE[name]
    seeded = {"seed": 3} if "seed" in row.parameters else {}
    theirs = getattr(init_ops, row.cls)(**seeded)
    exact = to_keras(theirs, numbers="tf1")
    assert type(exact) is getattr(compat_v1_init.keras, row.exact)
    assert isinstance(exact, getattr(keras, row.keras or "Initializer"))
    assert to_keras(exact, numbers="tf1").get_config() == exact.get_config()
    back = from_keras(exact)
    assert type(back) is getattr(initializers, name)
    pickled = pickle.loads(pickle.dumps(exact))  # noqa: S301 - its own bytes
    draws = []
    for make in (theirs, exact, back, pickled, type(exact).from_config(exact.get_config())):
        tf.random.set_seed(1)
        draws.append([make(shape, dtype="float32") for _ in range(2)])
        if seeded:
            make.seed = 3  # Some count their draws in it.
    for drawn in draws[1:]:
        for value, expected in zip(drawn, draws[0]):
            same_bytes(value, expected)


def test_a_constant_of_a_list_keeps_tf1s_meaning() -> None:
    init = initializers.constant(np.arange(4.0))
    with pytest.raises(TypeError, match=r"takes one number"):
        to_keras(init)
    exact = to_keras(init, numbers="tf1")
    assert exact.get_config()["value"] == [0.0, 1.0, 2.0, 3.0]
    assert exact((2, 2)).numpy().tolist() == [[0.0, 1.0], [2.0, 3.0]]


def test_exact_is_fresh_on_every_call_and_plain_is_not() -> None:
    for seed in (None, 4):
        exact, plain = to_keras(initializers.he_normal(seed), numbers="tf1"), to_keras(initializers.he_normal(seed))
        assert exact((3, 4)).numpy().tobytes() != exact((3, 4)).numpy().tobytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Legacy Keras warns of the unseeded one.
            assert plain((3, 4)).numpy().tobytes() == plain((3, 4)).numpy().tobytes()


def test_exact_takes_calls_as_keras_and_tensorflow_make_them(same_bytes: Callable[[Any, Any], None]) -> None:
    init = TF1VarianceScaling(seed=1)
    first = init((4, 2))
    tf.random.set_seed(11)
    same_bytes(init(shape=(4, 2), dtype=None, layout=None), first)
    with pytest.raises(TypeError, match="partition_"):
        init((4, 2), partition_shape=(2, 2), partition_offset=(0, 0))
    tf.random.set_seed(11)
    variable = v1.get_variable("exact", [4, 2], initializer=init)
    same_bytes(variable, first)


def test_exact_takes_the_fans_of_the_whole_variable(same_bytes: Callable[[Any, Any], None]) -> None:
    class Shard:
        full_shape = (40, 2)

    ours, theirs = TF1VarianceScaling(seed=1), v1.variance_scaling_initializer(seed=1)
    same_bytes(ours((4, 2), partition_info=Shard()), theirs([4, 2], partition_info=Shard()))


def test_an_attribute_of_an_exact_object_that_is_changed_counts() -> None:
    ours, theirs = TF1VarianceScaling(seed=1), v1.variance_scaling_initializer(seed=1)
    for init in (ours, theirs):
        init.scale, init.distribution = 9.0, "uniform"
    assert ours((3, 4)).numpy().tobytes() == theirs((3, 4)).numpy().tobytes()


# --- Seeds and other values ------------------------------------------------------------------------------------------

SEEDS: list[Any] = [
    pytest.param(0, 0, id="zero"),
    pytest.param(-5, -5, id="negative"),
    pytest.param(2**40, 2**40, id="beyond 31 bits, which Keras takes"),
    pytest.param(-(2**63), -(2**63), id="the least of 64 bits"),
    pytest.param(2**63, 2**63 % (2**31 - 1), id="beyond 64 bits: modulo 2**31 - 1, as TF1"),
    pytest.param(1.5, 1, id="a fraction is cut off, as TF1"),
    pytest.param(True, 1, id="bool"),
    pytest.param(np.int64(3), 3, id="NumPy int"),
    pytest.param(np.float32(3.0), 3, id="NumPy float"),
]


@pytest.mark.parametrize(("seed", "expected"), SEEDS)
def test_seeds(seed: Any, expected: int, same_bytes: Callable[[Any, Any], None]) -> None:
    theirs = v1.variance_scaling_initializer(seed=seed)
    plain = to_keras(theirs)
    assert plain.get_config()["seed"] == expected
    assert type(plain.seed) is int
    plain((2, 3))
    exact = to_keras(theirs, numbers="tf1")
    tf.random.set_seed(1)
    expected_value = theirs([2, 3])
    tf.random.set_seed(1)
    same_bytes(exact((2, 3)), expected_value)
    assert type(exact.seed) in (int, float)


@pytest.mark.parametrize("scale", [math.nan, math.inf, 1e-300])
def test_a_scale_that_both_take_is_taken(scale: float) -> None:
    theirs = v1.variance_scaling_initializer(scale, distribution="uniform")
    for numbers in ("keras", "tf1"):
        result = to_keras(theirs, numbers=numbers)
        np.testing.assert_equal(result.get_config()["scale"], scale)


@pytest.mark.parametrize("scale", [np.float64(2.0), np.int32(2)], ids=repr)
def test_numpys_scalars_of_full_precision_become_pythons(scale: Any, same_bytes: Callable[[Any, Any], None]) -> None:
    theirs = v1.variance_scaling_initializer(scale, seed=1)
    expected = theirs([7, 3])
    tf.random.set_seed(11)
    exact = to_keras(theirs, numbers="tf1")
    assert type(exact.scale) in (int, float)
    same_bytes(exact((7, 3)), expected)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        pytest.param("scale", lambda number: v1.variance_scaling_initializer(number, seed=1), id="variance scaling"),
        pytest.param("stddev", lambda number: v1.random_normal_initializer(0, number, seed=1), id="normal"),
        pytest.param("maxval", lambda number: v1.random_uniform_initializer(-1, number, seed=1), id="uniform"),
        pytest.param("gain", lambda number: v1.orthogonal_initializer(number, seed=1), id="orthogonal"),
    ],
)
@pytest.mark.parametrize("kind", [np.float16, np.float32, tf.bfloat16.as_numpy_dtype], ids=lambda kind: kind.__name__)
def test_numpys_narrow_scalars_keep_their_precision(
    name: str, theirs: Any, kind: Any, same_bytes: Callable[[Any, Any], None]
) -> None:
    """In which NumPy 2 computes the widths; also where JSON holds the configuration."""
    original = theirs(kind(0.1))
    exact = to_keras(original, numbers="tf1")
    again = type(exact).from_config(json.loads(json.dumps(exact.get_config())))
    assert type(getattr(exact, name)) is type(getattr(again, name)) is kind
    for fan in range(2, 12):
        tf.random.set_seed(fan)
        expected = original([fan, 3])
        for each in (exact, again):
            tf.random.set_seed(fan)
            same_bytes(each((fan, 3)), expected)


@pytest.mark.parametrize("scale", [np.array(2.0), tf.constant(2.0)], ids=["array", "tensor"])
def test_a_scale_that_json_cannot_hold_is_refused_for_tf1s_numbers_only(scale: Any) -> None:
    theirs = v1.variance_scaling_initializer(scale)
    assert to_keras(theirs).scale == 2.0
    assert type(to_keras(theirs).scale) is float
    with pytest.raises(TypeError, match=r"^Argument `scale` must be a Python number, or .* Nearest: float\(scale\)\.$"):
        to_keras(theirs, numbers="tf1")


@pytest.mark.parametrize(
    ("make", "lost"),
    [
        pytest.param(functools.partial(initializers.variance_scaling, dtype=tf.float64), "float64", id="float64"),
        pytest.param(functools.partial(v1.variance_scaling_initializer, dtype=tf.float16), "float16", id="float16"),
        pytest.param(functools.partial(contrib.xavier_initializer, dtype=tf.bfloat16), "bfloat16", id="contrib's"),
    ],
)
def test_a_default_dtype_is_not_lost_in_silence(make: Callable[[], Any], lost: str) -> None:
    with pytest.warns(compat_v1_init.TranslationWarning, match=f"^The default dtype {lost} is lost:") as caught:
        to_keras(make())
    assert caught[0].filename == __file__
    assert to_keras(make(), numbers="tf1")([2]).dtype == lost


def test_glorots_dtype_is_not_lost_since_tf1_ignores_it() -> None:
    to_keras(v1.glorot_uniform_initializer(dtype=tf.float64))  # A warning would be an error.


# --- Refused ---------------------------------------------------------------------------------------------------------


class _Halved(initializers.variance_scaling):  # type: ignore[misc]
    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        return super().__call__(shape, dtype, partition_info) / 2


class _OwnDefaults(initializers.variance_scaling):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(2.0, "fan_avg")


class _NeedsScale(initializers.variance_scaling):  # type: ignore[misc]
    def __init__(self, scale: float) -> None:
        super().__init__(scale)


class _Empty(initializers.variance_scaling):  # type: ignore[misc]
    def __init__(self) -> None:
        pass


REFUSED: list[Any] = [
    pytest.param(
        init_ops_v2.Zeros(), TypeError, r"^Zeros of .* is not an initializer of TF1\. Nearest: .*\.Zeros\.$", id="TF2's"
    ),
    pytest.param("tf.contrib.layers.orthogonal", ValueError, r"^Unknown initializer name", id="contrib has none"),
    pytest.param(None, TypeError, r"^Expected a TF1 initializer.*Received: None$", id="None"),
    pytest.param(3, TypeError, r"^Expected a TF1 initializer.*Received: 3$", id="a number"),
    pytest.param([], TypeError, r"Received: \[\]$", id="a list"),
    pytest.param(keras.HeNormal(), TypeError, r"^HeNormal is a Keras object already: use it as it is\.", id="Keras'"),
    pytest.param(keras.HeNormal, TypeError, r"^HeNormal is a Keras object already", id="Keras' class"),
    pytest.param("glorot_unifrom", ValueError, r"Did you mean 'glorot_uniform'\?$", id="misspelled"),
    pytest.param("torch.nn.init.xavier", ValueError, r"^Unknown initializer name; one of \('variance", id="torch's"),
    pytest.param("", ValueError, r"Received: ''\.$", id="no name"),
    pytest.param("tf.keras.initializers.he_normal", ValueError, r"is a Keras initializer already", id="Keras' name"),
    pytest.param("tf.contrib.layers.he_normal", ValueError, r"^Unknown initializer name", id="contrib has no He"),
    pytest.param(_NeedsScale, TypeError, r"^_NeedsScale cannot be made without arguments; pass an", id="a bare class"),
    pytest.param(_Empty(), TypeError, r"^_Empty lacks the attributes \['scale', .*__init__", id="a hollow subclass"),
    pytest.param(lambda shape: shape, TypeError, r"draws cannot be read from it", id="a function"),
    pytest.param(
        functools.partial(v1.variance_scaling_initializer, 2.0), TypeError, r"call it and pass the result", id="partial"
    ),
    pytest.param(_Halved(), TypeError, r"^_Halved overrides __call__.*Nearest", id="a subclass that draws otherwise"),
    pytest.param(_Halved, TypeError, r"^_Halved overrides __call__", id="the class of such a subclass"),
    pytest.param({}, ValueError, r"^The class cannot be found from this configuration\.", id="empty configuration"),
    pytest.param({"seed": 1, "dtype": "float32"}, ValueError, r"'GlorotUniform'", id="configuration of one of two"),
    pytest.param(
        {"scale": 2.0, "input_axes": [0]},
        ValueError,
        r"holds only \('scale', .*Received: \['input_axes'\]",
        id="unknown",
    ),
    pytest.param(
        {"module": "keras.initializers", "class_name": "VarianceScaling", "config": {"scale": 2.0}},
        ValueError,
        r"^VarianceScaling is a Keras initializer already",
        id="Keras' configuration",
    ),
    pytest.param(
        {"class_name": "VarianceScaling", "config": [1]}, TypeError, r"must be a dict\. Received: \[1\]$", id="a list"
    ),
    pytest.param({"factor": None}, TypeError, r"^Argument `factor` must be a number\.", id="no number"),
    pytest.param({"scale": -1.0}, ValueError, r"positive float", id="a scale that TF1 refuses"),
    pytest.param({"mode": "FAN_IN"}, ValueError, r"mode", id="a mode that TF1 refuses"),
    pytest.param({"scale": 1.0, "dtype": "int32"}, ValueError, r"floating point", id="TF1 refuses int32"),
    pytest.param({"factor": 1.0, "mode": "fan_in"}, TypeError, r"Did you mean 'FAN_IN'\?", id="contrib's mode"),
    pytest.param(v1.variance_scaling_initializer(seed="a"), TypeError, r"^Argument `seed` must be a num", id="a seed"),
    pytest.param(v1.variance_scaling_initializer(seed=[1]), TypeError, r"Received: seed=\[1\]$", id="a list as seed"),
    pytest.param(v1.variance_scaling_initializer(seed=math.nan), TypeError, r"Received: seed=nan$", id="a nan as seed"),
]


@pytest.mark.parametrize("numbers", ["keras", "tf1"])
@pytest.mark.parametrize(("initializer", "error", "text"), REFUSED)
def test_refused_with_the_reason(initializer: Any, error: type[Exception], text: str, numbers: Any) -> None:
    with pytest.raises(error, match=text) as caught:
        to_keras(initializer, numbers=numbers)
    explanation = explain(initializer, numbers=numbers)
    assert explanation.verdict == "cannot"
    assert explanation.changes == (str(caught.value),)


@pytest.mark.parametrize(
    ("initializer", "text"),
    [
        pytest.param(initializers.convolutional_orthogonal_2d(), r"^Keras has no class for conv", id="convolutional"),
        pytest.param(initializers.random_uniform(0, 9, dtype=tf.int32), r"draws floats alone\. Rec", id="integers"),
        pytest.param(initializers.constant(1, verify_shape=True), r"^Keras' Constant checks no shape", id="verify"),
        pytest.param(initializers.uniform_unit_scaling(0.0), r"For zeros, use .*Zeros\(\)\.$", id="unit: zeros"),
        pytest.param(contrib.variance_scaling_initializer(0.0), r"For zeros, use .*Zeros\(\)\.$", id="contrib: zeros"),
        pytest.param(contrib.variance_scaling_initializer(-1.0), r"TF1 fails where it is called\.$", id="contrib: < 0"),
    ],
)
def test_a_width_that_keras_cannot_have_is_refused_for_keras_only(initializer: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        to_keras(initializer)
    assert to_keras(initializer, numbers="tf1").get_config() == initializer.get_config()


def test_a_subclass_that_draws_alike_is_translated() -> None:
    assert to_keras(_OwnDefaults()).get_config() == to_keras({"scale": 2.0, "mode": "fan_avg"}).get_config()


def test_a_special_case_that_was_changed_is_none_any_more() -> None:
    init = initializers.he_normal(seed=1)
    init.scale = 3.0
    assert type(to_keras(init)) is keras.VarianceScaling
    assert to_keras(init).scale == 3.0


@pytest.mark.parametrize("numbers", ["TF1", "tf2", None, 1, ""])
def test_numbers_is_one_of_two(numbers: Any) -> None:
    for function in (to_keras, explain):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is below
            function("glorot_uniform", numbers=numbers)
        assert str(caught.value) == f"Argument `numbers` must be one of ('keras', 'tf1'). Received: {numbers!r}"


# --- The way back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "_cls"), EXACT)
def test_back_from_exact(make: Callable[[], Any], _cls: Any, same_bytes: Callable[[Any, Any], None]) -> None:
    theirs, back = make(), from_keras(to_keras(make(), numbers="tf1"))
    assert not isinstance(back, keras.VarianceScaling)
    assert type(back).__module__ in ("compat_v1_init.initializers", "compat_v1_init.contrib")
    assert back.dtype == theirs.dtype
    tf.random.set_seed(1)
    expected = theirs([3, 4])
    tf.random.set_seed(1)
    same_bytes(back([3, 4]), expected)


@pytest.mark.parametrize(("initializer", "_name", "_arguments"), PLAIN)
def test_back_from_plain_and_forth_again(initializer: Any, _name: str, _arguments: dict[str, Any]) -> None:
    plain = to_keras(initializer)
    back = from_keras(plain)
    assert type(back).__module__ == "compat_v1_init.initializers"
    forth = to_keras(back)
    assert type(forth) is type(plain)
    assert forth.get_config() == plain.get_config()


@pytest.mark.parametrize("numbers", ["keras", "tf1"])
@pytest.mark.parametrize("form", ["name", "class", "configuration"])
def test_back_from_what_keras_get_takes(form: str, numbers: Any) -> None:
    init = to_keras(initializers.variance_scaling(), numbers=numbers)
    forms = {"class": type(init), "configuration": keras.serialize(init), "name": "VarianceScaling"}
    assert from_keras(forms[form]).get_config() == initializers.variance_scaling().get_config()


@pytest.mark.skipif(not hasattr(tf.keras, "random"), reason="SeedGenerator is Keras 3's")
def test_back_from_a_seed_generator() -> None:
    """It gives fresh numbers at each call; with its seed, so does TF1's."""
    back = from_keras(keras.GlorotUniform(seed=tf.keras.random.SeedGenerator(5)))
    assert back.get_config() == {"seed": 5, "dtype": "float32"}


@pytest.mark.parametrize(
    ("initializer", "error", "text"),
    [
        pytest.param(initializers.he_normal(), TypeError, r"^Expected Keras' VarianceScaling", id="TF1's already"),
        pytest.param(type("Own", (keras.VarianceScaling,), {})(), TypeError, r"^Expected Keras'", id="a subclass"),
        pytest.param(
            type("Own", (TF1VarianceScaling,), {"__call__": lambda *shape: shape})(),
            TypeError,
            r"^Own overrides __call__",
            id="a subclass that draws otherwise",
        ),
        pytest.param(None, TypeError, r"Received: None$", id="None"),
        pytest.param("no_such", ValueError, r"no_such", id="no name of Keras'"),
    ],
)
def test_no_way_back(initializer: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        from_keras(initializer)


@pytest.mark.skipif(
    "input_axes" not in keras.VarianceScaling().get_config(), reason="only newer releases of Keras 3 have input_axes"
)
@pytest.mark.parametrize("name", ["VarianceScaling", "HeNormal"])
def test_no_way_back_from_axes(name: str) -> None:
    with pytest.raises(ValueError, match=r"^TF1 takes the fans from fixed axes.*Received: input_axes=\[0\]"):
        from_keras(getattr(keras, name)(input_axes=[0], output_axes=[1]))
