"""Many files: in this process where they are few, else in several; the outcomes are the same, in the same order."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from .outcomes import Outcome, Problem
from .reruns import search
from .sources import Job, Options, outcome_of

# Where a process starts as a copy of this one it costs milliseconds, elsewhere it imports everything anew.
_METHOD = "fork" if sys.platform == "linux" else "spawn"
_FEWEST = 4 if _METHOD == "fork" else 24


def outcomes(jobs: Sequence[Job], options: Options, workers: int | None = None) -> Iterator[Outcome]:
    """Yields the outcome of each job, in their order.

    Args:
      jobs: the files.
      options: what holds for all of them.
      workers: how many processes; None for one for each processor that this process may use.
    """
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(workers, len(jobs))
    if workers <= 1 or len(jobs) < _FEWEST:
        yield from (outcome_of(job, options) for job in jobs)
        return
    if options.to == "keras" and _METHOD == "fork":
        # Once, and not in each process.
        search((job.location, job.root) for job in jobs if job.location is not None and job.kind != "text")
    run = functools.partial(outcome_of, options=options)
    done = 0
    try:
        with _pool(workers) as pool:
            for outcome in pool.map(run, jobs):
                done += 1
                yield outcome
    except BrokenProcessPool:
        # Something killed a process. Each file that is left gets one of its own, so that the culprit is found.
        for job in jobs[done:]:
            yield _alone(job, options)


def _alone(job: Job, options: Options) -> Outcome:
    try:
        with _pool(1) as pool:
            return pool.submit(outcome_of, job, options).result()
    except BrokenProcessPool:
        return Outcome(job.path, job.data, failure=Problem("the process that analysed it was killed"))


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context(_METHOD), _begin)


def _begin() -> None:
    """Sets up a process of the pool: an interrupt is for the main process, and without that it ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
