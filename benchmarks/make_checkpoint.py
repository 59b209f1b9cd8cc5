"""Writes a checkpoint of an audio language model with random weights, laid out like the released ones.

    python benchmarks/make_checkpoint.py qwen2_5_omni FOLDER [--size tiny|bench] [--thinker-only] [--seed 0]

Everything is there that a hub repository has: config.json, generation_config.json, tokenizer files,
preprocessor_config.json, and safetensors shards with their index, under the tensor names of the original releases.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from checkpoint_shapes import SIZES, Config, config
from checkpoint_tokenizer import ANSWERS, SPECIAL_TOKENS, ends_of, padded_vocabulary, write_tokenizer
from checkpoint_weights import RandomTensors

if TYPE_CHECKING:
    import torch

ARCHITECTURES = tuple(SPECIAL_TOKENS)
THINKER_ONLY = ("qwen2_5_omni", "qwen3_omni_moe")
_CLASSES = {
    "qwen2_audio": "Qwen2AudioForConditionalGeneration",
    "audioflamingo3": "AudioFlamingo3ForConditionalGeneration",
    "qwen2_5_omni": "Qwen2_5OmniForConditionalGeneration",
    "qwen3_omni_moe": "Qwen3OmniMoeForConditionalGeneration",
}
_CHUNK_S = {"qwen2_5_omni": 300}
_MOST_PER_SHARD = {"tiny": 400_000, "bench": 200_000_000, "7b": 4_000_000_000}
_CHAT = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}"
    "{% if part['type'] == 'audio' %}AUDIO{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_AUDIO_MARKUP = {
    "qwen2_audio": "<|audio_bos|><|AUDIO|><|audio_eos|>",
    "qwen2_5_omni": "<|audio_bos|><|AUDIO|><|audio_eos|>",
    "qwen3_omni_moe": "<|audio_start|><|audio_pad|><|audio_end|>",
    "audioflamingo3": "<sound>",
}


def build(
    architecture: str,
    folder: Path,
    *,
    size: str = "tiny",
    thinker_only: bool = False,
    seed: int = 0,
    dtype: str = "bfloat16",
) -> Path:
    """Write a checkpoint and return its folder.

    Args:
        architecture: `qwen2_audio`, `qwen2_5_omni`, `qwen3_omni_moe`, `audioflamingo3` or `jastin`.
        folder: Where to write; made if it does not exist.
        size: `tiny` for tests, `bench` for measurements, `7b` for the true shape (17 GB on disk).
        thinker_only: For the two Omni families: a thinker saved on its own, as fine-tunings are, without talker.
        seed: Another seed, another model.
        dtype: Of the tensors on disk; the real ones are bfloat16.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    special = write_tokenizer(architecture, folder)
    settings = config(architecture, size, special, padded_vocabulary(special))
    model = skeleton(architecture, settings)
    if thinker_only:
        model = model.get_submodule("thinker")
        settings = _thinker_settings(settings)
    _write_settings(architecture, folder, settings, special)
    tensors = RandomTensors(seed, answer_ids(folder), torch.device("cpu"), getattr(torch, dtype))
    _write_shards(folder, _named(architecture, model, tensors), _MOST_PER_SHARD[size])
    return folder


def skeleton(architecture: str, settings: Config) -> torch.nn.Module:
    """Return the model of transformers for a `config.json`, on the meta device: shapes without weights."""
    import torch
    import transformers

    if architecture == "jastin":
        from audiojudge_cli.judges.omni.jastin_model import jastin_class

        kind: Any = jastin_class()
    else:
        kind = getattr(transformers, _CLASSES[architecture])
    with torch.device("meta"):
        return cast("torch.nn.Module", kind(kind.config_class(**settings)))


def answer_ids(folder: Path) -> tuple[int, ...]:
    """Return the ids of the answer words in the tokenizer of `folder`."""
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found = {tokenizer.encode(word).ids[0] for word in ANSWERS[:12]}
    return tuple(sorted(number for number in found if number < len(vocabulary)))


def released_name(architecture: str, name: str) -> str:
    """Return the name that the released checkpoints have for a tensor of the module tree."""
    if architecture in THINKER_ONLY:
        for part in ("audio_tower.", "visual."):
            name = name.replace(f"model.{part}", part) if "talker" not in name else name
        return name.replace("model.language_model.", "model.")
    if architecture == "jastin":
        name = name.replace("model.audio_tower.", "audio_encoder.")
    if name.startswith("lm_head."):
        return f"language_model.{name}"
    return name.replace("model.language_model.", "language_model.model.", 1).removeprefix("model.")


def _named(architecture: str, model: torch.nn.Module, tensors: RandomTensors) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield tensors as they are released: experts one by one, where the module tree keeps them stacked."""
    for name, empty in model.state_dict().items():
        made = tensors.make(name, tuple(empty.shape))
        released = released_name(architecture, name)
        if ".experts." not in name:
            yield released, made
            continue
        stem, _, kind = released.rpartition(".")
        for index, expert in enumerate(made):
            if kind == "down_proj":
                yield f"{stem}.{index}.down_proj.weight", expert.clone()
            else:
                gate, up = expert.chunk(2, dim=0)
                yield f"{stem}.{index}.gate_proj.weight", gate.clone()
                yield f"{stem}.{index}.up_proj.weight", up.clone()


def _write_shards(folder: Path, named: Iterator[tuple[str, torch.Tensor]], most: int) -> None:
    from safetensors.torch import save_file

    shards: list[Path] = []
    weight_map: dict[str, int] = {}
    total = held = 0
    batch: dict[str, torch.Tensor] = {}

    def flush() -> None:
        nonlocal batch, held
        if batch:
            shards.append(folder / f"part-{len(shards):05d}.safetensors")
            save_file(batch, shards[-1], metadata={"format": "pt"})
            weight_map.update(dict.fromkeys(batch, len(shards) - 1))
        batch, held = {}, 0

    for name, tensor in named:
        if held + tensor.nbytes > most:
            flush()
        batch[name] = tensor.contiguous()
        held += tensor.nbytes
        total += tensor.nbytes
    flush()
    final = [f"model-{number + 1:05d}-of-{len(shards):05d}.safetensors" for number in range(len(shards))]
    for path, name in zip(shards, final, strict=True):
        path.replace(folder / name)
    index = {"metadata": {"total_size": total}, "weight_map": {name: final[at] for name, at in weight_map.items()}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")


def _thinker_settings(settings: Config) -> Config:
    names = {"qwen2_5_omni": "Qwen2_5OmniThinkerForConditionalGeneration"}
    kind = names.get(settings["model_type"], "Qwen3OmniMoeThinkerForConditionalGeneration")
    return {**settings["thinker_config"], "architectures": [kind], "torch_dtype": settings["torch_dtype"]}


def _write_settings(architecture: str, folder: Path, settings: Config, special: dict[str, int]) -> None:
    seconds = _CHUNK_S.get(architecture, 30)
    features = {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": 128,
        "sampling_rate": 16000,
        "hop_length": 160,
        "n_fft": 400,
        "chunk_length": seconds,
        "n_samples": seconds * 16000,
        "nb_max_frames": seconds * 100,
        "padding_side": "right",
        "padding_value": 0.0,
        "dither": 0.0,
        "return_attention_mask": True,
    }
    if architecture == "jastin":
        features = {
            "feature_extractor_type": "PeAudioFeatureExtractor",
            "feature_size": 1,
            "hop_length": 1920,
            "padding_side": "right",
            "padding_value": 0.0,
            "return_attention_mask": True,
            "sampling_rate": 48000,
        }
    turn, text = (special[name] for name in ends_of(architecture))
    generation = {"bos_token_id": text, "eos_token_id": [turn, text], "pad_token_id": text}
    template = {"chat_template": _CHAT.replace("AUDIO", _AUDIO_MARKUP.get(architecture, ""))}
    for name, content in (
        ("config.json", settings),
        ("generation_config.json", generation),
        ("preprocessor_config.json", features),
        ("chat_template.json", template),
    ):
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def main() -> None:
    """Read the command line and write one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("architecture", choices=ARCHITECTURES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--thinker-only", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    folder = build(
        chosen.architecture, chosen.folder, size=chosen.size, thinker_only=chosen.thinker_only, seed=chosen.seed
    )
    files = sorted(folder.iterdir())
    print(f"{folder}: {len(files)} files, {sum(path.stat().st_size for path in files):,} bytes")


if __name__ == "__main__":
    main()
