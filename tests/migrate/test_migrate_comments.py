"""Comments: whatever an edit removes, its comments stay, as the standard library's `tokenize` sees them."""

from __future__ import annotations

import io
import tokenize
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migrating import migrated

from compat_v1_init._migrate.edit.same_elsewhere import check_same_elsewhere
from compat_v1_init._migrate.findings import Edit, Refused, Target, apply
from compat_v1_init._migrate.source.elements import removal
from compat_v1_init._migrate.source.tree import Tree

TF = "import tensorflow as tf\n\n"
CONTRIB = "from tensorflow.contrib.layers import"


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source, newline="").readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


KEPT = [
    pytest.param(
        "w = tf.get_variable('w', [3], initializer=tf.truncated_normal_initializer(\n"
        "    mean=0.0, stddev=0.1,  # small\n    dtype=tf.float32,  # single precision\n))\n",
        "    mean=0.0, stddev=0.1,  # small\n    # single precision\n)",
        id="of the last argument",
    ),
    pytest.param(
        "w = tf.get_variable('w', [3], initializer=tf.truncated_normal_initializer(\n"
        "    dtype=tf.float32,  # single precision\n    mean=0.0, stddev=0.1,  # small\n))\n",
        "    # single precision\n    mean=0.0, stddev=0.1,  # small\n)",
        id="of the first argument",
    ),
    pytest.param(
        "w = tf.get_variable('w', [3], initializer=tf.truncated_normal_initializer(\n"
        "    mean=0.0, stddev=0.1,  # small\n    dtype=tf.float32))\n",
        "    mean=0.0, stddev=0.1,  # small\n    ))",
        id="of the argument before a removed one",
    ),
    pytest.param(
        "w = tf.get_variable('w', [3], initializer=tf.zeros_initializer(\n    # above\n"
        "    dtype=tf.float32,  # single precision\n))\n",
        "(\n    # above\n    # single precision\n)",
        id="of the only argument",
    ),
    pytest.param(
        f"{CONTRIB} (\n    a,  # one\n    xavier_initializer,  # two\n)\n",
        "import (\n    a,  # one\n    # two\n)",
        id="of the last name of an import",
    ),
    pytest.param(
        f"{CONTRIB} (\n    xavier_initializer,  # two\n    a,  # one\n)\n",
        "import (\n    # two\n    a,  # one\n)",
        id="of the first name of an import",
    ),
    pytest.param(
        f"import os\n\n{CONTRIB} xavier_initializer  # why\nfrom tensorflow import a\n",
        "from compat_v1_init.contrib import xavier_initializer  # why\n",
        id="behind an import that isort puts elsewhere",
    ),
    pytest.param(
        "x = [getattr(tf  # which\n             .initializers, 'he_normal')()]\ntf.placeholder(1)\n",
        "# which\nx = [getattr(compat_v1_init.initializers",
        id="with no better place than the line above",
    ),
]


@pytest.mark.parametrize(("source", "piece"), KEPT)
def test_comments_stay(source: str, piece: str) -> None:
    targets: list[Target] = ["shim", "keras"]
    after = [migrated(TF + source, to) for to in targets]
    assert [comments(each) for each in after] == [comments(TF + source)] * 2
    assert any(piece in each for each in after)


def test_the_comment_of_a_removed_import_stays_without_its_directives() -> None:
    source = "import tensorflow as tf  # the framework\nx = tf.contrib.layers.xavier_initializer()\n"
    assert migrated(source, "shim").startswith("import compat_v1_init\n# the framework\nx =")
    source = source.replace("the framework", "type: ignore")
    assert migrated(source, "shim").startswith("import compat_v1_init\nx =")


GAPS = ["", " ", "  # {}\n ", "\n  # {}\n  "]


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], list[bool]]:
    """A call with comments anywhere, where its arguments are, and which are kept."""
    number = iter(range(100))

    def gap() -> str:
        return draw(st.sampled_from(GAPS)).format(next(number))

    source, spans = "f(" + gap(), []
    count = draw(st.integers(1, 5))
    for index in range(count):
        start = len(source)
        source += draw(st.sampled_from(["a", "k=1", "b=(1  # {}\n)"])).format(next(number))
        spans.append((start, len(source)))
        source += gap() + ("," if index < count - 1 or draw(st.booleans()) else "") + gap()
    kept = draw(st.lists(st.booleans(), min_size=count, max_size=count).filter(any))
    return source + ")\n", spans, kept


@settings(max_examples=200, deadline=None)
@given(lists())
def test_a_list_without_some_elements_has_all_comments(case: tuple[str, list[tuple[int, int]], list[bool]]) -> None:
    source, spans, kept = case
    after = apply(source, tuple(removal(source, spans, kept)))
    assert comments(after) == comments(source)
    names = [token.string for token in tokenize.generate_tokens(io.StringIO(after).readline) if token.type == 1]
    left = [source[slice(*span)][0] for span, keep in zip(spans, kept) if keep]
    assert names == ["f", *left]


def test_an_edit_that_loses_a_comment_is_refused() -> None:
    source = "x = f(1)  # why\n"
    edits = [Edit(8, len(source) - 1, "")]
    with pytest.raises(Refused, match="# why"):
        check_same_elsewhere(Tree(source), Tree("x = f(1)\n"), edits, [])
