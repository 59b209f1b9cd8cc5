from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

TONE = ("--judge", "tone", "--expander", "tones")
SCORE = ("score", "outputs", "--captions", "captions.jsonl", *TONE)


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def ids(folder: Path) -> list[str]:
    return [json.loads(line)["id"] for line in (folder / "records.jsonl").read_text().splitlines()]


def test_filter_sample_and_limit_choose_clips_and_are_recorded(cli, tones, tmp_path):
    tones(["100 Hz, loud", "200 Hz", "300 Hz, loud", "400 Hz, loud"])
    options = ("--filter", 'caption contains "loud"', "--sample", "2", "--seed", "7")
    done = cli(*SCORE, *options)
    assert done.returncode == 0
    assert len(set(ids(tmp_path / "audiojudge-run")) & {"01", "03", "04"}) == 2
    inputs = json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())["inputs"]
    assert (inputs["filter"], inputs["sample"], inputs["seed"]) == ('caption contains "loud"', 2, 7)
    done = cli(*SCORE, "--filter", 'subste == "speech"')
    assert done.returncode == 2
    assert "no clip has a column 'subste' (did you mean 'subset'?); known columns: id, audio, caption" in done.stderr


def test_the_cache_saves_the_judge_and_changes_no_byte(cli, tones, tmp_path):
    tones(["100 Hz, loud", "200 Hz, blue", "explode", "loud"])
    log = {"TONE_JUDGE_LOG": str(tmp_path / "heard")}
    plain = cli(*SCORE, "--out", "plain")
    first = cli(*SCORE, "--out", "first", "--cache", "verdicts", env=log)
    assert first.returncode == plain.returncode
    heard = (tmp_path / "heard").read_text().splitlines()
    again = cli(*SCORE, "--out", "again", "--cache", "verdicts", "--cache-size", "10MB", env=log)
    assert contents(tmp_path / "plain") == contents(tmp_path / "first") == contents(tmp_path / "again")
    more = (tmp_path / "heard").read_text().splitlines()[len(heard) :]
    assert set(more) == {"200 Hz, blue", "explode"}  # what nobody could verify, and what failed
    assert "4 verdicts from verdicts" in again.stdout
    counts = json.loads((tmp_path / "again" / "run.json").read_text())["counts"]
    assert counts["cached_verdicts"] == 4


def test_a_damaged_cache_is_a_warning(cli, tones, tmp_path):
    tones(["100 Hz, loud", "200 Hz"])
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "verdicts.sqlite").write_bytes(b"nonsense" * 1000)
    done = cli(*SCORE, "--cache", "verdicts")
    assert done.returncode == 0
    assert "the verdict cache verdicts/verdicts.sqlite cannot be used" in done.stderr
    cli(*SCORE, "--out", "plain")
    assert contents(tmp_path / "audiojudge-run") == contents(tmp_path / "plain")


def test_fail_fast_stops_and_says_how_to_go_on(cli, tones):
    tones(["explode", *["100 Hz"] * 30])
    done = cli(*SCORE, "--fail-fast", "--workers", "1")
    assert done.returncode == 3
    assert "error: 1 clip failed, and --max-errors 0 allows no more; " in done.stderr
    done = cli(*SCORE, "--no-retry-errors", "--fail-fast")
    assert done.returncode == 0
    assert "kept from an earlier run" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--cache", "captions.jsonl"), "--cache captions.jsonl: File exists"),
        (("--cache", "c", "--cache-size", "big"), "--cache-size is a size of at least 1 MiB"),
        (("--cache", "c", "--cache-size", "1kB"), "--cache-size is a size of at least 1 MiB"),
        (("--max-errors", "lots"), "--max-errors is a number of clips or a percentage"),
        (("--max-errors", "3", "--fail-fast"), "give one of the two"),
        (("--filter", "subset ="), "a comparison"),
        (("--watch-idle", "5"), "--watch-idle is for --watch"),
        (("--watch", "--dry-run"), "nothing to watch"),
        (("--watch", "--sample", "5"), "--sample draws from all clips"),
    ],
)
def test_mistakes_are_one_clear_line(arguments, message, cli, tones):
    tones(["100 Hz"])
    done = cli(*SCORE, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("audiojudge: error: ")
    assert message in last


def test_watch_scores_what_is_written_until_nothing_new_comes(cli, tones, tmp_path):
    manifest = tones(["100 Hz", "200 Hz", "300 Hz"])
    cli(*SCORE, "--out", "plain")
    last = tmp_path / "outputs" / "03.wav"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(lines[:2]) + lines[2][:20])
    content = last.read_bytes()
    last.unlink()
    process = cli.start(*SCORE, "--watch", "--watch-idle", "4", "--log-json", "--verbose")
    events: list[dict[str, Any]] = []
    while len([event for event in events if event["event"] == "clip"]) < 2:
        events.append(json.loads(process.stderr.readline()))
    manifest.write_text("".join(lines))
    last.write_bytes(content)
    out, err = process.communicate(timeout=60)
    events += [json.loads(line) for line in err.splitlines()]
    assert process.returncode == 0
    assert [event["id"] for event in events if event["event"] == "clip"] == ["01", "02", "03"]
    assert "3 clips judged" in out
    assert contents(tmp_path / "audiojudge-run") == contents(tmp_path / "plain")
    inputs = json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())["inputs"]
    assert inputs["watch_idle_s"] == 4


def test_a_cache_outlives_a_killed_process_beside_another_that_uses_it(cli, tones, tmp_path):
    tones([f"{number}00 Hz, loud" for number in range(1, 15)])
    cli(*SCORE, "--out", "plain")
    cached = (*SCORE, "--cache", "verdicts")
    other = cli.start(*cached, "--out", "other", env={"TONE_JUDGE_SLEEP": "0.05"})
    for count in (2, 7):
        process = cli.start(*cached, "--out", f"killed{count}", env={"TONE_JUDGE_SLEEP": "0.03"})
        journal = tmp_path / f"killed{count}" / "records.jsonl"
        deadline = time.monotonic() + 60
        while not journal.exists() or journal.read_bytes().count(b"\n") < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.kill()
        process.communicate()
    other.communicate(timeout=60)
    assert other.returncode == 0
    assert contents(tmp_path / "other") == contents(tmp_path / "plain")
    database = sqlite3.connect(tmp_path / "verdicts" / "verdicts.sqlite")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    again = cli(*cached, "--out", "again")
    assert again.returncode == 0
    assert "28 verdicts from verdicts" in again.stdout
    assert contents(tmp_path / "again") == contents(tmp_path / "plain")


@pytest.mark.parametrize("command", ["score", "quality", "compare", "rate", "bench"])
def test_a_folder_of_a_variable_that_is_not_set_is_not_the_current_one(inside, tmp_path, command):
    before = contents(tmp_path)
    done = inside(command, "outputs", "--out", "")
    assert done.returncode == 2
    assert "name a folder" in done.stderr
    assert contents(tmp_path) == before
