"""No wait for others outlives its deadline or the first signal: pipes without a writer, servers that drip."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from audiojudge_cli.rubrics.endpoint import EndpointWriter
from audiojudge_cli.rubrics.writer import WriterError
from audiojudge_cli.waits import StoppedError, ask_for_the_end, forget

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and signals of POSIX systems")


@pytest.fixture(autouse=True)
def _fail_instead_of_hanging():
    def too_long(*_: object) -> None:
        raise AssertionError("this hangs")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "tones")
# Every place where a command reads a file that somebody names.
INPUTS = {
    "captions": ("score", "outputs", "--captions", "pipe", "--judge", "tone", "--expander", "tones"),
    "manifest": ("score", "pipe", "--judge", "tone", "--expander", "tones"),
    "rubrics": (*SCORE, "--rubrics", "pipe"),
    "gate rules": (*SCORE, "--gate", "pipe"),
    "preset": (*SCORE, "--preset", "./pipe"),
    "baseline": (*SCORE, "--baseline", "pipe", "--require", "score.mean >= 0.1"),
    "prompts": ("score", "outputs", "--captions", "captions.jsonl", "--judge", "omni", "--prompts", "./pipe"),
    "dry run": ("score", "outputs", "--captions", "pipe", "--judge", "tone", "--expander", "tones", "--dry-run"),
    "watch": ("score", "pipe", "--judge", "tone", "--expander", "tones", "--watch", "--watch-idle", "1"),
    "audio": ("score", "pipe.wav", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "tones"),
    "rubric": ("rubric", "pipe", "--expander", "tones"),
    "rubric check": ("rubric", "check", "pipe"),
    "gate --gate": ("gate", "audiojudge-run", "--gate", "pipe"),
    **{command: (command, "pipe") for command in ("show", "table", "report", "merge")},
    "gate": ("gate", "pipe", "--require", "score.mean >= 0.1"),
    "diff": ("diff", "pipe", "pipe"),
    "rubric cache": (*SCORE, "--rubric-cache", "pipe"),
}
# Files inside a run folder, which only this program writes.
KEPT = ("records.jsonl", "run.json", "summary.json", "gate.json", "shard.jsonl")
READING = {
    "show": ("show", "run"),
    "table": ("table", "run"),
    "report": ("report", "run", "-o", "page.html"),
    "gate": ("gate", "run", "--require", "score >= 0.5"),
    "diff": ("diff", "old", "run"),
    "merge": ("merge", "run", "run2", "--out", "merged"),
    "dry run": (*SCORE, "--out", "run", "--dry-run"),
}


@pytest.mark.parametrize("named", INPUTS)
def test_a_pipe_without_a_writer_is_told(tmp_path, inside, tones, monkeypatch, named):
    monkeypatch.setattr("audiojudge_cli.text.inputs.WRITER_WAIT_S", 0.3)
    tones(["100 Hz"])
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.wav")
    begun = time.monotonic()
    done = inside(*INPUTS[named])
    assert time.monotonic() - begun < 8
    assert done.returncode in {2, 3} or named == "rubric", done.stderr
    assert "mistake in audiojudge" not in done.stderr


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("command", READING)
def test_a_pipe_in_a_run_folder_is_not_waited_for(tmp_path, inside, tones, make_run, command, name):
    tones(["100 Hz"])
    for folder in ("run", "run2", "old"):
        make_run([{"id": "a", "caption": "a dog", "answers": [0.9]}], folder)
    (tmp_path / "run" / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / "run" / name)
    begun = time.monotonic()
    done = inside(*READING[command])
    assert time.monotonic() - begun < 8
    assert "mistake in audiojudge" not in done.stderr


SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"]


@pytest.mark.parametrize(
    ("named", "number"), [("captions", "SIGINT"), ("rubrics", "SIGTERM"), *(("stdin", number) for number in SIGNALS)]
)
def test_the_first_signal_ends_a_wait_for_input(tmp_path, cli, tones, named, number):
    tones(["100 Hz"])
    os.mkfifo(tmp_path / "pipe")
    end, start = os.pipe()
    asked = ("score", "-", "--judge", "tone", "--expander", "tones") if named == "stdin" else INPUTS[named]
    process = cli.start(*asked, stdin=end)
    time.sleep(2.5)
    assert process.poll() is None
    process.send_signal(getattr(signal, number))
    _, err = process.communicate(timeout=5)
    os.close(start)
    os.close(end)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "audiojudge: interrupted"
    assert not (tmp_path / "audiojudge-run").exists()


def test_a_writer_may_take_its_time(tmp_path, inside, tones, monkeypatch):
    monkeypatch.setattr("audiojudge_cli.text.inputs.WRITER_WAIT_S", 1.0)
    lines = tones(["100 Hz", "200 Hz"]).read_text().splitlines(keepends=True)
    os.mkfifo(tmp_path / "pipe")

    def write() -> None:
        time.sleep(0.5)
        with (tmp_path / "pipe").open("w") as pipe:
            for line in lines:
                time.sleep(1.2)  # longer than nobody may be there
                pipe.write(line)
                pipe.flush()

    thread = threading.Thread(target=write)
    thread.start()
    done = inside(*INPUTS["captions"])
    thread.join()
    assert done.returncode == 0, done.stderr
    assert "2 clips judged" in done.stdout


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
# Where a server may drip, and what it sends at once before.
DRIPS = {
    "nothing at all": None,
    "status line": b"",
    "headers": HEAD[:-2],
    "body": HEAD,
    "error body": HEAD.replace(b"200", b"500"),
}


@contextlib.contextmanager
def dripping(before: bytes | None) -> Iterator[tuple[str, list[float]]]:
    """Serve connections that send `before`, then a byte every tenth of a second, for ever; None never answers."""
    server = socket.create_server(("127.0.0.1", 0))
    over, ended = threading.Event(), list[float]()
    threads = []

    def drip(link: socket.socket) -> None:
        with link, contextlib.suppress(OSError):
            link.settimeout(0.1)
            if before:
                link.sendall(before)
            while not over.is_set():
                if before is not None:
                    link.sendall(b"H")
                with contextlib.suppress(TimeoutError):
                    if not link.recv(1 << 16):
                        break
        ended.append(time.monotonic())

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = server.accept()
                threads.append(threading.Thread(target=drip, args=(link,)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1", ended
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for thread in (accepting, *threads):
            thread.join()


@pytest.mark.parametrize("where", DRIPS)
def test_an_answer_has_one_deadline(where):
    begun = time.monotonic()
    with dripping(DRIPS[where]) as (base, ended):
        writer = EndpointWriter(base, "m", timeout_s=0.6, sleep=lambda _: None)
        with pytest.raises(WriterError, match=r"no whole answer within 0\.6 s, 2 times"):
            writer.write([{"role": "user", "content": "x"}], {})
        assert time.monotonic() - begun < 3
        time.sleep(0.5)
        # The connections are given up as well, not only left behind.
        assert len(ended) == 2


@pytest.mark.parametrize("where", DRIPS)
def test_the_end_is_the_end_of_every_answer(where):
    with dripping(DRIPS[where]) as (base, _):
        writer = EndpointWriter(base, "m", timeout_s=60)
        timer = threading.Timer(0.5, ask_for_the_end)
        timer.start()
        begun = time.monotonic()
        try:
            with pytest.raises(StoppedError):
                writer.write([{"role": "user", "content": "x"}], {})
        finally:
            forget()
        assert time.monotonic() - begun < 2


def test_the_end_is_the_end_of_waiting_for_another_attempt():
    writer = EndpointWriter("http://127.0.0.1:9/v1", "m")
    threading.Timer(0.3, ask_for_the_end).start()
    begun = time.monotonic()
    try:
        with pytest.raises(StoppedError):
            writer.write([{"role": "user", "content": "x"}], {})
    finally:
        forget()
    assert time.monotonic() - begun < 2


@contextlib.contextmanager
def stalling_after(answers: int) -> Iterator[tuple[str, threading.Event]]:
    """Serve a chat endpoint that answers so many requests, and drips at every later one."""
    with dripping(HEAD) as (slow, _):
        port = int(slow.rpartition(":")[2].partition("/")[0])
        stalled, links = threading.Event(), []
        server = socket.create_server(("127.0.0.1", 0))

        def serve(link: socket.socket, number: int) -> None:
            data = b""
            while b"\r\n\r\n" not in data or len(data.partition(b"\r\n\r\n")[2]) < _length(data):
                data += link.recv(1 << 16)
            if number < answers:
                caption = json.loads(json.loads(data.partition(b"\r\n\r\n")[2])["messages"][1]["content"])
                item = {"dimension": "pitch", "question": f"Is it {caption}?", "basis": caption, "negated": False}
                said = json.dumps({"items": [item]})
                body = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                link.close()
                return
            stalled.set()
            other = socket.create_connection(("127.0.0.1", port))
            links.append((link, other))
            with contextlib.suppress(OSError):
                while piece := other.recv(1024):
                    link.sendall(piece)

        def accept() -> None:
            with contextlib.suppress(OSError):
                for number in range(1000):
                    link, _ = server.accept()
                    threading.Thread(target=serve, args=(link, number), daemon=True).start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/v1", stalled
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            accepting.join()
            for pair in links:
                for link in pair:
                    link.close()


def _length(data: bytes) -> int:
    head = data.partition(b"\r\n\r\n")[0].lower()
    return int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])


@pytest.mark.parametrize(("answers", "number"), [(0, "SIGINT"), (3, "SIGTERM"), (3, "SIGHUP")])
def test_the_first_signal_ends_a_run_that_waits_for_a_server(tmp_path, cli, tones, number, answers):
    """What is judged is kept, and the run goes on later."""
    tones([f"{at}00 Hz" for at in range(1, 7)])
    llm = ("--expander", "llm", "--llm-model", "m", "--rubric-cache", "never", "--workers", "2")
    with stalling_after(answers) as (base, stalled):
        process = cli.start(*SCORE[:-2], *llm, "--llm-endpoint", base)
        assert stalled.wait(30)
        time.sleep(0.5)
        process.send_signal(getattr(signal, number))
        if number == "SIGHUP":  # as shells and kernels do
            process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 130, err
    folder = tmp_path / "audiojudge-run"
    assert folder.exists() == (answers > 0)
    if answers:
        info = json.loads((folder / "run.json").read_text())
        assert (info["state"], info["exit_code"]) == ("interrupted", 130)
        summary = json.loads((folder / "summary.json").read_text())["clips"]
        assert (summary["total"], summary["error"]) == (6, 0)
        assert summary["pending"] >= 6 - answers
        done = cli(*SCORE, "--restart")
        assert done.returncode == 0, done.stderr
