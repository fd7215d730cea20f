"""Files are read without harm, edited without moving a byte, and replaced in one step."""

from __future__ import annotations

import codecs
import os
import socket
import stat
from pathlib import Path

import pytest

from compat_v1_init._migrate.files import read_write as files
from compat_v1_init._migrate.files.read_write import decode, read_bytes, remove_leftovers, replace
from compat_v1_init._migrate.findings import Edit, Refused

# --- Text ------------------------------------------------------------------------------------------------------------

KEPT = [
    pytest.param(b"x = 1\n", id="plain"),
    pytest.param(b"x = 1", id="no last newline"),
    pytest.param(b"x = 1\r\ny = 2\r\n", id="CRLF"),
    pytest.param(b"x = 1\r\ny = 2\nz = 3\r", id="mixed newlines"),
    pytest.param(b"x = 1\n\x0c\ny = 2\x0b\n", id="form feed"),
    pytest.param(b"if x:\n\ty = 1 \t \n", id="tabs and trailing space"),
    pytest.param("# é 漢 😀\nx = 1\n".encode(), id="UTF-8"),
    pytest.param(codecs.BOM_UTF8 + "# é\nx = 1\n".encode(), id="byte order mark"),
    pytest.param(codecs.BOM_UTF8 + b"# -*- coding: utf-8 -*-\nx = 1\n", id="byte order mark and cookie"),
    pytest.param("# -*- coding: latin-1 -*-\n# é\nx = 1\n".encode("latin-1"), id="latin-1"),
    pytest.param("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n# €\nx = 1\n".encode("cp1252"), id="cp1252"),
    pytest.param("# coding: shift_jis\n# 表\nx = 1\n".encode("shift_jis"), id="Shift JIS"),
    pytest.param("# coding: euc-kr\n# 한\nx = 1\n".encode("euc-kr"), id="EUC-KR"),
    pytest.param(b"", id="empty"),
    pytest.param("# \u2028 is no newline\nx = 1\n".encode(), id="line separator"),
]


@pytest.mark.parametrize("data", KEPT)
def test_no_edit_gives_the_same_bytes(data: bytes) -> None:
    assert decode(data).edited([]) == data


@pytest.mark.parametrize("data", KEPT)
def test_every_byte_outside_of_an_edit_stays(data: bytes) -> None:
    text = decode(data)
    at = text.text.find("x = 1")
    if at >= 0:
        ours = text.edited([Edit(at, at, "import a\n"), Edit(at + 4, at + 5, "22")])
        start = data.index(b"x = 1")
        assert ours == data[:start] + b"import a\nx = 22" + data[start + 5 :]


REFUSED = [
    pytest.param(b"# \xe9\n", 1, "not valid utf-8", id="latin-1 without cookie"),
    pytest.param(b"x = 1\ny = '\xff'\n", 2, "not valid utf-8", id="the line is told"),
    pytest.param(b"# coding: ascii\nx = 1\n# \xc3\xa9\n", 3, "not valid ascii", id="not what the cookie says"),
    pytest.param(b"# coding: no-such-codec\n", 1, "no-such-codec", id="unknown encoding"),
    pytest.param(b"# coding: rot13\nk = 1\n", 1, "rot13", id="a codec that is no encoding"),
    pytest.param(b"# coding: hex\n00\n", 1, "hex", id="a codec of bytes"),
    pytest.param(codecs.BOM_UTF8 + b"# coding: latin-1\n", 1, "utf-8", id="byte order mark against cookie"),
    pytest.param(b"x = 1\n\0\n", 2, "NUL", id="NUL byte"),
    pytest.param("x = 1\n".encode("utf-16"), 1, "NUL", id="UTF-16"),
    pytest.param(bytes(range(1, 256)), 2, "not valid utf-8", id="binary"),
]


@pytest.mark.parametrize(("data", "line", "words"), REFUSED)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, line: int, words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        decode(data)
    assert caught.value.line == line


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(Refused, match="lacks: '漢'"):
        decode(b"# coding: latin-1\n").edited([Edit(0, 0, "漢")])


def test_an_encoding_with_shift_states_is_never_broken() -> None:
    data = "# coding: iso2022_jp\nx = '表現'; y = 1\n".encode("iso2022_jp")
    text = decode(data)
    inside = text.text.index("現")
    after = text.edited([Edit(inside, inside + 1, "1")])
    assert after.decode("iso2022_jp") == text.text.replace("現", "1")


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_odd_files_are_not_opened_or_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        # Relative, since the path of a socket must be short.
        server.bind("socket.py")
    for name, words in [
        ("pipe.py", "not a regular file"),
        ("socket.py", "no such device"),
        (".", "directory"),
        ("/dev/zero", "not a regular file"),
        ("missing.py", "no such file or directory"),
        ("missing/a.py", "no such file or directory"),
    ]:
        with pytest.raises(Refused, match=words):
            read_bytes(tmp_path / name)


@pytest.fixture(autouse=True)
def _same_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    with path.open("wb") as file:
        file.truncate(files.LARGEST + 1)
    with pytest.raises(Refused, match="larger than 256 MiB"):
        read_bytes(path)


# --- Replacing -------------------------------------------------------------------------------------------------------


def _new(folder: Path, name: str = "a.py", mode: int = 0o644) -> Path:
    path = folder / name
    path.write_bytes(b"old")
    path.chmod(mode)
    return path


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664, 0o4755, 0o2775, 0o1777], ids=oct)
def test_the_mode_is_kept(tmp_path: Path, mode: int) -> None:
    path = _new(tmp_path, mode=mode)
    replace(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert _names(tmp_path) == ["a.py"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only the superuser may give files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    path = _new(tmp_path, mode=0o4755)
    os.chown(path, 1234, 4321)
    path.chmod(0o4755)
    replace(path, b"old", b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)
    assert stat.S_IMODE(path.stat().st_mode) == 0o4755


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = _new(tmp_path)
    try:
        os.setxattr(path, "user.note", b"kept")
    except (AttributeError, OSError):
        pytest.skip("this file system has no extended attributes")
    replace(path, b"old", b"new")
    assert os.getxattr(path, "user.note") == b"kept"


def test_links_stay_links(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    real = _new(tmp_path / "deep")
    (tmp_path / "one.py").symlink_to("two.py")
    (tmp_path / "two.py").symlink_to(real)
    replace(tmp_path / "one.py", b"old", b"new")
    assert (tmp_path / "one.py").readlink() == Path("two.py")
    assert (tmp_path / "two.py").readlink() == real
    assert real.read_bytes() == b"new"
    assert not real.is_symlink()


def test_another_hard_link_keeps_the_old_content(tmp_path: Path) -> None:
    path = _new(tmp_path)
    os.link(path, tmp_path / "b.py")
    replace(path, b"old", b"new")
    assert [path.read_bytes(), (tmp_path / "b.py").read_bytes()] == [b"new", b"old"]


def test_a_read_only_file_or_folder_is_refused_even_to_the_superuser(tmp_path: Path) -> None:
    path = _new(tmp_path, mode=0o444)
    with pytest.raises(Refused, match="the file is read-only"):
        replace(path, b"old", b"new")
    path.chmod(0o644)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(Refused, match="its folder is read-only"):
            replace(path, b"old", b"new")
    finally:
        tmp_path.chmod(0o755)
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["a.py"]


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = _new(tmp_path)
    path.write_bytes(b"newer")
    with pytest.raises(Refused, match="changed on disk meanwhile"):
        replace(path, b"old", b"new")
    path.unlink()
    with pytest.raises(Refused, match="no such file"):
        replace(path, b"old", b"new")
    assert _names(tmp_path) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "Ctrl-C"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, step: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _new(tmp_path)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
    with pytest.raises((Refused, KeyboardInterrupt)) as caught:
        replace(path, b"old", b"new")
    monkeypatch.undo()
    if isinstance(error, OSError):
        assert "no space left" in str(caught.value)
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["a.py"]


# --- Leftovers -------------------------------------------------------------------------------------------------------


def test_leftovers_are_removed_and_nothing_else(tmp_path: Path) -> None:
    names = [".compat-v1-init-abc.tmp", "a.tmp", ".compat-v1-init-abc", "compat-v1-init-abc.tmp"]
    for name in names:
        _new(tmp_path, name)
    (tmp_path / ".compat-v1-init-folder.tmp").mkdir()
    (tmp_path / ".compat-v1-init-link.tmp").symlink_to("a.tmp")
    remove_leftovers([tmp_path, tmp_path / "missing"])
    assert _names(tmp_path) == sorted([*names[1:], ".compat-v1-init-folder.tmp", ".compat-v1-init-link.tmp"])


def test_the_temporary_file_of_a_living_run_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _new(tmp_path)
    seen: list[str] = []
    real = Path.replace

    def meanwhile(self: Path, target: Path) -> Path:
        remove_leftovers([tmp_path])
        seen.extend(_names(tmp_path))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", meanwhile)
    replace(path, b"old", b"new")
    assert len(seen) == 2
    assert path.read_bytes() == b"new"
