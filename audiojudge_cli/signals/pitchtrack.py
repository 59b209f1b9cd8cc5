"""Fundamental frequency over time, with aperiodicity: YIN candidates joined by a best path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, frames

Flags = npt.NDArray[np.bool_]

_CANDIDATES = 4
# Samples compared per lag: longer averages noise out, shorter follows glides.
_WINDOW_S = 0.025
# Troughs at least this deep are equally good: the shortest period among them wins (YIN's absolute threshold).
_GOOD = np.float32(0.10)
_CHUNK = 2048


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """F0 over time; every figure is None where no frame is voiced.

    Attributes:
        f0_hz: float32, shape (frames,), NaN where unvoiced.
        aperiodicity: float32, shape (frames,), 0 = perfectly periodic, about 1 = noise (YIN's normalised
            difference at its deepest trough); NaN in frames without energy.
        level_db: float32, shape (frames,), RMS level of each frame in dBFS (-120 for silence).
        hop_s: Distance of frames in seconds; frame i is centred at i * hop_s.
        median_hz: Median F0 of voiced frames.
        low_hz: 10th percentile of F0, frames weighted by amplitude and periodicity.
        high_hz: 90th percentile, weighted likewise.
        range_semitones: 12 log2(high_hz / low_hz).
        deviation_semitones: Weighted RMS distance of F0 from its median, at most an octave each.
        voiced_share: Voiced share of the active frames (near the loudest, out of the noise floor), 0 to 1.
        voiced_s: Voiced time in seconds.
    """

    f0_hz: Array
    aperiodicity: Array
    level_db: Array
    hop_s: float
    median_hz: float | None
    low_hz: float | None
    high_hz: float | None
    range_semitones: float | None
    deviation_semitones: float | None
    voiced_share: float | None
    voiced_s: float


def pitch_track(
    samples: Array,
    rate: int,
    *,
    low_hz: float = 60.0,
    high_hz: float = 600.0,
    hop_s: float = 0.010,
    voicing: float = 0.35,
) -> PitchTrack | None:
    """Track the fundamental frequency of a single voice (or instrument).

    Cumulative-mean normalised difference function of YIN (de Cheveigne and Kawahara, JASA 111, 2002) on the
    band up to 1.5 kHz, its troughs as candidates per frame, and a dynamic-programming path through candidates
    and an unvoiced state, with costs for pitch jumps and voicing changes (after Boersma, IFA Proceedings 17,
    1993). Voiced runs under 35 ms are dropped. Any rate works; 16 kHz is enough and fastest.

    A whisper leaves a voiced share near 0 and a meaningless median: look at `voiced_share` first.

    Args:
        samples: float32 mono, shape (n,).
        rate: Samples per second.
        low_hz: Lowest F0 looked for.
        high_hz: Highest F0 looked for.
        hop_s: Distance of frames in seconds.
        voicing: Aperiodicity at which a frame is as likely unvoiced as voiced.

    Returns:
        The track, or None for audio shorter than one frame (two periods of `low_hz`) or silent.
    """
    if len(samples) < 2 * np.ceil(rate / low_hz) or not np.any(samples):
        return None
    band, band_rate = _voice_band(np.asarray(samples, dtype=np.float32), rate)
    longest = int(np.ceil(band_rate / low_hz)) + 2
    shortest = max(2, int(band_rate / high_hz))
    hop = max(1, round(hop_s * band_rate))
    size = longest + round(_WINDOW_S * band_rate)
    framed = frames(np.pad(band, size // 2), size, hop)
    lags, depths, power = _candidates(framed, shortest, longest)
    level = (10.0 * np.log10(np.maximum(power, 1e-12))).astype(np.float32)
    active = _active(level)
    path = _best_path(lags, depths, active, shortest=shortest, voicing=voicing, hop_s=hop / band_rate)
    path[_short_runs(path >= 0, round(0.035 / hop_s))] = -1
    chosen = np.take_along_axis(lags, np.maximum(path, 0)[:, None], axis=1)[:, 0]
    f0 = np.where(path >= 0, band_rate / np.maximum(chosen, 1e-6), np.nan).astype(np.float32)
    aperiodicity = np.where(power > 1e-12, depths.min(axis=1), np.nan).astype(np.float32)
    return _summary(f0, aperiodicity, level, active, hop / band_rate)


def _voice_band(samples: Array, rate: int) -> tuple[Array, float]:
    """Return the band that carries voicing (55 to 1400 Hz) at 8 kHz: hiss and rumble mask less there."""
    from scipy.fft import irfft, next_fast_len, rfft

    length = next_fast_len(len(samples) + rate // 20, real=True)
    wanted = min(length, round(length * 8000 / rate))
    spectrum = rfft(samples, length)[: wanted // 2 + 1]
    frequency = np.arange(len(spectrum), dtype=np.float32) * np.float32(rate / length)
    gain = np.interp(frequency, [35.0, 55.0, 1400.0, 1900.0], [0.0, 1.0, 1.0, 0.0]).astype(np.float32)
    band: Array = irfft(spectrum * gain, wanted) * np.float32(wanted / length)
    new_rate = rate * wanted / length
    return band[: round(len(samples) * wanted / length)], new_rate


def _candidates(framed: Array, shortest: int, longest: int) -> tuple[Array, Array, Array]:
    """Return (lags in samples, depths, mean power); depth 9.0 = no candidate."""
    count = len(framed)
    lags = np.ones((count, _CANDIDATES), dtype=np.float32)
    depths = np.full((count, _CANDIDATES), 9.0, dtype=np.float32)
    power = np.zeros(count, dtype=np.float32)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        block = framed[part] - framed[part].mean(axis=1, keepdims=True)
        power[part] = np.square(block).mean(axis=1)
        # Unit power per frame, so that float32 is exact enough at any level.
        block /= np.sqrt(np.maximum(power[part], np.float32(1e-20)))[:, None]
        normalised = _normalised_difference(block, longest)
        lags[part], depths[part] = _troughs(normalised, shortest)
    return lags, depths, power


def _normalised_difference(block: Array, longest: int) -> Array:
    """Return YIN's d'(lag) for lags 0..longest, shape (frames, longest + 1), window = half a frame."""
    from scipy.fft import irfft, next_fast_len, rfft

    window = block.shape[1] - longest
    length = next_fast_len(block.shape[1] + window, real=True)
    spectrum = rfft(block, length, axis=1)
    reference = rfft(block[:, :window], length, axis=1)
    cross = irfft(spectrum * np.conj(reference), length, axis=1)[:, : longest + 1]
    energy = np.zeros((len(block), block.shape[1] + 1), dtype=np.float32)
    np.cumsum(np.square(block), axis=1, out=energy[:, 1:])
    shifted = energy[:, window : window + longest + 1] - energy[:, : longest + 1]
    difference = np.maximum(shifted[:, :1] + shifted - 2.0 * cross, 0.0)
    running = np.cumsum(difference, axis=1)
    lag = np.arange(longest + 1, dtype=np.float32)
    normalised: Array = difference * lag / np.maximum(running, np.float32(1e-20))
    normalised[:, 0] = 1.0
    return normalised


def _troughs(normalised: Array, shortest: int) -> tuple[Array, Array]:
    """Return the deepest local minima of each row with parabolic interpolation: (lags, depths)."""
    before, here, after = normalised[:, :-2], normalised[:, 1:-1], normalised[:, 2:]
    trough = (here < before) & (here <= after)
    trough[:, : max(0, shortest - 1)] = False
    depth = np.where(trough, here, np.float32(9.0))
    wanted = min(_CANDIDATES, depth.shape[1])
    lean = np.float32(0.02) * np.log2(np.arange(1, depth.shape[1] + 1, dtype=np.float32))
    best = np.argpartition(np.maximum(depth, _GOOD) + lean, wanted - 1, axis=1)[:, :wanted]
    value = np.take_along_axis(depth, best, axis=1)
    left, mid, right = (np.take_along_axis(a, best, axis=1) for a in (before, here, after))
    curve = np.maximum(left - 2.0 * mid + right, 1e-9)
    shift = np.clip(0.5 * (left - right) / curve, -1.0, 1.0)
    lags = np.ones((len(normalised), _CANDIDATES), dtype=np.float32)
    depths = np.full((len(normalised), _CANDIDATES), 9.0, dtype=np.float32)
    lags[:, :wanted] = best + 1 + shift
    depths[:, :wanted] = np.where(value < 9.0, np.maximum(mid - 0.25 * (left - right) * shift, 0.0), 9.0)
    return lags, depths


def _best_path(
    lags: Array, depths: Array, active: Flags, *, shortest: int, voicing: float, hop_s: float
) -> npt.NDArray[np.int64]:
    """Return the candidate of each frame, -1 for unvoiced (Viterbi search)."""
    count, width = lags.shape
    octaves = np.log2(np.maximum(lags, 1e-6))
    # Longer lags repeat the trough of the true period: a small cost per octave prefers the shortest.
    local = np.maximum(depths, _GOOD) + np.float32(0.06) * (octaves - np.log2(shortest))
    local = np.where(depths >= 9.0, np.float32(1e3), local)
    unvoiced = np.where(active, np.float32(voicing + 0.06), np.float32(-1.0))
    local = np.concatenate([local, unvoiced[:, None]], axis=1).astype(np.float64)
    jump = 0.35 * 0.010 / hop_s
    switch = 0.14 * 0.010 / hop_s
    back = np.zeros((count, width + 1), dtype=np.int64)
    steps = np.full((max(count - 1, 0), width + 1, width + 1), switch)
    steps[:, width, width] = 0.0
    steps[:, :width, :width] = jump * np.abs(octaves[:-1, :, None] - octaves[1:, None, :])
    total = local[0]
    states = np.arange(width + 1)
    for i in range(1, count):
        cost = total[:, None] + steps[i - 1]
        chosen = cost.argmin(axis=0)
        back[i] = chosen
        total = cost[chosen, states] + local[i]
    path = np.empty(count, dtype=np.int64)
    path[-1] = int(total.argmin())
    for i in range(count - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return np.where(path == width, -1, path)


def _active(level: Array) -> Flags:
    """Mark frames that belong to the foreground: near the loudest and out of the noise floor."""
    low, high = np.percentile(level, [10, 95])
    flags: Flags = level > max(high - 35.0, low + 0.25 * (high - low) - 0.5, -100.0)
    return flags


def _short_runs(flags: Flags, least: int) -> Flags:
    """Mark the frames of runs of true flags shorter than `least` frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    short = np.zeros(len(flags), dtype=np.bool_)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        short[start:end] = end - start < least
    return short


def _weighted_quantiles(values: Array, weights: Array, wanted: tuple[float, ...]) -> list[float]:
    order = np.argsort(values)
    position = np.cumsum(weights[order])
    position = (position - 0.5 * weights[order]) / position[-1]
    return [float(v) for v in np.interp(wanted, position, values[order])]


def _summary(
    f0: Array,
    aperiodicity: Array,
    level: Array,
    active: Flags,
    hop_s: float,
) -> PitchTrack:
    voiced = np.isfinite(f0)
    median = low = high = spread = deviation = None
    if voiced.sum() >= 3:
        # Frication taken for a high voice is weak and barely periodic: it hardly counts.
        weight = 10.0 ** (level[voiced] / 20.0) * np.maximum(0.05, 1.0 - 2.0 * aperiodicity[voiced])
        median = float(np.median(f0[voiced]))
        low, high = _weighted_quantiles(f0[voiced], weight, (0.1, 0.9))
        spread = float(12.0 * np.log2(high / low))
        semitones = np.clip(12.0 * np.log2(f0[voiced] / median), -12.0, 12.0)
        deviation = float(np.sqrt(np.average(np.square(semitones), weights=weight)))
    share = float((voiced & active).sum() / active.sum()) if active.any() else None
    return PitchTrack(
        f0_hz=f0,
        aperiodicity=aperiodicity,
        level_db=level,
        hop_s=hop_s,
        median_hz=median,
        low_hz=low,
        high_hz=high,
        range_semitones=spread,
        deviation_semitones=deviation,
        voiced_share=share,
        voiced_s=float(voiced.sum() * hop_s),
    )
