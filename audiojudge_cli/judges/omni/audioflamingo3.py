"""Audio Flamingo 3: a Whisper tower over windows of 30 s, a small projector, a Qwen2 language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.omni import whisper_tower
from audiojudge_cli.judges.omni.mel import Mel, padded_features, too_short

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import LoadedModel


class AudioFlamingo3Adapter:
    """Hears up to 10 min in windows that don't see each other in the tower, one token for 40 ms."""

    def __init__(self, loaded: LoadedModel) -> None:
        model: Any = loaded.model
        self._tower = model.model.audio_tower
        self._projector = model.model.multi_modal_projector
        self._extractor = loaded.feature_extractor
        # The audio's placeholders stand alone in this model's prompts.
        self.before: tuple[int, ...] = ()
        self.after: tuple[int, ...] = ()

    def features(self, audio: NDArray[np.float32]) -> list[Mel]:
        """Features of every window, each scaled by its own loudest moment as the library does it.

        A last window too short for a token of its own adds none, in the library as well.
        """
        window = self._extractor.n_samples
        mels = [
            padded_features(self._extractor, audio[start : start + window], whisper_tower.REACH)
            for start in range(0, len(audio), window)
        ]
        heard = [mel for mel in mels if mel.frames >= whisper_tower.SHORTEST]
        if not heard:
            raise too_short(audio)
        return heard

    def encode(self, mel: Mel) -> torch.Tensor:
        """Audio embeddings of one window."""
        found: torch.Tensor = self._projector(whisper_tower.encode(self._tower, mel))
        return found

    def positions(self, steps: torch.Tensor) -> torch.Tensor:
        """One position per token."""
        return steps
