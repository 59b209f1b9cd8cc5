from __future__ import annotations

import importlib.util

import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni import quantize
from audiojudge_cli.judges.omni.load import load_model

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin")
# Relative error of one linear layer on Gaussian weights and inputs: int8 has 255 steps to a row, NF4 16 to a block.
ERROR = {"int8": 0.012, "int4": 0.12}


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("quant", ["int8", "int4"])
@pytest.mark.parametrize("rows", [1, 7, 300])
def test_a_packed_layer_is_close_to_the_whole_one(quant, rows):
    import torch

    made = torch.Generator().manual_seed(1)
    weight = torch.randn(96, 128, generator=made).to(torch.bfloat16)
    bias = torch.randn(96, generator=made).to(torch.bfloat16)
    inputs = torch.randn(1, rows, 128, generator=made).to(torch.bfloat16)
    layer = quantize.pack(weight.clone(), bias, quant)
    with torch.inference_mode():
        given, again = layer(inputs).float(), layer(inputs).float()
    expected = torch.nn.functional.linear(inputs.float(), weight.float(), bias.float())
    assert torch.equal(given, again)
    assert given.shape == expected.shape
    assert float((given - expected).norm() / expected.norm()) < ERROR[quant]


@pytest.mark.parametrize("quant", ["int8", "int4"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_only_the_language_model_is_packed(checkpoint, architecture, quant):
    import torch

    model = load_model(checkpoint(architecture), device="cpu", quant=quant).model
    kinds = {name: type(module.weight).__name__ for name, module in model.named_modules() if hasattr(module, "weight")}
    packed = {name for name, kind in kinds.items() if kind not in {"Parameter", "NoneType"}}
    assert packed
    assert all(name.startswith("model.language_model.layers.") for name in packed)
    left = [
        name
        for name, module in model.get_submodule("model.language_model.layers").named_modules()
        if isinstance(module, torch.nn.Linear) and type(module.weight).__name__ == "Parameter"
    ]
    assert not left
    linear = "mlp.up_proj" if architecture == "jastin" else "fc1"
    for name in ("lm_head", f"model.audio_tower.layers.0.{linear}", "model.language_model.embed_tokens"):
        assert model.get_submodule(name).weight.dtype == torch.bfloat16


@pytest.mark.parametrize("quant", ["int8", "int4"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_packed_model_runs_and_stays_near_the_whole_one(checkpoint, architecture, quant):
    """One feed-forward block: the chaos of a whole random model would hide what packing does."""
    import torch

    folder = checkpoint(architecture)
    outputs = []
    for kept in ("bf16", quant, quant):
        loaded = load_model(folder, device="cpu", quant=kept)
        layer = loaded.model.get_submodule("model.language_model.layers.0.mlp")
        inputs = torch.randn(1, 50, 64, generator=torch.Generator().manual_seed(3)).to(torch.bfloat16)
        with torch.inference_mode():
            outputs.append(layer(inputs).float())
    whole, first, second = outputs
    assert torch.equal(first, second)
    # Experts may change at the router's edge; three layers in a row add up their errors.
    assert float((first - whole).norm() / whole.norm()) < 3 * ERROR[quant]


def test_a_library_that_is_missing_is_named(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "bitsandbytes" else found(name))
    quantize.require_library("int8")
    with pytest.raises(WeightsError, match=r"--quant int4 needs bitsandbytes; install: pip install bitsandbytes"):
        quantize.require_library("int4")
