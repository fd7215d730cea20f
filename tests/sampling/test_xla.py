"""XLA (`jit_compile=True`): nothing raises, draws differ from call to call, and seeds give the same ones everywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tensorflow as tf
from regimes import DROP_IN, ORIGINAL, SEEDS, Make

v1 = tf.compat.v1

seeds = pytest.mark.parametrize(
    "seed",
    [
        SEEDS[0],
        *(pytest.param(*seed.values, id=seed.id, marks=pytest.mark.slow) for seed in SEEDS[1:]),
        pytest.param((None, None), id="unseeded"),
    ],
)
distributions = pytest.mark.parametrize("distribution", ["truncated_normal", "untruncated_normal", "uniform"])


@pytest.fixture(autouse=True)
def _unseeded_afterwards() -> Iterator[None]:
    yield
    tf.random.set_seed(None)


def jit(function: Callable[..., Any]) -> Any:
    return tf.function(function, jit_compile=True)


def values(tensors: Any) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in tf.nest.flatten(tensors)]


def check_all_different(found: list[bytes], count: int) -> None:
    assert len(found) == count
    assert len(set(found)) == count


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_differs_from_call_to_call(distribution: str, seed: Any) -> None:
    tf.random.set_seed(seed[0])
    initializer = DROP_IN(distribution=distribution, seed=seed[1])
    call = jit(lambda: initializer([3, 2]))
    check_all_different(values([call() for _ in range(5)]), 5)


@distributions
@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16, tf.float32, tf.float64], ids=lambda dtype: dtype.name)
@pytest.mark.one_of("distribution")
def test_dtypes(dtype: Any, distribution: str) -> None:
    initializer = DROP_IN(distribution=distribution, seed=3, dtype=dtype)
    first, second = (jit(lambda: initializer([3, 2])) for _ in range(2))
    result = [first(), first(), second()]
    assert [tensor.dtype for tensor in result] == [dtype] * 3
    check_all_different(values(result[:2]), 2)


@distributions
def test_distribution(distribution: str) -> None:
    # XLA pairs Philox's words otherwise than the kernels do, so only the distribution can be the original's.
    tf.random.set_seed(None)
    initializer = DROP_IN(3.0, "fan_in", distribution, seed=3)
    call = jit(lambda: initializer([100, 200]))
    for array in (call().numpy(), call().numpy()):
        assert abs(array.mean()) < 0.01
        assert abs(array.std() / 0.03**0.5 - 1.0) < 0.03
        assert distribution != "uniform" or -0.3 <= array.min() < array.max() <= 0.3
        assert distribution != "truncated_normal" or abs(array).max() <= 2.0 * 0.03**0.5 / 0.8796


@seeds
def test_cond_and_while_loop(seed: Any) -> None:
    tf.random.set_seed(seed[0])
    initializer = DROP_IN(seed=seed[1])

    @jit
    def call(flag: Any) -> Any:
        branch = tf.cond(flag, lambda: initializer([3, 2]), lambda: 1.0 + initializer([3, 2]))
        body = lambda i, found: (i + 1, found.write(i, initializer([3, 2])))  # noqa: E731
        found = tf.TensorArray(tf.float32, 3, element_shape=[3, 2])
        loop = tf.while_loop(lambda i, _: i < 3, body, [0, found], maximum_iterations=3)[1].stack()
        return branch, tf.unstack(loop, 3)

    result = [call(tf.constant(flag)) for flag in (True, False, True, True)]
    check_all_different(values([branch for branch, _ in result]), 4)
    check_all_different(values([loop for _, loop in result]), 12)


@seeds
def test_plain_function_traced_before(seed: Any) -> None:
    def run(make: Make, *, compiled: bool) -> tuple[list[bytes], list[bytes]]:
        tf.random.set_seed(seed[0])
        initializer = make(seed=seed[1])
        plain = tf.function(lambda: initializer([3, 2]))
        direct = [plain(), plain()]
        inside = []
        if compiled:
            call = jit(lambda: 1.0 * plain())
            inside = [call() for _ in range(4)]
        direct += [plain(), plain()]
        return values(direct), values(inside)

    direct, inside = run(DROP_IN, compiled=True)
    check_all_different(inside, 4)
    if seed == (None, None):
        check_all_different(direct, 4)
    else:
        assert direct == run(ORIGINAL, compiled=False)[0]


@seeds
def test_plain_function_first_traced_by_a_compiled_one(seed: Any) -> None:
    def run(make: Make, *, compiled: bool) -> tuple[list[bytes], list[bytes]]:
        tf.random.set_seed(seed[0])
        initializer = make(seed=seed[1])
        plain = tf.function(lambda: initializer([3, 2]))
        inside = []
        if compiled:
            call = jit(lambda: 1.0 * plain())
            inside = [call() for _ in range(4)]
        return values([plain() for _ in range(4)]), values(inside)

    direct, inside = run(DROP_IN, compiled=True)
    check_all_different(inside, 4)
    if seed == (None, None):
        check_all_different(direct, 4)
    elif seed[1] is not None:  # without an op seed, tracing draws one from the context
        assert direct == run(ORIGINAL, compiled=False)[0]


@seeds
def test_compiled_function_called_by_a_plain_one(seed: Any) -> None:
    tf.random.set_seed(seed[0])
    initializer = DROP_IN(seed=seed[1])
    compiled = jit(lambda: initializer([3, 2]))
    plain = tf.function(lambda: 1.0 * compiled())
    check_all_different(values([plain() for _ in range(4)]), 4)
    check_all_different(values([compiled() for _ in range(4)]), 4)


@seeds
def test_compiled_function_in_a_loop_of_a_plain_one(seed: Any) -> None:
    tf.random.set_seed(seed[0])
    initializer = DROP_IN(seed=seed[1])
    compiled = jit(lambda: initializer([3, 2]))

    @tf.function
    def plain() -> Any:
        found = tf.TensorArray(tf.float32, 3, element_shape=[3, 2])
        for i in tf.range(3):
            found = found.write(i, compiled())
        return tf.unstack(found.stack(), 3)

    check_all_different(values([plain(), plain()]), 6)


def test_compiled_function_after_set_seed() -> None:
    tf.random.set_seed(87)
    initializer = DROP_IN(seed=3)
    call = jit(lambda: initializer([3, 2]))
    found = values([call(), call()])
    tf.random.set_seed(87)
    found += values([call(), call()])
    assert found[0] != found[1]
    assert found[2] != found[3]


def test_large_draw() -> None:
    initializer = DROP_IN(seed=3)
    call = jit(lambda: initializer([512, 520]))
    check_all_different(values([call(), call()]), 2)


def test_variables() -> None:
    initializer = DROP_IN(seed=3)
    variable = tf.Variable(initializer([3, 2]))
    call = jit(lambda: variable.assign(initializer([3, 2])))
    found = []
    for _ in range(3):
        call()
        found += values(variable)
    check_all_different(found, 3)


def test_retracing() -> None:
    initializer = DROP_IN(seed=3)
    call = jit(lambda x: x + initializer([3, 2]))
    shapes: list[list[int]] = [[], [1], [3, 2], [], [1]]
    for shape in shapes:
        assert call(tf.zeros(shape)).shape == [3, 2]


def test_gradients() -> None:
    initializer = DROP_IN(seed=3)

    @jit
    def call(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(x * initializer([3, 2]))
        return tape.gradient(y, x)

    check_all_different(values([call(tf.ones([3, 2])) for _ in range(3)]), 3)


PROCESS = """
import sys
import tensorflow as tf
import compat_v1_init

for graph_seed, op_seed in ((87, 12), (None, 42), (1234, None), (None, None)):
    tf.random.set_seed(graph_seed)
    for distribution in ("truncated_normal", "uniform"):
        initializer = compat_v1_init.variance_scaling_initializer(distribution=distribution, seed=op_seed)

        @tf.function(jit_compile=True)
        def call(flag):
            found = tf.TensorArray(tf.float32, 2, element_shape=[3, 2])
            body = lambda i, found: (i + 1, found.write(i, initializer([3, 2])))
            loop = tf.while_loop(lambda i, _: i < 2, body, [0, found], maximum_iterations=2)[1].stack()
            branch = tf.cond(flag, lambda: initializer([3, 2]), lambda: 1.0 + initializer([3, 2]))
            return initializer([3, 2]), branch, loop[0], loop[1]

        for flag in (True, False, True):
            for value in call(tf.constant(flag)):
                print(value.numpy().tobytes().hex())
"""
FUNCTIONS, CALLS, SITES = 8, 3, 4  # in the order of the printed lines


def in_a_process() -> list[bytes]:
    done = subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.encode().split()
    assert len(lines) == FUNCTIONS * CALLS * SITES
    return lines


@pytest.mark.slow
def test_from_process_to_process() -> None:
    one, other = in_a_process(), in_a_process()
    seeded = 3 * 2 * CALLS * SITES
    assert one[:seeded] == other[:seeded], "seeded draws do not repeat"
    unseeded = one[seeded:] + other[seeded:]
    check_all_different(unseeded, 2 * 2 * CALLS * SITES)
    for function in range(FUNCTIONS):
        calls = [one[(function * CALLS + call) * SITES :][:SITES] for call in range(CALLS)]
        for site in range(SITES):
            check_all_different([call[site] for call in calls], CALLS)


@seeds
@distributions
@pytest.mark.one_of("distribution")
def test_jit_scope_in_a_session(distribution: str, seed: Any) -> None:
    def run(make: Make, *, in_scope: bool) -> list[bytes]:
        with tf.Graph().as_default() as graph:
            v1.set_random_seed(seed[0])
            initializer = make(distribution=distribution, seed=seed[1])
            if in_scope:
                with tf.xla.experimental.jit_scope():
                    fetches = [initializer([3, 2]), initializer([3, 2])]
            else:
                fetches = [initializer([3, 2]), initializer([3, 2])]
        with v1.Session(graph=graph) as session:
            return [array.tobytes() for _ in range(3) for array in session.run(fetches)]

    found = run(DROP_IN, in_scope=True)
    if seed == (None, None):
        check_all_different(found, 6)
    else:
        assert found == run(ORIGINAL, in_scope=False)


@seeds
def test_compiled_function_in_a_session(seed: Any) -> None:
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(seed[0])
        initializer = DROP_IN(seed=seed[1])
        call = jit(lambda: initializer([3, 2]))
        fetches = [call(), call()]
    with v1.Session(graph=graph) as session:
        for _ in range(3):
            for array in session.run(fetches):
                assert array.shape == (3, 2)


@seeds
def test_plain_function_called_by_a_compiled_one_in_a_session(seed: Any) -> None:
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(seed[0])
        initializer = DROP_IN(seed=seed[1])
        plain = tf.function(lambda: initializer([3, 2]))
        fetch = jit(lambda: 2.0 * plain())()
    with v1.Session(graph=graph) as session:
        check_all_different([session.run(fetch).tobytes() for _ in range(3)], 3)
