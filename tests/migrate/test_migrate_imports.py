"""Import statements: what is moved, added and dropped, and that nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from migrating import PLAIN, SHIM, V1, analyze, migrated, reported, unbroken

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.findings import Target, apply

CONTRIB = "from tensorflow.contrib.layers import"
OURS = "from compat_v1_init.contrib import"

FROM_IMPORTS = [
    pytest.param(f"{CONTRIB} xavier_initializer", f"{OURS} xavier_initializer", id="one name"),
    pytest.param(f"{CONTRIB} xavier_initializer as x", f"{OURS} xavier_initializer as x", id="another name"),
    pytest.param(f"{CONTRIB} xavier_initializer  # why", f"{OURS} xavier_initializer  # why", id="a comment"),
    pytest.param(f"{CONTRIB} (xavier_initializer)", f"{OURS} (xavier_initializer)", id="parentheses"),
    pytest.param(
        f"{CONTRIB} conv2d, xavier_initializer", f"{OURS} xavier_initializer\n{CONTRIB} conv2d", id="last of two"
    ),
    pytest.param(
        f"{CONTRIB} xavier_initializer, conv2d", f"{OURS} xavier_initializer\n{CONTRIB} conv2d", id="first of two"
    ),
    pytest.param(
        f"{CONTRIB} a, xavier_initializer as x, b",
        f"{OURS} xavier_initializer as x\n{CONTRIB} a, b",
        id="middle of three",
    ),
    pytest.param(
        f"{CONTRIB} (a,  # one\n  xavier_initializer,  # two\n  b,  # three\n)",
        f"{OURS} xavier_initializer\n{CONTRIB} (a,  # one\n  # two\n  b,  # three\n)",
        id="several lines",
    ),
    pytest.param(
        f"{CONTRIB} (a,\n  xavier_initializer,\n)", f"{OURS} xavier_initializer\n{CONTRIB} (a,\n)", id="a last comma"
    ),
    pytest.param(
        f"{CONTRIB} a, \\\n  xavier_initializer", f"{OURS} xavier_initializer\n{CONTRIB} a", id="a continued line"
    ),
    pytest.param(
        f"if x: {CONTRIB} a, xavier_initializer",
        f"if x: {CONTRIB} a; {OURS} xavier_initializer",
        id="on the line of an if",
    ),
    pytest.param(
        f"x = 1; {CONTRIB} a, xavier_initializer; y = 2",
        f"x = 1; {CONTRIB} a; {OURS} xavier_initializer; y = 2",
        id="between semicolons",
    ),
    pytest.param(
        f"def f():\n\t{CONTRIB} a, xavier_initializer\n\treturn a",
        f"def f():\n\t{CONTRIB} a\n\t{OURS} xavier_initializer\n\treturn a",
        id="in a function, with tabs",
    ),
    pytest.param(
        "from tensorflow import glorot_uniform_initializer, variance_scaling_initializer as v",
        "from compat_v1_init import glorot_uniform_initializer, variance_scaling_initializer as v",
        id="two names of the family",
    ),
    pytest.param(
        "from tensorflow.compat.v1.initializers import he_normal as h, tables_initializer",
        "from compat_v1_init.initializers import he_normal as h\n"
        "from tensorflow.compat.v1.initializers import tables_initializer",
        id="initializers",
    ),
    pytest.param(
        "from tensorflow.python.ops.init_ops import VarianceScaling",
        "from compat_v1_init import variance_scaling_initializer as VarianceScaling",
        id="a class",
    ),
    pytest.param(
        "from tensorflow.python.ops.init_ops import VarianceScaling as V",
        "from compat_v1_init import variance_scaling_initializer as V",
        id="a class under another name",
    ),
    pytest.param(
        "from tensorflow.python.ops.init_ops import VarianceScaling, he_normal",
        "from compat_v1_init import variance_scaling_initializer as VarianceScaling\n"
        "from compat_v1_init.initializers import he_normal",
        id="into two modules",
    ),
    pytest.param(
        "from tensorflow.contrib.slim import xavier_initializer_conv2d",
        f"{OURS} xavier_initializer_conv2d",
        id="contrib.slim",
    ),
    pytest.param("from tf_slim import xavier_initializer", f"{OURS} xavier_initializer", id="tf_slim"),
    pytest.param("from tf_slim.layers import xavier_initializer", f"{OURS} xavier_initializer", id="tf_slim.layers"),
    pytest.param(
        f"try:\n  {CONTRIB} xavier_initializer\nexcept ImportError:\n  from tf_slim import xavier_initializer",
        f"try:\n  {OURS} xavier_initializer\nexcept ImportError:\n  {OURS} xavier_initializer",
        id="guarded, both of the family",
    ),
]


@pytest.mark.parametrize(("before", "after"), FROM_IMPORTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_from_imports(before: str, after: str, newline: str) -> None:
    assert migrated(before.replace("\n", newline) + newline, "shim") == after.replace("\n", newline) + newline


SORTED = [
    pytest.param(
        f"import os\n\nfrom absl import app\nfrom keras import layers\n{CONTRIB} xavier_initializer\n",
        f"import os\n\nfrom absl import app\n{OURS} xavier_initializer\nfrom keras import layers\n",
        id="before others",
    ),
    pytest.param(
        f"import numpy as np\n{PLAIN}from keras import layers\n{CONTRIB} xavier_initializer\n",
        f"import numpy as np\n{PLAIN}{OURS} xavier_initializer\nfrom keras import layers\n",
        id="the first of the from imports",
    ),
    pytest.param(
        f"import numpy as np\n{PLAIN}{CONTRIB} xavier_initializer  # why\n",
        f"import numpy as np\n{PLAIN}{OURS} xavier_initializer  # why\n",
        id="in place, with its comment",
    ),
    pytest.param(
        f"{CONTRIB} xavier_initializer\nfrom keras import layers\nimport os\n",
        f"{OURS} xavier_initializer\nfrom keras import layers\nimport os\n",
        id="in place, where nothing is sorted",
    ),
]


@pytest.mark.parametrize(("before", "after"), SORTED)
def test_a_from_import_goes_where_isort_puts_it(before: str, after: str) -> None:
    use = "\nx = xavier_initializer()\ntf.no_op()\n"
    assert migrated(before + use, "shim") == after + use
    for finding in analyze(before + use, to="shim").findings:
        assert finding.after is not None
        assert finding.after.count("xavier_initializer") == 1


UNUSED = [
    pytest.param(f"{PLAIN}{CONTRIB} xavier_initializer\ntf.no_op()\n", f"{PLAIN}tf.no_op()\n", id="alone"),
    pytest.param(
        f"{PLAIN}{CONTRIB} conv2d, xavier_initializer\nconv2d(tf)\n",
        f"{PLAIN}{CONTRIB} conv2d\nconv2d(tf)\n",
        id="of several",
    ),
    pytest.param(
        f"{PLAIN}{CONTRIB} xavier_initializer as x\ntf.no_op()\n", f"{PLAIN}tf.no_op()\n", id="by another name"
    ),
    pytest.param(
        f"{CONTRIB} xavier_initializer\nfrom tensorflow import glorot_uniform_initializer\n"
        "x = glorot_uniform_initializer()\n",
        "from compat_v1_init import glorot_uniform_initializer\nx = glorot_uniform_initializer()\n",
        id="beside one that is used",
    ),
]


@pytest.mark.parametrize("to", ["shim", "keras"])
@pytest.mark.parametrize(("before", "after"), UNUSED)
def test_an_import_of_the_family_that_nothing_uses_is_removed(
    tmp_path: Path, before: str, after: str, to: Target
) -> None:
    analysis = analyze(before, to=to, path=tmp_path / "a.py", root=tmp_path)
    if to == "shim":
        assert apply(before, analysis.edits) == after
    assert CONTRIB + " xavier" not in apply(before, analysis.edits)
    removed = next(finding for finding in analysis.findings if "xavier" in finding.before)
    assert removed.message == "Nothing uses the import, so it is removed."
    assert "xavier" not in (removed.after or "")


STAYS = [
    pytest.param("__all__ = ['xavier_initializer']\n", id="in __all__"),
    pytest.param("def f(x: 'xavier_initializer'): pass\n", id="in an annotation"),
    pytest.param("y = globals()\n", id="beside globals"),
]


@pytest.mark.parametrize("rest", STAYS)
def test_an_import_of_the_family_that_may_be_used_is_moved(tmp_path: Path, rest: str) -> None:
    source = f"{CONTRIB} xavier_initializer\n{rest}"
    assert migrated(source, "shim", tmp_path / "a.py", tmp_path) == f"{OURS} xavier_initializer\n{rest}"


def test_numbers_are_not_promised_of_an_import_that_nothing_uses(tmp_path: Path) -> None:
    source = f"{CONTRIB} xavier_initializer\n"
    (tmp_path / "b.py").write_text("from a import *\n")
    for path in (None, tmp_path / "a.py", tmp_path / "__init__.py"):
        (finding,) = analyze(source, to="shim", path=path, root=tmp_path).findings
        assert finding.message == "The import becomes this package's; nothing in this file uses it."


def test_a_from_import_at_the_end_of_a_file_without_newline() -> None:
    assert migrated(f"{CONTRIB} a, xavier_initializer", "shim") == f"{OURS} xavier_initializer\n{CONTRIB} a"


FALLBACKS = [
    f"try:\n    {CONTRIB} xavier_initializer\nexcept ImportError:\n    from mine import xavier_initializer\n",
    f"try:\n    {CONTRIB} xavier_initializer\nexcept ImportError:\n    def xavier_initializer(): pass\n",
    f"try:\n    {CONTRIB} xavier_initializer as x\nexcept ImportError:\n    x = mine()\n",
]


@pytest.mark.parametrize("source", FALLBACKS, ids=["another import", "a function", "a value"])
def test_an_import_with_another_fallback_is_left_for_a_person(source: str) -> None:
    assert reported(source) == ["CVI203"]


W = "w = tf.get_variable('w', [3], initializer={}())\n"
USE = "x = tf.glorot_uniform_initializer()\ntf.no_op()\n"
MOVED_USE = "x = compat_v1_init.glorot_uniform_initializer()\ntf.no_op()\n"
ADDED = [
    pytest.param(PLAIN, SHIM + PLAIN, id="before TensorFlow's, as isort has it"),
    pytest.param(f"import a\n{PLAIN}import b\n", f"import a\n{PLAIN}{SHIM}import b\n", id="among others, unsorted"),
    pytest.param(
        f"{PLAIN}import tensorflow.contrib as c\n",
        f"{SHIM}{PLAIN}import tensorflow.contrib as c\n",
        id="the first of several",
    ),
    pytest.param(
        f"try:\n  {PLAIN}except ImportError:\n  tf = None\n",
        f"try:\n  {SHIM}  {PLAIN}except ImportError:\n  tf = None\n",
        id="try",
    ),
    pytest.param(f"{PLAIN[:-1]}  # why\n", f"{SHIM}{PLAIN[:-1]}  # why\n", id="beside a comment"),
    pytest.param(f"{PLAIN[:-1]}; import b\n", f"{PLAIN[:-1]}; import b\n{SHIM}", id="after a line of two"),
    pytest.param(f"{PLAIN[:-1]}; b = [\n1]\n", f"{PLAIN[:-1]}; b = [\n1]\n{SHIM}", id="after a statement that goes on"),
    pytest.param(f"{SHIM}{PLAIN}", f"{SHIM}{PLAIN}", id="already there"),
    pytest.param(
        f"{PLAIN}import compat_v1_init, b\n", f"{PLAIN}import compat_v1_init, b\n", id="already there, with others"
    ),
    pytest.param(
        f"#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n{PLAIN}",
        f"#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n{SHIM}{PLAIN}",
        id="below a cookie",
    ),
    pytest.param(f"\x0c\n{PLAIN}", f"\x0c\n{SHIM}{PLAIN}", id="below a form feed"),
    pytest.param(
        f"{PLAIN}import b\ntf.set_random_seed(7)\nfrom tensorflow.data import a\n",
        f"{PLAIN}{SHIM}import b\ntf.set_random_seed(7)\nfrom tensorflow.data import a\n",
        id="at the top, not behind an import below other code",
    ),
    pytest.param(
        f"import b\n{PLAIN}\ntf.set_random_seed(7)\nfrom tensorflow.data import a\n",
        f"import b\n{SHIM}{PLAIN}\ntf.set_random_seed(7)\nfrom tensorflow.data import a\n",
        id="at the top, sorted",
    ),
    pytest.param(
        f"{PLAIN}import b\nif tf.__version__ > '2':\n  from tensorflow.compat import v1\n__all__ = []\n"
        "from tensorflow.data import a\nimport c\n",
        f"{PLAIN}import b\nif tf.__version__ > '2':\n  from tensorflow.compat import v1\n__all__ = []\n"
        f"from tensorflow.data import a\n{SHIM}import c\n",
        id="below what may be between imports",
    ),
    pytest.param(
        f"import b\nimport a\nprint(b)\nimport tensorflow.data\n{PLAIN}import b\n",
        f"import b\nimport a\nprint(b)\nimport tensorflow.data\n{PLAIN}{SHIM}import b\n",
        id="TensorFlow's itself is below other code",
    ),
    pytest.param(
        f"a = [1]\n{PLAIN}b = 2\n",
        f"a = [1]\n{SHIM}{PLAIN}b = 2\n",
        id="TensorFlow's itself is below other code, and sorted",
    ),
]


ISORTED = [
    pytest.param(
        f"import os\nimport sys\n\nimport numpy as np\n{PLAIN}\nfrom mine import x\n",
        f"import os\nimport sys\n\n{SHIM}import numpy as np\n{PLAIN}\nfrom mine import x\n",
        id="the first of its section",
    ),
    pytest.param(
        f"import os\n\nimport absl\nimport numpy as np\n{PLAIN}from absl import app\n",
        f"import os\n\nimport absl\n{SHIM}import numpy as np\n{PLAIN}from absl import app\n",
        id="inside of its section",
    ),
    pytest.param(
        "import os\n\nfrom tensorflow.compat import v1 as tf\n",
        f"import os\n\n{SHIM}from tensorflow.compat import v1 as tf\n",
        id="before the from imports",
    ),
    pytest.param(
        f"import os\n\nfrom absl import app\nimport numpy as np\n{PLAIN}",
        f"import os\n\nfrom absl import app\n{SHIM}import numpy as np\n{PLAIN}",
        id="where both kinds are sorted together",
    ),
    pytest.param(
        f"import os\n\n# What we draw with.\n{PLAIN}",
        f"import os\n\n{SHIM}# What we draw with.\n{PLAIN}",
        id="above the comment of the next",
    ),
    pytest.param(
        f"import os\nos.environ['A'] = '1'\n{PLAIN}",
        f"import os\n\n{SHIM}os.environ['A'] = '1'\n{PLAIN}",
        id="at the top, where the next line is code",
    ),
    pytest.param(
        "from __future__ import division\n\nimport os\nimport sys\n\nfrom mine.compat import *\n",
        f"from __future__ import division\n\nimport os\nimport sys\n\n{SHIM}\nfrom mine.compat import *\n",
        id="below the standard library's, where tf comes by a star",
    ),
    pytest.param("from .compat import tf\n", f"{SHIM}\nfrom .compat import tf\n", id="above relative imports"),
]


@pytest.mark.parametrize(("before", "after"), ISORTED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_import_goes_where_isort_puts_it(tmp_path: Path, before: str, after: str, newline: str) -> None:
    (tmp_path / "mine").mkdir()
    for folder in (tmp_path, tmp_path / "mine"):
        (folder / "compat.py").write_text(PLAIN)
    (tmp_path / "mine" / "__init__.py").write_text("")
    given = (before + "\n\n" + USE).replace("\n", newline)
    result = migrated(given, "shim", tmp_path / "model.py", tmp_path)
    assert result == (after + "\n\n" + MOVED_USE).replace("\n", newline)


@pytest.mark.parametrize(("first", "second"), [("\r\n", "\n"), ("\n", "\r\n")], ids=["CRLF first", "LF first"])
def test_an_import_among_mixed_ends_of_lines(first: str, second: str) -> None:
    head = f"import zlib{first}{second}import numpy{first}import tensorflow as tf{second}"
    assert migrated(head + USE, "shim") == head.replace("import numpy", f"import compat_v1_init{first}import numpy") + (
        MOVED_USE
    )
    head = f"import a{first}{second}import os{first}import tensorflow as tf{second}"
    assert migrated(head + USE, "shim") == f"{head}import compat_v1_init{second}{MOVED_USE}"


TENSORFLOW_THERE = [
    pytest.param("try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n", id="tried"),
    pytest.param("from compat import *\n", id="by a star"),
    pytest.param("from compat import tf\n", id="from the project"),
    pytest.param("if True:\n    import tensorflow as tf\n", id="under a condition"),
]


@pytest.mark.parametrize("head", TENSORFLOW_THERE)
def test_tensorflow_is_not_imported_twice(tmp_path: Path, head: str) -> None:
    (tmp_path / "compat.py").write_text(PLAIN)
    source = f"{head}{CONTRIB} xavier_initializer\n{W.format('xavier_initializer')}"
    after = migrated(source, "keras", tmp_path / "model.py", tmp_path)
    assert after == head + W.format("tf.keras.initializers.GlorotUniform")


@pytest.mark.parametrize(("before", "after"), ADDED)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_added(before: str, after: str, newline: str) -> None:
    assert migrated((before + USE).replace("\n", newline), "shim") == (after + MOVED_USE).replace("\n", newline)


LAZY = "def f():\n    global tf\n    import tensorflow as tf\n    tf.no_op()\n    return {}()\n"
HEADS = [
    pytest.param("", f"{SHIM}\n\n", id="nothing"),
    pytest.param('"""Doc."""\n', f'"""Doc."""\n\n{SHIM}\n\n', id="a docstring"),
    pytest.param("# A comment.\n\n", f"# A comment.\n\n{SHIM}\n\n", id="a comment"),
    pytest.param(
        '"""Doc."""\nfrom __future__ import print_function\n',
        f'"""Doc."""\nfrom __future__ import print_function\n\n{SHIM}',
        id="the future",
    ),
]


@pytest.mark.parametrize(("before", "after"), HEADS)
def test_added_at_the_top_where_a_function_imports_tensorflow_for_all(before: str, after: str) -> None:
    source = before + LAZY.format("tf.glorot_uniform_initializer")
    assert migrated(source, "shim") == after + LAZY.format("compat_v1_init.glorot_uniform_initializer")


def test_added_inside_a_compound_statement_that_imports_and_uses() -> None:
    body = "if x:\n{}    import tensorflow as tf\n    y = tf.no_op, {}\n"
    assert migrated(body.format("", "tf.glorot_uniform_initializer()"), "shim") == body.format(
        f"    {SHIM}", "compat_v1_init.glorot_uniform_initializer()"
    )


@pytest.mark.parametrize(
    "taken", ["compat_v1_init = 1", "def f(compat_v1_init): pass", "for compat_v1_init in x: pass"]
)
def test_a_name_that_is_taken_is_not_used(taken: str) -> None:
    assert migrated(f"{PLAIN}{taken}\n{USE}", "shim") == (
        f"import compat_v1_init as compat_v1_init_\n{PLAIN}{taken}\n{MOVED_USE.replace('init.', 'init_.')}"
    )


def test_the_name_that_the_package_already_has_is_used() -> None:
    source = f"import compat_v1_init as c\n{PLAIN}{USE}"
    assert migrated(source, "shim") == f"import compat_v1_init as c\n{PLAIN}{MOVED_USE.replace('compat_v1_init', 'c')}"


ONLY = "x = tf.glorot_uniform_initializer()\n"
MOVED_ONLY = "x = compat_v1_init.glorot_uniform_initializer()\n"
DROPPED = [
    pytest.param(PLAIN, SHIM, id="the only use"),
    pytest.param(f"{PLAIN[:-1]}  # noqa\n", SHIM, id="with its comment"),
    pytest.param("import a, tensorflow as tf, b\n", f"import a, b\n{SHIM}", id="among others"),
    pytest.param("from tensorflow.compat import v1 as tf\n", SHIM, id="from"),
]


@pytest.mark.parametrize(("before", "after"), DROPPED)
def test_an_import_that_the_edits_leave_unused_is_dropped(before: str, after: str) -> None:
    assert migrated(before + ONLY, "shim") == after + MOVED_ONLY


KEPT = [
    pytest.param(f"{PLAIN}__all__ = ['tf']\n", id="in __all__"),
    pytest.param(f"{PLAIN}def f(x: 'tf.Tensor'): pass\n", id="in an annotation in quotes"),
    pytest.param(f"{PLAIN}y = 1  # type: tf.Tensor\n", id="in a type comment"),
    pytest.param(f"{PLAIN}y = eval('t' + 'f')\n", id="beside eval"),
    pytest.param(f"{PLAIN}y = timeit('a()', 'from __main__ import tf')\n", id="imported in a string"),
    pytest.param(f'{PLAIN}def f():\n    """F.\n\n    >>> tf.zeros([1])\n    """\n', id="in a doctest"),
    pytest.param(f"{PLAIN}y = globals()\n", id="beside globals"),
    pytest.param(f"try:\n    {PLAIN}except ImportError:\n    pass\n", id="the only statement of a try"),
    pytest.param(
        f"import tensorflow.contrib.slim as unused\n{PLAIN}y = tf\n", id="unused before, which is not our business"
    ),
]


@pytest.mark.parametrize("head", KEPT)
def test_other_imports_are_kept(head: str) -> None:
    after = migrated(head + ONLY, "shim")
    assert after.endswith(MOVED_ONLY)
    assert all(line in after.splitlines() for line in head.splitlines())


def test_a_package_keeps_what_it_hands_on() -> None:
    source = PLAIN + ONLY
    analysis = analyze(source, to="shim", path=Path("pkg/__init__.py"))
    assert apply(source, analysis.edits) == SHIM + PLAIN + MOVED_ONLY


NEIGHBOURS = [
    pytest.param("from model import *\n", True, id="all names"),
    pytest.param("from .model import build, tf\n", True, id="the name"),
    pytest.param("from pkg.model import (tf)\n", True, id="the name in parentheses"),
    pytest.param(
        "from pkg.model import (  # (all)\n    build,  # it\n    tf,\n)\n", True, id="the name, some lines on"
    ),
    pytest.param("from model import build, \\\n    tf\n", True, id="the name on a continued line"),
    pytest.param("def f():\n    from model import tf as t\n", True, id="in a function"),
    pytest.param("import model\nmodel.tf.zeros([1])\n", True, id="an attribute of the module"),
    pytest.param("import model as m\nm.tf.zeros([1])\n", True, id="an attribute of the module by another name"),
    pytest.param("from pkg import (\n    other,\n    model,\n)\nmodel.tf.zeros([1])\n", True, id="of several modules"),
    pytest.param("from pkg import model\nx = getattr(model, 'tf')\n", True, id="getattr"),
    pytest.param("from unittest import mock\nmock.patch('pkg.model.tf')\n", True, id="patched in a test"),
    pytest.param("import pkg\npkg.model.tf.zeros([1])\n", True, id="by way of the package"),
    pytest.param("import lib as l\nx = [l.nets.model.tf]\n", True, id="by way of several packages"),
    pytest.param("m = importlib.import_module('pkg.model')\nm.tf.zeros([1])\n", True, id="import_module"),
    pytest.param(
        "from lib import nets\nn = nets.model\nn.tf.zeros([1])\n", True, id="the module by another name later"
    ),
    pytest.param("exec(open('model.py').read())\ntf.zeros([1])\n", True, id="executed"),
    pytest.param("import model\nglobals().update(vars(model))\n", True, id="all names, by vars"),
    pytest.param("from pkg import model as m\nglobals().update(m.__dict__)\n", True, id="all names, by __dict__"),
    pytest.param("import model\nfor k in dir(model):\n    use(getattr(model, k))\n", True, id="each name, by dir"),
    pytest.param("import pkg.model as m\nx = getattr(m, name)\n", True, id="a name that the program makes"),
    pytest.param("import inspect, model\ninspect.getmembers(model)\n", True, id="each member"),
    pytest.param(
        "m = import_module('pkg.model')\nlocals().update(vars(m))\n", True, id="all names, imported by a call"
    ),
    pytest.param("import sys, model\nvars(sys.modules['pkg.model'])\n", True, id="all names, by sys.modules"),
    pytest.param("import model\nattrgetter('tf.zeros')(model)\n", True, id="the first name of a path"),
    pytest.param("import model\nprint(vars(args), dir(model_dir), args.__dict__)\n", False, id="vars of others"),
    pytest.param("import model\nx = getattr(model, 'build')\n", False, id="another name, by getattr"),
    pytest.param("from model import build\n", False, id="another name"),
    pytest.param("from model import build\nbuild(self.tf, 'tf')\n", False, id="another name, and another tf"),
    pytest.param("from remodel import tf\n", False, id="another module"),
    pytest.param("import model\n", False, id="the module"),
    pytest.param("import model\nmodel.build()\n# see www.tf.org\n", False, id="the module for something else"),
    pytest.param("import tensorflow as tf\n", False, id="TensorFlow itself"),
]


@pytest.mark.parametrize(
    "place", ["main.py", "train/exp/run.py", "lib/nets/__init__.py", "notebooks/a.ipynb", "fast.pyx", "tool"]
)
@pytest.mark.parametrize(("neighbour", "is_kept"), NEIGHBOURS)
def test_a_module_keeps_what_the_project_takes_from_it(
    tmp_path: Path, neighbour: str, is_kept: bool, place: str
) -> None:
    other = tmp_path / place
    other.parent.mkdir(parents=True, exist_ok=True)
    if other.suffix == ".ipynb":
        lines = neighbour.splitlines(keepends=True)
        neighbour = json.dumps({"cells": [{"cell_type": "code", "source": lines}], "nbformat": 4}, indent=1)
    other.write_text("#!/usr/bin/env python\n" + neighbour if place == "tool" else neighbour)
    module = tmp_path / "lib" / "nets" / "model.py"
    module.parent.mkdir(parents=True, exist_ok=True)
    assert migrated(PLAIN + ONLY, "shim", module, tmp_path) == SHIM + (PLAIN if is_kept else "") + MOVED_ONLY


@pytest.mark.parametrize("arguments", [["."], ["lib/nets/init.py"]], ids=["the folder", "the file"])
def test_the_whole_tree_is_asked_where_nothing_marks_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    module, user = tmp_path / "lib" / "nets" / "init.py", tmp_path / "train" / "exp" / "run.py"
    for file, text in ((module, V1 + ONLY), (user, "from lib.nets.init import *\nprint(tf.zeros([1]))\n")):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["migrate", "--write", *arguments]) == 0
    assert module.read_text().startswith(SHIM + V1)


def test_uses_of_an_imported_name_follow_their_import() -> None:
    source = f"{CONTRIB} xavier_initializer\nx = xavier_initializer(seed=1)\n"
    findings = analyze(source, to="shim").findings
    assert [(found.line, found.before, found.after) for found in findings] == [
        (1, f"{CONTRIB} xavier_initializer", f"{OURS} xavier_initializer"),
        (2, "xavier_initializer(seed=1)", "xavier_initializer(seed=1)"),
    ]


@pytest.mark.parametrize("to", ["shim", "keras"])
@pytest.mark.parametrize(
    "source",
    [
        f"{CONTRIB} xavier_initializer{{}}\nx = xavier_initializer()\n",
        f"{PLAIN}g = tf.glorot_uniform_initializer{{}}\nx = g()\n",
    ],
    ids=["import", "alias"],
)
def test_a_name_stays_with_its_import_or_alias(source: str, to: Target) -> None:
    assert analyze(source.format(""), to=to).findings
    assert analyze(source.format("  # compat-v1-init: ignore"), to=to).findings == ()


def test_one_line_that_imports_and_uses() -> None:
    source = "import tensorflow as tf; x = tf.glorot_uniform_initializer(); tf.no_op()\n"
    assert migrated(source, "shim") == (
        "import tensorflow as tf; import compat_v1_init; x = compat_v1_init.glorot_uniform_initializer(); tf.no_op()\n"
    )


# --- To Keras --------------------------------------------------------------------------------------------------------


def test_keras_takes_the_place_of_an_imported_name_and_its_import() -> None:
    source = f"{PLAIN}{CONTRIB} xavier_initializer\nw = tf.get_variable('w', [3], initializer=xavier_initializer())\n"
    assert migrated(source, "keras") == (
        f"{PLAIN}w = tf.get_variable('w', [3], initializer=tf.keras.initializers.GlorotUniform())\n"
    )


def test_keras_leaves_an_imported_name_that_is_also_used_otherwise() -> None:
    source = f"{PLAIN}{CONTRIB} xavier_initializer\nw = tf.get_variable('w', [3], initializer=xavier_initializer())\n"
    assert migrated(source + "y = xavier_initializer\n", "keras") == (
        f"{PLAIN}{OURS} xavier_initializer\n"
        "w = tf.get_variable('w', [3], initializer=tf.keras.initializers.GlorotUniform())\ny = xavier_initializer\n"
    )


PLAIN_TENSORFLOW = [
    pytest.param(PLAIN, "tf.glorot_uniform_initializer", PLAIN, "tf", id="the name that is there"),
    pytest.param(
        "import tensorflow as X\ntf = X.compat.v1\n",
        "X.glorot_uniform_initializer",
        "import tensorflow as X\ntf = X.compat.v1\n",
        "X",
        id="another",
    ),
    pytest.param(
        "import tensorflow.compat.v1 as tf\n",
        "tf.glorot_uniform_initializer",
        "import tensorflow\nimport tensorflow.compat.v1 as tf\n",
        "tensorflow",
        id="compat.v1, whose keras is another",
    ),
    pytest.param(
        "import tensorflow.compat.v1 as tf\nimport tensorflow as tf2\n",
        "tf.glorot_uniform_initializer",
        "import tensorflow.compat.v1 as tf\nimport tensorflow as tf2\n",
        "tf2",
        id="both",
    ),
    pytest.param(
        "import tensorflow.compat.v1 as tf\ntensorflow = 1\n",
        "tf.glorot_uniform_initializer",
        "import tensorflow as tensorflow_\nimport tensorflow.compat.v1 as tf\ntensorflow = 1\n",
        "tensorflow_",
        id="neither name free",
    ),
]


@pytest.mark.parametrize(("before", "name", "after", "tensorflow"), PLAIN_TENSORFLOW)
def test_keras_is_reached_by_plain_tensorflow(before: str, name: str, after: str, tensorflow: str) -> None:
    assert unbroken(migrated(before + W.format(name), "keras")) == (
        after + W.format(f"{tensorflow}.keras.initializers.GlorotUniform")
    )


def test_an_import_that_is_tried_is_used_afterwards() -> None:
    source = (
        "import tensorflow as tf\n\n\ndef init():\n    try:\n"
        "        from tensorflow.contrib.layers import xavier_initializer\n    except ImportError:\n        raise\n"
        "    return xavier_initializer(seed=1)\n\n\ntf.no_op()\n"
    )
    after = source.replace("tensorflow.contrib.layers", "compat_v1_init.contrib")
    assert migrated(source, "keras") == migrated(source, "shim") == after


IN_PLACE = [
    pytest.param("import os\nimport sys\n\nNEW\n\n", id="the only one of its section"),
    pytest.param("NEW\n\n# Ours.\nfrom mine import x\n\nx()\n", id="a comment below it"),
    pytest.param("import absl\nNEW\nimport numpy\n\nabsl, numpy\n", id="between others"),
]


@pytest.mark.parametrize("source", IN_PLACE)
def test_an_import_takes_the_place_of_the_one_that_goes(source: str) -> None:
    before = source.replace("NEW", PLAIN.strip()) + "w = tf.glorot_uniform_initializer(seed=1)\n"
    after = source.replace("NEW", SHIM.strip()) + "w = compat_v1_init.glorot_uniform_initializer(seed=1)\n"
    assert migrated(before, "shim") == after


CHAINS = [
    pytest.param("import lib\nlib.nets.slim.conv2d(x)\n", True, id="by way of the package"),
    pytest.param("import lib as l\nf(l.nets.slim)\n", True, id="by way of another name of the package"),
    pytest.param("from lib import nets\nnets.slim.conv2d(x)\n", True, id="of the module"),
    pytest.param("import lib\nlib.nets.build()\n", False, id="another member"),
    pytest.param("import lib\nlib.other.slim()\n", False, id="of another module"),
]


@pytest.mark.parametrize(("neighbour", "is_kept"), CHAINS)
def test_a_module_keeps_any_name_that_is_reached_by_its_package(tmp_path: Path, neighbour: str, is_kept: bool) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "__init__.py").write_text("from . import nets\n")
    (tmp_path / "main.py").write_text(neighbour)
    line = "from tensorflow.contrib import slim\n"
    source = f"{line}def build():\n    return slim.xavier_initializer()\n"
    assert (line in migrated(source, "shim", tmp_path / "lib" / "nets.py", tmp_path)) == is_kept


DENSE = "def f():\n    return tf.get_variable('w', [3], initializer={}glorot_uniform_initializer())\n"
OPTIONAL = [
    pytest.param(
        "try:\n    import tensorflow as tf\nexcept ImportError:\n    print('no TensorFlow')\n",
        "try:\n    import compat_v1_init\n    import tensorflow as tf\n"
        "except ImportError:\n    print('no TensorFlow')\n",
        id="a try that only prints",
    ),
    pytest.param(
        "try: import tensorflow as tf\nexcept Exception: tf = None\n",
        "try: import compat_v1_init; import tensorflow as tf\nexcept Exception: tf = None\n",
        id="a try on one line",
    ),
    pytest.param(
        "try:\n    import zlib\n\n    import numpy\n    import tensorflow as tf\nexcept:\n    tf = None\n",
        "try:\n    import zlib\n\n    import compat_v1_init\n    import numpy\n    import tensorflow as tf\n"
        "except:\n    tf = None\n",
        id="among sorted imports in a try",
    ),
    pytest.param(
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import tensorflow as tf\n",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import compat_v1_init\n"
        "    import tensorflow as tf\n",
        id="suppress",
    ),
    pytest.param(
        "if there:\n    import tensorflow as tf\n",
        "if there:\n    import compat_v1_init\n    import tensorflow as tf\n",
        id="under a condition",
    ),
    pytest.param(
        "if one:\n    import tensorflow.compat.v1 as tf\nelif two:\n    import tensorflow as tf\n",
        "if one:\n    import compat_v1_init\n    import tensorflow.compat.v1 as tf\n"
        "elif two:\n    import compat_v1_init\n    import tensorflow as tf\n",
        id="in two branches of three",
    ),
]
NEEDED = [
    pytest.param(
        "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    import tensorflow as tf\n",
        id="two ways to import it",
    ),
    pytest.param(
        "try:\n    import tensorflow as tf\nexcept ImportError:\n    raise ImportError('install it')\n", id="an error"
    ),
    pytest.param(
        "import sys\ntry:\n    import tensorflow as tf\nexcept ImportError:\n    sys.exit('install it')\n", id="an exit"
    ),
    pytest.param("if one:\n    import tensorflow.compat.v1 as tf\nelse:\n    import tensorflow as tf\n", id="an else"),
    pytest.param("try:\n    import tensorflow as tf\nexcept AttributeError:\n    pass\n", id="another error"),
]


@pytest.mark.parametrize(("head", "after"), OPTIONAL)
def test_a_program_that_works_without_tensorflow_still_does(head: str, after: str) -> None:
    new = migrated(head + DENSE.format("tf."), "shim")
    assert unbroken(new) == unbroken(after + DENSE.format("compat_v1_init."))
    more = migrated(new + "x = tf.random_normal([3])\n", "shim", samplers=True)
    assert more == new + "x = compat_v1_init.random.normal([3])\n"


@pytest.mark.parametrize("head", NEEDED)
def test_an_import_without_which_the_program_does_not_work(head: str) -> None:
    after = migrated(head + DENSE.format("tf."), "shim")
    assert unbroken(after) == unbroken(f"{head}import compat_v1_init\n{DENSE.format('compat_v1_init.')}")


@pytest.mark.parametrize("to", ["shim", "keras"])
@pytest.mark.parametrize("name", ["tensorflow", "tensorflow.compat.v1"])
def test_an_import_in_a_function_gets_no_import_at_the_top(name: str, to: Target) -> None:
    source = DENSE.format("tf.").replace(":\n", f":\n    import {name} as tf\n", 1)
    after = migrated(source, to)
    assert after.startswith("def f():\n    import ")
    assert after.count("import ") == (1 if (name, to) == ("tensorflow", "keras") else 2)
    assert "glorot_uniform_initializer" not in after or "compat_v1_init.glorot_uniform_initializer" in after


FIRST = "X = __import__('tensorflow').compat.v1.glorot_uniform_initializer()\n"
BLANK = [
    pytest.param(
        f'"""Doc."""\n\n\ndef f():\n    {FIRST}', '"""Doc."""\n\nimport compat_v1_init\n\n\ndef', id="a function"
    ),
    pytest.param(f'"""Doc."""\n{FIRST}', '"""Doc."""\n\nimport compat_v1_init\n\nX', id="no blank line before"),
    pytest.param(
        f"# Copyright\n\n# Of X.\n{FIRST}", "# Copyright\n\nimport compat_v1_init\n\n# Of X.\nX", id="comments"
    ),
    pytest.param(f"# Copyright\n{FIRST}", "# Copyright\nimport compat_v1_init\n\nX", id="a comment of the file"),
]


@pytest.mark.parametrize(("source", "beginning"), BLANK)
def test_blank_lines_are_around_the_first_import(source: str, beginning: str) -> None:
    assert migrated(source, "shim").startswith(beginning)


def test_numpy_goes_with_the_dtype_that_used_it() -> None:
    source = f"import numpy as np\n{PLAIN}def f(x):\n    return tf.layers.dense(x, 3, kernel_initializer={{}})\n"
    before = source.format("tf.glorot_uniform_initializer(dtype=np.float32)")
    assert "numpy" not in migrated(before, "keras")
    assert "numpy" in migrated(before + "y = np.zeros(3)\n", "keras")
    assert "numpy" in migrated(before, "shim")
