"""Draws architecture.svg: the rooms of the package, and the way of a draw through them.

Needs nothing but Python: ``python docs/architecture.py``.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

PICTURE = Path(__file__).with_name("architecture.svg")


class Room(NamedTuple):
    """One question, and the modules of the package that answer it."""

    question: str
    modules: tuple[str, ...]
    note: str


# The way of a draw: each room hands on to the one below it.
WAY = (
    Room(
        "Which initializer?",
        ("initializers/_variance_scaling", "initializers/_call"),
        "TensorFlow's own classes; only the drawing is replaced",
    ),
    Room("Which part of which variable?", ("initializers/_extent",), "the whole, a slice, or the layout of a DTensor"),
    Room("Which width?", ("initializers/_fans",), "from the shape to a standard deviation or a limit"),
    Room(
        "How many pieces, and where?",
        ("_sampling/draw", "_sampling/dtensor"),
        "hands a Request on, once for each device",
    ),
    Room("Which steps, in which order?", ("_sampling/one_draw",), "operands, seeds, place, values"),
    Room("Which seeds?", ("_sampling/seeds",), "two integers, from the op's seed and the graph's"),
    Room(
        "How is it drawn?", ("_sampling/eager", "_sampling/graph", "_sampling/slices"), "what is special in each mode"
    ),
    Room(
        "Where in the stream?",
        ("_sampling/eager_position", "_sampling/ticket", "_sampling/function_position"),
        "the counter where this draw starts",
    ),
    Room("Which op?", ("_sampling/kernel",), "one stateless op, times a factor, plus an offset"),
    Room("What of TensorFlow is private?", ("_tensorflow",), "the only package that uses it"),
)

# The other ways in, each with the number of the room of `WAY` that it leads to.
ENTRANCES = (
    (
        0,
        Room(
            "What is it in Keras?",
            ("keras/_read", "keras/_translate", "keras/_convert", "keras/_explain"),
            "to_keras, from_keras, explain",
        ),
    ),
    (
        3,
        Room(
            "How do TensorFlow's classes draw so?",
            ("_run/patch", "_run/replacements", "_run/command"),
            "patch(), compat-v1-init run",
        ),
    ),
    (None, Room("How does a script of TensorFlow 1 start?", ("_tf1",), "compat-v1-init run --tf1")),
    (3, Room("What did a TF1 graph draw?", ("_meta_graph",), "from_meta_graph, compat-v1-init inspect")),
    (None, Room("How is source code moved?", ("_migrate",), "compat-v1-init migrate; needs no TensorFlow")),
    (None, Room("Are the first values the same?", ("_compare",), "compat-v1-init compare")),
)

# One column, so that its text can be read on a phone.
WIDTH, HEIGHT, GAP, LEFT, MARGIN, TOP = 370, 74, 26, 12, 62, 64
STYLE = """\
text { font: 13px sans-serif; fill: #14213d }
.title { font-size: 15px; font-weight: bold }
.modules { font: 12px monospace; fill: #3d5a80 }
.note { font-size: 12px; fill: #555 }
rect { fill: #f7f3ec; stroke: #c9b79c; stroke-width: 1.5 }
.way { fill: #e8f0f7; stroke: #3d7ea6 }
line, path { stroke: #14213d; stroke-width: 1.5; fill: none; marker-end: url(#head) }
.head { marker-end: none; fill: #14213d; stroke: none }
"""


def _room(room: Room, x: int, y: int, kind: str = "") -> str:
    folder = room.modules[0].rpartition("/")[0]
    files = ", ".join(_file_name(module).removeprefix(f"{folder}/") for module in room.modules)
    names = f"{folder}/: {files}" if folder else files
    lines = ((22, "title", room.question), (42, "modules", names), (61, "note", room.note))
    texts = "".join(f'<text x="{x + 14}" y="{y + dy}" class="{cls}">{escape(text)}</text>\n' for dy, cls, text in lines)
    return f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" class="{kind}"/>\n{texts}'


def _file_name(module: str) -> str:
    folder = PICTURE.parent.parent / "compat_v1_init" / module
    return f"{module}/" if folder.is_dir() else f"{module}.py"


def _top(row: int) -> int:
    return TOP + row * (HEIGHT + GAP)


def picture() -> str:
    """Returns the picture as SVG."""
    parts = [
        f'<text x="{LEFT}" y="28" class="title">The way of a draw</text>',
        f'<text x="{LEFT}" y="48" class="note">initializer(shape, dtype, partition_info)</text>',
        f'<text x="{LEFT}" y="{_top(len(WAY)) + 40}" class="title">The other ways in</text>',
    ]
    for row, room in enumerate(WAY):
        parts.append(_room(room, LEFT, _top(row), "way"))
        if row + 1 < len(WAY):
            x, y = LEFT + WIDTH // 2, _top(row) + HEIGHT
            parts.append(f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + GAP - 3}"/>')
    for row, (target, room) in enumerate(ENTRANCES):
        y = _top(len(WAY)) + TOP + row * (HEIGHT + GAP)
        parts.append(_room(room, LEFT, y))
        if target is not None:
            x, out = LEFT + WIDTH, LEFT + WIDTH + 18 * (row + 1)
            parts.append(f'<path d="M {x} {y + HEIGHT // 2} H {out} V {_top(target) + 25 + 12 * row} H {x + 3}"/>')
    size = f"{LEFT + WIDTH + MARGIN} {_top(len(WAY)) + TOP + len(ENTRANCES) * (HEIGHT + GAP)}"
    head = (
        '<marker id="head" markerWidth="8" markerHeight="8" refX="6" refY="3" orient="auto">'
        '<path class="head" d="M 0 0 L 7 3 L 0 6 z"/></marker>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">\n'
        f"<style>\n{STYLE}</style>\n<defs>{head}</defs>\n"
        '<rect width="100%" height="100%" style="fill: white; stroke: none"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
