from __future__ import annotations

from pathlib import Path

from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.sidecars import sidecar_rows


def test_captions_are_read_whole_and_trimmed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "dog.txt").write_bytes("\ufeff  A dog\r\nbarks. \n".encode())
    (tmp_path / "x.wav.txt").write_bytes("猫".encode())
    (tmp_path / "none.txt").write_bytes(b"")
    rows = list(sidecar_rows(tmp_path, ["a/dog.txt", "x.wav.txt", "none.txt"]))
    assert [(row.audio, row.caption) for row in rows if isinstance(row, Row)] == [
        ("a/dog", "A dog\r\nbarks."),
        ("x.wav", "猫"),
        ("none", ""),
    ]


def test_bad_texts_are_problems(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"\xe9t\xe9")
    (tmp_path / "folder.txt").mkdir()
    problems = list(sidecar_rows(tmp_path, ["latin.txt", "folder.txt", "gone.txt"]))
    assert [p.kind for p in problems if isinstance(p, Problem)] == ["not-utf-8", "unreadable", "unreadable"]
