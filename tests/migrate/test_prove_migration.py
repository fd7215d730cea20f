"""`--prove` builds the two sides of a site and compares them; it can tell a wrong one, and evaluates literals alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from running import python

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.findings import CallPair, Effect, Finding
from compat_v1_init._migrate.outcomes import Outcome, Place
from compat_v1_init._migrate.prove import Disproved, Unprovable, prove, verdict_of

V1 = "tf.compat.v1.variance_scaling_initializer"
OURS = "compat_v1_init.variance_scaling_initializer"
EXACT = "compat_v1_init.keras.TF1VarianceScaling"
UNIT = "tf.compat.v1.uniform_unit_scaling_initializer"
CONTRIB = "contrib.variance_scaling_initializer"
XAVIER = "contrib.xavier_initializer"
KERAS = "tf.keras.initializers"

SAME_BYTES = [
    pytest.param(V1, "", OURS, "", id="defaults"),
    pytest.param(V1, "2.0, 'fan_out', 'uniform', 3", OURS, "2.0, 'fan_out', 'uniform', 3", id="positional"),
    pytest.param(V1, "seed=-1, dtype=tf.float64", OURS, "seed=-1, dtype=tf.float64", id="dtype"),
    pytest.param(V1, "dtype='float16'", OURS, "dtype='float16'", id="dtype, a string"),
    pytest.param(V1, "scale=2.0,\n    seed=1,  # why\n", OURS, "scale=2.0, seed=1", id="over lines"),
    pytest.param(
        "tf.compat.v1.glorot_normal_initializer", "1", "compat_v1_init.glorot_normal_initializer", "1", id="glorot"
    ),
    pytest.param("tf.compat.v1.initializers.he_normal", "", "compat_v1_init.initializers.he_normal", "", id="he"),
    pytest.param(UNIT, "1.43", "compat_v1_init.uniform_unit_scaling_initializer", "1.43", id="unit scaling"),
    pytest.param(CONTRIB, "seed=2", "compat_v1_init.contrib.variance_scaling_initializer", "seed=2", id="contrib"),
    pytest.param(XAVIER, "False", "compat_v1_init.contrib.xavier_initializer", "False", id="xavier"),
    pytest.param(V1, "2.0, seed=1", EXACT, "scale=2.0, seed=1", id="exact subclass"),
    pytest.param(CONTRIB, "1.0", "compat_v1_init.keras.TF1ContribVarianceScaling", "1.0", id="exact contrib"),
    pytest.param(UNIT, "seed=1", "compat_v1_init.keras.TF1UniformUnitScaling", "seed=1", id="exact unit scaling"),
]


@pytest.mark.parametrize(("theirs", "their_arguments", "ours", "our_arguments"), SAME_BYTES)
def test_same_bytes(theirs: str, their_arguments: str, ours: str, our_arguments: str) -> None:
    found = re.fullmatch("the same bytes in ([0-9]+) draws", verdict_of(theirs, their_arguments, ours, our_arguments))
    assert found is not None
    # With a seed also in a graph.
    assert int(found[1]) >= 160 + 10 * bool(re.search("seed", our_arguments))


MATRICES = [
    pytest.param("tf.compat.v1.initializers.orthogonal", "initializers.orthogonal", 112, id="orthogonal"),
    pytest.param("contrib.convolutional_delta_orthogonal", "keras.TF1ConvolutionDeltaOrthogonal", 64, id="delta"),
    *(
        pytest.param(f"contrib.convolutional_orthogonal_{d}d", f"contrib.convolutional_orthogonal_{d}d", n, id=f"{d}D")
        for d, n in ((1, 16), (2, 8), (3, 8))
    ),
]


@pytest.mark.parametrize(("theirs", "ours", "count"), MATRICES)
def test_the_same_matrices(theirs: str, ours: str, count: int) -> None:
    """In the dtypes in which TensorFlow can factorize, and of the shapes that the original takes."""
    assert verdict_of(theirs, "2.0", f"compat_v1_init.{ours}", "2.0") == f"the same bytes in {count} draws"
    with pytest.raises(Disproved, match="other bytes"):
        verdict_of(theirs, "2.0", f"compat_v1_init.{ours}", "2.1")


def test_a_matrix_is_no_scaled_draw() -> None:
    with pytest.raises(Unprovable, match=r"more than random numbers, scaled and shifted|random ops, not one"):
        verdict_of("tf.compat.v1.initializers.orthogonal", "", "tf.keras.initializers.Orthogonal", "")


def test_the_private_name_is_proved_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "from tensorflow.python.ops import init_ops\n"
        "from tensorflow.contrib.framework import convolutional_orthogonal_1d\n"
        "x = init_ops.ConvolutionOrthogonal1D(seed=1), convolutional_orthogonal_1d(2.0)\n",
        encoding="utf-8",
    )
    main(["migrate", "--prove", "--format", "json", str(path)])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    proofs = [finding["proof"] for finding in file["findings"] if finding["line"] == 3]
    assert proofs == [f"proved: the initializer alone, the same bytes in {count} draws" for count in (20, 16)]


GLOROT = "tf.compat.v1.glorot_uniform_initializer"
FACTOR = 1.3 * 0.87962566103423978**2
UNIFORM = "mode='fan_avg', distribution='uniform'"

SAME_DISTRIBUTION = [
    pytest.param(V1, "2.0", "HeNormal", "", "truncated normal", id="named class"),
    pytest.param(V1, "2.0, distribution='uniform'", "HeUniform", "", "uniform", id="uniform"),
    pytest.param(
        V1,
        "distribution='normal'",
        "VarianceScaling",
        "distribution='truncated_normal'",
        "truncated normal",
        id="normal",
    ),
    pytest.param(
        V1,
        "distribution='untruncated_normal'",
        "VarianceScaling",
        "distribution='untruncated_normal'",
        "normal",
        id="untruncated",
    ),
    pytest.param(GLOROT, "", "GlorotUniform", "", "uniform", id="glorot"),
    pytest.param(CONTRIB, "", "VarianceScaling", f"scale={2 * FACTOR!r}", "truncated normal", id="contrib"),
    pytest.param(XAVIER, "", "VarianceScaling", f"scale=1.0, {UNIFORM}", "uniform", id="xavier"),
    pytest.param(UNIT, "2.0", "VarianceScaling", "scale=4.0, distribution='uniform'", "uniform", id="unit scaling"),
]


@pytest.mark.filterwarnings("ignore:non-integer arguments to randrange:DeprecationWarning")  # Legacy Keras 2.16.
@pytest.mark.parametrize(("theirs", "their_arguments", "ours", "our_arguments", "kind"), SAME_DISTRIBUTION)
def test_same_distribution(theirs: str, their_arguments: str, ours: str, our_arguments: str, kind: str) -> None:
    found = verdict_of(theirs, their_arguments, f"{KERAS}.{ours}", our_arguments)
    assert found == f"{ours}, {kind}, same width for {4 if theirs == UNIT else 5} shapes"


WRONG = [
    pytest.param(V1, "seed=1", OURS, "seed=2", "other bytes", id="another seed"),
    pytest.param(V1, "", OURS, "distribution='uniform'", "other bytes", id="another distribution"),
    pytest.param(V1, "dtype=tf.float64", OURS, "", "other bytes", id="another dtype"),
    pytest.param(V1, "1.0", OURS, "1.0000001", "other bytes", id="a scale that is almost the same"),
    pytest.param(CONTRIB, "2.0", OURS, "2.0", "other bytes", id="contrib's 1.3 forgotten"),
    pytest.param(V1, "", f"{KERAS}.HeNormal", "", "width", id="another scale"),
    pytest.param(V1, "", f"{KERAS}.LecunUniform", "", "uniform of width", id="a uniform one"),
    pytest.param(V1, "mode='fan_out'", f"{KERAS}.LecunNormal", "", "width", id="another mode"),
    pytest.param(CONTRIB, "", f"{KERAS}.HeNormal", "", "width", id="0.29 % off"),
    pytest.param(UNIT, "2.0", f"{KERAS}.VarianceScaling", "2.0, distribution='uniform'", "width", id="factor as scale"),
]


@pytest.mark.parametrize(("theirs", "their_arguments", "ours", "our_arguments", "words"), WRONG)
def test_what_is_wrong_is_disproved(
    theirs: str, their_arguments: str, ours: str, our_arguments: str, words: str
) -> None:
    with pytest.raises(Disproved, match=words):
        verdict_of(theirs, their_arguments, ours, our_arguments)


UNPROVABLE = [
    pytest.param(V1, "scale=two()", "two\\(\\) is not a literal", id="a call"),
    pytest.param(V1, "scale=__import__('os').getpid()", "is not a literal", id="code"),
    pytest.param(V1, "scale=SCALE", "SCALE is not a literal", id="a name"),
    pytest.param(V1, "**options", "unpacks", id="unpacked names"),
    pytest.param(V1, "*options", "is not a literal", id="unpacked values"),
    pytest.param(V1, "scale=-1.0", "raises ValueError", id="what the original refuses"),
    pytest.param(V1, "factor=1.0", "raises TypeError", id="an argument that it lacks"),
    pytest.param(
        "tf.compat.v1.no_such_initializer", "", "TensorFlow .* has no tf.compat.v1.no_such", id="no such name"
    ),
]


@pytest.mark.parametrize(("name", "arguments", "words"), UNPROVABLE)
def test_what_cannot_be_built_is_not_proved(name: str, arguments: str, words: str) -> None:
    with pytest.raises(Unprovable, match=words):
        verdict_of(name, arguments, OURS, "")


def _outcome(proof: bool = True, replacement_arguments: str = "seed=1") -> Outcome:
    finding = Finding("CVI001", 1, 1, 1, 5, "old", "new", Effect.SAME, "m")
    built = CallPair(finding, V1, "seed=1", OURS, replacement_arguments) if proof else None
    return Outcome("a.py", b"old", b"new", (Place(finding, pair=built, verdict=None if proof else "why"),))


def test_verdicts_in_outcomes() -> None:
    proved, unproved, disproved = prove([_outcome(), _outcome(proof=False), _outcome(replacement_arguments="seed=2")])
    assert proved.places[0].verdict == "proved: the initializer alone, the same bytes in 190 draws"
    assert unproved.places[0].verdict == "not proved: why"
    assert disproved.failure is not None
    assert disproved.failure.reason.startswith(
        "not changed, since --prove found a difference: at 1:1, new: other bytes"
    )
    assert disproved.after is None


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    source = (
        "import tensorflow.compat.v1 as tf\n"
        "x = [tf.variance_scaling_initializer(seed=1), tf.glorot_normal_initializer(seed=SEED)]\n"
    )
    Path("a.py").write_text(source, encoding="utf-8")
    assert main(["migrate", "--prove", "--write", "--format", "json", "a.py"]) == 0
    found = json.loads(capsys.readouterr().out)
    proofs = [finding["proof"] for finding in found["files"][0]["findings"]]
    assert proofs[0] == "proved: the initializer alone, the same bytes in 190 draws"
    assert proofs[1].startswith("not proved: ")
    assert found["counts"]["proved"] == 1
    assert Path("a.py").read_text(encoding="utf-8").count("compat_v1_init.") == 2


def test_without_tensorflow_it_is_told_in_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    source = "import tensorflow as tf\nx = tf.variance_scaling_initializer(seed=1)\n"
    path.write_text(source, encoding="utf-8")
    code = (
        "import sys; sys.modules['tensorflow'] = None\n"
        "from compat_v1_init.__main__ import main; sys.exit(main(['migrate', '--prove', '--write', sys.argv[1]]))"
    )
    done = python("-c", code, str(path))
    assert done.returncode == 2
    assert done.stderr.startswith("compat-v1-init: --prove builds initializers: compat_v1_init needs TensorFlow")
    assert done.stderr.count("\n") == 1
    assert path.read_text(encoding="utf-8") == source
