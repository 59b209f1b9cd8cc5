"""Heads out of files of torch.save: the numbers to the bit, and nothing but numbers."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.weights.reward_head import convert_head
from audiojudge_cli.weights.torch_file import read_tensors

torch = pytest.importorskip("torch")


def saved(folder: Path, what: Any, name: str = "head.pt", **options: Any) -> Path:
    torch.save(what, folder / name, **options)
    return folder / name


def archive(folder: Path, data: bytes, **members: bytes) -> Path:
    path = folder / "made.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("made/data.pkl", data)
        for name, content in members.items():
            file.writestr(f"made/data/{name}", content)
    return path


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_head_is_converted_to_the_bit(tmp_path, dtype, bias):
    layer = torch.nn.Linear(64, 1, bias=bias).to(getattr(torch, dtype))
    source = saved(tmp_path, layer.state_dict())
    assert convert_head(source, tmp_path / "head.safetensors") == 64
    from safetensors.torch import load_file

    found = load_file(tmp_path / "head.safetensors")
    assert torch.equal(found["weight"], layer.weight.detach().float())
    assert torch.equal(found["bias"], layer.bias.detach().float() if bias else torch.zeros(1))
    with pytest.raises(InputError, match="is there already"):
        convert_head(source, tmp_path / "head.safetensors")


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_layout_of_tensors_is_read(tmp_path, protocol):
    whole = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    given = {
        "plain": whole,
        "turned": whole.T,
        "part": whole[1:3, ::2],
        "parameter": torch.nn.Parameter(whole[0]),
        "number": torch.tensor(3.5),
        "bfloat": whole.bfloat16(),
    }
    found = read_tensors(saved(tmp_path, given, pickle_protocol=protocol))
    assert found.keys() == given.keys()
    for name, tensor in given.items():
        assert np.array_equal(found[name], tensor.detach().float().numpy())
    assert found.keys() == read_tensors(saved(tmp_path, OrderedDict(given))).keys()


class Evil:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.marker}",)


class Builds:
    def __setstate__(self, state: Any) -> None:
        raise AssertionError("run")


# Pairs of pairs, a hundred deep: whoever hashes, compares or prints them never ends.
LAUGHS = b"K\x01" + b"q\x00h\x00\x86" * 100


def hostile(marker: Path) -> dict[str, Any]:
    touch = f"touch {marker}".encode()
    return {
        "reduce": pickle.dumps({"weight": Evil(marker)}, 2),
        "reduce-4": pickle.dumps({"weight": Evil(marker)}, 4),
        "system": b"cposix\nsystem\n(S'" + touch + b"'\ntR.",
        "builtins": b"c__builtin__\neval\n(S'1'\ntR.",
        "inst": b"(S'" + touch + b"'\nios\nsystem\n.",
        "obj": b"(cos\nsystem\nS'" + touch + b"'\no.",
        "newobj": b"\x80\x02ccollections\nOrderedDict\n)\x81.",
        "build": pickle.dumps({"weight": Builds()}, 2),
        "extension": b"\x80\x02\x82\x01.",
        "torch-load": b"ctorch\nload\n(S'x'\ntR.",
        "ordered-with-arguments": b"ccollections\nOrderedDict\n((lK\x01a(lK\x01atR.",
        "stack-global": b"\x80\x04\x8c\x02os\x8c\x06system\x93(\x8c\x02idtR.",
        "persistent-id": b"\x80\x02U\x03abcQ.",
        "text": b"\x80\x02X\x03\x00\x00\x00abc.",
        "nothing": b"\x80\x02}.",
        "number": b"\x80\x02}q\x00U\x01aK\x01s.",
        "torn": b"\x80\x02}q\x00(X\x06\x00\x00\x00wei",
        "empty": b"",
        "laughs-as-key": b"\x80\x02}" + LAUGHS + b"K\x01s.",
        "laughs-as-name": b"\x80\x04" + LAUGHS + b"\x8c\x01a\x93.",
        "laughs-as-storage": b"\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
        + LAUGHS
        + b"X\x03\x00\x00\x00cpuK\x01tQ.",
        "laughs-as-value": b"\x80\x02}X\x01\x00\x00\x00a" + LAUGHS + b"s.",
        "laughs-as-arguments": b"ccollections\nOrderedDict\n" + LAUGHS + b"R.",
        "no-mark": b"\x80\x02t.",
        "deep": b"\x80\x02" + b"(" * 5000 + b"t" * 5000 + b".",
    }


@pytest.mark.parametrize("name", sorted(hostile(Path("x"))))
def test_a_hostile_pickle_is_refused_and_runs_nothing(tmp_path, name):
    marker = tmp_path / "ran"
    path = archive(tmp_path, hostile(marker)[name])
    with pytest.raises(InputError):
        read_tensors(path)
    with pytest.raises(InputError):
        convert_head(path, tmp_path / "out.safetensors")
    assert not marker.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["made.pt"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_and_never_raises_anything_else(tmp_path, data):
    buffer = io.BytesIO()
    torch.save(torch.nn.Linear(8, 1).state_dict(), buffer)
    with zipfile.ZipFile(buffer) as file:
        members = {name: file.read(name) for name in file.namelist()}
    name = next(name for name in members if name.endswith("data.pkl"))
    content = bytearray(members[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with zipfile.ZipFile(tmp_path / "odd.pt", "w") as file:
        for other, kept in members.items():
            file.writestr(other, bytes(content) if other == name else kept)
    try:
        found = read_tensors(tmp_path / "odd.pt")
    except InputError:
        return
    assert all(isinstance(one, np.ndarray) and one.dtype == np.float32 for one in found.values())


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"weight": torch.zeros(2, 8), "bias": torch.zeros(2)}, r"weight \[1, hidden size\] and bias \[1\] are wanted"),
        ({"weight": torch.zeros(8)}, "are wanted"),
        ({"weight": torch.zeros(1, 8), "bias": torch.zeros(1, 1)}, "are wanted"),
        ({"bias": torch.zeros(1)}, "weight, and bias, are wanted"),
        ({"weight": torch.zeros(1, 8), "other": torch.zeros(1)}, "are wanted"),
        ({"a.weight": torch.zeros(1, 8), "b.bias": torch.zeros(1)}, "are wanted"),
        ({"weight": torch.full((1, 8), torch.nan)}, "not finite"),
        ({"weight": torch.zeros(1, 8, dtype=torch.int64)}, "not just a dictionary of tensors"),
        ({"weight": [1.0]}, "not just a dictionary of tensors"),
        (torch.zeros(1, 8), "not just a dictionary of tensors"),
        (torch.nn.Linear(8, 1), "it names"),
    ],
)
def test_what_is_no_head_is_told_as_such(tmp_path, what, told):
    with pytest.raises(InputError, match=told):
        convert_head(saved(tmp_path, what), tmp_path / "out.safetensors")
    assert not (tmp_path / "out.safetensors").exists()


def test_files_that_are_no_archive_or_lie_about_their_size(tmp_path):
    old = saved(tmp_path, {"weight": torch.zeros(1, 8)}, _use_new_zipfile_serialization=False)
    with pytest.raises(InputError, match="before torch"):
        read_tensors(old)
    with pytest.raises(InputError, match="cannot be read"):
        read_tensors(tmp_path / "gone.pt")
    good = saved(tmp_path, {"weight": torch.zeros(1, 8)})
    with zipfile.ZipFile(good) as file:
        name = next(name for name in file.namelist() if name.endswith("data.pkl"))
        data = file.read(name)
    for numbers in (b"", struct.pack("<7f", *range(7)), struct.pack("<9f", *range(9))):
        with pytest.raises(InputError, match="numbers where the pickle says 8"):
            read_tensors(archive(tmp_path, data, **{"0": numbers}))
    whole = torch.zeros(1 << 20)
    with pytest.raises(InputError, match="larger than a head ever is"):
        read_tensors(saved(tmp_path, {f"t{number}": whole for number in range(20)}))
    with pytest.raises(InputError, match="larger than a head ever is"):
        read_tensors(saved(tmp_path, {"weight": torch.zeros(10 << 20)}))
    with pytest.raises(InputError, match="no regular file"):
        read_tensors(tmp_path)
    with zipfile.ZipFile(tmp_path / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb/data.pkl", bytes(2 << 20))
    with pytest.raises(InputError, match="larger than a head ever is"):
        read_tensors(tmp_path / "bomb.pt")


def test_the_command_says_what_it_wrote(tmp_path, monkeypatch, capsys):
    import sys

    from audiojudge_cli.app import main

    source = saved(tmp_path, {f"to_reward.{name}": one for name, one in torch.nn.Linear(8, 1).state_dict().items()})
    monkeypatch.setattr(
        sys, "argv", ["audiojudge", "models", "convert-head", str(source), str(tmp_path / "o.safetensors")]
    )
    assert main() == 0
    assert capsys.readouterr().out.endswith("o.safetensors: a head for hidden states of 8 numbers\n")
    header = (tmp_path / "o.safetensors").read_bytes()[8:].split(b"}}")[0]
    assert json.loads(header + b"}}")["weight"]["shape"] == [1, 8]
