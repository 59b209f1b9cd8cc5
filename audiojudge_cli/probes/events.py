"""Sound events: YAMNet's 521 AudioSet classes, frame by frame.

The model reads patches of 0.96 s one by one, so that what is heard in a patch never depends on how many others
there are; only the level does: the clip's peak is brought to one half first, because
YAMNet's activations fall with level (measured on 70 labelled recordings: at −30 dB the true class leaves the top five
in 3 of 10 clips that had it there).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.clips.spill import blocks, room
from audiojudge_cli.lazy import lazy
from audiojudge_cli.probes.mel import HOP, RATE, Array, yamnet_log_mel
from audiojudge_cli.probes.yamnet_graph import EMBEDDING, LOGITS
from audiojudge_cli.signals.frames import peak as loudest

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PATCH = 96
"""Frames of 10 ms in a patch."""

WINDOW = 400
"""Samples a frame looks at (25 ms)."""

PATCH_SAMPLES = (PATCH - 1) * HOP + WINDOW

SILENT_BELOW = float(np.log(100.0))
"""Natural log of magnitude, 40 dB: what lies further below the loudest part of a clip is its silence."""

LOW_BANDS = 32
QUIETEST = float(np.log(0.001))
"""What the front end gives for silence."""

MARGIN_S = 0.05
"""Left out on either side of a span: the edges of a voice are soft."""

SHORTEST_LEFT = 30
"""Frames outside speech (0.3 s) that are worth listening to."""

STEP = 24
"""Frames between patches. Upstream steps 48; half of that catches short sounds that straddle two patches."""

PEAK = 0.5
LARGEST_GAIN = 100.0

# Of the quantized graph's input, read from the file the card pins by hash.
INPUT_SCALE, INPUT_ZERO = 0.047937885, 144


@dataclass(frozen=True)
class EventTrack:
    """What was heard, patch by patch.

    Attributes:
        logits: Of each class in each patch, independent of each other, shape (patches, 521).
        embedding: What the logits are read from, shape (patches, 1024).
        names: Display name of each class, as in AudioSet.
        hop_s: Seconds from one patch to the next.
        window_s: Seconds a patch spans.
        duration_s: Length of the clip.
        padded: Whether the clip was shorter than one patch, so that silence had to fill it up.
        active: Whether a patch holds sound, within 40 dB of the loudest one, shape (patches,), never all False.
    """

    logits: Array
    embedding: Array
    names: tuple[str, ...]
    hop_s: float
    window_s: float
    duration_s: float
    padded: bool
    active: np.ndarray[tuple[int], np.dtype[np.bool]]

    @lazy
    def scores(self) -> Array:
        """Activation (a probability) of each class in each patch, shape (patches, 521)."""
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.logits, -80.0, 80.0))), dtype=np.float32)

    def index(self, name: str) -> int:
        """Return the column of a class.

        Raises:
            KeyError: If AudioSet has no class of that display name.
        """
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def columns(self, names: Iterable[str]) -> list[int]:
        """Return the columns of several classes, in order.

        Raises:
            KeyError: If AudioSet has no class of one of the names.
        """
        return [self.index(name) for name in names]

    def track(self, names: str | Iterable[str]) -> Array:
        """Return the activation of a class over time, or of the likeliest among several, shape (patches,)."""
        columns = self.columns([names] if isinstance(names, str) else names)
        return np.asarray(self.scores[:, columns].max(axis=1), dtype=np.float32)

    def span(self, patch: int) -> tuple[float, float]:
        """Return (start, end) of a patch in seconds, within the clip."""
        start = patch * self.hop_s
        return min(start, self.duration_s), min(start + self.window_s, self.duration_s)

    def spans(self, names: str | Iterable[str], threshold: float) -> tuple[tuple[float, float], ...]:
        """Return the stretches (start, end), in seconds, where the activation reaches `threshold`.

        Neighbouring patches overlap, so a stretch is drawn from the centre of its first patch to the centre of its
        last, half a step wider on either side; at the ends of the clip it reaches the end.
        """
        active = np.concatenate(([False], self.track(names) >= threshold, [False]))
        turns = np.flatnonzero(active[1:] != active[:-1])
        margin, count = (self.window_s - self.hop_s) / 2, len(active) - 2
        found = []
        for first, after in turns.reshape(-1, 2).tolist():
            start = self.span(first)[0] + (margin if first else 0.0)
            end = self.span(after - 1)[0] + self.window_s - (margin if after < count else 0.0)
            found.append((round(start, 3), round(min(end, self.duration_s), 3)))
        return tuple(found)

    def top(self, count: int = 10) -> tuple[tuple[str, float], ...]:
        """Return the likeliest classes with their highest activation in any patch, best first."""
        best = self.scores.max(axis=0)
        order = np.argsort(-best, kind="stable")[:count]
        return tuple((self.names[i], float(best[i])) for i in order)


def read_classes(path: Path) -> tuple[str, ...]:
    """Return the display names in the class map (CSV with index, mid, display_name), in order."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(row["display_name"] for row in csv.DictReader(stream))


def hear(samples: Array, session: InferenceSession, names: Sequence[str]) -> EventTrack:
    """Return which classes sound when.

    Args:
        samples: Mono float32 at 16 kHz, any length but empty; silence fills the last patch.
        session: The quantized YAMNet with its float head (`Models.yamnet`).
        names: Display names of its classes (`read_classes`).

    Raises:
        ValueError: If there are no samples.
    """
    if not len(samples):
        msg = "no samples to hear"
        raise ValueError(msg)
    log_mel = _covering_log_mel(samples)
    return _track(log_mel, 1 + (len(log_mel) - PATCH) // STEP, len(samples) / RATE, session, names)


def hear_low(samples: Array, session: InferenceSession, names: Sequence[str]) -> EventTrack:
    """Return which classes sound below about 1.6 kHz: thunder, owls and engines under rain, hiss or a voice.

    The upper half of the mel bands is muted; everything else is as in `hear`.
    """
    log_mel = _covering_log_mel(samples)
    log_mel[:, LOW_BANDS:] = QUIETEST
    return _track(log_mel, 1 + (len(log_mel) - PATCH) // STEP, len(samples) / RATE, session, names)


def hear_outside(
    samples: Array, spans: Sequence[tuple[float, float]], session: InferenceSession, names: Sequence[str]
) -> EventTrack | None:
    """Return which classes sound while nothing happens in `spans`: what a voice covers shows in its pauses.

    The frames outside the spans are joined and repeated to fill a patch, so the track has no times of the clip.

    Args:
        samples: As for `hear`.
        spans: Stretches (start, end) in seconds to leave out.
        session: As for `hear`.
        names: As for `hear`.

    Returns:
        The track, or None where less than 0.3 s is left or there is nothing to leave out.
    """
    if not spans or not len(samples):
        return None
    rest = room(len(samples))
    rest[:] = samples
    for start, end in spans:
        rest[max(0, round((start - MARGIN_S) * RATE)) : max(0, round((end + MARGIN_S) * RATE))] = 0.0
    log_mel = yamnet_log_mel(_levelled(rest, PATCH_SAMPLES))
    log_mel = log_mel[: max(1, len(samples) // HOP)]
    centre_s = (np.arange(len(log_mel)) * HOP + WINDOW / 2) / RATE
    left = np.ones(len(log_mel), dtype=np.bool_)
    for start, end in spans:
        first, after = np.searchsorted(centre_s, (start - MARGIN_S, end + MARGIN_S))
        left[first:after] = False
    left &= _level(log_mel) > _level(log_mel).max() - SILENT_BELOW
    if left.sum() < SHORTEST_LEFT or left.all():
        return None
    kept = log_mel[left]
    kept = np.tile(kept, (-(-PATCH // len(kept)), 1)) if len(kept) < PATCH else kept
    return _track(kept, 1 + (len(kept) - PATCH) // STEP, len(kept) * HOP / RATE, session, names)


def _covering_log_mel(samples: Array) -> Array:
    """Return the log-mel frames of whole patches, silence added so that the last one covers the end."""
    extra = max(0, -(-(len(samples) - PATCH_SAMPLES) // (STEP * HOP)))
    length = PATCH_SAMPLES + extra * STEP * HOP
    return yamnet_log_mel(_levelled(samples, length))


def _track(
    log_mel: Array, patches: int, duration_s: float, session: InferenceSession, names: Sequence[str]
) -> EventTrack:
    levels = np.array([_level(log_mel[patch * STEP : patch * STEP + PATCH]).max() for patch in range(patches)])
    logits = np.empty((patches, len(names)), dtype=np.float32)
    embedding = np.empty((patches, 1024), dtype=np.float32)
    for patch in range(patches):
        mel = log_mel[patch * STEP : patch * STEP + PATCH]
        quantized = np.clip(np.rint(mel / INPUT_SCALE) + INPUT_ZERO, 0, 255).astype(np.uint8)
        answer, beneath = session.run([LOGITS, EMBEDDING], {"audio": quantized[None, None]})
        logits[patch], embedding[patch] = answer[0], beneath[0]
    return EventTrack(
        logits=logits,
        embedding=embedding,
        names=tuple(names),
        hop_s=STEP * HOP / RATE,
        window_s=PATCH * HOP / RATE,
        duration_s=duration_s,
        padded=duration_s * RATE < PATCH_SAMPLES,
        active=levels > levels.max() - SILENT_BELOW,
    )


def _level(log_mel: Array) -> Array:
    """Return the mean log magnitude of frames (natural logarithm), shape (frames,)."""
    return np.asarray(log_mel.mean(axis=-1), dtype=np.float32)


def _levelled(samples: Array, length: int) -> Array:
    """Bring the peak to one half, raising by 40 dB at most so that hiss of an empty clip stays hiss.

    Silence fills it up to `length`.
    """
    peak = loudest(samples)
    gain = min(PEAK / peak, LARGEST_GAIN) if peak > 0 else 1.0
    levelled = room(max(length, len(samples)))
    for part, out in zip(blocks(samples), blocks(levelled[: len(samples)]), strict=True):
        np.multiply(part, np.float32(gain), out=out)
    return levelled
