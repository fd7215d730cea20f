"""The pages of the commands: one file each that needs nothing else, and works in a browser."""

from __future__ import annotations

import html
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from migrating import changed
from reports import EVERY, TITLES

from compat_v1_init.__main__ import main
from compat_v1_init._migrate.findings import Effect, Finding
from compat_v1_init._migrate.outcomes import Outcome, Place
from compat_v1_init._migrate.report.html import as_html
from compat_v1_init._migrate.report.summary import Report
from compat_v1_init._output.page import table_page
from compat_v1_init._output.source import Sides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = (
    "import tensorflow.compat.v1 as tf\n\nx = [tf.glorot_uniform_initializer(), 'xavier_initializer']\ntf.no_op()\n"
)
EVIL = "</script><script>alert(1)</script><b>&\u202e\x1b"


class _Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


# --- The file --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", [as_html(EVERY), table_page("a", "b", ["c"], [["d"]], notes=["n"])], ids=["findings", "table"]
)
def test_a_page_needs_nothing_else(page: str) -> None:
    for tag, attributes in _Elements(page).found:
        assert tag not in ("link", "img", "iframe", "base"), tag
        assert "src" not in attributes
        assert "href" not in attributes
    assert not re.search(r"url\(|@import|https?://|fetch\(|XMLHttpRequest", page)


def test_a_page_says_what_it_is_of_and_when_it_was_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    (tmp_path / "my <project>").mkdir()
    monkeypatch.chdir(tmp_path / "my <project>")
    page = as_html(EVERY)
    assert "<h1>TensorFlow 1 initializers in my &lt;project&gt;</h1>" in page
    assert ", 1970-01-02</footer>" in page


def test_what_a_file_holds_stays_text() -> None:
    finding = Finding("CVI001", 1, 1, 1, 9, EVIL, None, Effect.NEEDS_YOU, EVIL)
    outcome = Outcome(f"{EVIL}.py", f"x = '{EVIL}'\n".encode(), None, (Place(finding),))
    page = as_html(Report((outcome,), 1, "shim", TITLES))
    assert "<script>alert" not in page
    assert [tag for tag, _ in _Elements(page).found].count("script") == 3
    data = _data(page)
    assert data["findings"][0]["before"] == EVIL
    assert all("<script" not in text for row in data["hunks"][0] for text in row if isinstance(text, str))
    table = table_page(EVIL, EVIL, ["a"], [[EVIL], ["b"]], choose_by=["a"])
    assert "<script>alert" not in table


def test_every_finding_is_in_the_page_with_its_lines() -> None:
    data = _data(as_html(EVERY))
    assert [finding["place"] for finding in data["findings"]] == ["1:5", "1:5", "2:5", "7:5", "cell 3:2:5", "1:5"]
    assert {finding["effect"] for finding in data["findings"]} <= set(data["advice"])
    hunk = data["hunks"][data["findings"][0]["hunk"]]
    assert [re.sub("<.*?>", "", str(part)) for part in hunk[0]] == ["1", "old.name", "1", "new.name"]


def test_sides() -> None:
    before = "".join(f"line {number}\n" for number in range(1, 31))
    sides = Sides(before, before.replace("line 10\n", "line ten\nplus more\n"))
    (start, end), rows = sides.around(10, 10)
    assert (start, end) == (6, 13)
    assert [row[0] for row in rows] == [7, 8, 9, 10, None, 11, 12, 13]
    assert [row[2] for row in rows] == [7, 8, 9, 10, 11, 12, 13, 14]
    assert rows[4][3] == "plus more"
    assert [row[0] for row in sides.around(25, 26)[1]] == list(range(22, 30))
    # Where nothing changes there is one side.
    assert all(len(row) == 3 for row in Sides("x = '<b>'\n", None).around(1, 1)[1])


# --- The commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _reports(here: Path) -> list[str]:
    for name, source in (("one", SOURCE), ("two", SOURCE * 2), ("three", "x = 1\n")):
        (here / name).mkdir()
        (here / name / "a.py").write_text(source, encoding="utf-8")
        assert main(["migrate", "--format", "json", "--output-file", f"out/{name}.json", name]) in (0, 1)
    return ["out/one.json", "second=out/two.json", "out/three.json"]


def test_many_repositories(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = _reports(here)
    capsys.readouterr()
    assert main(["report", *reports]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "repository  state  files  same numbers  different numbers  needs you  by default  failed",
        "one         to do      1             1                  0          1           0       0",
        "second      to do      1             2                  0          2           0       0",
        "three       green      1             0                  0          0           0       0",
        "all                    3             3                  0          3           0       0",
    ]
    assert main(["report", "--format", "json", *reports]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["same_numbers"] == 3
    assert [each["exit_code"] for each in found["repositories"]] == [1, 1, 0]
    assert main(["report", "--format", "html", "--output-file", "all/page.html", *reports]) == 0
    page = (here / "all/page.html").read_text(encoding="utf-8")
    assert {file["repository"] for file in _data(page)["files"]} == {"one", "second"}
    assert re.findall(r'data-repository="(\w+)"', page) == ["second", "one", "three"]


def test_the_state_is_what_is_to_do_whatever_the_exit_code(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.py").write_text("import tensorflow as tf\nx = tf.glorot_uniform_initializer()\n", encoding="utf-8")
    name = "runs/lr=0.1/a.json"
    assert main(["migrate", "--exit-zero", "--format", "json", "--output-file", name, "a.py"]) == 0
    capsys.readouterr()
    assert main(["report", name]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:3] == ["a", "to", "do"]
    assert main(["report", f"mine={name}"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("mine ")
    assert main(["report", "runs/lr=0.2/a.json"]) == 2
    assert "runs/lr=0.2/a.json cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(None, "cannot be read", id="missing"),
        pytest.param("{", "is no report of", id="no JSON"),
        pytest.param('{"tool": "compat-v1-init", "schema": 1, "files": []}', "is no report of", id="without counts"),
        pytest.param(
            '{"tool": "compat-v1-init", "schema": 1, "exit_code": 0, "files": [{"path": "a.py"}], '
            '"counts": {"files": 1, "same_numbers": 0, "needs_you": 0}}',
            "is no report of",
            id="a file without findings",
        ),
        pytest.param('{"tool": "other"}', "is no report of", id="another tool's"),
        pytest.param('{"tool": "compat-v1-init", "schema": 1, "findings": []}', "is no report of", id="a baseline"),
    ],
)
def test_what_is_no_report_is_refused(
    here: Path, text: str | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (here / "a.json").write_text(text, encoding="utf-8")
    assert main(["report", "a.json"]) == 2
    assert words in capsys.readouterr().err


def test_two_reports_of_one_name_are_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = _reports(here)
    assert main(["report", *reports, "one=out/two.json"]) == 2
    assert "2 reports are named 'one'" in capsys.readouterr().err


# --- The browser -----------------------------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver")
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("there is no Chromium with its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    # Without the last ones it first looks for hosts of its maker, which takes minutes where there are none.
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *quiet):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Callable[..., Any]:
    def shown(page: str, width: int = 1280, *, dark: bool = False, fragment: str = "") -> Any:
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        browser.get("about:blank")
        browser.get((tmp_path / "page.html").as_uri() + fragment)
        assert browser.get_log("browser") == []
        return browser

    return shown


def _many(count: int) -> Report:
    source = "".join(f"w{i} = tf.glorot_uniform_initializer(seed={i})\n" for i in range(100))
    outcomes = []
    for number in range(count // 100):
        sites = tuple(
            Place(
                Finding(
                    f"CVI00{1 + i % 3}", i + 1, 6, i + 1, 30, f"tf.glorot_uniform_initializer(seed={i})",
                    None if i % 10 == 0 else f"compat_v1_init.glorot_uniform_initializer(seed={i})",
                    Effect.NEEDS_YOU if i % 10 == 0 else Effect.SAME, f"Because of {number}.",
                )
            )
            for i in range(100)
        )  # fmt: skip
        after = source.replace("tf.", "compat_v1_init.")
        outcomes.append(changed(f"pkg{number % 7}/sub/m{number}.py", source.encode(), after.encode(), sites))
    return Report(tuple(outcomes), len(outcomes), "shim", TITLES)


def _set(browser: Any, name: str, value: str) -> float:
    """Sets a search or a choice, and returns how long the page took, in milliseconds."""
    script = """
        const field = document.getElementById(arguments[0]);
        const start = performance.now();
        field.value = arguments[1];
        field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input"));
        document.body.getBoundingClientRect();
        return performance.now() - start;
    """
    return float(browser.execute_script(script, name, value))


def _count(browser: Any) -> str:
    return str(browser.execute_script("return document.getElementById('shown').textContent"))


def test_five_thousand_findings_are_searched_and_filtered_at_once(show: Callable[..., Any]) -> None:
    browser = show(as_html(_many(5000)))
    assert _count(browser) == "5,000 of 5,000 places"
    assert browser.execute_script("return document.querySelectorAll('*').length") < 3000
    times = [_set(browser, "search", "seed=77)")]
    assert _count(browser) == "50 of 5,000 places"
    times.append(_set(browser, "search", ""))
    times.append(_set(browser, "rule", "CVI002"))
    assert _count(browser) == "1,650 of 5,000 places"
    times.append(_set(browser, "folder", "pkg3"))
    assert _count(browser) == "231 of 5,000 places"
    browser.execute_script("document.querySelector('[data-effect=\"needs you\"]').click()")
    assert _count(browser) == "21 of 5,000 places"
    # Measured: about 40. The bound is for a busy machine.
    assert min(times) < 500
    _set(browser, "search", "no such place")
    assert "No place matches." in browser.execute_script("return document.getElementById('list').innerText")
    _set(browser, "search", "")
    # The address keeps what was chosen.
    fragment = browser.execute_script("return location.hash")
    assert _count(show(as_html(_many(5000)), fragment=fragment)) == "21 of 5,000 places"


def test_all_findings_come_by_scrolling(show: Callable[..., Any]) -> None:
    browser = show(as_html(_many(300)))
    for _ in range(30):
        browser.execute_script("scrollTo(0, document.body.scrollHeight); dispatchEvent(new Event('scroll'))")
    assert browser.execute_script("return document.querySelectorAll('details.finding').length") == 300


def _contrast(browser: Any, selector: str) -> float:
    script = """
        const node = document.querySelector(arguments[0]);
        let back = node;
        while (back && getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") back = back.parentElement;
        return [getComputedStyle(node).color, getComputedStyle(back ?? document.body).backgroundColor];
    """
    light, dark = sorted(map(_luminance, browser.execute_script(script, selector)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_pages_fit_and_can_be_read(show: Callable[..., Any], width: int, dark: bool) -> None:
    browser = show(as_html(EVERY), width, dark=dark)
    browser.execute_script("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    browser.execute_script("return new Promise((done) => setTimeout(done, 50))")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    text = html.unescape(browser.execute_script("return document.body.innerText"))
    for words in ("A sentence.", "what to do", "new.name", "not valid utf-8"):
        assert words in text
    for selector in ("h1", ".subtitle", ".finding .effect", ".finding .place", ".body dt", ".code td", ".card span"):
        assert _contrast(browser, selector) >= 4.5, selector
    is_dark = _luminance(browser.execute_script("return getComputedStyle(document.body).backgroundColor")) < 0.1
    assert is_dark == dark
    browser.execute_script("document.getElementById('theme').click()")
    later = _luminance(browser.execute_script("return getComputedStyle(document.body).backgroundColor")) < 0.1
    assert later != dark


def test_a_table_is_searched_and_sorted(show: Callable[..., Any]) -> None:
    rows = [[f"name{i}", str(i), "float32" if i % 2 else "float64"] for i in (10, 9, 100, 1)]
    browser = show(table_page("t", "s", ["name", "size", "dtype"], rows, choose_by=["dtype"]), 390)

    def cells() -> list[str]:
        script = (
            "return [...document.querySelectorAll('tbody tr:not([hidden])')].map((row) => row.cells[1].textContent)"
        )
        return list(browser.execute_script(script))

    browser.execute_script("document.querySelectorAll('th button')[1].click()")
    assert cells() == ["1", "9", "10", "100"]
    browser.execute_script("document.querySelectorAll('th button')[1].click()")
    assert cells() == ["100", "10", "9", "1"]
    _set(browser, "search", "name1")
    assert (cells(), _count(browser)) == (["100", "10", "1"], "3 of 4")
    said = "const note = document.getElementById('nothing'); return note.hidden ? '' : note.innerText"
    assert browser.execute_script(said) == ""
    _set(browser, "search", "no such row")
    assert browser.execute_script(said) == "No row matches. Change the search or a choice."
    # What is wider than a phone is scrolled by the arrow keys, once it has the focus.
    browser.execute_script("document.querySelector('.scroll').focus()")
    assert browser.execute_script("return document.activeElement.className") == "scroll"
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
