"""`audiojudge score --judge endpoint` against servers of their own process, which fail, die and come back."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audiojudge_cli.results.index import read_records

SERVER = Path(__file__).parents[1] / "judges" / "endpoint" / "chat_server.py"
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--expander", "tones", "--quality", "off")


class Process:
    """A server as a process."""

    def __init__(self, setup: dict[str, Any], port: int = 0) -> None:
        command = [sys.executable, "-I", str(SERVER), str(port), json.dumps(setup)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.base = f"http://127.0.0.1:{self.port}/v1"
        self.named = ("--judge", "endpoint", "--base-url", self.base, "--model", "m")

    def told(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.base}/told") as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def serve() -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def start(port: int = 0, **setup: Any) -> Process:
        started.append(Process(setup, port))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("audiojudge_cli.judges.endpoint.asker.retry_after", lambda *_: 0.01)


def contents(folder: Path) -> dict[str, bytes]:
    skip = {"run.json", ".lock"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in skip]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def info(folder: Path) -> Any:
    found = json.loads((folder / "run.json").read_text())
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "run.schema.json").read_text())).validate(found)
    return found


_KNOWN: dict[str, bytes] = {}


@pytest.fixture
def undisturbed(serve, inside, tones, tmp_path):
    """A run of 12 clips that nothing happened to; returns its files, which are the same in every folder."""
    tones([f"{at}00 Hz" for at in range(1, 13)])
    if not _KNOWN:
        done = inside(*SCORE, *serve().named, "--out", "whole")
        assert done.returncode == 0, done.stderr
        _KNOWN.update(contents(tmp_path / "whole"))
    return _KNOWN


def test_a_run_says_what_it_asked_and_took(undisturbed, tmp_path, serve, inside):
    server = serve()
    done = inside(*SCORE, *server.named)
    assert (done.returncode, "13 requests to the server" in done.stdout) == (0, True)
    assert f"judge endpoint:m on {server.base}" in done.stderr
    run = info(tmp_path / "audiojudge-run")
    assert run["spent"]["requests"] == server.told()["asked"] == 13
    assert run["judge"]["card"]["answers"] == "top 20 log-probabilities"
    schema = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "record.schema.json").read_text()))
    for line in (tmp_path / "audiojudge-run" / "records.jsonl").read_text().splitlines():
        schema.validate(json.loads(line))
    # Whatever the number of threads, and behind another address.
    assert contents(tmp_path / "audiojudge-run") == undisturbed
    assert inside(*SCORE, *server.named, "--out", "one", "--workers", "1").returncode == 0
    assert contents(tmp_path / "one") == undisturbed


KINDS = [[429, 500, "truncated"], ["nan", "hang up", "sum"], ["other token", "positive", "no choices"]]


@pytest.mark.parametrize("kinds", KINDS)
def test_faults_for_a_while_change_no_byte(undisturbed, tmp_path, serve, inside, kinds):
    # Three, so that no request can meet five of them.
    server = serve(faults=[{"kind": kind, "first": 3 * at, "after": 0} for at, kind in enumerate(kinds, 1)])
    done = inside(*SCORE, *server.named)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "audiojudge-run") == undisturbed
    assert server.told()["asked"] == 13 + 3


def test_a_server_that_is_still_starting_is_waited_for(undisturbed, tmp_path, serve, cli):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    named = ("--judge", "endpoint", "--base-url", f"http://127.0.0.1:{port}/v1", "--model", "m")
    process = cli.start(*SCORE, *named)
    server = serve(port, starts_after_s=2.0)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert contents(tmp_path / "audiojudge-run") == undisturbed
    assert server.told()["asked"] == 13


@pytest.mark.parametrize("workers", ["auto", "1"])
def test_a_server_that_dies_ends_the_run_and_one_that_is_back_finishes_it(
    undisturbed, tmp_path, serve, inside, workers
):
    server = serve(dies_after=6)
    more = ("--workers", workers)
    done = inside(*SCORE, *server.named, *more)
    assert done.returncode == 3
    last = done.stderr.splitlines()[-1]
    assert "gave no answer in 5 attempts" in last
    assert "to go: the same command again goes on" in last
    run = info(tmp_path / "audiojudge-run")
    assert (run["state"], run["exit_code"]) == ("interrupted", 3)
    kept = list(read_records(tmp_path / "audiojudge-run"))
    assert {record.status for record in kept} == {"ok"}
    assert run["counts"]["pending"] == 12 - len(kept)
    assert kept
    back = serve(server.port)
    done = inside(*SCORE, *back.named, *more)
    assert (done.returncode, f"{len(kept)} clips kept" in done.stdout) == (0, True)
    assert contents(tmp_path / "audiojudge-run") == undisturbed
    # Nothing is asked twice: what was kept, and the probe.
    assert back.told()["asked"] == 1 + 12 - len(kept)


@pytest.mark.parametrize("workers", ["auto", "1"])
@pytest.mark.parametrize(
    ("limit", "most", "price"), [("requests", 5, ""), ("tokens", 700, ""), ("cost", 0.0007, "{input: 1.0}")]
)
def test_a_budget_ends_a_run_that_goes_on(undisturbed, tmp_path, serve, inside, limit, most, price, workers):
    server = serve()
    (tmp_path / "mine.yaml").write_text(f"endpoint: {{price: {price}}}\n" if price else "{}\n")
    command = (*SCORE, *server.named, "--preset", "./mine.yaml", "--workers", workers)
    codes = []
    for _ in range(6):
        done = inside(*command, f"--max-{limit}", str(most))
        codes.append(done.returncode)
        spent = info(tmp_path / "audiojudge-run")["spent"]
        spent["tokens"] = spent["prompt_tokens"] + spent["completion_tokens"]
        assert spent[limit] <= most
        if not done.returncode:
            break
        assert f"--max-{limit}" in done.stderr.splitlines()[-1]
    assert codes[0] == 3
    assert codes[-1] == 0
    assert contents(tmp_path / "audiojudge-run") == undisturbed


def test_a_run_that_is_killed_goes_on(undisturbed, tmp_path, serve, cli):
    server = serve(takes_s=0.05, slots=1)
    process = cli.start(*SCORE, *server.named, "--workers", "3")
    until(server, "answered", 6)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = cli(*SCORE, *server.named)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "audiojudge-run") == undisturbed
    # At most the clips in flight were asked about twice, and the probe.
    assert server.told()["asked"] <= 13 + 1 + 4


def until(server: Process, name: str, count: int) -> None:
    """Wait until so much has happened at the server."""
    deadline = time.monotonic() + 60
    while server.told()[name] < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_ctrl_c_lets_clips_in_flight_finish(tmp_path, serve, cli, tones):
    tones([f"{at}00 Hz" for at in range(1, 13)])
    server = serve(takes_s=0.5, slow_from=4, slots=2)
    process = cli.start(*SCORE, *server.named, "--workers", "2")
    until(server, "asked", 4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 130, err
    run = info(tmp_path / "audiojudge-run")
    assert (run["state"], run["exit_code"]) == ("interrupted", 130)
    # What was asked is kept: the probe, the two before, and those in flight.
    assert run["counts"]["judged"] == server.told()["answered"] - 1 < 12


def test_a_second_ctrl_c_waits_for_nothing(tmp_path, serve, cli, tones):
    tones([f"{at}00 Hz" for at in range(1, 13)])
    server = serve(takes_s=60, slow_from=4)
    process = cli.start(*SCORE, *server.named, "--workers", "2")
    until(server, "asked", 4)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 130, err
    assert time.monotonic() - begun < 6
    assert info(tmp_path / "audiojudge-run")["state"] == "interrupted"


def test_a_clip_that_the_server_does_not_take_is_tried_again_by_the_next_run(undisturbed, tmp_path, serve, inside):
    server = serve(faults=[{"kind": 413, "first": 4}])
    done = inside(*SCORE, *server.named)
    assert (done.returncode, "1 clip failed" in done.stdout) == (0, True)
    (failed,) = [record for record in read_records(tmp_path / "audiojudge-run") if record.error]
    assert failed.error is not None
    assert (failed.error.kind, failed.score) == ("endpoint", None)
    assert inside(*SCORE, *server.named).returncode == 0
    assert contents(tmp_path / "audiojudge-run") == undisturbed


def test_another_model_under_the_same_name_is_another_judge(undisturbed, tmp_path, serve, inside):
    server = serve(dies_after=6)
    inside(*SCORE, *server.named)
    other = serve(server.port, served="m-20270101")
    done = inside(*SCORE, *other.named)
    assert done.returncode == 2
    assert "holds records of the judge endpoint:m" in done.stderr


def test_verdicts_are_cached(undisturbed, tmp_path, serve, inside):
    server = serve()
    for out in ("a", "b"):
        assert inside(*SCORE, *server.named, "--cache", "kept", "--out", out).returncode == 0
        assert contents(tmp_path / out) == undisturbed
    assert server.told()["asked"] == 2 + 12


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--judge", "endpoint"), "needs --base-url"),
        (("--judge", "endpoint", "--base-url", "http://127.0.0.1:9/v1"), "needs --model"),
        (("--judge", "tone", "--model", "m"), "the judge 'tone' takes no 'endpoint' option"),
        (("--judge", "embedded", "--base-url", "http://127.0.0.1:9/v1"), "for --judge endpoint"),
        (("--judge", "endpoint", "--base-url", "127.0.0.1:9", "--model", "m"), "must be an http(s) address"),
        (("--judge", "endpoint", "--max-cost", "0", "--model", "m"), "option endpoint.max_cost"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(tones, inside, options, why):
    tones(["100 Hz"])
    done = inside(*SCORE, *options)
    assert done.returncode == 2
    assert why in done.stderr.splitlines()[-1]


def test_the_probe_is_ended_by_a_signal_too(tones, cli, serve, tmp_path):
    tones(["100 Hz"])
    server = serve(takes_s=20.0)
    process = cli.start(*SCORE, *server.named)
    until(server, "asked", 1)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 130
    assert time.monotonic() - begun < 5
    assert not os.path.lexists(tmp_path / "audiojudge-run" / "records.jsonl")


CARD = "name: ours\nfamily: endpoint\ntitle: t\ndescription: d\nlicence: none\nendpoint: "


def test_a_card_is_listed_and_judges(tones, inside, serve, tmp_path):
    tones(["100 Hz"])
    server = serve()
    where = server.base.replace("http://", "http://user:s3cret-word@")
    told = {"base_url": where, "model": "m", "price": {"input": 2.0}}
    (tmp_path / "ours.yaml").write_text(CARD + json.dumps(told))
    listed = inside("models", "list", "./ours.yaml")
    assert "m, http://[hidden]@127.0.0.1" in listed.stdout
    assert "s3cret-word" not in listed.stdout
    done = inside(*SCORE, "--judge", "./ours.yaml")
    assert done.returncode == 0, done.stderr
    assert re.search(r"2 requests to the server, \d+ tokens, cost 0\.000", done.stdout)
    (record,) = read_records(tmp_path / "audiojudge-run")
    assert record.judge.name == "ours"


def test_many_processes_do_not_share_a_budget(tones, inside, tmp_path):
    tones(["100 Hz"])
    (tmp_path / "ours.yaml").write_text(CARD + json.dumps({"base_url": "http://127.0.0.1:9", "max_requests": 5}))
    for named in (("--judge", "./ours.yaml"), ("--judge", "endpoint", "--max-tokens", "5")):
        done = inside(*SCORE, *named, "--engine", "ray")
        assert (done.returncode, "is kept by one process" in done.stderr) == (2, True)


def test_python_is_told_that_a_judge_came_to_its_end(tones, serve, tmp_path):
    import audiojudge_cli as aj

    tones(["100 Hz"])
    judge = aj.load_judge("endpoint", endpoint={"base_url": serve().base, "model": "m", "max_requests": 2})
    audio = tmp_path / "outputs" / "01.wav"
    rubric = [{"dimension": "pitch", "question": "Is it high?", "basis": "high"}]
    assert aj.score(audio, "high", judge=judge, rubric=rubric).score is not None
    with pytest.raises(aj.NotJudgedError, match="the budget is used up: 2 of 2 requests"):
        aj.score(audio, "high", judge=judge, rubric=rubric)


def test_doctor_says_whether_there_is_a_key_and_not_which(inside, monkeypatch):
    monkeypatch.delenv("AUDIOJUDGE_API_KEY", raising=False)
    assert "AUDIOJUDGE_API_KEY is not set" in inside("doctor").stdout
    monkeypatch.setenv("AUDIOJUDGE_API_KEY", "s3cret-word")
    told = inside("doctor").stdout
    assert "AUDIOJUDGE_API_KEY is set" in told
    assert "s3cret-word" not in told
