"""What holds for every source: a second run changes nothing, the result parses, and only edited spans differ."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migrating import analyze

from compat_v1_init._migrate.findings import Refused, Target, apply

HEADS = [
    "import tensorflow as tf\n",
    "import tensorflow.compat.v1 as tf\n",
    '# -*- coding: utf-8 -*-\n"""Döc."""\nfrom __future__ import print_function\n\nimport tensorflow as tf  # noqa\n',
    "try:\n\timport tensorflow.compat.v1 as tf\nexcept ImportError:\n\timport tensorflow as tf\n",
    "try:\n  import tensorflow as tf  # maybe\nexcept ImportError:\n  tf = None\n",
    "import os, tensorflow as tf\nfrom tensorflow.contrib.layers import (a,\n  xavier_initializer as xavier,  # x\n)\n",
    "import tensorflow as tf\nfrom tensorflow.contrib import slim\nfrom tensorflow import glorot_uniform_initializer\n",
    "import tensorflow as tf\nfrom tensorflow import random_uniform as uniform, placeholder\n",
]
NAMES = [
    "tf.variance_scaling_initializer",
    "tf.compat.v1.glorot_normal_initializer",
    "tf.initializers.he_normal",
    "tf.uniform_unit_scaling_initializer",
    "tf.contrib.layers.xavier_initializer",
    "slim.variance_scaling_initializer",
    "xavier",
    "glorot_uniform_initializer",
    "tf.keras.initializers.he_normal",
    "tf.zeros_initializer",
    "mine.xavier_initializer",
    "tf.random_normal",
    "tf.compat.v1.truncated_normal",
    "uniform",
]
ARGUMENTS = [
    "()",
    "(2.0)",
    "(seed=1)",
    "(\n    dtype=tf.float32,  # one\n    seed=1,  # two\n    mode='fan_in'  # three\n  )",
    "(\n    # why\n    seed=s,\n    dtype=tf.float64,\n  )",
    "(uniform=False)",
    "(**k)",
    "(1.0, 'é')",
    "( factor = f(1, [2]) , mode='FAN_AVG')",
    "(distribution='normal', dtype=tf.float16)",
    "",
    "()([3, 4])",
    "(dtype=tf.float64)([3])",
]
PLACES = [
    "x = {}\n",
    "w = tf.get_variable('w', [3], initializer={})\n",
    "def f(a={}):\n  return a\n",
    "def f():\n\ti = {}\n\treturn tf.Variable(i([3]))  # ü\n",
    "class A(object):\n\n  i = {}\n\n  def f(self):\n    for j in self.i: tf.layers.dense(j, 3, bias_initializer={})\n",
    "with slim.arg_scope([slim.conv2d], weights_initializer={}): pass\n",
    "x = 'é'; y = [{} for tf in z]; t = {{'a': {}}}\n",
    "if a: b = {}\nelse: b = None  # compat-v1-init: ignore\n",
    '\x0c\nprint("""{}""")\n',
    "def f(tf):\n    return {}\n",
    "try:\n    c = {}\nexcept Exception:\n    del tf\n",
    "@{}\ndef g(): pass\n",
    "w = tf.Variable(0.1 * {}, name='w')\n",
    "a, n = {}, None\nv = tf.Variable(n or {})\n",
]
NEWLINES = ["\n", "\r\n", "\r"]
CODES = ["CVI001", "CVI002", "CVI011", "CVI012", "CVI101", "CVI207", "CVI302"]
SOME_CODES = st.sets(st.sampled_from(CODES))


@st.composite
def sources(draw: Any) -> str:
    """A program of the pieces above, with newlines of one kind or mixed, with or without the last."""
    site = st.builds(str.__add__, st.sampled_from(NAMES), st.sampled_from(ARGUMENTS))
    parts = [draw(st.sampled_from(HEADS))]
    places = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=5))
    parts += [place.format(*(draw(site) for _ in range(3))) for place in places]
    lines = "".join(parts).split("\n")
    kinds = draw(st.sampled_from([[newline] for newline in NEWLINES] + [NEWLINES]))
    text = "".join(line + kinds[number % len(kinds)] for number, line in enumerate(lines))
    return text if draw(st.booleans()) else text.rstrip("\r\n")


def comments(source: str) -> Counter[str]:
    """The comments but those that only tell a tool something about their line."""
    tokens = tokenize.generate_tokens(io.StringIO(source.replace("\r\n", "\n").replace("\r", "\n")).readline)
    return Counter(t.string for t in tokens if t.type == tokenize.COMMENT and t.string != "# noqa")


@pytest.mark.parametrize("to", ["shim", "keras"])
@settings(max_examples=250, deadline=None)
@given(
    source=sources(), asked=st.sets(st.sampled_from(["defaults", "samplers"])), ignore=st.sets(st.sampled_from(CODES))
)
def test_laws(to: Target, source: str, asked: set[str], ignore: set[str]) -> None:
    options: Any = {"to": to, **dict.fromkeys(asked, True), "ignore": frozenset(ignore)}
    analysis = analyze(source, **options)
    assert not ignore & {finding.code for finding in analysis.findings}
    result = apply(source, analysis.edits)
    ast.parse(result)
    assert not comments(source) - comments(result)
    again = analyze(result, **options)
    assert again.edits == ()
    assert all(finding.after in (None, finding.before) for finding in again.findings)
    # Only the spans of the edits differ: what is between them is in the result, in order.
    rest, position = result, 0
    for edit in analysis.edits:
        kept = source[position : edit.start]
        assert rest.startswith(kept)
        rest = rest[len(kept) :]
        assert rest.startswith(edit.text)
        rest, position = rest[len(edit.text) :], edit.end
    assert rest == source[position:]
    for finding in analysis.findings:
        assert (finding.after is None) == (not finding.effect.is_change)
        assert finding.before in source
        assert (finding.line, finding.column) < (finding.end_line, finding.end_column)
    assert {pair.finding for pair in analysis.pairs} <= set(analysis.findings)
    assert not {pair.finding for pair in analysis.pairs} & set(analysis.unprovable)


@settings(max_examples=300, deadline=None)
@given(source=st.text(alphabet=st.sampled_from("tf.glorot_uniform_initializer()[]{}:'\"\\\n\r\t #=,x`")) | st.text())
def test_any_text_costs_a_refusal_at_most(source: str) -> None:
    try:
        analyze(source, to="shim")
    except Refused as refusal:
        reason = refusal.reason
    else:
        return
    assert reason
