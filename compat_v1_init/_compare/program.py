"""How the program of one tree runs: as it does without this command, but for the recorder."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from compat_v1_init._cli.usage import UsageError
from compat_v1_init._run.command import environment_of, with_site

from .records import Record, read

if TYPE_CHECKING:
    from .trees import Tree

# The recorder's, which is written for other Pythons and not imported here.
_ENVIRONMENT = "COMPAT_V1_INIT_COMPARE"
_OLDEST = (3, 6)


class Side(NamedTuple):
    """One of the two programs that are compared."""

    name: str
    """OLD or NEW."""
    given: str
    """The tree, as the user gave it."""
    python: str
    """Its Python."""
    version: str
    """The version of its Python."""
    under_run: bool = False
    """Whether it runs under `compat-v1-init run`."""
    tf1: str | None = None
    """With `run --tf1`: the file of its first weights, or the empty string for none."""


def find_python(given: str | None, option: str) -> tuple[str, str]:
    """Returns the path of a Python, by default this one, and its version.

    Raises:
      UsageError: if there is none, or the recorder does not work with it.
    """
    if given is None:
        return sys.executable, ".".join(map(str, sys.version_info[:3]))
    path = shutil.which(given)
    if path is None:
        msg = f"{option} needs a Python that can be run. Received: {given}"
        raise UsageError(msg)
    asked = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    # Not made real: the Python of a virtual environment is a link.
    path = str(Path(path).absolute())
    done = subprocess.run([path, "-S", "-c", asked], capture_output=True, text=True, check=False)  # noqa: S603
    version = done.stdout.strip()
    numbers = tuple(int(number) for number in version.split(".")[:2] if number.isdigit())
    if done.returncode or not numbers:
        msg = f"{option} needs a Python. Received: {given}"
        raise UsageError(msg)
    if numbers < _OLDEST:
        msg = f"{option} needs Python 3.6 or newer. Received: {given}, which is Python {version}"
        raise UsageError(msg)
    return path, version


def record(side: Side, tree: Tree, watched: Sequence[Path], program: Sequence[str], folder: Path) -> Record:
    """Runs the program of one tree to its end, and returns its record.

    What the program prints goes to standard error, so that standard output has the report alone.

    Args:
      side: which one it is.
      tree: where it runs.
      watched: folders; the record has the modules that were imported from them.
      program: Python's arguments.
      folder: a new folder for the record.

    Raises:
      UsageError: if the program fails.
    """
    folder.mkdir()
    given = {"folder": str(folder), "watched": [str(path) for path in watched]}
    environment = {
        # The order of a set would be another one in each process, and with it that of variables made in a loop over it.
        "PYTHONHASHSEED": "0",
        **(environment_of(os.environ, tf1=side.tf1) if side.under_run else with_site(os.environ)),
        _ENVIRONMENT: json.dumps(given),
    }
    last: deque[str] = deque(maxlen=1)
    with subprocess.Popen(  # noqa: S603 - what the user asked for
        [side.python, *program],
        cwd=tree.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        output: IO[bytes] = process.stdout  # type: ignore[assignment]
        copying = threading.Thread(target=_copy, args=(output, last), daemon=True)
        copying.start()
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            raise
        # A process that the program has left behind may keep its output open.
        copying.join(5)
        if copying.is_alive():
            os.set_blocking(output.fileno(), False)
            copying.join(5)
    if code:
        how = f"failed with exit code {code}" if code > 0 else f"was ended by {_signal(-code)}"
        said = f": {last[0]}" if last else ""
        lacks = tree.source != tree.folder and re.search("No such file|not found|NotFound", said)
        hint = ". It ran in a copy of its files; --in-place runs it in its own folder" if lacks else ""
        msg = f"the program of {side.name} ({side.given}) {how}{said}{hint}"
        raise UsageError(msg)
    return read(folder, process.pid, side.version)


def _copy(stream: IO[bytes], last: deque[str]) -> None:
    """Copies what a program prints to standard error, and keeps the last line that is not empty."""
    sys.stderr.flush()
    rest = b""
    while True:
        try:
            found = os.read(stream.fileno(), 1 << 16)
        except OSError:
            return
        if not found:
            return
        os.write(2, found)
        rest += found
        lines = [line for line in rest.splitlines() if line.strip()]
        if lines:
            last.append(lines[-1].decode(errors="backslashreplace").strip()[-300:])
            rest = rest[-1000:]


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
