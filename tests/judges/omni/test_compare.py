"""`audiojudge compare` with the omni judge, on checkpoints with random weights."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiojudge_cli.judges.omni import comparing

RATE = 16_000
COMPARE = ("--quant", "none", "--device", "cpu", "-q")


def scored(text: str) -> tuple[float, float]:
    """Random weights write no scores: any text stands for two of its own."""
    digest = hashlib.sha256(text.encode()).digest()
    return 1 + digest[0] % 10, 1 + digest[1] % 10


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    from audiojudge_cli.app import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["audiojudge", *map(str, arguments)])
        capsys.readouterr()
        code = main()
        told = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv[1:], code, told.out, told.err)

    return run


@pytest.fixture
def talkative(monkeypatch):
    """Texts end at every second token, and each of them stands for two scores."""

    class Short(comparing.Comparer):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, read=scored)
            self._chat.stops = frozenset(range(0, 2000, 2))

    monkeypatch.setattr(comparing, "Comparer", Short)


@pytest.fixture
def pairs(tmp_path):
    for number in range(4):
        time = np.arange(int((0.6 + 0.1 * number) * RATE)) / RATE
        soundfile.write(tmp_path / f"{number}.wav", 0.4 * np.sin(2 * np.pi * 200 * (number + 1) * time), RATE)
    rows = [
        {"id": "one", "audio_a": "0.wav", "audio_b": "1.wav", "target_text": "Good morning."},
        {"id": "two", "audio_a": "2.wav", "audio_b": "3.wav", "target_text": "早上好。"},
        {"id": "long", "audio_a": "0.wav", "audio_b": "long.wav"},
    ]
    soundfile.write(tmp_path / "long.wav", np.zeros(31 * RATE), RATE)
    for name, turned in (("pairs", False), ("turned", True)):
        told = [{**row, "audio_a": row["audio_b"], "audio_b": row["audio_a"]} if turned else row for row in rows]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    (tmp_path / "lax.yaml").write_text("require: {errors: 0.5, coverage: 0}\n")
    return tmp_path


def found(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.[cj]s*") if path.name != "run.json"}


def test_votes_are_drawn_alike_and_the_order_of_the_row_changes_nothing(checkpoint, cli, talkative, pairs):
    judge = ("--judge", checkpoint("qwen2_audio"), *COMPARE, "--preset", "lax.yaml")
    for name, *more in (("one", "pairs.jsonl"), ("two", "pairs.jsonl"), ("three", "turned.jsonl")):
        done = cli("compare", *more, *judge, "--votes", "4", "--seed", "5", "-o", name)
        assert done.returncode == 0, done.stderr
    assert kept(pairs / "one") == kept(pairs / "two")
    one, three = found(pairs / "one"), found(pairs / "three")
    for name in ("one", "two"):
        assert (one[name]["score_a"], one[name]["score_b"]) == (three[name]["score_b"], three[name]["score_a"])
        assert one[name]["reason"].startswith(("Heard first A has", "The two orders contradict"))
    assert one["long"]["preferred"] == "error"
    assert "31 s are too long to compare: the model hears 30 s at once" in one["long"]["reason"]
    heard = json.loads((pairs / "one" / "summary.json").read_text())["comparison"]["heard"]
    assert (heard["votes"], heard["seed"], heard["couples"], heard["failed"]) == (4, 5, 3, 1)
    assert heard["bias"]["value"] is not None
    cli("compare", "pairs.jsonl", *judge, "--votes", "4", "--seed", "6", "-o", "four")
    assert (pairs / "four" / "couples.jsonl").read_bytes() != (pairs / "one" / "couples.jsonl").read_bytes()
    prompts = (
        "name: own\nen:\n  system: null\n  question: '{question}'\n  generate: '{items}'\n  evidence: '{question}'\n"
    )
    prompts += "  answers: {'yes': ['yes'], 'no': ['no']}\n"
    prompts += "  compare: {system: null, first: one, second: two, question: which}\n"
    (pairs / "own.yaml").write_text(prompts)
    done = cli("compare", "pairs.jsonl", *judge, "--votes", "4", "--seed", "5", "--prompts", "own.yaml", "-o", "one")
    assert (done.returncode, "whose fingerprint covers --votes, --seed and the prompts" in done.stderr) == (2, True)


def test_rationales_without_scores_are_failures_and_never_ties(checkpoint, cli, monkeypatch, pairs):
    monkeypatch.setattr(comparing, "MOST_TOKENS", 4)
    done = cli("compare", "pairs.jsonl", "--judge", checkpoint("qwen2_audio"), *COMPARE, "-o", "run")
    assert done.returncode == 3
    assert "none of the 3 pairs could be compared: " in done.stderr
    assert {row["preferred"] for row in found(pairs / "run").values()} == {"error"}
    assert "1 of 1 rationales of one order do not end in two scores" in found(pairs / "run")["one"]["reason"]
