"""How a command says that it was given wrong, and the exit codes that all commands share."""

from __future__ import annotations

BAD_USAGE = 2
INTERRUPTED = 130


class UsageError(Exception):
    """A command cannot be carried out as given. The message is one sentence for the user."""
