"""Audio on its way into memory: blocks of samples from whichever library reads the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audiojudge_cli.clips.waveform import Samples

BLOCK_FRAMES = 1 << 16


@dataclass(frozen=True, slots=True)
class Stream:
    """An opened audio stream.

    Attributes:
        rate: Samples per second.
        channels: Number of channels.
        frames: Samples per channel as the header claims, or None when it does not say.
        blocks: float32 arrays of shape (frames, channels), in order; reading may raise `ClipError`.
        slack: How many frames fewer than claimed are still no sign of missing audio.
        speakers: What each channel is for (`clips.speakers`); empty where the file does not say.
    """

    rate: int
    channels: int
    frames: int | None
    blocks: Iterator[Samples]
    slack: int = 0
    speakers: tuple[str, ...] = ()
