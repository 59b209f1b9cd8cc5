"""An audio language model in memory, as the rest of the omni judge gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from pathlib import Path

    import torch

Architecture = Literal["qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin"]
Quant = Literal["none", "bf16", "int8", "int4", "prequantized"]

ARCHITECTURES: tuple[Architecture, ...] = get_args(Architecture)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """One model, ready to run, with what belongs to it. In eval mode, without gradients.

    Attributes:
        architecture: Which adapter fits it.
        model: The class transformers has for it: `Qwen2AudioForConditionalGeneration`,
            `Qwen2_5OmniThinkerForConditionalGeneration`, `Qwen3OmniMoeThinkerForConditionalGeneration` or
            `AudioFlamingo3ForConditionalGeneration`; for `jastin` our own (`jastin_model`). What a judge does not need
            (talker, vision) holds no memory.
        tokenizer: The checkpoint's own fast tokenizer.
        feature_extractor: The checkpoint's own: Whisper's, or for `jastin` that of PE-Audio.
        device: Where all its parameters lie.
        dtype: What activations are computed in; quantized weights are unpacked to it.
        quant: How the language model's linear layers are kept: `none` (float32), `bf16`, `int8`, `int4`, or
            `prequantized` when the checkpoint came quantized.
        folder: The checkpoint's folder.
        fingerprint: SHA-256 in hex over configuration, tokenizer, shards, quantization and dtype.
        notes: What was decided while loading that a person should read, one plain line each (quantization picked,
            fall-back to the CPU).
    """

    architecture: Architecture
    model: torch.nn.Module
    tokenizer: Any
    feature_extractor: Any
    device: torch.device
    dtype: torch.dtype
    quant: Quant
    folder: Path
    fingerprint: str
    notes: tuple[str, ...] = ()

    @property
    def rate(self) -> int:
        """Samples per second of the audio that it hears."""
        return 48_000 if self.architecture == "jastin" else 16_000
