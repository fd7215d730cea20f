"""Many small programs in one process, which imports TensorFlow once, and whose settings are not those of this one."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

# Each program has the names of its prelude, and none of another program.
DRIVER = """
import contextlib, io, json, sys, traceback
prelude, programs = json.load(sys.stdin)
for name, program in programs.items():
    printed, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(prelude + program, name, "exec"), {"__name__": "__main__"})
    except BaseException:
        error = traceback.format_exc()
    print(json.dumps([name, printed.getvalue(), error]), flush=True)
"""


def runner(prelude: str, programs: Mapping[str, str], seconds: int, **environment: str) -> Callable[[str], str]:
    """Returns a function that returns what a program prints.

    The first call runs them all. The function fails for a program that raises an error, for one that does not end, and
    for those after that one.
    """

    @functools.cache
    def results() -> tuple[dict[str, tuple[str, str]], str]:
        driver = subprocess.Popen(
            [sys.executable, "-c", DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        try:
            lines, errors = driver.communicate(json.dumps([prelude, programs]), timeout=seconds)
        except subprocess.TimeoutExpired:
            driver.kill()
            lines, errors = driver.communicate()
            errors = f"ended after {seconds} s\n{errors}"
        found = [json.loads(line) for line in lines.splitlines() if line.startswith("[")]
        return {name: (printed, error) for name, printed, error in found}, errors

    def printed_by(name: str) -> str:
        found, errors = results()
        assert name in found, f"{name} did not end; the last that did is {[*found][-1:]}\n{errors[-2000:]}"
        printed, error = found[name]
        assert not error, error
        return printed

    return printed_by
