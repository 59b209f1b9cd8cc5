"""Artifacts of bad recordings and bad generators: clipping, dropouts, clicks, DC offset, mains hum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.judges.embedded.dsp.frames import Array, frames, hann

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Artifacts:
    """Artifacts of a clip.

    Attributes:
        clipped_share: Share of samples inside flat tops (3 or more samples in a row at the extreme), 0 to 1.
        clip_runs_per_s: Flat tops per second.
        clip_level_db: Level of the flat tops in dBFS; None without clipping.
        dropouts: (start, end) in seconds of holes: 2 to 500 ms of digital silence cut into sound.
        clicks: Times in seconds of single spikes far out of their surroundings.
        dc_offset: Mean of the samples as a share of full scale, signed.
        hum_hz: 50 or 60, the mains frequency whose harmonics stand out, else None.
        hum_db: How far those harmonics stand out of their surroundings in quiet parts, in dB; None for clips
            under 1 s or without anything below 400 Hz.
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

    Take the samples as decoded: resampling rounds off flat tops and holes.
    """
    if len(samples) < 0.05 * rate or float(np.ptp(samples)) <= 1e-6:
        return None
    share, runs, level = _clipping(samples)
    hum = _hum(samples, rate)
    return Artifacts(
        clipped_share=share,
        clip_runs_per_s=runs / (len(samples) / rate),
        clip_level_db=level,
        dropouts=_dropouts(samples, rate),
        clicks=_clicks(samples, rate),
        dc_offset=float(samples.mean(dtype=np.float64)),
        hum_hz=hum[0] if hum else None,
        hum_db=hum[1] if hum else None,
    )


def _runs(flags: npt.NDArray[np.bool_], least: int) -> npt.NDArray[np.int64]:
    """Return (start, end) of runs of at least `least` true flags, shape (runs, 2)."""
    marked = np.concatenate([[False], flags, [False]])
    edges = np.flatnonzero(marked[1:] != marked[:-1]).reshape(-1, 2)
    return np.asarray(edges[edges[:, 1] - edges[:, 0] >= least])


def _clipping(samples: Array) -> tuple[float, int, float | None]:
    """Return (share of samples, number of flat tops, level in dBFS)."""
    clipped = np.zeros(0, dtype=np.int64)
    ceiling = 0.0
    for top, value in ((float(samples.max()), samples), (-float(samples.min()), -samples)):
        # A quarter of a percent: dither and lossy coding ripple a flat top a little.
        found = _runs(value >= top * 0.9975, 3)
        lengths = found[:, 1] - found[:, 0]
        # The crest of a slow wave is flat as well, but there is only one highest or all are round alike.
        if top > 0 and len(found) >= 3 and _flat(value, found, top):
            clipped = np.concatenate([clipped, lengths])
            ceiling = max(ceiling, top)
    if len(clipped) == 0:
        return 0.0, 0, None
    return float(clipped.sum() / len(samples)), len(clipped), float(20.0 * np.log10(ceiling))


def _flat(value: Array, found: npt.NDArray[np.int64], top: float) -> bool:
    """Tell flat tops from round crests: the step into a flat top is far larger than the steps on it."""
    inner = found[(found[:, 0] > 0) & (found[:, 1] < len(value))]
    if len(inner) == 0:
        return False
    into = np.minimum(top - value[inner[:, 0] - 1], top - value[inner[:, 1]])
    return float(np.median(into)) > 0.01 * top


def _dropouts(samples: Array, rate: int) -> Spans:
    quiet = np.abs(samples) <= 2.0**-17
    loud = float(np.percentile(np.abs(samples[:: max(1, len(samples) // 200_000)]), 90))
    if loud <= 1e-4:
        return ()
    near = max(2, round(0.005 * rate))
    holes = []
    for start, end in _runs(quiet, max(3, round(0.002 * rate))):
        if start < near or end > len(samples) - near or end - start > 0.5 * rate:
            continue
        before = float(np.sqrt(np.square(samples[start - near : start]).mean()))
        after = float(np.sqrt(np.square(samples[end : end + near]).mean()))
        # Sound on both sides, at once: a pause fades, a hole is cut.
        if min(before, after) > 0.1 * loud:
            holes.append((float(start / rate), float(end / rate)))
    return tuple(holes)


def _clicks(samples: Array, rate: int) -> tuple[float, ...]:
    """Return times where the third difference towers over its surroundings within 20 ms."""
    from scipy.ndimage import maximum_filter1d

    rough = np.abs(np.diff(samples, 3))
    block = max(4, round(0.005 * rate))
    count = len(rough) // block
    if count < 5:
        return ()
    blocks = rough[: count * block].reshape(count, block)
    peak = blocks.max(axis=1)
    # Second highest group of a block: a click covers a handful of samples only.
    usual = np.sqrt(np.square(blocks).mean(axis=1) - np.square(peak) / block * min(4, block) * 0.5)
    usual = np.nan_to_num(usual)
    around = maximum_filter1d(np.where(np.arange(count) % 1 == 0, usual, 0.0), 3)
    neighbours = np.maximum(np.roll(peak, 1), np.roll(peak, -1))
    floor = 0.02 * float(np.abs(samples).max())
    found = np.flatnonzero((peak > 8.0 * neighbours) & (peak > 3.0 * around) & (peak > floor))
    found = found[(found > 0) & (found < count - 1)]
    return tuple(float((i * block + int(blocks[i].argmax()) + 1) / rate) for i in found)


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
    best = max((_prominence(level, mains), mains) for mains in (50, 60))
    return (best[1] if best[0] > 12.0 else None), float(best[0])


def _averaged(samples: Array, step: int) -> Array:
    count = len(samples) // step
    return np.asarray(samples[: count * step].reshape(count, step).mean(axis=1), dtype=np.float32)


def _prominence(level: npt.NDArray[np.float64], mains: int) -> float:
    """Return the mean height of the mains harmonics over the bins between them; frames last a second: bin = Hz."""
    heights = []
    for harmonic in (1, 2, 3, 4, 6):
        at = mains * harmonic
        if at + 12 >= len(level):
            break
        sides = np.concatenate([level[at - 12 : at - 3], level[at + 4 : at + 13]])
        heights.append(float(level[at - 1 : at + 2].max() - np.median(sides)))
    strongest = sorted(heights, reverse=True)[:2]
    return float(np.mean(strongest)) if len(strongest) == 2 else 0.0
