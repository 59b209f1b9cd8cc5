"""The quality profile of one clip, measured.

Every figure is taken from the file's own channels at its own rate; docs/quality-profile.md documents each of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.probes.mel import RATE
from audiojudge_cli.probes.quality import Quality, rate_quality
from audiojudge_cli.probes.spoken import spoken
from audiojudge_cli.quality import faults
from audiojudge_cli.quality.bands import band_powers, bandwidth_hz, snr_db, telephone_edge_hz
from audiojudge_cli.quality.clipping import clipping
from audiojudge_cli.quality.frames import Frames, framed
from audiojudge_cli.quality.looping import loops
from audiojudge_cli.quality.scale import measured_facts
from audiojudge_cli.results.quality import QualityFault, QualityProfile
from audiojudge_cli.signals.frames import Array
from audiojudge_cli.signals.loudness import loudness_lufs, true_peak_db

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models

# Speech from which an opinion on it means something: none of 243 clips of speech has less, four of 225 of sound more.
_LEAST_SPEECH_S = 0.5


def profile(waveform: Waveform, *, models: Models | None = None) -> QualityProfile:
    """Measure the technical state of one decoded file.

    Memory stays bounded for files of hours.

    Args:
        waveform: The decoded file.
        models: The small models for what signal processing alone cannot tell (opinion scores); None: `basic`.

    Returns:
        The profile, without words and reference, which are others' to add (`dataclasses.replace`).
    """
    channels, rate = waveform.channels, waveform.rate
    if not channels.size:
        return QualityProfile(*(None,) * 9, depth="basic" if models is None else "full")
    frames = framed(channels, rate)
    bands = band_powers(channels, frames)
    peak, cut = true_peak_db(channels, rate), clipping(channels, rate)
    lufs = _rounded(loudness_lufs(channels, rate, waveform.speakers), 2)
    nothing = faults.silent(frames, lufs, peak)
    found = (
        (nothing,)
        if nothing is not None
        else (
            faults.clipped(cut),
            faults.truncated(frames, _last_power(channels, frames)),
            faults.dead_channel(frames, waveform.speakers),
            faults.telephone_band(telephone_edge_hz(bands) if bands is not None else None, rate),
            faults.digital_noise(frames),
            faults.loop(loops(waveform.mono, rate)),
            faults.dc_offset(frames, channels),
        )
    )
    opinions = None if models is None else _opinions(waveform, models)
    leading, trailing = _silence_at_ends(frames)
    return QualityProfile(
        lufs=lufs,
        true_peak_db=_rounded(peak, 2),
        clipped_pct=_rounded(cut.pct, 4),
        silence_pct=_rounded(100.0 * float(frames.silent.mean()), 2),
        leading_silence_s=leading,
        trailing_silence_s=trailing,
        dc_offset=_rounded(float(frames.offset[np.abs(frames.offset).argmax()]), 5),
        snr_db=_rounded(snr_db(bands), 1) if bands is not None else None,
        bandwidth_hz=_rounded(bandwidth_hz(bands), 0) if bands is not None else None,
        mos=None if opinions is None else opinions.ovrl,
        mos_sig=None if opinions is None else opinions.sig,
        mos_bak=None if opinions is None else opinions.bak,
        speech=None if opinions is None else round(measured_facts(waveform, opinions).score, 4),
        faults=tuple(fault for fault in found if isinstance(fault, QualityFault)),
        depth="basic" if models is None else "full",
    )


def _rounded(value: float | None, places: int) -> float | None:
    """Return a rounded figure, None where there is none; -0.0 becomes 0.0."""
    return None if value is None or not math.isfinite(value) else round(value, places) + 0.0


def _silence_at_ends(frames: Frames) -> tuple[float, float]:
    """Return the silence before the first and after the last sound in seconds; of a silent clip all of it, twice."""
    heard = np.flatnonzero(~frames.silent)
    if not len(heard):
        return round(frames.duration_s, 2), round(frames.duration_s, 2)
    end = min((int(heard[-1]) + 1) * frames.hop_s, frames.duration_s)
    return round(int(heard[0]) * frames.hop_s, 2), round(frames.duration_s - end, 2)


def _last_power(channels: Array, frames: Frames) -> float:
    """Return the power of the very last 10 ms, as that of frames."""
    last = channels[:, -frames.hop :].astype(np.float64)
    around = np.square(last - frames.usual[:, None]).mean(axis=1)
    return float(np.minimum(np.square(last).mean(axis=1), around).mean())


def _opinions(waveform: Waveform, models: Models) -> Quality | None:
    """Return the scores of DNSMOS where somebody speaks, else None."""
    samples = waveform.at(RATE)
    if not len(samples) or spoken(waveform, models).activity.seconds < _LEAST_SPEECH_S:
        return None
    return rate_quality(samples, models.p835, models.p808)
