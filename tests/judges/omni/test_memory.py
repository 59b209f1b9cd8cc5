from __future__ import annotations

from dataclasses import replace

import pytest

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni import load
from audiojudge_cli.judges.omni.checkpoint import read_checkpoint
from audiojudge_cli.judges.omni.loaded import Quant
from audiojudge_cli.judges.omni.memory import choose_quant, free_bytes, group_room, needed_bytes, weight_bytes

QUANTS: tuple[Quant, ...] = ("none", "bf16", "int8", "int4")


@pytest.fixture
def cpu():
    import torch

    return torch.device("cpu")


@pytest.fixture
def found(checkpoint):
    return read_checkpoint(checkpoint("qwen2_5_omni"))


@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen3_omni_moe"])
@pytest.mark.parametrize("quant", QUANTS)
def test_the_weights_take_what_was_foretold(checkpoint, monkeypatch, tmp_path, architecture, quant):
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path))
    folder = checkpoint(architecture)
    loaded = load.load_model(folder, device="cpu", quant=quant)
    taken = sum(_bytes(parameter) for parameter in loaded.model.parameters())
    # Scales weigh more in the tiny layers than in real ones.
    assert weight_bytes(read_checkpoint(folder), quant) == pytest.approx(taken, rel=0.06)


def _bytes(parameter) -> int:
    if hasattr(parameter, "__tensor_flatten__"):
        names, _ = parameter.__tensor_flatten__()
        return sum(getattr(parameter, name).nbytes for name in names)
    state = getattr(parameter, "quant_state", None)
    extra = state.absmax.nbytes + (state.state2.absmax.nbytes if state.nested else 0) if state else 0
    return int(parameter.nbytes + extra)


def test_smaller_is_smaller(found):
    sizes = [needed_bytes(found, quant) for quant in QUANTS]
    assert sizes == sorted(sizes, reverse=True)
    assert all(needed_bytes(found, quant) > weight_bytes(found, quant) for quant in QUANTS)


def test_auto_takes_the_largest_that_fits_and_says_so(found, cpu):
    picked = set()
    for quant in QUANTS:
        free = needed_bytes(found, quant)
        choice, notes = choose_quant(found, "auto", cpu, free)
        assert needed_bytes(found, choice) <= free
        assert "--quant auto picked" in notes[0]
        assert "GiB free on cpu" in notes[0]
        picked.add(choice)
    assert {"bf16", "int8", "int4"} <= picked
    with pytest.raises(
        WeightsError, match=r"as int4 needs about .* use a machine with more memory, or a smaller model"
    ):
        choose_quant(found, "auto", cpu, needed_bytes(found, "int4") - 1)


def test_what_does_not_fit_names_what_would(found, cpu):
    assert choose_quant(found, "bf16", cpu, needed_bytes(found, "bf16")) == ("bf16", ())
    with pytest.raises(WeightsError, match=r"as bf16 needs about .*cpu has .* GiB free; --quant int8 needs about"):
        choose_quant(found, "bf16", cpu, needed_bytes(found, "bf16") - 1)


def test_a_quantized_checkpoint_is_not_quantized_again(found, cpu):
    packed = replace(found, quantization="gptq")
    assert choose_quant(packed, "auto", cpu, 1 << 40)[0] == "prequantized"
    with pytest.raises(InputError, match=r"already quantized \(gptq\); leave --quant at auto"):
        choose_quant(packed, "int8", cpu, 1 << 40)
    with pytest.raises(WeightsError, match="as it is needs about"):
        choose_quant(packed, "auto", cpu, 1000)


def test_no_memory_while_loading_is_one_line(checkpoint, monkeypatch, tmp_path):
    """Memory that was free when it was looked at may be gone when it is asked for: the allocator itself refuses."""
    import torch

    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path))
    monkeypatch.setattr(load, "fill_model", lambda *_: torch.empty(1 << 50, dtype=torch.uint8))
    with pytest.raises(WeightsError, match=r"as float32 needs about .* --quant bf16 needs about [^\n]*$"):
        load.load_model(checkpoint("qwen2_audio"), device="cpu", quant="none")


def test_free_memory_is_not_more_than_there_is(cpu):
    import psutil  # type: ignore[import-untyped]

    assert 0 < free_bytes(cpu) <= psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("limit", "used", "stat", "room"),
    [
        ("1000\n", "700\n", "anon 500\nactive_file 50\ninactive_file 150\n", 500),
        ("1000\n", "1200\n", "anon 1200\n", 0),
        ("max\n", "700\n", "anon 500\n", None),
        ("1000\n", "700\n", None, None),
    ],
)
def test_a_container_s_limit_counts(tmp_path, limit, used, stat, room):
    for name, text in (("most", limit), ("now", used), ("memory.stat", stat)):
        if text is not None:
            (tmp_path / name).write_text(text, encoding="ascii")
    assert group_room(tmp_path, "most", "now") == room
