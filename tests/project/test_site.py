"""The pages of docs/, as Sphinx builds them: what links to what, and what a reader would stumble over.

`SITE` names a folder that is built already; else Sphinx builds one, where it is installed.
"""

from __future__ import annotations

import html
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from running import ROOT

DOCS = ROOT / "docs"
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Returns the text of each page by its path."""
    if "SITE" in os.environ:
        folder = ROOT / os.environ["SITE"]
    elif any(importlib.util.find_spec(name) is None for name in ("sphinx", "myst_parser", "furo", "sphinx_copybutton")):
        pytest.skip("the docs extra is not installed")
    else:
        folder = tmp_path_factory.mktemp("site")
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html", DOCS, folder]
        subprocess.run(command, check=True, timeout=600)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}


def _pages(site: dict[str, str]) -> dict[str, str]:
    """Returns the pages that somebody wrote."""
    written = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")}
    return {name: text for name, text in site.items() if name in written}


def test_every_page_is_there(site: dict[str, str]) -> None:
    assert len(_pages(site)) == len([path for path in DOCS.rglob("*.md") if "_build" not in path.parts]) > 30


def test_no_link_downloads_a_file(site: dict[str, str]) -> None:
    assert [name for name, text in site.items() if "download" in re.findall(r'class="reference (\w+)', text)] == []


def test_every_link_leads_to_a_page_and_a_place_in_it(site: dict[str, str]) -> None:
    places = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in site.items()}
    wrong = []
    for name, text in _pages(site).items():
        article = text[text.index("<article") : text.index("</article>")]
        for address in re.findall(r'<a [^>]*href="([^"]+)"', article):
            path, _, place = html.unescape(address).partition("#")
            if re.match(r"\w+:", path):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name  # noqa: PTH118, PTH120
            if target not in site or (place and place not in places[target]):
                wrong.append((name, address))
    assert wrong == []


def test_every_name_of_the_package_has_its_source(site: dict[str, str]) -> None:
    signatures = re.findall(r'<dt class="sig sig-object py" id="([\w.]+)">(.*?)</dt>', site["api.html"], re.DOTALL)
    without = [name for name, text in signatures if "[source]" not in text]
    assert len(signatures) > 100
    # `get_config` is TensorFlow's or Keras' own where a class does not replace it; an attribute has no source.
    attributes = set(re.findall(r'<dl class="py (?:attribute|property)">\s*<dt [^>]*id="([\w.]+)"', site["api.html"]))
    assert [name for name in without if not name.endswith(".get_config") and name not in attributes] == []


def test_the_contents_of_a_page_stand_in_it_too(site: dict[str, str]) -> None:
    """The theme hides its own list on narrow screens."""
    for name, text in _pages(site).items():
        assert ('class="on-this-page"' in text) == (text.count("<h2>") > 0), name


def test_no_number_is_bold(site: dict[str, str]) -> None:
    """Two powers in one paragraph, such as 2**31, are Markdown for bold text between them."""
    for name, text in _pages(site).items():
        assert [bold for bold in re.findall(r"<strong>(.*?)</strong>", text) if re.match(r"\d", bold)] == [], name


def test_what_a_command_prints_keeps_its_columns() -> None:
    css = (DOCS / "_static" / "site.css").read_text(encoding="utf-8")
    wrapped = re.findall(r"([^{}]*)\{[^}]*pre-wrap", css)
    assert all("text" not in each and "console" not in each and "div.highlight pre" not in each for each in wrapped)


def test_no_code_in_a_table_begins_with_a_space() -> None:
    """Browsers drop it, and so a nesting that is told by it."""
    for page in DOCS.rglob("*.md"):
        text = re.sub(r"^( *)```.*?^\1```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for line in re.findall(r"^\|.*", text, re.MULTILINE):
            codes = re.sub(r"``.*?``", "", line).split("`")[1::2]
            assert [code for code in codes if code.startswith(" ")] == [], page.name


@pytest.mark.parametrize("picture", sorted(DOCS.glob("*.svg")), ids=lambda path: path.name)
def test_the_text_of_a_picture_can_be_read_on_a_phone(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    width = float(ET.fromstring(text).attrib["viewBox"].split()[2])  # noqa: S314 - this project's own
    sizes = [float(size) for size in re.findall(r"(?:font|font-size): (\d+)px", text)]
    assert min(sizes) * 350 / width >= 9  # 350 is what a screen of 390 leaves for a page.
