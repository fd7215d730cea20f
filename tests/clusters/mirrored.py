"""MirroredStrategy on two virtual CPU devices: prints whether both replicas of each variable are one device's."""

from __future__ import annotations

import functools

import _quiet  # noqa: F401 - before TensorFlow
import tensorflow as tf

import compat_v1_init

SHAPES = [(5, 3), (7,), (5, 3)]


def main() -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    for seed in (7, None):
        tf.random.set_seed(1)
        original = tf.compat.v1.variance_scaling_initializer(seed=seed)
        expected = [original(shape).numpy().tobytes() for shape in SHAPES]
        tf.random.set_seed(1)
        drop_in = compat_v1_init.variance_scaling_initializer(seed=seed)
        with strategy.scope():
            variables = [tf.Variable(functools.partial(drop_in, shape)) for shape in SHAPES]
        for variable, first_value in zip(variables, expected):
            replicas = [replica.numpy().tobytes() for replica in strategy.experimental_local_results(variable)]
            print(f"seed {seed}: same bytes: {replicas == [first_value] * 2}")


if __name__ == "__main__":
    main()
