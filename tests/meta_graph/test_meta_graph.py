"""`from_meta_graph`: what TF 1.15.5's Session gave, from the file alone; meta_graphs/make_meta_graphs.py made both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from running import TESTS

from compat_v1_init import (
    MetaGraphInitializers,
    PartitionedInitializer,
    PinnedConstant,
    PinnedInitializer,
    PinnedOrthogonal,
    from_meta_graph,
)

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1

FOLDER = TESTS / "meta_graphs"
VALUES = json.loads((FOLDER / "values.json").read_text(encoding="utf-8"))["files"]

# For each file how many variables are drawn, and how many are not.
COUNTS = {
    "both_seeds.meta": (21, 0),
    "constants.meta": (86, 4),
    "expressions.meta": (10, 7),
    "family.meta": (32, 0),
    "folded.pb": (8, 0),
    "layers.meta": (38, 1),
    "op_seeds.meta": (21, 0),
    "orthogonals.meta": (36, 6),
    "orthogonals.pb": (37, 5),
    "others.meta": (9, 6),
    "partitioned.meta": (30, 0),
    "partitioned.pb": (30, 0),
    "partitioned_without_saver.pb": (7, 1),
    "plain.pb": (8, 0),
    "plain.pbtxt": (8, 0),
    "restored.pb": (1, 1),
    "restored.pbtxt": (1, 1),
    "saved_model:serve": (8, 0),
    "saved_model:train": (8, 0),
    "unseeded.meta": (0, 8),
    "vanishing.meta": (12, 0),
}


def _read(name: str) -> MetaGraphInitializers:
    path, _, tag = name.partition(":")
    return from_meta_graph(FOLDER / path, tags=[tag] if tag else None)


def _bits(value: Any) -> dict[str, Any]:
    """Returns a value as `values.json` has it."""
    return {"dtype": value.dtype.name, "shape": list(value.shape), "bytes": value.tobytes().hex()}


# --- Values ----------------------------------------------------------------------------------------------------------


def test_every_file_is_compared() -> None:
    # Those of cells and convolutions are compared in Keras models: test_meta_graph_cells.py.
    assert {*COUNTS, "cells.pb", "convolutions.meta"} == set(VALUES)


@pytest.mark.parametrize("name", COUNTS)
def test_every_draw_is_that_of_the_session(name: str) -> None:
    found = _read(name)
    assert (len(found), len(found.left_out)) == COUNTS[name]
    assert {variable: _bits(init().numpy()) for variable, init in found.items()} == {
        variable: VALUES[name][variable] for variable in found
    }


@pytest.mark.parametrize("name", [name for name in COUNTS if name != "unseeded.meta"])
def test_no_variable_is_forgotten(name: str) -> None:
    found = _read(name)
    assert set(VALUES[name]) <= {*found, *found.left_out}


def _in_session(init: Any) -> Any:
    with tf.Graph().as_default(), v1.Session() as session:
        return session.run(init())


def _as_variable(init: Any, **kind: Any) -> Any:
    with tf.Graph().as_default(), v1.Session() as session:
        variable = v1.get_variable("v", init.shape, init.dtype, init, **kind)
        session.run(v1.global_variables_initializer())
        return session.run(variable)


MODES = [
    pytest.param(lambda init: init().numpy(), id="again"),
    pytest.param(lambda init: tf.function(init)().numpy(), id="function"),
    pytest.param(lambda init: tf.function(lambda: init(init.shape, init.dtype))().numpy(), id="function, with shape"),
    pytest.param(_in_session, id="session"),
    pytest.param(lambda init: _as_variable(init, use_resource=False), id="get_variable, ref"),
    pytest.param(lambda init: _as_variable(init, use_resource=True), id="get_variable, resource"),
    pytest.param(lambda init: tf.Variable(init).numpy(), id="Variable"),
]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_gives_the_same(mode: Callable[[Any], Any]) -> None:
    for name, step in (("family.meta", 5), ("partitioned.meta", 1), ("constants.meta", 7), ("orthogonals.meta", 5)):
        found = _read(name)
        chosen = {variable: found[variable] for variable in [*found][::step]}
        assert {variable: _bits(mode(init)) for variable, init in chosen.items()} == {
            variable: VALUES[name][variable] for variable in chosen
        }


def test_a_graph_holds_no_state() -> None:
    with tf.Graph().as_default() as graph:
        _read("family.meta")["float32/glorot_uniform"]()
    assert not any(operation.op_def.is_stateful for operation in graph.get_operations())


STATEFUL = {
    "truncated_normal": tf.raw_ops.TruncatedNormal,
    "untruncated_normal": tf.raw_ops.RandomStandardNormal,
    "uniform": tf.raw_ops.RandomUniform,
}


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_integers_of_a_graph(dtype: str, tmp_path: Path, same_bytes: Callable[[Any, Any], None]) -> None:
    path = str(tmp_path / "model.meta")
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(87)
        init = v1.random_uniform_initializer(-5, 2**31 - 1, dtype=dtype)
        variable = v1.get_variable("v", [3, 4], dtype, initializer=init)
        session.run(v1.global_variables_initializer())
        expected = session.run(variable)
        v1.train.export_meta_graph(path)
    found = from_meta_graph(path)["v"]
    same_bytes(found(), expected)
    same_bytes(_in_session(found), expected)
    assert (found.minval, found.maxval, found.dtype.name) == (-5.0, 2.0**31 - 1, dtype)
    same_bytes(PinnedInitializer.from_config(found.get_config())(), expected)


@pytest.mark.parametrize("shape", [(2048, 1100), (0, 3), ()], ids=str)
@pytest.mark.parametrize("distribution", STATEFUL)
def test_the_first_draw_of_the_stateful_op(
    distribution: str, shape: tuple[int, ...], same_bytes: Callable[[Any, Any], None]
) -> None:
    init = PinnedInitializer(distribution, (87, -12), shape, "float32", ((0.3, -0.7),))
    tf.random.set_seed(1)  # Which starts the op's stream again.
    drawn = STATEFUL[distribution](shape=tf.constant(shape, tf.int32), dtype=tf.float32, seed=87, seed2=-12)
    same_bytes(init(), drawn * 0.3 - 0.7)
    same_bytes(_in_session(init), init())


# --- What is known of a draw -----------------------------------------------------------------------------------------


def test_attributes() -> None:
    found = _read("family.meta")
    normal, uniform = found["bfloat16/truncated_normal"], found["float64/random_uniform"]
    assert (normal.distribution, normal.shape, normal.dtype) == ("truncated_normal", (3, 5), tf.bfloat16)
    assert (normal.mean, normal.stddev, normal.minval, normal.maxval) == (0.5, 0.10009765625, None, None)
    assert (uniform.mean, uniform.stddev, uniform.minval, uniform.maxval) == (None, None, -0.05, 0.05)
    assert found["float32/untruncated"].distribution == "untruncated_normal"
    assert {init.seeds.seed for init in found.values()} == {87}
    assert len({init.seeds.seed2 for init in found.values()}) == len(found)
    odd = found["float32/odd_uniform"]
    assert (odd.minval, odd.maxval) == (float(np.float32(0.1)), float(np.float32(0.3)))


def test_attributes_of_a_partitioned_variable() -> None:
    found = _read("partitioned.meta")
    whole = found["columns"]
    assert isinstance(whole, PartitionedInitializer)
    assert (whole.shape, whole.dtype, whole.axis, whole.distribution) == ((3, 6), tf.float32, 1, "truncated_normal")
    assert whole.parts == (found["columns/part_0"], found["columns/part_1"])
    assert whole.seeds == tuple(part.seeds for part in whole.parts)
    assert whole.stddev == float(np.float32(0.1))
    parts = tuple(PinnedInitializer("uniform", (1, 2), (2,), scaling=((width, 0.0),)) for width in (1.0, 2.0))
    assert (PartitionedInitializer(parts).maxval, PartitionedInitializer(parts).minval) == (None, 0.0)


def test_attributes_of_constants() -> None:
    found: Any = _read("constants.meta")
    assert (found["tenth"].value, found["tenth"].shape, found["tenth"].distribution) == (
        float(np.float32(0.1)),
        (3,),
        "constant",
    )
    assert (found["bool/ones"].value, found["int64/splat"].value, found["uint8/zeros"].value) == (True, 3, 0)
    assert found["float32/array"].value is None
    assert found["three"].distribution == "constant"
    assert {each.seeds for each in found.values()} == {None, (None, None, None)}


def test_attributes_of_orthogonal_matrices() -> None:
    found: Any = _read("orthogonals.meta")
    matrix = found["float64/3x3x2x7/gain"]
    assert (matrix.shape, matrix.dtype, matrix.gain, matrix.draw.shape) == ((3, 3, 2, 7), tf.float64, 1.1, (18, 7))
    assert (matrix.distribution, matrix.seeds, matrix.draw.stddev) == ("orthogonal", matrix.draw.seeds, 1.0)
    assert found["parts"].seeds == (found["parts/part_0"].seeds, found["parts/part_1"].seeds)


def test_two_parts_of_ten_and_more_are_in_the_order_of_their_numbers() -> None:
    whole = _read("partitioned.meta")["scope/resource"]
    assert isinstance(whole, PartitionedInitializer)
    assert [part.shape for part in whole.parts] == [(3, 2)] + [(2, 2)] * 11


LEFT_OUT = [
    ("constants.meta", "identity", "the op MatrixSetDiag"),
    ("constants.meta", "complex", "a constant, but none of real numbers or truth values"),
    ("constants.meta", "text", "a constant, but none of real numbers or truth values"),
    ("constants.meta", "computed", "computed from a constant that is no single number"),
    ("orthogonals.meta", "scaled", "the op Reshape"),
    ("orthogonals.meta", "q_alone", "the op Qr"),
    ("orthogonals.meta", "r_alone", "the op Qr"),
    ("orthogonals.meta", "other_signs", "the op Mul"),
    ("orthogonals.meta", "full", "the op Qr"),
    ("orthogonals.meta", "delta", "the op ScatterNd"),
    ("others.meta", "copy", "depends on a condition: the op Merge"),
    ("others.meta", "read_1", "computed from another variable: the op ReadVariableOp"),
    ("others.meta", "gamma", "the op Maximum"),
    ("others.meta", "python", "the op PyFunc"),
    ("others.meta", "function", "a function, which is not looked into: the op draw"),
    ("others.meta", "cond_2", "depends on a condition: the op Merge"),
    ("unseeded.meta", "float32/untruncated", "it has no seed: TF1 drew different numbers in every run"),
    ("restored.pbtxt", "restored", "restored from a checkpoint: the op RestoreV2"),
    ("restored.pb", "restored", "restored from a checkpoint: the op RestoreV2"),
    ("expressions.meta", "scaled_twice", "scaled, or shifted, twice in a row"),
    ("expressions.meta", "shifted_twice", "scaled, or shifted, twice in a row"),
    ("expressions.meta", "divided", "it is divided"),
    ("expressions.meta", "vector", "the op Mul"),
    ("expressions.meta", "cast_1", "the op Cast"),
    ("expressions.meta", "reshaped", "the op Reshape"),
    ("expressions.meta", "sum", "the op AddV2"),
    ("layers.meta", "embedding/table/ExponentialMovingAverage", "depends on a condition"),
    ("partitioned_without_saver.pb", "equal", "does not say along which axis its parts lie"),
]


@pytest.mark.parametrize(("name", "variable", "reason"), LEFT_OUT)
def test_what_is_left_out(name: str, variable: str, reason: str) -> None:
    found = _read(name)
    assert variable not in found
    assert reason in found.left_out[variable]


# --- The mapping -----------------------------------------------------------------------------------------------------


def test_it_is_a_read_only_mapping() -> None:
    found = _read("others.meta")
    assert isinstance(found, MetaGraphInitializers)
    constants = ["zeros", "ones", "constant", "array"]
    assert list(found) == [*constants, "orthogonal", "whole_numbers", "drawn", "resource", "count"]
    assert repr(found) == "<MetaGraphInitializers of a MetaGraph: 9 variables, 6 left out>"
    assert found.get("no such") is None
    with pytest.raises(TypeError):
        found["drawn"] = found["resource"]  # type: ignore[index]
    with pytest.raises(TypeError):
        found.left_out["drawn"] = ""  # type: ignore[index]


MISSING = [
    ("gamma", "gamma is left out: it is computed otherwise: the op Maximum (node 'random_gamma/Maximum')"),
    ("drawn:0", "No variable of the graph is named 'drawn:0'. Did you mean 'drawn'?"),
    ("quux", "No variable of the graph is named 'quux'."),
]


@pytest.mark.parametrize(("name", "message"), MISSING)
def test_a_missing_key_says_why(name: str, message: str) -> None:
    with pytest.raises(KeyError) as raised:
        _read("others.meta")[name]
    assert raised.value.args == (message,)


# --- Calls -----------------------------------------------------------------------------------------------------------

PINNED = PinnedInitializer("uniform", (87, 12), (3, 4), "float32", ((0.5, -0.25),))
WHOLE = PartitionedInitializer((PINNED, PINNED), 1)
ANY_SHAPE = PinnedInitializer("uniform", (87, 12))

AGREEING = [
    (PINNED, {}),
    (PINNED, {"shape": [3, 4]}),
    (PINNED, {"shape": (3, 4), "dtype": "float32"}),
    (PINNED, {"shape": tf.TensorShape([3, 4]), "dtype": tf.float32}),
    (PINNED, {"shape": np.array([3, 4]), "dtype": np.float32}),
    (PINNED, {"shape": tf.constant([3, 4])}),
    (WHOLE, {"shape": [3, 8], "dtype": "float32"}),
]


@pytest.mark.parametrize(("init", "arguments"), AGREEING)
def test_a_shape_and_a_dtype_that_agree(
    init: Any, arguments: dict[str, Any], same_bytes: Callable[[Any, Any], None]
) -> None:
    same_bytes(init(**arguments), init())


DISAGREEING = [
    (PINNED, {"shape": [4, 3]}, r"`shape` must be \[3, 4\], which the graph holds, or None. Received: \(4, 3\)"),
    (PINNED, {"shape": 12}, r"Received: \(12,\)"),
    (PINNED, {"shape": [None, 4]}, r"`shape` must be \[3, 4\].*Received: \(None, 4\)"),
    (PINNED, {"dtype": "float64"}, "`dtype` must be float32, .* Received: float64"),
    (WHOLE, {"shape": [3, 4]}, r"`shape` must be \[3, 8\]"),
    (WHOLE, {"dtype": tf.bfloat16}, "`dtype` must be float32"),
    (ANY_SHAPE, {}, "does not hold the shape of this draw. Pass it"),
    (ANY_SHAPE, {"shape": [None]}, r"`shape` must be fully known. Received: \(None,\)"),
]


@pytest.mark.parametrize(("init", "arguments", "message"), DISAGREEING)
def test_a_shape_or_a_dtype_that_disagrees(init: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        init(**arguments)


def test_without_a_stored_shape_each_call_names_it(same_bytes: Callable[[Any, Any], None]) -> None:
    same_bytes(ANY_SHAPE([3, 4]), PinnedInitializer("uniform", (87, 12), (3, 4))())


BAD = [
    ({"distribution": "normal"}, r"`distribution` must be one of \('truncated_normal', .* Received: 'normal'"),
    ({"seeds": (0, 0)}, "not both 0"),
    ({"seeds": (2**63, 0)}, "two ints of 64 bits"),
    ({"dtype": "int8"}, r"`dtype` must be one of \['float16', .* Received: int8"),
    ({"dtype": "int32"}, r"`scaling` must be one pair for integers.* Received: \(\)"),
]


BAD_CONSTANTS = [
    (([], [3]), "`values` must be a flat list of one number or more, .* Received: 0 numbers"),
    (([[1.0]], [1]), "Received: 1 numbers in 2 dimensions"),
    (([1, 2, 3], [2]), "Received: 3 numbers in 1 dimensions, shape"),
    (([1], [2], "complex64"), r"`dtype` must be one of \['float16', .* Received: complex64"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_CONSTANTS)
def test_bad_constants(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PinnedConstant(*arguments)


BAD_MATRICES = [
    ((PinnedInitializer("uniform", (1, 2), (3, 4)), (3, 4)), r"sides of a matrix .* Received: \(3, 4\)"),
    ((PinnedInitializer("uniform", (1, 2), (4,)), (4,)), r"sides of a matrix .* Received: \(4,\)"),
    ((PinnedInitializer("uniform", (1, 2), (4, 3), "float16"), (4, 3)), "of float32 or float64. Received: float16"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_MATRICES)
def test_bad_matrices(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PinnedOrthogonal(*arguments)


@pytest.mark.parametrize(("change", "message"), BAD)
def test_bad_arguments(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PinnedInitializer(**{"distribution": "uniform", "seeds": (1, 2), **change})


BAD_PARTS = [
    pytest.param((PINNED, ANY_SHAPE), 0, id="a part without shape"),
    pytest.param((PINNED, PINNED), 2, id="no such axis"),
    pytest.param((PINNED, PinnedInitializer("uniform", (1, 2), (4, 4))), 1, id="sizes that differ beside the axis"),
    pytest.param((PINNED, PinnedInitializer("uniform", (1, 2), (3, 4), "float64")), 0, id="two dtypes"),
    pytest.param((), 0, id="no parts"),
]


@pytest.mark.parametrize(("parts", "axis"), BAD_PARTS)
def test_parts_that_do_not_fit(parts: Any, axis: int) -> None:
    with pytest.raises(ValueError, match="`parts` must be draws of one dtype whose shapes are equal but for `axis`"):
        PartitionedInitializer(parts, axis)


@pytest.mark.parametrize(
    "name", ["family.meta", "partitioned.meta", "expressions.meta", "constants.meta", "orthogonals.meta"]
)
def test_configurations_are_exact_and_plain(name: str) -> None:
    for init in _read(name).values():
        config = json.loads(json.dumps(init.get_config()))
        assert type(init).from_config(config) == init


def test_a_constant_takes_no_more_room_than_the_file(tmp_path: Path) -> None:
    with tf.Graph().as_default() as graph:
        v1.get_variable("v", initializer=np.float32([1.0, 2.0]), use_resource=False, validate_shape=False)
    graph_def = graph.as_graph_def()
    (node,) = [node for node in graph_def.node if node.op == "Const"]
    tensor = node.attr["value"].tensor
    tensor.tensor_shape.dim[0].size = 10**15
    for content, reason in ((b"", None), (tensor.tensor_content, "or it is damaged")):
        tensor.tensor_content = content
        (tmp_path / "damaged.pb").write_bytes(graph_def.SerializeToString())
        found: Any = from_meta_graph(tmp_path / "damaged.pb")
        if reason is None:
            assert (found["v"].shape, found["v"].value) == ((10**15,), 0.0)
        else:
            assert reason in found.left_out["v"]
