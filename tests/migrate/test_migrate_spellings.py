"""However a program of TensorFlow 1 spells an initializer, it is moved or reported; a sampler, in a variable."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from migrating import PLAIN, analyze

from compat_v1_init import _family
from compat_v1_init._family import FAMILY
from compat_v1_init._migrate.findings import Effect, apply

TF1 = f"{PLAIN}x = tf.placeholder(tf.float32)\n"
MODULES = {
    _family.TOP: [""],
    _family.INITIALIZERS: [".initializers"],
    _family.INIT_OPS: [".python.ops.init_ops"],
    _family.KERAS: [".keras.initializers", ".contrib.keras.initializers"],
    _family.CONTRIB: [".contrib.layers", ".contrib.slim", ".contrib.layers.python.layers.initializers"],
    _family.CONTRIB_FRAMEWORK: [".contrib.framework"],
}
"""Where each of TF1's namespaces is in `tensorflow`."""


def _names() -> Iterator[tuple[str, str]]:
    """Yields each module, after `tensorflow`, and each name of an initializer in it."""
    for row in FAMILY.values():
        for namespace, names in row.names.items():
            for module in MODULES.get(namespace, []):
                yield from ((module, name) for name in names)


NAMES = sorted(set(_names()))
# In each, M is the module after `tensorflow`, N the name, and E the end of the name.
SPELLINGS = [
    pytest.param("a = tfM.N()", id="a call"),
    pytest.param("a = tfM.N(*args, **options)", id="unpacked arguments"),
    pytest.param("I = tfM.N\na = I()", id="an alias"),
    pytest.param("module = tfM\na = module.N()", id="an alias of the module"),
    pytest.param("import tensorflowM as module\na = module.N()", id="an import of the module"),
    pytest.param("from tensorflowM import N\na = N()", id="a from import"),
    pytest.param("from tensorflowM import N as other\na = other()", id="a from import as"),
    pytest.param("def f():\n    from tensorflowM import N\n    return N()", id="a from import in a function"),
    pytest.param("from tensorflowM import *\na = N()", id="a star"),
    pytest.param("a = getattr(tfM, 'N')()", id="getattr"),
    pytest.param("a = getattr(tfM, 'N', None)", id="getattr with a default"),
    pytest.param("def f(k):\n    return getattr(tfM, k + 'E')", id="getattr of a sum"),
    pytest.param("def f(k):\n    return getattr(tfM, f'{k}E')", id="getattr of an f-string"),
    pytest.param("a = vars(tfM)['N']", id="vars"),
    pytest.param("a = tfM.__dict__['N']", id="__dict__"),
    pytest.param("import importlib\na = importlib.import_module('tensorflowM').N()", id="import_module"),
    pytest.param("a = __import__('tensorflow')M.N()", id="__import__"),
    pytest.param("a = eval('tfM.N()')", id="eval"),
    pytest.param("import functools\na = functools.partial(tfM.N, seed=1)", id="partial"),
    pytest.param("a = {'k': tfM.N}", id="a value of a dict"),
    pytest.param("a = [tfM.N][0]()", id="an element of a list"),
    pytest.param("def f(a=tfM.N):\n    return a()", id="a default"),
    pytest.param("def f(a=tfM.N()):\n    return a", id="a default, called"),
    pytest.param("f = lambda: tfM.N()", id="a lambda"),
    pytest.param("class A:\n    a = tfM.N\n    def f(self):\n        return self.a()", id="an attribute of a class"),
    pytest.param("class A(tfM.N):\n    pass", id="a base class"),
    pytest.param("@register(tfM.N)\ndef f():\n    pass", id="a decorator"),
    pytest.param("a = isinstance(x, tfM.N)", id="isinstance"),
    pytest.param("a = tfM.N if x else None", id="a choice"),
    pytest.param("for I in [tfM.N, None]:\n    a = I()", id="a loop"),
    pytest.param("a = f'{tfM.N()}'", id="an f-string"),
    pytest.param("def f():\n    global t\n    import tensorflow as t\n\ndef g():\n    return tM.N()", id="a global"),
    pytest.param("class A:\n    def f(self):\n        return self.tfM.N()", id="an attribute that is called tf"),
]


def _filled(spelling: str, module: str, name: str) -> str:
    # In `tf` itself only the end of the name tells that a computed one is an initializer's.
    end = "_initializer" if name.endswith("_initializer") else name[-4:]
    source = spelling.replace("E'", f"{end}'").replace(".N", f".{name}").replace("'N'", f"'{name}'")
    source = source.replace("import N", f"import {name}").replace("N()", f"{name}()")
    return f"{TF1}{source}\n".replace("M", module)


def _is_silent(source: str) -> bool:
    analysis = analyze(source, to="shim")
    return not analysis.edits and not any(each.effect is Effect.NEEDS_YOU for each in analysis.findings)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_initializer_is_left_in_silence(spelling: str) -> None:
    sources = {_filled(spelling, module, name) for module, name in NAMES}
    assert len(sources) > 10
    assert [source for source in sources if _is_silent(source)] == []


SAMPLERS = ["random_normal", "truncated_normal", "random_uniform", "random.normal", "random.truncated_normal"]
IN_VARIABLES = [
    pytest.param("def f(s):\n    x = N(s)\n    x = x * 0.1\n    return tf.Variable(x)", id="a name of two steps"),
    pytest.param(
        "def f(s):\n    if s:\n        x = N(s)\n    else:\n        x = tf.zeros(s)\n    return tf.Variable(x)",
        id="a name of two branches",
    ),
    pytest.param(
        "def var(value, name):\n    return tf.Variable(value, name=name)\n\nw = var(N([3]), 'w')", id="a helper"
    ),
    pytest.param(
        "def var(name, value=None):\n    return tf.Variable(value)\n\nw = var('w', value=N([3]))",
        id="a helper's keyword",
    ),
    pytest.param(
        "class A:\n    def d(self, s):\n        return N(s)\n\n    def f(self):\n        return tf.Variable(self.d(3))",
        id="a method",
    ),
    pytest.param(
        "class A:\n    def f(self):\n        self.v = N([3])\n        self.w = tf.Variable(self.v)", id="an attribute"
    ),
    pytest.param("w = tf.contrib.framework.local_variable(N([3]))", id="contrib's variable"),
    pytest.param("import tf_slim\nw = tf_slim.variable('w', [3], initializer=N([3]))", id="slim's variable"),
    pytest.param("y = tf.layers.dense(x, 3, kernel_initializer=lambda s, **_: N(s))", id="a layer's"),
    pytest.param("w = tf.compat.v1.Variable(lambda: N([3]))", id="a variable of compat.v1"),
]


@pytest.mark.parametrize("spelling", IN_VARIABLES)
def test_a_sampler_is_followed_into_the_variable(spelling: str) -> None:
    for name in SAMPLERS:
        source = f"{TF1}{spelling.replace('N(', f'tf.{name}(')}\n"
        assert f"tf.{name}(" not in apply(source, analyze(source, to="shim").edits)


OUTSIDE = [
    pytest.param("@wraps\ndef var(value):\n    return tf.Variable(value)\n\nw = var(N([3]))", id="a decorated helper"),
    pytest.param("def var(*values):\n    return tf.Variable(values)\n\nw = var(N([3]))", id="a variadic helper"),
    pytest.param("x = N([3])\nx = x * 2", id="a name without a use"),
    pytest.param("w = tf.assign(v, N([3]))", id="a later value"),
]


@pytest.mark.parametrize("spelling", OUTSIDE)
def test_what_may_be_noise_is_left_alone(spelling: str) -> None:
    for name in SAMPLERS:
        assert _is_silent(f"{TF1}{spelling.replace('N(', f'tf.{name}(')}\n")


OF_TWO_USES = [
    pytest.param("def f(s):\n    x = N(s)\n    return tf.Variable(x), x", id="a name of two uses"),
    pytest.param(
        "def var(value):\n    return tf.Variable(value) + value\n\nw = var(N([3]))", id="a helper with two uses"
    ),
    pytest.param(
        "class A:\n    def f(self):\n        self.v = N([3])\n        return self.v, tf.Variable(self.v)",
        id="an attribute",
    ),
]


@pytest.mark.parametrize("spelling", OF_TWO_USES)
def test_what_is_noise_too_is_reported(spelling: str) -> None:
    for name in SAMPLERS:
        analysis = analyze(f"{TF1}{spelling.replace('N(', f'tf.{name}(')}\n", to="shim")
        assert [finding.code for finding in analysis.findings] == ["CVI210"]
        assert not analysis.edits


LOOKED_UP = [
    pytest.param("w = tf.Variable(getattr(tf, 'random_' + kind)([3]))", id="getattr in a variable"),
    pytest.param("w = tf.Variable(tf.__dict__[kind]([3]))", id="__dict__ in a variable"),
    pytest.param("import operator\na = operator.attrgetter('initializers.he_normal')(tf)", id="attrgetter"),
]


@pytest.mark.parametrize("source", LOOKED_UP)
def test_what_is_looked_up_is_reported(source: str) -> None:
    assert not _is_silent(f"{TF1}{source}\n")


def test_other_look_ups_are_left_alone() -> None:
    sources = ["a = getattr(tf, name)", "a = vars(self)['he_normal']", "a = tf.__dict__['zeros']", "x = a['he_normal']"]
    assert [source for source in sources if not _is_silent(f"{TF1}{source}\n")] == []
