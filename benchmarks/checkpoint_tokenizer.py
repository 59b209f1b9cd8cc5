"""A small byte-level BPE tokenizer with the special tokens that the real audio language models have.

The merges are learned from a few sentences of our own; the special tokens keep their real names and their real order,
at smaller ids. `Yes`, `no`, `是` and their like are single tokens, as they are in the real vocabularies.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = (
    "Listen to the clip and answer only from what can be heard in it.",
    "Is a dog barking? Is it raining? Does a man speak slowly in a large hall?",
    "Does the speaker sound happy, or is the voice sad and quiet?",
    "The caption says that a woman laughs, then a door is closed and a car drives away.",
    "A slow piano melody in a minor key, with soft drums and a deep bass, recorded in a small room.",
    "Answer with one word. Say what you hear in one sentence and when, in seconds from the start.",
    '{"answers": [{"item": 1, "answer": "yes", "evidence": "A bird sings from 2.0 to 4.5 s."}]}',
    '{"item": 2, "answer": "no", "evidence": "No speech is heard."}',
    "Question: caption, audio, music, speech, sound, events, order, volume, tempo, pitch, emotion.",
    "请听这段音频,只根据听到的内容回答。",
    "这段录音里有狗在叫吗?说话的人是男性还是女性?语速快吗?",
    "先是下雨的声音,然后有人关门,背景里有轻柔的钢琴。",
    "请用一个字回答,并用一句话说明依据。",
)
ANSWERS = (
    "Yes",
    "yes",
    "YES",
    " Yes",
    " yes",
    "No",
    "no",
    "NO",
    " No",
    " no",
    "是",
    "否",
    "不是",
    "对",
    "不",
    "有",
    "没有",
)

_QWEN2_5 = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>", "<|box_end|>",
    "<|quad_start|>", "<|quad_end|>", "<|vision_bos|>", "<|vision_eos|>", "<|vision_pad|>", "<|IMAGE|>", "<|VIDEO|>",
)  # fmt: skip
_QWEN3 = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
    "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>", "<|video_pad|>", "<|audio_start|>", "<|audio_end|>", "<tts_pad>", "<tts_text_bos>",
    "<tts_text_eod>", "<tts_text_bos_single>", "<|audio_pad|>",
)  # fmt: skip
SPECIAL_TOKENS: dict[str, tuple[str, ...]] = {
    "qwen2_audio": ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>"),
    "qwen2_5_omni": _QWEN2_5,
    "qwen3_omni_moe": _QWEN3,
    "audioflamingo3": (
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
        "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
        "<|image_pad|>", "<|video_pad|>", "<sound>",
    ),
    "jastin": (
        "<|begin_of_text|>", "<|end_of_text|>", "<|finetune_right_pad_id|>", "<|start_header_id|>",
        "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>", "<|python_tag|>",
    ),
}  # fmt: skip
# Attributes that the processors read from the tokenizer, as the real tokenizer_config.json files name them.
NAMED_TOKENS: dict[str, dict[str, str]] = {
    "qwen2_audio": {},
    "qwen2_5_omni": {
        "image_token": "<|IMAGE|>",
        "audio_token": "<|AUDIO|>",
        "video_token": "<|VIDEO|>",
        "vision_bos_token": "<|vision_bos|>",
        "vision_eos_token": "<|vision_eos|>",
        "audio_bos_token": "<|audio_bos|>",
        "audio_eos_token": "<|audio_eos|>",
    },
    "qwen3_omni_moe": {
        "image_token": "<|image_pad|>",
        "audio_token": "<|audio_pad|>",
        "video_token": "<|video_pad|>",
        "vision_bos_token": "<|vision_start|>",
        "vision_eos_token": "<|vision_end|>",
        "audio_bos_token": "<|audio_start|>",
        "audio_eos_token": "<|audio_end|>",
    },
    "audioflamingo3": {},
    "jastin": {},
}
ENDS = {"jastin": ("<|eot_id|>", "<|end_of_text|>")}
"""What ends a turn and a text, where it is not `<|im_end|>` and `<|endoftext|>`."""
_PADDED_TO = 64


def write_tokenizer(architecture: str, folder: Path, *, learned: int = 1200) -> dict[str, int]:
    """Write the tokenizer's files into `folder`.

    Args:
        architecture: Which family's special tokens it has.
        folder: Where `tokenizer.json`, `tokenizer_config.json`, `vocab.json` and `merges.txt` go.
        learned: Most tokens to learn besides the special ones, at least the 256 bytes.

    Returns:
        The ids of the special tokens by name.
    """
    from transformers import Qwen2Tokenizer

    vocabulary, merges = _learn(learned)
    tokenizer = Qwen2Tokenizer(
        vocab=vocabulary,
        merges=[tuple(merge) for merge in merges],
        eos_token=ends_of(architecture)[0],
        extra_special_tokens=NAMED_TOKENS[architecture],
    )
    # Named tokens were added by the constructor, in another order than the real one: ids are set explicitly below.
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    special = {name: len(vocabulary) + index for index, name in enumerate(SPECIAL_TOKENS[architecture])}
    _put_in_order(folder / "tokenizer.json", folder / "tokenizer_config.json", special)
    if architecture == "jastin":
        told = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "pad_token": None}
        config = folder / "tokenizer_config.json"
        config.write_text(json.dumps(json.loads(config.read_text(encoding="utf-8")) | told), encoding="utf-8")
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(merge) for merge in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return special


def ends_of(architecture: str) -> tuple[str, str]:
    """Return the tokens that end a turn and a text."""
    return ENDS.get(architecture, ("<|im_end|>", "<|endoftext|>"))


def padded_vocabulary(special: dict[str, int]) -> int:
    """Return how many rows the embedding has: like the real ones, more than there are tokens."""
    return (max(special.values()) // _PADDED_TO + 1) * _PADDED_TO


def _learn(most: int) -> tuple[dict[str, int], list[list[str]]]:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=most, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False, special_tokens=[]
    )
    tokenizer.train_from_iterator([*SENTENCES * 2, *ANSWERS * 50], trainer)
    for answer in ANSWERS:
        if len(tokenizer.encode(answer).ids) != 1:
            msg = f"{answer!r} did not become one token; allow more than {most} tokens"
            raise ValueError(msg)
    model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], model["merges"]


def _put_in_order(tokenizer: Path, config: Path, special: dict[str, int]) -> None:
    """Give the special tokens their ids, in both files."""
    data = json.loads(tokenizer.read_text(encoding="utf-8"))
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    data["added_tokens"] = [{"id": number, "content": name, **flags} for name, number in special.items()]
    tokenizer.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["added_tokens_decoder"] = {str(number): {"content": name, **flags} for name, number in special.items()}
    config.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
