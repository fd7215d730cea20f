"""Files as bytes: read safely, edited without a change to any other byte, and replaced in one step."""

from __future__ import annotations

import codecs
import contextlib
import functools
import io
import os
import stat
import tempfile
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compat_v1_init._migrate.findings import Edit, Refused, apply

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed anyway.
    fcntl = None  # type: ignore[assignment]

LARGEST = 256 * 2**20
"""In bytes. A source or notebook above it is reported, not read."""

_PREFIX, _SUFFIX = ".compat-v1-init-", ".tmp"


class Missing(Refused):
    """There is no such file."""


def is_file(path: str | os.PathLike[str]) -> bool:
    """Returns whether there is a file, as far as this user may look."""
    # pathlib raises errors for a folder without permission and for a circle of links.
    return os.path.isfile(path)  # noqa: PTH113 - see above


def reason_of(error: OSError) -> str:
    """Returns the message of an operating system's error, without the number and the file name."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Returns whether there is a folder, as far as this user may look."""
    return os.path.isdir(path)  # noqa: PTH112


def exists(path: str | os.PathLike[str]) -> bool:
    """Returns whether a name is taken, as far as this user may look; also by a broken link."""
    return os.path.lexists(path)


@functools.lru_cache(maxsize=4096)
def repository_above(folder: str) -> str | None:
    """Returns the top folder of the repository that a folder is in; None if it is in none."""
    path = Path(folder)
    return next((str(each) for each in (path, *path.parents) if exists(each / ".git")), None)


def resolved(path: Path) -> Path:
    """Returns the absolute path without links; with them, if they cannot be followed."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a loop, up to Python 3.12
        return path.absolute()


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Returns a file's bytes.

    Raises:
      Refused: if it is no regular file, too large or cannot be read. A pipe or device is never waited for.
      Missing: if there is none.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Refused("not a regular file")
            # It may grow while it is read.
            data = b"" if status.st_size > largest else file.read(largest + 1)
            if max(status.st_size, len(data)) > largest:
                raise Refused(f"larger than {largest >> 20} MiB")
            return data
    except OSError as error:
        is_missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
        raise (Missing if is_missing else Refused)(reason_of(error)) from None
    except ValueError as error:  # A name that the file system's encoding lacks.
        raise Refused(f"its name is not a file name on this system: {error}") from None


@dataclass(frozen=True)
class Text:
    """The text of a source file, and how it is written as bytes."""

    text: str
    """Without the byte order mark, with the newlines that it has."""
    encoding: str
    mark: bytes = b""
    """The byte order mark, if there is one."""

    def edited(self, edits: Sequence[Edit]) -> bytes:
        r"""Returns the bytes of the file with the edits made; every byte outside of them is the original's.

        Raises:
          Refused: if the new text cannot be written in the file's encoding.

        Example:
        >>> Text("x = 'é'; y = 1\r\n", "latin-1").edited([Edit(13, 14, "2")])
        b"x = '\xe9'; y = 2\r\n"
        """
        whole, parts, position = self.text, [self.mark], 0
        try:
            for edit in edits:
                parts += [whole[position : edit.start].encode(self.encoding), edit.text.encode(self.encoding)]
                position = edit.end
            result = b"".join([*parts, whole[position:].encode(self.encoding)])
        except UnicodeEncodeError as error:
            msg = f"the change has a character that {self.encoding} lacks: {error.object[error.start]!r}"
            raise Refused(msg) from None
        # Some encodings write a part of a text with other bytes than the same part of the whole text.
        if result[len(self.mark) :].decode(self.encoding) != apply(whole, tuple(edits)):
            raise Refused(f"{self.encoding} does not let single bytes be replaced")
        return result


def decode(data: bytes) -> Text:
    """Returns a Python file's text, in the encoding that its first two lines or its byte order mark declare (PEP 263).

    Raises:
      Refused: if the bytes are not in that encoding, or the text would not give the same bytes back.
    """
    if b"\0" in data:
        raise Refused("holds a NUL byte, so it is no text", data.count(b"\n", 0, data.index(b"\0")) + 1)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except (SyntaxError, UnicodeDecodeError) as error:
        # Python's message for such bytes mentions a declaration even if there is none.
        reason = _undecodable(data, "utf-8") or Refused(f"{error}, so it cannot be decoded", 1)
        raise reason from None
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    body = data[len(mark) :]
    refusal = _undecodable(body, encoding)
    if refusal:
        raise refusal
    text = body.decode(encoding)
    if text.encode(encoding) != body:
        raise Refused(f"decoding it as {encoding} and encoding it again gives other bytes")
    return Text(text, encoding, mark)


def _undecodable(data: bytes, encoding: str) -> Refused | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return Refused(f"not valid {encoding}: {error.reason}", data.count(b"\n", 0, error.start) + 1)
    except (LookupError, ValueError, TypeError, AssertionError) as error:
        return Refused(f"{encoding} is no encoding of text: {error}", 1)
    return None


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Replaces `before` with `after` in one step: at any moment the file is either the whole old or the whole new one.

    A symbolic link stays one; what it leads to is replaced. Mode, extended attributes and, where permitted, the owner
    are kept. Of a file with several hard links, only this name gets the new content.

    Raises:
      Refused: if the file is read-only, has changed meanwhile, or cannot be replaced; it is then as it was.
    """
    try:
        target = path.resolve(strict=True)
        for place, what in ((target, "the file"), (target.parent, "its folder")):
            # The mode too, since the superuser may write everywhere.
            if not os.access(place, os.W_OK) or not place.stat().st_mode & 0o222:
                raise Refused(f"{what} is read-only")
        _replace(target, before, after)
        _sync(target.parent)
    except OSError as error:
        raise Refused(f"cannot be written: {reason_of(error)}") from None
    except RuntimeError:  # pathlib raises it up to Python 3.12.
        raise Refused("cannot be written: its links lead in a circle") from None


def _replace(target: Path, before: bytes, after: bytes) -> None:
    descriptor, name = tempfile.mkstemp(_SUFFIX, _PREFIX, target.parent)
    temporary = Path(name)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            _lock(descriptor)
            file.write(after)
            _copy_status(target, temporary)
            file.flush()
            os.fsync(descriptor)
            if read_bytes(target) != before:
                raise Refused("changed on disk meanwhile, so it is left as it is now")  # noqa: TRY301 - cleaned up
            if fcntl is not None:
                # While it is locked, so that no other run removes it as a leftover.
                temporary.replace(target)
        if fcntl is None:
            temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _copy_status(target: Path, temporary: Path) -> None:
    """Gives the temporary file the target's owner, mode and extended attributes, as far as this user may."""
    status = target.stat()
    mode = stat.S_IMODE(status.st_mode)
    # The owner first, since a change of the owner clears the set-user-id bits.
    if hasattr(os, "chown") and not _chown(temporary, status.st_uid, status.st_gid):
        # With another owner, these bits would let the file run with the rights of another user than before.
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    temporary.chmod(mode)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                with contextlib.suppress(OSError):  # Some are the system's own, which only it may set.
                    os.setxattr(temporary, name, os.getxattr(target, name))


def _chown(path: Path, user: int, group: int) -> bool:
    """Returns whether the owner and the group could be set. If not, the group alone is tried, since it may share it."""
    with contextlib.suppress(OSError):
        os.chown(path, user, group)
        return True
    with contextlib.suppress(OSError):
        os.chown(path, -1, group)
    return False


def _sync(folder: Path) -> None:
    """Makes sure that the new name survives a power failure, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Removes the temporary files of killed runs from these folders, but not those of a run that still goes on."""
    for folder in folders:
        # A file that cannot be removed now stays for the next run.
        with contextlib.suppress(OSError):
            for path in list(folder.glob(f"{_PREFIX}*{_SUFFIX}")):
                with contextlib.suppress(OSError):
                    if stat.S_ISREG(path.lstat().st_mode) and not _is_locked(path):
                        path.unlink()


def _lock(descriptor: int) -> None:
    """Marks a temporary file as one of a run that still goes on. The lock ends with the process, however it ends."""
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_locked(path: Path) -> bool:
    if fcntl is None:
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
