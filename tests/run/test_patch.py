"""`patch()`: TensorFlow's own initializers, wherever a program has them from, give their bytes from stateless ops."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import pickle
import sys
import threading
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from regimes import Bits, bits, dtypes
from tensorflow.python.keras.initializers import initializers_v1
from tensorflow.python.keras.legacy_tf_layers import core as legacy_layers
from tensorflow.python.ops import init_ops, init_ops_v2, random_ops

import compat_v1_init
from compat_v1_init._sampling import eager, seeds
from compat_v1_init._tensorflow import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

v1 = tf.compat.v1

SHAPE = [3, 4]
STATELESS = {"StatelessTruncatedNormalV2", "StatelessRandomNormalV2", "StatelessRandomUniformV2"}


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    originals = _in_force()
    yield
    assert _in_force() == originals


def _in_force() -> list[Any]:
    """Returns all that the patch replaces in TensorFlow; functions and modules are equal only to themselves."""
    classes = (init_ops.VarianceScaling, init_ops.UniformUnitScaling)
    return [*(vars(cls)["__call__"] for cls in classes), init_ops.random_ops, init_ops_v2.random_ops]


# --- Wherever TensorFlow keeps them ----------------------------------------------------------------------------------

# What a program has from before the patch.
early_name = v1.variance_scaling_initializer
early_object = v1.glorot_normal_initializer()
early_method = v1.variance_scaling_initializer.__call__


def _early_default(name: str, initializer: Any = v1.glorot_uniform_initializer()) -> Any:  # noqa: B008 - the case
    return v1.get_variable(name, SHAPE, initializer=initializer)


class _Halved(v1.variance_scaling_initializer):  # type: ignore[misc]
    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        return super().__call__(shape, dtype, partition_info) / 2


class _Heir(v1.random_normal_initializer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(mean=3.0, stddev=0.5)


def _variable(initializer: Any) -> Callable[[], Any]:
    return lambda: v1.get_variable("v", SHAPE, initializer=initializer)


def _by_name(path: str, *args: Any, **kwargs: Any) -> Any:
    def build() -> None:
        make: Any = tf
        for part in path.split("."):
            make = getattr(make, part)
        for name in ("v", "w"):
            v1.get_variable(name, SHAPE, initializer=make(*args, **kwargs))

    return pytest.param(build, id=path)


def _other_alias() -> None:
    module = importlib.import_module("tensorflow.compat.v1")
    _variable(module.variance_scaling_initializer(scale=2.0))()


def _default() -> None:
    v1.get_variable("v", SHAPE)


def _partitioned() -> None:
    for name in ("v", "w"):
        v1.get_variable(
            name,
            [6, 4],
            initializer=v1.variance_scaling_initializer(mode="fan_out", distribution="uniform"),
            partitioner=v1.fixed_size_partitioner(3),
        )


PLACES = [
    _by_name("compat.v1.variance_scaling_initializer", 2.0, "fan_out", seed=5),
    _by_name("compat.v1.glorot_uniform_initializer"),
    _by_name("compat.v1.glorot_normal_initializer"),
    _by_name("compat.v1.uniform_unit_scaling_initializer", 1.43),
    _by_name("compat.v1.initializers.variance_scaling", distribution="untruncated_normal"),
    _by_name("compat.v1.initializers.he_normal", 3),
    _by_name("compat.v1.initializers.lecun_uniform"),
    _by_name("compat.v1.random_normal_initializer", stddev=0.01),
    _by_name("compat.v1.truncated_normal_initializer", 1.0, 0.1, seed=4),
    _by_name("compat.v1.random_uniform_initializer"),
    _by_name("compat.v1.random_uniform_initializer", -0.1, 0.2, 7),
    _by_name("compat.v1.orthogonal_initializer"),
    _by_name("random_normal_initializer", stddev=0.01),
    _by_name("random_uniform_initializer", -0.1, 0.2),
    pytest.param(_other_alias, id="tensorflow.compat.v1"),
    pytest.param(_variable(init_ops.VarianceScaling(seed=3)), id="init_ops"),
    pytest.param(_variable(early_name(seed=3)), id="a name from before"),
    pytest.param(_variable(early_object), id="an object from before"),
    pytest.param(_variable(lambda *a, **k: early_method(early_object, *a, **k)), id="a method from before"),
    pytest.param(lambda: _early_default("v"), id="a default argument from before"),
    pytest.param(_variable(_Halved()), id="a subclass that calls super"),
    pytest.param(_variable(_Heir()), id="a subclass that inherits"),
    pytest.param(_variable(early_name), id="the class itself"),
    pytest.param(_default, id="get_variable's default"),
    pytest.param(_partitioned, id="a partitioned variable"),
    pytest.param(lambda: legacy_layers.dense(tf.zeros([2, 3]), 4), id="layers, default"),
    pytest.param(
        lambda: legacy_layers.dense(tf.zeros([2, 3]), 4, kernel_initializer=early_object), id="layers, initializer"
    ),
    pytest.param(
        lambda: v1.layers.dense(tf.zeros([2, 3]), 4, kernel_initializer=early_object),
        marks=pytest.mark.skipif(VERSION >= (2, 16), reason="Keras 3 has no such layers"),
        id="tf.compat.v1.layers, initializer",
    ),
    pytest.param(
        lambda: v1.layers.dense(tf.zeros([2, 3]), 4),
        marks=pytest.mark.skipif(VERSION >= (2, 10), reason="Keras' default has no seed there, and no op to replace"),
        id="tf.compat.v1.layers, default",
    ),
    pytest.param(_variable(initializers_v1.RandomNormal()), id="Keras' v1 normal"),
    pytest.param(_variable(initializers_v1.RandomUniform()), id="Keras' v1 uniform"),
    pytest.param(_variable(initializers_v1.TruncatedNormal(seed=1)), id="Keras' v1 truncated"),
    pytest.param(_variable(initializers_v1.HeNormal()), id="Keras' v1 he_normal"),
]


def _first_values(build: Callable[[], Any]) -> tuple[list[Bits], set[str]]:
    """Returns the values of all variables after each of two initializations, and the types of all random ops."""
    with tf.Graph().as_default() as graph, v1.Session() as session:
        v1.set_random_seed(87)
        build()
        values = []
        for _ in range(2):
            session.run(v1.global_variables_initializer())
            values += session.run(v1.global_variables())
    kinds = {op.type for op in graph.get_operations() if "Random" in op.type or "TruncatedNormal" in op.type}
    return [bits(value) for value in values], kinds


@pytest.mark.filterwarnings("ignore:.(tf.layers.dense|layer.apply). is deprecated")
@pytest.mark.parametrize("build", PLACES)
def test_every_place_gives_the_same_bytes_from_stateless_ops(build: Callable[[], Any]) -> None:
    expected, stateful = _first_values(build)
    with compat_v1_init.patch():
        actual, stateless = _first_values(build)
    assert actual == expected
    assert len(actual) >= 2
    assert stateful
    assert not stateful & STATELESS
    assert stateless
    assert stateless <= STATELESS


# --- tf_slim ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def slim(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """Imports tf_slim's own initializers anew; the rest of tf_slim needs a Keras of version 2."""
    found = importlib.util.find_spec("tf_slim")
    if found is None or found.origin is None:
        pytest.skip("tf-slim is not installed")
    for name, folder in (
        ("tf_slim", Path(found.origin).parent),
        ("tf_slim.layers", Path(found.origin).parent / "layers"),
    ):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        monkeypatch.setitem(sys.modules, name, package)
    yield lambda: importlib.import_module("tf_slim.layers.initializers")
    sys.modules.pop("tf_slim.layers.initializers", None)


SLIM = [
    pytest.param(lambda module: module.variance_scaling_initializer(), id="he"),
    pytest.param(lambda module: module.xavier_initializer(), id="xavier"),
    pytest.param(lambda module: module.xavier_initializer_conv2d(uniform=False, seed=3), id="xavier normal, seed"),
]


@pytest.mark.parametrize("make", SLIM)
def test_tf_slim(slim: Callable[[], Any], make: Callable[[Any], Any]) -> None:
    made_before = make(slim())
    expected, _ = _first_values(_variable(made_before))
    with compat_v1_init.patch():
        actual, stateless = _first_values(_variable(made_before))
        assert slim().random_ops is not random_ops
    assert slim().random_ops is random_ops
    assert actual == expected
    assert stateless <= STATELESS
    del sys.modules["tf_slim.layers.initializers"]
    with compat_v1_init.patch():
        imported_inside = slim()
        again, stateless = _first_values(_variable(make(imported_inside)))
    assert imported_inside.random_ops is random_ops
    assert again == expected
    assert stateless <= STATELESS


# --- The plain initializers: every form of their bounds, in every mode -----------------------------------------------

NORMAL = [
    pytest.param({}, id="defaults"),
    pytest.param({"mean": 0.5, "stddev": 2.0}, id="floats"),
    pytest.param({"mean": -1, "stddev": 3}, id="ints"),
    pytest.param({"mean": np.float64(0.1), "stddev": np.float32(0.3)}, id="NumPy"),
    pytest.param({"stddev": 1e-40}, id="products that underflow"),
    # No Python number: TensorFlow's eager mode keeps one tensor for 0.0 and -0.0, the one of the two that came first.
    pytest.param({"mean": np.array(-0.0), "stddev": 1e-40}, id="a mean of -0.0"),
    pytest.param({"mean": [0.0, 1.0, 2.0, 3.0], "stddev": [[1.0], [2.0], [3.0]]}, id="for each row and column"),
]
UNIFORM = [
    pytest.param({}, id="defaults"),
    pytest.param({"minval": 0, "maxval": 1}, id="0 to 1"),
    pytest.param({"minval": 0, "maxval": 0.3}, id="0 to a limit"),
    pytest.param({"minval": 0.0, "maxval": 3}, id="0.0 to 3"),
    pytest.param({"minval": -1, "maxval": 2}, id="ints"),
    pytest.param({"minval": -0.1, "maxval": 0.1}, id="floats"),
    pytest.param({"minval": np.float64(-0.1), "maxval": [1.0, 2.0, 3.0, 4.0]}, id="for each column"),
]
PLAIN = [
    pytest.param(make, *case.values, id=f"{make.__name__}, {case.id}")
    for make, cases in [(v1.random_normal_initializer, NORMAL), (v1.truncated_normal_initializer, NORMAL),
                        (v1.random_uniform_initializer, UNIFORM)]
    for case in cases
]  # fmt: skip


def _eagerly(make: Callable[[], Any], dtype: Any) -> list[Bits]:
    tf.random.set_seed(87)
    return [bits(make()(SHAPE, dtype)) for _ in range(3)]


def _in_a_function(make: Callable[[], Any], dtype: Any) -> list[Bits]:
    tf.random.set_seed(87)
    function = tf.function(lambda: make()(SHAPE, dtype))
    return [bits(function()) for _ in range(2)]


def _in_a_graph(make: Callable[[], Any], dtype: Any) -> list[Bits]:
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(87)
        value = make()(SHAPE, dtype)
        return [bits(session.run(value)) for _ in range(2)]


@dtypes
@pytest.mark.parametrize(("make", "arguments"), PLAIN)
@pytest.mark.one_of("dtype")
def test_plain_initializers(
    make: Callable[..., Any], arguments: dict[str, Any], dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def program() -> list[Bits]:
        return [
            *_eagerly(lambda: make(**arguments), dtype),
            *_eagerly(lambda: make(**arguments, seed=3), dtype),
            *_in_a_function(lambda: make(**arguments), dtype),
            *_in_a_graph(lambda: make(**arguments), dtype),
        ]

    expected = program()
    drawn: list[Any] = []
    monkeypatch.setattr(seeds, "observer", lambda *drawn_: drawn.append(drawn_))
    with compat_v1_init.patch():
        assert program() == expected
    assert len(drawn) == 8


def test_bounds_that_are_tensors(same_bytes: Callable[[Any, Any], None]) -> None:
    def draw() -> Any:
        tf.random.set_seed(87)
        init = v1.truncated_normal_initializer(mean=tf.constant(1.0), stddev=tf.Variable(0.5))
        return init(tf.constant(SHAPE))

    expected = draw()
    with compat_v1_init.patch():
        same_bytes(draw(), expected)


def test_large_draws(monkeypatch: pytest.MonkeyPatch, same_bytes: Callable[[Any, Any], None]) -> None:
    """Which one function draws and scales, if a scalar scales them."""
    monkeypatch.setattr(eager, "_LARGE", 8)
    for arguments in ({"mean": 1.0}, {"mean": [1.0, 2.0, 3.0, 4.0]}, {"stddev": [1.0, 2.0, 3.0, 4.0]}):
        init = v1.random_normal_initializer(**arguments, seed=1)
        tf.random.set_seed(87)
        expected = init(SHAPE)
        tf.random.set_seed(87)
        with compat_v1_init.patch():
            same_bytes(init(SHAPE), expected)


def test_integers_are_stateless_too() -> None:
    def program() -> tuple[list[Bits], set[str]]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(87)
            init = v1.random_uniform_initializer(0, 100, dtype=tf.int32)
            value = v1.get_variable("v", SHAPE, tf.int32, initializer=init)
            with v1.Session() as session:
                drawn = []
                for _ in range(2):
                    session.run(v1.global_variables_initializer())
                    drawn.append(bits(session.run(value)))
            return drawn, {op.type for op in graph.get_operations() if "Random" in op.type}

    expected, drawn_by = program()
    assert drawn_by == {"RandomUniformInt"}
    with compat_v1_init.patch():
        assert program() == (expected, {"StatelessRandomUniformIntV2"})


# --- Samplers --------------------------------------------------------------------------------------------------------

SAMPLERS = {
    "tf.random.normal": lambda shape: tf.random.normal(shape, 1.0, 0.5, seed=1),
    "tf.random.truncated_normal": lambda shape: tf.random.truncated_normal(shape, stddev=0.1),
    "tf.random.uniform": lambda shape: tf.random.uniform(shape, -1, 1),
    "tf.random.uniform of integers": lambda shape: tf.random.uniform(shape, 0, 9, tf.int64),
    "v1.random_normal": lambda shape: v1.random_normal(shape, 2.0),
    "v1.truncated_normal": lambda shape: v1.truncated_normal(shape, stddev=0.1, seed=3),
    "v1.random_uniform": lambda shape: v1.random_uniform(shape, maxval=2),
    "tensorflow.compat.v1, imported": lambda shape: importlib.import_module("tensorflow.compat.v1").random_normal(
        shape
    ),
    "v1.random.normal": lambda shape: v1.random.normal(shape, 2.0),
    "tf.compat.v2.random.uniform": lambda shape: tf.compat.v2.random.uniform(shape, 2.0, 3.0),
}


@pytest.mark.parametrize("name", SAMPLERS)
def test_samplers_by_their_public_names(name: str) -> None:
    def program() -> tuple[list[Bits], list[Bits], set[str]]:
        tf.random.set_seed(87)
        eager = [bits(SAMPLERS[name](SHAPE)) for _ in range(2)]
        with tf.Graph().as_default() as graph, v1.Session() as session:
            v1.set_random_seed(87)
            variable = v1.Variable(SAMPLERS[name](SHAPE))
            session.run(v1.global_variables_initializer())
            types = {op.type for op in graph.get_operations() if "Random" in op.type or "TruncatedNormal" in op.type}
            return eager, [bits(session.run(variable))], types

    *expected, drawn_by = program()
    assert not any(each.startswith("Stateless") for each in drawn_by)
    before = _public_samplers()
    with compat_v1_init.patch():
        *found, drawn_by = program()
        assert found == expected
        assert all(each.startswith("Stateless") for each in drawn_by)
    assert _public_samplers() == before


def _public_samplers() -> list[Any]:
    modules = (tf.random, v1.random, tf.compat.v2.random)
    names = ("normal", "truncated_normal", "uniform")
    longer = [v1.random_normal, v1.truncated_normal, v1.random_uniform]
    return [*longer, *(getattr(module, name) for module in modules for name in names)]


def test_tensorflows_own_modules_keep_their_samplers() -> None:
    """Dropout, say, draws as ever."""
    with compat_v1_init.patch(), tf.Graph().as_default() as graph:
        tf.nn.dropout(tf.ones(SHAPE), rate=0.5)
    assert [op.type for op in graph.get_operations() if "Random" in op.type] == ["RandomUniform"]


ERRORS = [
    pytest.param(v1.random_normal_initializer, [SHAPE, tf.int32], id="a normal of integers"),
    pytest.param(v1.random_uniform_initializer, [SHAPE, tf.bool], id="a uniform of truth values"),
    pytest.param(lambda: v1.random_uniform_initializer(0, None, dtype=tf.int32), [SHAPE], id="no maximum of integers"),
    pytest.param(lambda: v1.random_normal_initializer(mean="a"), [SHAPE], id="a mean that is no number"),
    pytest.param(v1.variance_scaling_initializer, [[None, 4]], id="an unknown dimension"),
    pytest.param(v1.truncated_normal_initializer, [SHAPE, "float31"], id="no dtype"),
]


@pytest.mark.parametrize(("make", "arguments"), ERRORS)
def test_errors_are_the_same(make: Callable[[], Any], arguments: list[Any]) -> None:
    with pytest.raises((TypeError, ValueError)) as expected:
        make()(*arguments)
    with compat_v1_init.patch(), pytest.raises(expected.type) as actual:
        make()(*arguments)
    assert str(actual.value) == str(expected.value)


# --- What a program sees of it ---------------------------------------------------------------------------------------


def test_classes_signatures_and_pickles_stay() -> None:
    before = early_name(seed=3)
    expected = (type(before), type(before).__module__, inspect.signature(type(before).__call__), pickle.dumps(before))
    with compat_v1_init.patch():
        inside = v1.variance_scaling_initializer(seed=3)
        seen = (type(inside), type(inside).__module__, inspect.signature(type(inside).__call__), pickle.dumps(inside))
    names = list(expected[2].parameters)
    assert names == list(seen[2].parameters)
    assert [p.default for p in expected[2].parameters.values()] == [p.default for p in seen[2].parameters.values()]
    assert expected[:2] == seen[:2]
    assert expected[3] == seen[3]


def test_shards_are_draws_as_ever_unless_slices_are_asked_for() -> None:
    init = v1.variance_scaling_initializer(seed=3)
    shard = {"partition_shape": [1, 4], "partition_offset": [1, 0]}
    with pytest.raises(TypeError) as expected:
        init(SHAPE, **shard)
    with compat_v1_init.patch():
        with pytest.raises(TypeError) as actual:
            init(SHAPE, **shard)
        tf.random.set_seed(87)
        whole = init(SHAPE).numpy()
        tf.random.set_seed(87)
        with compat_v1_init.options(partitions="slices"):
            assert init(SHAPE, **shard).numpy().tobytes() == whole[1:2].tobytes()
    # Python 3.13 adds what the name may stand for.
    assert str(actual.value) == str(expected.value).partition(". Did you mean")[0]


def test_autograph_leaves_the_drawing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    converted = []

    def look(*_: Any) -> None:
        frames = [info.frame.f_code for info in inspect.stack(context=0)]
        converted.extend(code.co_name for code in frames if "ag__" in code.co_freevars)

    monkeypatch.setattr(seeds, "observer", look)

    @tf.function
    def draw() -> Any:
        return _Halved(seed=1)(SHAPE)

    with compat_v1_init.patch():
        draw()
    # What the program wrote is converted, and nothing between that and the observer.
    assert converted == ["tf____call__", "tf__draw"]


# --- In force and no longer in force ---------------------------------------------------------------------------------


def _is_patched() -> bool:
    now = [entry is original for entry, original in zip(_in_force(), ORIGINALS)]
    assert len(set(now)) == 1  # All or nothing.
    return not now[0]


ORIGINALS = _in_force()


def test_blocks_may_be_nested() -> None:
    assert not _is_patched()
    with compat_v1_init.patch():
        with compat_v1_init.patch():
            assert _is_patched()
        assert _is_patched()
    assert not _is_patched()


def test_blocks_may_overlap() -> None:
    first, second = compat_v1_init.patch(), compat_v1_init.patch()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert _is_patched()
    second.__exit__(None, None, None)
    assert not _is_patched()


def test_it_decorates_a_function() -> None:
    assert compat_v1_init.patch()(_is_patched)()
    assert not _is_patched()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_restores_everything(error: type[BaseException]) -> None:
    with pytest.raises(error), compat_v1_init.patch():
        raise error
    assert not _is_patched()


def test_it_is_for_all_threads() -> None:
    seen = []
    with compat_v1_init.patch():
        thread = threading.Thread(target=lambda: seen.append(_is_patched()))
        thread.start()
        thread.join()
    assert seen == [True]


@pytest.mark.slow
def test_threads_that_come_and_go() -> None:
    """Whenever a thread is inside, everything is replaced."""
    seen = []

    def visit() -> None:
        for _ in range(200):
            with compat_v1_init.patch():
                seen.append(_is_patched())

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 1600
    assert not _is_patched()


@pytest.mark.skipif(not hasattr(tf.experimental, "dispatch_for_api"), reason="TensorFlow 2.8 and later")
def test_a_programs_own_types_reach_the_samplers() -> None:
    """What is registered for the original counts for what replaces it, and the other way round."""

    class Own(tf.experimental.ExtensionType):  # type: ignore[misc,name-defined]
        value: tf.Tensor

    own = Own(tf.constant(1.0))

    def normal(
        shape: Any, mean: Any = 0, stddev: Any = 1, dtype: Any = None, seed: Any = None, name: Any = None
    ) -> Any:
        del mean, stddev, dtype, seed, name
        return "own", shape

    original = tf.random.normal
    register = tf.experimental.dispatch_for_api
    for inside in (False, True):
        with compat_v1_init.patch() if inside else contextlib.nullcontext():
            register(tf.random.normal, {"mean": Own})(normal)
        with compat_v1_init.patch():
            assert tf.random.normal is not original
            assert tf.random.normal([2], own) == ("own", [2])
        for sampler in (original, compat_v1_init.random.normal):
            assert sampler([2], mean=own) == ("own", [2])
        tf.experimental.unregister_dispatch_for(normal)
        with pytest.raises((TypeError, ValueError)):
            compat_v1_init.random.normal([2], own)
