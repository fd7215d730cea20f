"""Python 2 is read as Python 3 of the same length, and rewritten in place."""

from __future__ import annotations

import ast

import pytest
from migrating import PLAIN, SHIM, analyze, migrated

from compat_v1_init._migrate.findings import Refused
from compat_v1_init._migrate.source.python2 import as_python3

PYTHON2 = [
    pytest.param("print 'a'", id="print"),
    pytest.param("print'a'", id="print without a space"),
    pytest.param("print 'a' % b, c,", id="print with a comma at the end"),
    pytest.param("print 'a'; print 'b'", id="two prints"),
    pytest.param("if a: print 'b'\nelse: print 'c'", id="print on the line of an if"),
    pytest.param("def f(x): print x", id="print on the line of a def"),
    pytest.param("print not a", id="print of a negation"),
    pytest.param("print lambda x: x", id="print of a lambda"),
    pytest.param("print 'a'\nprint >>f, 'b' % c,", id="print to a file"),
    pytest.param("print\nprint 'a'", id="an empty print"),
    pytest.param("exec code in namespace", id="exec"),
    pytest.param("try: pass\nexcept A, e: pass", id="except"),
    pytest.param("try: pass\nexcept (A, B), e: print e", id="except of a tuple"),
    pytest.param("raise A, 'b'", id="raise"),
    pytest.param("raise A, 'b', c", id="raise with a traceback"),
    pytest.param("a = b <> c", id="unequal"),
    pytest.param("a = `b`", id="backticks"),
    pytest.param("a = 0777", id="an octal number"),
    pytest.param("a = 10L + 0xFFl", id="long numbers"),
    pytest.param("a = ur'b'", id="a raw unicode string"),
    pytest.param("a = lambda (b, c): b", id="a lambda's tuple"),
    pytest.param("def f(a, (b, c)): pass", id="a function's tuple"),
    pytest.param("f(async=True)", id="async as a keyword"),
    pytest.param("def f():\n\tif a:\n\t    b = 1\n            c = 2\n        return c", id="a tab as eight spaces"),
    pytest.param("class A:\n\tdef f(self):\n\t    b = 1\n            return (\n  b)", id="in a method"),
    pytest.param("if a:\n\t\tb = 1\n    \t\tc = 2\n# d\n                e = 3", id="a tab after spaces"),
]


@pytest.mark.parametrize("source", PYTHON2)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_reads_and_rewrites(source: str, newline: str) -> None:
    source = source.replace("\n", newline)
    with pytest.raises(SyntaxError):
        ast.parse(source)
    python3 = as_python3(source)
    assert python3 is not None
    assert len(python3) == len(source)
    ast.parse(python3)
    use = "x = tf.{}()" + newline + "tf.no_op()" + newline
    plain, shim = (text.replace("\n", newline) for text in (PLAIN, SHIM))
    before = plain + source + newline + use.format("glorot_uniform_initializer")
    assert migrated(before, "shim") == (
        shim + plain + source + newline + use.format("__").replace("tf.__", "compat_v1_init.glorot_uniform_initializer")
    )


@pytest.mark.parametrize("expression", ["tf.glorot_uniform_initializer()", "1, tf.glorot_uniform_initializer()"])
def test_what_is_printed_is_rewritten(expression: str) -> None:
    after = expression.replace("tf.", "compat_v1_init.")
    assert migrated(f"{PLAIN}print {expression}\ntf.no_op()\n", "shim") == f"{SHIM}{PLAIN}print {after}\ntf.no_op()\n"


PYTHON3 = [
    "print('a')",
    "print (a), b",
    "print -1",
    "print >> f",
    "except_ = 1",
    "a = 'print b'  # print c",
    "x = 0",
    "a[0]",
]


@pytest.mark.parametrize("source", PYTHON3)
def test_python_3_stays(source: str) -> None:
    assert as_python3(source) is None


BROKEN = [
    pytest.param("x = (\n", "cannot parse", 1, id="an open bracket"),
    pytest.param("def f(:\n  pass\n", "invalid syntax", 1, id="a broken def"),
    pytest.param("a = 1\n  b = 2\n", "unexpected indent", 2, id="indentation"),
    pytest.param("print 'a'\nx = (\n", "cannot parse", None, id="Python 2 that is broken"),
    pytest.param("x = 'a\n", "cannot parse", 1, id="an open string"),
    pytest.param("x = 1\x00\n", "null", None, id="a null byte"),
    pytest.param("x = '\ud800'\n", "cannot parse", None, id="a lone surrogate"),
    pytest.param("<<<<<<< HEAD\nx = 1\n", "invalid syntax", 1, id="a merge conflict"),
]


@pytest.mark.parametrize(("source", "text", "line"), BROKEN)
def test_what_is_neither_is_refused(source: str, text: str, line: int | None) -> None:
    with pytest.raises(Refused, match=text) as caught:
        analyze(source, to="shim")
    assert line is None or caught.value.line == line


NESTED = [
    pytest.param("x = " + "(" * 5000 + ")" * 5000, id="parentheses"),
    pytest.param("x = " + "[" * 100000, id="open brackets"),
    pytest.param("x = " + "-" * 100000 + "1", id="signs"),
    pytest.param("x = " + "not " * 100000 + "1", id="negations"),
    pytest.param("x = " + "1+" * 100000 + "1", id="a sum"),
    pytest.param("x = a" + ".a" * 100000, id="attributes"),
    pytest.param("x = " + "lambda: " * 20000 + "1", id="lambdas"),
    pytest.param("x = " + "1 if a else " * 20000 + "1", id="choices"),
    pytest.param("x = " + "f(" * 3000 + ")" * 3000, id="calls"),
    pytest.param("x = a" + "[0]" * 50000, id="subscripts"),
    pytest.param("x = a" + "()" * 50000, id="calls of calls"),
    pytest.param("".join(" " * i + "if x:\n" for i in range(1000)) + " " * 1000 + "pass", id="blocks"),
    pytest.param("if x: pass\n" + "elif x: pass\n" * 20000, id="elif"),
    pytest.param("x = a" + " and a" * 50000 + " or b" * 50000, id="flat, which is no nesting"),
    pytest.param("x = [" + "-1, " * 100000 + "]", id="a long list, which is no nesting"),
    pytest.param("x = '" + "a" * 2000000 + "'", id="a long string"),
    pytest.param("\\\n" * 50000 + "x = 1", id="continued lines"),
]


@pytest.mark.parametrize("source", NESTED)
@pytest.mark.slow
def test_deep_nesting_costs_an_answer_at_most(source: str) -> None:
    try:
        analysis = analyze(f"import tensorflow as tf\n{source}\n", to="shim")
    except Refused:
        return
    assert analysis.edits == ()
