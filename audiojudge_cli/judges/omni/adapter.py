"""What differs between the architectures: how audio becomes tokens, and where these stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.mel import Mel


class Adapter(Protocol):
    """One architecture's way of hearing.

    Attributes:
        before: Tokens that open the audio in a prompt.
        after: Tokens that close it.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]

    def features(self, audio: NDArray[np.float32]) -> list[Mel]:
        """Return what the tower takes of mono audio at the model's rate and its own length, in stretches it hears.

        Raises:
            ClipError: If the audio is too short for one audio token, or longer than the model can hear.
        """
        ...

    def encode(self, mel: Mel) -> torch.Tensor:
        """Return what the language model reads in place of audio tokens, shape (tokens, hidden size)."""
        ...

    def positions(self, steps: torch.Tensor) -> torch.Tensor:
        """Turn token positions (rows, tokens) into what this architecture's rotary embedding takes."""
        ...


def adapter_for(loaded: LoadedModel) -> Adapter:
    """Return the adapter of the model's architecture."""
    if loaded.architecture == "qwen2_audio":
        from audiojudge_cli.judges.omni.qwen2_audio import Qwen2AudioAdapter

        return Qwen2AudioAdapter(loaded)
    if loaded.architecture == "audioflamingo3":
        from audiojudge_cli.judges.omni.audioflamingo3 import AudioFlamingo3Adapter

        return AudioFlamingo3Adapter(loaded)
    if loaded.architecture == "jastin":
        from audiojudge_cli.judges.omni.jastin import JastinAdapter

        return JastinAdapter(loaded)
    from audiojudge_cli.judges.omni.qwen_omni import QwenOmniAdapter

    return QwenOmniAdapter(loaded)
