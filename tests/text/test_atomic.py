from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from audiojudge_cli.text.atomic import sync_folder, write_bytes, write_text, writing


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_text(path, "one\n狗")
    assert path.read_bytes() == "one\n狗".encode()
    write_bytes(path, b"\0two")
    assert path.read_bytes() == b"\0two"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_text(path, "old")

    def fail_midway() -> None:
        with writing(path) as file:
            file.write("half")
            file.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_midway()
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_line_ends_are_not_translated(tmp_path: Path) -> None:
    with writing(tmp_path / "x") as file:
        file.write("a\nb\r\n")
    assert (tmp_path / "x").read_bytes() == b"a\nb\r\n"


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX systems")
def test_permissions_are_those_of_the_old_file_or_of_any_new_one(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    write_text(tmp_path / "new", "x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "new").chmod(0o600)
    write_text(tmp_path / "new", "y")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("safe", encoding="utf-8")
    (tmp_path / "link").symlink_to("target")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "target").read_text(encoding="utf-8") == "safe"
    assert not (tmp_path / "link").is_symlink()


def test_names_of_full_length(tmp_path: Path) -> None:
    write_text(tmp_path / ("x" * 255), "x")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "gone" / "x", "x")


KILLED = """
import os, sys
from pathlib import Path
from audiojudge_cli.text.atomic import writing
with writing(Path(sys.argv[1])) as file:
    file.write("half" * 10_000)
    file.flush()
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    write_text(tmp_path / "x", "old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "x")], check=False)
    assert done.returncode == -9
    assert (tmp_path / "x").read_text(encoding="utf-8") == "old"
    sync_folder(tmp_path)
