"""Helpers shared by the migration examples: data, digests, verdicts, pictures.

Every example trains the same model twice, once with TensorFlow's own
initializer class and once with the one from ``compat_v1_init``.  What this
module offers is what the examples need to set the two runs side by side.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

#: A NumPy array of any element type.
Array = np.ndarray

#: An initializer class, e.g. ``tf.compat.v1.variance_scaling_initializer``.
InitializerClass = Callable[..., Any]

#: A training loss per step, for the original and for the replacement.
CurvePair = tuple[Sequence[float], Sequence[float]]

DEFAULT_OUTPUT_FOLDER = Path(__file__).resolve().parent / "out"
SHOWN_DIGEST_CHARACTERS = 12


@dataclass(frozen=True)
class Digits:
    """The scikit-learn digits, split once and for all."""

    train_images: Array
    train_labels: Array
    test_images: Array
    test_labels: Array


@dataclass(frozen=True)
class Check:
    """One line of the verdict table."""

    what: str
    original: str
    replacement: str
    passed: bool


def load_split_digits(test_count: int = 360, split_seed: int = 0) -> Digits:
    """Load the 8x8 digits as float32 in [0, 1], shuffled by a fixed seed."""
    bunch = load_digits()
    images = (bunch.images / 16.0).astype(np.float32)[..., np.newaxis]
    labels = bunch.target.astype(np.int32)
    order = np.random.default_rng(split_seed).permutation(len(labels))
    test, train = order[:test_count], order[test_count:]
    return Digits(images[train], labels[train], images[test], labels[test])


def batch_schedule(example_count: int, steps: int, batch_size: int = 64, seed: int = 1) -> Array:
    """Return ``[steps, batch_size]`` example indices, the same in every call."""
    random = np.random.default_rng(seed)
    rows = [random.choice(example_count, batch_size, replace=False) for _ in range(steps)]
    return np.asarray(rows, dtype=np.int32).reshape(steps, batch_size)


def digest(arrays: Iterable[Array]) -> str:
    """Return the SHA-256 of the arrays' dtypes, shapes and bytes, in order."""
    sha = hashlib.sha256()
    for array in arrays:
        contiguous = np.ascontiguousarray(array)
        sha.update(f"{contiguous.dtype.str}{contiguous.shape}".encode())
        sha.update(contiguous.tobytes())
    return sha.hexdigest()


def same_bytes(what: str, original: Iterable[Array], replacement: Iterable[Array]) -> Check:
    """Compare two lists of arrays bit for bit."""
    left, right = digest(original), digest(replacement)
    return Check(
        what,
        left[:SHOWN_DIGEST_CHARACTERS],
        right[:SHOWN_DIGEST_CHARACTERS],
        left == right,
    )


def same_bytes_by_name(
    what: str,
    original: Mapping[str, Array],
    replacement: Mapping[str, Array],
) -> list[Check]:
    """Compare named arrays one by one, then all of them together."""
    checks = [same_bytes(f"{what}: {name}", [original[name]], [replacement[name]]) for name in original]
    checks.append(same_bytes(f"{what}: all together", original.values(), replacement.values()))
    return checks


def print_verdict(title: str, checks: Sequence[Check]) -> bool:
    """Print the table of checks and return whether all of them passed."""
    header = ("what", "original", "compat_v1_init", "verdict")
    rows = [(check.what, check.original, check.replacement, "ok" if check.passed else "NO") for check in checks]
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    rule = tuple("-" * width for width in widths)
    print(title)
    for row in [header, rule, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths))
        print("  " + "  ".join(cells).rstrip())
    return all(check.passed for check in checks)


def save_loss_picture(
    path: Path,
    title: str,
    curves: Mapping[str, CurvePair],
    xlabel: str = "training step",
    ylabel: str = "training loss",
) -> None:
    """Draw one panel per entry with both loss curves on top of each other.

    The original is a broad pale line and the replacement a thin dashed dark
    one, so both stay visible where they coincide.
    """
    figure = Figure(figsize=(max(6.4, 3.4 * len(curves)), 4.4), layout="constrained")
    FigureCanvasAgg(figure)  # Draws into files only: no display is needed.
    axes = figure.subplots(1, len(curves), sharey=True, squeeze=False)
    for axis, (name, (original, replacement)) in zip(axes[0], curves.items()):
        axis.plot(
            original,
            color="#f4a259",
            linewidth=5,
            solid_capstyle="round",
            label="tf.compat.v1",
        )
        axis.plot(
            replacement,
            color="#1d3557",
            linewidth=1.3,
            linestyle=(0, (4, 3)),
            label="compat_v1_init",
        )
        gap = np.max(np.abs(np.subtract(original, replacement)), initial=0.0)
        axis.set_title(f"{name}\nlargest difference: {gap:g}", fontsize=10)
        axis.set_xlabel(xlabel)
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel(ylabel)
    axes[0][-1].legend(loc="upper right")
    figure.suptitle(title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    print(f"picture: {path.name}")


def parse_options(argv: Sequence[str], description: str | None, default_steps: int) -> argparse.Namespace:
    """Parse the options that all examples share: ``--steps`` and ``--out``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--steps",
        type=_positive_integer,
        default=default_steps,
        help="training steps (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUTPUT_FOLDER,
        help="folder for the picture (default: out/ beside the programs)",
    )
    return parser.parse_args(argv)


def _positive_integer(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
