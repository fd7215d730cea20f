"""One initializer object in many layers: tied weights before, none after.

TF1 code makes one initializer and hands it to all its layers; each gets its own
numbers.  Keras' object repeats itself, so after a plain translation the layers
start equal.  Here a classifier of the scikit-learn digits has four towers of four
hidden units each, side by side.  Towers that start equal stay equal through all
of the training: the four have the power of one.  Exit code 0: the towers are tied with
Keras' own object and differ with TF1's numbers as in TF1, 1: anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from _compare import (
    Array,
    Check,
    Digits,
    batch_schedule,
    digest,
    load_split_digits,
    parse_options,
    print_verdict,
    same_bytes,
    save_loss_picture,
)

import compat_v1_init

keras = tf.keras

GLOBAL_SEED = 60
TOWERS = 4
UNITS = 4


@dataclass(frozen=True)
class TrainingRun:
    """What one training leaves behind: a kernel for each tower, the loss per step, the accuracy."""

    first_kernels: list[Array]
    trained_kernels: list[Array]
    losses: list[float]
    test_accuracy: float


def train(initializer: Any, digits: Digits, steps: int) -> TrainingRun:
    """Train the towers, all of which are given one initializer."""
    tf.random.set_seed(GLOBAL_SEED)
    inputs = keras.Input((8, 8, 1))
    pixels = keras.layers.Flatten()(inputs)
    towers = [keras.layers.Dense(UNITS, "relu", kernel_initializer=initializer) for _ in range(TOWERS)]
    hidden = keras.layers.Concatenate()([tower(pixels) for tower in towers])
    outputs = keras.layers.Dense(10, kernel_initializer="zeros")(hidden)
    model = keras.Model(inputs, outputs)

    first_kernels = [tower.get_weights()[0] for tower in towers]
    losses: list[float] = []
    record = keras.callbacks.LambdaCallback(on_batch_end=lambda _, logs: losses.append(float(logs["loss"])))
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    rows = batch_schedule(len(digits.train_labels), steps).ravel()
    model.fit(
        digits.train_images[rows],
        digits.train_labels[rows],
        batch_size=64,
        shuffle=False,
        verbose=0,
        callbacks=[record],
    )
    predicted = np.argmax(model.predict(digits.test_images, verbose=0), axis=1)
    return TrainingRun(
        first_kernels,
        [tower.get_weights()[0] for tower in towers],
        losses,
        float(np.mean(predicted == digits.test_labels)),
    )


def count_distinct(arrays: Sequence[Array]) -> int:
    """Return how many of the arrays differ from one another."""
    return len({digest([array]) for array in arrays})


def check_distinct(what: str, original: Sequence[Array], replacement: Sequence[Array], expected: int) -> Check:
    """Check how many towers differ: all of them in TF1, and `expected` of them after the translation."""
    left, right = count_distinct(original), count_distinct(replacement)
    return Check(what, f"{left} of {TOWERS}", f"{right} of {TOWERS}", left == TOWERS and right == expected)


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if all is as it should be, else 1."""
    options = parse_options(argv, __doc__, default_steps=300)
    # One thread adds up sums in one order, so that towers that are equal stay so.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.set_visible_devices([], "GPU")
    digits = load_split_digits()

    shared = tf.compat.v1.variance_scaling_initializer(scale=2.0, seed=6)
    original = train(shared, digits, options.steps)
    plain = train(compat_v1_init.to_keras(shared), digits, options.steps)
    exact = train(compat_v1_init.to_keras(shared, numbers="tf1"), digits, options.steps)

    checks = [
        check_distinct("before: Keras' object, first kernels", original.first_kernels, plain.first_kernels, 1),
        check_distinct("before: Keras' object, trained kernels", original.trained_kernels, plain.trained_kernels, 1),
        check_distinct("after: numbers='tf1', first kernels", original.first_kernels, exact.first_kernels, TOWERS),
        check_distinct(
            "after: numbers='tf1', trained kernels", original.trained_kernels, exact.trained_kernels, TOWERS
        ),
        same_bytes("after: first kernels", original.first_kernels, exact.first_kernels),
        same_bytes("after: trained kernels", original.trained_kernels, exact.trained_kernels),
    ]
    agreed = print_verdict(
        f"one initializer in {TOWERS} towers: how many differ, TensorFlow {tf.__version__}, {options.steps} steps",
        checks,
    )
    print(
        f"test accuracy: {original.test_accuracy:.4f} (original), {plain.test_accuracy:.4f} (Keras' object, tied), "
        f"{exact.test_accuracy:.4f} (numbers='tf1')"
    )
    save_loss_picture(
        options.out / "shared_initializer.png",
        "Digits, one initializer in four towers",
        {
            "before: Keras' object": (original.losses, plain.losses),
            "after: numbers='tf1'": (original.losses, exact.losses),
        },
    )
    print("tied before, not after" if agreed else "NOT as expected")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
