"""The lexer: f-strings of Python 3.12 are one token each, and any text is read in one pass."""

from __future__ import annotations

import sys

import pytest
from migrating import PLAIN, SHIM, migrated

from compat_v1_init._migrate.source.lexer import lex

FORMATTED = [
    pytest.param('f"{", ".join(parts)}"', id="its own quotes"),
    pytest.param('f"{x["a"]!r:>{w["b"]}}"', id="in a specification too"),
    pytest.param('f"{f"{f"{1}"}"}"', id="nested"),
    pytest.param('f"{{{x["a"]}}}"', id="doubled braces"),
    pytest.param('f"\\N{EN DASH}{x["a"]}"', id="a named character"),
    pytest.param('rf"\\{x["a"]}"', id="raw"),
    pytest.param("f'''{x['a']}\n'{y}' '''", id="three quotes"),
    pytest.param("f'{\n x['a']  # it's\n}'", id="a comment"),
    pytest.param('f"{(lambda x: "a")}"', id="a colon in parentheses"),
    pytest.param("f\"{'}'}\"", id="a brace in a string"),
    pytest.param('f"{x:%H:%M}"', id="colons"),
]


@pytest.mark.parametrize("text", FORMATTED)
def test_an_f_string_is_one_token(text: str) -> None:
    tokens = list(lex(f"a = {text} + 'b'  # c"))
    assert [token for kind, token, _ in tokens if kind in {"string", "comment"}] == [text, "'b'", "# c"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="before Python 3.12 this is no Python")
@pytest.mark.parametrize("text", FORMATTED)
def test_a_file_with_it_is_moved(text: str) -> None:
    source = f"{PLAIN}t = ({text}, [\n  1])\nx = tf.placeholder(1), tf.{{}}()\n"
    before, after = source.rsplit("tf.", 1)
    assert migrated(source.replace("{}()", "glorot_uniform_initializer()"), "shim") == (
        SHIM + before + "compat_v1_init." + after.replace("{}()", "glorot_uniform_initializer()")
    )


@pytest.mark.parametrize(
    "text", ['f"{' * 300, "f'{x['", "f'{'}" * 300, 'f"{x:"', 'f"}"', 'f"{a', "f'''{", 'f"{x:\n}"', "rf'\\"]
)
def test_any_text_is_read_whole(text: str) -> None:
    assert "".join(token for _, token, _ in lex(text)) == text
