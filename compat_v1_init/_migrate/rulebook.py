"""`compat-v1-init rules`: the rules of the migration, as a list or as the page of the documentation."""

from __future__ import annotations

import dataclasses
import json
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from compat_v1_init._usage import UsageError, hint

if TYPE_CHECKING:
    import argparse

    from .rules import Rule

_PAGE = """\
# The rules of `compat-v1-init migrate`

`compat-v1-init rules --format markdown` makes this page from the rules themselves, and a test runs each example. How to
use the command is told in [migrate.md](migrate.md).

| rule | what |
|---|---|
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="explain this rule; without it all are listed")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Prints the rules, or all that there is to say of one, and returns the exit code.

    Raises:
      UsageError: if there is no rule of the code.
    """
    from .analyze import RULES

    if arguments.code is None:
        texts = {"text": as_list, "json": as_json, "markdown": as_page}
        sys.stdout.write(texts[arguments.format](RULES))
        return 0
    codes = [rule.code for rule in RULES]
    code = arguments.code.upper()
    if code not in codes:
        msg = f"there is no rule {arguments.code!r}{hint(code, codes)}; compat-v1-init rules lists them"
        raise UsageError(msg)
    rule = RULES[codes.index(code)]
    texts_of_one = {"text": as_text, "json": lambda rule: as_json([rule]), "markdown": section}
    sys.stdout.write(texts_of_one[arguments.format](rule).lstrip("\n"))
    return 0


def as_list(rules: Sequence[Rule]) -> str:
    """Returns one line for each rule."""
    return "".join(f"{rule.code}  {rule.title}\n" for rule in rules)


def as_text(rule: Rule) -> str:
    """Returns all that there is to say of a rule, for a terminal."""
    before = textwrap.indent(rule.before.rstrip(), "    ")
    parts = [f"{rule.code}  {rule.title}\n", textwrap.fill(rule.summary, 88), f"\nBefore:\n\n{before}\n"]
    if rule.after != rule.before:
        option = rule.option or f"--to {rule.target}"
        parts.append(f"After {option}:\n\n{textwrap.indent(rule.after.rstrip(), '    ')}\n")
    else:
        parts.append("Nothing is changed.\n")
    parts.append(f"A comment leaves a place as it is:  # compat-v1-init: ignore[{rule.code}]")
    return "\n".join(parts) + "\n"


def as_json(rules: Sequence[Rule]) -> str:
    """Returns the rules as a list of objects."""
    return json.dumps([dataclasses.asdict(rule) for rule in rules], indent=2) + "\n"


def as_page(rules: Sequence[Rule]) -> str:
    """Returns the page docs/rules.md."""
    rows = "".join(f"| [{rule.code}](#{rule.code.lower()}) | {rule.title} |\n" for rule in rules)
    return _PAGE + rows + "".join(map(section, rules))


def section(rule: Rule) -> str:
    """Returns the section of a rule on that page."""
    parts = [f"\n## {rule.code}\n\n**{rule.title}.** {rule.summary}\n\nBefore:\n", _block(rule.before)]
    if rule.after != rule.before:
        option = rule.option or f"--to {rule.target}"
        parts += [f"\nAfter `{option}`:\n", _block(rule.after)]
    else:
        parts += ["\nNothing is changed.\n"]
    return "".join(parts)


def _block(source: str) -> str:
    return f"\n```py\n{source.rstrip()}\n```\n"
