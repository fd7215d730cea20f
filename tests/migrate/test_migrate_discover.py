"""Which files a run looks at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from compat_v1_init._migrate.files.discover import SKIPPED, discover, root_of


def _make(folder: Path, *names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _found(folder: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    found = discover([folder / path for path in paths or ("",)], [(folder, exclude)])
    assert found.problems == []
    return [path.relative_to(folder).as_posix() for path, _ in found.files]


def test_kinds(tmp_path: Path) -> None:
    kinds = {
        "a.py": "python",
        "b.pyi": "python",
        "c.pyw": "python",
        "d.PY": "python",
        "n.ipynb": "notebook",
        "o.yaml": "text",
        "p.yml": "text",
        "q.json": "text",
        "r.gin": "text",
        "s.cfg": "text",
    }
    left = ["README.md", "a.pyc", "b.txt", "a.py.orig", "Makefile", "c.pyx", ".py"]
    _make(tmp_path, *kinds, *left)
    found = discover([tmp_path])
    assert {path.name: kind for path, kind in found.files} == kinds


@pytest.mark.parametrize(
    ("line", "is_python"),
    [
        pytest.param("#!/usr/bin/env python3", True, id="env"),
        pytest.param("#!/usr/bin/python", True, id="path"),
        pytest.param("#!/opt/python2.7/bin/python -u", True, id="option"),
        pytest.param("#!/bin/sh", False, id="shell"),
        pytest.param("#!/bin/sh\n# python", False, id="second line"),
        pytest.param("python", False, id="no shebang"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_file_without_suffix_is_python_by_its_shebang(tmp_path: Path, line: str, is_python: bool) -> None:
    _make(tmp_path, "tool", text=line + "\nx = 1\n")
    assert _found(tmp_path) == (["tool"] if is_python else [])


def test_a_named_file_is_taken_whatever_it_is(tmp_path: Path) -> None:
    _make(tmp_path, "script", "venv/a.py", "b.txt", "ignored.py")
    _make(tmp_path, ".gitignore", text="ignored.py\n")
    assert _found(tmp_path, "script", "venv/a.py", "b.txt", "ignored.py", exclude=("*.py",)) == [
        "script",
        "venv/a.py",
        "b.txt",
        "ignored.py",
    ]


@pytest.mark.parametrize("name", sorted(SKIPPED))
def test_environments_and_caches_are_skipped(tmp_path: Path, name: str) -> None:
    _make(tmp_path, f"{name}/a.py", f"deep/{name}/a.py", "b.py")
    assert _found(tmp_path) == ["b.py"]


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_an_environment_of_any_name_is_skipped(tmp_path: Path, mark: str) -> None:
    _make(tmp_path, f"tf1/{mark}", "tf1/lib/a.py", "env/a.py")
    assert _found(tmp_path) == ["env/a.py"]


@pytest.mark.parametrize("name", ["build", "dist", "env", "lib", "vendor", "third_party", "Venv"])
def test_other_folders_are_not_skipped(tmp_path: Path, name: str) -> None:
    _make(tmp_path, f"{name}/a.py")
    assert _found(tmp_path) == [f"{name}/a.py"]


# --- .gitignore ------------------------------------------------------------------------------------------------------

IGNORE = [
    pytest.param({"": "b.py"}, ["a.py", "c/d.py"], id="anywhere"),
    pytest.param({"": "/b.py"}, ["a.py", "c/b.py", "c/d.py"], id="anchored"),
    pytest.param({"": "c/"}, ["a.py", "b.py"], id="folder"),
    pytest.param({"": "*.py\n!a.py"}, ["a.py"], id="negation"),
    pytest.param({"": "*.py", "c": "!d.py"}, ["c/d.py"], id="the nested one decides"),
    pytest.param({"c": "*.py"}, ["a.py", "b.py"], id="nested holds below"),
    pytest.param({"": "c/", "c": "!d.py"}, ["a.py", "b.py"], id="nothing comes back from an ignored folder"),
    pytest.param({"": "c/*.py"}, ["a.py", "b.py"], id="path"),
    pytest.param({"": "**/d.py"}, ["a.py", "b.py", "c/b.py"], id="two stars"),
    pytest.param({"": "# b.py\n\n\\#x"}, ["a.py", "b.py", "c/b.py", "c/d.py"], id="comments"),
    pytest.param({"": "b.py\n/!\\\n"}, ["a.py", "c/d.py"], id="a bad line spoils no other"),
]


@pytest.mark.parametrize(("rules", "left"), IGNORE)
def test_gitignore(tmp_path: Path, rules: dict[str, str], left: list[str]) -> None:
    _make(tmp_path, "a.py", "b.py", "c/b.py", "c/d.py")
    for folder, text in rules.items():
        _make(tmp_path / folder, ".gitignore", text=text)
    assert _found(tmp_path) == left


def test_the_rules_of_the_repository_hold_in_its_folders(tmp_path: Path) -> None:
    _make(tmp_path, "out/.gitignore", text="*\n")
    _make(tmp_path, "repo/.git/config", "repo/src/a.py", "repo/src/b.py", "repo/gen/c.py")
    _make(tmp_path, ".gitignore", text="a.py\n")
    _make(tmp_path / "repo", ".gitignore", text="b.py\ngen/\n")
    assert _found(tmp_path, "repo/src") == ["repo/src/a.py"]
    # Who names an ignored folder wants it.
    assert _found(tmp_path, "repo/gen") == ["repo/gen/c.py"]


def test_exclude_wins_over_gitignore(tmp_path: Path) -> None:
    _make(tmp_path, "a.py", "b.py", "gen/c.py")
    _make(tmp_path, ".gitignore", text="!b.py\n")
    assert _found(tmp_path, exclude=("/b.py", "gen/")) == ["a.py"]


# --- Odd things ------------------------------------------------------------------------------------------------------


def test_links(tmp_path: Path) -> None:
    _make(tmp_path, "tree/a.py", "outside/b.py")
    (tmp_path / "tree/loop").symlink_to("..")
    (tmp_path / "tree/self.py").symlink_to("self.py")
    (tmp_path / "tree/dangling.py").symlink_to("nowhere.py")
    (tmp_path / "tree/folder").symlink_to("../outside")
    (tmp_path / "tree/file.py").symlink_to("../outside/b.py")
    assert _found(tmp_path, "tree") == ["tree/a.py", "tree/file.py"]
    (tmp_path / "named").symlink_to("outside")
    assert _found(tmp_path, "named") == ["named/b.py"]


def test_what_is_no_regular_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    os.mkfifo(tmp_path / "tool")
    (tmp_path / "folder.py").mkdir()
    _make(tmp_path, "folder.py/b.py")
    assert _found(tmp_path) == ["folder.py/b.py"]


def test_a_missing_path_is_left_to_the_reader_to_report(tmp_path: Path) -> None:
    assert [path.name for path, _ in discover([tmp_path / "missing"]).files] == ["missing"]


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a.py", "shut/b.py")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = discover([tmp_path])
    assert [path.name for path, _ in found.files] == ["a.py"]
    assert [(path.name, problem.reason) for path, problem in found.problems] == [("shut", "permission denied")]


def test_data_is_not_searched_as_text(tmp_path: Path) -> None:
    for name in ("data.json", "code.py"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(11 * 2**20)
    assert _found(tmp_path) == ["code.py"]


def test_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    _make(tmp_path, "b.py", "a/c.py", "z.py", "a/b/x.py", "A.py")
    assert _found(tmp_path) == ["A.py", "b.py", "z.py", "a/c.py", "a/b/x.py"]


@pytest.mark.parametrize(
    ("files", "root"),
    [
        pytest.param(["repo/.git/config", "repo/setup.py"], "repo", id="git"),
        pytest.param(["repo/setup.py", "repo/pkg/__init__.py"], "repo", id="setup.py"),
        pytest.param(["repo/pyproject.toml"], "repo", id="pyproject.toml"),
        pytest.param(["repo/pkg/__init__.py", "repo/pkg/sub/__init__.py"], "repo", id="packages"),
        pytest.param([], "repo/pkg/sub", id="nothing"),
    ],
)
def test_root(tmp_path: Path, files: list[str], root: str) -> None:
    _make(tmp_path, "repo/pkg/sub/a.py", *files)
    root_of.cache_clear()
    assert root_of(tmp_path / "repo/pkg/sub") == tmp_path / root


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_what_git_tracks_is_found_though_it_ignores_it(tmp_path: Path, version: str) -> None:
    _make(tmp_path, "a.py", "build/b.py", "build/deep/c.py", "build/d.py", "out/e.py")
    (tmp_path / ".gitignore").write_text("build/\nout/\n", encoding="utf-8")
    git = ["git", "-C", str(tmp_path), "-c", f"index.version={version}"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-f", "a.py", "build/b.py", "build/deep/c.py"], check=True)
    if version == "3":
        subprocess.run([*git, "add", "-f", "-N", "build/d.py"], check=True)
    tracked = ["build/b.py", *(["build/d.py"] if version == "3" else []), "build/deep/c.py"]
    assert _found(tmp_path) == ["a.py", *tracked]
    assert _found(tmp_path, exclude=("build/",)) == ["a.py"]


def test_an_index_of_git_that_cannot_be_read_tracks_nothing(tmp_path: Path) -> None:
    _make(tmp_path, "a.py", "build/b.py")
    (tmp_path / ".gitignore").write_text("build/\n", encoding="utf-8")
    _make(tmp_path, ".git/index", text="DIRC\0\0\0\2\0\0\0\7broken")
    assert _found(tmp_path) == ["a.py"]


def test_an_unpacked_archive_is_a_project_of_its_own(tmp_path: Path) -> None:
    _make(
        tmp_path, "one/README.md", "one/nets/a.py", "two/LICENSE", "two/pkg/__init__.py", "two/pkg/b.py", "three/c.py"
    )
    for folder in ("one/nets", "two/pkg"):
        assert root_of(tmp_path / folder, (tmp_path,)) == tmp_path / folder.partition("/")[0]
    assert root_of(tmp_path / "three", (tmp_path,)) == tmp_path
