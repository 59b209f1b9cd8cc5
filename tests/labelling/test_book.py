"""The file of labels: lines are whole, survive whatever happens, and nobody else's file is touched."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.labelling.book import Book


def label(clip: str, by: str = "ann", said: str = "yes") -> dict[str, str]:
    return {"id": clip, "label": said, "by": by}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.jsonl"


def test_the_latest_of_a_person_stands_until_it_is_taken_back(path):
    book = Book(path)
    for one in (label("a"), label("a", said="no"), label("a", "bob"), label("b")):
        book.append(one)
    again = Book(path)
    assert again.of("a", "ann") == label("a", said="no")
    assert again.others("a", "ann")
    assert not again.others("b", "ann")
    again.append({**label("a"), "undone": True})
    book.look()
    assert book.of("a", "ann") is None
    assert not book.others("a", "bob")
    assert len(path.read_text().splitlines()) == 5


def test_many_at_once_lose_nothing(path):
    def write(who: str) -> None:
        book = Book(path)
        for at in range(30):
            book.append(label(str(at), who))

    threads = [threading.Thread(target=write, args=(f"p{at}",)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted((one["by"], int(one["id"])) for one in lines) == [(f"p{p}", at) for p in range(4) for at in range(30)]


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_line_that_a_crash_tore_is_taken_back(path, cut):
    Book(path).append(label("a"))
    whole = path.read_bytes()
    path.write_bytes(whole + json.dumps(label("b")).encode()[:cut])
    book = Book(path)
    assert path.read_bytes() == whole
    book.append(label("c"))
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["a", "c"]


def test_a_last_line_without_its_end_is_kept(path):
    path.write_text(json.dumps(label("a")))
    Book(path).append(label("b"))
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["a", "b"]


def test_a_full_disk_leaves_the_file_as_it_was(path, monkeypatch):
    book = Book(path)
    book.append(label("a"))
    before, write = path.read_bytes(), os.write

    def full(descriptor: int, data: memoryview) -> int:
        if len(data) > 10:
            return write(descriptor, data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        book.append(label("b"))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert book.of("b", "ann") is None
    book.append(label("b"))
    assert Book(path).of("b", "ann")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(min_size=1, max_size=40) | st.text(max_size=40).map(str.encode) | st.just(b'{"id": "a"}'))
def test_a_file_of_something_else_is_never_touched(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "other"
    path.write_bytes(raw)
    with suppress(InputError):
        Book(path)
    assert path.read_bytes() == raw or b'{"id": "'.startswith(raw.rsplit(b"\n", 1)[-1])


@pytest.mark.parametrize("make", [os.mkdir, getattr(os, "mkfifo", os.mkdir)])
def test_what_is_no_file_is_refused(path, make):
    make(path)
    with pytest.raises(InputError, match="give another --labels"):
        Book(path)


def test_a_file_that_was_put_in_its_place_is_read_anew(path):
    book = Book(path)
    book.append(label("a"))
    path.write_text("")
    book.look()
    assert book.of("a", "ann") is None
