"""TF1's own mode, Graph and Session: every run has the bits of the installed TensorFlow's own initializer."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from regimes import (
    DISTRIBUTIONS,
    DROP_IN,
    MODES,
    ORIGINAL,
    SAMPLERS,
    SEEDS,
    Bits,
    Make,
    bits,
    distributions,
    dtypes,
    seeds,
)

import compat_v1_init

v1 = tf.compat.v1


def plain_config() -> Any:
    """Returns a configuration without any rewriting of the graph."""
    config = v1.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = v1.OptimizerOptions.L0
    config.graph_options.optimizer_options.do_function_inlining = False
    return config


CONFIGS = [pytest.param(v1.ConfigProto, id="optimized"), pytest.param(plain_config, id="not-optimized")]
configs = pytest.mark.parametrize("config", CONFIGS)


def execute(
    build: Callable[[Make], Any], make: Make, graph_seed: int | None, config: Any = None, target: str = ""
) -> list[Bits]:
    """Builds a graph, then runs its fetches three times in each of two Sessions."""
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(graph_seed)
        fetches = build(make)
        if make is DROP_IN:
            assert not SAMPLERS & operation_types(graph), "a stateful sampler is in the graph"
        found: list[Bits] = []
        for _ in range(2):
            with v1.Session(target, graph=graph, config=config) as session:
                session.run(v1.global_variables_initializer())
                for _ in range(3):
                    found += [bits(array) for array in tf.nest.flatten(session.run(fetches))]
    return found


def operation_types(graph: Any) -> set[str]:
    definition = graph.as_graph_def()
    nodes = [*definition.node, *(node for function in definition.library.function for node in function.node_def)]
    return {node.op for node in nodes if not node.name.startswith("neighbour")}


def check(
    build: Callable[[Make], Any], graph_seed: int | None = 87, config: Any = None, target: str = ""
) -> list[Bits]:
    expected, actual = (execute(build, make, graph_seed, config, target) for make in (ORIGINAL, DROP_IN))
    assert len(actual) == len(expected) > 0
    different = [i for i in range(len(expected)) if actual[i] != expected[i]]
    assert not different, f"draws {different} of {len(expected)} differ"
    return actual


@seeds
@distributions
@dtypes
@pytest.mark.one_of("distribution")
def test_runs_and_sessions(dtype: Any, distribution: str, seed: Any) -> None:
    def build(make: Make) -> Any:
        initializers = [make(1.7, mode, distribution, seed[1], dtype) for mode in MODES]
        return [initializer(shape) for initializer in initializers for shape in ([5, 3], [4], [], [3, 0], [2, 3, 2, 2])]

    check(build, seed[0])


@distributions
@dtypes
def test_underflow(dtype: Any, distribution: str) -> None:
    # A constant mean of 0 is folded away by the graph optimizer or not; both sides meet the same optimizer.
    check(lambda make: make(1e-12, "fan_in", distribution, 3, dtype)([40, 50]))
    check(lambda make: make(1e-12, "fan_in", distribution, 3, dtype)([40, 50]), config=plain_config())


@configs
@seeds
@pytest.mark.one_of("config")
def test_large_draws(config: Any, seed: Any) -> None:
    check(lambda make: [make(seed=seed[1])([512, 520]), make(seed=seed[1])([3])], seed[0], config())


@configs
def test_every_kind_of_shape(config: Any) -> None:
    def build(make: Make) -> Any:
        initializers = [make(distribution=distribution, seed=3) for distribution in DISTRIBUTIONS]
        shapes = [(3, 2), tf.TensorShape([3, 2]), np.array([3, 2])]
        return [initializer(shape) for initializer in initializers for shape in shapes]

    check(build, config=config())


@configs
def test_neighbouring_random_ops_keep_their_seeds(config: Any) -> None:
    def build(make: Make) -> Any:
        fetches = []
        for _ in range(3):
            fetches += [tf.random.normal([3], name="neighbour"), make()([3, 2])]
            fetches += [make(distribution="uniform")([3, 2]), tf.random.uniform([3], name="neighbour")]
            fetches += [make(distribution="untruncated_normal", seed=4)([3, 2])]
        return [*fetches, tf.random.truncated_normal([3], name="neighbour")]

    check(build, config=config())


PARTITIONERS = [
    pytest.param(lambda: None, id="whole"),
    pytest.param(lambda: v1.fixed_size_partitioner(3), id="fixed-size"),
    pytest.param(lambda: v1.fixed_size_partitioner(2, axis=1), id="fixed-size-axis-1"),
    pytest.param(lambda: v1.min_max_variable_partitioner(max_partitions=4, min_slice_size=64), id="min-max"),
    pytest.param(lambda: v1.variable_axis_size_partitioner(80), id="axis-size"),
]


@pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])
@pytest.mark.parametrize("partitioner", PARTITIONERS)
@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.one_of("seed")
def test_get_variable(partitioner: Any, use_resource: bool, seed: Any) -> None:
    def build(make: Make) -> Any:
        fetches = []
        for distribution in DISTRIBUTIONS:
            variable = v1.get_variable(
                distribution,
                [13, 7],
                initializer=make(distribution=distribution, mode="fan_avg", seed=seed[1]),
                partitioner=partitioner(),
                use_resource=use_resource,
            )
            fetches += list(variable) if partitioner() else [variable]
        return [*(tf.identity(part) for part in fetches), *(part.initial_value for part in fetches)]

    check(build, seed[0])


@pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])
def test_variables_initialized_again(use_resource: bool) -> None:
    def build(make: Make) -> Any:
        with v1.variable_scope("scope", initializer=make(seed=3), use_resource=use_resource):
            variable = v1.get_variable("kernel", [4, 3])
        with tf.control_dependencies([variable.initializer]):
            return variable.read_value()

    check(build)


@contextmanager
def control_flow(version: int) -> Iterator[None]:
    (v1.enable_control_flow_v2 if version == 2 else v1.disable_control_flow_v2)()
    try:
        yield
    finally:
        v1.enable_control_flow_v2()


versions = pytest.mark.parametrize("version", [1, 2], ids=["control-flow-v1", "control-flow-v2"])


# With more than one iteration at a time the original itself races for the order of the draws in a loop.
@versions
@configs
@seeds
@pytest.mark.one_of("config")
def test_while_loop(version: int, config: Any, seed: Any) -> None:
    def build(make: Make) -> Any:
        initializer = make(seed=seed[1])
        others = [make(distribution=distribution, seed=seed[1]) for distribution in DISTRIBUTIONS]

        def body(i: Any, found: Any) -> Any:
            return i + 1, tf.concat([found, *(other([1, 2, 3]) for other in others)], 0)

        with control_flow(version):
            start = initializer([1, 2, 3])
            invariants = [tf.TensorShape([]), tf.TensorShape([None, 2, 3])]
            loop = v1.while_loop(lambda i, _: i < 4, body, [0, start], invariants, parallel_iterations=1)[1]
            return [start, loop, initializer([2, 3])]

    check(build, seed[0], config())


@versions
@configs
@seeds
@pytest.mark.one_of("config")
def test_cond(version: int, config: Any, seed: Any) -> None:
    def build(make: Make) -> Any:
        initializer = make(seed=seed[1])
        counter = v1.get_variable("counter", [], tf.int64, v1.zeros_initializer(), use_resource=True)
        turn = counter.assign_add(1)
        with control_flow(version):
            return v1.cond(tf.equal(turn % 2, 0), lambda: initializer([3, 2]), lambda: -initializer([3, 2]))

    check(build, seed[0], config())


@versions
@configs
@pytest.mark.parametrize("seed", [(87, None), (None, 3), (None, None)], ids=["graph-only", "op-only", "unseeded"])
@pytest.mark.one_of("config")
def test_cond_in_a_while_loop(version: int, config: Any, seed: Any) -> None:
    def build(make: Make) -> Any:
        initializer = make(seed=seed[1])

        def body(i: Any, total: Any) -> Any:
            draw = v1.cond(tf.equal(i % 2, 0), lambda: initializer([2, 3]), lambda: 2.0 * initializer([2, 3]))
            return i + 1, tf.concat([total, draw], 0)

        with control_flow(version):
            invariants = [tf.TensorShape([]), tf.TensorShape([None, 3])]
            return v1.while_loop(lambda i, _: i < 5, body, [0, tf.zeros([1, 3])], invariants, parallel_iterations=1)[1]

    if seed == (None, None):
        assert len(set(execute(build, DROP_IN, None, config()))) == 6
    else:
        check(build, seed[0], config())


def exported(build: Callable[[Make], Any], make: Make) -> tuple[Any, list[str]]:
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(87)
        names = [tensor.name for tensor in tf.nest.flatten(build(make))]
        return v1.train.export_meta_graph(graph=graph), names


@configs
@pytest.mark.parametrize("scope", ["", "one"], ids=["no-scope", "one-scope"])
@pytest.mark.parametrize("where", ["plain", "loop", "variable"])
@pytest.mark.one_of("config")
def test_import_meta_graph(config: Any, scope: str, where: str) -> None:
    def model(make: Make) -> Any:
        initializer = make(seed=3)
        if where == "plain":
            return [make(distribution=distribution, seed=3)([3, 2]) for distribution in DISTRIBUTIONS]
        if where == "variable":
            return v1.get_variable("kernel", [3, 2], initializer=initializer).initial_value
        body = lambda i, total: (i + 1, tf.concat([total, initializer([2, 3])], 0))  # noqa: E731
        invariants = [tf.TensorShape([]), tf.TensorShape([None, 3])]
        return v1.while_loop(lambda i, _: i < 3, body, [0, tf.zeros([1, 3])], invariants, parallel_iterations=1)[1]

    def build(make: Make) -> Any:
        meta, names = exported(model, make)
        v1.train.import_meta_graph(meta, import_scope=scope)
        prefix = scope + "/" if scope else ""
        return [v1.get_default_graph().get_tensor_by_name(prefix + name) for name in names]

    check(build, config=config())


@configs
def test_import_graph_def_next_to_a_graph_of_its_own(config: Any) -> None:
    def build(make: Make) -> Any:
        with tf.Graph().as_default() as graph:
            name = make(seed=3)([3, 2]).name
        own = make(seed=3)([3, 2])
        return [own, *tf.graph_util.import_graph_def(graph.as_graph_def(), return_elements=[name])]

    check(build, None, config())


@configs
def test_imports_of_one_graph_into_one_graph_share_a_stream(config: Any) -> None:
    # With the original each import has a stream of its own. docs/promise.md says so.
    def run(make: Make, imports: int, times: int) -> list[Bits]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(87)
            name = make(seed=3)([3, 2]).name
        with tf.Graph().as_default(), v1.Session(config=config()) as session:
            draws = [
                tf.graph_util.import_graph_def(graph.as_graph_def(), return_elements=[name]) for _ in range(imports)
            ]
            return [bits(array) for _ in range(times) for array in tf.nest.flatten(session.run(draws))]

    assert sorted(run(DROP_IN, 3, 2)) == sorted(run(ORIGINAL, 1, 6))


@configs
@distributions
@pytest.mark.one_of("distribution")
def test_without_optimizers_streams_are_still_apart(config: Any, distribution: str) -> None:
    # Equal seeds and shapes: without a state of its own, one of the draws would go on where another one stands.
    check(lambda make: [make(distribution=distribution, seed=3)([3, 2]) for _ in range(5)], config=config())


def waits_by_control_dependency(initializer: Any, first: Any) -> Any:
    with tf.control_dependencies([first]):
        return initializer([3, 2])


def waits_for_its_shape(initializer: Any, first: Any) -> Any:
    rows = 2 + tf.cast(first[0, 0] > 0.0, tf.int32)
    return initializer(tf.stack([rows, 2]), partition_info=SimpleNamespace(full_shape=[3, 2]))


@configs
@pytest.mark.parametrize("wait", [waits_by_control_dependency, waits_for_its_shape], ids=lambda wait: wait.__name__)
@pytest.mark.parametrize("in_a_function", [False, True], ids=["plain", "function"])
@pytest.mark.one_of("config")
def test_draws_that_wait_for_another_draw(config: Any, wait: Callable[[Any, Any], Any], in_a_function: bool) -> None:
    # A lock that is taken before what its draw waits for is there would never be given back.
    limited = config()
    limited.operation_timeout_in_ms = 30_000

    def build(make: Make) -> Any:
        initializer = make(seed=3)

        def draws() -> list[Any]:
            first = initializer([3, 2])
            second = wait(initializer, first)
            return [first, second, wait(initializer, second)]

        return tf.function(draws)() if in_a_function else draws()

    check(build, config=limited)


@pytest.fixture(scope="module")
def server() -> Any:
    return tf.distribute.Server.create_local_server()


def isolated() -> Any:
    return v1.ConfigProto(isolate_session_state=True)


@pytest.mark.parametrize("config", [*CONFIGS, pytest.param(isolated, id="isolated")])
@seeds
@pytest.mark.one_of("config")
def test_grpc_session(server: Any, config: Any, seed: Any) -> None:
    """The resources of a server outlive a Session, so what is named in a graph is reset, or is the Session's alone."""

    def run(make: Make) -> list[Bits]:
        found = []
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(seed[0])
            initializer = make(seed=seed[1])
            variable = v1.get_variable("kernel", [3, 2], initializer=initializer)
            body = lambda i, x: (i + 1, 2.0 * x + initializer([2]))  # noqa: E731
            loop = v1.while_loop(lambda i, _: i < 3, body, [0, tf.zeros([2])], parallel_iterations=1)[1]
            fetches = [initializer([3, 2]), variable.read_value(), initializer([3, 2]), loop]
            for _ in range(2):
                with v1.Session(server.target, graph=graph, config=config()) as session:
                    session.run(variable.initializer)
                    found += [bits(array) for _ in range(3) for array in session.run(fetches)]
                if config is not isolated:
                    v1.Session.reset(server.target)
        return found

    assert run(DROP_IN) == run(ORIGINAL)


@pytest.mark.parametrize("make", [ORIGINAL, DROP_IN], ids=["original", "drop-in"])
def test_on_a_server_a_new_graph_starts_again(server: Any, make: Make) -> None:
    def first() -> Bits:
        with tf.Graph().as_default(), v1.Session(server.target) as session:
            v1.set_random_seed(87)
            return bits(session.run(make(seed=12)([3, 2])))

    assert first() == first()


SCOPES = {
    "second CPU": lambda: v1.device("/cpu:1"),
    "GPU": lambda: v1.device("/gpu:0"),
    "none": contextlib.nullcontext,
    "device function": lambda: v1.device(lambda op: "/cpu:1" if op.type in ("VarHandleOp", "VariableV2") else "/cpu:0"),
}


@pytest.mark.parametrize("first", SCOPES)
@pytest.mark.parametrize("second", SCOPES)
def test_each_variable_stays_on_its_device(first: str, second: str) -> None:
    """What several draws share must not bind the variable of one to the device of another one."""

    def run(make: Make) -> tuple[list[Bits], dict[str, str]]:
        found, places = [], {}
        config = v1.ConfigProto(device_count={"CPU": 2}, allow_soft_placement=True)
        with tf.Graph().as_default() as graph:
            for seed, scope in enumerate((first, second, first)):
                with SCOPES[scope]():
                    v1.get_variable(f"v{seed}", [2, 3], initializer=make(seed=seed))
                    v1.get_variable(f"w{seed}", initializer=2.0 * make(seed=seed)([4]))
            with v1.colocate_with(graph.get_operation_by_name("v1")):
                v1.get_variable("x", [3], initializer=make(seed=9))
            with v1.Session(config=config) as session:
                for _ in range(2):
                    metadata, options = v1.RunMetadata(), v1.RunOptions(output_partition_graphs=True)
                    session.run(v1.global_variables_initializer(), options=options, run_metadata=metadata)
                    found += [bits(array) for array in session.run(v1.global_variables())]
                nodes = [node for part in metadata.partition_graphs for node in part.node]
                places = {node.name: node.device for node in nodes if node.op == "VarHandleOp"}
        return found, places

    original = run(ORIGINAL)
    assert len(original[1]) == 7
    assert run(DROP_IN) == original


@configs
def test_two_sessions_in_turns(config: Any) -> None:
    def run(make: Make) -> list[Bits]:
        with tf.Graph().as_default() as graph:
            fetch = make(seed=3)([3, 2])
        with v1.Session(graph=graph, config=config()) as one, v1.Session(graph=graph, config=config()) as other:
            return [bits(session.run(fetch)) for session in (one, one, other, one, other, other)]

    assert run(DROP_IN) == run(ORIGINAL)


@configs
def test_fetches_in_turns_and_a_graph_that_grows(config: Any) -> None:
    # The original's kernels are kept for the Session: another set of fetches goes on with the same streams.
    def run(make: Make) -> list[Bits]:
        with tf.Graph().as_default() as graph, v1.Session(graph=graph, config=config()) as session:
            a, b = make(seed=3)([3, 2]), make(seed=3)([3, 2])
            found = [session.run(fetch) for fetch in (a, b, [a, b], a, b + 1.0, a * 2.0)]
            c = make(seed=3)([3, 2])
            found += [session.run(fetch) for fetch in (c, a, [a, b, c], a + c)]
            found += [session.make_callable(a)() for _ in range(2)]
            return [bits(array) for array in tf.nest.flatten(found)]

    assert run(DROP_IN) == run(ORIGINAL)


# Not for calls of one `tf.function`: where TensorFlow does not inline them, the original's race for one kernel.
@pytest.mark.parametrize("where", ["cond", "loop"])
def test_other_fetches_and_a_graph_that_grows_around_functions(where: str) -> None:
    # What else is run, or in the graph, says nothing about where the draws inside of a function stand.
    def run(make: Make) -> list[Bits]:
        initializer = make(seed=3)
        draw = lambda: initializer([3, 2])  # noqa: E731
        step = lambda i, _: (i + 1, draw())  # noqa: E731
        sites = {
            "cond": lambda: tf.cond(v1.placeholder_with_default(True, []), draw, draw),
            "loop": lambda: tf.while_loop(lambda i, _: i < 2, step, [0, tf.zeros([3, 2])], parallel_iterations=1)[1],
        }
        with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
            a, b, c = (sites[where]() for _ in range(3))
            found = [session.run([a, b, c]), session.run([a, b, c])]
            draw()
            found += [session.run([a, b, c]), session.run(b), session.run(c), session.run(a)]
            return [bits(array) for array in tf.nest.flatten(found)]

    assert run(DROP_IN) == run(ORIGINAL)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("scope", [None, "layer"], ids=["top", "scope"])
def test_names(distribution: str, scope: str | None) -> None:
    def names(make: Make) -> list[str]:
        with tf.Graph().as_default(), v1.name_scope(scope):
            return [make(distribution=distribution, seed=3)([3, 2]).name for _ in range(3)]

    assert names(DROP_IN) == names(ORIGINAL)
    if scope is None and distribution.endswith("truncated_normal") and not distribution.startswith("un"):
        assert names(DROP_IN)[0] == "truncated_normal:0"


@pytest.mark.parametrize("partitioned", [False, True], ids=["whole", "partitioned"])
def test_names_of_variables_and_their_initial_values(partitioned: bool) -> None:
    def names(make: Make) -> list[str]:
        with tf.Graph().as_default(), v1.variable_scope("layer"):
            partitioner = v1.fixed_size_partitioner(2) if partitioned else None
            v1.get_variable("kernel", [4, 3], initializer=make(seed=3), partitioner=partitioner)
            variables = v1.global_variables()
            return [name for v in variables for name in (v.name, v.initial_value.name, v.initializer.name)]

    assert names(DROP_IN) == names(ORIGINAL)


@configs
@distributions
@pytest.mark.one_of("distribution")
def test_unseeded_never_repeats(config: Any, distribution: str) -> None:
    def build(make: Make) -> Any:
        initializer = make(distribution=distribution)
        body = lambda i, total: (i + 1, tf.concat([total, initializer([2, 3])], 0))  # noqa: E731
        invariants = [tf.TensorShape([]), tf.TensorShape([None, 3])]
        loop = v1.while_loop(lambda i, _: i < 3, body, [0, tf.zeros([0, 3])], invariants)[1]
        return [initializer([2, 3]), initializer([2, 3]), tf.split(loop, 3)]

    found = [*execute(build, DROP_IN, None, config()), *execute(build, DROP_IN, None, config())]
    assert len(set(found)) == len(found) == 60


def test_unseeded_copies_of_a_graph_never_repeat() -> None:
    with tf.Graph().as_default() as graph:
        name = DROP_IN()([3, 2]).name
    with tf.Graph().as_default(), v1.Session() as session:
        copies = [tf.graph_util.import_graph_def(graph.as_graph_def(), return_elements=[name]) for _ in range(3)]
        found = [bits(array) for _ in range(3) for array in tf.nest.flatten(session.run(copies))]
    assert len(set(found)) == 9


def test_shape_known_only_when_the_graph_runs() -> None:
    # Fans need a static shape, so the sampler is reached by shapes from a partition's `full_shape` alone.
    class Partition:
        full_shape = (4, 3)

    def run(make: Make) -> list[Bits]:
        with tf.Graph().as_default() as graph:
            shape = v1.placeholder(tf.int32, [None])
            fetch = make(seed=3)(shape, partition_info=Partition)
        with v1.Session(graph=graph) as session:
            sizes = [[4, 3], [2], [4, 3], [0, 5], [300, 2], [4, 3]]
            return [bits(session.run(fetch, {shape: size})) for size in sizes]

    assert run(DROP_IN) == run(ORIGINAL)


def test_the_position_moves_on_when_the_optimizer_rewrites_the_counter() -> None:
    with tf.Graph().as_default():
        v1.set_random_seed(87)
        initializer = DROP_IN(seed=12)
        with compat_v1_init.options(partitions="slices"):  # takes the counter apart again
            shards = [
                initializer([2, 3], partition_info=SimpleNamespace(full_shape=[4, 3], var_offset=[row, 0]))
                for row in (0, 2)
            ]
        with v1.Session() as session:
            assert len({np.concatenate(session.run(shards)).tobytes() for _ in range(3)}) == 3


@pytest.mark.slow
def test_a_graph_does_not_create_the_eager_context() -> None:
    # It would take the thread pools that the first Session is to configure, and lock what tf.config sets.
    code = """
import tensorflow as tf
import compat_v1_init
v1 = tf.compat.v1
with tf.Graph().as_default():
    for seed in (None, 5):
        for graph_seed in (None, 7):
            v1.set_random_seed(graph_seed)
            for distribution in ("truncated_normal", "untruncated_normal", "uniform"):
                init = compat_v1_init.variance_scaling_initializer(distribution=distribution, seed=seed)
                v1.get_variable(f"v{seed}{graph_seed}{distribution}", [3, 4], initializer=init)
                with compat_v1_init.options(partitions="slices"):
                    name = f"w{seed}{graph_seed}{distribution}"
                    v1.get_variable(name, [5, 3], initializer=init, partitioner=v1.fixed_size_partitioner(2))
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
tf.config.threading.set_intra_op_parallelism_threads(1)
print("before")
compat_v1_init.variance_scaling_initializer()([2])
try:
    tf.config.threading.set_intra_op_parallelism_threads(2)
except RuntimeError:
    print("after")
"""
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=120)
    assert run.stdout.split() == ["before", "after"], run.stderr[-2000:]


def test_a_draw_in_a_cond_leaves_the_variables_where_they_are() -> None:
    """`replica_device_setter` deals variables out in turn, and takes a table for one."""

    def devices(make: Make) -> list[str]:
        with tf.Graph().as_default(), v1.device(v1.train.replica_device_setter(ps_tasks=3)):
            first = v1.get_variable("first", [2], initializer=make(seed=1))
            make(seed=2)([2])
            tf.cond(v1.placeholder(tf.bool, []), lambda: make(seed=2)([2]), lambda: make(seed=3)([2]))
            v1.while_loop(lambda i: i < 3, lambda i: i + v1.to_int32(make(seed=2)([]) < 9.0), [0])
            second = v1.get_variable("second", [2], initializer=make(seed=1))
            return [first.op.device, second.op.device]

    assert devices(DROP_IN) == devices(ORIGINAL)


def frozen_graph() -> Any:
    """Returns the GraphDef of one layer, frozen, with the layer's value."""
    with tf.Graph().as_default() as graph, v1.Session() as session:
        x = v1.placeholder(tf.float32, [1, 3], name="x")
        weights = v1.get_variable("weights", [3, 2], initializer=DROP_IN(seed=1))
        tf.matmul(x, weights, name="y")
        session.run(weights.initializer)
        frozen = v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ["y"])
        return frozen, session.run("y:0", {"x:0": np.ones([1, 3], np.float32)})


@pytest.mark.slow
def test_a_frozen_graph_needs_no_package(tmp_path: Path) -> None:
    frozen, expected = frozen_graph()
    assert {node.op for node in frozen.node} <= {"Placeholder", "Const", "Identity", "MatMul", "ReadVariableOp"}
    (tmp_path / "frozen.pb").write_bytes(frozen.SerializeToString())
    program = f"""
import sys
import numpy as np
import tensorflow as tf
v1 = tf.compat.v1
graph_def = v1.GraphDef.FromString(open({str(tmp_path / "frozen.pb")!r}, "rb").read())
with tf.Graph().as_default() as graph:
    tf.import_graph_def(graph_def, name="")
    with v1.Session() as session:
        value = session.run("y:0", {{"x:0": np.ones([1, 3], np.float32)}})
assert "compat_v1_init" not in sys.modules
sys.stdout.write(value.tobytes().hex())
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)
    assert found.stdout == expected.tobytes().hex()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_tflite_converts_a_frozen_graph_and_a_first_draw(tmp_path: Path) -> None:
    frozen, expected = frozen_graph()
    (tmp_path / "frozen.pb").write_bytes(frozen.SerializeToString())
    converter = v1.lite.TFLiteConverter.from_frozen_graph(str(tmp_path / "frozen.pb"), ["x"], ["y"])
    interpreter = tf.lite.Interpreter(model_content=converter.convert())
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.ones([1, 3], np.float32))
    interpreter.invoke()
    np.testing.assert_allclose(
        interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), expected, rtol=1e-6
    )

    with compat_v1_init.options(stream="first"):
        function = tf.function(lambda: DROP_IN(seed=3)([2])).get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    assert converter.convert()
