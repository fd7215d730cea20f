"""How Sphinx makes the site: `sphinx-build -W --keep-going -n -b html docs docs/_build/html`."""  # noqa: INP001 - Sphinx runs this file

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from typing import Any

# Before anything imports TensorFlow, which reads these once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
sys.path.insert(0, str(Path(__file__).parent.parent))

import compat_v1_init

project = "compat_v1_init"
author = "The compat_v1_init authors"
version = release = compat_v1_init.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",  # A link from each name to its source, on a page of the site.
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


def setup(app: Any) -> None:
    """Sphinx calls this."""
    _name_classes_as_users_do()
    app.connect("autodoc-process-docstring", _example_is_a_heading, priority=400)  # Napoleon has 500.
