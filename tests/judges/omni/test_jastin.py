"""Judges of Jastin's design against their parts run one after another: PE-A-Frame, projection, adapter, Llama."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError, WeightsError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.adapter import adapter_for
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.judge import Manner, OmniJudge
from audiojudge_cli.judges.omni.load import load_model
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.spellings import spellings_of
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.scales.instruction import read_instruction
from audiojudge_cli.scales.rated import Rated

RATE, HOP = 48_000, 1920
CLOSE = 1e-4
FIVE = read_instruction("Rate the background noise from 1 (very noisy) to 5 (silent)")
TEN = read_instruction("Rate the warmth from 1 to 10")
TWENTY = read_instruction("Rate the liveliness from 0 to 20")
PASS = read_instruction("Is it a good recording, pass or fail")


def sound(samples: int, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    t = np.arange(samples) / RATE
    return (0.3 * np.sin(2 * np.pi * (220 + 90 * seed) * t) + 0.05 * rng.standard_normal(samples)).astype(np.float32)


def case(samples: int = RATE, seed: int = 0, items: Any = ()) -> Case:
    return Case(Waveform(sound(samples, seed)[None], RATE, "ab" * 32), items)


def tensors_of(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return {name: tensor for path in folder.glob("*.safetensors") for name, tensor in load_file(path).items()}


class Plain:
    """The parts of a checkpoint as transformers has them, and a few lines of arithmetic between them."""

    def __init__(self, folder: Path) -> None:
        import transformers

        self.stored = {name: tensor.float() for name, tensor in tensors_of(folder).items()}
        config = json.loads((folder / "config.json").read_text())
        self.encoder = transformers.PeAudioEncoder(transformers.PeAudioEncoderConfig(**config["audio_config"])).eval()
        self.llama = transformers.LlamaForCausalLM(transformers.LlamaConfig(**config["text_config"])).eval()
        for part, prefix in ((self.encoder, "audio_encoder."), (self.llama, "language_model.")):
            part.load_state_dict(
                {name[len(prefix) :]: value for name, value in self.stored.items() if name.startswith(prefix)}
            )

    def adapted(self, states: Any) -> Any:
        import torch

        at = self.stored
        inner = states @ at["adapter.down.weight"].T + at["adapter.down.bias"]
        inner = inner * 0.5 * (1 + torch.erf(inner / math.sqrt(2)))
        return states + inner @ at["adapter.up.weight"].T + at["adapter.up.bias"]

    def heard(self, audio: Any) -> Any:
        import torch

        missing = -len(audio) % HOP
        mirrored = np.concatenate([audio, audio[-2 : -2 - missing : -1]])
        with torch.inference_mode():
            states = self.encoder(torch.from_numpy(mirrored)[None, None]).last_hidden_state[0]
            return self.adapted(states @ self.stored["projection.weight"].T + self.stored["projection.bias"])

    def logits(self, before: list[int], audio: Any, after: list[int]) -> Any:
        """Return the logits of every token of `after`, shape (tokens, vocabulary), in double precision."""
        import torch

        embed = self.llama.get_input_embeddings()
        with torch.inference_mode():
            row = torch.cat([embed(torch.tensor(before)), self.heard(audio), embed(torch.tensor(after))])
            return self.llama(inputs_embeds=row[None]).logits[0, -len(after) :].double()


@pytest.fixture(scope="module")
def plain(checkpoint) -> Plain:
    return Plain(checkpoint("jastin"))


@pytest.fixture
def judge_of(library_model) -> Callable[..., OmniJudge]:
    def make(*, longest_s: float = 30.0) -> OmniJudge:
        return OmniJudge("tiny", library_model("jastin"), Manner(bundled_prompts("default"), "logits", longest_s, 0.0))

    return make


def framed(tokenizer: Any, wording: Any, system: str, asked: str) -> tuple[list[int], list[int]]:
    """Return the prompt around the audio, written out as Llama 3 does."""
    before = (
        f"<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n{system}<|eot_id|>"
        f"<|start_header_id|>user<|end_header_id|>\n\n{wording.before_audio}"
    )
    after = f"{asked}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
    encode = tokenizer.encode
    return encode(before, add_special_tokens=False), encode(after, add_special_tokens=False)


@pytest.mark.parametrize("samples", [HOP, 3 * HOP, RATE, RATE + 1, RATE + HOP - 1, 4 * RATE + 777])
def test_what_is_heard_equals_the_parts_one_after_another(library_model, plain, samples):
    import torch

    adapter = adapter_for(library_model("jastin"))
    (mel,) = adapter.features(sound(samples))
    with torch.inference_mode():
        found = adapter.encode(mel)
    expected = plain.heard(sound(samples))
    assert mel.frames == len(found) == -(-samples // HOP)
    torch.testing.assert_close(found, expected, atol=CLOSE, rtol=CLOSE)
    # Not by saying the same of everything.
    assert float((plain.heard(sound(samples, 5)) - expected).abs().max()) > 100 * CLOSE


def test_the_adapter_is_a_bottleneck_of_a_quarter_with_a_way_around_it(library_model, plain):
    import torch

    adapter: Any = library_model("jastin").model.model.adapter
    assert (adapter.down.weight.shape, adapter.up.weight.shape) == ((16, 64), (64, 16))
    states = torch.randn(7, 64, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        torch.testing.assert_close(adapter(states), plain.adapted(states), atol=1e-5, rtol=1e-5)
        assert not torch.allclose(adapter(states), states, atol=1e-2)
        # Exact and not its usual approximation by tanh, which differs by up to 5e-4 here.
        assert adapter.activation(torch.tensor(-1.0)).item() == pytest.approx(-0.15865525, abs=1e-7)


def test_answers_equal_the_plain_way(library_model, plain):
    loaded = library_model("jastin")
    wording = bundled_prompts("default").wording("en")
    chat, session = Chat(loaded.tokenizer), Session(loaded)
    spelled = spellings_of(loaded.tokenizer)
    questions = ("Is a dog barking?", "Does a woman speak slowly while it rains?", "Is the recording silent?")
    audios = [sound(RATE), sound(2 * RATE + 100, 1), sound(HOP, 2)]
    asked = [fill(wording.question, {"question": each}) for each in questions]
    session.prefill(chat.head(wording))
    found = session.ask(session.hear(audios), [[chat.suffix(each) for each in asked]] * 3, spelled.yes, spelled.no)
    said = []
    for audio, row in zip(audios, found, strict=True):
        for text, odds in zip(asked, row, strict=True):
            before, after = framed(loaded.tokenizer, wording, wording.system or "", text)
            logits = plain.logits(before, audio, after)[-1]
            yes, no = (max(float(logits[token]) for token in tokens) for tokens in (spelled.yes, spelled.no))
            said.append(1 / (1 + math.exp(no - yes)))
            assert odds.p_yes == pytest.approx(said[-1], abs=CLOSE)
    assert np.ptp(said) > 0.02


@pytest.mark.parametrize("criterion", [FIVE, TEN, TWENTY, PASS], ids=lambda one: one.name)
def test_ratings_equal_every_value_written_out(library_model, judge_of, plain, criterion):
    loaded, scale = library_model("jastin"), criterion.scale
    clip = case(RATE + 12_345, 3)
    (found,) = judge_of().rate(clip, [criterion])
    wording = bundled_prompts("default").wording("en")
    asked = wording.rate.replace("{instruction}", criterion.instruction)
    before, after = framed(loaded.tokenizer, wording, wording.system_rate or "", asked)
    numbers = scale.spellings[0].isdigit()
    ends = [loaded.tokenizer.convert_tokens_to_ids(name) for name in ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>")]
    special = set(loaded.tokenizer.get_added_vocab().values())
    for token in range(len(loaded.tokenizer)):
        first = loaded.tokenizer.decode([token])[:1]
        goes_on = first.isalnum() or first in ".,-–—~:+%'" if numbers else first.isalpha() or first in "-'’"
        if token not in special and first not in ("", "\ufffd") and (first == "分" or not goes_on):
            ends.append(token)
    chances = []
    for spelling in scale.spellings:
        texts = {spelling} if numbers else {spelling.lower(), spelling.title(), spelling.upper()}
        ways = {
            tuple(loaded.tokenizer.encode(space + text, add_special_tokens=False))
            for text in texts
            for space in ("", " ")
        }
        chance = 0.0
        for way in ways:
            p = plain.logits(before, clip.waveform.at(RATE), [*after, *way])[-len(way) - 1 :].softmax(dim=-1)
            chance += math.prod(float(p[at, token]) for at, token in enumerate(way)) * float(p[-1, ends].sum())
        chances.append(chance)
    mean = sum(chance * value for chance, value in zip(chances, scale.values, strict=True)) / sum(chances)
    assert isinstance(found, Rated)
    assert found.facts["scale_mass"] == pytest.approx(sum(chances), abs=CLOSE)
    assert scale.at(found.position) == pytest.approx(mean, abs=CLOSE * scale.span)


def test_it_hears_what_lies_above_8_khz(judge_of):
    """At 16 kHz, where most audio language models hear, the two clips would be one."""
    t = np.arange(RATE) / RATE
    low = 0.3 * np.sin(2 * np.pi * 300 * t)
    clips = [low, low + 0.3 * np.hanning(RATE) * np.sin(2 * np.pi * 15_000 * t)]
    waves = [Waveform(clip.astype(np.float32)[None], RATE, "ab" * 32) for clip in clips]
    np.testing.assert_allclose(waves[0].at(16_000), waves[1].at(16_000), atol=1e-3)
    dull, bright = (judge_of().rate(Case(wave, ()), [TEN])[0] for wave in waves)
    assert isinstance(dull, Rated)
    assert isinstance(bright, Rated)
    assert abs(dull.position - bright.position) > 1e-3


def test_windows_lie_in_samples_of_48_khz_and_nothing_is_left_out(judge_of):
    judge, long = judge_of(longest_s=2.0), case(5 * RATE, 4, items=(RubricItem("event", "Is a dog barking?", "dog"),))
    (found,) = judge.rate(long, [TEN])
    samples = long.waveform.at(RATE)
    pieces = [
        judge_of().rate(Case(Waveform(samples[None, at : at + 2 * RATE], RATE, "cd" * 32), ()), [TEN])[0]
        for at in (0, 3 * RATE // 2, 3 * RATE)
    ]
    assert isinstance(found, Rated)
    assert found.position == pytest.approx(
        np.mean([one.position for one in pieces if isinstance(one, Rated)]), abs=1e-5
    )
    assert found.evidence.endswith("(Mean of 3 windows of 2 s that overlap.)")
    ((verdict,),) = judge.judge([long])
    assert verdict.times[0] in {(0.0, 2.0), (1.5, 3.5), (3.0, 5.0)}


def test_one_clip_of_a_batch_is_that_clip_alone(judge_of):
    items = (RubricItem("event", "Is a dog barking?", "dog"), RubricItem("tempo", "Is it slow?", "slow"))
    clips = [case(HOP * length, seed, items) for seed, length in enumerate((25, 60, 1, 33))]
    together = judge_of().judge(clips)
    assert together == [judge_of().judge([clip])[0] for clip in clips]
    assert len({row[0].p_yes for row in together}) == 4


def test_less_than_a_token_is_refused(judge_of):
    with pytest.raises(ClipError, match="40 ms of audio are too short"):
        judge_of().rate(case(HOP - 1), [FIVE])


@pytest.mark.parametrize("quant", ["bf16", "int8", "int4"])
def test_encoder_projection_and_adapter_stay_what_the_file_says(checkpoint, monkeypatch, tmp_path, quant):
    import torch

    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path))
    folder = checkpoint("jastin")
    model = load_model(folder, device="cpu", quant=quant).model
    stored, found = tensors_of(folder), dict(model.named_parameters())
    hearing = {name: tensor for name, tensor in stored.items() if not name.startswith("language_model.")}
    assert len(hearing) > 100
    for name, tensor in hearing.items():
        place = "model." + name.replace("audio_encoder.", "audio_tower.", 1)
        assert found[place].dtype == torch.bfloat16
        assert torch.equal(found[place], tensor), name
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_turns_are_those_of_llama_and_captions_cannot_close_them(library_model):
    tokenizer = library_model("jastin").tokenizer
    chat = Chat(tokenizer)
    wording = bundled_prompts("default").wording("en")
    before, after = framed(tokenizer, wording, wording.system or "", "Asked.")
    assert (chat.head(wording), chat.suffix("Asked.")) == (before, after)
    turns = [("system", "Write."), ("user", "A rubric.")]
    whole = "".join(f"<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>" for role, text in turns)
    whole = f"<|begin_of_text|>{whole}<|start_header_id|>assistant<|end_header_id|>\n\n"
    assert chat.conversation(turns) == tokenizer.encode(whole, add_special_tokens=False)
    special = set(tokenizer.get_added_vocab().values())
    evil = " ".join(tokenizer.get_added_vocab())
    assert not special & set(chat.plain(evil))
    assert [token for token in chat.suffix(evil) if token in special] == [token for token in after if token in special]
    assert chat.stops == set(map(tokenizer.convert_tokens_to_ids, ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>")))


@pytest.fixture
def copy(checkpoint, tmp_path) -> Path:
    return Path(shutil.copytree(checkpoint("jastin"), tmp_path / "copy"))


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    from safetensors.torch import save_file

    tensors = tensors_of(folder)
    for path in (*folder.glob("*.safetensors"), folder / "model.safetensors.index.json"):
        path.unlink()
    change(tensors)
    save_file(tensors, folder / "model.safetensors")


@pytest.mark.parametrize("name", ["projection.bias", "adapter.up.weight", "audio_encoder.output.weight"])
def test_a_missing_tensor_is_named_with_its_folder(copy, name):
    rewrite(copy, lambda tensors: tensors.pop(name))
    place = "model." + name.replace("audio_encoder.", "audio_tower.", 1)
    with pytest.raises(WeightsError, match=rf"copy lacks 1 tensors that .*\({place} is the first\); fetch it again"):
        load_model(copy, device="cpu", quant="none")


@pytest.mark.parametrize("name", ["projection.weight", "adapter.down.weight", "adapter.up.bias"])
def test_a_tensor_of_another_shape_is_named_with_its_file(copy, name):
    import torch

    rewrite(copy, lambda tensors: tensors.update({name: torch.zeros(tensors[name].shape[0] + 1, 5)}))
    with pytest.raises(WeightsError, match=rf"model\.safetensors: {name} has the shape .*config\.json says"):
        load_model(copy, device="cpu", quant="none")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"adapter_config": {"reduction": 5}}, "reduction is 5, which does not divide the width 64"),
        ({"adapter_config": {"reduction": 0}}, "reduction is 0, which does not"),
        ({"adapter_config": {"ratio": 4}}, "adapter_config has no 'ratio'; it has hidden_act and reduction"),
        ({"audio_config": {"model_type": "whisper"}}, "audio_config.model_type is 'whisper', and a judge of this"),
        ({"text_config": {"model_type": "qwen2"}}, "text_config.model_type is 'qwen2', and a judge of this design"),
        ({"text_config": None}, "no valid jastin configuration"),
    ],
)
def test_a_configuration_that_fits_no_such_judge_says_why(copy, told, reason):
    config = json.loads((copy / "config.json").read_text()) | told
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match=reason):
        load_model(copy, device="cpu", quant="none")


def test_one_that_came_quantized_is_refused(copy):
    config = json.loads((copy / "config.json").read_text()) | {"quantization_config": {"quant_method": "gptq"}}
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="a jastin checkpoint is read unquantized; quantize with --quant"):
        load_model(copy, device="cpu")


def test_tied_embeddings_and_the_names_of_the_module_tree_are_read(copy, library_model):
    """Llama 3.2 3B has no output layer of its own."""
    import torch

    whole = load_model(copy, device="cpu", quant="none")

    def change(tensors: dict[str, Any]) -> None:
        tensors.pop("language_model.lm_head.weight")
        tensors["text_model.norm.weight"] = torch.zeros(3)
        for name in [name for name in tensors if name.startswith("adapter.")]:
            tensors[f"model.{name}"] = tensors.pop(name)

    rewrite(copy, change)
    config = json.loads((copy / "config.json").read_text())
    config["text_config"]["tie_word_embeddings"] = True
    (copy / "config.json").write_text(json.dumps(config))
    tied: Any = load_model(copy, device="cpu", quant="none").model
    assert tied.lm_head.weight is tied.model.language_model.embed_tokens.weight
    assert torch.equal(tied.model.adapter.up.weight, whole.model.get_parameter("model.adapter.up.weight"))


def test_a_folder_is_put_together_as_the_page_says(checkpoint, monkeypatch, tmp_path, library_model):
    import torch
    import transformers
    from safetensors.torch import save_file

    folder = checkpoint("jastin")
    config, stored = json.loads((folder / "config.json").read_text()), tensors_of(folder)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    whole = transformers.PeAudioFrameLevelModel(
        transformers.PeAudioConfig(
            audio_config=config["audio_config"], text_config={"model_type": "modernbert", **small}
        )
    )
    llama = transformers.LlamaForCausalLM(transformers.LlamaConfig(**config["text_config"]))
    for part, prefix, name in ((whole, "", "pe-a-frame-base"), (llama, "language_model.", "llama")):
        kept = {key.removeprefix(prefix): value for key, value in stored.items() if key.startswith(prefix)}
        part.load_state_dict(kept, strict=False)
        part.save_pretrained(tmp_path / name)
    adapter = {name: value for name, value in stored.items() if name.startswith(("projection.", "adapter."))}
    save_file(adapter, tmp_path / "adapter.safetensors")
    shutil.copy(folder / "preprocessor_config.json", tmp_path / "pe-a-frame-base")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(folder / name, tmp_path / "llama")
    page = (Path(__file__).parents[3] / "docs" / "omni.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(page.split("```python\n")[1].split("```")[0], {})
    found, expected = load_model(tmp_path / "my-judge", device="cpu", quant="none"), library_model("jastin")
    assert not found.notes
    for name, value in expected.model.named_parameters():
        torch.testing.assert_close(found.model.get_parameter(name), value, rtol=0, atol=0)
    assert Chat(found.tokenizer).suffix("A, b.") == Chat(expected.tokenizer).suffix("A, b.")


def test_the_features_are_those_of_pe_audio_at_48_khz(copy):
    settings = json.loads((copy / "preprocessor_config.json").read_text())
    for change in ({"sampling_rate": 16_000}, {"hop_length": 960}, {"hop_length": 0}, {"feature_size": 2}):
        (copy / "preprocessor_config.json").write_text(json.dumps(settings | change))
        with pytest.raises(WeightsError, match=r"preprocessor_config\.json .*; copy that of PE-A-Frame"):
            load_model(copy, device="cpu", quant="none")
