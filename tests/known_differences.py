"""Where releases of TensorFlow differ: `known_differences.toml` lists the tests that must fail there, and why."""

from __future__ import annotations

import dataclasses
import fnmatch
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(__file__).with_suffix(".toml")


@dataclasses.dataclass(frozen=True)
class Difference:
    """An entry of the file.

    Attributes:
      tests: what must fail: `file.py::function`, or one case of it, `file.py::function[id]`, with `*` for any text.
      first: the first release of TensorFlow on which they fail, as "2.5".
      last: the last one.
      reason: what TensorFlow does there.
      link: a page that shows it.
      keras: "3" or "legacy" where the difference is of that Keras alone.
    """

    tests: tuple[str, ...]
    first: str
    last: str
    reason: str
    link: str
    keras: str = "any"

    def applies(self, tensorflow: str, *, legacy_keras: bool) -> bool:
        """Returns whether this is so on a release."""
        this = _minor(tensorflow)
        keras = "legacy" if legacy_keras or this < (2, 16) else "3"
        return _minor(self.first) <= this <= _minor(self.last) and self.keras in ("any", keras)

    def names(self, item: pytest.Item) -> bool:
        """Returns whether a test is among those that must fail."""
        name = f"{item.path.name}::{item.name}"
        return any(fnmatch.fnmatchcase(name, _pattern(test)) for test in self.tests)


def _minor(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def _pattern(test: str) -> str:
    """Returns a test as a pattern in which brackets mean themselves; without any, all cases are meant."""
    return test.replace("[", "[[]") if "[" in test else f"{test}*"


def known_differences() -> list[Difference]:
    """Returns all entries of the file."""
    entries: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["difference"]
    return [Difference(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]


def here() -> list[Difference]:
    """Returns the differences of the installed release."""
    import tensorflow as tf

    legacy = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
    return [each for each in known_differences() if each.applies(tf.__version__, legacy_keras=legacy)]


def mark(items: Iterable[pytest.Item]) -> None:
    """Marks the tests that must fail on the installed release; one that passes after all is an error."""
    items = list(items)
    if not any(each.names(item) for each in known_differences() for item in items):
        return
    for each in here():
        for item in filter(each.names, items):
            item.add_marker(pytest.mark.xfail(strict=True, reason=f"{each.reason} See {each.link}"))
