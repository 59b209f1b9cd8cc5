"""The head of a reward model: one linear layer from the last hidden state to a number, as safetensors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.atomic import write_bytes
from audiojudge_cli.text.terminal import safe_line, shown
from audiojudge_cli.weights.torch_file import Tensor, read_tensors


def convert_head(source: Path, target: Path) -> int:
    """Write the head that `torch.save` wrote as safetensors (float32), and return how many numbers its weight has.

    Args:
        source: A dictionary with `weight`, shape (1, hidden size), and `bias`, shape (1,), under these names or with
            one prefix before both (`to_reward.weight`); SpeechJudge-BTRM publishes it so.
        target: Written complete or not at all; must not be there yet.

    Raises:
        InputError: If the source is something else, or the target cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise InputError(f"{shown(target)} is there already; remove it or give another name")
    weight, bias = _head(read_tensors(source), source)
    try:
        write_bytes(target, _safetensors({"weight": weight, "bias": bias}))
    except OSError as error:
        raise InputError(f"cannot write {shown(target)}: {error.strerror or error}") from error
    return int(weight.shape[1])


def _head(tensors: dict[str, Tensor], source: Path) -> tuple[Tensor, Tensor]:
    prefixes = {name.rpartition(".")[0] for name in tensors}
    told = ", ".join(f"{safe_line(name)[:60]} {list(one.shape)}" for name, one in list(tensors.items())[:4])
    named = {name.rpartition(".")[2]: one for name, one in tensors.items()}
    weight, bias = named.get("weight"), named.get("bias", np.zeros(1, dtype=np.float32))
    if len(prefixes) != 1 or not named.keys() <= {"weight", "bias"} or weight is None:
        raise InputError(f"{shown(source)} is no linear head: weight, and bias, are wanted, it has {told}")
    if weight.ndim != 2 or weight.shape[0] != 1 or bias.shape != (1,):
        raise InputError(
            f"{shown(source)} is no head of a reward: weight [1, hidden size] and bias [1] are wanted, it has {told}"
        )
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise InputError(f"{shown(source)} holds numbers that are not finite; fetch it again")
    return weight, bias


def _safetensors(tensors: dict[str, Tensor]) -> bytes:
    """Return a safetensors file: eight bytes with the length of a JSON header, that header, then the numbers."""
    header, content = {}, b""
    for name, one in tensors.items():
        data = np.ascontiguousarray(one, dtype="<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(one.shape),
            "data_offsets": [len(content), len(content) + len(data)],
        }
        content += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content
