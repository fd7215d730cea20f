"""Every example in a docstring, in the README and in docs/ runs, and no block or link of a page goes unchecked."""

from __future__ import annotations

import doctest
import functools
import importlib
import inspect
import os
import pkgutil
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import tensorflow as tf
from running import ROOT

import compat_v1_init
from compat_v1_init.keras._which import is_keras_3, the_keras

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator

README = ROOT / "README.md"
DOCS = ROOT / "docs"
SEEDS = DOCS / "seeds.md"
PAGES = [README, *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)]

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(compat_v1_init.__path__, "compat_v1_init.")
    if not info.name.endswith("__main__")
)

# How many examples, that is statements after >>>, a module has at least; all others may have none. The classes count
# for the public modules, which they name as theirs.
EXAMPLES = {
    "compat_v1_init.initializers._contrib": 2,
    "compat_v1_init.keras._explain": 5,
    "compat_v1_init.initializers._variance_scaling": 8,
    "compat_v1_init.keras._convert": 6,
    "compat_v1_init._options": 6,
    "compat_v1_init.keras._translate": 3,
    "compat_v1_init.contrib": 3,
    "compat_v1_init.initializers": 9,
    "compat_v1_init.keras": 8,
}

# What checks a block of each language.
LANGUAGES = {
    "python": "test_python_blocks",
    "text": "test_python_blocks, as what the block before it prints",
    "sh": "test_commands",
    "diff": "test_before_and_after",
    "toml": "test_settings",
    "console": "test_page_claims.py, what the main example prints",
    "yaml": "test_migrate_rules_page.py",
    "py": "test_migrate_rules.py, the rules' own examples",
    "{eval-rst}": "Sphinx",
    "{include}": "Sphinx",
    "{toctree}": "Sphinx",
}


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    tf.random.set_seed(1)
    yield
    compat_v1_init.set_options()
    assert tf.executing_eagerly()


# --- Docstrings ------------------------------------------------------------------------------------------------------


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


PUBLIC_MODULES = (
    compat_v1_init,
    compat_v1_init.initializers,
    compat_v1_init.contrib,
    compat_v1_init.keras,
    compat_v1_init.random,
)
PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in PUBLIC_MODULES
    for name in module.__all__
    if callable(getattr(module, name))
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_classes_and_functions_have_an_example(name: str) -> None:
    assert ">>>" in (PUBLIC[name].__doc__ or "")


def test_public_classes_and_functions_are_in_the_reference() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\.\. auto\w+:: (\S+)$", page, re.MULTILINE))
    # Where a class has two names, the page shows one and lists the other.
    other = {
        f"compat_v1_init.{name}" for name in re.findall(r"`((?:initializers|contrib)\.\w+)` \|$", page, re.MULTILINE)
    }
    assert named | other == set(PUBLIC)
    assert not named & other
    assert all(inspect.isclass(PUBLIC[name]) for name in other)


# --- Blocks ----------------------------------------------------------------------------------------------------------


class Block(NamedTuple):
    language: str
    section: str
    line: int
    text: str


@functools.cache
def _blocks(page: Path) -> tuple[Block, ...]:
    """Returns the fenced blocks of a page; those in a list are indented."""
    text = page.read_text(encoding="utf-8")
    blocks, section = [], ""
    for found in re.finditer(r"^#+ ([^\n]*)$|^( *)```(\S*)[^\n]*\n(.*?)^\2```$", text, re.MULTILINE | re.DOTALL):
        heading, _, language, code = found.groups()
        section = heading or section
        if code is not None:
            line = text.count("\n", 0, found.start(4)) + 1
            blocks.append(Block(language, section, line, inspect.cleandoc("\n" + code) + "\n"))
    return tuple(blocks)


def _of(language: str, pages: list[Path] = PAGES) -> list[Any]:
    """Returns the cases of a test: a page and a block of it."""
    return [
        pytest.param(page, block, id=f"{page.name}: {block.section}")
        for page in pages
        for block in _blocks(page)
        if block.language == language
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_of_a_language_that_is_checked(page: Path) -> None:
    assert {block.language for block in _blocks(page)} <= set(LANGUAGES)
    fences = re.findall(r"^ *```", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(_blocks(page))


def _run(page: Path, block: Block, namespace: dict[str, Any]) -> None:
    # The empty lines give a traceback the page's own line numbers.
    exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), namespace)  # noqa: S102 - the page's own


def _alone(block: Block) -> bool:
    return re.search(r"^(import|from) compat_v1_init", block.text, re.MULTILINE) is not None


@pytest.mark.filterwarnings("ignore:The .keras.initializers.serialize... API should only be used")  # Legacy Keras'.
@pytest.mark.filterwarnings("ignore:(visit_|ast.|Attribute . is deprecated):DeprecationWarning")  # tf_upgrade_v2's.
@pytest.mark.parametrize(("page", "block"), _of("python"))
def test_python_blocks(
    page: Path, block: Block, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A block that imports this package stands alone; any other runs after the first one of its page."""
    if page.name == "keras3.md" and not is_keras_3(the_keras()):
        pytest.skip("the page is about Keras 3")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    blocks = [block for block in _blocks(page) if block.language in ("python", "text")]
    if not _alone(block):
        _run(page, blocks[0], namespace)
    capsys.readouterr()
    if ">>>" in block.text:
        example = doctest.DocTestParser().get_doctest(block.text, namespace, page.name, str(page), block.line)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(example)
        assert runner.failures == 0
        assert runner.tries > 0
        return
    _run(page, block, namespace)
    after = blocks[blocks.index(block) + 1 :][:1]
    if after and after[0].language == "text":
        assert capsys.readouterr().out == after[0].text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_text_block_follows_a_python_block(page: Path) -> None:
    languages = [block.language for block in _blocks(page) if block.language in ("python", "text")]
    assert all(before == "python" for before, after in zip(["", *languages], languages) if after == "text")


OURS, THEIRS = "compat_v1_init.variance_scaling_initializer(", "tf.compat.v1.variance_scaling_initializer("


def _as_in_tf1() -> list[Any]:
    end = SEEDS.read_text(encoding="utf-8").partition("\n## What only")[0].count("\n")
    return [case for case in _of("python", [SEEDS]) if case.values[1].line < end]


@pytest.mark.parametrize(("page", "block"), _as_in_tf1())
def test_seed_regimes_are_the_originals(page: Path, block: Block) -> None:
    """What a block asserts holds for TensorFlow's own class too, and all bytes that it names are equal."""
    named = []
    for text in (block.text, block.text.replace(OURS, THEIRS)):
        namespace: dict[str, Any] = {"__name__": "__main__"}
        tf.random.set_seed(1)
        _run(page, block._replace(text=text), namespace)
        named.append({name: value for name, value in namespace.items() if isinstance(value, (bytes, list))})
    assert block.text.count(OURS) == block.text.count("compat_v1_init.") > 0
    assert named[0] == named[1]


def test_every_seed_regime_is_tried() -> None:
    page = SEEDS.read_text(encoding="utf-8")
    assert "\n## What only" in page
    assert page.count("\n### ") <= len(_of("python", [SEEDS])) == len(_blocks(SEEDS))


@pytest.mark.parametrize(("page", "block"), _of("diff"))
def test_before_and_after(page: Path, block: Block) -> None:
    values = []
    for sign in "-+":
        code = "".join(line[1:] + "\n" for line in block.text.splitlines() if line[0] in (sign, " "))
        namespace = {"tf": tf, "compat_v1_init": compat_v1_init}
        tf.random.set_seed(1)
        _run(page, block._replace(text=code), namespace)
        values.append(namespace["initializer"]([2, 3]).numpy().tobytes())
    assert values[0] == values[1]


@pytest.mark.parametrize(("page", "block"), _of("toml"))
def test_settings(page: Path, block: Block, tmp_path: Path) -> None:
    from compat_v1_init._migrate.settings import load

    del page
    (tmp_path / "pyproject.toml").write_text(block.text, encoding="utf-8")
    assert load(tmp_path).to == tomllib.loads(block.text)["tool"]["compat_v1_init"]["to"]


# --- Commands --------------------------------------------------------------------------------------------------------

# What the pages' commands find: `compat-v1-init` and `python` are this interpreter's. What would change the environment
# or run the tests does nothing, and the main job, which test_examples.py runs, needs only be there.
SHIMS = {
    "compat-v1-init": 'exec {python} -m compat_v1_init "$@"',
    "python": """
        case "$*" in
            "-m pytest"*) exit 0 ;;
            migration_examples/graph_session_classifier.py) exec test -f "$1" ;;
        esac
        exec {python} "$@"
    """,
    **dict.fromkeys(("pip", "pipx", "git", "nox", "sphinx-build", "tf_upgrade_v2"), "exit 0"),
}


@pytest.mark.parametrize("page", [page for page in PAGES if _of("sh", [page])], ids=lambda page: page.name)
@pytest.mark.slow
def test_commands(page: Path, tmp_path: Path) -> None:
    """The commands of a page run top to bottom, in what a clone of the repository holds for them."""
    shims, clone = tmp_path / "shims", tmp_path / "clone"
    shims.mkdir()
    for name, code in SHIMS.items():
        (shims / name).write_text(f"#!/bin/sh\n{code.format(python=sys.executable)}\n", encoding="utf-8")
        (shims / name).chmod(0o755)
    shutil.copytree(ROOT / "migration_examples", clone / "migration_examples", ignore=shutil.ignore_patterns("out"))
    shutil.copytree(ROOT / "migration_examples" / "legacy_project", clone / "src")
    # Its exit code 1 says that something would change.
    script = """
        trap 'code=$?; case "$code $BASH_COMMAND" in "1 compat-v1-init migrate"*) ;; *) exit $code ;; esac' ERR
    """
    script += "".join(case.values[1].text for case in _of("sh", [page]))
    script += "exit 0\n"
    searched = [str(Path(compat_v1_init.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    path = os.pathsep.join([str(shims), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607
        cwd=clone,
        env={**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(searched)},
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # The legacy project has a file in latin-1, which a diff shows as it is.
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_extras_exist(page: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"(?:\.|compat-v1-init)\[([\w,-]+)\]", page.read_text(encoding="utf-8"))
    assert {extra for names in named for extra in names.split(",")} <= set(project["optional-dependencies"])


# --- Links -----------------------------------------------------------------------------------------------------------


def _anchors(page: Path) -> set[str]:
    """Returns the anchors of a page's headings, as code hosts make them."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "CHANGELOG.md", ROOT / "migration_examples" / "README.md"], ids=lambda page: page.name
)
def test_links(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), target
        if anchor and not anchor.startswith("compat_v1_init."):  # Those are made, and checked, by Sphinx.
            assert anchor in _anchors(file), target


def test_every_page_is_in_the_site() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = {line.strip() for block in _blocks(DOCS / "index.md") for line in block.text.splitlines()}
    assert "{toctree}" in index
    listed |= {line.strip() for block in _blocks(DOCS / "reference.md") for line in block.text.splitlines()}
    assert {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES[1:]} - {"index"} <= listed


def test_the_pages_of_the_initializers_are_made_from_the_package() -> None:
    made = runpy.run_path(str(DOCS / "reference.py"))["pages"]()
    stored = {page: page.read_text(encoding="utf-8") for page in PAGES if page in made}
    assert made == stored, "python docs/reference.py makes them"
    assert set(made) == {DOCS / "reference.md", *(DOCS / "reference").iterdir()}
