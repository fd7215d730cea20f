"""Many files in several processes, few files in this one. The outcomes and their order are the same."""

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

    from .findings import Goal

from .decide.reruns import QUESTION as RELIES
from .decide.variable_scopes import QUESTION as SCOPES
from .files.project import Project
from .one_file import Job, outcome_of
from .outcomes import Outcome, Problem
from .source.index import prepare

# A process that starts as a copy of this one costs milliseconds. Any other imports everything again.
_METHOD = "fork" if sys.platform == "linux" else "spawn"
_FEWEST = 4 if _METHOD == "fork" else 24
# More processes gain nothing, and the number may come from the settings of a project that nobody here knows.
_MOST_PER_PROCESSOR = 4
# The errors of a system on which processes cannot share a queue: it has no named semaphores, no shared memory to write
# to, or too many processes or threads already.
_NO_PROCESSES = (OSError, ImportError, NotImplementedError, RuntimeError)


def outcomes(jobs: Sequence[Job], goal: Goal, workers: int | None = None) -> Iterator[Outcome]:
    """Yields the outcome of each job, in their order.

    Without `workers` there is a process for each processor that this one may use, and never more than four for each.
    If the system cannot start any, all is done in this process.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(workers or processors, processors * _MOST_PER_PROCESSOR, len(jobs))
    if workers <= 1 or len(jobs) < _FEWEST:
        yield from (outcome_of(job, goal) for job in jobs)
        return
    if _METHOD == "fork":
        # Once here, and not again in each process.
        asked = [*([RELIES, SCOPES] if goal.to == "keras" else []), *([SCOPES] if goal.defaults else [])]
        prepare(asked, (Project(job.location, job.root) for job in jobs if job.location and job.kind != "text"))
    run = functools.partial(outcome_of, goal=goal)
    rest: Callable[[Job, Goal], Outcome] = outcome_of
    done = 0
    try:
        with _pool(workers) as pool:
            for outcome in pool.map(run, jobs):
                done += 1
                yield outcome
    except BrokenExecutor:
        # A process was killed. Each file that is left gets its own process, to find the file that does it.
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
        # The file is not read in this process, which it may end too.
        reason = f"a process was killed, and none could be started for it alone: {error}"
    return Outcome(job.path, job.data, failure=Problem(reason))


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    others = multiprocessing.active_children()
    try:
        # On a system without processes even the import fails.
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(workers, multiprocessing.get_context(_METHOD), _begin) as pool:
            yield pool
    except _NO_PROCESSES:
        # If a pool could not start all of its processes, those that it has started would wait for work for ever.
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
                process.join()
        raise


def _begin() -> None:
    """Prepares a process of the pool: it leaves interrupts to the main process, and ends when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(RuntimeError):  # Without the thread it ends when it next asks for work.
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
