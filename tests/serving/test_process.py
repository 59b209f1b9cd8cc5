"""How a server begins and ends, and whom it answers."""

from __future__ import annotations

import runpy
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HELP = runpy.run_path(str(Path(__file__).with_name("speaking.py")))
tone = HELP["tone"]


def waiting_for(server: Any, name: str, least: float) -> None:
    until = time.monotonic() + 30
    while server.figure(name) < least:
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_everything_that_was_accepted(serving, number):
    one = serving(TONE_JUDGE_SLEEP="0.1")
    tones = [200 + 52 * each for each in range(10)]
    with ThreadPoolExecutor(len(tones)) as pool:
        found = [pool.submit(one.score, f"{hertz} Hz", tone(hertz)) for hertz in tones]
        waiting_for(one, "audiojudge_in_flight", len(tones))
        code, told = one.end(number)
        answers = [each.result() for each in found]
    assert [each.status for each in answers] == [200] * len(tones)
    assert [round(each.json["items"][0]["facts"]["f0_hz"]) for each in answers] == tones
    assert code == 0
    assert told.splitlines()[-1] == "audiojudge: stopped: everything that was accepted is answered"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", one.port), timeout=5)


def test_a_second_signal_ends_it_at_once(serving):
    one = serving(TONE_JUDGE_SLEEP="5")
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(one.score, "440 Hz") for _ in range(4)]
        waiting_for(one, "audiojudge_in_flight", 4)
        begun = time.monotonic()
        one.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        code, _ = one.end()
        assert time.monotonic() < begun + 4
        assert all(each.exception() or each.result().status != 200 for each in found)
    assert code == 130


def test_it_is_ready_once_the_judge_is_loaded(serving):
    one = serving(wait=False, TONE_JUDGE_LOADING="1")
    assert one.first.endswith("loading the judge\n")
    assert (one.get("/healthz").status, one.get("/healthz").json["status"]) == (503, "loading")
    early = one.score("440 Hz")
    assert early.problem == (503, "loading")
    assert int(early.headers["retry-after"]) > 0
    one.wait()
    assert one.get("/healthz").json == {"status": "ready", "judge": "tone", "fingerprint": "tone-1", "device": "cpu"}
    assert one.score("440 Hz").status == 200


def test_only_who_shows_the_token_is_answered(serving):
    one = serving("--token-env", "SECRET", SECRET="correct horse")
    right = {"Authorization": "Bearer correct horse"}
    assert one.get("/healthz").status == 200
    for path in ("/metrics", "/docs", "/openapi.json", "/nowhere"):
        assert one.get(path).problem == (401, "token")
        assert one.get(path, **right).status in {200, 404}
    wrong = ["", "Bearer", "Bearer ", "Bearer correct horse2", "Bearer correct", "Basic correct horse", "Bearer \xff"]
    for told in wrong:
        refused = one.post("/v1/expand", {"caption": "loud"}, Authorization=told)
        assert refused.problem == (401, "token")
        assert refused.headers["www-authenticate"] == "Bearer"
    assert one.post("/v1/expand", {"caption": "loud"}, **right).status == 200
    assert "correct" not in one.first + one.end()[1]


def test_what_cannot_begin_is_one_line(serving):
    one = serving(wait=False, TONE_JUDGE_WEIGHTS="missing")
    assert one.process.wait(60) == 3
    assert "the tone judge has no weights" in one.end()[1].splitlines()[-1]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        two = serving("--port", taken.getsockname()[1], wait=False)
        assert two.process.wait(60) == 2
        assert "cannot listen on 127.0.0.1:" in two.first


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


@pytest.mark.parametrize("module", ["fastapi", "uvicorn", "python_multipart", "prometheus_client"])
def test_without_the_extra_it_says_how_to_install_it(refused, monkeypatch, module):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else find_spec(name))
    assert refused() == (
        f"audiojudge: error: serve needs {module.replace('_', '-')}: pip install 'audiojudge-cli[serve]'"
    )
