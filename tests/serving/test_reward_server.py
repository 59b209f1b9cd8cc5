"""Rewards of a server are those of this process; what it refuses is None or raised, never a number."""

from __future__ import annotations

import runpy
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import audiojudge_cli as aj
from audiojudge_cli.api import judging

HELP = runpy.run_path(str(Path(__file__).with_name("speaking.py")))
tone = HELP["tone"]
CAPTIONS = ["440 Hz", "440 Hz, loud", "300 Hz", "a cat", "refuse", "mute", "", "loud, a cat"]


@pytest.fixture
def here(tmp_path, monkeypatch, server):
    """The judge of the server in this process."""
    monkeypatch.syspath_prepend(str(server.plugin))
    (tmp_path / "tones.yaml").write_text(server.preset)
    judging._kept.cache_clear()
    yield aj.Reward(preset=tmp_path / "tones.yaml")
    judging._kept.cache_clear()


def test_a_server_gives_the_rewards_of_this_process(server, here):
    sounds = [tone(440), b"no audio", b"", tone(440, 6), tone(300)]
    pairs = [(sound, caption) for sound in sounds for caption in CAPTIONS]
    asked = {"completions": [sound for sound, _ in pairs], "caption": [caption for _, caption in pairs]}
    there = aj.Reward(url=f"http://127.0.0.1:{server.port}")
    expected = [None if sound == sounds[3] else one for (sound, _), one in zip(pairs, here(**asked), strict=True)]
    assert there(**asked) == expected  # this one refuses what is longer than five seconds
    assert len(there.last) == len(pairs)


def test_more_at_once_than_the_line_holds_are_all_judged(server):
    there = aj.Reward(url=f"http://127.0.0.1:{server.port}/v1/", at_once=40)
    tones = [200 + 52 * number for number in range(40)]
    found = there(completions=[tone(hertz) for hertz in tones], caption=[f"{hertz} Hz" for hertz in tones])
    assert found == [pytest.approx(1.0, abs=0.01)] * 40


def test_weights_that_are_missing_are_raised(server):
    there = aj.Reward(url=f"http://127.0.0.1:{server.port}", timeout_s=0.2)
    with pytest.raises(aj.NotJudgedError):
        there(completions=[tone(440)], caption=["no weights"])


@pytest.fixture
def odd_server():
    """A server that answers as it is told."""
    answers: list[tuple[int, bytes, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body, headers = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}", answers
        one.shutdown()


PROBLEM = b'{"kind": "%s", "detail": "told why", "status": 0, "title": "", "type": ""}'


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (401, PROBLEM % b"token", aj.InputError),
        (400, PROBLEM % b"input", aj.InputError),
        (422, PROBLEM % b"request", aj.InputError),
        (404, b"<html>", aj.InputError),
        (200, b"{}", aj.NotJudgedError),
        (200, b"no json", aj.NotJudgedError),
        (200, b"[]", aj.NotJudgedError),
        (503, PROBLEM % b"weights", aj.NotJudgedError),
        (429, b"", aj.NotJudgedError),
    ],
)
def test_what_is_no_answer_about_the_clip_is_raised(odd_server, status, body, raised):
    url, answers = odd_server
    answers.append((status, body, {}))
    with pytest.raises(raised):
        aj.Reward(url=url, timeout_s=0.3 if status in {429, 503} else 60)(
            completions=[tone(440)] * 3, caption=["440 Hz"] * 3
        )


@pytest.mark.parametrize(
    ("status", "kind"), [(422, "not-audio"), (404, "not-found"), (413, "too-large"), (500, "judge")]
)
def test_what_is_about_the_clip_is_none(odd_server, status, kind):
    url, answers = odd_server
    answers.append((status, PROBLEM % kind.encode(), {}))
    reward = aj.Reward(url=url)
    assert reward(completions=[tone(440)], caption=["440 Hz"]) == [None]
    [one] = reward.last
    assert isinstance(one, aj.ClipError)
    assert (one.error.kind, one.error.message) == (kind, "told why")


def test_a_token_that_is_not_the_servers_is_told_with_what_to_do(odd_server):
    url, answers = odd_server
    answers.append((401, PROBLEM % b"token", {}))
    with pytest.raises(aj.InputError, match="told why; AUDIOJUDGE_TOKEN must hold"):
        aj.Reward(url=url)(completions=[tone(440)], caption=["440 Hz"])


def test_a_server_that_is_busy_or_starting_is_asked_again_when_it_says(odd_server, server):
    url, answers = odd_server
    record = server.score("440 Hz").body
    answers += [(503, PROBLEM % b"loading", {"Retry-After": "0"}), (429, b"", {"Retry-After": "0"}), (200, record, {})]
    assert aj.Reward(url=url)(completions=[tone(440)], caption=["440 Hz"]) == [pytest.approx(1.0, abs=0.01)]


def test_the_token_is_shown_and_no_other_key(odd_server, server, monkeypatch):
    url, answers = odd_server
    answers.append((200, server.score("440 Hz").body, {}))
    monkeypatch.setenv("AUDIOJUDGE_API_KEY", "key of another server")
    seen = []
    from audiojudge_cli.servers.client import Client

    plain = Client.exchange

    async def watched(self, *given):
        seen.append(dict(self.address.headers))
        return await plain(self, *given)

    monkeypatch.setattr(Client, "exchange", watched)
    aj.Reward(url=url)(completions=[tone(440)], caption=["440 Hz"])
    monkeypatch.setenv("AUDIOJUDGE_TOKEN", "reward token")
    aj.Reward(url=url)(completions=[tone(440)], caption=["440 Hz"])
    assert seen == [{}, {"Authorization": "Bearer reward token"}]
