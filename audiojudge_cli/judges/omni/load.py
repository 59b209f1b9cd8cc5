"""Loading an audio language model from a checkpoint folder: checked first, then read once, part by part."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.batches import is_memory_error
from audiojudge_cli.judges.omni.checkpoint import Checkpoint, read_checkpoint
from audiojudge_cli.judges.omni.device import pick_device, require_extra
from audiojudge_cli.judges.omni.fill import Filler, Target
from audiojudge_cli.judges.omni.library_noise import silence_libraries
from audiojudge_cli.judges.omni.loaded import Architecture, LoadedModel, Quant
from audiojudge_cli.judges.omni.lora import read_lora
from audiojudge_cli.judges.omni.memory import choose_quant, free_bytes, no_memory
from audiojudge_cli.judges.omni.quantize import require_library
from audiojudge_cli.judges.omni.shards import Shards, TensorSource
from audiojudge_cli.judges.omni.skeleton import empty_model
from audiojudge_cli.text.terminal import safe_line, shown
from audiojudge_cli.weights.digests import digest_of

if TYPE_CHECKING:
    import torch

_TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "added_tokens.json",
    "special_tokens_map.json", "preprocessor_config.json", "processor_config.json",
)  # fmt: skip


def load_model(folder: Path, *, device: str = "auto", quant: str = "auto", adapter: Path | None = None) -> LoadedModel:
    """Return the model in a checkpoint folder, ready to run.

    Args:
        folder: With config.json, tokenizer, preprocessor_config.json and safetensors shards.
        device: `auto`, `cpu`, `cuda`, `cuda:1` …
        quant: `auto`, `none` (float32), `bf16`, `int8` or `int4`.
        adapter: Folder of a LoRA, as peft saves it, that is merged into the weights as they are read; None: none.

    Raises:
        InputError: If there is no such device or quantization.
        WeightsError: If the extra is missing, the checkpoint is not whole or not supported, or memory is short.
    """
    checkpoint = read_checkpoint(folder)
    low_rank = None if adapter is None else read_lora(adapter, checkpoint)
    require_extra()
    silence_libraries()
    where, told = pick_device(device)
    free = free_bytes(where)
    picked, said = choose_quant(checkpoint, quant, where, free)
    require_library(picked)
    odd: tuple[str, ...] = ()
    source = Shards() if low_rank is None else low_rank.over(Shards())
    with _memory_errors(checkpoint, picked, where):
        if picked == "prequantized":
            if low_rank is not None:
                raise WeightsError(f"{shown(folder)} came quantized, and no LoRA is merged into such weights")
            from audiojudge_cli.judges.omni.prequantized import load_prequantized

            model, dtype = load_prequantized(checkpoint, where)
        else:
            dtype = dtype_of(picked)
            model, odd = fill_model(checkpoint, source, Target(picked, where, dtype))
    return LoadedModel(
        architecture=checkpoint.architecture,
        model=model,
        tokenizer=_tokenizer(folder),
        feature_extractor=_feature_extractor(folder, checkpoint.architecture, model),
        device=where,
        dtype=dtype,
        quant=picked,
        folder=folder,
        fingerprint=_fingerprint(checkpoint, picked, dtype, () if low_rank is None else low_rank.files),
        notes=(*told, *said, *odd),
    )


def dtype_of(quant: Quant) -> torch.dtype:
    """Return what is computed in: float32 without quantization, else bfloat16."""
    import torch

    return torch.float32 if quant == "none" else torch.bfloat16


def assemble(checkpoint: Checkpoint, source: TensorSource, target: Target) -> torch.nn.Module:
    """Return the model, filled from `source` (random tensors, in a benchmark).

    Raises:
        WeightsError: If tensors are missing or do not fit the configuration.
    """
    return fill_model(checkpoint, source, target)[0]


def fill_model(checkpoint: Checkpoint, source: TensorSource, target: Target) -> tuple[torch.nn.Module, tuple[str, ...]]:
    """Return the model, filled from `source`, and what a person should be told about it.

    Raises:
        WeightsError: If tensors are missing or do not fit the configuration.
    """
    model = empty_model(checkpoint.architecture, checkpoint.config, target.device, target.dtype)
    filler = Filler(model, checkpoint, source, target)
    filler.fill()
    if target.device.type == "cuda":
        import torch

        # What packing held for a moment is given back, so that it counts as free for whoever looks next.
        torch.cuda.empty_cache()
    return model, filler.notes


@contextmanager
def _memory_errors(checkpoint: Checkpoint, quant: Quant, device: torch.device) -> Iterator[None]:
    """Turn what the allocators raise into the line that says what would fit."""
    import torch

    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_memory_error(error):
            raise
    else:
        return
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    raise no_memory(checkpoint, quant, device, free_bytes(device))


def _tokenizer(folder: Path) -> Any:  # noqa: ANN401 - transformers is not typed
    from transformers import AutoTokenizer

    with _readable(folder, "the tokenizer"):
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)


def _feature_extractor(folder: Path, architecture: Architecture, model: torch.nn.Module) -> Any:  # noqa: ANN401
    from transformers import PeAudioFeatureExtractor, WhisperFeatureExtractor

    kind = PeAudioFeatureExtractor if architecture == "jastin" else WhisperFeatureExtractor
    with _readable(folder, "preprocessor_config.json"):
        found = kind.from_pretrained(folder, local_files_only=True)
    if architecture == "jastin":
        from audiojudge_cli.judges.omni.jastin import check_extractor

        check_extractor(found, model, folder)
    return found


@contextmanager
def _readable(folder: Path, what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        reason = safe_line(" ".join(str(error).split()))[:200]
        raise WeightsError(f"{shown(folder)}: {what} cannot be read: {reason}; fetch it again") from error


def _fingerprint(checkpoint: Checkpoint, quant: Quant, dtype: torch.dtype, more: tuple[Path, ...] = ()) -> str:
    """Return the digest of everything that the model's answers follow from."""
    folder = checkpoint.folder
    files = [folder / "config.json", *(folder / name for name in _TOKENIZER_FILES), *checkpoint.shards, *more]
    try:
        lines = [f"{path.name} {digest_of(path)}" for path in files if path.is_file()]
    except OSError as error:
        raise WeightsError(f"{shown(folder)} cannot be read: {error.strerror}") from error
    return hashlib.sha256("\n".join([*lines, quant, str(dtype)]).encode()).hexdigest()
