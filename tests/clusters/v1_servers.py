"""A v1 graph whose variable is spread over two parameter servers: prints whether its parts are those of one draw.

Usage: v1_servers.py SHARDS
"""

from __future__ import annotations

import os
import sys

import _quiet  # noqa: F401 - before TensorFlow
import tensorflow as tf
from _servers import worker_and_two_ps

import compat_v1_init

v1 = tf.compat.v1


def first_values(initializer: object, partitioner: object, device: object, target: str) -> list[bytes]:
    """Returns the variable's first value of two runs of the initializers, in each of two Sessions."""
    found = []
    with tf.Graph().as_default() as graph, compat_v1_init.options(partitions="slices"):
        v1.set_random_seed(1)
        with v1.device(device):
            variable = v1.get_variable("v", (101, 24), initializer=initializer, partitioner=partitioner)
        places = {part.device for part in variable} if partitioner else set()
        whole = tf.convert_to_tensor(variable)
        for _ in range(2):
            with v1.Session(target, graph=graph) as session:
                for _ in range(2):
                    session.run(v1.global_variables_initializer())
                    found.append(session.run(whole).tobytes())
            if target:  # The streams of a graph are resources of the servers, which outlive the Session.
                v1.Session.reset(target)
    assert len(places) in (0, 2), places
    return found


def main() -> None:
    cluster, servers = worker_and_two_ps()
    for seed in (7, None):
        original = v1.variance_scaling_initializer(seed=seed)
        expected = first_values(original, None, None, "")
        device = v1.train.replica_device_setter(cluster=cluster)
        partitioner = v1.fixed_size_partitioner(int(sys.argv[1]))
        drop_in = compat_v1_init.variance_scaling_initializer(seed=seed)
        found = first_values(drop_in, partitioner, device, servers[0].target)
        print(f"seed {seed}: same bytes: {found == expected}")
    sys.stdout.flush()
    os._exit(0)  # TensorFlow's servers have no way to stop.


if __name__ == "__main__":
    main()
