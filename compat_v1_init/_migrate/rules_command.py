"""`compat-v1-init rules`: the rules of the migration, as a list or as the page of the documentation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from compat_v1_init._cli.usage import UsageError, hint

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="explain this rule; without it all are listed")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Prints the list of rules, or one rule in full, and returns the exit code.

    Raises:
      UsageError: if no rule has the code.
    """
    from .rules import RULES
    from .rules.pages import as_json, as_list, as_page, as_text, section

    if arguments.code is None:
        texts = {"text": as_list, "json": as_json, "markdown": as_page}
        sys.stdout.write(texts[arguments.format](RULES))
        return 0
    codes = [rule.code for rule in RULES]
    code = arguments.code.upper()
    if code not in codes:
        raise UsageError(f"there is no rule {arguments.code!r}{hint(code, codes)}; compat-v1-init rules lists them")
    rule = RULES[codes.index(code)]
    texts_of_one = {"text": as_text, "json": lambda rule: as_json([rule]), "markdown": section}
    sys.stdout.write(texts_of_one[arguments.format](rule).lstrip("\n"))
    return 0
