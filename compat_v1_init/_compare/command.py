"""`compat-v1-init compare`: runs a program before and after a migration, and compares its first values.

The programs run in processes of their own, with a Python and a TensorFlow of their own. This process imports neither
TensorFlow nor anything of theirs.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compat_v1_init._cli.usage import UsageError
from compat_v1_init._run.command import tf1 as tf1_of

from .differences import compare
from .program import Side, find_python, record
from .report import FORMATS, Report
from .trees import Tree, lay_out

if TYPE_CHECKING:
    from .records import Record

_EPILOG = """\
OLD and NEW are folders, or revisions of the git repository that the current folder is in. With --run, --tf1 or a Python
for one side, NEW may be left out: then both programs are those of OLD. Each program runs in a copy of its tree. What
it prints goes to standard error.

exit codes:
  0  all first values and all draws are equal
  1  something differs, or could not be recorded
  2  a program failed or initialized no variable, or the command line is wrong
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.usage = "%(prog)s [OPTION ...] OLD [NEW] -- PROGRAM.py [ARGUMENT ...]"
    parser.rest = "program"  # type: ignore[attr-defined]
    parser.add_argument("old", metavar="OLD", help="the tree before, for example a folder or HEAD~1")
    parser.add_argument("new", metavar="NEW", nargs="?", help="the tree after")
    parser.add_argument("--run", action="store_true", help="run NEW's program under compat-v1-init run")
    parser.add_argument("--tf1", action="store_true", help="run it under compat-v1-init run --tf1")
    parser.add_argument("--first-weights-from", metavar="FILE", help="with --tf1: the option of run of this name")
    parser.add_argument("--old-run", action="store_true", help="run OLD's program under run")
    parser.add_argument("--old-python", metavar="PATH", help="the Python of OLD, for example one with TensorFlow 1.15")
    parser.add_argument("--new-python", metavar="PATH", help="the Python of NEW; default for both: this one")
    parser.add_argument("--in-place", action="store_true", help="run in the folders themselves, without a copy")
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    parser.add_argument("--output-file", metavar="FILE", help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    """Runs the command and returns the exit code.

    Raises:
      UsageError: if the command line is wrong, or if a program fails or initializes nothing.
    """
    program = tuple(arguments.program or ())
    if not program:
        msg = "compare needs a program, for example: compat-v1-init compare OLD NEW -- train.py --steps 1"
        raise UsageError(msg)
    sides = _sides(arguments)
    if arguments.output_file is not None:
        Path(arguments.output_file).absolute().parent.mkdir(parents=True, exist_ok=True)
    # In the real folder: what a program tells of its own place is compared with it.
    temporary = Path(tempfile.mkdtemp(prefix="compat-v1-init-")).resolve()
    try:
        report = _compare(sides, program, temporary, in_place=arguments.in_place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    text = FORMATS[arguments.format](report)
    if arguments.output_file is None:
        sys.stdout.write(text)
    else:
        Path(arguments.output_file).write_text(text, encoding="utf-8", errors="backslashreplace")
    return 0 if report.is_equal else 1


def _sides(arguments: argparse.Namespace) -> tuple[Side, Side]:
    tf1 = tf1_of(arguments)
    how = [(arguments.old_run, None), (arguments.run or tf1 is not None, tf1)]
    if arguments.new is None and how[0] == how[1] and not (arguments.old_python or arguments.new_python):
        msg = "compare needs a second tree NEW, or --run, or a Python for one side, so that there is a difference"
        raise UsageError(msg)
    old, new = arguments.old, arguments.new or arguments.old
    return (
        Side("OLD", old, *find_python(arguments.old_python, "--old-python"), *how[0]),
        Side("NEW", new, *find_python(arguments.new_python, "--new-python"), *how[1]),
    )


def _compare(sides: tuple[Side, Side], program: tuple[str, ...], temporary: Path, *, in_place: bool) -> Report:
    # Both before either runs: a program may change its tree.
    trees = [lay_out(side.given, temporary / side.name, in_place=in_place) for side in sides]
    for side, tree in zip(sides, trees):
        if not program[0].startswith("-") and not (tree.folder / program[0]).exists():
            msg = f"compare needs a program that both trees have. {side.name} ({side.given}) has no {program[0]}"
            raise UsageError(msg)
    watched = [path for tree in trees for path in (tree.source, tree.repository) if path]
    old, new = (
        _record(side, tree, other, watched, program, temporary / f"{side.name}.record")
        for side, tree, other in zip(sides, trees, reversed(trees))
    )
    return Report(program, sides, (old, new), compare(old, new))


def _record(
    side: Side, tree: Tree, other: Tree, watched: Sequence[Path], program: tuple[str, ...], folder: Path
) -> Record:
    """Returns the record of one program, if it can be compared."""
    found = record(side, tree, watched, program, folder)
    whose = f"the program of {side.name} ({side.given})"
    if found.tensorflow is None:
        msg = f"{whose} never imported TensorFlow, or started Python without its environment: nothing was recorded"
        raise UsageError(msg)
    if not any(process.variables for process in found.processes):
        why = ", but restored a checkpoint" if found.restored else ""
        said = f"; the recorder failed: {found.troubles[0]}" if found.troubles else ""
        msg = f"{whose} initialized no variable{why}, so there is no first value to compare{said}"
        raise UsageError(msg)
    if side.under_run and not found.patched:
        msg = f"{whose} was not under run: its Python cannot load compat_v1_init, or it needs TensorFlow 2.5 or newer"
        raise UsageError(msg)
    strange = _of_the_other(found.modules, tree, other, watched)
    if strange:
        msg = f"{whose} imported a file of the other tree, {strange}. Set PYTHONPATH so that it imports its own"
        raise UsageError(msg)
    return found


def _of_the_other(modules: Sequence[str], tree: Tree, other: Tree, watched: Sequence[Path]) -> str | None:
    """Returns a module that was imported from the tree of the other program: then the two are compared with themselves.

    That happens if the package is installed in editable mode, or if PYTHONPATH has the folder of one of them.
    """
    if tree.source == other.source and tree.source is not None:
        return None
    package = Path(__file__).parent.parent
    for file in map(Path, modules):
        if package in file.parents or tree.folder in file.parents:
            continue
        nearest = max((path for path in watched if path in file.parents), key=lambda path: len(path.parts))
        if nearest != tree.source:
            return str(file)
    return None
