"""What the README says of the alternatives, and every figure of a page that something here can count."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from running import ROOT

import compat_v1_init
from compat_v1_init._family import FAMILY, SAMPLERS
from compat_v1_init.keras._which import is_keras_3, the_keras

v1 = tf.compat.v1
GOLDEN = ROOT / "tests" / "golden"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

sys.path.insert(0, str(GOLDEN))

from compare_golden import MULTIPLY_MATRICES, NEED_FMA  # noqa: E402


def _text(page: Path) -> str:
    return " ".join(page.read_text(encoding="utf-8").split())


# --- The table of the README -----------------------------------------------------------------------------------------


def test_the_originals_have_nothing_of_contrib() -> None:
    assert not hasattr(v1, "contrib")
    assert compat_v1_init.contrib.xavier_initializer(seed=1)([2, 3]).shape == (2, 3)


@pytest.mark.parametrize("ours", [False, True], ids=["the original's does not", "this package's does"])
def test_a_keras_3_model_comes_back_from_a_file(ours: bool, tmp_path: Path) -> None:
    keras = the_keras()
    if not is_keras_3(keras):
        pytest.skip("older Keras reads both")
    make = (compat_v1_init if ours else v1).variance_scaling_initializer
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, kernel_initializer=make(seed=1))])
    model.save(tmp_path / "model.keras")
    if ours:
        assert keras.models.load_model(tmp_path / "model.keras").count_params() == 15
    else:
        with pytest.raises(TypeError):
            keras.models.load_model(tmp_path / "model.keras")


@pytest.mark.parametrize("seed", [None, 1], ids=["without a seed", "with a seed"])
def test_an_object_of_keras_repeats_itself_and_the_drop_in_does_not(seed: int | None) -> None:
    keras = the_keras()
    if not is_keras_3(keras):
        pytest.skip("older releases go on in a stream, or warn")
    theirs = keras.initializers.VarianceScaling(seed=seed)
    ours = compat_v1_init.variance_scaling_initializer(seed=seed)
    assert np.array_equal(theirs([2, 3]), theirs([2, 3]))
    assert not np.array_equal(ours([2, 3]), ours([2, 3]))


def test_keras_has_other_numbers_for_the_same_seed() -> None:
    tf.random.set_seed(1)
    theirs = tf.keras.initializers.VarianceScaling(seed=1)([2, 3])
    tf.random.set_seed(1)
    assert not np.array_equal(theirs, v1.variance_scaling_initializer(seed=1)([2, 3]))


def _shards(make: Any, partitions: str) -> list[bytes]:
    with tf.Graph().as_default(), v1.Session() as session, compat_v1_init.options(partitions=partitions):
        partitioner = v1.fixed_size_partitioner(2)
        table = v1.get_variable("table", [4, 3], initializer=make(seed=1), partitioner=partitioner)
        session.run(v1.global_variables_initializer())
        return [value.tobytes() for value in session.run(list(table))]


def test_the_originals_shards_start_equal_and_slices_do_not() -> None:
    one, two = _shards(v1.variance_scaling_initializer, "draws")
    assert one == two
    one, two = _shards(compat_v1_init.variance_scaling_initializer, "slices")
    assert one != two


# --- The example -----------------------------------------------------------------------------------------------------


def test_what_the_example_prints_is_in_its_own_page() -> None:
    (printed,) = re.findall(
        r"^```console\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert printed in (ROOT / "migration_examples" / "README.md").read_text(encoding="utf-8")


# --- Figures ---------------------------------------------------------------------------------------------------------


def _cases(name: str) -> int:
    return len(json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))["cases"])


def test_the_number_of_recorded_cases() -> None:
    counts = {_cases("golden_tf1_15_5"), _cases("namespace_tf1_15_5")}
    found = {int(count) for page in PAGES for count in re.findall(r"(\d+) recorded cases", _text(page))}
    assert sum(counts) in found
    assert found <= {*counts, sum(counts)}


WORDS = {2: "two", 3: "three", 8: "eight", 10: "ten", 12: "twelve", 22: "22"}


@pytest.mark.parametrize(
    ("page", "pattern", "count"),
    [
        pytest.param("README.md", r"in (\w+) of them TensorFlow itself gives", len(MULTIPLY_MATRICES), id="matrices"),
        pytest.param("CHANGELOG.md", r"(\w+) float64 normal draws", len(NEED_FMA), id="FMA, the changelog"),
        pytest.param("README.md", r"(\w+) samplers: `tf", len(SAMPLERS), id="samplers"),
        pytest.param("docs/reference.md", r"(\w+) initializers", len(FAMILY), id="initializers"),
    ],
)
def test_a_count(page: str, pattern: str, count: int) -> None:
    found = re.findall(pattern, _text(ROOT / page), re.IGNORECASE)
    assert [word.lower() for word in found] == [WORDS[count]]


def test_the_releases_of_the_pages_are_those_that_are_tested() -> None:
    """Of Python and TensorFlow, from the oldest to the newest, as `.ci/matrix.py` has them."""
    nox = (ROOT / ".ci" / "matrix.py").read_text(encoding="utf-8")
    cells = re.findall(r'^    "(\d+\.\d+)": \("[\d.]+", \[(.*?)\]\),$', nox, re.MULTILINE)
    pythons = sorted({int(minor) for _, names in cells for minor in re.findall(r'"3\.(\d+)"', names)})
    for page in (ROOT / "README.md", ROOT / "docs" / "install.md"):
        text = _text(page)
        assert f"3.{pythons[0]} to 3.{pythons[-1]}" in text
        assert f"{cells[0][0]} to {cells[-1][0]}" in text


def test_the_page_of_the_releases_says_what_was_run() -> None:
    page = (ROOT / "docs" / "releases.md").read_text(encoding="utf-8")
    total = re.findall(r"([\d,]+) passed", page)[0]
    matrix = page.partition("\n## ")[0]
    passed = [row.split("|")[4] for row in matrix.splitlines() if re.match(r"\| 2\.\d+", row)]
    assert sum(int(count.replace(",", "")) for count in passed) == int(total.replace(",", ""))
    assert "matrix_all -- --quick\n" in page
    assert '"--quick"' in (ROOT / ".ci" / "matrix.py").read_text(encoding="utf-8")


def test_every_script_that_is_said_to_measure_exists() -> None:
    text = _text(ROOT / "docs" / "measurements.md")
    scripts = set(re.findall(r"benchmarks/\w+\.py", text))
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "benchmarks").glob("*.py")} == scripts
