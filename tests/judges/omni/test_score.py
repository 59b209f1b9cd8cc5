"""`audiojudge score` with the omni judge, on checkpoints with random weights."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile

from audiojudge_cli.results.index import read_records

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
CAPTIONS = (
    "A dog barks twice, then rain falls.",
    "一位女士在轻声说话，背景没有音乐。",
    "Slow piano music without drums.",
)
ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin")
SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--quant", "none", "--device", "cpu")


@pytest.fixture(autouse=True)
def clips(tmp_path):
    (tmp_path / "outputs").mkdir()
    rows = []
    for number, caption in enumerate(CAPTIONS):
        time = np.arange(int((1.0 + 0.3 * number) * 22_050)) / 22_050
        tone = 0.4 * np.sin(2 * np.pi * 200 * (number + 1) * time * (1 + time / 5))
        soundfile.write(tmp_path / "outputs" / f"{number}.wav", tone, 22_050)
        rows.append({"file_name": f"{number}.wav", "caption": caption})
    (tmp_path / "captions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture(scope="module")
def english():
    """Load the grammar once from the cache of this machine; the tests' own caches are empty."""
    from audiojudge_cli.rubrics.rules import load

    load().expand("A dog barks.")


@pytest.fixture
def cli(english, tmp_path, monkeypatch, capsys):
    """The command line within this process: torch is imported once."""
    from audiojudge_cli.app import main

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("AUDIOJUDGE_", "HF_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["audiojudge", *map(str, arguments)])
        capsys.readouterr()
        code = main()
        told = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv[1:], code, told.out, told.err)

    return run


@pytest.fixture
def card_of(checkpoint, tmp_path):
    """Write a card of a tiny checkpoint; its floor is 0, because random weights seldom say yes or no."""

    def write(architecture: str = "qwen2_audio", name: str = "tiny", **model: Any) -> str:
        facts = {"folder": str(checkpoint(architecture)), "architecture": architecture, "refusal_floor": 0.0}
        facts |= {"max_audio_s": 30.0, **model}
        path = tmp_path / f"{name}.yaml"
        head = f"name: {name}\nfamily: omni\ntitle: t\ndescription: d\nlicence: none\n"
        path.write_text(head + f"model: {json.dumps(facts)}\n", encoding="utf-8")
        return str(path)

    return write


def contents(folder: Path) -> dict[str, bytes]:
    skip = {"run.json", ".lock"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in skip]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def records(folder: Path) -> list[Any]:
    return list(read_records(folder))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_run_is_valid_repeatable_and_resumable(architecture, card_of, cli, tmp_path):
    card = card_of(architecture)
    done = cli(*SCORE, "--judge", card, "--out", "one")
    assert done.returncode == 0
    assert done.stderr == "audiojudge: 3 clips, judge tiny on cpu, expander rules\n"
    schema = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "record.schema.json").read_text()))
    for line in (tmp_path / "one" / "records.jsonl").read_text().splitlines():
        schema.validate(json.loads(line))
    run = json.loads((tmp_path / "one" / "run.json").read_text())
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "run.schema.json").read_text())).validate(run)
    assert run["judge"]["card"]["architecture"] == architecture
    assert run["judge"]["card"]["quant"] == "none"
    for record in records(tmp_path / "one"):
        assert record.status == "ok"
        assert all(0 <= item.facts["yes_no_mass"] <= 1 for item in record.items)

    assert cli(*SCORE, "--judge", card, "--out", "two", "--limit", "1").returncode == 0
    resumed = cli(*SCORE, "--judge", card, "--out", "two")
    assert "1 clip kept from an earlier run" in resumed.stdout
    assert contents(tmp_path / "one") == contents(tmp_path / "two")

    # On a CPU every clip is computed on its own, so not a digit depends on the clips beside it.
    (tmp_path / "alone.yaml").write_text("batch: 1\n")
    assert cli(*SCORE, "--judge", card, "--out", "alone", "--preset", "./alone.yaml").returncode == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "alone")


def test_a_folder_is_a_judge_and_refusals_are_counted(checkpoint, cli, tmp_path):
    folder = checkpoint("qwen2_5_omni", thinker_only=True)
    done = cli(*SCORE, "--judge", folder)
    found = records(tmp_path / "audiojudge-run")
    assert {record.judge.name for record in found} == {folder.name}
    items = [item for record in found for item in record.items]
    assert all((item.p_yes is None) == (item.facts["yes_no_mass"] < 0.5) for item in items)
    refused = sum(item.p_yes is None for item in items)
    assert (done.returncode == 3) == (refused > len(items) / 2)


def test_what_a_long_clip_went_through_is_in_its_warnings(card_of, cli, tmp_path):
    assert cli(*SCORE, "--judge", card_of(max_audio_s=1.1)).returncode == 0
    first, second, third = records(tmp_path / "audiojudge-run")
    assert not first.warnings
    for record in (second, third):
        assert any("judged in 2 windows that overlap" in warning for warning in record.warnings)
    assert {len(record.items[0].times) for record in (first,)} == {0}


def test_another_quantization_or_other_prompts_are_another_judge(card_of, cli, tmp_path):
    card = card_of()
    assert cli(*SCORE, "--judge", card).returncode == 0
    own = tmp_path / "own.yaml"
    own.write_text(
        'name: own\nen:\n  system: null\n  question: "{question}"\n  generate: "{items}"\n  evidence: "{question}"\n'
        "  answers: {yes: [yes], no: [no]}\n"
    )
    for options in (("--quant", "int8"), ("--prompts", own), ("--mode", "logits+evidence")):
        done = cli(*SCORE, "--judge", card, *options)
        assert done.returncode == 2
        assert "holds records of the judge tiny" in done.stderr
    assert cli(*SCORE, "--judge", card, "--quant", "int8", "--out", "int8").returncode == 0
    assert json.loads((tmp_path / "int8" / "run.json").read_text())["judge"]["card"]["quant"] == "int8"


def test_prompts_that_do_not_fit_are_told_before_anything_is_loaded(card_of, cli, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("name: own\nen: {system: null}\n")
    done = cli(*SCORE, "--judge", card_of(), "--prompts", own)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"audiojudge: error: {own}: en.question: this key is missing"
    assert not (tmp_path / "audiojudge-run" / "run.json").exists()


@pytest.mark.parametrize("mode", ["generate", "logits+evidence"])
def test_the_other_modes(mode, card_of, cli, tmp_path):
    done = cli(*SCORE, "--judge", card_of(), "--mode", mode, "--limit", "1")
    (record,) = records(tmp_path / "audiojudge-run")
    if mode == "generate":
        # Random weights write no JSON: nothing is made up, and the run says so.
        assert done.returncode == 3
        assert all("is not the JSON asked for" in item.evidence for item in record.items)
    else:
        assert done.returncode == 0
        for item in record.items:
            assert item.evidence.startswith("The next token is yes") == (item.answer == "yes")


@pytest.fixture
def short_answers(monkeypatch):
    """Random weights write on until they may not: a few tokens show as much as thousands."""
    from audiojudge_cli.judges.omni.writer import OmniWriter

    monkeypatch.setitem(OmniWriter.__init__.__kwdefaults__, "most_tokens", 8)


def test_the_judge_writes_the_rubrics_too(short_answers, card_of, cli, tmp_path):
    done = cli(*SCORE, "--judge", card_of(), "--expander", "llm", "--limit", "1")
    assert done.returncode == 0
    (record,) = records(tmp_path / "audiojudge-run")
    assert record.expander.name == "llm"
    assert [item.dimension for item in record.items] == ["overall"]


def test_rubrics_are_written_by_the_same_model(short_answers, card_of, cli):
    llm = ("--expander", "llm", "--device", "cpu", "--format", "jsonl")
    done = cli("rubric", "A dog barks.", *llm, "--judge", card_of(), "--quant", "none")
    assert done.returncode == 0
    assert [item["dimension"] for item in json.loads(done.stdout)["items"]] == ["overall"]
    assert cli("rubric", "A dog barks.", "--judge", card_of()).stderr.endswith("or give --expander llm\n")
    assert "is for the model of --judge" in cli("rubric", "A dog barks.", "--quant", "int8").stderr
    assert "(the judge embedded cannot write)" in cli("rubric", "A dog.", *llm, "--judge", "embedded").stderr


def broken(folder: Path, what: str) -> None:
    if what == "config":
        (folder / "config.json").unlink()
    elif what == "shard":
        shard = max(folder.glob("*.safetensors"))
        with shard.open("r+b") as file:
            file.truncate(shard.stat().st_size // 2)
    elif what == "architecture":
        (folder / "config.json").write_text('{"model_type": "llama"}')


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("config", "has no config.json"),
        ("shard", "is truncated"),
        ("architecture", "model_type says 'llama'"),
        ("hub", "HF_HUB_OFFLINE is set"),
        ("extra", "pip install 'audiojudge-cli[omni]'"),
    ],
)
def test_what_cannot_be_loaded_is_one_line_and_no_run(what, message, checkpoint, cli, tmp_path, monkeypatch):
    folder = tmp_path / "model"
    shutil.copytree(checkpoint("qwen2_audio"), folder)
    broken(folder, what)
    if what == "extra":
        monkeypatch.setitem(sys.modules, "torch", None)
    done = cli(*SCORE, "--judge", "hf:nobody/nothing@main" if what == "hub" else folder)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("audiojudge: error: ")
    assert message in line
    assert done.stdout == ""
    assert not [path for path in (tmp_path / "audiojudge-run").glob("*") if not path.name.startswith(".")]


@pytest.fixture
def no_cuda(monkeypatch):
    monkeypatch.setattr("audiojudge_cli.judges.omni.device.why_no_cuda", lambda _=0: "no driver here")


@pytest.mark.parametrize("command", [SCORE[:-2], ("rubric", "A dog.", "--expander", "llm")])
def test_cuda_by_name_is_exit_2_where_it_cannot_be_used(command, no_cuda, card_of, cli, tmp_path):
    done = cli(*command, "--judge", card_of(), "--device", "cuda", "--quiet")
    assert done.returncode == 2
    assert done.stderr == (
        "audiojudge: error: --device cuda cannot be used: no driver here; give --device cpu, or auto\n"
    )
    assert not (tmp_path / "audiojudge-run" / "records.jsonl").exists()


@pytest.mark.parametrize("command", [SCORE[:-2], ("rubric", "A dog.", "--expander", "llm", "--quant", "none")])
def test_the_quiet_too_are_told_that_auto_fell_back(command, short_answers, no_cuda, card_of, cli):
    line = "no CUDA device can be used (no driver here): the model runs on the CPU, slow for large models"
    assert line in cli(*command, "--judge", card_of(), "--device", "auto").stderr
    quiet = (*command, "--judge", card_of(), "--device", "auto", "--quiet")
    assert cli(*quiet, *(("--out", "q") if command[0] == "score" else ())).stderr == f"audiojudge: {line}\n"
    if command[0] == "score":
        (event,) = cli(*quiet, "--out", "json", "--log-json").stderr.splitlines()
        assert json.loads(event)["event"] == "remark"
        assert json.loads(event)["message"] == line


def test_a_judge_without_a_model_says_how_to_name_one(cli):
    done = cli(*SCORE, "--judge", "omni")
    assert done.returncode == 2
    assert "the omni judge needs a model: give --judge the name of its card" in done.stderr


def test_rate_with_a_model(cli, card_of, tmp_path):
    ask = (
        "rate",
        "outputs",
        "--device",
        "cpu",
        "--quant",
        "none",
        "--scale",
        "mos",
        "-o",
        "rated",
        "--paraphrases",
        "2",
    )
    done = cli(*ask, "--judge", card_of())
    assert done.returncode == 0, done.stderr
    (first, *_), found = read_records(tmp_path / "rated"), (tmp_path / "rated" / "ratings.csv").read_text()
    assert len(found.splitlines()) > 3
    assert all(1 <= float(str(item.facts["rating"])) <= 5 and "scale_mass" in item.facts for item in first.items)
    refused = cli(*ask, "--restart", "--judge", card_of(name="strict", refusal_floor=1.0))
    assert refused.returncode == 3
    assert all(item.p_yes is None for record in read_records(tmp_path / "rated") for item in record.items)
