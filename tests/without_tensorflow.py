"""Tries every public name and every command where neither TensorFlow nor NumPy is installed.

`.ci/run` runs it in an environment that has the wheel alone. It prints what is wrong, and then ends with 1.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import compat_v1_init
from compat_v1_init.__main__ import COMMANDS

SENTENCE = (
    "compat_v1_init needs TensorFlow 2.5 or newer, and none is installed. "
    "Install one, for example: pip install tensorflow"
)
# All else that is public draws, or makes what draws.
NEEDS_NONE = {"TranslationWarning", "__version__", "options", "patch", "set_options"}

SOURCE = "import tensorflow.compat.v1 as tf\nx = tf.glorot_uniform_initializer()\ntf.disable_eager_execution()\n"
# For each command line its exit code, and what standard error has to say.
LINES: dict[str, tuple[int, str]] = {
    "--help": (0, ""),
    "--version": (0, ""),
    **{f"{command} --help": (0, "") for command in COMMANDS},
    "migrate old.py": (1, ""),
    "migrate --to keras --format html old.py": (1, ""),
    "migrate --format json --output-file report.json old.py": (1, ""),
    "migrate --prove old.py": (2, f"compat-v1-init: --prove builds initializers: {SENTENCE}"),
    "migrate --prove --to keras old.py": (2, f"compat-v1-init: --prove builds initializers: {SENTENCE}"),
    "migrate --prove empty.py": (0, ""),
    "inspect model.meta": (2, f"compat-v1-init: inspect reads files by TensorFlow's own classes: {SENTENCE}"),
    "run old.py": (1, f"compat-v1-init: {SENTENCE}"),
    "run --report old.py": (1, f"compat-v1-init: {SENTENCE}"),
    "report report.json": (0, ""),
    "rules": (0, ""),
    "rules CVI001": (0, ""),
    "completion bash": (0, ""),
}
_PROGRAM_FAILS = "ModuleNotFoundError: No module named 'tensorflow'"


def public_names() -> list[tuple[ModuleType, str]]:
    """Returns the public names, each with its module."""
    found = (vars(compat_v1_init).get(name) for name in compat_v1_init.__all__)
    modules = [compat_v1_init, *(each for each in found if isinstance(each, ModuleType))]
    return [(module, name) for module in modules for name in module.__all__]


def wrong_name(module: ModuleType, name: str) -> str | None:
    """Returns what is wrong with a name, if anything is."""
    try:
        found = getattr(module, name)
    except ModuleNotFoundError as error:
        if name not in NEEDS_NONE and (str(error), error.name) == (SENTENCE, "tensorflow"):
            return None
        return f"{module.__name__}.{name}: {error!r}"
    works = name in NEEDS_NONE or isinstance(found, ModuleType)
    return None if works else f"{module.__name__}.{name} does not say what it needs"


def wrong_line(line: str, folder: Path) -> str | None:
    """Returns what is wrong with a command line, if anything is."""
    code, said = LINES[line]
    command = [sys.executable, "-m", "compat_v1_init", *line.split()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    rest = done.stderr[len(said) :].strip() if done.stderr.startswith(said) else done.stderr
    # What `run` runs fails as it would without it: the traceback is of the program alone.
    told = not rest or (line.startswith("run ") and rest.endswith(_PROGRAM_FAILS))
    if done.returncode == code and told:
        return None
    return f"compat-v1-init {line}: exit code {done.returncode}, not {code}; standard error: {done.stderr}"


def main() -> int:
    """Prints what is wrong, and returns the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "old.py").write_text(SOURCE, encoding="utf-8")
        (folder / "empty.py").write_text("", encoding="utf-8")
        (folder / "model.meta").write_bytes(b"")
        names = public_names()
        problems = [*(wrong_name(*each) for each in names), *(wrong_line(line, folder) for line in LINES)]
    wrong = [each for each in problems if each]
    print(*wrong, f"{len(names)} names and {len(LINES)} lines tried: {len(wrong)} wrong", sep="\n")  # noqa: T201
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
