"""What draws by default: what is reported, what is written out, and that the numbers stay the same."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from migrating import PLAIN, V1, analyze, migrated
from running import python

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.decide.variable_scopes import scopes_in
from compat_v1_init._migrate.findings import Effect
from compat_v1_init._migrate.source.index import Program
from compat_v1_init._migrate.source.tree import Tree

OURS = "compat_v1_init.glorot_uniform_initializer()"


def _found(source: str, **options: Any) -> list[tuple[str, int]]:
    findings = analyze(source, to="shim", **options).findings
    assert {finding.effect for finding in findings} <= {Effect.DEFAULT}
    return [(finding.code, finding.line) for finding in findings]


REPORTED = [
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3])\n", ["CVI301"], id="get_variable"),
    pytest.param(f"{V1}w = tf.get_variable(name='w', shape=[3])\n", ["CVI301"], id="by keyword"),
    pytest.param(f"{PLAIN}w = tf.compat.v1.get_variable('w', [3], tf.float64)\n", ["CVI301"], id="compat.v1"),
    pytest.param("from tensorflow import get_variable as g\nw = g('w', [3])\n", ["CVI301"], id="an import"),
    pytest.param(f"{PLAIN}L = tf.layers\ny = L.conv2d(x, 3, 3)\n", ["CVI302"], id="an alias"),
    pytest.param(f"{PLAIN}y = tf.layers.Dense(3)(x)\n", ["CVI302"], id="a class"),
    pytest.param(f"{PLAIN}y = tf.layers.separable_conv2d(x, 3, 3)\n", ["CVI302"], id="two kernels"),
    pytest.param("import tf_slim as slim\ny = slim.conv2d(x, 3, 3)\n", ["CVI303"], id="tf_slim"),
    pytest.param("from tensorflow.contrib import slim\ny = slim.conv2d(x, 3, 3)\n", ["CVI303"], id="contrib.slim"),
    pytest.param(
        "from tensorflow.contrib import layers\ny = layers.fully_connected(x, 3)\n", ["CVI303"], id="contrib.layers"
    ),
    pytest.param("import tf_slim as s\ny = s.repeat(x, 2, s.conv2d, 3, [3, 3])\n", ["CVI303"], id="repeat"),
    pytest.param("import tf_slim as s\ny = s.stack(x, s.fully_connected, [3, 3])\n", ["CVI303"], id="stack"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3], initializer=None)\n", ["CVI301"], id="None"),
]


@pytest.mark.parametrize(("source", "codes"), REPORTED)
def test_reported(source: str, codes: list[str]) -> None:
    assert [code for code, _ in _found(source)] == codes
    assert analyze(source, to="shim").edits == ()


LEFT_OUT = [
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3], initializer=i)", id="an initializer"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3], tf.float32, i)", id="an initializer by position"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w')", id="no shape: the variable is there"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [], tf.int32)", id="whole numbers are zeros"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [], dtype='bool')", id="so are truth values"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3], **options)", id="options from elsewhere"),
    pytest.param(f"{PLAIN}w = tf.get_variable(*arguments)", id="arguments from elsewhere"),
    pytest.param(f"{PLAIN}with tf.variable_scope('a', initializer=i):\n    w = tf.get_variable('w', [3])", id="scope"),
    pytest.param(f"{PLAIN}y = tf.layers.dense(x, 3, kernel_initializer=i)", id="a kernel's"),
    pytest.param(f"{PLAIN}y = tf.layers.dense(x, 3, None, True, i)", id="a kernel's by position"),
    pytest.param(f"{PLAIN}y = tf.layers.max_pooling2d(x, 3, 3)", id="a layer without weights"),
    pytest.param(f"{PLAIN}y = tf.layers.batch_normalization(x)", id="a layer with another default"),
    pytest.param(f"{PLAIN}y = tf.keras.layers.Dense(3)(x)", id="Keras draws by its own"),
    pytest.param("import keras\ny = keras.layers.Dense(3)(x)", id="Keras alone"),
    pytest.param("import mine as tf\nw = tf.get_variable('w', [3])", id="another module"),
    pytest.param(f"{PLAIN}def f(tf):\n    return tf.get_variable('w', [3])", id="a parameter"),
    pytest.param(f"{PLAIN}tf = tf or other\nw = tf.get_variable('w', [3])", id="bound otherwise"),
    pytest.param("import tf_slim as s\ny = s.conv2d(x, 3, 3, weights_initializer=i)", id="slim's weights"),
    pytest.param(
        "import tf_slim as s\nwith s.arg_scope([s.conv2d], weights_initializer=i):\n    y = s.conv2d(x, 3, 3)",
        id="slim's arg_scope",
    ),
    pytest.param("import tf_slim as s\ny = s.max_pool2d(x, 3)", id="slim's layer without weights"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3])  # compat-v1-init: ignore", id="a mark"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3])  # compat-v1-init: ignore[CVI301]", id="a mark of the rule"),
]


@pytest.mark.parametrize("source", LEFT_OUT)
def test_left_out(source: str) -> None:
    assert _found(source) == _found(source, defaults=True) == []


WRITTEN = [
    pytest.param("w = tf.get_variable('w', [3])", f"w = tf.get_variable('w', [3], initializer={OURS})", id="added"),
    pytest.param(
        "w = tf.get_variable('w', [3], tf.float32, None)",
        f"w = tf.get_variable('w', [3], tf.float32, {OURS})",
        id="in place of None",
    ),
    pytest.param(
        "w = tf.get_variable('w', initializer=(None), shape=s)",
        f"w = tf.get_variable('w', initializer={OURS}, shape=s)",
        id="in place of None, by keyword",
    ),
    pytest.param(
        "w = tf.get_variable('w', [3],)  # why",
        f"w = tf.get_variable('w', [3], initializer={OURS},)  # why",
        id="comma",
    ),
    pytest.param(
        "w = tf.get_variable(\n    'w',  # its name\n    shape=[3],\n)",
        f"w = tf.get_variable(\n    'w',  # its name\n    shape=[3],\n    initializer={OURS},\n)",
        id="a line each",
    ),
    pytest.param(
        "w = tf.get_variable(\n    'w', [3])",
        f"w = tf.get_variable(\n    'w', [3], initializer={OURS})",
        id="two lines",
    ),
    pytest.param("y = tf.layers.dense(x, 3)", f"y = tf.layers.dense(x, 3, kernel_initializer={OURS})", id="dense"),
    pytest.param(
        "y = tf.layers.separable_conv2d(x, 3, 3, pointwise_initializer=i)",
        f"y = tf.layers.separable_conv2d(x, 3, 3, pointwise_initializer=i, depthwise_initializer={OURS})",
        id="one of two",
    ),
    pytest.param(
        "y = tf.layers.separable_conv2d(x, 3, 3)",
        f"y = tf.layers.separable_conv2d(x, 3, 3, depthwise_initializer={OURS}, pointwise_initializer={OURS})",
        id="both",
    ),
    pytest.param(
        "with tf.variable_scope('a', reuse=True):\n    w = tf.get_variable('w', [3])", None, id="a plain scope"
    ),
]


@pytest.mark.parametrize(("before", "after"), WRITTEN)
@pytest.mark.parametrize("to", ["shim", "keras"])
def test_written_out(before: str, after: str | None, to: Any) -> None:
    after = before[:-1] + f", initializer={OURS})" if after is None else after
    found = migrated(f"{PLAIN}\n{before}\n", to, defaults=True)
    # Lines that get too long are laid out, which is tested elsewhere.
    assert re.sub(r"\s+", "", found) == re.sub(r"\s+", "", f"import compat_v1_init\n{PLAIN}\n{after}\n")


KEPT = [
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3], dtype=d)\n", "its dtype is not known", id="dtype"),
    pytest.param(f"{PLAIN}w = tf.get_variable('w', [3], custom_getter=g)\n", "a getter of its own", id="getter"),
    pytest.param("import tf_slim as s\ny = s.conv2d(x, 3, 3)\n", "an arg_scope around it", id="slim"),
    pytest.param(f"{PLAIN}y = tf.compat.v1.layers.dense(x, 3)\n", "disable_v2_behavior()", id="compat.v1.layers"),
    pytest.param(
        f"{PLAIN}def f():\n  return tf.get_variable('w', [3])\nwith tf.variable_scope('a', initializer=i):\n  f()\n",
        "sets an initializer or a getter at this file:4",
        id="a scope elsewhere in the file",
    ),
]


@pytest.mark.parametrize(("source", "reason"), KEPT)
def test_not_written_out_and_why(source: str, reason: str) -> None:
    analysis = analyze(source, to="shim", defaults=True)
    assert analysis.edits == ()
    assert [finding.effect for finding in analysis.findings] == [Effect.DEFAULT]
    assert reason in analysis.findings[0].message


def test_layers_of_v1_are_written_out_where_v2_behavior_is_off() -> None:
    source = f"{V1}tf.disable_v2_behavior()\ny = tf.layers.dense(x, 3)\n"
    assert f"kernel_initializer={OURS})" in migrated(source, "shim", defaults=True)


@pytest.mark.parametrize(
    ("text", "setter"),
    [
        pytest.param("with tf.variable_scope('a', reuse=True):\n", False, id="no initializer"),
        pytest.param("with tf.variable_scope('a', initializer=None):\n", False, id="None"),
        pytest.param("tf.variable_scope(f(x), initializer=i)\n", True, id="behind a call"),
        pytest.param("tf.variable_scope(\n  'a',\n  initializer=i)\n", True, id="over lines"),
        pytest.param("tf.variable_scope('a', custom_getter=g)\n", True, id="a getter"),
        pytest.param("tf.get_variable_scope().set_initializer(i)\n", True, id="set later"),
        pytest.param("with tf.variable_creator_scope(f):\n", True, id="a creator"),
        pytest.param(
            "with tf.variable_scope('a'):\n  g('w', initializer=i)\n", False, id="an argument of another call"
        ),
    ],
)
def test_scopes(text: str, setter: bool) -> None:
    tree = Tree(text + "    pass\n" if text.endswith("):\n") else text)
    assert bool(list(scopes_in(Program(tree)))) == setter


# --- The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "setup.py").write_text("", encoding="utf-8")
    (tmp_path / "a.py").write_text(f"{PLAIN}\nw = tf.get_variable('w', [3])\n", encoding="utf-8")
    return tmp_path


def test_they_are_counted_and_are_no_failure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out.endswith("2 files: 1 place draws by default.\n")
    for name in ("github", "gitlab", "junit", "sarif", "html"):
        assert main(["migrate", "--format", name]) == 0
        # GitHub shows ten annotations, so they are for what is to be done.
        assert ("CVI301" in capsys.readouterr().out) == (name != "github")
    assert main(["migrate", "--add-ignore"]) == 0
    assert "ignore" not in (here / "a.py").read_text(encoding="utf-8")
    assert main(["migrate", "--write-baseline", "b.json"]) == 0
    assert json.loads((here / "b.json").read_bytes())["findings"] == []
    assert main(["migrate", "--write"]) == 0
    assert main(["migrate", "--defaults", "--check"]) == 1
    (here / "pyproject.toml").write_text("[tool.compat_v1_init]\ndefaults = true\n", encoding="utf-8")
    assert main(["migrate", "--write"]) == 0
    assert (here / "a.py").read_text(encoding="utf-8").count(OURS) == 1
    capsys.readouterr()
    assert main(["migrate", "--check"]) == 0
    assert capsys.readouterr().out == "4 files: nothing to do.\n"


def test_a_scope_in_another_file_keeps_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "main.py").write_text(
        f"{PLAIN}with tf.variable_scope('a', initializer=i):\n    f()\n", encoding="utf-8"
    )
    assert main(["migrate", "--defaults"]) == 0
    assert f"at {os.path.join('sub', 'main.py')}:2" in capsys.readouterr().out  # noqa: PTH118


def test_a_file_that_may_draw_by_default_and_does_not_parse(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "broken.py").write_text(f"{PLAIN}tf.get_variable((\n", encoding="utf-8")
    (here / "other.py").write_text("get_variable((\n", encoding="utf-8")
    assert main(["migrate", "--format", "json"]) == 2
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(file["path"], file["status"]) for file in files] == [("a.py", "unchanged"), ("broken.py", "failed")]


# --- The numbers -----------------------------------------------------------------------------------------------------

PROGRAM = """\
import sys
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 8, 8, 3])
w = tf.get_variable('w', [3, 4])
with tf.variable_scope('a'):
    v = tf.get_variable('v', shape=[5], dtype=tf.float64)
    n = tf.get_variable('n', [], tf.int32)
    named = tf.get_variable('named', [2, 3], initializer=tf.variance_scaling_initializer(seed=1))
if hasattr(tf, 'layers') and '--layers' in sys.argv:
    y = tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu)
    y = tf.layers.separable_conv2d(y, 4, 3)
    y = tf.layers.conv2d_transpose(y, 2, 3)
    y = tf.layers.Dense(5)(tf.layers.flatten(y))
with tf.Session() as session:
    for _ in range(2):
        session.run(tf.global_variables_initializer())
        for variable in tf.global_variables():
            print(variable.name, np.asarray(session.run(variable)).tobytes().hex())
"""


@pytest.mark.slow  # `test_prove` compares them too, in this process.
def test_every_variable_has_the_same_bytes_before_and_after(here: Path) -> None:
    pytest.importorskip("tensorflow")
    (here / "a.py").unlink()
    (here / "program.py").write_text(PROGRAM, encoding="utf-8")
    # From 2.16 on `tf.layers` needs legacy Keras.
    has_layers = not python(
        "-c", "import tensorflow.compat.v1 as tf; tf.layers.dense", TF_USE_LEGACY_KERAS="1"
    ).returncode
    command = ["program.py", *(["--layers"] if has_layers else [])]

    def values() -> list[str]:
        done = python(*command, seconds=200, TF_USE_LEGACY_KERAS="1")
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.splitlines()

    before = values()
    assert main(["migrate", "--defaults", "--write", "program.py"]) == 0
    source = (here / "program.py").read_text(encoding="utf-8")
    assert source.count(OURS) == 7
    assert source.count("compat_v1_init.") == 8
    assert values() == before
    assert len(before) == 2 * (13 if has_layers else 4)
    assert len(set(before)) > len(before) // 2


def test_prove(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tensorflow")
    assert main(["migrate", "--defaults", "--prove", "--write", "--format", "json", str(here)]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    proof, _, unseen = finding["proof"].partition("; ")
    assert proof == "proved: the initializer alone, the same bytes in 40 variables of a graph"
    assert unseen.startswith("not looked at: the scopes of the programs that call it")


def test_a_layer_without_arguments_gets_its_first_one() -> None:
    source = f"{V1}tf.disable_v2_behavior()\nlayer = tf.layers.Dense(  # of the last units\n)\n"
    after = migrated(source, "shim", defaults=True)
    assert after.endswith(
        "    kernel_initializer=compat_v1_init.glorot_uniform_initializer()  # of the last units\n)\n"
    )
