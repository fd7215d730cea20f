"""What reads a graph with draws, or rewrites it, does the same with the drop-in as with the original."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import tensorflow as tf
from regimes import DROP_IN, ORIGINAL, Make, bits
from tensorflow.python.ops.parallel_for.control_flow_ops import pfor
from tensorflow.python.tools import optimize_for_inference_lib, strip_unused_lib

import compat_v1_init

v1 = tf.compat.v1
ROWS = np.ones([2, 4], np.float32)


class Side(NamedTuple):
    """The original or the drop-in: the initializer, and the sampler of noise."""

    initializer: Make
    normal: Callable[..., Any]


SIDES = (Side(ORIGINAL, v1.random_normal), Side(DROP_IN, compat_v1_init.random.normal))


def same(reader: Callable[[Side], Any]) -> None:
    expected, actual = map(reader, SIDES)
    assert actual == expected


def layer(side: Side, noise: str) -> tuple[Any, Any]:
    """Adds x -> y with a drawn kernel, and with noise of a known or unknown size."""
    x = v1.placeholder(tf.float32, [None, 4], name="x")
    with v1.variable_scope("net"):
        y = tf.matmul(x, v1.get_variable("w", [4, 3], initializer=side.initializer(seed=1)))
        if noise != "none":
            y += side.normal([3] if noise == "static" else tf.shape(y), seed=2)
    return x, tf.identity(y, name="y")


def exported(side: Side, folder: Path, noise: str) -> str:
    path = str(folder / side.initializer.__module__)
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(87)
        x, y = layer(side, noise)
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(session, path, {"x": x}, {"y": y})
    return path


noises = pytest.mark.parametrize("noise", ["none", "static", "dynamic"])


@noises
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_v1_saved_model_loads_in_tensorflow_2(noise: str, tmp_path: Path) -> None:
    def read(side: Side) -> Any:
        serve = tf.saved_model.load(exported(side, tmp_path, noise)).signatures["serving_default"]
        return [bits(serve(tf.constant(ROWS))["y"]) for _ in range(3)]

    same(read)


@noises
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_v1_saved_model_loads_in_a_session(noise: str, tmp_path: Path) -> None:
    def read(side: Side) -> Any:
        path = exported(side, tmp_path, noise)
        with tf.Graph().as_default(), v1.Session() as session:
            v1.saved_model.load(session, ["serve"], path)
            return [bits(session.run("y:0", {"x:0": ROWS})) for _ in range(3)]

    same(read)


@pytest.mark.slow
def test_a_program_without_the_package_serves_what_was_exported(tmp_path: Path) -> None:
    paths = [exported(side, tmp_path, "dynamic") for side in SIDES]
    program = """
import sys
import tensorflow as tf
for path in sys.argv[1:]:
    serve = tf.saved_model.load(path).signatures["serving_default"]
    print(*(serve(tf.ones([rows, 4]))["y"].numpy().tobytes().hex() for rows in (2, 3, 1)))
assert "compat_v1_init" not in sys.modules
"""
    run = subprocess.run(
        [sys.executable, "-c", program, *paths], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    expected, actual = run.stdout.splitlines()
    assert actual == expected


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_tflite_converts_a_v1_saved_model_whose_kernel_was_drawn(tmp_path: Path) -> None:
    def read(side: Side) -> Any:
        converter = tf.lite.TFLiteConverter.from_saved_model(exported(side, tmp_path, "none"))
        interpreter = tf.lite.Interpreter(model_content=converter.convert())
        (source,), (result,) = interpreter.get_input_details(), interpreter.get_output_details()
        interpreter.resize_tensor_input(source["index"], ROWS.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(source["index"], ROWS)
        interpreter.invoke()
        return bits(interpreter.get_tensor(result["index"]))

    same(read)


@pytest.mark.parametrize("scope", ["net", "net/inner"])
@noises
def test_a_scope_is_cut_out_and_imported_again(noise: str, scope: str) -> None:
    def read(side: Side) -> Any:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(87)
            side.initializer(seed=3)([2])  # In the top scope: what draws share must not lie there.
            with v1.variable_scope(scope):
                names = [v1.get_variable(name, [4, 3], initializer=side.initializer(seed=1)) for name in "ab"]
                y = tf.reduce_sum(tf.add_n(names))
                if noise != "none":
                    y += side.normal([3] if noise == "static" else v1.placeholder_with_default([3], [None]), seed=2)
                tf.identity(y, name="y")
            meta = v1.train.export_meta_graph(graph=graph, export_scope=scope)
        with tf.Graph().as_default(), v1.Session() as session:
            v1.train.import_meta_graph(meta, import_scope="new")
            session.run(v1.global_variables_initializer())
            return [bits(session.run("new/y:0")) for _ in range(2)]

    same(read)


TOOLS = {
    "optimize_for_inference": lambda g: optimize_for_inference_lib.optimize_for_inference(g, ["x"], ["y"], 1),
    "strip_unused": lambda g: strip_unused_lib.strip_unused(g, ["x"], ["y"], 1),
    "fold_batch_norms": optimize_for_inference_lib.fold_batch_norms,
    "remove_training_nodes": lambda g: v1.graph_util.remove_training_nodes(g, ["y"]),
    "extract_sub_graph": lambda g: v1.graph_util.extract_sub_graph(g, ["y"]),
}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_tools_rewrite_a_frozen_graph_with_noise(tool: str) -> None:
    def read(side: Side) -> Any:
        with tf.Graph().as_default() as graph, v1.Session() as session:
            layer(side, "dynamic")
            session.run(v1.global_variables_initializer())
            frozen = v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ["y"])
        assert not frozen.library.function
        rewritten = TOOLS[tool](frozen)
        with tf.Graph().as_default(), v1.Session() as session:
            tf.import_graph_def(rewritten, name="")
            return [bits(session.run("y:0", {"x:0": ROWS})) for _ in range(2)]

    same(read)


def new_variable(side: Side) -> Any:
    return tf.Variable(side.initializer(seed=1)([2, 3]))


CREATORS: dict[str, Callable[[Side], Any]] = {
    "tf.Variable": new_variable,
    "tf.Variable of a function": lambda side: tf.Variable(lambda: side.initializer(seed=1)([2, 3])),
    "get_variable": lambda side: v1.get_variable("w", [2, 3], initializer=side.initializer(seed=1), use_resource=True),
    "a cond": lambda side: tf.cond(
        tf.constant(True), lambda: side.initializer(seed=1)([2, 3]), lambda: tf.ones([2, 3])
    ),
}


@pytest.mark.parametrize("creator", CREATORS)
@pytest.mark.parametrize("nested", [False, True], ids=["function", "nested"])
def test_a_function_that_a_v1_graph_calls_creates_a_variable(creator: str, nested: bool) -> None:
    def read(side: Side) -> Any:
        with tf.Graph().as_default(), v1.Session() as session:
            kept: list[Any] = []

            @tf.function
            def function() -> Any:
                if not kept:
                    kept.append(CREATORS[creator](side))
                return kept[0] + 0.0 if creator != "a cond" else CREATORS[creator](side) + 0.0

            y = tf.function(function)() if nested else function()
            session.run(v1.global_variables_initializer())
            return bits(session.run(y))

    same(read)


def test_a_graph_is_imported_into_a_function() -> None:
    def read(side: Side) -> Any:
        with tf.Graph().as_default() as graph:
            side.normal([3], seed=2, name="noise")
        function = tf.function(
            lambda: tf.graph_util.import_graph_def(graph.as_graph_def(), return_elements=["noise:0"], name="")[0]
        )
        return [bits(function()) for _ in range(3)]

    same(read)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_wrap_function() -> None:
    def read(side: Side) -> Any:
        tf.random.set_seed(87)
        wrapped = v1.wrap_function(lambda: side.normal([3], seed=2), [])
        return [bits(wrapped()) for _ in range(3)]

    same(read)


def test_vectorized_loops_of_no_rows_and_in_parts() -> None:
    def in_graph(side: Side) -> Any:
        with tf.Graph().as_default(), v1.Session() as session:
            v1.set_random_seed(87)
            initializer, rows = side.initializer(seed=1), v1.placeholder(tf.int32, [])

            def draw(_: Any) -> Any:
                return initializer([2, 3])

            all_at_once, in_parts = pfor(draw, rows), pfor(draw, 7, parallel_iterations=2)
            found = [session.run(all_at_once, {rows: count}) for count in (3, 0, 5, 2)]
            return [*map(bits, found), *(bits(session.run(in_parts)) for _ in range(2))]

    def eagerly(side: Side) -> Any:
        tf.random.set_seed(87)
        initializer = side.initializer(seed=1)
        found = [tf.vectorized_map(lambda x: initializer([2, 3]) + x, tf.zeros([count])) for count in (0, 2)]
        found.append(pfor(lambda _: initializer([2, 3]), 8, parallel_iterations=2))
        return [*map(bits, found)]

    same(in_graph)
    same(eagerly)


def test_names_of_ops_begin_with_the_scope_that_draws() -> None:
    with tf.Graph().as_default() as graph:
        layer(SIDES[1], "dynamic")
        names = [operation.name for operation in graph.get_operations()]
    assert all(name.startswith(("net/", "x", "y", "add")) or name in ("MatMul", "Shape") for name in names), names


OPTIMIZERS = (
    "constant_folding function_optimization loop_optimization dependency_optimization remapping shape_optimization "
    "arithmetic_optimization pin_to_host_optimization layout_optimizer"
)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.split())
def test_each_graph_optimizer_in_its_aggressive_mode(optimizer: str) -> None:
    def read(side: Side) -> Any:
        config = v1.ConfigProto()
        setattr(config.graph_options.rewrite_options, optimizer, 3)
        with tf.Graph().as_default(), v1.Session(config=config) as session:
            v1.set_random_seed(87)
            one, two = (side.normal([64], seed=2) for _ in range(2))
            rows = side.normal(v1.placeholder_with_default([3], [None]), seed=2)
            return [bits(array) for _ in range(3) for array in session.run([one, one + 3.0 * two, two, rows])]

    same(read)


THREE = np.float32(3)
FOLLOWING: dict[str, Callable[[Any, Any], Any]] = {
    "by a constant": lambda x, _: x * THREE * np.float32(0.7),
    "by a value, twice": lambda x, y: x * y * y,
    "by a value and a constant": lambda x, y: x * y * THREE,
    "by a constant and a value": lambda x, y: THREE * x * y,
    "by an array and a constant": lambda x, _: THREE * (x * np.linspace(1, 2, 9, dtype=np.float32).reshape(3, 3)),
    "plus a constant, by a value": lambda x, y: (x + THREE) * y,
    "by itself": lambda x, _: x * x * THREE + x,
    "transposed": lambda x, y: tf.transpose(x) * THREE * y,
}


@pytest.mark.parametrize("following", FOLLOWING)
@pytest.mark.parametrize("distribution", ["truncated_normal", "untruncated_normal", "uniform"])
@pytest.mark.parametrize("where", ["graph", "function", "loop"])
def test_the_optimizer_rounds_what_follows_a_draw_as_after_the_original(
    following: str, distribution: str, where: str
) -> None:
    """It joins products by constants where it can, and so changes their last bit."""

    def read(side: Side) -> Any:
        tf.random.set_seed(9)
        initializer = side.initializer(1.7, distribution=distribution, seed=1)

        def body(value: Any) -> Any:
            return FOLLOWING[following](initializer([3, 3]), value)

        if where == "function":
            return bits(tf.function(body)(tf.constant(1.37)))
        with tf.Graph().as_default(), v1.Session() as session:
            v1.set_random_seed(9)
            value = v1.placeholder_with_default(np.float32(1.37), [])
            if where == "graph":
                return bits(session.run(body(value)))
            step = lambda i, _: (i + 1, body(value))  # noqa: E731
            loop = v1.while_loop(lambda i, _: i < 2, step, [0, tf.zeros([3, 3])], parallel_iterations=1)
            return bits(session.run(loop[1]))

    same(read)
