"""Faults of a file, in plain words: each with its threshold, the reason for it, and when it is heard.

docs/quality-profile.md says how often each was found in vain on real clips.
"""

from __future__ import annotations

import numpy as np

from audiojudge_cli.quality.clipping import Clipping
from audiojudge_cli.quality.frames import SILENCE_DB, Frames, Wide
from audiojudge_cli.quality.looping import Loop
from audiojudge_cli.results.quality import QualityFault
from audiojudge_cli.signals.flat_tops import runs
from audiojudge_cli.signals.frames import Array

Spans = tuple[tuple[float, float], ...]

# As loud as the quietest noise of a room through a good microphone: turned up until it is heard, so is all its noise.
_NEARLY_LUFS = -60.0
# For clips too short to have a loudness: a peak that a loudness of -60 LUFS could have.
_NEARLY_PEAK_DB = -50.0
# One sample of a thousand: the mildest clipping of the rated sets, heard as "4 of 5", has seven.
_CLIPPED_PCT = 0.1
# A click of -40 dBFS where the clip starts and ends, and headroom lost.
_OFFSET = 0.01
# Slow waves and asymmetric voices have a mean, too, but not the same one throughout: the middle half of the means of
# tenths of a second lies this close around their median (slow noise: twice as wide and more).
_OFFSET_S, _OFFSET_SPREAD = 0.1, 0.35
_LEAST_PIECES = 4
# Pulses and half-waves have a mean by their shape: the middle of their samples lies further from it than this share of
# it. Of what was shifted as a whole, the middle is shifted, too. It is taken around the median, since of a square wave
# either level may be that.
_LOPSIDED, _MIDDLE = 0.5, (0.45, 0.55)
# A hundred pieces of 10,000 samples tell it.
_PIECE, _PIECES = 10_000, 100
# A channel this far below the loudest carries nothing but crosstalk.
_DEAD = 1e-6

# Ends: how far the last 10 ms may lie below the loud parts (the 95th percentile of 20 ms) to be at full level, how far
# they must lie above the quiet ones (the 10th) to be no steady background, and how much the level of the last half
# second must move (standard deviation) to be no drone, no held note that simply ends.
_FULL_DB, _ABOVE_DB, _MOVING_DB = 10.0, 12.0, 2.0
_LOUD, _QUIET = 95, 10
_LAST_S, _LEAST_S = 0.5, 0.5

# Noise of white bits: samples next to each other have nothing in common (correlation under a quarter: sums over 10 ms
# at 16 kHz stray by a tenth), for 50 ms and more (sibilants of a voice at 24 kHz: up to 40), at one level (strokes and
# consonants swell and fade), near the loudest level of the clip, and for a quarter of the clip at most: what is noise
# throughout is meant.
_WHITE, _LEAST_FRAMES, _STEADY_DB, _NOISE_DB, _MOST_NOISE = 0.25, 5, 1.2, 12.0, 0.25
# Before and after there is something else: less, or sound whose samples are alike.
_STEP_DB, _ALIKE = 6.0, 0.5

# Gated drums come as equal bursts or on a beat: so many whose lengths differ by 10 ms at either end and whose levels by
# so much, or so many whose distances are multiples of the least one, each to within two frames of the whole ones.
_EQUAL, _EQUAL_FRAMES, _EQUAL_DB = 3, 2, 1.5
_BEATS, _LEAST_BEAT, _OFF_BEAT = 4, 10, 2

_TOLD = 5
"""Times that a message names at most; the fault has them all."""


def silent(frames: Frames, lufs: float | None, peak_db: float | None) -> QualityFault | None:
    """Nothing to hear: digital silence (`silent`), or so little that it is lost in any room (`nearly-silent`)."""
    if bool(frames.empty.all()):
        return QualityFault("silent", "Every sample is digital silence.")
    if lufs is not None and lufs < _NEARLY_LUFS:
        return QualityFault(
            "nearly-silent", f"Loudness {lufs:.1f} LUFS: hardly anything to hear (below {_NEARLY_LUFS:.0f})."
        )
    if lufs is None and peak_db is not None and peak_db < _NEARLY_PEAK_DB:
        return QualityFault(
            "nearly-silent", f"Peak {peak_db:.1f} dBTP: hardly anything to hear (below {_NEARLY_PEAK_DB:.0f})."
        )
    return None


def clipped(found: Clipping) -> QualityFault | None:
    """The wave is cut off at a ceiling."""
    if found.pct <= _CLIPPED_PCT or found.level_db is None:
        return None
    said = f"{found.pct:.2f} % of the samples are cut off at {found.level_db:.1f} dBFS (more than {_CLIPPED_PCT} %)"
    return QualityFault("clipped", f"{said}{_told(found.spans)}.", found.spans)


def truncated(frames: Frames, last_power: float) -> QualityFault | None:
    """The clip ends at full level in mid-sound.

    Args:
        frames: Of the clip.
        last_power: Mean square of the very last 10 ms.
    """
    sounding = frames.power.mean(axis=0)[~frames.empty]
    if frames.duration_s < _LEAST_S or len(sounding) < 2 * _LEAST_FRAMES:
        return None
    start = len(sounding) % 2
    level = _db(sounding[start:].reshape(-1, 2).mean(axis=1))
    quiet, loud = np.percentile(level, [_QUIET, _LOUD])
    end = float(_db(np.array([last_power]))[0])
    moving = float(np.std(level[-max(2, round(_LAST_S / (2.0 * frames.hop_s))) :]))
    if loud < SILENCE_DB or end < loud - _FULL_DB or end < quiet + _ABOVE_DB or moving < _MOVING_DB:
        return None
    beside = f"{loud - end:.0f} dB below" if end < loud else f"{end - loud:.0f} dB above"
    said = f"its last 10 ms lie {beside} its loud parts and {end - quiet:.0f} dB above its quiet ones"
    return QualityFault(
        "truncated",
        f"It ends in mid-sound: {said}.",
        (frames.span(max(0, frames.power.shape[1] - 1), frames.power.shape[1]),),
    )


def dead_channel(frames: Frames, speakers: tuple[str, ...] = ()) -> QualityFault | None:
    """Either of left and right carries nothing while the other does; the others of a surround mix may rest.

    Args:
        frames: Of the clip.
        speakers: Of its channels; empty: the first two are left and right.
    """
    front = [speakers.index(side) for side in ("FL", "FR") if side in speakers] if speakers else [0, 1]
    if len(frames.power) < 2 or len(front) < 2:
        return None
    loudest = frames.power[front].max(axis=1)
    dead = np.flatnonzero(loudest <= _DEAD * loudest.max())
    if loudest.max() <= 10.0 ** (SILENCE_DB / 10.0) or not len(dead):
        return None
    name = f"{'right' if dead[0] else 'left'} channel ({front[dead[0]] + 1} of {len(frames.power)})"
    return QualityFault("dead-channel", f"The {name} carries nothing: over 60 dB below the other throughout.")


def telephone_band(edge_hz: float | None, rate: int) -> QualityFault | None:
    """A file of a high rate that holds the band of a telephone."""
    if edge_hz is None:
        return None
    said = f"Nothing above {edge_hz / 1000:.1f} kHz in a file of {rate / 1000:g} kHz"
    return QualityFault("telephone-band", f"{said}: the sound was cut off sharply, as by a telephone or a low rate.")


def digital_noise(frames: Frames) -> QualityFault | None:
    """Bursts of noise that no microphone gives: samples without any relation, out of nothing, at full level."""
    level = frames.level_db
    count = len(level)
    loud = float(np.percentile(level[~frames.empty], _LOUD))
    white = (frames.likeness.max(axis=0) < _WHITE) & (level > max(SILENCE_DB, loud - _NOISE_DB))
    if not white.any() or white.mean() > _MOST_NOISE:
        return None
    alike = frames.likeness.max(axis=0) > _ALIKE
    found, levels = [], []
    for first, last in runs(white, _LEAST_FRAMES).tolist():
        # The first and the last frame may hold a part of the burst only, and so may those beside them.
        inside = level[first + 1 : last - 1]
        mean = float(inside.mean())
        sides = [at for at in (first - 2, last + 1) if 0 <= at < count]
        apart = all(alike[at] or level[at] < mean - _STEP_DB for at in sides)
        if sides and apart and float(inside.std()) <= _STEADY_DB:
            found.append((first, last))
            levels.append(mean)
    if not found or _rhythmic(found, levels):
        return None
    times = tuple(frames.span(first, last) for first, last in found)
    return QualityFault("digital-noise", f"{_bursts(len(times))} of digital noise{_told(times)}.", times)


def _rhythmic(bursts: list[tuple[int, int]], levels: list[float]) -> bool:
    """Tell drums of gated noise from accidents: they are alike, or keep time."""
    lengths = [last - first for first, last in bursts]
    alike = max(lengths) - min(lengths) <= _EQUAL_FRAMES and max(levels) - min(levels) <= _EQUAL_DB
    if len(bursts) >= _EQUAL and alike:
        return True
    apart = np.diff([first for first, _ in bursts])
    if len(bursts) < _BEATS or apart.min() < _LEAST_BEAT:
        return False
    beats = np.round(apart / apart.min())
    return bool((np.abs(apart - beats * (apart.sum() / beats.sum())) <= _OFF_BEAT).all())


def loop(found: tuple[Loop, ...]) -> QualityFault | None:
    """The same second again and again."""
    if not found:
        return None
    times = tuple((round(one.start_s, 2), round(one.end_s, 2)) for one in found)
    most = max(found, key=lambda one: one.times)
    return QualityFault(
        "loop", f"The same {most.period_s:.2f} s come {most.times} times in a row{_told(times)}.", times
    )


def dc_offset(frames: Frames, channels: Array) -> QualityFault | None:
    """The wave does not swing around zero, and not for its own shape."""
    worst = int(np.abs(frames.offset).argmax())
    size = max(1, round(_OFFSET_S / frames.hop_s))
    whole = frames.mean.shape[1] // size
    if abs(float(frames.offset[worst])) < _OFFSET or whole < _LEAST_PIECES:
        return None
    pieces = frames.mean[worst, : whole * size].reshape(whole, size).mean(axis=1)
    low, middle, high = np.percentile(pieces, [25, 50, 75])
    if abs(middle) < _OFFSET or high - low > _OFFSET_SPREAD * abs(middle):
        return None
    if abs(_middle(channels[worst]) - middle) > _LOPSIDED * abs(middle):
        return None
    channel = f" of channel {worst + 1}" if len(frames.offset) > 1 else ""
    return QualityFault("dc-offset", f"The mean{channel} lies {100 * middle:+.1f} % of full scale off zero throughout.")


def _middle(samples: Array) -> float:
    """Return the value in the middle of those of a channel; of a long one, of pieces evenly spread."""
    starts = range(0, len(samples), max(_PIECE, len(samples) // _PIECES))
    return float(np.quantile(np.concatenate([samples[at : at + _PIECE] for at in starts]), _MIDDLE).mean())


def _db(power: Wide) -> Wide:
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-12)))


def _bursts(count: int) -> str:
    return "A burst" if count == 1 else f"{count} bursts"


def _told(times: Spans) -> str:
    """Return where, for a message: the first few times."""
    if not times:
        return ""
    said = ", ".join(f"{start:.2f}-{end:.2f} s" for start, end in times[:_TOLD])
    return f", at {said}{' …' if len(times) > _TOLD else ''}"
