"""The module tree of judges of Jastin's design (arXiv 2605.04505), from the PE-Audio and Llama classes of transformers.

samples ─► PE-A-Frame ─► projection ─► adapter ─► Llama ─► lm_head
48 kHz     frozen,       linear        x + up(gelu(down(x))), a quarter as wide in between
           25 tokens/s
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

REDUCTION = 4
"""How much narrower the adapter is in between, as in the paper, where config.json says nothing."""

_ADAPTER = {"reduction", "hidden_act"}


@dataclass
class JastinConfig:
    """What `config.json` says.

    Attributes:
        audio: `PeAudioEncoderConfig` of transformers.
        text: `LlamaConfig` of transformers.
        reduction: Width of the language model over that of the adapter in between.
        hidden_act: Activation of the adapter, as transformers names it.
        dtype: Of the parameters.
    """

    audio: Any
    text: Any
    reduction: int
    hidden_act: str
    dtype: Any = None

    @classmethod
    def read(
        cls,
        *,
        audio_config: Mapping[str, Any],
        text_config: Mapping[str, Any],
        adapter_config: Mapping[str, Any] | None = None,
        **_others: object,
    ) -> JastinConfig:
        """Return the configuration.

        Args:
            audio_config: Of the encoder, as PE-A-Frame's `config.json` has it under this name.
            text_config: Of the language model, as Llama's `config.json`.
            adapter_config: `reduction` (4) and `hidden_act` (`gelu`).

        Raises:
            ValueError: If it does not fit together.
        """
        from transformers import LlamaConfig, PeAudioEncoderConfig

        told = dict(adapter_config or {})
        if strange := sorted(set(told) - _ADAPTER):
            msg = f"adapter_config has no {strange[0]!r}; it has {' and '.join(sorted(_ADAPTER))}"
            raise ValueError(msg)
        for part, config, kind in (("audio", audio_config, "pe_audio_encoder"), ("text", text_config, "llama")):
            if (said := config.get("model_type", kind)) != kind:
                msg = f"{part}_config.model_type is {said!r}, and a judge of this design has {kind!r}"
                raise ValueError(msg)
        text, reduction = LlamaConfig(**text_config), told.get("reduction", REDUCTION)
        if not isinstance(reduction, int) or reduction < 1 or text.hidden_size % reduction:
            msg = f"adapter_config.reduction is {reduction!r}, which does not divide the width {text.hidden_size}"
            raise ValueError(msg)
        return cls(PeAudioEncoderConfig(**audio_config), text, reduction, str(told.get("hidden_act", "gelu")))


@cache
def jastin_class() -> type[torch.nn.Module]:
    """Return the class of these models: `Class(JastinConfig)`, with `config_class` to read it."""
    import torch
    from transformers import LlamaModel, PeAudioEncoder
    from transformers.activations import ACT2FN

    class Adapter(torch.nn.Module):
        """A bottleneck with a way around it."""

        def __init__(self, width: int, between: int, activation: str) -> None:
            super().__init__()
            self.down = torch.nn.Linear(width, between)
            self.up = torch.nn.Linear(between, width)
            self.activation = ACT2FN[activation]

        def forward(self, states: torch.Tensor) -> torch.Tensor:
            """Return states of the same shape (…, width)."""
            found: torch.Tensor = states + self.up(self.activation(self.down(states)))
            return found

    class Inner(torch.nn.Module):
        """All but the last layer."""

        def __init__(self, config: JastinConfig) -> None:
            super().__init__()
            width = config.text.hidden_size
            self.audio_tower = PeAudioEncoder(config.audio)
            self.projection = torch.nn.Linear(config.audio.hidden_size, width)
            self.adapter = Adapter(width, width // config.reduction, config.hidden_act)
            self.language_model = LlamaModel(config.text)

    class Jastin(torch.nn.Module):
        """The whole model."""

        config_class = JastinConfig.read

        def __init__(self, config: JastinConfig) -> None:
            super().__init__()
            self.config = config
            self.model = Inner(config)
            self.lm_head = torch.nn.Linear(config.text.hidden_size, config.text.vocab_size, bias=False)

        def set_attn_implementation(self, name: str) -> None:
            """Choose how attention is computed, as models of transformers do."""
            self.model.audio_tower.set_attn_implementation(name)
            self.model.language_model.set_attn_implementation(name)

    return Jastin
