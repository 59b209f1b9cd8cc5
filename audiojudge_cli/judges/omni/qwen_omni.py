"""Qwen2.5-Omni and Qwen3-Omni, their thinkers: a tower over short windows, a language model with rotary 3-D positions.

Both towers are called with one clip at a time. In one call with several clips the library pads the last window of a
short clip to the longest window of the batch, which moves its outputs (Qwen3-Omni).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.omni.mel import Mel, exact_features, padded_features, too_short

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import LoadedModel

# What opens and closes the audio in a prompt.
_AROUND = {
    "qwen2_5_omni": ("<|audio_bos|>", "<|audio_eos|>"),
    "qwen3_omni_moe": ("<|audio_start|>", "<|audio_end|>"),
}


class QwenOmniAdapter:
    """Hears with the library's own tower: 25 tokens a second (2.5), 13 (3)."""

    def __init__(self, loaded: LoadedModel) -> None:
        model: Any = loaded.model
        self._tower = model.model.audio_tower
        self._extractor = loaded.feature_extractor
        # Qwen3-Omni's processor pads nothing and cuts nothing off; the one of 2.5 pads to 300 s.
        self._padded = loaded.architecture == "qwen2_5_omni"
        before, after = _AROUND[loaded.architecture]
        ids = loaded.tokenizer.convert_tokens_to_ids
        self.before: tuple[int, ...] = (ids(before),)
        self.after: tuple[int, ...] = (ids(after),)

    def features(self, audio: NDArray[np.float32]) -> list[Mel]:
        """Features of the whole clip. Convolutions see zeros behind the last frame, in the library as well."""
        if not self._padded:
            return [exact_features(self._extractor, audio)]
        mel = padded_features(self._extractor, audio, 0)
        if mel.frames < 3:
            raise too_short(audio)
        return [mel]

    def encode(self, mel: Mel) -> torch.Tensor:
        """Audio embeddings of the clip."""
        import torch

        device = self._tower.get_input_embeddings().weight.device
        found: torch.Tensor = self._tower(
            mel.values.to(device), feature_lens=torch.tensor([mel.frames], device=device)
        ).last_hidden_state
        return found

    def positions(self, steps: torch.Tensor) -> torch.Tensor:
        """Time, height and width of every token: for text and audio they are the same, one step per token."""
        return steps[None].expand(3, -1, -1)
