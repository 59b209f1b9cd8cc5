"""Log-mel features of a clip at its own length, equal to what the library computes for the padded clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from audiojudge_cli.errors import ClipError

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Mel:
    """Features of one stretch of audio.

    Attributes:
        values: Log-mel energies, shape (mel bands, at least `frames`); frames behind the last heard one are what
            convolutions reach into. Of a tower that hears samples: these, shape (1, samples).
        frames: Frames that count as heard.
    """

    values: torch.Tensor
    frames: int


class Extractor(Protocol):
    """What is used of a `WhisperFeatureExtractor`."""

    n_samples: int
    n_fft: int
    hop_length: int
    chunk_length: int
    nb_max_frames: int

    def __call__(self, raw_speech: NDArray[np.float32], **options: object) -> dict[str, Any]:
        """Return `input_features` of shape (clips, mel bands, frames)."""
        ...


def padded_features(extractor: Extractor, audio: NDArray[np.float32], reach: int) -> Mel:
    """Features as of a clip that silence follows, without computing that silence.

    Whisper's extractor pads a clip to its chunk length (30 s or 300 s) before the transform, so that the last frames
    of a clip see zeros behind its end. As much silence as one window and `reach` frames need gives the same values.

    Args:
        extractor: A `WhisperFeatureExtractor`.
        audio: Mono samples at 16 kHz.
        reach: Frames to keep behind the last heard one, as far as the library's padding goes.

    Raises:
        ClipError: If the clip is longer than the extractor's chunk, which the library would cut off.
    """
    import numpy as np

    if len(audio) > extractor.n_samples:
        raise ClipError(
            "too-long",
            f"{len(audio) / SAMPLE_RATE:.1f} s of audio at once; this model hears {extractor.chunk_length} s.",
        )
    hop = extractor.hop_length
    heard = -(-len(audio) // hop)
    kept = min(heard + reach, extractor.nb_max_frames)
    # At the end of a full chunk the transform mirrors, here as there.
    length = min((kept + -(-extractor.n_fft // hop)) * hop, extractor.n_samples)
    followed = np.zeros(length, dtype=np.float32)
    followed[: len(audio)] = audio
    return Mel(_features(extractor, followed)[:, :kept], heard)


def exact_features(extractor: Extractor, audio: NDArray[np.float32]) -> Mel:
    """Features of the clip alone, mirrored at its end as the transform does it; a begun last hop is not heard."""
    if len(audio) <= extractor.n_fft // 2:
        raise too_short(audio)
    values = _features(extractor, audio)
    return Mel(values, values.shape[-1])


def too_short(audio: NDArray[np.float32], rate: int = SAMPLE_RATE) -> ClipError:
    """The error for a clip that does not fill one audio token."""
    return ClipError("empty", f"{len(audio) / rate * 1000:.0f} ms of audio are too short for this model.")


def _features(extractor: Extractor, audio: NDArray[np.float32]) -> torch.Tensor:
    found: torch.Tensor = extractor(
        audio, sampling_rate=SAMPLE_RATE, padding="do_not_pad", truncation=False, return_tensors="pt"
    )["input_features"][0]
    return found
