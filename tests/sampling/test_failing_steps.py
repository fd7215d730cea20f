"""A step that fails moves the streams as with the original, whichever way it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from regimes import DROP_IN, ORIGINAL, Bits, Make, bits

import compat_v1_init

v1 = tf.compat.v1
TIMES = 12


def raises(*_: object) -> float:
    msg = "the program's own"
    raise ValueError(msg)


def of_an_empty_queue() -> Any:
    return v1.FIFOQueue(1, tf.float32).dequeue()


def of_an_iterator_at_its_end() -> Any:
    return v1.data.make_one_shot_iterator(tf.data.Dataset.from_tensors(1.0).skip(1)).get_next()


# Each adds an op that fails, and says which options the step needs for it to end.
ENDINGS: dict[str, tuple[Callable[[], Any], Any]] = {
    "a placeholder is not fed": (lambda: v1.placeholder(tf.float32, []) + 1.0, None),
    "OutOfRangeError": (of_an_iterator_at_its_end, None),
    "timeout": (of_an_empty_queue, v1.RunOptions(timeout_in_ms=50)),
    "py_func raises": (lambda: v1.py_func(raises, [], tf.float32), None),
    "an assertion": (lambda: v1.Assert(v1.placeholder_with_default(False, []), ["no"]), None),
    "not a number": (lambda: tf.debugging.check_numerics(v1.placeholder_with_default(np.nan, []), "no"), None),
    "a variable has no value": (lambda: v1.get_variable("empty", [], use_resource=True) + 1.0, None),
    "a reference has no value": (lambda: v1.get_variable("empty", [], use_resource=False) + 1.0, None),
}


def draws_of(make: Make) -> list[Any]:
    normal = v1.random_normal if make is ORIGINAL else compat_v1_init.random.normal
    return [make(seed=1)([2, 3]), normal(v1.placeholder_with_default([5], [None]), seed=2), normal([3])]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("ordered", ["beside the draws", "before the draws", "after the draws"])
@pytest.mark.one_of("ordered")
def test_the_steps_that_follow(ending: str, ordered: str) -> None:
    add_failing, options = ENDINGS[ending]

    def outcome(make: Make) -> tuple[type, list[Bits]]:
        with tf.Graph().as_default(), v1.Session() as session:
            v1.set_random_seed(87)
            if ordered == "before the draws":
                failing = add_failing()
                with tf.control_dependencies([failing]):
                    draws = draws_of(make)
            else:
                draws = draws_of(make)
                with tf.control_dependencies(draws if ordered == "after the draws" else []):
                    failing = add_failing()
            plain = draws_of(make)
            with pytest.raises(tf.errors.OpError) as raised:
                session.run([draws, plain, failing], options=options)
            fetches = plain if ordered == "before the draws" else [draws, plain]
            return raised.type, [bits(array) for _ in range(2) for array in tf.nest.flatten(session.run(fetches))]

    expected = {repr(outcome(ORIGINAL)) for _ in range(3)}
    actual = {repr(outcome(DROP_IN)) for _ in range(TIMES)}
    assert len(expected) == 1
    assert actual == expected


def test_a_program_closes_its_session_while_it_draws() -> None:
    with tf.Graph().as_default() as graph:
        waiting = [v1.get_variable(f"w{k}", [64], initializer=DROP_IN(seed=k)).initializer for k in range(20)]
        waiting.append(of_an_empty_queue())
    session = v1.Session(graph=graph)
    failed: list[type] = []

    def run() -> None:
        try:
            session.run(waiting)
        except tf.errors.OpError as error:
            failed.append(type(error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    session.run(waiting[0])
    session.close()
    thread.join(60)
    assert not thread.is_alive()
    assert failed == [tf.errors.CancelledError]


def test_partial_runs() -> None:
    def found(make: Make) -> list[Bits]:
        with tf.Graph().as_default(), v1.Session() as session:
            v1.set_random_seed(87)
            x = v1.placeholder(tf.float32, [])
            first, second = make(seed=1)([2]), make(seed=2)([2]) + x
            steps = []
            for _ in range(2):
                handle = session.partial_run_setup([first, second], [x])
                steps += [session.partial_run(handle, first), session.partial_run(handle, second, {x: 1.0})]
            return [bits(step) for step in steps]

    assert found(DROP_IN) == found(ORIGINAL)


@pytest.mark.parametrize("where", ["function", "dataset"])
def test_an_assertion_before_the_draw_in_a_function(where: str) -> None:
    """TensorFlow does not order its own random ops behind an assertion, so the draw advances."""
    if not hasattr(tf.Graph(), "experimental_acd_manager"):
        pytest.skip("this release orders every stateful op of ours behind the assertion; docs/promise.md says so")

    def found(make: Make) -> list[Bits]:
        tf.random.set_seed(87)
        initializer = make(seed=1)

        def body(sound: Any) -> Any:
            tf.debugging.Assert(sound, ["no"])
            return initializer([2, 3])

        rows = iter(tf.data.Dataset.from_tensor_slices([False, True, True]).map(body))
        call = tf.function(body) if where == "function" else lambda _: next(rows)
        with pytest.raises(tf.errors.InvalidArgumentError):
            call(tf.constant(False))
        return [bits(call(tf.constant(True))) for _ in range(2)]

    expected = {repr(found(ORIGINAL)) for _ in range(3)}
    assert {repr(found(DROP_IN)) for _ in range(TIMES)} == expected
