"""Where a file is, and which project it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .read_write import resolved

if TYPE_CHECKING:
    from pathlib import Path


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
