"""CVI101 to CVI103: what `--to keras` does with objects that may serve several variables, and with references."""

from __future__ import annotations

import pytest
from migrating import PLAIN, analyze, migrated, unbroken

from compat_v1_init._migrate.findings import Effect

INIT = "tf.variance_scaling_initializer()"
NATIVE = "tf.keras.initializers.VarianceScaling()"
EXACT = "compat_v1_init.keras.TF1VarianceScaling()"


def _becomes(template: str, new: str, init: str = INIT) -> None:
    lines = unbroken(migrated(PLAIN + template.replace("INIT", init) + "\ntf.no_op()\n", "keras")).splitlines()
    body = "\n".join(line for line in lines if line not in {"import tensorflow as tf", "import compat_v1_init"})
    assert body == template.replace("INIT", new) + "\ntf.no_op()"


ONE_VARIABLE = [
    pytest.param("w = tf.get_variable('w', [3], initializer=INIT)", id="get_variable"),
    pytest.param("w = tf.get_variable('w', [3], tf.float32, INIT)", id="get_variable, by position"),
    pytest.param("w = tf.compat.v1.get_variable('w', [3], initializer=(INIT))", id="parentheses"),
    pytest.param("w = tf.get_variable('w', [3], initializer=a if b else INIT)", id="a choice"),
    pytest.param("y = tf.layers.dense(x, 3, kernel_initializer=INIT)", id="layers.dense"),
    pytest.param("y = tf.layers.Dense(3, bias_initializer=INIT)(x)", id="layers.Dense"),
    pytest.param("y = tf.keras.layers.Conv2D(3, 3, kernel_initializer=INIT)(x)", id="a layer of Keras"),
    pytest.param("y = tf.contrib.slim.conv2d(x, 3, 3, weights_initializer=INIT)", id="slim.conv2d"),
    pytest.param("y = tf.contrib.layers.fully_connected(x, 3, weights_initializer=INIT)", id="fully_connected"),
    pytest.param("class A:\n    def f(self): self.add_weight('w', [3], initializer=INIT)", id="add_weight"),
    pytest.param("def f():\n    return tf.get_variable('w', [3], initializer=INIT)", id="built anew at each call"),
    pytest.param("for i in x:\n    tf.get_variable('w', [3], initializer=INIT)", id="built anew in each round"),
    pytest.param("w = tf.Variable(INIT([3]))", id="called in place"),
    pytest.param(
        "def f():\n    init = INIT\n    return tf.get_variable('w', [3], initializer=init)", id="a local used once"
    ),
    pytest.param("def f():\n    init = INIT\n    return tf.Variable(init([3]))", id="a local called once"),
    pytest.param(
        "def f():\n    for i in x:\n        init = INIT\n        tf.get_variable('w', [3], initializer=init)",
        id="a local of each round",
    ),
]


@pytest.mark.parametrize("template", ONE_VARIABLE)
def test_an_object_of_one_variable_becomes_keras_own(template: str) -> None:
    _becomes(template, NATIVE)


MANY_VARIABLES = [
    pytest.param("def f(x=INIT): pass", id="a default argument"),
    pytest.param("def f(*, x=INIT): pass", id="a keyword-only default"),
    pytest.param("f = lambda x=INIT: x", id="a lambda's default"),
    pytest.param("f = lambda: INIT", id="a lambda's result"),
    pytest.param("def f(): return INIT", id="returned"),
    pytest.param("def f(): yield INIT", id="yielded"),
    pytest.param("init = INIT\nw = tf.get_variable('w', [3], initializer=init)", id="of the module"),
    pytest.param("class A:\n    init = INIT", id="of a class"),
    pytest.param("def f(self): self.init = INIT", id="an attribute"),
    pytest.param("x = {'w': INIT}", id="in a dict"),
    pytest.param("x = [INIT]", id="in a list"),
    pytest.param("x = INIT, 1", id="in a tuple"),
    pytest.param("a = b = INIT", id="two names"),
    pytest.param("x = y or INIT", id="a part of an expression"),
    pytest.param("with tf.variable_scope('a', initializer=INIT): pass", id="variable_scope"),
    pytest.param("with slim.arg_scope([slim.conv2d], weights_initializer=INIT): pass", id="arg_scope"),
    pytest.param("conv = functools.partial(tf.layers.conv2d, kernel_initializer=INIT)", id="partial"),
    pytest.param("y = slim.repeat(x, 3, slim.conv2d, weights_initializer=INIT)", id="repeat"),
    pytest.param("y = tf.nn.rnn_cell.LSTMCell(3, initializer=INIT)", id="a cell"),
    pytest.param("y = mine(x, kernel_initializer=INIT)", id="a function of unknown use"),
    pytest.param("y = mine.dense(x, kernel_initializer=INIT)", id="another library's dense"),
    pytest.param("w = tf.get_variable('w', [3], initializer=INIT, partitioner=p)", id="a partitioned variable"),
    pytest.param("y = tf.layers.dense(x, 3, activity_regularizer=INIT)", id="not as an initializer"),
    pytest.param(
        "def f():\n    init = INIT\n    tf.get_variable('w', [3], initializer=init)\n"
        "    tf.get_variable('v', [3], initializer=init)",
        id="used twice",
    ),
    pytest.param(
        "def f():\n    init = INIT\n    for i in x:\n        tf.get_variable('w', [3], initializer=init)",
        id="used in a loop",
    ),
    pytest.param(
        "def f():\n    init = INIT\n    while x:\n        tf.get_variable('w', [3], initializer=init)",
        id="used in a while",
    ),
    pytest.param("def f():\n    init = INIT\n    return [init([3]) for _ in x]", id="used in a comprehension"),
    pytest.param("def f():\n    init = INIT\n    def g(): return init([3])", id="used in an inner function"),
    pytest.param("def f():\n    init = INIT\n    return init", id="a local that is returned"),
    pytest.param("def f():\n    init = INIT\n    if x: init = y\n    return init([3])", id="a local bound twice"),
    pytest.param("def f():\n    global init\n    init = INIT\n    return init([3])", id="a global"),
    pytest.param("def f(init=None):\n    init = INIT\n    return init([3])", id="a parameter bound again"),
]


@pytest.mark.parametrize("template", MANY_VARIABLES)
def test_an_object_that_may_serve_several_variables_becomes_exact(template: str) -> None:
    _becomes(template, EXACT)


SEEDS = [
    pytest.param("w = tf.get_variable('w', [3], initializer=INIT)", True, id="one, built once"),
    pytest.param("def f(): return tf.get_variable('w', [3], initializer=INIT)", False, id="in a function"),
    pytest.param("for i in x: tf.get_variable('w', [3], initializer=INIT)", False, id="in a loop"),
    pytest.param("x = [tf.Variable(INIT([3])) for _ in y]", False, id="in a comprehension"),
    pytest.param("w = tf.Variable(INIT([3]))\nv = tf.Variable(INIT([3]))", False, id="one seed at two places"),
    pytest.param(
        "w = tf.Variable(INIT([3]))\nv = tf.glorot_uniform_initializer(seed=2)([3])", True, id="another seed elsewhere"
    ),
]


@pytest.mark.parametrize(("template", "is_native"), SEEDS)
@pytest.mark.parametrize("seed", ["1", "-5"])
def test_a_seed_that_would_repeat_makes_an_object_exact(template: str, is_native: bool, seed: str) -> None:
    source = PLAIN + template.replace("INIT", f"tf.variance_scaling_initializer(seed={seed})") + "\n"
    after = migrated(source, "keras")
    assert (f"keras.initializers.VarianceScaling(seed={seed})" in after) == is_native
    assert (f"keras.TF1VarianceScaling(seed={seed})" in after) != is_native


@pytest.mark.parametrize("seed", ["s", "FLAGS.seed", "1.0", "'1'", "1 + 1"])
def test_a_seed_that_keras_may_refuse_makes_an_object_exact(seed: str) -> None:
    init = f"tf.variance_scaling_initializer(seed={seed})"
    _becomes("w = tf.Variable(INIT([3]))", f"compat_v1_init.keras.TF1VarianceScaling(seed={seed})", init)


DTYPES = [
    pytest.param("tf.float64", "init([3], dtype=tf.float64)", True, id="a literal moves to the call"),
    pytest.param("d", "init([3])", False, id="a name may have changed by then"),
]


@pytest.mark.parametrize(("dtype", "call", "is_native"), DTYPES)
def test_the_dtype_of_a_local_that_is_called_once(dtype: str, call: str, is_native: bool) -> None:
    source = f"{PLAIN}def f():\n    init = tf.variance_scaling_initializer(dtype={dtype})\n    return init([3])\n"
    after = migrated(source, "keras")
    assert f"    return {call}\n" in after
    assert (f"init = {NATIVE}\n" in after) == is_native


REFERENCES = [
    pytest.param("x = {'a': tf.glorot_uniform_initializer}", id="a registry"),
    pytest.param("x = isinstance(y, tf.glorot_uniform_initializer)", id="isinstance"),
    pytest.param("class A(tf.glorot_uniform_initializer): pass", id="a base class"),
    pytest.param("x = functools.partial(tf.glorot_uniform_initializer, seed=1)", id="partial"),
    pytest.param("def f(x=tf.glorot_uniform_initializer): pass", id="a default argument"),
    pytest.param("init = tf.glorot_uniform_initializer\nx = init(seed=1)", id="an alias"),
    pytest.param("x = tf.glorot_uniform_initializer.__name__", id="an attribute of it"),
    pytest.param("x = tf.glorot_uniform_initializer(**options)", id="options"),
    pytest.param("x = tf.glorot_uniform_initializer(*options)", id="positions from elsewhere"),
    pytest.param('x = getattr(tf, "glorot_uniform_initializer")()', id="getattr"),
]


@pytest.mark.parametrize("template", REFERENCES)
def test_references_stay_on_the_drop_in(template: str) -> None:
    source = f"{PLAIN}{template}\ntf.no_op()\n"
    assert migrated(source, "keras") == migrated(source, "shim") != source
    effects = {finding.effect for finding in analyze(source, to="keras").findings}
    assert effects == {Effect.SAME}


def test_messages_give_the_reason() -> None:
    (finding,) = analyze(f"{PLAIN}def f(x={INIT}): pass\n", to="keras").findings
    assert finding.message == "TF1's numbers in a Keras class, since a default argument serves every call."
    assert finding.effect is Effect.SAME
