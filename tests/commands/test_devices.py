"""No output ever replaces what is no regular file: devices, pipes and sockets are written through, or refused."""

from __future__ import annotations

import os
import selectors
import socket
import stat
import threading
from pathlib import Path

import pytest

from audiojudge_cli.text.atomic import write_bytes, write_text, writing
from audiojudge_cli.text.atomic_batch import writing_batch

pytestmark = pytest.mark.skipif(os.name == "nt", reason="devices of POSIX systems")

GATE = ("gate", "run", "--require", "score.mean >= 0.1")
SCORE = (
    "score",
    "outputs",
    "--captions",
    "captions.jsonl",
    "--judge",
    "tone",
    "--expander",
    "tones",
    "--restart",
    "--require",
    "score.mean >= 0.1",
)
# Every option that names a file to be written.
OUTPUTS = {
    **{f"gate {name}": (*GATE, name) for name in ("--json", "--junit", "--markdown")},
    **{f"score {name}": (*SCORE, name) for name in ("--json", "--junit", "--markdown")},
    "report html": ("report", "run", "-o"),
    "report md": ("report", "run", "--format", "md", "-o"),
    "rubric": ("rubric", "captions.jsonl", "-o"),
}


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
        path.write_bytes(b"x")
    except PermissionError:
        pytest.skip("only root makes devices, and not on every file system")


def link_to_device(path: Path) -> None:
    device(path.with_name("the-device"))
    path.symlink_to("the-device")


def a_socket(path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.close()


ODD = {"fifo": fifo, "device": device, "link to device": link_to_device, "socket": a_socket}


def _batch(path: Path) -> None:
    with writing_batch(path.parent) as batch:
        batch.add(path.name, b"bytes")


def _stream(path: Path) -> None:
    with writing(path) as file:
        file.write("text")


WAYS = {
    "text": lambda path: write_text(path, "text"),
    "bytes": lambda path: write_bytes(path, b"bytes"),
    "batch": _batch,
    "stream": _stream,
}


def reading(path: Path, found: list[bytes]) -> threading.Thread:
    """Read a pipe from now on: it has its reader when this returns, as batches do not wait for one."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read() -> None:
        with selectors.DefaultSelector() as waiting, os.fdopen(descriptor, "rb") as file:
            waiting.register(descriptor, selectors.EVENT_READ)
            waiting.select(timeout=30)
            os.set_blocking(descriptor, True)
            found.append(file.read())

    thread = threading.Thread(target=read)
    thread.start()
    return thread


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("kind", ODD)
def test_no_way_of_writing_replaces_it(tmp_path: Path, kind: str, how: str) -> None:
    path = tmp_path / "out"
    ODD[kind](path)
    before, links = path.stat(), path.is_symlink()
    found: list[bytes] = []
    reader = reading(path, found) if kind == "fifo" else None
    if kind == "socket":
        with pytest.raises(OSError, match="No such device or address"):
            WAYS[how](path)
    else:
        WAYS[how](path)
    if reader:
        reader.join(timeout=10)
        assert not reader.is_alive()
        assert found in ([b"text"], [b"bytes"])
    after = path.stat()
    assert (after.st_mode, after.st_ino, after.st_rdev) == (before.st_mode, before.st_ino, before.st_rdev)
    assert path.is_symlink() == links
    assert not list(tmp_path.glob(".audiojudge-*"))


@pytest.fixture
def folder(tmp_path, make_run, tones):
    make_run([{"id": "a", "caption": "a dog", "answers": [0.9]}], "run")
    tones(["100 Hz", "200 Hz"])
    return tmp_path


@pytest.mark.parametrize("kind", ["fifo", "device", "socket"])
@pytest.mark.parametrize("output", OUTPUTS)
def test_no_command_replaces_it(folder, inside, kind, output):
    path = folder / "out"
    ODD[kind](path)
    before = path.stat()
    found: list[bytes] = []
    reader = reading(path, found) if kind == "fifo" else None
    done = inside(*OUTPUTS[output], path)
    if reader:
        reader.join(timeout=10)
        assert len(found[0]) > 20
    assert done.returncode == (2 if kind == "socket" else 0), done.stderr
    after = path.stat()
    assert (after.st_mode, after.st_ino, after.st_rdev) == (before.st_mode, before.st_ino, before.st_rdev)


@pytest.mark.parametrize("number", [1, 2])
def test_a_descriptor_of_the_process_is_written_where_it_stands(folder, cli, number):
    """`--json /dev/stdout > file` neither replaces the link in /dev nor writes over what is in the file."""
    name = f"/dev/fd/{number}"
    with (folder / "told").open("w") as told:
        streams = {"stdout": told} if number == 1 else {"stderr": told}
        process = cli.start(*GATE, "--json", name, **streams)
        out, err = process.communicate(timeout=60)
    text = (folder / "told").read_text()
    assert process.returncode == 0, err
    assert '"verdict": "pass"' in text
    assert "score.mean >= 0.1" in text + (out or "")
    assert text.count("score.mean") >= 1


def test_a_pipe_that_nobody_reads_is_told(tmp_path):
    os.mkfifo(tmp_path / "out")
    with pytest.raises(OSError, match="nobody reads the pipe"):
        write_text(tmp_path / "out", "x", reader_wait_s=0.1)


@pytest.mark.parametrize("name", ["records.jsonl", "run.json", "summary.json", "summary.csv", "items.csv", "gate.json"])
@pytest.mark.parametrize("kind", ODD)
def test_a_run_folder_with_odd_files_is_refused(folder, inside, kind, name):
    assert inside(*SCORE).returncode == 0
    path = folder / "audiojudge-run" / name
    path.unlink()
    ODD[kind](path)
    before = path.stat()
    done = inside(*[part for part in SCORE if part != "--restart"])
    assert done.returncode == 2
    assert name in done.stderr or "not a run folder" in done.stderr
    assert path.stat().st_ino == before.st_ino
