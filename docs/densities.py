"""Draws densities.png: the original, the drop-in and both translations to Keras, on top of each other.

Needs matplotlib: ``python docs/densities.py``.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import compat_v1_init

PICTURE = Path(__file__).with_name("densities.png")

#: Four million values; fan_in is 1000, so widths are in units of sqrt(scale / 1000).
SHAPE = (1000, 4000)
UNIT = 1000**-0.5

#: From back to front, each line narrower than the one that it lies on.
LINES = {
    "tf.compat.v1": {"color": "#f4c490", "linewidth": 9},
    "compat_v1_init": {"color": "#e07a5f", "linewidth": 6},
    "to_keras(..., numbers='tf1')": {"color": "#3d7ea6", "linewidth": 3},
    "to_keras(...)": {"color": "#14213d", "linewidth": 1, "linestyle": (0, (4, 3))},
}


def density(initializer: Any, edges: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns the density of an initializer's values, in units of UNIT, for the intervals between the edges."""
    tf.random.set_seed(1)  # Each starts at the beginning of its stream.
    values = np.asarray(initializer(SHAPE), np.float32).ravel() / UNIT
    counts, _ = np.histogram(values, edges)
    share: npt.NDArray[np.float64] = counts / (values.size * np.diff(edges))
    return share


def draw_distribution(axis: Any, distribution: str) -> None:
    """Draws one distribution four times."""
    theirs = tf.compat.v1.variance_scaling_initializer(distribution=distribution, seed=1)
    ours = compat_v1_init.variance_scaling_initializer(distribution=distribution, seed=1)
    four = [theirs, ours, compat_v1_init.to_keras(theirs, numbers="tf1"), compat_v1_init.to_keras(theirs)]
    edges = np.linspace(-3.5, 3.5, 141)
    for initializer, (label, style) in zip(four, LINES.items()):
        axis.stairs(density(initializer, edges), edges, label=label, **style)
    axis.set_title(distribution)
    axis.set_xlabel("value / sqrt(scale / n)")
    axis.set_ylim(bottom=0)


def draw_constant(axis: Any) -> None:
    """Draws where the truncated normal ends: contrib's 1.3 sets it 0.29 % further out than 1 / 0.8796**2."""
    contrib = compat_v1_init.contrib.variance_scaling_initializer(factor=1.0, seed=1)
    tf1 = tf.compat.v1.variance_scaling_initializer(seed=1)
    exact = compat_v1_init.to_keras(contrib, numbers="tf1")
    edges = np.linspace(2.26, 2.292, 33)
    lines = {
        "tf.compat.v1.variance_scaling_initializer": (tf1, {"color": "#81a88d", "linewidth": 6}),
        "contrib.variance_scaling_initializer": (contrib, LINES["compat_v1_init"]),
        "the same, to_keras(..., numbers='tf1')": (exact, LINES["to_keras(..., numbers='tf1')"]),
        "the same, to_keras(...)": (compat_v1_init.to_keras(contrib), LINES["to_keras(...)"]),
    }
    for label, (initializer, style) in lines.items():
        axis.stairs(density(initializer, edges), edges, baseline=None, label=label, **style)
    axis.set_title("contrib's 1.3: the end of the tail, 0.29 % further out")
    axis.set_xlabel("value / sqrt(scale / n)")
    axis.set_ylim(0, 0.11)
    axis.legend(fontsize=8)


def main() -> None:
    """Draws the picture."""
    figure = Figure(figsize=(6, 14), layout="constrained")  # One below the other, to be read on a phone.
    FigureCanvasAgg(figure)  # Draws into files only: no display is needed.
    axes = figure.subplots(4, 1)
    for axis, distribution in zip(axes, ("truncated_normal", "untruncated_normal", "uniform")):
        draw_distribution(axis, distribution)
    draw_constant(axes[3])
    for axis in axes:
        axis.set_ylabel("density of 4 million values")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2)
    figure.savefig(PICTURE, dpi=100)


if __name__ == "__main__":
    main()
