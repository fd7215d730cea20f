"""The command line: what is printed, what is written, and the exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from migrating import SOURCE, run_command
from running import ROOT, environment, python, searched

from compat_v1_init import __main__ as command_line
from compat_v1_init.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT = b"""\
import compat_v1_init
import tensorflow.compat.v1 as tf

init = compat_v1_init.variance_scaling_initializer(scale=2.0, seed=1)
tf.disable_eager_execution()
"""
FOR_YOU = b"import tensorflow as tf\n\nname = 'variance_scaling_initializer'\n"
BROKEN = b"x = (\ntf.variance_scaling_initializer(]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tree(here: Path) -> Path:
    (here / "deep").mkdir()
    (here / "a.py").write_bytes(SOURCE)
    (here / "deep" / "b.py").write_bytes(SOURCE.replace(b"\n", b"\r\n"))
    (here / "plain.py").write_bytes(b"x = 1\n")
    return here


def _contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


# --- Exit codes ------------------------------------------------------------------------------------------------------

CODES = [
    pytest.param(b"x = 1\n", [], 0, id="nothing to find"),
    pytest.param(b"", [], 0, id="empty"),
    pytest.param(RESULT, [], 0, id="already moved"),
    pytest.param(SOURCE, [], 1, id="would change"),
    pytest.param(SOURCE, ["--check"], 1, id="would change, check"),
    pytest.param(SOURCE, ["--diff"], 1, id="would change, diff"),
    pytest.param(SOURCE, ["--write"], 0, id="all done"),
    pytest.param(FOR_YOU, ["--write"], 1, id="a person is needed"),
    pytest.param(BROKEN, [], 2, id="failed"),
    pytest.param(BROKEN, ["--write"], 2, id="failed to write"),
]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("shape", ["text", "json", "sarif"])
@pytest.mark.parametrize(("source", "options", "code"), CODES)
def test_exit_codes(source: bytes, options: list[str], code: int, shape: str) -> None:
    Path("a.py").write_bytes(source)
    assert main(["migrate", *options, "--format", shape, "."]) == code
    assert Path("a.py").read_bytes() == (RESULT if source == SOURCE and "--write" in options else source)


BAD_USAGE = [
    pytest.param(["migrate", "--chekc", "a.py"], "did you mean --check?", id="an option that is nearly one"),
    pytest.param(["migrate", "--chekc", "a.py"], "usage: compat-v1-init migrate ", id="the command's own usage"),
    pytest.param(["migrate", "--to", "kears", "a.py"], "did you mean keras?", id="a choice that is nearly one"),
    pytest.param(["migrate", "--ignore", "CVI27", "a.py"], "--ignore has an unknown rule 'CVI27'", id="no rule"),
    pytest.param(["migrate", "--select", "CVI27", "a.py"], "did you mean CVI207?", id="a rule that is nearly one"),
    pytest.param(["migrate", "--per-file-ignores", "x", "a.py"], "a pattern, a colon and codes", id="no pattern"),
    pytest.param(["migrate", "--baseline", "none.json", "a.py"], "none.json writes it", id="no baseline"),
    pytest.param(["migrate", "--config", "none.toml", "a.py"], "--config none.toml: no such file", id="no settings"),
    pytest.param(["migrate", "--stdin-filename", "b.py", "a.py"], "give - as the PATH", id="a name for no input"),
    pytest.param(["migrate", "-q", "-v", "a.py"], "not allowed with argument", id="quiet and verbose"),
    pytest.param(["rules", "CVI27"], "did you mean CVI207?", id="a rule to explain that is nearly one"),
    pytest.param(["migarte"], "did you mean migrate?", id="a command that is nearly one"),
    pytest.param(["migrate", "--to", "torch", "a.py"], "invalid choice: 'torch'", id="no such target"),
    pytest.param(["migrate", "--write", "--check", "a.py"], "not allowed with argument", id="two modes"),
    pytest.param(["migrate", "--workers", "0", "a.py"], "must be a whole number from 1", id="no workers"),
    pytest.param(["migrate", "--workers", "x", "a.py"], "must be a whole number from 1", id="odd workers"),
    pytest.param(["migrate", "-", "a.py"], "- stands alone", id="standard input and a file"),
    pytest.param(["migrate", ""], "a PATH is empty", id="empty path"),
    pytest.param(["migrate", "--no-such-option", "a.py"], "unrecognized arguments", id="no such option"),
    pytest.param(["move"], "invalid choice: 'move'", id="no such command"),
    pytest.param([], "the following arguments are required: COMMAND", id="no command"),
    pytest.param(["rules", "--format", "xml"], "invalid choice: 'xml'", id="no such format"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD_USAGE)
def test_bad_usage(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: Any = main(arguments)
    except SystemExit as error:
        code = error.code
    assert code == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[tool.compat_v1_init]\nto = 1\n", "to must be", id="wrong value"),
        pytest.param("[tool.compat_v1_init]\nwrite = true\n", "unknown key 'write'", id="unknown key"),
        pytest.param("[tool.compat_v1_init\n", "is broken", id="broken"),
        pytest.param("[tool.compat_v1_init]\nignore = ['CVI999']\n", "unknown rule 'CVI999'", id="unknown rule"),
    ],
)
def test_bad_settings_are_bad_usage(tree: Path, text: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "pyproject.toml").write_text(text, encoding="utf-8")
    assert main(["migrate", "--write", "a.py"]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.err.count("\n") == 1
    assert (tree / "a.py").read_bytes() == SOURCE


# --- What is written -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [[], ["--check"], ["--diff"], ["--format", "json"], ["--format", "sarif"], ["--to", "keras"]],
    ids=" ".join,
)
def test_without_write_nothing_is_written(tree: Path, options: list[str]) -> None:
    leftover = tree / ".compat-v1-init-x.tmp"
    leftover.write_bytes(b"")
    before = _contents(tree)
    assert main(["migrate", *options, "."]) == 1
    assert _contents(tree) == before


@pytest.mark.parametrize("target", ["shim", "keras"])
def test_a_second_run_finds_nothing(tree: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--to", target, "--write", "."]) == 0
    before = _contents(tree)
    capsys.readouterr()
    assert main(["migrate", "--to", target, "--write", "."]) == 0
    assert _contents(tree) == before
    assert capsys.readouterr().out == "3 files: nothing to do.\n"
    assert (tree / "deep" / "b.py").read_bytes().count(b"\r\n") == (tree / "a.py").read_bytes().count(b"\n")


_PLAIN = """\
import os
import tensorflow as tf

def build(x,  y = 1 ):
    with tf.variable_scope( "a" ):
        w = f("w",i = tf.variance_scaling_initializer( 2.0 , seed=x)) # why
    return tf.matmul(w ,  y)
"""

DRESSES: list[Any] = [
    pytest.param(lambda text: text.encode(), id="plain"),
    pytest.param(lambda text: text[:-1].encode(), id="no last newline"),
    pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
    pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR"),
    pytest.param(lambda text: text.replace("):\n", "):\r\n").encode(), id="mixed newlines"),
    pytest.param(lambda text: text.replace("    ", "\t").encode(), id="tabs"),
    pytest.param(lambda text: text.replace("\ndef", "\n\x0c\ndef").encode(), id="form feed"),
    pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte order mark"),
    pytest.param(
        lambda text: ("# coding: latin-1\n" + text.replace("why", "\xe9\xa0")).encode("latin-1"), id="latin-1"
    ),
    pytest.param(lambda text: ("# coding: cp932\n" + text.replace("why", "表")).encode("cp932"), id="cp932"),
    pytest.param(lambda text: text.replace("why", "é漢😀").encode(), id="UTF-8"),
    pytest.param(lambda text: text.replace(" 2.0", "\\\n 2.0").encode(), id="line continued"),
    pytest.param(lambda text: text.replace("\n", "   \n").encode(), id="trailing spaces"),
    pytest.param(lambda text: ("#!/usr/bin/python\n" + text).encode(), id="shebang"),
    pytest.param(lambda text: (text + "print(f'{os=} {(y := 1)}')\n").encode(), id="newer syntax"),
    pytest.param(lambda text: (text + "print 'Python 2', 0777L\n").encode(), id="Python 2"),
]


@pytest.mark.parametrize("dress", DRESSES)
def test_every_byte_that_is_no_edit_stays(here: Path, dress: Callable[[str], bytes]) -> None:
    before = dress(_PLAIN)
    (here / "a.py").write_bytes(before)
    assert main(["migrate", "--write", "a.py"]) == 0
    after = (here / "a.py").read_bytes()
    added = re.findall(rb"import compat_v1_init[ ]*(?:\r\n|\r|\n)", after)
    assert len(added) == 1
    assert after.count(b"compat_v1_init.variance_scaling_initializer") == 1
    undone = after.replace(added[0], b"").replace(b"compat_v1_init.variance", b"tf.variance")
    assert undone == before
    # The new line ends as those around it do.
    newline = re.escape(added[0][len(b"import compat_v1_init") :].lstrip(b" "))
    assert re.search(newline + rb"import compat_v1_init" + newline + rb"import tensorflow as tf *" + newline, after)


def test_the_diff_is_a_patch_that_does_what_write_does(tree: Path) -> None:
    (tree / "latin.py").write_bytes(b"# coding: latin-1\n# \xe9\n" + SOURCE[:-1])
    cells = [{"cell_type": "code", "source": SOURCE.decode().splitlines(keepends=True)}]
    (tree / "n.ipynb").write_text(json.dumps({"cells": cells}, indent=1), encoding="utf-8")
    before = {path: content for path, (content, _) in _contents(tree).items()}
    done = run_command("migrate", "--diff", ".")
    assert done.returncode == 1
    assert b"4 would change" in done.stderr
    git = ["git", "apply", "--whitespace=nowarn", "-"]
    patched = subprocess.run(git, input=done.stdout, cwd=tree, capture_output=True, check=False)
    assert patched.stderr == b""
    by_patch = {path: content for path, (content, _) in _contents(tree).items()}
    for path, content in before.items():
        Path(path).write_bytes(content)
    assert main(["migrate", "--write", "."]) == 0
    assert {path: content for path, (content, _) in _contents(tree).items()} == by_patch
    assert by_patch != before


def test_a_file_that_fails_does_not_stop_the_others(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "aa.py").write_bytes(BROKEN)
    (tree / "bb.py").write_bytes(b"# \xe9 variance_scaling_initializer\n")
    assert main(["migrate", "--write", "--workers", "1", ".", "missing.py"]) == 2
    printed = capsys.readouterr().out
    assert "failed: missing.py: no such file or directory" in printed
    assert "failed: aa.py:2: " in printed
    assert "failed: bb.py:1: not valid utf-8" in printed
    assert (tree / "a.py").read_bytes() == RESULT
    assert (tree / "aa.py").read_bytes() == BROKEN


def test_a_file_of_two_names_is_migrated_once(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "link.py").symlink_to("a.py")
    assert main(["migrate", "--write", "link.py", "a.py", "./a.py", "deep/../a.py"]) == 0
    assert "1 changed" in capsys.readouterr().out
    assert (tree / "link.py").is_symlink()
    assert (tree / "a.py").read_bytes() == RESULT


def test_a_read_only_file_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "a.py").chmod(0o444)
    assert main(["migrate", "--write", "a.py"]) == 2
    assert "failed: a.py: the file is read-only" in capsys.readouterr().out
    assert (tree / "a.py").read_bytes() == SOURCE


def test_settings(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "pyproject.toml").write_text("[tool.compat_v1_init]\nexclude = ['/a.py']\nto = 'keras'\n", encoding="utf-8")
    assert main(["migrate", "--format", "json", "."]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["to"] == "keras"
    assert [file["path"] for file in found["files"]] == [os.path.join("deep", "b.py")]  # noqa: PTH118
    assert main(["migrate", "--to", "shim", "--format", "json", "a.py"]) == 1
    assert json.loads(capsys.readouterr().out)["to"] == "shim"


def test_an_ignored_rule(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = SOURCE + b"other = tf.glorot_uniform_initializer()\nname = 'variance_scaling_initializer'\n"
    (tree / "a.py").write_bytes(both)
    (tree / "pyproject.toml").write_text("[tool.compat_v1_init]\nignore = ['CVI001', 'CVI207']\n", encoding="utf-8")
    assert main(["migrate", "--write", "a.py"]) == 0
    expected = both.replace(b"import tensorflow", b"import compat_v1_init\nimport tensorflow").replace(
        b"tf.glorot", b"compat_v1_init.glorot"
    )
    assert (tree / "a.py").read_bytes() == expected
    capsys.readouterr()
    assert main(["migrate", "a.py"]) == 0


# --- Standard input --------------------------------------------------------------------------------------------------


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": SOURCE.decode()}], "nbformat": 4}).encode()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("data", "result", "code"),
    [
        pytest.param(SOURCE, RESULT, 0, id="changed"),
        pytest.param(SOURCE.replace(b"\n", b"\r\n"), RESULT.replace(b"\n", b"\r\n"), 0, id="CRLF"),
        pytest.param(b"x = 1\n", b"x = 1\n", 0, id="nothing to find"),
        pytest.param(b"", b"", 0, id="empty"),
        pytest.param(BROKEN, BROKEN, 2, id="what fails is not lost"),
        pytest.param(b"\xff\0\xfe", b"\xff\0\xfe", 0, id="binary"),
        pytest.param(b"\xff variance_scaling", b"\xff variance_scaling", 2, id="binary that could matter"),
        pytest.param(
            NOTEBOOK,
            json.dumps({"cells": [{"cell_type": "code", "source": RESULT.decode()}], "nbformat": 4}).encode(),
            0,
            id="notebook",
        ),
    ],
)
def test_standard_input_to_standard_output(
    data: bytes, result: bytes, code: int, stdin: Callable[[bytes], None], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    stdin(data)
    assert main(["migrate", "--write", "-"]) == code
    printed = capfdbinary.readouterr()
    assert printed.out == result
    assert printed.err.endswith(b".\n")


@pytest.mark.usefixtures("here")
def test_standard_input_is_shown(stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]) -> None:
    stdin(SOURCE)
    assert main(["migrate", "-"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("--- a/<stdin>\n+++ b/<stdin>\n")
    assert "<stdin>:3:8" in printed


# --- Never a traceback -----------------------------------------------------------------------------------------------


def test_a_reader_that_leaves_is_no_fault(tree: Path) -> None:
    for number in range(300):
        (tree / f"m{number}.py").write_bytes(SOURCE)
    command = [sys.executable, "-m", "compat_v1_init", "migrate", "."]
    with subprocess.Popen(
        command, env=environment(NO_COLOR="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"--- a/a.py\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


def test_a_current_folder_that_is_gone(here: Path) -> None:
    gone = here / "gone"
    gone.mkdir()
    code = (
        "import os, sys; os.rmdir(os.getcwd()); from compat_v1_init.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "migrate", "."],
        env=environment(NO_COLOR="1"),
        cwd=gone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_for_standard_output(tree: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "compat_v1_init", "migrate", str(tree)],
            env=environment(NO_COLOR="1"),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"compat-v1-init: No space left on device\n"


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_terminal_of_ascii(here: Path, locale: str) -> None:
    (here / "é漢.py").write_bytes(SOURCE + "# é漢\nx = tf.variance_scaling_initializer()  # 😀\n".encode())
    environment = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "compat_v1_init", "migrate", "."],
        env={**environment, "PYTHONPATH": searched()},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert "# 😀\n".encode() in done.stdout
    assert b"1 would change" in done.stdout


@pytest.mark.parametrize(
    ("module", "arguments", "text"),
    [
        pytest.param("_migrate.rules_command", ["rules"], "interrupted", id="rules"),
        pytest.param("_meta_graph.command", ["inspect", "a.meta"], "interrupted", id="inspect"),
        pytest.param("_migrate.command", ["migrate", "a.py"], "interrupted", id="migrate"),
        pytest.param("_migrate.command", ["migrate", "--write", "a"], "interrupted; every file is whole", id="write"),
    ],
)
def test_an_interrupt_speaks_of_files_only_where_they_are_written(
    module: str,
    arguments: list[str],
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"compat_v1_init.{module}.run", interrupted)
    assert main(arguments) == 130
    assert capsys.readouterr().err == f"compat-v1-init: {text}\n"


HOSTILE: dict[str, bytes] = {
    "binary.py": bytes(range(256)) * 100 + b"variance_scaling_initializer",
    "nul.py": SOURCE + b"\0",
    "nuls.py": b"\0" * 1000 + b"variance_scaling_initializer",
    "utf16.py": SOURCE.decode().encode("utf-16"),
    "cookie.py": b"# coding: rot13\n" + SOURCE,
    "long_line.py": SOURCE + b"x = '" + b"a" * 3_000_000 + b"'\n",
    "long_list.py": SOURCE + b"x = [" + b"1, " * 50_000 + b"]\n",
    "long_sum.py": SOURCE + b"x = " + b"1 + " * 100_000 + b"1\n",
    "brackets.py": SOURCE + b"x = " + b"(" * 100_000 + b")" * 100_000 + b"\n",
    "open_brackets.py": SOURCE + b"x = " + b"[" * 1_000_000,
    "unary.py": SOURCE + b"x = " + b"-" * 100_000 + b"1\n",
    "nots.py": SOURCE + b"x = " + b"not " * 100_000 + b"1\n",
    "attributes.py": SOURCE + b"x = a" + b".b" * 100_000 + b"\n",
    "calls.py": SOURCE + b"x = f" + b"()" * 100_000 + b"\n",
    "lambdas.py": SOURCE + b"x = " + b"lambda: " * 50_000 + b"1\n",
    "ifs.py": SOURCE + b"".join(b" " * i + b"if x:\n" for i in range(2000)) + b" " * 2000 + b"pass\n",
    "elifs.py": SOURCE + b"if x:\n  pass\n" + b"elif x:\n  pass\n" * 20_000,
    "quotes.py": SOURCE + b"'''",
    "backslash.py": SOURCE + b"\\",
    "number.py": SOURCE + b"x = " + b"9" * 100_000 + b"\n",
    "fstrings.py": SOURCE + b"x = f'" + b'{f"{1}"}' * 1_000 + b"'\n",
    "only_marker.py": b"variance_scaling_initializer",
    "cr.py": SOURCE.replace(b"\n", b"\r"),
    "broken.ipynb": b'{"cells": [{"source": "variance_scaling_initializer"',
    "deep.ipynb": b'{"variance_scaling": ' + b"[" * 200_000,
    "list.ipynb": b'["variance_scaling_initializer"]',
    "number.ipynb": b'{"cells": [' + b"9" * 100_000 + b', "variance_scaling_initializer"]}',
    "empty.ipynb": b"",
    "surrogate.ipynb": NOTEBOOK.replace(b"init = ", b"x = '\\ud800'; init = "),
    "nan.ipynb": NOTEBOOK.replace(b'"nbformat": 4', b'"nbformat": NaN'),
    "deep.yaml": b"a: " + b"[" * 100_000 + b"variance_scaling_initializer\n",
    "binary.json": b"\0\xff variance_scaling_initializer",
}


@pytest.mark.slow
def test_hostile_files_cost_a_report_and_no_more(here: Path) -> None:
    for name, content in HOSTILE.items():
        (here / name).write_bytes(content)
    os.mkfifo(here / "pipe.py")
    (here / "loop.py").symlink_to("loop.py")
    (here / "folder.py").mkdir()
    (here / "new\nline.py").write_bytes(SOURCE)
    (here / os.fsdecode(b"name\xff.py")).write_bytes(SOURCE)
    (here / "good.py").write_bytes(SOURCE)
    done = run_command("migrate", "--write", "--format", "json", ".")
    assert done.returncode == 2
    assert done.stderr == b""
    found = {file["path"]: file for file in json.loads(done.stdout)["files"]}
    for file in found.values():
        assert "a fault of compat-v1-init" not in str(file["failure"]), file
        assert "killed" not in str(file["failure"]), file
    for name, content in HOSTILE.items():
        status = found[name]["status"] if name in found else "unchanged"
        assert ((here / name).read_bytes() == content) == (status != "changed"), name
    for name in ("good.py", "new\nline.py", os.fsdecode(b"name\xff.py"), "long_line.py", "long_list.py"):
        assert found[name]["status"] == "changed", found[name]
    text = run_command("migrate", ".")
    assert text.returncode == 2
    assert text.stderr == b""


# --- Start -----------------------------------------------------------------------------------------------------------

HEAVY = ("tensorflow", "keras", "numpy", "jinja2", "pygments", "rich", "pathspec", "shtab", "multiprocessing")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        pytest.param(["--help"], [], id="help"),
        pytest.param(["migrate", "--help"], [], id="help of migrate"),
        pytest.param(["migrate", "."], [], id="over nothing"),
        pytest.param(["migrate", "--write", "."], [], id="write over nothing"),
        pytest.param(["migrate", "--format", "json", "a.py"], None, id="over a file"),
        pytest.param(["rules"], None, id="rules"),
    ],
)
def test_the_command_starts_quickly_and_without_tensorflow(
    here: Path, arguments: list[str], heavy: list[str] | None
) -> None:
    (here / "a.py").write_bytes(b"x = 1\n" if heavy is not None else SOURCE)
    command = "import sys\nfrom compat_v1_init.__main__ import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
    bare = "import argparse, ast, json, pathlib, sys, tokenize\n"
    # Of the processor, so that what else the machine does counts little.
    say = f"import time\nprint(sorted(set({HEAVY!r}) & set(sys.modules)), time.process_time())"
    times: dict[str, list[float]] = {bare: [], command: []}
    for code in [bare, command] * 3:
        done = python("-c", code + say, *arguments, cwd=here, NO_COLOR="1")
        modules, _, seconds = done.stdout.splitlines()[-1].rpartition(" ")
        times[code].append(float(seconds))
    assert "tensorflow" not in modules
    assert "numpy" not in modules
    if heavy is not None:
        assert modules == str(heavy)
    # Measured: 1.8 to 5 times a Python that imports the parsers alone. TensorFlow takes 50 times that.
    assert min(times[command]) < 10 * min(times[bare])


def test_the_report_does_not_depend_on_the_number_of_workers(here: Path) -> None:
    for number in range(12):
        (here / f"m{number}.py").write_bytes(BROKEN if number % 5 == 0 else SOURCE + b"# %d\n" % number)
    outputs = {run_command("migrate", "--workers", str(workers), ".").stdout for workers in (1, 2, 5)}
    assert len(outputs) == 1
    assert outputs.pop().count(b"+++ b/") == 9


def test_a_worker_that_dies_costs_its_file_alone(here: Path) -> None:
    for number in range(8):
        (here / f"m{number}.py").write_bytes(SOURCE + (b"# die\n" if number == 3 else b""))
    code = (
        "import os, sys\n"
        "from compat_v1_init._migrate import one_file\n"
        "real = one_file.analyze\n"
        "def analyze(source, given):\n"
        "    return os._exit(9) if '# die' in source else real(source, given)\n"
        "one_file.analyze = analyze\n"
        "from compat_v1_init.__main__ import main\n"
        "sys.exit(main(['migrate', '--check', '--workers', '2', '.']))"
    )
    if sys.platform != "linux":
        pytest.skip("elsewhere a process does not start as a copy of this one")
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(NO_COLOR="1"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "failed: m3.py: the process that analysed it was killed" in done.stdout
    assert "8 files: 7 would change (7 places: 7 same numbers); 1 failed." in done.stdout


LEGACY = ROOT / "migration_examples" / "legacy_project"


@pytest.mark.parametrize(("target", "other"), [("shim", 0), ("keras", 0)])
def test_the_legacy_project(here: Path, target: str, other: int, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(LEGACY, here / "project")
    before = _contents(here)
    assert main(["migrate", "--to", target, "--write", "--workers", "1", "--format", "json", "project"]) == 1
    found = json.loads(capsys.readouterr().out)
    counts = found["counts"]
    assert (counts["changed"], counts["failed"], counts["needs_you"], counts["other_numbers"]) == (6, 0, 1, other)
    changed = {Path(file["path"]).name for file in found["files"] if file["status"] == "changed"}
    assert changed == {
        "contrib_head.py", "convolution.py", "dense.py", "show_widths.py", "train.py", "widths.ipynb",
    }  # fmt: skip
    assert [cell["cell"] for file in found["files"] for cell in file["skipped_cells"]] == []  # Python 2 is read too.
    for path, (content, _) in _contents(here).items():
        old = before[path][0]
        assert content.count(b"\r\n") >= old.count(b"\r\n")
        assert (b"\r\n" in content) == (b"\r\n" in old)
        assert (content == old) == (Path(path).name not in changed)
    assert "f\xfcr".encode("latin-1") in (here / "project/model/convolution.py").read_bytes()


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in [
        (["--version"], "compat-v1-init "),
        (["--help"], "migrate"),
        (["migrate", "--help"], "exit codes:"),
        (["rules", "--help"], "--format"),
    ]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 0
        assert words in capsys.readouterr().out
    assert set(command_line.COMMANDS) >= {"migrate", "rules"}


WRONG = [
    pytest.param(["--output-file", "folder", "."], "folder cannot be written: is a directory", id="a report"),
    pytest.param(["--report", "html=folder", "."], "folder cannot be written: is a directory", id="one more report"),
    pytest.param(["--write-baseline", "folder", "."], "folder cannot be written: is a directory", id="a baseline"),
    pytest.param(["--workers", "abc"], "must be a whole number from 1. Received: 'abc'", id="no number"),
    pytest.param(["--workers", "0"], "must be a whole number from 1. Received: '0'", id="no process"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_is_wrong_is_said_in_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["migrate", *arguments])
    except SystemExit as error:
        code = error.code
    error = capsys.readouterr().err
    assert code == 2
    assert words in error
    assert "Errno" not in error


def test_codes_in_small_letters_and_closed_streams(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import tensorflow as tf\nx = tf.placeholder(1)\n"
        "y = tf.glorot_uniform_initializer()  # compat-v1-init: ignore[cvi002]\n",
        encoding="utf-8",
    )
    command = f"{shlex.quote(sys.executable)} -m compat_v1_init migrate --check --select cvi002"
    for stream in ("2>&-", ">&-"):
        done = subprocess.run(  # noqa: S602 - the shell closes the stream
            f"{command} {shlex.quote(str(path))} {stream}", shell=True, capture_output=True, check=False
        )
        assert done.returncode == 0
        assert done.stderr == b""


@pytest.mark.parametrize(
    ("requirements", "is_said"),
    [
        pytest.param("tensorflow\n", True, id="not named"),
        pytest.param("tensorflow\ncompat-v1-init\n", False, id="named"),
        pytest.param("numpy\n", False, id="of something else"),
    ],
)
def test_the_requirements_lack_the_package(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    requirements: str,
    *,
    is_said: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text(requirements, encoding="utf-8")
    (tmp_path / "a.py").write_text("import tensorflow as tf\nx = tf.glorot_uniform_initializer()\n", encoding="utf-8")
    assert main(["migrate", "--write", "a.py"]) == 0
    assert ("add compat-v1-init to the project's requirements" in capsys.readouterr().err) == is_said
