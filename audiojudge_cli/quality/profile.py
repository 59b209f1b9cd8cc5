"""The quality profile of one clip, measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.clips.levels import clipped_share, loudness_lufs, peak_dbfs, silences
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.probes.activity import listen
from audiojudge_cli.probes.mel import RATE
from audiojudge_cli.probes.quality import rate_quality
from audiojudge_cli.results.quality import QualityProfile
from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.noise import noise
from audiojudge_cli.signals.spectrum import spectrum

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models


def profile(waveform: Waveform, *, models: Models | None = None) -> QualityProfile:
    """Measure the technical state of one decoded file.

    Args:
        waveform: The decoded file, measured on its own channels and at its own rate.
        models: The small models for what signal processing alone cannot tell (opinion scores); None: `basic`.

    Returns:
        The profile, without words and reference, which are others' to add (`dataclasses.replace`).
    """
    channels, rate = waveform.channels, waveform.rate
    total = channels.shape[1] / rate
    quiet = silences(channels, rate)
    spec = spectrogram(waveform.mono, rate)
    under, balance = (noise(spec), spectrum(spec)) if spec is not None else (None, None)
    mos, mos_sig, mos_bak = (None, None, None) if models is None else _opinions(waveform, models)
    return QualityProfile(
        lufs=_rounded(loudness_lufs(channels, rate), 2),
        true_peak_db=_rounded(peak_dbfs(channels), 2),
        clipped_pct=_rounded(100 * clipped_share(channels), 4),
        silence_pct=_rounded(100 * sum(end - start for start, end in quiet) / total, 2) if total else None,
        leading_silence_s=round(quiet[0][1], 2) if quiet and quiet[0][0] == 0 else 0.0,
        trailing_silence_s=round(total - quiet[-1][0], 2) if quiet and quiet[-1][1] >= total else 0.0,
        dc_offset=_rounded(float(channels.mean(dtype=np.float64)), 6) if channels.size else None,
        snr_db=_rounded(under.snr_db, 2) if under is not None else None,
        bandwidth_hz=_rounded(balance.bandwidth_hz, 0) if balance is not None else None,
        mos=mos,
        mos_sig=mos_sig,
        mos_bak=mos_bak,
        depth="basic" if models is None else "full",
    )


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places) + 0.0


def _opinions(waveform: Waveform, models: Models) -> tuple[float | None, float | None, float | None]:
    """Return the scores of DNSMOS P.835 (overall, signal, background), where somebody speaks."""
    samples = waveform.at(RATE)
    if not len(samples) or not listen(samples, models.silero).segments():
        return None, None, None
    scores = rate_quality(samples, models.p835, models.p808)
    return scores.ovrl, scores.sig, scores.bak
