"""A TF1 model carried over to Keras with TF1's exact numbers.

The TF1 model is a v1 graph with ``tf.compat.v1`` initializers.  The Keras model
has the same layers, with ``to_keras(..., numbers="tf1")`` of the same
initializers.  Their first weights must be the same bytes.  Then the Keras model
is trained on the scikit-learn digits, once with TensorFlow's own v1 objects as
its initializers (which train, but cannot be saved under Keras 3) and once with
the translated ones, which are saved and loaded again.  Exit code 0: all weights
have the same bytes, 1: they do not.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from _compare import (
    Array,
    Check,
    Digits,
    batch_schedule,
    load_split_digits,
    parse_options,
    print_verdict,
    same_bytes,
    same_bytes_by_name,
    save_loss_picture,
)

import compat_v1_init

v1 = tf.compat.v1
keras = tf.keras

GRAPH_SEED = 50

#: The initializers of the old model, each with a seed of its own.
TF1_INITIALIZERS: dict[str, Callable[[], Any]] = {
    "conv": lambda: v1.variance_scaling_initializer(scale=2.0, seed=1),
    "hidden": lambda: v1.glorot_uniform_initializer(seed=2),
    "output": lambda: v1.variance_scaling_initializer(mode="fan_out", distribution="untruncated_normal", seed=3),
}

SHAPES = {"conv": [3, 3, 1, 16], "hidden": [144, 64], "output": [64, 10]}

#: From an initializer of TF1 to the one that a Keras layer is given.
Translate = Callable[[Any], Any]


@dataclass(frozen=True)
class TrainingRun:
    """What one training of the Keras model leaves behind."""

    first_kernels: dict[str, Array]
    trained_weights: list[Array]
    losses: list[float]
    model: Any


def first_kernels_of_the_graph() -> dict[str, Array]:
    """Build the kernels of the TF1 model, and return their first values."""
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(GRAPH_SEED)
        kernels = {
            name: v1.get_variable(f"{name}/kernel", SHAPES[name], initializer=make())
            for name, make in TF1_INITIALIZERS.items()
        }
        session.run(v1.global_variables_initializer())
        values: dict[str, Array] = session.run(kernels)
        return values


def build_model(translate: Translate) -> Any:
    """Build the Keras model."""
    # As in TF1, the seeds of the initializers are mixed with this one.
    tf.random.set_seed(GRAPH_SEED)
    initializers = {name: translate(make()) for name, make in TF1_INITIALIZERS.items()}
    return keras.Sequential(
        [
            keras.layers.InputLayer((8, 8, 1)),
            keras.layers.Conv2D(16, 3, activation="relu", name="conv", kernel_initializer=initializers["conv"]),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(64, "relu", name="hidden", kernel_initializer=initializers["hidden"]),
            keras.layers.Dense(10, name="output", kernel_initializer=initializers["output"]),
        ]
    )


def train(translate: Translate, digits: Digits, steps: int) -> TrainingRun:
    """Train a fresh model on a fixed schedule of batches."""
    model = build_model(translate)
    first_kernels = {name: model.get_layer(name).get_weights()[0] for name in SHAPES}
    losses: list[float] = []
    record = keras.callbacks.LambdaCallback(on_batch_end=lambda _, logs: losses.append(float(logs["loss"])))
    model.compile(
        keras.optimizers.SGD(0.05, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    rows = batch_schedule(len(digits.train_labels), steps).ravel()
    model.fit(
        digits.train_images[rows],
        digits.train_labels[rows],
        batch_size=64,
        shuffle=False,
        verbose=0,
        callbacks=[record],
    )
    return TrainingRun(first_kernels, model.get_weights(), losses, model)


def accuracy(model: Any, digits: Digits) -> float:
    """Return the share of the test digits that a model names rightly."""
    logits = model.predict(digits.test_images, verbose=0)
    return float(np.mean(np.argmax(logits, axis=1) == digits.test_labels))


def check_saving(model: Any) -> list[Check]:
    """Save the model and load it again; its initializers must be there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        loaded = keras.models.load_model(path)
    before, after = ([type(m.get_layer(name).kernel_initializer).__name__ for name in SHAPES] for m in (model, loaded))
    return [
        same_bytes("weights after saving and loading", model.get_weights(), loaded.get_weights()),
        Check("initializers after loading", before[0], after[0], before == after),
    ]


def use_one_cpu_thread() -> None:
    """Let TensorFlow work on one thread, so that sums are added up in one order; call before any operation."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.set_visible_devices([], "GPU")


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if all weights agree bit for bit, else 1."""
    options = parse_options(argv, __doc__, default_steps=300)
    use_one_cpu_thread()
    digits = load_split_digits()
    graph = first_kernels_of_the_graph()
    original = train(lambda initializer: initializer, digits, options.steps)
    exact = train(lambda initializer: compat_v1_init.to_keras(initializer, numbers="tf1"), digits, options.steps)
    plain = train(compat_v1_init.to_keras, digits, options.steps)

    checks = same_bytes_by_name("first weights, v1 graph and Keras", graph, exact.first_kernels)
    checks.append(same_bytes("trained weights", original.trained_weights, exact.trained_weights))
    checks += check_saving(exact.model)
    agreed = print_verdict(f"Keras model, TensorFlow {tf.__version__}, {options.steps} steps", checks)
    print(
        f"test accuracy: {accuracy(original.model, digits):.4f} (original), {accuracy(exact.model, digits):.4f} "
        f"(numbers='tf1'), {accuracy(plain.model, digits):.4f} (Keras' own numbers)"
    )
    save_loss_picture(
        options.out / "keras_model.png", "Digits, Keras model", {"mean loss so far": (original.losses, exact.losses)}
    )
    print("same bytes" if agreed else "DIFFERENT bytes")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
