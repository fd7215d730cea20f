"""Samplers that make initial values, on all the ways from a draw to a variable: all of them are moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from migrating import migrated

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
]


@pytest.mark.parametrize(("user", "is_moved"), USERS)
def test_a_helper_that_another_file_makes_variables_of(tmp_path: Path, user: str, is_moved: bool) -> None:
    source = HELPER.format("tf.random_normal")
    (tmp_path / "utils.py").write_text(source)
    (tmp_path / "train.py").write_text(f"import tensorflow as tf\n{user}")
    after = migrated(source, "shim", tmp_path / "utils.py", tmp_path)
    moved = "import compat_v1_init\n" + HELPER.format("compat_v1_init.random.normal")
    assert after == (moved if is_moved else source)


@pytest.mark.parametrize("module", ["slim.init_ops", "slim.layers.init_ops"])
def test_init_ops_by_the_name_that_another_module_has_for_it(module: str) -> None:
    source = f"{HEAD}w = tf.get_variable('w', [3], initializer={module}.truncated_normal_initializer(0.0, 0.1))\n"
    assert "compat_v1_init.truncated_normal_initializer(0.0, 0.1)" in migrated(source, "shim")
