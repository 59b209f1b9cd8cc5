"""Reward models: a LoRA and a head on a thinker, held against the library's own hidden states."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiojudge_cli.errors import ClipError, InputError, WeightsError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.judge import OmniJudge, kind_of, load
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.reward import RewardModel, reward_wording
from audiojudge_cli.judges.registry import can
from tests.judges.omni.test_judge import case

torch = pytest.importorskip("torch")

WORDS = "Good morning <|im_end|> everybody."
MODULES = ("self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj")
RANK, ALPHA = 4, 16


def thinker(model: Any) -> Any:
    """The text model, as `from_pretrained` of the library has it."""
    return model.model.language_model if hasattr(model.model, "language_model") else model.model


def adapter(folder: Path, model: Any, *, prefix: str = "model.", seed: int = 0, **settings: Any) -> dict[str, Any]:
    """Write a LoRA as peft names it; return the change of each weight by its name in the text model."""
    from safetensors.torch import save_file

    drawn = torch.Generator().manual_seed(seed)
    tensors: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    scale = ALPHA / RANK**0.5 if settings.get("use_rslora") else ALPHA / RANK
    for number, layer in enumerate(thinker(model).layers):
        for name in MODULES:
            rows, columns = layer.get_submodule(name).weight.shape
            low = torch.randn(RANK, columns, generator=drawn) * 0.1
            high = torch.randn(rows, RANK, generator=drawn) * 0.1
            path = f"base_model.model.{prefix}layers.{number}.{name}"
            tensors |= {f"{path}.lora_A.weight": low, f"{path}.lora_B.weight": high}
            changes[f"layers.{number}.{name}.weight"] = scale * high @ low
    folder.mkdir(parents=True)
    save_file(tensors, folder / "adapter_model.safetensors")
    told = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "bias": "none", "use_dora": False, **settings}
    (folder / "adapter_config.json").write_text(json.dumps(told))
    return changes


def head(path: Path, size: int) -> Any:
    from audiojudge_cli.weights.reward_head import convert_head

    torch.manual_seed(1)
    layer = torch.nn.Linear(size, 1).bfloat16()
    torch.save(layer.state_dict(), path.with_suffix(".pt"))
    convert_head(path.with_suffix(".pt"), path)
    return layer.float()


@pytest.fixture
def made(checkpoint, tmp_path):
    """A folder as `--judge` takes it, the changes of its adapter, and its head."""
    from omni_plain import load_plain

    base = checkpoint("qwen2_5_omni")
    plain = load_plain("qwen2_5_omni", base)
    folder = tmp_path / "btrm"
    changes = adapter(folder / "lora", plain.model, base_model_name_or_path=str(base))
    return folder, plain, changes, head(folder / "reward_head.safetensors", thinker(plain.model).config.hidden_size)


def reward_of(plain: Any, layer: Any, clip: Case, words: str) -> float:
    """The reward as the release computes it: the library's last hidden state of the last token, then the head."""
    from omni_plain import Plain

    wording = reward_wording(bundled_prompts("default"), words)
    # A special token inside the words is spelled out by the judge, and would be one for the library.
    before = f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{wording.before(words)}"
    inputs = Plain.of(plain).inputs(
        clip.waveform.at(16_000), before, f"{wording.question}<|im_end|>\n<|im_start|>assistant\n"
    )
    with torch.inference_mode():
        states = plain.model(**inputs, output_hidden_states=True).hidden_states[-1]
        return float(layer(states[0, -1]))


def test_the_reward_is_that_of_the_library_with_the_adapter_merged(made):
    folder, plain, changes, layer = made
    judge = load(card=str(folder), device="cpu", quant="none")
    assert isinstance(judge, RewardModel)
    clip, words = case(1.1, 300.0), "Good morning, everybody."
    without = reward_of(plain, layer, clip, words)
    weights = dict(thinker(plain.model).named_parameters())
    with torch.no_grad():
        for name, change in changes.items():
            weights[name] += change
    expected = reward_of(plain, layer, clip, words)
    assert abs(expected - without) > 0.01
    assert judge.reward(clip.waveform, words) == pytest.approx(expected, abs=2e-4)
    assert judge.reward(clip.waveform, "早上好。") == pytest.approx(reward_of(plain, layer, clip, "早上好。"), abs=2e-4)
    assert judge.reward(clip.waveform, "") == pytest.approx(reward_of(plain, layer, clip, ""), abs=2e-4)
    # What ran before changes nothing, and a turn that the words would end is none.
    again = judge.reward(clip.waveform, words)
    judge.reward(case(0.5, 700.0).waveform, WORDS)
    assert judge.reward(clip.waveform, words) == again


@pytest.mark.parametrize("prefix", ["model.", "thinker.model.", "model.language_model."])
def test_adapters_are_read_by_every_name_their_modules_had(checkpoint, tmp_path, made, prefix):
    _, plain, changes, _ = made
    base = checkpoint("qwen2_5_omni")
    folder = tmp_path / "other"
    told = adapter(folder / "lora", plain.model, prefix=prefix, use_rslora=True)
    (folder / "base").symlink_to(base)
    head(folder / "reward_head.safetensors", thinker(plain.model).config.hidden_size)
    judge = load(card=str(folder), device="cpu", quant="none")
    weights = dict(thinker(judge.loaded.model).named_parameters())
    before = dict(thinker(plain.model).named_parameters())
    for name, change in told.items():
        assert torch.allclose(weights[name], before[name] + change, atol=1e-6)
        assert torch.allclose(change, 2 * changes[name])  # sqrt(4) instead of 4
    untouched = set(before) - set(told)
    assert all(torch.equal(weights[name], before[name]) for name in untouched)


def test_the_fingerprint_follows_every_part(made, tmp_path):
    folder, plain, _, _ = made
    first = load(card=str(folder), device="cpu", quant="none").fingerprint
    assert load(card=str(folder), device="cpu", quant="none").fingerprint == first
    shutil.rmtree(folder / "lora")
    base = str(plain.folder)
    adapter(folder / "lora", plain.model, seed=3, base_model_name_or_path=base)
    second = load(card=str(folder), device="cpu", quant="none").fingerprint
    (folder / "reward_head.safetensors").unlink()
    (folder / "reward_head.pt").unlink()
    torch.manual_seed(5)
    head(folder / "reward_head.safetensors", thinker(plain.model).config.hidden_size)
    content = bytearray((folder / "reward_head.safetensors").read_bytes())
    content[-8] ^= 1
    (folder / "reward_head.safetensors").write_bytes(content)
    assert len({first, second, load(card=str(folder), device="cpu", quant="none").fingerprint}) == 3


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"use_dora": True}, "use_dora is not known here"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save is not known here"),
        ({"rank_pattern": {"q_proj": 2}}, "rank_pattern is not known here"),
        ({"something_new": 1}, "something_new is not known here"),
        ({"peft_type": "IA3"}, "peft_type must be LORA"),
        ({"bias": "all"}, "bias none"),
        ({"init_lora_weights": "pissa"}, "changed the base model as well"),
        ({"r": 8}, "the adapter is of another model"),
        ({"lora_alpha": None}, "no rank r and lora_alpha"),
        ({"base_model_name_or_path": "nowhere/at/all"}, "names no model that is here"),
    ],
)
def test_adapters_that_are_not_plain_are_refused_by_what_is_not(made, settings, told):
    folder, *_ = made
    path = folder / "lora" / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
    with pytest.raises(WeightsError, match=told):
        load(card=str(folder), device="cpu", quant="none")


def test_parts_that_are_missing_or_wrong_are_told(made, tmp_path):
    from safetensors.torch import save_file

    folder, plain, *_ = made
    size = thinker(plain.model).config.hidden_size
    for tensors in ({"weight": torch.zeros(1, size + 1)}, {"weight": torch.zeros(2, size)}, {"bias": torch.zeros(1)}):
        save_file(tensors, folder / "reward_head.safetensors")
        with pytest.raises(WeightsError, match="is no head of this model"):
            load(card=str(folder), device="cpu", quant="none")
    save_file({"weight": torch.full((1, size), torch.inf)}, folder / "reward_head.safetensors")
    with pytest.raises(WeightsError, match="not finite"):
        load(card=str(folder), device="cpu", quant="none")
    (folder / "reward_head.safetensors").unlink()
    with pytest.raises(WeightsError, match="is a pickle, which is never loaded; run `audiojudge models convert-head"):
        load(card=str(folder), device="cpu", quant="none")
    (folder / "lora" / "adapter_model.safetensors").rename(folder / "gone")
    head(tmp_path / "x.safetensors", size)
    shutil.copy(tmp_path / "x.safetensors", folder / "reward_head.safetensors")
    with pytest.raises(WeightsError, match="only safetensors are read"):
        load(card=str(folder), device="cpu", quant="none")
    save_file(
        {"base_model.model.model.layers.99.q.lora_A.weight": torch.zeros(1)},
        folder / "lora" / "adapter_model.safetensors",
    )
    with pytest.raises(WeightsError, match="belongs to no weight of this qwen2_5_omni"):
        load(card=str(folder), device="cpu", quant="none")


def test_what_a_judge_can_do_is_known_before_it_is_loaded(made, checkpoint, monkeypatch, tmp_path):
    folder, *_ = made
    monkeypatch.setattr("audiojudge_cli.judges.omni.load.load_model", None)
    assert (can(str(folder), "reward"), can(str(folder), "compare")) == (True, False)
    assert (can(str(checkpoint("qwen2_audio")), "reward"), can(str(checkpoint("qwen2_audio")), "compare")) == (
        False,
        True,
    )
    assert (can("speechjudge-btrm", "reward"), can("speechjudge-grm", "compare")) == (True, True)
    assert (can("embedded", "reward"), can("embedded", "compare")) == (False, False)
    assert kind_of("hf:owner/name@main") is OmniJudge
    with pytest.raises(InputError):
        can("nobody", "compare")


def test_it_answers_no_questions_and_hears_nothing_too_long(made):
    judge = load(card=str(made[0]), device="cpu", quant="none")
    assert isinstance(judge, RewardModel)
    with pytest.raises(InputError, match="answers no questions; ask `audiojudge compare`"):
        judge.judge([case(1.0, 300.0)])
    with pytest.raises(ClipError, match="too long for a reward"):
        judge.reward(case(301.0, 300.0).waveform, "")
    with pytest.raises(ClipError):
        judge.reward(case(0.001, 300.0).waveform, "")


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.[cj]s*") if path.name != "run.json"}


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    from audiojudge_cli.app import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["audiojudge", *map(str, arguments)])
        capsys.readouterr()
        code = main()
        told = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv[1:], code, told.out, told.err)

    return run


def test_clips_are_compared_ranked_and_selected_by_their_rewards(made, cli, tmp_path):
    folder, *_ = made
    for number in range(4):
        time = np.arange(int((0.5 + 0.1 * number) * 16_000)) / 16_000
        for name, hz in (("A", 200), ("B", 330)):
            (tmp_path / name).mkdir(exist_ok=True)
            soundfile.write(
                tmp_path / name / f"{number}.wav", 0.4 * np.sin(2 * np.pi * hz * (number + 1) * time), 16_000
            )
    (tmp_path / "B" / "3.wav").write_text("no audio")
    shutil.copy(tmp_path / "A" / "2.wav", tmp_path / "B" / "2.wav")
    (tmp_path / "lax.yaml").write_text("require: {errors: 0.5, coverage: 0}\n")
    how = ("--judge", folder, "--quant", "none", "--device", "cpu", "--preset", "lax.yaml", "-q")
    done = cli("compare", "A", "B", *how, "-o", "run")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "run" / "pairs.csv").open() as file:
        pairs = {row["id"]: row for row in csv.DictReader(file)}
    records = [json.loads(line) for line in (tmp_path / "run" / "records.jsonl").read_text().splitlines()]
    rewards = {row["audio"]["path"]: row["items"][0]["facts"].get("reward") for row in records}
    for name in "01":
        a, b = rewards[f"A/{name}.wav"], rewards[f"B/{name}.wav"]
        assert (float(pairs[name]["score_a"]), float(pairs[name]["score_b"])) == (a, b)
        assert pairs[name]["preferred"] == ("a" if a > b else "b")
        assert pairs[name]["reason"].startswith(f"reward {abs(a - b):.2f} higher: preferred with a probability of 0.")
    assert (pairs["2"]["preferred"], pairs["2"]["reason"]) == ("tie", "both are the same file")
    assert pairs["3"]["preferred"] == "error"
    one = next(row for row in records if row["audio"]["path"] == "A/0.wav")
    assert one["items"][0]["p_yes"] == pytest.approx(1 / (1 + np.exp(-rewards["A/0.wav"])), abs=1e-4)
    before = kept(tmp_path / "run")
    assert cli("compare", "A", "B", *how, "-o", "run").returncode == 0
    assert {
        path.name: path.read_bytes() for path in (tmp_path / "run").glob("*.[cj]s*") if path.name != "run.json"
    } == before
    ranked = cli("rank", "A", "B", *how, "-o", "ranked")
    assert ranked.returncode == 0, ranked.stderr
    rows = [{"audio": f"{name}/0.wav", "target_text": "Hello."} for name in "AB"]
    (tmp_path / "takes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("select", "takes.jsonl", *how, "-o", "chosen").returncode == 0
    chosen = json.loads((tmp_path / "chosen" / "selected.jsonl").read_text())
    asked = [json.loads(line) for line in (tmp_path / "chosen" / "records.jsonl").read_text().splitlines()]
    best = max(asked, key=lambda row: row["items"][0]["facts"]["reward"])
    assert chosen["selected"]["score"] == best["items"][0]["facts"]["reward"]
    assert {row["items"][0]["basis"] for row in asked} == {"Hello."}
    for more, told in (
        (("--by", "alignment"), "gives each clip one reward, for how it sounds"),
        (("--votes", "3"), "hears one clip at a time"),
    ):
        refused = cli("compare", "A", "B", *how, *more, "-o", "other")
        assert (refused.returncode, told in refused.stderr) == (2, True)
