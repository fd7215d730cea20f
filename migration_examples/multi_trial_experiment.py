"""Several trials in one graph and one session, with either initializer.

A common TF1 idiom: build the graph once, run its init operation before every
trial, train, and average over the trials.  It rests on a property that is
easily lost in a port: each run of the init operation in a session gives the
*next* numbers of the stream, and a new session starts the stream again.  Exit
code 0: both runs have the property and the same bytes, 1: they do not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tensorflow as tf
from _compare import (
    Array,
    Check,
    Digits,
    InitializerClass,
    batch_schedule,
    digest,
    load_split_digits,
    parse_options,
    print_verdict,
    same_bytes,
    save_loss_picture,
)

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Sequence

v1 = tf.compat.v1

GRAPH_SEED = 40
HIDDEN_SEED = 3
TRIALS = 5


@dataclass(frozen=True)
class Trial:
    """What one trial leaves behind: weights by name, and the loss per step."""

    first_weights: dict[str, Array]
    trained_weights: dict[str, Array]
    losses: list[float]

    def first_kernels(self) -> list[Array]:
        """Return the weights that were drawn, leaving out the zero biases."""
        return [value for name, value in self.first_weights.items() if "kernel" in name]


class Experiment:
    """A graph that is built once, and sessions that run trials in it."""

    def __init__(self, initializer_class: InitializerClass) -> None:
        """Build the graph: one hidden layer, and the init and train operations."""
        self.graph = tf.Graph()
        with self.graph.as_default():
            v1.set_random_seed(GRAPH_SEED)
            self.images = v1.placeholder(tf.float32, [None, 8, 8, 1])
            self.labels = v1.placeholder(tf.int32, [None])
            # Seeded by both the graph's seed and a seed of its own.
            hidden_kernel = v1.get_variable(
                "hidden/kernel",
                [64, 32],
                initializer=initializer_class(scale=2.0, seed=HIDDEN_SEED),
            )
            hidden_bias = v1.get_variable("hidden/bias", [32], initializer=v1.zeros_initializer())
            # Only the graph's seed.
            output_kernel = v1.get_variable(
                "output/kernel",
                [32, 10],
                initializer=initializer_class(mode="fan_avg", distribution="uniform"),
            )
            output_bias = v1.get_variable("output/bias", [10], initializer=v1.zeros_initializer())
            values = tf.reshape(self.images, [-1, 64])
            values = tf.nn.relu(tf.matmul(values, hidden_kernel) + hidden_bias)
            logits = tf.matmul(values, output_kernel) + output_bias
            self.loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.labels, logits=logits)
            )
            optimizer = v1.train.GradientDescentOptimizer(learning_rate=0.5)
            self.train_op = optimizer.minimize(self.loss)
            self.weights = {variable.op.name: variable for variable in v1.trainable_variables()}
            self.init_op = v1.global_variables_initializer()

    def run_trials(self, digits: Digits, steps: int, trials: int) -> list[Trial]:
        """Run the trials one after the other in a session of their own."""
        # With several threads the order in which partial sums of a gradient
        # are added up may change from run to run, and with it the last bits
        # of the trained weights.  One thread keeps that order, so that any
        # difference that is left comes from the initializer.
        config = v1.ConfigProto(
            intra_op_parallelism_threads=1,
            inter_op_parallelism_threads=1,
            device_count={"GPU": 0},
        )
        with v1.Session(graph=self.graph, config=config) as session:
            return [self._run_trial(session, digits, steps) for _ in range(trials)]

    def _run_trial(self, session: tf.compat.v1.Session, digits: Digits, steps: int) -> Trial:
        session.run(self.init_op)
        first_weights = session.run(self.weights)
        losses: list[float] = []
        for rows in batch_schedule(len(digits.train_labels), steps):
            feed = {
                self.images: digits.train_images[rows],
                self.labels: digits.train_labels[rows],
            }
            step_loss, _ = session.run([self.loss, self.train_op], feed)
            losses.append(float(step_loss))
        return Trial(first_weights, session.run(self.weights), losses)


def count_distinct(arrays: Sequence[Array]) -> int:
    """Return how many of the arrays differ from one another."""
    return len({digest([array]) for array in arrays})


def check_trials_differ(original: Sequence[Trial], replacement: Sequence[Trial]) -> Check:
    """Check that no kernel has the same first weights in two trials."""

    def fewest_distinct(trials: Sequence[Trial]) -> int:
        by_kernel = zip(*(trial.first_kernels() for trial in trials))
        return min(count_distinct(arrays) for arrays in by_kernel)

    left, right = fewest_distinct(original), fewest_distinct(replacement)
    return Check(
        "distinct first weights per kernel",
        f"{left} of {len(original)}",
        f"{right} of {len(replacement)}",
        left == len(original) and right == len(replacement),
    )


def check_restart(first: dict[str, list[Trial]], second: dict[str, list[Trial]]) -> Check:
    """Check that the second session repeats the first one, trial by trial."""

    def count_repeated(name: str) -> int:
        return sum(
            digest(one.first_weights.values()) == digest(two.first_weights.values())
            for one, two in zip(first[name], second[name])
        )

    left, right = count_repeated("original"), count_repeated("replacement")
    return Check(
        "trials repeated by a second session",
        f"{left} of {TRIALS}",
        f"{right} of {TRIALS}",
        left == right == TRIALS,
    )


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if all that should hold holds, else 1."""
    options = parse_options(argv, __doc__, default_steps=100)
    digits = load_split_digits()
    experiments = {
        "original": Experiment(v1.variance_scaling_initializer),
        "replacement": Experiment(compat_v1_init.variance_scaling_initializer),
    }
    first_session = {
        name: experiment.run_trials(digits, options.steps, TRIALS) for name, experiment in experiments.items()
    }
    # The same graphs again, each in a new session.
    second_session = {
        name: experiment.run_trials(digits, options.steps, TRIALS) for name, experiment in experiments.items()
    }
    original, replacement = first_session["original"], first_session["replacement"]

    checks: list[Check] = []
    for number, (one, two) in enumerate(zip(original, replacement), 1):
        checks.append(
            same_bytes(
                f"trial {number}: first weights",
                one.first_weights.values(),
                two.first_weights.values(),
            )
        )
        checks.append(
            same_bytes(
                f"trial {number}: trained weights",
                one.trained_weights.values(),
                two.trained_weights.values(),
            )
        )
    checks.append(check_trials_differ(original, replacement))
    checks.append(check_restart(first_session, second_session))
    agreed = print_verdict(
        f"{TRIALS} trials in one session, TensorFlow {tf.__version__}, {options.steps} steps each",
        checks,
    )
    save_loss_picture(
        options.out / "multi_trial_experiment.png",
        "Digits, five trials in one session",
        {
            f"trial {number}": (one.losses, two.losses)
            for number, (one, two) in enumerate(zip(original, replacement), 1)
        },
    )
    print("same bytes" if agreed else "DIFFERENT bytes")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
