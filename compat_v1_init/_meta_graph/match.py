"""What gives a variable its first value: a random op of TF1, times a number, plus a number; or a constant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._sampling.seeds import Seeds
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.nodes import OWN_DRAW

from .graph import FARTHEST, TOO_FAR, LeftOut, Shape
from .orthogonal import orthogonal
from .pinned import DTYPES, INT_DTYPES, Distribution, PinnedInitializer
from .pinned_constant import PinnedConstant
from .pinned_orthogonal import PinnedOrthogonal

if TYPE_CHECKING:
    from .constants import Graph
    from .graph import Variable
    from .partitioned import Pinned

DRAWS: dict[str, Distribution] = {
    "TruncatedNormal": "truncated_normal",
    "RandomStandardNormal": "untruncated_normal",
    "RandomUniform": "uniform",
    # By which this package draws in a v1 graph.
    "StatelessTruncatedNormalV2": "truncated_normal",
    "StatelessRandomNormalV2": "untruncated_normal",
    "StatelessRandomUniformV2": "uniform",
}
# The index of the counter's word that is the seed of the op.
_SECOND = 1
_INTEGERS = ("RandomUniformInt", "StatelessRandomUniformIntV2")

# Smaller numbers may become zero. In float16 none does.
_SMALLEST = {tf.float64: 2.0**-1022}

# Why other ops are not followed, with the ops of each reason.
_REASONS = {
    "it is computed from another variable": ("VariableV2", "Variable", "AutoReloadVariable", "ReadVariableOp"),
    "it depends on a condition": ("Switch", "Merge", "RefSwitch", "RefMerge", "If", "StatelessIf", "Case"),
    "it is restored from a checkpoint": ("RestoreV2", "Restore", "RestoreSlice"),
    "it is computed in a function, which is not looked into": ("PartitionedCall", "StatefulPartitionedCall"),
    "it is divided, for which TF1 may or may not have multiplied by the inverse": ("Div", "RealDiv"),
}
_REASON_OF = {op: reason for reason, ops in _REASONS.items() for op in ops}


def first_value(graph: Graph, variable: Variable) -> Pinned:
    """Returns the initializer of a variable.

    Raises:
      LeftOut: if its first value is none of those that can be made again.
    """
    if isinstance(variable.initial_value, LeftOut):
        raise variable.initial_value
    node = graph.node(variable.initial_value)
    if node.op in ("Const", "Fill"):
        key = node.name, variable.shape
        if key not in graph.pinned:
            graph.pinned[key] = _constant(graph, node, variable.shape)
        return graph.pinned[key]
    matrix = orthogonal(graph, node, variable.shape)
    if matrix is not None:
        draw, shape, gain = matrix
        return PinnedOrthogonal(pinned_draw(graph, draw, None), shape, gain)
    return pinned_draw(graph, variable.initial_value, variable.shape)


def _constant(graph: Graph, node: Any, variable_shape: Shape | None) -> PinnedConstant:
    """Returns the initializer of a constant; what the file holds of it is checked here, since it may be damaged."""
    if node.op == "Fill":
        dims, value = graph.inputs(node, 2)
        scalar = graph.scalar(value)
        shape = graph.shape(dims)
        found = None if scalar is None else (np.array([scalar]), variable_shape if shape is None else shape)
    else:
        found = graph.values(node)
    if found is None:
        msg = f"it is a constant, but none of real numbers or truth values, or it is damaged (node {node.name!r})"
        raise LeftOut(msg)
    values, shape = found
    return PinnedConstant(values, shape, tf.as_dtype(values.dtype))


def pinned_draw(graph: Graph, initial_value: str, variable_shape: Shape | None) -> PinnedInitializer:
    """Returns the initializer for the draw that an input is.

    Args:
      graph: the graph.
      initial_value: the input.
      variable_shape: the shape of the variable, for a draw whose own shape the file does not hold.

    Raises:
      LeftOut: if it is no such draw, or not one that can be drawn again.
    """
    steps: list[tuple[str, Any]] = []  # From the value back to the random op.
    reference = initial_value
    for _ in range(FARTHEST):
        node = graph.node(reference)
        if node.op in DRAWS:
            seeds, (shape_input,) = _seeds_and_operands(graph, node, 1)
            shape = graph.shape(shape_input)
            return _initializer(node, seeds, variable_shape if shape is None else shape, steps[::-1])
        if node.op in _INTEGERS:
            return _integers(graph, node, variable_shape, steps)
        operation, number, reference = _step(graph, node)
        steps.append((operation, number))
    raise LeftOut(TOO_FAR)


def _integers(graph: Graph, node: Any, variable_shape: Shape | None, steps: list[tuple[str, Any]]) -> PinnedInitializer:
    seeds, (shape, minval, maxval) = _seeds_and_operands(graph, node, 3)
    bounds = graph.scalar(maxval), graph.scalar(minval)
    if steps:
        raise LeftOut("it is computed from a draw of integers")
    if None in bounds:
        raise LeftOut("the file does not hold the bounds of its draw of integers")
    dtype = _dtype(node.attr["Tout" if node.op == "RandomUniformInt" else "dtype"].type, INT_DTYPES)
    known = graph.shape(shape)
    pair = int(bounds[0]), int(bounds[1])
    return PinnedInitializer("uniform", seeds, variable_shape if known is None else known, dtype, (pair,))


def _seeds_and_operands(graph: Graph, node: Any, count: int) -> tuple[Seeds, list[str]]:
    """Returns the seeds of a random op, and its `count` other inputs: the shape and, for integers, the bounds."""
    if node.op.startswith("Stateless"):
        shape, key, counter, _, *bounds = graph.inputs(node, 3 + count)
        return _seeds_of_place(graph, node, key, counter), [shape, *bounds]
    seeds = Seeds(node.attr["seed"].i, node.attr["seed2"].i)
    if seeds == (0, 0):
        raise LeftOut(_UNSEEDED)
    return seeds, graph.inputs(node, count)


_UNSEEDED = "it has no seed: TF1 drew different numbers in every run"


def _seeds_of_place(graph: Graph, node: Any, key: str, counter: str) -> Seeds:
    """Returns the seeds of a draw of this package: the key, and the second word of the counter."""
    if OWN_DRAW not in node.attr:
        raise LeftOut(_why_not(graph, node))
    # The counter is the product of a ticket and constant words, as another dtype; or it is constant itself.
    made = graph.node(counter)
    if made.op == "Bitcast":
        product = graph.node(graph.inputs(made, 1)[0])
        made = graph.node(graph.inputs(product, 2)[1]) if product.op == "Mul" else product
    seed, words = (graph.values(each) if each.op == "Const" else None for each in (graph.node(key), made))
    if seed is None or words is None:
        raise LeftOut(_UNSEEDED)
    # Where elements are equal, the file holds the last different one only once.
    return Seeds(*(int(word.astype(np.int64)) for word in (seed[0][0], words[0][: _SECOND + 1][-1])))


def _dtype(number: int, allowed: tuple[Any, ...]) -> Any:
    for dtype in allowed:
        if dtype.as_datatype_enum == number:
            return dtype
    msg = f"its dtype, number {number} in the file, is not one of {', '.join(dtype.name for dtype in allowed)}"
    raise LeftOut(msg)


def _step(graph: Graph, node: Any) -> tuple[str, Any, str]:
    """Returns what a node does to one of its inputs: "mul" or "add", the number, and the input."""
    if node.op in ("Mul", "Add", "AddV2"):
        found = graph.with_number(node)
        if found is not None:
            return ("mul" if node.op == "Mul" else "add", *found)
    if node.op == "Sub":
        left, right = graph.inputs(node, 2)
        number = graph.scalar(right)
        if number is not None and graph.scalar(left) is None:
            return "add", -number, left
    raise LeftOut(_why_not(graph, node))


def _initializer(node: Any, seeds: Seeds, shape: Shape | None, steps: list[tuple[str, Any]]) -> PinnedInitializer:
    dtype = _dtype(node.attr["dtype"].type, DTYPES)
    if any(value.dtype != dtype.as_numpy_dtype for _, value in steps):
        raise LeftOut("the dtypes of its draw and of the numbers that scale it differ")
    # TF1's graph optimizer removes steps that change nothing but the sign of a zero.
    telling = [(operation, value) for operation, value in steps if value != (1 if operation == "mul" else 0)]
    # It may join two equal ops into one, which may change the last bit.
    if any(first == second for (first, _), (second, _) in zip(telling, telling[1:])):
        raise LeftOut("it is scaled, or shifted, twice in a row: TF1 may have done both in one step")
    if any(operation == "mul" and abs(float(value)) < _SMALLEST.get(dtype, 2.0**-126) for operation, value in telling):
        telling.append(("add", 0.0))  # It replaces a product that is all zeros with zeros without a sign.
    return PinnedInitializer(DRAWS[node.op], seeds, shape, dtype, tuple(_scaling(telling)))


def _scaling(steps: list[tuple[str, Any]]) -> list[tuple[float, float | None]]:
    """Returns the steps as factors, each with what is then added, or None."""
    scaling: list[tuple[float, float | None]] = []
    for operation, value in steps:
        if operation == "mul":
            scaling.append((float(value), None))
        elif scaling and scaling[-1][1] is None:
            scaling[-1] = (scaling[-1][0], float(value))
        else:
            scaling.append((1.0, float(value)))
    return scaling


def _why_not(graph: Graph, node: Any) -> str:
    """Returns why a node is not followed."""
    if node.op in ("Const", "Fill"):
        return f"it is computed from a constant that is no single number (node {node.name!r})"
    reason = _REASON_OF.get("PartitionedCall" if node.op in graph.functions else node.op, "it is computed otherwise")
    return f"{reason}: the op {node.op} (node {node.name!r})"
