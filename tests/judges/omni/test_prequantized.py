from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni.load import load_model


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def packed(checkpoint, tmp_path):
    """A checkpoint quantized by bitsandbytes through the library, as people publish them."""
    import torch
    from transformers import BitsAndBytesConfig

    from audiojudge_cli.judges.omni.library_noise import silence_libraries
    from audiojudge_cli.judges.omni.skeleton import model_class

    silence_libraries()
    source, folder = checkpoint("qwen2_5_omni", thinker_only=True), tmp_path / "packed"
    how = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=["lm_head", "audio_tower", "visual"],
    )
    kind = model_class("qwen2_5_omni")
    kind.from_pretrained(source, quantization_config=how, device_map={"": "cpu"}, dtype=torch.bfloat16).save_pretrained(
        folder
    )
    for path in source.iterdir():
        if path.suffix != ".safetensors" and not (folder / path.name).exists() and "index" not in path.name:
            shutil.copy(path, folder)
    return folder


def test_loads_as_it_is(packed):
    import torch

    loaded = load_model(packed, device="cpu")
    assert loaded.quant == "prequantized"
    assert loaded.notes == ("bitsandbytes-quantized checkpoint, loaded as it is",)
    kinds = {type(parameter).__name__ for parameter in loaded.model.get_submodule("model.language_model").parameters()}
    assert "Params4bit" in kinds
    assert not any("visual" in name for name, _ in loaded.model.named_parameters())
    with torch.inference_mode():
        out = loaded.model.get_submodule("model.language_model.layers.0.mlp")(torch.ones(1, 4, 64, dtype=loaded.dtype))
    assert bool(out.isfinite().all())


def test_is_not_quantized_again(packed):
    with pytest.raises(InputError, match="already quantized"):
        load_model(packed, device="cpu", quant="int8")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("layers.1.input_layernorm.weight", r"lacks 1 tensors of a model quantized with bitsandbytes .*layers\.1"),
        ("layers.1.mlp.up_proj.weight", "quantized with bitsandbytes, which cannot be loaded here"),
    ],
)
def test_what_is_missing_is_never_made_up(packed, name, told):
    from safetensors.torch import load_file, save_file

    (path,) = packed.glob("*.safetensors")
    tensors = load_file(path)
    left = {key: tensor for key, tensor in tensors.items() if name not in key or "visual" in key}
    assert len(left) < len(tensors)
    save_file(left, path, metadata={"format": "pt"})
    with pytest.raises(WeightsError, match=told):
        load_model(packed, device="cpu")


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("gptq", r"quantized with gptq, which cannot be loaded here: .*install"),
        ("awq", r"quantized with awq, which cannot be loaded here: .*install"),
        ("compressed-tensors", r"compressed-tensors, which cannot be loaded here: .*install"),
        ("made-up", r"'made-up', which transformers does not know"),
    ],
)
def test_the_missing_library_is_named_in_one_line(checkpoint, tmp_path, method, told):
    folder = Path(shutil.copytree(checkpoint("qwen2_5_omni"), tmp_path / "copy"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["quantization_config"] = {"quant_method": method, "bits": 4, "group_size": 128}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(WeightsError, match=told) as caught:
        load_model(folder, device="cpu")
    assert "\n" not in str(caught.value)
