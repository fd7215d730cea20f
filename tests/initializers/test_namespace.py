"""All of TF1's initializers and samplers that are not variance scaling, against the installed TensorFlow's own."""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
import json
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from regimes import bits
from running import TESTS
from tensorflow.python.ops import init_ops, variable_scope

import compat_v1_init
from compat_v1_init import initializers, random
from compat_v1_init._family import FAMILY

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1
SIGNATURES = json.loads((TESTS / "golden" / "namespace_signatures.json").read_text(encoding="utf-8"))
STATEFUL = {"TruncatedNormal", "RandomStandardNormal", "RandomUniform", "RandomUniformInt"}
KERNELS = {
    "convolutional_delta_orthogonal": (3, 3, 2, 4),
    "convolutional_orthogonal_1d": (3, 2, 3),
    "convolutional_orthogonal_2d": (2, 2, 2, 3),
    "convolutional_orthogonal_3d": (2, 2, 2, 1, 2),
}


def _pair(name: str) -> tuple[Any, Any]:
    return getattr(initializers, name), getattr(init_ops, FAMILY[name].cls)


def _case(name: str, *shape: int, **args: Any) -> Any:
    text = ", ".join(f"{key}={value}" for key, value in args.items())
    return pytest.param(name, args, shape or KERNELS.get(name, (3, 4)), id=f"{name}({text}){list(shape) or ''}")


RANDOM = [
    _case("random_normal"),
    _case("random_normal", mean=1.5, stddev=-0.1),
    _case("random_normal", 7, stddev=1),
    _case("truncated_normal", stddev=0.05),
    _case("truncated_normal", 0, 4, mean=-3.0),
    _case("random_uniform"),
    _case("random_uniform", minval=0, maxval=1),
    _case("random_uniform", minval=2.0, maxval=-1.0),
    _case("random_uniform", minval=-5, maxval=10, dtype=tf.int32),
    _case("random_uniform", 5, minval=-(2**62), maxval=2**62, dtype=tf.int64),
    _case("orthogonal"),
    _case("orthogonal", 4, 3, gain=2.0, dtype=tf.float64),
    _case("orthogonal", 2, 3, 5),
    *(_case(name, gain=0.5) for name in KERNELS),
]
FIXED = [
    _case("zeros"),
    _case("zeros", 2, dtype=tf.string),
    _case("ones", dtype=tf.int64),
    _case("constant", value=0.1),
    _case("constant", 2, 2, value=[1, 2, 3, 4]),
    _case("constant", 2, 2, value=np.arange(4)),
    _case("identity", gain=3.0),
]
cases = pytest.mark.parametrize(("name", "args", "shape"), RANDOM + FIXED)
draws = pytest.mark.parametrize(("name", "args", "shape"), RANDOM)
seeds = pytest.mark.parametrize("seeds", [(87, 12), (None, 42), (1234, None)], ids=["both", "op-only", "graph-only"])


def _made(make: Any, args: dict[str, Any], op_seed: int | None) -> Any:
    seeded = "seed" in inspect.signature(make).parameters
    return make(**args, **({"seed": op_seed} if seeded else {}))


def _bits(value: Any) -> Any:
    array = value.numpy() if tf.is_tensor(value) else np.asarray(value)
    return array.tolist() if array.dtype == object else bits(array)


# --- The same bytes in every mode ------------------------------------------------------------------------------------


@cases
@seeds
def test_eager(name: str, args: dict[str, Any], shape: tuple[int, ...], seeds: tuple[int | None, int | None]) -> None:
    def program(make: Any) -> list[Any]:
        tf.random.set_seed(3 if seeds[0] is None else seeds[0])
        one, two = _made(make, args, seeds[1]), _made(make, args, seeds[1])
        return [_bits(each(list(shape))) for each in (one, one, two)]

    ours, theirs = map(program, _pair(name))
    assert ours == theirs


@draws
def test_function(name: str, args: dict[str, Any], shape: tuple[int, ...]) -> None:
    def program(make: Any) -> list[Any]:
        tf.random.set_seed(87)
        init = _made(make, args, 12)

        @tf.function
        def drawn() -> list[Any]:
            return [init(list(shape)), init(list(shape))]

        return [_bits(value) for _ in range(2) for value in drawn()]

    ours, theirs = map(program, _pair(name))
    assert ours == theirs


@cases
@pytest.mark.parametrize("seeds", [(87, 12), (1234, None)], ids=["both", "graph-only"])
@pytest.mark.one_of("seeds")
def test_get_variable_in_a_graph(
    name: str, args: dict[str, Any], shape: tuple[int, ...], seeds: tuple[int | None, int | None]
) -> None:
    def program(make: Any) -> tuple[list[Any], list[str], set[str]]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(seeds[0])
            init = _made(make, args, seeds[1])
            dtype = init.dtype
            variables = [v1.get_variable(f"v{i}", list(shape), dtype, initializer=init) for i in range(2)]
            values = [variable.read_value() for variable in variables]
            start = v1.global_variables_initializer()
            runs = []
            for _ in range(2):
                with v1.Session() as session:
                    for _ in range(2):
                        session.run(start)
                        runs += [_bits(value) for value in session.run(values)]
            types = {op.type for op in graph.get_operations()}
            return runs, [variable.name for variable in variables], types

    (ours, names, types), (theirs, their_names, _) = map(program, _pair(name))
    assert ours == theirs
    assert names == their_names
    assert not types & STATEFUL


@pytest.mark.parametrize("resource", [True, False])
@pytest.mark.parametrize("name", ["random_normal", "random_uniform", "orthogonal", "identity", "constant", "zeros"])
def test_partitioned_variable(name: str, resource: bool) -> None:
    def program(make: Any) -> list[Any]:
        with tf.Graph().as_default():
            variable = v1.get_variable(
                "v",
                [10, 10],
                initializer=_made(make, {}, 42),
                partitioner=v1.fixed_size_partitioner(3),
                use_resource=resource,
            )
            with v1.Session() as session:
                session.run(v1.global_variables_initializer())
                return [_bits(value) for value in session.run(list(variable))]

    ours, theirs = map(program, _pair(name))
    assert ours == theirs


# --- Samplers --------------------------------------------------------------------------------------------------------

SAMPLERS: list[Any] = [
    pytest.param("normal", {}, id="normal"),
    pytest.param("normal", {"mean": [1.0, 2.0, 3.0], "stddev": 0.1, "seed": 5}, id="normal, a vector of means"),
    pytest.param("normal", {"stddev": 1, "dtype": tf.float16, "seed": 5}, id="normal, float16"),
    pytest.param("truncated_normal", {"stddev": 0.1, "seed": 5}, id="truncated normal"),
    pytest.param("truncated_normal", {"dtype": "bfloat16", "mean": 2.0}, id="truncated normal, a name as dtype"),
    pytest.param("uniform", {}, id="uniform"),
    pytest.param("uniform", {"minval": -1, "maxval": 1, "seed": 5}, id="uniform, ints as bounds"),
    pytest.param("uniform", {"minval": [-1.0, 0.0, 1.0], "maxval": 5.0, "dtype": tf.float64}, id="uniform, a vector"),
    pytest.param("uniform", {"minval": -3, "maxval": 9, "dtype": tf.int32, "seed": 5}, id="int32"),
    pytest.param("uniform", {"maxval": 2**40, "dtype": tf.int64}, id="int64"),
]
samplers = pytest.mark.parametrize(("name", "args"), SAMPLERS)


@samplers
@pytest.mark.parametrize("tensors", [False, True], ids=["numbers", "tensors"])
def test_sampler_eager(name: str, args: dict[str, Any], tensors: bool) -> None:
    dtype = tf.as_dtype(args.get("dtype", tf.float32))
    bounds = {key: tf.constant(value, dtype) for key, value in args.items() if key not in ("seed", "dtype")}
    args = {**args, **bounds} if tensors else args

    def program(module: Any) -> list[Any]:
        tf.random.set_seed(87)
        return [_bits(getattr(module, name)([2, 3], **args)) for _ in range(2)]

    assert program(random) == program(tf.random)


@samplers
def test_sampler_in_a_variable_of_a_graph(name: str, args: dict[str, Any]) -> None:
    def program(module: Any) -> tuple[list[Any], set[str]]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(87)
            shape = v1.placeholder_with_default([2, 3], [2])
            variable = v1.Variable(getattr(module, name)([2, 3], **args))
            values = [variable.read_value(), getattr(module, name)(shape, **args)]
            with v1.Session() as session:
                runs = []
                for _ in range(2):
                    session.run(v1.global_variables_initializer())
                    runs += [_bits(value) for value in session.run(values)]
            return runs, {op.type for op in graph.get_operations()}

    (ours, types), (theirs, _) = program(random), program(tf.random)
    assert ours == theirs
    assert not types & STATEFUL


def test_a_samplers_name_names_its_ops() -> None:
    with tf.Graph().as_default():
        for dtype in (tf.float32, tf.int32):
            ours = random.uniform([2], 1, 5, dtype, name="mine")
            assert ours.op.name.partition("/")[0].startswith("mine")
        assert v1.random.normal([2], name="a").op.name == "a"
        assert random.normal([2], name="b").op.name == "b"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        pytest.param("uniform", {"shape": [2], "dtype": tf.int32}, id="no maxval"),
        pytest.param("uniform", {"shape": [2], "dtype": tf.uint8, "maxval": 3}, id="uint8"),
        pytest.param("uniform", {"shape": [2], "minval": 3, "maxval": 3, "dtype": tf.int32}, id="no room"),
        pytest.param("uniform", {"shape": [0], "maxval": [3], "dtype": tf.int32}, id="a vector, no elements"),
        pytest.param("uniform", {"shape": [2], "maxval": [3], "dtype": tf.int64}, id="a vector"),
        pytest.param("uniform", {"shape": [-1], "maxval": 3, "dtype": tf.int64}, id="a negative shape"),
        pytest.param("uniform", {"shape": [2], "minval": 0.5, "maxval": 3, "dtype": tf.int64}, id="half a number"),
        pytest.param("normal", {"shape": [2], "dtype": tf.int32}, id="normal of integers"),
        pytest.param("normal", {"shape": [2], "mean": "a"}, id="a mean that is text"),
        pytest.param("truncated_normal", {"shape": [-1]}, id="a negative shape of floats"),
    ],
)
def test_a_sampler_refuses_as_the_original(name: str, args: dict[str, Any]) -> None:
    errors = []
    for module in (tf.random, random):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - compared below
            getattr(module, name)(**args, seed=1)
        errors.append((type(caught.value), str(caught.value)))
    assert errors[0] == errors[1]
    # A refused draw moves no stream.
    tf.random.set_seed(1)
    expected = _bits(tf.random.uniform([2], 0, 9, tf.int64, seed=1))
    tf.random.set_seed(1)
    if name == "uniform" and args["dtype"] == tf.int64:
        with pytest.raises(type(caught.value)):
            random.uniform(**args, seed=1)
    assert _bits(random.uniform([2], 0, 9, tf.int64, seed=1)) == expected


# --- What is the original's ------------------------------------------------------------------------------------------


def _parameters(function: Any) -> list[list[Any]]:
    """Returns the parameters of a function and their defaults, as the record has them."""
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    assert {p.kind for p in parameters} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return [[p.name, getattr(p.default, "name", None if p.default is p.empty else p.default)] for p in parameters]


@pytest.mark.parametrize("name", FAMILY)
def test_signature_of_tensorflow_1(name: str) -> None:
    row = FAMILY[name]
    assert [[*each] for each in row.parameters.items()] == SIGNATURES[name]
    module = importlib.import_module(f"compat_v1_init.{row.module}")
    assert _parameters(getattr(module, row.source[1])) == SIGNATURES[name]


@pytest.mark.parametrize("name", sorted(name for name in FAMILY if f"{name}.__call__" in SIGNATURES))
def test_signature_of_a_call_of_tensorflow_1(name: str) -> None:
    assert _parameters(getattr(initializers, name).__call__) == SIGNATURES[f"{name}.__call__"]


@pytest.mark.parametrize("name", ["normal", "truncated_normal", "uniform"])
def test_signature_of_a_sampler_of_tensorflow_1(name: str) -> None:
    assert _parameters(getattr(random, name)) == SIGNATURES[f"random.{name}"]


@cases
def test_config_copy_pickle_and_class(name: str, args: dict[str, Any], shape: tuple[int, ...]) -> None:
    ours, theirs = (_made(make, args, 7) for make in _pair(name))
    assert isinstance(ours, type(theirs))
    assert str(ours.get_config()) == str(theirs.get_config())
    long = getattr(compat_v1_init, FAMILY[name].long)
    assert long is type(ours)
    assert inspect.signature(long) == inspect.signature(type(theirs))
    pickled = pickle.loads(pickle.dumps(ours))  # noqa: S301 - its own bytes
    for other in (copy.deepcopy(ours), pickled, long.from_config(ours.get_config())):
        assert type(other) is long
        tf.random.set_seed(1)
        expected = _bits(_made(_pair(name)[1], args, 7)(list(shape)))
        tf.random.set_seed(1)
        assert _bits(other(list(shape))) == expected


@pytest.mark.parametrize("name", sorted(name for name, row in FAMILY.items() if row.cls))
@pytest.mark.parametrize("given", [{"partition_shape": [1, 2]}, {"zzz": 1}], ids=["a near name", "a far one"])
def test_the_call_shows_tf1s_parameters(name: str, given: dict[str, Any]) -> None:
    ours, theirs = (inspect.signature(make.__call__) for make in _pair(name))
    assert list(ours.parameters) == list(theirs.parameters)
    with pytest.raises(TypeError) as mine:
        _pair(name)[0]()([2, 2], **given)
    with pytest.raises(TypeError) as original:
        _pair(name)[1]()([2, 2], **given)
    assert str(mine.value) == str(original.value)


# --- Slices ----------------------------------------------------------------------------------------------------------


def _shards(init: Any, full: tuple[int, int], rows: int) -> Any:
    parts = []
    for begin in range(0, full[0], rows):
        info = variable_scope._PartitionInfo(full_shape=list(full), var_offset=[begin, 0])
        parts.append(init([min(rows, full[0] - begin), full[1]], partition_info=info))
    return np.concatenate([part.numpy() for part in parts])


SLICED: list[Any] = [
    pytest.param(functools.partial(initializers.random_normal, 1.5, 2.0, seed=3), id="random_normal"),
    pytest.param(functools.partial(initializers.truncated_normal, stddev=0.1, seed=3), id="truncated_normal"),
    pytest.param(functools.partial(initializers.random_uniform, -1, 1, seed=3), id="random_uniform"),
    pytest.param(initializers.zeros, id="zeros"),
    pytest.param(functools.partial(initializers.constant, list(range(70))), id="constant"),
    pytest.param(initializers.identity, id="identity"),
]


@pytest.mark.parametrize("make", SLICED)
def test_slices_are_those_of_the_whole(make: Callable[[], Any]) -> None:
    tf.random.set_seed(1)
    whole = make()([10, 7]).numpy()
    tf.random.set_seed(1)
    with compat_v1_init.options(partitions="slices"):
        assert _shards(make(), (10, 7), 4).tobytes() == whole.tobytes()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        pytest.param(initializers.orthogonal, r"^Orthogonal has no slices: .* Received: Slice\(", id="orthogonal"),
        pytest.param(
            functools.partial(initializers.random_uniform, 0, 9, dtype=tf.int32), r"^Integers are drawn", id="integers"
        ),
    ],
)
def test_what_has_no_slices_says_so(make: Callable[[], Any], text: str) -> None:
    with compat_v1_init.options(partitions="slices"), pytest.raises(ValueError, match=text):
        _shards(make(), (10, 7), 4)


def test_a_stream_that_starts_anew_in_each_execution() -> None:
    init = initializers.random_uniform(0, 100, seed=1, dtype=tf.int32)
    with compat_v1_init.options(stream="first"):
        assert _bits(init([5])) == _bits(init([5]))
