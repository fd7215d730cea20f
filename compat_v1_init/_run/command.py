"""The command `run`: a program as it is, with TensorFlow's own initializers patched.

Python itself runs the program, in this process, and not the command. So the program has its own arguments, exit code,
`__main__`, signals and tracebacks. The command only starts Python with a folder on PYTHONPATH whose `sitecustomize.py`
calls `start` below.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._cli.usage import UsageError
from compat_v1_init._import_hook import after_import
from compat_v1_init._lazy import NO_TENSORFLOW

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_SITE = str(Path(__file__).with_name("_site"))
# On Windows exec starts another process, and does not wait for it.
_EXEC_REPLACES = os.name != "nt"
# Is there in each process that is to be patched.
_RUN = "COMPAT_V1_INIT_RUN"
# Holds the process id of the program whose draws are to be reported, and the file that they are reported in.
_REPORT = "COMPAT_V1_INIT_REPORT"
# Is there if the program was written for TensorFlow 1; holds the file of its first weights, or nothing.
_TF1 = "COMPAT_V1_INIT_TF1"


# --- The command -----------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments. All that follows the program is the program's."""
    from argparse import REMAINDER, SUPPRESS

    options = "[-h] [--tf1] [--first-weights-from FILE] [--report[=FILE.html|json]]"
    parser.usage = f"%(prog)s {options} PROGRAM.py [ARGUMENT ...]\n       %(prog)s {options} -m MODULE [ARGUMENT ...]"
    parser.add_argument(
        "--report",
        action="store_true",
        help="list at exit all draws of initial values: on standard error, or, behind =, in a file, whose name ends "
        "in .html or .json",
    )
    # The file must follow `=`, since the word after the option is the program.
    parser.joined = "--report"  # type: ignore[attr-defined]
    parser.add_argument("--report-to", help=SUPPRESS)
    parser.add_argument(
        "--tf1", action="store_true", help="for a program that was written for TensorFlow 1: it finds tf as it was then"
    )
    parser.add_argument(
        "--first-weights-from",
        metavar="FILE",
        help="with --tf1: give each variable its first value in the graph of this file (.meta, .pb, .pbtxt)",
    )
    parser.add_argument("-m", dest="module", metavar="MODULE", nargs=REMAINDER, help="run a module, as python -m does")
    parser.add_argument(
        "program", metavar="PROGRAM.py", nargs=REMAINDER, help="run a file, as python does; then its arguments"
    )


def run(arguments: argparse.Namespace) -> int:
    """Replaces this process by a Python that runs the program; returns its exit code where the system cannot do that.

    Raises:
      UsageError: if there is no program to run, or an option of Python disables `PYTHONPATH` or `sitecustomize`.
    """
    import subprocess
    from importlib.util import find_spec

    program = _program(arguments)
    for flag, letter in (("isolated", "I"), ("ignore_environment", "E"), ("no_site", "S")):
        if getattr(sys.flags, flag):
            msg = f"run needs a Python that reads PYTHONPATH and sitecustomize. Leave out its option -{letter}"
            raise UsageError(msg)
    # As `multiprocessing` does for the processes that it starts.
    flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # noqa: SLF001
    if getattr(sys.stdout, "write_through", False):
        flags.append("-u")  # Which the function above leaves out.
    command = [sys.executable, *flags, *program]
    if find_spec("tensorflow") is None:
        print(f"compat-v1-init: {NO_TENSORFLOW}", file=sys.stderr)  # noqa: T201 - the program may not need it
    environment = environment_of(os.environ, report=_report(arguments), tf1=tf1(arguments))
    sys.stdout.flush()
    sys.stderr.flush()
    if _EXEC_REPLACES:
        os.execve(command[0], command, environment)  # noqa: S606 - does not return
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - what the user asked for


def _program(arguments: argparse.Namespace) -> list[str]:
    """Returns Python's arguments: the program, or `-m` and the module, and then the program's own arguments."""
    if arguments.module is not None:
        given = [*arguments.module, *arguments.program]
        if not given:
            msg = "run -m needs the name of a module, for example: compat-v1-init run -m package.train --steps 10"
            raise UsageError(msg)
        return ["-m", *given]
    given = arguments.program
    if not given:
        msg = "run needs a program, for example: compat-v1-init run train.py --steps 10, or run -m package.train"
        raise UsageError(msg)
    program = Path(given[0])
    if given[0] != "-" and not program.exists():
        msg = f"run needs a program that exists. Received: {given[0]}"
        raise UsageError(msg)
    if program.is_dir() and not (program / "__main__.py").exists():
        msg = f"run needs a program, or a folder that holds a __main__.py. Received: the folder {given[0]}"
        raise UsageError(msg)
    return list(given)


def _report(arguments: argparse.Namespace) -> str | None:
    """Returns where the report is written: a file, or the empty string for standard error; None for no report."""
    file: str | None = arguments.report_to
    if file is None:
        return "" if arguments.report else None
    if not file.endswith((".html", ".json")):
        msg = f"--report= needs a file whose name ends in .html or .json. Received: {file!r}"
        raise UsageError(msg)
    if not Path(file).absolute().parent.is_dir():
        msg = f"--report= needs a file in a folder that exists. Received: {file!r}"
        raise UsageError(msg)
    return str(Path(file).absolute())


def tf1(arguments: argparse.Namespace) -> str | None:
    """Returns the file of the first weights, or the empty string for none; None without `--tf1`.

    Raises:
      UsageError: if the file is not there, or is given without `--tf1`.
    """
    file: str | None = arguments.first_weights_from
    if file is None:
        return "" if arguments.tf1 else None
    if not arguments.tf1:
        msg = "--first-weights-from needs --tf1: --tf1 --first-weights-from model.meta train.py"
        raise UsageError(msg)
    if not Path(file).exists():
        msg = f"--first-weights-from needs the file of a graph. Received: {file!r}, which is not there"
        raise UsageError(msg)
    return str(Path(file).absolute())


def environment_of(given: Mapping[str, str], *, report: str | None = None, tf1: str | None = None) -> dict[str, str]:
    """Returns the environment of a program that runs patched.

    Args:
      given: the environment of this process.
      report: see `_report`.
      tf1: see `tf1`.
    """
    environment = with_site(given)
    told = {_RUN: "1", _REPORT: None if report is None else f"{os.getpid()} {report}", _TF1: tf1}
    for name, value in told.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return environment


def with_site(given: Mapping[str, str]) -> dict[str, str]:
    """Returns an environment in which Python runs this package's `sitecustomize` first."""
    searched = given.get("PYTHONPATH")
    # An empty entry means the current folder; an empty variable, none at all.
    entries = [entry for entry in searched.split(os.pathsep) if entry != _SITE] if searched else []
    return {**given, "PYTHONPATH": os.pathsep.join([_SITE, *entries])}


# --- The program's process -------------------------------------------------------------------------------------------


def start() -> None:
    """Applies the patch as soon as TensorFlow is imported. A process that never imports it is not changed."""
    if _TF1 in os.environ:
        from compat_v1_init._tf1.start import begin

        begin()
    after_import("tensorflow", _patch)


def _patch() -> None:
    from .patch import begin

    tf1 = os.environ.get(_TF1)
    try:
        if tf1 is None:
            from compat_v1_init._tf1.offer import offer_at_exit

            offer_at_exit()
        else:
            from compat_v1_init._tf1.start import tensorflow_imported

            tensorflow_imported()
        begin()
        if _REPORT in os.environ:
            from .report import report_at_exit

            process, _, file = os.environ[_REPORT].partition(" ")
            report_at_exit(process, file, names_of_variables=tf1 is not None)
        if tf1:
            from compat_v1_init._tf1.first_weights import begin as begin_first_weights

            begin_first_weights(tf1)
    except Exception as error:  # noqa: BLE001 - this must not end the program
        print(f"compat-v1-init: TensorFlow's initializers stay as they are: {error}", file=sys.stderr)  # noqa: T201
