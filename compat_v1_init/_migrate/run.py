"""One run of `compat-v1-init migrate`: reading, deciding, writing and reporting."""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from compat_v1_init._cli.usage import UsageError
from compat_v1_init._output.text import plural

from . import baseline
from .arguments import STDIN
from .baseline import Baseline
from .choices import Choices, choose
from .decide.reruns import graph_seed
from .files.discover import FileKind, discover, kind_of, root_of
from .files.project import Project
from .files.read_write import is_folder, read_bytes, remove_leftovers, replace, resolved
from .findings import Effect, Goal, Refused
from .one_file import Job, matters, may_have_something
from .outcomes import Outcome, Problem
from .report.formats import add_step_summary, print_as, print_in
from .report.summary import Report, counts
from .report_command import output
from .rules import RULES


def migrate(arguments: argparse.Namespace) -> int:
    """Runs the command and returns the exit code.

    Raises:
      UsageError: if the paths or the settings are wrong, or `--prove` lacks TensorFlow.
    """
    from_stdin = _check(arguments)
    choices = choose(arguments)
    known = Baseline(Path.cwd(), {})
    if choices.baseline is not None and arguments.write_baseline is None:
        known = baseline.load(choices.baseline)
    found = (_from_stdin if from_stdin else _from_files)(arguments, choices, known)
    if found.warning and not arguments.quiet:
        _say(f"warning: {found.warning}")
    goal = choices.goal
    outcomes = [*found.failed, *_outcomes(found.jobs, goal, choices.workers)]
    outcomes = [outcome for outcome in outcomes if from_stdin or outcome.has_anything or matters(outcome.before)]
    outcomes = list(map(known.without_problems, outcomes))
    if arguments.write_baseline is not None:
        path = Path(arguments.write_baseline)
        written = plural(baseline.write(path, outcomes), "finding")
        if not arguments.quiet:
            sys.stdout.write(f"{path}: {written} written; --baseline {path} leaves them alone.\n")
        return 0
    if arguments.add_ignore:
        from .add_ignore import marked

        by_path = {job.path: job for job in found.jobs}
        outcomes = [marked(by_path[each.path], each, goal) if each.path in by_path else each for each in outcomes]
    if arguments.prove:
        from .prove import prove

        outcomes = prove(outcomes)
    if arguments.write or arguments.add_ignore:
        outcomes = list(_write_stdout(outcomes) if from_stdin else _write(outcomes, found.folders))
    return _report(arguments, choices, found, outcomes, known.gone(outcomes, found.looked_at))


def _check(arguments: argparse.Namespace) -> bool:
    """Checks the paths; returns whether the source is standard input."""
    if not arguments.paths:
        arguments.paths = ["." if arguments.stdin_filename is None else STDIN]
    if "" in arguments.paths:
        # An unset variable of a shell, for example, must not mean the whole current folder.
        raise UsageError("a PATH is empty")
    from_stdin = STDIN in arguments.paths
    if from_stdin and len(arguments.paths) > 1:
        raise UsageError("- stands alone: standard input and files cannot be migrated together")
    if arguments.stdin_filename is not None and not from_stdin:
        raise UsageError("--stdin-filename is for standard input: give - as the PATH")
    return from_stdin


@dataclasses.dataclass
class _Found:
    """The files of a run."""

    jobs: list[Job]
    """The files in which there may be something to do."""
    failed: list[Outcome]
    """What failed before there was a job."""
    folders: list[Path]
    """The folders that were searched."""
    looked_at: list[Path]
    """All files, also those in which there is nothing to do."""
    warning: str = ""


def _from_stdin(arguments: argparse.Namespace, choices: Choices, known: Baseline) -> _Found:
    data = sys.stdin.buffer.read()
    if arguments.stdin_filename is None:
        kind: FileKind = "notebook" if data.lstrip().startswith(b"{") and b'"nbformat"' in data else "python"
        job = Job("<stdin>", kind, data, root=Path.cwd(), ignore=choices.ignore)
        is_left_out = False
    else:
        path = Path(arguments.stdin_filename)
        location = path.absolute()
        root, ignore = root_of(location.parent, (Path.cwd(),)), choices.ignored_in(location)
        job = Job(str(path), kind_of(path), data, location, root, ignore, known.known(location))
        is_left_out = not discover([location], choices.exclude, force=choices.force_exclude).files
    if may_have_something(job.kind, data) and not is_left_out:
        return _Found([job], [], [], [Path(job.path)])
    return _Found([], [Outcome(job.path, job.data)], [], [Path(job.path)])


def _from_files(arguments: argparse.Namespace, choices: Choices, known: Baseline) -> _Found:
    paths = list(map(Path, dict.fromkeys(arguments.paths)))
    found = discover(paths, choices.exclude, force=choices.force_exclude)
    failed = [Outcome(str(path), failure=problem) for path, problem in found.problems]
    jobs, seen = [], set()
    named = tuple({resolved(path) for path in paths if is_folder(path)} or {Path.cwd()})
    for path, kind in found.files:
        try:
            data = read_bytes(path)
        except Refused as refusal:
            failed.append(Outcome(str(path), failure=Problem(refusal.reason)))
            continue
        if not may_have_something(kind, data):
            continue
        location = resolved(path)
        # Two names may lead to one file.
        if location not in seen:
            seen.add(location)
            root, ignore = root_of(location.parent, named), choices.ignored_in(path)
            jobs.append(Job(str(path), kind, data, location, root, ignore, known.known(path)))
    folders = dict.fromkeys([*found.folders, *(location.parent for location in seen)])
    looked_at = [path for path, _ in [*found.files, *found.problems]]
    warning = ""
    if any(map(is_folder, paths)) and not any(kind != "text" for _, kind in found.files):
        warning = f"no Python file and no notebook is in {' '.join(arguments.paths)}"
    return _Found(jobs, failed, list(folders), looked_at, warning)


def _outcomes(jobs: list[Job], goal: Goal, workers: int | None) -> list[Outcome]:
    if not jobs:
        return []
    from .work import outcomes

    results = outcomes(jobs, goal, workers)
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        # The bar is drawn here and not by a thread, since processes are started while it is shown.
        with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
            task = progress.add_task("migrating", total=len(jobs))
            done = []
            for outcome in results:
                done.append(outcome)
                progress.advance(task)
                progress.refresh()
            return done
    return list(results)


def _write(outcomes: Iterable[Outcome], folders: Iterable[Path]) -> Iterator[Outcome]:
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
        # Also a source that could not be migrated: its user may write the output over the input, and must not lose it.
        sys.stdout.buffer.write(outcome.before if outcome.after is None else outcome.after)
        sys.stdout.buffer.flush()
        yield dataclasses.replace(outcome, written=True)


def _report(arguments: argparse.Namespace, choices: Choices, found: _Found, outcomes: list[Outcome], gone: int) -> int:
    report = Report(
        tuple(outcomes),
        len(found.looked_at),
        choices.goal.to,
        {rule.code: rule.title for rule in RULES},
        proved=arguments.prove,
        exit_zero=arguments.exit_zero,
        gone=gone,
        docs=choices.docs,
        note=_note_of_seed(found.jobs, outcomes),
        marking=arguments.add_ignore,
    )
    # If the source is written to standard output, nothing else is.
    stream = sys.stderr if STDIN in arguments.paths and (arguments.write or arguments.add_ignore) else sys.stdout
    with output(arguments.output_file, stream) as opened:
        print_as(report, arguments, opened)
    for name, path in arguments.report:
        with output(path, stream) as opened:
            print_in(name, report, arguments, opened)
    add_step_summary(report)
    if arguments.output_file is not None and not arguments.quiet:
        stream.write(counts(report) + "\n")
    if arguments.verbose and choices.source is not None:
        _say(f"settings: {choices.source}")
    if not arguments.quiet and STDIN not in arguments.paths and _lacks_requirement(outcomes):
        _say("the changed files import compat_v1_init: add compat-v1-init to the project's requirements")
    if report.gone and not arguments.quiet:
        _say(f"{report.gone} of the baseline {'is' if report.gone == 1 else 'are'} no longer found; write it again")
    return report.exit_code


def _note_of_seed(jobs: list[Job], outcomes: list[Outcome]) -> str:
    """Returns what "same numbers" means where a graph seed alone decides them; empty where none is set."""
    same = {
        outcome.path
        for outcome in outcomes
        for place in outcome.places
        if place.finding.effect is Effect.SAME and "seed=" not in place.finding.before
    }
    if not same:
        return ""

    for job in jobs:
        fact = graph_seed(Project(job.location, job.root)) if job.path in same else None
        if fact is not None:
            return (
                f'{fact.place} sets a graph seed: without a seed of its own, "same numbers" are those of TensorFlow '
                "2.2 and later. TensorFlow 1 took the op's seed from the number of ops in the graph; from_meta_graph "
                "makes its numbers from the old graph's file."
            )
    return ""


_REQUIREMENTS = (
    *("requirements*.txt", "requirements/*.txt", "requirements*.in"),
    *("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.y*ml"),
)


def _lacks_requirement(outcomes: Iterable[Outcome]) -> bool:
    """Returns whether files were written that import this package, in a project whose requirements do not name it."""
    written = [each for each in outcomes if each.written and each.after and b"compat_v1_init" in each.after]
    for root in {root_of(resolved(Path(outcome.path)).parent, (Path.cwd(),)) for outcome in written}:
        try:
            texts = [path.read_bytes() for pattern in _REQUIREMENTS for path in root.glob(pattern) if path.is_file()]
        except OSError:  # Nothing is known then, and the files are written.
            continue
        if any(b"tensorflow" in text for text in texts) and not any(map(_NAMES_US.search, texts)):
            return True
    return False


_NAMES_US = re.compile(rb"compat[-_.]v1[-_.]init(?!\])")


def _say(text: str) -> None:
    sys.stderr.write(f"compat-v1-init: {text}\n")
