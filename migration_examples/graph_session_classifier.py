"""A TF1-style graph-and-session classifier, trained with either initializer.

A small convolutional net learns the scikit-learn digits, first with
``tf.compat.v1.variance_scaling_initializer`` and then with the class of the
same name from ``compat_v1_init``.  The class is the only difference between
the two runs.  Exit code 0: all weights have the same bytes, 1: they do not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tensorflow as tf
from _compare import (
    Array,
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

GRAPH_SEED = 20
CONV_SEED = 7


@dataclass(frozen=True)
class TrainingRun:
    """What one run leaves behind."""

    first_weights: dict[str, Array]
    trained_weights: dict[str, Array]
    losses: list[float]
    test_accuracy: float
    random_operations: list[str]


def build_logits(images: tf.Tensor, initializer_class: InitializerClass) -> tf.Tensor:
    """Build conv -> dense -> dense; each kernel is seeded in its own way."""
    with v1.variable_scope("conv"):
        # Seeded by both the graph's seed and a seed of its own.
        kernel = v1.get_variable(
            "kernel",
            [3, 3, 1, 16],
            initializer=initializer_class(scale=2.0, seed=CONV_SEED),
        )
        bias = v1.get_variable("bias", [16], initializer=v1.zeros_initializer())
        hidden = tf.nn.relu(tf.nn.conv2d(images, kernel, 1, "SAME") + bias)
        hidden = tf.nn.max_pool2d(hidden, 2, 2, "VALID")
        hidden = tf.reshape(hidden, [-1, 4 * 4 * 16])

    # Only the graph's seed; the initializer is the default of the scope.
    scope_default = initializer_class(scale=1.0, mode="fan_avg", distribution="uniform")
    with v1.variable_scope("hidden", initializer=scope_default):
        kernel = v1.get_variable("kernel", [4 * 4 * 16, 64])
        bias = v1.get_variable("bias", [64], initializer=v1.zeros_initializer())
        hidden = tf.nn.relu(tf.matmul(hidden, kernel) + bias)

    with v1.variable_scope("output"):
        # Only the graph's seed, again with another distribution.
        kernel = v1.get_variable(
            "kernel",
            [64, 10],
            initializer=initializer_class(mode="fan_out", distribution="untruncated_normal"),
        )
        bias = v1.get_variable("bias", [10], initializer=v1.zeros_initializer())
        return tf.matmul(hidden, kernel) + bias


def list_random_operations(graph: tf.Graph) -> list[str]:
    """Return the types of the operations of the graph that draw numbers."""
    kinds = {
        operation.type
        for operation in graph.get_operations()
        if operation.type.startswith(("Random", "Stateless", "Truncated"))
    }
    return sorted(kinds)


def train_classifier(initializer_class: InitializerClass, digits: Digits, steps: int) -> TrainingRun:
    """Build a fresh graph, train it in a fresh session, and return the run."""
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(GRAPH_SEED)
        images = v1.placeholder(tf.float32, [None, 8, 8, 1], name="images")
        labels = v1.placeholder(tf.int32, [None], name="labels")
        logits = build_logits(images, initializer_class)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
        hits = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), labels)
        accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
        optimizer = v1.train.MomentumOptimizer(learning_rate=0.05, momentum=0.9)
        train_op = optimizer.minimize(loss)
        weights = {variable.op.name: variable for variable in v1.trainable_variables()}
        init_op = v1.global_variables_initializer()

        # With several threads the order in which partial sums of a gradient
        # are added up may change from run to run, and with it the last bits
        # of the trained weights.  One thread keeps that order, so that any
        # difference that is left comes from the initializer.
        config = v1.ConfigProto(
            intra_op_parallelism_threads=1,
            inter_op_parallelism_threads=1,
            device_count={"GPU": 0},
        )
        losses: list[float] = []
        with v1.Session(config=config) as session:
            session.run(init_op)
            first_weights = session.run(weights)
            for rows in batch_schedule(len(digits.train_labels), steps):
                feed = {
                    images: digits.train_images[rows],
                    labels: digits.train_labels[rows],
                }
                step_loss, _ = session.run([loss, train_op], feed)
                losses.append(float(step_loss))
            trained_weights = session.run(weights)
            test_feed = {images: digits.test_images, labels: digits.test_labels}
            test_accuracy = float(session.run(accuracy, test_feed))
        return TrainingRun(
            first_weights,
            trained_weights,
            losses,
            test_accuracy,
            list_random_operations(graph),
        )


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if both runs agree bit for bit, else 1."""
    options = parse_options(argv, __doc__, default_steps=300)
    digits = load_split_digits()
    original = train_classifier(v1.variance_scaling_initializer, digits, options.steps)
    replacement = train_classifier(compat_v1_init.variance_scaling_initializer, digits, options.steps)

    checks = same_bytes_by_name("first weights", original.first_weights, replacement.first_weights)
    checks.append(
        same_bytes(
            "trained weights: all together",
            original.trained_weights.values(),
            replacement.trained_weights.values(),
        )
    )
    agreed = print_verdict(
        f"graph and session, TensorFlow {tf.__version__}, {options.steps} steps",
        checks,
    )
    print(f"random operations, original:       {original.random_operations}")
    print(f"random operations, compat_v1_init: {replacement.random_operations}")
    print(f"test accuracy: {original.test_accuracy:.4f} (original), {replacement.test_accuracy:.4f} (compat_v1_init)")
    save_loss_picture(
        options.out / "graph_session_classifier.png",
        "Digits, v1 graph and session",
        {"conv net, momentum": (original.losses, replacement.losses)},
    )
    print("same bytes" if agreed else "DIFFERENT bytes")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
