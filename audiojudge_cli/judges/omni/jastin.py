"""Judges of Jastin's design (arXiv 2605.04505): a frozen PE-A-Frame encoder, a small adapter, a Llama."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.mel import Mel, too_short
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import LoadedModel


RATE = 48_000
"""Samples per second that PE-Audio was trained on."""


def check_extractor(extractor: Any, model: Any, folder: Path) -> None:  # noqa: ANN401 - transformers is not typed
    """Check that audio is prepared as the encoder takes it.

    Args:
        extractor: From preprocessor_config.json.
        model: The model.
        folder: Of the checkpoint.

    Raises:
        WeightsError: If it is not.
    """
    hop = model.config.audio.dac_config.hop_length
    expected = {"sampling_rate": RATE, "hop_length": hop, "feature_size": 1}
    for name, value in expected.items():
        if (said := getattr(extractor, name)) != value:
            raise WeightsError(
                f"{shown(folder / 'preprocessor_config.json')} says {name} {said}, and the encoder takes {value}; copy "
                "that of PE-A-Frame beside the model"
            )


class JastinAdapter:
    """Hears 48 kHz samples in one stretch, one token for 40 ms; its audio stands between two stretches of text."""

    def __init__(self, loaded: LoadedModel) -> None:
        model: Any = loaded.model
        self._parts = model.model
        self._extractor = loaded.feature_extractor
        self._rate = loaded.rate
        self.before: tuple[int, ...] = ()
        self.after: tuple[int, ...] = ()

    def features(self, audio: NDArray[np.float32]) -> list[Mel]:
        """Samples of the whole clip, mirrored at its end up to a whole token, as the library's extractor does it.

        Raises:
            ClipError: If they do not fill one token; mirrored, they would be heard as something else.
        """
        hop = self._extractor.hop_length
        if len(audio) < hop:
            raise too_short(audio, self._rate)
        values: torch.Tensor = self._extractor(audio, sampling_rate=self._rate, return_tensors="pt")["input_values"]
        return [Mel(values[0], values.shape[-1] // hop)]

    def encode(self, mel: Mel) -> torch.Tensor:
        """Audio embeddings: the encoder's, before its contrastive head, projected and adapted."""
        parts = self._parts
        weight = parts.projection.weight
        # One clip alone, so that nothing is padded: padding would move what is normalised over the whole clip.
        heard = parts.audio_tower(mel.values[None].to(device=weight.device, dtype=weight.dtype)).last_hidden_state
        found: torch.Tensor = parts.adapter(parts.projection(heard[0]))
        return found

    def positions(self, steps: torch.Tensor) -> torch.Tensor:
        """One position per token."""
        return steps
