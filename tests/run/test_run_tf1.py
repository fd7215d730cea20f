"""`run --tf1`: a program that was written for TensorFlow 1 finds `tensorflow` as it was then."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import importlib.util
import json
import re
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from programs import PROGRAMS, RUN, run_alone, write
from running import ROOT, TESTS, environment

from compat_v1_init._meta_graph.mapping import from_meta_graph
from compat_v1_init._tf1 import importing, names, offer, old_names, seq2seq
from compat_v1_init._tf1.first_weights import _FirstWeights
from compat_v1_init._tf1.hparams import HParams
from compat_v1_init._tf1.mnist import read_data_sets
from compat_v1_init._tf1.program import is_programs
from compat_v1_init._tf1.tables import BECAME, PLACES, TARGETS
from compat_v1_init._tf1.vocabulary import VocabularyProcessor

TF1 = [*RUN, "--tf1"]
GOLDEN = TESTS / "golden"
v1 = tf.compat.v1

# --- Who imports -----------------------------------------------------------------------------------------------------

# A TensorFlow that is quick to import: what it is, is told by the name that both versions have.
FAKE = {
    "tensorflow/__init__.py": "which = 2\nfrom . import compat\n",
    "tensorflow/compat/__init__.py": "from . import v1\n",
    "tensorflow/compat/v1/__init__.py": "which = 1\ndef placeholder(): pass\ndef disable_v2_behavior(): pass\n",
    "tensorflow/compat/v1/nn.py": "relu = 1\n",
    "tensorflow/python/__init__.py": "",
    "tensorflow/python/ops.py": "which = 'private'\n",
}

WHO = """
import importlib, json, multiprocessing, pickle, sys
import tensorflow as tf
import tensorflow
from tensorflow import which
from tensorflow.python import ops
import tensorflow.python.ops as the_same_ops
import tensorflow.compat.v1 as by_name
import own.module

sys.path.append("env/site-packages")
import library

class Saver:
    pass

if __name__ == "__main__":
    names = {}
    exec("import tensorflow; found = tensorflow.which", names)
    print(json.dumps({
        "import as": tf.which, "import": tensorflow.which, "from": which, "private": ops.which,
        "private as": the_same_ops is ops, "compat.v1": by_name.which, "own module": own.module.tf.which,
        "in a function": own.module.inside(), "library": library.tf.which, "a library's function": library.inside(),
        "import_module": importlib.import_module("tensorflow").which, "__import__": __import__("tensorflow").which,
        "exec": names["found"], "pickled": pickle.loads(pickle.dumps(tf)) is tf, "__name__": tf.__name__,
        "spawned": multiprocessing.get_context("spawn").Pool(1).apply(own.module.inside),
        "star": own.module.placeholder.__name__, "missing": hasattr(tf, "missing"), "main": __name__,
        "pickle of __main__": pickle.loads(pickle.dumps(Saver)) is Saver, "version": tf.__version__,
    }))
"""
MODULE = """
from tensorflow import *
import tensorflow as tf

def inside():
    import tensorflow
    return tensorflow.which
"""
LIBRARY = """
import importlib
import tensorflow as tf

def inside():
    return importlib.import_module("tensorflow").which
"""


@pytest.mark.once
@pytest.mark.parametrize("how", [["program.py"], ["-m", "program"], ["folder"]], ids=["a file", "-m", "a folder"])
def test_the_program_gets_tensorflow_1_and_libraries_their_own(how: list[str], tmp_path: Path) -> None:
    for name, source in FAKE.items():
        write(tmp_path / name, source)
    write(tmp_path / "folder" / "__main__.py", WHO)
    write(tmp_path / "program.py", WHO)
    for folder in (tmp_path, tmp_path / "folder"):
        write(folder / "own" / "__init__.py", "")
        write(folder / "own" / "module.py", MODULE)
    write(tmp_path / "env" / "site-packages" / "library.py", LIBRARY)
    search = f"{tmp_path}:{ROOT}".replace(":", ";" if sys.platform == "win32" else ":")
    done = run_alone(*TF1, *how, cwd=tmp_path, PYTHONPATH=search)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "import as": 1, "import": 1, "from": 1, "private": "private", "private as": True, "compat.v1": 1,
        "own module": 1, "in a function": 1, "library": 2, "a library's function": 2, "import_module": 1,
        "__import__": 1, "exec": 1, "pickled": True, "__name__": "tensorflow", "spawned": 1, "star": "placeholder",
        "missing": False, "main": "__main__", "pickle of __main__": True, "version": "1.15.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        pytest.param({"__name__": "__main__"}, True, id="a notebook"),
        pytest.param({"__name__": "model", "__file__": "/home/me/model.py"}, True, id="a module"),
        pytest.param(
            {"__name__": "__main__", "__file__": "/e/lib/site-packages/pytest/x.py"}, False, id="-m a library"
        ),
        pytest.param(
            {"__name__": "x", "__file__": "/usr/lib/python3/dist-packages/x.py"}, False, id="of a distribution"
        ),
        pytest.param(
            {"__name__": "keras.src.x", "__file__": "/home/me/keras/src/x.py"}, False, id="a checkout of Keras"
        ),
        pytest.param({"__name__": "0x1f"}, False, id="a module without a file"),
        pytest.param({}, True, id="exec"),
        pytest.param(vars(json), False, id="Python's own library"),
    ],
)
def test_who_is_the_program(namespace: dict[str, Any], expected: bool) -> None:
    assert is_programs(namespace) is expected


# --- Like Python itself ----------------------------------------------------------------------------------------------

MORE_PROGRAMS = [
    pytest.param("import helper", 1, id="a module of its own that fails"),
    pytest.param("import importlib\nimportlib.import_module('helper')", 1, id="import_module of one that fails"),
    pytest.param(
        "import json, warnings\nwarnings.warn('careful', stacklevel=2)\nimport json.nothing", 1, id="json.nothing"
    ),
    pytest.param("from json import nothing", 1, id="a name that is missing"),
    pytest.param(
        "try:\n    import helper\nexcept Exception:\n    import traceback; traceback.print_exc()", 0, id="caught"
    ),
]


@pytest.mark.once
@pytest.mark.skipif(sys.platform == "win32", reason="where a signal does not show in the exit code")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="one frame of the import shows in a traceback")
@pytest.mark.parametrize(("source", "code"), [*PROGRAMS, *MORE_PROGRAMS])
def test_a_program_does_what_it_does_alone(source: str, code: int, tmp_path: Path) -> None:
    write(tmp_path / "program.py", source)
    write(tmp_path / "helper.py", "def work():\n    import nowhere_either\n\nwork()\n")
    write(tmp_path / "tensorflow" / "__init__.py", "def work():\n    import nowhere_either\n\nwork()\n")
    alone = run_alone("program.py", "a", cwd=tmp_path, stdin="read me")
    under_run = run_alone(*TF1, "program.py", "a", cwd=tmp_path, stdin="read me")
    assert (under_run.stdout, under_run.stderr) == (alone.stdout, alone.stderr)
    assert under_run.returncode == alone.returncode == code


@pytest.mark.once
def test_a_refusal_is_the_last_line_of_the_programs_own_traceback(tmp_path: Path) -> None:
    for name, source in FAKE.items():
        write(tmp_path / name, source)
    write(tmp_path / "program.py", "import tensorflow as tf\nfrom tensorflow.contrib.seq2seq import TrainingHelper\n")
    search = f"{tmp_path}{':' if sys.platform != 'win32' else ';'}{ROOT}"
    done = run_alone(*TF1, "program.py", cwd=tmp_path, PYTHONPATH=search)
    assert done.returncode == 1
    if sys.version_info >= (3, 11):
        assert done.stderr.count("File ") == 1
    assert 'program.py", line 2, in <module>' in done.stderr
    assert done.stderr.endswith(
        "ImportError: tf.contrib.seq2seq.TrainingHelper is not in TensorFlow 2; tensorflow_addons, which is no longer "
        "maintained, took its place\n"
    )


USAGE = [
    pytest.param(["--first-weights-from", __file__, "p.py"], "--first-weights-from needs --tf1: ", id="without --tf1"),
    pytest.param(
        ["--tf1", "--first-weights-from", "no.meta", "p.py"], "--first-weights-from needs the file of", id="none"
    ),
]


@pytest.mark.once
@pytest.mark.parametrize(("given", "text"), USAGE)
def test_bad_usage(given: list[str], text: str, tmp_path: Path) -> None:
    write(tmp_path / "p.py", "")
    done = run_alone(*RUN, *given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"compat-v1-init: {text}")
    assert done.stderr.count("\n") == 1


# --- The offer -------------------------------------------------------------------------------------------------------

OFFER = "compat-v1-init: this program was written for TensorFlow 1; run it by: compat-v1-init run --tf1 PROGRAM\n"


@pytest.mark.once
@pytest.mark.parametrize(
    ("source", "offered"),
    [
        pytest.param("tf.placeholder", True, id="a name of TensorFlow 1"),
        pytest.param("tf.contrib.layers", True, id="contrib"),
        pytest.param("import tensorflow.contrib.slim", True, id="importing contrib"),
        pytest.param("from tensorflow import placeholder", True, id="from"),
        pytest.param("tf.placehodler", False, id="a name that never was"),
        pytest.param("raise AttributeError('placeholder')", False, id="another error"),
        pytest.param("try:\n    tf.placeholder\nexcept AttributeError:\n    pass", False, id="caught"),
    ],
)
def test_run_offers_tf1_after_the_traceback(source: str, offered: bool, tmp_path: Path) -> None:
    for name, text in FAKE.items():
        write(tmp_path / name, text)
    write(tmp_path / "program.py", f"import tensorflow as tf\n{source}\n")
    search = f"{tmp_path}{':' if sys.platform != 'win32' else ';'}{ROOT}"
    done = run_alone(*RUN, "program.py", cwd=tmp_path, PYTHONPATH=search)
    assert done.stderr.endswith(OFFER) is offered
    assert done.stderr.count("run --tf1") == offered


@pytest.mark.parametrize(
    ("provoke", "offered"),
    [
        pytest.param(lambda: tf.set_random_seed, True, id="set_random_seed"),
        pytest.param(lambda: tf.train.AdamOptimizer, True, id="in a module"),
        pytest.param(lambda: tf.contrib, True, id="contrib"),
        pytest.param(lambda: tf.train.AdamOptimiser, False, id="misspelt"),
        pytest.param(lambda: v1.placeholder(tf.float32), True, id="a placeholder in eager mode"),
        pytest.param(lambda: v1.Session().run(tf.constant(1)), True, id="a session in eager mode"),
        pytest.param(
            lambda: v1.train.AdamOptimizer().minimize(tf.constant(1.0)), True, id="an optimizer in eager mode"
        ),
        pytest.param(lambda: tf.reshape(tf.ones([2]), [3]), False, id="an error of any program"),
    ],
)
def test_which_errors_are_of_tensorflow_1(provoke: Any, offered: bool) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is the point
        provoke()
    assert offer.is_of_tf1(caught.value) is offered


# --- The names -------------------------------------------------------------------------------------------------------


def _find(path: str) -> Any:
    found: Any = names._root()
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("path", [*TARGETS, *PLACES])
def test_each_name_of_the_tables_is_there_or_says_what_to_install(path: str) -> None:
    try:
        assert _find(path) is not None
    except AttributeError as error:
        told = str(error)
        assert re.fullmatch(r"tf\.[\w.]+ (is in the package|needs).* (which is not|pip) install.*", told), told


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tensorflow.contrib.seq2seq.BasicDecoder", "tensorflow_addons, which is no longer maintained, took its place"),
        ("tensorflow.contrib.layers.real_valued_column", "tf.feature_column took its place"),
        ("tensorflow.contrib.rnn.LSTMBlockCell", "tf.nn.rnn_cell.LSTMCell took its place"),
        ("tensorflow.contrib.graph_editor.detach", "nothing took its place"),
        ("tensorflow.contrib.no_such_module", "nothing took its place"),
        ("tensorflow.config.experimental_list_devices", "tf.config.list_logical_devices took its place"),
    ],
)
def test_a_name_that_cannot_be_had_says_so_in_a_sentence(path: str, text: str) -> None:
    with pytest.raises(AttributeError) as caught:
        _find(path)
    assert str(caught.value) == f"tf{path[len('tensorflow') :]} is not in TensorFlow 2; {text}"


def test_a_name_that_never_was_has_pythons_own_text() -> None:
    with pytest.raises(AttributeError, match=r"^module 'tensorflow' has no attribute 'placehodler'$"):
        _find("tensorflow.placehodler")
    with pytest.raises(ImportError, match=r"^cannot import name 'placehodler' from 'tensorflow' "):
        names.import_for_program("tensorflow", ["placehodler"])
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'tensorflow\.nothing'$"):
        names.import_for_program("tensorflow.nothing", None)


def test_every_refusal_is_of_a_name_that_the_installed_tensorflow_lacks() -> None:
    """Else the installed one has it again, and the table is wrong."""
    for path in BECAME:
        if not path.startswith("tensorflow.contrib") and path != "tensorflow.examples":
            found: Any = v1
            for part in path.split(".")[1:-1]:
                found = getattr(found, part)
            if tf.__version__.startswith("2.21"):
                assert not hasattr(found, path.rpartition(".")[2]), path


def test_install_and_uninstall_leave_no_trace() -> None:
    import builtins

    before = builtins.__import__, importlib.import_module
    importing.install()
    try:
        assert builtins.__import__ is not before[0]
        assert importlib.import_module("json") is json
    finally:
        importing.uninstall()
    assert (builtins.__import__, importlib.import_module) == before


# --- In a notebook ---------------------------------------------------------------------------------------------------

CELLS = """
import compat_v1_init, sys

class Shell:
    def register_magic_function(self, function, kind, name):
        self.magics = {name: function}

shell = Shell()
compat_v1_init.load_ipython_extension(shell)
del sys.modules["__main__"].__file__  # A notebook has none.
shell.magics["tf1"]("")
import tensorflow as tf
import multiprocessing, own.module
print(tf.which, own.module.tf.which)
try:
    shell.magics["tf1"]("")
except RuntimeError as error:
    print(error)
"""


@pytest.mark.once
def test_the_magic_of_a_notebook(tmp_path: Path) -> None:
    for name, source in {**FAKE, "own/module.py": MODULE, "cells.py": CELLS}.items():
        write(tmp_path / name, source)
    search = f"{tmp_path}{':' if sys.platform != 'win32' else ';'}{ROOT}"
    done = run_alone("cells.py", cwd=tmp_path, PYTHONPATH=search)
    told = "%tf1 must come before TensorFlow is imported. Restart the kernel, and run it first."
    assert (done.returncode, done.stdout) == (0, f"1 1\n{told}\n"), done.stderr


# --- The programs ----------------------------------------------------------------------------------------------------

STYLES = json.loads((GOLDEN / "tf1_scripts.json").read_text(encoding="utf-8"))
NEEDED = {
    "flags": ("tf_slim", "tf.contrib.framework.get_or_create_global_step"),
    "slim_net": ("tf_slim", "tf.contrib.layers"),
    "estimator": ("tensorflow_estimator", "tf.estimator"),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Returns what all programs did, one after the other in one process, with the report and what it wrote."""
    folder = tmp_path_factory.mktemp("programs")
    options = ["--report=report.json", "--first-weights-from", str(GOLDEN / "tf1_scripts_vae.pb")]
    done = subprocess.run(
        [sys.executable, *TF1, *options, str(GOLDEN / "make_tf1_scripts.py"), "out.json"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # All programs at once, and on a machine that has other work.
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {**found, "report": report["draws"], "stderr": done.stderr}


needs_keras_2 = pytest.mark.skipif(
    tf.__version__ >= "2.16" and importlib.util.find_spec("tf_keras") is None, reason="needs Keras 2"
)


@needs_keras_2
@pytest.mark.parametrize("style", STYLES)
def test_a_program_begins_with_the_bytes_of_tensorflow_1(style: str, programs: dict[str, Any]) -> None:
    """Those with op seeds by themselves, the one with a graph seed alone by the file of its old graph."""
    package, _ = NEEDED.get(style, ("tensorflow", ""))
    result = programs[style]
    if importlib.util.find_spec(package) is None and result["error"]:
        assert f"pip install {package}" in result["error"]
        return
    assert result["error"] is None, programs["stderr"][-3000:]
    assert result["variables"] == STYLES[style]["variables"]
    assert result["steps"] > 0


@needs_keras_2
def test_the_report_names_each_first_weight_and_its_seeds(programs: dict[str, Any]) -> None:
    seeds = {draw["variable"]: (draw["seed"], draw["seed2"]) for draw in programs["report"]}
    assert seeds["head"] == (87654321, 2)  # Of a sampler, whose ops do not lie in the variable's scope.
    assert seeds["generator/dense/kernel"][1] == 5


@needs_keras_2
def test_what_got_no_first_weight_is_told(programs: dict[str, Any]) -> None:
    lines = programs["stderr"].splitlines()
    (first,) = [line for line in lines if " began with the values of " in line]
    assert re.match(r"compat-v1-init: 18 of \d+ variables began with the values of ", first)
    assert "  not eval/l1/kernel: no variable of the graph has its name" in lines


# --- First weights ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", [False, True], ids=["a reference", "a resource"])
@pytest.mark.parametrize("sampler", [False, True], ids=["get_variable", "Variable"])
def test_a_variable_gets_its_first_value_from_a_file(resource: bool, sampler: bool, tmp_path: Path) -> None:
    def build(seed: int, shape: tuple[int, ...] = (3, 4)) -> Any:
        v1.set_random_seed(seed)
        if sampler:
            return v1.Variable(v1.random_normal(shape), name="w", use_resource=resource)
        return v1.get_variable("w", shape, use_resource=resource)

    path = str(tmp_path / "model.meta")
    with tf.Graph().as_default(), v1.Session() as session:
        old = build(1)
        session.run(v1.global_variables_initializer())
        expected = session.run(old)
        v1.train.export_meta_graph(path)
    first_weights = _FirstWeights(from_meta_graph(path))
    with tf.Graph().as_default(), v1.Session() as session:
        new = build(2)
        first_weights(new)
        session.run(v1.global_variables_initializer())
        assert session.run(new).tobytes() == expected.tobytes()
        assert first_weights.given == ["w"]
    with tf.Graph().as_default():
        first_weights(build(2, (4, 4)))
        first_weights(v1.get_variable("other", [1]))
    assert first_weights.left == {
        "w": "its shape is (4, 4), in the graph it is [3, 4]",
        "other": "no variable of the graph has its name",
    }


def test_numpy_has_its_old_names_again(monkeypatch: pytest.MonkeyPatch) -> None:
    had = types.ModuleType("numpy")
    had.__dict__.update(float64=np.float64, inf=np.inf, bool="NumPy's own", pad=np.pad, lib=types.ModuleType("lib"))
    monkeypatch.setitem(sys.modules, "numpy", had)
    old_names._of_numpy()
    assert (had.float, had.float_, had.Inf, had.bool) == (float, np.float64, np.inf, "NumPy's own")  # type: ignore[attr-defined]
    assert not hasattr(had, "NaN")
    assert had.lib.pad is np.pad  # type: ignore[attr-defined]
    assert had.asscalar(np.array([2.5])) == 2.5  # type: ignore[attr-defined]


# --- What contrib and the tutorials had ------------------------------------------------------------------------------


def test_mnist_comes_in_the_batches_of_tensorflow_1(tmp_path: Path) -> None:
    numbers = np.random.RandomState(0)
    for part, count in (("train", 300), ("t10k", 50)):
        for kind, code, shape in (("images-idx3", 3, (count, 28, 28)), ("labels-idx1", 1, (count,))):
            data = numbers.randint(0, 10, shape).astype(np.uint8)
            head = b"\0\0\x08" + bytes([code]) + np.array(shape, ">u4").tobytes()
            (tmp_path / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + data.tobytes(), 1))
    with tf.Graph().as_default():
        mnist = read_data_sets(tmp_path, one_hot=True, validation_size=100, seed=3)
        digest = hashlib.sha256()
        for _ in range(5):
            for array in mnist.train.next_batch(64):
                digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(mnist.test.next_batch(7, shuffle=False)[0].tobytes())
    assert (mnist.train.num_examples, mnist.validation.num_examples, mnist.train.epochs_completed) == (200, 100, 1)
    assert digest.hexdigest() == MNIST_OF_TF1
    with pytest.raises(FileNotFoundError, match="put the file t"):
        read_data_sets(tmp_path / "elsewhere")


MNIST_OF_TF1 = "2f36020030826fadd1aa4c033ddc5acb2d3a3b274920b55ba487121b38f59b35"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rate=1", {"rate": 1.0}),
        (" units = [4, 2] , name = b", {"units": [4, 2], "name": "b"}),
        ("units[1]=9", {"units": [8, 9]}),
        ("flag=false", {"flag": False}),
        ("", {}),
    ],
)
def test_hparams_are_set_by_text(text: str, expected: dict[str, Any]) -> None:
    start: dict[str, Any] = {"rate": 0.1, "units": [8, 8], "name": "a", "flag": True}
    assert HParams(**start).parse(text).values() == {**start, **expected}


@pytest.mark.parametrize("text", ["nothing=1", "rate=fast", "rate=[1,2]", "rate", "flag=2", "units[0]=x"])
def test_hparams_refuse(text: str) -> None:
    with pytest.raises(ValueError, match=r"nothing|rate|flag|units"):
        HParams(rate=0.1, units=[8, 8], flag=True).parse(text)


# TensorFlow 1.15.5 gave these numbers for these texts.
TEXTS = [
    "A cat, a dog; and a CATalog of HTMLParsers",
    "the dog's cat-flap",
    "",
    "dog dog dog cat cat ein_wort 12 34 fin",
]
VOCABULARIES = [
    ({}, [[1, 2, 3, 4, 5], [11, 12, 13, 0, 0], [0] * 5, [4, 4, 4, 2, 2]], 18, [3, 0, 2, 0, 0]),
    ({"min_frequency": 1}, [[0, 2, 3, 1, 0], [0] * 5, [0] * 5, [1, 1, 1, 2, 2]], 4, [3, 0, 2, 0, 0]),
    (
        {"tokenizer_fn": lambda texts: [text.split() for text in texts]},
        [[1, 2, 3, 4, 5], [9, 10, 11, 0, 0], [0] * 5, [12, 12, 12, 13, 13]],
        18,
        [3, 0, 13, 0, 0],
    ),
]


@pytest.mark.parametrize(("given", "numbers", "size", "new"), VOCABULARIES, ids=["all", "frequent", "own tokens"])
def test_the_vocabulary_of_contrib(
    given: dict[str, Any], numbers: list[Any], size: int, new: list[int], tmp_path: Path
) -> None:
    processor = VocabularyProcessor(5, **given)
    assert np.array(list(processor.fit_transform(TEXTS))).tolist() == numbers
    if "tokenizer_fn" not in given:  # Which pickle refuses.
        processor.save(str(tmp_path / "saved"))
        processor = VocabularyProcessor.restore(str(tmp_path / "saved"))
    assert len(processor.vocabulary_) == size
    assert next(processor.transform(["a new cat"])).tolist() == new
    assert list(processor.reverse([[0, 1]])) == [f"<UNK> {processor.vocabulary_.reverse(1)}"]


def test_the_decoder_and_the_losses_of_legacy_seq2seq() -> None:
    def cell(value: Any, state: Any) -> tuple[Any, Any]:
        w = v1.get_variable("w", [2, 2], initializer=v1.constant_initializer([1.0, 2.0, 3.0, 4.0]))
        state = tf.matmul(value, w) + state
        return state, state

    x = np.arange(12, dtype=np.float32).reshape(3, 2, 2) / 10
    w = np.float32([[1, 2], [3, 4]])
    weights = np.float32([[1, 0.5], [1, 0], [1, 2]])
    with tf.Graph().as_default(), v1.Session() as session:
        outputs, state = seq2seq.rnn_decoder(list(map(tf.constant, x)), tf.zeros([2, 2]), cell)
        fed, _ = seq2seq.rnn_decoder(
            [tf.constant(x[0])] * 3, tf.zeros([2, 2]), cell, lambda previous, i: previous / i, "b"
        )
        given = (outputs, [tf.constant([0, 1])] * 3, list(map(tf.constant, weights)))
        losses = [
            seq2seq.sequence_loss_by_example(*given),
            seq2seq.sequence_loss_by_example(*given, average_across_timesteps=False),
            seq2seq.legacy_sequence_loss(*given),
            seq2seq.legacy_sequence_loss(*given, average_across_batch=False),
        ]
        session.run(v1.global_variables_initializer())
        assert [v.op.name for v in v1.trainable_variables()] == ["rnn_decoder/w", "b/w"]
        outputs, state, fed, losses = session.run((outputs, state, fed, losses))
    first = x[0] @ w
    np.testing.assert_allclose(outputs, np.cumsum(x @ w, axis=0), rtol=1e-5)
    np.testing.assert_allclose(fed[1], first @ w + first, rtol=1e-5)
    assert state.tobytes() == outputs[-1].tobytes()
    logs = np.log(np.exp(outputs).sum(-1)) - np.stack([np.array(outputs)[:, 0, 0], np.array(outputs)[:, 1, 1]], 1)
    summed = (logs * weights).sum(0)
    mean = summed / weights.sum(0)
    for loss, expected in zip(losses, (mean, summed, mean.mean(), mean.sum())):
        np.testing.assert_allclose(loss, expected, rtol=1e-5)
    with pytest.raises(ValueError, match="Lengths of logits, weights, and targets must be the same 3, 3, 2"):
        seq2seq.sequence_loss_by_example([1] * 3, [1] * 2, [1] * 3)


def test_names_that_python_and_scipy_had(monkeypatch: pytest.MonkeyPatch) -> None:
    linalg = types.ModuleType("scipy.sparse.linalg")
    linalg.__dict__.update(eigsh=len)
    monkeypatch.setattr(sys, "modules", {**sys.modules, "scipy.sparse.linalg": linalg})
    old_names._of_scipy()
    assert importlib.import_module("scipy.sparse.linalg.eigen.arpack").eigsh is len
    module = types.SimpleNamespace(there=1)
    old_names._add(module, {"there": 2, "missing": 3})
    assert vars(module) == {"there": 1, "missing": 3}


def test_k_means_takes_the_seed_that_it_is_given() -> None:
    from compat_v1_init._tf1.factorization import KMeans

    with tf.Graph().as_default() as graph:
        v1.set_random_seed(7)
        KMeans(tf.zeros([9, 2]), 3, random_seed=5).training_graph()
        functions = graph.as_graph_def().library.function
    seeds = {node.attr["seed2"].i for each in functions for node in each.node_def if node.op == "RandomUniformInt"}
    assert seeds == {5}
