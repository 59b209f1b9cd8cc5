"""A real server process and what it must answer, whoever else asks what at the same time."""

from __future__ import annotations

import base64
import json
import os
import re
import runpy
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import audiojudge_cli as aj
from audiojudge_cli.api import judging

HELP = runpy.run_path(str(Path(__file__).with_name("speaking.py")))
MAX_BODY, form, tone = HELP["MAX_BODY"], HELP["form"], HELP["tone"]
TONES = [200 + 52 * number for number in range(24)]
"""Frequencies that a quarter of a second tells apart: a request's answer names its own."""


def heard(told: Any) -> int:
    hertz: float = told.json["items"][0]["facts"]["f0_hz"]
    return round(hertz)


def plain(record: Any) -> Any:
    return {key: value for key, value in record.items() if key not in {"id", "metadata"}} | {
        "audio": {key: value for key, value in record["audio"].items() if key != "path"}
    }


@pytest.mark.parametrize("caption", ["440 Hz", "440 Hz, loud", "loud, something else", "nothing"])
def test_the_record_is_that_of_score_however_the_audio_comes(server, rooted, tmp_path, monkeypatch, caption):
    monkeypatch.syspath_prepend(str(server.plugin))
    judging._kept.cache_clear()
    (tmp_path / "tones.yaml").write_text(server.preset)
    expected = plain(aj.score(rooted / "440.wav", caption, preset=tmp_path / "tones.yaml").to_dict())
    judging._kept.cache_clear()
    data = (rooted / "440.wav").read_bytes()
    body, headers = form({"caption": caption}, {"audio": ("my clip.wav", data)})
    told = [
        server.ask("POST", "/v1/score", body, headers),
        server.score(caption, data),
        server.post("/v1/score", {"path": "440.wav", "caption": caption}),
        server.post(
            "/v1/score", {"path": str(rooted / "440.wav"), "caption": caption, "id": "x", "metadata": {"a": 1}}
        ),
    ]
    assert [one.status for one in told] == [200] * 4, told
    assert [plain(one.json) for one in told] == [expected] * 4
    assert [one.json["id"] for one in told] == ["my_clip", "audio", "440", "x"]
    assert told[0].json["audio"]["path"] == "my clip.wav"
    assert told[3].json["metadata"] == {"a": 1}


def test_requests_at_once_share_calls_of_the_judge_and_get_their_own_answers(server):
    before = server.figure("audiojudge_batch_clips_count"), server.figure("audiojudge_batch_clips_sum")
    with ThreadPoolExecutor(len(TONES)) as pool:
        found = list(pool.map(lambda hertz: server.score(f"{hertz} Hz", tone(hertz)), TONES))
    assert [one.status for one in found] == [200] * len(TONES)
    assert [heard(one) for one in found] == TONES
    calls = server.figure("audiojudge_batch_clips_count") - before[0]
    assert server.figure("audiojudge_batch_clips_sum") - before[1] == len(TONES)
    assert calls <= len(TONES) / 2


FAULTS = {
    "explode": (200, None),  # one item of a rubric: a fault of the item
    "explode alone": (500, "judge"),
    "refuse": (422, "refused"),
    "no weights": (503, "weights"),
    "mute": (500, "judge"),
    "bug": (422, "rubric"),
}


def test_one_request_that_fails_takes_none_of_its_batch(server):
    def ask(what):
        if isinstance(what, int):
            return server.score(f"{what} Hz", tone(what))
        return server.score(what.removesuffix(" alone") + ("" if "alone" in what else ", loud"))

    mixed = [one for pair in zip(TONES[:12], [*FAULTS] * 2, strict=True) for one in pair]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, mixed))
    for what, told in zip(mixed, found, strict=True):
        if isinstance(what, int):
            assert (told.status, heard(told)) == (200, what)
        elif FAULTS[what][1] is None:
            assert told.status == 200
            assert [item["p_yes"] is None for item in told.json["items"]] == [True, False]
        else:
            assert told.problem == FAULTS[what], what


CLIPS = {
    "not-audio": b"no audio at all",
    "empty": b"",
    "truncated": tone(440)[:-1000],
    "too-long": tone(440, 6),
    "no-samples": tone(440, 0),
    "sample-rate": tone(440, rate=1000),
}


@pytest.mark.parametrize("kind", CLIPS)
def test_a_clip_that_cannot_be_judged_is_a_problem_of_the_kind_that_records_have(server, kind):
    told = server.score("440 Hz", CLIPS[kind])
    assert told.problem == (422, kind)


def test_what_is_small_packed_and_long_unpacked_is_refused(server):
    packed = tone(0, 600, form="FLAC")
    assert len(packed) < MAX_BODY
    assert server.score("440 Hz", packed).problem == (422, "too-long")


BODIES = {
    "not JSON": (b"{", (400, "request")),
    "not UTF-8": (b'{"caption": "\xff"}', (400, "request")),
    "no object": (b"[]", (422, "request")),
    "too deep": (b'{"caption": ' + b"[" * 5000 + b"]" * 5000 + b"}", (400, "request")),
    "no audio": ({"caption": "loud"}, (422, "request")),
    "both": ({"caption": "loud", "audio": "", "path": "440.wav"}, (422, "request")),
    "unknown field": ({"caption": "loud", "path": "440.wav", "captoin": "x"}, (422, "request")),
    "no text": ({"caption": 3, "path": "440.wav"}, (422, "request")),
    "no base64": ({"caption": "loud", "audio": "no!base64"}, (422, "request")),
    "half a surrogate": (b'{"caption": "\\ud800", "path": "440.wav"}', (422, "request")),
    "no caption": ({"path": "440.wav"}, (422, "caption")),
    "long caption": ({"path": "440.wav", "caption": "loud, " * 20_000}, (422, "caption")),
    "bad rubric": ({"path": "440.wav", "rubric": [{"question": 3}]}, (422, "rubric")),
    "subset": ({"path": "440.wav", "caption": "loud", "subset": "noise"}, (422, "request")),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_request_that_does_not_fit_is_a_problem(server, name):
    body, expected = BODIES[name]
    assert server.post("/v1/score", body).problem == expected


FORMS = {
    "no boundary": (b"", {"Content-Type": "multipart/form-data"}),
    "not a form": (b"x" * 100, {"Content-Type": "multipart/form-data; boundary=a"}),
    "no type": (b"x", {"Content-Type": "text/plain"}),
    "packed": (b"x", {"Content-Type": "application/json", "Content-Encoding": "gzip"}),
    "rubric is no JSON": form({"rubric": "{"}, {"audio": ("a.wav", tone(440))}),
    "twice": form({"caption": "loud"}, {"audio": ("a.wav", tone(440))}),
}
FORMS["twice"] = (FORMS["twice"][0].replace(b"--b0undary--", FORMS["twice"][0]), FORMS["twice"][1])


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_cannot_be_read_is_a_problem(server, name):
    status, kind = server.ask("POST", "/v1/score", *FORMS[name]).problem
    assert status in {400, 415, 422}
    assert kind in {"request", "content-type", "content-encoding"}


OUTSIDE = {
    "../outside/660.wav": (403, "outside-root"),
    "deep/../../outside/660.wav": (403, "outside-root"),
    "deep/../440.wav": (403, "outside-root"),
    "/etc/passwd": (403, "outside-root"),
    "/dev/zero": (403, "outside-root"),
    "/proc/self/environ": (403, "outside-root"),
    "link-out.wav": (403, "outside-root"),
    "link-up.wav": (403, "outside-root"),
    "way-out/660.wav": (403, "outside-root"),
    "zero.wav": (403, "outside-root"),
    "pipe.wav": (422, "not-a-file"),
    "circle.wav": (422, "unreadable"),
    "deep": (422, "is-a-directory"),
    ".": (422, "is-a-directory"),
    "none.wav": (404, "not-found"),
    "440.wav/x": (404, "not-found"),
    "440.wav\0.txt": (404, "not-found"),
    "x" * 4000: (404, "not-found"),
    "empty.wav": (422, "empty"),
    "large.wav": (413, "too-large"),
}


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: repr(path)[:40])
def test_no_file_outside_of_the_allowed_folder_is_read(server, path):
    told = server.post("/v1/score", {"caption": "660 Hz", "path": path})
    assert told.problem == OUTSIDE[path]
    assert b"660 Hz" not in told.body


def test_links_within_the_allowed_folder_are_followed(server):
    found = [server.post("/v1/score", {"caption": "560 Hz", "path": path}) for path in ("link-in.wav", "deep/560.wav")]
    assert [heard(one) for one in found] == [560, 560]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(server):
    headers = {"Content-Type": "application/json", "Content-Length": str(1 << 40), "Expect": "100-continue"}
    told = server.ask("POST", "/v1/score", None, headers)
    assert told.problem == (413, "too-large")
    assert told.headers["connection"] == "close"


def test_a_body_without_end_is_refused_while_it_comes(server):
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        client.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        try:
            while sent < 1 << 30:
                client.sendall(chunk)
                sent += 65536
        except OSError:
            pass
    # What the server takes before it refuses and while it parts, and what lies in the buffers of the system.
    assert sent < 2 * MAX_BODY + (16 << 20)
    assert server.score("440 Hz").status == 200


def test_a_large_body_is_told_why_it_is_refused(server):
    told = server.post("/v1/score", b" " * (MAX_BODY + 1000))
    assert told.problem == (413, "too-large")


def test_who_comes_when_the_line_is_full_is_told_when_to_come_again(server):
    head = (
        b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    with ExitStack() as stack:
        for _ in range(32):  # each holds a place until its body has come
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            client.sendall(head + b"Content-Length: 100\r\n\r\n{")
        until = time.monotonic() + 30
        while server.figure("audiojudge_in_flight") < 32:
            assert time.monotonic() < until
        busy = server.score("440 Hz")
        assert busy.problem == (429, "busy")
        assert 1 <= int(busy.headers["retry-after"]) <= 60
        assert server.get("/healthz").status == 200
    empty(server)
    assert server.score("440 Hz").status == 200


def empty(server: Any) -> None:
    until = time.monotonic() + 30
    while server.figure("audiojudge_in_flight"):
        assert time.monotonic() < until
        time.sleep(0.02)


def part_of_a_request(server: Any, hertz: int, share: float, *, reset: bool) -> None:
    """Send a request, or a part of it, and go away."""
    audio = base64.b64encode(tone(hertz)).decode()
    body = json.dumps({"caption": f"{hertz} Hz", "audio": audio}).encode()
    head = "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall((head.encode() + body)[: int(share * (len(head) + len(body)))])
        time.sleep(0.01)


def test_clients_that_go_away_mix_up_nobodys_answers_and_leave_nothing_behind(server):
    def ask(number):
        hertz = TONES[number % len(TONES)]
        if number % 3:
            part_of_a_request(server, hertz, (1.0, 0.5, 0.02)[number % 4 % 3], reset=number % 2 == 0)
            return True
        told = server.score(f"{hertz} Hz", tone(hertz))
        return told.status == 200 and heard(told) == hertz

    gone = server.figure("audiojudge_gone_total")
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(60)))
    assert server.figure("audiojudge_gone_total") > gone
    empty(server)


def test_compare_says_which_is_better_and_has_both_records(server):
    fields = {"caption": "440 Hz, loud", "by": "alignment"}
    body, headers = form(fields, {"audio_a": ("a.wav", tone(440)), "audio_b": ("b.wav", tone(880))})
    told = server.ask("POST", "/v1/compare", body, headers)
    assert told.status == 200, told.body
    assert (told.json["preferred"], told.json["a"]["id"], told.json["b"]["id"]) == ("a", "a", "b")
    assert told.json["margin"] == pytest.approx(told.json["score_a"] - told.json["score_b"], abs=1e-4)
    broken = server.ask(
        "POST", "/v1/compare", *form(fields, {"audio_a": ("a.wav", tone(440)), "audio_b": ("b.wav", b"x")})
    )
    assert broken.problem == (422, "not-audio")
    assert broken.json["detail"].startswith("b: ")


def test_expand_gives_the_items_that_score_would_ask(server):
    made = server.post("/v1/expand", {"caption": "440 Hz, loud"}).json
    asked = server.post("/v1/score", {"path": "440.wav", "caption": "440 Hz, loud"}).json
    told = server.post("/v1/score", {"path": "440.wav", "caption": "x", "rubric": made["items"]}).json
    assert [item["question"] for item in made["items"]] == [item["question"] for item in asked["items"]]
    assert told["items"] == asked["items"]
    assert server.post("/v1/expand", {"caption": " "}).problem == (422, "caption")
    assert server.post("/v1/expand", {"caption": "x" * 110_000}).problem == (422, "caption")
    assert server.post("/v1/expand", {"caption": "bug"}).problem == (422, "rubric")
    assert server.post("/v1/expand", {"caption": "loud", "language": "xx"}).problem == (422, "request")


@pytest.mark.parametrize(
    "more",
    [
        '"metadata": {"a": NaN, "b": [Infinity, {"c": 1e999}]}',
        '"metadata": {"a": "\\u2028\\u0000\\u001b[31m"}',
        '"id": "../../etc/\\u0000passwd\\n"',
        '"language": "zh", "subset": "music", "transcript": "\\u202e"',
        '"rubric": []',
        '"rubric": [{"question": "Is it?", "weight": NaN}]',
    ],
)
def test_odd_values_come_back_as_json_that_anybody_reads(server, more):
    told = server.post("/v1/score", f'{{"path": "440.wav", "caption": "loud", {more}}}'.encode())
    assert told.status == 200, told.body
    json.loads(told.body, parse_constant=pytest.fail)
    assert not re.search(rb"[\x00-\x1f]", told.body)
    assert re.fullmatch(r"[^/\0\n]+", told.json["id"])
    told.body.decode("utf-8")


def test_a_judge_that_cannot_rate_says_so_and_scales_are_no_paths(server, rooted):
    asked = {"path": "440.wav", "instruction": ["Rate the noise from 1 to 5"]}
    assert server.post("/v1/rate", asked).problem == (400, "input")
    assert server.post("/v1/rate", {"path": "440.wav"}).problem == (400, "input")
    for scale in ("/etc/passwd", "../x.yaml", str(rooted / "440.wav")):
        for given in (scale, [scale]):
            told = server.post("/v1/rate", {"path": "440.wav", "scale": given})
            assert told.problem == (422, "request")
            assert "no scale is named" in told.json["detail"]
            assert told.json["title"] == "Unprocessable Content"
    for odd in (3, {"a": 1}, [3], [["a"]]):
        assert server.post("/v1/rate", {"path": "440.wav", "scale": odd}).problem == (422, "request")


def test_what_is_no_path_or_method_is_a_problem_too(server):
    assert server.get("/nowhere").problem == (404, "no-such-path")
    assert "GET /docs" in server.get("/nowhere").json["detail"]
    assert server.get("/v1/score").problem == (405, "method")
    assert "asked with POST" in server.get("/v1/score").json["detail"]
    assert server.post("/v1/nothing", {}).problem == (404, "no-such-path")


def test_a_page_elsewhere_cannot_ask_under_its_own_name(server):
    for host in ("evil.example", "evil.example:80", "[::2]", ""):
        assert server.get("/healthz", Host=host).problem == (421, "host")
    for host in ("localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:80"):
        assert server.get("/healthz", Host=host).status == 200


def test_it_describes_itself_without_help_from_others(server):
    page = server.get("/docs")
    api = server.get("/openapi.json").json
    assert page.status == 200
    assert not re.search(rb"(src|href)=.?(https?:)?//", page.body)
    assert b"<script" not in page.body
    for path in ("/v1/score", "/v1/compare", "/v1/rate", "/v1/expand"):
        assert path.encode() in page.body
        content = api["paths"][path]["post"]["requestBody"]["content"]
        name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        fields = api["components"]["schemas"][name]["properties"]
        assert all(f"<code>{field}</code>".encode() in page.body for field in fields)
    assert {"/healthz", "/metrics"} <= set(api["paths"])


def test_figures_are_those_of_prometheus(server):
    text = server.get("/metrics").body.decode()
    assert re.search(r"^# TYPE audiojudge_request_seconds histogram$", text, re.MULTILINE)
    assert server.figure("audiojudge_ready") == 1
    before = server.figure('audiojudge_requests_total{route="/v1/score",status="200"}')
    server.score("440 Hz")
    assert server.figure('audiojudge_requests_total{route="/v1/score",status="200"}') == before + 1
    server.get("/" + os.urandom(8).hex())
    assert set(re.findall(r'route="([^"]*)"', server.get("/metrics").body.decode())) <= {
        *(
            "/v1/score",
            "/v1/compare",
            "/v1/rate",
            "/v1/expand",
            "/healthz",
            "/metrics",
            "/docs",
            "/openapi.json",
            "other",
        )
    }
