"""Notebooks in a real kernel: a migrated one draws what it drew before, and `%tf1` runs one of TensorFlow 1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from running import TESTS, searched

import compat_v1_init
from compat_v1_init.__main__ import main

nbclient = pytest.importorskip("nbclient", reason="of the extra `notebooks`")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")
pytest.importorskip("tensorflow")
pytestmark = pytest.mark.extras

CELLS = [
    "%%time\nimport tensorflow.compat.v1 as tf\ntf.disable_eager_execution()\n",
    "!echo 'it is (no Python'\n%precision 3\n",
    (
        "def weight(name):\n"
        "    return tf.get_variable(name, [3, 4], initializer=tf.variance_scaling_initializer(scale=2.0, seed=1))\n"
    ),
    (
        "%time weights = [weight('a'), weight('b')]\n"
        "bias = tf.get_variable('c', [4, 2], initializer=tf.glorot_uniform_initializer(seed=3))\n"
    ),
    (
        "with tf.Session() as session:\n"
        "    session.run(tf.global_variables_initializer())\n"
        "    drawn = session.run([*weights, bias])\n"
        "print(*(value.tobytes().hex() for value in drawn))\n"
    ),
    "print(type(tf.glorot_uniform_initializer()).__module__.split('.')[0])\n",
]


@pytest.fixture(autouse=True)
def _kernels_find_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", searched())
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")


def _written(path: Path, sources: list[str]) -> Path:
    """Writes a notebook with these cells."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for source in sources
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), encoding="utf-8")
    return path


def _printed(path: Path) -> list[str]:
    """Returns what each cell of a notebook prints, run in a kernel of this Python."""
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]


def test_a_notebook_draws_the_same_after_the_migration(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.ipynb", CELLS)
    before = _printed(path)
    assert "it is (no Python" in before[1]
    assert len(before[4].split()) == 3
    assert before[5] == "tensorflow\n"
    assert main(["migrate", "--write", str(path)]) == 0
    after = _printed(path)
    assert after[4] == before[4]
    assert after[5] == "compat_v1_init\n"
    # What the kernel ran is a notebook still, whose other cells are as they were.
    written = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(nbformat.from_dict(written))
    assert "".join(written["cells"][1]["source"]) == CELLS[1]


PROGRAM = """
import json, tensorflow as tf
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(87)
    w = tf.Variable(tf.truncated_normal([2], seed=3), name="w")
    v = tf.get_variable({name!r}, {shape})
    session.run(tf.global_variables_initializer())
    print(json.dumps([value.tobytes().hex() for value in session.run([w, v])]))
"""


def test_a_notebook_of_tensorflow_1(tmp_path: Path) -> None:
    """The magic, `%run`, a process that a cell starts, and the first weights of a file."""
    file = TESTS / "meta_graphs" / "op_seeds.meta"
    name, initializer = next(
        item for item in compat_v1_init.from_meta_graph(file).items() if item[1].distribution == "uniform"
    )
    program = PROGRAM.format(name=name, shape=list(initializer.shape))
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    start = "%load_ext compat_v1_init\n%tf1"
    other = "import subprocess, sys\nprint(subprocess.check_output([sys.executable, 'program.py'], text=True))"
    cells = [start, program, "print(tf.__version__)", "%run program.py", other]
    cell, version, run, process = map(str.strip, _printed(_written(tmp_path / "a.ipynb", cells))[1:])
    assert version == "1.15.5"
    assert len(json.loads(cell)) == 2
    assert cell == run == process
    again = json.loads(_printed(_written(tmp_path / "b.ipynb", [f"{start} {file}", "%run program.py"]))[1])
    assert again == [json.loads(cell)[0], initializer().numpy().tobytes().hex()] != json.loads(cell)
