"""Files that are damaged, hostile, or something else: one sentence, in bounded time and memory."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf
from running import TESTS

from compat_v1_init import MetaGraphInitializers, from_meta_graph

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1

FOLDER = TESTS / "meta_graphs"


def _one_sentence(error: BaseException) -> str:
    text = str(error)
    assert text.endswith(".")
    assert "\n" not in text
    return text


# --- Which file it is ------------------------------------------------------------------------------------------------


def test_what_it_is_is_told_by_what_it_holds(tmp_path: Path) -> None:
    for name, kind in [
        ("family.meta", "MetaGraph"),
        ("restored.pbtxt", "MetaGraph"),
        ("plain.pb", "GraphDef"),
        ("plain.pbtxt", "GraphDef"),
    ]:
        copy = tmp_path / "file"
        copy.write_bytes((FOLDER / name).read_bytes())
        assert from_meta_graph(copy).kind == kind
    as_text = tmp_path / "saved_model.pbtxt"
    as_text.write_text(
        '# A comment.\nsaved_model_schema_version: 1\nmeta_graphs { graph_def { node { name: "x" op: "NoOp" } } }\n'
    )
    with pytest.raises(ValueError, match="is a SavedModel, but there are no variables in it"):
        from_meta_graph(tmp_path)


def test_a_saved_model_is_a_folder_or_its_file() -> None:
    from_folder, from_file = (from_meta_graph(FOLDER / path) for path in ("saved_model", "saved_model/saved_model.pb"))
    assert from_folder.kind == "SavedModel"
    assert dict(from_folder) == dict(from_file) == dict(from_meta_graph(str(FOLDER / "saved_model"), tags={"train"}))
    assert dict(from_folder) != dict(from_meta_graph(FOLDER / "saved_model", tags=["serve"]))


TAGS = [
    (["eval"], r"no graph in it has the tags \['eval'\]; there are \['serve'\], \['train'\]"),
    ([], r"no graph in it has the tags \[\]"),
    ("train", r"`tags` must be a collection of strings, for example \['train'\]. Received: 'train'"),
]


@pytest.mark.parametrize(("tags", "message"), TAGS)
def test_tags_of_no_graph(tags: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_meta_graph(FOLDER / "saved_model", tags=tags)


def test_several_graphs_without_one_for_training(tmp_path: Path) -> None:
    data = (FOLDER / "saved_model" / "saved_model.pb").read_bytes()
    (tmp_path / "saved_model.pb").write_bytes(data.replace(b"train", b"other"))
    with pytest.raises(
        ValueError, match=r"2 graphs in it have variables; name one by its tags: \['serve'\], \['other'\]"
    ):
        from_meta_graph(tmp_path)


OTHER_FILES = [
    pytest.param("empty.meta", b"", "or it is damaged: it is empty", id="empty"),
    pytest.param("model.ckpt.index", b"\0\0\1\2", "its graph is in model.ckpt.meta", id="index of a checkpoint"),
    pytest.param("model.ckpt-7.data-00000-of-00001", b"\0" * 9, "its graph is in model.ckpt-7.meta", id="data of one"),
    pytest.param("checkpoint", b'model_checkpoint_path: "m"\n', "graphs are in the .meta files beside it", id="list"),
    pytest.param("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(100), "is not a TF1 MetaGraph, GraphDef or", id="HDF5"),
    pytest.param("model.keras", b"PK\3\4" + bytes(100), "is not a TF1 MetaGraph, GraphDef or SavedModel", id="zip"),
    pytest.param("train.py", b"import tensorflow as tf\n", "is not a TF1 MetaGraph", id="program"),
    pytest.param("odd.pbtxt", b"node { name: ", "begins as a GraphDef in text, but it is damaged: 1:", id="text, cut"),
    pytest.param("odd.pbtxt", b"node { quux: 1 }", "it is damaged: 1:8", id="text of another message"),
    pytest.param("odd.pbtxt", b"node { name: '\xff' }", "it is damaged: 'utf-8'", id="text in another encoding"),
    pytest.param("odd.pbtxt", b"library { }", "is not a TF1 MetaGraph", id="text without nodes"),
    pytest.param("odd.pb", b"\x0a\x00" * 100_000, "is not a TF1 MetaGraph", id="nodes of no bytes"),
    pytest.param(
        "odd.pb", b"\x0a\xff\xff\xff\xff\x7f" + bytes(50), "is not a TF1 MetaGraph", id="a length beyond the end"
    ),
]


@pytest.mark.parametrize(("name", "data", "message"), OTHER_FILES)
def test_other_files(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text follows
        from_meta_graph(tmp_path / name)
    assert message in _one_sentence(raised.value)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        from_meta_graph(tmp_path / "no such.meta")
    with pytest.raises(ValueError, match=r"is a folder without a saved_model\.pb, so it is no SavedModel"):
        from_meta_graph(tmp_path)
    (tmp_path / "model.ckpt.meta").write_bytes(b"")
    with pytest.raises(ValueError, match=r"it holds model\.ckpt\.meta, which may be what is meant"):
        from_meta_graph(tmp_path)
    with pytest.raises(
        ValueError, match=r"is the name of a checkpoint: it is .*model\.ckpt\.meta that holds its graph"
    ):
        from_meta_graph(tmp_path / "model.ckpt")
    with pytest.raises(ValueError, match="is not a file"):
        from_meta_graph("/dev/null")
    large = tmp_path / "large.meta"
    with large.open("wb") as file:
        file.truncate(1 << 31)  # Takes no room on most disks.
    with pytest.raises(ValueError, match="is larger than 2 GiB, which no protobuf file is"):
        from_meta_graph(large)


# --- Damage ----------------------------------------------------------------------------------------------------------


def _read_or_refuse(path: Path, data: bytes) -> MetaGraphInitializers | None:
    path.write_bytes(data)
    try:
        return from_meta_graph(path)
    except ValueError as error:
        _one_sentence(error)
        return None


@pytest.mark.parametrize("name", ["restored.pb", "restored.pbtxt", "saved_model/saved_model.pb"])
def test_cut_anywhere(name: str, tmp_path: Path) -> None:
    whole = (FOLDER / name).read_bytes()
    shorter = [_read_or_refuse(tmp_path / "file", whole[:length]) for length in range(0, len(whole), len(whole) // 150)]
    assert shorter.count(None) > 100
    # What lies behind the graph may be missing; what was read is right.
    expected = dict(from_meta_graph(FOLDER / name, tags=None))
    for found in filter(None, shorter):
        assert {variable: init for variable, init in found.items() if expected.get(variable) == init} == dict(found)


@pytest.mark.parametrize("name", ["restored.pb", "partitioned.meta", "restored.pbtxt", "saved_model/saved_model.pb"])
def test_any_damage_is_refused_or_read(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)  # noqa: S311 - which bytes are damaged
    whole = (FOLDER / name).read_bytes()
    outcomes = []
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 8, 64])):
            place = chance.randrange(len(data))
            change = chance.choice(["set", "delete", "insert", "copy"])
            if change == "set":
                data[place] = chance.randrange(256)
            elif change == "delete":
                del data[place : place + chance.randrange(1, 9)]
            elif change == "insert":
                data[place:place] = chance.randbytes(chance.randrange(1, 9))
            else:
                data[place:place] = data[: chance.randrange(40)]
        outcomes.append(_read_or_refuse(tmp_path / "file", bytes(data)))
    assert None in outcomes


def test_no_bytes_do_harm(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - which bytes
    for _ in range(200):
        assert _read_or_refuse(tmp_path / "file", chance.randbytes(chance.randrange(300))) is None


# --- Hostile graphs --------------------------------------------------------------------------------------------------


def _node(graph: Any, name: str, op: str, *inputs: str, **attributes: Any) -> None:
    node = graph.node.add(name=name, op=op, input=inputs)
    for key, value in attributes.items():
        node.attr[key].CopyFrom(value)


def _scalar(value: float) -> Any:
    return v1.AttrValue(tensor=tf.make_tensor_proto(value, tf.float32))


FLOAT = v1.AttrValue(type=tf.float32.as_datatype_enum)
SHAPE = v1.AttrValue(tensor=tf.make_tensor_proto([2], tf.int32))


def _draw(graph: Any, shape: Any = SHAPE, dtype: Any = FLOAT) -> None:
    _node(graph, "shape", "Const", value=shape)
    _node(graph, "draw", "RandomUniform", "shape", dtype=dtype, seed=v1.AttrValue(i=1), seed2=v1.AttrValue(i=2))


def _found(tmp_path: Path, graph: Any, value: str = "value") -> MetaGraphInitializers:
    _node(graph, "v", "VariableV2", dtype=FLOAT, shape=v1.AttrValue(shape=tf.TensorShape([2]).as_proto()))
    _node(graph, "v/Assign", "Assign", "v", value)
    path = tmp_path / "graph.pb"
    path.write_bytes(graph.SerializeToString())
    begin = time.monotonic()
    found = from_meta_graph(path)
    assert time.monotonic() - begin < 20
    return found


def test_the_graph_that_the_hostile_ones_are_made_of_is_read(tmp_path: Path) -> None:
    graph = v1.GraphDef()
    _draw(graph)
    assert _found(tmp_path, graph, "draw")["v"]().shape == [2]


def _loop_of_identities(graph: Any) -> None:
    _node(graph, "value", "Identity", "other")
    _node(graph, "other", "Identity", "value")


def _loop_of_products(graph: Any) -> None:
    _node(graph, "value", "Mul", "value", "value")


def _loop_of_constants(graph: Any) -> None:
    _draw(graph)
    _node(graph, "factor", "Add", "factor", "factor")
    _node(graph, "value", "Mul", "draw", "factor")


def _long_chain(graph: Any) -> None:
    _draw(graph)
    for number in range(20_000):
        _node(graph, f"n{number}", "Identity", f"n{number - 1}" if number else "draw")
    _node(graph, "value", "Identity", "n19999")


def _exponential_constant(graph: Any) -> None:
    _draw(graph)
    _node(graph, "c0", "Const", value=_scalar(1.0))
    for number in range(1, 1000):
        _node(graph, f"c{number}", "Add", f"c{number - 1}", f"c{number - 1}")
    _node(graph, "value", "Mul", "draw", "c999")


def _exponential_value(graph: Any) -> None:
    _draw(graph)
    _node(graph, "n0", "Identity", "draw")
    for number in range(1, 1000):
        _node(graph, f"n{number}", "Add", f"n{number - 1}", f"n{number - 1}")
    _node(graph, "value", "Identity", "n999")


def _huge_constant(graph: Any) -> None:
    tensor = v1.AttrValue(tensor=tf.make_tensor_proto(1.0))
    tensor.tensor.tensor_shape.CopyFrom(tf.TensorShape([1 << 40, 1 << 20]).as_proto())
    _draw(graph)
    _node(graph, "huge", "Const", value=tensor)
    _node(graph, "value", "Mul", "draw", "huge")


def _scalar_of_many_values(graph: Any) -> None:
    tensor = v1.AttrValue(tensor=tf.make_tensor_proto(1.0))
    tensor.tensor.tensor_content = bytes(4000)
    _draw(graph)
    _node(graph, "factor", "Const", value=tensor)
    _node(graph, "value", "Mul", "draw", "factor")


def _missing_node(graph: Any) -> None:
    _node(graph, "value", "Identity", "not here")


def _no_inputs(graph: Any) -> None:
    _node(graph, "value", "Mul")


def _string_draw(graph: Any) -> None:
    _draw(graph, dtype=v1.AttrValue(type=tf.string.as_datatype_enum))
    _node(graph, "value", "Identity", "draw")


def _two_dtypes(graph: Any) -> None:
    _draw(graph, dtype=v1.AttrValue(type=tf.float64.as_datatype_enum))
    _node(graph, "factor", "Const", value=_scalar(1.0))
    _node(graph, "value", "Mul", "draw", "factor")


HOSTILE = [
    (_loop_of_identities, "more than 32 ops one after the other"),
    (_loop_of_products, "the op Mul"),
    (_loop_of_constants, "the op Mul"),
    (_long_chain, "more than 32 ops one after the other"),
    (_exponential_constant, "the op Mul"),
    (_exponential_value, "the op Add"),
    (_huge_constant, "the op Mul"),
    (_scalar_of_many_values, "the op Mul"),
    (_missing_node, "comes from 'not here', which is not in the file"),
    (_no_inputs, "the op Mul (node 'value') has 0 inputs where it takes 2"),
    (_string_draw, "its dtype, number 7 in the file, is not one of float16, bfloat16, float32, float64"),
    (_two_dtypes, "dtypes of its draw and of the numbers that scale it differ"),
]


@pytest.mark.parametrize(("build", "reason"), HOSTILE, ids=lambda case: getattr(case, "__name__", "")[1:])
def test_hostile_graphs(build: Callable[[Any], None], reason: str, tmp_path: Path) -> None:
    graph = v1.GraphDef()
    build(graph)
    found = _found(tmp_path, graph)
    assert reason in found.left_out["v"]


def _shape(sizes: list[int], declared: int | None = None) -> Any:
    tensor = tf.make_tensor_proto(sizes, tf.int64)
    if declared is not None:
        tensor.tensor_shape.dim[0].size = declared
    return v1.AttrValue(tensor=tensor)


SHAPES = [
    pytest.param(_shape([1 << 40, 1 << 40]), (1 << 40, 1 << 40), id="too many elements"),
    pytest.param(_shape([-5, 3]), (-5, 3), id="a negative size"),
    pytest.param(_shape([2], 1 << 40), (2,), id="more dimensions than there can be: the variable's shape"),
    pytest.param(_shape([2], -1), (2,), id="a negative number of them"),
]


@pytest.mark.parametrize(("shape", "expected"), SHAPES)
def test_odd_shapes(shape: Any, expected: tuple[int, ...], tmp_path: Path) -> None:
    graph = v1.GraphDef()
    _draw(graph, shape=shape)
    init = _found(tmp_path, graph, "draw")["v"]
    assert init.shape == expected
    if expected != (2,):
        with pytest.raises((ValueError, tf.errors.OpError)):
            init()
        with pytest.raises((ValueError, tf.errors.OpError)), tf.Graph().as_default():
            init()


@pytest.mark.parametrize("stddev", [float("nan"), float("inf"), -0.5])
def test_odd_factors(stddev: float, tmp_path: Path) -> None:
    graph = v1.GraphDef()
    _draw(graph)
    _node(graph, "factor", "Const", value=_scalar(stddev))
    _node(graph, "value", "Mul", "factor", "draw")
    assert repr(_found(tmp_path, graph)["v"].get_config()["scaling"]) == repr([[stddev, None]])


def test_two_nodes_of_one_name(tmp_path: Path) -> None:
    graph = v1.GraphDef()
    for _ in range(2):
        _node(graph, "value", "NoOp")
    with pytest.raises(ValueError, match="two of its nodes have the name 'value', which TensorFlow refuses too"):
        _found(tmp_path, graph)


def test_two_ops_that_could_give_the_first_value(tmp_path: Path) -> None:
    graph = v1.GraphDef()
    _draw(graph)
    _node(graph, "w", "VarHandleOp", dtype=FLOAT)
    for name in ("one", "two"):
        _node(graph, name, "AssignVariableOp", "w", "draw")
    _node(graph, "x", "VarHandleOp", dtype=FLOAT)
    found = _found(tmp_path, graph, "draw")
    assert found.left_out["w"] == "2 ops give it values ('one' and others), and nothing says which is first"
    assert found.left_out["x"] == "no op in the graph gives it a first value"
    assert list(found) == ["v"]


def test_many_nodes_take_time_in_proportion(tmp_path: Path) -> None:
    graph = v1.GraphDef()
    _draw(graph)
    for number in range(20_000):
        _node(graph, f"w{number}", "VariableV2")
        _node(graph, f"w{number}/Assign", "Assign", f"w{number}", "draw")
    assert len(_found(tmp_path, graph, "draw")) == 20_001


def test_deep_nesting(tmp_path: Path) -> None:
    path = tmp_path / "deep.pbtxt"
    path.write_text("node { attr { value { func { " + "attr { value { func { " * 5000)
    with pytest.raises(ValueError, match="it is damaged"):
        from_meta_graph(path)
    attribute = v1.AttrValue(i=1)
    for _ in range(300):
        outer = v1.AttrValue()
        outer.list.func.add().attr["x"].CopyFrom(attribute)
        attribute = outer
    graph = v1.GraphDef()
    _node(graph, "value", "NoOp", deep=attribute)
    data = graph.SerializeToString()
    assert _read_or_refuse(path, data) is None
