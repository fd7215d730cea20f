"""The rules as text: a list, one rule in full, JSON, and the page docs/rules.md."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .reported import ADVICE

if TYPE_CHECKING:
    from .base import Rule

_PAGE = """\
# The rules of `compat-v1-init migrate`

`compat-v1-init rules --format markdown` makes this page from the rules themselves, and a test runs each example.
[migrate.md](migrate.md) says how to use the command. A rule that changes nothing says what you can do.

| rule | what |
|---|---|
"""


def as_list(rules: Sequence[Rule]) -> str:
    """Returns one line for each rule."""
    return "".join(f"{rule.code}  {rule.title}\n" for rule in rules)


def as_text(rule: Rule) -> str:
    """Returns one rule in full, for a terminal."""
    before = textwrap.indent(rule.before.rstrip(), "    ")
    parts = [f"{rule.code}  {rule.title}\n", textwrap.fill(rule.summary, 88), f"\nBefore:\n\n{before}\n"]
    after = textwrap.indent(rule.after.rstrip(), "    ")
    parts.append(f"After {rule.way}:\n\n{after}\n" if rule.way else "Nothing is changed.\n")
    if rule.code in ADVICE:
        parts.append(textwrap.fill(f"Needs you: {ADVICE[rule.code]}", 88) + "\n")
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
    parts += [f"\nAfter `{rule.way}`:\n", _block(rule.after)] if rule.way else ["\nNothing is changed.\n"]
    if rule.code in ADVICE:
        parts += [f"\n**Needs you.** {ADVICE[rule.code]}\n"]
    return "".join(parts)


def _block(source: str) -> str:
    return f"\n```py\n{source.rstrip()}\n```\n"
