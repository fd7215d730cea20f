"""Keras 3 on TensorFlow, JAX and PyTorch: each cell of the table in docs/keras3.md, in fresh processes.

A backend that is not installed is skipped; `nox -s backends` installs all.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from pathlib import Path

import pytest
from running import ROOT, TESTS, python

from compat_v1_init.keras._which import is_keras_3, the_keras

PAGE = ROOT / "docs" / "keras3.md"
BACKENDS = ("tensorflow", "jax", "torch")

pytestmark = [
    pytest.mark.slow,  # Each backend has processes of its own.
    pytest.mark.skipif(not is_keras_3(the_keras()), reason="Keras 3 only"),
]


def _run(backend: str, *arguments: str) -> str:
    done = python(*arguments, seconds=600, KERAS_BACKEND=backend)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def _needs(backend: str) -> None:
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backends")


@functools.cache
def _results(backend: str, folder: Path) -> dict[str, str]:
    results: dict[str, str] = json.loads(_run(backend, str(TESTS / "backend_program.py"), str(folder)))
    return results


# The rows of the table, and the cells of the program that each stands for.
ROWS = {
    "builds, with TF1's first values": r"build, (drop-in|exact)|dtypes|tensors",
    "`fit`, with and without `Input`, `jit_compile` both ways": r"fit, (drop-in|exact).*",
    "`.keras`, JSON, `clone_model`": r"save, (drop-in|exact)",
    "plain `to_keras(init)`: all of these, with Keras' numbers": r"\w+, plain.*",
    "an initializer of `from_meta_graph`": r"from_meta_graph",
}
LOADS = {
    "`load_model` in a new process, imports in any order": ("tensorflow", "jax", "torch"),
    "`load_model` of what TensorFlow's backend saved": ("tensorflow",),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("row", ROWS)
def test_row(row: str, backend: str, folder: Path) -> None:
    _needs(backend)
    cells = {name: result for name, result in _results(backend, folder).items() if re.fullmatch(ROWS[row], name)}
    assert cells
    assert {name: result for name, result in cells.items() if result != "ok"} == {}


def test_every_cell_is_in_a_row(folder: Path) -> None:
    for name in _results("tensorflow", folder):
        assert sum(re.fullmatch(pattern, name) is not None for pattern in ROWS.values()) == 1, name


LOAD = """
{imports}
import sys
for name in ("drop-in", "exact", "plain"):
    model = keras.models.load_model(f"{{sys.argv[1]}}/{saved_by} {{name}}.keras")
    init = model.layers[0].kernel_initializer
    print(type(init).__module__.split(".")[0], type(init).__name__, tuple(init((2, 3), dtype="float32").shape))
    keras.models.clone_model(model)
    model.save(f"{{sys.argv[1]}}/again.keras")
    keras.models.load_model(f"{{sys.argv[1]}}/again.keras")
print("done")
"""


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("saved_by", ["itself", "tensorflow"])
@pytest.mark.parametrize(
    "imports",
    [
        "import compat_v1_init, keras",
        "import keras, compat_v1_init",
        "import tensorflow, compat_v1_init, keras",
    ],
)
def test_loads_in_a_new_process(imports: str, saved_by: str, backend: str, folder: Path) -> None:
    _needs(backend)
    if saved_by == "tensorflow" and (backend == "tensorflow" or imports.startswith("import tensorflow")):
        pytest.skip("the same as another case")
    saved_by = backend if saved_by == "itself" else saved_by
    _results(saved_by, folder)
    assert _run(backend, "-c", LOAD.format(imports=imports, saved_by=saved_by), str(folder)) == "done"


@pytest.mark.parametrize("backend", BACKENDS[1:])
def test_old_files_and_what_to_keras_made_need_no_tensorflow(backend: str, folder: Path) -> None:
    """In a process in which TensorFlow cannot be imported at all."""
    _needs(backend)
    _results("tensorflow", folder)
    code = f"""
import sys
sys.modules["tensorflow"] = None
import keras, numpy as np, compat_v1_init
from compat_v1_init.keras import load_tf1_model
folder = {str(TESTS / "old_models" / "tf1_15_5")!r}
with np.load(folder + "/predictions.npz") as stored:
    for name in ("convolution", "lstm", "compiled"):
        model = load_tf1_model(f"{{folder}}/{{name}}.h5")
        y = model.predict(stored[name + "/x0"], verbose=0)
        np.testing.assert_allclose(y, stored[name + "/y0"], rtol=1e-5, atol=1e-6)
        model.save(sys.argv[1] + "/old.keras")
        keras.models.load_model(sys.argv[1] + "/old.keras")
keras.models.load_model(sys.argv[1] + "/tensorflow plain.keras")
print("done")
"""
    assert _run(backend, "-c", code, str(folder)) == "done"


def test_the_table_of_the_page_is_what_is_tested() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "| | TensorFlow | JAX | PyTorch |" in text
    listed = re.findall(r"^\| (.+?) \| yes \| yes \| yes \|$", text, re.MULTILINE)
    expected = [*ROWS, *LOADS, "`load_tf1_model`, and files of plain objects, without TensorFlow"]
    assert [row.replace("with\u00a0", "with ") for row in listed] == expected
