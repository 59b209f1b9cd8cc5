"""The `config.json` of each architecture in several sizes, laid out as the released checkpoints lay it out.

`tiny` is for tests, `bench` has over 200 million parameters in language model and audio tower in about the proportions
of the real models, and `7b` is the true shape of Qwen2.5-Omni-7B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Config = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """Sizes of a language model with an audio tower.

    Attributes:
        hidden: Width of the language model.
        layers: Its layers.
        heads: Its attention heads.
        key_heads: Its heads of keys and values.
        inner: Width of its feed-forward layers (of one expert, in a mixture).
        audio_hidden: Width of the audio tower.
        audio_layers: Its layers.
        audio_heads: Its attention heads.
        audio_inner: Width of its feed-forward layers.
        vision: Width of the vision tower, which has two layers except in the true shapes.
        vision_layers: Layers of the vision tower.
        experts: Experts per layer, for mixtures.
        experts_used: Experts per token, for mixtures.
    """

    hidden: int
    layers: int
    heads: int
    key_heads: int
    inner: int
    audio_hidden: int
    audio_layers: int
    audio_heads: int
    audio_inner: int
    vision: int = 32
    vision_layers: int = 2
    experts: int = 4
    experts_used: int = 2


TINY = Shape(64, 2, 4, 2, 128, 32, 2, 2, 64)
BENCH = Shape(1024, 10, 16, 4, 5376, 512, 8, 8, 2048, vision=256, vision_layers=4)
BENCH_MIXTURE = Shape(1024, 10, 16, 4, 384, 512, 8, 8, 2048, vision=256, vision_layers=4, experts=16, experts_used=4)
TRUE_7B = Shape(3584, 28, 28, 4, 18944, 1280, 32, 20, 5120, vision=1280, vision_layers=32)
SIZES = ("tiny", "bench", "7b")


def shape(architecture: str, size: str) -> Shape:
    """Return the sizes; `7b` exists for `qwen2_5_omni` only.

    Raises:
        ValueError: If there is no such size of that architecture.
    """
    if size == "7b" and architecture == "qwen2_5_omni":
        return TRUE_7B
    if size == "bench":
        return BENCH_MIXTURE if architecture == "qwen3_omni_moe" else BENCH
    if size == "tiny":
        return TINY
    msg = f"no size {size!r} of {architecture}"
    raise ValueError(msg)


def config(architecture: str, size: str, special: dict[str, int], vocabulary: int) -> Config:
    """Return the contents of `config.json`.

    Args:
        architecture: One of the five.
        size: `tiny`, `bench` or `7b`.
        special: Ids of the special tokens by name.
        vocabulary: Rows of the embedding.
    """
    makers = {
        "qwen2_audio": _qwen2_audio,
        "audioflamingo3": _audioflamingo3,
        "jastin": _jastin,
        "qwen2_5_omni": _qwen2_5_omni,
        "qwen3_omni_moe": _qwen3_omni_moe,
    }
    return makers[architecture](shape(architecture, size), special, vocabulary)


def _text(form: Shape, vocabulary: int, special: dict[str, int]) -> Config:
    return {
        "attention_dropout": 0.0,
        "bos_token_id": special.get("<|begin_of_text|>", special.get("<|endoftext|>")),
        "eos_token_id": special.get("<|eot_id|>", special.get("<|im_end|>")),
        "hidden_act": "silu",
        "hidden_size": form.hidden,
        "intermediate_size": form.inner,
        "max_position_embeddings": 32768,
        "num_attention_heads": form.heads,
        "num_hidden_layers": form.layers,
        "num_key_value_heads": form.key_heads,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "vocab_size": vocabulary,
    }


def _audio(form: Shape) -> Config:
    return {
        "activation_function": "gelu",
        "d_model": form.audio_hidden,
        "encoder_attention_heads": form.audio_heads,
        "encoder_ffn_dim": form.audio_inner,
        "encoder_layers": form.audio_layers,
        "max_source_positions": 1500,
        "num_mel_bins": 128,
        "scale_embedding": False,
    }


def _qwen2_audio(form: Shape, special: dict[str, int], vocabulary: int) -> Config:
    return {
        "architectures": ["Qwen2AudioForConditionalGeneration"],
        "model_type": "qwen2_audio",
        "audio_config": {**_audio(form), "model_type": "qwen2_audio_encoder"},
        "audio_token_index": special["<|AUDIO|>"],
        "text_config": {**_text(form, vocabulary, special), "model_type": "qwen2"},
        "torch_dtype": "bfloat16",
        "vocab_size": vocabulary,
    }


def _audioflamingo3(form: Shape, special: dict[str, int], vocabulary: int) -> Config:
    audio = {
        "activation_function": "gelu",
        "hidden_size": form.audio_hidden,
        "intermediate_size": form.audio_inner,
        "max_source_positions": 1500,
        "model_type": "audioflamingo3_encoder",
        "num_attention_heads": form.audio_heads,
        "num_hidden_layers": form.audio_layers,
        "num_mel_bins": 128,
    }
    return {
        "architectures": ["AudioFlamingo3ForConditionalGeneration"],
        "model_type": "audioflamingo3",
        "audio_config": audio,
        "audio_token_id": special["<sound>"],
        "projector_bias": True,
        "projector_hidden_act": "gelu",
        "text_config": {**_text(form, vocabulary, special), "model_type": "qwen2"},
        "torch_dtype": "bfloat16",
    }


def _jastin(form: Shape, special: dict[str, int], vocabulary: int) -> Config:
    # Samples for one token as in PE-A-Frame (1920), or the number of tokens would not be that of the real ones.
    codec = {
        "model_type": "dac",
        "downsampling_ratios": [2, 8, 10, 12],
        "encoder_hidden_size": 2 if form is TINY else 16,
        "codebook_dim": 16,
        "hidden_size": 32 if form is TINY else 256,
        "hop_length": 1920,
        "sampling_rate": 48000,
    }
    audio = {
        "model_type": "pe_audio_encoder",
        "dac_config": codec,
        "head_dim": form.audio_hidden // form.audio_heads,
        "hidden_size": form.audio_hidden,
        "intermediate_size": form.audio_inner,
        "num_attention_heads": form.audio_heads,
        "num_hidden_layers": form.audio_layers,
    }
    rope = {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "rope_type": "llama3"}
    text = {
        **_text(form, vocabulary, special),
        "model_type": "llama",
        "rms_norm_eps": 1e-05,
        "rope_scaling": {**rope, "original_max_position_embeddings": 8192},
        "rope_theta": 500000.0,
    }
    return {
        "model_type": "jastin",
        "audio_config": audio,
        "text_config": text,
        "adapter_config": {"reduction": 4, "hidden_act": "gelu"},
        "torch_dtype": "bfloat16",
    }


def _sections(form: Shape) -> list[int]:
    """Split half a head into time, height and width, in about the real proportions (16, 24, 24 of 64)."""
    half = form.hidden // form.heads // 2
    side = 3 * half // 8
    return [half - 2 * side, side, side]


def _qwen2_5_omni(form: Shape, special: dict[str, int], vocabulary: int) -> Config:
    rope = {"mrope_section": _sections(form), "rope_type": "default", "type": "default"}
    text = {**_text(form, vocabulary, special), "model_type": "qwen2_5_omni_text", "rope_scaling": rope}
    ids = {
        "audio_token_index": special["<|AUDIO|>"],
        "image_token_index": special["<|IMAGE|>"],
        "video_token_index": special["<|VIDEO|>"],
        "audio_start_token_id": special["<|audio_bos|>"],
        "audio_end_token_id": special["<|audio_eos|>"],
        "vision_start_token_id": special["<|vision_bos|>"],
        "vision_end_token_id": special["<|vision_eos|>"],
        "position_id_per_seconds": 25,
        "seconds_per_chunk": 2,
    }
    vision = {
        "model_type": "qwen2_5_omni_vision_encoder",
        "depth": form.vision_layers,
        "fullatt_block_indexes": [index for index in (7, 15, 23, 31) if index < form.vision_layers] or [0],
        "hidden_size": form.vision,
        "intermediate_size": 3420 if form.vision == 1280 else 2 * form.vision,
        "num_heads": 16 if form.vision == 1280 else 2,
        "out_hidden_size": form.hidden,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "window_size": 112,
    }
    audio = {**_audio(form), "model_type": "qwen2_5_omni_audio_encoder", "n_window": 100, "output_dim": form.hidden}
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    talker = {
        **_text(form, vocabulary, special),
        **small,
        **ids,
        "model_type": "qwen2_5_omni_talker",
        "embedding_size": form.hidden,
        "head_dim": 16,
        "num_key_value_heads": 2,
        "rope_scaling": {"mrope_section": [2, 3, 3], "rope_type": "default", "type": "default"},
        "vocab_size": 8448,
    }
    diffusion = {
        "model_type": "qwen2_5_omni_dit",
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 1,
        "emb_dim": 16,
        "num_embeds": 64,
        "enc_channels": [16, 16, 16, 16, 48],
        "enc_dim": 16,
        "enc_emb_dim": 16,
        "enc_attention_channels": 8,
        "enc_res2net_scale": 2,
        "enc_se_channels": 8,
    }
    vocoder = {"model_type": "qwen2_5_omni_bigvgan", "upsample_initial_channel": 64}
    return {
        "architectures": ["Qwen2_5OmniModel"],
        "model_type": "qwen2_5_omni",
        "enable_audio_output": True,
        "thinker_config": {
            "architectures": ["Qwen2OmniNaViTThinkerForConditionalGeneration"],
            "model_type": "qwen2_5_omni_thinker",
            **ids,
            "audio_config": audio,
            "text_config": text,
            "vision_config": vision,
        },
        "talker_config": talker,
        "token2wav_config": {
            "model_type": "qwen2_5_omni_token2wav",
            "bigvgan_config": vocoder,
            "dit_config": diffusion,
        },
        "torch_dtype": "bfloat16",
    }


def _qwen3_omni_moe(form: Shape, special: dict[str, int], vocabulary: int) -> Config:
    rope = {"interleaved": True, "mrope_section": _sections(form), "rope_type": "default", "type": "default"}
    mixture = {
        "decoder_sparse_step": 1,
        "head_dim": form.hidden // form.heads,
        "mlp_only_layers": [],
        "moe_intermediate_size": form.inner,
        "norm_topk_prob": True,
        "num_experts": form.experts,
        "num_experts_per_tok": form.experts_used,
        "rope_scaling": rope,
    }
    text = {**_text(form, vocabulary, special), **mixture, "model_type": "qwen3_omni_moe_text"}
    ids = {
        "audio_token_id": special["<|audio_pad|>"],
        "image_token_id": special["<|image_pad|>"],
        "video_token_id": special["<|video_pad|>"],
        "audio_start_token_id": special["<|audio_start|>"],
        "audio_end_token_id": special["<|audio_end|>"],
        "vision_start_token_id": special["<|vision_start|>"],
        "vision_end_token_id": special["<|vision_end|>"],
        "position_id_per_seconds": 13,
        "seconds_per_chunk": 2,
    }
    audio = {
        **_audio(form),
        "model_type": "qwen3_omni_moe_audio_encoder",
        "conv_chunksize": 500,
        "downsample_hidden_size": max(16, form.audio_hidden // 4),
        "n_window": 50,
        "n_window_infer": 800,
        "output_dim": form.hidden,
    }
    vision = {
        "model_type": "qwen3_omni_moe_vision_encoder",
        "deepstack_visual_indexes": [0],
        "depth": form.vision_layers,
        "hidden_size": form.vision,
        "intermediate_size": 2 * form.vision,
        "num_heads": 2,
        "num_position_embeddings": 64,
        "out_hidden_size": form.hidden,
        "patch_size": 16,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
    }
    small = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "head_dim": 16,
    }
    spoken = {**_text(form, vocabulary, special), **small, "num_key_value_heads": 2, "vocab_size": 64}
    talker = {
        "model_type": "qwen3_omni_moe_talker",
        **ids,
        "num_code_groups": 4,
        "thinker_hidden_size": form.hidden,
        "spatial_merge_size": 2,
        "code_predictor_config": {**spoken, "num_code_groups": 4, "model_type": "qwen3_omni_moe_talker_code_predictor"},
        "text_config": {
            **spoken,
            "model_type": "qwen3_omni_moe_talker_text",
            "moe_intermediate_size": 32,
            "num_experts": 4,
            "num_experts_per_tok": 2,
            "rope_scaling": {"interleaved": True, "mrope_section": [2, 3, 3], "rope_type": "default"},
            "shared_expert_intermediate_size": 32,
        },
    }
    vocoder = {
        "model_type": "qwen3_omni_moe_code2wav",
        "codebook_size": 64,
        "decoder_dim": 64,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_attention_heads": 2,
        "num_hidden_layers": 2,
        "num_key_value_heads": 2,
        "num_quantizers": 4,
    }
    return {
        "architectures": ["Qwen3OmniMoeForConditionalGeneration"],
        "model_type": "qwen3_omni_moe",
        "enable_audio_output": True,
        "thinker_config": {
            "model_type": "qwen3_omni_moe_thinker",
            **ids,
            "audio_config": audio,
            "text_config": text,
            "vision_config": vision,
        },
        "talker_config": talker,
        "code2wav_config": vocoder,
        "torch_dtype": "bfloat16",
        "im_start_token_id": special["<|im_start|>"],
        "im_end_token_id": special["<|im_end|>"],
    }
