"""What one run is to do: the project's settings, and the options of the command line, which go before them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._cli.usage import UsageError

from . import settings as project
from .arguments import STDIN
from .files.globs import rules_of
from .files.location import inside
from .findings import Goal

if TYPE_CHECKING:
    import argparse

    from pathspec import GitIgnoreSpec

    from .settings import Settings


@dataclass(frozen=True)
class Choices:
    """What one run is to do."""

    goal: Goal
    workers: int | None
    exclude: tuple[tuple[Path, tuple[str, ...]], ...]
    """Patterns, each with the folder that they are relative to."""
    force_exclude: bool
    ignore: frozenset[str]
    """Codes of the rules that are not applied anywhere."""
    per_file: tuple[tuple[Path, GitIgnoreSpec, frozenset[str]], ...]
    """For each folder and its patterns, codes of the rules that are not applied in the files that they match."""
    baseline: Path | None
    docs: str | None
    titles: dict[str, str]
    """The title of each rule."""
    source: Path | None
    """The file of the settings."""

    def ignored_in(self, path: Path) -> frozenset[str]:
        """Returns the codes of the rules that are not applied in a file."""
        codes = self.ignore
        for folder, spec, more in self.per_file:
            name = inside(path, folder)
            if name is not None and spec.match_file(name):
                codes |= more
        return codes


def choose(arguments: argparse.Namespace) -> Choices:
    """Returns what the command line and the settings of the project together say.

    Raises:
      UsageError: if the settings are wrong, or a rule is unknown.
    """
    try:
        settings = _settings(arguments)
        return _choices(arguments, settings)
    except project.BadSettings as error:
        raise UsageError(str(error)) from None


def _settings(arguments: argparse.Namespace) -> Settings:
    if arguments.config is not None:
        return project.load_file(Path(arguments.config))
    paths = [path for path in arguments.paths if path != STDIN]
    if arguments.stdin_filename is not None:
        paths = [arguments.stdin_filename]
    return project.load(_start(paths))


def _start(paths: Sequence[str]) -> Path:
    """Returns the folder in which the search for settings begins: the innermost one that all paths are in."""
    try:
        # A file has no settings in it; the search continues in its folder.
        return Path(os.path.commonpath([Path(path).absolute() for path in paths])) if paths else Path.cwd()
    except ValueError:  # The paths are on several drives.
        return Path.cwd()


def _choices(arguments: argparse.Namespace, settings: Settings) -> Choices:
    from .rules import RULES

    known = [rule.code for rule in RULES]
    here = Path.cwd()
    folder = settings.folder or here
    in_settings = f"[tool.{project.TABLES[0]}]"

    def codes(option: str, given: Iterable[str], *, from_settings: bool) -> frozenset[str]:
        where = f"{in_settings}: {option.lstrip('-')}" if from_settings else option
        return project.codes_of(given, known, where)

    selected = _joined(arguments.select)
    select = codes("--select", selected or settings.select, from_settings=not selected) or frozenset(known)
    ignore = codes("--ignore", settings.ignore, from_settings=True)
    ignore |= codes("--ignore", _joined(arguments.ignore), from_settings=False)
    per_file = [(folder, *each, True) for each in settings.per_file_ignores.items()]
    per_file += [(here, *each, False) for each in arguments.per_file_ignores or ()]
    baseline = arguments.baseline and here / arguments.baseline
    if baseline is None and settings.baseline is not None:
        baseline = folder / settings.baseline
    exclude = [(folder, settings.exclude), (here, tuple(arguments.exclude or ()))]
    return Choices(
        goal=Goal(
            arguments.to or settings.to,
            *(
                getattr(settings if getattr(arguments, name) is None else arguments, name)
                for name in ("defaults", "samplers", "assume_closed")
            ),
        ),
        workers=arguments.workers or settings.workers,
        exclude=tuple((base, patterns) for base, patterns in exclude if patterns),
        force_exclude=arguments.force_exclude,
        ignore=(frozenset(known) - select) | ignore,
        per_file=tuple(
            (
                base,
                rules_of([pattern]),
                codes("--per-file-ignores", given, from_settings=from_settings),
            )
            for base, pattern, given, from_settings in per_file
        ),
        baseline=baseline,
        docs=settings.docs,
        titles={rule.code: rule.title for rule in RULES},
        source=settings.source,
    )


def _joined(given: Iterable[Iterable[str]] | None) -> list[str]:
    return [code for codes in given or () for code in codes]
