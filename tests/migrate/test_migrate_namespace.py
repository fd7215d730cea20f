"""CVI007 to CVI012 and CVI210: what is not variance scaling, and the samplers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from migrating import PLAIN, V1, analyze, migrated, reported, site

from compat_v1_init.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from compat_v1_init._migrate.findings import Target

SHIM = [
    ("tf.random_normal_initializer(stddev=0.1)", "random_normal_initializer(stddev=0.1)"),
    ("tf.truncated_normal_initializer(0.0, 0.1)", "truncated_normal_initializer(0.0, 0.1)"),
    ("tf.initializers.random_uniform(-1, 1)", "initializers.random_uniform(-1, 1)"),
    ("tf.orthogonal_initializer(gain)", "orthogonal_initializer(gain)"),
    ("tf.compat.v1.initializers.orthogonal()", "initializers.orthogonal()"),
    ("tf.contrib.framework.convolutional_orthogonal_2d()", "contrib.convolutional_orthogonal_2d()"),
    ("tf.initializers.identity()", "initializers.identity()"),
    ("tf.constant_initializer([1, 2])", "constant_initializer([1, 2])"),
    ("tf.zeros_initializer()", "zeros_initializer()"),
    ("tf.zeros_initializer", "zeros_initializer"),
    ("tf.python.ops.init_ops.Ones()", "ones_initializer()"),
    ("tf.python.ops.init_ops.identity_initializer()", "initializers.identity()"),
]
TF1 = f"{PLAIN}tf.placeholder(tf.float32)\n"


@pytest.mark.parametrize(("before", "after"), SHIM, ids=[before for before, _ in SHIM])
def test_shim(before: str, after: str) -> None:
    assert site(before, "shim", head=TF1) == f"compat_v1_init.{after}"


KERAS = [
    ("tf.random_normal_initializer()", "RandomNormal(mean=0.0, stddev=1.0)"),
    ("tf.random_normal_initializer(0.0, 0.02)", "RandomNormal(mean=0.0, stddev=0.02)"),
    ("tf.truncated_normal_initializer(stddev=s)", "TruncatedNormal(mean=0.0, stddev=s)"),
    ("tf.truncated_normal_initializer(stddev=0.1, dtype=tf.float32)", "TruncatedNormal(mean=0.0, stddev=0.1)"),
    ("tf.random_uniform_initializer()", "RandomUniform(minval=0.0, maxval=1.0)"),
    ("tf.random_uniform_initializer(-a, a)", "RandomUniform(minval=-a, maxval=a)"),
    ("tf.random_uniform_initializer(minval=-1)", "RandomUniform(maxval=1.0, minval=-1)"),
    ("tf.random_uniform_initializer(0, None)", "RandomUniform(minval=0, maxval=1.0)"),
    ("tf.orthogonal_initializer()", "Orthogonal()"),
    ("tf.orthogonal_initializer(2.0)", "Orthogonal(gain=2.0)"),
    ("tf.initializers.identity(gain=1)", "Identity(gain=1)"),
    ("tf.constant_initializer()", "Constant(value=0)"),
    ("tf.constant_initializer(0.1)", "Constant(value=0.1)"),
    ("tf.zeros_initializer()", "Zeros()"),
    ("tf.ones_initializer(tf.float32)", "Ones()"),
]


@pytest.mark.parametrize(("before", "after"), KERAS, ids=[before for before, _ in KERAS])
def test_keras(before: str, after: str) -> None:
    assert site(before, "keras", head=TF1) == f"tf.keras.initializers.{after}"


EXACT = [
    ("tf.constant_initializer([1, 2])", "TF1Constant([1, 2])"),
    ("tf.constant_initializer(value)", "TF1Constant(value)"),
    ("tf.constant_initializer(1, verify_shape=True)", "TF1Constant(1, verify_shape=True)"),
    ("tf.random_uniform_initializer(0, 9, dtype=tf.int32)", "TF1RandomUniform(0, 9, dtype=tf.int32)"),
    ("tf.random_uniform_initializer(0, 9, dtype=dtype)", "TF1RandomUniform(0, 9, dtype=dtype)"),
    ("tf.initializers.identity(2.0)", "TF1Identity(2.0)"),
    ("tf.initializers.identity(gain=g)", "TF1Identity(gain=g)"),
    ("tf.contrib.framework.convolutional_orthogonal_1d()", "TF1ConvolutionOrthogonal1D()"),
]


@pytest.mark.parametrize(("before", "after"), EXACT, ids=[before for before, _ in EXACT])
def test_what_keras_has_not_becomes_exact(before: str, after: str) -> None:
    assert site(before, "keras", head=TF1) == f"compat_v1_init.keras.{after}"


def test_what_draws_nothing_may_be_shared() -> None:
    """An object that several variables share gives them the same zeros in TF1 too."""
    source = f"{TF1}tf.set_random_seed(1)\nzeros = tf.zeros_initializer()\nnormal = tf.random_normal_initializer()\n"
    after = migrated(source, "keras")
    assert "zeros = tf.keras.initializers.Zeros()" in after
    assert "normal = compat_v1_init.keras.TF1RandomNormal()" in after


@pytest.mark.parametrize("name", ["zeros_initializer()", "initializers.ones()", "constant_initializer(1.0)"])
def test_the_same_in_both_versions_is_moved_in_tensorflow_1_alone(name: str) -> None:
    assert reported(f"{PLAIN}x = tf.{name}\n") == []
    assert reported(f"{PLAIN}x = tf.{name}\nwith tf.GradientTape():\n    pass\n") == []
    assert "compat_v1_init" in migrated(f"{V1}x = tf.{name}\n", "shim")


@pytest.mark.parametrize("name", ["random_normal_initializer()", "initializers.orthogonal()"])
def test_other_numbers_in_the_other_version_need_a_person(name: str) -> None:
    assert reported(f"{PLAIN}x = tf.{name}\n") == ["CVI201"]
    assert reported(f"{PLAIN}x = tf.{name}\nwith tf.GradientTape():\n    pass\n") == []


LEFT_ALONE = [
    pytest.param("x = tf.zeros([3])", id="an op"),
    pytest.param("import numpy as np\nx = np.zeros(3), np.identity(2), np.ones(3)", id="NumPy's"),
    pytest.param("from numpy import *\nx = zeros(3)", id="NumPy's by a star"),
    pytest.param("x = 'tf.zeros', 'tf.random_normal', 'orthogonal'", id="strings"),
    pytest.param("x = tf.keras.initializers.Zeros()", id="Keras'"),
    pytest.param("x = mine.initializers_of.zeros()", id="another library"),
]


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_left_alone(source: str) -> None:
    assert reported(f"{TF1}{source}\n") == []


# --- Samplers --------------------------------------------------------------------------------------------------------

MOVED = [
    pytest.param("w = tf.Variable({}([3], stddev=0.1))", id="in a variable"),
    pytest.param("w = tf.Variable(initial_value={}([3]), name='w')", id="by keyword"),
    pytest.param("w = tf.Variable(0.01 * {}([3, 4]))", id="scaled"),
    pytest.param("w = tf.Variable(tf.multiply({}([3, 4]), 0.1))", id="in an op"),
    pytest.param("w = tf.Variable(lambda: {}([3, 4]))", id="in a lambda"),
    pytest.param("w = {{'h': tf.Variable({}([3, 4]))}}", id="in a dict"),
    pytest.param("w = tf.get_variable('w', initializer={}([3]))", id="in get_variable"),
    pytest.param("w = tf.Variable(tf.stack([{}([3]), 0.1]))", id="in a list"),
    pytest.param("w = tf.Variable(tf.multiply(x={}([3, 4]), y=0.1))", id="in an op by keyword"),
    pytest.param("def f(shape):\n    return 0.1 * {}(shape)\n\nw = tf.Variable(f([3]))", id="returned"),
    pytest.param("f = lambda shape: {}(shape)\nw = tf.Variable(f([3]))", id="by a lambda with a name"),
    pytest.param("x: object = {}([3])\nw = tf.Variable(x)", id="by a name with a type"),
    pytest.param("draw = {}\nw = tf.Variable(draw([3]))", id="by an alias"),
    pytest.param("one = {}\ntwo = one\nw = tf.Variable(two([3]))", id="by two aliases"),
    pytest.param("def f(shape):\n    x = {}(shape)\n    return tf.Variable(x)", id="by a name"),
    pytest.param(
        "def f(shape):\n    x = {}(shape)\n    return tf.get_variable('w', initializer=x)", id="by a name, too"
    ),
]
SAMPLERS = [
    ("tf.random_normal", "random.normal"),
    ("tf.truncated_normal", "random.truncated_normal"),
    ("tf.random.uniform", "random.uniform"),
    ("tf.compat.v1.random_uniform", "random.uniform"),
]


@pytest.mark.parametrize("line", MOVED)
@pytest.mark.parametrize(("name", "ours"), SAMPLERS)
@pytest.mark.parametrize("to", ["shim", "keras"])
def test_a_sampler_that_makes_an_initial_value_is_moved(line: str, name: str, ours: str, to: str) -> None:
    after = migrated(f"{TF1}{line.format(name)}\n", to)  # type: ignore[arg-type]
    assert f"{TF1}{line.format('compat_v1_init.' + ours)}\n" == after.replace("import compat_v1_init\n", "")


OTHERWISE = [
    pytest.param("x = {}([3])", id="alone"),
    pytest.param("x = tf.placeholder(tf.float32) + {}([3])", id="noise"),
    pytest.param("def f(n):\n    return f(n - 1) + {}([3])", id="returned to itself"),
    pytest.param("x = tf.Variable([3], {}([3]))", id="another argument"),
]


@pytest.mark.parametrize("line", OTHERWISE)
@pytest.mark.parametrize(("name", "_ours"), SAMPLERS)
def test_a_sampler_that_makes_something_else_is_left_alone(line: str, name: str, _ours: str) -> None:
    assert reported(f"{TF1}{line.format(name)}\n") == []


MIXED = [
    pytest.param("def f():\n    x = {}([3])\n    return tf.Variable(x), x", id="also something else"),
    pytest.param("def f(x):\n    if x:\n        x = {}([3])\n    return tf.Variable(x)", id="a name of several things"),
    pytest.param("def f():\n    return {}([3])\n\nx = tf.Variable(f()), f()", id="returned for two uses"),
    pytest.param("x = mine.Variable({}([3]))", id="another library's variable"),
]


@pytest.mark.parametrize("line", MIXED)
@pytest.mark.parametrize(("name", "_ours"), SAMPLERS)
def test_a_sampler_that_may_make_something_else_too_is_reported(line: str, name: str, _ours: str) -> None:
    source = f"{TF1}{line.format(name)}\n"
    assert reported(source) == ["CVI210"]
    assert migrated(source, "shim") == source


def test_a_sampler_of_tensorflow_2_is_left_alone() -> None:
    assert reported(f"{PLAIN}w = tf.Variable(tf.random.normal([3]))\n") == []


HANDED_ON = [
    pytest.param("f({})", id="an argument"),
    pytest.param("makers = {{'normal': {}}}", id="a value of a dict"),
    pytest.param("def f(draw={}):\n    return tf.Variable(draw([3]))", id="a default"),
    pytest.param("class A:\n    draw = {}", id="an attribute of a class"),
    pytest.param("import functools\nf = functools.partial({}, stddev=0.1)", id="a partial"),
    pytest.param("draw = {}\nf(draw)", id="by an alias"),
]


@pytest.mark.parametrize("line", HANDED_ON)
@pytest.mark.parametrize(("name", "ours"), SAMPLERS)
def test_a_sampler_that_is_handed_on_is_reported_or_asked_for(line: str, name: str, ours: str) -> None:
    source = f"{TF1}{line.format(name)}\n"
    assert reported(source) == ["CVI210"]
    assert f"compat_v1_init.{ours}" in migrated(source, "shim", samplers=True)


@pytest.mark.parametrize("line", [*MOVED, *OTHERWISE, *HANDED_ON])
@pytest.mark.parametrize(("name", "ours"), SAMPLERS)
def test_where_it_is_asked_every_sampler_is_moved(line: str, name: str, ours: str) -> None:
    after = migrated(f"{TF1}{line.format(name)}\n", "shim", samplers=True)
    assert f"{TF1}{line.format('compat_v1_init.' + ours)}\n" == after.replace("import compat_v1_init\n", "")


def test_the_rule_tells_what_was_asked_for() -> None:
    source = f"{TF1}w = tf.Variable(tf.random_normal([3]))\nx = tf.random_normal([3])\n"
    found = analyze(source, to="shim", samplers=True).findings
    assert [finding.code for finding in found] == ["CVI011", "CVI012"]


def test_nobody_asks_for_those_of_tensorflow_2() -> None:
    source = f"{PLAIN}x = tf.random.normal([3])\n"
    assert migrated(source, "shim", samplers=True) == source


BY_NAME = [
    pytest.param(
        "from tensorflow import truncated_normal\nw = tf.Variable(truncated_normal([3]))",
        "from compat_v1_init.random import truncated_normal\nw = tf.Variable(truncated_normal([3]))",
        id="an import",
    ),
    pytest.param(
        "from tensorflow.compat.v1 import random_normal as rn\nw = tf.Variable(rn([3]))",
        "from compat_v1_init.random import normal as rn\nw = tf.Variable(rn([3]))",
        id="under another name",
    ),
    pytest.param(
        "from tensorflow.python.ops.random_ops import random_uniform\nw = tf.Variable(random_uniform([3]))",
        "from compat_v1_init.random import uniform as random_uniform\nw = tf.Variable(random_uniform([3]))",
        id="of the module inside",
    ),
    pytest.param(
        "from tensorflow import random_normal\nw = tf.Variable(random_normal([3]))\nx = random_normal([3])",
        "import compat_v1_init\nfrom tensorflow import random_normal\n"
        "w = tf.Variable(compat_v1_init.random.normal([3]))\nx = random_normal([3])",
        id="noise too",
    ),
    pytest.param(
        "rn = tf.random_normal\nw = tf.Variable(rn([3]))\nx = rn([3])",
        "rn = tf.random_normal\nw = tf.Variable(compat_v1_init.random.normal([3]))\nx = rn([3])",
        id="an alias, noise too",
    ),
    pytest.param(
        "from tensorflow import random_normal\nrn = random_normal\nw = tf.Variable(rn([3]))\nx = random_normal([3])",
        "import compat_v1_init\nfrom tensorflow import random_normal\nrn = random_normal\n"
        "w = tf.Variable(compat_v1_init.random.normal([3]))\nx = random_normal([3])",
        id="an alias of an import, noise too",
    ),
    pytest.param(
        "w = tf.Variable(getattr(tf, 'truncated_normal')([3]))",
        "w = tf.Variable(getattr(compat_v1_init.random, 'truncated_normal')([3]))",
        id="getattr",
    ),
]


@pytest.mark.parametrize(("before", "after"), BY_NAME)
@pytest.mark.parametrize("to", ["shim", "keras"])
def test_a_sampler_by_a_name_of_its_own_is_moved(before: str, after: str, to: Target) -> None:
    def plain(source: str) -> str:
        return source.replace("import compat_v1_init\n", "")

    assert plain(migrated(f"{TF1}{before}\n", to)) == plain(f"{TF1}{after}\n")


def test_where_it_is_asked_the_import_is_moved() -> None:
    source = f"{TF1}from tensorflow import random_normal\nx = random_normal([3])\nf(random_normal)\n"
    after = (
        f"{TF1}from compat_v1_init.random import normal as random_normal\nx = random_normal([3])\nf(random_normal)\n"
    )
    assert migrated(source, "shim", samplers=True) == after


NEEDS_YOU = [
    pytest.param("from tensorflow import *\nw = Variable(truncated_normal([3]))", "CVI204", id="a star"),
    pytest.param("from .unknown import *\nw = Variable(truncated_normal([3]))", "CVI204", id="an unknown star"),
    pytest.param("from .unknown import tf\nw = tf.Variable(tf.random_normal([3]))", "CVI204", id="an unknown module"),
    pytest.param(f"{TF1}tf = wrap(tf)\nw = tf.Variable(tf.random_normal([3]))", "CVI202", id="bound otherwise"),
    pytest.param(f"{TF1}tf.random_normal = mine", "CVI206", id="assigned"),
    pytest.param(
        f"{TF1}try:\n    from tensorflow import truncated_normal\nexcept ImportError:\n"
        "    from mine import truncated_normal\nw = tf.Variable(truncated_normal([3]))",
        "CVI203",
        id="another fallback",
    ),
    pytest.param(f"{TF1}from tensorflow import random_normal\nf(random_normal)", "CVI210", id="handed on"),
]


@pytest.mark.parametrize(("source", "code"), NEEDS_YOU)
def test_a_sampler_that_cannot_be_moved_is_reported(source: str, code: str) -> None:
    assert code in reported(f"{source}\n")


NOT_TENSORFLOWS = [
    pytest.param("from numpy.random import normal, uniform\nw = tf.Variable(normal(3) + uniform(3))", id="NumPy's"),
    pytest.param("from jax.random import random_normal\nw = tf.Variable(random_normal(k))", id="another library's"),
    pytest.param("def truncated_normal(s): return s\nw = tf.Variable(truncated_normal([3]))", id="the file's own"),
    pytest.param("from numpy import *\nw = tf.Variable(random_normal([3]))", id="another star"),
]


@pytest.mark.parametrize("source", NOT_TENSORFLOWS)
def test_a_function_of_the_same_name_is_left_alone(source: str) -> None:
    assert reported(f"{TF1}{source}\n") == []


def test_the_option_and_the_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.py"
    source = f"{TF1}x = tf.random_normal([3])\n"
    path.write_text(source, encoding="utf-8")
    assert main(["migrate", "--check", str(path)]) == 0
    assert main(["migrate", "--check", "--samplers", str(path)]) == 1
    assert "CVI012" in capsys.readouterr().out
    (tmp_path / "pyproject.toml").write_text("[tool.compat_v1_init]\nsamplers = true\n", encoding="utf-8")
    assert main(["migrate", "--write", str(path)]) == 0
    assert "x = compat_v1_init.random.normal([3])\n" in path.read_text(encoding="utf-8")


def test_a_sampler_that_another_file_hands_on(tmp_path: Path) -> None:
    """The file that imports it may also draw noise by it, so its own places are moved and not the import."""
    (tmp_path / "ops.py").write_text("from tensorflow import random_normal\n", encoding="utf-8")
    path = tmp_path / "train.py"
    source = f"{TF1}from ops import random_normal\nw = tf.Variable(random_normal([3]))\n"
    path.write_text(source, encoding="utf-8")
    after = migrated(source, "shim", path=path, root=tmp_path)
    assert "w = tf.Variable(compat_v1_init.random.normal([3]))\n" in after
    assert "from ops import random_normal\n" in after
