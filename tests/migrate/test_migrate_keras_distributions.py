"""`tf.keras.initializers.RandomNormal` and its like, which in TensorFlow 1 are TF1's own with other defaults."""

from __future__ import annotations

import subprocess
import sys

import pytest
from migrating import PLAIN, V1, analyze, migrated, reported, site

from compat_v1_init._family import FAMILY
from compat_v1_init._migrate.findings import Effect

TF1 = f"{PLAIN}x = tf.placeholder(tf.float32)\n"
KERAS = "tf.keras.initializers"

SHIM = [
    ("RandomNormal()", "random_normal_initializer(stddev=0.05)"),
    ("random_normal()", "initializers.random_normal(stddev=0.05)"),
    ("normal()", "initializers.random_normal(stddev=0.05)"),
    ("RandomNormal(0.0, 0.02)", "random_normal_initializer(0.0, 0.02)"),
    ("RandomNormal(stddev=0.02)", "random_normal_initializer(stddev=0.02)"),
    ("RandomNormal(0.5)", "random_normal_initializer(stddev=0.05, mean=0.5)"),
    ("RandomNormal(mean=m)", "random_normal_initializer(stddev=0.05, mean=m)"),
    ("RandomNormal(seed=7)", "random_normal_initializer(stddev=0.05, seed=7)"),
    ("RandomNormal(0.0, s, 7, tf.float64)", "random_normal_initializer(0.0, s, 7, tf.float64)"),
    ("TruncatedNormal()", "truncated_normal_initializer(stddev=0.05)"),
    ("truncated_normal(stddev=1.0)", "initializers.truncated_normal(stddev=1.0)"),
    ("RandomUniform()", "random_uniform_initializer(minval=-0.05, maxval=0.05)"),
    ("uniform()", "initializers.random_uniform(minval=-0.05, maxval=0.05)"),
    ("random_uniform(-1)", "initializers.random_uniform(maxval=0.05, minval=-1)"),
    ("RandomUniform(maxval=2.0)", "random_uniform_initializer(minval=-0.05, maxval=2.0)"),
    ("RandomUniform(-a, a)", "random_uniform_initializer(-a, a)"),
]


@pytest.mark.parametrize(("before", "after"), SHIM, ids=[before for before, _ in SHIM])
@pytest.mark.parametrize("module", [KERAS, "tf.compat.v1.keras.initializers", "tf.contrib.keras.initializers"])
def test_the_defaults_of_kerass_name_are_written_out(module: str, before: str, after: str) -> None:
    assert site(f"{module}.{before}", "shim", head=TF1) == f"compat_v1_init.{after}"


NATIVE = [
    ("RandomNormal()", "RandomNormal()"),
    ("normal(stddev=s)", "RandomNormal(stddev=s)"),
    ("truncated_normal()", "TruncatedNormal()"),
    ("TruncatedNormal(dtype=tf.float32)", "TruncatedNormal()"),
    ("uniform(-1, 1)", "RandomUniform(minval=-1, maxval=1)"),
    ("RandomUniform(seed=7)", "RandomUniform(seed=7)"),
]


@pytest.mark.parametrize(("before", "after"), NATIVE, ids=[before for before, _ in NATIVE])
def test_kerass_own_class_has_the_same_defaults(before: str, after: str) -> None:
    assert site(f"{KERAS}.{before}", "keras", head=TF1) == f"{KERAS}.{after}"


EXACT = [
    ("RandomNormal()", "TF1RandomNormal(stddev=0.05)"),
    ("TruncatedNormal(0.0, 0.02)", "TF1TruncatedNormal(0.0, 0.02)"),
    ("RandomUniform(seed=7)", "TF1RandomUniform(minval=-0.05, maxval=0.05, seed=7)"),
]


@pytest.mark.parametrize(("before", "after"), EXACT, ids=[before for before, _ in EXACT])
def test_the_class_with_tf1s_numbers_has_them_too(before: str, after: str) -> None:
    head = f"{TF1}tf.set_random_seed(1)\n"
    assert site(f"{KERAS}.{before}", "keras", head=head) == f"compat_v1_init.keras.{after}"


NOT_SEEN = [
    pytest.param(f"f({KERAS}.RandomNormal)", id="handed on"),
    pytest.param(f"N = {KERAS}.RandomNormal\na = N()", id="by an alias"),
    pytest.param(f"a = {KERAS}.RandomUniform(*bounds)", id="unpacked arguments"),
    pytest.param(f"a = {KERAS}.RandomUniform(**options)", id="unpacked keywords"),
    pytest.param("from tensorflow.keras.initializers import TruncatedNormal\na = TruncatedNormal()", id="imported"),
    pytest.param("from tensorflow.keras.initializers import uniform as u\na = u()", id="imported as"),
    pytest.param(f"a = getattr({KERAS}, 'RandomNormal')()", id="getattr"),
]


@pytest.mark.parametrize("use", NOT_SEEN)
def test_reported_where_the_defaults_cannot_be_written(use: str) -> None:
    assert reported(f"{TF1}{use}\n") == ["CVI211"]


IMPORTED = [
    pytest.param("RandomNormal", "RandomNormal(0.0, 0.02)", "random_normal_initializer", id="by position"),
    pytest.param("RandomNormal", "RandomNormal(mean=m, stddev=s, seed=7)", "random_normal_initializer", id="keywords"),
    pytest.param("RandomUniform", "RandomUniform(-a, maxval=a)", "random_uniform_initializer", id="both"),
    pytest.param(
        "TruncatedNormal", "[TruncatedNormal(stddev=s) for s in x]", "truncated_normal_initializer", id="inner"
    ),
]


@pytest.mark.parametrize(("name", "use", "new"), IMPORTED)
def test_an_import_is_moved_where_each_call_gives_the_arguments(name: str, use: str, new: str) -> None:
    before = f"import tensorflow as tf\nfrom tensorflow.keras.initializers import {name}\na = {use}\ntf.placeholder()\n"
    after = f"from compat_v1_init import {new} as {name}\nimport tensorflow as tf\na = {use}\ntf.placeholder()\n"
    assert sorted(migrated(before, "shim").splitlines()) == sorted(after.splitlines())
    assert reported(f"{before}b = {name}()\n") == ["CVI211"]
    assert reported(f"{before}b = {name}(seed=1)\n") == ["CVI211"]
    assert reported(f"{before}b = {name}\n") == ["CVI211"]


def test_which_version_it_is() -> None:
    use = f"a = {KERAS}.RandomNormal(stddev=s)\n"
    assert reported(f"{PLAIN}@tf.function\ndef g(): pass\n{use}") == []
    assert reported(f"{PLAIN}{use}") == ["CVI201"]
    assert reported(f"{PLAIN}import keras\nx = tf.placeholder()\na = keras.initializers.RandomNormal()\n") == []
    assert "compat_v1_init." in migrated(f"{V1}a = tf.keras.initializers.RandomNormal(stddev=s)\n", "shim")


def test_one_name_with_two_defaults() -> None:
    source = f"{TF1}if y:\n    N = tf.random_normal_initializer\nelse:\n    N = {KERAS}.RandomNormal\na = N()\n"
    codes = {finding.code for finding in analyze(source, to="shim").findings if finding.effect is Effect.NEEDS_YOU}
    assert codes


@pytest.mark.parametrize("name", ["random_normal", "truncated_normal", "random_uniform"])
def test_shim_says_that_keras_may_have_written_it(name: str) -> None:
    native = migrated(f"{TF1}w = tf.get_variable('w', [3, 4], initializer=tf.{name}_initializer())\n", "keras")
    assert KERAS in native
    assert migrated(native, "keras") == native
    (finding,) = analyze(native, to="shim").findings
    assert finding.message.endswith("If an earlier run with `--to keras` wrote it, take this change back.")
    with_classes = f"{native}v = compat_v1_init.keras.TF1RandomNormal()\n".replace(
        "import tensorflow", "import compat_v1_init\nimport tensorflow", 1
    )
    assert migrated(with_classes, "shim") == with_classes


STRINGS = ["random_normal", "normal", "RandomNormal", "truncated_normal", "uniform", "random_uniform"]


@pytest.mark.parametrize("name", STRINGS)
def test_strings_for_layers(name: str) -> None:
    assert reported(f"{TF1}y = tf.keras.layers.Dense(3, kernel_initializer='{name}')(x)\n") == ["CVI208"]
    assert reported(f"{TF1}print('{name}', mode='{name}')\n") == []


@pytest.mark.extras("tf_keras")
def test_the_defaults_are_those_of_legacy_keras() -> None:
    rows = {row.cls: dict(row.keras_defaults) for row in FAMILY.values() if row.keras_defaults}
    program = (
        "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport tensorflow as tf\n"
        "classes = tf.compat.v1.keras.initializers\n"
        f"for name, defaults in {rows!r}.items():\n"
        "    config = getattr(classes, name)().get_config()\n"
        "    assert {key: config[key] for key in defaults} == defaults, (name, config)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert sorted(rows) == ["RandomNormal", "RandomUniform", "TruncatedNormal"]


@pytest.mark.parametrize("name", ["Zeros()", "Ones()", "Constant(3)", "Identity()"])
def test_names_with_the_same_values_stay(name: str) -> None:
    assert reported(f"{TF1}a = {KERAS}.{name}\n") == []
