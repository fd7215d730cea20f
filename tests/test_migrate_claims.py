"""What "same numbers" rests on: all programs of a project are asked, and what is not known is left, with the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from migrating import PLAIN

from compat_v1_init._migrate.decide.analyze import analyze
from compat_v1_init._migrate.findings import Analysis

LAYER = f"{PLAIN}def layer():\n    return tf.get_variable('w', [3, 4])\n"
CALL = "    layer.layer()\n"


def _notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


def _analyzed(folder: Path, source: str, others: dict[str, str], name: str = "layer.py", **options: Any) -> Analysis:
    """Returns the analysis of a file beside others."""
    for other, text in others.items():
        (folder / other).parent.mkdir(parents=True, exist_ok=True)
        (folder / other).write_text(text)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(source)
    options.setdefault("to", "shim")
    return analyze(source, path=folder / name, root=folder, **options)


# --- What a scope decides --------------------------------------------------------------------------------------------

ZEROS = "tf.zeros_initializer()"
SETS = [
    pytest.param(f"with tf.variable_scope('n', initializer={ZEROS}):", id="by keyword"),
    pytest.param(f"with tf.variable_scope('n', None, None, {ZEROS}):", id="by position"),
    pytest.param("with tf.variable_scope('n', **options):", id="options"),
    pytest.param("with tf.variable_scope(*arguments):", id="arguments"),
    pytest.param(f"with tf.variable_scope('n', **{{'initializer': {ZEROS}}}):", id="literal options"),
    pytest.param(f"scope = tf.variable_scope\nwith scope('n', initializer={ZEROS}):", id="an alias"),
    pytest.param("scope = tf.variable_scope\nwith scope('n', None, None, z):", id="an alias, by position"),
    pytest.param("from tensorflow import variable_scope as vs\nwith vs('n', None, None, z):", id="a from-import"),
    pytest.param("from tensorflow import variable_scope\nwith variable_scope('n', None, None, z):", id="its own name"),
    pytest.param("s = functools.partial(tf.variable_scope, initializer=z)\nwith s('n'):", id="partial"),
    pytest.param("with tf.variable_op_scope([], 'n', None, z):", id="variable_op_scope by position"),
    pytest.param("with tf.variable_op_scope([], 'n', initializer=z):", id="variable_op_scope"),
    pytest.param(
        "with tf.variable_scope('n') as scope:\n    scope._initializer = z\nif 1:", id="the scope's attribute"
    ),
    pytest.param("tf.get_variable_scope()._initializer = z\nif 1:", id="the current scope's attribute"),
    pytest.param("setattr(tf.get_variable_scope(), '_initializer', z)\nif 1:", id="setattr"),
    pytest.param("vars(scope).update(_initializer=z)\nif 1:", id="update"),
    pytest.param("tf.get_variable_scope().set_initializer(z)\nif 1:", id="set_initializer"),
    pytest.param("f = tf.get_variable_scope().set_initializer\nf(z)\nif 1:", id="set_initializer by an alias"),
    pytest.param("getattr(tf.get_variable_scope(), 'set_initializer')(z)\nif 1:", id="set_initializer by getattr"),
    pytest.param("t = tf.make_template('n', layer.layer, custom_getter_=g)\nif 1:", id="make_template"),
    pytest.param("t = tf.make_template('n', layer.layer, False, None, g)\nif 1:", id="make_template by position"),
    pytest.param("with tf.variable_scope('n', custom_getter=g):", id="a getter"),
    pytest.param("with tf.variable_scope('n', None, None, None, None, None, None, g):", id="a getter by position"),
    pytest.param("m = snt.Module(custom_getter=g)\nif 1:", id="a getter for another library"),
    pytest.param("with getattr(tf, 'variable_scope')('n', None, None, z):", id="getattr"),
    pytest.param("with getattr(tf, name)('n', None, None, z):", id="getattr with a computed name"),
    pytest.param("with vars(tf)[name]('n', None, None, z):", id="vars"),
    pytest.param("with tf.__dict__[name]('n', None, None, z):", id="the dict of the module"),
    pytest.param("with tf.variable_scope \\\n        ('n', initializer=z):", id="a backslash"),
    pytest.param("with tf.variable_scope('n',  # a :)\n                       initializer=z):", id="a comment"),
    pytest.param(f"with tf.variable_scope('n', values=[{'x, ' * 1500}], initializer=z):", id="long arguments"),
    pytest.param("with tf.variable_creator_scope(f):", id="a creator"),
    pytest.param("tf.get_variable = mine\nif 1:", id="the function is replaced"),
    pytest.param("with mock.patch('tensorflow.get_variable', mine):", id="the function is patched"),
    pytest.param("class Scope(tf.VariableScope): pass\nif 1:", id="a class of scopes"),
    pytest.param("s = tf.VariableScope(None, 'n', z)\nif 1:", id="VariableScope by position"),
    pytest.param("with tf.variable_scope('n', dtype=tf.int32):", id="a dtype that is no float"),
    pytest.param("import tensor2tensor\nif 1:", id="a framework that sets one"),
    pytest.param("open_scope = {'v': tf.variable_scope}\nif 1:", id="in a dict"),
    pytest.param("def scope(): return tf.variable_scope\nif 1:", id="returned"),
]


@pytest.mark.parametrize("use", SETS)
def test_a_scope_that_may_decide_is_named(tmp_path: Path, use: str) -> None:
    others = {"train.py": f"{PLAIN}import layer\n{use}\n{CALL}"}
    analysis = _analyzed(tmp_path, LAYER, others, defaults=True)
    assert analysis.edits == ()
    assert "train.py:" in analysis.findings[0].message


SETS_NOTHING = [
    pytest.param("with tf.variable_scope('n'):", id="a plain scope"),
    pytest.param("with tf.variable_scope('n', None, [x], None):", id="None by position"),
    pytest.param("with tf.variable_scope('n', reuse=tf.AUTO_REUSE, dtype=tf.float32):", id="other arguments"),
    pytest.param("with tf.variable_scope(tf.get_variable_scope(), **{'reuse': True}):", id="other literal options"),
    pytest.param("t = tf.make_template('n', layer.layer, initializer=z)\nif 1:", id="an argument for the function"),
    pytest.param("from tensorflow.python.ops import variable_scope as vs\nwith vs.variable_scope('n'):", id="a module"),
    pytest.param("class A:\n    def __init__(self, i): self._initializer = i\nif 1:", id="a class of the program"),
    pytest.param("# with tf.variable_scope('n', initializer=z):\nif 1:", id="a comment"),
    pytest.param("'''with tf.variable_scope('n', initializer=z):'''\nif 1:", id="a string"),
    pytest.param("ok = isinstance(s, tf.VariableScope) and hasattr(tf, 'variable_scope')\nif 1:", id="isinstance"),
    pytest.param("def f(scope: tf.VariableScope) -> None: pass\nif 1:", id="an annotation"),
    pytest.param("w = tf.get_variable('v', [3], custom_getter=g)\nif 1:", id="a getter of one variable"),
    pytest.param("opt = getattr(tf.train, name)\nif 1:", id="getattr of another module"),
]


@pytest.mark.parametrize("use", SETS_NOTHING)
def test_where_all_is_known_it_is_written_out(tmp_path: Path, use: str) -> None:
    others = {"train.py": f"{PLAIN}import layer\n{use}\n{CALL}"}
    analysis = _analyzed(tmp_path, LAYER, others, defaults=True)
    assert [finding.effect.value for finding in analysis.findings] == ["same numbers"]


BY_POSITION = f"{PLAIN}with tf.variable_scope('n', None, None, z):\n{CALL}"
PROGRAMS = [
    pytest.param("train", f"#!/usr/bin/env python\n{BY_POSITION}", id="a script without a suffix"),
    pytest.param("train", BY_POSITION, id="without a first line for the shell too"),
    pytest.param("train.pyw", BY_POSITION, id="pyw"),
    pytest.param("deep/er/train.ipynb", _notebook("x = 1", BY_POSITION), id="a notebook"),
    pytest.param("train.ipynb", _notebook("x = (", BY_POSITION), id="a notebook with a broken cell"),
    pytest.param("train.ipynb", _notebook(f"x = (\n{BY_POSITION}"), id="a broken cell that may set one"),
    pytest.param("train.ipynb", _notebook(f"%%time\n{BY_POSITION}"), id="a cell with a magic"),
    pytest.param("train.ipynb", _notebook(f"%%writefile train.py\n{BY_POSITION}"), id="a cell that is written"),
    pytest.param("train.py", f"print 'x'\n{BY_POSITION}", id="Python 2"),
    pytest.param("train.py", f"{BY_POSITION}def (:\n", id="a file that does not parse"),
]


@pytest.mark.parametrize(("name", "text"), PROGRAMS)
def test_every_program_is_asked(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / ".gitignore").write_text("train*\n")
    analysis = _analyzed(tmp_path, LAYER, {name: text}, defaults=True)
    assert analysis.edits == ()
    assert Path(name).name in analysis.findings[0].message


@pytest.mark.parametrize(
    ("call", "is_certain"),
    [
        ("tf.disable_v2_behavior()", True),
        ("if __name__ == '__main__':\n    tf.disable_v2_behavior()", True),
        ("try:\n    tf.disable_v2_behavior()\nexcept AttributeError:\n    pass", True),
        ("if tf.__version__ >= '2':\n    tf.disable_v2_behavior()", True),
        ("# tf.disable_v2_behavior()", False),
        ("print('tf.disable_v2_behavior()')", False),
        ("'''tf.disable_v2_behavior()'''", False),
        ("off = tf.disable_v2_behavior", False),
        ("if options.old:\n    tf.disable_v2_behavior()", False),
    ],
)
def test_only_a_call_turns_the_behavior_of_tensorflow_2_off(tmp_path: Path, call: str, is_certain: bool) -> None:
    source = "import tensorflow.compat.v1 as tf\ndef f(x): return tf.layers.dense(x, 3)\n"
    others = {"train.py": f"import tensorflow.compat.v1 as tf\n{call}\n"}
    assert bool(_analyzed(tmp_path, source, others, defaults=True).edits) == is_certain


# --- Who calls it ----------------------------------------------------------------------------------------------------

INSTALLED = [
    pytest.param("setup.py", "from setuptools import setup\nsetup(name='layers')\n", False, id="setup.py"),
    pytest.param("setup.cfg", "[metadata]\nname = layers\n", False, id="setup.cfg"),
    pytest.param("pyproject.toml", "[project]\nname = 'layers'\n", False, id="pyproject.toml"),
    pytest.param("pyproject.toml", "[tool.poetry]\nname = 'layers'\n", False, id="poetry"),
    pytest.param("pyproject.toml", "[tool.black]\nline-length = 79\n", True, id="settings of a tool"),
    pytest.param("setup.py", "# setup()\n", True, id="a comment"),
    pytest.param("setup.cfg", "[flake8]\n", True, id="settings of another tool"),
]


@pytest.mark.parametrize(("name", "text", "is_closed"), INSTALLED)
def test_a_package_that_others_import_is_left(tmp_path: Path, name: str, text: str, is_closed: bool) -> None:
    others = {name: text, "pkg/__init__.py": "", "train.py": "import pkg.layer\nif __name__ == '__main__': run()\n"}
    analysis = _analyzed(tmp_path, LAYER, others, "pkg/layer.py", defaults=True)
    assert bool(analysis.edits) == is_closed
    if not is_closed:
        assert f"({name}:" in analysis.findings[0].message
        assert "--assume-closed" in analysis.findings[0].message
    assert _analyzed(tmp_path, LAYER, {}, "pkg/layer.py", defaults=True, assume_closed=True).edits
    program = f"{LAYER}if __name__ == '__main__':\n    layer()\n"
    assert _analyzed(tmp_path, program, {}, "program.py", defaults=True).edits


def test_a_package_without_a_program_is_left(tmp_path: Path) -> None:
    analysis = _analyzed(tmp_path, LAYER, {"pkg/__init__.py": ""}, "pkg/layer.py", defaults=True)
    assert analysis.edits == ()
    assert "no program here uses it" in analysis.findings[0].message
