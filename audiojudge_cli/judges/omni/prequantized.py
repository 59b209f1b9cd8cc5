"""Checkpoints that were quantized before release (GPTQ, AWQ, bitsandbytes, compressed-tensors …), as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.checkpoint import raw_config
from audiojudge_cli.judges.omni.skeleton import drop_vision, model_class
from audiojudge_cli.text.terminal import safe_line, shown

if TYPE_CHECKING:
    import torch

    from audiojudge_cli.judges.omni.checkpoint import Checkpoint


def load_prequantized(checkpoint: Checkpoint, device: torch.device) -> tuple[torch.nn.Module, torch.dtype]:
    """Return the model and what it computes in; the library of transformers that knows the method unpacks it.

    Raises:
        WeightsError: If that library is missing or refuses the checkpoint; the message names it.
    """
    import torch
    from transformers.quantizers.auto import AUTO_QUANTIZER_MAPPING

    folder = shown(checkpoint.folder)
    if checkpoint.quantization not in AUTO_QUANTIZER_MAPPING and checkpoint.quantization != "bitsandbytes":
        method = safe_line(str(checkpoint.quantization))[:80]
        raise WeightsError(f"{folder} is quantized with {method!r}, which transformers does not know; use another copy")
    if checkpoint.architecture == "jastin":
        raise WeightsError(
            f"{folder}: a {checkpoint.architecture} checkpoint is read unquantized; quantize with --quant"
        )
    kind = model_class(checkpoint.architecture)
    config = kind.config_class(**checkpoint.config)
    # A whole Omni model says it beside its thinker, not in it.
    if getattr(config, "quantization_config", None) is None:
        config.quantization_config = raw_config(checkpoint.folder)["quantization_config"]
    try:
        model, told = kind.from_pretrained(
            checkpoint.folder,
            config=config,
            device_map={"": str(device)},
            dtype=torch.bfloat16,
            attn_implementation="sdpa",
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (ImportError, ValueError, OSError, LookupError, AttributeError, TypeError, NotImplementedError) as error:
        reason = safe_line(" ".join(str(error).split()))[:300]
        raise WeightsError(
            f"{folder} is quantized with {checkpoint.quantization}, which cannot be loaded here: {reason}"
        ) from error
    # The library fills what it does not find with random numbers.
    absent = sorted(str(name) for name in told["missing_keys"] if ".visual." not in str(name))
    if absent:
        raise WeightsError(
            f"{folder} lacks {len(absent)} tensors of a model quantized with {checkpoint.quantization} "
            f"({safe_line(absent[0])} is the first); fetch it again"
        )
    drop_vision(model)
    done: torch.nn.Module = model.eval().requires_grad_(requires_grad=False)
    return done, torch.bfloat16
