"""`compat-v1-init inspect`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from running import TESTS, python

from compat_v1_init import from_meta_graph
from compat_v1_init.__main__ import main
from compat_v1_init._version import __version__

v1 = tf.compat.v1

FOLDER = TESTS / "meta_graphs"


def _lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["inspect", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lines(capsys, str(FOLDER / "others.meta")) == [
        "name           shape   dtype    distribution  values                        density            seeds",
        "zeros          [300]   float32  constant      0.0",
        "ones           [3]     float32  constant      1.0",
        "constant       [3]     float32  constant      0.1",
        "array          [4]     float32  constant      0.0, 1.0, 2.0, 3.0",
        "orthogonal     [3, 3]  float32  orthogonal    gain 1.0                                         3 19",
        "whole_numbers  [3]     int32    uniform       from 0 to 9                   ▁▁▁▁▁▁█████▁▁▁▁▁▁  3 36",
        "drawn          [3, 2]  float32  uniform       from -1.0954452 to 1.0954452  ▁▁▁▁▁▁█████▁▁▁▁▁▁  3 43",
        "resource       [3, 2]  float32  uniform       from -1.0954452 to 1.0954452  ▁▁▁▁▁▁█████▁▁▁▁▁▁  3 77",
        "count          []      int64    constant      1",
        "",
        "left out  why",
        "copy      it depends on a condition: the op Merge (node 'cond/Merge_copy')",
        "read_1    it is computed from another variable: the op ReadVariableOp (node 'Read/ReadVariableOp')",
        "gamma     it is computed otherwise: the op Maximum (node 'random_gamma/Maximum')",
        "python    it is computed otherwise: the op PyFunc (node 'PyFunc')",
        "function  it is computed in a function, which is not looked into: the op draw (node 'draw')",
        "cond_2    it depends on a condition: the op Merge (node 'cond_1/Merge')",
        "",
        "MetaGraph: 15 variables; 4 drawn, 5 constant, 6 left out.",
    ]


ROWS = [
    ("family.meta", "bfloat16/truncated_normal  [3, 5]  bfloat16  truncated_normal    stddev 0.100098, mean 0.5"),
    ("family.meta", "float64/random_uniform     [3, 5]  float64   uniform             from -0.05 to 0.05"),
    ("partitioned.pb", "columns                 [3, 6]   float32  truncated_normal  stddev 0.1"),
    ("partitioned.pb", "of 12 parts"),
]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_rows(name: str, row: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert any(row in line for line in _lines(capsys, str(FOLDER / name)))


def test_one_graph_of_a_saved_model(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [_lines(capsys, str(FOLDER / "saved_model"), "--tags", tag)[1] for tag in ("serve", "train")]
    assert [line.split()[-2] for line in lines] == ["21", "22"]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(FOLDER / "partitioned.meta")
    found = from_meta_graph(path)
    record = json.loads("\n".join(_lines(capsys, path, "--format", "json")))
    assert {key: record[key] for key in ("schema", "tool", "version", "file", "kind")} == {
        "schema": 1,
        "tool": "compat-v1-init",
        "version": __version__,
        "file": path,
        "kind": "MetaGraph",
    }
    assert {row["name"]: row["reason"] for row in record["left_out"]} == found.left_out
    rows = {row["name"]: row for row in record["variables"]}
    assert list(rows) == list(found)
    seed2 = found["columns/part_1"].seeds.seed2  # type: ignore[union-attr]
    assert rows["columns/part_1"] == {
        "name": "columns/part_1",
        "shape": [3, 3],
        "dtype": "float32",
        "distribution": "truncated_normal",
        "mean": 0.0,
        "stddev": 0.10000000149011612,
        "minval": None,
        "maxval": None,
        "gain": None,
        "value": None,
        "seeds": [5, seed2],
        "scaling": [[0.10000000149011612, None]],
        "axis": None,
        "parts": None,
    }
    assert rows["columns"] == {
        **rows["columns/part_1"],
        "name": "columns",
        "shape": [3, 6],
        "seeds": None,
        "scaling": None,
        "axis": 1,
        "parts": ["columns/part_0", "columns/part_1"],
    }


def test_json_of_constants_and_matrices(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads("\n".join(_lines(capsys, str(FOLDER / "others.meta"), "--format", "json")))
    rows = {row["name"]: row for row in record["variables"]}
    told = ("distribution", "value", "gain", "seeds", "scaling")
    assert [rows["ones"][key] for key in told] == ["constant", 1.0, None, None, None]
    assert [rows["array"][key] for key in told] == ["constant", None, None, None, None]
    assert [rows["orthogonal"][key] for key in told] == ["orthogonal", None, 1.0, [3, 19], None]


def test_html(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _lines(capsys, str(FOLDER / "family.meta"))
    page = "\n".join(_lines(capsys, "--format", "html", str(FOLDER / "family.meta")))
    names = [line.split()[0] for line in lines[1:4]]
    for name in names:
        assert f"<td>{name}</td>" in page
    assert page.startswith("<!DOCTYPE html>")


def _graph_with(path: Path, name: str, stddev: float) -> None:
    with tf.Graph().as_default() as graph:
        v1.get_variable("odd", initializer=lambda: tf.random.normal([2], stddev=stddev, seed=1))
        graph_def = graph.as_graph_def()
    next(node for node in graph_def.node if node.name == "odd").name = name
    for node in graph_def.node:
        node.input[:] = [name if reference == "odd" else reference for reference in node.input]
    path.write_bytes(graph_def.SerializeToString())


def test_names_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _graph_with(tmp_path / "odd.pb", "\x1b[2Jname\n\u202e" + "x" * 300, 0.5)
    lines = _lines(capsys, str(tmp_path / "odd.pb"))
    assert lines[1].startswith(r"\x1b[2Jname \u202e" + "x" * 300 + "  [2]")


def test_numbers_that_are_not_finite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _graph_with(tmp_path / "odd.pb", "odd", float("nan"))
    assert "stddev nan" in _lines(capsys, str(tmp_path / "odd.pb"))[1]
    record = json.loads("\n".join(_lines(capsys, str(tmp_path / "odd.pb"), "--format", "json")))
    assert (record["variables"][0]["stddev"], record["variables"][0]["scaling"]) == ("nan", [["nan", None]])


BAD: list[Any] = [
    pytest.param(
        [str(FOLDER / "no such.meta")], "no such.meta cannot be read: No such file or directory", id="missing"
    ),
    pytest.param([str(FOLDER)], "is a folder without a saved_model.pb", id="folder"),
    pytest.param([__file__], "is not a TF1 MetaGraph, GraphDef or SavedModel, or it is damaged.", id="another file"),
    pytest.param([str(FOLDER / "saved_model"), "--tags", "a,b"], "has the tags ['a', 'b']", id="no such tags"),
    pytest.param(["\x1b.meta"], r"\x1b.meta cannot be read", id="control character"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_one_sentence_and_code_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("compat-v1-init: ")
    assert captured.err.count("\n") == 1
    assert message in captured.err


def _run(*arguments: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = ["-m", "compat_v1_init"] if code is None else ["-c", code]
    return python(*command, *arguments, seconds=100)


@pytest.mark.slow
def test_a_process_of_its_own_says_nothing_else() -> None:
    done = _run("inspect", str(FOLDER / "plain.pb"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("GraphDef: 8 variables; 8 drawn, 0 constant, 0 left out.\n")


def test_without_tensorflow() -> None:
    code = "import sys; sys.modules['tensorflow'] = None; from compat_v1_init.__main__ import main; sys.exit(main())"
    done = _run("inspect", str(FOLDER / "plain.pb"), code=code)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "inspect reads files by TensorFlow's own classes" in done.stderr


def test_parts_have_their_own_names_where_variables_share_a_constant(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with tf.Graph().as_default() as graph:
        shared = tf.zeros([3, 2])
        for name in ("before", "whole/part_0", "after"):
            v1.Variable(shared, name=name)
        (tmp_path / "shared.pb").write_bytes(graph.as_graph_def().SerializeToString())
    found = json.loads("\n".join(_lines(capsys, str(tmp_path / "shared.pb"), "--format", "json")))
    assert {each["name"]: each["parts"] for each in found["variables"]}["whole"] == ["whole/part_0"]


@pytest.mark.parametrize("width", [60, 80])
def test_a_narrow_terminal_has_a_row_in_lines(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # As a terminal is, for the table.
    monkeypatch.setenv("COLUMNS", str(width))
    lines = _lines(capsys, str(FOLDER / "layers.meta"))
    assert max(map(len, lines[:-1])) <= width
    at = lines.index("embedding/table")
    assert lines[at + 1].split() == ["shape", "[6,", "3]"]


def test_only_some_names(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _lines(capsys, str(FOLDER / "layers.meta"), "--names", "twice*")
    assert {line.split()[0] for line in lines[1:-2]} == {
        f"twice/{layer}/{weight}" for layer in ("dense", "other") for weight in ("kernel", "bias")
    }
    assert main(["inspect", str(FOLDER / "layers.meta"), "--names", "twise/dense/bias"]) == 2
    assert "Did you mean 'twice/dense/bias'?" in capsys.readouterr().err
