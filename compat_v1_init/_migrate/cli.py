"""`compat-v1-init migrate`: from the command line to the exit code."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from compat_v1_init._usage import UsageError

from . import settings as project

if TYPE_CHECKING:
    from .discover import Kind
    from .outcomes import Outcome
    from .report import Report
    from .settings import Settings
    from .sources import Job

STDIN = "-"

_EPILOG = """\
exit codes:
  0  nothing to do, or all done
  1  something would change, or needs a person
  2  a file failed, or the command line or the settings are wrong
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder; - alone for standard input")
    parser.add_argument(
        "--to",
        choices=project.TARGETS,
        help="shim: keep every number; keras: go native where that is safe (default: the settings', else shim)",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--write", action="store_true", help="change the files")
    mode.add_argument("--check", action="store_true", help="change nothing and show no diff")
    mode.add_argument("--diff", action="store_true", help="change nothing and print the diff alone, as a patch")
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="default: text")
    parser.add_argument(
        "--prove", action="store_true", help="build each rewritten site of literals both ways and compare (TensorFlow)"
    )
    parser.add_argument("--workers", type=_count, metavar="N", help="processes (default: one for each processor)")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Carries the command out and returns the exit code.

    Raises:
      UsageError: if the paths or the settings are wrong, or `--prove` lacks TensorFlow.
    """
    if "" in arguments.paths:
        # Of an unset variable, say, which must not stand for the whole current folder.
        raise UsageError("a PATH is empty")
    from_stdin = STDIN in arguments.paths
    if from_stdin and len(arguments.paths) > 1:
        raise UsageError("- stands alone: standard input and files cannot be migrated together")
    try:
        settings = project.load(_start([] if from_stdin else arguments.paths))
        settings = dataclasses.replace(
            settings, to=arguments.to or settings.to, workers=arguments.workers or settings.workers
        )
        titles = _titles(settings)
    except project.BadSettings as error:
        raise UsageError(str(error)) from None
    jobs, failed, folders, looked_at = _stdin_job() if from_stdin else _jobs(arguments.paths, settings)
    outcomes = [*failed, *_outcomes(jobs, settings)]
    if arguments.prove:
        outcomes = _proved(outcomes)
    if arguments.write:
        outcomes = list(_write_stdout(outcomes) if from_stdin else _write(outcomes, folders))
    from .outcomes import exit_code
    from .report import Report

    report = Report(tuple(outcomes), looked_at, settings.to, titles, proved=arguments.prove)
    # The migrated source has standard output for itself.
    _print(report, arguments, sys.stderr if from_stdin and arguments.write else sys.stdout)
    return exit_code(outcomes)


def _start(paths: list[str]) -> Path:
    """Returns the folder from which the settings are looked for: the one that all paths are in."""
    try:
        # Of a file there is nothing to look into; the search goes on in its folder.
        return Path(os.path.commonpath([Path(path).absolute() for path in paths])) if paths else Path.cwd()
    except ValueError:  # On several drives.
        return Path.cwd()


def _titles(settings: Settings) -> dict[str, str]:
    from .analyze import RULES

    titles = {rule.code: rule.title for rule in RULES}
    for code in settings.ignore:
        if code not in titles:
            msg = f"[tool.compat_v1_init]: ignore has an unknown rule {code!r}; compat-v1-init rules lists them"
            raise project.BadSettings(msg)
    return titles


# --- Reading ---------------------------------------------------------------------------------------------------------

_Jobs = tuple[list["Job"], list["Outcome"], list[Path], int]


def _stdin_job() -> _Jobs:
    from .sources import Job, matters

    data = sys.stdin.buffer.read()
    kind: Kind = "notebook" if data.lstrip().startswith(b"{") and b'"nbformat"' in data else "python"
    job = Job("<stdin>", kind, data, root=Path.cwd())
    if matters(data):
        return [job], [], [], 1
    return [], [_nothing(job)], [], 1


def _nothing(job: Job) -> Outcome:
    from .outcomes import Outcome

    return Outcome(job.path, job.data)


def _jobs(paths: list[str], settings: Settings) -> _Jobs:
    """Returns the files that can matter, what failed before that, the folders looked into, and the number of files."""
    from .discover import discover, root_of
    from .files import Refused, is_folder, read, resolved
    from .outcomes import Outcome, Problem
    from .sources import Job, matters

    found = discover(map(Path, dict.fromkeys(paths)), settings.exclude, settings.folder)
    failed = [Outcome(str(path), failure=problem) for path, problem in found.problems]
    jobs, seen = [], set()
    named = tuple({resolved(path) for path in map(Path, paths) if is_folder(path)} or {Path.cwd()})
    for path, kind in found.files:
        try:
            data = read(path)
        except Refused as refusal:
            failed.append(Outcome(str(path), failure=Problem(refusal.reason)))
            continue
        if not matters(data):
            continue
        location = resolved(path)
        # One file reached by two names is one file.
        if location not in seen:
            seen.add(location)
            jobs.append(Job(str(path), kind, data, location, root_of(location.parent, named)))
    folders = dict.fromkeys([*found.folders, *(location.parent for location in seen)])
    return jobs, failed, list(folders), len(found.files) + len(found.problems)


# --- Working ---------------------------------------------------------------------------------------------------------


def _outcomes(jobs: list[Job], settings: Settings) -> list[Outcome]:
    from .sources import Options
    from .work import outcomes

    results = outcomes(jobs, Options(settings.to, frozenset(settings.ignore)), settings.workers)
    if jobs and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        # Drawn from here and not by a thread, since processes are started while it shows.
        with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
            task = progress.add_task("migrating", total=len(jobs))
            done = []
            for outcome in results:
                done.append(outcome)
                progress.advance(task)
                progress.refresh()
            return done
    return list(results)


def _proved(outcomes: Iterable[Outcome]) -> list[Outcome]:
    from .prove import NoTensorFlow, prove

    try:
        return prove(outcomes)
    except NoTensorFlow as error:
        raise UsageError(str(error)) from None


def _write(outcomes: Iterable[Outcome], folders: Iterable[Path]) -> Iterator[Outcome]:
    from .files import Refused, remove_leftovers, replace

    remove_leftovers(folders)
    for outcome in outcomes:
        if outcome.after is None:
            yield outcome
            continue
        try:
            replace(Path(outcome.path), outcome.before, outcome.after)
        except Refused as refusal:
            yield outcome.failed(refusal.reason)
        else:
            yield dataclasses.replace(outcome, written=True)


def _write_stdout(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    for outcome in outcomes:
        # Also what could not be migrated: who writes the output over the input must not lose it.
        sys.stdout.buffer.write(outcome.before if outcome.after is None else outcome.after)
        sys.stdout.buffer.flush()
        yield dataclasses.replace(outcome, written=True)


# --- Reporting -------------------------------------------------------------------------------------------------------


def _print(report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    if arguments.format == "text":
        from .report import print_report

        if arguments.diff:
            print_report(report, stream, with_diff=True, with_table=False)
            print_report(report, sys.stderr, with_diff=False)
        else:
            print_report(report, stream, with_diff=not (arguments.write or arguments.check))
        return
    as_object: dict[str, Any]
    if arguments.format == "json":
        from .schema import as_json

        as_object = as_json(report)
    else:
        from .sarif import as_sarif

        as_object = as_sarif(report)
    # In ASCII, so that neither the stream's encoding nor an odd file name can fail it.
    stream.write(json.dumps(as_object, indent=2) + "\n")
