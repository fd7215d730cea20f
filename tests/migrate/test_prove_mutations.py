"""A mistake in any constant or formula of the package is one that `--prove` reports.

Each row changes one place of the package's source by the smallest step that can matter, and migrates a line that needs
it. With the place as it is, the same line is proved.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from running import TESTS, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each row runs in a fork")

V1 = "import tensorflow.compat.v1 as tf\n"
CONTRIB = "import tensorflow as tf\nfrom tensorflow.contrib import layers\n"


def _line(call: str) -> str:
    """Returns a program of one initializer that is called once, so that `--to keras` goes native."""
    head = CONTRIB if call.startswith("layers.") else V1
    return f"{head}w = tf.get_variable('w', [3, 4], initializer={call})\n"


SCALING = _line("tf.variance_scaling_initializer(seed=1)")
UNIFORM = _line("tf.variance_scaling_initializer(2.0, 'fan_avg', 'uniform', seed=1)")
UNTRUNCATED = _line("tf.variance_scaling_initializer(distribution='untruncated_normal', mode='fan_out')")
UNIT = _line("tf.uniform_unit_scaling_initializer(1.43)")
UNIT_OF_HALF = _line("tf.uniform_unit_scaling_initializer(0.5)")
CONTRIB_MEAN = _line("layers.variance_scaling_initializer(0.7, 'FAN_AVG')")
CONTRIB_UNIFORM = _line("layers.variance_scaling_initializer(uniform=True, mode='FAN_OUT', seed=3)")
CONTRIB_DEFAULTS = _line("layers.variance_scaling_initializer()")
XAVIER = _line("layers.xavier_initializer()")
XAVIER_NORMAL = _line("layers.xavier_initializer(uniform=False)")
HE_NORMAL = _line("tf.initializers.he_normal()")
HE_UNIFORM = _line("tf.initializers.he_uniform()")
LECUN_NORMAL = _line("tf.initializers.lecun_normal()")
LECUN_UNIFORM = _line("tf.initializers.lecun_uniform(3)")
NORMAL = _line("tf.variance_scaling_initializer(distribution='normal')")
HUGE_SEED = _line("tf.glorot_uniform_initializer(9223372036854775808)")
# With the graph's seed set, `--to keras` writes this package's classes with TF1's numbers.
HE_NORMAL_SEEDED = HE_NORMAL.replace("w =", "tf.set_random_seed(1)\nw =")
GLOROT_SEEDED = _line("tf.glorot_normal_initializer()").replace("w =", "tf.set_random_seed(1)\nw =")


class Mutation(NamedTuple):
    """One change of the package, and what it changes the numbers of."""

    old: str
    new: str
    source: str
    to: str = "shim"


# What is changed, into what, which program needs it, and where that is migrated to.
MUTATIONS = {
    # --- Fans
    "fan_in": Mutation("n: float = fan_in", "n: float = fan_out", SCALING),
    "fan_out": Mutation("n = fan_out\n", "n = fan_in\n", UNTRUNCATED),
    "mean of the fans": Mutation(
        "n = (fan_in + fan_out) / 2.0\n", "n = (fan_in + fan_out) / 2.0000000000000004\n", UNIFORM
    ),
    "least fan": Mutation("scale /= max(1.0, n)", "scale /= max(1.0000000000000002, n)", SCALING),
    "no least fan": Mutation("scale /= max(1.0, n)", "scale /= n", SCALING),
    "fans of a scalar": Mutation("return 1, 1\n", "return 1, 2\n", UNTRUNCATED),
    "fans of a vector": Mutation("return int(shape[0]), int(shape[0])", "return 1, int(shape[0])", SCALING),
    "fans of a matrix": Mutation("return int(shape[0]), int(shape[1])", "return int(shape[1]), int(shape[0])", SCALING),
    "receptive field": Mutation("receptive_field *= dimension", "receptive_field = dimension", SCALING),
    "field of fan_in": Mutation("int(shape[-2] * receptive_field)", "int(shape[-2] + receptive_field)", SCALING),
    "field of fan_out": Mutation("int(shape[-1] * receptive_field)", "int(shape[-1])", UNTRUNCATED),
    # --- Widths
    "constant": Mutation("STDDEV = 0.87962566103423978", "STDDEV = 0.8796256610342399", SCALING),
    "no constant": Mutation("math.sqrt(variance) / TRUNCATED_STDDEV", "math.sqrt(variance)", SCALING),
    "untruncated": Mutation(
        "0.0, math.sqrt(variance)\n", "0.0, variance**0.5000000000000001\n", UNTRUNCATED
    ),
    "uniform": Mutation("math.sqrt(3.0 * variance)", "math.sqrt(3.0000000000000004 * variance)", UNIFORM),
    "unit scaling": Mutation("math.sqrt(3 / max(", "math.sqrt(3.0000000000000004 / max(", UNIT),
    "order of unit scaling": Mutation(
        "(3 / max(input_size, 1.0)) * initializer.factor", "(3 / max(input_size, 1.0) * initializer.factor**2)", UNIT
    ),
    "least size of unit scaling": Mutation("max(input_size, 1.0)", "max(input_size, 1.0000000000000004)", UNIT),
    "sides of unit scaling": Mutation("for dimension in shape[:-1]:", "for dimension in shape:", UNIT),
    # --- contrib
    "1.3": Mutation("CONTRIB_SCALE = 1.3\n", "CONTRIB_SCALE = 1.3000000000000003\n", CONTRIB_MEAN),
    "order of contrib": Mutation(
        "CONTRIB_SCALE * initializer.factor / n", "CONTRIB_SCALE / n * initializer.factor", CONTRIB_MEAN
    ),
    "contrib's 3": Mutation(
        "math.sqrt(3.0 * initializer", "math.sqrt(3.0000000000000004 * initializer", CONTRIB_UNIFORM
    ),
    "contrib's fan_in": Mutation('"FAN_IN": fan_in', '"FAN_IN": fan_out', CONTRIB_DEFAULTS),
    "contrib's fan_out": Mutation('"FAN_OUT": fan_out', '"FAN_OUT": max(1.0, fan_out)', CONTRIB_UNIFORM),
    "contrib's mean": Mutation(
        '"FAN_AVG": (fan_in + fan_out) / 2.0', '"FAN_AVG": (fan_in + fan_out) / 2.0000000000000004', CONTRIB_MEAN
    ),
    "contrib's scalar": Mutation("fan_in = fan_out = 1.0", "fan_in = fan_out = 2.0", CONTRIB_MEAN),
    "contrib's factor": Mutation("factor: float = 2.0,", "factor: float = 2.0000000000000004,", CONTRIB_DEFAULTS),
    "contrib's mode": Mutation('mode: Mode = "FAN_IN",', 'mode: Mode = "FAN_AVG",', CONTRIB_DEFAULTS),
    "contrib's distribution": Mutation("uniform: bool = False,", "uniform: bool = True,", CONTRIB_DEFAULTS),
    "xavier's factor": Mutation(
        "return VarianceScaling(factor=1.0, ", "return VarianceScaling(factor=1.0000000000000004, ", XAVIER
    ),
    "xavier's mode": Mutation('mode="FAN_AVG", uniform=uniform', 'mode="FAN_IN", uniform=uniform', XAVIER),
    "xavier's distribution": Mutation("    uniform: bool = True,", "    uniform: bool = False,", XAVIER),
    # --- The cases with names
    "he_normal": Mutation('"HeNormal", 2.0,', '"HeNormal", 2.0000000000000004,', HE_NORMAL),
    "he_uniform": Mutation(
        '{"scale": scale, "mode": "fan_in"', '{"scale": scale, "mode": "fan_avg"', HE_UNIFORM
    ),
    "lecun_normal": Mutation('"LecunNormal", 1.0,', '"LecunNormal", 1.0000000000000002,', LECUN_NORMAL),
    "lecun_uniform": Mutation('"LecunUniform", 1.0,', '"LecunUniform", 1.0000000000000002,', LECUN_UNIFORM),
    # --- Kernels, seeds, places
    "kernel": Mutation(
        '"untruncated_normal": "random_normal"', '"untruncated_normal": "truncated_normal"', UNTRUNCATED
    ),
    "mean": Mutation("0.0, math.sqrt(variance)\n", "1e-17, math.sqrt(variance)\n", UNTRUNCATED),
    "fans of a shard": Mutation("full_shape = partition_info.full_shape\n", "full_shape = shape\n", SCALING),
    "contrib's fans of a shard": Mutation('contrib_bounds, fans="part"', 'contrib_bounds, fans="whole"', CONTRIB_MEAN),
    "seed": Mutation("Seeds(int(seed), int(seed2))", "Seeds(int(seed2), int(seed))", SCALING),
    "place in the stream": Mutation("_STEP_PER_ELEMENT = 256", "_STEP_PER_ELEMENT = 255", SCALING),
    # --- What `migrate --to keras` writes
    "contrib's constant for Keras": Mutation(
        'IN_CODE = "0.87962566103423978"', 'IN_CODE = "0.8796256610342"', CONTRIB_DEFAULTS, "keras"
    ),
    "contrib's 1.3 for Keras": Mutation('f"{CONTRIB_SCALE} *', 'f"1.30000000000001 *', XAVIER_NORMAL, "keras"),
    "contrib's mode for Keras": Mutation(
        'STDDEV**2, mode.lower(), "trunc', 'STDDEV**2, "fan_avg", "trunc', CONTRIB_DEFAULTS, "keras"
    ),
    "square for Keras": Mutation("float(factor) ** 2,", "float(factor) * 2,", UNIT_OF_HALF, "keras"),
    "square in words": Mutation('"{} ** 2"', '"{} ** 2.0000001"', UNIT, "keras"),
    "seed for Keras": Mutation("else value % (2**31 - 1)", "else value % 2**31", HUGE_SEED, "keras"),
    "normal for Keras": Mutation('"truncated_normal" if lower', '"untruncated_normal" if lower', NORMAL, "keras"),
    "he with TF1's numbers": Mutation(
        '"HeNormal", 2.0,', '"HeNormal", 2.0000000000000004,', HE_NORMAL_SEEDED, "keras"
    ),
    "glorot with TF1's numbers": Mutation(
        '{"scale": 1.0, "mode": "fan_avg"', '{"scale": 1.0, "mode": "fan_in"', GLOROT_SEEDED, "keras"
    ),
}  # fmt: skip


Answer = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def migrate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    """Migrates a source with one text of the package replaced; gives the exit code and what the report says of it."""
    path = tmp_path_factory.mktemp("mutations") / "program.py"
    with subprocess.Popen(
        [sys.executable, str(TESTS / "mutants.py")],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(source: str, to: str, old: str = "", new: str = "") -> Answer:
            path.write_text(source, encoding="utf-8")
            arguments = ["migrate", "--prove", "--check", "--workers", "1", "--format", "json", "--to", to, str(path)]
            print(json.dumps([old, new, arguments]), file=process.stdin, flush=True)
            code, output = json.loads(process.stdout.readline())
            assert code >= 0, output
            (file,) = json.loads(output)["files"]
            return code, file

        yield ask
        process.stdin.close()


@pytest.mark.parametrize(("source", "to"), sorted({(row.source, row.to) for row in MUTATIONS.values()}))
@pytest.mark.slow
def test_as_it_is_each_line_is_proved(source: str, to: str, migrate: Callable[..., Answer]) -> None:
    _, file = migrate(source, to)
    assert file["failure"] is None
    assert any((finding["proof"] or "").startswith("proved: ") for finding in file["findings"])


@pytest.mark.slow
@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in MUTATIONS.items()])
def test_a_change_is_reported(row: Mutation, migrate: Callable[..., Answer]) -> None:
    code, file = migrate(row.source, row.to, row.old, row.new)
    assert code == 2, file["findings"]
    assert "--prove found a difference" in file["failure"]["reason"]
