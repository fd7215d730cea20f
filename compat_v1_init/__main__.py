"""The command `compat-v1-init`, also `python -m compat_v1_init`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterable, Sequence

from ._cli.usage import BAD_USAGE, INTERRUPTED, Parser, UsageError
from ._version import __version__

# For each command its module, which has `add_arguments(parser)` and `run(arguments)`, and what it does. Only the module
# of the command given is imported, so that `--help` is quick.
COMMANDS = {
    "inspect": (
        "compat_v1_init._meta_graph.command",
        "show the variables of a TensorFlow 1 graph file and their draws",
    ),
    "migrate": ("compat_v1_init._migrate.command", "move TensorFlow 1's initializers in source files and notebooks"),
    "run": ("compat_v1_init._run.command", "run a program with TensorFlow 1's initializers drawn by stateless ops"),
    "compare": ("compat_v1_init._compare.command", "run a program before and after, and compare its first values"),
    "report": ("compat_v1_init._migrate.report_command", "make one page of the JSON reports of many repositories"),
    "rules": ("compat_v1_init._migrate.rules_command", "list the rules of the migration, or explain one"),
    "completion": ("compat_v1_init._cli.completion", "print the script by which a shell completes this command"),
}


def make_parser(named: Iterable[str]) -> argparse.ArgumentParser:
    """Returns the parser, in which those commands that are named have their arguments."""
    named = set(named)
    parser = Parser(prog="compat-v1-init", description="TensorFlow 1's initializers under TensorFlow 2.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name in named:
            importlib.import_module(module).add_arguments(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = make_parser(arguments)
    # A stream that the shell has closed, as by `2>&-`, is None.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - as long as the process
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    # What cannot be shown in the terminal's encoding is spelled out.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parsed = argparse.Namespace()
    try:
        parser.parse_args(arguments, parsed)
        code: int = importlib.import_module(COMMANDS[parsed.command][0]).run(parsed)
        sys.stdout.flush()
    except KeyboardInterrupt:
        # Files are replaced one by one, each as a whole.
        _say("interrupted; every file is whole" if getattr(parsed, "write", False) else "interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has left, and has what it wanted.
        _close_stdout()
        return 1
    except UsageError as error:
        _say(str(error))
        return BAD_USAGE
    except OSError as error:  # The current folder is gone, or standard output is full.
        name = f": {os.fsdecode(error.filename)}" if error.filename is not None else ""
        _say(f"{error.strerror or error}{name}")
        _close_stdout()
        return BAD_USAGE
    return code


def _say(text: str) -> None:
    print(f"compat-v1-init: {text}", file=sys.stderr)  # noqa: T201 - the command's own output


def _close_stdout() -> None:
    """Leaves nothing to be written when Python closes the stream, which would complain once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
