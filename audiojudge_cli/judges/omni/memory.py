"""How much memory a model takes, how much is free, and which quantization fits."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni.device import native_bf16
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    import torch

    from audiojudge_cli.judges.omni.checkpoint import Checkpoint
    from audiojudge_cli.judges.omni.loaded import Quant

CHOICES: tuple[str, ...] = ("auto", "none", "bf16", "int8", "int4")
GIB = float(1 << 30)

# Bytes per parameter of the layers that are packed: int8 has a scale per row; int4 (NF4) has one byte per block of 64,
# and one number per 256 of those.
_PACKED = {"none": 4.0, "bf16": 2.0, "int8": 1.002, "int4": 0.517}
_KEPT = {"none": 4.0, "bf16": 2.0, "int8": 2.0, "int4": 2.0}
# What a run needs besides: features, attention states of a clip and its items, library workspaces. Small models need
# little of it, so it grows with the model up to a bound.
_WORK_SHARE, _WORK_MOST = 0.25, 1.5 * GIB
_GROUPS = (
    ("/sys/fs/cgroup", "memory.max", "memory.current"),
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
)


def weight_bytes(checkpoint: Checkpoint, quant: Quant) -> int:
    """Return how many bytes the weights take on the device; those of a pre-quantized checkpoint as they lie on disk."""
    if quant == "prequantized":
        return checkpoint.bytes
    return int(
        sum(tensor.count * (_PACKED if tensor.place.quantizable else _KEPT)[quant] for tensor in checkpoint.tensors)
    )


def needed_bytes(checkpoint: Checkpoint, quant: Quant) -> int:
    """Return how many bytes must be free to load the model and to judge with it."""
    weights = weight_bytes(checkpoint, quant)
    return weights + int(min(_WORK_SHARE * weights, _WORK_MOST))


def free_bytes(device: torch.device) -> int:
    """Return how many bytes are free: on the CUDA device, or in this process's share of the host's memory."""
    if device.type == "cuda":
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    import psutil  # type: ignore[import-untyped]

    available = int(psutil.virtual_memory().available)
    return min(
        [
            available,
            *(room for folder, limit, used in _GROUPS if (room := group_room(Path(folder), limit, used)) is not None),
        ]
    )


def choose_quant(checkpoint: Checkpoint, asked: str, device: torch.device, free: int) -> tuple[Quant, tuple[str, ...]]:
    """Return the quantization to load with, and what a person should be told about it.

    Args:
        checkpoint: What is to be loaded.
        asked: As given to `--quant`.
        device: Where it is to run.
        free: Free bytes there.

    Raises:
        InputError: If there is no such quantization, or the checkpoint came with one of its own.
        WeightsError: If what was asked for (with `auto`: even the smallest) does not fit into memory.
    """
    if asked not in CHOICES:
        raise InputError(f"no quantization {asked!r}; known: {', '.join(CHOICES)}")
    if checkpoint.quantization is not None:
        if asked != "auto":
            raise InputError(
                f"{shown(checkpoint.folder)} is already quantized ({checkpoint.quantization}); leave --quant at auto"
            )
        _need(checkpoint, ("prequantized",), device, free)
        return "prequantized", (f"{checkpoint.quantization}-quantized checkpoint, loaded as it is",)
    if asked != "auto":
        return _need(checkpoint, (asked,), device, free), ()
    order = ("bf16", "int8", "int4") if native_bf16(device) else ("none", "bf16", "int8", "int4")
    picked = _need(checkpoint, order, device, free)
    size, room = needed_bytes(checkpoint, picked) / GIB, free / GIB
    name = "float32, not quantized" if picked == "none" else picked
    return picked, (f"--quant auto picked {name}: about {size:.1f} GiB needed, {room:.1f} GiB free on {device}",)


def no_memory(checkpoint: Checkpoint, quant: Quant, device: torch.device, free: int) -> WeightsError:
    """Return the error that says that a model does not fit, and what would."""
    need = needed_bytes(checkpoint, quant) / GIB
    smaller = [
        f"--quant {other} needs about {needed_bytes(checkpoint, other) / GIB:.1f} GiB"
        for other in _smaller(quant)
        if needed_bytes(checkpoint, other) <= free
    ]
    elsewhere = "--device cpu, or a device with more memory" if device.type == "cuda" else "a machine with more memory"
    remedy = smaller[0] if smaller else f"use {elsewhere}, or a smaller model"
    what = "as it is" if quant == "prequantized" else f"as {'float32' if quant == 'none' else quant}"
    return WeightsError(
        f"{shown(checkpoint.folder)} {what} needs about {need:.1f} GiB, and {device} has {free / GIB:.1f} GiB free; "
        f"{remedy}"
    )


def _smaller(quant: str) -> tuple[Quant, ...]:
    order: tuple[Quant, ...] = ("none", "bf16", "int8", "int4")
    return order[order.index(quant) + 1 :] if quant in order else ()


def _need(checkpoint: Checkpoint, order: tuple[str, ...], device: torch.device, free: int) -> Quant:
    """Return the first that fits."""
    known: dict[str, Quant] = {
        "none": "none", "bf16": "bf16", "int8": "int8", "int4": "int4", "prequantized": "prequantized",
    }  # fmt: skip
    for name in order:
        if needed_bytes(checkpoint, known[name]) <= free:
            return known[name]
    raise no_memory(checkpoint, known[order[-1]], device, free)


def group_room(folder: Path, limit: str, used: str) -> int | None:
    """Return how many bytes a control group (a container, say) leaves free; None where it sets no limit.

    Pages that only cache files are given back when memory is needed, so they count as free.
    """
    try:
        most = int((folder / limit).read_text(encoding="ascii"))
        now = int((folder / used).read_text(encoding="ascii"))
        rows = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        cached = sum(int(row.split()[1]) for row in rows if row.startswith(("active_file ", "inactive_file ")))
    except (OSError, ValueError, IndexError):
        return None
    return max(0, most - now + cached)


def trim_heap() -> None:
    """Give freed memory back to the system, where the C library would keep it for later (glibc).

    Packing makes temporary copies, each freed at once; kept by the heap, they would pile up to several times the
    packed weights.
    """
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
