"""Importing the package is cheap, and a TensorFlow that is missing or too old is told in one sentence.

Each check runs in an interpreter of its own, since this one has TensorFlow already.
"""

from __future__ import annotations

import subprocess
import textwrap
from pathlib import Path

import pytest
from running import TESTS, python


def _python(code: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Runs code where this package is importable as it is here, with `paths` searched first."""
    return python("-c", textwrap.dedent(code), first=paths)


def _answer(code: str, *paths: Path) -> str:
    done = _python(code, *paths)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WITHOUT_TENSORFLOW = [
    pytest.param("import compat_v1_init", id="the package"),
    pytest.param("import compat_v1_init.initializers", id="initializers"),
    pytest.param("import compat_v1_init.contrib", id="contrib"),
    pytest.param("from compat_v1_init import options, set_options", id="options"),
    pytest.param(
        "import compat_v1_init as c\nwith c.options(stream='first'): c.set_options(stream='first')", id="options in use"
    ),
    pytest.param("import compat_v1_init; dir(compat_v1_init); compat_v1_init.__all__", id="dir"),
    pytest.param("import compat_v1_init; compat_v1_init.__version__", id="the version"),
    pytest.param("import compat_v1_init; dir(compat_v1_init.contrib)", id="dir of contrib"),
    pytest.param("import compat_v1_init; hasattr(compat_v1_init, 'no_such_name')", id="an unknown name"),
]

SHOW = "\nimport sys; print(sorted({'tensorflow', 'keras', 'tf_keras'}.intersection(sys.modules)))"


@pytest.mark.once
@pytest.mark.parametrize("code", WITHOUT_TENSORFLOW)
def test_tensorflow_is_not_imported(code: str) -> None:
    assert _answer(code + SHOW) == "[]"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import compat_v1_init; compat_v1_init.variance_scaling_initializer", id="an attribute"),
        pytest.param("from compat_v1_init.contrib import xavier_initializer", id="contrib"),
    ],
)
@pytest.mark.slow
def test_a_name_that_is_used_imports_tensorflow(code: str) -> None:
    """The check above can fail."""
    assert "'tensorflow'" in _answer(code + SHOW)


# --- Missing ---------------------------------------------------------------------------------------------------------

# As if nothing of that name were on the path: for an import, and for a look whether there is one.
HIDE = """
import sys
from importlib.machinery import PathFinder

class Hide(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {hidden!r} else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Hide
"""


def _hiding(hidden: str, use: str) -> str:
    shown = 'print(type(error).__name__, error.name, error, error.__suppress_context__, sep="|")'
    use = f"import compat_v1_init\ntry:\n    {use}\nexcept ImportError as error:\n    {shown}"
    return HIDE.format(hidden=(hidden,)) + use


@pytest.mark.once
@pytest.mark.slow
def test_what_is_missing_is_told_by_every_name_and_command(tmp_path: Path) -> None:
    hidden = ("tensorflow", "numpy", "h5py", "keras")  # All but the first come with TensorFlow.
    (tmp_path / "sitecustomize.py").write_text(HIDE.format(hidden=hidden), encoding="utf-8")
    script = TESTS / "without_tensorflow.py"
    assert "0 wrong" in _answer(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')", tmp_path)


@pytest.mark.once
@pytest.mark.parametrize("hidden", ["tensorflow", "numpy"])
def test_what_is_missing_is_told_without_the_error_that_it_comes_from(hidden: str) -> None:
    kind, name, _, clean = _answer(_hiding(hidden, "compat_v1_init.variance_scaling_initializer")).split("|")
    assert (kind, name, clean) == ("ModuleNotFoundError", "tensorflow", "True")


def test_a_module_that_tensorflow_misses_is_not_blamed_on_tensorflow() -> None:
    answer = _answer(_hiding("absl", "compat_v1_init.variance_scaling_initializer"))
    assert answer.split("|")[:2] == ["ModuleNotFoundError", "absl"]
    assert "compat_v1_init" not in answer


@pytest.mark.once
def test_uses_fail_again_after_the_first_failure() -> None:
    """A half imported module is not taken for a whole one the second time."""
    twice = "compat_v1_init.variance_scaling_initializer"
    code = _hiding("tensorflow", twice) + "\ntry:\n    " + twice + "\nexcept ImportError: print('again')"
    assert _answer(code).endswith("\nagain")


# --- Too old ---------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("version", ["2.4.1", "1.15.5", "2.0.0-rc1"])
def test_tensorflow_too_old_is_told_in_one_sentence(version: str, tmp_path: Path) -> None:
    stub = tmp_path / "tensorflow"
    stub.mkdir()
    (stub / "__init__.py").write_text(f"__version__ = {version!r}\n", encoding="utf-8")
    code = """
    import compat_v1_init
    try:
        compat_v1_init.variance_scaling_initializer
    except ImportError as error:
        print(type(error).__name__, error, sep="|")
    """
    assert _answer(code, tmp_path) == (
        f"ImportError|compat_v1_init needs TensorFlow 2.5 or newer. Received: TensorFlow {version}. "
        "Install a newer one, for example: pip install --upgrade tensorflow"
    )


def test_a_tensorflow_without_a_private_name_is_told(tmp_path: Path) -> None:
    stub = tmp_path / "tensorflow"
    stub.mkdir()
    (stub / "__init__.py").write_text("__version__ = '9.10.0-dev20300101'\n", encoding="utf-8")
    done = _python("import compat_v1_init; compat_v1_init.variance_scaling_initializer", tmp_path)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: compat_v1_init builds on `shape_tensor` of ")
    assert "TensorFlow 9.10.0-dev20300101 does not have" in last
