"""Held notes in a pitch track: what tells singing from speech, whose pitch glides."""

from __future__ import annotations

import numpy as np

from audiojudge_cli.signals.pitchtrack import PitchTrack

WINDOW_S = 0.15
"""A note is held at least this long; spoken vowels glide further within it."""

WITHIN_SEMITONES = 0.7
"""What a held note may move within a window: a slow part of a vibrato, not a glide."""

TUNE_SEMITONES = 1.5
"""Held notes that spread (standard deviation) by this much make a tune; a monotone voice stays on one note."""

LONG_S = 8.0
"""Of more voiced time than this the share counts, as steady vowels add up in any long speech."""


def held_notes_s(track: PitchTrack) -> float:
    """Return for how long a voice holds notes of a tune, in seconds out of `LONG_S` voiced ones.

    Frames count that lie in a window of `WINDOW_S` whose F0 stays within `WITHIN_SEMITONES`; the time is weighed by
    their share of all voiced frames, and by how far the held notes spread, so that neither a long speech with now and
    then a steady vowel nor a synthetic monotone comes out as sung.
    """
    semitones = 12.0 * np.log2(track.f0_hz.astype(np.float64))
    length = max(2, round(WINDOW_S / track.hop_s))
    voiced = int(np.isfinite(semitones).sum())
    if voiced < length or len(semitones) < length:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(semitones, length)
    # NaN compares false: a window with an unvoiced frame holds nothing.
    steady = windows.max(axis=1) - windows.min(axis=1) <= WITHIN_SEMITONES
    held = np.zeros(len(semitones), dtype=np.bool_)
    for start in np.flatnonzero(steady):
        held[start : start + length] = True
    if not held.any():
        return 0.0
    tune = min(1.0, float(semitones[held].std()) / TUNE_SEMITONES)
    seconds = float(held.sum()) * track.hop_s * min(1.0, LONG_S / (voiced * track.hop_s))
    return seconds * tune * float(held.sum()) / voiced
