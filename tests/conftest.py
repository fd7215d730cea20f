"""What all tests share: a quiet TensorFlow on the CPU, and the comparison of bytes."""

from __future__ import annotations

import os

# Before anything imports TensorFlow, which reads these once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# There the migration command has a format of its own.
os.environ.pop("GITHUB_ACTIONS", None)

import importlib.util
from typing import TYPE_CHECKING, Any

import known_differences
import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# Each imports TensorFlow, which takes seconds and half a gigabyte.
MOST_PROCESSES = 4


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Runs all tests on several processes, each file on one of them, unless the command line says how many."""
    if (
        config.pluginmanager.hasplugin("xdist")
        and not hasattr(config, "workerinput")  # This is not one of those processes.
        and config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and config.option.numprocesses is None
        and not config.option.usepdb
    ):
        config.option.numprocesses = min(os.cpu_count() or 1, MOST_PROCESSES)
        config.option.dist = "loadfile"
        # Not those with most tests first: see `pytest_collection_modifyitems`.
        config.option.loadscopereorder = False


# First, since it gives the marks by which others choose.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known_differences.mark(items)
    # Last, since these files are many and quick: then no process works on a slow file while the others have none left.
    items.sort(key=lambda item: item.path.parent.name == "migrate")
    for item in items:
        # The migration needs no TensorFlow.
        if item.path.name.startswith("test_migrate_"):
            item.add_marker("once")
    _mark_all_but_one_of(items)


def _mark_all_but_one_of(items: list[pytest.Item]) -> None:
    """Marks as repeated what `one_of` leaves out: all values of a parameter but one for a row of the others.

    Which one it is goes round with the rows, so that every value of each parameter meets every value of this one.
    """
    orders: dict[tuple[str, str], list[int]] = {}
    places: dict[pytest.Item, dict[str, int]] = {}
    marked = {item: mark.args[0] for item in items for mark in item.iter_markers("one_of")}
    for item in marked:
        test = item.nodeid.partition("[")[0]
        places[item] = {}
        for name, value in item.callspec.params.items():  # type: ignore[attr-defined]
            order = orders.setdefault((test, name), [])
            if id(value) not in order:
                order.append(id(value))
            places[item][name] = order.index(id(value))
    for item, name in marked.items():
        count = len(orders[item.nodeid.partition("[")[0], name])
        if places[item].pop(name) != sum(places[item].values()) % count:
            item.add_marker("repeated")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("extras"):
        missing = [module for module in mark.args if importlib.util.find_spec(module) is None]
        if missing:
            pytest.skip(f"{missing[0]} is not installed")


def _same_bytes(ours: Any, theirs: Any) -> None:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert ours.tobytes() == theirs.tobytes()


@pytest.fixture(scope="session")
def same_bytes() -> Callable[[Any, Any], None]:
    """Asserts that two arrays or eager tensors have one dtype, one shape and the same bytes."""
    return _same_bytes
