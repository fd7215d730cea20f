"""Random programs for the soak, by Hypothesis."""

from __future__ import annotations

import itertools
from typing import Any

import soak_programs as p
from hypothesis import strategies as st

SEEDS = [None, 0, 1, 42, -5, 2**31 - 1, 2**40 + 7]
FLOATS = ["float32", "float64", "float16", "bfloat16"]
# Wide enough that no uniform limit rounds to zero: TensorFlow 2.16's graphs then give the zeros another sign.
SCALES = [1.0, 2.0, 0.01, 1.7, 1e4]
MODES = ["fan_in", "fan_out", "fan_avg"]
DISTRIBUTIONS = ["truncated_normal", "untruncated_normal", "uniform", "normal"]
# From 2**21 elements on a draw has a buffer of its own.
LARGE = [(2048, 1032), (1 << 21,), ((1 << 21) + 1,), (64, 64, 32, 17)]

small = st.integers(0, 3)
# Seeds of no initializer: with the seeds, kind and dtype of one, an eager op of TensorFlow shares the stream of the
# original, and is apart from the drop-in's.
neighbours = st.builds(p.Neighbour, st.sampled_from([None, 77, 100_003]))
op_seeds = st.sampled_from(SEEDS)
graph_seeds = st.sampled_from([1, 0, 87, -1, 2**62 + 3])
scales = st.one_of(st.sampled_from(SCALES), st.floats(0.01, 100.0))


@st.composite
def inits(draw: Any) -> p.Init:
    seed, name = draw(op_seeds), draw(st.sampled_from(["variance_scaling", "glorot", "he_lecun", "unit_scaling"]))
    if name == "he_lecun":
        return p.Init(f"initializers.{draw(st.sampled_from(['he', 'lecun']))}_{draw(tails)}", {"seed": seed})
    arguments: dict[str, Any] = {"seed": seed, "dtype": draw(st.sampled_from(FLOATS))}
    if name == "glorot":
        return p.Init(f"glorot_{draw(tails)}_initializer", arguments)
    if name == "unit_scaling":
        return p.Init("uniform_unit_scaling_initializer", {"factor": draw(st.sampled_from([1.0, 1.43])), **arguments})
    arguments["distribution"] = draw(st.sampled_from(DISTRIBUTIONS))
    if "normal" in arguments["distribution"] and arguments["dtype"] != "float16" and draw(st.integers(0, 9)) == 7:
        arguments["scale"] = draw(st.sampled_from([1e-12, 1e-300]))  # Products underflow, also to a zero with a sign.
    else:
        arguments["scale"] = draw(scales)
    arguments["mode"] = draw(st.sampled_from(MODES))
    return p.Init("variance_scaling_initializer", arguments)


tails = st.sampled_from(["normal", "uniform"])
shapes = st.one_of(
    st.sampled_from([(2, 3), (), (4,), (0, 4), (5, 0)]),
    st.lists(st.integers(1, 6), max_size=4).map(tuple),
    st.lists(st.integers(1, 40), min_size=1, max_size=2).map(tuple),
)
matrices = st.tuples(st.integers(1, 24), st.integers(1, 24))


# One in some hundreds; Hypothesis prefers the ends of a range.
eager_shapes = st.integers(0, 499).flatmap(lambda roll: st.sampled_from(LARGE) if roll == 333 else shapes)


def draws(of: Any = shapes) -> Any:
    dtypes = st.one_of(st.none(), st.sampled_from(FLOATS))
    kinds = st.sampled_from(["list", "tuple", "TensorShape", "array", "int32", "int64"])
    return st.builds(p.Draw, small, of, dtypes, kinds)


@st.composite
def cut_shapes(draw: Any) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Returns a shape, and for each axis where it is cut: at most 8 pieces in all, none of them empty."""
    shape = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3))
    if draw(st.integers(0, 9)) == 7:
        shape[-1] = draw(st.integers(400, 1500))  # wide rows are drawn one by one
    cuts: list[tuple[int, ...]] = [()] * len(shape)
    for _ in range(draw(st.integers(1, 2))):
        axis = draw(st.integers(0, len(shape) - 1))
        if shape[axis] > 1:
            cuts[axis] = tuple(sorted(draw(st.sets(st.integers(1, shape[axis] - 1), min_size=1, max_size=2))))
    return tuple(shape), tuple(cuts)


slices = st.tuples(small, cut_shapes()).map(lambda drawn: p.Slices(drawn[0], *drawn[1]))
shards = st.builds(p.Shard, small, st.one_of(st.none(), st.integers(0, 6)))
leaves = st.one_of(draws(), shards, neighbours)
straight = st.lists(leaves, min_size=1, max_size=3).map(tuple)
expressions = st.one_of(
    draws(),
    leaves,
    slices,
    st.builds(p.Call, small),
    st.builds(p.Cond, leaves, st.one_of(leaves, st.builds(p.Call, small))),
    st.builds(p.Loop, st.one_of(leaves, st.builds(p.Cond, leaves, leaves), st.builds(p.Call, small))),
    st.builds(p.After, leaves, leaves),
)
bodies = st.lists(expressions, min_size=1, max_size=3).map(tuple)
counts = st.integers(0, 5)
few = st.integers(1, 3)
crowds = st.integers(2, 5)
few_draws = st.lists(draws(), min_size=1, max_size=3).map(tuple)
devices = st.one_of(st.none(), st.none(), st.integers(0, 1))

places = st.sampled_from(["function", "session"])
scopes = st.sampled_from(["", "/cpu:0", "/cpu:1", "/gpu:0", "first"])
placed = st.lists(st.tuples(draws(), scopes), min_size=2, max_size=5).map(tuple)
many = st.builds(p.Many, places, small, st.sampled_from([100, 300, 1100]), st.integers(1, 2), graph_seeds)

# How often each kind of action is taken, and what it is. Those that make a function or a graph take the most time.
ACTIONS: list[tuple[int, Any]] = [
    (60, st.builds(p.Eager, draws(eager_shapes), st.just(0), devices)),
    (14, st.builds(p.Eager, st.one_of(shards, slices, neighbours), counts)),
    (3, st.builds(p.Eager, expressions, counts)),
    (8, st.builds(p.Reset, st.sampled_from(["set_seed", "set_random_seed"]), graph_seeds)),
    (1, st.builds(p.Reset, st.just("clear_session"))),
    (4, st.builds(p.Copy, small, st.sampled_from(["pickle", "copy", "deepcopy", "config"]))),
    (4, st.builds(p.Define, st.one_of(bodies, straight), st.sampled_from([True, True, True, False]))),
    (24, st.builds(p.CallFunction, small, counts, few, st.just(True), devices)),
    (2, st.builds(p.CallFunction, small, counts, few, st.just(False))),
    (1, st.builds(p.Lifted, small, shapes)),
    (2, st.builds(p.Mapped, st.one_of(bodies, straight), st.integers(1, 4), st.booleans(), st.booleans())),
    (3, st.builds(p.Threads, small, shapes, crowds, crowds)),
    (2, st.builds(p.FunctionInThreads, small, crowds, crowds)),
    (3, st.builds(p.NewGraph, graph_seeds, bodies, st.sampled_from([2, 2, 1]), st.booleans())),
    (1, st.builds(p.Grow, small, expressions)),
    (
        2,
        st.builds(p.Variable, small, small, matrices, st.sampled_from([*p.PARTITIONERS]), st.booleans(), st.booleans()),
    ),
    (1, st.builds(p.Import, small, st.sampled_from(["graph_def", "meta_graph"]))),
    (1, st.builds(p.NewSession, small, st.booleans())),
    (3, st.builds(p.NewSession, small, st.booleans(), st.sampled_from([*p.EXECUTORS]))),
    (1, st.builds(p.Async, few_draws, few)),
    (1, st.builds(p.LoopAtOnce, places, draws(), st.integers(1, 24), few, graph_seeds)),
    (1, st.builds(p.Fails, st.sampled_from(["eager", "function", "session", "beside"]), draws(), few, graph_seeds)),
    (1, st.builds(p.Vectorized, draws(), st.integers(1, 5), few)),
    (1, st.builds(p.Placed, placed, st.booleans(), few, graph_seeds)),
    # One in some hundreds.
    (1, st.integers(0, 9).flatmap(lambda roll: many if roll == 7 else st.builds(p.Eager, draws()))),
    (18, st.builds(p.Run, small, st.none(), counts, few)),
    (2, st.builds(p.Run, small, st.lists(st.integers(0, 9), min_size=1, max_size=4).map(tuple), counts, few)),
    (4, st.builds(p.Initialize, small, few)),
    (1, st.builds(p.SessionInThreads, small, st.integers(0, 9), crowds, crowds)),
    (1, st.builds(p.First, st.sampled_from(["function", "session"]), few_draws, few, graph_seeds)),
    (4, st.tuples(small, cut_shapes()).map(lambda drawn: p.Join(drawn[0], *drawn[1]))),
]


WEIGHTED = [index for index, (weight, _) in enumerate(ACTIONS) for _ in range(weight)]


@st.composite
def actions(draw: Any) -> p.Action:
    return draw(ACTIONS[draw(st.sampled_from(WEIGHTED))][1])


# Hypothesis likes lists of about six: so a program is a list of lists.
sections = st.lists(st.lists(actions(), min_size=1, max_size=20), min_size=1, max_size=12)
# A quarter of the programs have no graph seed.
programs = st.builds(
    p.Program,
    st.one_of(graph_seeds, graph_seeds, graph_seeds, st.none()),
    st.lists(inits(), min_size=1, max_size=4).map(tuple),
    sections.map(lambda lists: tuple(itertools.chain(*lists))),
)
