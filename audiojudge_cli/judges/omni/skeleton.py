"""The module tree of a model without its weights, and without the parts a judge never uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.loaded import Architecture
from audiojudge_cli.text.terminal import safe_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

CLASSES: dict[Architecture, str] = {
    "qwen2_audio": "Qwen2AudioForConditionalGeneration",
    "qwen2_5_omni": "Qwen2_5OmniThinkerForConditionalGeneration",
    "qwen3_omni_moe": "Qwen3OmniMoeThinkerForConditionalGeneration",
    "audioflamingo3": "AudioFlamingo3ForConditionalGeneration",
}
"""The classes that transformers has; of `jastin` it has the parts."""


def model_class(architecture: Architecture) -> Any:  # noqa: ANN401 - transformers is not typed
    """Return the class of the architecture; for the Omni ones, that of the thinker."""
    import transformers

    if architecture == "jastin":
        from audiojudge_cli.judges.omni.jastin_model import jastin_class

        return jastin_class()

    return getattr(transformers, CLASSES[architecture])


def empty_model(
    architecture: Architecture, config: Mapping[str, Any], device: torch.device, dtype: torch.dtype
) -> torch.nn.Module:
    """Return the model with its parameters on the meta device, where they take no memory, and no vision tower.

    Tables that are computed, not loaded (rotary frequencies, sinusoids), are on `device` already, in float32.

    Args:
        architecture: Which one.
        config: Contents of `config.json`, of the thinker for the Omni ones.
        device: Where the computed tables go.
        dtype: What the model says its parameters have.

    Raises:
        WeightsError: If transformers does not accept the configuration.
    """
    import torch

    kind = model_class(architecture)
    plain = {name: value for name, value in config.items() if name not in {"quantization_config", "auto_map"}}
    try:
        settings = kind.config_class(**plain)
        with torch.device("meta"):
            model: torch.nn.Module = kind(settings)
    except Exception as error:
        reason = safe_line(" ".join(str(error).split()))[:200]
        raise WeightsError(f"config.json is no valid {architecture} configuration: {reason}") from error
    drop_vision(model)
    model.config.dtype = dtype
    model.set_attn_implementation("sdpa")  # type: ignore[operator]
    for module in model.modules():
        _compute_tables(module, device)
    return model.eval().requires_grad_(requires_grad=False)


def drop_vision(model: torch.nn.Module) -> None:
    """Take the vision tower out of a thinker: a judge is never shown anything."""
    inner: Any = model.get_submodule("model")
    if hasattr(inner, "visual"):
        inner.visual = None


def _compute_tables(module: Any, device: torch.device) -> None:  # noqa: ANN401 - as above
    import torch

    names = [name for name, buffer in module.named_buffers(recurse=False) if buffer.is_meta]
    if not names:
        return
    with torch.device(device):
        if hasattr(module, "max_timescale"):
            fresh = type(module)(module.length, module.channels, module.max_timescale)
        else:
            fresh = type(module)(module.config)
    for name in names:
        setattr(module, name, getattr(fresh, name))
