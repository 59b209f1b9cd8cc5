from __future__ import annotations

import multiprocessing
import os
import pickle
import sqlite3
import threading

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.judges import verdict_store
from audiojudge_cli.judges.verdict_store import FILE, MIN_BYTES, VerdictStore


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


@pytest.fixture
def store(tmp_path):
    made = VerdictStore(tmp_path / "cache", 1 << 30)
    yield made
    made.close()


def test_what_is_put_is_there_for_others(store, tmp_path):
    store.put({key(1): "eins", key(2): "zwei \u2028 é"})
    other = VerdictStore(tmp_path / "cache", 1 << 30)
    assert other.get([key(1), key(2), key(3)]) == {key(1): "eins", key(2): "zwei \u2028 é"}
    other.close()
    assert store.get([]) == {}


def test_more_keys_than_a_statement_may_have(store):
    store.put({key(number): str(number) for number in range(1200)})
    assert len(store.get([key(number) for number in range(2000)])) == 1200


def test_a_changed_byte_is_a_miss(store, tmp_path):
    store.put({key(1): '[0.9, "yes"]', key(2): "b"})
    database = sqlite3.connect(tmp_path / "cache" / FILE)
    with database:
        database.execute("UPDATE verdicts SET value = '[0.1, \"yes\"]' WHERE key = ?", (key(1),))
    database.close()
    assert store.get([key(1), key(2)]) == {key(2): "b"}


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_told_once_and_nothing_else(content, tmp_path):
    (tmp_path / FILE).write_bytes(content)
    store = VerdictStore(tmp_path, 1 << 30)
    told: list[str] = []
    store.remark_to(told.append)
    store.put({key(1): "x"})
    assert store.get([key(1)]) == {}
    assert len(told) == 1
    assert "cannot be used" in told[0]
    assert str(tmp_path / FILE) in told[0]


def test_a_page_damaged_in_use_is_told(tmp_path):
    store = VerdictStore(tmp_path, 1 << 30)
    told: list[str] = []
    store.remark_to(told.append)
    store.put({key(number): "x" * 900 for number in range(300)})
    store.close()
    path = tmp_path / FILE
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(64))
    found = store.get([key(number) for number in range(300)])
    assert set(found.values()) <= {"x" * 900}
    assert len(told) == 1
    store.close()


def test_the_file_stays_within_its_size_and_the_longest_unused_goes_first(tmp_path, monkeypatch):
    hour = 1000
    monkeypatch.setattr(verdict_store, "_now", lambda: hour)
    monkeypatch.setattr(verdict_store, "_CHECK_EVERY", 2)
    store = VerdictStore(tmp_path, 1)
    wanted = [key(number) for number in range(10)]
    for batch in range(60):
        hour += 1
        start = batch * 100
        store.put({key(number): "x" * 500 for number in range(start, start + 100)})
        store.get(wanted)
    assert len(store.get(wanted)) == 10
    assert store.get([key(50)]) == {}
    assert len(store.get([key(number) for number in range(5900, 6000)])) == 100
    store.close()
    assert (tmp_path / FILE).stat().st_size <= MIN_BYTES * 1.2


def test_a_smaller_limit_makes_an_old_file_smaller(tmp_path):
    store = VerdictStore(tmp_path, 1 << 30)
    store.put({key(number): "x" * 500 for number in range(6000)})
    store.close()
    assert (tmp_path / FILE).stat().st_size > 2 * MIN_BYTES
    small = VerdictStore(tmp_path, MIN_BYTES)
    small.put({key(7000): "y"})
    small.close()
    assert (tmp_path / FILE).stat().st_size <= MIN_BYTES


def test_threads_share_one_store(store):
    def work(part):
        for number in range(part * 100, part * 100 + 100):
            store.put({key(number): str(number)})
            assert store.get([key(number)]) == {key(number): str(number)}

    threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.get([key(number) for number in range(400)])) == 400


def _write(folder, part):
    store = VerdictStore(folder, 1 << 30)
    for number in range(part * 50, part * 50 + 50):
        store.put({key(number): str(number)})
    store.close()


def test_processes_share_one_file(store, tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(tmp_path / "cache", part)) for part in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert store.get([key(number) for number in range(100)]) == {key(number): str(number) for number in range(100)}


def test_a_copy_for_another_process_opens_the_same_file(store):
    store.put({key(1): "x"})
    copy = pickle.loads(pickle.dumps(store))
    assert copy.get([key(1)]) == {key(1): "x"}
    copy.close()


def test_a_folder_that_cannot_be_made_is_a_mistake(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"--cache .*file/cache: Not a directory"):
        VerdictStore(tmp_path / "file" / "cache", 1 << 30)
    with pytest.raises(InputError, match=r"--cache .*file: File exists"):
        VerdictStore(tmp_path / "file", 1 << 30)
