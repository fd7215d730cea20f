"""The file of known differences is whole, and each of its entries is in use."""

from __future__ import annotations

import ast

import pytest
from known_differences import Difference, here, known_differences
from running import TESTS

pytest_plugins = ["pytester"]

DIFFERENCES = [pytest.param(each, id=each.tests[0]) for each in known_differences()]


@pytest.mark.once
@pytest.mark.parametrize("difference", DIFFERENCES)
def test_entry(difference: Difference) -> None:
    assert any(difference.applies(f"2.{minor}", legacy_keras=legacy) for minor in range(5, 22) for legacy in (0, 1))
    assert difference.reason.endswith(".")
    assert difference.link.startswith("https://github.com/")
    for test in difference.tests:
        file, _, name = test.partition("::")
        functions = {node.name for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef)}
        assert name.partition("[")[0] in functions, test


def _tree(file: str) -> ast.AST:
    return ast.parse(next(TESTS.rglob(file)).read_text(encoding="utf-8"))


def test_entries_name_tests_that_there_are(request: pytest.FixtureRequest) -> None:
    """As far as the tests are collected in this run."""
    items = request.session.items
    files = {item.path.name for item in items}
    for difference in here():
        for test in difference.tests:
            file, _, name = test.partition("::")
            if file in files and any(item.name.startswith(name.partition("[")[0]) for item in items):
                assert any(Difference((test,), "", "", "", "").names(item) for item in items), test


APPLIES = [
    pytest.param("2.8", False, True, id="the first"),
    pytest.param("2.10.1", False, True, id="the last, which is no decimal fraction"),
    pytest.param("2.7.4", False, False, id="before"),
    pytest.param("2.11.0-rc1", False, False, id="after"),
]


@pytest.mark.once
@pytest.mark.parametrize(("tensorflow", "legacy", "expected"), APPLIES)
def test_a_range_of_releases(tensorflow: str, legacy: bool, expected: bool) -> None:
    difference = Difference(("test_x.py::test_y",), "2.8", "2.10", "", "")
    assert difference.applies(tensorflow, legacy_keras=legacy) == expected


def test_a_keras() -> None:
    legacy = Difference((), "2.5", "2.21", "", "", keras="legacy")
    three = Difference((), "2.5", "2.21", "", "", keras="3")
    for tensorflow, flag in (("2.15.1", False), ("2.16.2", True), ("2.16.2", False)):
        is_legacy = flag or tensorflow == "2.15.1"
        assert legacy.applies(tensorflow, legacy_keras=flag) == is_legacy
        assert three.applies(tensorflow, legacy_keras=flag) != is_legacy


@pytest.mark.slow
@pytest.mark.once
def test_a_known_difference_is_a_strict_xfail(pytester: pytest.Pytester) -> None:
    """One that is gone fails, as one that is not listed does."""
    for name in ("known_differences.py", "conftest.py"):
        pytester.makepyfile(**{name[:-3]: (TESTS / name).read_text(encoding="utf-8")})
    pytester.path.joinpath("known_differences.toml").write_text(
        '[[difference]]\ntests = ["test_a.py::test_all", "test_a.py::test_one[x[1]]"]\n'
        'first = "2.5"\nlast = "2.99"\nreason = "So."\nlink = "https://github.com/"\n',
        encoding="utf-8",
    )
    pytester.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.parametrize("good", [0, 1])
        def test_all(good):
            assert good

        @pytest.mark.parametrize("name", ["x[1]", "x[2]"])
        def test_one(name):
            assert name == "x[2]"
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(xfailed=2, failed=1, passed=1)
