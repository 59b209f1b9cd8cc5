from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from audiojudge_cli.clips.opened import open_regular
from audiojudge_cli.errors import ClipError


def refusal(path: Path, max_bytes: int = 1000) -> str:
    with pytest.raises(ClipError) as caught, open_regular(path, max_bytes=max_bytes):
        pass
    return caught.value.kind


def test_a_file_is_given_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("x")
    for name in ("x", "link"):
        with open_regular(tmp_path / name, max_bytes=5) as (file, size):
            assert (file.read(), size) == (b"12345", 5)


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    (tmp_path / "dangling.wav").symlink_to("nowhere")
    (tmp_path / "file").write_bytes(b"x")
    assert refusal(tmp_path / "folder.wav") == "is-a-directory"
    assert refusal(tmp_path / "loop.wav") == "unreadable"
    assert refusal(tmp_path / "dangling.wav") == "not-found"
    assert refusal(tmp_path / "missing.wav") == "not-found"
    assert refusal(tmp_path / "file" / "x.wav") == "not-found"
    assert refusal(tmp_path / ("x" * 300)) == "not-found"
    assert refusal(tmp_path / "nul\0.wav") == "not-found"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipes_sockets_and_devices_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert refusal(tmp_path / "pipe.wav") == "not-a-file"
    assert refusal(Path("/dev/null")) == "not-a-file"
    with socket.socket(socket.AF_UNIX) as listener:
        address = os.path.relpath(tmp_path / "s.wav")
        listener.bind(address if len(address) < 100 else str(tmp_path / "s.wav"))
        assert refusal(tmp_path / "s.wav") == "not-a-file"


def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read everything")
    assert refusal(path) == "unreadable"


def test_size_is_checked_before_reading(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    (tmp_path / "none").write_bytes(b"")
    assert refusal(tmp_path / "x", max_bytes=4) == "too-large"
    assert refusal(tmp_path / "none") == "empty"


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345")

    def read_while_another_writes() -> None:
        with open_regular(path, max_bytes=100) as (file, _):
            file.read()
            with path.open("ab") as writer:
                writer.write(b"more")

    with pytest.raises(ClipError, match="changed while it was read") as caught:
        read_while_another_writes()
    assert caught.value.kind == "changed"
