"""`audiojudge label` as a process: its address, its end, and that `calibrate` reads what it wrote."""

from __future__ import annotations

import hashlib
import json
import signal
import urllib.request
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.rule import load_decision


@pytest.fixture
def run(make_run, tmp_path, tones):
    """A run of seventy clips that all have the same sound, decided by the shipped decision."""
    tones(["100 Hz"])
    [path] = (tmp_path / "outputs").iterdir()
    random = np.random.default_rng(0)
    rows = [{"answers": random.beta(0.8, 0.5, 2).clip(0.02, 0.98).round(4).tolist()} for _ in range(70)]
    folder = make_run(rows, rule=load_decision(), info={"inputs": {"outputs": "outputs"}})
    lines = []
    for number, line in enumerate((folder / "records.jsonl").read_text().splitlines()):
        record, sound = json.loads(line), path.read_bytes() + bytes(2 * number)
        record["audio"]["sha256"] = hashlib.sha256(sound).hexdigest()
        (tmp_path / "outputs" / record["audio"]["path"]).write_bytes(sound)
        lines.append(json.dumps(record) + "\n")
    (folder / "records.jsonl").write_text("".join(lines))
    return folder


def post(url: str, path: str, data: dict[str, Any]) -> Any:
    headers = {"Origin": url.rpartition("/")[0].rpartition("/")[0], "Content-Type": "application/json"}
    request = urllib.request.Request(url + path, json.dumps(data).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.loads(reply.read())


def test_labels_of_two_starts_are_read_by_calibrate(run, inside, tmp_path):
    values = {record.id: record.decision.value or 0.0 for record in read_records(run)}
    seen = 0
    for end, code in ((signal.SIGKILL, -9), (signal.SIGINT, 0)):
        process = inside.start("label", "run", "--no-browser", "--by", "ann")
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}next", timeout=60) as reply:
            told = json.loads(reply.read())
        assert told["progress"]["mine"] == seen
        while "place" in told and (code == 0 or seen < 20):
            said = "yes" if values[told["id"]] > 0.8 else "no"
            told = post(url, "label", {"place": told["place"], "label": said})
            seen += 1
        process.send_signal(end)
        _, err = process.communicate(timeout=60)
        assert process.returncode == code
    assert seen == 70
    assert "70 labels by ann, 18 of random clips; 70 clips labelled in run/labels.jsonl" in err
    assert "Traceback" not in err
    done = inside("calibrate", "run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("70 labelled clips, ")
    assert "of these the 18 clips drawn at random, as the run is: accuracy " in done.stdout
    # A run that is judged again keeps what people said.
    assert (run / "labels.jsonl").is_file()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--labels", "run/records.jsonl"], "it is a file of a run"),
        (["--labels", "outputs"], "give another --labels"),
        (["--labels", "nowhere/labels.jsonl"], "give another --labels"),
        (["--audio", "nowhere", "--by", ""], "--by takes a name"),
    ],
)
def test_what_cannot_be_is_one_line(run, inside, options, told):
    done = inside("label", "run", "--no-browser", *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_no_run(inside):
    done = inside("label", "nowhere", "--no-browser")
    assert done.returncode == 2
    assert "not a run folder" in done.stderr
