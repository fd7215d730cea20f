"""The table of TF1's initializers, and the one translation that `to_keras` and `migrate --to keras` share."""

from __future__ import annotations

import inspect
import math
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from migrating import site

import compat_v1_init
from compat_v1_init import _family, explain, to_keras
from compat_v1_init._family import FAMILY, Initializer
from compat_v1_init.keras._read import MAKERS

if TYPE_CHECKING:
    from collections.abc import Iterator

v1 = tf.compat.v1
ROWS = [pytest.param(row, id=name) for name, row in FAMILY.items()]


def test_the_table_needs_no_tensorflow() -> None:
    program = "import sys, compat_v1_init._family; print({'tensorflow', 'keras', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("row", ROWS)
def test_the_signature_is_that_of_the_class(row: Initializer) -> None:
    found = inspect.signature(MAKERS[row.name]).parameters
    assert list(found) == list(row.parameters)
    defaults = {name: parameter.default for name, parameter in found.items()}
    if "dtype" in defaults:
        defaults["dtype"] = defaults["dtype"].name
    assert defaults == row.parameters


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in FAMILY.items() if row.base])
def test_a_special_case_is_its_base_with_these_arguments(row: Initializer) -> None:
    special, base = MAKERS[row.name](seed=1), MAKERS[row.base](**row.fixed, seed=1)
    for name in FAMILY[row.base].parameters:
        assert getattr(special, name) == getattr(base, name)
    tf.random.set_seed(1)
    expected = base([3, 4]).numpy().tobytes()
    tf.random.set_seed(1)
    assert special([3, 4]).numpy().tobytes() == expected


@pytest.mark.parametrize("row", ROWS)
def test_every_name_is_one_of_this_package(row: Initializer) -> None:
    from compat_v1_init._migrate.source.initializer_names import initializer_of

    modules = {
        _family.TOP: "tensorflow.compat.v1",
        _family.INITIALIZERS: "tensorflow.compat.v1.initializers",
        _family.INIT_OPS: "tensorflow.python.ops.init_ops",
        _family.KERAS: "tensorflow.compat.v1.keras.initializers",
        _family.CONTRIB: "tensorflow.contrib.layers",
        _family.CONTRIB_FRAMEWORK: "tensorflow.contrib.framework",
    }
    for namespace, names in row.names.items():
        for name in names:
            named = initializer_of(f"{modules[namespace]}.{name}")
            assert named is not None
            assert named.row is row
            found: Any = compat_v1_init
            for part in named.drop_in.split("."):
                found = getattr(found, part)
            assert found is MAKERS[row.name]


# --- Odd literals ----------------------------------------------------------------------------------------------------

NUMBERS = ["0", "0.0", "-0.0", "-1.0", "-1", "1e400", "-1e400", "1e-400", "1e200", "1e-200", "9" * 400, "True", "False"]
NUMBERS += ["None", "'2'", "[1.0]", "1j", "0.5", "3", "float('nan')"]
SEEDS = ["0", "-5", "7", "True", "False", str(2**63), str(2**64 + 3), str(-(2**63) - 1), "9" * 400]
SEEDS += ["1.5", "1e400", "'1'"]
OF_PARAMETER = {
    "seed": SEEDS,
    "dtype": [],
    "mode": ["'fan_avg'", "'FAN_AVG'", "None", "3"],
    "distribution": ["'uniform'", "'NORMAL'", "'untruncated_normal'"],
    "uniform": ["True", "False", "1", "0", "None"],
}


SEEDS_THAT_NO_DRAW_TAKES = ("1e400", "'1'")
# How many axes the kernel of a convolution has before its two of channels.
CONVOLVED = {
    "convolutional_delta_orthogonal": 1,
    "convolutional_orthogonal_1d": 1,
    "convolutional_orthogonal_2d": 2,
    "convolutional_orthogonal_3d": 3,
}


def _odd() -> Iterator[Any]:
    for row in FAMILY.values():
        for parameter in row.parameters:
            for text in OF_PARAMETER.get(parameter, NUMBERS):
                yield pytest.param(row, parameter, text, id=f"{row.name}({parameter}={text[:24]})")


def _name(row: Initializer) -> str:
    """Returns a name of TF1's by which a program of TF1 calls an initializer."""
    namespace = next(iter(row.names))
    module = {_family.CONTRIB: "tf.contrib.layers", _family.CONTRIB_FRAMEWORK: "tf.contrib.framework"}.get(
        namespace, namespace
    )
    return f"{module}.{row.names[namespace][0]}"


def _made(source: str) -> Any:
    return eval(source, {"tf": tf, "compat_v1_init": compat_v1_init})  # noqa: S307 - what migrate has written


def _drop_in(row: Initializer, parameter: str, text: str) -> Any:
    return MAKERS[row.name](**{parameter: _made(text)})


@pytest.mark.parametrize(("row", "parameter", "text"), list(_odd()))
def test_an_odd_literal_has_the_drop_ins_meaning_or_is_refused(row: Initializer, parameter: str, text: str) -> None:
    """`migrate --to keras` writes what `to_keras` makes, or the class with TF1's numbers; never code that raises."""
    line = "tf.Session(); w = tf.Variable({}([3, 4]))"
    after = site(f"{_name(row)}({parameter}={text})", "keras", line=line)
    try:
        drop_in = _drop_in(row, parameter, text)
    except Exception as error:  # noqa: BLE001 - what TF1 refuses stays with TF1's class, or Keras refuses it too
        with pytest.raises(type(error)):
            _made(after)
        return
    exact = after.startswith("compat_v1_init.keras.")
    assert exact or after.startswith("tf.keras.initializers.")
    if text in SEEDS_THAT_NO_DRAW_TAKES and parameter == "seed":
        # The program fails as it draws; the class with TF1's numbers, which is saved, fails as it is made.
        with pytest.raises((TypeError, OverflowError)):
            drop_in([3] * CONVOLVED.get(row.name, 0) + [4, 4])
        with pytest.raises(TypeError, match="Argument `seed` must be a number"):
            _made(after)
        return
    assert _attributes(_made(after)) == _attributes(drop_in if exact else to_keras(drop_in))


def _attributes(initializer: Any) -> dict[str, str]:
    """Returns what decides on the values, as text: types count, and a NaN is equal to itself."""
    names = {name for row in FAMILY.values() for name in row.parameters}
    # Keras draws a seed where none is given, but configures none.
    seed = {"seed": initializer.get_config().get("seed")}
    return {name: repr(value) for name, value in {**vars(initializer), **seed}.items() if name in names}


@pytest.mark.parametrize(("row", "parameter", "text"), list(_odd()))
def test_to_keras_of_an_odd_literal_gives_numbers_or_a_reason(row: Initializer, parameter: str, text: str) -> None:
    try:
        drop_in = _drop_in(row, parameter, text)
    except Exception:  # noqa: BLE001 - TF1 refuses it
        return
    verdict = explain(drop_in)
    if verdict.after is None:
        assert "Received: " in verdict.changes[0]
        return
    keras = to_keras(drop_in)
    try:
        drop_in([3, 4])
    except Exception:  # noqa: BLE001 - numbers beyond the dtype, say
        return
    config = keras.get_config()
    assert type(config.get("seed")) in (int, type(None))
    if math.isfinite(config.get("scale", 1.0)):
        with np.errstate(all="ignore"):
            keras([3, 4])
