import os
from collections.abc import Callable
from pathlib import Path

from audiojudge_cli.weights.card import WeightFile
from audiojudge_cli.weights.checks import is_verified, mark_verified, sha256_of


def test_known_digest(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_mark_holds_until_the_file_is_touched(tmp_path: Path, entry: Callable[..., WeightFile]) -> None:
    path, file = tmp_path / "model.bin", entry(b"abc", {"file": "x"})
    path.write_bytes(b"abc")
    assert not is_verified(path, file)
    mark_verified(path, file)
    assert is_verified(path, file)
    os.utime(path, ns=(0, 0))
    assert not is_verified(path, file)


def test_a_mark_is_for_one_digest_only(tmp_path: Path, entry: Callable[..., WeightFile]) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"abc")
    mark_verified(path, entry(b"abc", {"file": "x"}))
    assert not is_verified(path, entry(b"abd", {"file": "x"}))


def test_a_torn_mark_counts_for_nothing(tmp_path: Path, entry: Callable[..., WeightFile]) -> None:
    path, file = tmp_path / "model.bin", entry(b"abc", {"file": "x"})
    path.write_bytes(b"abc")
    mark_verified(path, file)
    marker = tmp_path / ".model.bin.verified"
    marker.write_bytes(marker.read_bytes()[:10])
    assert not is_verified(path, file)
