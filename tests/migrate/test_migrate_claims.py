"""What "same numbers" rests on: all programs of a project are asked, and what is not known is left, with the reason."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from migrating import PLAIN, analyze

from compat_v1_init.__main__ import main

if TYPE_CHECKING:
    from compat_v1_init._migrate.findings import Analysis

LAYER = f"{PLAIN}def layer():\n    return tf.get_variable('w', [3, 4])\n"
CALL = "    layer.layer()\n"


def _notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


def _analyzed(folder: Path, source: str, others: dict[str, str], name: str = "layer.py", **options: Any) -> Analysis:
    """Returns the analysis of a file beside others, in a project of its own, since what a run reads it reads once."""
    folder = Path(tempfile.mkdtemp(dir=folder))
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
    pytest.param("with getattr(tf, 'variable' + '_scope')('n', None, None, z):", id="getattr with a sum"),
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
    pytest.param("tf.VariableScope.initializer = property(lambda s: z)\nif 1:", id="a property of the class"),
    pytest.param(
        "with tf.variable_scope('n') as s:\n    s.__dict__['_initializer'] = z\nif 1:", id="a key of __dict__"
    ),
    pytest.param("with tf.variable_scope('n') as s:\n    vars(s)['_initializer'] = z\nif 1:", id="a key of vars"),
    pytest.param("object.__setattr__(tf.get_variable_scope(), '_initializer', z)\nif 1:", id="object's setattr"),
    pytest.param("exec('tf.get_variable_scope().set_initializer(z)')\nif 1:", id="exec"),
    pytest.param("exec(code)\nif 1:", id="exec of what is not seen"),
    pytest.param("with eval('tf.variable_scope(1, None, None, z)'):", id="eval"),
    pytest.param("f = reduce(getattr, 'compat.v1.variable_scope'.split('.'), tf)\nif 1:", id="a path"),
    pytest.param("tf.glorot_uniform_initializer.__call__ = f\nif 1:", id="a method of the default is replaced"),
    pytest.param("init_ops.GlorotUniform.__call__ = f\nif 1:", id="a method of its class is replaced"),
    pytest.param("init_ops.VarianceScaling = Mine\nif 1:", id="its base is replaced"),
    pytest.param("variable_scope._VariableStore.get_variable = f\nif 1:", id="a method of the store is replaced"),
    pytest.param("vs._VariableStore._get_single_variable = f\nif 1:", id="a private method of the store"),
    pytest.param("vs.get_variable_scope_store().current_scope = s\nif 1:", id="the store's scope"),
    pytest.param("with vs._pure_variable_scope('n', initializer=z):", id="the private scope"),
    pytest.param("layer.tf = mine\nif 1:", id="TensorFlow itself is replaced"),
    pytest.param("import opennmt\nif 1:", id="another framework that sets one"),
    pytest.param("vs = tf.get_variable_scope()\nsetattr(vs, name, z)\nif 1:", id="setattr of a scope with a name"),
    pytest.param("with tf.variable_scope('n') as s:\n    setattr(s, name, z)\nif 1:", id="setattr of a `with`'s scope"),
    pytest.param("tf.get_variable_scope().__dict__.update(options)\nif 1:", id="the dict of a scope"),
    pytest.param("with getattr(layer.tf, name)('n', None, None, z):", id="another module's name for TensorFlow"),
    pytest.param("with getattr(sys.modules['tensorflow'], name)('n', z):", id="TensorFlow out of sys.modules"),
    pytest.param("with operator.attrgetter(name)(tf)('n', None, None, z):", id="attrgetter with a computed name"),
    pytest.param("with eval('tf.' + name)('n', None, None, z):", id="eval of a computed name of TensorFlow"),
    pytest.param("exec(code, {'tf': tf})\nif 1:", id="exec with TensorFlow in reach"),
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
    pytest.param("ok = name.endswith('_initializer') or f(name + '_initializer')\nif 1:", id="a part of a name"),
    pytest.param("model = eval('models.' + name)\nif 1:", id="eval of another name"),
    pytest.param("exec(text, {})\nif 1:", id="exec without TensorFlow in reach"),
    pytest.param("about = {}\nexec(text, about)\nif 1:", id="exec in a dict of its own"),
    pytest.param("exec(open('version.py').read())\nif 1:", id="exec of a program of the project"),
    pytest.param("setattr(options, name, 1)\nif 1:", id="setattr of something else"),
    pytest.param("get = operator.attrgetter('size')\nif 1:", id="attrgetter with a name"),
]


@pytest.mark.parametrize("use", SETS_NOTHING)
def test_where_all_is_known_it_is_written_out(tmp_path: Path, use: str) -> None:
    others = {"train.py": f"{PLAIN}import layer\n{use}\n{CALL}"}
    analysis = _analyzed(tmp_path, LAYER, others, defaults=True)
    assert [finding.effect.value for finding in analysis.findings] == ["same numbers"]


def test_code_that_is_not_seen_is_named_as_such(tmp_path: Path) -> None:
    others = {"train.py": f"{PLAIN}import layer\nexec(code)\n", "version.py": "exec(text)\n"}
    (finding,) = _analyzed(tmp_path, LAYER, others, defaults=True).findings
    assert "code that is not seen runs at train.py:3" in finding.message
    del others["train.py"]  # The other one has no TensorFlow.
    assert _analyzed(tmp_path, LAYER, others, defaults=True).edits


@pytest.mark.parametrize(
    "use",
    [
        "tf.layers.dense = functools.partial(tf.layers.dense, kernel_initializer=z)",
        "layer.tf.layers.dense = mine",
        "layer.tf.layers = mine",
        "tf.layers.Dense.build = mine",
        "setattr(tf.layers, 'dense', mine)",
        "with mock.patch.object(tf.layers, 'dense', mine): pass",
        "with mock.patch('tensorflow.layers.dense', mine): pass",
    ],
)
def test_a_layer_that_the_program_replaces_is_left(tmp_path: Path, use: str) -> None:
    source = f"{PLAIN}def layer(x):\n    return tf.layers.dense(x, 3)\n"
    others = {"train.py": f"{PLAIN}import layer\n{use}\n"}
    (finding,) = _analyzed(tmp_path, source, others, defaults=True).findings
    assert (finding.after, "train.py:3" in finding.message) == (None, True)
    others = {"train.py": f"{PLAIN}import layer\nself.dense = tf.layers.dense\nsetattr(self, 'dense', 1)\n"}
    assert _analyzed(tmp_path, source, others, defaults=True).edits


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
    analysis = _analyzed(tmp_path, LAYER, {name: text, ".gitignore": "train*\n"}, defaults=True)
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
    assert _analyzed(tmp_path, LAYER, others, "pkg/layer.py", defaults=True, assume_closed=True).edits
    program = f"{LAYER}if __name__ == '__main__':\n    layer()\n"
    assert _analyzed(tmp_path, program, others, "program.py", defaults=True).edits


def test_a_package_without_a_program_is_left(tmp_path: Path) -> None:
    analysis = _analyzed(tmp_path, LAYER, {"pkg/__init__.py": ""}, "pkg/layer.py", defaults=True)
    assert analysis.edits == ()
    assert "no program here uses it" in analysis.findings[0].message


# --- TensorFlow 1 or 2 -----------------------------------------------------------------------------------------------

BOTH_HAVE_IT = f"{PLAIN}init = tf.keras.initializers.glorot_normal(3)\n"
OLD = f"{PLAIN}x = tf.placeholder(tf.float32)\n"
FOR_BOTH = [
    pytest.param("y = tf.compat.v1.log(x)", id="compat.v1 under plain tensorflow"),
    pytest.param(
        "def f(x):\n    if tf.__version__ >= '2.0.0':\n        return tf.compat.v1.get_variable(x)\n"
        "    return tf.get_variable(x)",
        id="a return ends the branch",
    ),
    pytest.param("def f(x):\n    if TF2:\n        raise ValueError\n    return tf.log(x)", id="a raise ends it"),
    pytest.param(
        "for x in y:\n    if int(tf.__version__[0]) > 1:\n        continue\n    tf.log(x)", id="a continue ends it"
    ),
    pytest.param(
        "def f(x):\n    if x:\n        y\n    elif TF2:\n        with y:\n            return x\n    return tf.log(x)",
        id="a branch further on ends it",
    ),
    pytest.param("if TF2:\n    sys.exit(1)\ny = tf.log(x)", id="exit ends it"),
    pytest.param(
        "def f(x):\n    try:\n        return x.log()\n    except AttributeError:\n        pass\n    return tf.log(x)",
        id="a try ends it",
    ),
    pytest.param("v = tf.__version__\nif v[0] == '2': x = 1\ny = tf.log(x)", id="the version has a name"),
    pytest.param("try:\n    y = tf.log(x)\nexcept:\n    y = tf.math.log(x)", id="a bare except"),
    pytest.param("try:\n    y = tf.log(x)\nexcept Exception:\n    y = tf.math.log(x)", id="except Exception"),
    pytest.param("try:\n    y = tf.log(x)\nexcept (ValueError, NameError):\n    pass", id="except NameError"),
    pytest.param("with contextlib.suppress(AttributeError):\n    y = tf.log(x)", id="suppress"),
    pytest.param("TF2 = tf.__version__[0] == '2'\ny = tf.math.log(x) if TF2 else tf.log(x)", id="a flag"),
    pytest.param("OLD = hasattr(tf, 'log')\nif OLD:\n    y = tf.log(x)", id="a flag of another name"),
    pytest.param(
        "try:\n    import tensorflow.contrib\n    OLD = True\nexcept ImportError:\n    OLD = False\nif OLD: tf.log(x)",
        id="a flag that is set in a try",
    ),
    pytest.param("def is_old(): return tf.__version__ < '2'\nif is_old(): tf.log(x)", id="a function that asks"),
    pytest.param("from compat import IS_TF2\nif not IS_TF2: tf.log(x)", id="a flag of another module"),
    pytest.param("y = not TF2 and tf.log or tf.math.log", id="and, or"),
    pytest.param("y = TF2 or tf.log(x)", id="or"),
    pytest.param("if not hasattr(tf, 'log'):\n    tf.log = tf.math.log\ny = tf.log(x)", id="TensorFlow is mended"),
    pytest.param("tf.log = tf.math.log\ny = tf.log(x)", id="TensorFlow is mended unasked"),
    pytest.param("def old(x): return tf.log(x)\ndef new(x): return x\nf = new if TF2 else old", id="a function's use"),
    pytest.param("@unittest.skipIf(tf.__version__ > '2', '')\ndef f(): tf.log(x)", id="a decorator"),
    pytest.param("if tf.__version__.startswith('2'): x = 1\ny = tf.log(x)", id="the version is asked for elsewhere"),
    pytest.param("tf = tf.compat.v1 if hasattr(tf, 'compat') else tf\ny = tf.log(x)", id="an alias of itself"),
    pytest.param("if x: tf = tf.compat.v1\ny = tf.log(x)", id="an alias of itself, perhaps"),
    pytest.param("vars(tf).update(log=tf.math.log)\ny = tf.log(x)", id="TensorFlow's dict is mended"),
    pytest.param("tf.__dict__['log'] = tf.math.log\ny = tf.log(x)", id="an item of TensorFlow's dict"),
    pytest.param("if FLAGS.v1: tf.log(x)", id="a flag of the command line"),
    pytest.param("assert tf.__version__.startswith('2')", id="an assertion"),
    pytest.param("assert version.parse(tf.__version__) >= version.parse('2')", id="an assertion with a call"),
    pytest.param("pytestmark = pytest.mark.skipif(tf.__version__ > '2', reason='')\ny = tf.log(x)", id="a mark"),
    pytest.param("tf = pytest.importorskip('tensorflow', '1.15')", id="importorskip"),
    pytest.param("y = tf.log(x) if old else tf.math.log(x)", id="the same name in another place"),
    pytest.param("if old:\n    log = tf.log\nelse:\n    log = tf.math.log", id="the same name in another branch"),
    pytest.param("if environ.get('TF_VERSION') == '1': y = tf.log(x)", id="a variable of the environment"),
    pytest.param("def f(old): return z.old() if hasattr(tf, 'function') else 1", id="a question without its name"),
]
MATCH = f"{PLAIN}def f(x, kind):\n    match kind:\n        case 1:\n            return tf.log(x)\n"


@pytest.mark.parametrize("use", FOR_BOTH)
def test_a_neighbour_for_both_versions_is_no_evidence_for_one(tmp_path: Path, use: str) -> None:
    neighbour = {"deep/y.py": f"{PLAIN}{use}\n"}
    (finding,) = _analyzed(tmp_path, BOTH_HAVE_IT, neighbour, "deep/x.py").findings
    assert (finding.code, finding.after) == ("CVI201", None)
    assert f"{Path('deep', 'y.py')}:" in finding.message
    # Beside a program of TensorFlow 1 too, in the same folder or in one above.
    (finding,) = _analyzed(
        tmp_path, BOTH_HAVE_IT, {**neighbour, "deep/old.py": OLD, "old.py": OLD}, "deep/x.py"
    ).findings
    assert finding.after is None
    # The file itself.
    (finding,) = _analyzed(tmp_path, f"{PLAIN}{use}\n{BOTH_HAVE_IT}", {}, "deep/x.py").findings
    assert finding.after is None


SHOWS = [
    pytest.param("old.py", OLD, True, id="a program of TensorFlow 1"),
    pytest.param("old", f"#!/usr/bin/python\n{OLD}", True, id="a script without a suffix"),
    pytest.param("new.py", f"{PLAIN}tape = tf.GradientTape()\n", False, id="a program of TensorFlow 2"),
    pytest.param("new.ipynb", _notebook(f"{PLAIN}tape = tf.GradientTape()\n"), False, id="a notebook of it"),
    pytest.param("requirements.txt", "tensorflow>=1.4\n", None, id="both are allowed"),
    pytest.param("setup.py", "setup(install_requires=['tensorflow>=1.4.0,!=1.7.*'])\n", None, id="in setup.py"),
    pytest.param("requirements.txt", "# tensorflow==1.14\n", None, id="a comment requires nothing"),
    pytest.param("pyproject.toml", '[tool.poetry.dependencies]\ntensorflow = "^2.4"\n', False, id="poetry"),
    pytest.param("pyproject.toml", 'tensorflow = {version = "~1.15", optional = true}\n', True, id="poetry's table"),
    pytest.param("pyproject.toml", 'tensorflow = "^1.15 || ^2.0"\n', None, id="poetry's alternatives"),
    pytest.param("Dockerfile", "FROM tensorflow/tensorflow:2.1.0-gpu\n", False, id="an image"),
    pytest.param(".travis.yml", "install: pip install tensorflow==2.4\n", False, id="what CI installs"),
    pytest.param(".github/workflows/ci.yml", "- run: pip install tensorflow==1.15\n", True, id="a workflow"),
    pytest.param("install.sh", "pip install 'tensorflow>=1.4'\n", None, id="a script for the shell"),
    pytest.param("new.py", "import pytest\ntf = pytest.importorskip('tensorflow', '2.0')\n", False, id="importorskip"),
    pytest.param(
        *("new.py", MATCH, False),
        marks=pytest.mark.skipif(sys.version_info < (3, 10), reason="Python cannot parse it"),
        id="a statement that no Python of TensorFlow 1 has",
    ),
]


@pytest.mark.parametrize(("name", "text", "is_tf1"), SHOWS)
def test_evidence_is_named_with_file_and_line(tmp_path: Path, name: str, text: str, is_tf1: bool | None) -> None:
    findings = _analyzed(tmp_path, BOTH_HAVE_IT, {name: text}, "deep/x.py").findings
    assert [finding.code for finding in findings] == {True: ["CVI002"], False: [], None: ["CVI201"]}[is_tf1]
    if findings and not text.startswith("# "):
        assert f"{name}:" in findings[0].message
    # Beside evidence for the other version.
    other = {"new_.py": f"{PLAIN}tape = tf.GradientTape()\n"} if is_tf1 else {"old_.py": OLD}
    findings = _analyzed(tmp_path, BOTH_HAVE_IT, {name: text, **other}, "deep/x.py").findings
    assert [finding.code for finding in findings] == ["CVI002" if text.startswith("# ") else "CVI201"]


def test_own_names_of_one_version_decide(tmp_path: Path) -> None:
    tried = f"{OLD}try:\n    from tensorflow.contrib import slim\nexcept ImportError:\n    slim = None\n"
    for source in (
        OLD,
        tried,
        f"{OLD}y = tf.compat.v1.log(x)\n",
        f"{OLD}print(tf.__version__)\n",
        f"{OLD}assert tf.__version__ < '2'\n",
    ):
        others = {"requirements.txt": "tensorflow>=1.4\n"}
        (finding,) = _analyzed(tmp_path, f"{source}{BOTH_HAVE_IT}", others, "x.py").findings
        assert finding.code == "CVI002"
        assert "x.py:2 has `tensorflow.placeholder`" in finding.message


NOTEBOOKS = [
    pytest.param([BOTH_HAVE_IT], None, id="nothing"),
    pytest.param(["%tensorflow_version 2.x\n", BOTH_HAVE_IT], False, id="a magic for 2"),
    pytest.param(["%tensorflow_version 1.x\n", BOTH_HAVE_IT], True, id="a magic for 1"),
    pytest.param(["!pip install -q tensorflow==2.1\n", BOTH_HAVE_IT], False, id="it installs 2"),
    pytest.param(["!pip install tensorflow-gpu==1.15\n", BOTH_HAVE_IT], True, id="it installs 1"),
]


@pytest.mark.parametrize(("cells", "is_tf1"), NOTEBOOKS)
def test_a_notebook_is_a_program_of_its_own(tmp_path: Path, cells: list[str], is_tf1: bool | None) -> None:
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "a.ipynb").write_text(_notebook(*cells))
    findings = analyze(BOTH_HAVE_IT, to="shim", path=tmp_path / "a.ipynb", root=tmp_path).findings
    assert [finding.code for finding in findings] == {True: ["CVI002"], False: [], None: ["CVI201"]}[is_tf1]


# --- What Keras' own would change ------------------------------------------------------------------------------------

W = f"{PLAIN}def f():\n    return tf.get_variable('w', [3, 4], initializer=tf.uniform_unit_scaling_initializer())\n"
PARTITIONED = [
    pytest.param("with tf.variable_scope('n', partitioner=p): f()", id="by keyword"),
    pytest.param("with tf.variable_scope('n', None, None, None, None, None, p): f()", id="by position"),
    pytest.param("with tf.variable_scope('n', **options): f()", id="options"),
    pytest.param("tf.get_variable_scope().set_partitioner(p)", id="set on the scope"),
    pytest.param("tf.get_variable_scope()._partitioner = p", id="the scope's attribute"),
    pytest.param("with tf.variable_scope('n', custom_getter=g): f()", id="a getter may call it again"),
    pytest.param("scope = tf.variable_scope", id="an alias"),
    pytest.param("tf.VariableScope.partitioner = property(p)", id="a property of the class"),
    pytest.param("tf.get_variable_scope().__dict__['_partitioner'] = p", id="a key of __dict__"),
    pytest.param("classifier = Classifier(input_layer_partitioner=p)", id="a partitioner for something else"),
    pytest.param("s = tf.get_variable_scope(); setattr(s, name, p)", id="setattr of a scope with a name"),
    pytest.param("with getattr(net.tf, name)('n', None, p): f()", id="another module's name for TensorFlow"),
]
SEEDED = [
    pytest.param("getattr(tf, 'set_random_seed')(1)", id="getattr"),
    pytest.param("getattr(tf, name)(1)", id="getattr with a computed name"),
    pytest.param("c = RunConfig(**{'tf_random_seed': 1})", id="options"),
    pytest.param("c = tf.estimator.RunConfig('model', 1)", id="by position"),
    pytest.param("setattr(graph, 'seed', 1)", id="setattr"),
    pytest.param("setattr(graph, name, 1)", id="setattr with a computed name"),
    pytest.param("g = session.graph; g.seed = 3", id="a graph by another name"),
    pytest.param("c = RunConfig(); c = c.replace(**options)", id="options of a config"),
    pytest.param("exec('tf.set_random_seed(1)')", id="exec"),
    pytest.param("setattr(tf.get_default_graph(), '_seed', 1)", id="setattr of the default graph"),
    pytest.param("tf.get_default_graph()._seed = 1", id="the private attribute"),
    pytest.param("s = tf.random.set_seed\ns(1)", id="an alias of TensorFlow 2's"),
    pytest.param("from tensorflow.random import set_seed as s\ns(1)", id="an import of TensorFlow 2's"),
    pytest.param("getattr(net.tf, name)(1)", id="another module's name for TensorFlow"),
    pytest.param("operator.attrgetter(name)(tf)(1)", id="attrgetter with a computed name"),
    pytest.param("tf.get_default_graph().__dict__.update(_seed=1)", id="the dict of a graph"),
    pytest.param("class G(tf.Graph): set = lambda self: setattr(self, 'seed', 1)", id="a class of graphs"),
]


@pytest.mark.parametrize("name", ["own", "train", "train.pyw", "train.ipynb"])
@pytest.mark.parametrize("use", [*PARTITIONED, *SEEDED])
def test_keras_own_is_not_written_where_it_would_change_more(tmp_path: Path, use: str, name: str) -> None:
    text = f"{PLAIN}{use}\n"
    others = {} if name == "own" else {name: _notebook(text) if name.endswith("ipynb") else text}
    source = f"{W}{use}\n" if name == "own" else W
    (finding,) = _analyzed(tmp_path, source, others, "net.py", to="keras").findings
    assert finding.effect.value == "same numbers"
    assert ("net.py:4" if name == "own" else f"{name}:") in finding.message


@pytest.mark.parametrize(
    "use",
    [
        "with tf.variable_scope('n', None, [x], None): f()",
        "setattr(self, 'seed', 1)",
        "setattr(x, name, 1)",
        "args.seed = 1; self.seed = config.seed = 3",
        "s = 'call set_random_seed first'",
    ],
)
def test_keras_own_is_written_where_nothing_more_changes(tmp_path: Path, use: str) -> None:
    (finding,) = _analyzed(tmp_path, f"{W}{use}\n", {}, to="keras").findings
    assert finding.effect.value == "same distribution, different numbers"


def test_options_of_the_variable_itself_may_hold_a_partitioner(tmp_path: Path) -> None:
    source = W.replace("()\n)", "()").replace("_initializer())", "_initializer(), **options)")
    (finding,) = _analyzed(tmp_path, source, {}, to="keras").findings
    assert "partitioned" in finding.message


# --- The same as what? -----------------------------------------------------------------------------------------------


def test_a_graph_seed_alone_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = {
        "seeded": ("train.py", f"{PLAIN}tf.set_random_seed(1)\n", 1),
        "script": ("train", f"#!/usr/bin/python\n{PLAIN}getattr(tf, 'set_random_seed')(1)\n", 1),
        "comment": ("train.py", f"{PLAIN}# tf.set_random_seed(1)\n", 0),
    }
    for folder, (name, text, count) in folders.items():
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        Path("net.py").write_text(f"{PLAIN}x = tf.placeholder(1)\ninit = tf.glorot_uniform_initializer()\n")
        Path(name).write_text(text)
        assert main(["migrate"]) == 1
        out = capsys.readouterr().out
        assert out.count("from_meta_graph") == count
        assert out.count(f"{name}:{len(text.splitlines())} sets a graph seed") == count


UPGRADED = [
    pytest.param('scale=1.0, mode="fan_avg", distribution="uniform"', "xavier", id="xavier"),
    pytest.param(
        'scale=1.0, mode="fan_avg", distribution=("uniform" if False else "truncated_normal")', "xavier", id="normal"
    ),
    pytest.param('scale=2.0, mode=("FAN_IN").lower()', "variance_scaling", id="variance scaling"),
    pytest.param("scale=2.0", "variance_scaling", id="contrib's default factor"),
    pytest.param('scale=1.0, mode="fan_in", distribution="uniform"', "", id="the program's own"),
]


@pytest.mark.parametrize(("arguments", "name"), UPGRADED)
@pytest.mark.parametrize("to", ["shim", "keras"])
def test_traces_of_tf_upgrade_v2(arguments: str, name: str, to: Any) -> None:
    source = f"{PLAIN}init = tf.compat.v1.keras.initializers.VarianceScaling({arguments})\n"
    (finding,) = analyze(source, to=to).findings
    assert ("tf_upgrade_v2" in finding.message) == bool(name)
    assert f"contrib.{name}" in finding.message or not name


def test_a_proof_says_what_it_did_not_look_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tensorflow")
    (tmp_path / "x.py").write_text(BOTH_HAVE_IT)
    (tmp_path / "old.py").write_text(OLD)
    main(["migrate", "--prove", "--format", "json", str(tmp_path)])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    proof = file["findings"][0]["proof"]
    assert proof.startswith("proved: the initializer alone, the same bytes in ")
    assert "not looked at: the version of the program (old.py:2 has " in proof


@pytest.mark.parametrize("name", ["text", "json", "html", "sarif", "github", "junit"])
def test_the_note_of_a_graph_seed_is_in_every_format(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"{OLD}tf.set_random_seed(1)\nw = tf.get_variable('w', [3], initializer=tf.glorot_uniform_initializer())\n"
    (tmp_path / "a.py").write_text(text)
    main(["migrate", "--check", "--format", name, "a.py"])
    assert "a.py:3 sets a graph seed" in capsys.readouterr().out


# --- Strings that the program itself looks at ------------------------------------------------------------------------

CHOOSES = "def fc(x, init):\n    if init == 'he_normal':\n        return x\n    raise ValueError(init)\n"
TAKES = [
    pytest.param("fc(x, kernel_initializer='he_normal')", CHOOSES, False, id="a function that compares it"),
    pytest.param("net.fc(x, kernel_initializer='he_normal')", CHOOSES, False, id="of an object"),
    pytest.param(
        "fc(x, initializer='he_normal')",
        "MAKE = {'he_normal': make}\nclass fc:\n    def __init__(self, initializer): self.i = MAKE[initializer]\n",
        False,
        id="a class that looks it up",
    ),
    pytest.param(
        "fc(x, kernel_initializer='he_normal')",
        "def fc(x, init):\n    return tf.layers.dense(x, 3, kernel_initializer=init)\n",
        True,
        id="a function that passes it on",
    ),
    pytest.param("fc(x, kernel_initializer='he_uniform')", CHOOSES, True, id="another string"),
    pytest.param("conv(x, kernel_initializer='he_normal')", CHOOSES, True, id="another function"),
    pytest.param("tf.layers.dense(x, 3, kernel_initializer='he_normal')", CHOOSES, True, id="a layer"),
]


@pytest.mark.parametrize(("call", "other", "is_reported"), TAKES)
def test_a_string_that_a_function_of_the_project_chooses_by(
    tmp_path: Path, call: str, other: str, is_reported: bool
) -> None:
    source = f"{OLD}from lib import conv, fc\ny = {call}\n"
    findings = _analyzed(tmp_path, source, {"lib.py": f"{PLAIN}{other}"}, "train.py").findings
    assert [finding.code for finding in findings] == ["CVI208"] * is_reported
