"""What awaits an import is called once for it, however the package was imported, purged or doubled before.

Each check runs in an interpreter of its own, mostly with a stand-in for TensorFlow, which imports at once.
"""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest
from running import answer, python

import compat_v1_init

PACKAGE = Path(compat_v1_init.__file__).parent

# Awaits `awaited` by the package that is on the path now; what it appends is how often that was called.
AWAIT = """
import importlib, sys
calls = []

def awaits(name="awaited"):
    from compat_v1_init._import_hook import after_import
    after_import(name, lambda: calls.append(name))

def purge():
    for name in [each for each in sys.modules if each.split(".")[0] == "compat_v1_init"]:
        del sys.modules[name]

def finders():
    return sum(type(each).__name__ == "_Finder" for each in sys.meta_path)
"""


def _answer(code: str, *folders: Path, timeout: float = 100) -> str:
    return answer(AWAIT + textwrap.dedent(code), first=folders, seconds=timeout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "awaited.py").write_text("", encoding="utf-8")
    (tmp_path / "tensorflow.py").write_text("__version__ = '0'\n", encoding="utf-8")
    return tmp_path


AGAIN = [
    pytest.param("purge(); awaits()", 2, id="purged"),
    pytest.param("purge(); purge(); import compat_v1_init; awaits()", 2, id="purged twice"),
    pytest.param("[(purge(), __import__('compat_v1_init')) for _ in range(40)]; awaits()", 2, id="by a hot reloader"),
    pytest.param("importlib.reload(sys.modules['compat_v1_init']); awaits()", 2, id="reloaded"),
    pytest.param("importlib.reload(sys.modules['compat_v1_init._import_hook']); awaits()", 2, id="the hook reloaded"),
    pytest.param("del sys.modules['compat_v1_init._import_hook']; awaits()", 2, id="the hook deleted"),
    pytest.param(
        "[importlib.reload(sys.modules[name]) for name in sorted(sys.modules) if name.startswith('compat_v1_init')]; "
        "awaits()",
        2,
        id="every module reloaded",
    ),
    pytest.param("purge(); sys.path.insert(0, 'copy'); awaits()", 2, id="purged for another copy"),
    pytest.param("purge()", 1, id="purged, not imported again"),
]


@pytest.mark.once
@pytest.mark.parametrize(("again", "calls"), AGAIN)
def test_importing_again_loses_and_doubles_nothing(
    again: str, calls: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shutil.copytree(PACKAGE, folder / "copy" / "compat_v1_init", ignore=shutil.ignore_patterns("__pycache__"))
    answer = _answer(f"awaits(); {again}; import tensorflow, awaited; print(len(calls), finders())", folder)
    assert answer == f"{calls} 1"


OTHERS = """
class Asks:
    '''Another package's finder that, as ours, has the rest find what it awaits.'''
    busy = False
    def find_spec(self, name, path=None, target=None):
        if name != "awaited" or self.busy:
            return None
        self.busy = True
        try:
            return importlib.util.find_spec(name)
        finally:
            self.busy = False

class Older:
    '''This package's, of a release that asked all others without end.'''
    def find_spec(self, name, path=None, target=None):
        if name != "awaited":
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        return next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
"""


@pytest.mark.once
@pytest.mark.parametrize("other", ["Asks", "Older"])
@pytest.mark.parametrize("place", ["0", "len(sys.meta_path)"], ids=["before", "behind"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_finders_that_ask_each_other_end(other: str, place: str, first: bool, folder: Path) -> None:
    insert = f"sys.meta_path.insert({place}, {other}())"
    steps = [insert, "awaits()"] if first else ["awaits()", insert]
    code = "\n".join(["import importlib.util", OTHERS, *steps, "import awaited; print(len(calls))"])
    assert _answer(code, folder) == "1"


@pytest.mark.once
def test_a_finder_that_was_taken_away_comes_back_with_all_that_waited(folder: Path) -> None:
    take_away = "sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != '_Finder']"
    assert _answer(f"awaits(); {take_away}; awaits(); import awaited; print(len(calls), finders())", folder) == "2 1"


@pytest.mark.once
def test_each_execution_calls_once(folder: Path) -> None:
    code = "awaits(); import awaited; importlib.reload(awaited); del sys.modules['awaited']; import awaited"
    assert _answer(f"{code}; print(len(calls))", folder) == "3"


@pytest.mark.once
def test_an_awaited_module_that_is_missing_or_fails(folder: Path) -> None:
    (folder / "fails.py").write_text("1 / 0", encoding="utf-8")
    code = """
    awaits(); awaits("fails"); awaits("missing")
    for name, error in [("fails", ZeroDivisionError), ("missing", ModuleNotFoundError), ("fails", ZeroDivisionError)]:
        try:
            importlib.import_module(name)
        except error:
            print(name)
    import awaited
    print(calls)
    """
    assert _answer(code, folder).split() == ["fails", "missing", "fails", "['awaited']"]


@pytest.mark.once
def test_threads_that_import_at_once(folder: Path) -> None:
    code = """
    import threading
    awaits()
    threads = [threading.Thread(target=__import__, args=["awaited"]) for _ in range(8)]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
    print(len(calls))
    """
    assert _answer(code, folder) == "1"


# --- With TensorFlow -------------------------------------------------------------------------------------------------

DRAWS = """
import tensorflow as tf
with tf.Graph().as_default() as graph:
    tf.compat.v1.get_variable("weight", [3, 4])
print(*sorted({op.type for op in graph.get_operations() if "Random" in op.type}))
"""


@pytest.mark.slow
def test_a_patch_and_the_registration_outlast_a_purge() -> None:
    code = f"""
    import compat_v1_init
    with compat_v1_init.patch():
        purge(); import compat_v1_init
        {"        ".join(DRAWS.strip().splitlines(keepends=True))}
    keras = sys.modules.get("tf_keras") or sys.modules.get("keras") or tf.keras
    custom = tf.keras.utils.get_registered_object("compat_v1_init>VarianceScaling")
    print(custom is compat_v1_init.variance_scaling_initializer)
    """
    assert _answer(code).splitlines() == ["StatelessRandomUniformV2", "True"]


@pytest.mark.slow
def test_a_program_under_run_that_purges_the_package(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(AWAIT + "import compat_v1_init\npurge()\nimport compat_v1_init\n" + DRAWS, encoding="utf-8")
    done = python("-m", "compat_v1_init", "run", str(program), seconds=100)
    assert (done.stdout, done.returncode) == ("StatelessRandomUniformV2\n", 0), done.stderr


@pytest.mark.slow
def test_a_program_that_imports_the_package_again_after_tensorflow() -> None:
    code = """
    import tensorflow as tf, compat_v1_init
    first = compat_v1_init.variance_scaling_initializer
    first(seed=1)([2, 3])
    purge(); import compat_v1_init
    second = compat_v1_init.variance_scaling_initializer
    print(first is second, tf.keras.utils.get_registered_object("compat_v1_init>VarianceScaling") is second)
    """
    assert _answer(code) == "False True"
