from __future__ import annotations

import csv
import json
from pathlib import Path

from audiojudge_cli.runs.shard import Shard


def listed(folder: Path) -> list[tuple[str, str, str]]:
    with (folder / "problems.csv").open(newline="", encoding="utf-8") as file:
        return [(row["source"].rpartition("/")[2], row["line"], row["kind"]) for row in csv.DictReader(file)]


def test_every_row_and_file_left_out_is_listed_however_many(run, make_tone, make_captions, tmp_path):
    for number in range(2):
        make_tone(f"{number}.wav")
    make_tone("=nobody's.wav")
    captions = make_captions(["440 Hz", "loud"])
    captions.write_text(captions.read_text() + "{broken\n" * 30 + json.dumps({"file_name": "1.wav", "caption": "loud"}))
    scored, _ = run(captions)
    rows = listed(tmp_path / "run")
    assert rows[:30] == [("captions.jsonl", str(line), "bad-json") for line in range(3, 33)]
    assert rows[30:] == [("captions.jsonl", "33", "duplicate"), ("'=nobody's.wav", "", "no-caption")]
    assert scored.counts["problems"] + scored.counts["unused_audio"] == len(rows)


def test_the_list_goes_away_with_the_problems_and_with_a_restart(run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    captions = make_captions(["440 Hz"])
    good = captions.read_text()
    captions.write_text(good + "{broken\n")
    run(captions)
    assert len(listed(tmp_path / "run")) == 1
    captions.write_text(good)
    run(captions)
    assert not (tmp_path / "run" / "problems.csv").exists()
    captions.write_text(good + "{broken\n")
    run(captions)
    run(captions, restart=True)
    assert len(listed(tmp_path / "run")) == 1


def test_shards_list_what_the_whole_manifest_left_out_and_so_does_their_merger(run, make_tone, make_captions, tmp_path):
    from audiojudge_cli.runs.merged import merge

    for number in range(6):
        make_tone(f"{number}.wav")
    captions = make_captions(["440 Hz"] * 6)
    captions.write_text(captions.read_text() + "{broken\n")
    run(captions, out="whole")
    for part in (1, 2):
        run(captions, out=f"part{part}", shard=Shard(part, 2))
    merge([tmp_path / "part2", tmp_path / "part1"], tmp_path / "merged")
    for folder in ("part1", "part2", "merged"):
        assert (tmp_path / folder / "problems.csv").read_bytes() == (tmp_path / "whole" / "problems.csv").read_bytes()
