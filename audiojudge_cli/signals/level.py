"""Level over time: how loud, how steady, how it grows or fades, and how far above the noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, decibels, frames, peak

SILENCE_DB = -120.0


@dataclass(frozen=True, eq=False)
class Level:
    """Level facts of a clip; all levels are RMS in dB relative to full scale (a full-scale sine is -3 dB).

    Attributes:
        contour_db: float32, shape (frames,), level of 20 ms frames every 10 ms, at least -120.
        hop_s: Distance of frames in seconds; frame i spans i * hop_s to i * hop_s + 20 ms.
        peak_db: Highest sample.
        rms_db: The whole clip.
        active_db: Mean power of the active frames (those within 20 dB of the 95th percentile).
        floor_db: 5th percentile of the frames that are not digital silence.
        range_db: 95th minus 10th percentile of those frames.
        active_share: Share of all frames that are active, 0 to 1: density.
        variation_db: Standard deviation of half-second levels between first and last active frame: 0 = steady.
        lead_s: Silence before the first active frame.
        tail_s: Silence after the last active frame.
    """

    contour_db: Array
    hop_s: float
    peak_db: float
    rms_db: float
    active_db: float
    floor_db: float
    range_db: float
    active_share: float
    variation_db: float
    lead_s: float
    tail_s: float


@dataclass(frozen=True)
class Fade:
    """How the level moves from start to end of the active stretch.

    Attributes:
        slope_db_per_s: Slope of a robust line (Theil-Sen) through half-second levels.
        change_db: Slope times length: what the clip gains (crescendo) or loses (fade-out) overall.
        start_db: Mean level of the first fifth minus that of the whole.
        end_db: Mean level of the last fifth minus that of the whole.
        monotony: Kendall's tau of level against time, -1 (falls throughout) to 1 (grows throughout).
    """

    slope_db_per_s: float
    change_db: float
    start_db: float
    end_db: float
    monotony: float


def level(samples: Array, rate: int) -> Level | None:
    """Measure the level of mono samples at any rate; None for under 40 ms or digital silence."""
    size, hop = max(1, round(0.020 * rate)), max(1, round(0.010 * rate))
    framed = frames(np.asarray(samples, dtype=np.float32), size, hop)
    highest = peak(samples)
    if len(framed) < 3 or not highest:
        return None
    power = np.einsum("ij,ij->i", framed, framed) / np.float32(size)
    contour = decibels(power)
    sounding = contour[contour > SILENCE_DB + 10.0]
    if len(sounding) == 0:
        return None
    floor, low, high = (float(v) for v in np.percentile(sounding, [5, 10, 95]))
    active = contour >= high - 20.0
    where = np.flatnonzero(active)
    hop_s = hop / rate
    blocks = _blocks(power[where[0] : where[-1] + 1], hop_s)
    return Level(
        contour_db=contour,
        hop_s=hop_s,
        peak_db=float(20.0 * np.log10(max(highest, 1e-6))),
        rms_db=float(10.0 * np.log10(max(float(np.mean(power, dtype=np.float64)), 1e-12))),
        active_db=float(10.0 * np.log10(float(np.mean(power[active], dtype=np.float64)))),
        floor_db=floor,
        range_db=high - low,
        active_share=float(active.mean()),
        variation_db=float(np.std(np.maximum(blocks, high - 40.0))),
        lead_s=float(where[0] * hop_s),
        tail_s=float((len(contour) - 1 - where[-1]) * hop_s),
    )


def fade(found: Level) -> Fade | None:
    """Measure crescendo or fade-out between the first and the last sound.

    Levels of half-second blocks (tenths of the clip when it is shorter than 5 s), at most 40 dB under the
    loudest. None for under 1 s.
    """
    first = round(found.lead_s / found.hop_s)
    last = len(found.contour_db) - round(found.tail_s / found.hop_s)
    power = 10.0 ** (found.contour_db[first:last].astype(np.float64) / 10.0)
    length = len(power) * found.hop_s
    if length < 1.0:
        return None
    block_s = min(0.5, length / 10)
    blocks = _blocks(power, found.hop_s, block_s)
    if len(blocks) > 200:
        merged = np.array_split(blocks, 200)
        blocks = np.array([part.mean() for part in merged])
        block_s = length / 200
    blocks = np.maximum(blocks, blocks.max() - 40.0)
    at = np.arange(len(blocks)) * block_s
    # Every pair of blocks votes once; scipy.stats has both figures but takes longer to load than clips to judge.
    later, earlier = np.tril_indices(len(blocks), -1)
    rises = blocks[later] - blocks[earlier]
    slope = float(np.median(rises / (at[later] - at[earlier])))
    fifth = max(1, len(blocks) // 5)
    return Fade(
        slope_db_per_s=slope,
        change_db=slope * length,
        start_db=float(blocks[:fifth].mean() - blocks.mean()),
        end_db=float(blocks[-fifth:].mean() - blocks.mean()),
        monotony=float(np.sign(rises).mean()),
    )


def _blocks(power: npt.NDArray[np.floating], hop_s: float, block_s: float = 0.5) -> npt.NDArray[np.float64]:
    """Return the level in dB of consecutive blocks; what is left at the end joins the last."""
    size = max(1, round(block_s / hop_s))
    count = max(1, len(power) // size)
    starts = np.arange(count) * size
    totals = np.add.reduceat(power.astype(np.float64), starts)
    lengths = np.diff(np.append(starts, len(power)))
    return np.asarray(10.0 * np.log10(np.maximum(totals / lengths, 1e-12)))
