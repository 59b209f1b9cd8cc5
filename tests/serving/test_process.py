"""How a server begins and ends, and whom it answers."""

from __future__ import annotations

import json
import runpy
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.serving.server import listening

HELP = runpy.run_path(str(Path(__file__).with_name("speaking.py")))
tone = HELP["tone"]
EVENTS = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "event.schema.json").read_text())
TOKEN = "correct horse"
ANSWERED = 'audiojudge_requests_total{route="/v1/score",status="200"}'


def waiting_for(server: Any, name: str, least: float) -> None:
    until = time.monotonic() + 30
    while server.figure(name) < least:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_begins_knows_who_asks_and_ends(serving):
    one = serving("--token-env", "SECRET", wait=False, SECRET=TOKEN, TONE_JUDGE_LOADING="0.5", TONE_JUDGE_SLEEP="0.2")
    one.token = TOKEN
    it_is_ready_once_the_judge_is_loaded(one)
    only_who_shows_the_token_is_answered(one)
    a_stop_answers_everything_that_was_accepted(one)


def it_is_ready_once_the_judge_is_loaded(one: Any) -> None:
    assert one.first.endswith("loading the judge\n")
    assert (one.get("/healthz").status, one.get("/healthz").json["status"]) == (503, "loading")
    early = one.score("440 Hz")
    assert early.problem == (503, "loading")
    assert int(early.headers["retry-after"]) > 0
    one.wait()
    assert one.get("/healthz").json == {"status": "ready", "judge": "tone", "fingerprint": "tone-1", "device": "cpu"}
    assert one.score("440 Hz").status == 200


def only_who_shows_the_token_is_answered(one: Any) -> None:
    one.token = None
    assert one.get("/healthz").status == 200
    right = {"Authorization": f"Bearer {TOKEN}"}
    for path in ("/metrics", "/docs", "/openapi.json", "/nowhere"):
        assert one.get(path).problem == (401, "token")
        assert one.get(path, **right).status in {200, 404}
    for told in ("", "Bearer", "Bearer ", f"Bearer {TOKEN}2", "Bearer correct", f"Basic {TOKEN}", "Bearer \xff"):
        refused = one.post("/v1/expand", {"caption": "loud"}, Authorization=told)
        assert refused.problem == (401, "token")
        assert refused.headers["www-authenticate"] == "Bearer"
    assert one.post("/v1/expand", {"caption": "loud"}, **right).status == 200
    one.token = TOKEN


def a_stop_answers_everything_that_was_accepted(one: Any) -> None:
    tones = [200 + 52 * each for each in range(6)]
    before = one.figure(ANSWERED)
    with ThreadPoolExecutor(len(tones)) as pool:
        found = [pool.submit(one.score, f"{hertz} Hz", tone(hertz)) for hertz in tones]
        until = time.monotonic() + 30
        while one.figure("audiojudge_in_flight") + one.figure(ANSWERED) - before < len(tones):  # all are accepted
            assert time.monotonic() < until
            time.sleep(0.01)
        code, told = one.end(signal.SIGTERM)
        answers = [each.result() for each in found]
    assert [each.status for each in answers] == [200] * len(tones)
    assert [round(each.json["items"][0]["facts"]["f0_hz"]) for each in answers] == tones
    assert code == 0
    assert told.splitlines()[-1] == "audiojudge: stopped: everything that was accepted is answered"
    assert "correct" not in one.first + told
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", one.port), timeout=5)


def test_ctrl_c_is_such_a_stop_too_and_a_second_one_ends_it_at_once(serving):
    one = serving(TONE_JUDGE_SLEEP="3")  # as long as its warming takes
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(one.score, "440 Hz") for _ in range(4)]
        waiting_for(one, "audiojudge_in_flight", 4)
        one.process.send_signal(signal.SIGINT)
        assert "what was accepted is answered first" in one.next_line("stopping")
        begun = time.monotonic()
        code, _ = one.end(signal.SIGINT)
        assert time.monotonic() < begun + 9
        assert any(each.exception() or each.result().status != 200 for each in found)
    assert code == 130


def test_a_judge_that_cannot_be_loaded_ends_it(serving):
    one = serving("--log-json", wait=False, TONE_JUDGE_WEIGHTS="missing")
    assert one.process.wait(60) == 3
    told = [json.loads(line) for line in (one.first + one.end()[1]).splitlines()]
    assert [event["event"] for event in told] == ["listening", "error"]
    assert told[-1]["message"] == "the tone judge has no weights; tune it"
    for event in told:
        jsonschema.validate(event, EVENTS)


def test_its_events_are_those_of_the_schema(serving):
    one = serving("--log-json", wait=False)
    began = one.next_line("ready")
    told = [json.loads(line) for line in [one.first, began, *one.end()[1].splitlines()]]
    assert [event["event"] for event in told] == ["listening", "ready", "stopping", "stopped"]
    for event in told:
        jsonschema.validate(event, EVENTS)


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    from audiojudge_cli.app import main

    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["audiojudge", "serve", *map(str, arguments)])
        assert main() == 2
        [line] = capsys.readouterr().err.splitlines()
        return line

    return run


def test_a_root_of_a_variable_that_is_not_set_does_not_open_the_current_folder(monkeypatch, capsys):
    from audiojudge_cli.app import main

    monkeypatch.setattr("sys.argv", ["audiojudge", "serve", "--root", ""])
    assert main() == 2
    assert "'--root': name a folder" in capsys.readouterr().err


def test_options_that_do_not_fit_are_one_line(refused, tmp_path, monkeypatch):
    monkeypatch.setenv("EMPTY", " ")
    assert "not set, or empty" in refused("--token-env", "EMPTY")
    assert "not set, or empty" in refused("--token-env", "NO_SUCH")
    monkeypatch.setenv("ODD", "schlüssel")
    assert "no HTTP header" in refused("--token-env", "ODD")
    assert "--max-body is a size" in refused("--max-body", "much")
    assert "--max-body is a size" in refused("--max-body", "1")
    assert "is no folder" in refused("--root", tmp_path / "none")
    assert "no judge named" in refused("--judge", "nobody", "--port", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "cannot listen on 127.0.0.1:" in refused("--port", taken.getsockname()[1])


@pytest.mark.parametrize("module", ["fastapi", "uvicorn", "python_multipart", "prometheus_client"])
def test_without_the_extra_it_says_how_to_install_it(refused, monkeypatch, module):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else find_spec(name))
    assert refused() == (
        f"audiojudge: error: serve needs {module.replace('_', '-')}: pip install 'audiojudge-cli[serve]'"
    )


def test_small_answers_are_sent_at_once_and_a_port_is_free_again():
    """asyncio sets TCP_NODELAY only where the protocol is named; without it every answer took 40 ms."""
    with listening("localhost", 0) as first:
        assert first.proto == socket.IPPROTO_TCP
        port = first.getsockname()[1]
        with socket.create_connection(("localhost", port)) as client, first.accept()[0] as served:
            assert served.proto == socket.IPPROTO_TCP
            served.close()
            client.recv(1)
    with listening("127.0.0.1", port), pytest.raises(InputError, match="cannot listen"):
        listening("127.0.0.1", port)
    with pytest.raises(InputError, match="cannot listen"):
        listening("no.such.host.invalid", 0)
