"""Initial values on a DTensor mesh of 8 virtual CPU devices: prints whether their parts are those of one draw."""

from __future__ import annotations

import functools
from collections.abc import Callable

import _quiet  # noqa: F401 - before TensorFlow
import tensorflow as tf
from tensorflow.experimental import dtensor

import compat_v1_init

SHAPE = (48, 20)
LAYOUTS = [("x", "y"), ("x", dtensor.UNSHARDED), (dtensor.UNSHARDED, "y"), (dtensor.UNSHARDED, dtensor.UNSHARDED)]


def main() -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 8)
    mesh = dtensor.create_mesh([("x", 4), ("y", 2)], devices=[f"CPU:{i}" for i in range(8)])
    for distribution in ("truncated_normal", "untruncated_normal", "uniform"):
        for seed in (7, None):
            tf.random.set_seed(1)
            original = tf.compat.v1.variance_scaling_initializer(distribution=distribution, seed=seed)
            expected = [original(SHAPE).numpy() for _ in range(2 * len(LAYOUTS))]
            tf.random.set_seed(1)
            drop_in = compat_v1_init.variance_scaling_initializer(distribution=distribution, seed=seed)
            for names in LAYOUTS:
                layout = dtensor.Layout(list(names), mesh)
                for value in (
                    drop_in(SHAPE, layout=layout),
                    dtensor.call_with_layout(functools.partial(drop_in, layout=layout), layout, SHAPE),
                ):
                    assert dtensor.fetch_layout(value) == layout
                    whole = dtensor.relayout(value, dtensor.Layout.replicated(mesh, 2))
                    same = whole.numpy().tobytes() == expected.pop(0).tobytes()
                    print(f"{distribution}, seed {seed}, layout {names}: same bytes: {same}")
    drop_in = compat_v1_init.variance_scaling_initializer()
    layout = dtensor.Layout(["x", "y"], mesh)
    refused(lambda: drop_in((48,), layout=layout))
    refused(lambda: drop_in((50, 20), layout=layout))
    refused(tf.function(lambda: drop_in(SHAPE, layout=layout), autograph=False))


def refused(call: Callable[[], object]) -> None:
    try:
        call()
    except (RuntimeError, ValueError) as error:
        print(f"refused: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
