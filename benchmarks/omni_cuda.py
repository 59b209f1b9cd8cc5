"""The omni judge on a CUDA device, with random weights of the true 7B shape made there.

Nothing of 17 GB is written or fetched: settings and tokenizer go into a folder, each tensor is made on the device when
its layer is filled, and packed there as a checkpoint's would be.
"""

from __future__ import annotations

import gc
import json
import tempfile
import time
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from checkpoint_shapes import config
from checkpoint_tokenizer import write_tokenizer
from checkpoint_weights import RandomTensors
from make_checkpoint import _thinker_settings, _write_settings, answer_ids

from audiojudge_cli.judges.omni.checkpoint import Checkpoint, StoredTensor
from audiojudge_cli.judges.omni.fill import Target
from audiojudge_cli.judges.omni.load import assemble, dtype_of
from audiojudge_cli.judges.omni.loaded import Architecture, LoadedModel, Quant
from audiojudge_cli.judges.omni.names import place
from audiojudge_cli.judges.omni.skeleton import empty_model

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

ARCHITECTURE: Architecture = "qwen2_5_omni"
QUANTS: tuple[Quant, ...] = ("bf16", "int8", "int4")
VOCABULARY = {"7b": 152_064, "tiny": 1_600}


@dataclass(frozen=True)
class Made:
    """Tensors that are made when they are read."""

    tensors: RandomTensors

    def read(self, tensor: StoredTensor) -> torch.Tensor:
        """Return the tensor, on the device and in the dtype of the maker."""
        return self.tensors.make(tensor.place.name, tensor.shape)


def made_model(folder: Path, size: str, quant: Quant, device: torch.device) -> LoadedModel:
    """Return a model with random weights, made and packed on the device.

    Args:
        folder: Where settings and tokenizer are written.
        size: `7b`, or `tiny` to try the script out.
        quant: `bf16`, `int8` or `int4`.
        device: Where it is made.
    """
    from transformers import AutoTokenizer, WhisperFeatureExtractor

    special = write_tokenizer(ARCHITECTURE, folder)
    settings = _thinker_settings(config(ARCHITECTURE, size, special, VOCABULARY[size]))
    _write_settings(ARCHITECTURE, folder, settings, special)
    plain = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    dtype = dtype_of(quant)
    names = empty_model(ARCHITECTURE, plain, device, dtype).named_parameters()
    stored = [_stored(name, tuple(parameter.shape), folder) for name, parameter in names]
    source = Made(RandomTensors(0, answer_ids(folder), device, dtype))
    checkpoint = Checkpoint(folder, ARCHITECTURE, plain, None, tuple(stored))
    return LoadedModel(
        architecture=ARCHITECTURE,
        model=assemble(checkpoint, source, Target(quant, device, dtype)),
        tokenizer=AutoTokenizer.from_pretrained(folder),
        feature_extractor=WhisperFeatureExtractor.from_pretrained(folder),
        device=device,
        dtype=dtype,
        quant=quant,
        folder=folder,
        fingerprint="random",
    )


def _stored(name: str, shape: tuple[int, ...], folder: Path) -> StoredTensor:
    found = place(ARCHITECTURE, name)
    if found is None:
        msg = f"{name} has no place in a judge"
        raise ValueError(msg)
    return StoredTensor(name, folder / "made on the device", "BF16", shape, 2 * prod(shape), found)


def on_device(name: str, size: str, *, items: int, seconds: float, rounds: int, clips: int) -> None:
    """Print items and clips per second, real-time factor and memory for every quantization, and the plain loop's.

    Args:
        name: `cuda`, `cuda:1` …, or `cpu` to try the script out.
        size: `7b` or `tiny`.
        items: Items per clip.
        seconds: Length of a clip.
        rounds: How often each way takes its turn; the best counts.
        clips: Clips heard together by the judge; the plain loop takes one.
    """
    import torch

    device = torch.device(name)
    title = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU, only to try the script out"
    print(f"{ARCHITECTURE} in the {size} shape, random weights, {title}, {clips} clips of {seconds:g} s, {items} items")
    print("| | items/s | clips/s | real-time factor | weights, GB | peak, GB | times the plain loop |")
    print("|---|---|---|---|---|---|---|")
    for quant in QUANTS:
        with tempfile.TemporaryDirectory() as folder:
            loaded = made_model(Path(folder), size, quant, device)
            _row(loaded, items=items, seconds=seconds, rounds=rounds, clips=clips)
        del loaded
        gc.collect()
        if device.type == "cuda":
            torch.cuda.empty_cache()


def _row(loaded: LoadedModel, *, items: int, seconds: float, rounds: int, clips: int) -> None:
    from omni import Task, sound

    heard = [sound(seconds, seed) for seed in range(clips)]
    weights = _allocated(loaded.device)
    task = Task(loaded, items)
    task.shared(heard[:1])
    _reset_peak(loaded.device)
    shared = min(_timed(lambda: task.shared(heard), loaded.device) for _ in range(rounds)) / clips
    peak = _peak(loaded.device)
    task.plain(heard[:1])
    plain = min(_timed(lambda: task.plain(heard[:1]), loaded.device) for _ in range(rounds))
    print(
        f"| {loaded.quant} | {items / shared:.1f} | {1 / shared:.2f} | {shared / seconds:.4f} | {weights / 1e9:.2f} | "
        f"{peak / 1e9:.2f} | {plain / shared:.1f} |",
        flush=True,
    )


def _timed(run: Callable[[], object], device: torch.device) -> float:
    _settled(device)
    begun = time.perf_counter()
    run()
    _settled(device)
    return time.perf_counter() - begun


def _settled(device: torch.device) -> None:
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _allocated(device: torch.device) -> int:
    import torch

    return torch.cuda.memory_allocated(device) if device.type == "cuda" else 0


def _reset_peak(device: torch.device) -> None:
    import torch

    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _peak(device: torch.device) -> int:
    import torch

    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0
