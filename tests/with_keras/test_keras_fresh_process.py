"""In processes of their own: loading with nothing but the import, the waiting for Keras, and the other Keras.

`tf.keras` is Keras 3 or legacy Keras for the whole of a process, so the other one needs another.
"""

from __future__ import annotations

import importlib.util
import json
import os
import textwrap
from pathlib import Path
from typing import Any

import pytest
from running import ROOT, TESTS, python

from compat_v1_init._family import FIRST_VALUES, drop_ins, exact_names
from compat_v1_init.keras._which import is_keras_3, the_keras

# Each starts processes that import TensorFlow.
pytestmark = pytest.mark.slow

needs_legacy = pytest.mark.extras("tf_keras")


def _run(*arguments: str, paths: tuple[Path, ...] = (), **environment: str) -> str:
    done = python(*arguments, first=paths, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


# --- Loading ---------------------------------------------------------------------------------------------------------

PROGRAM = str(TESTS / "keras_classes.py")
KERAS: dict[str, tuple[str, dict[str, str]]] = {
    "the Keras that is here": ("tensorflow", {}),
    "legacy Keras": ("tf_keras", {"TF_USE_LEGACY_KERAS": "1"}),
    "JAX": ("jax", {"KERAS_BACKEND": "jax"}),
    "PyTorch": ("torch", {"KERAS_BACKEND": "torch"}),
}


@pytest.mark.parametrize("which", KERAS)
def test_every_class_is_loaded_in_a_fresh_process(which: str, tmp_path: Path) -> None:
    """As it was, from every format, with its configuration: it draws the same. Other backends read it too."""
    module, environment = KERAS[which]
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is missing")
    if "KERAS_BACKEND" in environment and not is_keras_3(the_keras()):
        pytest.skip("Keras 2 has no backends")
    _run(PROGRAM, "save", str(tmp_path), **environment)
    results = json.loads(_run(PROGRAM, "load", str(tmp_path), **environment).splitlines()[-1])
    assert len(results) >= 5 * len({*drop_ins(), *exact_names(), *FIRST_VALUES})
    assert {name: told for name, told in results.items() if told != "ok"} == {}
    for other, (backend, other_environment) in KERAS.items():
        if "KERAS_BACKEND" in other_environment and not environment and importlib.util.find_spec(backend) is not None:
            told = json.loads(_run(PROGRAM, "load", str(tmp_path), **other_environment).splitlines()[-1])
            assert set(told.values()) == {"ok"}, other


# --- Waiting ---------------------------------------------------------------------------------------------------------

# Packages that stand for the real ones, to import in any order in no time.
STUBS = {
    "keras": "import tensorflow",
    "tf_keras": "import tensorflow",
    # TensorFlow 2.6 to 2.15 imports Keras at its end.
    "tensorflow": "import os, importlib\nif os.environ['IMPORTS']: importlib.import_module(os.environ['IMPORTS'])",
}

WAIT = """
import sys, types
events = []
sys.modules["compat_v1_init.keras._register"] = types.ModuleType("compat_v1_init.keras._convert")
sys.modules["compat_v1_init.keras._register"].register = lambda keras: events.append(keras.__name__)
for name in sys.argv[1:]:
    __import__(name)
    events.append("|")
if "keras" in sys.modules:  # Nothing is left of the hook.
    keras = sys.modules["keras"]
    assert keras.__spec__.loader is keras.__loader__
    assert type(keras.__loader__).__module__ == "_frozen_importlib_external"
print(*events)
"""

ORDERS = [
    pytest.param(["compat_v1_init"], "", "|", id="alone: nothing to wait for"),
    pytest.param(["compat_v1_init", "tensorflow"], "", "| |", id="a TensorFlow that has not imported Keras yet"),
    pytest.param(["compat_v1_init", "keras"], "", "| keras |", id="Keras, which imports TensorFlow"),
    pytest.param(["keras", "compat_v1_init"], "", "| keras |", id="Keras was there before"),
    pytest.param(["compat_v1_init", "tensorflow", "keras"], "", "| | keras |", id="TensorFlow, then Keras"),
    pytest.param(["compat_v1_init", "tensorflow"], "keras", "| keras |", id="TensorFlow, which imports Keras"),
    pytest.param(["tensorflow", "compat_v1_init", "keras"], "", "| | keras |", id="between TensorFlow and Keras"),
    pytest.param(
        ["compat_v1_init", "tf_keras", "keras"], "", "| tf_keras | keras tf_keras |", id="both; twice does no harm"
    ),
]


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stubs")
    for name, code in STUBS.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("order", "imports", "events"), ORDERS)
def test_registers_as_soon_as_both_are_there(order: list[str], imports: str, events: str, stubs: Path) -> None:
    assert _run("-c", WAIT, *order, paths=(stubs,), IMPORTS=imports) == events


def test_keras_without_tensorflow_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("", encoding="utf-8")
    assert _run("-c", WAIT, "compat_v1_init", "keras", paths=(tmp_path,)) == "| |"


def test_an_import_that_fails_fails_as_ever_and_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("import tensorflow", encoding="utf-8")
    (tmp_path / "tensorflow.py").write_text(
        "__version__ = '2.4.1'; import sys; 1 / (len(sys.argv) - 1)", encoding="utf-8"
    )
    code = """
    import sys, compat_v1_init
    for _ in range(2):
        try:
            import keras
        except ZeroDivisionError:
            print("failed")
        sys.argv.append("now")
    print("keras" in sys.modules)
    """
    assert _run("-c", textwrap.dedent(code), paths=(tmp_path,)) == "failed\nTrue"


def test_a_tensorflow_that_is_too_old_does_not_keep_keras_from_being_imported(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("__version__ = '2.4.1'", encoding="utf-8")
    (tmp_path / "keras.py").write_text("import tensorflow", encoding="utf-8")
    assert _run("-c", "import compat_v1_init, keras; print(keras.__name__)", paths=(tmp_path,)) == "keras"


@pytest.mark.parametrize(
    "code",
    [
        "from compat_v1_init import keras; dir(keras); keras.__all__",
        "import compat_v1_init; compat_v1_init.TranslationWarning",
        "import compat_v1_init; hasattr(compat_v1_init.keras, 'no_such_name')",
    ],
)
def test_tensorflow_is_not_imported(code: str) -> None:
    assert _run("-c", code + "; import sys; print({'tensorflow', 'keras', 'tf_keras'} & {*sys.modules})") == "set()"


# --- The other Keras -------------------------------------------------------------------------------------------------

BOTH: list[Any] = [
    "with_keras/test_translate.py",
    "with_keras/test_explain.py",
    "with_keras/test_keras_models.py",
    "meta_graph/test_meta_graph_keras.py",
]


@pytest.mark.once  # The matrix has cells of the other Keras,
@pytest.mark.repeated  # one of them in continuous integration.
@needs_legacy
def test_all_of_it_under_the_other_keras() -> None:
    other = "0" if os.environ.get("TF_USE_LEGACY_KERAS") == "1" else "1"
    files = [str(TESTS / name) for name in BOTH]
    config = str(ROOT / "setup.cfg")
    out = _run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", config, *files, TF_USE_LEGACY_KERAS=other)
    assert " passed" in out.splitlines()[-1]
    assert "failed" not in out.splitlines()[-1]


@needs_legacy
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_name_that_the_program_has_registered_stays_its_own(when: str) -> None:
    """Keras 2 looks these up by their bare class names; the program's class has the same one."""
    code = """
    import sys
    {before}
    import tensorflow as tf
    class GlorotUniform(tf.keras.initializers.Initializer):
        def __call__(self, shape, dtype=None, **kwargs):
            return tf.ones(shape, dtype)
    class UniformUnitScaling(GlorotUniform):
        pass
    for own in (GlorotUniform, UniformUnitScaling):
        tf.keras.utils.get_custom_objects()[own.__name__] = own
    import compat_v1_init
    compat_v1_init.variance_scaling_initializer()
    for own in (GlorotUniform, UniformUnitScaling):
        found = tf.keras.initializers.get({{"class_name": own.__name__, "config": {{}}}})
        assert type(found) is own, found
    ours = tf.keras.initializers.get({{"class_name": "VarianceScaling", "config": {{"seed": 1, "dtype": "float32"}}}})
    print(type(ours).__module__)
    """
    code = textwrap.dedent(code).format(before="import compat_v1_init" if when == "before" else "")
    assert _run("-c", code, TF_USE_LEGACY_KERAS="1").splitlines()[-1] == "compat_v1_init.initializers"


@needs_legacy
def test_two_keras_in_one_process_have_their_own_classes() -> None:
    code = """
    import compat_v1_init, tensorflow as tf, keras, tf_keras
    for each in (keras, tf_keras):
        config = {"module": "compat_v1_init.keras", "registered_name": "compat_v1_init>TF1VarianceScaling",
                  "class_name": "TF1VarianceScaling", "config": {"seed": 1}}
        init = each.initializers.deserialize(config)
        assert isinstance(init, each.initializers.VarianceScaling)
        assert compat_v1_init.from_keras(init).get_config() == init.get_config()
        assert compat_v1_init.from_keras(each.initializers.HeNormal(seed=1)).seed == 1
        layer = each.layers.Dense(2, kernel_initializer=compat_v1_init.glorot_uniform_initializer(seed=1))
        assert layer(tf.ones([1, 2])).shape == (1, 2)
    print(type(init) is compat_v1_init.keras.TF1VarianceScaling)
    """
    assert _run("-c", textwrap.dedent(code), TF_USE_LEGACY_KERAS="1").splitlines()[-1] == "True"


# --- What may go wrong before ----------------------------------------------------------------------------------------


def test_a_registration_that_was_interrupted_is_tried_again() -> None:
    code = """
    import sys, tensorflow as tf
    real, calls = tf.keras.utils.register_keras_serializable, []
    every = [each for each in (sys.modules.get("keras"), sys.modules.get("tf_keras"), tf.keras) if each]
    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*arguments)
    for each in every:
        each.utils.register_keras_serializable = interrupted
    try:
        import compat_v1_init
        compat_v1_init.variance_scaling_initializer
    except KeyboardInterrupt:
        print("interrupted")
    for each in every:
        each.utils.register_keras_serializable = real
    import compat_v1_init
    init = compat_v1_init.keras.TF1Zeros()
    again = tf.keras.initializers.deserialize(tf.keras.initializers.serialize(init))
    print(type(again) is type(init))
    """
    assert _run("-c", textwrap.dedent(code)).splitlines()[-2:] == ["interrupted", "True"]


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs JAX")
def test_a_class_that_is_the_first_use_on_another_backend_is_registered() -> None:
    code = """
    import keras, compat_v1_init
    init = compat_v1_init.keras.TF1Zeros()  # Only this imports TensorFlow.
    print(keras.saving.serialize_keras_object(init)["registered_name"])
    """
    assert _run("-c", textwrap.dedent(code), KERAS_BACKEND="jax").splitlines()[-1] == "compat_v1_init>TF1Zeros"


@pytest.mark.parametrize("stub", ["types.SimpleNamespace()", "unittest.mock.MagicMock()", "None"])
def test_what_stands_for_keras_in_a_test_is_left_alone(stub: str) -> None:
    code = f"""
    import sys, types, unittest.mock
    sys.modules["tf_keras"] = {stub}
    import compat_v1_init
    import tensorflow as tf
    print(compat_v1_init.variance_scaling_initializer(seed=1)([2, 3]).shape)
    try:
        compat_v1_init.from_keras(object())
    except TypeError:
        print("refused")
    """
    assert _run("-c", textwrap.dedent(code)).splitlines()[-2:] == ["(2, 3)", "refused"]
