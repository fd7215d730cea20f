"""Which expressions are TF1's initializers, and which only look alike."""

from __future__ import annotations

import importlib
import symtable
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from migrating import PLAIN, SHIM, V1, analyze, migrated, reported

from compat_v1_init._migrate.source.names import Names
from compat_v1_init._migrate.source.tf_name import tf_name
from compat_v1_init._migrate.source.tree import Tree

# --- Left alone, without a word --------------------------------------------------------------------------------------

LEFT_ALONE = [
    pytest.param("def f(tf): return tf.glorot_uniform_initializer()", id="a parameter"),
    pytest.param("def f(*, tf): return tf.glorot_uniform_initializer()", id="a keyword-only parameter"),
    pytest.param("def f(*tf): return tf.glorot_uniform_initializer()", id="a variadic parameter"),
    pytest.param("def f(**tf): return tf.glorot_uniform_initializer()", id="a parameter for keywords"),
    pytest.param("f = lambda tf: tf.glorot_uniform_initializer()", id="a parameter of a lambda"),
    pytest.param("def f():\n    tf = g()\n    return tf.glorot_uniform_initializer()", id="a local"),
    pytest.param("def f():\n    x = tf.glorot_uniform_initializer()\n    tf = g()", id="a local that is bound later"),
    pytest.param("def f():\n    for tf in g(): tf.glorot_uniform_initializer()", id="a loop's target"),
    pytest.param("def f():\n    with g() as tf: tf.glorot_uniform_initializer()", id="a context's target"),
    pytest.param("def f():\n    with g() as (a, tf): tf.glorot_uniform_initializer()", id="part of a context's target"),
    pytest.param("def f():\n    try: g()\n    except E as tf: tf.glorot_uniform_initializer()", id="an exception"),
    pytest.param("def f():\n    a, (b, *tf) = g()\n    tf.glorot_uniform_initializer()", id="unpacked"),
    pytest.param("def f():\n    if (tf := g()): tf.glorot_uniform_initializer()", id="a walrus"),
    pytest.param("def f():\n    tf += 1\n    tf.glorot_uniform_initializer()", id="an augmented assignment"),
    pytest.param("def f():\n    del tf\n    tf.glorot_uniform_initializer()", id="deleted in a function"),
    pytest.param("def f():\n    class tf: pass\n    tf.glorot_uniform_initializer()", id="a class in a function"),
    pytest.param("def f():\n    def tf(): pass\n    tf.glorot_uniform_initializer()", id="a function in a function"),
    pytest.param("x = [tf.glorot_uniform_initializer() for tf in y]", id="a list comprehension's variable"),
    pytest.param("x = {tf.glorot_uniform_initializer() for tf in y}", id="a set comprehension's variable"),
    pytest.param("x = {1: tf.glorot_uniform_initializer() for tf in y}", id="a dict comprehension's variable"),
    pytest.param("x = g(tf.glorot_uniform_initializer() for tf in y)", id="a generator's variable"),
    pytest.param("x = [a for tf in y for a in tf.glorot_uniform_initializer()]", id="a comprehension's second loop"),
    pytest.param("class A:\n    tf = 1\n    x = tf.glorot_uniform_initializer()", id="a class's own name"),
    pytest.param("def f(tf):\n    def g(): return tf.glorot_uniform_initializer()", id="an outer function's parameter"),
    pytest.param(
        "def f(tf):\n    x = [tf.glorot_uniform_initializer() for _ in y]", id="a parameter in a comprehension"
    ),
    pytest.param("def f(m):\n    return m.variance_scaling_initializer.factor", id="a field of a protobuf"),
    pytest.param("x = self.variance_scaling_initializer()", id="an attribute of nothing known"),
    pytest.param("x = g().variance_scaling_initializer()", id="an attribute of a result"),
    pytest.param("x = tf.keras.initializers.GlorotUniform()", id="Keras"),
    pytest.param("@tf.function\ndef f(): tf.keras.initializers.glorot_uniform()", id="Keras in lower case"),
    pytest.param("tf.random.set_seed(1)\nx = tf.keras.initializers.VarianceScaling()", id="Keras' VarianceScaling"),
    pytest.param("x = tf.initializers.VarianceScaling()", id="TF2's VarianceScaling"),
    pytest.param("x = tf.initializers.GlorotUniform()", id="TF2's GlorotUniform"),
    pytest.param("x = tf.compat.v2.initializers.GlorotUniform()", id="compat.v2"),
    pytest.param("x = tf.compat.v1.keras.initializers.GlorotUniform()", id="Keras by way of compat.v1"),
    pytest.param(
        "from tensorflow.keras.initializers import HeNormal, he_normal, VarianceScaling\nx = he_normal()",
        id="from Keras",
    ),
    pytest.param(
        "from tensorflow.keras import initializers, mixed_precision as m\nm.set_global_policy(p)\n"
        "x = initializers.he_normal()",
        id="Keras' module",
    ),
    pytest.param("from keras.initializers import glorot_uniform\nx = glorot_uniform()", id="from stand-alone Keras"),
    pytest.param("from keras import initializers as init\nx = init.lecun_uniform()", id="stand-alone Keras' module"),
    pytest.param("from tensorflow.python.ops import init_ops_v2\nx = init_ops_v2.GlorotUniform()", id="init_ops_v2"),
    pytest.param("import jax\nx = jax.nn.initializers.glorot_uniform()", id="JAX"),
    pytest.param("import sonnet as snt\nx = snt.initializers.VarianceScaling()", id="Sonnet"),
    pytest.param("from torch import nn\nx = nn.init.xavier_uniform_(w)", id="PyTorch"),
    pytest.param("from mine import xavier_initializer\nx = xavier_initializer()", id="another library's xavier"),
    pytest.param("def xavier_initializer(): pass\nx = xavier_initializer()", id="a function of this file"),
    pytest.param("x = tf.keras.layers.Dense(3, kernel_initializer='glorot_uniform')", id="a string for Keras"),
    pytest.param("x = tf.zeros_initializer()", id="another initializer"),
    pytest.param("x = tf.keras.initializers.Ones()", id="yet another initializer"),
    pytest.param("x = tf.contrib.layers.l2_regularizer(tf.glorot)", id="other names of contrib"),
    pytest.param('"""See tf.glorot_uniform_initializer."""', id="a docstring"),
    pytest.param('def f():\n    "tf.glorot_uniform_initializer"', id="a docstring that is but the name"),
    pytest.param("x = 1  # tf.glorot_uniform_initializer()", id="a comment"),
    pytest.param("x = 'use tf.glorot_uniform_initializer() here'", id="a string that says more"),
    pytest.param("x = f'tf.glorot_uniform_initializer {y}'", id="the text of an f-string"),
    pytest.param("x = tf.glorot_uniform_initializer()  # compat-v1-init: ignore", id="marked to be ignored"),
    pytest.param(
        "x = tf.variance_scaling_initializer(  # compat-v1-init: ignore\n    scale=2.0,\n)",
        id="marked, over several lines",
    ),
    pytest.param(
        "x = tf.variance_scaling_initializer(\n    scale=2.0,\n)  # compat-v1-init:ignore", id="marked at its end"
    ),
    pytest.param("@tf.function\ndef f(): return tf.initializers.he_normal()", id="he_normal in a file of TF2"),
    pytest.param(
        "def f(variance_scaling_initializer): return variance_scaling_initializer()", id="a parameter of the name"
    ),
    pytest.param("g(glorot_uniform_initializer=1)", id="a keyword of the name"),
    pytest.param("import compat_v1_init\nx = compat_v1_init.glorot_uniform_initializer()", id="already moved"),
    pytest.param("from compat_v1_init import glorot_uniform_initializer as g\nx = g()", id="already moved, by from"),
    pytest.param("from compat_v1_init.contrib import xavier_initializer\nx = xavier_initializer()", id="moved contrib"),
]


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_left_alone(source: str) -> None:
    assert reported(PLAIN + source + "\n") == []


MATCH = """\
def f(x):
    match x:
        case {capture}:
            return tf.glorot_uniform_initializer()
"""


@pytest.mark.skipif(sys.version_info < (3, 10), reason="this Python has no match")
@pytest.mark.parametrize("capture", ["tf", "[1, *tf]", "{1: 2, **tf}", "int() as tf", "A(b=tf)"])
def test_captures_of_match_are_locals(capture: str) -> None:
    assert reported(PLAIN + MATCH.format(capture=capture)) == []


# --- Moved -----------------------------------------------------------------------------------------------------------

GLOROT = "compat_v1_init.glorot_uniform_initializer"
MOVED = [
    pytest.param("import tensorflow as tf", "tf.{}", id="plain"),
    pytest.param("import tensorflow", "tensorflow.{}", id="by its own name"),
    pytest.param("import tensorflow as X", "X.compat.v1.{}", id="compat.v1 of another name"),
    pytest.param("import tensorflow.compat.v1 as tf", "tf.{}", id="compat.v1"),
    pytest.param("import tensorflow.compat.v1", "tensorflow.compat.v1.{}", id="compat.v1 in full"),
    pytest.param("import tensorflow.compat.v2 as tf", "tf.compat.v1.{}", id="compat.v1 of compat.v2"),
    pytest.param("import tensorflow.compat.v1 as tf", "tf.compat.v1.{}", id="compat.v1 of compat.v1"),
    pytest.param("from tensorflow.compat import v1", "v1.{}", id="v1"),
    pytest.param("from tensorflow.compat import v1 as tf", "tf.{}", id="v1 as tf"),
    pytest.param("from tensorflow import compat", "compat.v1.{}", id="compat"),
    pytest.param("from tensorflow.python.ops import init_ops", "init_ops.{}", id="init_ops"),
    pytest.param("from tensorflow.python.ops import init_ops as io", "io.GlorotUniform", id="a class of init_ops"),
    pytest.param("import tensorflow.python.ops.init_ops as io", "io.{}", id="init_ops in full"),
    pytest.param("import tensorflow as tf\ntf1 = tf.compat.v1", "tf1.{}", id="an alias"),
    pytest.param("import tensorflow as tf\na = b = tf\nc = a", "c.{}", id="an alias of an alias"),
    pytest.param("import tensorflow as tf\na, b = tf, 1", "a.{}", id="an alias in a tuple"),
    pytest.param("import tensorflow as tf\ntf = tf.compat.v1", "tf.{}", id="an alias of itself"),
    pytest.param("import tensorflow as tf\ntf1 = getattr(tf.compat, 'v1')", "tf1.{}", id="an alias by getattr"),
    pytest.param("import importlib\ntf = importlib.import_module('tensorflow.compat.v1')", "tf.{}", id="import_module"),
    pytest.param("tf = __import__('tensorflow')", "tf.{}", id="__import__"),
    pytest.param(
        "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    import tensorflow as tf",
        "tf.{}",
        id="guarded",
    ),
    pytest.param(
        "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None", "tf.{}", id="guarded by None"
    ),
    pytest.param(
        "import tensorflow as tf\nif tf.__version__[0] == '2':\n    tf = tf.compat.v1", "tf.{}", id="guarded by version"
    ),
    pytest.param(
        "import tensorflow as tf\ntf1 = tf.compat.v1 if hasattr(tf, 'compat') else tf",
        "tf1.{}",
        id="a conditional alias",
    ),
]


@pytest.mark.parametrize(("imports", "expression"), MOVED)
def test_moved(imports: str, expression: str) -> None:
    source = f"{imports}\nuse = print\nx = {expression.format('glorot_uniform_initializer')}(seed=1)\n"
    lines = [line.strip() for line in migrated(source, "shim").splitlines()]
    assert lines[-1] == f"x = {GLOROT}(seed=1)"
    assert lines.count("import compat_v1_init") == 1


PLACES = [
    pytest.param("def f(x={}): pass", id="a default argument"),
    pytest.param("def f(): return {}", id="a function"),
    pytest.param("class A:\n    x = {}", id="a class"),
    pytest.param(
        "class A:\n    tf = 1\n    def f(self): return {}", id="a method, which does not see the class's names"
    ),
    pytest.param("class A({}): pass", id="a base class"),
    pytest.param("@{}\ndef f(): pass", id="a decorator"),
    pytest.param("x = [{} for _ in y]", id="a comprehension"),
    pytest.param("x = [a for a in {}]", id="a comprehension's first iterable"),
    pytest.param("class A:\n    x = [{} for _ in y]", id="a comprehension in a class"),
    pytest.param("x = lambda: {}", id="a lambda"),
    pytest.param("x = {{'a': {}}}", id="a dict"),
    pytest.param("x = isinstance(y, {})", id="isinstance"),
    pytest.param("x = functools.partial({}, seed=1)", id="partial"),
    pytest.param("x = f'{{{}}}'", id="an f-string"),
    pytest.param("def f():\n    global tf\n    return {}", id="a global"),
    pytest.param("if x: y = {}", id="on the line of an if"),
    pytest.param("x = 1; y = {}; z = 2", id="between semicolons"),
    pytest.param("x: {} = 1", id="an annotation"),
    pytest.param("x = ({})", id="parentheses"),
    pytest.param("x = 'é' + str({})", id="after a character of two bytes"),
    pytest.param("x = {}.__name__", id="an attribute of it"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("tail", ["", "()"], ids=["reference", "call"])
def test_moved_wherever_it_is(place: str, tail: str) -> None:
    rest = "\ntf.no_op()\n"
    source = PLAIN + place.format(f"tf.glorot_uniform_initializer{tail}") + rest
    assert migrated(source, "shim") == SHIM + PLAIN + place.format(GLOROT + tail) + rest


def test_parts_of_a_chain_may_be_on_several_lines() -> None:
    assert migrated(V1 + "x = (tf\n  .glorot_uniform_initializer())\ntf.no_op()\n", "shim") == (
        SHIM + V1 + "x = (compat_v1_init.glorot_uniform_initializer())\ntf.no_op()\n"
    )


def test_a_comment_inside_a_chain_is_kept() -> None:
    source = V1 + "x = (tf  # why\n  .glorot_uniform_initializer())\ntf.no_op()\n"
    assert "# why" in migrated(source, "shim")


# --- Through modules of the project ----------------------------------------------------------------------------------

COMPAT = "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    import tensorflow as tf\ntfv1 = tf\n"
THROUGH = [
    pytest.param("from .compat import tf", "tf", id="a sibling"),
    pytest.param("from .compat import tfv1 as tf", "tf", id="a sibling's alias"),
    pytest.param("from pkg.compat import tf", "tf", id="an absolute import"),
    pytest.param("from pkg import compat", "compat.tf", id="a module"),
    pytest.param("from . import compat", "compat.tf", id="a module of the same package"),
    pytest.param("import pkg.compat as c", "c.tf", id="a module under another name"),
    pytest.param("from . import tf", "tf", id="the package itself"),
    pytest.param("from .stars import tf", "tf", id="a module that imports a star"),
    pytest.param("from .compat import *", "tf", id="a star import"),
    pytest.param("from .sub.deep import tf", "tf", id="a module that imports from its parent"),
]


PACKAGES = ["tensorflow_models", "tensorflowrt", "tensorflow_", "tf_slim_models", "models"]
STARS = [
    pytest.param("from {}.layers import *", "tf", id="a star import"),
    pytest.param("from {}.layers import tf", "tf", id="a name"),
    pytest.param("from {} import layers as l", "l.tf", id="a module"),
    pytest.param("import {}.layers as l", "l.tf", id="a module in full"),
]


@pytest.mark.parametrize(("imports", "name"), STARS)
@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_whose_name_begins_like_tensorflow_is_followed(
    tmp_path: Path, package: str, imports: str, name: str
) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "layers.py").write_text("import tensorflow as tf\n")
    source = f"{imports.format(package)}\nx = {name}.glorot_uniform_initializer()\n{name}.no_op()\n"
    assert f"x = {GLOROT}()" in migrated(source, "shim", tmp_path / "main.py", tmp_path)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "pkg" / "sub").mkdir(parents=True)
    (root / "pkg" / "compat.py").write_text(COMPAT)
    (root / "pkg" / "__init__.py").write_text("from pkg.compat import tf\n")
    (root / "pkg" / "stars.py").write_text("from .compat import *\nfrom .circle import *\n")
    (root / "pkg" / "circle.py").write_text("from .stars import *\n")
    (root / "pkg" / "own.py").write_text("tf = object()\n")
    (root / "pkg" / "broken.py").write_text("def (:\n")
    (root / "pkg" / "sub" / "__init__.py").write_text("")
    (root / "pkg" / "sub" / "deep.py").write_text("from ..compat import tfv1 as tf\n")
    return root


@pytest.mark.parametrize(("imports", "name"), THROUGH)
def test_followed_through_the_project(project: Path, imports: str, name: str) -> None:
    source = f"{imports}\nx = {name}.glorot_uniform_initializer()\n{name}.no_op()\n"
    assert f"x = {GLOROT}()" in migrated(source, "shim", project / "pkg" / "model.py", project)


NOT_FOLLOWED = [
    pytest.param("from .nowhere import tf", ["CVI204"], id="no such module"),
    pytest.param("from .broken import tf", ["CVI204"], id="a module that does not parse"),
    pytest.param("from elsewhere import tfv1 as tf", ["CVI204"], id="another library"),
    pytest.param("from .own import tf", ["CVI204"], id="something else by the name of tf"),
    pytest.param("from elsewhere import *", ["CVI204"], id="a star import"),
    pytest.param("from .... import tf", ["CVI204"], id="above the project"),
    pytest.param("import elsewhere as tf", ["CVI204"], id="another library by the name of tf"),
]


@pytest.mark.parametrize(("imports", "codes"), NOT_FOLLOWED)
def test_reported_where_it_cannot_be_followed(project: Path, imports: str, codes: list[str]) -> None:
    source = f"{imports}\nx = tf.glorot_uniform_initializer()\n"
    assert reported(source, path=project / "pkg" / "model.py", root=project) == codes


def test_without_a_file_nothing_is_followed() -> None:
    assert reported("from .compat import tf\nx = tf.glorot_uniform_initializer()\n") == ["CVI204"]


# --- TensorFlow 1 or 2 -----------------------------------------------------------------------------------------------

OF_TF1 = [
    "tf.placeholder(tf.float32)",
    "tf.Session()",
    "tf.train.AdamOptimizer(1.0)",
    "tf.contrib.layers",
    "tf.app.run()",
    "tf.losses.softmax_cross_entropy(a, b)",
    "tf.losses.huber_loss(a, b)",
    "tf.metrics.accuracy(a, b)",
    "tf.initializers.variables(v)",
    "tf.keras.backend.set_session(s)",
    "tf.keras.layers.CuDNNLSTM(3)",
    "from tensorflow.examples.tutorials.mnist import input_data",
    "import tensorflow.contrib.slim as slim",
    "from tensorflow import placeholder",
]


@pytest.mark.parametrize("evidence", OF_TF1)
@pytest.mark.parametrize("name", ["he_normal", "lecun_uniform", "glorot_normal", "variance_scaling"])
def test_names_of_both_are_moved_where_the_file_is_of_tf1(evidence: str, name: str) -> None:
    source = f"{PLAIN}{evidence}\nx = tf.initializers.{name}()\n"
    assert f"\nx = compat_v1_init.initializers.{name}()\n" in migrated(source, "shim")


OF_TF2 = [
    "@tf.function\ndef f(): pass",
    "tape = tf.GradientTape()",
    "class A(tf.Module): pass",
    "x = tf.losses.Huber()",
    "x = tf.losses.mse",
    "x = tf.metrics.Mean()",
    "x = tf.optimizers.Adam()",
    "tf.random.set_seed(1)",
    "x = tf.keras.layers.MultiHeadAttention(1, 2)",
    "tf.keras.utils.set_random_seed(1)",
    "from tensorflow.keras.layers import TextVectorization",
    "from tensorflow.keras.initializers import HeNormal",
]
OF_BOTH = [
    pytest.param("", id="nothing"),
    pytest.param("tf.constant(1)", id="what both have"),
    pytest.param("@tf.custom_gradient\ndef f(): pass", id="a decorator that both have"),
    pytest.param("y = tf.losses", id="a module that both have"),
    pytest.param("y = tf.losses.mean_squared_error(a, b)", id="a loss that both have"),
    pytest.param("y = tf.metrics.mean_squared_error(a, b)", id="a metric that both have"),
    pytest.param("m = tf.keras.Model()", id="Keras"),
    pytest.param("y = tf.compat.v1.placeholder(tf.float32)", id="compat.v1, which TensorFlow 2 has too"),
    *(
        pytest.param(f"{old}\n{new}", id=f"{old} against {new}")
        for old in ("tf.Session()", "tf.losses.huber_loss(a, b)")
        for new in ("tf.function(f)", "tf.GradientTape()", "tf.random.set_seed(1)")
    ),
    pytest.param(
        "if tf.__version__[0] == '1': tf.enable_eager_execution()\nelse: tf.function(f)", id="the version is asked for"
    ),
    pytest.param(
        "OLD = int(tf.__version__.split('.')[0]) < 2\nif OLD: tf.set_random_seed(1)", id="the version in a name"
    ),
    pytest.param("if hasattr(tf, 'set_random_seed'): tf.set_random_seed(1)", id="asked for with hasattr"),
    pytest.param("try: tf.set_random_seed(1)\nexcept AttributeError: pass", id="tried"),
    pytest.param("try: from tensorflow.contrib import slim\nexcept ImportError: slim = None", id="import tried"),
]
NAMES_OF_BOTH = [
    "tf.initializers.he_normal",
    "tf.initializers.variance_scaling",
    "tf.keras.initializers.he_normal",
    "tf.keras.initializers.glorot_uniform",
    "tf.keras.initializers.VarianceScaling",
]


@pytest.mark.parametrize("name", NAMES_OF_BOTH)
@pytest.mark.parametrize("use", OF_BOTH)
def test_names_of_both_are_reported_where_evidence_is_mixed_or_missing(use: str, name: str) -> None:
    assert reported(f"{PLAIN}{use}\nx = {name}(seed=1)\n") == ["CVI201"]


@pytest.mark.parametrize("name", NAMES_OF_BOTH)
@pytest.mark.parametrize("use", OF_TF2)
def test_names_of_both_are_left_alone_in_a_file_of_tf2(use: str, name: str) -> None:
    assert reported(f"{PLAIN}{use}\nx = {name}(seed=1)\n") == []


KERAS_OF_TF1 = [
    pytest.param("tf.keras.initializers.he_normal(seed=1)", "initializers.he_normal(seed=1)", id="he_normal"),
    pytest.param("tf.keras.initializers.glorot_uniform()", "initializers.glorot_uniform()", id="glorot_uniform"),
    pytest.param("tf.keras.initializers.VarianceScaling(2.)", "variance_scaling_initializer(2.)", id="VarianceScaling"),
    pytest.param("keras.initializers.lecun_normal()", "initializers.lecun_normal()", id="from tensorflow import keras"),
    pytest.param("K.initializers.lecun_normal()", "initializers.lecun_normal()", id="tensorflow.python.keras"),
    pytest.param("K.initializers.GlorotNormal(1)", "glorot_normal_initializer(1)", id="a class of python.keras"),
    pytest.param("K.initializers.GlorotUniform()", "glorot_uniform_initializer()", id="another class of python.keras"),
]


@pytest.mark.parametrize(("before", "after"), KERAS_OF_TF1)
def test_keras_initializers_are_tf1s_in_a_file_of_tf1(before: str, after: str) -> None:
    head = f"{PLAIN}from tensorflow import keras\nfrom tensorflow.python import keras as K\nuse = keras, K\n"
    source = f"{head}y = tf.placeholder(tf.float32)\nx = {before}\n"
    assert f"\nx = compat_v1_init.{after}\n" in migrated(source, "shim")


@pytest.mark.parametrize("name", ["GlorotNormal", "GlorotUniform"])
def test_classes_that_only_the_private_keras_of_tf1_has(name: str) -> None:
    source = f"{PLAIN}from tensorflow.python.keras.initializers import {name}\ny = tf.Session()\nx = {name}()\n"
    assert f"_initializer as {name}\n" in migrated(source, "shim")
    assert reported(source.replace("tf.Session()", "tf.no_op()")) == ["CVI201"]
    assert reported(source.replace(".python.keras", ".keras")) == []


@pytest.mark.parametrize("name", ["he_normal", "VarianceScaling"])
def test_imports_from_keras_are_tf1s_in_a_file_of_tf1(name: str) -> None:
    source = f"{PLAIN}from tensorflow.keras.initializers import {name}\ny = tf.Session()\nx = {name}()\n"
    assert "from compat_v1_init" in migrated(source, "shim")
    assert reported(source.replace("tf.Session()", "tf.no_op()")) == ["CVI201"]


@pytest.mark.parametrize("to", ["shim", "keras"])
def test_keras_initializers_need_no_second_run(to: Any) -> None:
    source = f"{PLAIN}y = tf.Session()\n" + "".join(f"x = {name}({{}})\n" for name in NAMES_OF_BOTH)
    for arguments in ("", "seed=1", "dtype=tf.float32"):
        after = migrated(source.format(*[arguments] * 5), to)
        assert migrated(after, to) == after


STRINGS_OF_KERAS = [
    pytest.param("tf.keras.layers.Dense(3, kernel_initializer='he_normal')", True, id="a layer"),
    pytest.param("tf.keras.layers.Dense(3, kernel_initializer='VarianceScaling')", True, id="a class"),
    pytest.param("tf.keras.layers.LSTM(3, recurrent_initializer='glorot_uniform')", True, id="recurrent"),
    pytest.param("tf.keras.layers.Dense(3, kernel_initializer='he_normal' if x else 'zeros')", True, id="a choice"),
    pytest.param("def f(kernel_initializer='he_normal'): pass", True, id="a default argument"),
    pytest.param("kernel_initializer = 'he_normal'", True, id="a name"),
    pytest.param("x = {'kernel_initializer': 'he_normal'}", True, id="an option"),
    pytest.param("block(x, kernel_initializer='he_normal')", True, id="a function of the project"),
    pytest.param("self.add_weight('w', [3], initializer='lecun_normal')", True, id="add_weight"),
    pytest.param("tf.keras.initializers.get('he_normal')", True, id="get"),
    pytest.param("tf.keras.layers.Dense(3, kernel_initializer='zeros')", False, id="another initializer"),
    pytest.param("tf.keras.layers.Dense(3, None, True, 'he_normal')", True, id="by position"),
    pytest.param("INIT = 'he_normal'\ntf.keras.layers.Dense(3, kernel_initializer=INIT)", True, id="by a name"),
    pytest.param("INIT = 'he_normal'\nprint(INIT)", False, id="a name that goes elsewhere"),
    pytest.param("tf.keras.initializers.get({'class_name': 'he_normal', 'config': {}})", True, id="a config"),
    pytest.param("tf.keras.layers.Dense(3, name='he_normal')", False, id="a name of a layer"),
    pytest.param("tf.layers.dense(x, 3, kernel_initializer='he_normal')", True, id="tf.layers"),
    pytest.param("import keras\nkeras.layers.Dense(3, kernel_initializer='he_normal')", False, id="Keras alone"),
    pytest.param("print('he_normal')", False, id="any other string"),
    pytest.param("conv(x, weights_init='truncated_normal')", False, id="a library's own name of a parameter"),
    pytest.param("def conv(x, weights_init='truncated_normal'): pass", False, id="by default"),
    pytest.param(
        "def conv(x, weights_init='truncated_normal'):\n    tf.layers.dense(x, 3, kernel_initializer=weights_init)",
        True,
        id="that goes to a layer",
    ),
    pytest.param(
        "def conv(x, initializer='he_normal'):\n    if initializer == 'he_normal': return 1\n    raise ValueError\n"
        "conv(x, initializer='he_normal')",
        False,
        id="that the function looks at",
    ),
    pytest.param(
        "def conv(x, initializer):\n    return TABLE[initializer]\nconv(x, initializer='he_normal')",
        False,
        id="that the function looks up",
    ),
    pytest.param(
        "def conv(x, init):\n    return tf.layers.dense(x, kernel_initializer=init)\nconv(x, init='he_normal')",
        True,
        id="that the function passes on",
    ),
]


@pytest.mark.parametrize(("use", "is_reported"), STRINGS_OF_KERAS)
def test_strings_for_keras_are_reported_in_a_file_of_tf1(use: str, is_reported: bool) -> None:
    assert reported(f"{PLAIN}y = tf.Session()\n{use}\n") == (["CVI208"] if is_reported else [])
    assert reported(f"{PLAIN}@tf.function\ndef g(): pass\n{use}\n") == []


@pytest.mark.parametrize(
    ("name", "text", "is_moved"),
    [
        pytest.param("a.py", f"{PLAIN}x = tf.placeholder(tf.float32)\n", True, id="a program of TF1"),
        pytest.param("a.py", f"{PLAIN}@tf.function\ndef f(): pass\n", False, id="a program of TF2"),
        pytest.param("a.py", f"{PLAIN}x = tf.add(1, 2)\n", None, id="a program of either"),
        pytest.param("a.py", f"{PLAIN}# tf.Session, tf.function\n", None, id="words in a comment"),
        pytest.param("a.py", "tf.Session(\n", None, id="a program that does not parse"),
        pytest.param("requirements.txt", "tensorflow-gpu==1.14\n", True, id="TF1 is required"),
        pytest.param("requirements.txt", "tensorflow<2\n", True, id="less than TF2 is required"),
        pytest.param("requirements.txt", "tensorflow>=2.4\n", False, id="TF2 is required"),
        pytest.param("requirements.txt", "tensorflow>=1.4\n", None, id="TF1 or later is required"),
        pytest.param("requirements.txt", "tensorflow[and-cuda]~=2.4\n", False, id="TF2 is required, with extras"),
        pytest.param("requirements.txt", "tensorflow>=1.4,<2.0\n", True, id="TF1 or later, but not TF2"),
        pytest.param("environment.yml", "dependencies:\n- tensorflow=1.14\n", True, id="TF1 in an environment"),
        pytest.param("a.py", f"{PLAIN}tf.Session(); tf.function(f)\n", None, id="a program of both"),
        pytest.param("a.py", f"{PLAIN}x = tf.losses.mse\n", False, id="a loss of TF2"),
        pytest.param("setup.py", "r = ['tensorflow>=2', 'tensorflow==1.15']\n", None, id="both are possible"),
    ],
)
def test_neighbours_tell_tf1_from_tf2(tmp_path: Path, name: str, text: str, is_moved: bool | None) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "init.py"
    analysis = analyze(f"{PLAIN}x = tf.initializers.he_normal()\n", to="shim", path=file, root=tmp_path)
    assert [finding.code for finding in analysis.findings] == {True: ["CVI003"], False: [], None: ["CVI201"]}[is_moved]


DOTTED = [
    pytest.param("tensorflow.layers.dense", ("tensorflow", False, "layers.dense"), id="of both versions"),
    pytest.param("tensorflow.compat.v1.layers.dense", ("tensorflow", True, "layers.dense"), id="of compat.v1"),
    pytest.param("tensorflow.compat.v2.ones", ("tensorflow", False, "compat.v2.ones"), id="of compat.v2"),
    pytest.param("tensorflow.compat.v1", ("tensorflow", False, "compat.v1"), id="compat.v1 itself"),
    pytest.param("tf_slim.ops.fully_connected", ("tf_slim", False, "ops.fully_connected"), id="of slim"),
    pytest.param("tensorflow", None, id="TensorFlow itself"),
    pytest.param("tensorflow_probability.ones", None, id="a package whose name only begins so"),
    pytest.param(".tensorflow.ones", None, id="a relative import"),
    pytest.param("", None, id="no name"),
]


@pytest.mark.parametrize(("dotted", "expected"), DOTTED)
def test_the_version_and_the_path_of_a_dotted_name(dotted: str, expected: tuple[str, bool, str] | None) -> None:
    name = tf_name(dotted)
    assert name == expected
    twin = None if name is None else tf_name(name.in_v1)
    assert (twin and twin.path) == (expected and expected[2])


# --- Scopes, against the compiler's own ------------------------------------------------------------------------------


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


@pytest.mark.parametrize("module", ["argparse", "dataclasses", "doctest", "inspect", "pickle", "threading"])
def test_scopes_are_the_compilers(module: str) -> None:
    source = Path(importlib.import_module(module).__file__ or "").read_text(encoding="utf-8")
    names = Names(Tree(source))
    tables = {
        (table.get_name(), table.get_lineno()): table for table in _tables(symtable.symtable(source, module, "exec"))
    }
    compared = 0
    for scope in names.scopes:
        node = scope.node
        table = tables.get((getattr(node, "name", ""), getattr(node, "lineno", 0)))
        if table is None:
            continue
        # From Python 3.12 on the compiler keeps the variables of comprehensions with those of the function.
        inlined = {name for inner in names.scopes if inner.is_comprehension for name in inner.bindings}
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if name in inlined or "__" in name:  # The table has private names mangled.
                continue
            owner = names.owner(name, scope)
            ours = "local" if owner is scope else "global" if owner is None or owner.is_module else "free"
            assert ours == ("local" if symbol.is_local() else "free" if symbol.is_free() else "global"), name
            compared += 1
    assert compared > 100


WRITTEN_FOR_KERAS = [
    "tf.uniform_unit_scaling_initializer(0.5)",
    "tf.contrib.layers.variance_scaling_initializer()",
    "tf.contrib.layers.variance_scaling_initializer(1.0)",
    "tf.contrib.layers.xavier_initializer(uniform=False)",
    "tf.initializers.he_normal()",
    "tf.glorot_uniform_initializer()",
]


@pytest.mark.parametrize("name", WRITTEN_FOR_KERAS)
def test_the_drop_in_does_not_take_back_what_was_written_for_keras(name: str) -> None:
    source = f"{PLAIN}x = tf.placeholder(tf.float32)\nw = tf.get_variable('w', [3], initializer={name})\n"
    first = migrated(source, "keras")
    assert "tf.keras.initializers." in first
    assert migrated(first, "shim") == first
    # Another run for Keras has nothing to say.
    assert analyze(first, to="keras").findings == ()


def test_beside_our_classes_for_keras_its_names_are_not_taken_back() -> None:
    line = "w{} = tf.get_variable('w{}', [3], initializer={})\n"
    source = (
        f"{PLAIN}x = tf.placeholder(tf.float32)\n{line.format(1, 1, 'tf.variance_scaling_initializer()')}"
        "y = mine(initializer=tf.variance_scaling_initializer())\n"
    )
    first = migrated(source, "keras")
    assert "compat_v1_init.keras.TF1" in first
    assert migrated(first, "shim") == first
    assert migrated(migrated(source, "shim"), "keras") == migrated(source, "shim")


def test_a_string_for_a_layer_of_compat_v1() -> None:
    line = "x = tf.keras.layers.Dense(3, kernel_initializer='he_normal')\n"
    assert reported(V1 + line) == ["CVI208"]
    assert reported(PLAIN + line) == []
