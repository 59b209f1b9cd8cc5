"""Runs with audio behind them, and a server that labels them."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import soundfile

from audiojudge_cli.labelling.serving import opened

RATE = 8000


def rows(count: int = 12) -> list[dict[str, Any]]:
    return [
        {"id": f"clip{at}", "answers": [0.05 + 0.9 * at / count, 0.8], "subset": ("sound", "speech")[at % 2]}
        for at in range(count)
    ]


@pytest.fixture
def sounding(make_run, tmp_path):
    """Write a run whose clips have audio files of a quarter of a second."""

    def make(given: list[dict[str, Any]] | None = None, *, files: dict[str, Any] | None = None) -> Path:
        outputs = tmp_path / "outputs"
        outputs.mkdir(exist_ok=True)
        folder: Path = make_run(given or rows(), info={"inputs": {"outputs": str(outputs), "captions": None}})
        lines = []
        for number, line in enumerate((folder / "records.jsonl").read_text(encoding="utf-8").splitlines(), start=1):
            record = json.loads(line)
            path = outputs / record["audio"]["path"]
            if record["audio"]["sha256"]:
                how = (files or {}).get(record["id"], {})
                rate, channels = how.get("rate", RATE), how.get("channels", 1)
                tone = 0.5 * np.sin(2 * np.pi * 100 * number * np.arange(rate // 4) / rate)
                data = np.repeat(tone[:, None], channels, axis=1)
                soundfile.write(path, data, rate, format=how.get("format", "WAV"), subtype=how.get("subtype"))
                record["audio"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(json.dumps(record) + "\n")
        (folder / "records.jsonl").write_text("".join(lines), encoding="utf-8", newline="")
        return folder

    return make


class Client:
    """Speaks HTTP with a server, as no browser would dare to; `end` ends the server."""

    end: Callable[[], None]

    def __init__(self, url: str) -> None:
        self.url = url
        self.host, self.path = urlsplit(url).netloc, urlsplit(url).path

    def raw(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
        connection = HTTPConnection(self.host, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in named)
        length = {} if body is None or "Content-Length" in named else {"Content-Length": str(len(body))}
        for name, value in (named | length).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        reply = connection.getresponse()
        found = reply.status, reply.headers, reply.read()
        connection.close()
        return found

    def get(self, path: str = "", **headers: str) -> tuple[int, Any, bytes]:
        return self.raw("GET", self.path + path, None, **headers)

    def next(self, after: int | None = None) -> Any:
        status, _, body = self.get("next" if after is None else f"next/{after}")
        assert status == 200
        return json.loads(body)

    def post(self, path: str, data: Any, **headers: str) -> tuple[int, Any]:
        given = {"Origin": f"http://{self.host}", "Content_Type": "application/json"} | headers
        status, _, body = self.raw("POST", self.path + path, json.dumps(data).encode(), **given)
        return status, json.loads(body)


@pytest.fixture
def serve(tmp_path):
    """Serve a run in this process; returns a client, and labels go to `labels.jsonl`."""
    clients: list[Client] = []

    def start(run: Path, *, by: str = "ann", labels: Path | None = None, **options: Any) -> Client:
        context = opened(run, labels or tmp_path / "labels.jsonl", by=by, **options)
        server = context.__enter__()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()

        def end() -> None:
            if not thread.is_alive():
                return
            server.shutdown()
            thread.join()
            context.__exit__(None, None, None)

        client = Client(server.url)
        client.end = end
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.end()


@pytest.fixture
def written(tmp_path):
    """Return the lines of `labels.jsonl`."""
    return lambda: [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text("utf-8").splitlines()]
