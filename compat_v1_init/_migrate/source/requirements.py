"""Which versions of TensorFlow a project's requirements allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

FILES = (
    "requirements*.txt", "requirements/*.txt", "constraints*.txt", "environment*.y*ml", "conda*.y*ml", "Pipfile",
    "pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "Dockerfile*", "*.sh", ".travis.y*ml",
    ".github/workflows/*.y*ml", "conda*/meta.y*ml", "recipe/meta.y*ml", ".gitlab-ci.y*ml",
)  # fmt: skip

_REQUIRED = re.compile(
    r"\btensorflow(?:/tensorflow:|(?:[-_](?:gpu|cpu|macos|rocm|intel))?(?:\[[^]\r\n]*\])?[ \t\"'(]*"
    r"(?==[ \t]*[\"'{]|[=!<>~]=|[<>=~^]))"
    r"(?P<spec>(?:[ \t\"'{]*=[ \t]*[\"'{]?[ \t]*(?:version[ \t]*=[ \t]*[\"'])?)?[ \t]*[=!<>~^\d.*, \t\"'|]+)"
)
_BOUND = re.compile(r"(===?|~=|>=|<=|!=|[<>=^~])?[ \t\"']*(\d+(?:\.\d+)*)")
# Of each major version, and of those between which requirements tell.
_RELEASES = [(0, 12), *((1, minor) for minor in range(16)), *((2, minor) for minor in range(30))]
_COMMENT = re.compile(r"#[^\r\n]*")


def required(text: str) -> Iterator[tuple[int, str, frozenset[bool]]]:
    r"""Yields each requirement of TensorFlow: its line, its text, and the versions: True is 1, False is 2.

    Example:
    >>> [sorted(versions) for _, _, versions in required('tensorflow>=1.4\ntensorflow = "^2.4"\ntensorflow==1.15.*')]
    [[False, True], [False], [True]]
    """
    text = _COMMENT.sub(lambda match: " " * len(match.group()), text)
    for match in _REQUIRED.finditer(text):
        allowed = frozenset[bool]().union(*map(_allowed, match["spec"].split("||")))
        if allowed:
            shown = " ".join(re.sub("[\"'{(]", " ", match.group()).split()).rstrip(" ,")
            yield text.count("\n", 0, match.start()) + 1, shown, allowed


def _allowed(spec: str) -> frozenset[bool]:
    """Returns the versions that all bounds of a text allow; none if it has no bound."""
    bounds = [(found[1] or "", tuple(map(int, found[2].split(".")[:2]))) for found in _BOUND.finditer(spec)]
    releases = (each for each in _RELEASES if all(_is_in(each, *bound) for bound in bounds)) if bounds else ()
    return frozenset(major < 2 for major, _ in releases)  # noqa: PLR2004 - TensorFlow 2


def _is_in(release: tuple[int, int], operator: str, version: tuple[int, ...]) -> bool:
    """Returns whether a bound allows a release, of which the patch is not known."""
    same = release[: len(version)] == version
    if operator == "!=":
        return True  # It takes out single releases.
    if operator in {">=", ">"}:
        return release >= version
    if operator in {"<", "<="}:
        # `<2` and `<2.0` mean no release of 2; a bound on a patch may allow the release.
        return release < version or (operator == "<=" and same)
    if operator == "^" or (operator == "~=" and len(version) > 1):
        return release >= version and release[0] == version[0]
    return same
