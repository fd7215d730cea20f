"""Asynchronous eager execution: the bits of the original, no error of this package's own, nothing left broken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tensorflow as tf
from regimes import DISTRIBUTIONS, DROP_IN, ORIGINAL, Bits, Make, bits, distributions
from regimes import check_program as check
from tensorflow.python.eager import context, executor

import compat_v1_init

LARGE = [2048, 1032]  # drawn in one buffer


@pytest.fixture(autouse=True)
def _synchronous_afterwards() -> Iterator[None]:
    yield
    context.async_clear_error()
    tf.config.experimental.set_synchronous_execution(True)
    tf.random.set_seed(None)


def _draws(make: Make) -> list[Any]:
    """Returns draws of several streams: sizes, dtypes, dtypes of the shape and draws without a seed of their own."""
    seeded = [make(seed=3, distribution=distribution) for distribution in DISTRIBUTIONS]
    result = [init(shape) for init in seeded for shape in ([3, 2], LARGE, tf.constant([2, 3], tf.int64), [3, 2])]
    return [*result, make()([2, 2]), make(seed=3)([3], tf.bfloat16), make()([2, 2])]


def go_on() -> None:
    """Nothing is reset between the draws."""


def reset_by_set_seed() -> None:
    tf.random.set_seed(87)


def reset_by_clear_session() -> None:
    tf.keras.backend.clear_session()


@pytest.mark.parametrize("between", [go_on, reset_by_set_seed, reset_by_clear_session], ids=lambda f: f.__name__)
@pytest.mark.one_of("between")
def test_several_draws(between: Callable[[], None]) -> None:
    tf.config.experimental.set_synchronous_execution(False)

    def program(make: Make) -> list[Any]:
        result = []
        for _ in range(3):
            result += _draws(make)
            between()
        return result

    check(program)


@pytest.mark.parametrize("between", [go_on, reset_by_set_seed, reset_by_clear_session], ids=lambda f: f.__name__)
@pytest.mark.one_of("between")
def test_switching_in_the_middle(between: Callable[[], None]) -> None:
    def program(make: Make) -> list[Any]:
        result = _draws(make)
        with context.execution_mode(context.ASYNC):
            result += _draws(make)
            between()
            with context.execution_mode(context.SYNC):
                result += _draws(make)
                between()
            result += _draws(make)
        return result + _draws(make)

    check(program)


def test_threads_with_executors_of_their_own() -> None:
    def program(make: Make) -> list[Any]:
        drawn: list[list[Any]] = [[] for _ in range(6)]

        def work(k: int) -> None:
            with context.executor_scope(executor.new_executor(enable_async=k % 2 == 0)):
                # Taken out here: afterwards the executor is gone.
                drawn[k] += [make(seed=10 + k)([5]) + 0.0 for _ in range(10)]
                _ = [value.numpy() for value in drawn[k]]

        threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return drawn

    check(program)


def test_threads_share_a_stream_and_no_draw_is_handed_out_twice() -> None:
    tf.random.set_seed(87)
    found: list[Bits] = []

    def work() -> None:
        with context.executor_scope(executor.new_executor(enable_async=True)):
            found.extend(bits(DROP_IN(seed=5)([3])) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # By one thread: the original's own kernel may be made twice when threads ask for its first draw at once.
    tf.random.set_seed(87)
    assert sorted(found) == sorted(bits(ORIGINAL(seed=5)([3])) for _ in range(80))


def test_slices_are_those_of_synchronous_execution() -> None:
    class Info:
        full_shape, var_offset = [6, 4], [2, 0]

    def program() -> list[Bits]:
        tf.random.set_seed(87)
        with compat_v1_init.options(partitions="slices"):
            return [bits(DROP_IN(seed=3)([2, 4], partition_info=Info())) for _ in range(3)]

    synchronous = program()
    tf.config.experimental.set_synchronous_execution(False)
    assert program() == synchronous


REFUSED = [
    pytest.param([3, -2], "Dimension -2 must be >= 0", id="by the kernel"),
    pytest.param([2**40, 2**40], "would have more than", id="too large"),
]


@distributions
@pytest.mark.parametrize(("shape", "text"), REFUSED)
def test_a_refused_draw_moves_no_stream_once_its_error_is_cleared(
    distribution: str, shape: list[int], text: str
) -> None:
    """The original's error comes with the call or with a later one, as the threads happen to run; here with the call.

    What is drawn before the error is cleared fails in either.
    """
    tf.config.experimental.set_synchronous_execution(False)

    def program(make: Make) -> list[Any]:
        init = make(distribution=distribution, seed=3)
        result = [bits(init([2, 2])), bits(make()([2, 2]))]
        for _ in range(4):
            with pytest.raises(tf.errors.InvalidArgumentError, match=text):
                init(shape).numpy()
            for failing in (shape, [2, 2]):
                with pytest.raises(tf.errors.InvalidArgumentError, match=text):
                    init(failing).numpy()
            context.async_clear_error()
            result += [bits(init([2, 2])), bits(tf.constant(1.0) + 1.0)]
        return result

    tf.random.set_seed(87)
    expected = program(ORIGINAL)
    tf.random.set_seed(87)
    assert program(DROP_IN) == expected


def test_constants_kept_are_not_those_of_a_broken_executor() -> None:
    """A bound or a shape seen first while every op fails is as good afterwards as any other."""
    tf.random.set_seed(87)
    expected = bits(ORIGINAL(scale=1.2345, seed=3, dtype=tf.bfloat16)([3, 7]))
    tf.config.experimental.set_synchronous_execution(False)
    tf.random.set_seed(87)
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.reshape(tf.constant([1.0]), [2]).numpy()
    init = DROP_IN(scale=1.2345, seed=3, dtype=tf.bfloat16)
    with pytest.raises(tf.errors.InvalidArgumentError):
        init([3, 7]).numpy()
    context.async_clear_error()
    assert bits(init([3, 7])) == expected
