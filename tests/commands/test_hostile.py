"""Everything that can be wrong with a file, a name, a caption or a row, in one run of the real command line."""

from __future__ import annotations

import csv
import json
import os
import random
import runpy
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.results.index import read_records

pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes pipes, sockets and names of bytes")

HOSTILE = runpy.run_path(str(Path(__file__).parents[1] / "clips" / "hostile_folder.py"))
SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "tones")
# The tone judge stumbles over clips without a tone; what it does then is its own affair.
TONELESS = {"silent.wav", "denormal.wav", "one-sample.wav"}
FUZZED = 60


MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)
"""


def build(root: Path):
    """Make the hostile folder, and in it files with a few wrong bytes in the first hundred."""
    made = HOSTILE["build"](root)
    encoded = HOSTILE["HOSTILE"]["encoded"]
    forms = ("WAV", "FLAC", "OGG", "MP3", "AIFF", "AU", "CAF", "W64", "RF64")
    chance = random.Random(6)
    for number in range(FUZZED):
        data = bytearray(encoded(forms[number % len(forms)]))
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(100)] = chance.choice((0, 1, 127, 128, 255))
        (made.folder / f"fuzzed-{number}.wav").write_bytes(data)
        made.row(f"fuzzed-{number}.wav".encode(), '"caption": "440 Hz"', f"fuzzed-{number}", frozenset())
    made.manifest.write_bytes(b"\n".join(made.lines) + b"\n")
    return made


def outcome(record) -> str:
    return str(record.error.kind if record.error else record.status)


def test_every_input_is_one_record_or_one_listed_row(cli, tmp_path):
    made = build(tmp_path)
    assert made.rows >= 350
    measured = [sys.executable, "-c", MEASURED, sys.executable, "-m", "audiojudge_cli", *SCORE]
    done = subprocess.run(measured, cwd=tmp_path, env=cli.environment(), capture_output=True, timeout=300, check=False)
    told, errors = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 3, errors
    assert "Traceback" not in errors

    clips = {identity for identity, kinds in made.expected.items() if not any(kind[:4] == "row:" for kind in kinds)}
    records = list(read_records(tmp_path / "audiojudge-run"))
    found = {record.id: record for record in records}
    assert len(found) == len(records)
    assert set(found) == clips

    surprises = {
        record.audio.path: (outcome(record), record.error)
        for record in records
        if (expected := made.expected[record.id])
        and outcome(record) not in expected
        and not ({"ok", "partial"} & expected and record.audio.path in TONELESS)
    }
    assert surprises == {}
    for record in records:
        assert (record.error is None) == (record.status != "error")
        assert record.score is None or (record.error is None and 0 <= record.score <= 1)
        if record.error:
            assert record.error.message.isprintable()

    # Nothing is lost and nothing counted twice: rows are records or problems, and every list agrees.
    pairing = find_clips(made.folder, made.manifest)
    problems = list(pairing.problems())
    listed = Counter(problem.kind for problem in problems)
    told_of = [next(iter(kinds))[4:] for kinds in made.expected.values() if any(kind[:4] == "row:" for kind in kinds)]
    assert listed == Counter([*made.broken, *told_of])
    assert all(problem.line is not None for problem in problems)
    assert len(records) + len(problems) == made.rows
    counts = json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())["counts"]
    assert (counts["rows"], counts["problems"], counts["clips"]) == (made.rows, len(problems), len(records))
    assert counts["judged"] + counts["failed"] == len(records)
    summary = json.loads((tmp_path / "audiojudge-run" / "summary.json").read_text())["clips"]
    assert summary["total"] == len(records)
    assert sum(summary[status] for status in ("ok", "partial", "unverifiable", "error")) == len(records)
    csv.field_size_limit(1 << 24)
    with (tmp_path / "audiojudge-run" / "summary.csv").open(newline="", encoding="utf-8") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [record.id for record in records]
    assert f"{len(problems)} of {made.rows} rows left out" in told
    with (tmp_path / "audiojudge-run" / "problems.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["line"], row["kind"]) for row in csv.DictReader(file) if row["kind"] != "no-caption"]
    assert rows == [(str(problem.line), problem.kind) for problem in problems]

    if sys.platform == "linux":
        assert int(errors.split()[-1]) < 500, "megabytes at the most"
    assert_terminal_safe(told)

    again = cli(*SCORE, "--out", "other", "--strict")
    assert again.returncode == 2
    assert f"--strict: {len(problems)} broken or doubled rows" in again.stderr


def assert_terminal_safe(text: str) -> None:
    """No control character of a name or caption reaches the terminal."""
    assert [char for char in text if char != "\n" and not char.isprintable()] == []


def test_files_that_vanish_or_change_while_the_run_goes_on(cli, tones, tmp_path):
    tones(["440 Hz"] * 30)
    process = cli.start(*SCORE[:5], *SCORE[5:], env={"TONE_JUDGE_SLEEP": "0.1"})
    journal = tmp_path / "audiojudge-run" / "records.jsonl"
    deadline = time.monotonic() + 60
    while not journal.exists() or not journal.read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (tmp_path / "outputs" / "28.wav").unlink()
    (tmp_path / "outputs" / "29.wav").write_bytes(b"RIFF")
    (tmp_path / "outputs" / "30.wav").unlink()
    (tmp_path / "outputs" / "30.wav").mkdir()
    process.communicate(timeout=120)
    found = {record.id: outcome(record) for record in read_records(tmp_path / "audiojudge-run")}
    assert len(found) == 30
    assert (found["28"], found["29"], found["30"]) == ("not-found", "not-audio", "is-a-directory")
    assert set(found.values()) == {"ok", "not-found", "not-audio", "is-a-directory"}


def test_what_a_library_prints_does_not_come_between_the_records(cli, tones, tmp_path):
    tones(["440 Hz", "chatter, 440 Hz", "loud"])
    done = cli.alone(*SCORE, "--format", "jsonl")
    assert done.stdout.encode() == (tmp_path / "audiojudge-run" / "records.jsonl").read_bytes()
    assert "what a C library prints" in done.stderr


@pytest.mark.weights
@pytest.mark.slow
def test_the_embedded_judge_hears_what_is_merely_odd(cli, tmp_path):
    """Silence, one sample, denormal numbers, 8 kHz and 192 kHz, eight channels: an answer or none, never a stumble."""
    folder = tmp_path / "outputs"
    folder.mkdir()
    cases = {name: data for name, (data, kinds) in HOSTILE["HOSTILE"]["CASES"].items() if "ok" in kinds}
    caption = "A man speaks while a dog barks and fast piano music plays, loud, in a large hall, from the left."
    rows = []
    for name, data in cases.items():
        (folder / name).write_bytes(data)
        rows.append(json.dumps({"audio": name, "caption": caption}))
    (tmp_path / "captions.jsonl").write_text("\n".join(rows))
    done = cli("score", "outputs", "--captions", "captions.jsonl")
    records = list(read_records(tmp_path / "audiojudge-run"))
    assert len(records) == len(cases), done.stderr
    assert [(record.id, record.error) for record in records if record.error] == []
    assert all(record.score is None or 0 <= record.score <= 1 for record in records)
