"""Odd arguments: the drop-in gives the original's bytes or raises the original's error, type and text.

Only a text of a graph that runs already differs, in the name of the op that draws.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1

OURS = compat_v1_init.variance_scaling_initializer
THEIRS = v1.variance_scaling_initializer

DISTRIBUTIONS = ["truncated_normal", "untruncated_normal", "uniform"]

OP_NAMES = {
    "StatelessTruncatedNormalV2": "TruncatedNormal",
    "StatelessRandomNormalV2": "RandomStandardNormal",
    "StatelessRandomUniformV2": "RandomUniform",
}


def _of_a_run(text: str) -> str:
    """Returns what must be equal of a text that comes when a graph runs: where a node was defined is told after it."""
    for stateless, stateful in OP_NAMES.items():
        text = text.replace(stateless, stateful)
    return text.partition("\n")[0]


class Failed:
    """A call that raised."""

    def __init__(self, error: Exception) -> None:
        self.type = type(error)
        self.text = str(error)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Failed) and (self.type, self.text) == (other.type, other.text)

    def __hash__(self) -> int:
        return hash((self.type, self.text))

    def __repr__(self) -> str:
        return f"{self.type.__name__}: {self.text}"


def _value(array: Any) -> tuple[Any, ...]:
    array = np.asarray(array)
    return array.dtype.name, array.shape, array.tobytes()


def _attempt(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:  # noqa: BLE001 - whatever is raised is compared
        return Failed(error)


Case = tuple[Any, Any]


def _eager(cls: Any, case: Case, seed: int) -> list[Any]:
    """Returns two draws of one initializer, each as bytes or as what it raised, then a draw of a sound one."""
    make, call = case
    tf.random.set_seed(seed)
    init = _attempt(lambda: cls(**make()))
    if isinstance(init, Failed):
        return [init]
    outcomes = [_attempt(lambda: _value(init(**call()))) for _ in range(2)]
    # Whatever failed has not moved the stream, nor the count of draws without an op seed.
    return [*outcomes, *(_value(cls(seed=sound)([2, 2])) for sound in (42, None))]


def _graph(cls: Any, case: Case, seed: int) -> list[Any]:
    """Returns the same of a v1 graph: names, static shapes and, of two runs, the bytes."""
    make, call = case
    with tf.Graph().as_default():
        v1.set_random_seed(seed)
        init = _attempt(lambda: cls(**make()))
        if isinstance(init, Failed):
            return [init]
        built = [_attempt(lambda: init(**call())) for _ in range(2)]
        built += [_attempt(lambda sound=sound: cls(seed=sound)([2, 2])) for sound in (42, None)]
        outcomes = [b if isinstance(b, Failed) else (b.name, b.dtype, b.shape.as_list()) for b in built]
        with v1.Session() as session:
            for _ in range(2):
                for b in built:
                    if not isinstance(b, Failed):
                        result = _attempt(lambda b=b: _value(session.run(b)))
                        if isinstance(result, Failed):
                            result.text = _of_a_run(result.text)
                        outcomes.append(result)
    return outcomes


def _function(cls: Any, case: Case, seed: int) -> list[Any]:
    """Returns the same of a `tf.function`: what tracing raised, or the bytes of two calls."""
    make, call = case
    tf.random.set_seed(seed)
    init = _attempt(lambda: cls(**make()))
    if isinstance(init, Failed):
        return [init]
    traced: list[Any] = []

    @tf.function(autograph=False)
    def function() -> Any:
        traced[:] = [_attempt(lambda: init(**call()))]
        return cls(seed=42)([2, 2]) if isinstance(traced[0], Failed) else traced[0]

    outcomes = []
    for _ in range(2):
        result = _attempt(lambda: _value(function()))
        if isinstance(result, Failed):
            result.text = _of_a_run(result.text)
        outcomes += [t for t in traced if isinstance(t, Failed)] + [result]
    return outcomes


RUNS = {"eager": _eager, "graph": _graph, "function": _function}


def _check(mode: str, make: Callable[[], dict[str, Any]], call: Callable[[], dict[str, Any]], seed: int = 7) -> Any:
    """Compares the two sides and returns the first outcome."""
    run = RUNS[mode]
    ours, theirs = run(OURS, (make, call), seed), run(THEIRS, (make, call), seed)
    assert ours == theirs
    return ours[0]


modes = pytest.mark.parametrize("mode", list(RUNS))
distributions = pytest.mark.parametrize("distribution", DISTRIBUTIONS)


def one_of_the_distributions(test: Any) -> Any:
    """What is refused or converted before a draw does not depend on it; each value meets all in the three modes."""
    return pytest.mark.one_of("distribution")(distributions(test))


# --- Seeds -----------------------------------------------------------------------------------------------------------

SEEDS = [
    pytest.param(None, id="None"),
    pytest.param(0, id="0"),
    pytest.param(-7, id="negative"),
    pytest.param(2**31 - 1, id="2**31 - 1 is 0"),
    pytest.param(2**40 + 3, id="more than 32 bits"),
    pytest.param(2**64 + 5, id="more than 64 bits"),
    pytest.param(True, id="a bool"),
    pytest.param(1.5, id="a fraction"),
    pytest.param(np.int64(4), id="np.int64"),
    pytest.param(np.float32(4), id="np.float32"),
    pytest.param(np.array(3), id="0-d array"),
    pytest.param("a", id="str"),
    pytest.param(b"x", id="bytes"),
    pytest.param([1], id="list"),
    pytest.param((), id="empty tuple"),
    pytest.param(np.array([7, 8]), id="array of two"),
    pytest.param(np.array([[7, 8]], np.float32), id="array of rank 2"),
    pytest.param(np.array([]), id="array of none"),
    pytest.param(np.array("7"), id="array of str"),
    pytest.param(object, id="class"),
    pytest.param(-(2**200), id="more than a float holds"),
    pytest.param(math.nan, id="nan"),
    pytest.param(math.inf, id="inf"),
]


@modes
@one_of_the_distributions
@pytest.mark.parametrize("seed", SEEDS)
def test_op_seed(mode: str, distribution: str, seed: Any) -> None:
    _check(mode, lambda: {"distribution": distribution, "seed": seed}, lambda: {"shape": [2, 3]})


@modes
@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1, -(2**31) + 1, None], ids=str)
@pytest.mark.parametrize("graph_seed", [0, 2**31 - 1, 2**40 + 3, -3], ids=str)
def test_graph_seed(mode: str, graph_seed: int, seed: Any) -> None:
    _check(mode, lambda: {"seed": seed}, lambda: {"shape": [2, 3]}, graph_seed)


# --- Shapes ----------------------------------------------------------------------------------------------------------

SHAPES = [
    pytest.param(lambda: 5, id="int"),
    pytest.param(lambda: None, id="None"),
    pytest.param(lambda: [None], id="[None]"),
    pytest.param(lambda: (None, 2), id="(None, 2)"),
    pytest.param(lambda: (2, None), id="(2, None)"),
    pytest.param(lambda: (2, 3, None), id="(2, 3, None)"),
    pytest.param(lambda: (-1, 2), id="(-1, 2)"),
    pytest.param(lambda: [-1], id="[-1]"),
    pytest.param(lambda: (-2, -3), id="two negative ones"),
    pytest.param(lambda: (2.5, 2), id="(2.5, 2)"),
    pytest.param(lambda: (2.0, 2.0), id="whole floats"),
    pytest.param(lambda: tf.TensorShape([2, 3]), id="TensorShape"),
    pytest.param(lambda: tf.TensorShape([None, 2]), id="TensorShape with an unknown side"),
    pytest.param(lambda: tf.TensorShape(None), id="TensorShape of unknown rank"),
    pytest.param(lambda: np.array([2, 3], np.int64), id="int64 array"),
    pytest.param(lambda: np.array([2, 3], np.int32), id="int32 array"),
    pytest.param(lambda: np.array([2, 3], np.int8), id="int8 array"),
    pytest.param(lambda: np.array([2, 3], np.uint32), id="uint32 array"),
    pytest.param(lambda: np.array([2.0, 3.0]), id="float array"),
    pytest.param(lambda: [np.int64(2), np.int32(3)], id="NumPy ints"),
    pytest.param(lambda: tf.constant([2, 3]), id="int32 tensor"),
    pytest.param(lambda: tf.constant([2, 3], tf.int64), id="int64 tensor"),
    pytest.param(lambda: tf.constant([2.0, 3.0]), id="float tensor"),
    pytest.param(lambda: tf.constant([[2, 3]]), id="tensor of rank 2"),
    pytest.param(lambda: tf.constant(4), id="tensor of rank 0"),
    pytest.param(lambda: [tf.constant(2), 3], id="list with a tensor"),
    pytest.param(list, id="empty list"),
    pytest.param(tuple, id="empty tuple"),
    pytest.param(lambda: (0, 3), id="(0, 3)"),
    pytest.param(lambda: (2**40, 0), id="an int64 side, no element"),
    pytest.param(lambda: (2**70,), id="a side of more than 64 bits"),
    *[
        pytest.param(lambda dtype=dtype: np.array([2, 3], dtype), id=f"{dtype} array")
        for dtype in ("int16", "uint8", "uint16", "uint64", "float16", "bool", "complex64")
    ],
    *[
        pytest.param(lambda dtype=dtype: tf.constant(np.array([2, 3], dtype)), id=f"{dtype} tensor")
        for dtype in ("int8", "uint8", "uint64", "float64", "bool", "complex64")
    ],
    pytest.param(lambda: [np.uint8(2), np.uint8(3)], id="NumPy ints of 8 bits"),
    pytest.param(lambda: [True, True], id="bools"),
    pytest.param(lambda: [["2"], ["3"]], id="nested str"),
    pytest.param(lambda: ["2", "3"], id="numbers as str"),
    pytest.param(lambda: [b"2", b"3"], id="numbers as bytes"),
    pytest.param(lambda: "23", id="a number as str"),
    pytest.param(lambda: ["-2", "3"], id="a negative number as str"),
    pytest.param(lambda: ["2", 3], id="a str and an int"),
    pytest.param(lambda: np.array(["2", "3"]), id="array of str"),
    pytest.param(lambda: np.array([2, 3], object), id="array of objects"),
    pytest.param(lambda: [[2], [3, 4]], id="ragged"),
    pytest.param(lambda: tf.ragged.constant([[2], [3, 4]]), id="ragged tensor"),
    pytest.param(lambda: [2, -3, 0], id="a negative side, no element"),
    pytest.param(lambda: np.array([2, -3]), id="array with a negative side"),
    pytest.param(lambda: [math.nan, 2], id="nan"),
    pytest.param(lambda: [2j, 3], id="complex"),
    pytest.param(lambda: tf.float32, id="a dtype"),
    pytest.param(lambda: "ab", id="str"),
    pytest.param(lambda: ["a"], id="list of str"),
    pytest.param(lambda: [[2], [3]], id="nested"),
    pytest.param(lambda: [True, 2], id="a bool side"),
    pytest.param(lambda: {3}, id="set"),
    pytest.param(lambda: {0: 3}, id="dict"),
    pytest.param(lambda: (side for side in (2, 3)), id="generator"),
    pytest.param(lambda: range(2, 4), id="range"),
    pytest.param(lambda: [v1.Dimension(2), 3], id="Dimension"),
]


@modes
@one_of_the_distributions
@pytest.mark.parametrize("shape", SHAPES)
def test_shape(mode: str, distribution: str, shape: Callable[[], Any]) -> None:
    _check(mode, lambda: {"distribution": distribution, "seed": 42}, lambda: {"shape": shape()})


@pytest.mark.parametrize("shape", [(2**40, 2**40), (2**62, 2**62, 0)], ids=str)
@distributions
def test_too_large(distribution: str, shape: tuple[int, ...]) -> None:
    """In a graph TensorFlow itself aborts the process for either shape, so only eager calls are compared."""
    texts = []
    for cls in (OURS, THEIRS):
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            cls(distribution=distribution, seed=42)(shape)
        texts.append(re.findall(r"Shape \[.*\] would have more than 2\*\*63 - 1 elements", str(caught.value))[0])
    assert texts[0] == texts[1]
    tf.random.set_seed(7)
    expected = OURS(distribution=distribution, seed=42)([2, 3])
    tf.random.set_seed(7)
    with pytest.raises(tf.errors.InvalidArgumentError):
        OURS(distribution=distribution, seed=42)(shape)
    assert _value(OURS(distribution=distribution, seed=42)([2, 3])) == _value(expected)


UNIT_SHAPES = [
    pytest.param(lambda: [[2, 3]], id="nested"),
    pytest.param(lambda: np.array([[2, 3]]), id="array of rank 2"),
    pytest.param(lambda: tf.constant([[2, 3]]), id="tensor of rank 2"),
    pytest.param(lambda: [[[2]]], id="rank 3"),
    pytest.param(lambda: np.array([[2, 3]], np.uint8), id="of 8 bits and rank 2"),
]


@modes
@pytest.mark.parametrize("shape", UNIT_SHAPES)
def test_shape_of_unit_scaling(mode: str, shape: Callable[[], Any]) -> None:
    """It multiplies the sides, so shapes reach the op that the other classes refuse before."""
    run = RUNS[mode]
    sides = (compat_v1_init.uniform_unit_scaling_initializer, v1.uniform_unit_scaling_initializer)
    ours, theirs = (run(cls, (lambda: {"seed": 42}, lambda: {"shape": shape()}), 7) for cls in sides)
    assert ours == theirs
    assert any(isinstance(outcome, Failed) for outcome in ours)


@pytest.mark.parametrize("arguments", [{"shape": np.array([2, 3], np.uint8)}, {"shape": [2, -3]}], ids=str)
def test_a_refused_draw_adds_nothing_that_draws(arguments: dict[str, Any]) -> None:
    with tf.Graph().as_default() as graph:
        with pytest.raises((TypeError, ValueError)):
            OURS(seed=42)(**arguments)
        assert not {node.op for node in graph.as_graph_def().node} - {"Const"}


def test_no_memory_for_a_draw() -> None:
    """The original fails before it advances, and names its op."""

    def program(cls: Any) -> list[Any]:
        tf.random.set_seed(7)
        init = cls(seed=42)
        return [_attempt(lambda shape=shape: _value(init(shape))) for shape in ([2], [2**45], [2])]

    assert program(OURS) == program(THEIRS)


def test_bounds_refused_after_the_draw_leave_the_stream_advanced() -> None:
    """The original has drawn when it multiplies."""

    def program(cls: Any) -> list[Any]:
        tf.random.set_seed(7)
        failing = cls(factor=np.array([1.0, 2.0]), seed=42)
        return [_attempt(lambda: _value(failing([2, 3]))), _value(cls(seed=42)([2, 3]))]

    ours, theirs = compat_v1_init.uniform_unit_scaling_initializer, v1.uniform_unit_scaling_initializer
    assert program(ours) == program(theirs)


# --- Dtypes ----------------------------------------------------------------------------------------------------------

DTYPES = [
    pytest.param("float64", id="'float64'"),
    pytest.param("half", id="'half'"),
    pytest.param(np.float16, id="np.float16"),
    pytest.param(np.dtype("float64"), id="np.dtype"),
    pytest.param(float, id="float"),
    pytest.param(tf.bfloat16, id="bfloat16"),
    pytest.param(None, id="None"),
    pytest.param(1, id="a number of the enum"),
    pytest.param("foo", id="'foo'"),
    pytest.param(object, id="object"),
    pytest.param(int, id="int"),
    pytest.param(tf.int32, id="int32"),
    pytest.param(tf.int64, id="int64"),
    pytest.param(tf.uint8, id="uint8"),
    pytest.param(tf.bool, id="bool"),
    pytest.param(tf.string, id="string"),
    pytest.param(tf.complex64, id="complex64"),
    pytest.param(np.complex128, id="np.complex128"),
    pytest.param(tf.qint8, id="qint8"),
    pytest.param(tf.resource, id="resource"),
    pytest.param("", id="empty str"),
    pytest.param(99, id="no number of the enum"),
]


@modes
@one_of_the_distributions
@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype_of_the_constructor(mode: str, distribution: str, dtype: Any) -> None:
    _check(mode, lambda: {"distribution": distribution, "seed": 42, "dtype": dtype}, lambda: {"shape": [2, 3]})


@modes
@one_of_the_distributions
@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype_of_the_call(mode: str, distribution: str, dtype: Any) -> None:
    _check(mode, lambda: {"distribution": distribution, "seed": 42}, lambda: {"shape": [2, 3], "dtype": dtype})


# --- Scale, mode, distribution ---------------------------------------------------------------------------------------

SCALES = [
    pytest.param(lambda: math.nan, id="nan"),
    pytest.param(lambda: math.inf, id="inf"),
    pytest.param(lambda: 0, id="0"),
    pytest.param(lambda: -1, id="negative"),
    pytest.param(lambda: 3, id="int"),
    pytest.param(lambda: True, id="bool"),
    pytest.param(lambda: 1e308, id="near the largest double"),
    pytest.param(lambda: 10**400, id="beyond the largest double"),
    pytest.param(lambda: np.float16(2), id="np.float16"),
    pytest.param(lambda: np.float32(2), id="np.float32"),
    pytest.param(lambda: np.int64(3), id="np.int64"),
    pytest.param(lambda: np.array(2.0), id="0-d array, divided in place by each call"),
    pytest.param(lambda: np.array(2), id="0-d int array"),
    pytest.param(lambda: np.array([1.0, 2.0]), id="array"),
    pytest.param(lambda: tf.constant(2.0), id="tensor"),
    pytest.param(lambda: "1", id="str"),
    pytest.param(lambda: None, id="None"),
    pytest.param(lambda: 2j, id="complex"),
]


@modes
@one_of_the_distributions
@pytest.mark.parametrize("scale", SCALES)
def test_scale(mode: str, distribution: str, scale: Callable[[], Any]) -> None:
    _check(mode, lambda: {"distribution": distribution, "seed": 42, "scale": scale()}, lambda: {"shape": [2, 3]})


@modes
@pytest.mark.parametrize("factor", [0.0, -0.0, -1.43, 1e-46, 1e39, math.inf, math.nan, np.float32(1.43), "a"], ids=str)
def test_factor_of_unit_scaling(mode: str, factor: Any) -> None:
    run = RUNS[mode]
    sides = (compat_v1_init.uniform_unit_scaling_initializer, v1.uniform_unit_scaling_initializer)
    ours, theirs = (run(cls, (lambda: {"factor": factor}, lambda: {"shape": [2, 3]}), 7) for cls in sides)
    assert ours == theirs


def test_an_array_as_scale_is_left_as_the_original_leaves_it() -> None:
    ours, theirs = np.array(2.0), np.array(2.0)
    for cls, scale in ((OURS, ours), (THEIRS, theirs)):
        init = cls(scale=scale, seed=1)
        init([4, 3])
        init([4, 3])
    assert ours == theirs == 2.0 / 16


@modes
@pytest.mark.parametrize("value", ["x", "", "FAN_IN", "fan_avg", "fan_out", None, 1, ["fan_in"]], ids=repr)
def test_mode(mode: str, value: Any) -> None:
    _check(mode, lambda: {"mode": value, "seed": 42}, lambda: {"shape": [2, 3]})


@modes
@pytest.mark.parametrize("value", ["x", "", "UNIFORM", "Truncated_Normal", "normal", None, 1], ids=repr)
def test_distribution(mode: str, value: Any) -> None:
    _check(mode, lambda: {"distribution": value, "seed": 42}, lambda: {"shape": [2, 3]})


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"factor": 2.0}, id="contrib's name for scale"),
        pytest.param({"scale": 1.0, "uniform": True}, id="contrib's uniform"),
        pytest.param({"Seed": 1}, id="upper case"),
    ],
)
def test_unknown_argument(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as ours:
        OURS(**arguments)
    with pytest.raises(TypeError) as theirs:
        THEIRS(**arguments)
    assert str(ours.value) == str(theirs.value)


# --- partition_info --------------------------------------------------------------------------------------------------


class Info:
    def __init__(self, full_shape: Any) -> None:
        self.full_shape = full_shape


@modes
@one_of_the_distributions
@pytest.mark.parametrize(
    "full_shape",
    [[10, 6], (10, 6), tf.TensorShape([10, 6]), (-3, 6), [0, 0], [], [7], [10, None], None, 5],
    ids=str,
)
def test_partition_info(mode: str, distribution: str, full_shape: Any) -> None:
    make = {"distribution": distribution, "seed": 42}
    _check(mode, lambda: make, lambda: {"shape": [2, 3], "partition_info": Info(full_shape)})


@modes
def test_partition_info_without_full_shape(mode: str) -> None:
    assert isinstance(_check(mode, dict, lambda: {"shape": [2, 3], "partition_info": "x"}), Failed)


def test_the_fans_are_those_of_the_full_shape(same_bytes: Callable[[Any, Any], None]) -> None:
    tf.random.set_seed(7)
    shard = OURS(scale=5.0, seed=42)([5, 3], partition_info=Info([20, 3]))
    tf.random.set_seed(7)
    same_bytes(shard, OURS(scale=1.25, seed=42)([5, 3]))


# --- Calls -----------------------------------------------------------------------------------------------------------


@modes
@pytest.mark.parametrize(
    "call",
    [
        pytest.param({}, id="no shape"),
        pytest.param({"shape": [2, 3], "name": "x"}, id="an argument that is none"),
        pytest.param({"shape": [2, 3], "layout": None}, id="no layout"),
        pytest.param({"shape": [2, 3], "layout": "x"}, id="a layout that is none"),
        pytest.param({"shape": [2, 3], "layout": None, "dtype": "foo"}, id="no layout, before the dtype is looked at"),
        pytest.param({"shape": [2, 3], "layout": None, "partition_info": None}, id="no layout of no shard"),
        pytest.param({"shape": [2, 3], "partition_shape": None}, id="a shard of a strategy"),
        pytest.param({"shape": [2, 3], "name": 1, "layout": 2}, id="two of them"),
        pytest.param({"shape": [2, 3], "dtype": tf.float64, "partition_info": None}, id="all by name"),
    ],
)
def test_call(mode: str, call: dict[str, Any]) -> None:
    run = RUNS[mode]
    ours, theirs = run(OURS, (dict, lambda: call), 7), run(THEIRS, (dict, lambda: call), 7)
    assert ours == theirs


FAILURES = [
    pytest.param({"shape": [-1, 2]}, id="refused by the kernel"),
    pytest.param({"shape": [2, 2], "dtype": tf.int32}, id="refused dtype"),
    pytest.param({"shape": [None, 2]}, id="refused before anything is drawn"),
]


@distributions
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_draw_leaves_the_stream_where_it_was(distribution: str, failure: dict[str, Any]) -> None:
    def draws(cls: Any, *, fail: bool) -> list[Any]:
        tf.random.set_seed(7)
        init = cls(distribution=distribution, seed=42)
        values = [_value(init([3, 4]))]
        if fail:
            for _ in range(2):
                with pytest.raises((TypeError, ValueError, tf.errors.InvalidArgumentError)):
                    init(**failure)
        return [*values, _value(init([3, 4])), _value(init([5]))]

    undisturbed = draws(OURS, fail=False)
    assert len(set(undisturbed)) == 3
    assert draws(OURS, fail=True) == draws(THEIRS, fail=True) == undisturbed
