"""The lines that an edit touches: continuation lines stay under their bracket, and no line grows too long."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from migrating import PLAIN, SHIM, migrated

if TYPE_CHECKING:
    from compat_v1_init._migrate.findings import Target

HEAD = SHIM + PLAIN

ALIGNED = [
    pytest.param(
        "x = tf.glorot_uniform_initializer(seed=1,\n                                  dtype=tf.float32)\n",
        "x = compat_v1_init.glorot_uniform_initializer(seed=1,\n"
        "                                              dtype=tf.float32)\n",
        id="with the bracket",
    ),
    pytest.param(
        "x = tf.glorot_uniform_initializer(seed=f(1,\n                                         2),\n"
        "                                  dtype=tf.float32\n                                  )\n",
        "x = compat_v1_init.glorot_uniform_initializer(seed=f(1,\n"
        "                                                     2),\n"
        "                                              dtype=tf.float32\n"
        "                                              )\n",
        id="nested, and a bracket that closes in a line of its own",
    ),
    pytest.param(
        "x = tf.glorot_uniform_initializer(\n    seed=1,\n    dtype=tf.float32\n)\n",
        "x = compat_v1_init.glorot_uniform_initializer(\n    seed=1,\n    dtype=tf.float32\n)\n",
        id="a hanging indent stays",
    ),
    pytest.param(
        "x = tf.glorot_uniform_initializer(seed=1,\n    dtype=tf.float32)\n",
        "x = compat_v1_init.glorot_uniform_initializer(seed=1,\n    dtype=tf.float32)\n",
        id="an indent that was not aligned stays",
    ),
    pytest.param(
        "x = g(tf.glorot_uniform_initializer(), h(\n          1,\n      ))\n",
        "x = g(compat_v1_init.glorot_uniform_initializer(), h(\n          1,\n      ))\n",
        id="an indent that counts from the line's own",
    ),
    pytest.param(
        'x = tf.glorot_uniform_initializer(seed=f("""a\n        b"""),\n'
        "                                  dtype=None)\n",
        'x = compat_v1_init.glorot_uniform_initializer(seed=f("""a\n        b"""),\n'
        "                                              dtype=None)\n",
        id="not the lines of a string",
    ),
    pytest.param(
        "x = tf.glorot_uniform_initializer(seed=1,  # one\n                                  # two\n\n"
        "                                  dtype=None)\n",
        "x = compat_v1_init.glorot_uniform_initializer(seed=1,  # one\n"
        "                                              # two\n\n"
        "                                              dtype=None)\n",
        id="comments move, empty lines do not",
    ),
    pytest.param(
        "x = [y for y in f(tf.glorot_uniform_initializer(seed=1),\n                  2)]\n",
        "x = [y for y in f(compat_v1_init.glorot_uniform_initializer(seed=1),\n                  2)]\n",
        id="not those of a bracket ahead of the edit",
    ),
    pytest.param(
        "x = tf.glorot_uniform_initializer(1), g(3,\n                                        4)\n",
        "x = compat_v1_init.glorot_uniform_initializer(1), g(3,\n"
        "                                                    4)\n",
        id="those of a bracket behind the edit",
    ),
    pytest.param(
        "def f():\n\tx = tf.glorot_uniform_initializer(seed=1,\n\t                                  dtype=None)\n",
        "def f():\n\tx = compat_v1_init.glorot_uniform_initializer(seed=1,\n"
        "\t                                              dtype=None)\n",
        id="behind a tab",
    ),
    pytest.param(
        "def f():\n\tx = tf.glorot_uniform_initializer(seed=1,\n\t\t\t\tdtype=None)\n",
        "def f():\n\tx = compat_v1_init.glorot_uniform_initializer(seed=1,\n\t\t\t\tdtype=None)\n",
        id="tabs stay",
    ),
    pytest.param(
        "try: x = tf.glorot_uniform_initializer(seed=1,\n"
        "                                       dtype=None)\nfinally: pass\n",
        "try: x = compat_v1_init.glorot_uniform_initializer(seed=1,\n"
        "                                                   dtype=None)\nfinally: pass\n",
        id="behind other code",
    ),
]


@pytest.mark.parametrize(("before", "after"), ALIGNED)
def test_continuation_lines_stay_under_their_bracket(before: str, after: str) -> None:
    assert migrated(PLAIN + before + "tf.no_op()\n", "shim") == HEAD + after + "tf.no_op()\n"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_newlines(newline: str) -> None:
    before, after = ALIGNED[0].values
    expected = (HEAD + str(after)).replace("\n", newline)
    tail = "tf.no_op()" + newline
    assert migrated((PLAIN + str(before)).replace("\n", newline) + tail, "shim") == expected + tail


def test_a_bracket_that_moves_to_the_left() -> None:
    source = (
        "import tensorflow as tf\n\n"
        "x = tf.Variable(tf.contrib.layers.python.layers.initializers.xavier_initializer(f(1,\n"
        "                                                                                  2)))\ntf.no_op()\n"
    )
    assert (
        "x = tf.Variable(compat_v1_init.contrib.xavier_initializer(f(1,\n"
        "                                                            2)))\n"
    ) in migrated(source, "shim")


LONG = [
    pytest.param(
        "w = tf.get_variable('weights', [3, 4], tf.float32, initializer=tf.glorot_uniform_initializer())\n",
        "w = tf.get_variable(\n    'weights', [3, 4], tf.float32,\n"
        "    initializer=compat_v1_init.glorot_uniform_initializer())\n",
        id="behind the bracket, and behind a comma",
    ),
    pytest.param(
        "kernel_initializer = tf.variance_scaling_initializer(scale=2.0, mode='fan_in', seed=1)\n",
        "kernel_initializer = compat_v1_init.variance_scaling_initializer(\n    scale=2.0, mode='fan_in', seed=1)\n",
        id="behind the bracket",
    ),
    pytest.param(
        "w = tf.get_variable('weights', [3, 4],\n"
        "                    initializer=tf.variance_scaling_initializer(scale=2.0, mode='fan_in'),\n"
        "                    dtype=tf.float32)\n",
        "w = tf.get_variable(\n    'weights', [3, 4],\n"
        "    initializer=compat_v1_init.variance_scaling_initializer(scale=2.0, mode='fan_in'),\n"
        "    dtype=tf.float32)\n",
        id="in a line that continues another",
    ),
    pytest.param(
        "kernel_initializer = tf.variance_scaling_initializer(scale=2.0, mode='fan_in', seed=1,\n"
        "                              dtype=tf.float32)\n",
        "kernel_initializer = compat_v1_init.variance_scaling_initializer(\n"
        "    scale=2.0, mode='fan_in', seed=1,\n    dtype=tf.float32)\n",
        id="with a line that was not aligned",
    ),
    pytest.param(
        "def build(x, scale, mode, init=tf.variance_scaling_initializer(scale=2.0, seed=1)):\n    pass\n",
        "def build(\n        x, scale, mode,\n"
        "        init=compat_v1_init.variance_scaling_initializer(scale=2.0, seed=1)):\n    pass\n",
        id="the head of a function",
    ),
    pytest.param(
        "w = tf.get_variable('weights', [3, 4], initializer=tf.glorot_uniform_initializer(1))  # noqa\n",
        "w = tf.get_variable('weights', [3, 4], initializer=compat_v1_init.glorot_uniform_initializer(1))  # noqa\n",
        id="not where a comment speaks of the line",
    ),
    pytest.param(
        "a" * 50 + " = tf.glorot_uniform_initializer()\n",
        "a" * 50 + " = compat_v1_init.glorot_uniform_initializer()\n",
        id="not where it is of no help",
    ),
    pytest.param(
        "if True:\n\tw = tf.get_variable('weights', [3, 4], initializer=tf.glorot_uniform_initializer(1))\n",
        "if True:\n\tw = tf.get_variable(\n"
        "\t\t'weights', [3, 4], initializer=compat_v1_init.glorot_uniform_initializer(1))\n",
        id="with tabs",
    ),
    pytest.param(
        "TESTS = [('scaling', tf.variance_scaling_initializer()), ('glorot', tf.glorot_uniform_initializer())]\n",
        "TESTS = [\n    ('scaling', compat_v1_init.variance_scaling_initializer()),\n"
        "    ('glorot', compat_v1_init.glorot_uniform_initializer())]\n",
        id="between the tuples of a list",
    ),
]


@pytest.mark.parametrize(("before", "after"), LONG)
def test_a_line_that_grows_too_long_is_broken(before: str, after: str) -> None:
    assert migrated(PLAIN + before + "tf.no_op()\n", "shim") == HEAD + after + "tf.no_op()\n"


def test_a_file_that_keeps_to_79_columns_still_does() -> None:
    line = "w = tf.get_variable('w', [3], initializer=tf.glorot_uniform_initializer())\n"
    assert max(map(len, migrated(PLAIN + line * 3, "shim").splitlines())) <= 79
    assert migrated(PLAIN + line, "shim").count("\n") == 2 + PLAIN.count("\n")
    wide = "x = " + "1 + " * 19 + "1\n"
    assert len(wide) - 1 == 81
    assert max(map(len, migrated(PLAIN + line * 3 + wide, "shim").splitlines())) == 81


def test_a_line_that_was_too_long_does_not_grow() -> None:
    line = f"w = {'a' * 60}(1, [3, 4], initializer=tf.glorot_uniform_initializer())\n"
    after = migrated(PLAIN + line, "shim")
    assert max(map(len, after.splitlines())) <= len(line)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(SHIM + line.replace("tf.g", "compat_v1_init.g")))


def test_each_of_many_long_lines_of_a_statement_is_broken() -> None:
    line = (
        "    'w{}': tf.Variable(tf.truncated_normal([kernel_rows, kernel_columns, 3, 64], stddev=0.1), name='w{}'),\n"
    )
    hopeless = f"    'w': {'a' * 80}(tf.glorot_uniform_initializer()),\n"
    lines = [hopeless if number % 7 == 3 else line.format(number, number) for number in range(40)]
    after = migrated(f"{PLAIN}weights = {{\n{''.join(lines)}}}\n", "shim").splitlines()
    assert all(len(each) <= 88 or "aaaa" in each for each in after)


@pytest.mark.parametrize("count", [50, 100])
def test_a_statement_of_many_long_lines_takes_no_long_time(count: int) -> None:
    line = "    w{}=" + "a" * 60 + "(tf.glorot_uniform_initializer(1, dtype=tf.float32), {}),\n"
    source = "".join(line.format(number, number) for number in range(count))
    start = time.process_time()
    migrated(f"{PLAIN}weights = dict(\n{source})\n", "shim")
    assert time.process_time() - start < 0.1 * count


LONG_BEFORE = [
    pytest.param(
        "    u = tf.get_variable('u', [1, shape[-1]], initializer=tf.random_normal_initializer(), trainable=False)\n",
        id="a comma behind the call",
    ),
    pytest.param(
        "    x = tf.layers.dense(x, self.nb_actions, kernel_initializer="
        "tf.random_uniform_initializer(minval=-3e-3, maxval=3e-3))\n",
        id="its bracket",
    ),
    pytest.param(
        "    param_noise_scale = tf.get_variable('param_noise_scale', (), initializer=tf.constant_initializer(0.01), "
        "trainable=False)\n",
        id="an empty bracket ahead of it",
    ),
    pytest.param(
        "    x = tf.layers.dense(x, self.nb_actions, tf.nn.relu, kernel_initializer=tf.glorot_normal_initializer(),\n"
        "                        use_bias=False)\n",
        id="a line behind it",
    ),
]


@pytest.mark.parametrize("line", LONG_BEFORE)
@pytest.mark.parametrize("to", ["shim", "keras"])
def test_a_line_that_was_too_long_is_broken_to_lines_that_are_not(line: str, to: Target) -> None:
    after = migrated(f"{PLAIN}def f(self, x, shape):\n{line}    tf.placeholder()\n", to)
    assert max(map(len, line.splitlines())) > 100
    assert max(map(len, after.splitlines())) <= 88


PROGRAM = '''\
"""A program that Ruff has little to say of."""

import os

import numpy as np
import tensorflow as tf
from tensorflow.contrib.layers import variance_scaling_initializer, xavier_initializer

L = [os.name, np.pi, xavier_initializer()]


def build(x, units=3):
    with tf.variable_scope("a"):
        w = tf.get_variable("w", [3, 4], initializer=tf.glorot_uniform_initializer(seed=1))
        v = tf.get_variable("v", [3, 4],
                            initializer=tf.variance_scaling_initializer(scale=1.43,
                                                                        mode="fan_avg"))
        u = tf.layers.dense(x, units, kernel_initializer=tf.contrib.layers.xavier_initializer())
    return w, v, u, variance_scaling_initializer(factor=1.43), tf.uniform_unit_scaling_initializer(1.43)
'''


@pytest.mark.skipif(shutil.which("ruff", path=str(Path(sys.executable).parent)) is None, reason="Ruff is not installed")
@pytest.mark.parametrize("to", ["shim", "keras"])
@pytest.mark.parametrize("last", ["", "tf.no_op()\n"], ids=["TensorFlow goes", "TensorFlow stays"])
def test_ruff_finds_nothing_new(tmp_path: Path, to: Target, last: str) -> None:
    def found(source: str) -> Counter[str]:
        ruff = str(Path(sys.executable).parent / "ruff")
        options = ["check", "--isolated", "--select", "E,F,I", "--output-format", "json", "--no-cache", "-"]
        # In an empty folder, where this package is none of the project's own.
        run = subprocess.run([ruff, *options], cwd=tmp_path, input=source, capture_output=True, text=True, check=False)
        return Counter(f"{each['code']} {re.sub(r'[(].*', '', each['message'])}" for each in json.loads(run.stdout))

    for source in (PROGRAM, PROGRAM.replace("tf.variable_scope", "scope")):
        before = source + last
        after = migrated(before, to)
        assert after != before
        assert not found(after) - found(before)


LONG = (
    "def build(x):\n    return tf.get_variable('weights', [3, 4], initializer=tf.glorot_uniform_initializer(seed=12))\n"
)
FORMATTERS = [
    pytest.param("pyproject.toml", "[tool.black]\n", True, id="Black"),
    pytest.param("pyproject.toml", "[tool.ruff.lint]\n", True, id="Ruff"),
    pytest.param("setup.cfg", "[yapf]\nbased_on_style = google\n", True, id="YAPF"),
    pytest.param("pyproject.toml", "[tool.isort]\n", False, id="none"),
]


@pytest.mark.parametrize(("name", "text", "has_one"), FORMATTERS)
def test_long_lines_are_left_to_the_projects_own_formatter(
    tmp_path: Path, name: str, text: str, *, has_one: bool
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    after = migrated(PLAIN + LONG, "shim", tmp_path / "a.py", tmp_path)
    lines = after.partition("def build")[2].count("\n")
    assert (lines == 2) == has_one


def test_the_indentation_is_that_of_code_and_not_of_a_docstring() -> None:
    head = 'def f():\n    """F.\n\n    Args:\n  x: one.\n    """\n'
    after = migrated(PLAIN + head + LONG.replace("'weights', [3, 4], ", ""), "shim")
    assert "initializer=compat_v1_init" in after
    assert "(\n        initializer=" in after or "(initializer=compat_v1_init" in after
