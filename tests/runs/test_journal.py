from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.results.record import AudioFacts, Decision, JudgeRef, Record
from audiojudge_cli.runs.journal import Journal


def record(clip_id: str, caption: str = "c") -> Record:
    decision = Decision("1*mean + 0*min", None, 0.5, match=None)
    ref = JudgeRef("j", "1")
    return Record(clip_id, AudioFacts("a.wav"), caption, None, None, "unverifiable", None, decision, None, (), ref, ref)


def test_a_line_is_with_the_system_as_soon_as_it_is_appended(tmp_path):
    journal = Journal(tmp_path)
    journal.append(record("a"))
    assert (tmp_path / "records.jsonl").read_bytes().endswith(b"}\n")
    journal.close()


@pytest.mark.parametrize("torn", [b"{", b'{"schema": "audiojudge.record/1", "id": "b"', b"x" * 200_000])
@pytest.mark.parametrize("whole", [0, 2])
def test_a_torn_last_line_is_dropped_before_anything_follows_it(tmp_path, torn, whole):
    with Journal(tmp_path) as journal:
        for number in range(whole):
            journal.append(record(str(number)))
    path = tmp_path / "records.jsonl"
    with path.open("ab") as file:
        file.write(torn)
    with Journal(tmp_path) as journal:
        assert len(journal.index) == whole
        journal.append(record("new"))
    with Journal(tmp_path) as journal:
        assert (len(journal.index), journal.index.damaged) == (whole + 1, [])


def test_records_set_aside_come_back(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(record("a"))
    (tmp_path / "records.jsonl").rename(tmp_path / "records.aside.jsonl")
    with Journal(tmp_path) as journal:
        assert journal.index.offset("a") == 0
    assert not (tmp_path / "records.aside.jsonl").exists()


def test_earlier_records_can_be_read_while_new_ones_are_written(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(record("a", caption="first"))
    with Journal(tmp_path) as journal, journal.reader() as reader:
        journal.append(record("b"))
        offset = journal.index.offset("a")
        assert offset is not None
        assert reader.record_at(offset).caption == "first"


def test_a_full_disk_is_one_clear_error(tmp_path, monkeypatch):
    journal = Journal(tmp_path)
    journal._file.close()
    journal._file = open("/dev/full", "ab", buffering=0)  # noqa: SIM115, PTH123
    with pytest.raises(NotJudgedError, match=r"No space left on device.*run the same command again"):
        journal.append(record("a"))
    journal._file.close()


def test_lines_of_many_threads_stay_whole(tmp_path):
    with Journal(tmp_path) as journal, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: journal.append(record(str(number), "c" * number)), range(200)))
    with Journal(tmp_path) as journal:
        assert (len(journal.index), journal.index.damaged) == (200, [])


def test_what_was_appended_is_synced_soon_without_another_append(tmp_path, monkeypatch):
    synced = threading.Event()
    fsync = os.fsync

    def seen(descriptor: int) -> None:
        fsync(descriptor)
        synced.set()

    with Journal(tmp_path) as journal:
        monkeypatch.setattr(os, "fsync", seen)
        journal.append(record("a"))
        assert synced.wait(30)


def test_nothing_follows_a_line_that_could_not_be_written_whole(tmp_path):
    journal = Journal(tmp_path)
    journal.append(record("a"))
    journal.commit()
    good, full = journal._file, open("/dev/full", "ab", buffering=0)  # noqa: SIM115, PTH123
    journal._file = full
    with pytest.raises(NotJudgedError):
        journal.append(record("b"))
    journal._file = good
    full.close()
    with pytest.raises(NotJudgedError, match="No space left"):
        journal.append(record("c"))
    journal.close()
    with Journal(tmp_path) as journal:
        assert len(journal.index) == 1
