"""The settings of a project: `[tool.compat_v1_init]` of the nearest pyproject.toml that has it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import Missing, Refused, read

if TYPE_CHECKING:
    from .findings import Target

TARGETS: tuple[Target, ...] = ("shim", "keras")


class BadSettings(Exception):  # noqa: N818 - shown to the user, like bad usage
    """The settings cannot be used. The message is one sentence."""


@dataclass(frozen=True)
class Settings:
    """What a project has decided once for all runs; each key of the table is one of these names."""

    exclude: tuple[str, ...] = ()
    """Patterns as in a .gitignore, from the folder of the pyproject.toml."""
    ignore: tuple[str, ...] = ()
    """Codes of rules that are not applied."""
    to: Target = "shim"
    workers: int | None = None
    """How many processes; None for one for each processor."""
    folder: Path | None = None
    """Where the pyproject.toml is."""


_KEYS = {
    "exclude": "a list of strings",
    "ignore": "a list of strings",
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
        try:
            data = read(folder / "pyproject.toml")
        except Missing:
            continue
        except Refused as refusal:
            # It may hold what is to be left alone.
            msg = f"{folder / 'pyproject.toml'} cannot be read: {refusal.reason}"
            raise BadSettings(msg) from None
        # Most need not be parsed, and one that is broken is no concern of this command unless it has its settings.
        if not re.search(rb"compat.v1.init", data):
            continue
        found = _table(folder / "pyproject.toml", data)
        if found is not None:
            return _checked(found, folder)
    return Settings()


def _table(path: Path, data: bytes) -> Any:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode()).get("tool", {}).get("compat_v1_init")
    except (ValueError, AttributeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        msg = f"{path} is broken: {reason}"
        raise BadSettings(msg) from None


def _checked(table: Any, folder: Path) -> Settings:
    where = f"[tool.compat_v1_init] in {folder / 'pyproject.toml'}"
    if not isinstance(table, dict):
        msg = f"{where} must be a table"
        raise BadSettings(msg)
    for key, value in table.items():
        if key not in _KEYS:
            msg = f"{where} has an unknown key {key!r}; the keys are {', '.join(_KEYS)}"
            raise BadSettings(msg)
        if not _is_right(key, value):
            msg = f"{where}: {key} must be {_KEYS[key]}. Received: {value!r}"
            raise BadSettings(msg)
    return Settings(
        exclude=tuple(table.get("exclude", ())),
        ignore=tuple(table.get("ignore", ())),
        to=table.get("to", "shim"),
        workers=table.get("workers"),
        folder=folder,
    )


def _is_right(key: str, value: Any) -> bool:
    if key == "to":
        return value in TARGETS
    if key == "workers":
        return type(value) is int and value >= 1
    return isinstance(value, list) and all(isinstance(element, str) for element in value)
