"""What all tests share: a quiet TensorFlow on the CPU, and the comparison of bytes."""

from __future__ import annotations

import os

# Before anything imports TensorFlow, which reads these once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# There the migration command has a format of its own.
os.environ.pop("GITHUB_ACTIONS", None)

from typing import TYPE_CHECKING, Any

import known_differences
import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known_differences.mark(items)
    for item in items:
        # The migration needs no TensorFlow.
        if item.path.name.startswith("test_migrate_"):
            item.add_marker("once")


def _same_bytes(ours: Any, theirs: Any) -> None:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert ours.tobytes() == theirs.tobytes()


@pytest.fixture(scope="session")
def same_bytes() -> Callable[[Any, Any], None]:
    """Asserts that two arrays or eager tensors have one dtype, one shape and the same bytes."""
    return _same_bytes
