"""A cluster in this process, for programs of v1 graphs."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from _ports import free_addresses


def worker_and_two_ps() -> tuple[Any, list[Any]]:
    """Returns the description of a worker and two parameter servers, and the running servers, the worker's first."""
    ps = free_addresses(3)
    cluster = tf.train.ClusterSpec({"worker": [ps.pop()], "ps": ps})
    return cluster, [tf.distribute.Server(cluster, job, task) for job, task in (("worker", 0), ("ps", 0), ("ps", 1))]
