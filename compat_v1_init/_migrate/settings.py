"""The settings of a project: `[tool.compat_v1_init]` of the nearest pyproject.toml that has it, or of `--config`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compat_v1_init._cli.usage import hint

from .files.read_write import Missing, read_bytes
from .findings import Refused

if TYPE_CHECKING:
    from .findings import Target

TARGETS: tuple[Target, ...] = ("shim", "keras")
# The table may have either name: the first is the package's name in Python, the second its name for installers.
TABLES = ("compat_v1_init", "compat-v1-init")


class BadSettings(Exception):  # noqa: N818 - shown to the user, like bad usage
    """The settings cannot be used. The message is one sentence."""


@dataclass(frozen=True)
class Settings:
    """What a project has decided for all runs. Each key of the table is one of these names."""

    exclude: tuple[str, ...] = ()
    """Patterns as in a .gitignore, from `folder`."""
    ignore: tuple[str, ...] = ()
    """Rules that are not applied: their codes, or beginnings of codes."""
    select: tuple[str, ...] = ()
    """The only rules that are applied: their codes, or beginnings of codes. All rules, if it is empty."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each pattern, as in a .gitignore, codes of rules that are not applied in the files that it matches."""
    to: Target = "shim"
    defaults: bool = False
    """Whether what draws by default is written out."""
    samplers: bool = False
    """Whether the samplers outside of variables are moved too."""
    assume_closed: bool = False
    """Whether no program outside of the project is taken to set what its variables draw by default."""
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


_KEYS = {
    "assume_closed": "true or false",
    "baseline": "a string",
    "defaults": "true or false",
    "docs": "a string",
    "exclude": "a list of strings",
    "ignore": "a list of strings",
    "per_file_ignores": "a table of patterns, each with a list of strings",
    "samplers": "true or false",
    "select": "a list of strings",
    "to": " or ".join(f'"{target}"' for target in TARGETS),
    "workers": "a whole number from 1",
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
            msg = f"{path} cannot be read: {refusal.reason}"
            raise BadSettings(msg) from None
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
        msg = f"--config {path}: {refusal.reason}"
        raise BadSettings(msg) from None
    found = _table(path, content)
    if found is None:
        if "tool" in content or path.name == "pyproject.toml":
            msg = f"--config {path} has no table [tool.{TABLES[0]}]"
            raise BadSettings(msg)
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


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        msg = f"{path} is broken: {reason}"
        raise BadSettings(msg) from None


def _table(path: Path, content: dict[str, Any]) -> Any:
    """Returns the table of this command; None if there is none."""
    tools = content.get("tool", {})
    if not isinstance(tools, dict):
        msg = f"{path} is broken: tool must be a table"
        raise BadSettings(msg)
    found = [name for name in TABLES if name in tools]
    if len(found) > 1:
        msg = f"{path} has two tables, [tool.{TABLES[0]}] and [tool.{TABLES[1]}]; join them"
        raise BadSettings(msg)
    return tools[found[0]] if found else None


def _checked(table: Any, path: Path, folder: Path) -> Settings:
    where = f"[tool.{TABLES[0]}] in {path}"
    if not isinstance(table, dict):
        msg = f"{where} must be a table"
        raise BadSettings(msg)
    values: dict[str, Any] = {}
    for given, value in table.items():
        key = given.replace("-", "_")
        if key not in _KEYS:
            msg = f"{where} has an unknown key {given!r}{hint(key, _KEYS)}; the keys are {', '.join(_KEYS)}"
            raise BadSettings(msg)
        if key in values:
            msg = f"{where} has {key!r} twice, once with hyphens"
            raise BadSettings(msg)
        if not _is_right(key, value):
            msg = f"{where}: {given} must be {_KEYS[key]}. Received: {value!r}"
            raise BadSettings(msg)
        values[key] = _frozen(value)
    return Settings(**values, folder=folder, source=path)


def _is_right(key: str, value: Any) -> bool:
    if key == "to":
        return value in TARGETS
    if key == "workers":
        return type(value) is int and value >= 1
    if _KEYS[key] == "true or false":
        return isinstance(value, bool)
    if key in ("baseline", "docs"):
        return isinstance(value, str)
    if key == "per_file_ignores":
        return isinstance(value, dict) and all(map(_is_strings, value.values()))
    return _is_strings(value)


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(element, str) for element in value)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tuple(each) for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else value
