"""TF1's samplers `tf.random_normal`, `tf.truncated_normal` and `tf.random_uniform`, with TF1's bits, stateless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lazy import lazy_names

if TYPE_CHECKING:
    from .initializers._samplers import normal, truncated_normal, uniform

__all__ = ["normal", "truncated_normal", "uniform"]

lazy_names(__name__, {name: ("initializers._samplers", name) for name in __all__})
