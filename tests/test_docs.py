"""Every example in a docstring, in the README and in docs/ runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tensorflow as tf

import compat_v1_init

if TYPE_CHECKING:
    from collections.abc import Iterator

README = Path(__file__).parent.parent / "README.md"
DOCS = README.parent / "docs"

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(compat_v1_init.__path__, "compat_v1_init.")
    if not info.name.endswith("__main__")
)

# How many examples, that is statements after >>>, a module has at least; all others may have none. The classes count
# for the public modules, which they name as theirs.
EXAMPLES = {
    "compat_v1_init._contrib": 2,
    "compat_v1_init._explain": 5,
    "compat_v1_init._initializers": 8,
    "compat_v1_init._keras": 6,
    "compat_v1_init._options": 6,
    "compat_v1_init._translate": 3,
    "compat_v1_init.contrib": 3,
    "compat_v1_init.initializers": 9,
    "compat_v1_init.keras": 8,
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
    for module in (compat_v1_init, compat_v1_init.initializers, compat_v1_init.contrib, compat_v1_init.keras):
        for name in module.__all__:
            value = getattr(module, name)
            if callable(value):
                assert ">>>" in (value.__doc__ or ""), name


def _blocks(page: Path) -> list[tuple[int, str]]:
    """Returns line number and text of each Python block of a page; one marked otherwise, `text` say, is none."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, match.start(1)) + 1, match[1]) for match in found]


def test_pages_have_python_blocks() -> None:
    assert _blocks(README)
    assert len(_blocks(DOCS / "keras.md")) > 10


def _run(page: Path, line: int, code: str, namespace: dict[str, Any]) -> None:
    # The empty lines give a traceback the page's own line numbers.
    exec(compile("\n" * (line - 1) + code, str(page), "exec"), namespace)  # noqa: S102 - the page's own text


BLOCKS = [
    pytest.param(page, *block, id=f"{page.name}, line {block[0]}")
    for page in [README, *sorted(DOCS.glob("*.md"))]
    for block in _blocks(page)
]


@pytest.mark.filterwarnings("ignore:The .keras.initializers.serialize... API should only be used")  # Legacy Keras'.
@pytest.mark.parametrize(("page", "line", "code"), BLOCKS)
def test_blocks(page: Path, line: int, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each block runs after the first one of its page, which imports what the page needs."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    first = _blocks(page)[0]
    if first[0] != line:
        _run(page, *first, namespace)
    if ">>>" in code:
        example = doctest.DocTestParser().get_doctest(code, namespace, f"{page.name}:{line}", str(page), line)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(example)
        assert runner.failures == 0
        assert runner.tries > 0
        return
    _run(page, line, code, namespace)


def test_what_explain_prints_is_on_the_page() -> None:
    init = tf.compat.v1.variance_scaling_initializer(scale=2.0, seed=42)
    assert f"```text\n{compat_v1_init.explain(init)}\n```" in (DOCS / "keras.md").read_text(encoding="utf-8")
