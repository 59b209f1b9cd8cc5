from __future__ import annotations

import importlib.util

import pytest

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni.device import native_bf16, pick_device, require_extra


def no_cuda() -> bool:
    import torch

    return not torch.cuda.is_available()


def test_the_cpu_is_taken_without_a_word():
    device, notes = pick_device("cpu")
    assert (device.type, notes) == ("cpu", ())
    assert isinstance(native_bf16(device), bool)


@pytest.mark.parametrize(("name", "told"), [("auto", "no CUDA device found"), ("cuda:1", "cuda:1 was asked for, but")])
def test_without_cuda_the_fall_back_is_visible(name, told):
    if not no_cuda():
        pytest.skip("this machine has a CUDA device")
    device, notes = pick_device(name)
    assert device.type == "cpu"
    assert told in notes[0]
    assert "runs on the CPU" in notes[0]


@pytest.mark.cuda
def test_with_cuda_auto_takes_it_and_a_wrong_number_is_refused():
    if no_cuda():
        pytest.skip("no CUDA device here")
    device, notes = pick_device("auto")
    assert (str(device), notes) == ("cuda:0", ())
    with pytest.raises(InputError, match="there is no device cuda:99"):
        pick_device("cuda:99")


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:-1", "mps", ""])
def test_other_names_are_refused(name):
    with pytest.raises(InputError, match="give auto, cpu, cuda or cuda:N"):
        pick_device(name)


def test_the_missing_extra_is_named(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))
    with pytest.raises(WeightsError, match=r"need torch; install: pip install 'audiojudge-cli\[omni\]'"):
        require_extra()
