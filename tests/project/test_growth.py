"""No reader takes more than about linear time, on the inputs that once took more; the benchmark has a table of all."""

from __future__ import annotations

import sys

import pytest
from running import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from readers import READERS

pytestmark = [pytest.mark.once, pytest.mark.slow]

SMALL, LARGE = 250, 2000
QUICK = [
    "source: raise of Python 2",
    "source: a broken raise",
    "source: broken lambdas",
    "source: aliases of aliases, the last one first",
    "source: initializers bound to one name",
    "source: other names of TensorFlow",
    "source: names of from imports",
    "source: strings of a dict",
    "source: attributes of one name",
    "diff: changed lines",
    "notebook: magic in one cell",
    "notebook: broken cells",
    "text: lines",
    "settings: patterns",
    "ignore file: stars",
    "ignore file: two stars",
    "ignore file: rules",
    "graph: strings that nodes share",
    "graph: control inputs that nodes share",
    "graph: parts",
    "graph: a constant that variables share",
]


@pytest.mark.parametrize("name", QUICK)
def test_time_grows_with_the_size(name: str) -> None:
    timed, _ = READERS[name]
    timed(10)  # What is imported, compiled or read once.
    small = min(timed(SMALL) for _ in range(3))
    # Eight times the size: were it quadratic, 64 times the time. Less than a tenth of a second says nothing.
    # On a busy machine one run may take several times as long.
    most = max(0.1, 8 * 5 * small)
    assert any(timed(LARGE) < most for _ in range(3))
