"""How a command line is parsed, how its errors are reported, and the exit codes that all commands share."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Sequence
from typing import Any

BAD_USAGE = 2
INTERRUPTED = 130


class UsageError(Exception):
    """A command cannot be carried out as given. The message is one sentence for the user."""


def hint(word: str, known: Iterable[str]) -> str:
    """Returns the question that names the nearest known word, or nothing if none is near.

    Example:
    >>> hint("--chekc", ["--check", "--write"])
    '; did you mean --check?'
    """
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


class Parser(argparse.ArgumentParser):
    """A parser whose errors show the usage of the command that they are about, and what may have been meant."""

    joined: str | None = None
    """An option that stands alone, or has a value behind `=`; the parser sees that as the option with `-to` added."""
    rest: str | None = None
    """The attribute of the namespace that gets all arguments behind `--`, a list, or None where there is no `--`."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parses, and refuses what is not known here, where the right usage is at hand."""
        args = None if args is None else self._split(args)
        behind = None
        if self.rest is not None and args is not None and "--" in args:
            cut = args.index("--")
            args, behind = args[:cut], args[cut + 1 :]
        parsed, extra = super().parse_known_args(args, namespace)
        if self.rest is not None:
            setattr(parsed, self.rest, behind)
        if extra:
            options = [option for action in self._actions for option in action.option_strings]
            name = extra[0].partition("=")[0]
            self.error(f"unrecognized arguments: {' '.join(extra)}" + (hint(name, options) if name[:1] == "-" else ""))
        return parsed, []

    def _split(self, args: Sequence[str]) -> list[str]:
        args = list(args)
        if self.joined is not None:
            for index, argument in enumerate(args):
                if argument[:1] != "-":
                    break
                if argument.startswith(f"{self.joined}="):
                    args[index] = f"{self.joined}-to={argument.partition('=')[2]}"
        return args

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += hint(str(value), map(str, action.choices or ()))
            raise
