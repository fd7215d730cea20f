"""What nests deeply is read as deep as Python's own parser reads it, and what nests deeper is told in a sentence."""

from __future__ import annotations

import ast
import json
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from migrating import analyze

from compat_v1_init._migrate.findings import Goal, Refused, apply
from compat_v1_init._migrate.one_file import Job, outcome_of
from compat_v1_init._migrate.settings import BadSettings, load
from compat_v1_init._migrate.source import nesting

HEAD = "import tensorflow.compat.v1 as tf\n"
USE = "tf.variance_scaling_initializer(scale=2.0)"
TAIL = f"\ny = {USE}\ntf.disable_eager_execution()\n"

# Each at about the depth at which Python's own parser, of one release or another, begins to refuse it.
DEEP = [
    pytest.param("x = 1" + " + a" * 2900, id="operators"),
    pytest.param("x = a" + ".b" * 2900, id="attributes"),
    pytest.param("x = a" + "()" * 2900, id="calls of calls"),
    pytest.param("x = a" + "[0]" * 2900, id="subscripts"),
    pytest.param("if a:\n    pass\n" + "elif b:\n    pass\n" * 2900, id="branches"),
    pytest.param("x = " + "-" * 2900 + "1", id="signs"),
    pytest.param("x = " + "not " * 2900 + "1", id="negations"),
    pytest.param("x = " + "**".join("a" * 1400), id="powers"),
    pytest.param("x = " + "lambda: " * 1400 + "1", id="lambdas"),
    pytest.param("x = " + "1 if a else " * 2900 + "1", id="choices"),
    pytest.param("x = " + "(" * 195 + "1" + ")" * 195, id="parentheses"),
    pytest.param("x = " + "[" * 195 + "1" + "]" * 195, id="lists"),
    pytest.param("x = " + "f(" * 195 + "1" + ")" * 195, id="calls in calls"),
    pytest.param("".join(" " * i + "if a:\n" for i in range(98)) + " " * 98 + "pass", id="blocks"),
    pytest.param("if a:\n" + " " * 900 + "pass", id="a wide block"),
    pytest.param("a0 = tf\n" + "".join(f"a{i + 1} = a{i}\n" for i in range(2900)), id="aliases of aliases"),
    pytest.param("x = " + "a and " * 30_000 + "a", id="flat, which is no depth"),
]


def _python_parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, RecursionError, MemoryError):
        return False
    return True


@pytest.mark.parametrize("deep", DEEP)
def test_what_python_parses_is_migrated(deep: str) -> None:
    source = HEAD + deep + TAIL
    limits = sys.getrecursionlimit()
    # In a thread of its own, as shallow as a program: Python 3.11 counts the frames of its caller, pytest's, as depth.
    with ThreadPoolExecutor(1) as thread:
        parses = thread.submit(_python_parses, source).result()
    if not parses:
        pytest.fail(f"Python {sys.version} does not parse this: it shows nothing")
    result = apply(source, analyze(source, to="shim").edits)
    assert result == "import compat_v1_init\n" + source.replace(USE, USE.replace("tf.", "compat_v1_init."))
    assert sys.getrecursionlimit() == limits


def test_a_name_at_the_end_of_many_aliases_is_found() -> None:
    source = HEAD + "a0 = tf\n" + "".join(f"a{i + 1} = a{i}\n" for i in range(2000)) + f"x = a2000.{USE[3:]}\n"
    assert f"x = compat_v1_init.{USE[3:]}" in apply(source, analyze(source, to="shim").edits)


TOO_DEEP = [
    pytest.param("x = " + "(" * 201 + ")" * 201, "brackets nest deeper than 200", id="brackets"),
    pytest.param("x = a" + "()" * 150_000, "more than 100000 operators in a row", id="calls of calls"),
    pytest.param("x = 1" + " + 1" * 150_000, "more than 100000 operators in a row", id="operators"),
    pytest.param("if a: pass\n" + "elif a: pass\n" * 50_000, "nesting is too deep", id="branches"),
]


@pytest.mark.parametrize(("deep", "words"), TOO_DEEP)
def test_what_is_deeper_is_told(deep: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        analyze(HEAD + deep + TAIL, to="shim")
    # In a notebook too, whose cells are parsed before.
    cells = [{"cell_type": "code", "source": text} for text in (HEAD, deep + TAIL)]
    data = json.dumps({"cells": cells, "nbformat": 4}).encode()
    outcome = outcome_of(Job("a.ipynb", "notebook", data), Goal("shim", frozenset()))
    assert [problem.cell for problem in outcome.skipped] == [2]


def test_without_room_for_such_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(nesting.threading.Thread, "start", start)
    with pytest.raises(Refused, match="too deep"):
        analyze(HEAD + "x = a" + ".b" * 2900 + TAIL, to="shim")


def test_settings_that_nest_deeply(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.compat_v1_init]\nx = " + "[" * 50_000 + "]" * 50_000)
    with pytest.raises(BadSettings, match=r"nested too deeply|unknown key"):
        load(tmp_path)
