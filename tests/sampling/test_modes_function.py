"""`tf.function` and what is built on it: every call has the bits of the installed TensorFlow's own initializer."""

from __future__ import annotations

import contextlib
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf
from regimes import DISTRIBUTIONS, DROP_IN, ORIGINAL, SAMPLERS, SEEDS, Make, bits, distributions, dtypes, seeds
from regimes import check_program as check

import compat_v1_init
from compat_v1_init._tensorflow import VERSION

if TYPE_CHECKING:
    from pathlib import Path

Program = Callable[[Make], list[Any]]


@pytest.fixture(autouse=True)
def _unseeded_afterwards() -> Iterator[None]:
    yield
    tf.random.set_seed(None)


@seeds
@distributions
@dtypes
@pytest.mark.one_of("distribution")
def test_every_call(dtype: Any, distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializers = [make(1.7, mode, distribution, seed[1], dtype) for mode in ("fan_in", "fan_out", "fan_avg")]
        call = tf.function(lambda: [initializer([5, 3]) for initializer in initializers])
        return [call() for _ in range(4)]

    assert len(set(check(program, seed[0]))) >= 4


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_two_sites_in_one_function(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        one, other = (make(distribution=distribution, seed=seed[1]) for _ in range(2))
        call = tf.function(lambda: [one([2, 3]), other([2, 3]), one([2, 3]), one([4])])
        return [call() for _ in range(3)]

    check(program, seed[0])


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_nested_function_called_twice(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=seed[1])
        inner = tf.function(lambda: initializer([2, 3]))
        middle = tf.function(lambda: [inner(), inner(), initializer([2, 3])])
        outer = tf.function(lambda: [inner(), middle(), middle(), inner()])
        # Called directly, too: the state of an inlined call is the site's, not the function's.
        return [outer(), inner(), outer(), middle(), inner(), middle(), outer()]

    check(program, seed[0])


def _not_inlined(body: Callable[[], Any]) -> Any:
    if VERSION >= (2, 13):
        return tf.function(body, experimental_attributes={"_noinline": True})
    for module in ("eager.function", "eager.polymorphic_function.quarantine"):
        with contextlib.suppress(ImportError, AttributeError):
            defun = importlib.import_module(f"tensorflow.python.{module}").defun_with_attributes
            return defun(body, attributes={"_noinline": True})
    raise NotImplementedError


@seeds
def test_uninlined_function(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])
        inner = _not_inlined(lambda: initializer([2, 3]))
        outer = tf.function(lambda: [inner(), inner(), initializer([2, 3])])
        return [outer(), inner(), outer(), inner(), outer()]

    check(program, seed[0])


@seeds
def test_large_and_int64_shapes(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])
        call = tf.function(lambda: [initializer([512, 520]), initializer([3])])
        return [call() for _ in range(3)]

    check(program, seed[0])


@distributions
@pytest.mark.parametrize("dtype", [tf.float16, tf.float32], ids=lambda dtype: dtype.name)
def test_underflow_and_signs_of_zero(dtype: Any, distribution: str) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(1e-12, "fan_in", distribution, 3, dtype)
        call = tf.function(lambda: initializer([40, 50]))
        return [call(), call()]

    check(program)


@seeds
def test_cond(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])

        @tf.function
        def call(flag: Any) -> Any:
            return tf.cond(flag, lambda: initializer([3, 2]), lambda: -initializer([3, 2]))

        return [call(tf.constant(flag)) for flag in (True, False, True, True, False, False, True)]

    check(program, seed[0])


@seeds
def test_switch_case(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])

        @tf.function
        def call(index: Any) -> Any:
            return tf.switch_case(index, [lambda f=f: f * initializer([3, 2]) for f in (1.0, 2.0, 3.0)])

        return [call(tf.constant(index)) for index in (0, 1, 2, 2, 1, 0, 0)]

    check(program, seed[0])


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_while_loop(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=seed[1])

        @tf.function
        def call() -> Any:
            def body(i: Any, found: Any) -> Any:
                return i + 1, found.write(2 * i, initializer([2, 3])).write(2 * i + 1, initializer([2, 3]))

            found = tf.TensorArray(tf.float32, 8, element_shape=[2, 3])
            loop = tf.while_loop(lambda i, _: i < 4, body, [0, found], parallel_iterations=1)
            return loop[1].stack(), initializer([2, 3])

        return [call() for _ in range(3)]

    check(program, seed[0])


@seeds
def test_autograph(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])

        @tf.function
        def call(n: Any) -> Any:
            total = tf.zeros([2, 3])
            for i in tf.range(n):
                # With more than one iteration at a time the original itself races for the order of the draws.
                tf.autograph.experimental.set_loop_options(parallel_iterations=1)
                if i % 2 == 0:
                    total = 2.0 * total + initializer([2, 3])
                else:
                    total = -total
                    total = total - initializer([2, 3])
                while tf.reduce_sum(total) < 0.0:
                    total = total + tf.abs(initializer([2, 3]))
            return total

        return [call(tf.constant(n)) for n in (3, 1, 4, 2)]

    check(program, seed[0])


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_variables_lifted_out_of_the_function(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=seed[1])
        state: list[Any] = []

        @tf.function
        def call() -> Any:
            if not state:
                state.append(tf.Variable(lambda: initializer([3, 2])))
                state.append(tf.Variable(initializer([3, 2])))
            return state[0] + 0.0, state[1] + 0.0, initializer([3, 2])

        return [call(), call(), initializer([3, 2]), *state]

    check(program, seed[0])


@seeds
@pytest.mark.one_of("seed")
def test_set_seed_after_tracing(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])
        inner = tf.function(lambda: initializer([3, 2]))
        outer = tf.function(lambda: [inner(), initializer([3, 2]), inner()])
        result = []
        for restart in (seed[0], 5, seed[0]):
            result += [inner(), inner(), outer(), outer(), inner()]
            tf.random.set_seed(restart)
        return [*result, inner(), outer()]

    if seed[0] is not None or seed[1] is not None:
        check(program, seed[0])


@seeds
@pytest.mark.one_of("seed")
def test_clear_session_after_tracing(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])
        call = tf.function(lambda: [initializer([3, 2]), initializer([3, 2])])
        result = [call(), call()]
        tf.keras.backend.clear_session()
        return [*result, call(), call()]

    check(program, seed[0])


def test_retracing() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        call = tf.function(lambda x: x + initializer([3, 2]))
        arguments = [0.0, tf.zeros([]), tf.zeros([3, 2]), 1.0, tf.zeros([1]), 0.0, tf.zeros([3, 2])]
        return [call(argument) for argument in arguments]

    check(program)


def test_concrete_functions() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        call = tf.function(lambda: initializer([3, 2]))
        one, other = call.get_concrete_function(), call.get_concrete_function()
        return [one(), other(), call(), one()]

    check(program)


def test_wrap_function() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        wrapped = tf.compat.v1.wrap_function(lambda: initializer([3, 2]), [])
        return [wrapped(), wrapped(), wrapped()]

    check(program)


def test_neighbouring_random_ops_keep_their_seeds() -> None:
    def program(make: Make) -> list[Any]:
        def body() -> list[Any]:
            first = [tf.random.normal([3]), make()([3]), tf.random.uniform([3]), make(distribution="uniform")([3])]
            return [*first, tf.random.truncated_normal([3])]

        call = tf.function(body)
        return [call(), call(), tf.random.normal([3]), make()([3]), tf.function(body)()]

    check(program)


def test_run_functions_eagerly() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        call = tf.function(lambda: [initializer([3, 2]), initializer([3, 2])])
        result = [call()]
        tf.config.run_functions_eagerly(True)
        try:
            result += [call(), call()]
        finally:
            tf.config.run_functions_eagerly(False)
        return [*result, call(), initializer([3, 2])]

    check(program)


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_dataset_map(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=seed[1])
        dataset = tf.data.Dataset.range(4).map(lambda _: (initializer([3, 2]), initializer([3, 2])))
        # Each iterator starts anew with the original; so here.
        return [*dataset, *dataset, *dataset.repeat(2)]

    check(program, seed[0])


def test_dataset_map_twice_and_batched() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        draw = tf.function(lambda: initializer([3]))
        dataset = tf.data.Dataset.range(6).map(lambda _: draw()).map(lambda x: x + draw()).batch(2)
        return [*dataset, draw(), *dataset]

    check(program)


def test_map_fn() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        call = tf.function(lambda x: tf.map_fn(lambda y: y + initializer([2]), x, parallel_iterations=1))
        return [call(tf.zeros([4])), call(tf.zeros([5]))]

    check(program)


def test_gradients_pass() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)

        @tf.function
        def call(x: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.reduce_sum(x * initializer([3, 2]))
            return y, tape.gradient(y, x)

        return [call(tf.ones([3, 2])) for _ in range(3)]

    check(program)


class Saved(tf.Module):
    def __init__(self, make: Make, op_seed: int | None) -> None:
        super().__init__()
        self.initializer = make(seed=op_seed)
        self.uniform = make(distribution="uniform", seed=op_seed)

    @tf.function(input_signature=[])
    def draw(self) -> Any:
        return self.initializer([3, 2])

    @tf.function(input_signature=[tf.TensorSpec([], tf.int32)])
    def mixed(self, n: Any) -> Any:
        total = self.initializer([3, 2]) + 3.0 * self.initializer([3, 2])
        for _ in tf.range(n):
            tf.autograph.experimental.set_loop_options(parallel_iterations=1)
            total = 2.0 * total + self.uniform([3, 2])
        return total


LOADER = """
import sys
import tensorflow as tf

for path in sys.argv[1:]:
    module = tf.saved_model.load(path)
    for call in "dmddmmd":
        value = module.draw() if call == "d" else module.mixed(3)
        print(value.numpy().tobytes().hex())
assert "compat_v1_init" not in sys.modules
"""


@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.one_of("seed")
def test_saved_model(tmp_path: Path, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        path = str(tmp_path / ("original" if make is ORIGINAL else "drop_in"))
        module = Saved(make, seed[1])
        result = [module.draw(), module.mixed(2)]
        tf.saved_model.save(module, path)
        result.append(module.draw())
        for _ in range(2):
            loaded = tf.saved_model.load(path)
            result += [loaded.draw(), loaded.mixed(3), loaded.draw(), loaded.draw(), loaded.mixed(2), module.draw()]
        return result

    check(program, seed[0])
    paths = [str(tmp_path / name) for name in ("original", "drop_in")]
    done = subprocess.run(
        [sys.executable, "-c", LOADER, *paths], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.split()
    assert len(lines) == 14
    assert lines[7:] == lines[:7]


def test_one_function_called_twice_by_a_loaded_one_goes_on_in_one_stream(tmp_path: Path) -> None:
    """The documented difference: TensorFlow names the tables of a loaded function, so they outlive their kernels."""

    class Twice(tf.Module):
        def __init__(self, make: Make) -> None:
            super().__init__()
            self.initializer = make(seed=3)

        @tf.function(input_signature=[])
        def once(self) -> Any:
            return self.initializer([3, 2])

        @tf.function(input_signature=[])
        def twice(self) -> Any:
            return self.once(), self.once()

    def places(make: Make) -> list[int]:
        path = str(tmp_path / make.__module__)
        tf.random.set_seed(1)
        tf.saved_model.save(Twice(make), path)
        loaded = tf.saved_model.load(path)
        initializer = ORIGINAL(seed=3)
        stream = [bits(initializer([3, 2])) for _ in range(6)]
        return [stream.index(bits(tensor)) for _ in range(2) for tensor in loaded.twice()]

    assert places(ORIGINAL) == [0, 0, 1, 1]
    assert sorted(places(DROP_IN)) == [0, 1, 2, 3]


@pytest.mark.parametrize(("loads", "expected"), [(1, [0, 1, 2, 3]), (2, [0, 0, 1, 1])])
def test_a_loaded_function_called_directly_and_by_its_signature(
    loads: int, expected: list[int], tmp_path: Path
) -> None:
    """The documented difference, and the way round: load once for each way to call."""

    class Draws(tf.Module):
        def __init__(self, make: Make) -> None:
            super().__init__()
            self.initializer = make(seed=3)

        @tf.function(input_signature=[])
        def draw(self) -> Any:
            return {"y": self.initializer([3, 2])}

    def places(make: Make) -> list[int]:
        path = str(tmp_path / make.__module__)
        tf.random.set_seed(1)
        module = Draws(make)
        tf.saved_model.save(module, path, signatures=module.draw)
        models = [tf.saved_model.load(path) for _ in range(loads)]
        initializer = ORIGINAL(seed=3)
        stream = [bits(initializer([3, 2])) for _ in range(4)]
        ways = [models[0].draw, models[-1].signatures["serving_default"]]
        return [stream.index(bits(way()["y"])) for _ in range(2) for way in ways]

    assert places(ORIGINAL) == [0, 0, 1, 1]
    assert places(DROP_IN) == expected


def test_saved_model_in_a_session(tmp_path: Path) -> None:
    def run(make: Make) -> list[bytes]:
        path = str(tmp_path / ("original" if make is ORIGINAL else "drop_in"))
        tf.saved_model.save(Saved(make, 3), path)
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            loaded = tf.saved_model.load(path)
            fetches = [loaded.draw(), loaded.mixed(3)]
            return [array.tobytes() for _ in range(3) for array in session.run(fetches)]

    assert run(DROP_IN) == run(ORIGINAL)


@pytest.mark.parametrize("where", ["eager", "session"])
def test_a_graph_is_built_after_a_saved_model_was_loaded(tmp_path: Path, where: str) -> None:
    # TensorFlow writes a loaded function anew under its old name, for the whole process.
    path = str(tmp_path)
    tf.saved_model.save(Saved(DROP_IN, 3), path)
    with tf.Graph().as_default() if where == "session" else contextlib.nullcontext():
        tf.saved_model.load(path).draw()

    def run(make: Make) -> list[bytes]:
        initializer = make(seed=3)
        draw = lambda: initializer([3, 2])  # noqa: E731
        with tf.Graph().as_default() as graph, tf.compat.v1.Session(graph=graph) as session:
            fetches = [tf.cond(tf.compat.v1.placeholder_with_default(True, []), draw, draw), draw()]
            return [array.tobytes() for _ in range(2) for array in session.run(fetches)]

    assert run(DROP_IN) == run(ORIGINAL)


def test_equal_draws_are_not_merged() -> None:
    # Merged, the sum would be rounded once instead of twice.
    def program(make: Make) -> list[Any]:
        initializer = make(distribution="uniform", seed=3)
        function = tf.function(lambda: initializer([30, 20]) + 3.0 * initializer([30, 20]))
        return [function(), function()]

    check(program, 87)


@seeds
def test_without_the_graph_optimizer(seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=seed[1])
        inner = tf.function(lambda: initializer([2, 3]))
        outer = tf.function(lambda: [inner(), inner(), initializer([2, 3])])
        return [outer(), inner(), outer(), inner()]

    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    try:
        check(program, seed[0])
    finally:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})


def test_saved_model_unseeded(tmp_path: Path) -> None:
    tf.random.set_seed(None)
    module = Saved(DROP_IN, None)
    tf.saved_model.save(module, str(tmp_path))
    found = [bits(module.draw())]
    for _ in range(2):
        loaded = tf.saved_model.load(str(tmp_path))
        found += [bits(loaded.draw()), bits(loaded.draw()), bits(loaded.mixed(2))]
    assert len(set(found)) == 7


@distributions
def test_unseeded_is_fresh_at_every_run(distribution: str) -> None:
    tf.random.set_seed(None)
    initializer = DROP_IN(distribution=distribution)
    inner = tf.function(lambda: initializer([3, 2]))

    @tf.function
    def call() -> Any:
        found = tf.TensorArray(tf.float32, 3, element_shape=[3, 2])
        for i in tf.range(3):
            found = found.write(i, initializer([3, 2]))
        loop = tf.unstack(found.stack(), 3)
        return inner(), inner(), initializer([3, 2]), initializer([3, 2]), loop

    found = [bits(tensor) for _ in range(4) for tensor in tf.nest.flatten(call())]
    found += [bits(inner()) for _ in range(4)]
    tf.random.set_seed(None)
    found += [bits(tensor) for tensor in tf.nest.flatten(call())]
    found += [bits(element) for _ in range(2) for element in tf.data.Dataset.range(3).map(lambda _: inner())]
    assert len(found) == 28 + 4 + 7 + 6
    assert len(set(found)) == len(found)


def test_no_sampler_is_left_in_a_function() -> None:
    initializers = [DROP_IN(distribution=distribution, seed=3) for distribution in DISTRIBUTIONS]
    concrete = tf.function(lambda: [initializer([3, 2]) for initializer in initializers]).get_concrete_function()
    definition = concrete.graph.as_graph_def()
    nodes = [*definition.node, *(node for function in definition.library.function for node in function.node_def)]
    assert not SAMPLERS & {node.op for node in nodes}


def test_gradients_by_a_tensor_width() -> None:
    """Tapes and forward accumulators see the ops of a draw."""

    def values(normal: Callable[..., Any]) -> list[Any]:
        width = tf.Variable(2.0)
        draw = tf.function(lambda: normal([3], stddev=width, seed=3))

        @tf.function
        def inside() -> Any:
            with tf.GradientTape() as tape, tf.autodiff.ForwardAccumulator(width, tf.constant(1.0)) as forward:
                y = normal([3], mean=width, stddev=2.0 * width, seed=3)
            return y, tape.gradient(y, width), forward.jvp(y)

        with tf.GradientTape() as tape, tf.autodiff.ForwardAccumulator(width, tf.constant(1.0)) as forward:
            y = draw()
        return [bits(value) for value in (*inside(), y, tape.gradient(y, width), forward.jvp(y))]

    assert values(compat_v1_init.random.normal) == values(tf.compat.v1.random_normal)


@pytest.mark.parametrize("debugger", ["check_numerics", "FULL_HEALTH", "FULL_TENSOR"])
def test_debuggers(tmp_path: Path, debugger: str) -> None:
    def program(make: Make) -> list[Any]:
        initializers = [make(seed=seed) for seed in range(7)]
        call = tf.function(lambda: [initializer([2, 3]) for initializer in initializers])
        return [call() for _ in range(3)]

    if debugger == "check_numerics":
        tf.debugging.enable_check_numerics()
    else:
        tf.debugging.experimental.enable_dump_debug_info(str(tmp_path), tensor_debug_mode=debugger)
    try:
        check(program)
    finally:
        tf.debugging.disable_check_numerics()
        tf.debugging.experimental.disable_dump_debug_info()
