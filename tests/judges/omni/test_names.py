from __future__ import annotations

import pytest

from audiojudge_cli.judges.omni.locate import is_needed
from audiojudge_cli.judges.omni.names import Place, place

LAYER = "layers.3.self_attn.q_proj.weight"


@pytest.mark.parametrize(
    ("architecture", "stored", "found"),
    [
        ("qwen2_audio", f"language_model.model.{LAYER}", f"model.language_model.{LAYER}"),
        ("qwen2_audio", "language_model.lm_head.weight", "lm_head.weight"),
        ("qwen2_audio", "audio_tower.conv1.bias", "model.audio_tower.conv1.bias"),
        ("audioflamingo3", "multi_modal_projector.linear_1.bias", "model.multi_modal_projector.linear_1.bias"),
        ("audioflamingo3", f"model.language_model.{LAYER}", f"model.language_model.{LAYER}"),
        ("qwen2_5_omni", f"thinker.model.{LAYER}", f"model.language_model.{LAYER}"),
        ("qwen2_5_omni", f"model.{LAYER}", f"model.language_model.{LAYER}"),
        ("qwen2_5_omni", f"thinker.model.language_model.{LAYER}", f"model.language_model.{LAYER}"),
        ("qwen2_5_omni", "thinker.audio_tower.ln_post.bias", "model.audio_tower.ln_post.bias"),
        ("qwen3_omni_moe", "thinker.lm_head.weight", "lm_head.weight"),
        ("jastin", "audio_encoder.norm.weight", "model.audio_tower.norm.weight"),
        ("jastin", "projection.bias", "model.projection.bias"),
        ("jastin", "adapter.up.weight", "model.adapter.up.weight"),
        ("jastin", f"language_model.model.{LAYER}", f"model.language_model.{LAYER}"),
        ("jastin", "language_model.lm_head.weight", "lm_head.weight"),
        ("jastin", f"model.language_model.{LAYER}", f"model.language_model.{LAYER}"),
    ],
)
def test_every_way_of_saving_leads_to_the_same_place(architecture, stored, found):
    assert place(architecture, stored) == Place(found)


@pytest.mark.parametrize("name", ["talker.model.norm.weight", "token2wav.x", "code2wav.x", "thinker.visual.blocks.0.x"])
def test_what_a_judge_never_uses_has_no_place(name):
    assert place("qwen2_5_omni", name) is None
    assert not is_needed(name)


@pytest.mark.parametrize("name", ["text_model.layers.0.x", "audio_head.proj.weight", "text_audio_logit_scale"])
def test_what_pe_a_frame_has_for_texts_has_no_place(name):
    assert place("jastin", name) is None


@pytest.mark.parametrize("name", ["projection.weight", "adapter.down.weight", f"audio_encoder.{LAYER}"])
def test_nothing_before_the_language_model_is_packed(name):
    found = place("jastin", name)
    assert found is not None
    assert (found.part, found.quantizable) == ("audio", False)


def test_experts_are_stacked():
    found = place("qwen3_omni_moe", "thinker.model.layers.1.mlp.experts.7.up_proj.weight")
    assert found == Place("model.language_model.layers.1.mlp.experts.gate_up_proj", 7, "up_proj")
    assert found is not None
    assert found.quantizable


@pytest.mark.parametrize(
    ("name", "part", "quantizable"),
    [
        ("thinker.model.layers.0.mlp.down_proj.weight", "language", True),
        ("thinker.model.layers.0.self_attn.q_proj.bias", "language", False),
        ("thinker.model.layers.0.mlp.gate.weight", "language", False),
        ("thinker.model.layers.0.input_layernorm.weight", "language", False),
        ("thinker.model.embed_tokens.weight", "embedding", False),
        ("thinker.lm_head.weight", "head", False),
        ("thinker.audio_tower.layers.0.self_attn.q_proj.weight", "audio", False),
    ],
)
def test_only_linear_layers_of_the_language_model_are_packed(name, part, quantizable):
    found = place("qwen3_omni_moe", name)
    assert found is not None
    assert (found.part, found.quantizable) == (part, quantizable)
