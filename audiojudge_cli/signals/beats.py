"""Beat times at a known tempo, and whether they group in threes or fours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.onsets import Onsets


@dataclass(frozen=True)
class Metre:
    """Grouping of beats.

    Attributes:
        beats_per_bar: 3 or 4 (4 stands for 2 as well).
        p_three: Probability of three, 0 to 1; near 0.5 when the accents do not tell.
    """

    beats_per_bar: int
    p_three: float


def beat_times(found: Onsets, bpm: float) -> npt.NDArray[np.float64]:
    """Return the beat times in seconds at tempo `bpm`.

    Dynamic programming over the onset envelope with a penalty on uneven beats (Ellis, Journal of New Music
    Research 36, 2007). Empty for a clip shorter than two beats.
    """
    from scipy.ndimage import gaussian_filter1d

    period = 60.0 / bpm / found.hop_s
    envelope = found.envelope_db.astype(np.float64)
    if len(envelope) < 2 * period or envelope.max() <= 0:
        return np.empty(0)
    strength = gaussian_filter1d(envelope / (envelope.std() + 1e-9), max(1.0, period / 32.0))
    offsets = np.arange(-round(2 * period), -round(period / 2) + 1)
    penalty = -100.0 * np.log(-offsets / period) ** 2
    # Room in front of frame 0 spares a bounds check in the loop: nothing came before the clip.
    room = -int(offsets[0])
    score = np.concatenate([np.zeros(room), strength])
    link = np.full(len(strength), -1, dtype=np.int64)
    floor = 0.01 * strength.max()
    started = False
    for i in range(len(strength)):
        reach = score[i : i + len(offsets)] + penalty
        best = int(reach.argmax())
        started = started or strength[i] >= floor
        if started:
            link[i] = i + int(offsets[best])
        score[room + i] += reach[best]
    return _backtrack(score[room:], link, period) * found.hop_s


def _backtrack(score: npt.NDArray[np.float64], link: npt.NDArray[np.int64], period: float) -> npt.NDArray[np.float64]:
    last = max(0, len(score) - round(period))
    beat = last + int(score[last:].argmax())
    beats = []
    while beat >= 0:
        beats.append(beat)
        beat = int(link[beat])
    return np.array(beats[::-1], dtype=np.float64)


def metre(found: Onsets, beats_s: npt.NDArray[np.float64]) -> Metre | None:
    """Tell bars of three beats from bars of four by the pattern of accents over the beats.

    Accents are the onset envelope (all bands and below 150 Hz) around each beat; their variance over the places
    of a bar is compared for bars of three and of four beats.

    Returns:
        The metre, or None for fewer than 12 beats.
    """
    if len(beats_s) < 12:
        return None
    evidence = 0.0
    for envelope in (found.envelope_db, found.low_envelope_db):
        accents = _accents(envelope.astype(np.float64), beats_s / found.hop_s)
        evidence += _grouped(accents, 3) - max(_grouped(accents, 4), _grouped(accents, 2))
    p_three = float(1.0 / (1.0 + np.exp(-6.0 * evidence)))
    return Metre(3 if p_three >= 0.5 else 4, p_three)


def _accents(envelope: npt.NDArray[np.float64], frames: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the highest envelope within 50 ms of each beat, its slow changes taken out."""
    index = np.clip(np.round(frames)[:, None].astype(np.int64) + np.arange(-5, 6), 0, len(envelope) - 1)
    accents = np.sqrt(np.maximum(envelope[index].max(axis=1), 0.0))
    return np.asarray(accents - accents.mean())


def _grouped(accents: npt.NDArray[np.float64], size: int) -> float:
    """Return the share of the accents' variance explained by their place in groups, adjusted for the group size."""
    count = len(accents)
    place = np.arange(count) % size
    means = np.bincount(place, accents, size) / np.bincount(place, minlength=size)
    total = float(np.square(accents).sum())
    if total <= 1e-12:
        return 0.0
    explained = float(np.square(means[place]).sum()) / total
    return 1.0 - (1.0 - explained) * (count - 1) / (count - size)
