"""Every example in a docstring and in the README runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Iterator

README = Path(__file__).parent.parent / "README.md"

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(compat_v1_init.__path__, "compat_v1_init.")
    if not info.name.endswith("__main__")
)

# How many examples, that is statements after >>>, a module has at least; all others may have none. The classes count
# for the public modules, which they name as theirs.
EXAMPLES = {
    "compat_v1_init._contrib": 2,
    "compat_v1_init._initializers": 8,
    "compat_v1_init._options": 6,
    "compat_v1_init.contrib": 3,
    "compat_v1_init.initializers": 9,
}


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    tf.random.set_seed(1)
    yield
    compat_v1_init.set_options()
    assert tf.executing_eagerly()


@pytest.mark.parametrize("name", ["compat_v1_init", *MODULES])
def test_docstrings(name: str) -> None:
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", ()):
        getattr(module, public)  # Names that are looked up late are in the module only then.
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert found.failed == 0
    assert found.attempted >= EXAMPLES.get(name, 0)


def test_modules_with_examples_are_found() -> None:
    assert set(EXAMPLES) <= set(MODULES)


def test_public_classes_and_functions_have_an_example() -> None:
    for module in (compat_v1_init, compat_v1_init.initializers, compat_v1_init.contrib):
        for name in module.__all__:
            value = getattr(module, name)
            if callable(value):
                assert ">>>" in (value.__doc__ or ""), name


def _blocks() -> list[tuple[int, str]]:
    """Returns line number and text of each Python block of the README."""
    text = README.read_text(encoding="utf-8") if README.exists() else ""
    found = re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, match.start(1)) + 1, match[1]) for match in found]


def test_the_readme_has_python_blocks() -> None:
    assert _blocks()


@pytest.mark.parametrize(("line", "code"), [pytest.param(*block, id=f"line {block[0]}") for block in _blocks()])
def test_readme(line: int, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    if ">>>" in code:
        example = doctest.DocTestParser().get_doctest(code, {}, f"{README.name}:{line}", str(README), line)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(example)
        assert runner.failures == 0
        assert runner.tries > 0
        return
    # The empty lines give a traceback the README's own line numbers.
    exec(compile("\n" * (line - 1) + code, str(README), "exec"), {"__name__": "__main__"})  # noqa: S102 - the README's
