"""Where a program runs: a copy of a folder, so that it finds no file of the other run, or the files of a revision."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

from compat_v1_init._cli.usage import UsageError


class Tree(NamedTuple):
    """A tree in which a program can run."""

    folder: Path
    """Where it runs."""
    source: Path | None
    """The user's folder that it was copied from; None for a revision."""
    repository: Path | None
    """The working tree of the repository that a revision is of."""


def lay_out(given: str, to: Path, *, in_place: bool) -> Tree:
    """Makes the tree that the user has named.

    Args:
      given: a folder, or a revision of the git repository that the current folder is in.
      to: a folder for it, which does not exist.
      in_place: whether a folder is taken as it is, and not copied.

    Raises:
      UsageError: if it is neither.
    """
    folder = Path(given)
    if folder.is_dir():
        source = folder.resolve()
        if in_place:
            return Tree(source, source, None)
        try:
            shutil.copytree(source, to, symlinks=True, ignore=_left_out)
        except (OSError, shutil.Error) as error:
            msg = f"{given} cannot be copied; --in-place runs the program in it: {_first(error)}"
            raise UsageError(msg) from None
        _lead_outside(source, to)
        return Tree(to, source, None)
    top, prefix = _check_out(given, to)
    folder = to / prefix
    if not folder.is_dir():
        msg = f"the revision {given} has no folder {prefix}"
        raise UsageError(msg)
    return Tree(folder, None, top)


def _first(error: Exception) -> str:
    several = error.args[0] if isinstance(error, shutil.Error) and error.args else None
    return str(several[0][-1] if isinstance(several, list) and several else error)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Returns what no program needs of a folder: what git keeps, caches, environments, sockets."""
    out = {".git", "__pycache__"}.intersection(names)
    for name in names:
        path = Path(folder, name)
        mode = path.lstat().st_mode
        is_file = stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)
        if not is_file or (stat.S_ISDIR(mode) and (path / "pyvenv.cfg").exists()):
            out.add(name)
    return out


def _lead_outside(source: Path, copy: Path) -> None:
    """Has the relative links that lead out of the folder lead to the same files from its copy."""
    for folder, folders, files in os.walk(copy):
        for name in (*folders, *files):
            link = Path(folder, name)
            if not link.is_symlink() or link.readlink().is_absolute():
                continue
            here = source / link.relative_to(copy)
            target = Path(os.path.normpath(here.parent / link.readlink()))
            if source not in (target, *target.parents):
                link.unlink()
                link.symlink_to(target)


def _check_out(revision: str, to: Path) -> tuple[Path, str]:
    """Writes the files of a revision; returns the repository's folder and the current folder's place in it."""
    what = f"{revision} is neither a folder nor a revision of a git repository"
    try:
        commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        top = Path(_git("rev-parse", "--show-toplevel"))
        prefix = _git("rev-parse", "--show-prefix")
        to.mkdir()
        # An index of its own leaves the user's index and working tree alone.
        index = {**os.environ, "GIT_INDEX_FILE": str(to.with_suffix(".index"))}
        _git("read-tree", commit, cwd=top, env=index)
        _git("checkout-index", "--all", f"--prefix={to}/", cwd=top, env=index)
    except FileNotFoundError:
        msg = f"{what}: there is no git"
        raise UsageError(msg) from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.strip().rpartition("\n")[2]
        raise UsageError(f"{what}: {told}" if told else what) from None
    return top, prefix


def _git(*arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    return subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607 - the user's git, on the user's repository
        cwd=cwd,
        env=env,
        check=True,
        capture_output=True,
        text=True,
        errors="backslashreplace",
    ).stdout.rstrip("\n")
