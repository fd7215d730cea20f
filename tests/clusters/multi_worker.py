"""MultiWorkerMirroredStrategy with two processes: each prints whether its variables are one device's.

Usage: multi_worker.py TASK ADDRESS ADDRESS
"""

from __future__ import annotations

import functools
import json
import os
import sys

import _quiet  # noqa: F401 - before TensorFlow
import tensorflow as tf

import compat_v1_init

SHAPES = [(5, 3), (7,), (5, 3)]


def main() -> None:
    task, addresses = int(sys.argv[1]), sys.argv[2:]
    cluster = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": task}}
    os.environ["TF_CONFIG"] = json.dumps(cluster)
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    for seed in (7, None):
        tf.random.set_seed(1)
        original = tf.compat.v1.variance_scaling_initializer(seed=seed)
        expected = [original(shape).numpy().tobytes() for shape in SHAPES]
        tf.random.set_seed(1)
        drop_in = compat_v1_init.variance_scaling_initializer(seed=seed)
        with strategy.scope():
            variables = [tf.Variable(functools.partial(drop_in, shape)) for shape in SHAPES]
        for variable, first_value in zip(variables, expected):
            print(f"worker {task}, seed {seed}: same bytes: {variable.numpy().tobytes() == first_value}")


if __name__ == "__main__":
    main()
