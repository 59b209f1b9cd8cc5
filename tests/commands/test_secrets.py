"""No key, password or token reaches anything that is printed, logged or written, whatever an endpoint does with it."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, quote_plus, unquote

import pytest

from audiojudge_cli.text import hidden as hiding

SECRET = 'sk-S3cr/t+"x\\y%z'
BASIC = base64.b64encode(f"user:{SECRET}".encode()).decode()
FORMS = {SECRET, quote(SECRET, safe=""), quote(SECRET), quote_plus(SECRET), json.dumps(SECRET)[1:-1], BASIC}
FORMS |= {repr(SECRET)[1:-1], base64.b64encode(f"{SECRET}:".encode()).decode()}
# Pieces that would be left of a secret that was cut.
PIECES = {form[:8] for form in FORMS}

PLACES = ["key", "password", "user", "query", "bare query"]
GIVEN = ["option", "environment", "preset"]
SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--expander", "tones", "--quality", "off")
COMMANDS = {
    "score": ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone"),
    "jsonl": ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--format", "jsonl", "-v"),
    "log": ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--log-json", "--verbose"),
    "dry run": ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--dry-run"),
}


def chat(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def question(echo: str) -> bytes:
    items = [{"dimension": "pitch", "question": f"Is it {echo}?", "basis": "100", "negated": False}]
    return chat(json.dumps({"items": [*items, {"dimension": echo, "question": echo, "basis": echo, "negated": 1}]}))


def error(code: int, echo: str) -> tuple[int, bytes]:
    return code, echo.encode()


def cut(at: int, echo: str) -> tuple[int, bytes]:
    return 401, b" " * ((1 << 16) - at) + echo.encode()


# What a server may do with what it was sent: status and body.
SERVERS: dict[str, Callable[[str], tuple[int, bytes]]] = {
    **{f"error {code}": partial(error, code) for code in (400, 401, 403, 413, 429, 500)},
    "json error": lambda echo: (401, json.dumps({"error": {"message": echo}}).encode()),
    "redirect": lambda echo: (302, echo.encode()),
    "no chat": lambda echo: (200, echo.encode()),
    "no json": lambda echo: (200, chat(echo)),
    "question": lambda echo: (200, question(echo)),
    # Cut off within the secret, where blanks are folded so that the cut is shown.
    **{f"cut {at}": partial(cut, at) for at in (5, 12, 16)},
    "bad status line": lambda echo: (0, echo.encode()),
}


@pytest.fixture
def echo() -> Iterator[tuple[str, list[object]]]:
    """Yield the host of a server that repeats what it was sent; what it does is put into the list."""
    doing: list[object] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            sent = self.headers.get("Authorization", "")
            told = f"{SECRET} {sent} {self.path} {unquote(self.path)} {SECRET}"
            status, body = doing[0](told)  # type: ignore[operator]
            with contextlib.suppress(OSError):
                if not status:
                    self.wfile.write(b"NOHTTP " + body + b"\r\n\r\n")
                    return
                self.send_response(status, told.replace("\n", " "))
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Location", f"/{quote(told)}")
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"127.0.0.1:{server.server_port}", doing
    server.shutdown()
    thread.join()
    server.server_close()


def address(host: str, place: str) -> str:
    safe = quote(SECRET, safe="")
    return {
        "key": f"http://{host}/v1",
        "password": f"http://user:{safe}@{host}/v1",
        "user": f"http://{safe}@{host}/v1",
        "query": f"http://{host}/v1?api-version=1&api_key={safe}",
        "bare query": f"http://{host}/v1?{safe}",
    }[place]


def given(folder, monkeypatch, place: str, how: str, host: str) -> list[str]:
    where = address(host, place)
    if place == "key":
        monkeypatch.setenv("AUDIOJUDGE_API_KEY", SECRET)
    if how == "environment":
        monkeypatch.setenv("AUDIOJUDGE_LLM_ENDPOINT", where)
        return ["--expander", "llm", "--llm-model", "m"]
    if how == "preset":
        (folder.parent / f"{folder.name}.yaml").write_text(f"llm: {{endpoint: {json.dumps(where)}, model: m}}\n")
        return ["--expander", "llm", "--preset", f"../{folder.name}.yaml"]
    return ["--expander", "llm", "--llm-model", "m", "--llm-endpoint", where]


def leaks(folder, done) -> list[str]:
    """Return where a secret stands."""
    texts = {"stdout": done.stdout, "stderr": done.stderr}
    texts |= {
        str(path.relative_to(folder)): path.read_bytes().decode("latin-1")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".wav"
    }
    return [f"{name}: {piece}" for name, text in texts.items() for piece in PIECES if piece in text]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("audiojudge_cli.rubrics.endpoint._ATTEMPTS", 2)
    monkeypatch.setattr("audiojudge_cli.rubrics.endpoint.retry_after", lambda *_: 0.0)
    monkeypatch.setattr("audiojudge_cli.judges.endpoint.asker.retry_after", lambda *_: 0.0)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_the_server_says(tmp_path, inside, tones, monkeypatch, echo, server, place):
    host, doing = echo
    tones(["100 Hz", "200 Hz"])
    doing.append(SERVERS[server])
    more = given(tmp_path, monkeypatch, place, "option", host)
    gate = ("--require", "score.mean >= 0.1", "--json", "gate.json", "--junit", "gate.xml", "--markdown", "gate.md")
    done = inside(*COMMANDS["jsonl"], *more, "--rubric-cache", "rubrics.sqlite", *gate)
    assert done.stderr
    assert leaks(tmp_path, done) == []
    done = inside("rubric", "100 Hz", "--format", "jsonl", "--rubric-cache", "never", *more)
    assert leaks(tmp_path, done) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("how", GIVEN)
@pytest.mark.parametrize("place", PLACES)
def test_wherever_it_is_given(tmp_path, inside, tones, monkeypatch, echo, place, how, command):
    host, doing = echo
    tones(["100 Hz"])
    doing.append(SERVERS["question"])
    done = inside(*COMMANDS[command], *given(tmp_path, monkeypatch, place, how, host), "--rubric-cache", "c.sqlite")
    assert done.returncode in {0, 3}, done.stderr
    assert leaks(tmp_path, done) == []
    # The address itself is still told.
    run = tmp_path / "audiojudge-run" / "run.json"
    assert command == "dry run" or host in run.read_text()


@pytest.mark.parametrize("place", PLACES[1:])
@pytest.mark.parametrize("scheme", ["ftp", "htp", "http:", ""])
def test_an_address_that_is_none_does_not_tell_its_secret(tmp_path, inside, tones, place, scheme):
    tones(["100 Hz"])
    where = address("localhost:99999" if scheme == "http:" else "localhost:1", place).replace("http://", "")
    where = f"{scheme}//{where}" if scheme.endswith(":") else f"{scheme}://{where}" if scheme else where
    done = inside(*COMMANDS["log"], "--expander", "llm", "--llm-model", "m", "--llm-endpoint", where)
    assert done.returncode == 2
    assert "must be an http(s) address" in done.stderr
    assert leaks(tmp_path, done) == []


@pytest.mark.parametrize("key", [f"{SECRET}\nX: y", f"{SECRET}é", f"{SECRET}\x7f"])
def test_a_key_that_no_header_can_carry(tmp_path, inside, monkeypatch, key):
    monkeypatch.setenv("AUDIOJUDGE_API_KEY", key)
    done = inside("rubric", "a dog", "--expander", "llm", "--llm-model", "m", "--llm-endpoint", "http://127.0.0.1:1")
    assert (done.returncode, "no HTTP header" in done.stderr) == (2, True)
    assert leaks(tmp_path, done) == []


def test_a_user_name_and_a_key_are_one_too_many(inside, monkeypatch):
    monkeypatch.setenv("AUDIOJUDGE_API_KEY", SECRET)
    where = address("127.0.0.1:1", "password")
    done = inside("rubric", "a dog", "--expander", "llm", "--llm-model", "m", "--llm-endpoint", where)
    assert done.returncode == 2
    assert "only one of them can be sent" in done.stderr


def at_server(folder, monkeypatch, place: str, how: str, host: str) -> list[str]:
    """Return the options that name the server of the endpoint judge."""
    where = address(host, place)
    if place == "key":
        monkeypatch.setenv("AUDIOJUDGE_API_KEY", SECRET)
    if how == "option":
        return ["--judge", "endpoint", "--base-url", where, "--model", "m"]
    told = f"endpoint: {{base_url: {json.dumps(where)}, model: m}}\n"
    if how == "preset":
        (folder.parent / f"{folder.name}.yaml").write_text(f"judge: endpoint\n{told}")
        return ["--preset", f"../{folder.name}.yaml"]
    head = "name: ours\nfamily: endpoint\ntitle: t\ndescription: d\nlicence: none\n"
    (folder.parent / f"{folder.name}.yaml").write_text(head + told)
    return ["--judge", f"../{folder.name}.yaml"]


def weighed(echo: str, *, model: str = "m", content: str = "Yes", tokens: str = "No") -> tuple[int, bytes]:
    tops = [{"token": "Yes", "logprob": -0.1}, {"token": tokens, "logprob": -3.0}]
    logprobs = {"content": [{"token": content, "logprob": -0.1, "top_logprobs": tops}]}
    message = {"content": content}
    return 200, json.dumps(
        {"model": model, "choices": [{"message": message, "logprobs": logprobs}], "x": echo}
    ).encode()


JUDGING: dict[str, Callable[[str], tuple[int, bytes]]] = {
    "answer": weighed,
    "model": lambda echo: weighed(echo, model=echo),
    "content": lambda echo: weighed(echo, content=echo),
    "token": lambda echo: weighed(echo, tokens=echo),
    "words": lambda echo: (200, chat(echo)),
}


@pytest.mark.parametrize("server", [*JUDGING, "error 401", "redirect", "bad status line"])
def test_whatever_a_server_that_judges_says(tmp_path, inside, tones, monkeypatch, echo, server):
    host, doing = echo
    tones(["100 Hz", "200 Hz"])
    # The probe is answered well, or nothing would be judged.
    doing.append((SERVERS | JUDGING)[server])
    for number, place in enumerate(PLACES):
        monkeypatch.delenv("AUDIOJUDGE_API_KEY", raising=False)
        named = at_server(tmp_path, monkeypatch, place, ("option", "preset", "card")[number % 3], host)
        done = inside(*COMMANDS["jsonl"][:4], "--expander", "tones", "--out", f"run{number}", "--log-json", *named)
        assert done.stderr
        assert done.returncode in {0, 3}, done.stderr
        assert leaks(tmp_path, done) == []


@pytest.mark.parametrize("number", range(len(SERVERS)))
def test_whatever_it_says_in_the_middle_of_a_run(tmp_path, inside, tones, monkeypatch, echo, number):
    host, doing = echo
    server, place = list(SERVERS)[number], PLACES[number % len(PLACES)]
    tones(["100 Hz", "200 Hz"])
    said: list[str] = []

    def saying(told: str) -> tuple[int, bytes]:
        said.append(told)
        return weighed(told) if len(said) < 3 else SERVERS[server](told)

    doing.append(saying)
    done = inside(*SCORE, *at_server(tmp_path, monkeypatch, place, "option", host), "--verbose")
    assert len(said) > 2
    assert (tmp_path / "audiojudge-run" / "records.jsonl").exists()
    assert leaks(tmp_path, done) == []
    run = tmp_path / "audiojudge-run" / "run.json"
    assert host in run.read_text()


@pytest.mark.parametrize("text", ["a dog barks: none, true", "https://host/path", "a@b: c", "x=1?y=2", "what? a=b"])
def test_other_text_stays_as_it_is(monkeypatch, text):
    for placeholder in ("none", "EMPTY", "true", "dog"):
        hiding.know(placeholder)
    assert hiding.hidden(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p@host/v1?a=b&c=d#e=f", "https://[hidden]@host/v1?a=[hidden]&c=[hidden]#e=[hidden]"),
        ("see http://host?abc.", "see http://host?[hidden]"),
        ("--index=https://t@host/x 'ftp://u:@h'", "--index=https://[hidden]@host/x 'ftp://[hidden]@h'"),
    ],
)
def test_addresses_are_hidden_by_place(text, shown):
    assert hiding.hidden(text) == shown
