"""The constants of a graph, and values computed from constants alone, as TF1 computes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from compat_v1_init._tensorflow import tf

from .graph import LeftOut, Nodes, Shape

if TYPE_CHECKING:
    from .files import MetaGraph
    from .pinned_constant import PinnedConstant

MOST_DIMENSIONS = 254
"""How many dimensions a tensor may have in TensorFlow."""

# How many ops in a row are computed.
_DEEPEST = 16

_FIELDS = {
    tf.float16.as_datatype_enum: "half_val",
    tf.bfloat16.as_datatype_enum: "half_val",
    tf.float32.as_datatype_enum: "float_val",
    tf.float64.as_datatype_enum: "double_val",
    **{each.as_datatype_enum: "int_val" for each in (tf.int8, tf.int16, tf.int32, tf.uint8, tf.uint16)},
    tf.int64.as_datatype_enum: "int64_val",
    tf.uint32.as_datatype_enum: "uint32_val",
    tf.uint64.as_datatype_enum: "uint64_val",
    tf.bool.as_datatype_enum: "bool_val",
}

# NumPy and TF1's kernels both round the results of these correctly.
_OPS: dict[str, np.ufunc] = {
    "Add": np.add,
    "AddV2": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Div": np.divide,
    "RealDiv": np.divide,
    "Neg": np.negative,
    "Sqrt": np.sqrt,
}


class Graph(Nodes):
    """A graph, and which of its inputs are numbers in the file."""

    def __init__(self, meta_graph: MetaGraph) -> None:
        super().__init__(meta_graph)
        # Many nodes may refer to one constant, so each is read only once.
        self._known: dict[str, Any] = {}
        self._values: dict[str, tuple[Any, Shape] | None] = {}
        self.pinned: dict[tuple[str, Shape | None], PinnedConstant] = {}
        """The initializers made of them, by the node and the shape of the variable."""

    def scalar(self, reference: str, depth: int = _DEEPEST) -> Any:
        """Returns the NumPy scalar that an input always has, or None."""
        try:
            node = self.node(reference)
        except LeftOut:
            return None
        if node.name not in self._known:
            self._known[node.name] = None  # The answer if the graph has a cycle.
            self._known[node.name] = self._scalar_of(node, depth)
        return self._known[node.name]

    def with_number(self, node: Any) -> tuple[Any, str] | None:
        """Returns the number that an op of two inputs has as one of them, and the other input; None if it has none."""
        left, right = self.inputs(node, 2)
        for number, other in ((self.scalar(right), left), (self.scalar(left), right)):
            if number is not None and self.scalar(other) is None:
                return number, other
        return None

    def _scalar_of(self, node: Any, depth: int) -> Any:
        if node.op == "Const":
            tensor = node.attr["value"].tensor
            return None if tensor.tensor_shape.dim or tensor.tensor_shape.unknown_rank else _decoded(tensor, 1, ())
        if node.op not in _OPS or not depth:
            return None
        inputs = [self.scalar(reference, depth - 1) for reference in node.input if not reference.startswith("^")]
        function = _OPS[node.op]
        if len(inputs) != function.nin or any(value is None or value.dtype != inputs[0].dtype for value in inputs):
            return None
        with np.errstate(all="ignore"):
            return np.asarray(function(*inputs), inputs[0].dtype)[()]

    def values(self, node: Any) -> tuple[Any, Shape] | None:
        """Returns the elements of a `Const`, and its shape; None if they are no numbers, or damaged.

        The last of the elements is also that of all that follow: whatever shape the file declares, there are never more
        than it holds.
        """
        if node.name not in self._values:
            self._values[node.name] = self._values_of(node.attr["value"].tensor)
        return self._values[node.name]

    def _values_of(self, tensor: Any) -> tuple[Any, Shape] | None:
        shape = tuple(dimension.size for dimension in tensor.tensor_shape.dim)
        if tensor.dtype not in _FIELDS or tensor.tensor_shape.unknown_rank or min(shape, default=0) < 0:
            return None
        count = math.prod(shape)
        given = count if tensor.tensor_content else len(getattr(tensor, _FIELDS[tensor.dtype]))
        stored = max(1, min(count, given))
        values = _decoded(tensor, stored, (stored,))
        return None if values is None else (values, shape)

    def shape(self, reference: str) -> Shape | None:
        """Returns the integers of an input that is a constant vector, or None."""
        try:
            node = self.node(reference)
        except LeftOut:
            return None
        tensor = node.attr["value"].tensor if node.op == "Const" else None
        if tensor is None or tensor.dtype not in (tf.int32.as_datatype_enum, tf.int64.as_datatype_enum):
            return None
        declared = [dimension.size for dimension in tensor.tensor_shape.dim]
        if len(declared) != 1 or not 0 <= declared[0] <= MOST_DIMENSIONS:
            return None
        sizes = _decoded(tensor, declared[0], (declared[0],))
        return None if sizes is None else tuple(sizes.tolist())


def _decoded(tensor: Any, count: int, shape: Shape) -> Any:
    """Returns a `TensorProto` of a few elements as an array, or None if it is of another dtype or damaged.

    It never has more elements than asked for, whatever shape the file declares.
    """
    field = _FIELDS.get(tensor.dtype)
    if field is None:
        return None
    dtype = tf.as_dtype(tensor.dtype).as_numpy_dtype
    if tensor.tensor_content:
        if len(tensor.tensor_content) != count * np.dtype(dtype).itemsize:
            return None
        return np.frombuffer(tensor.tensor_content, dtype).reshape(shape)[()]
    values = getattr(tensor, field)[:count]
    # All further elements have the last value. Without any value they are zeros.
    values = [*values, *[values[-1] if values else 0] * (count - len(values))]
    if field == "half_val":
        return np.array(values, np.int64).astype(np.uint16).view(dtype).reshape(shape)[()]
    return np.array(values, dtype).reshape(shape)[()]
