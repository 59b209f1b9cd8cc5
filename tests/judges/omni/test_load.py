from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni.load import load_model

WHOLE = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3")
KINDS = [*((name, False) for name in WHOLE), ("qwen2_5_omni", True), ("qwen3_omni_moe", True)]


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))


def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def rewrite(folder: Path, change) -> None:
    """Write all tensors of a checkpoint into one file, after `change` has had its way with them."""
    from safetensors.torch import load_file, save_file

    tensors = {}
    for path in folder.glob("*.safetensors"):
        tensors.update(load_file(path))
        path.unlink()
    (folder / "model.safetensors.index.json").unlink()
    change(tensors)
    save_file(tensors, folder / "model.safetensors")


@pytest.mark.parametrize(("architecture", "alone"), KINDS)
def test_every_tensor_equals_the_one_the_library_loads(checkpoint, architecture, alone):
    import torch

    from audiojudge_cli.judges.omni.skeleton import model_class

    folder = checkpoint(architecture, thinker_only=True) if alone else checkpoint(architecture)
    loaded = load_model(folder, device="cpu", quant="none")
    theirs = model_class(loaded.architecture).from_pretrained(folder, dtype=torch.float32)
    for kind in ("named_parameters", "named_buffers"):
        ours = dict(getattr(loaded.model, kind)())
        expected = {name: value for name, value in getattr(theirs, kind)() if ".visual." not in name}
        assert ours.keys() == expected.keys()
        for name, value in expected.items():
            assert ours[name].dtype == value.dtype
            assert torch.equal(ours[name], value), name


@pytest.mark.parametrize(("architecture", "alone"), KINDS)
def test_nothing_but_the_needed_parts_is_there(checkpoint, architecture, alone):
    from audiojudge_cli.judges.omni.checkpoint import read_checkpoint

    folder = checkpoint(architecture, thinker_only=True) if alone else checkpoint(architecture)
    loaded = load_model(folder, device="cpu", quant="bf16")
    assert {parameter.device.type for parameter in loaded.model.parameters()} == {"cpu"}
    assert sum(parameter.numel() for parameter in loaded.model.parameters()) == read_checkpoint(folder).count()
    assert not any("talker" in name or "visual" in name for name, _ in loaded.model.named_modules())
    assert not loaded.model.training
    assert not any(parameter.requires_grad for parameter in loaded.model.parameters())


def test_weights_in_the_dtype_they_have_on_disk_are_not_copied(checkpoint):
    """What is mapped from the file costs no memory of its own, whatever the file's size."""
    loaded = load_model(checkpoint("qwen2_audio"), device="cpu", quant="bf16")
    mapped = Path("/proc/self/maps").read_text(encoding="utf-8")
    ranges = [
        tuple(int(end, 16) for end in line.split()[0].split("-"))
        for line in mapped.splitlines()
        if line.endswith(".safetensors")
    ]
    for name, parameter in loaded.model.named_parameters():
        address = parameter.data_ptr()
        assert any(low <= address < high for low, high in ranges), name


def test_a_second_load_has_the_same_fingerprint_and_another_quantization_another(checkpoint):
    folder = checkpoint("qwen2_audio")
    prints = [load_model(folder, device="cpu", quant=quant).fingerprint for quant in ("bf16", "bf16", "none", "int8")]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


@pytest.mark.parametrize("name", ["tokenizer.json", "model-00001-of-00002.safetensors", "preprocessor_config.json"])
def test_another_byte_is_another_fingerprint(checkpoint, tmp_path, name):
    folder = copied(checkpoint("qwen2_audio"), tmp_path)
    before = load_model(folder, device="cpu", quant="bf16").fingerprint
    path = folder / name
    raw = bytearray(path.read_bytes())
    if name.endswith(".json"):
        raw += b"\n"
    else:
        raw[-1] ^= 1
    path.write_bytes(raw)
    assert load_model(folder, device="cpu", quant="bf16").fingerprint != before


def test_tied_embeddings_are_one_tensor(checkpoint, tmp_path):
    folder = copied(checkpoint("qwen2_audio"), tmp_path)
    rewrite(folder, lambda tensors: tensors.pop("language_model.lm_head.weight"))
    with pytest.raises(WeightsError, match=r"lacks 1 tensors .*lm_head\.weight"):
        load_model(folder, device="cpu", quant="bf16")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["text_config"]["tie_word_embeddings"] = True
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    model = load_model(folder, device="cpu", quant="bf16").model
    assert model.get_submodule("lm_head").weight is model.get_submodule("model.language_model.embed_tokens").weight


def test_missing_and_misshapen_tensors_and_adapters_are_told(checkpoint, tmp_path):
    import torch

    whole = checkpoint("qwen2_audio")
    name = "language_model.model.layers.1.mlp.up_proj.weight"

    def lora(tensors):
        tensors["language_model.model.layers.0.mlp.up_proj.lora_A.weight"] = torch.zeros(2, 2)

    def smaller(tensors):
        tensors[name] = tensors[name][:, :-1].contiguous()

    for number, (change, told) in enumerate(
        [
            (lambda tensors: tensors.pop(name), r"lacks 1 tensors .*layers\.1\.mlp\.up_proj"),
            (lora, r"holds an adapter beside the model .*lora_A.*; merge it"),
            (smaller, r"has the shape \(128, 63\), config\.json says \(128, 64\)"),
        ]
    ):
        folder = Path(shutil.copytree(whole, tmp_path / str(number)))
        rewrite(folder, change)
        with pytest.raises(WeightsError, match=told):
            load_model(folder, device="cpu", quant="bf16")


LAYOUTS = {
    "a tower in another place": ("audio_tower.", "audio.tower.encoder."),
    "layers in another list": (".layers.", ".blocks."),
    "an attention of another name": (".self_attn.", ".attention."),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("architecture", WHOLE)
def test_another_layout_is_not_taken_for_a_download_that_broke_off(architecture, layout, checkpoint, tmp_path):
    from transformers import __version__

    folder = copied(checkpoint(architecture), tmp_path)
    old, new = LAYOUTS[layout]

    def renamed(tensors):
        for name in [name for name in tensors if old in name]:
            tensors[name.replace(old, new)] = tensors.pop(name)

    rewrite(folder, renamed)
    with pytest.raises(WeightsError, match="laid out in another way") as caught:
        load_model(folder, device="cpu", quant="bf16")
    assert f"than transformers {__version__}" in str(caught.value) or "no audio part" in str(caught.value)
    assert "fetch it again" not in str(caught.value)


def test_what_is_missing_beside_something_strange_is_still_missing(checkpoint, tmp_path):
    import torch

    folder = copied(checkpoint("qwen2_audio"), tmp_path)

    def change(tensors):
        tensors.pop("language_model.model.layers.1.mlp.up_proj.weight")
        tensors["audio_tower.unheard.weight"] = torch.zeros(2, 2)

    rewrite(folder, change)
    with pytest.raises(WeightsError, match=r"lacks 1 tensors .*up_proj.*; fetch it again"):
        load_model(folder, device="cpu", quant="bf16")


def test_a_tensor_without_a_place_is_left_out_visibly(checkpoint, tmp_path):
    import torch

    folder = copied(checkpoint("qwen2_audio"), tmp_path)
    rewrite(folder, lambda tensors: tensors.update({"audio_tower.unheard.weight": torch.zeros(2, 2)}))
    loaded = load_model(folder, device="cpu", quant="bf16")
    assert "1 tensors that have no place in a qwen2_audio, left out (model.audio_tower.unheard" in loaded.notes[-1]
    assert not any("unheard" in name for name, _ in loaded.model.named_parameters())


def test_an_expert_that_is_not_there(checkpoint, tmp_path):
    folder = copied(checkpoint("qwen3_omni_moe", thinker_only=True), tmp_path)
    rewrite(folder, lambda tensors: tensors.pop("model.layers.1.mlp.experts.2.down_proj.weight"))
    with pytest.raises(WeightsError, match=r"not all 4 experts of .*layers\.1\.mlp\.experts\.down_proj"):
        load_model(folder, device="cpu", quant="bf16")


def test_a_configuration_the_library_refuses(checkpoint, tmp_path):
    folder = copied(checkpoint("qwen2_audio"), tmp_path)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["text_config"]["num_hidden_layers"] = "two"
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"config\.json is no valid qwen2_audio configuration"):
        load_model(folder, device="cpu", quant="bf16")


def test_a_damaged_tokenizer_is_told(checkpoint, tmp_path):
    folder = copied(checkpoint("qwen2_audio"), tmp_path)
    (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match="the tokenizer cannot be read"):
        load_model(folder, device="cpu", quant="bf16")


def test_code_in_the_folder_is_never_run(checkpoint, tmp_path):
    folder = copied(checkpoint("qwen2_audio"), tmp_path)
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')", encoding="utf-8")
    for name, key in (("config.json", "AutoConfig"), ("tokenizer_config.json", "AutoTokenizer")):
        settings = json.loads((folder / name).read_text(encoding="utf-8"))
        settings["auto_map"] = {key: "evil.Evil"}
        (folder / name).write_text(json.dumps(settings), encoding="utf-8")
    load_model(folder, device="cpu", quant="bf16")
    assert not (tmp_path / "run").exists()


def test_an_unknown_device_or_quantization_is_a_wrong_option(checkpoint):
    folder = checkpoint("qwen2_audio")
    with pytest.raises(InputError, match="no device 'tpu'"):
        load_model(folder, device="tpu")
    with pytest.raises(InputError, match=r"no quantization 'int2'; known: auto, none, bf16, int8, int4"):
        load_model(folder, device="cpu", quant="int2")


def test_the_libraries_keep_quiet(checkpoint):
    """Nothing of theirs appears on the terminal: what matters is in `notes`."""
    code = (
        "from pathlib import Path; from audiojudge_cli.judges.omni.load import load_model; "
        f"print(load_model(Path({str(checkpoint('qwen2_5_omni'))!r}), device='cpu').quant)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert re.fullmatch(r"(none|bf16)\n", done.stdout)
