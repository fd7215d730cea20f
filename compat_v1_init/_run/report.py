"""The report of `run --report`: which variable was initialised by which call, and from which numbers.

Nothing here adds an op to a graph or takes a seed: a program draws the same numbers with the report and without.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from compat_v1_init._family import TRUNCATED_STDDEV
from compat_v1_init._output.tables import text_table
from compat_v1_init._sampling import seeds as draw_seeds
from compat_v1_init._sampling.shared import is_initializer_scope
from compat_v1_init._tensorflow import tf
from compat_v1_init._tensorflow.variables import on_new_variables
from compat_v1_init._version import __version__
from compat_v1_init.initializers._fans import compute_fans

if TYPE_CHECKING:
    from types import FrameType

    from compat_v1_init._sampling.request import Request
    from compat_v1_init._sampling.seeds import Seeds

# A call is in the user's code if it is in none of these packages.
_PASS_ON = {"compat_v1_init", "contextlib", "functools", "keras", "tensorflow", "tf_keras", "tf_slim"}
_NONE = "-"
_UNKNOWN = "?"
SCHEMA = 1
"""The version of the JSON. It goes up when a field changes its meaning or goes away. A new field does not change it."""


class _Line(NamedTuple):
    """One line of the report, without the seeds. Each field is a column."""

    variable: str
    call: str
    distribution: str
    stddev: str
    shape: str
    dtype: str
    fan_in: str
    fan_out: str


_Key = tuple[_Line, Optional[tuple[str, str]]]
_HEADER = (*_Line._fields, "seed", "seed2", "times")
_NOTES = """\
The column stddev is that of the values, after truncation; distribution shows it before truncation. The fans are
{none} for an initializer that uses none. seed and seed2 are the random op's. In a graph a draw counts once, however
often it runs.
"""
_NOTE_OF_SEED = """\
{count} with a graph seed alone: the numbers are those of TensorFlow 2.2 and later. TensorFlow 1 took the op's seed from
the number of ops in the graph; from_meta_graph makes its numbers from the old graph's file.
"""
_UNSEEDED = ("unseeded", "unseeded")
_SEVERAL = ("several", "several")
_FARTHEST = 100
"""How many ops are looked at between a variable and the draw of its initial value."""
_VARIABLES = {"VarHandleOp", "Variable", "VariableV2"}


class _Recorder:
    """Counts the draws that it is called for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Equal draws are one: in a graph those of equal seeds, in eager mode all of one call.
        self._lines: dict[_Key, tuple[tuple[str, str], int]] = {}
        self._with_graph_seed = 0
        # The draws of a graph that may become the initial value of a variable, by the name scope of their ops.
        self._unnamed: dict[tuple[Any, str], _Key] = {}

    def __call__(self, request: Request, seeds: Seeds | None) -> None:
        line = _line(request)
        pair = _UNSEEDED if seeds is None else (str(seeds.seed), str(seeds.seed2))
        key = (line, None if tf.executing_eagerly() else pair)
        with self._lock:
            before, times = self._lines.get(key, (pair, 0))
            self._lines[key] = (pair if pair == before else _SEVERAL, times + 1)
            self._with_graph_seed += seeds is not None and request.op_seed is None and _is_in_a_graph()
            if line.variable == _NONE and not tf.executing_eagerly():
                graph = tf.compat.v1.get_default_graph()
                self._unnamed[id(graph), graph.get_name_scope()] = key

    def name(self, variable: Any) -> None:
        """Gives the draws that a new variable's initial value is computed from the variable's name."""
        waiting: list[Any] = [variable.initializer]
        seen: set[Any] = set()
        while waiting and self._unnamed and len(seen) < _FARTHEST:
            op = waiting.pop()
            if op in seen:
                continue
            seen.add(op)
            waiting.extend(tensor.op for tensor in op.inputs if tensor.op.type not in _VARIABLES)
            parts = op.name.split("/")
            for end in range(1, len(parts)):
                key = self._unnamed.pop((id(op.graph), "/".join(parts[:end])), None)
                if key is not None:
                    self._rename(key, variable.op.name)

    def _rename(self, key: _Key, variable: str) -> None:
        line, seeds = key
        with self._lock:
            pair, times = self._lines.pop(key)
            if times > 1:
                self._lines[key] = (pair, times - 1)
            new = (line._replace(variable=variable), seeds)
            _, before = self._lines.get(new, (pair, 0))
            self._lines[new] = (pair, before + 1)

    def rows(self) -> list[tuple[str, ...]]:
        """Returns the table, a row for each line."""
        return [(*line, *seeds, str(times)) for (line, _), (seeds, times) in self._lines.items()]

    @property
    def total(self) -> int:
        """How many draws there were."""
        return sum(times for _, times in self._lines.values())

    def text(self) -> str:
        """Returns the table. No line is wrapped and no name is cut, so that it can be searched."""
        rows = self.rows()
        title = f"compat-v1-init: {self.total} draws of initial values in process {os.getpid()}\n"
        if not rows:
            return title
        return "\n".join((title, text_table([_HEADER, *rows]), "", "".join(self._notes())))

    def _notes(self) -> list[str]:
        notes = [_NOTES.format(none=_NONE)]
        return notes + [_NOTE_OF_SEED.format(count=self._with_graph_seed)] * bool(self._with_graph_seed)

    def html(self) -> str:
        """Returns the page."""
        from compat_v1_init._output.page import table_page

        return table_page(
            "Draws of initial values",
            " ".join(sys.argv) or "python",
            _HEADER,
            self.rows(),
            facts=[("draws", f"{self.total:,}"), ("lines", f"{len(self):,}")],
            notes=self._notes(),
            choose_by=("dtype",),
        )

    def json(self) -> str:
        """Returns the table as an object for programs; docs/run.md describes it."""
        import json

        found = {
            "schema": SCHEMA,
            "tool": "compat-v1-init",
            "version": __version__,
            "program": sys.argv,
            "process": os.getpid(),
            "total": self.total,
            "draws": [dict(zip(_HEADER, map(_value, _HEADER, row))) for row in self.rows()],
        }
        return json.dumps(found, indent=2) + "\n"

    def __len__(self) -> int:
        return len(self._lines)


def _value(column: str, cell: str) -> str | float | None:
    """Returns a cell as a program reads it: a number where it is one, null where there is none."""
    if cell == _NONE:
        return None
    if column in ("stddev", "fan_in", "fan_out", "seed", "seed2", "times"):
        with contextlib.suppress(ValueError):
            return float(cell) if column == "stddev" else int(cell)
    return cell


def _line(request: Request) -> _Line:
    first, second = map(_number, request.bounds)
    if request.kernel in ("random_uniform", "random_uniform_int"):
        distribution = f"uniform [{_text(first)}, {_text(second)})"
        width = second - first
        # Source: the variances of the continuous and of the discrete uniform distribution.
        stddev = math.sqrt((width**2 - (request.kernel == "random_uniform_int")) / 12)
    elif request.kernel == "truncated_normal":
        distribution = f"truncated normal, mean {_text(first)}, stddev {_text(second)}"
        stddev = second * TRUNCATED_STDDEV
    else:
        distribution = f"normal, mean {_text(first)}, stddev {_text(second)}"
        stddev = second
    shape, fan_shape = _sizes(request.extent.shape), _sizes(request.fan_shape)
    fans = (
        (_NONE, _NONE)
        if request.fan_shape is None
        else map(str, (_UNKNOWN,) * 2 if fan_shape is None else compute_fans(fan_shape))
    )
    return _Line(
        _variable(tf.compat.v1.get_default_graph().get_name_scope()),
        _call(sys._getframe()),  # noqa: SLF001 - the documented way to look at who calls
        distribution,
        _text(stddev),
        _UNKNOWN if shape is None else str(shape),
        tf.as_dtype(request.dtype).name,
        *fans,
    )


def _is_in_a_graph() -> bool:
    """Returns whether a graph of TensorFlow 1 is built, and no function."""
    return not (tf.executing_eagerly() or tf.compat.v1.get_default_graph().building_function)


def _number(bound: Any) -> float:
    """Returns a bound as a number: NaN where a graph does not know it, or where it is more than one number."""
    value = tf.get_static_value(bound) if tf.is_tensor(bound) else bound
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _text(number: float) -> str:
    return _UNKNOWN if math.isnan(number) else f"{number:.9g}"


def _sizes(shape: Any) -> list[int] | None:
    """Returns a shape as a list, or None where it is not known."""
    if tf.is_tensor(shape):
        shape = tf.get_static_value(shape)
    try:
        sizes = tf.TensorShape(shape).as_list()
    except (TypeError, ValueError):
        return None
    return None if None in sizes else list(sizes)


def _variable(scope: str) -> str:
    """Returns the name of the variable whose initial value is drawn, from the name scope of a graph."""
    parts = scope.split("/")
    found = [i for i, part in enumerate(parts) if is_initializer_scope(part)]
    return "/".join(parts[: found[0]]) if found else _NONE


def _call(frame: FrameType | None) -> str:
    """Returns the file and line of the program from which the value was requested."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "").split(".")[0]
        # AutoGraph writes its version of a function to a temporary file, so that file is not shown.
        if module not in _PASS_ON and "ag__" not in frame.f_code.co_freevars:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return _NONE


def report_at_exit(process: str, file: str, *, names_of_variables: bool = False) -> None:
    """Records all draws from here on, and reports them when the process ends.

    Args:
      process: the id of the program's own process, which reports even if it draws nothing.
      file: the file of the report; empty for standard error. A process that the program started writes a file of its
        own next to it, with its id in the name.
      names_of_variables: whether draws that no initializer makes have the name of the variable that they become.
    """
    recorder = _Recorder()
    if names_of_variables:
        on_new_variables(recorder.name)
    draw_seeds.observer = recorder
    is_program = process == str(os.getpid())

    def show() -> None:
        if not (recorder or is_program):
            return
        text = ""
        if file:
            path = Path(file) if is_program else Path(file).with_suffix(f".{os.getpid()}{Path(file).suffix}")
            written = recorder.json() if path.suffix == ".json" else recorder.html()
            try:
                path.write_text(written, encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                text = f"compat-v1-init: the report was not written: {error}\n"
        else:
            text = recorder.text()
        # The program may have closed its standard error.
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()

    atexit.register(show)
