"""Notebooks: cells become one source, and its edits move only the bytes of the strings that they change."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compat_v1_init._migrate.findings import Edit, Goal, Refused, apply
from compat_v1_init._migrate.one_file import Job, outcome_of
from compat_v1_init._migrate.source.magics import mask
from compat_v1_init._migrate.source.notebooks import Notebook, code_cells, parse

if TYPE_CHECKING:
    from compat_v1_init._migrate.outcomes import Outcome


def _code(source: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _text(*sources: Any, indent: int | None = 1, ensure_ascii: bool = False) -> str:
    cells = [source if isinstance(source, dict) else _code(source) for source in sources]
    content = {"cells": cells, "metadata": {"z": 1, "a": 2}, "nbformat": 4, "nbformat_minor": 2}
    return json.dumps(content, indent=indent, ensure_ascii=ensure_ascii) + "\n"


def _after(text: str, *changes: tuple[str, str]) -> str:
    """Returns the notebook with parts of its joined source replaced."""
    notebook = Notebook(text)
    edits = []
    for old, new in changes:
        start = notebook.joined.index(old)
        edits.append(Edit(start, start + len(old), new))
    return apply(text, notebook.edits(sorted(edits, key=lambda edit: edit.start)))


def _sources(text: str) -> list[Any]:
    return [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


# --- Finding the strings ---------------------------------------------------------------------------------------------

STYLES = [
    pytest.param({"indent": 1}, id="nbformat's"),
    pytest.param({"indent": 4}, id="indent 4"),
    pytest.param({"indent": None}, id="one line"),
    pytest.param({"ensure_ascii": True}, id="ASCII"),
]

SOURCES: list[Any] = [
    ["a = 1\n", 'b = "é\\n\\"😀\\""\n', "c = 3"],
    "a = 1\nb = 'é'\nc = 3",
    [],
    "",
    ["", "x = 1\n", "", "y = 2"],
]


@pytest.mark.parametrize("style", STYLES)
def test_the_strings_are_found_where_they_are(style: dict[str, Any]) -> None:
    outputs = {**_code(["k = 1"]), "outputs": [{"cell_type": "code", "source": ["not a cell\n"], "text": "{[,"}]}
    text = _text({"cell_type": "markdown", "source": ["# a\n"]}, *SOURCES, outputs, **style)
    cells = code_cells(text, parse(text))
    assert [cell.source for cell in cells] == [
        "".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"
    ]
    assert [cell.number for cell in cells] == [2, 3, 4, 5, 6, 7]
    for cell in cells:
        assert "".join(json.loads(text[start:end]) for start, end in cell.strings) == cell.source


def test_format_3() -> None:
    cells = [
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python", "outputs": []},
        {"cell_type": "code", "input": "z = 3", "outputs": []},
        {"cell_type": "code", "input": "puts 1", "language": "ruby"},
        {"cell_type": "markdown", "source": "x"},
    ]
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells[:1]}, {"cells": cells[1:]}]}, indent=2)
    assert Notebook(text).joined == "x = 1\ny = 2\nz = 3\n"
    assert _after(text, ("3", "33"), ("2", "22")) == text.replace("y = 2", "y = 22").replace("z = 3", "z = 33")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "not valid JSON", id="empty"),
        pytest.param('{"cells": [', "not valid JSON", id="cut off"),
        pytest.param("<<<<<<< HEAD\n{}", "not valid JSON", id="conflict"),
        pytest.param("[]", "no list of cells", id="a list"),
        pytest.param('{"nbformat": 4}', "no list of cells", id="no cells"),
        pytest.param('{"cells": {}}', "no list of cells", id="cells are an object"),
        pytest.param('{"cells": [{"source": "a", "source": "b"}]}', "two members of the same name", id="twins"),
        pytest.param('{"cells": ' + "[" * 100_000, "nested too deeply|not valid JSON", id="deep"),
    ],
)
def test_what_is_no_notebook_is_refused(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        Notebook(text)


def test_the_line_of_broken_json_is_told() -> None:
    with pytest.raises(Refused) as caught:
        Notebook('{\n "cells": [\n  {"a": }\n ]\n}')
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "cell", [1, None, {}, {"cell_type": "code"}, _code(None), _code([1]), _code({"a": 1})], ids=repr
)
def test_an_odd_cell_is_passed_over(cell: Any) -> None:
    text = json.dumps({"cells": [cell, _code("x = 1")]})
    assert Notebook(text).joined == "x = 1\n"


# --- Editing ---------------------------------------------------------------------------------------------------------

EDITS = [
    pytest.param(["a = 1\n", "b = 2"], ("2", "33"), ["a = 1\n", "b = 33"], id="in a line"),
    pytest.param("a = 1\nb = 2", ("2", "33"), "a = 1\nb = 33", id="in one string"),
    pytest.param(["a = 1\n", "b = 2"], ("b", "c = 0\nb"), ["a = 1\n", "c = 0\n", "b = 2"], id="a line more"),
    pytest.param(["b = 2"], ("b", "c = 0\nb"), ["c = 0\n", "b = 2"], id="a line before the only one"),
    pytest.param("b = 2", ("b", "c = 0\nb"), "c = 0\nb = 2", id="a line more in one string"),
    pytest.param(["a = 1\n", "b = 2\n", "c = 3"], ("b = 2\n", ""), ["a = 1\n", "c = 3"], id="a line less"),
    pytest.param(["a = 1\n", "b = 2\n", "c = 3"], ("a = 1\n", ""), ["b = 2\n", "c = 3"], id="the first line less"),
    pytest.param(["a = 1\n", "b = 2"], ("b = 2\n", ""), ["a = 1"], id="the last line less"),
    pytest.param(["a = 1"], ("a = 1\n", ""), [""], id="the only line less"),
    pytest.param("a = 1", ("a = 1\n", ""), "", id="the only string less"),
    pytest.param(["f(1,\n", "  2,\n", "  3)"], ("(1,\n  2,\n  3)", "(4)"), ["f(4)"], id="lines become one"),
    pytest.param(["f(1)\n", "b"], ("1", "\n 1,\n"), ["f(\n", " 1,\n", ")\n", "b"], id="a line becomes three"),
    pytest.param(["a\n", "", "b\n", "c"], ("b", "d"), ["a\n", "", "d\n", "c"], id="an empty string stays"),
    pytest.param(["a\nb\n", "c"], ("c", "d"), ["a\nb\n", "d"], id="two lines in one string stay"),
    pytest.param(["a", "b\n", "c"], ("c", "d"), ["a", "b\n", "d"], id="half a line in a string stays"),
    pytest.param(["a = 'é'\n"], ("a", "'ü'"), ["'ü' = 'é'\n"], id="other letters"),
    pytest.param(["a = 1\r\n", "b = 2"], ("b", "c\r\nb"), ["a = 1\r\n", "c\r\n", "b = 2"], id="CRLF"),
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("source", "change", "expected"), EDITS)
def test_an_edit_changes_its_strings_alone(
    source: Any, change: tuple[str, str], expected: Any, style: dict[str, Any]
) -> None:
    other = ["x = '\\u00e9 é'\n"]
    before, after = _text(other, source, other, **style), _text(other, expected, other, **style)
    if style.get("ensure_ascii") and isinstance(source, list) and "ü" in change[1]:
        after = after.replace("ü", "\\u00fc")
    if expected == [""]:
        # JSON of an empty list would move more.
        assert _sources(_after(before, change)) == [other, [""], other]
    else:
        assert _after(before, change) == after


@pytest.mark.parametrize(("source", "change", "expected"), EDITS)
def test_a_file_with_the_newlines_of_windows_keeps_them(source: Any, change: tuple[str, str], expected: Any) -> None:
    before = _text(["k = 9\n"], source, indent=1).replace("\n", "\r\n")
    after = _after(before, change)
    assert after.count("\n") == after.count("\r\n")
    assert _sources(after) == [["k = 9\n"], expected]


@pytest.mark.parametrize(
    ("metadata", "is_python"),
    [
        pytest.param({}, True, id="not named"),
        pytest.param(None, True, id="no metadata"),
        pytest.param({"language_info": {"name": "python"}}, True, id="python"),
        pytest.param({"kernelspec": {"language": "python"}}, True, id="kernel"),
        pytest.param({"kernelspec": {"name": "python3"}}, True, id="kernel without language"),
        pytest.param({"language_info": {"name": "R"}, "kernelspec": {"language": "python"}}, False, id="R"),
        pytest.param({"kernelspec": {"language": "julia"}}, False, id="julia"),
        pytest.param({"language_info": "python", "kernelspec": []}, True, id="odd"),
    ],
)
def test_a_notebook_of_another_language_has_no_cells_of_ours(metadata: Any, is_python: bool) -> None:
    text = json.dumps({"cells": [_code("x = 1")], "metadata": metadata})
    assert Notebook(text).joined == ("x = 1\n" if is_python else "")


def test_escapes_outside_of_an_edit_stay_as_they_are_written() -> None:
    line = r'"a = 1 \u002f \/ \u00E9 \ud83d\ude00 \u0009 é 😀\n"'
    text = _text(["LINE\n", "b"]).replace('"LINE\\n"', line)
    assert json.loads(line) == "a = 1 / / é 😀 \t é 😀\n"
    # A form that Python would not write; the cell is not valid Python, so that only the strings are tried here.
    notebook = Notebook(text)
    cell = notebook.cells[0]
    assert cell.problem is not None
    cell.problem = None
    edits = notebook._in_file(cell, [Edit(4, 5, "2"), Edit(len(cell.source) - 1, len(cell.source), "c")])
    assert apply(text, tuple(edits)) == text.replace("a = 1", "a = 2").replace('"b"', '"c"')


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([["import a"], ["x"]], [["import a\n", "import b"], ["x"]], id="after the last line of a cell"),
        pytest.param([["import a\n"], ["x"]], [["import a\n", "import b\n"], ["x"]], id="which ends with a newline"),
        pytest.param(
            [["import a"], ["%%time\n", "x"]], [["import a\n", "import b"], ["%%time\n", "x"]], id="not before a magic"
        ),
        pytest.param(["import a", "x"], ["import a\nimport b", "x"], id="one string"),
        pytest.param([["import a"]], [["import a\n", "import b"]], id="the last cell"),
    ],
)
def test_a_new_line_between_cells_belongs_to_the_first(cells: list[Any], expected: list[Any]) -> None:
    text = _text(*cells)
    notebook = Notebook(text)
    at = notebook.joined.index("import a") + len("import a\n")
    assert _sources(apply(text, notebook.edits([Edit(at, at, "import b\n")]))) == expected


def test_the_only_line_of_a_cell_becomes_another() -> None:
    text = _text(["%matplotlib inline\n", "import a"], ["x"])
    notebook = Notebook(text)
    start = notebook.joined.index("import a")
    end = start + len("import a\n")
    edits = notebook.edits([Edit(start, end, ""), Edit(end, end, "import b\n")])
    assert _sources(apply(text, edits)) == [["%matplotlib inline\n", "import b"], ["x"]]


def test_a_new_first_line_goes_behind_a_magic() -> None:
    text = _text(["%%time\n", "x = 1"])
    notebook = Notebook(text)
    assert notebook.joined == "x = 1\n"
    after = apply(text, notebook.edits([Edit(0, 0, "import b\n")]))
    assert _sources(after) == [["%%time\n", "import b\n", "x = 1"]]


def test_an_edit_over_the_end_of_a_cell_is_refused() -> None:
    notebook = Notebook(_text("a = 1", "b = 2"))
    with pytest.raises(Refused, match="from one cell into the next"):
        notebook.edits([Edit(2, 8, "")])


_LINES = st.lists(st.sampled_from(["a = 1\n", "b = 'é'\n", "if a:\n    b = 2\n", "\n", "# 😀\n"]), max_size=5)


@given(
    cells=st.lists(_LINES, min_size=1, max_size=4),
    as_string=st.booleans(),
    seed=st.integers(0, 10_000),
    style=st.sampled_from([style.values[0] for style in STYLES]),
)
def test_any_edits_give_the_source_that_they_give(
    cells: list[list[str]], as_string: bool, seed: int, style: dict[str, Any]
) -> None:
    text = _text(*("".join(lines) if as_string else lines for lines in cells), **style)
    notebook = Notebook(text)
    pick = random.Random(seed)  # noqa: S311 - no secret
    edits: list[Edit] = []
    for cell in notebook.cells:
        position = 0
        for _ in range(pick.randrange(4) if cell.source else 0):
            start = pick.randint(position, len(cell.source))
            end = pick.randint(start, min(len(cell.source), start + 8))
            new = pick.choice(["", "z", "z\n", "ü\nz", "\n", '"\\'])
            # What belongs to the cell before or behind is tried above.
            if (start, end) != (0, 0) and start < len(cell.source) and start >= position:
                edits.append(Edit(cell.start + start, cell.start + end, new))
            position = end + 1
            if position > len(cell.source):
                break
    after = apply(text, notebook.edits(edits))
    joined = apply(notebook.joined, tuple(edits))
    changed = json.loads(after)
    # A cell ends where its code ends; the joined source has one line break more for each cell that has any code.
    whole = ""
    for cell, new in zip(notebook.cells, changed["cells"]):
        whole += "".join(new["source"]) + ("\n" if cell.source else "")
    assert whole == joined
    for cell in changed["cells"]:
        cell["source"] = None
    original = json.loads(text)
    for cell in original["cells"]:
        cell["source"] = None
    assert changed == original
    if not edits:
        assert after == text


# --- Magics ----------------------------------------------------------------------------------------------------------

MASKED = [
    pytest.param("%matplotlib inline\nx = 1\n", "0                 \nx = 1\n", id="line magic"),
    pytest.param("!pip install x\n", "0             \n", id="shell"),
    pytest.param("?x\n", "0 \n", id="help before"),
    pytest.param("x.y?\n", "0   \n", id="help behind"),
    pytest.param("x??", "0  ", id="more help"),
    pytest.param("if x:\n    %time y\n    !ls\n", "if x:\n    0      \n    0  \n", id="indented"),
    pytest.param("files = !ls\n", "files = 0  \n", id="shell value"),
    pytest.param("a, b = %time f()\n", "a, b = 0        \n", id="magic value"),
    pytest.param("!ls \\\n  -l\nx\n", "0    \n    \nx\n", id="goes on"),
    pytest.param("x = (1\n  % 2)\n", "x = (1\n  % 2)\n", id="a remainder is no magic"),
    pytest.param("!ls\nx = (1\n  % 2)\n", "0  \nx = (1\n  % 2)\n", id="a remainder beside a magic"),
    pytest.param("'''\n%time\n'''\n", "'''\n%time\n'''\n", id="in a string"),
    pytest.param("!echo it's {\nx = 1\n", "0           \nx = 1\n", id="a quote in a magic"),
    pytest.param("%time x\r\ny = 1\r\n", "0      \r\ny = 1\r\n", id="CRLF"),
]


@pytest.mark.parametrize(("source", "masked"), MASKED)
def test_mask(source: str, masked: str) -> None:
    assert mask(source) == (masked, None)
    assert len(source) == len(masked)


@pytest.mark.parametrize("source", ["print 1 2\n", "x = \n", "!ls\nx = (\n", "if x:\n", "/f x\n", "\0"], ids=repr)
def test_what_does_not_parse_stays_an_error(source: str) -> None:
    assert mask(source)[1] is not None


@pytest.mark.parametrize(
    ("first", "is_python"),
    [
        ("%%time\n", True),
        ("%%timeit -n 1\n", True),
        ("%%capture out\n", True),
        ("%%bash\n", False),
        ("%%html\n", False),
        ("%%writefile a.py\n", False),
        ("%%script python\n", False),
        ("\n%%bash\n", False),
    ],
)
def test_cell_magics(first: str, is_python: bool) -> None:
    notebook = Notebook(_text(first + "x = 1\n", "y = 2\n"))
    assert notebook.joined == ("x = 1\n\n" if is_python else "") + "y = 2\n\n"


def test_a_broken_cell_is_left_out_and_named() -> None:
    notebook = Notebook(_text("a = 1", "print = 'x", "b = 2", "\n\nc = = 3"))
    assert notebook.joined == "a = 1\nb = 2\n"
    problems = [(cell.number, cell.problem_line) for cell in notebook.cells if cell.problem]
    assert problems == [(2, 1), (4, 3)]


def test_places_are_those_of_the_cell_and_of_the_file() -> None:
    text = _text({"cell_type": "markdown", "source": "x"}, ["%%time\n", "a = 1\n", "b = 2"], "c = 3\nd = 4")
    notebook = Notebook(text)
    lines = text.split("\n")
    for line, (number, within, written) in enumerate(
        [(2, 2, "a = 1"), (2, 3, "b = 2"), (3, 1, "c = 3"), (3, 2, "c = 3")], 1
    ):
        cell, found = notebook.place(line)
        assert (cell.number, found) == (number, within)
        assert written in lines[notebook.file_line(cell, found) - 1]


# --- What is not read as Python --------------------------------------------------------------------------------------

_IMPORT = "import tensorflow.compat.v1 as tf\n"
_USE = "x = tf.glorot_uniform_initializer()\n"
_RUNS_WITH_ALL = "%run -i other.py\n"
UNREAD = [
    pytest.param("%time tf.zeros([1])", id="a line of magic"),
    pytest.param("%timeit -n 1 tf.zeros([1])", id="a line of magic with options"),
    pytest.param("y = 1\nz = %time tf.zeros([1])", id="the value of a magic"),
    pytest.param("if x:\n    %time tf.zeros([1])", id="in a block"),
    pytest.param("!echo {tf.__version__}", id="a shell line"),
    pytest.param("!echo $tf", id="a variable in a shell line"),
    pytest.param("f = !ls {tf.__file__}", id="the value of a shell line"),
    pytest.param("!ls \\\n  {tf.__file__}", id="a shell line that goes on"),
    pytest.param("tf.zeros?", id="help"),
    pytest.param("?tf.zeros", id="help before the name"),
    pytest.param("%%timeit tf.zeros([1])\npass", id="the first line of timeit"),
    pytest.param("%%bash -s {tf.__version__}\necho $1", id="the first line of a shell cell"),
    pytest.param("%%writefile {tf.__name__}.txt\nx", id="the first line of a file"),
    pytest.param(_RUNS_WITH_ALL, id="a script that sees the notebook's names"),
    pytest.param("%load other.py", id="code that is loaded into the cell"),
    pytest.param("%store tf", id="a name that is stored"),
    pytest.param("print tf.zeros([1])", id="Python 2"),
    pytest.param("y = = tf.zeros([1])", id="a cell that does not parse"),
    pytest.param("/print tf.zeros", id="a line that IPython calls"),
]


def _migrated_notebook(*sources: Any, to: Any = "shim") -> tuple[list[Any], Outcome]:
    outcome = outcome_of(Job("a.ipynb", "notebook", _text(*sources).encode()), Goal(to))
    after = outcome.before if outcome.after is None else outcome.after
    return _sources(after.decode()), outcome


@pytest.mark.parametrize("to", ["shim", "keras"])
@pytest.mark.parametrize("as_list", [False, True], ids=["a string", "a list"])
@pytest.mark.parametrize("cell", UNREAD)
def test_what_is_not_read_may_use_an_import(cell: str, as_list: bool, to: str) -> None:
    sources: list[Any] = [_IMPORT, _USE, cell]
    if as_list:
        sources = [source.splitlines(keepends=True) for source in sources]
    after, _ = _migrated_notebook(*sources, to=to)
    assert _IMPORT in "".join(after[0])
    assert "".join(after[2]) == cell


def test_an_import_that_nothing_uses_goes() -> None:
    after, outcome = _migrated_notebook(_IMPORT, _USE, "!pip install tensorflow\n%matplotlib inline")
    assert _IMPORT not in "".join(after)
    assert outcome.skipped == ()


NAMED = [
    pytest.param("y = = tf.zeros([1])", 1, id="a broken cell that keeps an import"),
    pytest.param("y = = tf.glorot_uniform_initializer()", 1, id="a broken cell that names an initializer"),
    pytest.param("y = 1\n%time tf.glorot_uniform_initializer()", 2, id="magic that names an initializer"),
    pytest.param("y = %time tf.initializers.he_normal()", 1, id="the value of a magic that names one"),
    pytest.param("%%writefile net.py\nx = slim.xavier_initializer()", 2, id="a file that names an initializer"),
    pytest.param("y = = 1", None, id="a broken cell that does not matter"),
    pytest.param("%time tf.zeros([1])", None, id="magic that needs no person"),
    pytest.param("%time compat_v1_init.glorot_uniform_initializer()", None, id="magic that was changed"),
    pytest.param("%time tf.glorot_uniform_initializer()  # compat-v1-init: ignore", None, id="magic that is marked"),
    pytest.param("!python train.py --init he_normal", None, id="a word for another program"),
]


@pytest.mark.parametrize(("cell", "line"), NAMED)
def test_a_cell_that_is_not_read_is_named_if_it_matters(cell: str, line: int | None) -> None:
    _, outcome = _migrated_notebook(_IMPORT, _USE, cell)
    assert [(problem.cell, problem.line) for problem in outcome.skipped] == ([] if line is None else [(3, line)])


def test_cells_of_python_2_are_moved() -> None:
    sources = [
        "import tensorflow as tf\nprint 'a'",
        "%time\nw = tf.get_variable('w', [3], initializer=tf.contrib.layers.xavier_initializer())\nprint `w`",
        "x = 1 print",
    ]
    outcome = outcome_of(Job("a.ipynb", "notebook", _text(*sources).encode()), Goal())
    assert outcome.after is not None
    assert b"compat_v1_init.contrib.xavier_initializer()" in outcome.after
    assert b"print `w`" in outcome.after
