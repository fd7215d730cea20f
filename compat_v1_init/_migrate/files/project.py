"""Where a file is, and which project it belongs to."""

from __future__ import annotations

import contextlib
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from compat_v1_init._migrate.findings import Refused

from .read_write import read_bytes, resolved


@dataclass(frozen=True)
class Project:
    """A file and the folder of its project; source without a file has neither."""

    path: Path | None = None
    """The file."""
    root: Path | None = None
    """The folder from which the project's modules are imported."""

    @property
    def top(self) -> Path | None:
        """The project's folder or, without one, the file's; None if there is no file. Links are resolved."""
        if self.path is None:
            return None
        return resolved(self.path).parent if self.root is None else resolved(self.root)

    @property
    def has_formatter(self) -> bool:
        """Whether the project's settings name a program that breaks its lines: Black, Ruff or YAPF."""
        return self.root is not None and _has_formatter(str(resolved(self.root)))


_FORMATTERS = {
    "pyproject.toml": rb"^\[tool\.(?:black|ruff|yapf)\b",
    "setup.cfg": rb"^\[yapf\]",
    ".style.yapf": rb"",
    "ruff.toml": rb"",
    ".ruff.toml": rb"",
    ".pre-commit-config.yaml": rb"\bid:\s*(?:black|ruff-format|yapf)\b",
}


@functools.lru_cache(maxsize=256)
def _has_formatter(root: str) -> bool:
    for name, pattern in _FORMATTERS.items():
        with contextlib.suppress(Refused):
            if re.search(pattern, read_bytes(Path(root, name)), re.MULTILINE):
                return True
    return False
