"""Whatever the file system does, at whichever call: nothing ends the run, nothing is torn, nothing is lost unsaid."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from faulty_files import FaultyFiles
from running import python

from compat_v1_init.__main__ import main
from compat_v1_init._migrate import work

USE = "x = tf.variance_scaling_initializer(scale=2.0, seed=1)\ntf.disable_eager_execution()\n"
TREE = {
    "pyproject.toml": "[tool.compat_v1_init]\nexclude = ['old/']\n",
    ".gitignore": "generated/\n",
    "a.py": f"import tensorflow.compat.v1 as tf\n{USE}",
    "hands_on.py": "import tensorflow.compat.v1 as tf\n",
    "pkg/__init__.py": "",
    "pkg/b.py": f"from hands_on import tf\n{USE}",
    "pkg/c.py": "import tensorflow as tf\nx = tf.glorot_uniform_initializer()\n",
    "pkg/n.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": f"import tensorflow as tf\n{USE}"}], "nbformat": 4}
    ),
    "tools/script": f"#!/usr/bin/env python\nimport tensorflow.compat.v1 as tf\n{USE}",
    "tools/conf.yaml": "init: variance_scaling_initializer\n",
    "old/skipped.py": f"import tensorflow.compat.v1 as tf\n{USE}",
    "generated/skipped.py": f"import tensorflow.compat.v1 as tf\n{USE}",
}
ERRORS = (errno.ENOENT, errno.EACCES, errno.EIO, errno.ELOOP)
# What is not looked at, and the file that says so.
IGNORED = {"generated/skipped.py": ".gitignore", "old/skipped.py": "pyproject.toml"}
# Where another file of the project cannot be read, it may use what this one has imported.
KEPT = {
    "pkg/c.py": TREE["pkg/c.py"].replace("tf.g", "compat_v1_init.g").replace("import", "import compat_v1_init\nimport")
}


def _make(folder: Path) -> Path:
    for name, text in TREE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "link.py").symlink_to("a.py")
    return folder


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def _migrate(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any], str]:
    code = main(["migrate", "--format", "json", "--workers", "1", *options, str(folder)])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


class _Checked:
    """One run of the command, of which one call fails, against a run of which none does."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._capsys, self._monkeypatch = folder, capsys, monkeypatch
        whole = _make(folder / "whole")
        files = FaultyFiles(whole)
        with files.installed(monkeypatch):
            code, report, err = _migrate(whole, capsys, "--write")
        assert (code, err) == (1, "")
        self.calls = [(name, os.path.relpath(path, whole)) for name, path in files.calls]
        self._after = {**_contents(whole), **dict.fromkeys(IGNORED, (whole / "a.py").read_text())}
        self._found = {os.path.relpath(file["path"], whole) for file in report["files"] if file["findings"]}
        assert self._found == {"a.py", "pkg/b.py", "pkg/c.py", "pkg/n.ipynb", "tools/script", "tools/conf.yaml"}

    def run(self, name: str, files: FaultyFiles) -> None:
        folder = _make(self._folder / name)
        before = _contents(folder)
        with files.installed(self._monkeypatch):
            code, report, err = _migrate(folder, self._capsys, "--write")
        failed = [(call, os.path.relpath(path, folder)) for call, path in files.failed]
        if not report:
            # Of all that can fail, the settings alone end the run, before anything is done.
            assert code == 2, failed
            assert "pyproject.toml cannot be read" in err, failed
            assert _contents(folder) == before
            return
        assert "fault of compat-v1-init" not in json.dumps(report), (failed, report)
        # A file that is also linked may have been taken for two.
        named: dict[str, list[dict[str, Any]]] = {}
        for file in report["files"]:
            named.setdefault(os.path.relpath(os.path.realpath(file["path"]), folder), []).append(file)
        for path, text in _contents(folder).items():
            if path in before:
                # Whole, the old one or the new one; where it was written, the report says so.
                allowed = (before[path], self._after[path], KEPT.get(path, ""))
                # Which module is the project's own, and so how imports are grouped, the folder says.
                assert _lines(text) in map(_lines, allowed), (failed, path)
                is_told = any(file["status"] == "changed" for file in named.get(path, ()))
                assert is_told == (text != before[path]), (failed, path)
            else:
                # A temporary file stays only where it could not be removed.
                assert {call for call, _ in failed} & {"unlink", "remove"}, (failed, path)
        for path, said_in in IGNORED.items():
            assert path not in named or {said_in, "."} & {each for _, each in failed}, (failed, path)
        for path in self._found - {path for path in named if any(file["findings"] for file in named[path])}:
            above = {path, *(parent.as_posix() for parent in Path(path).parents)}
            told = {each for each in above if any(file["failure"] for file in named.get(each, ()))}
            assert told, (failed, path)
            # What fails is what the call was about, or what was to take its place.
            temporary = (Path(path).parent / ".compat-v1-init-").as_posix()
            assert any(failing in above or failing.startswith(temporary) for _, failing in failed), (failed, path, told)


@pytest.fixture
def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> _Checked:
    return _Checked(tmp_path, capsys, monkeypatch)


def _turns(calls: list[Any]) -> dict[Any, list[int]]:
    """Returns for each call, of those that are the same, the first, one in the middle and the last."""
    found: dict[Any, list[int]] = {}
    for turn, call in enumerate(calls):
        found.setdefault(call, []).append(turn)
    return {call: sorted({turns[0], turns[len(turns) // 2], turns[-1]}) for call, turns in found.items()}


@pytest.mark.slow
def test_each_call_fails_in_its_turn(checked: _Checked, tmp_path: Path) -> None:
    turns = [turn for turns in _turns(checked.calls).values() for turn in turns]
    assert len(turns) > 150
    for index, turn in enumerate(turns):
        error, folder = ERRORS[index % len(ERRORS)], str(turn)
        checked.run(folder, FaultyFiles(tmp_path / folder, lambda call, *_, e=error, t=turn: e * (call == t)))


@pytest.mark.slow
def test_each_entry_fails_from_one_call_on(checked: _Checked, tmp_path: Path) -> None:
    """It vanishes, or changes, while the command is at work, and stays so."""
    for path, turns in _turns([path for _, path in checked.calls]).items():
        for error, turn in zip(ERRORS, turns):
            folder = str(turn)
            gone = str(tmp_path / folder / path) if path != "." else str(tmp_path / folder)

            def fails(call: int, _: str, asked: str, gone: str = gone, turn: int = turn, error: int = error) -> int:
                return error * (call >= turn and (asked == gone or asked.startswith(gone + os.sep)))

            checked.run(folder, FaultyFiles(tmp_path / folder, fails))


# --- What a double cannot play ---------------------------------------------------------------------------------------


def _run(*arguments: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own, after some code."""
    start = f"import sys\n{code}\nfrom compat_v1_init.__main__ import main\nif __name__ == '__main__': sys.exit(main())"
    return python("-c", start, *arguments, seconds=100, **environment)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_names_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = os.fsencode(tmp_path) + b"/p\xe9"
    os.mkdir(folder)  # noqa: PTH102 - bytes
    # Each of the two asks whether another uses the name that it no longer needs.
    for name in (b"caf\xe9.py", "caf\u00e9.py".encode()):
        Path(os.fsdecode(folder + b"/" + name)).write_text(TREE["pkg/c.py"], encoding="utf-8")
    (tmp_path / "uses.py").write_text("from p.caf\u00e9 import tf\n", encoding="utf-8")
    code, report, err = _migrate(tmp_path, capsys, "--write")
    assert (code, err, report["counts"]["failed"], report["counts"]["changed"]) == (0, "", 0, 2)
    used, unused = sorted(Path(os.fsdecode(folder)).iterdir(), key=os.fsencode)
    assert used.read_text(encoding="utf-8") == KEPT["pkg/c.py"]
    assert "import tensorflow" not in unused.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_name_that_the_encoding_of_the_file_system_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from caf\u00e9.\u00fc import tf\n" + USE, encoding="utf-8")
    done = _run("migrate", str(tmp_path), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (1, "")
    assert "1 place needs you" in done.stdout


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compat_v1_init._migrate.files.read_write import read_bytes
    from compat_v1_init._migrate.findings import Refused

    path = tmp_path / "a.py"
    path.write_bytes(b"x" * 50)
    real = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        with path.open("ab") as file:
            file.write(b"x" * 50)
        return status

    assert read_bytes(path, 50) == b"x" * 50
    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(Refused, match="larger than"):
        read_bytes(path, 99)


def test_links_in_a_circle_end_as_words(tmp_path: Path) -> None:
    from compat_v1_init._migrate.files.read_write import replace
    from compat_v1_init._migrate.findings import Refused

    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    with pytest.raises(Refused, match="cannot be written"):
        replace(tmp_path / "a.py", b"", b"")


# --- Processes -------------------------------------------------------------------------------------------------------

NO_PROCESSES = {
    "a read-only /dev/shm": """
import _multiprocessing
class SemLock(_multiprocessing.SemLock):
    def __new__(cls, *arguments): raise OSError(30, "Read-only file system")
_multiprocessing.SemLock = SemLock
""",
    "no semaphores": "import sys; sys.modules['multiprocessing.synchronize'] = None",
    "none at all": "import sys; sys.modules['_multiprocessing'] = None",
    "no more processes": """
import os
real, left = os.fork, [0]
def fork():
    if not left[0]: raise BlockingIOError(11, "Resource temporarily unavailable")
    left[0] -= 1
    return real()
os.fork = fork
""",
    "no more threads": """
import threading
def start(self): raise RuntimeError("can't start new thread")
threading.Thread.start = start
""",
}
NO_PROCESSES["one process, and no more"] = NO_PROCESSES["no more processes"].replace("[0]\n", "[1]\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are not forked")
@pytest.mark.parametrize("why", NO_PROCESSES)
def test_without_processes_all_is_done_in_one(why: str, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"m{number}.py").write_text(TREE["a.py"], encoding="utf-8")
    expected = _run("migrate", "--workers", "1", str(tmp_path))
    assert expected.returncode == 1
    done = _run("migrate", "--workers", "2", str(tmp_path), code=NO_PROCESSES[why])
    assert (done.returncode, done.stdout, done.stderr) == (1, expected.stdout, "")


def test_the_number_of_processes_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come from the settings of a stranger's project."""
    asked: list[int] = []

    def pool(workers: int) -> Any:
        asked.append(workers)
        raise OSError

    monkeypatch.setattr(work, "_pool", pool)
    (tmp_path / "pyproject.toml").write_text("[tool.compat_v1_init]\nworkers = 400\n", encoding="utf-8")
    for number in range(300):
        (tmp_path / f"m{number}.py").write_text("tf.he_normal\n", encoding="utf-8")
    assert main(["migrate", "--check", str(tmp_path)]) == 0
    assert asked
    assert max(asked) <= 4 * len(os.sched_getaffinity(0))
