"""`compat-v1-init migrate`. What it runs is imported only where it runs."""

from __future__ import annotations

import argparse

from .arguments import add_arguments

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Runs the command and returns the exit code."""
    from .run import migrate

    return migrate(arguments)
