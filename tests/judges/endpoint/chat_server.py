"""A server that hears audio and speaks the chat API in vLLM's shapes, with every fault that servers have.

Run as a process of its own: `python chat_server.py PORT '{"slots": 4}'`; or within one, by whoever needs other answers.
What it was asked is told by `GET /told`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Tops = list[tuple[str, float]]


def ordinary(question: str, audio: bytes, model: str) -> Tops:
    """Return the likeliest tokens: p_yes from the question and the audio, so that a mix-up shows."""
    digest = hashlib.sha256(question.encode() + audio + model.encode()).digest()
    p_yes, mass = (digest[0] + 0.5) / 256, 0.6 + digest[1] / 1024
    shares = {"Yes": 0.7 * p_yes, " yes": 0.3 * p_yes, "No": 0.8 * (1 - p_yes), "NO": 0.2 * (1 - p_yes)}
    rest = {f"word{at}": (1 - mass) / 2 ** (at + 1) for at in range(30)}
    tops = [(token, math.log(share)) for token, share in ({k: v * mass for k, v in shares.items()} | rest).items()]
    return sorted(tops, key=lambda top: -top[1])


def _first(whole: dict[str, Any]) -> dict[str, Any]:
    token: dict[str, Any] = whole["choices"][0]["logprobs"]["content"][0]
    return token


def _logprob(at: int, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda whole: _first(whole)["top_logprobs"][at].update(logprob=value)


def _neither(whole: dict[str, Any]) -> None:
    others = [{"token": f"word{at}", "logprob": -1.0 - at, "bytes": None} for at in range(20)]
    _first(whole).update(others[0], top_logprobs=others)
    whole["choices"][0]["message"]["content"] = "word0"


# What a server may do to an answer.
SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "nan": _logprob(1, math.nan),
    "positive": _logprob(0, 0.7),
    "text": _logprob(0, "-0.1"),
    "sum": lambda whole: [each.update(logprob=-0.1) for each in _first(whole)["top_logprobs"]],
    "other token": lambda whole: whole["choices"][0]["message"].update(content="Perhaps"),
    "no tokens": lambda whole: whole["choices"][0]["logprobs"].update(content=[]),
    "no choices": lambda whole: whole.update(choices=[]),
    "no logprobs": lambda whole: whole["choices"][0].update(logprobs=None),
    "neither": _neither,
    "another model": lambda whole: whole.update(model="somebody-else"),
}


class ChatServer(ThreadingHTTPServer):
    """The server; `setup` says how it behaves.

    Keys of `setup`, all of which may be left out:
        served: Name of the model in answers.
        forms: Kinds of audio parts that it takes.
        top: Most log-probabilities it tells: more is refused; 0: it refuses them, -1: it leaves them out.
        slots: Requests that it works on at once; `over`: what becomes of the others, `queue` or `refuse`.
        takes_s: Seconds for a request; `slow_from`: for those from this number on, and none for the others.
        key: What it asks for.
        faults: [{kind, first, last}]: what the requests with these numbers, from 1, meet instead of an answer.
        words: Answers in text, in turn.
        dies_after: It is gone after so many answers.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, setup: dict[str, Any], tops: Callable[..., Tops] = ordinary) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.setup, self.tops = setup, tops
        self.lock = threading.Lock()
        self.slots = threading.Semaphore(setup.get("slots", 1_000_000))
        self.asked = self.answered = self.busy = self.peak = self.refused = 0
        self.order: list[str] = []
        self.base = f"http://127.0.0.1:{self.server_port}/v1"

    def told(self) -> dict[str, Any]:
        """Return what happened so far."""
        return {name: getattr(self, name) for name in ("asked", "answered", "peak", "refused", "order")}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChatServer

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self.say(200, self.server.told())

    def do_POST(self) -> None:
        server, setup = self.server, self.server.setup
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.asked += 1
            number = server.asked
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for fault in setup.get("faults", []):
                if fault["first"] <= number <= fault.get("last", fault["first"]):
                    self.fail(fault, body)
                    return
            if setup.get("over") == "refuse" and not server.slots.acquire(blocking=False):
                server.refused += 1
                self.error(429, "too many requests", {"Retry-After": "0"})
                return
            if setup.get("over") != "refuse":
                server.slots.acquire()
            try:
                with server.lock:
                    server.busy += 1
                    server.peak = max(server.peak, server.busy)
                if number >= setup.get("slow_from", 0):
                    time.sleep(setup.get("takes_s", 0.0))
                self.answer(body)
            finally:
                with server.lock:
                    server.busy -= 1
                server.slots.release()
        if server.answered >= setup.get("dies_after", math.inf):
            os._exit(9)

    def answer(self, body: dict[str, Any]) -> None:
        server, setup = self.server, self.server.setup
        if "key" in setup and self.headers.get("Authorization") != f"Bearer {setup['key']}":
            self.error(401, f"Incorrect API key provided: {self.headers.get('Authorization')}")
            return
        form, audio, question = heard(body)
        if form not in setup.get("forms", ["input_audio", "audio_url"]):
            self.error(400, f"Unknown part type: {form}")
            return
        top = setup.get("top", 20)
        if body.get("logprobs") and (top == 0 or body["top_logprobs"] > top >= 0):
            self.error(400, f"Requested sample logprobs of {body['top_logprobs']}, which is greater than {top}")
            return
        with server.lock:
            server.order.append(hashlib.sha256(audio).hexdigest()[:8])
        # A drip or a broken answer is none.
        self.say(200, shaped(server, body, audio, question), counts=True)

    def fail(self, fault: dict[str, Any], body: dict[str, Any]) -> None:
        kind = fault["kind"]
        if isinstance(kind, int):
            headers = {"Retry-After": str(fault["after"])} if "after" in fault else {}
            self.error(kind, f"fault {kind}", headers)
            return
        if kind == "hang up":
            self.close_connection = True
            return
        if kind == "drip":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        whole = shaped(self.server, body, *heard(body)[1:])
        if kind == "truncated":
            self.say(200, json.dumps(whole)[:-60])
        elif kind == "huge":
            self.say(200, " " * (5 << 20))
        else:
            SPOILT[kind](whole)
            self.say(200, whole)

    def error(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self.say(status, {"error": {"message": message, "type": "error", "param": None, "code": status}}, headers)

    def say(self, status: int, body: object, headers: dict[str, str] | None = None, *, counts: bool = False) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        if counts:
            with self.server.lock:
                self.server.answered += 1
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def heard(body: dict[str, Any]) -> tuple[str, bytes, str]:
    """Return how audio was sent, the WAV file, and the text after it."""
    user = next(turn for turn in body["messages"] if turn["role"] == "user")
    at = next(at for at, part in enumerate(user["content"]) if part["type"] != "text")
    part = user["content"][at]
    if part["type"] == "input_audio":
        assert part["input_audio"]["format"] == "wav"
        data = part["input_audio"]["data"]
    else:
        data = part["audio_url"]["url"].removeprefix("data:audio/wav;base64,")
    audio = base64.b64decode(data, validate=True)
    assert audio.startswith(b"RIFF")
    return part["type"], audio, user["content"][at + 1]["text"]


def shaped(server: ChatServer, body: dict[str, Any], audio: bytes, question: str) -> dict[str, Any]:
    """Return an answer as vLLM's documentation shows it."""
    setup = server.setup
    model = setup.get("served", body["model"])
    logprobs, content = None, ""
    if body.get("logprobs") and setup.get("top", 20) >= 0:
        assert body.get("max_tokens", body.get("max_completion_tokens")) == 1
        assert body["temperature"] == 0
        tops = [told(*top) for top in server.tops(question, audio, body["model"])[: body["top_logprobs"]]]
        content = tops[0]["token"]
        logprobs = {"content": [{**tops[0], "top_logprobs": tops}]}
    elif not body.get("logprobs"):
        words = setup.get("words") or ['{"answer": "yes"}']
        content = words[server.answered % len(words)]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": content,
        "refusal": None,
        "annotations": None,
        "audio": None,
    }
    message |= {"function_call": None, "tool_calls": [], "reasoning": None}
    prompt = 100 + len(audio) // 1280
    usage = {"prompt_tokens": prompt, "total_tokens": prompt + 1, "completion_tokens": 1, "prompt_tokens_details": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [
            {"index": 0, "message": message, "logprobs": logprobs, "finish_reason": "length", "stop_reason": None}
        ],
        "service_tier": None,
        "system_fingerprint": None,
        "usage": usage if setup.get("counts", True) else None,
        "prompt_logprobs": None,
        "kv_transfer_params": None,
    }


def told(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode())}


def samples(audio: bytes) -> Any:
    """Return the samples of a WAV file."""
    import soundfile

    return soundfile.read(io.BytesIO(audio), dtype="float32")[0]


if __name__ == "__main__":
    time.sleep(json.loads(sys.argv[2]).get("starts_after_s", 0.0))
    server = ChatServer(int(sys.argv[1]), json.loads(sys.argv[2]))
    print(server.server_port, flush=True)
    server.serve_forever()
