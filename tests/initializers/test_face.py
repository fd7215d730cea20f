"""What a program sees of the drop-in besides its numbers: names, signatures, types, configs, warnings, options."""

from __future__ import annotations

import copy
import functools
import importlib
import logging
import math
import pickle
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.ops import init_ops
from tensorflow.python.util import deprecation

import compat_v1_init
from compat_v1_init import contrib, initializers, keras, random
from compat_v1_init._family import drop_ins, exact_names
from compat_v1_init._options import Options, current_options
from compat_v1_init.initializers._samplers import by_stateless_ops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

v1 = tf.compat.v1

TOP = [
    "variance_scaling_initializer",
    "glorot_uniform_initializer",
    "glorot_normal_initializer",
    "uniform_unit_scaling_initializer",
]
FAMILY = ["variance_scaling", "glorot_uniform", "glorot_normal", "uniform_unit_scaling"]
FUNCTIONS = ["lecun_normal", "lecun_uniform", "he_normal", "he_uniform"]
CONTRIB = ["variance_scaling_initializer", "xavier_initializer", "xavier_initializer_conv2d"]


def _ours(name: str) -> Any:
    return getattr(compat_v1_init if name in TOP else initializers, name)


def _theirs(name: str) -> Any:
    return getattr(v1 if name in TOP else v1.initializers, name)


@pytest.fixture(autouse=True)
def _same_start() -> Iterator[None]:
    tf.random.set_seed(20)
    yield
    compat_v1_init.set_options()


# --- Signatures and types --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("short", FAMILY)
def test_one_class_under_both_names(short: str) -> None:
    assert _ours(f"{short}_initializer") is _ours(short)
    assert _theirs(f"{short}_initializer") is _theirs(short)


@pytest.mark.parametrize("name", FAMILY + FUNCTIONS)
def test_instances_are_tensorflows_initializers(name: str) -> None:
    assert isinstance(_ours(name)(), init_ops.Initializer)


@pytest.mark.parametrize("name", FAMILY)
def test_instances_are_the_originals_instances(name: str) -> None:
    assert issubclass(_ours(name), _theirs(name))
    assert _ours(name).__name__ == _theirs(name).__name__
    assert _ours(name).__module__ == "compat_v1_init.initializers"


@pytest.mark.parametrize("name", ["glorot_uniform", "glorot_normal", *FUNCTIONS])
def test_special_cases_are_variance_scaling(name: str) -> None:
    assert isinstance(_ours(name)(), initializers.variance_scaling)
    assert isinstance(_theirs(name)(), v1.initializers.variance_scaling)


def test_contrib_is_an_initializer() -> None:
    for name in CONTRIB:
        init = getattr(contrib, name)()
        assert type(init) is contrib.variance_scaling_initializer
        assert isinstance(init, init_ops.Initializer)
        assert type(init).__module__ == "compat_v1_init.contrib"


# --- Configs, attributes, copies -------------------------------------------------------------------------------------

VARIANCE_SCALING_ARGUMENTS = [
    pytest.param({}, id="defaults"),
    pytest.param({"scale": 2, "mode": "fan_out", "seed": 3}, id="an int scale stays an int"),
    pytest.param({"distribution": "UNIFORM"}, id="the lower case is kept"),
    pytest.param({"distribution": "normal"}, id="the deprecated alias is kept"),
    pytest.param({"mode": "fan_avg", "distribution": "untruncated_normal", "dtype": tf.float64}, id="dtype by name"),
    pytest.param({"dtype": "bfloat16", "seed": -7}, id="dtype from a string"),
]


@pytest.mark.parametrize("arguments", VARIANCE_SCALING_ARGUMENTS)
def test_config_attributes_and_round_trip(arguments: dict[str, Any], same_bytes: Callable[[Any, Any], None]) -> None:
    ours = compat_v1_init.variance_scaling_initializer(**arguments)
    theirs = v1.variance_scaling_initializer(**arguments)
    assert ours.get_config() == theirs.get_config()
    assert vars(ours) == vars(theirs)
    again = type(ours).from_config(ours.get_config())
    assert type(again) is type(ours)
    assert vars(again) == vars(ours)
    tf.random.set_seed(1)
    first = ours([3, 4])
    tf.random.set_seed(1)
    same_bytes(again([3, 4]), first)


@pytest.mark.parametrize("name", TOP + FAMILY + FUNCTIONS)
@pytest.mark.parametrize("seed", [None, 42])
def test_the_familys_configs_are_the_originals(name: str, seed: int | None) -> None:
    ours, theirs = _ours(name)(seed=seed), _theirs(name)(seed=seed)
    assert ours.get_config() == theirs.get_config()
    assert vars(ours) == vars(theirs)
    assert vars(type(ours).from_config(ours.get_config())) == vars(ours)


@pytest.mark.parametrize("name", ["glorot_uniform", "glorot_normal"])
def test_glorot_ignores_its_dtype_as_the_original_does(name: str) -> None:
    ours, theirs = _ours(name)(1, tf.float64), _theirs(name)(1, tf.float64)
    assert vars(ours) == vars(theirs)
    assert ours.get_config() == theirs.get_config()
    assert ours([2, 3]).dtype == theirs([2, 3]).dtype


@pytest.mark.parametrize("name", FAMILY + FUNCTIONS)
@pytest.mark.parametrize("shape", [[3, 4], [3, 3, 2, 5], [7], []], ids=str)
def test_the_family_draws_the_originals_bytes(
    name: str, shape: list[int], same_bytes: Callable[[Any, Any], None]
) -> None:
    ours, theirs = _ours(name)(seed=42), _theirs(name)(seed=42)
    for _ in range(2):
        same_bytes(ours(shape), theirs(shape))


def test_an_attribute_that_is_changed_counts() -> None:
    ours, theirs = compat_v1_init.variance_scaling_initializer(), v1.variance_scaling_initializer()
    for init in (ours, theirs):
        init.scale, init.mode, init.distribution, init.seed, init.dtype = 3.0, "fan_avg", "uniform", 5, tf.float64
    assert ours([2, 5]).numpy().tobytes() == theirs([2, 5]).numpy().tobytes()


def _pickled(init: Any, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(init, protocol))  # noqa: S301 - its own bytes


COPIES = [
    pytest.param(copy.copy, id="copy"),
    pytest.param(copy.deepcopy, id="deepcopy"),
    *[
        pytest.param(functools.partial(_pickled, protocol=protocol), id=f"pickle {protocol}")
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ],
]


@pytest.mark.parametrize("name", [*FAMILY, "contrib"])
@pytest.mark.parametrize("duplicate", COPIES)
def test_copies_are_equal_and_draw_alike(
    name: str, duplicate: Callable[[Any], Any], same_bytes: Callable[[Any, Any], None]
) -> None:
    init = contrib.variance_scaling_initializer(seed=9) if name == "contrib" else _ours(name)(seed=9)
    twin = duplicate(init)
    assert twin is not init
    assert type(twin) is type(init)
    assert vars(twin) == vars(init)
    tf.random.set_seed(2)
    first = init([2, 3])
    tf.random.set_seed(2)
    same_bytes(twin([2, 3]), first)


@pytest.mark.parametrize("name", FAMILY)
def test_classes_are_pickled_by_their_public_module(name: str) -> None:
    assert pickle.loads(pickle.dumps(_ours(name))) is _ours(name)  # noqa: S301 - its own bytes
    assert b"compat_v1_init.initializers" in pickle.dumps(_ours(name)(), 0)


REPRS = [
    (
        lambda: compat_v1_init.variance_scaling_initializer(2, seed=3),
        "VarianceScaling(scale=2, mode='fan_in', distribution='truncated_normal', seed=3, dtype='float32')",
    ),
    (
        initializers.he_uniform,
        "VarianceScaling(scale=2.0, mode='fan_in', distribution='uniform', seed=None, dtype='float32')",
    ),
    (lambda: compat_v1_init.glorot_normal_initializer(1), "GlorotNormal(seed=1, dtype='float32')"),
    (
        lambda: compat_v1_init.uniform_unit_scaling_initializer(1.43),
        "UniformUnitScaling(factor=1.43, seed=None, dtype='float32')",
    ),
    (
        lambda: contrib.xavier_initializer(dtype="float16"),
        "VarianceScaling(factor=1.0, mode='FAN_AVG', uniform=True, seed=None, dtype='float16')",
    ),
    (lambda: keras.TF1UniformUnitScaling(seed=1), "TF1UniformUnitScaling(factor=1.0, seed=1, dtype='float32')"),
]


@pytest.mark.parametrize(("make", "text"), REPRS, ids=[text.partition("(")[0] for _, text in REPRS])
def test_repr_is_the_call_that_makes_it(make: Callable[[], Any], text: str) -> None:
    assert repr(make()) == text


def test_repr_of_a_half_made_one_raises_nothing() -> None:
    cls = initializers.variance_scaling
    assert repr(cls.__new__(cls)).startswith("<compat_v1_init.initializers.VarianceScaling object at ")


# --- Modules ---------------------------------------------------------------------------------------------------------

PUBLIC = (compat_v1_init, initializers, contrib, keras, random)
MODULES = [pytest.param(module, id=module.__name__) for module in PUBLIC]


@pytest.mark.parametrize("module", MODULES)
def test_dir_is_all_and_nothing_else(module: Any) -> None:
    assert module.__all__ == sorted(module.__all__)
    assert len(set(module.__all__)) == len(module.__all__)
    assert dir(module) == module.__all__
    for name in module.__all__:
        assert getattr(module, name) is getattr(module, name)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("name", ["orthogonal_initialiser", "VarianceScalingInitializer", "_nothing"])
def test_unknown_name(module: Any, name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(module, name)
    assert str(caught.value) == f"module {module.__name__!r} has no attribute {name!r}"
    assert not hasattr(module, name)


REST = {
    *(f"{name}_initializer" for name in ("constant", "identity", "ones", "orthogonal", "zeros")),
    *(f"{name}_initializer" for name in ("random_normal", "random_uniform", "truncated_normal")),
    *(f"convolutional_{name}" for name in ("delta_orthogonal", "orthogonal_1d", "orthogonal_2d", "orthogonal_3d")),
}


def test_public_names_are_listed() -> None:
    modules, settings = {"contrib", "initializers", "keras", "random"}, {"options", "patch", "set_options"}
    translation = {"Explanation", "ModelExplanation", "TranslationWarning", "explain", "from_keras", "to_keras"}
    pinned = {"PartitionedInitializer", "PinnedConstant", "PinnedInitializer", "PinnedOrthogonal"}
    graphs = {"MetaGraphInitializers", "from_meta_graph", *pinned}
    assert set(compat_v1_init.__all__) == {*TOP, *REST, "__version__", *modules, *settings, *translation, *graphs}
    assert set(initializers.__all__) == {*FAMILY, *FUNCTIONS, *(name.replace("_initializer", "") for name in REST)}
    assert set(contrib.__all__) == {*CONTRIB, *(name for name in REST if name.startswith("convolutional"))}
    assert set(random.__all__) == {"normal", "truncated_normal", "uniform"}


# --- Deprecation warnings --------------------------------------------------------------------------------------------


@contextmanager
def _warnings_of_tensorflow() -> Iterator[list[str]]:
    """Yields what TensorFlow logs as a warning, with its memory of what it has warned of emptied."""
    texts: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: texts.append(record.getMessage())  # type: ignore[method-assign]
    logger = tf.get_logger()
    seen, level = dict(deprecation._PRINTED_WARNING), logger.level
    deprecation._PRINTED_WARNING.clear()
    logger.setLevel(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield texts
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        deprecation._PRINTED_WARNING.clear()
        deprecation._PRINTED_WARNING.update(seen)


def _logged(make: Callable[..., Any], arguments: dict[str, Any], *, eager: bool) -> list[str]:
    with _warnings_of_tensorflow() as texts:
        if eager:
            make(**arguments)
        else:
            with tf.Graph().as_default():
                make(**arguments)
    return texts


@pytest.mark.parametrize(
    ("name", "arguments", "count", "from_here"),
    [
        pytest.param("variance_scaling_initializer", {"dtype": tf.float32}, 1, 1, id="dtype"),
        # Of two decorators the inner one names TensorFlow's own file as the caller.
        pytest.param("variance_scaling_initializer", {"distribution": "normal"}, 1, 0, id="normal"),
        pytest.param("variance_scaling_initializer", {"distribution": "normal", "dtype": tf.float64}, 2, 1, id="both"),
        pytest.param("variance_scaling_initializer", {"seed": 1}, 0, 0, id="nothing deprecated"),
        pytest.param("glorot_uniform_initializer", {"dtype": tf.float32}, 1, 1, id="glorot_uniform"),
        pytest.param("glorot_normal_initializer", {"dtype": tf.float32}, 1, 1, id="glorot_normal"),
        pytest.param("uniform_unit_scaling_initializer", {"dtype": tf.float32}, 2, 1, id="uniform_unit_scaling"),
        pytest.param("uniform_unit_scaling_initializer", {}, 1, 0, id="uniform_unit_scaling itself"),
    ],
)
def test_deprecation_warnings_in_a_graph(name: str, arguments: dict[str, Any], count: int, from_here: int) -> None:
    ours = _logged(_ours(name), arguments, eager=False)
    theirs = _logged(_theirs(name), arguments, eager=False)
    assert ours == theirs
    assert len(ours) == count
    assert sum(f"From {__file__}:" in text for text in ours) == from_here


@pytest.mark.parametrize("name", TOP)
def test_deprecation_warnings_in_eager_mode(name: str) -> None:
    arguments = {"dtype": tf.float32}
    assert _logged(_ours(name), arguments, eager=True) == _logged(_theirs(name), arguments, eager=True)


def test_contrib_and_the_functions_of_initializers_warn_of_nothing() -> None:
    for make in (*(getattr(contrib, name) for name in CONTRIB), *(_ours(name) for name in FUNCTIONS)):
        assert _logged(make, {"seed": 1}, eager=False) == []


# --- contrib ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mode", ["fan_in", "FAN", "", None, 1, ["FAN_IN"]], ids=["lower case", "no mode", "empty", "None", "int", "list"]
)
def test_contrib_refuses_a_mode(mode: Any) -> None:
    with pytest.raises(TypeError) as caught:
        contrib.variance_scaling_initializer(mode=mode)
    hint = " Did you mean 'FAN_IN'?" if mode == "fan_in" else ""
    assert str(caught.value) == (f"Unknown mode {mode!r}; one of ('FAN_IN', 'FAN_OUT', 'FAN_AVG') is expected.{hint}")


@pytest.mark.parametrize("dtype", [tf.int32, "int64", tf.bool, tf.complex64, np.uint8], ids=str)
def test_contrib_refuses_a_dtype(dtype: Any) -> None:
    text = r"^Cannot create initializer for non-floating point type\.$"
    with pytest.raises(TypeError, match=text):
        contrib.variance_scaling_initializer(dtype=dtype)
    with pytest.raises(TypeError, match=text):
        contrib.xavier_initializer(dtype=dtype)
    with pytest.raises(TypeError, match=text):
        contrib.variance_scaling_initializer()([2, 3], dtype=dtype)


CONTRIB_N = [
    ("FAN_IN", [3, 4], 3.0),
    ("FAN_OUT", [3, 4], 4.0),
    ("FAN_AVG", [3, 4], 3.5),
    ("FAN_IN", [2, 3, 4, 5], 24.0),
    ("FAN_OUT", [2, 3, 4, 5], 30.0),
    ("FAN_AVG", [2, 3, 4, 5], 27.0),
    ("FAN_AVG", [7], 7.0),
    ("FAN_IN", [], 1.0),
    ("FAN_AVG", [], 1.0),
]


@pytest.mark.parametrize(("mode", "shape", "n"), CONTRIB_N)
@pytest.mark.parametrize("factor", [1.0, 2.0, 0.3])
def test_contribs_widths(
    mode: str, shape: list[int], n: float, factor: float, same_bytes: Callable[[Any, Any], None]
) -> None:
    normal = contrib.variance_scaling_initializer(factor, mode, seed=5)
    same_bytes(normal(shape), v1.truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / n), tf.float32, seed=5))
    uniform = contrib.variance_scaling_initializer(factor, mode, uniform=True, seed=5, dtype=tf.float64)
    limit = math.sqrt(3.0 * factor / n)
    same_bytes(uniform(shape), v1.random_uniform(shape, -limit, limit, tf.float64, seed=5))


def test_contrib_does_not_bound_its_fans_and_takes_those_of_the_shard(same_bytes: Callable[[Any, Any], None]) -> None:
    class Info:
        full_shape = (40, 4)

    init = contrib.variance_scaling_initializer(seed=5)
    tf.random.set_seed(3)
    without = init([10, 4])
    tf.random.set_seed(3)
    same_bytes(init([10, 4], partition_info=Info()), without)
    with pytest.raises(ZeroDivisionError):
        init([0, 4])


@pytest.mark.parametrize("name", ["xavier_initializer", "xavier_initializer_conv2d"])
@pytest.mark.parametrize("uniform", [True, False])
def test_xavier(name: str, uniform: bool) -> None:
    init = getattr(contrib, name)(uniform, 4, tf.float16)
    config = {"factor": 1.0, "mode": "FAN_AVG", "uniform": uniform, "seed": 4, "dtype": "float16"}
    assert init.get_config() == config
    assert type(init).from_config(config).get_config() == config


# --- Options ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["First", "", 1, True], ids=repr)
def test_bad_option(value: Any) -> None:
    text = (
        "Argument `stream` must be one of ('continue', 'first'): 'continue' gives each execution the next draw, as TF1 "
        f"does; 'first' gives every execution the first draw. Received: {value!r}"
    )
    with pytest.raises(ValueError) as caught, compat_v1_init.options(stream=value):  # noqa: PT011 - compared below
        pass
    assert str(caught.value) == text
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
        compat_v1_init.set_options(stream=value)
    assert str(caught.value) == text
    assert _stream() == "continue"


def test_options_take_keywords_alone() -> None:
    with pytest.raises(TypeError), compat_v1_init.options("first"):  # type: ignore[misc]
        pass
    with pytest.raises(TypeError):
        compat_v1_init.set_options("first")  # type: ignore[misc]


def _stream() -> str:
    """Returns the option in force, as two draws show it."""
    init = compat_v1_init.variance_scaling_initializer(seed=77)
    return "first" if init([2, 3]).numpy().tobytes() == init([2, 3]).numpy().tobytes() else "continue"


def test_options_nest_and_end_with_their_block() -> None:
    assert _stream() == "continue"
    with compat_v1_init.options(stream="first"):
        assert _stream() == "first"
        with compat_v1_init.options(stream="continue"):
            assert _stream() == "continue"
            with compat_v1_init.options(stream="first"):
                assert _stream() == "first"
            assert _stream() == "continue"
        assert _stream() == "first"
    assert _stream() == "continue"


def test_options_end_when_their_block_raises() -> None:
    with pytest.raises(KeyError), compat_v1_init.options(stream="first"):
        raise KeyError
    assert _stream() == "continue"


def test_an_option_that_is_not_given_stays_as_it_is() -> None:
    compat_v1_init.set_options(stream="first")
    with compat_v1_init.options(), compat_v1_init.options(partitions="slices"):
        assert _stream() == "first"
    assert _stream() == "first"


def test_set_options_without_arguments_restores_the_defaults() -> None:
    compat_v1_init.set_options(stream="first")
    compat_v1_init.set_options()
    assert _stream() == "continue"


def _in_a_thread(function: Callable[[], Any]) -> Any:
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


def test_options_are_of_one_thread_and_set_options_of_the_process() -> None:
    with compat_v1_init.options(stream="first"):
        assert _in_a_thread(_stream) == "continue"
    compat_v1_init.set_options(stream="first")
    assert _in_a_thread(_stream) == "first"
    with compat_v1_init.options(stream="continue"):
        assert _stream() == "continue"
        assert _in_a_thread(_stream) == "first"


EVERY = [
    pytest.param(lambda: compat_v1_init.variance_scaling_initializer(seed=3), "TruncatedNormal", id="truncated_normal"),
    pytest.param(
        lambda: compat_v1_init.variance_scaling_initializer(distribution="untruncated_normal", seed=3),
        "RandomNormal",
        id="untruncated_normal",
    ),
    pytest.param(
        lambda: compat_v1_init.variance_scaling_initializer(distribution="uniform", seed=3),
        "RandomUniform",
        id="uniform",
    ),
    pytest.param(lambda: compat_v1_init.uniform_unit_scaling_initializer(seed=3), "RandomUniform", id="unit_scaling"),
    pytest.param(lambda: contrib.variance_scaling_initializer(seed=3), "TruncatedNormal", id="contrib"),
]


@pytest.mark.parametrize(("make", "sampler"), EVERY)
def test_first_repeats_the_first_draw_in_eager_mode(
    make: Callable[[], Any], sampler: str, same_bytes: Callable[[Any, Any], None]
) -> None:
    del sampler
    init = make()
    first, second = init([3, 4]), init([3, 4])
    assert first.numpy().tobytes() != second.numpy().tobytes()
    with compat_v1_init.options(stream="first"):
        same_bytes(init([3, 4]), first)
        same_bytes(init([3, 4]), first)
    # It leaves the stream where it was.
    third = init([3, 4])
    tf.random.set_seed(20)
    for expected in (first, second, third):
        same_bytes(init([3, 4]), expected)


STATELESS_OPS = {"Add", "AddV2", "Const", "Identity", "Mul", "NoOp", "Placeholder", "Sub"}


def _all_op_types(graph: tf.Graph) -> set[str]:
    definition = graph.as_graph_def()
    nodes = list(definition.node)
    for function in definition.library.function:
        nodes += function.node_def
    return {node.op for node in nodes}


@pytest.mark.parametrize(("make", "sampler"), EVERY)
def test_first_repeats_the_first_draw_in_a_graph_without_state(
    make: Callable[[], Any], sampler: str, same_bytes: Callable[[Any, Any], None]
) -> None:
    init = make()
    eager = init([3, 4])
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(20)
        with compat_v1_init.options(stream="first"):
            value = init([3, 4])
        # Nothing is left to choose once the graph is built.
        with v1.Session() as session:
            same_bytes(session.run(value), eager)
            same_bytes(session.run(value), eager)
    assert _all_op_types(graph) <= {*STATELESS_OPS, f"Stateless{sampler}V2"}
    assert len(graph.as_graph_def().library.function) == 0


@pytest.mark.parametrize(("make", "sampler"), EVERY)
def test_first_holds_no_state_in_a_function(
    make: Callable[[], Any], sampler: str, same_bytes: Callable[[Any, Any], None]
) -> None:
    init = make()
    with compat_v1_init.options(stream="first"):
        function = tf.function(lambda: init([3, 4])).get_concrete_function()
    same_bytes(function(), function())
    assert _all_op_types(function.graph) <= {*STATELESS_OPS, f"Stateless{sampler}V2"}
    assert len(function.graph.as_graph_def().library.function) == 0


def test_without_first_a_graph_does_hold_state() -> None:
    """The checks above can fail."""
    init = compat_v1_init.variance_scaling_initializer(seed=3)
    with tf.Graph().as_default() as graph:
        init([3, 4])
    assert "AddManySparseToTensorsMap" in _all_op_types(graph)
    function = tf.function(lambda: init([3, 4])).get_concrete_function()
    assert any("Table" in kind for kind in _all_op_types(function.graph))
    assert len(function.graph.as_graph_def().library.function) > 0


def test_first_without_any_seed_is_fresh_each_time() -> None:
    with tf.Graph().as_default(), compat_v1_init.options(stream="first"):
        value = compat_v1_init.variance_scaling_initializer()([8])
        with v1.Session() as session:
            assert session.run(value).tobytes() != session.run(value).tobytes()


def test_set_options_keeps_what_is_not_given() -> None:
    compat_v1_init.set_options(partitions="slices")
    compat_v1_init.set_options(stream="first")
    assert current_options() == Options(stream="first", partitions="slices")
    compat_v1_init.set_options()
    assert current_options() == Options()


def test_a_class_that_does_not_draw_by_the_module_of_samplers_is_refused() -> None:
    with pytest.raises(ImportError, match=r"replaces `random_ops` in the code of Zeros.*2\.5 to 2\.21"):
        by_stateless_ops(v1.zeros_initializer)


@pytest.mark.parametrize("name", [*drop_ins(), *exact_names(), "PinnedInitializer", "PinnedOrthogonal"])
def test_every_class_shows_the_call_that_makes_it(name: str) -> None:
    draw = {"distribution": "untruncated_normal", "seeds": (87, 12), "shape": (4, 2)}
    special: dict[str, Any] = {
        "PinnedInitializer": draw,
        "PinnedOrthogonal": {"draw": compat_v1_init.PinnedInitializer(**draw), "shape": (4, 2)},
    }
    if name in exact_names():
        cls = getattr(compat_v1_init.keras, name)
    elif name in special:
        cls = getattr(compat_v1_init, name)
    else:
        module, attribute = drop_ins()[name]
        cls = getattr(importlib.import_module(f"compat_v1_init.{module}"), attribute)
    init = cls(**special.get(name, {}))
    shown = eval(repr(init), {cls.__name__: cls})  # noqa: S307 - its own text
    assert type(shown) is cls
    assert shown.get_config() == init.get_config()
