from __future__ import annotations

import contextlib
import importlib.util
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.base import Urgent
from audiojudge_cli.judges.omni.device import OLDEST_TRANSFORMERS, native_bf16, pick_device, require_extra
from audiojudge_cli.judges.omni.judge import load
from audiojudge_cli.rubrics.local import LocalWriter


def no_cuda() -> bool:
    import torch

    return not torch.cuda.is_available()


def test_the_cpu_is_taken_without_a_word():
    device, notes = pick_device("cpu")
    assert (device.type, notes) == ("cpu", ())
    assert isinstance(native_bf16(device), bool)


def raising(error: BaseException) -> Any:
    def fail(*_args: object, **_keywords: object) -> None:
        raise error

    return fail


# What torch says where CUDA cannot be used: not built in, no driver, no device, a device of another generation, one
# that somebody else holds, one that is full.
REASONS: dict[str, tuple[str, Any]] = {
    "Torch not compiled with CUDA enabled": ("init", AssertionError),
    "Found no NVIDIA driver on your system.": ("init", RuntimeError),
    "No CUDA GPUs are available": ("init", RuntimeError),
    "CUDA error: no kernel image is available for execution on the device": ("ones", RuntimeError),
    "CUDA-capable device(s) is/are busy or unavailable": ("ones", RuntimeError),
    "CUDA out of memory.": ("ones", "OutOfMemoryError"),
}


@pytest.fixture(params=REASONS, ids=lambda reason: reason.split()[-1])
def reason(request, monkeypatch):
    import torch

    place, kind = REASONS[request.param]
    error = getattr(torch, kind) if isinstance(kind, str) else kind
    monkeypatch.setattr(torch.cuda, "init", lambda: None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    advice = f"{request.param}\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions."
    monkeypatch.setattr(*((torch.cuda, "init") if place == "init" else (torch, "ones")), raising(error(advice)))
    return request.param


def test_auto_falls_back_with_the_reason_in_a_line_for_the_quiet_too(reason):
    device, (note,) = pick_device("auto")
    assert device.type == "cpu"
    assert isinstance(note, Urgent)
    assert f"no CUDA device can be used ({reason}" in note
    assert "runs on the CPU" in note
    assert "\n" not in note
    assert "Compile" not in note


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "cuda:3"])
def test_cuda_by_name_is_refused_with_the_reason(reason, name):
    with pytest.raises(InputError) as caught:
        pick_device(name)
    assert str(caught.value).startswith(f"--device {name} cannot be used: {reason}")
    assert caught.value.exit_code == 2


def test_cuda_by_name_is_refused_before_anything_is_fetched(reason, monkeypatch):
    monkeypatch.setattr("audiojudge_cli.judges.omni.judge.locate", raising(AssertionError("fetched")))
    with pytest.raises(InputError, match="--device cuda cannot be used"):
        load(card="hf:owner/large", device="cuda")


def test_a_local_writer_is_as_strict(reason, tmp_path):
    for name in ("cuda", "cuda:3"):
        with pytest.raises(InputError, match=f"--device {name} cannot be used: {reason.split('(')[0]}"):
            LocalWriter(str(tmp_path), device=name)
    with pytest.raises(InputError, match="give auto, cpu, cuda or cuda:N"):
        LocalWriter(str(tmp_path), device="gpu")


@pytest.mark.cuda
def test_with_cuda_auto_takes_it_and_a_wrong_number_is_refused():
    if no_cuda():
        pytest.skip("no CUDA device here")
    device, notes = pick_device("auto")
    assert (str(device), notes) == ("cuda:0", ())
    with pytest.raises(InputError, match="--device cuda:99 cannot be used: the CUDA devices here are cuda:0 to"):
        pick_device("cuda:99")


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:-1", "cuda:99999999999", "mps", ""])
def test_other_names_are_refused(name):
    with pytest.raises(InputError, match="give auto, cpu, cuda or cuda:N"):
        pick_device(name)


@pytest.mark.parametrize("name", ["torch", "transformers", "accelerate", "psutil"])
def test_the_missing_extra_is_named(name, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda asked: None if asked == name else found(asked))
    with pytest.raises(WeightsError, match=rf"need {name}; install: pip install 'audiojudge-cli\[omni\]'"):
        require_extra()


@pytest.mark.parametrize("found", ["5.20.0", "5.20.2", "4.57.6", "5.9", "5.21.0", "5.21.1rc1", "5.100", "6.0.dev0"])
def test_a_transformers_that_is_too_old_is_told_before_anything_is_loaded(found, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _name: found)
    old = [int(part) for part in found.split(".")[:2]] < [5, 21]
    with pytest.raises(WeightsError) if old else contextlib.nullcontext() as caught:
        require_extra()
    if caught:
        assert f"transformers {found} is installed" in str(caught.value)
        assert "pip install --upgrade 'transformers>=5.21,<6'" in str(caught.value)


ROOT = Path(__file__).parents[3]


def pins(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0]: line.partition("==")[2] for line in lines if not line.startswith("#")}


def test_constraints_are_the_ends_of_what_the_extra_asks_for():
    """One file has the lower ends, the other versions within the ranges; both name every package of the extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [Requirement(line) for line in project["project"]["optional-dependencies"]["omni"]]
    taken, oldest = pins("constraints.txt"), pins("constraints-oldest.txt")
    assert set(oldest) == {requirement.name for requirement in asked}
    assert set(oldest) <= set(taken)  # which pins the trackers of --log as well
    for requirement in asked:
        (lowest,) = (Version(each.version) for each in requirement.specifier if each.operator == ">=")
        assert Version(oldest[requirement.name]) == lowest
        assert Version(taken[requirement.name]) in requirement.specifier
        assert not any(each.operator == "==" for each in requirement.specifier)
        if requirement.name == "transformers":
            assert lowest.release[:2] == OLDEST_TRANSFORMERS
    assert "--constraint constraints.txt " in (ROOT / "Makefile").read_text(encoding="utf-8")
