"""A run that is killed at any moment leaves every file whole, and nothing after the next run."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import environment

from compat_v1_init.__main__ import main

KILLS = 25

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")

OLD = b"import tensorflow as tf\n\nx = tf.variance_scaling_initializer()\n" + b"# old\n" * 50_000
NEW = OLD.replace(b"old", b"NEW")

# Writes all files over and over, so that a kill hits the writing and nothing else.
WRITER = """
import sys
from pathlib import Path
from compat_v1_init._migrate.files.read_write import read_bytes, replace

old, new = (read_bytes(Path(name)) for name in sys.argv[1:3])
paths = [Path(name) for name in sys.argv[3:]]
print("ready", flush=True)
while True:
    for path in paths:
        replace(path, old, new)
    old, new = new, old
"""


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.startswith(".compat-v1-init-")]


def test_25_kills_while_writing(tmp_path: Path) -> None:
    contents = {"old": OLD, "new": NEW}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    tree = tmp_path / "tree"
    (tree / "deep").mkdir(parents=True)
    paths = [tree / "a.py", tree / "deep" / "b.py"]
    pick = random.Random(1)  # noqa: S311 - no secret
    seen = 0
    for _ in range(KILLS):
        for path in paths:
            path.write_bytes(OLD)
        command = [sys.executable, "-c", WRITER, str(tmp_path / "old"), str(tmp_path / "new"), *map(str, paths)]
        with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(pick.uniform(0, 0.04))
            process.kill()
        assert process.returncode == -signal.SIGKILL
        for path in paths:
            assert path.read_bytes() in (OLD, NEW), path
        seen += len(_leftovers(tree))
    # Some kills did hit what this is about.
    assert seen > 0
    assert main(["migrate", "--write", "--workers", "1", str(tree)]) in (0, 1)
    assert _leftovers(tree) == []
    assert sorted(path.name for path in tree.rglob("*")) == ["a.py", "b.py", "deep"]


def test_a_command_that_is_killed_or_interrupted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    source = b"import tensorflow as tf\r\n\r\nx = tf.variance_scaling_initializer()  # \xc3\xa9"
    paths = [tree / f"m{i}.py" for i in range(60)]
    for path in paths:
        path.write_bytes(source)
    reference = tmp_path / "reference.py"
    reference.write_bytes(source)
    assert main(["migrate", "--write", str(reference)]) == 0
    result = reference.read_bytes()
    assert result != source
    command = [sys.executable, "-m", "compat_v1_init", "migrate", "--write", str(tree)]
    for kind, when in [(signal.SIGKILL, 0.3), (signal.SIGKILL, 0.6), (signal.SIGKILL, 0.9), (signal.SIGINT, 0.6)]:
        with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) as process:
            time.sleep(when)
            process.send_signal(kind)
            # Ends when the last process has closed its standard error: no worker outlives the command.
            _, errors = process.communicate(timeout=60)
        assert process.returncode in ((-kind, 0) if kind == signal.SIGKILL else (130, -signal.SIGINT, 0))
        if process.returncode == 130:
            assert errors == b"compat-v1-init: interrupted; every file is whole\n"
        assert {path.read_bytes() for path in paths} <= {source, result}
    assert main(["migrate", "--write", "--workers", "1", str(tree)]) == 0
    assert {path.read_bytes() for path in paths} == {result}
    assert _leftovers(tree) == []
    capfd.readouterr()
