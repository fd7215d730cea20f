"""Times each reader on inputs that double, and shows how the time grows with the size of the input.

    python benchmarks/readers.py [--sizes N ...] [--only WORD]

Each row is a shape of input that once was, or could be, read in more than linear time. The last column is the exponent
of the growth over all sizes: 1 is linear, 2 quadratic. It says nothing where the times are a few milliseconds. An
exponent that is above 1 for a reason has the reason beside it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from compat_v1_init._meta_graph.mapping import from_meta_graph
from compat_v1_init._migrate.files.discover import discover
from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.one_file import Goal, Job, outcome_of
from compat_v1_init._migrate.report.diff import unified
from compat_v1_init._migrate.settings import load

HEAD = "import tensorflow.compat.v1 as tf\ntf.disable_eager_execution()\n"
USE = "tf.variance_scaling_initializer(scale=2.0)"
Timed = Callable[[int], float]
# Of the processor, which other programs do not lengthen.
now = time.process_time


def source(make: Callable[[int], str]) -> Timed:
    """Returns what times the migration of a source of n."""

    def timed(n: int) -> float:
        data = (HEAD + make(n)).encode()
        begun = now()
        outcome_of(Job("a.py", "python", data), Goal("shim", frozenset()))
        return now() - begun

    return timed


def notebook(make: Callable[[int], list[str]]) -> Timed:
    """Returns what times the migration of a notebook of n."""

    def timed(n: int) -> float:
        cells = [{"cell_type": "code", "source": text} for text in [HEAD, *make(n)]]
        data = json.dumps({"cells": cells, "nbformat": 4}).encode()
        begun = now()
        outcome_of(Job("a.ipynb", "notebook", data), Goal("shim", frozenset()))
        return now() - begun

    return timed


def text(make: Callable[[int], str]) -> Timed:
    """Returns what times the search of a configuration of n."""

    def timed(n: int) -> float:
        data = make(n).encode()
        begun = now()
        outcome_of(Job("a.yaml", "text", data), Goal("shim", frozenset()))
        return now() - begun

    return timed


def diff(make: Callable[[int], Iterable[str]]) -> Timed:
    """Returns what times the diff of a text of n, in which each b becomes another letter."""

    def timed(n: int) -> float:
        before = "".join(make(n)).encode()
        edits = [Edit(match.start(), match.end(), "d") for match in re.finditer(b"b", before)]
        begun = now()
        unified("a.py", before, before.replace(b"b", b"d"), edits)
        return now() - begun

    return timed


def settings(make: Callable[[int], str]) -> Timed:
    """Returns what times the reading of settings of n."""

    def timed(n: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "pyproject.toml").write_text(f"[tool.compat_v1_init]\n{make(n)}\n", encoding="utf-8")
            begun = now()
            load(Path(folder))
            return now() - begun

    return timed


def ignored(rules: Callable[[int], str], files: Callable[[int], list[str]]) -> Timed:
    """Returns what times the walk through a folder of n."""

    def timed(n: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            for name in files(n):
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            Path(folder, ".gitignore").write_text(rules(n), encoding="utf-8")
            re.purge()
            begun = now()
            discover([Path(folder)])
            return now() - begun

    return timed


def graph(build: Callable[[Any, int], None]) -> Timed:
    """Returns what times the reading of a GraphDef of n."""

    def timed(n: int) -> float:
        import tensorflow as tf

        definition = tf.compat.v1.GraphDef()
        definition.node.add(name="v", op="VariableV2")
        build(definition, n)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "graph.pb"
            path.write_bytes(definition.SerializeToString())
            begun = now()
            from_meta_graph(path)
            return now() - begun

    return timed


def _strings(definition: Any, n: int) -> None:
    names = definition.node.add(name="names", op="Const")
    names.attr["value"].tensor.string_val.extend([b"w 4 0,4"] * n)
    for index in range(n):
        definition.node.add(name=f"save{index}", op="SaveV2", input=["p", "names", "names", "v"])


def _control_inputs(definition: Any, n: int) -> None:
    definition.node.add(name="i", op="Identity", input=["v", *["^v"] * n])
    for index in range(n):
        definition.node.add(name=f"a{index}", op="Assign", input=["i", "v"])


def _parts(definition: Any, n: int) -> None:
    for index in range(n):
        definition.node.add(name=f"w/part_{index}", op="VariableV2")
        definition.node.add(name=f"w/part_{index}/Assign", op="Assign", input=[f"w/part_{index}", "v"])


def _constant(definition: Any, n: int) -> None:
    import tensorflow as tf

    tensor = definition.node.add(name="c", op="Const").attr["value"].tensor
    tensor.dtype, tensor.tensor_content = tf.float32.as_datatype_enum, bytes(256 * n)
    tensor.tensor_shape.dim.add(size=64 * n)
    for index in range(n):
        definition.node.add(name=f"w{index}", op="VariableV2")
        definition.node.add(name=f"w{index}/Assign", op="Assign", input=[f"w{index}", "c"])


def _chain(definition: Any, n: int) -> None:
    for index in range(n):
        definition.node.add(name=f"i{index}", op="Identity", input=[f"i{index - 1}" if index else "v"])
        definition.node.add(name=f"a{index}", op="Assign", input=["v", f"i{index}"])


READERS: dict[str, tuple[Timed, str]] = {
    "source: sites": (source(lambda n: f"x = {USE}\n" * n), ""),
    "source: sites in one expression": (source(lambda n: f"x = [{f'{USE}, ' * n}]\n"), ""),
    "source: sites in one line of letters beyond ASCII": (source(lambda n: f"x = ['\u00e9', {f'{USE}, ' * n}]\n"), ""),
    "source: functions": (source(lambda n: "".join(f"def f{i}(): return {USE}\n" for i in range(n))), ""),
    "source: imports": (source(lambda n: "import tensorflow as tf\n" * n + f"x = {USE}\n"), ""),
    "source: bindings of one name": (source(lambda n: "a = tf\n" * n + f"x = {USE}\ny = a.{USE[3:]}\n"), ""),
    "source: uses of a name bound often": (source(lambda n: f"a = tf\na.{USE[3:]}\n" * n), ""),
    "source: initializers bound to one name": (source(lambda n: f"a = {USE[:-11]}\nx = a(scale=2.0)\n" * n), ""),
    "source: a global of functions": (
        source(lambda n: "".join(f"def f{i}():\n    global a\n    a = {USE}\n" for i in range(n))),
        "",
    ),
    "source: functions that import": (
        source(lambda n: "".join(f"def f{i}():\n    import tensorflow as tf\n    {USE}\n" for i in range(n))),
        "",
    ),
    "source: other names of TensorFlow": (
        source(lambda n: "".join(f"import tensorflow as tf{i}\nx = tf{i}{USE[2:]}\n" for i in range(n))),
        "",
    ),
    "source: names of from imports": (
        source(lambda n: "".join(f"from tensorflow import {USE[3:-11]} as v{i}\nx = v{i}()\n" for i in range(n))),
        "",
    ),
    "source: arguments of a call": (
        source(lambda n: "f(\n" + "".join(f"    {USE[:-10]}\n        seed={i}),\n" for i in range(n)) + ")\n"),
        "",
    ),
    "source: long lines of a dict": (
        source(lambda n: "x = {\n" + "".join(f"    {'a' * 30!r}: {USE[:-1]}, seed={i}),\n" for i in range(n)) + "}\n"),
        "",
    ),
    "source: strings of a dict": (source(lambda n: "x = {" + "1: 'he_normal', " * n + f"}}\ny = {USE}\n"), ""),
    "source: attributes of one name": (
        source(lambda n: "".join(f"a{i}.w = tf.random_normal([1])\ntf.Variable(a{i}.w)\n" for i in range(n))),
        "",
    ),
    "source: aliases of aliases": (
        source(lambda n: "a0 = tf\n" + "".join(f"a{i + 1} = a{i}\n" for i in range(n)) + f"x = a{n}.{USE[3:]}\n"),
        "",
    ),
    "source: aliases of aliases, the last one first": (
        source(lambda n: "".join(f"a{i + 1} = a{i}\n" for i in reversed(range(n))) + f"a0 = {USE[:-11]}\na{n}()\n"),
        "",
    ),
    "source: terms of a sum": (source(lambda n: f"x = {USE}{' + 1' * n}\n"), ""),
    "source: comments": (source(lambda n: f"x = {USE}  # compat-v1-init: ignore\n" * n), ""),
    "source: comments with a rule": (source(lambda n: f"x = {USE}  # compat-v1-init: ignore[CVI207]\n" * n), ""),
    "source: strings": (source(lambda n: "x = 'variance_scaling_initializer'\n" * n), ""),
    "source: raise of Python 2": (source(lambda n: "raise E, 'e'\n" * n), ""),
    "source: lambdas of Python 2": (source(lambda n: "lambda (a, b): a\n" * n), ""),
    "source: broken lambdas": (source(lambda n: "lambda ( ]\n" * n), ""),
    "source: a broken raise": (source(lambda n: "raise ]\n" * n), ""),
    "source: print of Python 2": (source(lambda n: f"print 'a'\nx = {USE}\n" * n), ""),
    "notebook: cells": (notebook(lambda n: [f"x = {USE}\n"] * n), ""),
    "notebook: one cell": (notebook(lambda n: [f"x = {USE}\n" * n]), ""),
    "notebook: magic": (notebook(lambda n: ["%time x = 1\n", f"x = {USE}\n"] * n), ""),
    "notebook: magic in one cell": (notebook(lambda n: ["%time x = 1\n" * n + f"x = {USE}\n"]), ""),
    "notebook: broken cells": (notebook(lambda n: ["x = (\n"] * n + [f"x = {USE}\n"]), ""),
    "text: lines": (text(lambda n: "init: variance_scaling_initializer\n" * n), ""),
    "text: one line": (text(lambda n: "variance_scaling_initializer " * n), ""),
    "diff: changed lines": (diff(lambda n: (f"a{i}\nb\nc{i}\n" for i in range(n))), ""),
    "settings: patterns": (settings(lambda n: "exclude = [" + '"a*b", ' * n + "]"), ""),
    "ignore file: stars": (ignored(lambda n: "*a" * n + "*b\n", lambda _: ["a" * 200 + ".py"]), ""),
    "ignore file: stars against a long name": (
        ignored(lambda _: "*a" * 12 + "*b\n", lambda n: ["a" * min(n, 250)]),
        "",
    ),
    "ignore file: two stars": (ignored(lambda n: "**/a/" * n + "b\n", lambda _: ["a/" * 60 + "c.py"]), ""),
    "ignore file: rules": (ignored(lambda n: "x*y\n" * n, lambda _: ["a.py"]), ""),
    "ignore file: files": (ignored(lambda _: "x*y\n", lambda n: [f"a{i}.py" for i in range(n)]), ""),
    "graph: strings that nodes share": (graph(_strings), ""),
    "graph: control inputs that nodes share": (graph(_control_inputs), ""),
    "graph: parts": (graph(_parts), ""),
    "graph: a constant that variables share": (graph(_constant), ""),
    "graph: a chain": (graph(_chain), ""),
}


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1000, 2000, 4000])
    parser.add_argument("--only", default="", help="the rows that have this in their name")
    arguments = parser.parse_args()
    sizes = arguments.sizes
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs; seconds of the processor for n of")
    print(f"{'':<52}" + "".join(f"{size:>9}" for size in sizes) + "   growth")
    for name, (timed, why) in READERS.items():
        if arguments.only not in name:
            continue
        timed(10)  # What is imported, compiled or read once.
        times = [timed(size) for size in sizes]
        growth = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
        print(f"{name:<52}" + "".join(f"{each:>9.3f}" for each in times) + f"{growth:>9.1f}  {why}", flush=True)


if __name__ == "__main__":
    main()
