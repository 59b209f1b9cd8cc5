"""Qwen2-Audio: a Whisper tower, a linear projector, a Qwen2 language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.omni import whisper_tower
from audiojudge_cli.judges.omni.mel import Mel, padded_features, too_short

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import LoadedModel


class Qwen2AudioAdapter:
    """Hears up to 30 s, one token for 40 ms."""

    def __init__(self, loaded: LoadedModel) -> None:
        model: Any = loaded.model
        self._tower = model.model.audio_tower
        self._projector = model.model.multi_modal_projector
        self._extractor = loaded.feature_extractor
        ids = loaded.tokenizer.convert_tokens_to_ids
        self.before: tuple[int, ...] = (ids("<|audio_bos|>"),)
        self.after: tuple[int, ...] = (ids("<|audio_eos|>"),)

    def features(self, audio: NDArray[np.float32]) -> list[Mel]:
        """Features of the whole clip."""
        mel = padded_features(self._extractor, audio, whisper_tower.REACH)
        if mel.frames < whisper_tower.SHORTEST:
            raise too_short(audio)
        return [mel]

    def encode(self, mel: Mel) -> torch.Tensor:
        """Audio embeddings of the clip."""
        found: torch.Tensor = self._projector(whisper_tower.encode(self._tower, mel))
        return found

    def positions(self, steps: torch.Tensor) -> torch.Tensor:
        """One position per token."""
        return steps
