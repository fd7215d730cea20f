"""The graph: its nodes, its variables, and what gives each variable its first value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from compat_v1_init._tensorflow import variable_def_class

from .files import MetaGraph, parsed

Shape = tuple[int, ...]

_VARIABLES = {"VariableV2", "Variable", "AutoReloadVariable", "VarHandleOp"}
_ASSIGNS = {"Assign", "AssignVariableOp"}
_RESTORES = {"RestoreV2", "Restore", "RestoreSlice"}
# Ops whose result is their first input, unchanged, or a reference to a variable.
_HANDS_ON = {"Identity", "RefIdentity", "StopGradient", "Snapshot"}
_COLLECTIONS = (
    "variables",
    "trainable_variables",
    "local_variables",
    "model_variables",
    "metric_variables",
    "moving_average_variables",
)

FARTHEST = 32
"""How many ops in a row are followed: many more than TF1's initializers have."""

TOO_FAR = f"more than {FARTHEST} ops one after the other give its value"


class LeftOut(Exception):  # noqa: N818 - an answer, not a fault
    """A variable's first value cannot be drawn again. The message says why."""


class Part(NamedTuple):
    """The place of one part, such as `w/part_0`, in its partitioned variable."""

    whole: str
    full_shape: Shape
    offset: Shape
    shape: Shape


class Variable(NamedTuple):
    """A variable of the graph."""

    name: str
    shape: Shape | None
    """None where the graph does not know it."""
    initial_value: str | LeftOut
    """The input with the first value, or why there is none."""
    part: Part | None


class Nodes:
    """The nodes of a graph by their names.

    Raises:
      ValueError: if two nodes have one name.
    """

    def __init__(self, meta_graph: MetaGraph) -> None:
        self.nodes: dict[str, Any] = {}
        for node in meta_graph.graph.node:
            if self.nodes.setdefault(node.name, node) is not node:
                msg = f"two of its nodes have the name {node.name!r}, which TensorFlow refuses too"
                raise ValueError(msg)
        self.functions = {function.signature.name for function in meta_graph.graph.library.function}
        self._collections = meta_graph.collections
        # Many nodes may refer to these, so each is read only once.
        self._data_inputs: dict[str, list[str]] = {}
        self._texts_of: dict[str, list[str]] = {}

    def node(self, reference: str) -> Any:
        """Returns the node that an input comes from, behind ops that only pass their input on.

        Raises:
          LeftOut: if the graph does not have it, or there is a loop or a chain that is too long.
        """
        return self.output(reference)[0]

    def output(self, reference: str) -> tuple[Any, int]:
        """Returns the same node, and which of its outputs it is."""
        for _ in range(FARTHEST):
            name, _, number = reference.partition(":")
            node = self.nodes.get(name)
            if node is None:
                msg = f"its value comes from {reference!r}, which is not in the file"
                raise LeftOut(msg)
            if node.op not in _HANDS_ON:
                return node, int(number) if number.isdecimal() else 0
            reference = self.inputs(node, 1)[0]
        raise LeftOut(TOO_FAR)

    def inputs(self, node: Any, count: int) -> list[str]:
        """Returns the data inputs of a node, of which there must be `count`."""
        inputs = self._data_inputs.get(node.name)
        if inputs is None:
            inputs = self._data_inputs[node.name] = [each for each in node.input if not each.startswith("^")]
        if len(inputs) != count:
            msg = f"the op {node.op} (node {node.name!r}) has {len(inputs)} inputs where it takes {count}"
            raise LeftOut(msg)
        return inputs

    def variables(self) -> Iterator[Variable]:
        """Yields the variables in the order of the file."""
        definitions = self._definitions()
        assigns = self._assigns()
        parts = self._parts_by_savers()
        for name, node in self.nodes.items():
            if node.op not in _VARIABLES:
                continue
            definition = definitions.pop(name, None)
            try:
                initial_value: str | LeftOut = self._initial_value(name, definition, assigns.get(name, []))
            except LeftOut as reason:
                initial_value = reason
            part = _part_of_definition(definition) or parts.get(name)
            yield Variable(name, _static_shape(node), initial_value, part)
        for name in definitions:
            yield Variable(name, None, LeftOut("the graph has no node of this name"), None)

    def _definitions(self) -> dict[str, Any]:
        """Returns the `VariableDef`s of the collections by the variables' names."""
        found: dict[str, Any] = {}
        for key in _COLLECTIONS:
            if key not in self._collections:
                continue
            for value in self._collections[key].bytes_list.value:
                definition = parsed("VariableDef", variable_def_class, value)
                if definition is not None:  # Without one, the nodes have almost the same facts.
                    found.setdefault(definition.variable_name.partition(":")[0], definition)
        found.pop("", None)
        return found

    def _assigns(self) -> dict[str, list[Any]]:
        """Returns the nodes that write to each variable."""
        found: dict[str, list[Any]] = {}
        for node in self.nodes.values():
            if node.op in _ASSIGNS and node.input:
                try:
                    target = self.node(node.input[0])
                except LeftOut:
                    continue
                found.setdefault(target.name, []).append(node)
        return found

    def _initial_value(self, name: str, definition: Any, assigns: list[Any]) -> str:
        """Returns the input of the op that gives a variable its first value."""
        initializer = None if definition is None else definition.initializer_name.partition(":")[0]
        chosen = [node for node in assigns if node.name == initializer]
        if not chosen:
            restores = {node.name: self._restore_behind(node) for node in assigns}
            # The op that `tf.train.init_from_checkpoint` adds runs in place of the variable's own. A Saver's does not.
            chosen = [node for node in assigns if restores[node.name].startswith("checkpoint_initializer")]
            chosen = chosen or [node for node in assigns if not restores[node.name]]
            chosen = [node for node in chosen if node.name == f"{name}/Assign"] or chosen
        if not chosen:
            raise LeftOut("no op in the graph gives it a first value")
        if len(chosen) > 1:
            msg = f"{len(chosen)} ops give it values ({chosen[0].name!r} and others), and nothing says which is first"
            raise LeftOut(msg)
        return self.inputs(chosen[0], 2)[1]

    def _restore_behind(self, assign: Any) -> str:
        """Returns the name, without its scopes, of the op that restores the assigned value; empty if there is none."""
        try:
            node = self.node(self.inputs(assign, 2)[1])
        except LeftOut:
            return ""
        return str(node.name).rpartition("/")[2] if node.op in _RESTORES else ""

    def _parts_by_savers(self) -> dict[str, Part]:
        """Returns the variables that are parts, from the ops that save them to checkpoints."""
        found = {}
        for saver in self.nodes.values():
            if saver.op not in ("SaveV2", "SaveSlices"):
                continue
            _, names, specifications, *tensors = [*saver.input, "", "", ""][: max(3, len(saver.input))]
            for whole, specification, tensor in zip(self._texts(names), self._texts(specifications), tensors):
                part = _part_of_specification(whole, specification)
                if part is not None:
                    found[self._variable_behind(tensor)] = part
        return found

    def _texts(self, reference: str) -> list[str]:
        name = reference.partition(":")[0]
        if name not in self._texts_of:
            node = self.nodes.get(name)
            values = [] if node is None or node.op != "Const" else node.attr["value"].tensor.string_val
            self._texts_of[name] = [text.decode(errors="backslashreplace") for text in values]
        return self._texts_of[name]

    def _variable_behind(self, reference: str) -> str:
        try:
            node = self.node(reference)
            return str((self.node(node.input[0]) if node.op == "ReadVariableOp" and node.input else node).name)
        except LeftOut:
            return ""


def has_variables(meta_graph: MetaGraph) -> bool:
    """Returns whether there are variables in a graph."""
    return any(node.op in _VARIABLES for node in meta_graph.graph.node)


def _static_shape(node: Any) -> Shape | None:
    """Returns the shape in a variable's node, or None if a size is unknown."""
    if "shape" not in node.attr:
        return None
    shape = node.attr["shape"].shape
    sizes = tuple(dimension.size for dimension in shape.dim)
    return None if shape.unknown_rank or -1 in sizes else sizes


def _part_of_definition(definition: Any) -> Part | None:
    if definition is None or not definition.HasField("save_slice_info_def"):
        return None
    info = definition.save_slice_info_def
    return Part(info.full_name, tuple(info.full_shape), tuple(info.var_offset), tuple(info.var_shape))


def _part_of_specification(whole: str, specification: str) -> Part | None:
    """Reads TF1's text for a part, such as "10 4 0,4:0,4": the full shape, then offset and size along each axis."""
    *full_shape, places = specification.split(" ")
    axes = [re.fullmatch(r"(\d{1,18}),(\d{1,18})", place) for place in places.split(":")]
    if len(axes) != len(full_shape) or not all(axes) or not all(re.fullmatch(r"\d{1,18}", size) for size in full_shape):
        return None
    offset = tuple(int(axis[1]) for axis in axes if axis)
    shape = tuple(int(axis[2]) for axis in axes if axis)
    return Part(whole, tuple(map(int, full_shape)), offset, shape)
