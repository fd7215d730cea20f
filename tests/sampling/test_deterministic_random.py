"""`DeterministicRandomTestTool`, with which TensorFlow's guide validates a migration, chooses our seeds too."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1
# Legacy Keras has it from Keras 2.8 on, under these names.
_HOMES = ("tf_keras.src", "keras.src", "keras")


def tool_class() -> Any:
    for home in _HOMES:
        with contextlib.suppress(ImportError):
            return importlib.import_module(f"{home}.legacy_tf_layers.migration_utils").DeterministicRandomTestTool
    pytest.skip("this Keras has no DeterministicRandomTestTool")


def draws(module: Any) -> list[Any]:
    normal = module.random_normal if module is v1 else module.random.normal
    initializers = [module.variance_scaling_initializer(), module.random_uniform_initializer(seed=3)]
    return [draw([2, 3]) for draw in (*initializers, *initializers, module.orthogonal_initializer(), normal)]


def eagerly(module: Any) -> list[bytes]:
    return [value.numpy().tobytes() for value in draws(module)]


def in_a_session(module: Any) -> list[bytes]:
    with tf.Graph().as_default(), v1.Session() as session:
        return [value.tobytes() for value in session.run(draws(module))]


def in_a_function(module: Any) -> list[bytes]:
    return [value.numpy().tobytes() for value in tf.function(lambda: draws(module), autograph=False)()]


@pytest.mark.parametrize("mode", ["constant", "num_random_ops"])
@pytest.mark.parametrize("run", [eagerly, in_a_session, in_a_function])
@pytest.mark.parametrize("patched", [False, True], ids=["drop-in", "patch"])
def test_the_tool_gives_the_numbers_of_the_original(
    mode: str, run: Callable[[Any], list[bytes]], patched: bool
) -> None:
    tool = tool_class()

    def under_the_tool(module: Any) -> tuple[list[bytes], int]:
        chosen = tool(seed=7, mode=mode)
        with chosen.scope():
            return run(module), chosen.operation_seed

    expected = under_the_tool(v1)
    with compat_v1_init.patch() if patched else contextlib.nullcontext():
        assert under_the_tool(v1 if patched else compat_v1_init) == expected


def test_a_seed_that_is_used_again_is_refused() -> None:
    chosen = tool_class()(mode="num_random_ops")
    with chosen.scope():
        compat_v1_init.random.normal([2])
        chosen.operation_seed = 0
        with pytest.raises(ValueError, match="already-used operation seed 0"):
            compat_v1_init.random.normal([2])
