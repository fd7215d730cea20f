"""Variables on several tasks of a cluster: prints whether each way to place them gives the original's bytes and places.

Usage: v1_placement.py resource|reference
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import _quiet  # noqa: F401 - before TensorFlow
import tensorflow as tf
from _servers import worker_and_two_ps

import compat_v1_init

v1 = tf.compat.v1
Make = Callable[..., Any]


def dealt_out(make: Make, cluster: Any) -> None:
    with v1.device(v1.train.replica_device_setter(cluster=cluster)):
        for seed in range(5):
            v1.get_variable(f"v{seed}", [2, 3], initializer=make(seed=seed))
            make(seed=seed)([2])  # On the worker, and it is never run.


def by_function(make: Make, _: Any) -> None:
    def device(operation: Any) -> str:
        is_variable = operation.type in ("VarHandleOp", "VariableV2")
        return f"/job:ps/task:{len(operation.name) % 2}" if is_variable else "/job:worker/task:0"

    with v1.device(device):
        for seed, name in enumerate(("v", "longer", "w", "odd")):
            v1.get_variable(name, [3], initializer=make(seed=seed))


def parts(make: Make, cluster: Any) -> None:
    with v1.device(v1.train.replica_device_setter(cluster=cluster)):
        for seed in range(2):
            partitioner = v1.fixed_size_partitioner(3)
            v1.get_variable(f"v{seed}", [7, 3], initializer=make(seed=seed), partitioner=partitioner)


def by_name(make: Make, _: Any) -> None:
    for seed, device in enumerate(("/job:ps/task:1", "/job:worker/task:0", "/job:ps/task:0/cpu:0", None)):
        with v1.device(device):
            v1.get_variable(f"v{seed}", [2, 3], initializer=make(seed=seed))


def colocated(make: Make, _: Any) -> None:
    with v1.device("/job:ps/task:1"):
        first = v1.get_variable("first", [2], initializer=make(seed=1))
    with v1.colocate_with(first.op):
        v1.get_variable("second", [2], initializer=make(seed=2))
        v1.get_variable("third", initializer=make(seed=3)([4]))
    v1.get_variable("fourth", [2], initializer=make(seed=4))


def values(build: Callable[[Make, Any], None], make: Make, cluster: Any, target: str) -> tuple[Any, Any]:
    """Returns the bytes of all variables after each of two runs in each of two Sessions, and where they are."""
    found, places = [], {}
    with tf.Graph().as_default() as graph, v1.variable_scope(build.__name__):
        v1.set_random_seed(1)
        build(make, cluster)
        variables, init = v1.global_variables(), v1.global_variables_initializer()
        for _ in range(2):
            with v1.Session(target, graph=graph) as session:
                for _ in range(2):
                    metadata = v1.RunMetadata()
                    session.run(init, options=v1.RunOptions(output_partition_graphs=True), run_metadata=metadata)
                    found += [value.tobytes() for value in session.run(variables)]
                    nodes = [node for part in metadata.partition_graphs for node in part.node]
                    places.update({n.name: n.device for n in nodes if n.op in ("VarHandleOp", "VariableV2")})
            v1.Session.reset(target)  # The streams of a graph are resources of the servers, which outlive the Session.
    return found, places


def main() -> None:
    if sys.argv[1] == "reference":
        v1.disable_resource_variables()
    cluster, servers = worker_and_two_ps()
    for build in (dealt_out, by_function, parts, by_name, colocated):
        makes = (v1.variance_scaling_initializer, compat_v1_init.variance_scaling_initializer)
        original, drop_in = (values(build, make, cluster, servers[0].target) for make in makes)
        tasks = {device.split("/device")[0] for device in original[1].values()}
        assert len(tasks) > 1, tasks
        print(f"{build.__name__}: same places: {original[1] == drop_in[1]}, same bytes: {original[0] == drop_in[0]}")
    sys.stdout.flush()
    os._exit(0)  # TensorFlow's servers have no way to stop.


if __name__ == "__main__":
    main()
