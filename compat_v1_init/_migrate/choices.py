"""What one run is to do: the project's settings, and the options of the command line, which go before them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from . import settings as project
from .arguments import STDIN
from .files.globs import rules_of
from .files.location import inside
from .findings import Goal
from .rules import RULES

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


def _settings(arguments: argparse.Namespace) -> Settings:
    if arguments.config is not None:
        return project.load_file(Path(arguments.config))
    paths = [path for path in arguments.paths if path != STDIN]
    if arguments.stdin_filename is not None:
        paths = [arguments.stdin_filename]
    try:
        # The innermost folder that all paths are in. A file has no settings in it; the search continues in its folder.
        start = Path(os.path.commonpath([Path(path).absolute() for path in paths])) if paths else Path.cwd()
    except ValueError:  # The paths are on several drives.
        start = Path.cwd()
    return project.load(start)


def choose(arguments: argparse.Namespace) -> Choices:
    """Returns what the command line and the settings of the project together say.

    Raises:
      UsageError: if the settings are wrong, or a rule is unknown.
    """
    settings = _settings(arguments)
    known = frozenset(rule.code for rule in RULES)
    here = Path.cwd()
    folder = settings.folder or here

    def codes(option: str, given: Iterable[str], *, from_settings: bool) -> frozenset[str]:
        where = f"[tool.{project.TABLES[0]}]: {option}" if from_settings else f"--{option}"
        return project.codes_of(given, sorted(known), where)

    selected = _joined(arguments.select)
    select = codes("select", selected or settings.select, from_settings=not selected) or known
    ignore = codes("ignore", settings.ignore, from_settings=True)
    ignore |= codes("ignore", _joined(arguments.ignore), from_settings=False)
    per_file = [(folder, *each, True) for each in settings.per_file_ignores.items()]
    per_file += [(here, *each, False) for each in arguments.per_file_ignores or ()]
    baseline = arguments.baseline and here / arguments.baseline
    if baseline is None and settings.baseline is not None:
        baseline = folder / settings.baseline
    exclude = [(folder, settings.exclude), (here, tuple(arguments.exclude or ()))]
    given = {each.name: getattr(arguments, each.name) for each in fields(Goal)}
    return Choices(
        goal=Goal(*(getattr(settings, name) if value is None else value for name, value in given.items())),
        workers=arguments.workers or settings.workers,
        exclude=tuple((base, patterns) for base, patterns in exclude if patterns),
        force_exclude=arguments.force_exclude,
        ignore=(known - select) | ignore,
        per_file=tuple(
            (base, rules_of([pattern]), codes("per-file-ignores", names, from_settings=from_settings))
            for base, pattern, names, from_settings in per_file
        ),
        baseline=baseline,
        docs=settings.docs,
        source=settings.source,
    )


def _joined(given: Iterable[Iterable[str]] | None) -> list[str]:
    return [code for codes in given or () for code in codes]
