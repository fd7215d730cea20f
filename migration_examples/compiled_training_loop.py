"""A compiled training loop in TF2 style, started from either initializer.

The initial values of the ``tf.Variable`` objects are drawn before the loop:
eagerly, and once inside a ``tf.function``.  Then a loop inside a
``tf.function`` trains them; its step is an ordinary ``tf.function`` in the
first round and compiled by XLA (``jit_compile=True``) in the second.  Nothing
is drawn inside XLA, because TensorFlow's own stateful random operations
ignore their seeds there.  Exit code 0: all weights have the same bytes, 1:
they do not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf
from _compare import (
    Array,
    Check,
    CurvePair,
    Digits,
    InitializerClass,
    batch_schedule,
    load_split_digits,
    parse_options,
    print_verdict,
    same_bytes,
    same_bytes_by_name,
    save_loss_picture,
)

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Sequence

v1 = tf.compat.v1

GRAPH_SEED = 30
HIDDEN_SEED = 5
LEARNING_RATE = 0.1


@dataclass(frozen=True)
class TrainingRun:
    """What one run leaves behind."""

    first_weights: dict[str, Array]
    trained_weights: dict[str, Array]
    losses: list[float]
    test_accuracy: float


def create_weights(initializer_class: InitializerClass) -> dict[str, tf.Variable]:
    """Draw the initial values, each kernel being seeded in its own way."""
    # Setting the seed starts all eager streams from their beginning.
    v1.set_random_seed(GRAPH_SEED)

    # One object with a seed of its own fills two kernels of the same shape:
    # the second call goes on with the stream, so the kernels differ.
    seeded = initializer_class(scale=2.0, seed=HIDDEN_SEED)
    # Only the global seed, drawn eagerly.
    unseeded = initializer_class(mode="fan_avg", distribution="uniform")

    # Only the global seed, drawn in a function (which is not XLA-compiled).
    @tf.function
    def draw_output_kernel() -> tf.Tensor:
        return initializer_class(distribution="untruncated_normal")([32, 10])

    first_values = {
        "hidden_1/kernel": seeded([64, 64]),
        "hidden_1/bias": tf.zeros([64]),
        "hidden_2/kernel": seeded([64, 64]),
        "hidden_2/bias": tf.zeros([64]),
        "hidden_3/kernel": unseeded([64, 32]),
        "hidden_3/bias": tf.zeros([32]),
        "output/kernel": draw_output_kernel(),
        "output/bias": tf.zeros([10]),
    }
    return {name: tf.Variable(value) for name, value in first_values.items()}


def compute_logits(weights: dict[str, tf.Variable], images: tf.Tensor) -> tf.Tensor:
    """Apply the three hidden layers and the output layer."""
    values = tf.reshape(images, [-1, 64])
    for layer in ("hidden_1", "hidden_2", "hidden_3"):
        values = tf.nn.relu(tf.matmul(values, weights[f"{layer}/kernel"]) + weights[f"{layer}/bias"])
    return tf.matmul(values, weights["output/kernel"]) + weights["output/bias"]


def train(initializer_class: InitializerClass, digits: Digits, steps: int, jit_compile: bool) -> TrainingRun:
    """Create the variables, train them in a compiled loop, return the run."""
    weights = create_weights(initializer_class)
    first_weights = {name: weight.numpy() for name, weight in weights.items()}
    train_images = tf.constant(digits.train_images)
    train_labels = tf.constant(digits.train_labels)
    schedule = tf.constant(batch_schedule(len(digits.train_labels), steps))

    @tf.function(jit_compile=jit_compile)
    def train_step(images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        variables = list(weights.values())
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=compute_logits(weights, images))
            )
        gradients = tape.gradient(loss, variables)
        for variable, gradient in zip(variables, gradients):
            variable.assign_sub(LEARNING_RATE * gradient)
        return loss

    @tf.function
    def train_loop() -> tf.Tensor:
        losses = tf.TensorArray(tf.float32, size=steps)
        for step in tf.range(steps):
            rows = schedule[step]
            loss = train_step(tf.gather(train_images, rows), tf.gather(train_labels, rows))
            losses = losses.write(step, loss)
        return losses.stack()

    losses = train_loop().numpy().tolist()
    predicted = np.argmax(compute_logits(weights, digits.test_images).numpy(), axis=1)
    return TrainingRun(
        first_weights,
        {name: weight.numpy() for name, weight in weights.items()},
        losses,
        float(np.mean(predicted == digits.test_labels)),
    )


def use_one_cpu_thread() -> None:
    """Let TensorFlow work on one thread of the CPU; call before any operation.

    With several threads the order in which partial sums of a gradient are
    added up may change from run to run, and with it the last bits of the
    trained weights.  One thread keeps that order, so that any difference that
    is left comes from the initializer.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.set_visible_devices([], "GPU")


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if both runs agree bit for bit, else 1."""
    options = parse_options(argv, __doc__, default_steps=300)
    use_one_cpu_thread()
    digits = load_split_digits()
    checks: list[Check] = []
    curves: dict[str, CurvePair] = {}
    accuracies: list[str] = []
    for jit_compile in (False, True):
        mode = "jit_compile" if jit_compile else "tf.function"
        original = train(v1.variance_scaling_initializer, digits, options.steps, jit_compile)
        replacement = train(
            compat_v1_init.variance_scaling_initializer,
            digits,
            options.steps,
            jit_compile,
        )
        if not checks:  # The first weights do not depend on the kind of step.
            kernels = [name for name in original.first_weights if "kernel" in name]
            checks += same_bytes_by_name(
                "first weights",
                {name: original.first_weights[name] for name in kernels},
                {name: replacement.first_weights[name] for name in kernels},
            )
        checks.append(
            same_bytes(
                f"first weights, {mode}",
                original.first_weights.values(),
                replacement.first_weights.values(),
            )
        )
        checks.append(
            same_bytes(
                f"trained weights, {mode}",
                original.trained_weights.values(),
                replacement.trained_weights.values(),
            )
        )
        curves[f"train step: {mode}"] = (original.losses, replacement.losses)
        accuracies.append(
            f"test accuracy, {mode}: {original.test_accuracy:.4f} (original), "
            f"{replacement.test_accuracy:.4f} (compat_v1_init)"
        )

    agreed = print_verdict(
        f"compiled training loop, TensorFlow {tf.__version__}, {options.steps} steps",
        checks,
    )
    print("\n".join(accuracies))
    save_loss_picture(
        options.out / "compiled_training_loop.png",
        "Digits, compiled training loop",
        curves,
    )
    print("same bytes" if agreed else "DIFFERENT bytes")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
