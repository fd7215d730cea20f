"""Patterns of git match what the library's own expressions match, in a time that does not explode."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from compat_v1_init._migrate.files.globs import rules_of, without_backtracking

parts = st.one_of(
    st.just("**"), st.text("aab*?", min_size=1, max_size=5), st.sampled_from(["[ab]", "[!a]*", "\\*", "é*"])
)
patterns = st.builds(
    lambda first, middle, last: first + "/".join(middle) + last,
    st.sampled_from(["", "/", "!"]),
    st.lists(parts, min_size=1, max_size=5),
    st.sampled_from(["", "/"]),
)
names = st.text("abé*", min_size=1, max_size=4)
paths = st.builds(
    lambda folders, last: "/".join(folders) + last, st.lists(names, min_size=1, max_size=6), st.sampled_from(["", "/"])
)


@given(patterns, st.lists(paths, max_size=8))
@example("a/**/b*a/**/*b", ["a/ba/aab", "a/a/bba/a/b", "a/b"])
@example("*a*ab", ["aaab", "aab/ab", "xab"])
def test_the_same_paths_match(pattern: str, tried: list[str]) -> None:
    try:
        theirs = GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return
    ours = rules_of([pattern])
    assert [ours.check_file(path).include for path in tried] == [theirs.check_file(path).include for path in tried]


def test_the_expressions_are_rewritten() -> None:
    """Else a release of the library writes what is not known here, and nothing below shows it."""
    for pattern in ("*a*b", "a/**/b/**/c"):
        for rule in GitIgnoreSpec.from_lines([pattern]).patterns:
            assert rule.regex is not None
            assert without_backtracking(rule.regex.pattern) != rule.regex.pattern


EXPLODING = [
    pytest.param("*a" * 12 + "*b", "a" * 250, id="stars"),
    pytest.param("a" + "*a" * 40 + "*b/*.py", "a" * 250 + "/c.py", id="stars in a folder"),
    pytest.param("**/*a" * 12 + "/b", "aaa/" * 60 + "c", id="two stars"),
    pytest.param("a/" + "**/a/" * 12 + "b", "a/" * 100 + "c", id="two stars between folders"),
    pytest.param("/*/" + "**/*a*a*a*a/" * 8 + "b", "aaaaaaaa/" * 100 + "c", id="both"),
    pytest.param("*" * 5000 + "b", "a" * 250, id="nothing but stars"),
    pytest.param("?*" * 60 + "b", "a" * 250, id="question marks"),
    pytest.param("[ab]*" * 60 + "c", "a" * 250, id="classes"),
]


@pytest.mark.parametrize(("pattern", "path"), EXPLODING)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    re.purge()
    begun = time.process_time()
    assert rules_of([pattern]).check_file(path).include is None
    assert time.process_time() - begun < 5


def test_what_is_no_pattern_spoils_no_other() -> None:
    rules = rules_of(["b.py", "/!\\", "# no rule", ""])
    assert [rules.check_file(path).include for path in ("b.py", "c.py")] == [True, None]
