from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiojudge_cli.clips.walk import is_audio_name, walk
from audiojudge_cli.errors import InputError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def test_audio_and_texts_sorted(tmp_path: Path) -> None:
    touch(tmp_path, "b.wav", "a/z.FLAC", "a/z.txt", "a.mp3", "notes.md", ".hidden.wav", ".git/x.wav", "a b.opus")
    found = walk(tmp_path)
    assert found.audio == ["a b.opus", "a.mp3", "a/z.FLAC", "b.wav"]
    assert found.texts == ["a/z.txt"]
    assert found.skipped == []


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.wav", "b/y.wav")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "over").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "back").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "self.wav").symlink_to("self.wav")
    assert walk(tmp_path).audio == ["a/x.wav", "b/y.wav", "self.wav"]


def test_links_to_folders_elsewhere_are_followed(tmp_path: Path) -> None:
    touch(tmp_path, "elsewhere/x.wav", "here/y.wav")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere")
    assert walk(tmp_path / "here").audio == ["link/x.wav", "y.wav"]


def test_odd_entries(tmp_path: Path) -> None:
    touch(tmp_path, "new\nline.wav", "folder.wav/x.wav")
    (tmp_path / "dangling.wav").symlink_to("nowhere")
    expected = ["dangling.wav", "folder.wav/x.wav", "new\nline.wav"]
    try:
        touch(tmp_path, os.fsdecode(b"\xff.wav"))
        expected.append(os.fsdecode(b"\xff.wav"))
    except OSError:
        pass
    assert walk(tmp_path).audio == expected


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the folder"):
        walk(tmp_path / "missing")


def test_an_unreadable_folder_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.wav", "b/y.wav")
    (tmp_path / "a").chmod(0)
    if os.access(tmp_path / "a", os.R_OK):
        pytest.skip("root may read everything")
    found = walk(tmp_path)
    (tmp_path / "a").chmod(0o700)
    assert found.audio == ["b/y.wav"]
    assert len(found.skipped) == 1


def test_suffixes() -> None:
    assert is_audio_name("x/Y.WAV")
    assert not is_audio_name("x.wav/y")
    assert not is_audio_name("wav")
