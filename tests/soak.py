"""Plays random programs of draws with TensorFlow's own initializers and with the drop-in, until one differs.

    python tests/soak.py [--steps N] [--seed S] [--minutes M] [--alone original|drop-in]

A step is one action of a program: a draw, a call of a function, a run of a Session, a reset. The same seed, under the
same versions of Hypothesis and TensorFlow, plays the same programs. The first difference is shrunk to a small program,
which is printed as Python, and the exit code is 1. Otherwise what was compared is counted, and the exit code is 0.
With `--alone`, one side plays by itself and nothing is compared: so it shows whose the memory is.
"""

# ruff: noqa: T201 - a program that prints its results

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import argparse
import collections
import contextlib
import dataclasses
import faulthandler
import functools
import gc
import logging
import platform
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import hypothesis
import numpy as np
import soak_shrink
import soak_strategies
import tensorflow as tf
from hypothesis import HealthCheck, Phase, Verbosity, given, settings

import compat_v1_init

if TYPE_CHECKING:
    from soak_programs import Outcome, Program

# Programs of one seed. Hypothesis remembers each program of a run, so a long soak is many short runs.
BATCH = 50
# A program takes less than a second or two.
HANGS = 120.0


class DifferenceError(AssertionError):
    """A program that gives other bytes with the drop-in."""

    def __init__(self, program: Program, what: str) -> None:
        super().__init__(what)
        self.program = program


@dataclasses.dataclass
class Counts:
    """What has been compared."""

    programs: int = 0
    steps: int = 0
    actions: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    draws: collections.Counter[tuple[str, str]] = dataclasses.field(default_factory=collections.Counter)
    elements: int = 0

    def add(self, program: Program, found: Sequence[Sequence[Outcome] | None]) -> None:
        self.programs += 1
        for action, outcomes in zip(program.actions, found):
            if outcomes is not None:
                self.steps += 1
                self.actions[type(action).__name__] += 1
                for outcome in outcomes:
                    self.draws[outcome.mode, outcome.promise] += len(outcome.values)
                    self.elements += sum(value.size for value in outcome.values)


def check(program: Program, family: Any = compat_v1_init, counts: Counts | None = None) -> None:
    """Plays a program with the original and with another family of initializers.

    Raises:
      DifferenceError: if they do not give what was promised.
    """
    try:
        expected = list(program.play(tf.compat.v1, original=True))
    except Exception as error:
        raise DifferenceError(program, f"the original raises {type(error).__name__}: {error}") from error
    what = _first_difference(program, expected, family, original=False)
    if what is not None:
        # Only what TensorFlow promises is to be compared: where the original differs from itself, the soak is wrong.
        itself = _first_difference(program, expected, tf.compat.v1, original=True)
        raise DifferenceError(program, what if itself is None else f"the original differs from itself: {itself}")
    if counts is not None:
        counts.add(program, expected)


def _first_difference(
    program: Program, expected: Sequence[Sequence[Outcome] | None], family: Any, *, original: bool
) -> str | None:
    fresh: set[bytes] = set()
    with contextlib.closing(program.play(family, original=original)) as played:
        for index, (action, theirs) in enumerate(zip(program.actions, expected)):
            try:
                what = _compared(theirs or (), next(played) or (), fresh)
            except Exception as error:  # noqa: BLE001 - the original raised nothing
                what = f"{type(error).__name__}: {error}"
            if what is not None:
                return f"action {index} ({type(action).__name__}): {what}"
    return None


def _compared(theirs: Sequence[Outcome], ours: Sequence[Outcome], fresh: set[bytes]) -> str | None:
    """Returns what is not as it should be, or None. `fresh` holds the values that must not come again."""
    if len(theirs) != len(ours):
        return f"{len(ours)} values instead of {len(theirs)}"
    for place, (expected, actual) in enumerate(zip(theirs, ours)):
        if _forms(expected) != _forms(actual):
            return f"value {place}: {_forms(actual)} instead of {_forms(expected)}"
        if expected.promise == "same":
            different = [a.tobytes() != b.tobytes() for a, b in zip(expected.values, actual.values)]
            if any(different):
                return f"value {place}: {sum(different)} of {len(different)} tensors differ, {_forms(actual)[0]}"
        if expected.promise == "fresh":
            for value in actual.values:
                # Few or narrow numbers may be equal by chance.
                if value.dtype.itemsize >= 4 and np.unique(value).size >= 8:
                    if value.tobytes() in fresh:
                        return f"value {place}: an unseeded draw came twice, {_forms(actual)[0]}"
                    fresh.add(value.tobytes())
    return None


def _forms(outcome: Outcome) -> list[tuple[str, tuple[int, ...]]]:
    return [(value.dtype.name, value.shape) for value in outcome.values]


def soak(
    steps: int,
    seed: int,
    minutes: float = float("inf"),
    *,
    family: Any = compat_v1_init,
    programs: Any = soak_strategies.programs,
    alone: str | None = None,
    say: Callable[[str], None] | None = None,
) -> Counts:
    """Plays random programs until there were so many steps, or the time is over.

    Args:
      steps: at least so many are played, and the program that reaches them to its end.
      seed: each 50 programs have a seed of their own, counted from this one on.
      minutes: no program is begun later.
      family: what is compared with `tf.compat.v1`.
      programs: a Hypothesis strategy.
      alone: "original" or "drop-in" to play that side and compare nothing.
      say: is told of progress, about once a minute.

    Returns:
      What was compared.

    Raises:
      DifferenceError: for the first program that differs, made as small as possible.
    """
    counts = Counts()
    steps_said = 0
    begun = said = time.monotonic()
    gc.freeze()  # What TensorFlow has made so far stays; without it, each collection takes half a second.

    def over() -> bool:
        return counts.steps >= steps or time.monotonic() - begun >= 60 * minutes

    def one(program: Program) -> None:
        if not over():
            with ends_in_time(program):
                if alone is None:
                    check(program, family, counts)
                else:
                    original = alone == "original"
                    counts.add(program, list(program.play(tf.compat.v1 if original else family, original=original)))

    test = settings(
        database=None,
        deadline=None,
        max_examples=BATCH,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )(given(programs)(one))
    try:
        while not over():
            hypothesis.seed(seed)(test)()
            seed += 1
            gc.collect()
            if say is not None and time.monotonic() - said >= 60:
                steps_gone, seconds, said = counts.steps - steps_said, time.monotonic() - said, time.monotonic()
                steps_said = counts.steps
                say(
                    f"{(said - begun) / 60:.0f} min: {counts.programs:,} programs, {counts.steps:,} steps, now "
                    f"{steps_gone / seconds:,.0f} steps/s; {memory()}"
                )
    except DifferenceError as error:
        raise _small(error, family) from error
    finally:
        gc.unfreeze()
    return counts


def _small(error: DifferenceError, family: Any) -> DifferenceError:
    """Returns what a program that is as small as possible raises."""
    smallest = error

    def fails(program: Program) -> bool:
        nonlocal smallest
        try:
            with ends_in_time(program):
                check(program, family)
        except DifferenceError as again:
            smallest = again
            return True
        return False

    soak_shrink.shrunk(error.program, fails)
    return smallest


@contextlib.contextmanager
def ends_in_time(program: Program) -> Iterator[None]:
    """Ends the process with the program that hangs: TensorFlow cannot be interrupted from Python."""

    def end() -> None:
        print(f"# it has not ended after {HANGS:.0f} s\n{source(program)}", flush=True)
        faulthandler.dump_traceback(all_threads=True)
        os._exit(1)

    timer = threading.Timer(HANGS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def mebibytes() -> float:
    """Returns how much memory this process holds now; not a number where the system does not say."""
    with contextlib.suppress(OSError), open("/proc/self/statm") as file:  # noqa: PTH123 - Linux only
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
    return float("nan")


def memory() -> str:
    return f"{mebibytes():,.0f} MiB"


def source(program: Program) -> str:
    """Returns Python that plays a program again."""
    lines = ["from soak import check, two_cpus", "from soak_programs import *", "", "two_cpus()", "check(Program("]
    lines.append(f"    graph_seed={program.graph_seed},")
    for name in ("inits", "actions"):
        lines += [f"    {name}=(", *(f"        {item!r}," for item in getattr(program, name)), "    ),"]
    return "\n".join([*lines, "))"])


def two_cpus() -> None:
    """Gives TensorFlow two logical CPUs, where it has not started yet."""
    with contextlib.suppress(RuntimeError):
        cpu = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)


def main(arguments: Sequence[str] | None = None, family: Any = compat_v1_init) -> int:
    """Runs the command and returns its exit code."""
    parser = argparse.ArgumentParser(description="Plays random programs of draws with the original and the drop-in.")
    parser.add_argument("--steps", type=int, default=20_000, help="how many actions (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="which programs (default: others each time)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no longer than this (default: no limit)")
    parser.add_argument("--alone", choices=("original", "drop-in"), help="play one side and compare nothing")
    parsed = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(10**6) if parsed.seed is None else parsed.seed
    versions = f"TensorFlow {tf.__version__}, Python {platform.python_version()}, Hypothesis {hypothesis.__version__}"
    print(f"seed {seed}; {versions}", flush=True)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # It warns of functions that are traced often.
    say = functools.partial(print, file=sys.stderr, flush=True)
    begun, held = time.monotonic(), mebibytes()
    try:
        counts = soak(parsed.steps, seed, parsed.minutes, family=family, alone=parsed.alone, say=say)
    except DifferenceError as difference:
        print(f"# {difference}\n{source(difference.program)}")
        return 1
    seconds = time.monotonic() - begun
    for (mode, promise), number in sorted(counts.draws.items()):
        print(f"{number:>12,} {mode}, {promise}")
    for action, number in counts.actions.most_common():
        print(f"{number:>12,} {action}")
    print(f"{seconds:,.0f} s, {counts.steps / seconds:,.0f} steps/s, {counts.elements:,} elements; {memory()}")
    grown = mebibytes() - held
    print(f"{grown:,.0f} MiB more than at the start, {1024 * grown / max(counts.steps, 1):,.1f} KiB for each step")
    if parsed.alone:
        print(f"{counts.programs:,} programs of the {parsed.alone} alone; seed {seed}; nothing was compared")
        return 0
    print(
        f"{counts.programs:,} programs, {counts.steps:,} steps, {sum(counts.draws.values()):,} draws; "
        f"seed {seed}; TensorFlow {tf.__version__}: no difference"
    )
    return 0


if __name__ == "__main__":
    two_cpus()
    sys.exit(main())
