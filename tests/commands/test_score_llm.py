"""`score --expander llm` against a real local server that speaks the chat API."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from audiojudge_cli.results.index import read_records

SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "llm")


@dataclass
class Server:
    """Answers each caption with one item about its first words; `status` comes instead once `after` are answered."""

    base: str = ""
    asked: list[str] = field(default_factory=list)
    status: int = 200
    after: int = 0

    def answer(self, caption: str) -> tuple[int, bytes]:
        self.asked.append(caption)
        if self.status != 200 and len(self.asked) > self.after:
            return self.status, b"no"
        basis = caption.partition(",")[0]
        # No two answers are the same, as with a model that samples.
        item = {"dimension": "pitch", "question": f"Is it {basis} at {len(self.asked)}?", "basis": basis}
        content = json.dumps({"items": [{**item, "negated": False}]})
        return 200, json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    chat = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, data = chat.answer(json.loads(body["messages"][-1]["content"]))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chat.base = f"http://127.0.0.1:{listening.server_port}/v1"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield chat
    listening.shutdown()
    thread.join()
    listening.server_close()


def options(server: Server, *more: str) -> tuple[str, ...]:
    return (*SCORE, "--llm-endpoint", server.base, "--llm-model", "m", "--rubric-cache", "rubrics.sqlite", *more)


def test_a_model_writes_the_rubrics_and_records_name_it(inside, tones, server, tmp_path):
    tones(["100 Hz, loud", "200 Hz", "200 Hz", "200 Hz"])
    done = inside(*options(server))
    assert done.returncode == 0, done.stderr
    assert sorted(server.asked) == ["100 Hz, loud", "200 Hz"]
    records = list(read_records(tmp_path / "audiojudge-run"))
    assert {record.expander.name for record in records} == {"llm"}
    (fingerprint,) = {record.expander.fingerprint for record in records}
    # Clips of one caption are asked the same.
    assert len({record.items[0].question for record in records[1:]}) == 1
    run = json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())
    assert run["expander"] == {"name": "llm", "fingerprint": fingerprint}
    assert run["preset"]["options"]["llm"] == {"endpoint": server.base, "model": "m", "timeout_s": 120.0}


def test_another_run_and_a_run_that_goes_on_ask_nothing_twice(inside, tones, server, tmp_path):
    tones(["100 Hz", "200 Hz", "300 Hz"])
    assert inside(*options(server, "--limit", "2")).returncode == 0
    done = inside(*options(server))
    assert "2 clips kept from an earlier run" in done.stdout
    assert inside(*options(server, "--out", "again")).returncode == 0
    assert sorted(server.asked) == ["100 Hz", "200 Hz", "300 Hz"]
    first, second = (list(read_records(tmp_path / name)) for name in ("audiojudge-run", "again"))
    assert [record.items for record in first] == [record.items for record in second]


def test_a_server_that_is_not_there_leaves_nothing_behind(inside, tones, server, tmp_path):
    tones(["100 Hz"])
    server.status = 401
    done = inside(*options(server))
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("audiojudge: error: http://127.0.0.1")
    assert "refused the request: HTTP 401" in done.stderr
    assert not (tmp_path / "audiojudge-run").exists()


def test_a_server_that_goes_away_keeps_what_was_judged(inside, tones, server, tmp_path):
    tones([f"{n}00 Hz" for n in range(1, 7)])
    server.status, server.after = 403, 3
    done = inside(*options(server, "--workers", "1"))
    assert done.returncode == 3
    assert json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())["state"] == "failed"
    server.status = 200
    done = inside(*options(server))
    assert done.returncode == 0
    # What was answered before is not asked again.
    assert [server.asked.count(f"{n}00 Hz") for n in range(1, 4)] == [1, 1, 1]
    assert len(list(read_records(tmp_path / "audiojudge-run"))) == 6


def test_one_request_refused_is_one_clip_that_failed(inside, tones, server, tmp_path):
    tones(["100 Hz", "200 Hz", "300 Hz"])
    server.status, server.after = 413, 2
    done = inside(*options(server, "--workers", "1"))
    assert done.returncode == 3  # a third of the clips; the preset allows a tenth
    *_, last = read_records(tmp_path / "audiojudge-run")
    assert last.error is not None
    assert (last.status, last.error.kind) == ("error", "expander")
    assert "HTTP 413" in last.error.message


def test_a_preset_names_the_model(inside, tones, server, tmp_path):
    tones(["100 Hz"])
    (tmp_path / "my.yaml").write_text(
        f"judge: tone\nexpander: llm\nllm: {{endpoint: '{server.base}', model: m}}\nrubric_cache: never\n"
    )
    done = inside("score", "outputs", "--captions", "captions.jsonl", "--preset", "./my.yaml")
    assert done.returncode == 0, done.stderr
    assert server.asked == ["100 Hz"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([], "the llm expander needs a model"),
        (["--llm-endpoint", "http://127.0.0.1:1"], "needs --llm-model"),
        (["--llm-endpoint", "nowhere", "--llm-model", "m"], "the endpoint must be an http(s) address"),
        (["--expander", "tones", "--llm-model", "m"], "'tones' writes without a model"),
        (["--llm-endpoint", "http://127.0.0.1:1", "--llm-model", "m", "--rubric-cache", "outputs"], "the rubric cache"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing_behind(inside, tones, tmp_path, more, says):
    tones(["100 Hz"])
    done = inside(*SCORE, *more)
    assert done.returncode == 2
    assert says in done.stderr.splitlines()[-1]
    assert not (tmp_path / "audiojudge-run").exists()
