"""TensorFlow's own tools and ways to run a step give the same with the drop-in's graph as with the original's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from regimes import bits
from tensorflow.core.protobuf import rewriter_config_pb2
from tensorflow.python.debug.lib import debug_data
from tensorflow.python.debug.wrappers import dumping_wrapper
from tensorflow.python.framework import subscribe
from tensorflow.python.grappler import cluster, item, tf_optimizer
from tensorflow.python.tools import saved_model_cli
from test_graph_readers import ROWS, SIDES, Side, exported, layer

v1 = tf.compat.v1
Tool = Callable[[Side, Path], Any]
TOOLS: dict[str, Tool] = {}


def tool(function: Tool) -> Tool:
    TOOLS[function.__name__.replace("_", " ").strip()] = function
    return function


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_tool(name: str, tmp_path: Path) -> None:
    def used(side: Side) -> Any:
        (tmp_path / side.initializer.__module__).mkdir()
        with tf.Graph().as_default():
            v1.set_random_seed(87)
            return TOOLS[name](side, tmp_path / side.initializer.__module__)

    original, drop_in = map(used, SIDES)
    assert original
    assert drop_in == original


def steps(session: Any, y: Any, x: Any = "x:0", times: int = 3) -> list[Any]:
    return [bits(session.run(y, {x: ROWS})) for _ in range(times)]


def started(side: Side, noise: str = "dynamic") -> tuple[Any, Any, Any]:
    x, y = layer(side, noise)
    session = v1.Session()
    session.run(v1.global_variables_initializer())
    return session, x, y


@tool
def import_meta_graph_with_import_scope(side: Side, folder: Path) -> Any:
    layer(side, "dynamic")
    meta = v1.train.export_meta_graph(str(folder / "graph.meta"), clear_devices=True, strip_default_attrs=True)
    assert meta.graph_def.node
    with tf.Graph().as_default(), v1.Session() as session:
        v1.train.import_meta_graph(str(folder / "graph.meta"), import_scope="deep/er")
        session.run(v1.global_variables_initializer())
        return steps(session, "deep/er/y:0", "deep/er/x:0")


@tool
def extract_sub_graph(side: Side, _: Path) -> Any:
    layer(side, "static")
    noise = side.normal([2], seed=5, name="alone")
    part = v1.graph_util.extract_sub_graph(v1.get_default_graph().as_graph_def(), [noise.op.name])
    with tf.Graph().as_default(), v1.Session() as session:
        (copy,) = tf.import_graph_def(part, return_elements=[noise.name])
        return [bits(session.run(copy)) for _ in range(3)]


@tool
def saved_model_cli_shows_and_runs(side: Side, folder: Path) -> Any:
    path = exported(side, folder, "dynamic")
    saved_model_cli._show_all(path)
    outputs = []
    for _ in range(2):
        saved_model_cli.run_saved_model_with_feed_dict(
            path, "serve", "serving_default", {"x": ROWS}, str(folder), overwrite_flag=True
        )
        outputs.append(bits(np.load(folder / "y.npy")))
    return outputs


@tool
def a_walker_makes_each_node_again(side: Side, _: Path) -> Any:
    session, _, _ = started(side)
    frozen = v1.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), ["y"])
    with tf.Graph().as_default() as graph, v1.Session() as session:
        for node in frozen.node:
            names = [name for name in node.input if name[0] != "^"]
            inputs = [graph.as_graph_element(name if ":" in name else f"{name}:0") for name in names]
            waits = [graph.as_graph_element(name[1:]) for name in node.input if name[0] == "^"]
            with tf.control_dependencies(waits):
                op = tf.Graph._create_op_internal(graph, node.op, inputs, name=f"{node.name}/", attrs=dict(node.attr))
            assert op.name == node.name
        return steps(session, "y:0")


@tool
def a_dumping_debugger(side: Side, folder: Path) -> Any:
    session, x, y = started(side)
    watched = dumping_wrapper.DumpingDebugWrapperSession(session, str(folder / "dump"))
    found = steps(watched, y, x)
    dump = debug_data.DebugDumpDir(str(next(iter(sorted((folder / "dump").iterdir())))))
    return found, [bits(each) for each in dump.get_tensors("y", 0, "DebugIdentity")]


@tool
def a_supervisor(side: Side, folder: Path) -> Any:
    x, y = layer(side, "dynamic")
    found = []
    for _ in range(2):  # The second one restores the first one's variables.
        supervisor = v1.train.Supervisor(logdir=str(folder), save_model_secs=0, summary_op=None, global_step=None)
        with supervisor.managed_session() as session:
            found += steps(session, y, x)
            supervisor.saver.save(session, supervisor.save_path)
    return found


@tool
def a_monitored_session_recovers(side: Side, _: Path) -> Any:
    class Aborts(v1.train.SessionRunHook):
        runs = 0

        def after_run(self, *_: Any) -> None:
            Aborts.runs += 1
            if Aborts.runs == 3:
                raise tf.errors.AbortedError(None, None, "a worker is gone")

    x, y = layer(side, "dynamic")
    v1.train.get_or_create_global_step()
    with v1.train.MonitoredTrainingSession(hooks=[Aborts()], log_step_count_steps=None) as session:
        return steps(session, y, x, 5), Aborts.runs


@tool
def a_callable(side: Side, _: Path) -> Any:
    session, x, y = started(side)
    call, plain = session.make_callable(y, [x]), session.make_callable([side.normal([2], seed=9)])
    return [bits(value) for _ in range(3) for value in (call(ROWS), plain()[0])]


@tool
def a_step_in_parts(side: Side, _: Path) -> Any:
    session, x, y = started(side, "static")
    fed = v1.placeholder(tf.float32, [])
    scaled = y * fed
    found = []
    for _ in range(3):
        handle = session.partial_run_setup([y, scaled], [x, fed])
        found += [bits(session.partial_run(handle, y, {x: ROWS})), bits(session.partial_run(handle, scaled, {fed: 2}))]
    return found + steps(session, y, x)


@tool
def a_traced_step_within_a_time_limit(side: Side, _: Path) -> Any:
    session, x, y = started(side)
    options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE, timeout_in_ms=60_000, output_partition_graphs=True)
    metadata = v1.RunMetadata()
    found = [bits(session.run(y, {x: ROWS}, options, metadata)) for _ in range(2)]
    assert metadata.step_stats.dev_stats
    assert metadata.partition_graphs
    return found + steps(session, y, x)


@tool
def the_optimizer_by_itself(side: Side, _: Path) -> Any:
    _, y = layer(side, "dynamic")
    v1.add_to_collection("train_op", y)
    v1.add_to_collection("train_op", v1.global_variables_initializer())
    config = v1.ConfigProto()
    config.graph_options.rewrite_options.min_graph_nodes = -1
    config.graph_options.rewrite_options.meta_optimizer_iterations = rewriter_config_pb2.RewriterConfig.TWO
    meta = v1.train.export_meta_graph()
    optimized = tf_optimizer.OptimizeGraph(config, meta)
    assert item.Item(meta).IdentifyImportantOps()
    assert cluster.Cluster(disable_detailed_stats=True).ListDevices()
    with tf.Graph().as_default(), v1.Session() as session:
        tf.import_graph_def(optimized, name="")
        session.run("init")
        return steps(session, "y:0")


@tool
def a_graph_in_an_event_file(side: Side, folder: Path) -> Any:
    layer(side, "dynamic")
    init = v1.global_variables_initializer()
    v1.summary.FileWriter(str(folder), v1.get_default_graph()).close()
    events = list(v1.train.summary_iterator(str(next(folder.iterdir()))))
    (text,) = (event.graph_def for event in events if event.graph_def)
    with tf.Graph().as_default(), v1.Session() as session:
        tf.import_graph_def(v1.GraphDef.FromString(text), name="")
        session.run(init.name)
        return steps(session, "y:0")


@tool
def a_builder_with_a_main_op(side: Side, folder: Path) -> Any:
    session, _, _ = started(side)
    builder = v1.saved_model.Builder(str(folder / "saved"))
    main = v1.global_variables_initializer()
    builder.add_meta_graph_and_variables(session, ["train"], main_op=main, strip_default_attrs=True)
    builder.add_meta_graph(["serve"], clear_devices=True)
    builder.save()
    found = []
    for tag in ("train", "serve"):
        with tf.Graph().as_default(), v1.Session() as session:
            v1.saved_model.load(session, [tag], str(folder / "saved"))
            found += steps(session, "y:0")
    return found


@tool
def queue_runners(side: Side, _: Path) -> Any:
    drawn = side.normal([3], seed=4)
    batch = v1.train.batch([drawn], 4, num_threads=1)
    with v1.Session() as session:
        coordinator = v1.train.Coordinator()
        threads = v1.train.start_queue_runners(session, coordinator)
        found = [bits(session.run(batch)) for _ in range(5)]
        coordinator.request_stop()
        session.run(v1.get_default_graph().get_operation_by_name("batch/fifo_queue_Close_1").name)
        coordinator.join(threads, stop_grace_period_secs=20)
    return found


@tool
def subscribers(side: Side, _: Path) -> Any:
    x, y = layer(side, "dynamic")
    noise = side.normal([2], seed=3)
    seen: list[Any] = []
    (watched,) = subscribe.subscribe([noise], lambda t: [v1.py_func(lambda v: seen.append(bits(v)), [t], [])])
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        return [bits(session.run(watched)) for _ in range(3)], seen, steps(session, y, x)


@tool
def handles_of_tensors(side: Side, _: Path) -> Any:
    session, x, y = started(side)
    handle = session.run(v1.get_session_handle(y), {x: ROWS})
    return bits(handle.eval()), steps(session, y, x)


@tool
def the_profiler_counts_parameters(side: Side, _: Path) -> Any:
    layer(side, "dynamic")
    options = v1.profiler.ProfileOptionBuilder.trainable_variables_parameter()
    options["output"] = "none"
    return v1.profiler.profile(v1.get_default_graph(), cmd="scope", options=options).total_parameters


@tool
def an_import_that_replaces_an_input(side: Side, _: Path) -> Any:
    layer(side, "dynamic")
    init = v1.global_variables_initializer()
    graph_def = init.graph.as_graph_def()
    with tf.Graph().as_default(), v1.Session() as session:
        other = v1.placeholder(tf.float32, [None, 4])
        y, start = tf.import_graph_def(graph_def, {"x:0": other * 2.0}, ["y:0", init.name], name="copy")
        session.run(start)
        return steps(session, y, other)


@tool
def threads_of_one_callable(side: Side, _: Path) -> Any:
    session, x, y = started(side, "static")
    call = session.make_callable(y, [x])
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.extend(bits(call(ROWS)) for _ in range(5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


@tool
def tflite_from_a_session(side: Side, _: Path) -> Any:
    x = v1.placeholder(tf.float32, [2, 4])
    y = x @ v1.get_variable("w", [4, 3], initializer=side.initializer(seed=1))
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        model = v1.lite.TFLiteConverter.from_session(session, [x], [y]).convert()
    reader = tf.lite.Interpreter(model_content=model)
    reader.allocate_tensors()
    reader.set_tensor(reader.get_input_details()[0]["index"], ROWS)
    reader.invoke()
    return bits(reader.get_tensor(reader.get_output_details()[0]["index"]))


@tool
def variables_restored_by_import_and_saver(side: Side, folder: Path) -> Any:
    session, _, _ = started(side)
    v1.train.Saver().save(session, str(folder / "model"))
    with tf.Graph().as_default(), v1.Session() as session:
        saver = v1.train.import_meta_graph(str(folder / "model.meta"), clear_devices=True)
        saver.restore(session, str(folder / "model"))
        return steps(session, "y:0")
