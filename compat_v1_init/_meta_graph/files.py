"""Graph files: which kind a file is, and the graph in it.

A protobuf parser accepts almost any bytes as almost any message. So a file counts as a graph only if the result has
nodes. The outer structure of a file is checked before it is parsed, so that other files are refused before they need
much memory.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from google.protobuf import text_format
from google.protobuf.message import DecodeError

from compat_v1_init._tensorflow import saved_model_class, tf

MOST_BYTES = (1 << 31) - 1
"""The largest message of protobuf."""

_SHORTEST_NODE = 7
"""The bytes of a node whose name has one character and whose op has two."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_KINDS = "a TF1 MetaGraph, GraphDef or SavedModel"


class MetaGraph(NamedTuple):
    """One graph of a file."""

    graph: Any
    """The `GraphDef`."""
    collections: Mapping[str, Any]
    """The `CollectionDef`s by name; a GraphDef has none."""
    tags: frozenset[str]
    """The tags of a SavedModel's graph."""


class File(NamedTuple):
    """What a file holds."""

    kind: str
    """MetaGraph, GraphDef or SavedModel."""
    meta_graphs: Sequence[MetaGraph]


def read_graph_file(path: str | os.PathLike[str]) -> File:
    """Returns what is in a file, or in a SavedModel's folder.

    Raises:
      OSError: if it cannot be read.
      ValueError: if it is not a graph file, or is damaged.
    """
    file = _file_of(Path(path))
    if file.stat().st_size > MOST_BYTES:
        msg = f"{path} is larger than 2 GiB, which no protobuf file is."
        raise ValueError(msg)
    data = file.read_bytes()
    found = _read_text(data, path) if _begins_as_text(data) else _read_binary(data)
    if found is None:
        msg = f"{path} is not {_KINDS}, or it is damaged{_hint(file, data)}."
        raise ValueError(msg)
    return found


def _file_of(path: Path) -> Path:
    """Returns the file to read for a path."""
    if path.is_dir():
        for name in ("saved_model.pb", "saved_model.pbtxt"):
            if (path / name).is_file():
                return path / name
        msg = f"{path} is a folder without a saved_model.pb, so it is no SavedModel{_meta_files_in(path)}."
        raise ValueError(msg)
    meta = path.with_name(f"{path.name}.meta")
    if not path.exists() and meta.is_file():
        msg = f"{path} is the name of a checkpoint: it is {meta} that holds its graph."
        raise ValueError(msg)
    if path.exists() and not path.is_file():
        msg = f"{path} is not a file."
        raise ValueError(msg)
    return path


def _meta_files_in(folder: Path) -> str:
    names = sorted(path.name for path in folder.glob("*.meta"))
    return f"; it holds {names[-1]}, which may be what is meant" if names else ""


def _hint(file: Path, data: bytes) -> str:
    """Returns what the file may be instead, and which file the user may mean."""
    checkpoint = re.match(r"(.+)\.(index|data-\d+-of-\d+)$", file.name)
    if checkpoint:
        return f": it is part of a checkpoint, which holds values; its graph is in {checkpoint[1]}.meta"
    if data.startswith(b"model_checkpoint_path"):
        return ": it is the list of a folder's checkpoints; their graphs are in the .meta files beside it"
    return "" if data else ": it is empty"


# --- Text ------------------------------------------------------------------------------------------------------------

_FIRST_FIELDS = {
    "GraphDef": ("node", "library", "versions", "version"),
    "MetaGraph": ("meta_info_def", "graph_def", "saver_def", "collection_def", "signature_def", "asset_file_def"),
    "SavedModel": ("saved_model_schema_version", "meta_graphs"),
}
_TEXT = re.compile(rb"(?:\s|#[^\n]*\n)*([a-z_]+)\s*[:{<]")


def _begins_as_text(data: bytes) -> bool:
    match = _TEXT.match(data[:4096])
    return match is not None and any(match[1].decode() in fields for fields in _FIRST_FIELDS.values())


def _read_text(data: bytes, path: Any) -> File | None:
    match = _TEXT.match(data[:4096])
    assert match is not None  # noqa: S101 - _begins_as_text has found it
    kind = next(kind for kind, fields in _FIRST_FIELDS.items() if match[1].decode() in fields)
    message = _CLASSES[kind]()
    try:
        text_format.Parse(data.decode(), message)
    except (text_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        msg = f"{path} begins as a {kind} in text, but it is damaged: {reason}."
        raise ValueError(msg) from None
    found = File(kind, list(_GRAPHS[kind](message)))
    return found if _has_nodes(found) else None


# --- Binary ----------------------------------------------------------------------------------------------------------


def _read_binary(data: bytes) -> File | None:
    # A MetaGraph can also be parsed as a SavedModel without graphs, and a GraphDef as a MetaGraph without one.
    for kind, message_class in _CLASSES.items():
        message = parsed(kind, message_class, data)
        if message is None:
            continue
        found = File(kind, list(_GRAPHS[kind](message)))
        with contextlib.suppress(UnicodeDecodeError):  # Older protobuf decodes text only when it is used.
            if _has_nodes(found):
                return found
    return None


def parsed(kind: str, message_class: Any, data: bytes) -> Any:
    """Returns a protobuf message, or None if the bytes are not one."""
    if not _could_be(kind, memoryview(data)):
        return None
    message = message_class()
    try:
        message.ParseFromString(data)
    # Older protobuf raises SystemError for text that is not UTF-8. The one written in Python recurses.
    except (DecodeError, SystemError, RecursionError):
        return None
    return message


def _has_nodes(found: File) -> bool:
    """Returns whether there are nodes, and all of them have a name and an op."""
    graphs = [meta_graph.graph for meta_graph in found.meta_graphs]
    return any(graph.node for graph in graphs) and all(node.name and node.op for graph in graphs for node in graph.node)


def _fields(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Yields number, wire type and bytes of each field of a message.

    Raises:
      ValueError: if these bytes are no message.
    """
    position, end = 0, len(data)
    while position < end:
        tag, position = _varint(data, position)
        if tag < 8:  # noqa: PLR2004 - the lowest number of a field is 1, above three bits for the wire type
            raise ValueError("a field without a number")
        wire_type, begin = tag & 7, position
        if wire_type == _VARINT:
            _, position = _varint(data, position)
        elif wire_type == _BYTES:
            size, begin = _varint(data, position)
            position = begin + size
        elif wire_type in (_FIXED64, _FIXED32):
            position += 8 if wire_type == _FIXED64 else 4
        else:
            raise ValueError("an unknown wire type")
        if position > end:
            raise ValueError("a field reaches past the end")
        yield tag >> 3, wire_type, data[begin:position]


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise ValueError("a number reaches past the end")
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004 - the highest bit says that more bytes follow
            return value, position
    raise ValueError("a number is too long")


# For each kind of message the type of some of its fields: a wire type, or another kind of message.
_OUTLINES: dict[str, dict[int, Any]] = {
    "SavedModel": {1: _VARINT, 2: "MetaGraph"},
    "MetaGraph": {1: _BYTES, 2: "GraphDef"},
    "GraphDef": {1: "NodeDef", 4: _BYTES},
    "VariableDef": {1: _BYTES},
}
# Fields that a message has only once.
_ONCE = {"MetaGraph": (1, 2)}


def _could_be(kind: str, data: memoryview) -> bool:
    """Returns whether bytes have the outer structure of a kind of message."""
    if kind == "NodeDef":
        return len(data) >= _SHORTEST_NODE
    outline, seen = _OUTLINES[kind], set()
    try:
        for number, wire_type, value in _fields(data):
            expected = outline.get(number, wire_type)
            is_message = isinstance(expected, str) and wire_type == _BYTES
            if not (_could_be(expected, value) if is_message else wire_type == expected) or number in seen:
                return False
            seen.update({number}.intersection(_ONCE.get(kind, ())))
    except ValueError:
        return False
    return True


# --- The three kinds -------------------------------------------------------------------------------------------------


def _graphs_of_meta_graph(message: Any) -> Iterable[MetaGraph]:
    yield MetaGraph(message.graph_def, message.collection_def, frozenset(message.meta_info_def.tags))


def _graphs_of_saved_model(message: Any) -> Iterable[MetaGraph]:
    for meta_graph in message.meta_graphs:
        yield from _graphs_of_meta_graph(meta_graph)


def _graphs_of_graph(message: Any) -> Iterable[MetaGraph]:
    yield MetaGraph(message, {}, frozenset())


_GRAPHS = {"SavedModel": _graphs_of_saved_model, "MetaGraph": _graphs_of_meta_graph, "GraphDef": _graphs_of_graph}
_CLASSES = {
    "SavedModel": saved_model_class,
    "MetaGraph": tf.compat.v1.MetaGraphDef,
    "GraphDef": tf.compat.v1.GraphDef,
}
