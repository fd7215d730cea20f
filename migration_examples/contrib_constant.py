"""contrib's constant: 0.29 % of a standard deviation, layer upon layer.

``tf.contrib.layers.variance_scaling_initializer`` makes up for the truncation
with 1.3, where TF1's class has 1 / 0.8796...**2 = 1.2924.  Whoever writes
``VarianceScaling(scale=factor)`` for it loses 0.29 % of the standard deviation in
every layer.  Here the scikit-learn digits go through 100 layers of relu, with
weights that are the same draws but for the constant: the outputs are a quarter
smaller.  ``to_keras`` keeps the constant.  TensorFlow 2 has no contrib, so the
original is ``compat_v1_init.contrib``.  Exit code 0: it does, 1: it does not.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from _compare import Array, Check, load_split_digits, parse_options, print_verdict, same_bytes, save_loss_picture

import compat_v1_init

keras = tf.keras

DEPTH = 100
WIDTH = 64
TRUNCATED_STDDEV = 0.87962566103423978
EXPECTED_RATIO = math.sqrt(1.3) * TRUNCATED_STDDEV


def spread_of(initializer: Any) -> float:
    """Return the standard deviation of four million values, in units of sqrt(factor / n)."""
    tf.random.set_seed(1)
    shape = (2000, 2000)
    return float(np.std(np.asarray(initializer(shape)), dtype=np.float64) * math.sqrt(shape[0] / 2.0))


def sizes_through_layers(initializer: Any, images: Array, depth: int) -> list[float]:
    """Return the root mean square of what comes out of each layer."""
    tf.random.set_seed(1)  # The kernels of every network are the same draws of the stream.
    values = images.reshape(len(images), WIDTH)
    sizes: list[float] = []
    for _ in range(depth):
        layer = keras.layers.Dense(WIDTH, "relu", use_bias=False, kernel_initializer=initializer)
        values = np.asarray(layer(values))
        sizes.append(float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))))
    return sizes


def close(what: str, expected: float, found: float, tolerance: float) -> Check:
    """Compare two numbers."""
    return Check(what, f"{expected:.4f}", f"{found:.4f}", abs(found / expected - 1.0) < tolerance)


def main(argv: Sequence[str]) -> int:
    """Run the comparison; return 0 if the translation keeps the constant, else 1."""
    options = parse_options(argv, __doc__, default_steps=DEPTH)
    digits = load_split_digits()

    contrib = compat_v1_init.contrib.variance_scaling_initializer(factor=2.0, seed=8)
    exact = compat_v1_init.to_keras(contrib, numbers="tf1")
    plain = compat_v1_init.to_keras(contrib)
    careless = compat_v1_init.variance_scaling_initializer(scale=2.0, seed=8)

    sizes = {
        name: sizes_through_layers(initializer, digits.train_images, options.steps)
        for name, initializer in {"contrib": contrib, "exact": exact, "careless": careless}.items()
    }
    checks = [
        close("standard deviation: contrib's, and to_keras(...)", spread_of(contrib), spread_of(plain), 1e-3),
        close(
            "standard deviation: ratio to scale=factor", EXPECTED_RATIO, spread_of(contrib) / spread_of(careless), 1e-4
        ),
        close(
            f"outputs after {options.steps} layers: ratio",
            EXPECTED_RATIO**options.steps,
            sizes["contrib"][-1] / sizes["careless"][-1],
            1e-3,
        ),
        same_bytes(
            f"outputs after {options.steps} layers: numbers='tf1'",
            [np.array(sizes["contrib"])],
            [np.array(sizes["exact"])],
        ),
    ]
    agreed = print_verdict(f"contrib's constant, TensorFlow {tf.__version__}, {options.steps} layers", checks)
    save_loss_picture(
        options.out / "contrib_constant.png",
        "Digits through layers of relu",
        {"scale=factor": (sizes["contrib"], sizes["careless"]), "numbers='tf1'": (sizes["contrib"], sizes["exact"])},
        xlabel="layer",
        ylabel="root mean square of the outputs",
    )
    print("the constant is kept" if agreed else "the constant is LOST")
    return 0 if agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
