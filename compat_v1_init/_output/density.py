"""Small pictures of the family's densities: a line of block characters, or an SVG of a few hundred bytes.

They show the form of a distribution: the unit of the axis is the standard deviation of its normal, or half the width
of the uniform one.
"""

from __future__ import annotations

import math
import sys

_BLOCKS = "▁▂▃▄▅▆▇█"
_WORDS = {
    "truncated_normal": "truncated normal, cut off at two standard deviations",
    "untruncated_normal": "normal",
    "uniform": "uniform",
}
_REACH = 3.0  # How far the axis goes to both sides.


def words(distribution: str) -> str:
    """Returns what a distribution is called in a sentence; empty for one that is not known."""
    return _WORDS.get(distribution, "")


def height(distribution: str, x: float) -> float:
    """Returns the density at x, divided by its highest value."""
    if distribution == "uniform":
        return float(abs(x) < 1.0)
    if distribution == "truncated_normal" and abs(x) > 2.0:  # noqa: PLR2004 - where TF1 cuts it off
        return 0.0
    return math.exp(-x * x / 2)


def line(distribution: str, columns: int = 17) -> str:
    """Returns a density as one line of text; empty where it is not known or standard output cannot show it."""
    if distribution not in _WORDS:
        return ""
    step = 2 * _REACH / (columns - 1)
    heights = [height(distribution, -_REACH + at * step) for at in range(columns)]
    drawn = "".join(_BLOCKS[round(each * (len(_BLOCKS) - 1))] for each in heights)
    try:
        drawn.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return ""
    return drawn


def svg(distribution: str, width: int = 96, height_in_pixels: int = 24) -> str:
    """Returns a density as an SVG element; empty where it is not known."""
    if distribution not in _WORDS:
        return ""
    points = []
    for at in range(width + 1):
        x = (2 * at / width - 1) * _REACH
        points.append(f"{at},{height_in_pixels - height(distribution, x) * (height_in_pixels - 2):.1f}")
    area = f"0,{height_in_pixels} {' '.join(points)} {width},{height_in_pixels}"
    return (
        f'<svg width="{width}" height="{height_in_pixels}" role="img" aria-label="{_WORDS[distribution]}">'
        f"<title>{_WORDS[distribution]}</title>"
        f'<polygon points="{area}" fill="#8ab4d8" stroke="#2a6496"/></svg>'
    )
