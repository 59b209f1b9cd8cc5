from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiojudge_cli.text import atomic_batch
from audiojudge_cli.text.atomic_batch import writing_batch


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_all_files_are_there_and_nothing_else(tmp_path, count):
    with writing_batch(tmp_path) as batch:
        for number in range(count):
            batch.add(f"{number}.json", b"%d" % number)
    assert contents(tmp_path) == {f"{number}.json": b"%d" % number for number in range(count)}


def test_without_a_barrier_for_the_file_system_each_file_is_synced(tmp_path, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr(atomic_batch, "_syncfs", lambda: None)
    monkeypatch.setattr(os, "fsync", synced.append)
    with writing_batch(tmp_path) as batch:
        batch.add("a", b"1")
        batch.add("b", b"2")
    assert len(synced) == 3  # two files and their folder
    assert contents(tmp_path) == {"a": b"1", "b": b"2"}


def test_files_that_are_right_are_left_alone_and_others_replaced(tmp_path):
    for name, data in (("same", b"x"), ("shorter", b"xyz"), ("other", b"y")):
        (tmp_path / name).write_bytes(data)
    before = (tmp_path / "same").stat().st_ino
    with writing_batch(tmp_path) as batch:
        for name in ("same", "shorter", "other"):
            batch.add(name, b"x")
    assert contents(tmp_path) == {"same": b"x", "shorter": b"x", "other": b"x"}
    assert (tmp_path / "same").stat().st_ino == before


def test_nothing_appears_before_it_is_complete_and_an_error_leaves_nothing_behind(tmp_path):
    (tmp_path / "a").write_bytes(b"old")

    def fail() -> None:
        with writing_batch(tmp_path) as batch:
            batch.add("a", b"new")
            batch.add("b", b"new")
            assert (tmp_path / "a").read_bytes() == b"old"
            assert not (tmp_path / "b").exists()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert contents(tmp_path) == {"a": b"old"}


def test_a_folder_in_the_way_is_an_error_and_no_file_is_left_half_way(tmp_path):
    (tmp_path / "b" / "inner").mkdir(parents=True)

    def write() -> None:
        with writing_batch(tmp_path) as batch:
            batch.add("a", b"1")
            batch.add("b", b"2")

    with pytest.raises(OSError, match="directory"):
        write()
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_in_the_way_does_not_make_it_wait(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OSError, match="nobody reads the pipe"), writing_batch(tmp_path) as batch:
        batch.add("a", b"1")
    assert (tmp_path / "a").is_fifo()
