from __future__ import annotations

import json
from pathlib import Path

TONE = ("--judge", "tone", "--expander", "tones")
SCORE = ("score", "outputs", "--captions", "captions.jsonl", *TONE)
CAPTIONS = ["100 Hz, loud", "220 Hz", "loud, x", "explode", "500 Hz"]


def contents(folder: Path) -> dict[str, bytes]:
    skip = {"run.json", ".lock", "shard.jsonl"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in skip]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_shards_become_the_whole_run_and_a_missing_one_is_refused(cli, tones, tmp_path):
    tones(CAPTIONS)
    whole = cli(*SCORE, "--out", "whole")
    for number in (1, 2):
        cli(*SCORE, "--shard", f"{number}/2", "--out", f"part{number}")
    done = cli("merge", "part2", "part1", "./part2/", "--out", "merged")
    assert done.returncode == whole.returncode == 3  # the clip that explodes
    assert done.stderr.splitlines()[0] == "audiojudge: 2 shards merged"
    assert done.stderr.splitlines()[-1] == whole.stderr.splitlines()[-1]
    assert done.stdout.splitlines()[:4] == whole.stdout.splitlines()[:4]
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")
    done = cli("merge", "part2", "--out", "other")
    assert done.returncode == 2
    assert "shard 1/2 with" in done.stderr
    assert done.stdout == ""
    done = cli("merge", "part2", "--out", "other", "--partial", "--quiet")
    assert done.returncode == 3
    assert "pending" in done.stdout
    assert json.loads((tmp_path / "other" / "run.json").read_text())["arguments"][0] == "merge"


def test_a_shard_that_is_none_is_a_usage_error(cli, tones):
    tones(["100 Hz"])
    done = cli(*SCORE, "--shard", "0/2")
    assert done.returncode == 2
    assert "--shard is i/n with i from 1 to n" in done.stderr
