"""`--engine ray` on a real cluster of two workers on this machine."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audiojudge_cli.results.index import read_records

WITH_RAY = importlib.util.find_spec("ray") is not None
SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "tones")
RAY = (*SCORE, "--engine", "ray", "--workers", "2")
needs_ray = pytest.mark.skipif(not WITH_RAY, reason="needs Ray (extra ray)")


def contents(folder: Path) -> dict[str, bytes]:
    skip = {"run.json", ".lock"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in skip]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def wait_for_lines(path: Path, count: int) -> None:
    deadline = time.monotonic() + 90
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline, "the run does not get going"
        time.sleep(0.05)


@needs_ray
@pytest.mark.slow
def test_a_killed_worker_an_interruption_and_a_resume_leave_no_trace(cli, tones, tmp_path):
    captions = ["100 Hz", "die, 200 Hz", "", "400 Hz, loud", "refuse", "explode", "bug"]
    captions += [*(f"{number}00 Hz" for number in range(8, 21)), "blue"]
    tones(captions, audio=20)
    (tmp_path / "outputs" / "08.wav").write_bytes(b"RIFF")
    marker = tmp_path / "died"

    process = cli.start(*RAY, "--out", "ray", env={"TONE_JUDGE_DIE": str(marker), "TONE_JUDGE_SLEEP": "0.4"})
    wait_for_lines(tmp_path / "ray" / "records.jsonl", 6)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 130, err
    assert marker.exists(), "a worker was killed"
    assert "ray" not in out.replace("results in ray", "")
    assert "stopping" in err
    assert "raylet" not in err
    before = list(read_records(tmp_path / "ray"))
    assert 6 <= len(before) < len(captions)

    quiet = {"TONE_JUDGE_DIE": str(marker)}
    here = cli.alone(*SCORE, "--out", "here", "--format", "jsonl", env=quiet)
    there = cli.alone(*RAY, "--out", "ray", "--format", "jsonl", env={**quiet, "TONE_JUDGE_LOG": str(tmp_path / "log")})
    assert there.returncode == here.returncode
    assert there.stdout == here.stdout
    assert contents(tmp_path / "ray") == contents(tmp_path / "here")
    finished = {record.caption for record in before if record.error is None}
    assert not finished & set((tmp_path / "log").read_text().splitlines()), "nothing finished is judged again"
    counts = json.loads((tmp_path / "ray" / "run.json").read_text())["counts"]
    assert counts["judged"] + counts["kept"] + counts["failed"] == len(captions)


@needs_ray
@pytest.mark.slow
def test_a_clip_that_kills_every_worker_is_one_record_and_the_run_goes_on(cli, tones, tmp_path):
    tones(["100 Hz", "200 Hz", "die always", "400 Hz", "500 Hz", "600 Hz"])
    done = cli.alone(*RAY, "--cache", "cache")
    records = list(read_records(tmp_path / "audiojudge-run"))
    kinds = [record.error.kind if record.error else record.status for record in records]
    assert kinds == ["ok", "ok", "worker", "ok", "ok", "ok"]
    assert "3 workers died" in str(records[2].error)
    assert records[2].score is None
    assert "raylet" not in done.stdout + done.stderr
    assert (tmp_path / "cache").is_dir()


@needs_ray
@pytest.mark.slow
def test_what_ends_a_run_in_a_worker_ends_it_here(cli, tones, tmp_path):
    tones(["100 Hz", "no weights", "300 Hz"])
    done = cli.alone(*RAY)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == "audiojudge: error: the tone judge has no weights; tune it"
    too_many = cli.alone(*RAY, "--ray-gpus", "0.5", "--out", "other")
    if too_many.returncode:
        assert too_many.returncode == 2
        assert "no worker fits into the Ray cluster: each needs 1 core and 0.5 GPU" in too_many.stderr


@needs_ray
@pytest.mark.parametrize(
    "address", ["127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999", "no.such.host.invalid:6379"]
)
def test_a_cluster_that_does_not_answer_is_told_at_once(address, cli, tones):
    tones(["100 Hz"])
    done = cli.alone(*RAY, "--ray-address", address)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"audiojudge: error: no Ray cluster answers at {address} (")


def test_without_ray_the_extra_is_named(cli, tones):
    tones(["100 Hz"])
    without = "import sys; sys.modules['ray'] = None; from audiojudge_cli.app import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", without, *RAY],
        cwd=cli.folder,
        env=cli.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == "audiojudge: error: --engine ray needs Ray: pip install 'audiojudge-cli[ray]'"
    assert not (cli.folder / "audiojudge-run").exists()


@pytest.mark.parametrize("option", [("--ray-address", "auto"), ("--ray-gpus", "1")])
def test_options_of_ray_are_for_ray(option, cli, tones):
    tones(["100 Hz"])
    done = cli.alone(*SCORE, *option)
    assert done.returncode == 2
    assert f"{option[0]} is for --engine ray" in done.stderr
    assert not (cli.folder / "audiojudge-run").exists()
