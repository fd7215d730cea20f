"""The settings of a project: `[tool.compat_v1_init]` of the nearest pyproject.toml that has it, or of `--config`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compat_v1_init._cli.usage import UsageError, hint

from .files.read_write import Missing, read_bytes
from .findings import Goal, Refused, Target

TARGETS: tuple[Target, ...] = ("shim", "keras")
# The table may have either name: the first is the package's name in Python, the second its name for installers.
TABLES = ("compat_v1_init", "compat-v1-init")


class BadSettings(UsageError):  # noqa: N818 - shown to the user
    """The settings cannot be used. The message is one sentence."""


@dataclass(frozen=True)
class Settings(Goal):
    """What a project has decided for all runs. Each key of the table is one of these names, or of the goal's."""

    exclude: tuple[str, ...] = ()
    """Patterns as in a .gitignore, from `folder`."""
    ignore: tuple[str, ...] = ()
    """Rules that are not applied: their codes, or beginnings of codes."""
    select: tuple[str, ...] = ()
    """The only rules that are applied: their codes, or beginnings of codes. All rules, if it is empty."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each pattern, as in a .gitignore, codes of rules that are not applied in the files that it matches."""
    baseline: str | None = None
    """The file with the findings that are known, from `folder`."""
    docs: str | None = None
    """The address at which the project's users find this package's documentation."""
    workers: int | None = None
    """How many processes; None for one for each processor."""
    folder: Path | None = None
    """The folder that patterns and files are relative to: where the pyproject.toml is."""
    source: Path | None = None
    """The file that the settings are from."""


_BOOL, _TEXT, _LIST, _TABLE, _COUNT = (
    "true or false",
    "a string",
    "a list of strings",
    "a table of patterns, each with a list of strings",
    "a whole number from 1",
)
_TARGET = " or ".join(f'"{target}"' for target in TARGETS)
_KEYS = {
    "assume_closed": _BOOL,
    "baseline": _TEXT,
    "defaults": _BOOL,
    "docs": _TEXT,
    "exclude": _LIST,
    "ignore": _LIST,
    "per_file_ignores": _TABLE,
    "samplers": _BOOL,
    "select": _LIST,
    "to": _TARGET,
    "workers": _COUNT,
}
_IS_RIGHT: dict[str, Callable[[Any], bool]] = {
    _BOOL: lambda value: isinstance(value, bool),
    _TEXT: lambda value: isinstance(value, str),
    _LIST: lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    _TABLE: lambda value: isinstance(value, dict) and all(map(_IS_RIGHT[_LIST], value.values())),
    _TARGET: lambda value: value in TARGETS,
    _COUNT: lambda value: type(value) is int and value >= 1,
}


def load(start: Path) -> Settings:
    """Returns the settings that hold in a folder.

    Raises:
      BadSettings: if the table has an unknown key or a wrong value, or its file is broken or cannot be read.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        try:
            data = read_bytes(path)
        except Missing:
            continue
        except Refused as refusal:
            # It may say what is to be left alone, so the run must not go on without it.
            raise BadSettings(f"{path} cannot be read: {refusal.reason}") from None
        # Most files need not be parsed. A broken one is an error only if it has settings of this command.
        if not re.search(rb"compat.v1.init", data):
            continue
        found = _table(path, _parsed(path, data))
        if found is not None:
            return _checked(found, path, folder)
    return Settings()


def load_file(path: Path) -> Settings:
    """Returns the settings of a named file: its table or, if it has no `[tool]`, the whole file.

    Its patterns are relative to the current folder, so that one file serves many projects.

    Raises:
      BadSettings: as `load`; also if the file cannot be read, or has none of these settings.
    """
    try:
        content = _parsed(path, read_bytes(path))
    except Refused as refusal:
        raise BadSettings(f"--config {path}: {refusal.reason}") from None
    found = _table(path, content)
    if found is None:
        if "tool" in content or path.name == "pyproject.toml":
            raise BadSettings(f"--config {path} has no table [tool.{TABLES[0]}]")
        found = content
    return _checked(found, path, Path.cwd())


def codes_of(given: Iterable[str], known: Iterable[str], where: str) -> frozenset[str]:
    """Returns the codes of the rules that are meant by some codes or beginnings of codes.

    Raises:
      BadSettings: if one of them means no rule.

    Example:
    >>> sorted(codes_of(["CVI20", "CVI001"], ["CVI001", "CVI002", "CVI201", "CVI207"], "--ignore"))
    ['CVI001', 'CVI201', 'CVI207']
    """
    known = list(known)
    found: set[str] = set()
    for code in given:
        meant = {each for each in known if code and each.startswith(code.upper())}
        if not meant:
            msg = f"{where} has an unknown rule {code!r}{hint(code.upper(), known)}; compat-v1-init rules lists them"
            raise BadSettings(msg)
        found |= meant
    return frozenset(found)


def loads_toml(text: str) -> dict[str, Any]:
    """Returns the content of a TOML file."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return loads_toml(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise BadSettings(f"{path} is broken: {reason}") from None


def _table(path: Path, content: dict[str, Any]) -> Any:
    """Returns the table of this command; None if there is none."""
    tools = content.get("tool", {})
    if not isinstance(tools, dict):
        raise BadSettings(f"{path} is broken: tool must be a table")
    found = [name for name in TABLES if name in tools]
    if len(found) > 1:
        raise BadSettings(f"{path} has two tables, [tool.{TABLES[0]}] and [tool.{TABLES[1]}]; join them")
    return tools[found[0]] if found else None


def _checked(table: Any, path: Path, folder: Path) -> Settings:
    where = f"[tool.{TABLES[0]}] in {path}"
    if not isinstance(table, dict):
        raise BadSettings(f"{where} must be a table")
    values: dict[str, Any] = {}
    for given, value in table.items():
        key = given.replace("-", "_")
        if key not in _KEYS:
            msg = f"{where} has an unknown key {given!r}{hint(key, _KEYS)}; the keys are {', '.join(_KEYS)}"
            raise BadSettings(msg)
        if key in values:
            raise BadSettings(f"{where} has {key!r} twice, once with hyphens")
        if not _IS_RIGHT[_KEYS[key]](value):
            raise BadSettings(f"{where}: {given} must be {_KEYS[key]}. Received: {value!r}")
        values[key] = _frozen(value)
    return Settings(**values, folder=folder, source=path)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tuple(each) for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else value
