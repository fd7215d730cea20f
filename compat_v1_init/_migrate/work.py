"""Many files: in this process where they are few, else in several; the outcomes are the same, in the same order."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

from .decide.reruns import search
from .one_file import Goal, Job, outcome_of
from .outcomes import Outcome, Problem

# Where a process starts as a copy of this one it costs milliseconds, elsewhere it imports everything anew.
_METHOD = "fork" if sys.platform == "linux" else "spawn"
_FEWEST = 4 if _METHOD == "fork" else 24
# More gain nothing, and the number may come from the settings of a stranger's project.
_MOST_PER_PROCESSOR = 4
# What says that this system, or this place in it, has no room for processes that share a queue: no named semaphores, no
# shared memory to write to, too many processes or threads.
_NO_PROCESSES = (OSError, ImportError, NotImplementedError, RuntimeError)


def outcomes(jobs: Sequence[Job], goal: Goal, workers: int | None = None) -> Iterator[Outcome]:
    """Yields the outcome of each job, in their order.

    Args:
      jobs: the files.
      goal: what holds for all of them.
      workers: how many processes, of which there are at most four for each processor that this process may use; None
        for one for each. Where the system lets none be started, all is done in this process.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(workers or processors, processors * _MOST_PER_PROCESSOR, len(jobs))
    if workers <= 1 or len(jobs) < _FEWEST:
        yield from (outcome_of(job, goal) for job in jobs)
        return
    if goal.to == "keras" and _METHOD == "fork":
        # Once, and not in each process.
        search((job.location, job.root) for job in jobs if job.location is not None and job.kind != "text")
    run = functools.partial(outcome_of, goal=goal)
    rest: Callable[[Job, Goal], Outcome] = outcome_of
    done = 0
    try:
        with _pool(workers) as pool:
            for outcome in pool.map(run, jobs):
                done += 1
                yield outcome
    except BrokenExecutor:
        # Something killed a process. Each file that is left gets one of its own, so that the culprit is found.
        rest = _alone
    except _NO_PROCESSES:
        pass
    yield from (rest(job, goal) for job in jobs[done:])


def _alone(job: Job, goal: Goal) -> Outcome:
    try:
        with _pool(1) as pool:
            return pool.submit(outcome_of, job, goal).result()
    except BrokenExecutor:
        reason = "the process that analysed it was killed"
    except _NO_PROCESSES as error:
        # Not in this process, which it may end.
        reason = f"a process was killed, and none could be started for it alone: {error}"
    return Outcome(job.path, job.data, failure=Problem(reason))


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    others = multiprocessing.active_children()
    try:
        # Where there are no processes, even the import fails.
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(workers, multiprocessing.get_context(_METHOD), _begin) as pool:
            yield pool
    except _NO_PROCESSES:
        # Of a pool that could not start all of them, those that it could wait for work until the program ends, which
        # waits for them.
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
                process.join()
        raise


def _begin() -> None:
    """Sets up a process of the pool: an interrupt is for the main process, and without that it ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(RuntimeError):  # No more threads: it ends when it next asks for work.
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
