"""`options(partitions="slices")`: a shard is the slice, byte for byte, of what the original draws for the whole."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from regimes import DISTRIBUTIONS, DROP_IN, DTYPES, ORIGINAL, SAMPLERS, distributions, dtypes, seeds

import compat_v1_init
from compat_v1_init._sampling import runs, slices

v1 = tf.compat.v1


class PartitionInfo(NamedTuple):
    """What `get_variable` passes, by its attributes."""

    full_shape: list[int]
    var_offset: list[int]


class ShardInfo(NamedTuple):
    """What `ParameterServerStrategy` passes, by its attributes."""

    shape: tuple[int, ...]
    offset: tuple[int, ...]


def cut(array: Any, offset: Any, shape: Any) -> Any:
    return array[tuple(slice(o, o + size) for o, size in zip(offset, shape))]


def shards(full: tuple[int, ...], axis: int, sizes: list[int]) -> list[tuple[list[int], list[int]]]:
    """Returns offset and shape of each shard of a variable that is cut along one axis."""
    found, position = [], 0
    for size in sizes:
        offset, shape = [0] * len(full), list(full)
        offset[axis], shape[axis] = position, size
        found.append((offset, shape))
        position += size
    assert position == full[axis]
    return found


@st.composite
def boxes(draw: Any) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Returns a full shape, an offset and the shape of a shard; any axis may be cut, and more than one."""
    full = tuple(draw(st.lists(st.integers(1, 12), min_size=1, max_size=4)))
    if draw(st.booleans()):
        full = (*full[:2], draw(st.integers(400, 1500)))  # wide rows are drawn one by one
    offset = tuple(draw(st.integers(0, size)) for size in full)
    return full, offset, tuple(draw(st.integers(0, size - o)) for o, size in zip(offset, full))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    box=boxes(),
    dtype=st.sampled_from(DTYPES),
    distribution=st.sampled_from(DISTRIBUTIONS),
    stretch=st.sampled_from([16, 1 << 18]),
)
def test_any_box(box: Any, dtype: Any, distribution: str, stretch: int) -> None:
    full, offset, shape = box
    tf.random.set_seed(1)
    whole = ORIGINAL(1.7, "fan_avg", distribution, 3, dtype)(list(full)).numpy()
    tf.random.set_seed(1)
    with pytest.MonkeyPatch.context() as patch, compat_v1_init.options(partitions="slices"):
        patch.setattr(runs, "_STRETCH", stretch)
        slices._scaled_runs.cache_clear()
        drop_in = DROP_IN(1.7, "fan_avg", distribution, 3, dtype)
        shard = drop_in(list(shape), partition_info=PartitionInfo(list(full), list(offset))).numpy()
    assert shard.shape == shape
    assert shard.tobytes() == cut(whole, offset, shape).tobytes()


def test_a_run_that_is_copied_in_pieces(monkeypatch: pytest.MonkeyPatch, same_bytes: Any) -> None:
    monkeypatch.setattr(runs, "_STRETCH", 64)
    tf.random.set_seed(1)
    whole = ORIGINAL(seed=5)([1001]).numpy()
    with compat_v1_init.options(partitions="slices"):
        for start, size in [(1, 1000), (3, 61), (2, 62), (3, 64), (5, 190), (4, 997)]:
            tf.random.set_seed(1)
            shard = DROP_IN(seed=5)([size], partition_info=PartitionInfo([1001], [start]))
            same_bytes(shard, whole[start : start + size])


# --- All shards of one variable are of one draw -----------------------------------------------------------------------

CUTS = [
    pytest.param((12, 7), 0, [3, 3, 3, 3], id="rows"),
    pytest.param((11, 7), 0, [5, 1, 5], id="rows-unaligned"),
    pytest.param((6, 900), 1, [225, 225, 225, 225], id="wide-columns"),
    pytest.param((6, 9), 1, [2, 3, 4], id="narrow-columns"),
    pytest.param((3, 4, 5, 6), 2, [1, 3, 1], id="inner-axis"),
    pytest.param((13,), 0, [4, 9], id="vector"),
]
cuts = pytest.mark.parametrize(("full", "axis", "sizes"), CUTS)


@seeds
@cuts
@pytest.mark.one_of("seed")
def test_eager_shards_follow_the_stream(full: Any, axis: int, sizes: list[int], seed: Any, same_bytes: Any) -> None:
    def draws(make: Any, one: Callable[[Any], Any]) -> list[Any]:
        tf.random.set_seed(seed[0])
        initializer = make(2.0, "fan_out", "uniform", seed[1])
        return [one(initializer) for _ in range(3)]

    def sharded(initializer: Any) -> Any:
        with compat_v1_init.options(partitions="slices"):
            pieces = [
                initializer(shape, partition_info=PartitionInfo(list(full), offset))
                for offset, shape in shards(full, axis, sizes)
            ]
        return tf.concat(pieces, axis)

    expected = draws(ORIGINAL, lambda initializer: initializer(full))
    for ours, theirs in zip(draws(DROP_IN, sharded), expected):
        same_bytes(ours, theirs)


def test_set_seed_begins_a_new_draw(same_bytes: Any) -> None:
    tf.random.set_seed(1)
    first = ORIGINAL(seed=5)([8]).numpy()
    tf.random.set_seed(1)
    drop_in = DROP_IN(seed=5)
    drop_in([8])
    with compat_v1_init.options(partitions="slices"):
        drop_in([4], partition_info=PartitionInfo([8], [0]))  # of the second draw
        tf.random.set_seed(1)
        same_bytes(drop_in([4], partition_info=PartitionInfo([8], [4])), first[4:])


class Variables(NamedTuple):
    """What a graph with a neighbour on either side of a variable gives."""

    before: Any
    variable: Any
    after: Any


PARTITIONERS = [
    pytest.param(lambda: v1.fixed_size_partitioner(4), id="fixed-size"),
    pytest.param(lambda: v1.fixed_size_partitioner(3, axis=1), id="fixed-size-axis-1"),
    pytest.param(lambda: v1.min_max_variable_partitioner(max_partitions=5, min_slice_size=64), id="min-max"),
    pytest.param(lambda: v1.variable_axis_size_partitioner(256), id="axis-size"),
]


def variables(make: Any, seed: Any, distribution: str, dtype: Any, partitioner: Any, resource: bool) -> list[Variables]:
    """Runs a graph twice in each of two Sessions."""
    found = []
    with tf.Graph().as_default() as graph, compat_v1_init.options(partitions="slices"):
        v1.set_random_seed(seed[0])
        neighbour = v1.truncated_normal_initializer()
        before = v1.get_variable("before", [3], initializer=neighbour)
        variable = v1.get_variable(
            "variable",
            [22, 9],
            dtype,
            initializer=make(1.3, "fan_in", distribution, seed[1]),
            partitioner=partitioner,
            use_resource=resource,
        )
        after = v1.get_variable("after", [3], initializer=neighbour)
        whole = v1.convert_to_tensor(variable) if partitioner else variable
        for _ in range(2):
            with v1.Session(graph=graph) as session:
                for _ in range(2):
                    session.run(v1.global_variables_initializer())
                    found.append(Variables(*session.run([before, whole, after])))
        if make is DROP_IN:
            ops = {op.type for op in graph.get_operations() if op.name.startswith("variable")}
            assert not SAMPLERS & ops
    return found


@pytest.mark.parametrize("resource", [True, False], ids=["resource", "ref"])
@pytest.mark.parametrize("partitioner", PARTITIONERS)
@seeds
@pytest.mark.one_of("seed")
def test_get_variable(seed: Any, partitioner: Any, resource: bool, same_bytes: Any) -> None:
    expected = variables(ORIGINAL, seed, "truncated_normal", tf.float32, None, resource)
    actual = variables(DROP_IN, seed, "truncated_normal", tf.float32, partitioner(), resource)
    seeded = ["variable"] if seed[0] is None else Variables._fields
    for ours, theirs in zip(actual, expected):
        for name in seeded:
            same_bytes(getattr(ours, name), getattr(theirs, name))


@distributions
@dtypes
@pytest.mark.one_of("distribution")
def test_get_variable_of_every_kind(dtype: Any, distribution: str, same_bytes: Any) -> None:
    expected = variables(ORIGINAL, (7, None), distribution, dtype, None, resource=True)
    actual = variables(DROP_IN, (7, None), distribution, dtype, v1.fixed_size_partitioner(4), resource=True)
    for ours, theirs in zip(actual, expected):
        same_bytes(ours.variable, theirs.variable)


def test_an_initializer_given_as_a_class(same_bytes: Any) -> None:
    def run(initializer: Any, partitioner: Any) -> Any:
        with tf.Graph().as_default(), v1.Session() as session, compat_v1_init.options(partitions="slices"):
            v1.set_random_seed(3)
            variable = v1.get_variable("v", [9, 4], initializer=initializer, partitioner=partitioner)
            session.run(v1.global_variables_initializer())
            return session.run(tf.convert_to_tensor(variable))

    whole = run(v1.glorot_uniform_initializer, None)
    same_bytes(run(compat_v1_init.glorot_uniform_initializer, v1.fixed_size_partitioner(3)), whole)


@seeds
@cuts
@pytest.mark.one_of("seed")
def test_function(full: Any, axis: int, sizes: list[int], seed: Any, same_bytes: Any) -> None:
    def calls(make: Any, body: Callable[[Any], Any]) -> list[Any]:
        tf.random.set_seed(seed[0])
        initializer = make(seed=seed[1])
        function = tf.function(lambda: body(initializer))
        return [function() for _ in range(3)]

    def sharded(initializer: Any) -> Any:
        pieces = [
            initializer(shape, partition_info=PartitionInfo(list(full), offset))
            for offset, shape in shards(full, axis, sizes)
        ]
        return tf.concat(pieces, axis)

    expected = calls(ORIGINAL, lambda initializer: initializer(full))
    with compat_v1_init.options(partitions="slices"):
        actual = calls(DROP_IN, sharded)
    for ours, theirs in zip(actual, expected):
        same_bytes(ours, theirs)


def test_two_variables_of_one_initializer_are_two_draws(same_bytes: Any) -> None:
    tf.random.set_seed(1)
    original = ORIGINAL(seed=5)
    expected = [original([8]).numpy() for _ in range(2)]
    tf.random.set_seed(1)
    drop_in = DROP_IN(seed=5)
    with compat_v1_init.options(partitions="slices"):
        for whole in expected:
            for offset in (6, 0, 3):
                size = 3 if offset < 6 else 2
                same_bytes(drop_in([size], partition_info=PartitionInfo([8], [offset])), whole[offset : offset + size])


def test_unseeded_shards_are_of_one_fresh_draw() -> None:
    drop_in = DROP_IN(distribution="uniform", dtype=tf.float64)

    def sharded() -> Any:
        with compat_v1_init.options(partitions="slices"):
            return [drop_in([5, 2], partition_info=PartitionInfo([10, 2], [row, 0])).numpy() for row in (0, 5)]

    values = np.stack([sharded(), sharded()])
    assert np.unique(values).size == values.size


def test_under_xla() -> None:
    drop_in = DROP_IN(seed=5)

    @tf.function(jit_compile=True)
    def compiled() -> Any:
        return [drop_in([3, 7], partition_info=PartitionInfo([6, 7], [row, 0])) for row in (0, 3)]

    with compat_v1_init.options(partitions="slices"):
        values = np.stack([np.concatenate(compiled()) for _ in range(2)])
    assert np.unique(values).size == values.size


def test_stream_first(same_bytes: Any) -> None:
    with compat_v1_init.options(stream="first"), compat_v1_init.options(partitions="slices"):
        tf.random.set_seed(1)
        whole = ORIGINAL(seed=5)([8]).numpy()
        drop_in = DROP_IN(seed=5)
        for _ in range(2):
            same_bytes(drop_in([3], partition_info=PartitionInfo([8], [5])), whole[5:])


# --- The whole family -------------------------------------------------------------------------------------------------

FAMILY = {
    "glorot_uniform": (v1.glorot_uniform_initializer, compat_v1_init.glorot_uniform_initializer),
    "he_normal": (v1.initializers.he_normal, compat_v1_init.initializers.he_normal),
    "uniform_unit_scaling": (v1.uniform_unit_scaling_initializer, compat_v1_init.uniform_unit_scaling_initializer),
    "contrib": (compat_v1_init.contrib.xavier_initializer, compat_v1_init.contrib.xavier_initializer),
}


@pytest.mark.parametrize(("whole", "sharded"), FAMILY.values(), ids=FAMILY)
def test_family(whole: Any, sharded: Any, same_bytes: Any) -> None:
    tf.random.set_seed(1)
    expected = whole(seed=5)([6, 4]).numpy()
    tf.random.set_seed(1)
    with compat_v1_init.options(partitions="slices"):
        same_bytes(sharded(seed=5)([6, 2], partition_info=PartitionInfo([6, 4], [0, 2])), expected[:, 2:])


# --- Other ways to name a shard ---------------------------------------------------------------------------------------

WAYS = [
    pytest.param({"partition_shape": (3, 4), "partition_offset": (2, 0)}, id="partition_shape-and-offset"),
    pytest.param({"shard_info": ShardInfo((3, 4), (2, 0))}, id="shard_info"),
]


@pytest.mark.parametrize("arguments", WAYS)
def test_keywords_of_parameter_server_strategy(arguments: Any, same_bytes: Any) -> None:
    tf.random.set_seed(1)
    whole = ORIGINAL(seed=5)([6, 4]).numpy()
    tf.random.set_seed(1)
    with compat_v1_init.options(partitions="slices"):
        same_bytes(DROP_IN(seed=5)((6, 4), **arguments), whole[2:5])


@pytest.mark.parametrize("arguments", WAYS)
def test_keywords_are_refused_by_default(arguments: Any) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        DROP_IN(seed=5)((6, 4), **arguments)


def test_other_keywords_are_refused() -> None:
    with compat_v1_init.options(partitions="slices"), pytest.raises(TypeError, match="argument 'partition_shapes'"):
        DROP_IN()((6, 4), partition_shapes=(3, 4))


@pytest.mark.parametrize(
    "cls",
    [DROP_IN, compat_v1_init.uniform_unit_scaling_initializer, compat_v1_init.contrib.variance_scaling_initializer],
)
def test_the_signature_is_tf1s(cls: Any) -> None:
    assert list(inspect.signature(cls.__call__).parameters) == ["self", "shape", "dtype", "partition_info"]
    assert inspect.getfullargspec(cls()).args == ["self", "shape", "dtype", "partition_info"]
    assert inspect.getfullargspec(cls()).varkw is None


OUTSIDE = [
    pytest.param([4], [6], [3], id="beyond-the-end"),
    pytest.param([4], [6], [-1], id="before-the-start"),
    pytest.param([4, 1], [6], [0], id="other-rank"),
    pytest.param([4], [6], [0, 0], id="offset-of-other-rank"),
]


@pytest.mark.parametrize(("shape", "full", "offset"), OUTSIDE)
def test_a_slice_outside_of_the_whole(shape: Any, full: Any, offset: Any) -> None:
    with compat_v1_init.options(partitions="slices"), pytest.raises(ValueError, match="must lie within its variable"):
        DROP_IN()(shape, partition_info=PartitionInfo(full, offset))


def test_options_are_kept_around_an_inner_block() -> None:
    with compat_v1_init.options(partitions="slices"), compat_v1_init.options(stream="first"):
        assert compat_v1_init._options.current_options().partitions == "slices"


def test_unknown_option() -> None:
    with pytest.raises(ValueError, match=r"`partitions` must be one of \('draws', 'slices'\).*Received: 'slice'"):
        compat_v1_init.set_options(partitions="slice")


# --- What cannot be ---------------------------------------------------------------------------------------------------


def test_a_variable_past_the_end_of_the_stream() -> None:
    full = [2**40, 2**40]
    with compat_v1_init.options(partitions="slices"), pytest.raises(ValueError, match=r"2\*\*55 - 1 elements at most"):
        DROP_IN()([1, 1], partition_info=PartitionInfo(full, [0, 0]))


@pytest.mark.parametrize("shape", [(2**40, 2**40), [2**32, 2**31], np.array([2**40, 2**40])], ids=str)
def test_a_graph_of_more_elements_than_can_be_counted(shape: Any) -> None:
    text = r"would have more than 2\*\*63 - 1 elements"
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):  # The original says so in eager mode, ...
        ORIGINAL(seed=1)(shape)
    with tf.Graph().as_default(), pytest.raises(tf.errors.InvalidArgumentError, match=text):
        DROP_IN(seed=1)(shape)  # ... and aborts the process here, where it runs the graph.


def test_a_graph_that_no_memory_holds_is_built_and_fails_when_run() -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        values = [make(seed=1)([2**60]) for make in (ORIGINAL, DROP_IN)]
        for value in values:
            with pytest.raises(tf.errors.ResourceExhaustedError):
                session.run(value)


def test_a_slice_of_a_variable_that_no_memory_holds(same_bytes: Any) -> None:
    full = [2**40]
    with compat_v1_init.options(partitions="slices"):
        tf.random.set_seed(87)
        drop_in = DROP_IN(scale=3.0, mode="fan_out", distribution="truncated_normal", seed=12)
        shard = drop_in([1000], partition_info=PartitionInfo(full, [2**40 - 2**39]))
    _, width = compat_v1_init.initializers._fans.variance_scaling_bounds(drop_in, "truncated_normal", full)
    key, counter = tf.constant([87], tf.uint64), tf.constant([64 * 2**39, 12], tf.uint64)
    values = tf.raw_ops.StatelessTruncatedNormalV2(shape=[1000], key=key, counter=counter, alg=1, dtype=tf.float32)
    same_bytes(shard, values * width)


def test_shards_that_another_thread_asks_for_are_of_a_draw_of_their_own() -> None:
    with tf.Graph().as_default() as graph, compat_v1_init.options(partitions="slices"):
        tf.compat.v1.set_random_seed(1)

        def shard(row: int) -> None:
            with graph.as_default(), compat_v1_init.options(partitions="slices"):
                part = SimpleNamespace(full_shape=[4, 3], var_offset=[row, 0])
                compat_v1_init.variance_scaling_initializer()([2, 3], partition_info=part)

        for row in (0, 2):  # The second thread may get the number of the first one, which has ended.
            thread = threading.Thread(target=shard, args=(row,))
            thread.start()
            thread.join()
        assert tf.compat.v1.get_seed(None)[1] == 2  # two seeds were taken
