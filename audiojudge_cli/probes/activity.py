"""Voice activity: Silero VAD, a probability of speech every 32 ms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.lazy import lazy
from audiojudge_cli.probes.mel import RATE, Array

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FRAME = 512
CONTEXT = 64
BLOCK = 512
"""Frames per call of the model (16.4 s): bounds memory, changes nothing (the state is carried over)."""

THRESHOLD = 0.5
HYSTERESIS = 0.15
SHORTEST_SPEECH_S = 0.2
SHORTEST_PAUSE_S = 0.1


@dataclass(frozen=True)
class SpeechActivity:
    """Where somebody speaks.

    Attributes:
        probabilities: Of speech, per frame, shape (frames,).
        hop_s: Seconds per frame.
        duration_s: Length of the clip.
    """

    probabilities: Array
    hop_s: float
    duration_s: float

    def segments(self, threshold: float = THRESHOLD) -> tuple[tuple[float, float], ...]:
        """Return the stretches (start, end) of speech in seconds.

        A stretch starts at `threshold` and ends when the probability falls 0.15 below it; pauses under 0.1 s are
        bridged, and stretches under 0.2 s dropped.
        """
        found: list[list[float]] = []
        speaking = False
        for frame, probability in enumerate(self.probabilities):
            start, end = frame * self.hop_s, min((frame + 1) * self.hop_s, self.duration_s)
            speaking = probability >= (threshold - HYSTERESIS if speaking else threshold)
            if not speaking:
                continue
            if found and start - found[-1][1] < SHORTEST_PAUSE_S:
                found[-1][1] = end
            else:
                found.append([start, end])
        return tuple((round(a, 3), round(b, 3)) for a, b in found if b - a >= SHORTEST_SPEECH_S)

    @lazy
    def seconds(self) -> float:
        """Seconds of speech at the usual threshold."""
        return sum(end - start for start, end in self.segments())

    @property
    def share(self) -> float:
        """Share of the clip that is speech, 0 to 1."""
        return self.seconds / self.duration_s if self.duration_s else 0.0

    @property
    def peak(self) -> float:
        """Highest probability held for a quarter of a second: the likelihood that anybody speaks at all."""
        width = min(8, len(self.probabilities))
        if not width:
            return 0.0
        windows = np.lib.stride_tricks.sliding_window_view(self.probabilities, width)
        return float(windows.mean(axis=1).max())

    def mask(self, times_s: Array, threshold: float = THRESHOLD) -> np.ndarray[tuple[int, ...], np.dtype[np.bool]]:
        """Return, for each time in seconds, whether it lies in a stretch of speech."""
        inside = np.zeros(len(times_s), dtype=np.bool_)
        for start, end in self.segments(threshold):
            inside |= (times_s >= start) & (times_s < end)
        return inside


def listen(samples: Array, session: InferenceSession) -> SpeechActivity:
    """Return where somebody speaks in `samples` (mono float32 at 16 kHz; silence fills the last frame)."""
    count = -(-len(samples) // FRAME)
    hidden = cell = np.zeros((1, 1, 128), dtype=np.float32)
    heard = [np.zeros(0, dtype=np.float32)]
    for first in range(0, count, BLOCK):
        frames = min(BLOCK, count - first)
        # Each frame with what came before it; silence before the clip and after it.
        padded = np.zeros(CONTEXT + frames * FRAME, dtype=np.float32)
        start = max(0, first * FRAME - CONTEXT)
        part = samples[start : (first + frames) * FRAME]
        padded[CONTEXT - (first * FRAME - start) :][: len(part)] = part
        inputs = np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + FRAME)[::FRAME]
        block = {"input": np.ascontiguousarray(inputs), "h": hidden, "c": cell}
        probabilities, hidden, cell = session.run(["speech_probs", "hn", "cn"], block)
        heard.append(probabilities.reshape(-1))
    return SpeechActivity(np.concatenate(heard), FRAME / RATE, len(samples) / RATE)
