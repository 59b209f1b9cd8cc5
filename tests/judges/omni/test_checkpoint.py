from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.checkpoint import read_checkpoint
from audiojudge_cli.rubrics.local import LocalWriter
from audiojudge_cli.rubrics.writer import WriterError

INDEX = "model.safetensors.index.json"


@pytest.fixture
def folder(checkpoint, tmp_path) -> Path:
    """A copy of a whole Qwen2.5-Omni checkpoint, to damage."""
    return Path(shutil.copytree(checkpoint("qwen2_5_omni"), tmp_path / "copy"))


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.safetensors"))


def change(path: Path, **values) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin"])
def test_says_what_it_is_and_how_large(checkpoint, architecture):
    found = read_checkpoint(checkpoint(architecture))
    assert found.architecture == architecture
    assert found.quantization is None
    assert found.bytes == 2 * found.count()
    assert all(found.count(part) > 0 for part in ("audio", "language", "head", "embedding"))
    assert found.count() == found.count("audio", "language", "head", "embedding")


def test_a_thinker_alone_is_the_same_model(checkpoint):
    whole, alone = (
        read_checkpoint(checkpoint("qwen2_5_omni")),
        read_checkpoint(checkpoint("qwen2_5_omni", thinker_only=True)),
    )
    assert (whole.architecture, whole.count()) == (alone.architecture, alone.count())


def test_reads_no_torch(checkpoint):
    code = (
        "import sys; from pathlib import Path; from audiojudge_cli.judges.omni.checkpoint import read_checkpoint; "
        f"read_checkpoint(Path({str(checkpoint('qwen2_audio'))!r})); print('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_no_folder_and_no_config(tmp_path):
    with pytest.raises(WeightsError, match=r"no checkpoint folder .*nowhere"):
        read_checkpoint(tmp_path / "nowhere")
    with pytest.raises(WeightsError, match=r"has no config\.json; give the folder of a whole checkpoint"):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize("said", ["llama", "whisper\x1b[31m", None, 7])
def test_another_architecture_is_named_beside_those_supported(folder, said):
    change(folder / "config.json", model_type=said, architectures=None)
    with pytest.raises(
        WeightsError, match=r"supported: qwen2_audio, qwen2_5_omni, qwen3_omni_moe, audioflamingo3, jastin"
    ) as caught:
        read_checkpoint(folder)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"), [("tokenizer.json", "tokenizer"), ("preprocessor_config.json", "preprocessor")]
)
def test_missing_companions(folder, name, told):
    (folder / name).unlink()
    (folder / "vocab.json").unlink(missing_ok=True)
    with pytest.raises(WeightsError, match=f"has no {told}"):
        read_checkpoint(folder)


def test_a_missing_shard_that_is_needed(folder):
    shards(folder)[0].unlink()
    with pytest.raises(WeightsError, match=r"lacks 1 of the \d+ shards .*model-00001-of.*finish the download"):
        read_checkpoint(folder)


def test_shards_of_the_talker_alone_are_not_needed(folder):
    needed = set(read_checkpoint(folder).shards)
    others = [path for path in shards(folder) if path not in needed]
    assert others
    for path in others:
        path.unlink()
    assert read_checkpoint(folder).bytes > 0


@pytest.mark.parametrize("cut", [1, 1000, 10**9])
def test_a_truncated_shard_is_told_before_anything_is_loaded(folder, cut):
    path = shards(folder)[0]
    path.write_bytes(path.read_bytes()[: max(4, path.stat().st_size - cut)])
    with pytest.raises(
        WeightsError, match=r"model-00001-of.*(truncated: [\d,]+ bytes|cut off in its header).*fetch it again"
    ):
        read_checkpoint(folder)


def test_bytes_after_the_end(folder):
    path = shards(folder)[0]
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(WeightsError, match="has bytes after its end"):
        read_checkpoint(folder)


def test_an_index_that_promises_too_much(folder):
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    index["weight_map"]["thinker.model.layers.99.mlp.up_proj.weight"] = shards(folder)[0].name
    (folder / INDEX).write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"lacks thinker\.model\.layers\.99.* which the index promises"):
        read_checkpoint(folder)


def test_an_index_that_leads_elsewhere(folder):
    change(folder / INDEX, weight_map={"thinker.lm_head.weight": "../secret.safetensors"})
    with pytest.raises(WeightsError, match="names no shards in its own folder"):
        read_checkpoint(folder)


def test_pickles_are_not_read(folder):
    for path in (*shards(folder), folder / INDEX):
        path.unlink()
    (folder / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin, which is not read\); only safetensors"):
        read_checkpoint(folder)


def tensors_of_an_adapter(path: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"base_model.model.x.lora_A.weight": np.zeros((2, 2), np.float32)}, path)


# Trainers leave adapters in several forms: with or without a copy of the base model's config.json, as safetensors or
# as a pickle, under a name of its own or under that of a model.
@pytest.mark.parametrize("config", [True, False])
@pytest.mark.parametrize("weights", ["adapter_model.safetensors", "adapter_model.bin", "model.safetensors", None])
@pytest.mark.parametrize("base", ["Qwen/Qwen2.5-Omni-7B", "\x1b[31m", None, 7, "not JSON"])
def test_an_adapter_alone_is_told_as_such(base, weights, config, tmp_path, checkpoint):
    for name in ("config.json", "tokenizer.json", "preprocessor_config.json"):
        if config or weights == "model.safetensors":
            shutil.copy(checkpoint("qwen2_5_omni") / name, tmp_path)
    text = "{" if base == "not JSON" else json.dumps({"peft_type": "LORA", "base_model_name_or_path": base})
    (tmp_path / "adapter_config.json").write_text(text, encoding="utf-8")
    if weights:
        tensors_of_an_adapter(tmp_path / weights)
    with pytest.raises(WeightsError, match=r"holds an adapter.* alone, not a model; merge it into its base") as caught:
        read_checkpoint(tmp_path)
    assert ("an adapter of Qwen/Qwen2.5-Omni-7B alone" in str(caught.value)) == (base == "Qwen/Qwen2.5-Omni-7B")
    assert "\x1b" not in str(caught.value)
    if weights != "model.safetensors":
        with pytest.raises(WriterError, match="holds an adapter alone"):
            LocalWriter(str(tmp_path), device="cpu")


def test_an_adapter_in_the_models_own_file_without_its_configuration(folder):
    for path in (*shards(folder), folder / INDEX):
        path.unlink()
    tensors_of_an_adapter(folder / "model.safetensors")
    with pytest.raises(WeightsError, match="holds an adapter alone"):
        read_checkpoint(folder)


def test_a_quantized_checkpoint_says_how(folder):
    change(folder / "config.json", quantization_config={"quant_method": "awq"})
    assert read_checkpoint(folder).quantization == "awq"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(head=st.binary(max_size=200))
def test_any_bytes_are_one_clear_line(tmp_path, head):
    (tmp_path / "config.json").write_text('{"model_type": "qwen2_audio"}', encoding="utf-8")
    for name in ("tokenizer.json", "preprocessor_config.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(head)
    with pytest.raises(WeightsError, match="safetensors"):
        read_checkpoint(tmp_path)
