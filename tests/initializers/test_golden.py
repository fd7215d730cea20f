"""Every value that TensorFlow 1.15.5 drew is drawn again: `golden/make_golden.py` made the file and tells its format.

`golden/make_golden_namespace.py` made the rows whose names begin with "n": of all that is not variance scaling.

A seed that TensorFlow 1 took from the number of ops in the graph is in the file, and is given to the drop-in by hand:
TensorFlow 2 counts the random ops instead, so its original does not repeat those rows either.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from running import TESTS
from tensorflow.python.ops import init_ops, variable_scope

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

v1 = tf.compat.v1

GOLDEN = TESTS / "golden"
sys.path.append(str(GOLDEN))
from compare_golden import FMA, MULTIPLY_MATRICES, NEED_FMA, differences  # noqa: E402

RECORD = json.loads((GOLDEN / "golden_tf1_15_5.json").read_text(encoding="utf-8"))
NAMESPACE = json.loads((GOLDEN / "namespace_tf1_15_5.json").read_text(encoding="utf-8"))
SIGNATURES = json.loads((GOLDEN / "namespace_signatures.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for record in (RECORD, NAMESPACE) for case in record["cases"]}

# Rows that cannot be replayed, each with its reason. None is known.
NOT_COMPARABLE: dict[str, str] = {}

RUNS = ("s1r1", "s1r2", "s2r1")
SAMPLERS = (
    "StatelessTruncatedNormalV2",
    "StatelessRandomNormalV2",
    "StatelessRandomUniformV2",
    "StatelessRandomUniformIntV2",
)

# --- The builders of make_golden.py, for the drop-in -----------------------------------------------------------------


class _Maker:
    """Makes the initializers of a case; `seed_next` sets the op seed of the next draw where the file names it."""

    def __init__(self, case: dict[str, Any], cls: Callable[..., Any]) -> None:
        self._args = {name: value for name, value in case["args"].items() if name != "make"}
        if "dtype" in self._args:
            self._args["dtype"] = tf.as_dtype(self._args["dtype"])
        self._cls = cls
        by_graph_alone = case["op_seed"] is None and case["graph_seed"] is not None and "ops" in case
        self._seeds: Iterator[int] | None = iter([op[2] for op in case["ops"]]) if by_graph_alone else None

    def new(self) -> Callable[..., Any]:
        init = self._cls(**self._args)
        if self._seeds is None:
            return init  # type: ignore[no-any-return]

        # A real parameter: get_variable looks for it before it passes it.
        def seeded(shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
            init.seed = next(self._seeds)  # type: ignore[arg-type]
            return init(shape, dtype=dtype, partition_info=partition_info)

        return seeded

    def draw(self, call: dict[str, Any]) -> Any:
        """Returns what a sampler gives."""
        args = {**self._args, **_dtype(call)}
        args.update({name: tf.constant(args[name], args["dtype"]) for name in call.get("tensors", ())})
        if self._seeds is not None:
            args["seed"] = next(self._seeds)
        return self._cls(call["shape"], **args)


def _dtype(call: dict[str, Any]) -> dict[str, Any]:
    return {"dtype": tf.as_dtype(call["dtype"])} if call.get("dtype") else {}


def _call(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    return [maker.new()(call["shape"], **_dtype(call))]


def _call_pinfo(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    info = variable_scope._PartitionInfo(full_shape=call["full_shape"], var_offset=call["var_offset"])
    return [maker.new()(call["shape"], **_dtype(call), partition_info=info)]


def _get_variable(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    variable = v1.get_variable(
        "v", shape=call["shape"], **_dtype(call), initializer=maker.new(), use_resource=call.get("use_resource")
    )
    return [variable.read_value()]


def _get_variable_part(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    partitioner = v1.fixed_size_partitioner(call["num_shards"], axis=call.get("axis", 0))
    variable = v1.get_variable(
        "v", shape=call["shape"], **_dtype(call), initializer=maker.new(), partitioner=partitioner
    )
    return [shard.read_value() for shard in list(variable)]


def _two_ops(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    init = maker.new()
    return [init(shape, **_dtype(call)) for shape in call["shapes"]] + [maker.new()(call["shapes"][0], **_dtype(call))]


def _other_ops_first(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    for number in range(call["n_other"]):
        tf.constant(number)
    return _call(maker, call)


def _sampler(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    return [maker.draw(call) for _ in range(call.get("times", 1))]


def _variable(maker: _Maker, call: dict[str, Any]) -> Sequence[Any]:
    return [v1.Variable(maker.draw(call)).read_value()]


BUILDERS = {
    "call": _call,
    "call_pinfo": _call_pinfo,
    "contrib": _call,
    "get_variable": _get_variable,
    "get_variable_part": _get_variable_part,
    "other_ops_first": _other_ops_first,
    "sampler": _sampler,
    "two_ops": _two_ops,
    "variable": _variable,
}

# --- Replay ----------------------------------------------------------------------------------------------------------


def _build_and_run(case: dict[str, Any], cls: Callable[..., Any]) -> tuple[tf.Graph, dict[str, list[Any]]]:
    """Returns the graph of a case, and for each of `RUNS` the arrays that it gave."""
    runs: dict[str, list[Any]] = {}
    with tf.Graph().as_default() as graph:
        if case["graph_seed"] is not None:
            v1.set_random_seed(case["graph_seed"])
        outs = BUILDERS[case["kind"]](_Maker(case, cls), case["call"])
        assert [out.dtype.base_dtype.name for out in outs] == [out["dtype"] for out in case["outs"]]
        start = v1.global_variables_initializer()
        for session_name, names in (("s1", ("s1r1", "s1r2")), ("s2", ("s2r1",))):
            assert all(name.startswith(session_name) for name in names)
            with v1.Session(config=v1.ConfigProto(intra_op_parallelism_threads=2)) as session:
                for name in names:
                    session.run(start)
                    runs[name] = session.run(outs)
    return graph, runs


@functools.lru_cache(maxsize=1)
def _stored() -> Any:
    return {
        key: array
        for name in ("golden_tf1_15_5.npz", "namespace_tf1_15_5.npz")
        for key, array in np.load(GOLDEN / name).items()
    }


def _bits(array: Any) -> Any:
    array = np.ascontiguousarray(array)
    return array.view(np.uint16) if array.dtype.name == "bfloat16" else array


def _sampled(array: Any) -> Any:
    """Returns the elements that are stored of a large array, as make_golden.py picks them."""
    n = array.size
    picked = (np.arange(min(n, 48)), np.linspace(0, n - 1, 65).astype(np.int64), np.arange(max(0, n - 16), n))
    return array.ravel()[np.unique(np.concatenate(picked))]


def _compare_with_record(case: dict[str, Any], runs: dict[str, list[Any]]) -> None:
    for k, recorded in enumerate(case["outs"]):
        for name in RUNS:
            array = runs[name][k]
            assert list(array.shape) == recorded["shape"]
            bits, run = _bits(array), recorded["runs"][name]
            if run["key"] is not None:
                expected = _stored()[run["key"]]
                found = bits if recorded["full"] else _sampled(bits)
                assert found.dtype == expected.dtype
                # First the values, which say more than a hash when they differ.
                assert found.tobytes() == expected.tobytes(), (k, name, found, expected)
            assert hashlib.sha256(bits.tobytes()).hexdigest() == run["sha256"], (k, name)


def _compare_ops_with_record(case: dict[str, Any], graph: tf.Graph) -> None:
    """In a graph each draw's key is a constant, the recorded `seed`, and its scope has the recorded name."""
    samplers = [op for op in graph.get_operations() if op.type in SAMPLERS]
    found = [tf.get_static_value(op.inputs[1]).tolist() for op in samplers]
    assert found == [[op[1]] for op in case["ops"]]
    assert [op.name.rpartition("/")[0] for op in samplers] == [op[3].rpartition("/")[0] for op in case["ops"]]


def _make_and_call(case: dict[str, Any], cls: Callable[..., Any]) -> None:
    with tf.Graph().as_default():
        outs = BUILDERS[case["kind"]](_Maker(case, cls), case["call"])
        with v1.Session() as session:
            session.run(outs)


def _cls(case: dict[str, Any]) -> Callable[..., Any]:
    if "make" in case["args"]:
        module = compat_v1_init.random if case["kind"] in ("sampler", "variable") else compat_v1_init.initializers
        return getattr(module, case["args"]["make"])  # type: ignore[no-any-return]
    module = compat_v1_init.contrib if case["kind"] == "contrib" else compat_v1_init
    return module.variance_scaling_initializer  # type: ignore[no-any-return]


def _original(case: dict[str, Any]) -> Callable[..., Any]:
    name = case["args"].get("make", "variance_scaling")
    if case["kind"] in ("sampler", "variable"):
        return getattr(v1.random, name)  # type: ignore[no-any-return]
    return getattr(init_ops, f"{name}_initializer", None) or getattr(init_ops, name)  # type: ignore[no-any-return]


def _text(error: BaseException) -> str:
    # What fails when it runs tells where it was made, and which op it is.
    return getattr(error, "message", str(error)).partition("\n")[0].replace("Stateless", "").replace("IntV2", "Int")


def _replay_error(case: dict[str, Any]) -> str:
    with pytest.raises(Exception) as ours:  # noqa: PT011 - the type is the row's
        _make_and_call(case, _cls(case))
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever the original raises
        _make_and_call(case, _original(case))
    assert type(ours.value) is type(theirs.value)
    assert _text(ours.value) == _text(theirs.value)
    if type(ours.value).__name__ == case["error"].partition(":")[0]:
        return "error of the recorded type"
    return "error of the installed TensorFlow's type"


@functools.cache
def replay(name: str) -> str:
    """Replays a row and returns its class; raises AssertionError where a byte differs."""
    case = CASES[name]
    if name in NOT_COMPARABLE:
        return "not comparable"
    if "error" in case:
        return _replay_error(case)
    graph, runs = _build_and_run(case, _cls(case))
    _compare_ops_with_record(case, graph)
    if name in MULTIPLY_MATRICES or (name in NEED_FMA and not FMA):
        _, original = _build_and_run(case, _original(case))
        for run in RUNS:
            assert [a.tobytes() for a in runs[run]] == [a.tobytes() for a in original[run]]
        return "compared with the original, whose bytes depend on the CPU"
    _compare_with_record(case, runs)
    if case["op_seed"] is None and case["ops"]:
        return "same bytes, op seed from the record"
    return "same bytes"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(case, id=f"{case}-{CASES[case]['kind']}", marks=[pytest.mark.slow] if number % 3 else [])
        for number, case in enumerate(CASES)
    ],
)
def test_row(name: str) -> None:
    assert replay(name) in EXPECTED


# --- Guards ----------------------------------------------------------------------------------------------------------

EXPECTED = Counter(
    {
        "same bytes": 313 + 395 - len(MULTIPLY_MATRICES) - (0 if FMA else 12),
        "same bytes, op seed from the record": 16 + 50,
        "compared with the original, whose bytes depend on the CPU": len(MULTIPLY_MATRICES) + (0 if FMA else 12),
        "error of the recorded type": 6 + 19,
        "error of the installed TensorFlow's type": 0,
        "not comparable": 0,
    }
)


@pytest.mark.slow
def test_every_row_ran() -> None:
    """Rows that another test has replayed are not replayed again, and whatever was deselected is replayed here."""
    classes = Counter(replay(name) for name in CASES)
    assert sum(classes.values()) == 335 + 464
    assert +classes == +EXPECTED


def test_the_record_is_whole() -> None:
    assert (RECORD["tf"], RECORD["numpy"], RECORD["python"]) == ("1.15.5", "1.18.5", "3.7.16")
    assert [case["id"] for case in RECORD["cases"]] == [f"c{number:04d}" for number in range(335)]
    assert (NAMESPACE["tf"], NAMESPACE["numpy"], NAMESPACE["python"]) == ("1.15.5", "1.18.5", "3.7.16")
    assert [case["id"] for case in NAMESPACE["cases"]] == [f"n{number:04d}" for number in range(464)]
    assert set(NOT_COMPARABLE) <= set(CASES)
    assert Counter(case["kind"] for case in RECORD["cases"]) == {
        "call": 254,
        "contrib": 36,
        "get_variable": 15,
        "get_variable_part": 12,
        "call_pinfo": 6,
        "other_ops_first": 6,
        "two_ops": 6,
    }
    assert Counter(case["kind"] for case in NAMESPACE["cases"]) == {
        "call": 290,
        "sampler": 130,
        "get_variable": 19,
        "get_variable_part": 10,
        "variable": 10,
        "two_ops": 5,
    }
    # Every stored array is one that a row compares.
    keys = [run["key"] for case in CASES.values() for out in case.get("outs", ()) for run in out["runs"].values()]
    assert sorted(key for key in keys if key) == sorted(_stored())


def test_rows_that_need_fma_are_large_float64_normals() -> None:
    for name in NEED_FMA:
        assert CASES[name]["call"]["dtype"] == "float64"
        assert "uniform" not in (CASES[name]["args"].get("distribution"), CASES[name]["args"].get("make"))
        assert CASES[name]["outs"][0]["full"] is False


def test_a_changed_byte_is_seen() -> None:
    """The comparison can fail."""
    case = CASES["c0000"]
    _, runs = _build_and_run(case, _cls(case))
    _compare_with_record(case, runs)
    runs["s2r1"][0][0, 0] = np.nextafter(runs["s2r1"][0][0, 0], np.float32(1))
    with pytest.raises(AssertionError):
        _compare_with_record(case, runs)


def test_golden_data_made_anew_are_compared_byte_by_byte(tmp_path: Path) -> None:
    """The command of the nox task `golden`, on the stored data and on a copy that differs in one array and one seed."""
    stored, made = GOLDEN / "golden_tf1_15_5", tmp_path / "made"
    assert differences(stored, stored) == []
    arrays = dict(np.load(stored.with_suffix(".npz")))
    arrays["c0000_0_s1r2"] = -arrays["c0000_0_s1r2"]
    np.savez(made.with_suffix(".npz"), **arrays)
    record = json.loads(stored.with_suffix(".json").read_text(encoding="utf-8"))
    record["cases"][1]["ops"][0][2] += 1
    made.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    found = differences(made, stored)
    assert [line.partition(":")[0] for line in found] == ["c0000_0_s1r2", "c0001"]
