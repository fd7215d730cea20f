"""The command `completion`: the script by which a shell completes `compat-v1-init`, made by shtab."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

# The shells that every release of shtab supports.
SHELLS = ("bash", "zsh", "tcsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("shell", choices=SHELLS, help="for example: compat-v1-init completion bash >> ~/.bashrc")


def run(arguments: argparse.Namespace) -> int:
    """Prints the script and returns the exit code."""
    import shtab

    from compat_v1_init.__main__ import COMMANDS, make_parser

    parser = make_parser(COMMANDS)
    _say_what_values_are(parser)
    sys.stdout.write(shtab.complete(parser, arguments.shell) + "\n")
    return 0


def _say_what_values_are(parser: argparse.ArgumentParser) -> None:
    """Tells shtab which arguments are files, and which are codes of rules: their placeholders say so."""
    import argparse

    import shtab

    from compat_v1_init._migrate.rules import RULES

    for action in parser._actions:  # noqa: SLF001 - argparse has no public list of them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                _say_what_values_are(command)
        elif any(word in str(action.metavar) for word in ("FILE", "PATH", "PROGRAM")):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif str(action.metavar).startswith("CODE"):
            action.choices = [rule.code for rule in RULES]
