"""Recurrent cells: one kernel for input and state in TF1, two in Keras, with the gates in another order."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .graph import FARTHEST, LeftOut

if TYPE_CHECKING:
    from .constants import Graph

# By the number of products in a cell, the places of TF1's gates in Keras' order.
_LSTM, _GRU, _SIMPLE = 4, 3, 1
_ORDER = {_LSTM: (0, 2, 1, 3), _GRU: (1, 0, 2), _SIMPLE: (0,)}
_TOLD = {
    _LSTM: "TF1's first value: its gates i, j, f, o in Keras' order i, f, c, o",
    _GRU: "TF1's first value: its gates r, u and its candidate in Keras' order z, r, h",
    _SIMPLE: "TF1's first value",
}
_ROWS = {"kernel": ", the rows of the input", "recurrent_kernel": ", the rows of the state"}
# What layers name by themselves.
_OWN_NAME = re.compile(r"(basic_|layer_norm_basic_)?(lstm|gru|rnn|lstm_fused|simple_rnn|layer_norm_lstm)_cell(_\d+)?$")
_UNROLLED = {"rnn", "multi_rnn_cell", "bidirectional_rnn", "stack_bidirectional_rnn", "fw", "bw", "while"}


@dataclasses.dataclass(frozen=True)
class GraphCell:
    """A cell of the graph.

    Attributes:
      gates: 4 for an LSTM, 3 for a GRU, 1 for a plain cell.
      name: that of the scope of its variables.
      kernels: the names of its kernels: two for a GRU, of the gates and of the candidate.
      biases: the names of its biases.
      forget_bias: what the graph adds to the forget gate.
      more: what it has besides, which Keras' cells do not; empty for most.
    """

    gates: int
    name: str
    kernels: tuple[str, ...]
    biases: tuple[str, ...]
    forget_bias: float = 0.0
    more: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class ModelCell:
    """A cell of a Keras model: the scope of its variables, and those that it has, by their own names."""

    name: str
    variables: Mapping[str, Any]

    @property
    def units(self) -> int:
        """The number of units of its state."""
        return int(self.variables["recurrent_kernel"].shape[0])

    @property
    def gates(self) -> int:
        """The number of products in it, as for :class:`GraphCell`."""
        return int(self.variables["recurrent_kernel"].shape[1]) // self.units


def model_cells(variables: Mapping[str, Any]) -> list[ModelCell]:
    """Returns the cells among the variables of a model."""
    found = []
    for name, variable in variables.items():
        scope, _, own = name.rpartition("/")
        if own == "recurrent_kernel" and len(variable.shape) == 2 and f"{scope}/kernel" in variables:  # noqa: PLR2004 - a matrix
            names = [each for each in ("kernel", own, "bias") if f"{scope}/{each}" in variables]
            cell = ModelCell(scope, {each: variables[f"{scope}/{each}"] for each in names})
            if cell.gates in _ORDER:
                found.append(cell)
    return found


def graph_cells(names: Iterable[str], forget_biases: Mapping[str, float]) -> list[GraphCell]:
    """Returns the cells among the variables of a graph, by their names and by what :func:`forget_biases` found."""
    known = list(names)
    found = []
    for name in known:
        scope, _, own = name.rpartition("/")
        if own != "kernel":
            continue
        if name in forget_biases:
            more = [each for each in known if each.startswith(f"{scope}/") and each not in (name, f"{scope}/bias")]
            forget = forget_biases[name]
            found.append(GraphCell(_LSTM, scope, (name,), (f"{scope}/bias",), forget, _telling(scope, more)))
        elif scope.endswith("/gates") and f"{scope[:-6]}/candidate/kernel" in known:
            both = [f"{scope}/", f"{scope[:-6]}/candidate/"]
            kernels, biases = (tuple(each + own for each in both) for own in ("kernel", "bias"))
            found.append(GraphCell(_GRU, scope[:-6], kernels, biases))
        elif re.search(r"(^|/)basic_rnn_cell(_\d+)?$", scope):
            found.append(GraphCell(_SIMPLE, scope, (name,), (f"{scope}/bias",)))
    return found


def _telling(scope: str, names: Sequence[str]) -> tuple[str, ...]:
    """Returns the variables of a cell that it computes with: an optimizer's and an average's lie below the others."""
    return tuple(n for n in names if re.fullmatch(r"w_[ifo]_diag|.*/(kernel|gamma|beta)", n[len(scope) + 1 :]))


def forget_biases(graph: Graph) -> dict[str, float]:
    """Returns for the kernel of each LSTM cell what the graph adds to its forget gate."""
    found: dict[str, float] = {}
    splits: dict[str, str] = {}
    for node in graph.nodes.values():
        inputs = [each for each in node.input if not each.startswith("^")]
        if node.op in ("LSTMBlockCell", "BlockLSTM"):
            kernel = inputs[-5] if len(inputs) > 5 else ""  # noqa: PLR2004 - before three of the peepholes and the bias
            found[_variable(graph, kernel)] = float(node.attr["forget_bias"].f)
        elif node.op == "Split" and node.attr["num_split"].i == _LSTM and len(inputs) > 1:
            kernel = _kernel_of(graph, inputs[1])
            if kernel:
                splits[node.name] = kernel
                found.setdefault(kernel, 0.0)
    for node in graph.nodes.values():
        if node.op in ("Add", "AddV2") and len(node.input) > 1:
            for gate, number in (node.input[:2], node.input[1::-1]):
                name, _, output = gate.partition(":")
                scalar = graph.scalar(number) if name in splits and output == "2" else None
                if scalar is not None:
                    found[splits[name]] = float(scalar)
    found.pop("", None)
    return found


def _kernel_of(graph: Graph, product: str) -> str:
    """Returns the kernel of `matmul(..., kernel) + bias`; empty if it is something else."""
    try:
        added = graph.node(product)
        if added.op != "BiasAdd":
            return ""
        multiplied = graph.node(graph.inputs(added, 2)[0])
        return _variable(graph, graph.inputs(multiplied, 2)[1]) if multiplied.op == "MatMul" else ""
    except LeftOut:
        return ""


def _variable(graph: Graph, reference: str) -> str:
    """Returns the variable that an input reads, in a loop too; empty if there is none."""
    for _ in range(FARTHEST):
        try:
            node = graph.node(reference)
        except LeftOut:
            return ""
        if node.op not in ("Enter", "RefEnter", "ReadVariableOp") or not node.input:
            return str(node.name)
        reference = node.input[0]
    return ""


def candidates(cell: ModelCell, cells: Sequence[GraphCell], shapes: Mapping[str, Any]) -> list[GraphCell]:
    """Returns the graph's cells that have the kind and the sizes of a model's cell, and no other direction.

    If some of them have its name too, only these.
    """
    rows, units = int(cell.variables["kernel"].shape[0]) + cell.units, cell.units
    columns = {_LSTM: (4 * units,), _GRU: (2 * units, units), _SIMPLE: (units,)}[cell.gates]
    fitting = [
        each
        for each in cells
        if each.gates == cell.gates
        and [shapes.get(name) for name in each.kernels] == [(rows, size) for size in columns]
        and {_direction(each.name), _direction(cell.name)} != {"backward", "forward"}
    ]
    named = [each for each in fitting if _same_name(cell.name, each.name)]
    return named or fitting


def _direction(name: str) -> str | None:
    words = {"fw": "forward", "bw": "backward"}
    found = [words.get(scope, scope.partition("_")[0]) for scope in name.split("/")]
    return next((word for word in found if word in words.values()), None)


def _same_name(ours: str, theirs: str) -> bool:
    """Returns whether two names are equal, or differ in the scopes before, but for what layers name by themselves."""
    one, other = (
        [scope for scope in name.split("/") if not _OWN_NAME.match(scope) and scope not in _UNROLLED]
        for name in (ours, theirs)
    )
    shared = min(len(one), len(other))
    return shared > 0 and one[-shared:] == other[-shared:]


def without_own_name(name: str) -> str:
    """Returns a variable's name without the scope that Keras gives to the cell of a layer."""
    return "/".join(scope for scope in name.split("/") if not re.fullmatch(r"(lstm|gru|simple_rnn)_cell(_\d+)?", scope))


def unfit(ours: ModelCell, theirs: GraphCell) -> str | None:
    """Returns why a cell of Keras cannot compute what the graph's does; None if it can."""
    if theirs.more:
        return f"{theirs.name} has also {', '.join(theirs.more)}, which Keras' cell has not"
    bias = ours.variables.get("bias")
    if bias is not None and len(bias.shape) > 1:
        return f"{theirs.name} multiplies the state after the reset: that is GRU(reset_after=False)"
    if bias is None:
        return f"{theirs.name} has a bias, it has none"
    return None


def values(ours: ModelCell, theirs: GraphCell, stored: Mapping[str, Any]) -> dict[str, tuple[Any, str, list[str]]]:
    """Returns for each variable of a cell its value, how it was made, and of which variables of the graph."""
    order = _ORDER[ours.gates]
    inputs = int(ours.variables["kernel"].shape[0])
    kernel = _in_order([stored[name] for name in theirs.kernels], order)
    bias = _in_order([stored[name] for name in theirs.biases], order)
    told = _TOLD[ours.gates]
    forget = ""
    if theirs.forget_bias:
        bias[ours.units : 2 * ours.units] += np.asarray(theirs.forget_bias, bias.dtype)
        forget = f", with the forget bias {theirs.forget_bias:g}"
    return {
        "kernel": (kernel[:inputs], told + _ROWS["kernel"], list(theirs.kernels)),
        "recurrent_kernel": (kernel[inputs:], told + _ROWS["recurrent_kernel"], list(theirs.kernels)),
        "bias": (bias, told + forget, list(theirs.biases)),
    }


def _in_order(arrays: Sequence[Any], order: Sequence[int]) -> Any:
    """Returns arrays side by side, their gates in another order."""
    gates = np.split(np.concatenate(arrays, axis=-1), len(order), axis=-1)
    return np.concatenate([gates[at] for at in order], axis=-1)
