"""Eager mode: every draw has the bits of the installed TensorFlow's own initializer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tensorflow as tf
from regimes import DISTRIBUTIONS, DROP_IN, DTYPES, MODES, Make, bits, distributions, dtypes, seeds
from regimes import check_program as check

LARGE = [2048, 1032]  # 2**21 elements and more are drawn in one buffer

modes = pytest.mark.parametrize("mode", MODES)


@pytest.fixture(autouse=True)
def _unseeded_afterwards() -> Iterator[None]:
    yield
    tf.random.set_seed(None)


@seeds
@modes
@distributions
@dtypes
@pytest.mark.one_of("distribution")
def test_first_second_and_nth_call(dtype: Any, distribution: str, mode: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(scale=1.7, mode=mode, distribution=distribution, seed=seed[1], dtype=dtype)
        return [initializer([5, 3]) for _ in range(6)]

    assert len(set(check(program, seed[0]))) == 6


@seeds
@distributions
def test_second_instance_continues_the_stream(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        one, other = (make(distribution=distribution, seed=seed[1]) for _ in range(2))
        return [one([2, 3]), other([2, 3]), one([2, 3]), other([2, 3])]

    check(program, seed[0])


@seeds
@distributions
@dtypes
@pytest.mark.one_of("distribution")
def test_mixed_shapes_in_one_stream(dtype: Any, distribution: str, seed: Any) -> None:
    shapes = [[], [1], [7], [2, 3], [0, 4], [3, 3, 2, 5], [17, 1], (4, 4), tf.TensorShape([2, 2]), [1, 0], [257]]

    def program(make: Make) -> list[Any]:
        initializer = make(2.0, "fan_avg", distribution, seed[1], dtype)
        return [initializer(shape) for shape in shapes * 2]

    check(program, seed[0])


@distributions
def test_streams_of_different_dtypes_are_apart(distribution: str) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=5)
        return [initializer([3], dtype) for _ in range(3) for dtype in DTYPES]

    check(program)


def test_streams_of_different_distributions_are_apart_and_aliases_share_one() -> None:
    def program(make: Make) -> list[Any]:
        return [make(distribution=name, seed=5)([3, 2]) for _ in range(3) for name in DISTRIBUTIONS]

    check(program)


@seeds
@distributions
def test_int64_shapes_have_a_stream_of_their_own(distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=seed[1])
        wide, narrow = tf.constant([3, 4], tf.int64), tf.constant([3, 4], tf.int32)
        return [initializer(shape) for shape in ([3, 4], wide, narrow, wide, [3, 4], narrow, wide)]

    found = check(program, seed[0])
    if seed[1] is not None:
        assert found[0] == found[1]


@seeds
@distributions
@dtypes
@pytest.mark.one_of("distribution")
def test_large_draw_continues_a_small_ones_stream(dtype: Any, distribution: str, seed: Any) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=seed[1], dtype=dtype)
        return [initializer(shape) for shape in ([3, 5], LARGE, [3, 5], LARGE)]

    check(program, seed[0])


@distributions
@pytest.mark.parametrize("shape", [[2**21 - 1], [2**21], [2**21 + 1], [2, 2**20], [64, 64, 32, 16]], ids=str)
def test_sizes_around_the_one_buffer_path(distribution: str, shape: list[int]) -> None:
    check(lambda make: [make(distribution=distribution, seed=5)(size) for size in ([1], shape, [1])])


@distributions
def test_large_draws_with_int64_shapes(distribution: str) -> None:
    shape = tf.constant(LARGE, tf.int64)
    check(lambda make: [make(distribution=distribution, seed=5)(size) for size in (shape, LARGE, shape)])


@pytest.mark.parametrize("shape", [[40, 50], LARGE], ids=["small", "large"])
@pytest.mark.parametrize("scale", [1e-12, 1e-14, 1e-300], ids=str)
@distributions
@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16, tf.float32], ids=lambda dtype: dtype.name)
@pytest.mark.one_of("scale")
def test_underflow_and_signs_of_zero(dtype: Any, distribution: str, scale: float, shape: list[int]) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(scale, "fan_in", distribution, 3, dtype)
        return [initializer(shape), initializer(shape)]

    check(program)


@pytest.mark.parametrize("scale", [1e5, 1e12, 1e300], ids=str)
@distributions
@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float64], ids=lambda dtype: dtype.name)
def test_huge_scales(dtype: Any, distribution: str, scale: float) -> None:
    def program(make: Make) -> list[Any]:
        return [make(scale, "fan_in", distribution, 3, dtype)([4, 5])]

    check(program)


def restart_by_v1_set_random_seed() -> None:
    tf.compat.v1.set_random_seed(87)


def restart_by_set_seed() -> None:
    tf.random.set_seed(87)


def restart_by_another_seed() -> None:
    tf.random.set_seed(88)


def restart_by_clear_session() -> None:
    tf.keras.backend.clear_session()


@pytest.mark.parametrize(
    "restart",
    [restart_by_v1_set_random_seed, restart_by_set_seed, restart_by_another_seed, restart_by_clear_session],
    ids=lambda restart: restart.__name__,
)
@distributions
@pytest.mark.parametrize("op_seed", [12, None], ids=["op-seed", "no-op-seed"])
@pytest.mark.one_of("distribution")
def test_restart(restart: Callable[[], None], distribution: str, op_seed: int | None) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(distribution=distribution, seed=op_seed)
        result = []
        for _ in range(3):
            result += [initializer([4, 3]), initializer([4, 3])]
            restart()
        return [*result, initializer(LARGE), make(distribution=distribution, seed=op_seed)([4, 3])]

    check(program)


def test_clear_session_without_any_seed_of_the_graph() -> None:
    def program(make: Make) -> list[Any]:
        result = []
        for _ in range(3):
            result += [make(seed=7)([4, 3]), make(seed=7)([4, 3])]
            tf.keras.backend.clear_session()
        return result

    check(program, None)


@distributions
@dtypes
def test_unseeded_never_repeats(dtype: Any, distribution: str) -> None:
    tf.random.set_seed(None)
    initializer = DROP_IN(distribution=distribution, dtype=dtype)
    found = [bits(initializer([8, 8])) for _ in range(40)]
    found += [bits(DROP_IN(distribution=distribution, dtype=dtype)([8, 8])) for _ in range(40)]
    tf.random.set_seed(None)
    found += [bits(initializer([8, 8])) for _ in range(40)]
    assert len(set(found)) == 120


def test_unseeded_large_draws_never_repeat() -> None:
    tf.random.set_seed(None)
    assert len({bits(DROP_IN()(LARGE)) for _ in range(4)}) == 4


@pytest.mark.parametrize("device", ["CPU:0", "/job:localhost/replica:0/task:0/device:CPU:0", "/cpu:0"])
def test_under_a_device_the_stream_goes_on(device: str) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        result = [initializer([3, 2])]
        with tf.device(device):
            result += [initializer([3, 2]), initializer(LARGE)]
        return [*result, initializer([3, 2]), initializer(LARGE)]

    check(program)


VIRTUAL_DEVICES = """
import sys
import tensorflow as tf
import compat_v1_init

cpus = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpus[0], [tf.config.LogicalDeviceConfiguration()] * 2)

def program(make):
    for op_seed in (3, None):
        tf.random.set_seed(87)
        initializer = make(seed=op_seed)
        for device in (None, "CPU:1", "CPU:0", "CPU:1", None, "CPU:0", "CPU:1"):
            for shape in ([3, 2], [512, 520]):
                with tf.device(device):
                    value = initializer(shape)
                yield value.shape, value.numpy().tobytes(), value.device

expected = list(program(tf.compat.v1.variance_scaling_initializer))
actual = list(program(compat_v1_init.variance_scaling_initializer))
different = [i for i, pair in enumerate(zip(expected, actual)) if pair[0] != pair[1]]
devices = [(expected[i][2], actual[i][2]) for i in different]
sys.exit(f"draws {different} differ: {devices}" if different or len(actual) != 28 else None)
"""


@pytest.mark.slow
def test_virtual_devices_have_streams_of_their_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", VIRTUAL_DEVICES], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_inside_py_function() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)

        @tf.function
        def call() -> Any:
            return tf.py_function(lambda: initializer([3, 2]), [], tf.float32)

        return [call(), call(), initializer([3, 2]), call()]

    check(program)


@pytest.mark.parametrize("op_seed", [12, None], ids=["op-seed", "no-op-seed"])
def test_variables(op_seed: int | None) -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=op_seed)
        return [tf.Variable(initializer([3, 2])), tf.Variable(lambda: initializer([3, 2])), initializer([3, 2])]

    check(program)


def test_neighbouring_random_ops_keep_their_seeds() -> None:
    def program(make: Make) -> list[Any]:
        result = []
        for _ in range(3):
            result += [tf.random.normal([3]), make()([3]), tf.random.uniform([3]), make(distribution="uniform")([3])]
            result += [make()(LARGE), tf.random.truncated_normal([3])]
        return result

    check(program)


def test_a_failed_draw_leaves_the_stream_where_it_was() -> None:
    def program(make: Make) -> list[Any]:
        initializer = make(seed=3)
        result = [initializer([3, 2])]
        with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
            initializer([3, -2])
        return [*result, initializer([3, 2])]

    check(program)
