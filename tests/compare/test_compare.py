"""The command `compare`: what a program's variables had at first, before and after, and why they differ."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from programs import write

import compat_v1_init
from compat_v1_init.__main__ import main
from compat_v1_init._compare import command, program, trees
from compat_v1_init._compare.differences import compare
from compat_v1_init._compare.records import Draw, Process, Record, Value, Variable, read
from compat_v1_init._compare.report import FORMATS, Report

PACKAGE = Path(compat_v1_init.__file__).parent
RECORDER = PACKAGE / "_compare" / "recorder.py"
# A Python with TensorFlow 1.15, as `nox -s golden` makes one.
OTHER_PYTHON = os.environ.get("COMPAT_V1_INIT_TF1_PYTHON")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE.parent))
    return tmp_path


# --- Real programs ---------------------------------------------------------------------------------------------------

# Every way in which a variable gets its first value. `CHANGED` stands for what the program after the migration has.
PROGRAM = """
import os
import sys
import tensorflow as tf

v1 = tf.compat.v1
CHANGED = {changed}


def graph_and_session(seed):
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(seed)
        v1.get_variable("seeded", [3, 4], initializer=v1.variance_scaling_initializer(seed=6 if CHANGED else 5))
        v1.get_variable("from_graph", [2, 2], use_resource=False)
        v1.get_variable("parts", [4, 2], partitioner=v1.fixed_size_partitioner(2))
        w = v1.Variable(tf.random.truncated_normal([3], stddev=0.1), name="after" if CHANGED else "before")
        v1.get_variable("count", [], tf.int32, initializer=v1.zeros_initializer(), collections=["local_variables"])
        if not CHANGED:
            v1.get_variable("gone", [7], initializer=v1.ones_initializer())
        noise = tf.nn.dropout(w, rate=0.5)
        step = v1.assign_add(w, noise)
        init = v1.global_variables_initializer()
        scaffold = v1.train.Scaffold(init_op=init)
        with v1.train.MonitoredTrainingSession(scaffold=scaffold) as session:
            session.run(step)
            print(graph.version, session.run(w).tolist())
        with v1.Session() as session:
            session.make_callable(init)()
            session.run(init)
            print(graph.version, graph.finalized, session.run(w).tolist())


def eager():
    tf.random.set_seed(3)
    with tf.GradientTape() as tape:
        tf.Variable(tf.random.normal([3]), name="normal")
    print(len(tape.watched_variables()))
    tf.Variable(lambda: v1.glorot_normal_initializer(seed=4)([3, 4]), name="called")

    class Module(tf.Module):
        w = None

        @tf.function
        def __call__(self):
            if self.w is None:
                self.w = tf.Variable(tf.random.uniform([4], seed=2), name="in_function")
            return self.w.assign_add(self.w)

    module = Module()
    print(module().numpy().tolist(), tf.random.normal([2]).numpy().tolist())


if __name__ == "__main__":
    if hasattr(os, "fork"):  # Before TensorFlow has threads.
        child = os.fork()
        if not child:
            graph_and_session(8)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
    eager()
    graph_and_session(7)
"""


@pytest.mark.slow
def test_a_program_is_compared_and_not_changed(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    processes = range(2 if hasattr(os, "fork") else 1)
    for name, changed in (("old", False), ("new", True)):
        write(here / name / "train.py", PROGRAM.format(changed=changed))
    alone = subprocess.run(
        [sys.executable, "train.py"], cwd=here / "old", capture_output=True, text=True, check=True, timeout=300
    )
    assert (
        main(["compare", "--run", "--format", "json", "--output-file", "found.json", "old", "new", "--", "train.py"])
        == 1
    )
    # It has the numbers and the number of ops that it has alone, also where they come after those that are recorded.
    assert len(alone.stdout.splitlines()) == 2 + 2 * len(processes)
    printed = capfd.readouterr().err
    assert all(line in printed for line in alone.stdout.splitlines())
    found = json.loads((here / "found.json").read_text(encoding="utf-8"))
    assert found["equal"] is False
    assert found["troubles"] == []
    results = {(row["name"], row["process"]): row["result"] for row in found["variables"]}
    expected = {(name, 0): "equal" for name in ("normal", "called", "in_function")}
    for process in processes:
        expected |= {
            ("seeded", process): "other seed",
            ("from_graph", process): "equal",
            ("parts/part_0", process): "equal",
            ("parts/part_1", process): "equal",
            ("before", process): "renamed",
            ("gone", process): "missing",
            ("count", process): "equal",
        }
    assert results == expected
    seeded = next(row for row in found["variables"] if row["name"] == "seeded")
    assert [seeded[side]["draws"][0]["seeds"] for side in ("old", "new")] == [[7, 5], [7, 6]]
    assert seeded["old"]["draws"][0]["kernel"] == seeded["new"]["draws"][0]["kernel"] == "truncated_normal"
    assert seeded["old"]["draws"][0]["bounds"] == seeded["new"]["draws"][0]["bounds"]
    # The drop-out of each graph, and the last line of `eager`.
    assert [row["result"] for row in found["draws"]] == ["equal"] * (1 + len(processes))
    # Each graph was initialised in two Sessions, in the second one twice.
    assert found["counts"]["values"] == 3 + len(processes) * (6 * 3 + 1)
    assert sorted(path.name for path in here.iterdir()) == ["found.json", "new", "old"]


KERAS = """
import tensorflow as tf
from compat_v1_init.keras._which import the_keras
keras = the_keras()
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.layers.Dense(2, kernel_initializer=keras.initializers.GlorotNormal(seed={seed}))])
model.build([None, 3])
"""


@pytest.mark.slow
def test_keras(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, seed in (("old", 1), ("new", 2)):
        write(here / name / "train.py", KERAS.format(seed=seed))
    assert main(["compare", "old", "new", "--", "train.py"]) == 1
    out = capsys.readouterr().out
    assert "2 variables: 1 equal, 1 differs" in out
    assert "kernel: other seed" in out


TF1 = """
import tensorflow{module} as tf
{edit}
tf.set_random_seed(7)
tf.get_variable("from_graph", [3, 4])
tf.get_variable("from_op", [3, 4], initializer=tf.orthogonal_initializer(seed=1))
w = tf.Variable(tf.truncated_normal([4, 2], seed={seed}), name="w")
noise = tf.nn.dropout(w, 0.5, seed=3)
# Alone, and of a size that the graph does not know.
grown = tf.Variable([], validate_shape=False, name="grown")
tf.train.export_meta_graph({file!r})
with tf.Session() as session:
    session.run(grown.initializer)
with tf.train.MonitoredTrainingSession() as session:
    session.run(noise)
"""
V1 = {"module": ".compat.v1", "edit": "tf.disable_v2_behavior()"}


@pytest.mark.slow
def test_a_side_under_tf1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The draw that the program itself would begin with is none of its other draws."""
    file = str(here / "old.meta")
    write(here / "old" / "train.py", TF1.format(**V1, seed=5, file=file))
    write(here / "new" / "train.py", TF1.format(module="", edit="", seed=6, file=str(here / "new.meta")))
    write(here / "old.meta", "")
    assert main(["compare", "--tf1", "--first-weights-from", "old.meta", "old", "new", "--", "train.py"]) == 0
    out = capsys.readouterr().out
    assert f"under run --tf1 --first-weights-from {file}\n" in out
    assert "4 variables, 5 values: 4 equal\n1 other draw: 1 equal\n" in out


@pytest.mark.skipif(OTHER_PYTHON is None, reason="COMPAT_V1_INIT_TF1_PYTHON names no Python with TensorFlow 1.15")
def test_against_tensorflow_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(here / "old.meta")
    # Only TensorFlow 1 writes the file.
    source = TF1.format(module="", edit="import sys", seed=6, file=file)
    source = source.replace("tf.train.export", "sys.version_info < (3, 8) and tf.train.export")
    write(here / "tree" / "train.py", source)
    command = ["compare", "--old-python", str(OTHER_PYTHON), "--tf1"]
    assert main([*command, "tree", "--", "train.py"]) == 1
    out = capsys.readouterr().out
    assert "TensorFlow 1.15" in out
    assert "4 variables, 5 values: 3 equal, 1 differs" in out
    assert "from_graph: other seed: before 2.2 TensorFlow took a missing op seed from the number of ops" in out
    assert main([*command, "--first-weights-from", file, "tree", "--", "train.py"]) == 0


# --- One sentence ----------------------------------------------------------------------------------------------------

# A TensorFlow that the recorder cannot watch.
STUB = "__version__ = '2.99'\n"


@pytest.mark.once
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        pytest.param("raise ValueError('too deep')", "failed with exit code 1: ValueError: too deep", id="raises"),
        pytest.param("import sys; sys.exit(3)", "failed with exit code 3", id="an exit code"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL", id="a signal"),
        pytest.param(
            "open('data/none')",
            "failed with exit code 1: FileNotFoundError: [Errno 2] No such file or directory: 'data/none'. It ran in a "
            "copy of its files; --in-place runs it in its own folder",
            id="a file that is not there",
        ),
        pytest.param("print('hello')", "never imported TensorFlow", id="no TensorFlow"),
        pytest.param("import tensorflow", "initialized no variable", id="no variable"),
    ],
)
def test_a_program_that_gives_nothing_to_compare(
    source: str, sentence: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(here / "tree" / "train.py", source)
    write(here / "tree" / "tensorflow.py", STUB)
    assert main(["compare", "--run", "tree", "--", "train.py"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert f"compat-v1-init: the program of OLD (tree) {sentence}" in err.splitlines()[-1]


@pytest.mark.once
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(["tree", "tree"], "compare needs a program, for example", id="no program"),
        pytest.param(["tree", "--", "train.py"], "compare needs a second tree NEW, or --run", id="one tree"),
        pytest.param(
            ["--run", "nowhere", "--", "train.py"],
            "nowhere is neither a folder nor a revision of a git repository",
            id="no tree",
        ),
        pytest.param(
            ["--run", "tree", "--", "other.py"],
            "compare needs a program that both trees have. OLD (tree) has no other.py",
            id="a program that is not there",
        ),
        pytest.param(
            ["--old-python", "nowhere", "tree", "--", "train.py"],
            "--old-python needs a Python that can be run. Received: nowhere",
            id="no Python",
        ),
        pytest.param(
            ["--old-python", "true", "tree", "--", "train.py"], "--old-python needs a Python. Received: true", id="true"
        ),
    ],
)
def test_wrong_command_lines(
    given: list[str], sentence: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "tree" / "train.py", "")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(here.parent))
    assert main(["compare", *given]) == 2
    assert f"compat-v1-init: {sentence}" in capsys.readouterr().err


@pytest.mark.once
def test_all_behind_the_dashes_is_the_programs(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(here / "tree" / "train.py", "import sys; sys.exit(str(sys.argv[1:]))")
    given = ["--run", "-h", "--", "--format", "x"]
    assert main(["compare", "--run", "tree", "--", "train.py", *given]) == 2
    assert f"failed with exit code 1: {given}" in capfd.readouterr().err


# --- Trees -----------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_copy_leaves_out_what_no_program_needs(here: Path) -> None:
    for name in ("a.py", "data/x.txt", ".git/config", "__pycache__/a.pyc", "venv/pyvenv.cfg", "sub/.git"):
        write(here / "tree" / name, name)
    write(here / "outside.txt", "out there")
    (here / "tree" / "data" / "out").symlink_to("../../outside.txt")
    (here / "tree" / "data" / "in").symlink_to("x.txt")
    tree = trees.lay_out("tree", here / "copy", in_place=False)
    found = {path.relative_to(tree.folder).as_posix() for path in tree.folder.rglob("*") if path.is_file()}
    assert found == {"a.py", "data/x.txt", "data/out", "data/in"}
    assert (tree.folder / "data" / "out").read_text(encoding="utf-8") == "out there"
    assert str((tree.folder / "data" / "in").readlink()) == "x.txt"
    assert trees.lay_out("tree", here / "no", in_place=True).folder == here / "tree"


@pytest.mark.once
def test_a_revision_leaves_the_repository_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*arguments: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", *who, *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S607

    git("init", "-q")
    write(here / "sub" / "train.py", "first")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    write(here / "sub" / "train.py", "second")
    git("add", ".")
    write(here / "sub" / "train.py", "third")
    before = git("status", "--porcelain"), git("worktree", "list")
    monkeypatch.chdir(here / "sub")
    tree = trees.lay_out("HEAD", here / "out", in_place=False)
    assert (tree.folder / "train.py").read_text(encoding="utf-8") == "first"
    assert (tree.source, tree.repository) == (None, here)
    shutil.rmtree(here / "out")
    (here / "out.index").unlink()
    monkeypatch.chdir(here)
    assert (git("status", "--porcelain"), git("worktree", "list")) == before


@pytest.mark.once
@pytest.mark.parametrize(
    ("file", "old", "new", "is_strange"),
    [
        pytest.param("/new/net.py", "/old", "/new", True, id="the other's"),
        pytest.param("/old/net.py", "/old", "/new", False, id="its own, of which it has a copy"),
        pytest.param("/new/old/net.py", "/new/old", "/new", False, id="its own, inside of the other"),
        pytest.param("/old/net.py", "/old", "/old", False, id="one tree"),
        pytest.param("/repository/net.py", None, "/repository", True, id="the working tree's, not the revision's"),
        pytest.param("/copy/net.py", "/old", "/new", False, id="of the copy"),
        pytest.param(str(PACKAGE / "_run.py"), "/old", str(PACKAGE.parent), False, id="this package"),
    ],
)
def test_a_program_that_imports_the_others_files(file: str, old: str | None, new: str, is_strange: bool) -> None:
    tree = trees.Tree(Path("/copy"), old and Path(old), None if old else Path("/repository"))
    other = trees.Tree(Path("/other"), Path(new), None)
    watched = [path for path in (tree.source, tree.repository, other.source) if path]
    assert command._of_the_other([file], tree, other, watched) == (file if is_strange else None)


# --- What differs ----------------------------------------------------------------------------------------------------


def _draw(kernel: str = "random_normal", seeds: Any = (1, 2), bounds: Any = (0.0, 1.0)) -> Draw:
    return Draw(kernel, seeds, bounds, "float32", is_stateless=False)


def _value(sha: str | None, *draws: Draw, shape: tuple[int, ...] = (2,), dtype: str = "float32") -> Value:
    return Value(shape, dtype, sha, ("0.5",), draws, None if sha else "it is on another machine")


def _record(*variables: tuple[str, Any], draws: tuple[Draw, ...] = (), tensorflow: str = "2.21.0") -> Record:
    found = tuple(Variable(name, values if isinstance(values, list) else (values,)) for name, values in variables)  # type: ignore[arg-type]
    return _of(Process(is_first=True, program=("t.py",), variables=found, draws=draws), tensorflow=tensorflow)


def _of(*processes: Process, tensorflow: str = "2.21.0") -> Record:
    return Record("3.12.1", tensorflow, processes, (), (), patched=False, restored=False)


ONE, TWO = _draw(seeds=(1, 0)), _draw(seeds=(1, 1))
DIFFERENCES = [
    pytest.param([("a", _value("x", ONE))], [("a", _value("x", ONE))], ["equal"], "", id="equal"),
    pytest.param([("a", _value("x", ONE))], [("a", _value("x"))], ["equal"], "", id="the bytes decide"),
    pytest.param([("a", _value("x", ONE))], [("a", _value("y", TWO))], ["other seed"], "", id="seed"),
    pytest.param(
        [("a", _value("x", ONE))],
        [("a", _value("y", _draw(seeds=(1, 0), bounds=(0.0, 2.0))))],
        ["other bounds"],
        "",
        id="bounds",
    ),
    pytest.param(
        [("a", _value("x", ONE))],
        [("a", _value("y", _draw("truncated_normal")))],
        ["other distribution"],
        "",
        id="kernel",
    ),
    pytest.param(
        [("a", _value("x", _draw(bounds=())))],
        [("a", _value("y", TWO))],
        ["other seed"],
        "",
        id="bounds of which nothing is known",
    ),
    pytest.param([("a", _value("x", ONE))], [("a", _value("y"))], ["other initializer"], "", id="no draw any more"),
    pytest.param([("a", _value("x"))], [("a", _value("y"))], ["other values"], "neither is drawn", id="constants"),
    pytest.param([("a", _value("x"))], [("a", _value("x", shape=(3,)))], ["other shape"], "", id="shape"),
    pytest.param([("a", _value("x"))], [("a", _value("x", dtype="half"))], ["other dtype"], "", id="dtype"),
    pytest.param([("a", _value("x"))], [("a", _value(None))], ["not read"], "on another machine", id="not read"),
    pytest.param([("a", _value(None))], [("a", _value(None))], ["not read"], "", id="read by neither"),
    pytest.param(
        [("a", _value("x", _draw(seeds=None)))], [("a", _value("y", _draw(seeds=None)))], ["no seed"], "", id="unseeded"
    ),
    pytest.param(
        [("a", _value("x", ONE)), ("b", _value("y", TWO))],
        [("b", _value("z", ONE)), ("a", _value("w", TWO))],
        ["other order", "other order"],
        "in OLD b has this draw",
        id="order of the op seeds that a graph gives",
    ),
    pytest.param(
        [("a", _value("x", ONE)), ("b", _value("y", ONE))],
        [("b", _value("x", ONE)), ("a", _value("y", ONE))],
        ["other order", "other order"],
        "in OLD b has this draw",
        id="order in one stream",
    ),
    pytest.param(
        [("a", _value("x", ONE)), ("b", _value("y", TWO))],
        [("c", _value("x", ONE)), ("a", _value("z", TWO))],
        ["other seed", "missing", "only in NEW"],
        "in OLD b has this draw",
        id="one more before it",
    ),
    pytest.param(
        [("a", _value("x")), ("b", _value("y"))],
        [("a", _value("x")), ("c", _value("y"))],
        ["equal", "renamed"],
        "",
        id="renamed",
    ),
    pytest.param([("a", _value("x"))], [("b", _value("y"))], ["missing", "only in NEW"], "not in NEW", id="missing"),
    pytest.param(
        [("v", _value("x")), ("v", _value("y"))],
        [("v", _value("x")), ("v", _value("z"))],
        ["equal", "other values"],
        "",
        id="one name for several variables",
    ),
    pytest.param(
        [("a", [_value("x", ONE), _value("y", ONE)])],
        [("a", [_value("x", ONE), _value("x", ONE)])],
        ["other place in the stream"],
        "from initialization 2 on",
        id="the second time",
    ),
    pytest.param(
        [("a", [_value("x", ONE), _value("y", ONE)])],
        [("a", _value("x", ONE))],
        ["other initializations"],
        "initialized 2 times in OLD and 1 times in NEW",
        id="once less",
    ),
]


@pytest.mark.once
@pytest.mark.parametrize(("old", "new", "results", "hint"), DIFFERENCES)
def test_differences(old: list[Any], new: list[Any], results: list[str], hint: str) -> None:
    found = compare(_record(*old), _record(*new))
    assert [row.result for row in found.variables] == results
    assert found.are_none == (set(results) == {"equal"})
    differing = [row.hint for row in found.variables if not row.is_equal]
    assert hint in (differing[0] if differing else "")


@pytest.mark.once
@pytest.mark.parametrize(("tensorflow", "is_told"), [("1.15.5", True), ("2.1.0", True), ("2.2.0", False)])
def test_the_op_seeds_of_tensorflow_1(tensorflow: str, is_told: bool) -> None:
    found = compare(_record(("a", _value("x", ONE)), tensorflow=tensorflow), _record(("a", _value("y", TWO))))
    assert ("the number of ops" in found.variables[0].hint) == is_told


@pytest.mark.once
@pytest.mark.parametrize("many", [1, 3000], ids=["few", "many"])
def test_draws_that_are_of_no_variable(many: int) -> None:
    rest = tuple(_draw(seeds=(5, number)) for number in range(many))
    old = _record(("a", _value("x")), draws=(ONE, *rest))
    found = compare(old, _record(("a", _value("x")), draws=(*rest, TWO)))
    assert sorted({row.result for row in found.draws}) == ["equal", "missing", "only in NEW"]
    assert sum(row.is_equal for row in found.draws) == many
    assert compare(old, old).are_none


@pytest.mark.once
def test_processes_that_start_in_another_order() -> None:
    def worker(*shas: str) -> Process:
        variables = tuple(Variable(f"w{number}", (_value(sha),)) for number, sha in enumerate(shas))
        return Process(is_first=False, program=("/tmp/x/t.py", "-w"), variables=variables, draws=())  # noqa: S108

    first = _record(("a", _value("x"))).processes[0]
    old = _of(first, worker("p", "q"), worker("r", "s"))
    assert compare(old, _of(first, worker("r", "s"), worker("p", "q"))).are_none
    found = compare(old, _of(first, worker("r", "t")))
    assert [(row.process, row.result) for row in found.variables] == [
        (0, "equal"),
        (1, "other values"),
        (1, "other values"),
        (2, "missing"),
        (2, "missing"),
    ]


# --- The report and the record ---------------------------------------------------------------------------------------


@pytest.fixture
def report() -> Report:
    old_side = program.Side("OLD", "tree\x1b", "python", "3.12.1")
    sides = old_side, old_side._replace(name="NEW", under_run=True, tf1="m.meta")
    old, new = _record(("a", _value("x" * 64, ONE)), draws=(TWO,)), _record(("a", _value("y" * 64, TWO)))
    return Report(("train.py",), sides, (old, new), compare(old, new))


@pytest.mark.once
def test_text(report: Report) -> None:
    assert FORMATS["text"](report).splitlines() == [
        "OLD  tree\\x1b: Python 3.12.1, TensorFlow 2.21.0",
        "NEW  tree\\x1b: Python 3.12.1, TensorFlow 2.21.0, under run --tf1 --first-weights-from m.meta",
        "",
        "1 variable: 0 equal, 1 differs",
        "1 other draw: 0 equal, 1 differs",
        "first difference: a: other seed",
        "",
        "a: other seed",
        "  OLD  float32 [2], normal, mean 0, stddev 1, seeds 1 0, begins with 0.5, SHA-256 xxxxxxxxxxxx",
        "  NEW  float32 [2], normal, mean 0, stddev 1, seeds 1 1, begins with 0.5, SHA-256 yyyyyyyyyyyy",
        "",
        "normal, mean 0, stddev 1: missing: not in NEW",
        "  OLD  float32, normal, mean 0, stddev 1, seeds 1 1",
    ]


@pytest.mark.once
def test_json_and_html(report: Report) -> None:
    found = json.loads(FORMATS["json"](report))
    assert found["new"] == {
        "tree": "tree\x1b", "python": "3.12.1", "tensorflow": "2.21.0", "run": True, "tf1": True,
        "first_weights_from": "m.meta",
    }  # fmt: skip
    assert found["variables"][0]["old"]["draws"] == [
        {"kernel": "random_normal", "seeds": [1, 0], "bounds": [0.0, 1.0], "dtype": "float32"}
    ]
    page = FORMATS["html"](report)
    assert "<td>other seed</td>" in page
    assert "https://" not in page


@pytest.mark.once
def test_a_trouble_of_the_recorder_is_no_equality(report: Report) -> None:
    old = report.records[0]._replace(troubles=("the disk is full",))
    same = report._replace(records=(old, old), found=compare(old, old))
    assert same.found.are_none
    assert not same.is_equal
    assert "OLD: the disk is full" in FORMATS["text"](same)


@pytest.mark.once
def test_a_record_of_a_process_that_was_killed(tmp_path: Path) -> None:
    start = {"kind": "process", "process": 4, "started": 1.0, "program": ["t.py"], "tensorflow": "2.5.3"}
    draw = {"kind": "draw", "number": 1, "kernel": "Multinomial", "seeds": None, "bounds": None, "dtype": "int64"}
    (tmp_path / "4.jsonl").write_text(f"{json.dumps(start)}\n{json.dumps(draw)}\n{{'kind'", encoding="utf-8")
    (tmp_path / "5.jsonl").write_text("", encoding="utf-8")
    found = read(tmp_path, 4, "3.9.1")
    assert [draw.distribution for draw in found.processes[0].draws] == ["Multinomial"]
    assert found.processes[0].is_first


@pytest.mark.once
def test_the_recorder_stands_alone() -> None:
    """It runs in Pythons from 3.6 on, where this package need not be installed."""
    tree = ast.parse(RECORDER.read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {
        name.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert imported
    if sys.version_info >= (3, 10):
        assert imported <= sys.stdlib_module_names
