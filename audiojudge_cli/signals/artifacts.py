"""Artifacts of bad recordings and bad generators: clipping, dropouts, clicks, DC offset, mains hum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.signals.flat_tops import flat_tops, runs
from audiojudge_cli.signals.frames import Array, frames, hann

# A glottal pulse or a stroke of a stick stays under this: measured on clean recordings.
_CLICK_RATIO = 25.0
_HUM_DB = 15.0
_STRETCH_S = 600.0
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Artifacts:
    """Artifacts of a clip.

    Attributes:
        clipped_share: Share of samples inside flat tops (3 or more samples in a row at the extreme), 0 to 1;
            peaks below -46 dBFS are not examined.
        clip_runs_per_s: Flat tops per second.
        clip_level_db: Level of the flat tops in dBFS; None without clipping.
        dropouts: (start, end) in seconds of holes: 2 to 500 ms of digital silence cut into sound.
        clicks: Times in seconds of single spikes far out of their surroundings.
        dc_offset: Mean of the samples as a share of full scale, signed.
        hum_hz: 50 or 60, the mains frequency whose harmonics stand out, else None.
        hum_db: How far the second clearest of those harmonics stands out of its surroundings in quiet parts, in
            dB; None for clips under 1 s. `hum_hz` is given from 2.5 s and 15 dB on.
    """

    clipped_share: float
    clip_runs_per_s: float
    clip_level_db: float | None
    dropouts: Spans
    clicks: tuple[float, ...]
    dc_offset: float
    hum_hz: int | None
    hum_db: float | None


def artifacts(samples: Array, rate: int) -> Artifacts | None:
    """Look for artifacts in mono samples; None for silence or under 50 ms of audio.

    Take the samples as decoded: resampling rounds off flat tops and holes. Long clips are looked at ten minutes at a
    time, each against its own level.
    """
    if len(samples) < 0.05 * rate or float(samples.max()) - float(samples.min()) <= 1e-6:
        return None
    size = round(_STRETCH_S * rate)
    clipped, dropouts, clicks = [], [], []
    for start in range(0, len(samples), size):
        part, at = samples[start : start + size], start / rate
        clipped.append(flat_tops(part))
        dropouts += [(a + at, b + at) for a, b in _dropouts(part, rate)]
        clicks += [time + at for time in _clicks(part, rate)]
        forget(samples)
    hum = _hum(samples, rate)
    return Artifacts(
        clipped_share=sum(tops.samples for tops in clipped) / len(samples),
        clip_runs_per_s=sum(len(tops.spans) for tops in clipped) / (len(samples) / rate),
        clip_level_db=max((tops.level_db for tops in clipped if tops.level_db is not None), default=None),
        dropouts=tuple(dropouts),
        clicks=tuple(clicks),
        dc_offset=float(samples.mean(dtype=np.float64)),
        hum_hz=hum[0] if hum else None,
        hum_db=hum[1] if hum else None,
    )


def _dropouts(samples: Array, rate: int) -> Spans:
    quiet = np.abs(samples) <= 2.0**-17
    loud = float(np.percentile(np.abs(samples[:: max(1, len(samples) // 200_000)]), 90))
    if loud <= 1e-4:
        return ()
    near = max(2, round(0.005 * rate))
    holes = []
    for start, end in runs(quiet, max(3, round(0.002 * rate))):
        if start < near or end > len(samples) - near or end - start > 0.5 * rate:
            continue
        before = float(np.sqrt(np.square(samples[start - near : start]).mean()))
        after = float(np.sqrt(np.square(samples[end : end + near]).mean()))
        # Sound on both sides, at once: a pause fades, a hole is cut.
        if min(before, after) > 0.1 * loud:
            holes.append((float(start / rate), float(end / rate)))
    return tuple(holes)


def _clicks(samples: Array, rate: int) -> tuple[float, ...]:
    """Return times of spikes whose third difference towers over the 10 ms before and the 10 ms after."""
    rough = np.abs(np.diff(samples, 3))
    near, wide = max(3, round(0.0006 * rate)), max(12, round(0.010 * rate))
    if len(rough) < 4 * wide:
        return ()
    loud = float(np.abs(samples).max())
    spikes = np.flatnonzero(rough > max(0.05 * loud, 0.4 * _CLICK_RATIO * float(np.median(rough[::7]))))
    spikes = spikes[(spikes >= wide + near) & (spikes < len(rough) - wide - near)]
    if len(spikes) == 0:
        return ()
    total = np.concatenate([[0.0], np.cumsum(rough, dtype=np.float64)])
    before = (total[spikes - near] - total[spikes - near - wide]) / wide
    after = (total[spikes + near + wide] - total[spikes + near]) / wide
    # The larger of both sides: a sound that begins at once is loud after its edge and no click.
    ratio = rough[spikes] / np.maximum(np.maximum(before, after), 1e-12)
    spikes, ratio = spikes[ratio > 0.4 * _CLICK_RATIO], ratio[ratio > 0.4 * _CLICK_RATIO]
    groups = np.split(np.arange(len(spikes)), np.flatnonzero(np.diff(spikes) > 2 * near) + 1)
    at = np.array([int(spikes[g[ratio[g].argmax()]]) for g in groups if len(g)])
    height = np.array([float(ratio[g].max()) for g in groups if len(g)])
    # A train of pulses is a voice (or a buzzing synthesizer of one): clicks stand alone.
    gap = np.diff(at, prepend=-rate, append=len(rough) + rate)
    alone = np.minimum(gap[:-1], gap[1:]) > 0.025 * rate
    return tuple(float((i + 1.5) / rate) for i in at[alone & (height > _CLICK_RATIO)])


def _hum(samples: Array, rate: int) -> tuple[int | None, float] | None:
    """Return (mains frequency or None, prominence in dB) from the quiet half of one-second spectra."""
    from scipy.fft import rfft

    step = max(1, rate // 2000)
    low = _averaged(samples, step)
    low_rate = rate / step
    size = round(low_rate)
    framed = frames(low, size, max(1, size // 2))
    if len(framed) == 0:
        return None
    power = np.square(np.abs(rfft((framed - framed.mean(axis=1, keepdims=True)) * hann(size), axis=1)))
    quiet = np.median(power, axis=0) if len(power) < 4 else np.percentile(power, 25, axis=0)
    level = 10.0 * np.log10(np.maximum(quiet, 1e-14))
    best, mains = max((_prominence(level, mains), mains) for mains in (50, 60))
    return (mains if best > _HUM_DB and len(power) >= 4 else None), float(best)


def _averaged(samples: Array, step: int) -> Array:
    count = len(samples) // step
    return np.asarray(samples[: count * step].reshape(count, step).mean(axis=1), dtype=np.float32)


def _prominence(level: npt.NDArray[np.float64], mains: int) -> float:
    """Return the height of the second clearest mains harmonic over its surroundings; bin = Hz.

    A note can stand on one harmonic, or a little beside it: that is no hum.
    """
    heights = []
    for harmonic in (1, 2, 3, 4, 6):
        at = mains * harmonic
        if at + 12 >= len(level):
            break
        sides = np.concatenate([level[at - 12 : at - 3], level[at + 4 : at + 13]])
        centred = level[at] >= max(level[at - 1], level[at + 1])
        heights.append(float(level[at] - np.median(sides)) if centred else 0.0)
    return sorted(heights)[-2] if len(heights) >= 2 else 0.0
