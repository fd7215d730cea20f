"""`tf.vectorized_map` and what else builds on `pfor`: the original's rows, which are one draw of one more dimension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
from regimes import DISTRIBUTIONS, DROP_IN, ORIGINAL, Make, bits, distributions
from tensorflow.python.ops.parallel_for import control_flow_ops

import compat_v1_init

v1 = tf.compat.v1
Program = Callable[[Make], list[Any]]


def eager(make: Make) -> list[Any]:
    first, second = make(seed=3), make(seed=4)
    loops = [lambda _: first([2, 3]), lambda _: second([2]), lambda x: first([2, 3]) * x]
    return [tf.vectorized_map(loop, tf.ones([count])) for count in (4, 1, 4) for loop in loops]


def beside_draws_of_a_function(make: Make) -> list[Any]:
    init = make(seed=3)

    @tf.function
    def function(count: Any) -> Any:
        before = init([2, 3])
        rows = tf.vectorized_map(lambda x: (init([2, 3]) * x, init([3])), tf.ones([count]))
        return before, rows, init([5])

    # The number of iterations need not be the same each time.
    return [value for count in (4, 4, 2, 5) for value in tf.nest.flatten(function(tf.constant(count)))]


def a_function_called_in_the_loop(make: Make) -> list[Any]:
    init = make(seed=3)
    inner = tf.function(lambda: init([2, 3]))
    return [inner(), tf.vectorized_map(lambda x: inner() * x, tf.ones([4])), inner()]


def a_function_called_in_the_loop_of_a_function(make: Make) -> list[Any]:
    init = make(seed=3)
    inner = tf.function(lambda: init([2, 3]))
    outer = tf.function(lambda count: tf.vectorized_map(lambda x: inner() * x, tf.ones([count])))
    return [outer(tf.constant(count)) for count in (4, 2, 3)]


def loops_in_loops(make: Make) -> list[Any]:
    init = make(seed=3)
    rows = tf.vectorized_map(lambda x: tf.vectorized_map(lambda y: init([2]) * y, tf.ones([3])) * x, tf.ones([4]))
    return [rows]


def jacobians(make: Make) -> list[Any]:
    init = make(seed=3)
    weights = tf.Variable(tf.ones([2, 3]))

    def jacobian(use_pfor: bool) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            result = tf.reduce_sum(weights * init([2, 3]), axis=0)
        return tape.jacobian(result, weights, experimental_use_pfor=use_pfor)

    in_function = tf.function(jacobian, autograph=False)
    return [call(use_pfor) for use_pfor in (True, False) for call in (jacobian, in_function, in_function)]


def gradients(make: Make) -> list[Any]:
    init = make(seed=3)
    weights = tf.Variable(tf.ones([2, 3]))
    with tf.GradientTape() as tape:
        result = tf.vectorized_map(lambda x: init([2, 3]) * x * weights, tf.ones([4]))
    return [result, tape.gradient(result, weights)]


@pytest.mark.parametrize(
    "program",
    [
        eager,
        beside_draws_of_a_function,
        a_function_called_in_the_loop,
        a_function_called_in_the_loop_of_a_function,
        loops_in_loops,
        jacobians,
        gradients,
    ],
)
@pytest.mark.parametrize("seed", [87, None], ids=["graph-seed", "no-graph-seed"])
@pytest.mark.one_of("seed")
def test_rows_are_the_originals(program: Program, seed: int | None) -> None:
    def drawn(make: Make) -> list[Any]:
        tf.random.set_seed(seed)
        return [bits(value) for value in program(make)]

    ours = drawn(DROP_IN)
    assert ours == drawn(ORIGINAL)


@distributions
def test_distributions_and_dtypes(distribution: str) -> None:
    def drawn(make: Make) -> list[Any]:
        tf.random.set_seed(87)
        init = make(seed=3, distribution=distribution)
        dtypes = (tf.float16, tf.bfloat16, tf.float32, tf.float64)
        return [bits(tf.vectorized_map(lambda _, t=t: init([2, 3], t), tf.ones([4]))) for t in dtypes]

    assert drawn(DROP_IN) == drawn(ORIGINAL)


def test_v1_graph() -> None:
    def drawn(make: Make) -> list[Any]:
        with tf.Graph().as_default():
            v1.set_random_seed(87)
            inits = [make(), *(make(seed=3, distribution=distribution) for distribution in DISTRIBUTIONS)]
            rows = [control_flow_ops.pfor(lambda _, init=init: init([2, 3]), 5) for init in inits]
            rows.append(control_flow_ops.for_loop(lambda _: inits[0]([2]), tf.float32, 5, parallel_iterations=1))
            after = inits[0]([2, 3])
            with v1.Session() as session:
                return [bits(value) for _ in range(2) for value in session.run([*rows, after])]

    assert drawn(DROP_IN) == drawn(ORIGINAL)


def test_the_loop_under_the_patch() -> None:
    def drawn() -> Any:
        tf.random.set_seed(87)
        init = ORIGINAL(seed=3)
        return bits(tf.vectorized_map(lambda x: init([2, 3]) * x, tf.ones([4])))

    expected = drawn()
    with compat_v1_init.patch():
        assert drawn() == expected


def test_unseeded_rows_are_all_different() -> None:
    tf.random.set_seed(None)
    init = DROP_IN()
    rows = [tf.vectorized_map(lambda _: init([3]), tf.ones([4])) for _ in range(2)]
    assert len({bits(row) for row in tf.unstack(tf.concat(rows, axis=0))}) == 8


def test_compiled_rows_are_all_different() -> None:
    init = DROP_IN(seed=3)
    rows = tf.function(lambda: tf.vectorized_map(lambda _: init([3]), tf.ones([4])), jit_compile=True)()
    assert len({bits(row) for row in tf.unstack(rows)}) == 4
