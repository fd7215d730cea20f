"""`compat-v1-init rules`: the rules of the migration, as a list or as the page of the documentation."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Prints the rules and returns the exit code."""
    from .analyze import RULES

    texts = {"text": as_list, "json": as_json, "markdown": as_page}
    sys.stdout.write(texts[arguments.format](RULES))
    return 0


def as_list(rules: Sequence[Rule]) -> str:
    """Returns one line for each rule."""
    return "".join(f"{rule.code}  {rule.title}\n" for rule in rules)


def as_json(rules: Sequence[Rule]) -> str:
    """Returns the rules as a list of objects."""
    return json.dumps([dataclasses.asdict(rule) for rule in rules], indent=2) + "\n"


def as_page(rules: Sequence[Rule]) -> str:
    """Returns the page docs/rules.md."""
    rows = "".join(f"| [{rule.code}](#{rule.code.lower()}) | {rule.title} |\n" for rule in rules)
    return _PAGE + rows + "".join(map(_section, rules))


def _section(rule: Rule) -> str:
    parts = [f"\n## {rule.code}\n\n**{rule.title}.** {rule.summary}\n\nBefore:\n", _block(rule.before)]
    if rule.after != rule.before:
        parts += [f"\nAfter `--to {rule.target}`:\n", _block(rule.after)]
    else:
        parts += ["\nNothing is changed.\n"]
    return "".join(parts)


def _block(source: str) -> str:
    return f"\n```py\n{source.rstrip()}\n```\n"
