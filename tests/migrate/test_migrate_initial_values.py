"""Samplers that make initial values, on all the ways from a draw to a variable: all of them are moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from migrating import analyze, migrated

HEAD = (
    "import functools\nimport tensorflow as tf\nfrom tensorflow.contrib import slim\nx = tf.placeholder(tf.float32)\n"
)
DRAW = "{}(shape, -1.0)"
INITIALIZER = f"def u(shape, dtype=None, partition_info=None):\n    return {DRAW}\n"

MOVED = [
    pytest.param(f"{INITIALIZER}w = tf.get_variable('w', [3], initializer=u)\n", id="a function"),
    pytest.param(INITIALIZER, id="a function that takes partition_info, for other files"),
    pytest.param(
        f"def u(shape, dtype=None):\n    return {DRAW}\nw = tf.get_variable('w', [3], initializer=u)\n",
        id="a function without partition_info",
    ),
    pytest.param(
        f"def u(shape, dtype=None):\n    return {DRAW}\nw = tf.layers.dense(x, 3, kernel_initializer=u)\n",
        id="a function for a layer",
    ),
    pytest.param(
        f"def of(scale):\n    def u(shape, dtype=None):\n        return scale * {DRAW}\n    return u\n"
        "w = tf.get_variable('w', [3], initializer=of(2.0))\n",
        id="a function that makes a function",
    ),
    pytest.param(
        f"def u(shape, dtype=None, scale=1):\n    return scale * {DRAW}\n"
        "w = tf.get_variable('w', [3], initializer=functools.partial(u, scale=2))\n",
        id="a partial function",
    ),
    pytest.param(
        f"def u(shape, dtype=None):\n    return {DRAW}\ndef f(init=u):\n"
        "    return tf.get_variable('w', [3], initializer=init)\n",
        id="a default argument",
    ),
    pytest.param(
        f"class U(object):\n    def __call__(self, shape, dtype=None):\n        return {DRAW}\n"
        "w = tf.get_variable('w', [3], initializer=U())\n",
        id="an object that is called",
    ),
    pytest.param(
        f"class U(tf.keras.initializers.Initializer):\n"
        f"    def __call__(self, shape, dtype=None):\n        return {DRAW}\n",
        id="a subclass of TensorFlow's, for other files",
    ),
    pytest.param(
        f"class L(tf.layers.Layer):\n    def build(self, shape):\n        u = lambda shape, dtype: {DRAW}\n"
        "        self.w = self.add_variable('w', shape, initializer=u)\n",
        id="a layer of the project's",
    ),
    pytest.param(
        f"def f(shape):\n    initial = {DRAW}\n    initial.set_shape(shape)\n    return tf.Variable(initial)\n",
        id="set_shape on the way",
    ),
    pytest.param(
        f"def f(shape):\n    initial = {DRAW}\n    assert initial.shape == shape\n    print(initial.get_shape())\n"
        "    return tf.Variable(initial, dtype=initial.dtype)\n",
        id="its shape and dtype are asked for",
    ),
    pytest.param(
        f"def f(shape, initial=None):\n    if initial is None:\n        initial = {DRAW}\n"
        "    return tf.Variable(initial)\n",
        id="in place of None",
    ),
    pytest.param(
        f"def f(shape):\n    initial, b = {DRAW}, tf.zeros(shape)\n    return tf.Variable(initial), tf.add(b, 1)\n",
        id="one of two values",
    ),
    pytest.param(
        f"class M(object):\n    @staticmethod\n    def draw(shape):\n        return {DRAW}\n"
        "    def f(self):\n        return tf.Variable(self.draw([3]))\n",
        id="a static method",
    ),
    pytest.param(f"make = functools.partial(tf.Variable, {DRAW})\nv = make()\n", id="a partial variable"),
    pytest.param(f"V = tf.Variable\nv = functools.partial(V, initial_value={DRAW})\n", id="by keyword"),
    pytest.param(
        f"get = functools.partial(functools.partial(tf.get_variable), 'w')\nv = get([3], None, {DRAW})\n",
        id="the rest of the arguments of a partial function",
    ),
    pytest.param(f"ws = []\nws.append({DRAW})\nvs = [tf.Variable(w) for w in ws]\n", id="appended"),
    pytest.param(f"ws = []\nws.extend([{DRAW}])\nprint(len(ws))\nv = tf.Variable(ws[0])\n", id="one of a list"),
    pytest.param(f"ws = dict()\nws['a'] = {DRAW}\nfor _, w in ws.items():\n    tf.Variable(w)\n", id="a key of a dict"),
    pytest.param(f"for i, w in enumerate([{DRAW}, 1]):\n    tf.Variable(w)\n", id="a loop"),
    pytest.param(
        f"def f():\n    return {DRAW}, tf.zeros([3])\nw, b = f()\nv = tf.Variable(w), tf.Variable(b)\n",
        id="one of the values that are returned",
    ),
    pytest.param(f"def f():\n    yield {DRAW}\nfor w in f():\n    tf.Variable(w)\n", id="a generator"),
    pytest.param(f"q, r = tf.qr({DRAW})\nq *= tf.sign(tf.diag_part(r))\nv = tf.Variable(q)\n", id="qr"),
    pytest.param(f"v = tf.Variable(tf.linalg.qr({DRAW}).q)\n", id="a part of what an op returns"),
    pytest.param(f"a, b = tf.split({DRAW}, 2)\nv = tf.Variable(a), tf.Variable(b)\n", id="split"),
    pytest.param(f"options = dict(initial_value={DRAW})\nv = tf.Variable(**options)\n", id="options"),
    pytest.param(f"arguments = [{DRAW}]\nv = tf.Variable(*arguments)\n", id="arguments"),
    pytest.param(f"a = b = {DRAW}\nv = tf.Variable(b)\n", id="two names"),
    pytest.param(f"w = {DRAW}\nprint(w)\nv = tf.Variable(w)\n", id="printed too"),
    pytest.param(
        f"class M(object):\n    w = {DRAW}\n    def f(self):\n        return tf.Variable(self.w)\n",
        id="an attribute of a class",
    ),
    pytest.param(
        f"class M(object):\n    def make(self, w):\n        return tf.Variable(w)\n"
        f"    def f(self):\n        return self.make({DRAW})\n",
        id="a parameter of a method",
    ),
]


@pytest.mark.parametrize("sampler", ["tf.random_uniform", "slim.random_ops.random_uniform"])
@pytest.mark.parametrize("source", MOVED)
def test_moved(source: str, sampler: str) -> None:
    after = migrated(HEAD + source.replace("{}", sampler), "shim")
    assert after.endswith(source.replace("{}", "compat_v1_init.random.uniform"))


LEFT = [
    pytest.param(f"def noise(shape):\n    return x + {DRAW}\n", id="of which nothing is known"),
    pytest.param(
        f"def f(shape):\n    r = {DRAW}\n    print(r.name)\n    return tf.matmul(x, r)\n", id="used otherwise"
    ),
    pytest.param(f"def u(shape):\n    return {DRAW}\ny = g(callback=u)\n", id="handed to something else"),
    pytest.param(
        f"class U(object):\n    def __call__(self, shape):\n        return {DRAW}\ny = U()(x)\n",
        id="a class of other things",
    ),
    pytest.param(f"def f(shape):\n    a, b = {DRAW}, 1\n    return tf.Variable(b), a\n", id="the other of two values"),
    pytest.param(
        f"@wrap\ndef u(shape):\n    return {DRAW}\nw = tf.get_variable('w', [3], initializer=u)\n",
        id="a decorator may change it",
    ),
]


@pytest.mark.parametrize("source", LEFT)
def test_left_alone(source: str) -> None:
    source = HEAD + source.replace("{}", "tf.random_uniform")
    assert migrated(source, "shim") == source
    assert [finding.code for finding in analyze(source, to="shim").findings if finding.code != "CVI210"] == []


REPORTED = [
    pytest.param(f"w = {DRAW}\nv = tf.Variable(w)\ny = x + w\n", id="an initial value and something else"),
    pytest.param(f"ws = []\nws.append({DRAW})\nv = tf.Variable(ws[0])\nsave(ws)\n", id="a list that is kept too"),
    pytest.param(f"from utils import variable\nv = variable({DRAW})\n", id="another file's variable"),
]


@pytest.mark.parametrize("source", REPORTED)
def test_what_may_be_an_initial_value_is_never_passed_over_in_silence(source: str) -> None:
    source = HEAD + source.replace("{}", "tf.random_uniform")
    (finding,) = analyze(source, to="shim").findings
    assert (finding.code, finding.after) == ("CVI210", None)
    assert "compat_v1_init.random.uniform(" in migrated(source, "shim", samplers=True)


HELPER = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\ndef draw(shape):\n    return {}(shape)\n"
USERS = [
    pytest.param("import utils\nw = tf.Variable(utils.draw([3]))\n", True, id="of the module"),
    pytest.param(
        "from utils import draw as d\nw = tf.Variable(\n    d([3]),  # first\n    name='w')\n", True, id="by name"
    ),
    pytest.param("from .utils import draw\nw = tf.get_variable('w', initializer=draw)\n", True, id="as a function"),
    pytest.param("import utils\nw = tf.Variable(utils.draw([3]))\ny = utils.draw([4])\n", False, id="and otherwise"),
    pytest.param("from other import draw\nw = tf.Variable(draw([3]))\n", False, id="of another module"),
    pytest.param("import utils\nw = tf.Variable(1)\ny = utils.draw([3])\n", False, id="not for a variable"),
    pytest.param("from utils import *\nw = draw([3])\n" + "# x\n" * 99 + "v = tf.Variable(w)\n", True, id="by a star"),
    pytest.param("import utils\nw, b = utils.draw([3]), 1\nv = tf.Variable(w)\n", True, id="one of two values"),
]


@pytest.mark.parametrize(("user", "is_moved"), USERS)
def test_a_helper_that_another_file_makes_variables_of(tmp_path: Path, user: str, is_moved: bool) -> None:
    source = HELPER.format("tf.random_normal")
    (tmp_path / "utils.py").write_text(source)
    (tmp_path / "train.py").write_text(f"import tensorflow as tf\n{user}")
    after = migrated(source, "shim", tmp_path / "utils.py", tmp_path)
    moved = "import compat_v1_init\n" + HELPER.format("compat_v1_init.random.normal")
    assert after == (moved if is_moved else source)


HELPERS = [
    pytest.param(
        "class U(object):\n    @staticmethod\n    def draw(s):\n        return {}(s)\n", "U.draw(s)", id="a method"
    ),
    pytest.param("draw = lambda s: {}(s)\n", "draw(s)", id="a lambda"),
    pytest.param("def draw(s):\n    return {}(s), 1\n", "draw(s)[0]", id="one of two values"),
]


@pytest.mark.parametrize(("helper", "call"), HELPERS)
def test_helpers_of_other_forms(tmp_path: Path, helper: str, call: str) -> None:
    source = f"import tensorflow as tf\nx = tf.placeholder(tf.float32)\n{helper.format('tf.random_normal')}"
    (tmp_path / "utils.py").write_text(source)
    # By way of a third file.
    (tmp_path / "nets.py").write_text(f"from utils import U, draw\ndef make(s):\n    w = {call}\n    return w\n")
    (tmp_path / "train.py").write_text("import tensorflow as tf\nimport nets\nv = tf.Variable(nets.make([3]))\n")
    after = migrated(source, "shim", tmp_path / "utils.py", tmp_path)
    assert helper.format("compat_v1_init.random.normal") in after


@pytest.mark.parametrize("module", ["slim.init_ops", "slim.layers.init_ops"])
def test_init_ops_by_the_name_that_another_module_has_for_it(module: str) -> None:
    source = f"{HEAD}w = tf.get_variable('w', [3], initializer={module}.truncated_normal_initializer(0.0, 0.1))\n"
    assert "compat_v1_init.truncated_normal_initializer(0.0, 0.1)" in migrated(source, "shim")
