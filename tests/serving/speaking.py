"""A server in a process of its own, and what its tests send it."""

from __future__ import annotations

import base64
import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

PLUGIN = Path(__file__).parents[1] / "plugin"
RATE = 8000
MAX_BODY = 200_000
PRESET = "judge: tone\nexpander: tones\nquality: off\nworkers: 4\nbatch: 4\n"


def tone(hertz: float, seconds: float = 0.25, *, form: str = "WAV", rate: int = RATE) -> bytes:
    """Return an audio file with a pure tone."""
    file = io.BytesIO()
    samples = 0.9 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    soundfile.write(file, samples, rate, format=form)
    return file.getvalue()


def form(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, dict[str, str]]:
    """Return a multipart form and its headers."""
    mark = "b0undary"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{told}"\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, (told, data) in files.items()
    ]
    body = b"".join([*parts, f"--{mark}--\r\n".encode()])
    return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}


@dataclass
class Told:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> tuple[int, str]:
        assert self.headers["content-type"] == "application/problem+json", self.body
        found = self.json
        assert set(found) == {"type", "title", "status", "kind", "detail"}
        assert found["status"] == self.status
        assert found["detail"]
        assert "\n" not in found["detail"]
        return self.status, found["kind"]


class Server:
    """`audiojudge serve` in a process of its own."""

    plugin, preset = PLUGIN, PRESET

    def __init__(self, folder: Path, *arguments: object, wait: bool = True, **env: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AUDIOJUDGE_", "TONE_"))}
        path = os.pathsep.join([str(PLUGIN), *filter(None, [os.environ.get("PYTHONPATH")])])
        (folder / "tones.yaml").write_text(PRESET)
        line = ["serve", "--preset", "tones.yaml", "--port", "0", "--max-body", str(MAX_BODY), *map(str, arguments)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "audiojudge_cli", *line],
            cwd=folder,
            env={**kept, "PYTHONPATH": path, **env},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stderr is not None
        self.token: str | None = None
        self.first = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.first)
        self.port = int(found[1]) if found else 0
        if wait:
            self.wait()

    def wait(self) -> None:
        until = time.monotonic() + 60
        while self.get("/healthz").status != 200:
            assert time.monotonic() < until
            time.sleep(0.02)

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Told:
        connection = self.connection()
        shown = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, path, body, {**shown, **(headers or {})})
            answer = connection.getresponse()
            return Told(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Told:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Any, **headers: str) -> Told:
        body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def score(self, caption: str, audio: bytes | None = None, **more: Any) -> Told:
        data = tone(440) if audio is None else audio
        return self.post("/v1/score", {"caption": caption, "audio": base64.b64encode(data).decode(), **more})

    def figure(self, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (.*)$", self.get("/metrics").body.decode(), re.MULTILINE)
        assert found, name
        return float(found[1])

    def next_line(self, word: str) -> str:
        """Return the next line on stderr with this word."""
        assert self.process.stderr is not None
        return next(line for line in self.process.stderr if word in line)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal, and return the exit code and what was said."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told
