"""TensorFlow's own engines of distribution give the bytes of one device. Each program runs in processes of its own."""

from __future__ import annotations

import functools
import subprocess
import sys

import pytest
from running import TESTS

CLUSTERS = TESTS / "clusters"
SECONDS = 300  # Far more than any takes; a program that hangs ends here.

sys.path.append(str(CLUSTERS))
from _ports import free_addresses  # noqa: E402

PROGRAMS = [
    pytest.param("mirrored.py", [], 6, id="MirroredStrategy"),
    pytest.param("dtensor.py", [], 48, id="DTensor"),
    pytest.param("parameter_servers.py", ["3"], 4, id="ParameterServerStrategy-3-shards"),
    pytest.param("parameter_servers.py", ["8"], 4, id="ParameterServerStrategy-8-shards"),
    pytest.param("v1_servers.py", ["4"], 2, id="v1-servers-4-shards"),
    pytest.param("v1_servers.py", ["7"], 2, id="v1-servers-7-shards"),
    pytest.param("v1_placement.py", ["resource"], 5, id="v1-placement"),
    pytest.param("v1_placement.py", ["reference"], 5, id="v1-placement-of-reference-variables"),
]


def start(program: str, arguments: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, str(CLUSTERS / program), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> list[str]:
    """Returns the lines of the output."""
    try:
        output, errors = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0, errors[-2000:]
    return output.splitlines()


@functools.cache
def lines_of(program: str, *arguments: str) -> list[str]:
    return finish(start(program, [*arguments]))


def check(lines: list[str], count: int) -> None:
    lines = [line for line in lines if "same bytes" in line]
    assert len(lines) == count
    assert all(line.endswith("same bytes: True") and "False" not in line for line in lines), lines


@pytest.mark.parametrize(("program", "arguments", "count"), PROGRAMS)
@pytest.mark.slow
def test_program(program: str, arguments: list[str], count: int) -> None:
    check(lines_of(program, *arguments), count)


@pytest.mark.slow
def test_layouts_that_are_refused() -> None:
    refused = [line for line in lines_of("dtensor.py") if line.startswith("refused: ")]
    unequal = (
        "must have the rank of the shape and cut each axis into equal parts. Received: shape {}, layout ['x', 'y'] on"
    )
    assert len(refused) == 3
    assert unequal.format([48]) + " a mesh of {'x': 4, 'y': 2}" in refused[0]
    assert unequal.format([50, 20]) in refused[1]
    assert "needs eager execution" in refused[2]


@pytest.mark.slow
def test_multi_worker_mirrored_strategy() -> None:
    addresses = free_addresses(2)
    workers = [start("multi_worker.py", [str(task), *addresses]) for task in range(2)]
    try:
        for worker in workers:
            check(finish(worker), 6)
    finally:
        for worker in workers:
            worker.kill()
