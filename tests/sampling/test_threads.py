"""Many threads on one stream: together they get the draws of the sequential original, each of them once."""

from __future__ import annotations

import collections
import faulthandler
from collections.abc import Callable, Iterator
from typing import Any

import crowds
import pytest
import tensorflow as tf
from regimes import DROP_IN, ORIGINAL, Make

v1 = tf.compat.v1

THREADS = 8
DRAWS = 25
TIMEOUT = 60.0
KERNELS_ARE_SHARED_AT_ONCE = tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 16)
distributions = pytest.mark.parametrize("distribution", ["truncated_normal", "untruncated_normal", "uniform"])
shapes = pytest.mark.parametrize("shape", [[3, 2], [512, 520]], ids=["small", "large"])
op_seeds = pytest.mark.parametrize("op_seed", [12, None], ids=["op-seed", "no-op-seed"])


@pytest.fixture(autouse=True)
def _large_is_not_very_large(monkeypatch: pytest.MonkeyPatch) -> None:
    # 200 draws of the size from which one buffer is used would take minutes.
    monkeypatch.setattr("compat_v1_init._sampling.eager._LARGE", 2**18)


@pytest.fixture(autouse=True)
def _ends_in_time() -> Iterator[None]:
    # A deadlock inside TensorFlow holds no Python lock that a test could time out on.
    faulthandler.dump_traceback_later(4 * TIMEOUT, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
    tf.random.set_seed(None)


def in_threads(draw: Callable[[], Any], threads: int = THREADS, times: int = DRAWS) -> list[bytes]:
    """Calls `draw` in many threads that start together; returns what all of them got."""
    return [value.tobytes() for value in crowds.in_threads(draw, threads, times, TIMEOUT)]


def of_a_function(call: Callable[[], Any]) -> list[bytes]:
    """Returns what many threads and one more call got of a function."""
    # Before TensorFlow 2.16 each thread that comes before the first call is over gets kernels of its own, with the
    # original too; so there the threads come after it.
    first = [] if KERNELS_ARE_SHARED_AT_ONCE else [call().tobytes()]
    found = first + in_threads(call)
    return found if first else [*found, call().tobytes()]


def check(found: list[bytes], sequential: list[bytes]) -> None:
    repeated = sum(times > 1 for times in collections.Counter(found).values())
    assert not repeated, f"{repeated} draws were handed out more than once"
    assert len(found) == len(sequential)
    assert set(found) == set(sequential)


def times_of(shape: list[int]) -> int:
    return 4 if len(shape) == 2 and shape[0] > 100 else DRAWS


@shapes
@distributions
@pytest.mark.one_of("distribution")
def test_one_eager_stream(distribution: str, shape: list[int]) -> None:
    # The draws are the sequential ones also from the very first on. The original itself may race there: two threads
    # that miss its kernel cache at once each make a kernel, whose streams start alike.
    times = times_of(shape)
    tf.random.set_seed(87)
    initializer = ORIGINAL(distribution=distribution, seed=12)
    sequential = [initializer(shape).numpy().tobytes() for _ in range(THREADS * times)]
    tf.random.set_seed(87)
    initializer = DROP_IN(distribution=distribution, seed=12)
    check(in_threads(lambda: initializer(shape).numpy(), times=times), sequential)


def test_eager_streams_side_by_side() -> None:
    tf.random.set_seed(87)
    kinds = [(name, dtype) for name in ("normal", "uniform") for dtype in (tf.float32, tf.float64)]

    def draw(make: Make) -> Any:
        return tf.concat([tf.cast(make(distribution=n, seed=3, dtype=d)([2]), tf.float64) for n, d in kinds], 0)

    rows = [draw(ORIGINAL).numpy().tobytes() for _ in range(THREADS * 10)]
    tf.random.set_seed(87)
    found = in_threads(lambda: draw(DROP_IN).numpy(), times=10)
    for k in range(4):
        column = slice(16 * k, 16 * k + 16)
        check([row[column] for row in found], [row[column] for row in rows])


def test_unseeded_eager_draws() -> None:
    tf.random.set_seed(None)
    found = in_threads(lambda: DROP_IN()([3, 2]).numpy())
    assert len(set(found)) == THREADS * DRAWS


@op_seeds
@pytest.mark.parametrize("optimized", [True, False], ids=["optimized", "not-optimized"])
@pytest.mark.parametrize("loop", [False, True], ids=["plain", "loop"])
def test_one_session(op_seed: int | None, optimized: bool, loop: bool) -> None:
    config = v1.ConfigProto()
    if not optimized:
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        config.graph_options.optimizer_options.opt_level = v1.OptimizerOptions.L0

    def session(make: Make) -> tuple[Any, Any]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(87)
            initializer = make(seed=op_seed)
            if not loop:
                return v1.Session(graph=graph, config=config), initializer([3, 2])
            body = lambda i, _: (i + 1, initializer([3, 2]))  # noqa: E731
            fetch = v1.while_loop(lambda i, _: i < 1, body, [0, tf.zeros([3, 2])])[1]
            return v1.Session(graph=graph, config=config), fetch

    original, fetch = session(ORIGINAL)
    with original:
        sequential = [original.run(fetch).tobytes() for _ in range(THREADS * DRAWS)]
    drop_in, drop_in_fetch = session(DROP_IN)
    with drop_in:
        check(in_threads(lambda: drop_in.run(drop_in_fetch)), sequential)


@op_seeds
@distributions
@pytest.mark.one_of("distribution")
def test_one_function(op_seed: int | None, distribution: str) -> None:
    def function(make: Make) -> Any:
        tf.random.set_seed(87)
        initializer = make(distribution=distribution, seed=op_seed)
        concrete = tf.function(lambda: initializer([3, 2])).get_concrete_function()
        return lambda: concrete().numpy()

    original = function(ORIGINAL)
    sequential = [original().tobytes() for _ in range(THREADS * DRAWS + 1)]
    check(of_a_function(function(DROP_IN)), sequential)


def test_one_function_traced_by_the_threads() -> None:
    def function(make: Make) -> Any:
        tf.random.set_seed(87)
        initializer = make(seed=12)
        call = tf.function(lambda: initializer([3, 2]))
        return lambda: call().numpy()

    original = function(ORIGINAL)
    sequential = [original().tobytes() for _ in range(THREADS * DRAWS + 1)]
    check(of_a_function(function(DROP_IN)), sequential)


def test_two_sites_of_one_function_run_at_once() -> None:
    def function(make: Make) -> Any:
        tf.random.set_seed(87)
        initializer = make(seed=12)
        concrete = tf.function(lambda: [initializer([3, 2]) for _ in range(6)]).get_concrete_function()
        return lambda: tf.stack(concrete()).numpy()

    original = function(ORIGINAL)
    sequential = [original() for _ in range(THREADS * DRAWS + 1)]
    found = of_a_function(function(DROP_IN))
    for site in range(6):
        check([row[24 * site : 24 * site + 24] for row in found], [row[site].tobytes() for row in sequential])


def test_unseeded_function() -> None:
    tf.random.set_seed(None)
    initializer = DROP_IN()
    concrete = tf.function(lambda: initializer([3, 2])).get_concrete_function()
    assert len(set(in_threads(lambda: concrete().numpy()))) == THREADS * DRAWS


@op_seeds
@pytest.mark.parametrize("deterministic", [True, False], ids=["in-order", "any-order"])
def test_parallel_dataset_map(op_seed: int | None, deterministic: bool) -> None:
    # The original races here too: which element gets which draw is not fixed, so only the sets are compared.
    def dataset(make: Make, calls: int | None) -> list[bytes]:
        tf.random.set_seed(87)
        initializer = make(seed=op_seed)
        elements = tf.data.Dataset.range(THREADS * DRAWS)
        if calls is None:
            elements = elements.map(lambda _: initializer([3, 2]))
        else:
            elements = elements.map(lambda _: initializer([3, 2]), calls, deterministic=deterministic)
        return [element.tobytes() for element in elements.as_numpy_iterator()]

    check(dataset(DROP_IN, 8), dataset(ORIGINAL, None))


def test_parallel_map_in_a_loop() -> None:
    # `map_fn` runs its iterations at once in a v1 Session; the original hands out each draw once, in any order.
    def run(make: Make, parallel: int) -> list[bytes]:
        with tf.Graph().as_default() as graph:
            initializer = make(seed=12)
            fetch = tf.map_fn(lambda x: x + initializer([3, 2]), tf.zeros([100]), parallel_iterations=parallel)
        with v1.Session(graph=graph) as session:
            return [row.tobytes() for _ in range(2) for row in session.run(fetch)]

    check(run(DROP_IN, 10), run(ORIGINAL, 1))


@pytest.mark.slow
def test_the_usual_order_of_iterations() -> None:
    # Ten iterations at once race for the draws, and so they do in the original, whose rows nearly always come in order.
    def usual(make: Make) -> bytes:
        found: collections.Counter[bytes] = collections.Counter()
        for _ in range(21):
            with tf.Graph().as_default() as graph:
                initializer = make(seed=12)
                fetch = tf.map_fn(lambda x, make_one=initializer: x + make_one([3, 2]), tf.zeros([10]))
            with v1.Session(graph=graph) as session:
                found[session.run(fetch).tobytes()] += 1
        return found.most_common(1)[0][0]

    v1.disable_control_flow_v2()  # With it, the original itself has two orders, each about as often.
    try:
        assert usual(DROP_IN) == usual(ORIGINAL)
    finally:
        v1.enable_control_flow_v2()
