"""A double of the file system below one folder, whose calls are counted, and of which one fails."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

# Those of a path, and those of an open file.
BY_PATH = (
    *("chmod", "chown", "getxattr", "link", "listdir", "listxattr", "lstat", "mkdir", "open", "readlink", "remove"),
    *("rename", "replace", "rmdir", "scandir", "setxattr", "stat", "symlink", "unlink", "utime"),
)
BY_DESCRIPTOR = ("fstat", "fsync", "fchmod")


class FaultyFiles:
    """Counts what is asked of the file system below a folder.

    Args:
      folder: of which calls count.
      fails: told the number of a call, from 0, its name and its path, returns the number of the error that it raises,
        or 0.
    """

    def __init__(self, folder: Path, fails: Callable[[int, str, str], int] = lambda *_: 0) -> None:
        self._top = str(folder)
        self._fails = fails
        self.calls: list[tuple[str, str]] = []
        """The name and the path of each."""
        self.failed: list[tuple[str, str]] = []
        self._paths: dict[int, str] = {}

    def _count(self, name: str, path: Any) -> None:
        if isinstance(path, int):
            path = self._paths.get(path, "")
        path = os.fsdecode(path)
        if path != self._top and not path.startswith(self._top + os.sep):
            return
        self.calls.append((name, path))
        number = self._fails(len(self.calls) - 1, name, path)
        if number:
            self.failed.append(self.calls[-1])
            raise OSError(number, os.strerror(number), path)

    @contextlib.contextmanager
    def installed(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyFiles]:
        """Has this process's Python functions go through the double."""
        with monkeypatch.context() as patch:
            for name in (*BY_PATH, *BY_DESCRIPTOR):
                if hasattr(os, name):
                    patch.setattr(os, name, self._function(name, getattr(os, name)))
            opened = self._opened(builtins.open)
            patch.setattr(builtins, "open", opened)
            patch.setattr(io, "open", opened)
            with contextlib.suppress(ImportError):
                import fcntl

                patch.setattr(fcntl, "flock", self._function("flock", fcntl.flock))
            yield self

    def _function(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def function(path: Any = ".", *arguments: Any, **options: Any) -> Any:
            self._count(name, path.fileno() if hasattr(path, "fileno") else path)
            if name == "fsync":
                return None  # It takes its time, and shows nothing to a test.
            result = real(path, *arguments, **options)
            if name == "open":
                self._paths[result] = os.fsdecode(path)
            return _Scanned(result, self._count) if name == "scandir" else result

        return function

    def _opened(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def function(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            path = self._paths.get(file, "") if isinstance(file, int) else os.fsdecode(file)
            if not path.startswith(self._top):
                return real(file, mode, *arguments, **options)
            if not isinstance(file, int):
                self._count("open", file)
            raw = _Raw(file, mode.replace("b", "").replace("t", ""))
            raw.count, raw.path = self._count, path
            buffered: Any = io.BufferedWriter(raw) if "w" in mode else io.BufferedReader(raw)
            return buffered if "b" in mode else io.TextIOWrapper(buffered)

        return function


class _Raw(io.FileIO):
    """An open file, whose reading and writing count too."""

    count: Callable[[str, Any], None]
    path: str

    def readinto(self, buffer: Any) -> Any:
        self.count("read", self.path)
        return super().readinto(buffer)

    def readall(self) -> Any:
        self.count("read", self.path)
        return super().readall()

    def read(self, size: int | None = -1, /) -> Any:
        self.count("read", self.path)
        return super().read(-1 if size is None else size)

    def write(self, data: Any, /) -> Any:
        self.count("write", self.path)
        return super().write(data)


class _Scanned:
    """What `os.scandir` returns."""

    def __init__(self, real: Any, count: Callable[[str, Any], None]) -> None:
        self._real = real
        self._count = count

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    def close(self) -> None:
        self._real.close()

    def __iter__(self) -> Iterator[_Entry]:
        return self

    def __next__(self) -> _Entry:
        return _Entry(next(self._real), self._count)


class _Entry:
    """An entry of a folder, whose own questions to the file system count too."""

    def __init__(self, real: os.DirEntry[str], count: Callable[[str, Any], None]) -> None:
        self._real = real
        self._count = count

    def __fspath__(self) -> str:
        return self._real.path

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if name not in {"is_dir", "is_file", "is_symlink", "stat"}:
            return value

        def method(**options: Any) -> Any:
            self._count(f"entry.{name}", self._real.path)
            return value(**options)

        return method
