"""The soak test: a short run of it, and that it finds what is wrong, and how small it makes that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import soak
import soak_programs as p
from soak_programs import Draw, Eager, Init, Outcome, Program

from compat_v1_init._sampling import eager, graph, philox, slices


@pytest.mark.slow
def test_a_short_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main(["--steps", "150", "--seed", "1", "--minutes", "2"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"\d+ programs, \d\d\d steps, [\d,]+ draws; seed 1; TensorFlow \S+: no difference", last)


@pytest.mark.slow
@pytest.mark.once
def test_the_same_seed_plays_the_same_programs() -> None:
    one, same, other = (soak.soak(15, seed) for seed in (7, 7, 8))
    assert one == same != other


def test_no_program_is_begun_after_the_time() -> None:
    assert soak.soak(10**6, 1, minutes=0) == soak.Counts()


# --- What is wrong is found -------------------------------------------------------------------------------------------


def graphs_stand_still(patch: pytest.MonkeyPatch) -> None:
    place = graph.graph_place
    patch.setattr(graph, "graph_place", lambda seeds, count, **_: place(seeds, count, first_only=True))


def the_advance_is_too_short(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(philox, "_STEP_PER_ELEMENT", 252)


def slices_start_too_late(patch: pytest.MonkeyPatch) -> None:
    counters_before = slices.counters_before
    patch.setattr(slices, "counters_before", lambda *arguments: counters_before(*arguments) + 1)


# For each fault how many actions are enough to show it; the soak must come to so few.
SEEDED = p.Init("variance_scaling_initializer", {"seed": 3})
GRAPHS = {
    "draws": (p.Draw(0, (3, 2)), p.Draw(1, (4,)), p.Draw(0, (3, 2))),
    "branches": (p.Cond(p.Draw(0, (3, 2)), p.Draw(1, (4,))), p.Loop(p.Draw(1, (2,)))),
}
DRAW = p.Draw(0, (3, 4))
KINDS = [
    pytest.param([p.NewGraph(7, sites), p.NewSession(0, True, executor), p.Run(1, None, 3, 2)], id=f"{executor}-{name}")
    for executor in p.EXECUTORS
    for name, sites in GRAPHS.items()
] + [
    pytest.param([p.Eager(DRAW), p.Async((DRAW, p.Draw(1, (2,))), 3), p.Eager(DRAW)], id="async"),
    *(pytest.param([p.LoopAtOnce(where, DRAW, 20, 2, 7)], id=f"loop-{where}") for where in ("function", "session")),
    *(pytest.param([p.Many(where, 0, 60, 2, 7)], id=f"many-{where}") for where in ("function", "session")),
    pytest.param([p.Vectorized(DRAW, 4, 2), p.Vectorized(p.Draw(1, (4,)), 3, 2)], id="vectorized"),
    *(
        pytest.param([p.Fails(where, DRAW, 2, 7)], id=f"fails-{where}")
        for where in ("eager", "function", "session", "beside")
    ),
]


@pytest.mark.parametrize("actions", KINDS)
def test_each_kind_of_step(actions: list[p.Action]) -> None:
    counts = soak.Counts()
    soak.check(p.Program(87, (SEEDED, p.Init("glorot_uniform_initializer", {})), tuple(actions)), counts=counts)
    assert counts.steps == len(actions)
    assert sum(counts.draws.values()) >= 2


def test_one_side_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main(["--steps", "20", "--seed", "1", "--alone", "original"]) == 0
    assert "of the original alone; seed 1; nothing was compared" in capsys.readouterr().out


FAULTS = [
    pytest.param(graphs_stand_still, 2, id="a-graph-and-its-runs"),
    pytest.param(the_advance_is_too_short, 2, id="two-draws"),
    pytest.param(slices_start_too_late, 1, id="one-join"),
]


@pytest.mark.once
@pytest.mark.parametrize(("fault", "fewest"), FAULTS)
@pytest.mark.slow
def test_a_fault_is_found_and_made_small(
    fault: Callable[[pytest.MonkeyPatch], None],
    fewest: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault(monkeypatch)
    assert soak.main(["--steps", "20000", "--seed", "1"]) == 1
    printed = capsys.readouterr().out
    listing = printed[printed.index("from soak import") :]
    # What is printed shows the fault again, and passes without it.
    with pytest.raises(soak.DifferenceError) as found:
        exec(listing, {})  # noqa: S102
    assert len(found.value.program.actions) <= fewest
    assert len(found.value.program.inits) == 1
    monkeypatch.undo()
    exec(listing, {})  # noqa: S102


def test_a_drop_in_that_raises_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eager, "_key", lambda *_: 1 / 0)
    program = Program(1, (Init("initializers.he_normal", {"seed": 3}),), (Eager(Draw(0, (2,))),))
    with pytest.raises(soak.DifferenceError, match=r"action 0 \(Eager\): ZeroDivisionError"):
        soak.check(program)


@pytest.mark.once
def test_an_original_that_differs_from_itself_is_said_to() -> None:
    class Unsteady(Program):
        def play(self, family: Any, *, original: bool) -> Iterator[list[Outcome]]:
            del family, original
            yield [Outcome("eager", "same", (np.random.default_rng().random(4),))]

    with pytest.raises(soak.DifferenceError, match="the original differs from itself: action 0"):
        soak.check(Unsteady(1, (), (Eager(Draw(0, ())),)))


ONES = np.ones([2, 3], np.float32)
MANY = np.arange(16, dtype=np.float32)
COMPARISONS = [
    pytest.param("same", (ONES,), (ONES.copy(),), None, id="equal"),
    pytest.param("same", (ONES,), (-ONES,), "1 of 1 tensors differ", id="other-values"),
    pytest.param("same", (0 * ONES,), (-0.0 * ONES,), "1 of 1 tensors differ", id="other-sign-of-zero"),
    pytest.param("same", (ONES,), (ONES.astype(np.float64),), "float64", id="other-dtype"),
    pytest.param("shape", (ONES,), (ONES.T,), r"\(3, 2\)", id="other-shape"),
    pytest.param("shape", (ONES,), (-ONES,), None, id="only-the-shape-is-promised"),
    pytest.param("same", (ONES, ONES), (ONES,), "instead of", id="too-few"),
    pytest.param("fresh", (MANY, MANY), (MANY, MANY), "came twice", id="not-fresh"),
    pytest.param("fresh", (MANY, MANY), (MANY, MANY + 1), None, id="fresh"),
]


@pytest.mark.once
@pytest.mark.parametrize(("promise", "theirs", "ours", "what"), COMPARISONS)
def test_what_is_compared(promise: Any, theirs: Any, ours: Any, what: str | None) -> None:
    found = soak._compared([Outcome("eager", promise, theirs)], [Outcome("eager", promise, ours)], set())
    assert found is None if what is None else re.search(what, found or "")
