"""How Sphinx makes the site: `sphinx-build -W --keep-going -n -b html docs docs/_build/html`."""  # noqa: INP001 - Sphinx runs this file

from __future__ import annotations

import ast
import functools
import html
import importlib
import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import download_reference, pending_xref

# Before anything imports TensorFlow, which reads these once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
sys.path.insert(0, str(Path(__file__).parent.parent))

import compat_v1_init

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "compat_v1_init"
LEXERS = {".py": "python", ".toml": "toml", ".md": "markdown", ".cff": "yaml"}

project = "compat_v1_init"
author = "The compat_v1_init authors"
version = release = compat_v1_init.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.linkcode",  # A link from each name to its source, on a page of the site.
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"compat_v1_init {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
pygments_style = "default"  # Furo's own leaves what a diff adds as plain as what it keeps.
toc_object_entries_show_parents = "hide"
html_show_copyright = False
html_show_sphinx = False

# Anchors as a code host makes them, so that one link serves both.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

# The docstrings are written as Markdown's readers would: a single backtick is code.
default_role = "code"
autodoc_typehints = "signature"
# Types that are documented elsewhere, or are private: shown, and no links.
nitpick_ignore_regex = [("py:(class|exc|obj|data)", r"(?!compat_v1_init\.\w+$).*")]
# What stands before code, and is not to be copied.
copybutton_prompt_text = ">>> |\\.\\.\\. |\\$ "
copybutton_prompt_is_regexp = True
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_attr_annotations = False


def _name_classes_as_users_do() -> None:
    """Autodoc would show a class whose own name is another one, such as `VarianceScaling`, as an alias."""
    for module in (compat_v1_init.contrib, compat_v1_init):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isclass(value):
                value.__name__ = name


def _example_is_a_heading(_app: Any, _what: str, _name: str, _value: Any, _options: Any, lines: list[str]) -> None:
    """Napoleon expects an example to be indented, which doctest does not need."""
    if "Example:" in lines:
        at = lines.index("Example:")
        lines[at : at + 1] = [".. rubric:: Example", ""]


def _contents_under_the_title(_app: Any, _page: str, _template: str, context: Any, _doctree: Any) -> None:
    """The theme shows a list of contents beside wide pages only; see `site.css`."""
    if context.get("display_toc") and "</h1>" in context.get("body", ""):
        title, rest = context["body"].split("</h1>", 1)
        contents = f'<details class="on-this-page"><summary>On this page</summary>{context["toc"]}</details>'
        context["body"] = f"{title}</h1>\n{contents}{rest}"


# --- The repository's own files: what a page or a [source] links to is a page of the site, and no download -----------


def _link_to_files(app: Any, doctree: Any) -> None:
    page = Path(app.env.doc2path(app.env.docname)).parent
    for node in [*doctree.findall(download_reference), *doctree.findall(pending_xref)]:
        # The README, which the first page includes, is in another folder; MyST takes the suffix of Markdown away.
        targets = [(folder / str(node.get("reftarget", ""))).resolve() for folder in (page, ROOT)]
        files = [each for target in targets for each in (target, target.with_suffix(".md")) if each.is_file()]
        file = next((file for file in files if ROOT in file.parents), None)
        if file is not None and Path(app.srcdir) not in file.parents:
            up = "../" * app.env.docname.count("/")
            address = up + _page_of(app, file.relative_to(ROOT).as_posix())
            node.replace_self(nodes.reference("", "", *node.children, internal=True, refuri=address))


def _page_of(app: Any, name: str) -> str:
    app.env.files_of_the_repository = {*getattr(app.env, "files_of_the_repository", ()), name}
    return f"files/{name}.html"


def _pages_of_files(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    modules = [path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py")]
    for name in sorted({*getattr(app.env, "files_of_the_repository", ()), *modules}):
        text = (ROOT / name).read_text(encoding="utf-8")
        lexer = LEXERS.get(Path(name).suffix, "text")
        code = app.builder.highlighter.highlight_block(text, lexer, lineanchors="line")
        yield f"files/{name}", {"title": name, "body": f"<h1>{html.escape(name)}</h1>\n{code}"}, "page.html"


def linkcode_resolve(_domain: str, info: dict[str, str]) -> str | None:
    """Returns the address of the [source] of a name, or None for what TensorFlow has written."""
    value: Any = importlib.import_module(info["module"])
    for name in info["fullname"].split("."):
        value = getattr(value, name, None)
    if isinstance(value, property):
        value = value.fget
    if inspect.isclass(value):
        # Its module is where pickles find it, which is another one than where it stands. Some are made of others.
        known = (_classes().get(cls.__doc__) for cls in value.__mro__ if cls.__doc__)
        file, line = next(filter(None, known), ("", 0))
    else:
        code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
        file, line = (code.co_filename, code.co_firstlineno) if code else ("", 0)
    if not Path(file).is_relative_to(PACKAGE):
        return None
    return f"files/{Path(file).relative_to(ROOT).as_posix()}.html#line-{line}"


@functools.cache
def _classes() -> dict[str | None, tuple[str, int]]:
    """Returns by its docstring where each class of the package stands."""
    return {
        ast.get_docstring(node, clean=False): (str(path), node.lineno)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def setup(app: Any) -> None:
    """Sphinx calls this."""
    _name_classes_as_users_do()
    app.connect("autodoc-process-docstring", _example_is_a_heading, priority=400)  # Napoleon has 500.
    app.connect("html-page-context", _contents_under_the_title)
    app.connect("doctree-read", _link_to_files, priority=400)  # The collector of downloads has 500.
    app.connect("html-collect-pages", _pages_of_files)
