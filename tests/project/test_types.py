"""What mypy says of a program that uses this package: a wrong name or argument is an error, a right one is not."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from running import ROOT

pytest.importorskip("mypy", reason="mypy does not work with the oldest releases of TensorFlow")

IMPORTS = """\
import compat_v1_init
from compat_v1_init import contrib, initializers, keras
"""

# Each line with what mypy must say of it: a part of the message, or nothing.
PROGRAM = [
    ("compat_v1_init.variance_scaling_initializer(scal=1)", 'Unexpected keyword argument "scal"'),
    ("compat_v1_init.variance_scalling_initializer()", "has no attribute"),
    ("compat_v1_init.variance_scaling_initializer(mode='fanin')", 'Argument "mode"'),
    ("compat_v1_init.variance_scaling_initializer('2.0')", "Argument 1"),
    ("compat_v1_init.glorot_uniform_initializer(scale=2.0)", 'Unexpected keyword argument "scale"'),
    ("compat_v1_init.glorot_normal_initializer(1.5)", "Argument 1"),
    ("compat_v1_init.uniform_unit_scaling_initializer(scale=2.0)", 'Unexpected keyword argument "scale"'),
    ("compat_v1_init.to_kera", "has no attribute"),
    ("compat_v1_init.to_keras('he_normal', numbers='tf2')", 'Argument "numbers"'),
    ("reveal_type(compat_v1_init.explain('he_normal'))", '"compat_v1_init.keras._explain.Explanation"'),
    ("reveal_type(compat_v1_init.explain(initializers.he_normal()))", '"compat_v1_init.keras._explain.Explanation"'),
    ("reveal_type(compat_v1_init.explain(object()))", "Explanation | compat_v1_init.keras._explain.ModelExplanation"),
    ("initializers.he_norml()", "has no attribute"),
    ("initializers.he_normal(sed=1)", 'Unexpected keyword argument "sed"'),
    ("initializers.variance_scaling(scal=1)", 'Unexpected keyword argument "scal"'),
    ("contrib.xavier_initializr()", "has no attribute"),
    ("contrib.variance_scaling_initializer(mode='fan_in')", 'Argument "mode"'),
    ("contrib.xavier_initializer(factor=1.0)", 'Unexpected keyword argument "factor"'),
    ("keras.TF1VarianceScalling()", "has no attribute"),
    ("keras.TF1VarianceScaling(scal=1)", 'Unexpected keyword argument "scal"'),
    ("keras.TF1ContribVarianceScaling(scale=1.0)", 'Unexpected keyword argument "scale"'),
    ("keras.TF1UniformUnitScaling(scale=1.0)", 'Unexpected keyword argument "scale"'),
    ("reveal_type(compat_v1_init.variance_scaling_initializer)", "def (scale: float =, mode: "),
    ("reveal_type(keras.TF1UniformUnitScaling)", "def (factor: float =, seed: "),
    ("reveal_type(initializers.lecun_uniform)", "def (seed: int | None =) ->"),
    ("compat_v1_init.variance_scaling_initializer(2, 'fan_out', 'uniform', 3, 'float64')([3, 4])", ""),
    ("compat_v1_init.variance_scaling_initializer(distribution='unifrom')", 'Argument "distribution"'),
    ("compat_v1_init.PinnedInitializer('normal', (87, 12))", 'Argument 1 to "PinnedInitializer"'),
    ("keras.load_tf1_model('old.h5', numbers='tf2')", 'Argument "numbers"'),
    ("compat_v1_init.variance_scaling_initializer(seed=1).get_config()", ""),
    ("compat_v1_init.glorot_uniform_initializer(1, 'float32')([3, 4], 'float16')", ""),
    ("compat_v1_init.to_keras('he_normal', numbers='tf1')([3])", ""),
    ("contrib.xavier_initializer_conv2d(False, 2)([3, 3, 1, 2])", ""),
    ("keras.TF1VarianceScaling(2.0, seed=None)([3, 4])", ""),
    ("class Mine(initializers.variance_scaling): ...", ""),
    ("Mine(scal=1)", 'Unexpected keyword argument "scal"'),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says in its strict mode, for each line with anything."""
    folder = tmp_path_factory.mktemp("types")
    program = folder / "program.py"
    program.write_text(IMPORTS + "\n".join(line for line, _ in PROGRAM), encoding="utf-8")
    options = ["--strict", "--follow-imports=silent", "--config-file=", f"--cache-dir={folder / 'cache'}"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, program.name],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[int, str] = {}
    for number, text in re.findall(r"^program\.py:(\d+): (.*)$", done.stdout, re.MULTILINE):
        found[int(number)] = f"{found.get(int(number), '')}{text}\n"
    return found


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(number, words, id=line)
        for number, (line, words) in enumerate(PROGRAM, start=IMPORTS.count("\n") + 1)
    ],
)
def test_mypy(said: dict[int, str], number: int, expected: str) -> None:
    if expected:
        assert expected in said.get(number, "")
    else:
        assert number not in said
