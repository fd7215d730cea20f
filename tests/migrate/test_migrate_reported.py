"""CVI201 to CVI208: what is left for a person."""

from __future__ import annotations

import sys

import pytest
from migrating import PLAIN, analyze, reported

from compat_v1_init._migrate.decide.text import analyze_text
from compat_v1_init._migrate.findings import Effect, apply

REPORTED = [
    pytest.param("tf = wrap(tf)\nx = tf.glorot_uniform_initializer()", ["CVI202"], id="TensorFlow wrapped"),
    pytest.param("if x: tf = other\ny = tf.glorot_uniform_initializer()", ["CVI202"], id="bound to something else too"),
    pytest.param("for tf in x: pass\ny = tf.glorot_uniform_initializer()", ["CVI202"], id="a loop at module level"),
    pytest.param(
        "if x: i = tf.initializers\nelse: i = tf.keras.initializers\ny = i.he_normal()",
        ["CVI202"],
        id="TF1's or Keras'",
    ),
    pytest.param("tf.glorot_uniform_initializer = mine", ["CVI206"], id="assigned"),
    pytest.param("del tf.glorot_uniform_initializer", ["CVI206"], id="deleted"),
    pytest.param(
        "x = getattr(tf.compat.v1.initializers, n); y = 'xavier_initializer'", ["CVI205", "CVI207"], id="computed"
    ),
    pytest.param("x = getattr(tf, 'glorot_uniform_initializer', None)", ["CVI205"], id="getattr with a default"),
    pytest.param("x = hasattr(tf, 'glorot_uniform_initializer')", ["CVI207"], id="hasattr"),
    pytest.param("x = globals()['tf'].glorot_uniform_initializer()", ["CVI204"], id="by globals"),
    pytest.param("x = sys.modules['tensorflow'].glorot_uniform_initializer()", ["CVI204"], id="by sys.modules"),
    pytest.param("x = get_tf().contrib.layers.xavier_initializer()", ["CVI204"], id="by a function"),
    pytest.param("x = mine().glorot_uniform_initializer()", [], id="a method of something else"),
    pytest.param(
        "from tensorflow.python.ops.init_ops import *\nx = VarianceScaling()", ["CVI204"], id="a class by a star"
    ),
    pytest.param("from tensorflow.keras.initializers import *\nx = he_normal()", ["CVI204"], id="Keras by a star"),
    pytest.param(
        "from tensorflow.keras.initializers import *\ntf.random.set_seed(1)\nx = he_normal()", [], id="TF2's by a star"
    ),
    pytest.param("from mine import *\nx = he_normal()", [], id="another module by a star"),
    pytest.param("x = 'variance_scaling_initializer'", ["CVI207"], id="a string"),
    pytest.param("x = {'init': 'tf.contrib.layers.xavier_initializer'}", ["CVI207"], id="a dotted string"),
    pytest.param("x = 'tf.initializers.he_normal'", ["CVI207"], id="a dotted string of tf"),
    pytest.param("x = \"variance_scaling_initializer(mode='fan_in')\"", ["CVI207"], id="a call in a string"),
]


@pytest.mark.parametrize(("source", "codes"), REPORTED)
def test_reported(source: str, codes: list[str]) -> None:
    assert reported(f"{PLAIN}{source}\n") == codes


CHOICES = [
    pytest.param("if kind == 'variance_scaling_initializer': x = INIT", id="compared with"),
    pytest.param("if 'variance_scaling_initializer' == kind: x = INIT", id="compared the other way round"),
    pytest.param("if kind != 'variance_scaling_initializer': pass\nelse: x = INIT", id="not equal"),
    pytest.param("if kind in ('variance_scaling_initializer', 'b'): x = INIT", id="one of several"),
    pytest.param("x = INIT if 'variance_scaling_initializer' in kind else None", id="part of a text"),
    pytest.param("assert kind == 'variance_scaling_initializer'\nx = INIT", id="asserted"),
    pytest.param("x = {'variance_scaling_initializer': INIT}[kind]", id="the key of a dict"),
    pytest.param("x = {'variance_scaling_initializer': lambda: INIT}", id="the key of a dict of functions"),
    pytest.param("x = {}\nx['variance_scaling_initializer'] = INIT", id="a key that is added"),
    pytest.param(
        "x = dict(variance_scaling_initializer=INIT)\ny = x['variance_scaling_initializer']", id="the keyword of a dict"
    ),
    pytest.param(
        "x.update(variance_scaling_initializer=INIT)\ny = x.get('variance_scaling_initializer')", id="of an update"
    ),
    pytest.param("K = 'variance_scaling_initializer'\nif kind == K: x = INIT", id="a constant compared with"),
    pytest.param("KS = ['variance_scaling_initializer']\nif kind in KS: x = INIT", id="constants compared with"),
    pytest.param(
        "class K(Enum):\n    A = 'variance_scaling_initializer'\nif kind == K.A: x = INIT", id="a member compared with"
    ),
    pytest.param("if kind.startswith('variance_scaling_initializer'): x = INIT", id="the start of a text"),
    pytest.param("registry.register('variance_scaling_initializer', INIT)", id="registered"),
    pytest.param("x.setdefault('variance_scaling_initializer', lambda: INIT)", id="set as a default"),
    pytest.param("@register('variance_scaling_initializer')\ndef f():\n    return INIT", id="a decorator"),
    pytest.param(
        "def f(kind='variance_scaling_initializer'):\n    if kind == 'variance_scaling_initializer': return INIT",
        id="the default of what is compared",
    ),
    pytest.param(
        "p.add_argument('-i', default='variance_scaling_initializer')\n"
        "if p.i == 'variance_scaling_initializer': x = INIT",
        id="an option of what is compared",
    ),
]


@pytest.mark.parametrize("source", CHOICES)
def test_a_string_that_the_file_chooses_by_is_its_own(source: str) -> None:
    source = f"{PLAIN}tf.no_op()\n{source.replace('INIT', 'tf.variance_scaling_initializer()')}\n"
    analysis = analyze(source, to="shim")
    assert {finding.effect for finding in analysis.findings} == {Effect.SAME}
    assert analyze(apply(source, analysis.edits), to="shim").findings == ()


CASES = [
    pytest.param("case 'variance_scaling_initializer': x = INIT", id="a case"),
    pytest.param("case 'b' | 'variance_scaling_initializer': x = INIT", id="one of several"),
    pytest.param("case ['variance_scaling_initializer', scale]: x = INIT", id="in a sequence"),
    pytest.param("case {'kind': 'variance_scaling_initializer'}: x = INIT", id="the value of a key"),
    pytest.param("case {'variance_scaling_initializer': scale}: x = INIT", id="a key"),
    pytest.param("case Config(kind='variance_scaling_initializer'): x = INIT", id="in a class"),
    pytest.param("case ('variance_scaling_initializer' as k) if k: x = INIT", id="with a name"),
]


@pytest.mark.skipif(sys.version_info < (3, 10), reason="has no match statement")
@pytest.mark.parametrize("case", CASES)
def test_a_string_in_a_pattern_is_the_files_own(case: str) -> None:
    source = f"{PLAIN}tf.no_op()\nmatch kind:\n  {case.replace('INIT', 'tf.variance_scaling_initializer()')}\n"
    analysis = analyze(source, to="shim")
    assert {finding.effect for finding in analysis.findings} == {Effect.SAME}
    assert analyze(apply(source, analysis.edits), to="shim").findings == ()


LABELS = [
    pytest.param("tf.get_variable('xavier_initializer', [3], initializer=x)", [], id="a variable's name"),
    pytest.param("with tf.variable_scope('xavier_initializer'): pass", [], id="a scope's name"),
    pytest.param("tf.placeholder(tf.float32, name='xavier_initializer')", [], id="an op's name"),
    pytest.param("tf.summary.histogram('xavier_initializer', x)", [], id="a summary's name"),
    pytest.param("print('xavier_initializer')", [], id="printed"),
    pytest.param("log.info('xavier_initializer')", [], id="logged"),
    pytest.param("plt.plot(x, label='xavier_initializer')", [], id="a label"),
    pytest.param("plt.title('xavier_initializer')", [], id="a title"),
    pytest.param("raise ValueError('xavier_initializer')", [], id="an error"),
    pytest.param("warnings.warn('xavier_initializer')", [], id="a warning"),
    pytest.param("x = [('xavier_initializer', tf.contrib.layers.xavier_initializer())]", [], id="beside itself"),
    pytest.param("x = [('xavier_initializer', scale)]", ["CVI207"], id="beside its argument"),
    pytest.param("x = [tf.contrib.layers.xavier_initializer(), 'xavier_initializer']", ["CVI207"], id="behind it"),
    pytest.param("x = [['xavier_initializer', 'b']]", ["CVI207"], id="beside another string"),
    pytest.param("p.add_argument('-i', help='xavier_initializer')", [], id="a help text"),
    pytest.param("make('xavier_initializer')", ["CVI207"], id="another function's first argument"),
    pytest.param("make(name='xavier_initializer')", ["CVI207"], id="another function's name"),
    pytest.param("mine.get_variable('xavier_initializer')", ["CVI207"], id="another get_variable"),
    pytest.param("tf.get_variable(name, [3], initializer='xavier_initializer')", ["CVI207"], id="no name"),
]


@pytest.mark.parametrize(("use", "codes"), LABELS)
def test_a_string_that_only_labels_something_is_no_finding(use: str, codes: list[str]) -> None:
    found = analyze(f"{PLAIN}{use}\n", to="shim").findings
    assert [finding.code for finding in found if finding.effect is Effect.NEEDS_YOU] == codes


def test_a_string_that_another_program_reads_is_reported() -> None:
    assert reported(f"{PLAIN}x = {{'variance_scaling_initializer': {{'factor': 1.0}}}}\n") == ["CVI207"]


TEXTS = [
    pytest.param("init: xavier_initializer", [(1, 7)], id="a value"),
    pytest.param("a: 1\r\nb: {i: tf.contrib.layers.xavier_initializer}", [(2, 8)], id="in a mapping, CRLF"),
    pytest.param("init: 'variance_scaling_initializer(scale=2.0)'", [(1, 8)], id="a call in quotes"),
    pytest.param("# xavier_initializer\na: 1  # xavier_initializer", [], id="comments"),
    pytest.param("init: glorot_uniform", [], id="a name of Keras'"),
    pytest.param("my_xavier_initializer_2: 1", [], id="a longer word"),
    pytest.param("initializer {\n  variance_scaling_initializer_x {}\n}", [], id="another word"),
    pytest.param("", [], id="nothing"),
]


@pytest.mark.parametrize(("text", "places"), TEXTS)
def test_other_texts(text: str, places: list[tuple[int, int]]) -> None:
    findings = analyze_text(text)
    assert [(finding.line, finding.column) for finding in findings] == places
    assert all(finding.effect is Effect.NEEDS_YOU and finding.after is None for finding in findings)
