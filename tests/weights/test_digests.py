from __future__ import annotations

import hashlib
import os

import pytest

from audiojudge_cli.weights import digests
from audiojudge_cli.weights.checks import sha256_of
from audiojudge_cli.weights.digests import digest_of


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "shard"
    path.write_bytes(b"one")
    return path


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_hashes_once_and_again_when_the_file_changes(file, monkeypatch):
    hashed = []

    def counted(path):
        hashed.append(path)
        return sha256_of(path)

    monkeypatch.setattr(digests, "sha256_of", counted)
    assert [digest_of(file), digest_of(file)] == [sha256(b"one")] * 2
    assert len(hashed) == 1
    file.write_bytes(b"two")
    os.utime(file, ns=(1, 1))
    assert digest_of(file) == sha256(b"two")
    assert len(hashed) == 2


def test_nothing_is_left_beside_the_file(file):
    digest_of(file)
    assert {path.name for path in file.parent.iterdir()} == {"shard", "cache"}


@pytest.mark.parametrize("note", ["", "[]", '{"sha256": 1}', "\x00"])
def test_a_damaged_note_is_not_believed(file, note):
    digest_of(file)
    (kept,) = (file.parent / "cache" / "digests").iterdir()
    kept.write_text(note, encoding="utf-8")
    assert digest_of(file) == sha256(b"one")


def test_an_unwritable_cache_only_costs_time(file, monkeypatch):
    (file.parent / "plain").write_bytes(b"")
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(file.parent / "plain"))
    assert digest_of(file) == sha256(b"one")
