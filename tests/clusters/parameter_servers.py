"""ParameterServerStrategy with two parameter servers: prints whether a variable's shards are those of one draw.

Usage: parameter_servers.py SHARDS
"""

from __future__ import annotations

import functools
import os
import sys
from typing import Any

import _quiet  # noqa: F401 - before TensorFlow
import tensorflow as tf
from _ports import free_addresses

import compat_v1_init

SHAPE = (101, 24)
# In `experimental` alone until TensorFlow 2.6.
STRATEGY = getattr(tf.distribute, "ParameterServerStrategy", tf.distribute.experimental.ParameterServerStrategy)


def main() -> None:
    ps = free_addresses(3)
    cluster = tf.train.ClusterSpec({"worker": [ps.pop()], "ps": ps})
    servers = [tf.distribute.Server(cluster, job, task) for job, task in (("worker", 0), ("ps", 0), ("ps", 1))]
    expected = {}
    for seed in (7, None):
        tf.random.set_seed(1)
        original = tf.compat.v1.variance_scaling_initializer(seed=seed)
        expected[seed] = [original(SHAPE).numpy().tobytes() for _ in range(2)]
    strategy = STRATEGY(
        tf.distribute.cluster_resolver.SimpleClusterResolver(cluster, rpc_layer="grpc"),
        tf.distribute.experimental.partitioners.FixedShardsPartitioner(int(sys.argv[1])),
    )
    for seed, first_values in expected.items():
        tf.random.set_seed(1)
        drop_in = compat_v1_init.variance_scaling_initializer(seed=seed)
        drawn_on = set()

        def shard(shard_info: Any, drop_in: Any = drop_in, drawn_on: set[str] = drawn_on) -> Any:
            value = drop_in(SHAPE, shard_info=shard_info)
            drawn_on.add(value.device)
            return value

        # The strategy calls the first with partition_shape and partition_offset, the second with shard_info.
        for initial_value, first_value in zip((functools.partial(drop_in, SHAPE), shard), first_values):
            with strategy.scope(), compat_v1_init.options(partitions="slices"):
                variable = tf.Variable(initial_value, shape=SHAPE, dtype=tf.float32)
            assert len({part.device for part in variable.variables}) == len(ps)
            found = tf.concat(variable.variables, 0).numpy().tobytes()
            print(f"seed {seed}: same bytes: {found == first_value}")
        assert len(drawn_on) == len(ps), drawn_on
        assert all("/job:ps" in device for device in drawn_on), drawn_on
    sys.stdout.flush()
    del servers
    os._exit(0)  # TensorFlow's servers have no way to stop.


if __name__ == "__main__":
    main()
