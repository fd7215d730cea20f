"""The command `run`: the program is its own in all but where TensorFlow's initializers get their numbers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf
from programs import PROGRAMS, RUN, run_alone, write
from running import ROOT, Done, environment

import compat_v1_init
from compat_v1_init._run import command as _run
from compat_v1_init._run.report import _Line, _Recorder
from compat_v1_init._sampling import seeds as draw_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

# --- Like Python itself ----------------------------------------------------------------------------------------------

ARGUMENTS = ["--report", "-m", "x", "--", "--help", "", "a b", "-"]


@pytest.mark.once
@pytest.mark.skipif(os.name == "nt", reason="where a signal does not show in the exit code")
@pytest.mark.parametrize(("source", "code"), PROGRAMS)
def test_a_program_does_what_it_does_alone(source: str, code: int, tmp_path: Path) -> None:
    write(tmp_path / "program.py", source)
    write(tmp_path / "tensorflow" / "__init__.py", "def work():\n    import nowhere_either\n\nwork()\n")
    alone = run_alone("program.py", *ARGUMENTS, cwd=tmp_path, stdin="read me")
    under_run = run_alone(*RUN, "program.py", *ARGUMENTS, cwd=tmp_path, stdin="read me")
    assert under_run.stdout == alone.stdout
    assert under_run.stderr == alone.stderr
    assert under_run.returncode == alone.returncode == code


SHOW = "import sys; print(sys.argv, __name__, __spec__ and __spec__.name, sys.path[0])"


@pytest.mark.once
@pytest.mark.parametrize(
    "given",
    [
        pytest.param(["-m", "package", "-m", "x"], id="a package"),
        pytest.param(["-m", "package.module", "--report"], id="a module"),
        pytest.param(["-mpackage.module", "--", "a"], id="without a space"),
        pytest.param(["package", "a"], id="a folder"),
        pytest.param(["package.zip", "-h"], id="a zip file"),
        pytest.param(["-m", "package.missing"], id="a module that is missing"),
        pytest.param(["-", "a"], id="standard input"),
    ],
)
def test_all_that_python_runs(given: list[str], tmp_path: Path) -> None:
    for name in ("__init__", "__main__", "module"):
        write(tmp_path / "package" / f"{name}.py", SHOW)
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as file:
        file.writestr("__main__.py", SHOW)
    alone = run_alone(*given, cwd=tmp_path, stdin=SHOW)
    under_run = run_alone(*RUN, *given, cwd=tmp_path, stdin=SHOW)
    assert (under_run.stdout, under_run.stderr) == (alone.stdout, alone.stderr)
    assert under_run.returncode == alone.returncode
    assert alone.returncode == (1 if "package.missing" in given else 0)


@pytest.mark.once
def test_options_of_python_are_passed_on(tmp_path: Path) -> None:
    source = "import sys; print(sys.flags, sys.warnoptions, sys._xoptions, sys.stdout.write_through)"
    write(tmp_path / "program.py", source)
    options = ["-W", "error", "-X", "faulthandler", "-O", "-B", "-u", "-s"]
    alone = run_alone(*options, "program.py", cwd=tmp_path)
    assert "optimize=1" in alone.stdout
    assert "True" in alone.stdout
    assert run_alone(*options, *RUN, "program.py", cwd=tmp_path).stdout == alone.stdout


@pytest.mark.once
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_reach_the_program(number: signal.Signals, tmp_path: Path) -> None:
    program = write(
        tmp_path / "program.py",
        """
        import os, signal, sys, time
        signal.signal(signal.SIGUSR1, lambda *_: sys.exit(9))
        print(os.getpid(), flush=True)
        time.sleep(60)
        """,
    )
    codes = []
    for how in ([], RUN):
        command = [sys.executable, *how, str(program)]
        with subprocess.Popen(
            command,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell has what it starts in the background ignore SIGINT, which is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
        ) as process:
            assert process.stdout is not None
            assert int(process.stdout.readline()) == process.pid  # It is the process that was started.
            process.send_signal(number)
            codes.append(process.wait(timeout=30))
    assert codes == [9 if number == signal.SIGUSR1 else -number] * 2


@pytest.mark.once
def test_nothing_of_it_is_on_the_path(tmp_path: Path) -> None:
    """Also where the package is not installed but runs from the folder it lies in."""
    source = "import sys; print(*sys.path, sep='\\n'); sys.exit(0 if 'compat_v1_init' in sys.modules else 1)"
    program = write(tmp_path / "program.py", source)
    done = run_alone(*RUN, str(program), cwd=ROOT, PYTHONPATH="")
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout.splitlines()
    assert "_site\n" not in done.stdout
    assert done.stdout == run_alone(str(program), cwd=tmp_path, PYTHONPATH="").stdout


@pytest.mark.once
@pytest.mark.parametrize(
    "searched",
    [
        pytest.param("", id="empty"),
        pytest.param("{0}/other:", id="an empty entry at the end"),
        pytest.param(":{0}/other", id="at the beginning"),
        pytest.param("{0}/other::{0}/third", id="in the middle"),
        pytest.param(":", id="two of them"),
        pytest.param(".:other", id="relative"),
        pytest.param("{0}/missing:{0}/other:{0}/other", id="missing and twice"),
    ],
)
def test_every_entry_of_the_search_path_is_kept(searched: str, tmp_path: Path) -> None:
    """An empty one means the folder that the program is started in."""
    write(tmp_path / "here.py", "")
    show = "try:\n    import here\nexcept ImportError as error:\n    here = error\nprint(here, *sys.path, sep='\\n')"
    program = write(tmp_path / "tools" / "program.py", f"import sys\n{show}\n")
    path = searched.format(tmp_path).replace(":", os.pathsep)
    alone = run_alone(str(program), cwd=tmp_path, PYTHONPATH=path)
    assert alone.returncode == 0
    # The command is found by a path of its own, since the program must not find it by PYTHONPATH.
    command = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from compat_v1_init.__main__ import main; main()"
    under_run = subprocess.run(
        [sys.executable, "-c", command, "run", str(program)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (under_run.stdout, under_run.stderr) == (alone.stdout, alone.stderr)
    # A command in a command adds nothing.
    once = _run.environment_of({"PYTHONPATH": path})
    assert _run.environment_of(once) == once


# --- sitecustomize ---------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import sys; print('mine', __name__, __file__, sys.path)", id="runs"),
        pytest.param("1 / 0", id="fails"),
        pytest.param("import nowhere_to_be_found", id="misses a module"),
        pytest.param("raise ImportError('not this way')", id="cannot be imported"),
    ],
)
def test_the_environments_own_sitecustomize(source: str, tmp_path: Path) -> None:
    write(tmp_path / "mine" / "sitecustomize.py", source)
    write(tmp_path / "program.py", "import sitecustomize; print(sitecustomize.__file__)")
    searched = os.pathsep.join([str(tmp_path / "mine"), str(ROOT)])
    alone = run_alone("program.py", cwd=tmp_path, PYTHONPATH=searched)
    under_run = run_alone(*RUN, "program.py", cwd=tmp_path, PYTHONPATH=searched)
    # Before the program's Python the command's own has run it.
    assert under_run.stdout.endswith(alone.stdout)
    assert under_run.stderr.endswith(alone.stderr)
    assert under_run.returncode == alone.returncode


@pytest.mark.once
def test_a_python_that_cannot_load_the_package_says_so_and_goes_on(tmp_path: Path) -> None:
    shutil.copytree(_run._SITE, tmp_path / "package" / "_run" / "_site")
    write(tmp_path / "package" / "__init__.py", "import of_another_python")
    program = write(tmp_path / "program.py", "import sys; print('here', 'compat_v1_init' in sys.modules)")
    site = str(tmp_path / "package" / "_run" / "_site")
    done = run_alone(str(program), cwd=tmp_path, PYTHONPATH=site, COMPAT_V1_INIT_RUN="1")
    assert (done.returncode, done.stdout) == (0, "here False\n")
    assert done.stderr.startswith("compat-v1-init: TensorFlow's initializers stay as they are in process ")
    assert done.stderr.endswith(": ModuleNotFoundError: No module named 'of_another_python'\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("__version__ = '2.4.1'", "needs TensorFlow 2.5 or newer", id="too old"),
        pytest.param("__version__ = '9.0.0'", "builds on `shape_tensor`", id="too new"),
        pytest.param("", "has no attribute '__version__'", id="no TensorFlow at all"),
    ],
)
def test_a_tensorflow_that_cannot_be_patched_is_left_alone(source: str, reason: str, tmp_path: Path) -> None:
    write(tmp_path / "tensorflow" / "__init__.py", source)
    write(tmp_path / "program.py", "import tensorflow; print('here')")
    done = run_alone(*RUN, "program.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "here\n")
    assert done.stderr.startswith("compat-v1-init: TensorFlow's initializers stay as they are: ")
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1


# --- Bad usage -------------------------------------------------------------------------------------------------------

USAGE = [
    pytest.param([], "run needs a program, for example: ", id="no program"),
    pytest.param(["--report"], "run needs a program, for example: ", id="an option alone"),
    pytest.param(["--report=a.txt", __file__], "--report= needs a file whose name ends in ", id="no report's name"),
    pytest.param(["--report=none/a.json", __file__], "--report= needs a file in a folder that e", id="no folder"),
    pytest.param(["-m"], "run -m needs the name of a module, for example: ", id="no module"),
    pytest.param(["missing.py"], "run needs a program that exists. Received: missing.py", id="missing"),
    pytest.param(["."], "run needs a program, or a folder that holds a __main__.py. Received: the f", id="a folder"),
    pytest.param(["--reprot", "p.py"], "", id="an option that is misspelt"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "text"), USAGE)
def test_bad_usage(given: list[str], text: str, tmp_path: Path) -> None:
    done = run_alone(*RUN, *given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    if text:
        assert done.stderr.startswith(f"compat-v1-init: {text}")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["-E", "-I"])
def test_a_python_that_would_not_heed_it_is_refused(option: str, tmp_path: Path) -> None:
    write(tmp_path / "program.py", "")
    done = run_alone("-c", _CALL_MAIN.format(root=str(ROOT)), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = run_alone(option, "-c", _CALL_MAIN.format(root=str(ROOT)), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"compat-v1-init: run needs a Python that reads PYTHONPATH and sitecustomize. Leave out its option {option}\n"
    )


_CALL_MAIN = """
import sys
sys.path.insert(0, {root!r})
from compat_v1_init.__main__ import main
sys.exit(main(["run", "program.py"]))
"""


def test_windows_waits_for_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where exec would not."""
    from compat_v1_init.__main__ import main

    program = write(tmp_path / "program.py", "import sys; sys.exit(int(sys.argv[1]))")
    with monkeypatch.context() as patched:
        patched.setattr(_run, "_EXEC_REPLACES", False)
        code = main(["run", str(program), "11"])
    assert code == 11


# --- With TensorFlow -------------------------------------------------------------------------------------------------

# A TF1 program: every value twice, one exit code, and a process of its own.
LEGACY = """
import hashlib, json, multiprocessing, os, sys

def weights():
    import tensorflow.compat.v1 as tf
    from tensorflow.python.ops import init_ops

    tf.disable_v2_behavior()
    tf.config.threading.set_intra_op_parallelism_threads(2)  # Refused once TensorFlow is in use.
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.set_random_seed(1234)
        with tf.variable_scope("net"):
            tf.get_variable("default", [3, 4])
            tf.get_variable("he", [3, 3, 8, 16], initializer=tf.variance_scaling_initializer(2.0, "fan_out", seed=5))
            tf.get_variable("head", [16, 10], initializer=tf.random_normal_initializer(stddev=0.01))
            tf.get_variable("parts", [6, 4], initializer=init_ops.glorot_normal_initializer(),
                            partitioner=tf.fixed_size_partitioner(2))
        values = []
        for _ in range(2):
            session.run(tf.global_variables_initializer())
            values += session.run(tf.global_variables())
        kinds = sorted({op.type for op in graph.get_operations() if "Random" in op.type or "Trunc" in op.type})
    return [hashlib.sha256(value.tobytes()).hexdigest() for value in values], kinds

if __name__ == "__main__":
    pool = multiprocessing.get_context("spawn").Pool(1)
    with open(sys.argv[1], "w") as file:
        json.dump([weights(), pool.apply(weights)], file)
    sys.exit(int(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Done[str]]]:
    """Returns what a legacy program computes alone and under `run --report`, each with the finished process."""
    folder = tmp_path_factory.mktemp("legacy")
    write(folder / "program.py", LEGACY)
    done = {}
    for how, options in (("alone", []), ("run", [*RUN, "--report"])):
        process = run_alone(*options, "program.py", f"{how}.json", "3", cwd=folder)
        done[how] = (json.loads((folder / f"{how}.json").read_text(encoding="utf-8")), process)
    return done


@pytest.mark.slow
def test_a_legacy_program_gets_the_same_bytes_from_stateless_ops(legacy: dict[str, tuple[Any, Done[str]]]) -> None:
    (expected, alone), (actual, under_run) = legacy["alone"], legacy["run"]
    assert alone.returncode == under_run.returncode == 3
    for (theirs, stateful), (ours, stateless) in zip(expected, actual):  # In the process itself, and in one it spawned.
        assert ours == theirs
        assert len(ours) == 10
        assert stateful == ["RandomStandardNormal", "RandomUniform", "TruncatedNormal"]
        assert stateless == ["StatelessRandomNormalV2", "StatelessRandomUniformV2", "StatelessTruncatedNormalV2"]


@pytest.mark.slow
def test_the_report_of_a_legacy_program(legacy: dict[str, tuple[Any, Done[str]]]) -> None:
    _, done = legacy["run"]
    report = done.stderr[done.stderr.rindex("compat-v1-init: ") :].splitlines()
    assert report[0].startswith("compat-v1-init: 5 draws of initial values in process ")
    lines = [line.split() for line in report[3:8]]
    names = ["net/default", "net/he", "net/head", "net/parts/part_0", "net/parts/part_1"]
    assert [line[0] for line in lines] == names
    source = LEGACY.splitlines()
    for name, line in zip(names, lines):
        file, number = line[1].rsplit(":", 1)
        assert Path(file).name == "program.py"
        assert f'"{name.split("/")[1]}"' in source[int(number) - 1]
    assert lines[1][-3:] == ["1234", "5", "1"]


@pytest.mark.slow
def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    program = 'import os, tensorflow; os.rmdir("reports"); print("done")'
    write(tmp_path / "program.py", program)
    done = run_alone(*RUN, "--report=reports/out.json", "program.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert "compat-v1-init: the report was not written: " in done.stderr
    assert "reports/out.json" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["html", "json"])
def test_the_report_in_a_file(tmp_path: Path, suffix: str) -> None:
    write(
        tmp_path / "program.py",
        """
        import sys
        import tensorflow as tf
        v1 = tf.compat.v1
        with tf.Graph().as_default():
            v1.set_random_seed(1)
            v1.get_variable("hidden", [3, 4])
        print(sys.argv[1:])
        """,
    )
    done = run_alone(*RUN, f"--report=out.{suffix}", "program.py", "--report=x", "-m", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "['--report=x', '-m']\n"
    assert "draws of initial values" not in done.stderr
    text = (tmp_path / f"out.{suffix}").read_text(encoding="utf-8")
    if suffix == "html":
        assert "<td>hidden</td>" in text
        assert "<td>[3, 4]</td>" in text
        return
    found = json.loads(text)
    assert (found["schema"], found["tool"], found["total"]) == (1, "compat-v1-init", 1)
    assert found["program"] == ["program.py", "--report=x", "-m"]
    (draw,) = found["draws"]
    call = f"{tmp_path / 'program.py'}:7"
    assert {
        "variable": "hidden",
        "fan_in": 3,
        "fan_out": 4,
        "seed": 1,
        "times": 1,
        "call": call,
    }.items() <= draw.items()


# --- The report ------------------------------------------------------------------------------------------------------


@pytest.fixture
def recorder() -> Iterator[_Recorder]:
    recorder = _Recorder()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(draw_seeds, "observer", recorder)
        yield recorder


def _rows(recorder: _Recorder) -> list[dict[str, str]]:
    """Returns the lines of the table by column; a column begins where its name does."""
    _, _, header, *lines = recorder.text().splitlines()
    lines = lines[: lines.index("")]
    names = [*_Line._fields, "seed", "seed2", "times"]
    starts = [f"{header} ".index(f"{name} ") for name in names]
    ends = [*starts[1:], None]
    return [{n: line[a:b].strip() for n, a, b in zip(names, starts, ends)} for line in lines]


LINES = [
    pytest.param(
        lambda: tf.compat.v1.get_variable("w", [3, 4], initializer=compat_v1_init.initializers.he_normal(5)),
        {"variable": "w", "shape": "[3, 4]", "dtype": "float32", "fan_in": "3", "fan_out": "4", "seed": "87",
         "seed2": "5", "stddev": "0.816496581", "distribution": "truncated normal, mean 0, stddev 0.92823188"},
        id="truncated",
    ),
    pytest.param(
        lambda: compat_v1_init.variance_scaling_initializer(distribution="untruncated_normal")([4], tf.float64),
        {"variable": "-", "distribution": "normal, mean 0, stddev 0.5", "stddev": "0.5", "dtype": "float64",
         "fan_in": "4"},
        id="normal",
    ),
    pytest.param(
        lambda: tf.compat.v1.random_uniform_initializer(-1, 2)(tf.constant([2, 2])),
        {"distribution": "uniform [-1, 2)", "stddev": "0.866025404", "fan_in": "-", "fan_out": "-", "shape": "[2, 2]"},
        id="given bounds",
    ),
    pytest.param(
        lambda: tf.compat.v1.random_uniform_initializer(0, 4, dtype=tf.int32)([2]),
        # Of 0, 1, 2 and 3.
        {"distribution": "uniform [0, 4)", "stddev": "1.11803399", "dtype": "int32"},
        id="integers",
    ),
    pytest.param(
        lambda: tf.compat.v1.random_normal_initializer(stddev=[1.0, 2.0])(tf.compat.v1.placeholder(tf.int32, [2])),
        {"distribution": "normal, mean 0, stddev ?", "stddev": "?", "shape": "?"},
        id="what a graph does not know",
    ),
    pytest.param(
        lambda: compat_v1_init.contrib.xavier_initializer()([2, 4]),
        {"fan_in": "2", "fan_out": "4", "stddev": "0.577350269", "distribution": "uniform [-1, 1)"},
        id="contrib",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("build", "expected"), LINES)
def test_a_line_of_the_report(build: Any, expected: dict[str, str], recorder: _Recorder) -> None:
    with compat_v1_init.patch(), tf.Graph().as_default() as graph:
        tf.compat.v1.set_random_seed(87)
        build()
    assert len(graph.get_operations()) > 0
    (row,) = _rows(recorder)
    assert {name: row[name] for name in expected} == expected
    assert row["call"].startswith(__file__)
    assert row["times"] == "1"


def test_eager_calls_of_one_place_share_a_line(recorder: _Recorder) -> None:
    tf.random.set_seed(87)
    for _ in range(3):
        compat_v1_init.glorot_uniform_initializer()([2, 2])
    for _ in range(2):
        compat_v1_init.glorot_uniform_initializer(seed=5)([2, 2])
    rows = [(row["times"], row["seed"], row["seed2"]) for row in _rows(recorder)]
    assert rows == [("3", "several", "several"), ("2", "87", "5")]


def test_the_report_says_what_a_graph_seed_alone_gives(recorder: _Recorder) -> None:
    tf.random.set_seed(87)
    compat_v1_init.glorot_uniform_initializer()([2, 2])
    with tf.Graph().as_default():
        compat_v1_init.glorot_uniform_initializer()([2, 2])
        tf.compat.v1.set_random_seed(87)
        compat_v1_init.glorot_uniform_initializer(seed=1)([2, 2])
        assert "from_meta_graph" not in recorder.text()
        compat_v1_init.glorot_uniform_initializer()([2, 2])
    assert "\n1 with a graph seed alone: " in recorder.text()
    assert "from_meta_graph" in recorder.text()


def test_draws_without_seeds_are_told(recorder: _Recorder) -> None:
    with tf.Graph().as_default():
        compat_v1_init.glorot_uniform_initializer()([2, 2])
    assert _rows(recorder)[0]["seed"] == "unseeded"


def test_a_call_within_a_function_is_found_in_the_program(recorder: _Recorder) -> None:
    @tf.function
    def draw() -> Any:
        return compat_v1_init.glorot_uniform_initializer()([2, 2])

    draw()
    draw()
    (row,) = _rows(recorder)
    assert row["call"].startswith(__file__)
    assert row["times"] == "1"


def test_the_report_changes_no_number_and_no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    def build() -> bytes:
        with tf.Graph().as_default() as graph:
            tf.compat.v1.set_random_seed(87)
            for shape in ([2, 3], tf.constant([2, 3]), tf.TensorShape([2, 3])):
                compat_v1_init.variance_scaling_initializer()([2, 3])
                tf.compat.v1.random_normal_initializer()(shape)
            nodes = [(node.name, node.op) for node in graph.as_graph_def().node]
            return repr(nodes).encode()

    expected = build()
    monkeypatch.setattr(draw_seeds, "observer", _Recorder())
    assert build() == expected
