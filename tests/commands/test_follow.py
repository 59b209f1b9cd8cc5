from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.commands import follow
from audiojudge_cli.commands.event_log import EventLog, LogStyle, choose_style
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.runs.interrupt import Stop

TONE = ("--judge", "tone", "--expander", "tones")
SCORE = ("score", "outputs", "--captions", "captions.jsonl", *TONE)
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "event.schema.json").read_text())


def events(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    for event in found:
        jsonschema.Draft202012Validator(SCHEMA).validate(event)
    return found


class Judge:
    name = "tone"
    fingerprint = "1"
    device = "cpu"


@pytest.mark.parametrize("manner", [LogStyle.LINES, LogStyle.JSON])
def test_progress_is_told_every_few_seconds_where_there_is_no_terminal(manner, capsys, monkeypatch):
    monkeypatch.setattr(follow, "_EVERY_S", 0.05)
    follower = follow.Follower(Stop(), EventLog(manner), stream=False)
    follower.paired(PairingReport(3, 3, 3, {}, 3, 0), 3)
    follower.ready(Judge(), JudgeRef("rules", "1"))  # type: ignore[arg-type]
    told = ""
    deadline = time.monotonic() + 30
    while told.count("0 of 3 clips") + told.count('"progress"') < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
        told += capsys.readouterr().err
    follower.close()
    told += capsys.readouterr().err
    if manner is LogStyle.JSON:
        names = [event["event"] for event in events(told)]
        assert names[:2] == ["paired", "start"]
        assert set(names[2:]) == {"progress"}
    else:
        assert "audiojudge: 0 of 3 clips\n" in told


def test_events_are_one_json_object_per_line(cli, tones, tmp_path):
    tones(["100 Hz", "explode", "300 Hz, x"], audio=2)
    done = cli(*SCORE, "--log-json", "--verbose", "--restart")
    found = events(done.stderr)
    names = [event["event"] for event in found]
    assert names[0] == "paired"
    assert names[-2:] == ["end", "error"]
    assert found[names.index("start")]["clips"] == 3
    clips = [event for event in found if event["event"] == "clip"]
    assert [clip["id"] for clip in clips] == ["01", "02", "03"]
    assert clips[1]["error"]["kind"] == "judge"
    assert found[names.index("progress")]["done"] == 3
    assert found[-2]["counts"]["failed"] == 2
    assert (found[-1]["exit_code"], done.returncode) == (3, 3)
    again = events(cli(*SCORE, "--log-json").stderr)
    assert next(event for event in again if event["event"] == "resumed")["records"] == 3
    assert "clip" not in {event["event"] for event in again}


def test_errors_are_events_too(cli, tones):
    tones(["no weights"])
    for arguments, code in (((*SCORE, "--judge", "tome"), 2), (SCORE, 3), ((*SCORE, "--filter", "x"), 2)):
        done = cli(*arguments, "--log-json")
        assert done.returncode == code
        last = events(done.stderr)[-1]
        assert (last["event"], last["exit_code"]) == ("error", code)
    quiet = events(cli(*SCORE, "--log-json", "--quiet").stderr)
    assert [event["event"] for event in quiet] == ["error"]


def test_verbose_tells_every_clip(cli, tones):
    tones(["100 Hz", "explode"])
    done = cli(*SCORE, "--verbose")
    assert "audiojudge: 01.wav: ok 1.000\n" in done.stderr
    assert "audiojudge: 02.wav: error judge: RuntimeError: the tone judge exploded\n" in done.stderr
    assert "audiojudge: 01.wav: ok 1.000 (kept)\n" in cli(*SCORE, "-v").stderr


def test_the_rubric_file_is_named_where_it_is_used(cli, tones, tmp_path):
    tones(["anything"])
    item = {"dimension": "pitch", "question": "Is it at 100 Hz?", "basis": "100 Hz"}
    (tmp_path / "rubrics.jsonl").write_text(json.dumps({"caption": "anything", "items": [item]}) + "\n")
    done = cli(*SCORE, "--rubrics", "rubrics.jsonl")
    assert "1 clip, judge tone on cpu, rubrics of rubrics.jsonl" in done.stderr


def test_quiet_and_verbose_contradict():
    with pytest.raises(InputError, match="contradict"):
        choose_style(quiet=True, verbose=True, log_json=False)
    chosen = {
        (quiet, verbose, log_json): choose_style(quiet=quiet, verbose=verbose, log_json=log_json)
        for quiet, verbose in ((True, False), (False, True), (False, False))
        for log_json in (True, False)
    }
    assert len(set(chosen.values())) == 6
    assert all(manner.is_json is key[2] and manner.is_quiet is key[0] for key, manner in chosen.items())
    assert all(manner.is_chatty is key[1] for key, manner in chosen.items())
