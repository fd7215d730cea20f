"""The ops of TF1's `Orthogonal`: the Q of a draw's QR decomposition, with the signs of R's diagonal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .graph import LeftOut, Shape

if TYPE_CHECKING:
    from .constants import Graph


def orthogonal(graph: Graph, node: Any, variable_shape: Shape | None) -> tuple[str, Shape, float] | None:
    """Returns the input that is factorized, the shape and the gain of an orthogonal matrix; None if it is none.

    Args:
      graph: the graph.
      node: the node that may be one.
      variable_shape: the shape of the variable, for a matrix that is not reshaped.
    """
    try:
        return _orthogonal(graph, node, variable_shape)
    except (LeftOut, _Other):
        return None


class _Other(Exception):  # noqa: N818 - an answer, not a fault
    """The ops are others."""


def _orthogonal(graph: Graph, node: Any, shape: Shape | None) -> tuple[str, Shape, float]:
    node, gain = _without_factor(graph, node)
    if node.op == "Reshape":
        value, sizes = graph.inputs(node, 2)
        shape = graph.shape(sizes)
        node = graph.node(value)
    if shape is None or len(shape) < 2:  # noqa: PLR2004 - a matrix
        raise _Other
    if math.prod(shape[:-1]) < shape[-1]:
        value, order = graph.inputs(_is(node, "Transpose"), 2)
        if graph.shape(order) != (1, 0):
            raise _Other
        node = graph.node(value)
    factors = [graph.output(each) for each in graph.inputs(_is(node, "Mul"), 2)]
    # TF1's graph optimizer may put the signs first, and may multiply them by the gain: the products are the same.
    (q, q_output), (signs, _) = sorted(factors, key=lambda factor: factor[0].op != "Qr")
    signs, factor = _without_factor(graph, signs)
    if gain is not None and factor is not None:
        raise _Other
    (diagonal,) = graph.inputs(_is(signs, "Sign"), 1)
    (r,) = graph.inputs(_is(graph.node(diagonal), "DiagPart"), 1)
    r_node, r_output = graph.output(r)
    if _is(q, "Qr") is not r_node or (q_output, r_output) != (0, 1) or q.attr["full_matrices"].b:
        raise _Other
    (draw,) = graph.inputs(q, 1)
    gain = factor if gain is None else gain
    return draw, shape, 1.0 if gain is None else gain


def _without_factor(graph: Graph, node: Any) -> tuple[Any, float | None]:
    """Returns what a node multiplies by a number, and the number; the node itself and None if it does not."""
    found = graph.with_number(node) if node.op == "Mul" else None
    if found is not None:
        return graph.node(found[1]), float(found[0])
    return node, None


def _is(node: Any, op: str) -> Any:
    if node.op != op:
        raise _Other
    return node
