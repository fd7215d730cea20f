"""What the tests of the migration share: one source, migrated."""

from __future__ import annotations

import difflib
import functools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from running import environment

from compat_v1_init._migrate.decide import analyze as analysis_
from compat_v1_init._migrate.files.project import Project
from compat_v1_init._migrate.findings import Analysis, Edit, Effect, Goal, Target, apply
from compat_v1_init._migrate.outcomes import Outcome, Place

V1 = "import tensorflow.compat.v1 as tf\n"
PLAIN = "import tensorflow as tf\n"
SHIM = "import compat_v1_init\n"
SOURCE = b"""\
import tensorflow.compat.v1 as tf

init = tf.variance_scaling_initializer(scale=2.0, seed=1)
tf.disable_eager_execution()
"""


def run_command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs the command in a process of its own."""
    command = [sys.executable, "-m", "compat_v1_init", *arguments]
    return subprocess.run(
        command, env=environment(NO_COLOR="1"), capture_output=True, check=False, timeout=100, **options
    )


def analyze(
    source: str,
    *,
    to: Target,
    path: Path | None = None,
    root: Path | None = None,
    defaults: bool = False,
    samplers: bool = False,
    assume_closed: bool = False,
    **given: Any,
) -> Analysis:
    """Returns the findings and the edits of a source, in a project if there is a path."""
    goal = Goal(to, defaults, samplers, assume_closed)
    return analysis_.analyze(source, analysis_.Given(goal, Project(path, root), **given))


def migrated(source: str, to: Target, path: Path | None = None, root: Path | None = None, **options: Any) -> str:
    """Returns the source after the migration."""
    return apply(source, analyze(source, to=to, path=path, root=root, **options).edits)


def site(
    expression: str, to: Target, *, head: str = PLAIN, line: str = "w = tf.get_variable('w', [3, 4], initializer={})"
) -> str:
    """Returns what an expression becomes in a line that keeps TensorFlow in use; the head may gain an import."""
    source = f"{head}{line.format(expression)}\ntf.no_op()\n"
    before, after = line.split("{}")
    lines = unbroken(migrated(source, to)).splitlines()
    new = next(text for text in lines if text.startswith(before))
    return new[len(before) : len(new) - len(after)]


def unbroken(source: str) -> str:
    """Returns a source without the line breaks behind commas and opening brackets."""
    return re.sub(r"([(\[{])\n +", r"\1", re.sub(r",\n +", ", ", source))


def reported(source: str, **kwargs: Any) -> list[str]:
    """Returns the codes of what is left for a person, once it is checked that both targets leave the source alone."""
    codes = []
    targets: tuple[Target, Target] = ("shim", "keras")
    for to in targets:
        analysis = analyze(source, to=to, **kwargs)
        assert analysis.edits == ()
        assert {finding.effect for finding in analysis.findings} <= {Effect.NEEDS_YOU}
        assert all(finding.after is None for finding in analysis.findings)
        codes.append([finding.code for finding in analysis.findings])
    assert codes[0] == codes[1]
    return codes[0]


def changed(path: str, before: bytes, after: bytes, places: tuple[Place, ...] = (), **more: Any) -> Outcome:
    """Returns the outcome of a file that changes."""
    texts = [each.decode("utf-8", "surrogateescape") for each in (before, after)]
    return Outcome(path, before, after, places, edits=tuple(edits_between(*texts)), **more)


@functools.cache  # It takes long, and many files of a test are alike.
def edits_between(before: str, after: str) -> list[Edit]:
    """Returns edits that make one text of another."""
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Edit(start, end, after[new:stop]) for tag, start, end, new, stop in codes if tag != "equal"]
