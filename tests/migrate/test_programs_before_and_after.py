"""Small programs keep all their first values: each runs before and after the migration, and the bytes are compared.

One process runs all programs as they are, and one all that were migrated. Each program here, or one much like it, was
once migrated with "same numbers" and had others, was left in silence, or came near to that.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from running import python

from compat_v1_init.__main__ import main

pytestmark = pytest.mark.slow

TF = "import tensorflow.compat.v1 as tf\n"
LAYER = f"{TF}def layer():\n    return tf.get_variable('w', [3, 4])\n"
UNIT = f"{TF}def layer():\n    return tf.get_variable('w', [4, 4], initializer=tf.uniform_unit_scaling_initializer())\n"
USES = f"import functools, operator\n{TF}import net\nz = lambda s, **_: tf.zeros(s)\n"
HALVES = "p = tf.fixed_size_partitioner(2)\n"
DRAW = "tf.truncated_normal([3, 4], seed=5)"

# What a program does, and whether it is migrated with `--defaults`: its other file draws by default.
SCOPES = {
    "a plain scope": ("with tf.variable_scope('n'): net.layer()", True),
    "a partitioner": (f"{HALVES}with tf.variable_scope('n', partitioner=p): net.layer()", True),
    "a dtype": ("with tf.variable_scope('n', dtype=tf.float64): net.layer()", True),
    "exec in a dict of its own": ("exec('x = ' + '1', {})\nnet.layer()", True),
    "setattr of a scope": ("vs = tf.get_variable_scope()\nsetattr(vs, '_' + 'initializer', z)\nnet.layer()", False),
    "setattr in a `with`": (
        "with tf.variable_scope('n') as s:\n    setattr(s, '_init' + 'ializer', z)\n    net.layer()",
        False,
    ),
    "the dict of a scope": ("tf.get_variable_scope().__dict__.update({'_init' + 'ializer': z})\nnet.layer()", False),
    "getattr of another's": ("with getattr(net.tf, 'variable' + '_scope')('n', None, None, z): net.layer()", False),
    "attrgetter": ("with operator.attrgetter('variable' + '_scope')(tf)('n', None, None, z): net.layer()", False),
    "eval": ("with eval('tf.variable' + '_scope')('n', None, None, z): net.layer()", False),
    "exec": ("text = 'with tf.variable_scope(1 and \"n\", initializer=z): net.layer()'\nexec(text)", False),
    "a decorator": (
        """
def zeros(f):
    def g():
        with tf.variable_scope('n', None, None, z):
            return f()
    return g
zeros(net.layer)()""",
        False,
    ),
}
# With `--to keras`, whether the initializer of the other file becomes plain Keras', with different numbers.
KERAS = {
    "a scope's partitioner by setattr": (
        "vs = tf.get_variable_scope()\nsetattr(vs, '_parti' + 'tioner', p)\nnet.layer()",
        False,
    ),
    "a scope's dict": ("tf.get_variable_scope().__dict__.update({'_parti' + 'tioner': p})\nnet.layer()", False),
    "a scope by another's": ("with getattr(net.tf, 'variable' + '_scope')('n', *[None] * 5, p): net.layer()", False),
    "a seed by another's": ("getattr(net.tf, 'set_' + 'random_seed')(1)\nnet.layer()", False),
    "a seed by attrgetter": ("operator.attrgetter('set_' + 'random_seed')(tf)(1)\nnet.layer()", False),
    "nothing": ("net.layer()", True),
}
SAMPLERS = {
    "partial": f"make = functools.partial(tf.Variable, {DRAW})\nmake()",
    "the rest of a partial": f"make = functools.partial(tf.Variable, trainable=False)\nmake({DRAW})",
    "a list": f"ws = []\nws.append({DRAW})\nvs = [tf.Variable(w) for w in ws]",
    "a dict": f"ws = {{}}\nws['a'] = {DRAW}\nvs = [tf.Variable(w) for w in ws.values()]",
    "a tuple": f"def f():\n    return {DRAW}, tf.zeros([4])\nw, b = f()\nvs = tf.Variable(w), tf.Variable(b)",
    "a generator": f"def f():\n    yield {DRAW}\nfor w in f(): tf.Variable(w)",
    "qr": "q, r = tf.qr(tf.random_normal([4, 4], seed=1))\ntf.Variable(q * tf.sign(tf.diag_part(r)))",
    "options": f"options = dict(initial_value={DRAW})\ntf.Variable(**options)",
    "an attribute of a class": f"class M:\n    w = {DRAW}\n    def f(self): return tf.Variable(self.w)\nM().f()",
    "an initializer of its own": """
def init(shape, dtype=None, partition_info=None):
    return tf.random_uniform(shape, -1, 1, seed=2)
tf.get_variable('w', [3, 4], initializer=init)""",
    "in a function": "def f():\n    import tensorflow.compat.v1 as t\n    t.Variable(t.random_normal([3]))\nf()",
}
HELPER = {
    "net.py": f"{TF}class U:\n    @staticmethod\n    def draw(s):\n        return tf.random_normal(s, seed=3)\n",
    "main.py": f"{USES}w = net.U.draw([3, 4])\ntf.Variable(w)\n",
}

RUNNER = textwrap.dedent(
    """
    import hashlib, json, os, runpy, sys
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    found = {}
    for folder in sys.argv[1:]:
        with tf.Graph().as_default() as graph:
            if not os.path.basename(folder).startswith("keras"):
                graph.seed = 87
            sys.path.insert(0, folder)
            runpy.run_path(os.path.join(folder, "main.py"), run_name="__main__")
            sys.path.remove(folder)
            sys.modules.pop("net", None)
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                values = {each.name: session.run(each) for each in tf.global_variables()}
        found[folder] = {name: hashlib.sha256(value.tobytes()).hexdigest() for name, value in values.items()}
    print(json.dumps(found))
    """
)


def _first_values(folders: list[Path]) -> list[dict[str, str]]:
    done = python("-c", RUNNER, *map(str, folders), TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", seconds=900)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]).values())


def test_first_values_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    programs = [
        ("--defaults", name, {"net.py": LAYER, "main.py": f"{USES}{text}\n"}, is_moved)
        for name, (text, is_moved) in SCOPES.items()
    ]
    programs += [
        ("--to=keras", name, {"net.py": UNIT, "main.py": f"{USES}{HALVES}{text}\n"}, is_moved)
        for name, (text, is_moved) in KERAS.items()
    ]
    programs += [
        ("--to=shim", name, {"net.py": "", "main.py": f"{USES}{text}\n"}, True) for name, text in SAMPLERS.items()
    ]
    programs += [("--to=shim", "a helper", HELPER, True)]
    before, after = [], []
    for number, (option, _, files, _) in enumerate(programs):
        for folders, side in ((before, "before"), (after, "after")):
            folder = tmp_path / side / f"{option.strip('-').replace('to=', '')}{number}"
            (folder / ".git").mkdir(parents=True)
            for name, text in files.items():
                (folder / name).write_text(text)
            folders.append(folder)
        monkeypatch.chdir(after[-1])
        main(["migrate", option, "--write", "--workers", "1", "-q", "."])
    capsys.readouterr()
    wrong = []
    for (option, name, files, is_moved), folder, first, last in zip(
        programs, after, _first_values(before), _first_values(after)
    ):
        texts = [(folder / each).read_text() for each in files]
        moved = any(text != own for text, own in zip(texts, files.values()))
        is_keras = any(".keras.initializers." in text for text in texts)
        assert first, name
        if option == "--to=keras":
            # Different numbers are announced; equal shards are not.
            ok = is_keras == is_moved and len(set(last.values())) == len(last) and list(first) == list(last)
            ok = ok and ("seed" not in name or first == last)
        else:
            ok = moved == is_moved and first == last
        if not ok:
            wrong.append((option, name, moved, first, last))
    assert wrong == []
