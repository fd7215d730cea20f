"""Builds unmodified model code with and without `patch()`, and compares all values of two initializations.

Prints a row for each model that is installed: how many variables it has, whether all values of both runs are the same
bytes, and how many ops of TensorFlow's stateful random kernels its initial values have. The exit code is 1 if anything
differs.

    python benchmarks/models.py
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")  # tf_slim's layers need it from TensorFlow 2.16 on.

import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Callable

v1 = tf.compat.v1
STATEFUL = {"TruncatedNormal", "RandomStandardNormal", "RandomUniform", "RandomUniformInt"}


def slim_resnet() -> Any:
    """Builds `resnet_v1_50` of tf_slim."""
    from tf_slim.nets import resnet_v1

    return resnet_v1.resnet_v1_50(v1.placeholder(tf.float32, [None, 224, 224, 3]), num_classes=1000)


def keras_resnet() -> Any:
    """Builds `tf.keras.applications.ResNet50` as legacy Keras has it."""
    return tf.keras.applications.ResNet50(weights=None)


MODELS: dict[str, tuple[str, Callable[[], Any]]] = {
    "tf_slim's resnet_v1_50": ("tf_slim", slim_resnet),
    "legacy Keras' ResNet50": ("tf_keras", keras_resnet),
}


def values_of(build: Callable[[], Any]) -> tuple[int, list[str], int]:
    """Returns the number of variables, a digest of two initializations, and the number of stateful random ops."""
    with tf.Graph().as_default() as graph, v1.Session() as session:
        v1.set_random_seed(87)
        build()
        variables = v1.global_variables()
        init = v1.global_variables_initializer()
        digests = []
        for _ in range(2):
            session.run(init)
            values = session.run(variables)
            digests.append(hashlib.sha256(b"".join(value.tobytes() for value in values)).hexdigest())
        return len(variables), digests, sum(op.type in STATEFUL for op in graph.get_operations())


def main() -> int:
    """Prints the table; returns 1 if anything differs."""
    v1.disable_v2_behavior()
    print(f"TensorFlow {tf.__version__}\n")
    print("| model | variables | two runs, same bytes | stateful random ops, before and after |")
    print("|---|---:|---|---|")
    failed = False
    for title, (needs, build) in MODELS.items():
        if importlib.util.find_spec(needs) is None:
            print(f"| {title} | ({needs} is not installed) | | |")
            continue
        found = []
        for context in (contextlib.nullcontext(), compat_v1_init.patch()):
            with context:
                found.append(values_of(build))
        (count, theirs, before), (_, ours, after) = found
        same = theirs == ours and theirs[0] != theirs[1]
        failed = failed or not same or after > 0
        print(f"| {title} | {count} | {'yes' if same else 'NO'} | {before}, {after} |", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
