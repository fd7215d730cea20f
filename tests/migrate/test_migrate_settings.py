"""`[tool.compat_v1_init]` of pyproject.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from compat_v1_init._migrate.settings import BadSettings, Settings, load, load_file


def _write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_keys(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "[tool.compat_v1_init]\nto = 'keras'\nexclude = ['old/']\nignore = ['CVI001']\nworkers = 3\n[tool.x]\n",
    )
    expected = Settings(exclude=("old/",), ignore=("CVI001",), to="keras", workers=3, folder=tmp_path, source=path)
    assert load(tmp_path) == expected
    assert load(tmp_path / "deep/er") == expected


def test_either_spelling_of_table_and_keys(tmp_path: Path) -> None:
    text = "[tool.compat-v1-init]\nper-file-ignores = {'tests/' = ['CVI2']}\nselect = ['CVI001']\nbaseline = 'b.json'\n"
    path = _write(tmp_path, text)
    expected = Settings(
        select=("CVI001",),
        per_file_ignores={"tests/": ("CVI2",)},
        baseline="b.json",
        folder=tmp_path,
        source=path,
    )
    assert load(tmp_path) == expected


def test_a_file_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text in ("to = 'keras'\n", "[tool.compat_v1_init]\nto = 'keras'\n"):
        (tmp_path / "central.toml").write_text(text, encoding="utf-8")
        found = load_file(Path("central.toml"))
        assert (found.to, found.folder) == ("keras", tmp_path)
    (tmp_path / "other.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    with pytest.raises(BadSettings, match="has no table"):
        load_file(Path("other.toml"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[tool.other]\nto = 1\n", id="another tool's"),
        pytest.param("[project]\ndependencies = ['compat-v1-init']\n", id="a dependency"),
        pytest.param("[project\n", id="broken, but no concern of ours"),
    ],
)
def test_defaults(tmp_path: Path, text: str) -> None:
    _write(tmp_path, text)
    assert load(tmp_path) == Settings()


def test_the_nearest_table_holds(tmp_path: Path) -> None:
    _write(tmp_path, "[tool.compat_v1_init]\nto = 'keras'\n")
    _write(tmp_path / "a", "[project]\nname = 'a'\n")
    path = _write(tmp_path / "b", "[tool.compat_v1_init]\nworkers = 2\n")
    assert load(tmp_path / "a").to == "keras"
    assert load(tmp_path / "b") == Settings(workers=2, folder=tmp_path / "b", source=path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            "[tool.compat_v1_init]\ntarget = 'x'",
            "has an unknown key 'target'; the keys are assume_closed, baseline, defaults, docs, exclude, ",
            id="unknown key",
        ),
        pytest.param("[tool.compat_v1_init]\nexlude = []", "'exlude'; did you mean exclude?", id="a near miss"),
        pytest.param(
            "[tool.compat-v1-init]\nworkers = 1\n[tool.compat_v1_init]\nworkers = 1",
            "has two tables, [tool.compat_v1_init] and [tool.compat-v1-init]",
            id="two tables",
        ),
        pytest.param(
            "[tool.compat_v1_init]\nper-file-ignores = {}\nper_file_ignores = {}", "twice", id="a key in two spellings"
        ),
        pytest.param("[tool.compat_v1_init]\nper-file-ignores = ['a']", "a table of patterns", id="no patterns"),
        pytest.param("[tool.compat_v1_init]\ndefaults = 1", "defaults must be true or false", id="defaults"),
        pytest.param("[tool.compat_v1_init]\nsamplers = 1", "samplers must be true or false", id="samplers"),
        pytest.param("[tool.compat_v1_init]\nto = 'tf'", 'to must be "shim" or "keras". Received: \'tf\'', id="to"),
        pytest.param("[tool.compat_v1_init]\nto = ['shim']", "to must be", id="to, a list"),
        pytest.param("[tool.compat_v1_init]\nexclude = 'a'", "exclude must be a list of strings", id="exclude"),
        pytest.param("[tool.compat_v1_init]\nignore = [1]", "ignore must be a list of strings", id="ignore"),
        pytest.param("[tool.compat_v1_init]\nworkers = 0", "workers must be a whole number from 1", id="workers"),
        pytest.param("[tool.compat_v1_init]\nworkers = true", "workers must be a whole number", id="workers, a bool"),
        pytest.param("[tool]\ncompat_v1_init = 1", "must be a table", id="no table"),
        pytest.param("[tool.compat_v1_init]\nto = ", "pyproject.toml is broken: ", id="broken"),
        pytest.param("[tool.compat_v1_init]\nto = 'a'\nto = 'b'", "pyproject.toml is broken: ", id="twice"),
        pytest.param("tool = 1 # compat_v1_init", "pyproject.toml is broken: ", id="tool is no table"),
    ],
)
def test_wrong_settings_are_told_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(BadSettings) as caught:
        load(tmp_path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
